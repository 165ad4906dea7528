"""What the steps of a plan come to together: each budget once, and how much faster it is spent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from .steps import PEAK, Budget, Step, money


def paid(steps: Iterable[Step]) -> Iterator[Budget]:
    """The budgets of all steps; one that begins or ceases to be spent, only once for all steps that do it.

    What begins to be spent is all of it, also where the call sets it to what it was. A parent's budget that
    one of its objects leaves is freed by none: the others may spend it.
    """
    seen = set()
    for step in steps:
        for budget in step.budgets:
            key = (step.connector, budget.whose or step.object_id, budget.field, budget.rise > 0)
            left = bool(budget.whose) and not budget.given and budget.rise < 0
            if budget.pays and not left and (budget.given or key not in seen):
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


@dataclass
class Move:
    """How much more and how much less may be spent: two sums, so that one never hides the other."""

    up: Decimal = Decimal(0)
    down: Decimal = Decimal(0)

    @property
    def net(self) -> Decimal:
        return self.up - self.down

    def dashed(self, currency: str) -> str:
        """Both sums as a part of an id; "moving" where as much goes up as goes down."""
        if not self.net:
            return f"moving-{money(self.up, currency)}"
        both = (("plus", self.up), ("minus", self.down))
        return "-".join(f"{sign}-{money(amount, currency)}" for sign, amount in both if amount)


def moves(steps: Iterable[Step]) -> dict[tuple[str, str], Move]:
    """How what may be spent changes, by (day or lifetime, currency); without parents' budgets."""
    changes: dict[tuple[str, str], Move] = defaultdict(Move)
    for budget in (amount for amount in paid(steps) if not amount.whose):
        move = changes[budget.per, budget.currency]
        move.up += max(budget.rise, Decimal(0))
        move.down += max(-budget.rise, Decimal(0))
    return {key: move for key, move in changes.items() if move.up or move.down}


def raising_first(steps: Sequence[Step]) -> list[int]:
    """The steps by index: those that raise what may be spent first, the largest part of all rises before;
    after them those that raise a bid, then those that end most of what is spent no more.
    """
    sums = moves(steps)
    parts = [(-part_of_rises(step, sums), not step.raises_bid, -_part_of_falls(step, sums)) for step in steps]
    return sorted(range(len(steps)), key=parts.__getitem__)


def part_of_rises(step: Step, sums: Mapping[tuple[str, str], Move]) -> Decimal:
    """How much of what goes up in its currency a step is; all of it where what it raises is in no sum."""
    parts = [
        budget.rise / move.up
        for budget in step.budgets
        if budget.pays and budget.rise > 0 and (move := sums.get((budget.per, budget.currency))) and move.up
    ]
    return max(parts, default=Decimal(1)) if step.raises else Decimal(0)


def _part_of_falls(step: Step, sums: Mapping[tuple[str, str], Move]) -> Decimal:
    """How much of what goes down in its currency a step is: amounts of two currencies are never compared."""
    parts = [
        -budget.rise / move.down
        for budget in step.budgets
        if budget.pays and budget.rise < 0 and not budget.whose
        if (move := sums.get((budget.per, budget.currency))) and move.down
    ]
    return max(parts, default=Decimal())
