"""How daily budgets get to what days that are left have to cost: a step a day, in proportion, within limits.

Pure. Amounts are in major units of one currency.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from mcp_ads.core.budgets import Budget, Budgets
from mcp_ads.core.money import offset

from .pace import NONE, Paced


@dataclass(frozen=True)
class Item:
    """A daily budget that may be changed, by how much at once, and on how many days left it runs."""

    account: Paced
    budget: Budget
    told: Budgets
    ceiling: Decimal | None
    days: int

    @property
    def daily(self) -> Decimal:
        return self.budget.daily or NONE

    @property
    def unit(self) -> Decimal:
        return Decimal(1) / offset(self.account.currency)

    def within(self, wanted: Decimal, now: Decimal) -> Decimal:
        """The amount that is nearest to the wanted one and one step away from another, at most; never over
        what is wanted of a rise, nor under what is wanted of a cut.
        """
        share = self.told.step / 100
        if wanted > now:
            most = [wanted, now * (1 + share), *([self.ceiling] if self.ceiling is not None else [])]
            return max(now, min(most).quantize(self.unit, ROUND_FLOOR))
        least = max(wanted, now * (1 - share), self.budget.least)
        return min(now, least.quantize(self.unit, ROUND_CEILING))


@dataclass
class Steps:
    """Where steps lead, one a day: the amounts after the first, what all cost after each, to the month's end.

    `reached` says whether the last one comes to what was wanted, `held` that limits keep it from that.
    """

    first: list[Decimal]
    costs: list[Decimal]
    reached: bool = False
    held: bool = False


def cost(amounts: Sequence[Decimal], days: Sequence[int]) -> Decimal:
    """What budgets come to in their days."""
    return sum((amount * count for amount, count in zip(amounts, days, strict=True)), NONE)


def steps_of(items: Sequence[Item], target: Decimal) -> Steps:
    """The steps to what the days left are to cost; each day that goes by costs what was set by then."""
    amounts, days = [item.daily for item in items], [item.days for item in items]
    found, spent = Steps(amounts, []), NONE
    slack = sum((item.unit * item.days for item in items), NONE)
    while any(days):
        after = _shared(items, amounts, days, target - spent)
        if found.costs and after == amounts:
            found.held = True
            return found
        found.first = found.first if found.costs else after
        amounts = after
        found.costs.append(spent + cost(amounts, days))
        if abs(found.costs[-1] - target) <= slack:
            found.reached = True
            return found
        spent += sum((amount for amount, left in zip(amounts, days, strict=True) if left), NONE)
        days = [max(0, left - 1) for left in days]
    return found


def _shared(
    items: Sequence[Item], now: Sequence[Decimal], days: Sequence[int], target: Decimal
) -> list[Decimal]:
    """The target shared out in proportion; what one cannot take within a step, the others take."""
    after, free = [*now], [at for at, left in enumerate(days) if left]
    rest = target
    while free:
        of = sum((now[at] * days[at] for at in free), NONE)
        wanted = {at: now[at] * max(NONE, rest) / of for at in free} if of else {}
        found = {at: items[at].within(amount, now[at]) for at, amount in wanted.items()}
        held = [at for at in found if abs(found[at] - wanted[at]) >= items[at].unit]
        for at in held or free:
            after[at] = found.get(at, now[at])
            rest -= after[at] * days[at]
        free = [at for at in free if at not in held] if held else []
    return after
