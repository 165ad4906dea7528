"""What a plan and its outcome say to a person: short, in order, money first."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from .naming import effect
from .plans import Plan
from .shape import compact
from .steps import Step, money

MOST_STEPS = 20
MOST_EXCLUDED = 10


def plan_text(plan: Plan) -> str:
    """A plan that waits to be applied."""
    lines = [
        f"PLAN {plan.plan_id}",
        "Nothing has been changed. ads_apply(plan_id) carries it out, as a whole and once.",
        *_money(plan.steps),
        *(line for index, step in enumerate(plan.steps[:MOST_STEPS]) for line in step_lines(index, step)),
    ]
    if len(plan.steps) > MOST_STEPS:
        lines.append(f"… and {len(plan.steps) - MOST_STEPS} more steps: ads://plans/{plan.plan_id}")
    lines += _excluded(plan)
    lines += [f"warning: {each}" for each in _shared_warnings(plan.steps)]
    lines.append(f"expires: {time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime(plan.expires))}")
    return "\n".join(lines)


def step_lines(index: int, step: Step) -> Iterable[str]:
    """One step: what it does to what, and what it means."""
    where = f" in {step.account['id']}" if step.account else ""
    head = f"{index + 1}. {step.action} {step.noun}"
    what = f" {step.subject}" if step.subject else ""
    name = f" {compact(step.name)}" if step.name else ""
    yield f"{head}{what}{name}{where}: {'; '.join(step.says)}"
    if step.delivers:
        yield "   ACTIVATES DELIVERY"
    for each in step.budgets:
        if each.live and each.before is None:
            yield f"   can spend {each.after} {each.currency}{' a day' if each.per == 'day' else ''} ({each.field})"
    if step.irreversible:
        yield f"   cannot be undone: {step.irreversible}"


def outcome_lines(plan: Plan) -> list[str]:
    """What became of each step."""
    done = sum(step.state == "done" for step in plan.steps)
    head = {"applied": "APPLIED", "partial": "PARTIAL", "unknown": "UNKNOWN", "applying": "IN PROGRESS"}
    lines = [f"{head.get(plan.state, plan.state)}: {done} of {len(plan.steps)} done"]
    if plan.state in ("partial", "unknown") and done:
        lines[0] += "; do not repeat these"
    if plan.state == "applying":
        lines[0] += "; call ads_apply with the same plan_id again to go on"
    return [*lines, *(line for index, step in enumerate(plan.steps) for line in _result_lines(index, step))]


def _result_lines(index: int, step: Step) -> Iterable[str]:
    mark = {"done": "done", "failed": "NOT DONE", "unknown": "UNKNOWN", "ready": "not sent", "sending": "UNKNOWN"}
    name = f" {compact(step.name)}" if step.name else ""
    what = f"{step.action} {step.noun} {step.id or step.subject}".strip()
    yield f"{index + 1}. {mark[step.state]}: {what}{name}: {'; '.join(step.says)}"
    if step.error:
        shown = {key: value for key, value in step.error.items() if key not in ("index", "check")}
        yield f"   error: {compact(shown)}"
        if check := step.error.get("check"):
            yield f"   check: {check}"


def _money(steps: list[Step]) -> list[str]:
    totals = effect(steps)
    if not totals:
        return []
    parts = [
        f"{total:+.2f} {currency}{' a day' if per == 'day' else ' in all'}" for (per, currency), total in totals.items()
    ]
    rises = [each for step in steps for each in step.budgets if each.rise > 0]
    later = " once active" if rises and not any(each.live for each in rises) else ""
    return [f"money: {', '.join(parts)}{later}"]


def _excluded(plan: Plan) -> list[str]:
    shown = [f"{each['id']} ({each['why']})" for each in plan.excluded[:MOST_EXCLUDED]]
    more = len(plan.excluded) - len(shown)
    return [f"left out: {', '.join(shown)}{f' and {more} more' if more else ''}"] if shown else []


def _shared_warnings(steps: list[Step]) -> list[str]:
    """Each warning once, with how many steps it is for."""
    counts: dict[str, int] = {}
    for step in steps:
        for each in step.warnings:
            counts[each] = counts.get(each, 0) + 1
    return [text if count == 1 or len(steps) == 1 else f"{text} ({count} steps)" for text, count in counts.items()]


def plan_record(plan: Plan) -> dict[str, Any]:
    """A plan as data: what ads://plans/{plan_id} and the Python API give."""
    return {
        "plan_id": plan.plan_id,
        "state": plan.state,
        "expires": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(plan.expires)),
        "effect": [
            {"per": per, "currency": currency, "amount": money(total, currency)}
            for (per, currency), total in effect(plan.steps).items()
        ],
        "steps": [_step_record(step) for step in plan.steps],
        "excluded": plan.excluded,
        "undo": plan.undo or None,
    }


def _step_record(step: Step) -> dict[str, Any]:
    record = {
        "connector": step.connector,
        "entity": step.entity,
        "action": step.action,
        "account": step.account["id"] if step.account else None,
        "id": step.id or step.subject or None,
        "name": step.name,
        "changes": step.says,
        "activates": step.delivers,
        "warnings": step.warnings,
        "irreversible": step.irreversible or None,
        "request": step.request,
        "state": step.state,
        "error": step.error,
    }
    return {key: value for key, value in record.items() if value not in (None, [], "", False)}
