"""What a plan says to a person: short, in order, money first."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from mcp_ads.engine.changes.naming import counted, does, is_grave, plural
from mcp_ads.engine.changes.plan import Plan
from mcp_ads.engine.changes.steps import Step, money, shown_id
from mcp_ads.engine.changes.sums import moves, raising_first
from mcp_ads.engine.wire.authority import BY_HAND, authority
from mcp_ads.platforms import SHORT

from .facts import remark_lines
from .left_out_text import left_out_lines
from .plan_pages import CUT, next_page, told_whole, whole_page
from .request_text import request_lines, whole_lines
from .shape import cut
from .undo_text import way_back_lines

CARRIES_OUT = "ads_apply(plan_id) carries it out, as a whole and once."
MOST_STEPS = 20
MOST_TEXT = 12_000
"""Characters of a plan's text; what has no room is on its next pages."""
MOST_NAMED, LEAST_NAMED = 5_000, 1_200
"""Of these, for naming what cannot be overlooked and is not shown in full."""
MOST_SAID, MOST_WORDS, MOST_VALUE = 500, 1_500, 60
"""Characters of one thing a step changes, of all of them, and of each when they are too many for that."""
MOST_LOST, MOST_LOST_LINES = 160, 12
MOST_WARNINGS, MOST_WARNING = 12, 300
MOST_NUMBERS = 8


def plan_text(plan: Plan, added: Sequence[int] = ()) -> str:
    """A plan that waits to be applied: what is grave about it in any case, at most MOST_TEXT characters.

    Where not all steps fit, those that raise come before the others; of steps that were `added` to a plan,
    by index, only these are shown then.
    """
    kinds = ", ".join(f"{verb} {count} {plural(noun, count)}" for verb, noun, count in counted(plan.steps))
    summary = [cut(f"{len(plan.steps)} steps: {kinds}", MOST_SAID)] if len(plan.steps) > 1 else []
    head = [
        f"PLAN {plan.plan_id}",
        f"Nothing has been changed. {CARRIES_OUT if authority().may_apply else BY_HAND}",
        *connection_lines(plan.steps),
        *_money(plan.steps),
        *summary,
        *way_back_lines(plan.steps),
    ]
    tail = [
        *left_out_lines(plan.excluded),
        *_warnings(plan.steps),
        *remark_lines(),
        f"expires: {time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime(plan.expires))}",
    ]
    room = MOST_TEXT - sum(len(line) + 1 for line in (*head, *tail)) - MOST_NAMED
    shown, indexes = _first(plan, added, room)
    left = [index for index in range(len(plan.steps)) if index not in indexes]
    rest = f"{len(left)} more {plural('step', len(left))}"
    if added and left:
        earlier = len({*left} - {*added})
        rest += f", {earlier} of them there before the {len(added)} this call added"
    more = [f"… and {rest}: {next_page(plan, left[0])}"] if left else []
    partly = [index for index in indexes if not told_whole(index, plan.steps[index], step_lines)]
    if partly or any(CUT in line for line in (*head, *tail)):
        more.append(whole_page(plan, min(partly, default=0)))
    taken = sum(len(line) + 1 for line in (*head, *shown, *more, *tail))
    named = _unshown(plan, left, min(MOST_NAMED, max(MOST_TEXT - taken, LEAST_NAMED)) - MOST_SAID)
    return "\n".join([*head, *named, *shown, *more, *tail])


def connections_of(steps: Sequence[Step]) -> str:
    """With whose credentials steps are sent, where a further connection's are among them; else empty."""
    first = [SHORT.get(step.connector, step.connector) for step in steps]
    labels = [step.connection_name or base for step, base in zip(steps, first, strict=True)]
    return ", ".join(dict.fromkeys(labels)) if labels != first else ""


def connection_lines(steps: Sequence[Step]) -> list[str]:
    """The line that says with whose credentials steps are sent, where that does not go without saying."""
    return [f"connection: {names}"] if (names := connections_of(steps)) else []


def _first(plan: Plan, added: Sequence[int], room: int) -> tuple[list[str], list[int]]:
    """What is shown first, and of which steps: where not all of them fit, those that raise come before, or
    only those that were added.
    """
    every = range(len(plan.steps))
    for order in (every, added or every):
        lines, shown = lines_of(plan.steps, order, room, step_lines)
        if len(shown) == len(order):
            break
    else:
        raising = [index for index in raising_first(plan.steps) if index in order]
        lines, shown = lines_of(plan.steps, raising, room, step_lines)
    if plan.steps[shown[0]].raw and sum(len(line) + 1 for line in lines) > room + MOST_NAMED:
        return [], []  # nobody cuts what somebody wrote out: it has a page of its own
    return lines, shown


def lines_of(
    steps: Sequence[Step], order: Sequence[int], room: int, told: Callable[[int, Step], Iterable[str]]
) -> tuple[list[str], list[int]]:
    """The lines of steps in an order, at least of one and of as many as fit; and which these are."""
    lines, shown = list[str](), list[int]()
    for index in order[:MOST_STEPS]:
        new = list(told(index, steps[index]))
        if lines and sum(map(len, (*lines, *new))) > room:
            break
        lines += new
        shown.append(index)
    return lines, shown


def _unshown(plan: Plan, left: Sequence[int], room: int) -> list[str]:
    """What cannot be overlooked among the steps that are not shown: no way back, delivery, rises; by name."""
    steps, rest = plan.steps, {*left}
    raised = [index for index in raising_first(steps) if index in rest and steps[index].raises]
    order = dict.fromkeys([*(index for index in left if is_grave(steps[index])), *raised])
    grave = [_grave_line(index, steps[index]) for index in order]
    if not grave:
        return []
    kept, size = [], 0
    for line in grave:
        size += len(line) + 2
        if size > room:
            break
        kept.append(line)
    more = f"; and {len(grave) - len(kept)} more like these, see the next pages" if kept != grave else ""
    return [f"not shown below, and not to be overlooked: {'; '.join(kept)}{more}"]


