"""Live budgets: what an account may spend, which lists tell it, and how far one may be changed at once.

Each connector says in its `budget_facts` what to read and what budgets its rows are. Nothing here reads.
Amounts are in major units of the account's currency; days are those of the account's calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from .context import Account
from .facts import anywhere
from .runs import last_day, run_of

Row = Mapping[str, Any]
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Days:
    """Days in a row, both ends included; none where the last is before the first."""

    first: date
    last: date

    def __len__(self) -> int:
        return max(0, (self.last - self.first).days + 1)

    def within(self, first: date | None, last: date | None) -> Days:
        """Those of them that are in other days; None for no end there."""
        return Days(max(self.first, first or self.first), min(self.last, last or self.last))

    def __iter__(self) -> Iterator[date]:
        return (self.first + DAY * number for number in range(len(self)))


@dataclass(frozen=True)
class Limit:
    """What several budgets may spend together at most, in a month or in a run that it is in."""

    id: str
    amount: Decimal


@dataclass(frozen=True)
class Budget:
    """A budget that is live: its object and what is above that are on, and it runs today.

    `daily` is what a day may cost, `whole` what all days from `begins` to `ends` may; where it has both, the
    latter is the most the former come to. `subject` is the parameter that names its object in
    the write that changes it. `touched` are the ids and names of what a change of it touches and a person may
    protect: its own, those above, and those that share it. `least` is the smallest daily amount the platform
    takes, as far as it says. `limits` are what it may spend at most together with others.
    """

    entity: str
    subject: str
    id: str
    name: str
    daily: Decimal | None = None
    whole: Decimal | None = None
    begins: date | None = None
    ends: date | None = None
    touched: tuple[tuple[str, str], ...] = ()
    least: Decimal = Decimal()
    limits: tuple[Limit, ...] = ()

    def in_days(self, days: Days) -> Decimal | None:
        """What it may spend in these days; None where nobody can say: an amount for a run without an end."""
        known = days.within(self.begins, self.ends)
        if self.daily is not None:
            spent = self.daily * len(known)
            return spent if self.whole is None else min(spent, self.whole)
        if self.whole is None or self.begins is None or self.ends is None:
            return None
        return self.whole * len(known) / max(1, len(Days(self.begins, self.ends)))

    def a_day(self) -> Decimal:
        """What it may spend on a day, an amount for a run spread over its days; 0 where nobody can say."""
        if self.daily is not None:
            return self.daily
        today = self.begins or date.max
        return self.in_days(Days(today, today)) or Decimal()


def in_days(budgets: Iterable[Budget], days: Days) -> tuple[Decimal, list[Budget]]:
    """What budgets may spend together in some days, and those of which nobody can say it.

    Budgets under one limit count with no more than that.
    """
    apart, shared = Decimal(), dict[Limit, Decimal]()
    unknown = list[Budget]()
    for budget in budgets:
        amount = budget.in_days(days)
        if amount is None:
            unknown.append(budget)
        elif budget.limits:
            least = min(budget.limits, key=lambda limit: limit.amount)
            shared[least] = shared.get(least, Decimal()) + amount
        else:
            apart += amount
    return apart + sum((min(amount, limit.amount) for limit, amount in shared.items()), Decimal()), unknown


@dataclass(frozen=True)
class BudgetList:
    """One list that is read of an account: `params` are without the account, `there` says whether it may have
    any; where `absent`, one that may not ask for it has none.
    """

    entity: str
    params: Mapping[str, Any]
    there: Callable[[Account], bool] = anywhere
    absent: bool = False


Rows = Mapping[str, Sequence[Row]]
"""The rows of an account's lists, by entity."""


@dataclass(frozen=True)
class Budgets:
    """What a platform tells of live budgets.

    `live` makes budgets of the rows of an account, at a moment. One is to change by at most `step` percent of
    what it is in a day: `why` says in a few words what is known of more.
    """

    lists: Sequence[BudgetList]
    live: Callable[[Rows, Account, datetime], Iterable[Budget]]
    step: Decimal
    why: str


@dataclass(frozen=True)
class Run:
    """When something runs, by an account's calendar: first and last day, and whether that is now."""

    begins: date | None
    ends: date | None
    now: bool


def run_in(zone: str, begins: Any, ends: Any, now: datetime) -> Run:
    """When something runs by the calendar of a zone, from what a record says."""
    run = run_of(begins, ends, zone)
    return Run(
        last_day(run.begins + timedelta(seconds=1), zone) if run.begins else None,
        last_day(run.ends, zone) if run.ends else None,
        not run.over(now) and (run.begins is None or run.begins <= now),
    )
