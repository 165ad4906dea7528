"""What one step of a plan says to a person: what it does to what, what that means, what is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from mcp_ads.engine.changes.naming import does
from mcp_ads.engine.changes.steps import Step, shown_id

from .request_text import request_lines, whole_lines
from .shape import cut

MOST_STEPS = 20
MOST_SAID, MOST_WORDS, MOST_VALUE = 500, 1_500, 60
"""Characters of one thing a step changes, of all of them, and of each when they are too many for that."""
MOST_LOST, MOST_LOST_LINES = 160, 12
ACTIVATES = "ACTIVATES DELIVERY"


def step_lines(index: int, step: Step, *, whole: bool = False) -> Iterable[str]:
    """One step: what it does to what, what it means, what is sent; cut unless `whole`."""
    room = max(MOST_WORDS // max(1, len(step.lines)), MOST_VALUE)
    changes = "; ".join(step.lines if whole else (cut(text, min(room, MOST_SAID)) for text in step.lines))
    yield f"{index + 1}. {does(step)} {step.target}{place_said(step)}: {changes}"
    if whole:
        yield from (f"   {line}" for line in whole_lines(step))
    if step.decided:
        yield f"   decided by: {step.decided if whole else cut(step.decided, MOST_SAID)}"
    yield from (f"   {line}" for line in meaning_lines(step, whole=whole))
    yield from (f"   {line}" for line in request_lines(step.requests, whole=whole or step.raw))


def place_said(step: Step) -> str:
    """In which account a step is, and of which connection where that does not go without saying."""
    where = f" in {shown_id(step.account['id'])}" if step.account else ""
    return where + (f" of {step.connection_name}" if step.connection_name else "")


def meaning_lines(step: Step, *, whole: bool = False) -> Iterable[str]:
    """What a step means beyond what it sets: delivery, money a day, what is lost and what stays."""
    if step.delivers:
        yield f"{ACTIVATES}{_spends(step)}"
    else:
        yield from _ends(step)
    for budget in step.budgets:
        if budget.pace:
            whose = f" of {shown_id(budget.whose)}" if budget.whose else ""
            rate = f"{budget.pace} {budget.currency} a day"
            yield f"{budget.field}{whose} {budget.amount} in the days left is up to {rate}"
    yield from step.prominent
    shown = step.lost if whole else [cut(loss, MOST_LOST) for loss in step.lost[:MOST_LOST_LINES]]
    yield from (f"lost: {loss}" for loss in shown)
    if len(step.lost) > len(shown):
        yield f"lost: and {len(step.lost) - len(shown)} more"
    if step.irreversible:
        yield f"cannot be undone: {step.irreversible}"
    yield from step.moves


def _ends(step: Step) -> Iterable[str]:
    """Which amounts are spent no more; of a parent's, what else runs in it may still spend all."""
    over = [budget for budget in step.budgets if not budget.given and budget.before and not budget.after]
    if own := [budget.amount for budget in over if not budget.whose]:
        yield f"ends spending of {', '.join(own)}"
    if shared := [
        f"{budget.amount} ({budget.field} of {shown_id(budget.whose)}, shared)"
        for budget in over
        if budget.whose
    ]:
        yield f"spends no more from {', '.join(shared)}: what else runs there goes on spending it"


def _spends(step: Step) -> str:
    spends = [
        f"{budget.amount} ({budget.field}{f' of {budget.whose}, shared' if budget.whose else ''})"
        for budget in step.budgets
        if budget.pays and budget.after
    ]
    if not spends:
        return f": {step.spend_unknown}" if step.spend_unknown else ""
    return f": can spend {', '.join(spends)}"


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
