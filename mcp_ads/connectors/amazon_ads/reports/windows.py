"""Which days one report may have, and from which day on its numbers may still change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from .catalogue import ReportType
from .metrics import adds, attributed_days

Days = tuple[date, date]
DAY = timedelta(days=1)
CORRECTED = 3
"""Days for which Amazon still corrects clicks, impressions and cost."""
RESTATED = 28
"""Days after the attribution window for which it restates conversions."""
_RETAINED_FROM = re.compile(r"retention start date \((\d{4}-\d\d-\d\d)\)")


def mistakes(kind: ReportType, days: Days, today: date) -> Iterable[str]:
    """Why no report can have these days."""
    since, until = days
    if until > today:
        yield f"time_range: {until} is after today, {today}"
    elif until < (first := kind.first(today)):
        yield f"time_range: {since}..{until} is too far back; {kind.name} has data from {first} on"


def too_long(name: str, days: Days, most: int) -> Iterable[str]:
    """Why one report cannot have so many days."""
    count = (days[1] - days[0]).days + 1
    if count > most:
        said = f"{count} days from {days[0]} on; {name} takes at most {most} in one report"
        yield f"time_range: {said}; reports.run asks for several"


def clamped(kind: ReportType, days: Days, today: date) -> tuple[Days, str]:
    """The days of these that Amazon still has, and what to say of those it has not."""
    since, until = days
    first = kind.first(today)
    return ((first, until), too_early(kind.name, since, first)) if since < first else (days, "")


def too_early(name: str, since: date, first: date) -> str:
    """What to say of days that Amazon keeps no longer."""
    return f"{name} is kept from {first} on: the days from {since} to {first - DAY} are not in these numbers"


def windows(days: Days, most: int) -> list[Days]:
    """The days in stretches that one report may have, the first ones as long as they may be."""
    since, until = days
    count = -(-((until - since).days + 1) // most)
    starts = [since + n * most * DAY for n in range(count)]
    return [(start, min(until, start + (most - 1) * DAY)) for start in starts]


def retained_from(says: str) -> date | None:
    """The first day there is, as a refusal names it; None where it names none."""
    found = _RETAINED_FROM.search(says)
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def provisional(columns: Sequence[str], until: date, today: date) -> str:
    """From which day on numbers may still change, by column; empty where none of these days is so young."""
    found: dict[date, list[str]] = {}
    for name in columns:
        if adds(name):
            days = attributed_days(name)
            first = today - timedelta(days=days + RESTATED if days else CORRECTED)
            if first <= until:
                found.setdefault(first, []).append(name)
    return "; ".join(f"{first}: {', '.join(found[first])}" for first in sorted(found))
