"""What became of a plan, as a person reads it: what went wrong first, and why there is no undo."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from mcp_ads.engine.changes.naming import plural, raising_first
from mcp_ads.engine.changes.plan import Plan
from mcp_ads.engine.changes.steps import Step
from mcp_ads.errors import PartlyDone

from .plan_text import MOST_STEPS, MOST_WARNING
from .request_text import left_lines
from .shape import compact, cut

MOST_CHANGES = 300
MOST_ALIKE = 3
MOST_ERROR = 800
MOST_REASONS = 20
MARKS = {
    "done": "done",
    "failed": "NOT DONE",
    "unknown": "UNKNOWN",
    "ready": "not sent",
    "sending": "UNKNOWN",
}
_DONE = re.compile(r'(\w+ [\w-]+ \S+(?: "(?:[^"\\]|\\.)*")?): (.*)', re.DOTALL)
"""What was done, as "pause thing 1 \"its name\"", and why there is no way back."""
HEADS = {"applied": "APPLIED", "partial": "PARTIAL", "unknown": "UNKNOWN", "applying": "IN PROGRESS"}


def outcome_lines(plan: Plan, seen: dict[int, str] | None = None, *, otherwise: bool = False) -> list[str]:
    """What became of each step; `seen` is what reading showed, by index, `otherwise` that it differs."""
    doubt = ", BUT READ-BACK DIFFERS" if otherwise else ""
    lines = [f"{HEADS.get(plan.state, plan.state)}{doubt}: {plan.done} of {len(plan.steps)} done"]
    if plan.state in ("partial", "unknown") and plan.done:
        lines[0] += "; do not repeat these"
    if plan.state == "applying":
        lines[0] += "; call ads_apply with the same plan_id again to go on"
    wrong = [index for index, step in enumerate(plan.steps) if step.state not in ("done", "ready")]
    rest = [index for index in raising_first(plan.steps) if index not in wrong]
    shown = sorted([*wrong, *rest][:MOST_STEPS])
    lines += [line for index in shown for line in _result_lines(index, plan.steps[index], seen or {})]
    if len(shown) < len(plan.steps):
        left = len(plan.steps) - len(shown)
        lines.append(f"… and {left} more {plural('step', left)}: ads://plans/{plan.plan_id}")
    return lines


def _result_lines(index: int, step: Step, seen: dict[int, str]) -> Iterable[str]:
    changes = cut("; ".join(step.says), MOST_CHANGES)
    partly = (step.error or {}).get("code") == PartlyDone.__name__
    mark = "under way" if step.begun else "PARTIAL" if partly else MARKS[step.state]
    yield f"{index + 1}. {mark}: {step.action} {step.target}: {changes}"
    if step.error:
        shown = {key: value for key, value in step.error.items() if key not in ("index", "check")}
        yield f"   error: {cut(compact(shown), MOST_ERROR)}"
        if check := step.error.get("check"):
            yield f"   check: {cut(str(check), MOST_ERROR)}"
    if step.sent and step.state != "done":
        yield from (f"   {line}" for line in left_lines(step))
    if index in seen:
        yield f"   {seen[index]}"


def no_undo_lines(reasons: Sequence[str]) -> list[str]:
    """Why some of what was done cannot be taken back: each reason once, with what it is for."""
    shared: dict[str, list[str]] = {}
    for each in reasons:
        found = _DONE.fullmatch(each)
        what, why = (found[1], found[2]) if found else (each, "")
        shared.setdefault(why or each, []).append(what)
    lines = [_no_undo(names, why) for why, names in shared.items()]
    more = (
        [f"no undo for {len(lines) - MOST_REASONS} more kinds of steps"] if len(lines) > MOST_REASONS else []
    )
    return [*(cut(line, MOST_WARNING * 2) for line in lines[:MOST_REASONS]), *more]


def _no_undo(names: Sequence[str], why: str) -> str:
    if names[0] == why:
        return f"no undo for {why}"
    more = f" and {len(names) - MOST_ALIKE} more" if len(names) > MOST_ALIKE else ""
    return f"no undo for {', '.join(names[:MOST_ALIKE])}{more}: {why}"
