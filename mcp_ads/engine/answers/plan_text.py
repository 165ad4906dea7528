"""What a plan and its outcome say to a person: short, in order, money first."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any

from mcp_ads.engine.changes.naming import counted, does, effect, is_grave, plural, rises
from mcp_ads.engine.changes.plan import Plan
from mcp_ads.engine.changes.steps import Step, money, quoted, shown_id

from .request_text import left_lines, request_lines
from .shape import compact, cut
from .undo_text import way_back_lines

MOST_STEPS = 20
MOST_TEXT = 12_000
"""Characters of a plan's text; what has no room is on its next pages."""
MOST_NAMED = 5_000
"""Of these, for naming what cannot be overlooked and is not shown in full."""
MOST_EXCLUDED = 10
MOST_CHANGES = 300
MOST_SAID = 500
MOST_LOST, MOST_LOST_LINES = 160, 12
MOST_WARNINGS, MOST_WARNING = 12, 300
MOST_NUMBERS = 8
MOST_REASON = 300
MOST_ERROR = 800
MARKS = {
    "done": "done",
    "failed": "NOT DONE",
    "unknown": "UNKNOWN",
    "ready": "not sent",
    "sending": "UNKNOWN",
}
HEADS = {"applied": "APPLIED", "partial": "PARTIAL", "unknown": "UNKNOWN", "applying": "IN PROGRESS"}


def plan_text(plan: Plan) -> str:
    """A plan that waits to be applied: what is grave about it in any case, at most MOST_TEXT characters."""
    kinds = ", ".join(f"{verb} {count} {plural(noun, count)}" for verb, noun, count in counted(plan.steps))
    summary = [cut(f"{len(plan.steps)} steps: {kinds}", MOST_SAID)] if len(plan.steps) > 1 else []
    head = [
        f"PLAN {plan.plan_id}",
        "Nothing has been changed. ads_apply(plan_id) carries it out, as a whole and once.",
        *_money(plan.steps),
        *summary,
        *way_back_lines(plan.steps),
    ]
    tail = [
        *_excluded(plan),
        *_warnings(plan.steps),
        f"expires: {time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime(plan.expires))}",
    ]
    room = MOST_TEXT - sum(len(line) + 1 for line in (*head, *tail)) - MOST_NAMED
    shown, after = page_of(plan, 0, room)
    left = len(plan.steps) - after
    more = [f"… and {left} more steps: {next_page(plan, after)}"] if left > 0 else []
    return "\n".join([*head, *_unshown(plan, after), *shown, *more, *tail])


def page_of(plan: Plan, first: int, room: int) -> tuple[list[str], int]:
    """The lines of the steps from one on, at least one and as many as fit; and the step that comes next."""
    lines: list[str] = []
    index = first
    for index, step in enumerate(plan.steps[first : first + MOST_STEPS], first):
        new = list(step_lines(index, step) if plan.state == "ready" else _result_lines(index, step, {}))
        if lines and sum(map(len, (*lines, *new))) > room:
            return lines, index
        lines += new
    return lines, index + 1


def _unshown(plan: Plan, after: int) -> list[str]:
    """What cannot be undone or begins to deliver among the steps that are not shown, each by its name."""
    grave = []
    for number, step in enumerate(plan.steps[after:], after + 1):
        if is_grave(step):
            lasting = ", cannot be undone" if step.irreversible else ""
            starts = " ACTIVATES DELIVERY" if step.delivers else ""
            grave.append(f"{number}. {step.ending or step.action} {step.target}{lasting}{starts}")
    if not grave:
        return []
    kept, size = [], 0
    for line in grave:
        size += len(line) + 2
        if size > MOST_NAMED - MOST_SAID:
            break
        kept.append(line)
    more = f"; and {len(grave) - len(kept)} more like these, see the next pages" if kept != grave else ""
    return [f"not shown below, and not to be overlooked: {'; '.join(kept)}{more}"]


def step_lines(index: int, step: Step) -> Iterable[str]:
    """One step: what it does to what, what it means, what is sent."""
    where = f" in {shown_id(step.account['id'])}" if step.account else ""
    changes = cut("; ".join(step.says), MOST_SAID)
    yield f"{index + 1}. {does(step)} {step.target}{where}: {changes}"
    if step.delivers:
        yield f"   ACTIVATES DELIVERY{_spends(step)}"
    elif ended := [each.amount for each in step.budgets if not each.given and each.before and not each.after]:
        yield f"   ends spending of {', '.join(ended)}"
    for budget in step.budgets:
        if budget.pace:
            whose = f" of {shown_id(budget.whose)}" if budget.whose else ""
            rate = f"{budget.pace} {budget.currency} a day"
            yield f"   {budget.field}{whose} {budget.amount} in the days left is up to {rate}"
    yield from (f"   lost: {cut(each, MOST_LOST)}" for each in step.lost[:MOST_LOST_LINES])
    if len(step.lost) > MOST_LOST_LINES:
        yield f"   lost: and {len(step.lost) - MOST_LOST_LINES} more, in full at the plan's resource"
    if step.irreversible:
        yield f"   cannot be undone: {step.irreversible}"
    yield from (f"   {line}" for line in request_lines(step.requests))


