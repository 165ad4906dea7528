"""What a plan says to a person: short, in order, money first."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mcp_ads.engine.changes.naming import counted, is_grave, plural
from mcp_ads.engine.changes.plan import Plan
from mcp_ads.engine.changes.steps import Step, money
from mcp_ads.engine.changes.sums import moves, raising_first
from mcp_ads.engine.changes.wording import MAYBE_MADE
from mcp_ads.engine.wire.authority import authority
from mcp_ads.platforms import SHORT

from .alike_text import LEAST_ALIKE, grouped_lines, in_groups
from .facts import remark_lines
from .left_out_text import left_out_lines
from .plan_pages import CUT, next_page, page_call, told_whole, whole_page
from .selection_text import selection_lines
from .shape import cut, one_line
from .step_text import MOST_SAID, step_lines
from .undo_text import way_back_lines

CARRIES_OUT = "ads_apply(plan_id) carries it out, as a whole and once."
MOST_TEXT = 12_000
"""Characters of a plan's text; what has no room is on its next pages."""
MOST_NAMED, LEAST_NAMED = 5_000, 1_200
"""Of these, for naming what cannot be overlooked and is not shown in full."""
MOST_WARNINGS, MOST_WARNING = 12, 300
MOST_NUMBERS = 8
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def plan_text(plan: Plan, added: Sequence[int] = (), before: Plan | None = None) -> str:
    """A plan that waits to be applied: what is grave about it in any case, at most MOST_TEXT characters.

    Where not all steps fit, those that move most money come before the others; of steps that were `added` to
    the plan `before`, by index, only these are shown, with what the whole plan comes to.
    """
    earlier = len(plan.steps) - len(added) if added else 0
    head = [
        f"PLAN {plan.plan_id}",
        f"Nothing has been changed. {CARRIES_OUT if authority().may_apply else authority().by_hand}",
        *connection_lines(plan.steps),
        *selection_lines(_new(plan.selections, before.selections if before else ()), page_call(plan, 0)),
        *money_lines(plan.steps),
        *_summary(plan, [*(added or range(len(plan.steps)))]),
        *([f"{earlier} {plural('step', earlier)} there before: {page_call(plan, 0)}"] if earlier else []),
        *way_back_lines(plan.steps),
    ]
    tail = [
        *left_out_lines(_new(plan.excluded, before.excluded if before else ())),
        *_warnings(plan.steps, added),
        *remark_lines(),
        expires_line(plan),
    ]
    room = MOST_TEXT - sum(len(line) + 1 for line in (*head, *tail)) - MOST_NAMED
    shown, indexes, rows = _first(plan, added, room)
    more = _more(plan, added, indexes, rows)
    partly = [
        index
        for index in indexes
        if index not in rows and not told_whole(index, plan.steps[index], step_lines)
    ]
    if partly or any(CUT in line for line in (*head, *tail)):
        more.append(whole_page(plan, min(partly, default=0)))
    taken = sum(len(line) + 1 for line in (*head, *shown, *more, *tail))
    left = [index for index in range(len(plan.steps)) if index not in indexes]
    named = _unshown(plan, left, min(MOST_NAMED, max(MOST_TEXT - taken, LEAST_NAMED)) - MOST_SAID)
    return "\n".join(map(one_line, [*head, *named, *shown, *more, *tail]))


def _new(entries: Sequence[Any], before: Sequence[Any]) -> list[Any]:
    """The entries that came after those there were before."""
    return [*entries[len(before) :]]


def _summary(plan: Plan, order: Sequence[int]) -> list[str]:
    """What all steps do, counted; nothing where a group of them that are alike says it."""
    if len(plan.steps) == 1 or len(in_groups(plan.steps, order)[0]) == len(plan.steps):
        return []
    kinds = ", ".join(f"{verb} {count} {plural(noun, count)}" for verb, noun, count in counted(plan.steps))
    raised = sum(step.raises_bid for step in plan.steps)
    bids = f"; {raised} of them raise{'s' if raised == 1 else ''} a bid" if raised else ""
    return [f"{cut(f'{len(plan.steps)} steps: {kinds}', MOST_SAID)}{bids}"]


