"""The caller's plans, as `ads_describe` lists them: what was done last, then what may still be applied."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mcp_ads.engine.changes.plan import Plan

    from .workspace import Workspace

MOST = 25
HEAD = "plans (ads_describe(query=plan_id) shows one):"
_ASKED = re.compile(
    r"\b(plans?|undo|undone|history|changelog|audit)\b|\b(recent|last|latest) changes?\b"
    r"|\bwhat (was|has been|did \w+|have \w+|had \w+) changed?\b",
    re.IGNORECASE,
)


def recent_plans(workspace: Workspace, most: int) -> list[str]:
    """The plans applied last, each with its undo, then the ready ones; no lines where there are none."""
    who = workspace.who().id
    mine = {each.plan_id: each for each in workspace.plans.all() if each.owner == who}
    done = sorted((each for each in mine.values() if each.state != "ready"), key=_when, reverse=True)
    ready = sorted((each for each in mine.values() if each.state == "ready"), key=_when, reverse=True)
    lines = [_line(each, mine) for each in (*done[:most], *ready[:most])]
    over = len(mine) - len(lines)
    more = [f'  and {over} more: ads_describe(query="plans")'] if over and most < MOST else []
    more = more or ([f"  and {over} more"] if over else [])
    return [HEAD, *lines, *more] if lines else []


def plans_asked(workspace: Workspace, query: str) -> list[str]:
    """The plans, where a question is about what was changed or can be undone."""
    return recent_plans(workspace, MOST) if _ASKED.search(query) else []


def _when(plan: Plan) -> float:
    return plan.finished or plan.created


def _line(plan: Plan, known: Mapping[str, Plan]) -> str:
    at = time.strftime("%Y-%m-%d %H:%M", time.gmtime(_when(plan)))
    what = "ready, made" if plan.state == "ready" else plan.state
    undo = known.get(plan.undo)
    back = "" if undo is None else f"; undo: {undo.plan_id}" if undo.state == "ready" else "; undone since"
    return f"  {what} {at} UTC: {plan.plan_id}{back if plan.state != 'ready' else ''}"
