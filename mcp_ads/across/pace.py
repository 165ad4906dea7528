"""How far a month's spend is: what accounts spent by day, what that comes to, and what a day may still cost.

Money is exact, in major units of one currency; days are those of each account's own calendar. A day counts
when it is over: today is among the days that are left. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from mcp_ads.core import Account
from mcp_ads.core.budgets import Budget, Days, in_days
from mcp_ads.core.money import offset

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session

    from .shares import Share

Status = Literal["over", "under", "on", "incomplete", "no budget", "no days yet"]
DAY = timedelta(days=1)
WINDOW, FEWEST = 28, 14
"""Full days before today from which weekdays are weighted, and how many it takes at least."""
TOLERANCE = Decimal(5)
"""Percent by which a forecast may miss the budget and still be on pace."""
RECENT, SPENT = 7, Decimal(80)
"""Full days whose spend is held against live budgets, and the percent from which on these are spent."""
FILE, LIVE, WHOLE = "file", "live budgets", "file, for all accounts of the client"
WEEK = range(7)
NONE = Decimal()


def rounded(amount: Decimal, currency: str) -> Decimal:
    """An amount to the currency's smallest unit."""
    return amount.quantize(Decimal(1) / offset(currency), ROUND_HALF_UP)


@dataclass(frozen=True)
class Untold:
    """Why live budgets are not known, and whether asking once more may bring them."""

    why: str
    again: bool = False


Told = list[Budget] | Untold
"""Live budgets, or why they are not known."""


@dataclass
class Paced:
    """One account: what it `spent` on each day, and its live budgets; None where these were not asked for.

    `short` says why its numbers are not whole; for `moving` days the platform may still correct spend.
    """

    share: Share
    spent: Mapping[date, Decimal] = field(default_factory=dict)
    budgets: Told | None = None
    short: str = ""
    moving: int = 0

    @property
    def session(self) -> Session:
        return self.share.session

    @property
    def account(self) -> Account:
        return self.share.account

    @property
    def currency(self) -> str:
        return self.account.currency

    @property
    def label(self) -> str:
        return self.share.label

    @property
    def today(self) -> date:
        return self.share.today

    @property
    def live(self) -> list[Budget] | None:
        """Its live budgets; None where they are not known."""
        return self.budgets if isinstance(self.budgets, list) else None

    def gone(self, month: Days) -> Days:
        """The days of the month that are over here."""
        return month.within(None, self.today - DAY)

    def ahead(self, month: Days) -> Days:
        """The days of the month that are not over here."""
        return month.within(self.today, None)

    def provisional(self, month: Days) -> date | None:
        """The first day of the month that is over and whose spend may still be corrected."""
        days = month.within(self.today - DAY * self.moving, self.today - DAY)
        return days.first if len(days) else None

    @property
    def used(self) -> Decimal | None:
        """What it spent of its live budgets, in percent: in the last week, or yesterday if that is more, as
        budgets may have been raised since; None where nobody can say.
        """
        found = list[Decimal]()
        for count in (RECENT, 1):
            days = Days(self.today - DAY * count, self.today - DAY)
            if allowed := in_days(self.live or (), days)[0]:
                found.append(self.spend(days) / allowed * 100)
        return max(found, default=None)

    def spend(self, days: Iterable[date]) -> Decimal:
        """What it spent on these days."""
        return sum((self.spent.get(day, NONE) for day in days), NONE)

    @property
    def known(self) -> int:
        """For how many days before today, at most WINDOW, it has spent."""
        window = Days(self.today - DAY * WINDOW, self.today - DAY)
        first = next((day for day in window if self.spent.get(day)), self.today)
        return (self.today - first).days

    def usual(self, count: int) -> list[Decimal]:
        """What it spent a day on each weekday, of so many days before today."""
        days = [self.today - DAY * back for back in range(1, count + 1)]
        of = [[day for day in days if day.weekday() == weekday] for weekday in WEEK]
        return [self.spend(same) / len(same) if same else NONE for same in of]


