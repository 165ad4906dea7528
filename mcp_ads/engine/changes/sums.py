"""What the steps of a plan come to together: each budget once, and how much faster it is spent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from .steps import PEAK, Budget, Step


def paid(steps: Iterable[Step]) -> Iterator[Budget]:
    """The budgets of all steps; one that begins or ceases to be spent, only once for all steps that do it.

    What begins to be spent is all of it, also where the call sets it to what it was.
    """
    seen = set()
    for step in steps:
        for budget in step.budgets:
            key = (step.connector, budget.whose or step.object_id, budget.field, budget.rise > 0)
            if budget.pays and (budget.given or key not in seen):
                if not budget.given:
                    seen.add(key)
                begins = budget.given and budget.live and step.delivers
                yield replace(budget, before=budget.counted) if budget.counted or begins else budget


def hurried(steps: Iterable[Step]) -> list[tuple[str, Decimal]]:
    """By how much each amount for a whole run raises what is spent in a day, with its currency; an amount
    that several steps share counts once, with the greatest rise.
    """
    rises = dict[tuple[str, ...], Decimal]()
    for step in steps:
        for budget in step.budgets:
            key = (budget.currency, step.connector, budget.whose or step.object_id, budget.field)
            if budget.pays and budget.hurry:
                alone = (*key, str(len(rises))) if not (budget.whose or step.object_id) else key
                rises[alone] = max(budget.hurry, rises.get(alone, budget.hurry))
    return [(key[0], more) for key, more in rises.items()]


def peaks(step: Step) -> list[tuple[str, Budget]]:
    """What the daily budgets that a step changes come to at most, each with the object it is of."""
    days = [(budget.owner or budget.whose or step.object_id, budget) for budget in step.budgets]
    most = [(owner, budget) for owner, budget in days if budget.role == PEAK]
    raised = {"", *(owner for owner, _ in most)}
    own = [(owner, budget) for owner, budget in days if budget.given and budget.pays and owner not in raised]
    return [*most, *((owner, budget) for owner, budget in own if budget.per == "day")]
