"""What a plan and its outcome say to a person: short, in order, money first."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import unquote, unquote_plus

from .naming import effect, rises
from .plans import Plan
from .shape import compact, cut
from .steps import Budget, Step, money, quoted

MOST_STEPS = 20
MOST_EXCLUDED = 10
MOST_REQUEST = 300
MOST_CHANGES = 300
MOST_NUMBERS = 8
MARKS = {
    "done": "done",
    "failed": "NOT DONE",
    "unknown": "UNKNOWN",
    "ready": "not sent",
    "sending": "UNKNOWN",
}
HEADS = {"applied": "APPLIED", "partial": "PARTIAL", "unknown": "UNKNOWN", "applying": "IN PROGRESS"}


def plan_text(plan: Plan) -> str:
    """A plan that waits to be applied."""
    lines = [
        f"PLAN {plan.plan_id}",
        "Nothing has been changed. ads_apply(plan_id) carries it out, as a whole and once.",
        *_money(plan.steps),
        *(line for index, step in enumerate(plan.steps[:MOST_STEPS]) for line in step_lines(index, step)),
        *_more(plan),
        *_excluded(plan),
        *(f"warning: {each}" for each in _shared(plan.steps)),
        f"expires: {time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime(plan.expires))}",
    ]
    return "\n".join(lines)


def step_lines(index: int, step: Step) -> Iterable[str]:
    """One step: what it does to what, what it means, what is sent."""
    where = f" in {step.account['id']}" if step.account else ""
    yield f"{index + 1}. {step.action} {step.target}{where}: {'; '.join(step.says)}"
    if step.delivers:
        yield f"   ACTIVATES DELIVERY{_spends(step)}"
    elif ended := [each.amount for each in step.budgets if not each.given]:
        yield f"   ends spending of {', '.join(ended)}"
    if step.irreversible:
        yield f"   cannot be undone: {step.irreversible}"
    yield f"   request: {cut(_request(step), MOST_REQUEST)}"


def _request(step: Step) -> str:
    """Method, address and body, as they are read rather than as they are spelt."""
    method, url, body = (step.request[name] for name in ("method", "url", "body"))
    text = f"{method} {unquote(url)} {body if body.startswith('{') else unquote_plus(body)}"
    return " ".join(text.split())


def _spends(step: Step) -> str:
    found = [each for each in step.budgets if each.pays and each.after]
    if not found:
        return f": {step.unread}" if step.unread else ""
    return f": can spend {', '.join(_owned(each) for each in found)}"


def _owned(budget: Budget) -> str:
    return f"{budget.amount} ({budget.field}{f' of {budget.whose}, shared' if budget.whose else ''})"


def _money(steps: Sequence[Step]) -> list[str]:
    up, parts = rises(steps), []
    for (per, currency), total in effect(steps).items():
        period = " a day" if per == "day" else " in all"
        sign = "+" if total > 0 else "-" if total < 0 else ""
        moved = f" ({money(up[per, currency], currency)} moved)" if total == 0 and up[per, currency] else ""
        parts.append(f"{sign}{money(abs(total), currency)} {currency}{period}{moved}")
    live = any(each.live for step in steps for each in step.budgets) or any(step.delivers for step in steps)
    return [f"money: {', '.join(parts)}{'' if live else ' once active'}"] if parts else []


def _more(plan: Plan) -> list[str]:
    more = len(plan.steps) - MOST_STEPS
    return [f"… and {more} more steps: ads://plans/{plan.plan_id}"] if more > 0 else []


def _excluded(plan: Plan) -> list[str]:
    shown = [f"{_named(each)} ({each['why']})" for each in plan.excluded[:MOST_EXCLUDED]]
    more = len(plan.excluded) - len(shown)
    return [f"left out: {', '.join(shown)}{f' and {more} more' if more else ''}"] if shown else []


def _named(each: dict[str, Any]) -> str:
    return f"{each['id']} {quoted(each['name'])}" if each.get("name") else str(each["id"])


def nothing_said(excluded: Sequence[dict[str, Any]]) -> str:
    """An answer for a write that would change nothing."""
    shown = "; ".join(f"{_named(each)}: {each['why']}" for each in excluded[:MOST_EXCLUDED])
    more = f"; and {len(excluded) - MOST_EXCLUDED} more" if len(excluded) > MOST_EXCLUDED else ""
    return f"Nothing to change: {shown}{more}"


def _shared(steps: Sequence[Step]) -> list[str]:
    """Each warning once, with the steps it is for."""
    numbers: dict[str, list[int]] = {}
    for number, step in enumerate(steps, 1):
        for each in step.warnings:
            numbers.setdefault(each, []).append(number)
    return [text if len(steps) == 1 else f"{text} ({_steps(of, len(steps))})" for text, of in numbers.items()]


def _steps(numbers: Sequence[int], count: int) -> str:
    if len(numbers) == count:
        return "all steps"
    named = ", ".join(map(str, numbers[:MOST_NUMBERS])) + ("…" if len(numbers) > MOST_NUMBERS else "")
    return f"step{'s' if len(numbers) > 1 else ''} {named}"


def outcome_lines(plan: Plan, seen: dict[int, str] | None = None, *, otherwise: bool = False) -> list[str]:
    """What became of each step; `seen` is what reading showed, by index, `otherwise` that it differs."""
    doubt = ", BUT READ-BACK DIFFERS" if otherwise else ""
    lines = [f"{HEADS.get(plan.state, plan.state)}{doubt}: {plan.done} of {len(plan.steps)} done"]
    if plan.state in ("partial", "unknown") and plan.done:
        lines[0] += "; do not repeat these"
    if plan.state == "applying":
        lines[0] += "; call ads_apply with the same plan_id again to go on"
    shown = _worth_showing(plan)
    lines += [line for index in shown for line in _result_lines(index, plan.steps[index], seen or {})]
    if len(shown) < len(plan.steps):
        lines.append(f"… and {len(plan.steps) - len(shown)} more steps: ads://plans/{plan.plan_id}")
    return lines


def _worth_showing(plan: Plan) -> list[int]:
    """The first steps, and wherever it went wrong."""
    wrong = [index for index, step in enumerate(plan.steps) if step.state not in ("done", "ready")]
    rest = [index for index in range(len(plan.steps)) if index not in wrong]
    return sorted([*wrong, *rest][:MOST_STEPS])


def _result_lines(index: int, step: Step, seen: dict[int, str]) -> Iterable[str]:
    changes = cut("; ".join(step.says), MOST_CHANGES)
    yield f"{index + 1}. {MARKS[step.state]}: {step.action} {step.target}: {changes}"
    if step.error:
        shown = {key: value for key, value in step.error.items() if key not in ("index", "check")}
        yield f"   error: {compact(shown)}"
        if check := step.error.get("check"):
            yield f"   check: {check}"
    if index in seen:
        yield f"   {seen[index]}"


def plan_record(plan: Plan, most: int | None = None) -> dict[str, Any]:
    """A plan as data: what ads://plans/{plan_id} and the Python API give; `most` limits the steps."""
    record: dict[str, Any] = {
        "plan_id": plan.plan_id,
        "state": plan.state,
        "expires": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(plan.expires)),
        "effect": [
            {"per": per, "currency": currency, "amount": money(total, currency)}
            for (per, currency), total in effect(plan.steps).items()
        ],
        "steps": [_step_record(step) for step in plan.steps[:most]],
        "excluded": plan.excluded[:most],
        "undo": plan.undo or None,
    }
    if most is not None and len(plan.steps) > most:
        record["more_steps"] = len(plan.steps) - most
    return record


def _step_record(step: Step) -> dict[str, Any]:
    record = {
        "connector": step.connector,
        "entity": step.entity,
        "action": step.action,
        "account": step.account["id"] if step.account else None,
        "id": step.object_id or None,
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