def _grave_line(index: int, step: Step) -> str:
    lasting = ", cannot be undone" if step.irreversible else ""
    starts = " ACTIVATES DELIVERY" if step.delivers else ""
    raised = [
        f"{budget.field} {budget.text()}"
        for budget in step.budgets
        if budget.per != "bid" and budget.rise > 0
    ]
    amounts = f": {', '.join(raised)}" if raised else ""
    wrote = f" ({'; '.join([step.effect, *step.moves])})" if step.raw else ""
    return f"{index + 1}. {step.ending or step.action} {step.target}{wrote}{lasting}{starts}{amounts}"


def step_lines(index: int, step: Step, *, whole: bool = False) -> Iterable[str]:
    """One step: what it does to what, what it means, what is sent; cut unless `whole`."""
    where = f" in {shown_id(step.account['id'])}" if step.account else ""
    where += f" of {step.connection_name}" if step.connection_name else ""
    room = max(MOST_WORDS // max(1, len(step.lines)), MOST_VALUE)
    changes = "; ".join(step.lines if whole else (cut(text, min(room, MOST_SAID)) for text in step.lines))
    yield f"{index + 1}. {does(step)} {step.target}{where}: {changes}"
    if whole:
        yield from (f"   {line}" for line in whole_lines(step))
    if step.delivers:
        yield f"   ACTIVATES DELIVERY{_spends(step)}"
    elif ended := [
        budget.amount for budget in step.budgets if not budget.given and budget.before and not budget.after
    ]:
        yield f"   ends spending of {', '.join(ended)}"
    for budget in step.budgets:
        if budget.pace:
            whose = f" of {shown_id(budget.whose)}" if budget.whose else ""
            rate = f"{budget.pace} {budget.currency} a day"
            yield f"   {budget.field}{whose} {budget.amount} in the days left is up to {rate}"
    yield from (f"   {line}" for line in step.prominent)
    shown = step.lost if whole else [cut(loss, MOST_LOST) for loss in step.lost[:MOST_LOST_LINES]]
    yield from (f"   lost: {loss}" for loss in shown)
    if len(step.lost) > len(shown):
        yield f"   lost: and {len(step.lost) - len(shown)} more"
    if step.irreversible:
        yield f"   cannot be undone: {step.irreversible}"
    yield from (
        f"   {line}" for line in (*step.moves, *request_lines(step.requests, whole=whole or step.raw))
    )


def _spends(step: Step) -> str:
    spends = [
        f"{budget.amount} ({budget.field}{f' of {budget.whose}, shared' if budget.whose else ''})"
        for budget in step.budgets
        if budget.pays and budget.after
    ]
    if not spends:
        return f": {step.spend_unknown}" if step.spend_unknown else ""
    return f": can spend {', '.join(spends)}"


def _money(steps: Sequence[Step]) -> list[str]:
    parts = []
    for (per, currency), move in moves(steps).items():
        period = " a day" if per == "day" else " in all"
        ways = (("+", move.up), ("-", move.down)) if move.net else ()
        amounts = " and ".join(f"{sign}{money(amount, currency)}" for sign, amount in ways if amount)
        moved = "" if move.net else f" ({money(move.up, currency)} moved)"
        parts.append(f"{amounts or money(move.net, currency)} {currency}{period}{moved}")
    live = any(budget.live for step in steps for budget in step.budgets) or any(
        step.delivers for step in steps
    )
    return [f"money: {', '.join(parts)}{'' if live else ' once active'}"] if parts else []


def _warnings(steps: Sequence[Step]) -> list[str]:
    """One line for each different warning, with the numbers of the steps that have it."""
    numbers: dict[str, list[int]] = {}
    for number, step in enumerate(steps, 1):
        for warning in step.warnings:
            numbers.setdefault(warning, []).append(number)
    texts = [
        cut(text, MOST_WARNING) + ("" if len(steps) == 1 else f" ({_steps(of, len(steps))})")
        for text, of in numbers.items()
    ]
    more = len(texts) - MOST_WARNINGS
    over = [f"warning: and {more} more …(+{more})"] if more > 0 else []
    return [*(f"warning: {text}" for text in texts[:MOST_WARNINGS]), *over]


def _steps(numbers: Sequence[int], count: int) -> str:
    if len(numbers) == count:
        return "all steps"
    named = ", ".join(map(str, numbers[:MOST_NUMBERS])) + ("…" if len(numbers) > MOST_NUMBERS else "")
    return f"step{'s' if len(numbers) > 1 else ''} {named}"


def plan_record(plan: Plan, most: int | None = None) -> dict[str, Any]:
    """A plan as data: what ads://plans/{plan_id} and the Python API give; `most` limits the steps."""
    record: dict[str, Any] = {
        "plan_id": plan.plan_id,
        "state": plan.state,
        "expires": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(plan.expires)),
        "effect": [
            {
                "per": per,
                "currency": currency,
                "amount": money(move.net, currency),
                "up": money(move.up, currency),
                "down": money(move.down, currency),
            }
            for (per, currency), move in moves(plan.steps).items()
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
        "connection": step.connection_name or None,
        "entity": step.entity,
        "action": step.action,
        "account": step.account["id"] if step.account else None,
        "id": step.object_id or None,
        "name": step.name,
        "changes": step.lines,
        "effect": step.effect,
        "prominent": step.prominent,
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
