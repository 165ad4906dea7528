"""The caller's plans, as `ads_describe` lists them: what was done last, then what may still be applied."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from mcp_ads.engine.answers.own_plans import may_be_used
from mcp_ads.engine.answers.plan_text import connections_of
from mcp_ads.engine.wire.authority import authority

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
    kept = [plan for plan in workspace.plans.all() if plan.owner == who]
    used = may_be_used(workspace.settings)
    mine = {plan.plan_id: plan for plan in kept if authority().covers(plan.accounts) and used(plan)}
    done = sorted((plan for plan in mine.values() if plan.state != "ready"), key=_when, reverse=True)
    ready = sorted((plan for plan in mine.values() if plan.state == "ready"), key=_when, reverse=True)
    lines = [_line(plan, mine) for plan in (*done[:most], *ready[:most])]
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
    back = "" if plan.state == "ready" else _back(plan, known)
    whose = f" ({labels})" if (labels := connections_of(plan.steps)) else ""
    return f"  {what} {at} UTC: {plan.plan_id}{whose}{back}"


def _back(plan: Plan, known: Mapping[str, Plan]) -> str:
    """How far a plan is undone, and the plan that would undo it."""
    undos = [other for other in known.values() if plan.plan_id == other.undoes or plan.undo == other.plan_id]
    begun = [undo for undo in undos if undo.state != "ready"]
    count = plan.taken_back(*begun)
    far = "undone since" if count == plan.done else f"{count} of {plan.done} undone"
    doubt = " so far" if any(undo.state == "applying" for undo in begun) else ""
    doubt = " for certain" if any(undo.state == "unknown" for undo in begun) else doubt
    said = [f"; {far}{doubt}"] if begun else []
    return "".join([*said, *(f"; undo: {undo.plan_id}" for undo in undos if undo.state == "ready")])