def _more(plan: Plan, added: Sequence[int], shown: Sequence[int], rows: Sequence[int]) -> list[str]:
    """Where the steps stand that are not shown, and what rows leave out of a step."""
    left = [index for index in added or range(len(plan.steps)) if index not in shown]
    of = f" of the {len(added)} this call added" if added else ""
    if not left:
        return [f"with all requests: {page_call(plan, min(rows))}"] if rows else []
    moved = "".join(f" ({line})" for line in money_lines([plan.steps[index] for index in left]))
    rest = f"… and {len(left)} more {plural('step', len(left))}{of}{moved}: "
    if rows:
        return [f"{rest}{page_call(plan, left[0])}; from {min(rows) + 1} on with all requests"]
    return [f"{rest}{next_page(plan, left[0])}"]


def connections_of(steps: Sequence[Step]) -> str:
    """With whose credentials steps are sent, where a further connection's are among them; else empty."""
    first = [SHORT.get(step.connector, step.connector) for step in steps]
    labels = [step.connection_name or base for step, base in zip(steps, first, strict=True)]
    return ", ".join(dict.fromkeys(labels)) if labels != first else ""


def connection_lines(steps: Sequence[Step]) -> list[str]:
    """The line that says with whose credentials steps are sent, where that does not go without saying."""
    return [f"connection: {names}"] if (names := connections_of(steps)) else []


def _first(plan: Plan, added: Sequence[int], room: int) -> tuple[list[str], list[int], list[int]]:
    """What is shown first, of which steps, and which of these have a row only: where not all of them fit,
    those that raise come before, then those that end most of what is spent.
    """
    order = added or range(len(plan.steps))
    lines, shown, rows = grouped_lines(plan.steps, order, room)
    if len(shown) < len(order):
        raising = [index for index in raising_first(plan.steps) if index in {*order}]
        lines, shown, rows = grouped_lines(plan.steps, raising, room)
    if plan.steps[shown[0]].raw and sum(len(line) + 1 for line in lines) > room + MOST_NAMED:
        return [], [], []  # nobody cuts what somebody wrote out: it has a page of its own
    return lines, shown, rows


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


def expires_line(plan: Plan) -> str:
    """Until when a plan may be applied."""
    return f"expires: {time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime(plan.expires))}"


def money_lines(steps: Sequence[Step]) -> list[str]:
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


def _warnings(steps: Sequence[Step], added: Sequence[int]) -> list[str]:
    """One line for each different warning, with the numbers of the steps that have it; of steps that were
    `added`, only theirs. Many that differ in numbers alone are one line, with the first of them.
    """
    numbers: dict[str, list[int]] = {}
    for number, step in enumerate(steps, 1):
        for warning in step.warnings if not added or number - 1 in {*added} else ():
            numbers.setdefault(warning, []).append(number)
    kinds = dict[str, list[str]]()
    for text in numbers:
        kinds.setdefault(_NUMBER.sub("0", text.replace(",", "")), []).append(text)
    texts = [line for alike in kinds.values() for line in _warned(alike, numbers, len(steps))]
    texts.sort(key=lambda text: MAYBE_MADE not in text)
    more = len(texts) - MOST_WARNINGS
    over = [f"warning: and {more} more …(+{more})"] if more > 0 else []
    return [*(f"warning: {text}" for text in texts[:MOST_WARNINGS]), *over]


def _warned(alike: Sequence[str], numbers: Mapping[str, Sequence[int]], count: int) -> Iterator[str]:
    """Warnings that differ in numbers alone: a line each, or where they are many, the greatest for all."""
    if len(alike) < LEAST_ALIKE:
        for text in alike:
            which = "" if count == 1 else f" ({_steps(numbers[text], count)})"
            yield f"{cut(text, MOST_WARNING)}{which}"
        return
    said = max(alike, key=lambda text: [float(number) for number in _NUMBER.findall(text.replace(",", ""))])
    more = sum(len(numbers[text]) for text in alike) - 1
    yield f"{cut(said, MOST_WARNING)} (step {numbers[said][0]} and {more} more likewise)"


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
        **({"selections": plan.selections} if plan.selections else {}),
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
        "decided": step.decided,
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