def _spends(step: Step) -> str:
    found = [
        f"{budget.amount} ({budget.field}{f' of {budget.whose}, shared' if budget.whose else ''})"
        for budget in step.budgets
        if budget.pays and budget.after
    ]
    if not found:
        return f": {step.unread}" if step.unread else ""
    return f": can spend {', '.join(found)}"


def _money(steps: Sequence[Step]) -> list[str]:
    up, parts = rises(steps), []
    moves = {key: total for key, total in effect(steps).items() if total or up[key]}
    for (per, currency), total in moves.items():
        period = " a day" if per == "day" else " in all"
        sign = "+" if total > 0 else "-" if total < 0 else ""
        moved = f" ({money(up[per, currency], currency)} moved)" if total == 0 and up[per, currency] else ""
        parts.append(f"{sign}{money(abs(total), currency)} {currency}{period}{moved}")
    live = any(each.live for step in steps for each in step.budgets) or any(step.delivers for step in steps)
    return [f"money: {', '.join(parts)}{'' if live else ' once active'}"] if parts else []


def next_page(plan: Plan, after: int) -> str:
    """The call that shows the steps from one on."""
    return f'ads_describe(query="{plan.plan_id} {after + 1}"), or all at ads://plans/{plan.plan_id}'


def _excluded(plan: Plan) -> list[str]:
    shown = [f"{_named(each)} ({cut(each['why'], MOST_REASON)})" for each in plan.excluded[:MOST_EXCLUDED]]
    more = len(plan.excluded) - len(shown)
    return [f"left out: {', '.join(shown)}{f' and {more} more' if more else ''}"] if shown else []


def _named(each: dict[str, Any]) -> str:
    known = shown_id(str(each["id"]))
    return f"{known} {quoted(each['name'])}" if each.get("name") else known


def nothing_said(excluded: Sequence[dict[str, Any]]) -> str:
    """An answer for a write that would change nothing."""
    shown = "; ".join(f"{_named(each)}: {cut(each['why'], MOST_REASON)}" for each in excluded[:MOST_EXCLUDED])
    more = f"; and {len(excluded) - MOST_EXCLUDED} more" if len(excluded) > MOST_EXCLUDED else ""
    return f"Nothing to change: {shown}{more}"


def _warnings(steps: Sequence[Step]) -> list[str]:
    """Each warning once, with the steps it is for."""
    numbers: dict[str, list[int]] = {}
    for number, step in enumerate(steps, 1):
        for each in step.warnings:
            numbers.setdefault(each, []).append(number)
    texts = [
        cut(text, MOST_WARNING) + ("" if len(steps) == 1 else f" ({_steps(of, len(steps))})")
        for text, of in numbers.items()
    ]
    more = len(texts) - MOST_WARNINGS
    over = [f"warning: and {more} more, at the plan's resource"] if more > 0 else []
    return [*(f"warning: {each}" for each in texts[:MOST_WARNINGS]), *over]


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
    wrong = [index for index, step in enumerate(plan.steps) if step.state not in ("done", "ready")]
    rest = [index for index in range(len(plan.steps)) if index not in wrong]
    shown = sorted([*wrong, *rest][:MOST_STEPS])
    lines += [line for index in shown for line in _result_lines(index, plan.steps[index], seen or {})]
    if len(shown) < len(plan.steps):
        hidden = next(index for index in range(len(plan.steps)) if index not in shown)
        lines.append(f"… and {len(plan.steps) - len(shown)} more steps: {next_page(plan, hidden)}")
    return lines


def _result_lines(index: int, step: Step, seen: dict[int, str]) -> Iterable[str]:
    changes = cut("; ".join(step.says), MOST_CHANGES)
    mark = "under way" if step.begun else MARKS[step.state]
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
        "steps": [_step_record(step, whole=most is None) for step in plan.steps[:most]],
        "excluded": plan.excluded[:most],
        "undo": plan.undo or None,
    }
    if most is not None and len(plan.steps) > most:
        record["more_steps"] = len(plan.steps) - most
    return record


def _step_record(step: Step, *, whole: bool) -> dict[str, Any]:
    values = {"before": step.before, "after": step.changes} if whole else {}
    record = {
        "connector": step.connector,
        "entity": step.entity,
        "action": step.action,
        "account": step.account["id"] if step.account else None,
        "id": step.object_id or None,
        "name": step.name,
        "changes": step.says,
        "effect": step.effect,
        "lost": step.lost,
        **values,
        "activates": step.delivers,
        "warnings": step.warnings,
        "irreversible": step.irreversible or None,
        "no_undo": step.stays,
        "requests": step.requests,
        "state": step.state,
        "error": step.error,
    }
    return {key: value for key, value in record.items() if value not in (None, [], "", False)}
