"""A plan, or that none is needed, as an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Result
from mcp_ads.engine.changes.plan import Plan

from .facts import note_lines, remark_lines, stated

if TYPE_CHECKING:
    from mcp_ads.engine.wire.connection import Connection
from .left_out_text import nothing_said
from .plan_text import plan_record, plan_text
from .step_text import MOST_STEPS


def planned(session: Connection, plan: Plan, added: Sequence[int] = (), before: Plan | None = None) -> Result:
    """A plan as an answer; `added` are the steps by index that an open plan has got, as it was `before`."""
    text = "\n".join([*note_lines(session), plan_text(plan, added, before)])
    return Result(plan_record(plan, MOST_STEPS), stated(session), text=text)


def nothing_to_do(session: Connection, excluded: list[dict[str, Any]], base: Plan | None) -> Result:
    """That no step is needed, as an answer: the items left out, each with its reason."""
    kept = f"\n{base.plan_id} stays as it is." if base else ""
    text = "\n".join([*note_lines(session), nothing_said(excluded) + kept, *remark_lines()])
    return Result({"steps": [], "excluded": excluded}, stated(session), text=text)
