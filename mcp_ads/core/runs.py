"""When something runs: ends as platforms write them, as moments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .days import moment_of

NO_END = (None, "", 0, "0", "none")
MILLISECONDS = 10**11
"""An epoch from here on counts milliseconds; below it, seconds."""
DAY = Decimal(86_400)
_OFFSET = re.compile(r"[^T]*T.*(Z|[+-][0-9]{2}(:?[0-9]{2})?)$", re.IGNORECASE)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


@dataclass(frozen=True)
class Run:
    """From when until when something runs; None where it does not say.

    `at_once` says that what it may spend in all is not spread over its days: one of them may take it.
    """

    begins: datetime | None = None
    ends: datetime | None = None
    at_once: bool = False

    def over(self, now: datetime) -> bool:
        return self.ends is not None and self.ends <= now

    def within(self, other: Run) -> Run:
        """The part of it that lies in another: from the later begin to the earlier end."""
        begins = [begin for begin in (self.begins, other.begins) if begin is not None]
        ends = [end for end in (self.ends, other.ends) if end is not None]
        return Run(max(begins, default=None), min(ends, default=None), self.at_once or other.at_once)

    def days(self, now: datetime) -> Decimal | None:
        """The days that are left to spend in, at least one; None without an end."""
        if self.at_once:
            return Decimal(1)
        if self.ends is None:
            return None
        left = self.ends - max(now, self.begins or now)
        return max(Decimal(1), Decimal(int(left.total_seconds())) / DAY)


def run_of(begins: Any, ends: Any, zone: str) -> Run:
    """A run from a record's values; one that cannot be read counts as not said."""
    return Run(_known(begins, zone, last=False), _known(ends, zone, last=True))


def moment(value: Any, zone: str, *, last: bool) -> datetime | None:
    """A moment from an ISO date or time or an epoch; None for the words for none. Raises ValueError.

    A plain date is a whole day there: its first moment, or with `last` the first one after it. Times without
    an offset are in `zone`.
    """
    if value in NO_END:
        return None
    text = str(value).strip()
    if text.isascii() and text.isdigit():
        number = int(text)
        return datetime.fromtimestamp(number / 1000 if number >= MILLISECONDS else number, UTC)
    if _DAY.fullmatch(text):
        day = date.fromisoformat(text) + timedelta(days=last)
        return datetime.combine(day, time(), _zone(zone))
    found = moment_of(text)
    return found if found.tzinfo else found.replace(tzinfo=_zone(zone))


def last_day(ends: datetime, zone: str) -> date:
    """The day on which something ends there: an end at midnight is that of the day before."""
    return (ends - timedelta(seconds=1)).astimezone(_zone(zone)).date()


def with_offset(text: str, zone: str, *, last: bool) -> str:
    """A date or a time that lacks its offset as a time with the zone's; anything else as it is."""
    if text.isdigit() or _OFFSET.match(text):
        return text
    found = _known(text, zone, last=last)
    return found.strftime("%Y-%m-%dT%H:%M:%S%z") if found else text


def in_zone(text: str, zone: str) -> str:
    """A time that has an offset as the zone's own, in the one form for all; anything else as it is."""
    found = _known(text, zone, last=False) if _OFFSET.match(text) else None
    try:
        return found.astimezone(_zone(zone)).strftime("%Y-%m-%dT%H:%M:%S%z") if found else text
    except (OverflowError, ValueError):
        return text


def _known(value: Any, zone: str, *, last: bool) -> datetime | None:
    try:
        return moment(value, zone, last=last)
    except (ValueError, OverflowError, OSError):
        return None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