@dataclass
class Pace:
    """The accounts that share a row: those of a client in one currency, or one account.

    `budgeted` is the month's budget as the clients file has it, None where it has none. `lacks` says of which
    accounts of the client it knows nothing. A row that is `apart` is of one account of a client whose budget
    several share: nobody set one for it.
    """

    name: str
    title: str
    currency: str
    month: Days
    accounts: list[Paced] = field(default_factory=list)
    budgeted: Decimal | None = None
    lacks: list[str] = field(default_factory=list)
    client: str = ""
    apart: bool = False

    @property
    def whole(self) -> bool:
        """Whether all of its spend is known."""
        return bool(self.accounts) and not self.lacks and not any(one.short for one in self.accounts)

    @cached_property
    def spend(self) -> Decimal:
        return sum((one.spend(one.gone(self.month)) for one in self.accounts), NONE)

    @property
    def left(self) -> int:
        """The days that are not over, where its accounts' calendars differ the most of them."""
        return max((len(self.month) - len(one.gone(self.month)) for one in self.accounts), default=0)

    @property
    def live(self) -> list[Budget] | None:
        """Its live budgets; None where those of an account are not known."""
        found = [one.live for one in self.accounts]
        return None if None in found else [budget for some in found for budget in some or ()]

    @cached_property
    def unknown(self) -> list[Budget]:
        """Live budgets of which nobody can say what they come to in the month."""
        return in_days(self.live or (), self.month)[1]

    @cached_property
    def budget(self) -> Decimal | None:
        """What the month may cost: by the file, else by what is live; None where neither says of this row."""
        if self.budgeted is not None:
            return self.budgeted
        if self.apart or not self.live or self.unknown:
            return None
        found = [in_days(one.live or (), self.month)[0] for one in self.accounts]
        return sum(found, NONE)

    @property
    def untold(self) -> dict[str, str]:
        """Accounts whose live budgets could not be read and are the month's, each with the reason."""
        if self.budgeted is not None:
            return {}
        return {one.label: one.budgets.why for one in self.accounts if isinstance(one.budgets, Untold)}

    @property
    def budget_from(self) -> str:
        if self.apart:
            return WHOLE
        return FILE if self.budgeted is not None else LIVE if self.budget is not None else ""

    @property
    def a_day(self) -> Decimal | None:
        """What its live budgets may spend on a day, those for a run spread over its days."""
        return None if self.live is None else sum((budget.a_day() for budget in self.live), NONE)

    def ahead(self, one: Paced, budget: Budget) -> Days:
        """The days of the month that are left on which a budget of an account runs."""
        return one.ahead(self.month).within(budget.begins, budget.ends)

    @property
    def provisional(self) -> date | None:
        """From which day of the month on its spend may still grow; None where all of it is final."""
        found = (one.provisional(self.month) for one in self.accounts)
        return min(filter(None, found), default=None)

    @cached_property
    def straight(self) -> Decimal | None:
        """What the month comes to at the same spend a day; None where not one day is over in an account."""
        return self._forecast([Decimal(1)] * len(WEEK))

    @cached_property
    def weighted(self) -> Decimal | None:
        """The same with weekdays as they were lately; None where too few days are known for that."""
        count = max((one.known for one in self.accounts), default=0)
        if count < FEWEST or not self.left:
            return None
        usual = [one.usual(count) for one in self.accounts]
        return self._forecast([sum((days[at] for days in usual), NONE) for at in WEEK])

    def _forecast(self, weights: Sequence[Decimal]) -> Decimal | None:
        """What the month comes to where the days of a week count so much."""
        total, found = _weight(self.month, weights), NONE
        for one in self.accounts:
            gone = one.gone(self.month)
            weight = _weight(gone, weights)
            if not gone or (not weight and one.spend(gone)):
                return None
            found += one.spend(gone) * total / weight if weight else NONE
        return found

    @property
    def forecast(self) -> Decimal | None:
        """The better one there is."""
        return self.straight if self.weighted is None else self.weighted

    @property
    def needed(self) -> Decimal | None:
        """What each day that is left has to cost to land on the budget; 0 where it is spent already."""
        if self.budget is None or not self.left:
            return None
        return max(NONE, (self.budget - self.spend) / self.left)

    @property
    def pace(self) -> Decimal | None:
        """The forecast in percent of the budget."""
        return self.forecast / self.budget * 100 if self.budget and self.forecast is not None else None

    @property
    def off(self) -> bool:
        """Whether its spend is known, and off a budget that is written down."""
        return self.budgeted is not None and self.status in ("over", "under")

    @property
    def status(self) -> Status:
        if not self.whole or self.untold:
            return "incomplete"
        if not self.budget:
            return "no budget"
        if self.pace is None:
            return "no days yet"
        off = self.pace - 100
        return "on" if abs(off) <= TOLERANCE else "over" if off > 0 else "under"


def _weight(days: Days, weights: Sequence[Decimal]) -> Decimal:
    return sum((weights[day.weekday()] for day in days), NONE)
