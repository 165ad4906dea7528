"""LinkedIn cuts a report at 15,000 rows without a word; a report that may be cut is asked for in parts.

By day, month or year it is split by dates; in one row each by campaigns, where no row counts two of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

MOST_CAMPAIGNS = 200
"""Campaigns that one part names at first."""
BY_CAMPAIGN = frozenset({"CAMPAIGN", "CREATIVE"})
"""Pivots whose rows belong to one campaign each."""


@dataclass(frozen=True)
class Part:
    """Some days of a report, and the URNs of the campaigns it is narrowed to, none meaning all."""

    since: date
    until: date
    campaigns: tuple[str, ...] = ()

    def halves(self, granularity: str) -> list[Part]:
        """Two parts that are whole days, months or years; none where it cannot be split so."""
        if at := _boundary(self.since, self.until, granularity):
            return [replace(self, until=at - timedelta(days=1)), replace(self, since=at)]
        if len(self.campaigns) > 1:
            return list(self.of(self.campaigns, len(self.campaigns) // 2))
        return []

    def of(self, campaigns: Sequence[str], most: int) -> Iterator[Part]:
        """One part for every so many campaigns."""
        for at in range(0, len(campaigns), most):
            yield replace(self, campaigns=tuple(campaigns[at : at + most]))


def _boundary(since: date, until: date, granularity: str) -> date | None:
    """The first day of the later half, at which a period begins."""
    if since == until:
        return None
    middle = since + (until - since) // 2 + timedelta(days=1)
    match granularity:
        case "DAILY":
            return middle
        case "MONTHLY":
            near = middle.replace(day=1), (middle.replace(day=1) + timedelta(days=31)).replace(day=1)
        case "YEARLY":
            near = date(middle.year, 1, 1), date(middle.year + 1, 1, 1)
        case _:
            return None
    return next((first for first in near if since < first <= until), None)


def day_parts(day: date) -> dict[str, int]:
    """A day as LinkedIn writes it."""
    return {"year": day.year, "month": day.month, "day": day.day}
