"""The days of a question, and those they are compared with: right before, a year earlier, or given."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from mcp_ads.core import Span
from mcp_ads.core.presets import DAY, months_before
from mcp_ads.errors import InvalidParams

Days = tuple[date, date]
PREVIOUS, YEAR = "previous", "year"
WEEKS_A_YEAR = 52
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_SO_FAR = {"mtd": 1, "qtd": 3, "ytd": 12}
_LAST = re.compile(r"(?:last|past)_(?:(\d{1,3})_)?(month|quarter|year)s?", re.ASCII)
_CALENDAR = ((re.compile(r"\d{4}-\d\d"), 1), (re.compile(r"\d{4}[-_]?q[1-4]"), 3), (re.compile(r"\d{4}"), 12))
_WEEKS = re.compile(r"this_week.*|(?:last|past)_(?:\d{1,3}_)?week.*|\d{4}[-_]?w\d\d", re.ASCII)


@dataclass(frozen=True)
class Compared:
    """The days of a question, and those they are compared with; both ends are included."""

    days: Days
    before: Days | None = None

    @property
    def both(self) -> list[Days]:
        """The days that are asked for, those of the question first."""
        return [self.days, *([self.before] if self.before else [])]

    @property
    def uneven(self) -> str:
        """How long they are where that differs, and which days both have; empty for neither."""
        lengths = [(until - since).days + 1 for since, until in self.both]
        said = [f"{lengths[0]} days against {lengths[1]}"] if len(set(lengths)) > 1 else []
        first, last = max(since for since, _ in self.both), min(until for _, until in self.both)
        said += [f"{first}..{last} is in both ranges"] if self.before and first <= last else []
        return "; ".join(said)


def compared(range_: Span, compare: str | Span, today: date, earliest: date | None = None) -> Compared:
    """The days that a range and what it is compared with are on a day. Raises InvalidParams.

    `compare` is "previous", "year", a range of its own, or empty; nothing is compared with itself.
    """
    days = _settled("range", range_, today, earliest)
    if not compare:
        return Compared(days)
    if isinstance(compare, Span):
        before = _settled("compare", compare, today, earliest)
        if before == days:
            raise InvalidParams(
                f"compare: {days[0]}..{days[1]} is the range itself: write previous, for the days before"
            )
        return Compared(days, before)
    return Compared(days, previous(range_.preset, days) if compare == PREVIOUS else year(range_.preset, days))


def previous(preset: str, days: Days) -> Days:
    """As many days right before; of months, quarters and years, also of those so far, the ones before."""
    since, until = days
    if months := _months(preset):
        first = months_before(since, months)
        if months_before(since, -months) - DAY == until:
            return first, since - DAY
        return first, min(first + (until - since), since - DAY)
    count = (until - since).days + 1
    if _WEEKS.fullmatch(preset):
        count = -(-count // 7) * 7
    return since - count * DAY, until - count * DAY


def year(preset: str, days: Days) -> Days:
    """The same days a year earlier; of weeks, those 52 weeks earlier, which begin on the same weekday."""
    since, until = days
    if _WEEKS.fullmatch(preset):
        back = timedelta(days=7 * WEEKS_A_YEAR)
        return since - back, until - back
    if until.month == 2 and (until + DAY).day == 1:  # noqa: PLR2004 - February, whose last day moves
        return _a_year_before(since), date(until.year - 1, 3, 1) - DAY
    return _a_year_before(since), _a_year_before(until)


def _months(preset: str) -> int:
    """How many months of the calendar a range is about; 0 where it is about none."""
    if found := _LAST.fullmatch(preset):
        return int(found[1] or 1) * _MONTHS[found[2]]
    named = next((months for pattern, months in _CALENDAR if pattern.fullmatch(preset)), 0)
    return _SO_FAR.get(preset, named)


def _a_year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # the 29th of February
        return date(day.year - 1, 2, 28)


def _settled(param: str, span: Span, today: date, earliest: date | None) -> Days:
    try:
        return span.settle(today, earliest).days
    except ValueError as mistake:
        raise InvalidParams(f"{param}: {mistake}") from None
