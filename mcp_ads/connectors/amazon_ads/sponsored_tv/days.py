"""Days as Sponsored TV keeps them: moments, of which its texts say that they are dates.

Towards Amazon a day is a moment that lies in it both in UTC and in the profile's zone, so that it is that
day whichever of the two is read: the first such moment begins a campaign, the last one ends it. Sources:
startDate and endDate of SponsoredTV.json ("The YYYYMMDD start date", format date-time); Amazon's guide to
managing campaigns, whose samples have midnight in UTC.
"""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, time, timedelta
from typing import Any

from mcp_ads.core.days import day_of, moment_of
from mcp_ads.core.runs import moment

_SPELT = "%Y-%m-%dT%H:%M:%SZ"


def day_or_moment(value: Any) -> str:
    """A day, or a moment as records have it. Raises ValueError for what is neither."""
    text = str(value).strip()
    with contextlib.suppress(ValueError):
        if "T" in text and moment_of(text).tzinfo:
            return text
    try:
        return day_of(text).isoformat()
    except ValueError:
        raise ValueError("write a day as 2026-11-30") from None


def said(text: str, zone: str) -> str:
    """A moment as Amazon has it, and what time it is then in the zone."""
    there = datetime.fromisoformat(text).astimezone(_moment("2000-01-01", zone, last=False).tzinfo)
    return f"{text}, {there:%H:%M} in {zone}"


def first_moment(day: str, zone: str) -> str:
    """When a day begins, in UTC: not before it does in the zone."""
    begins = [_moment(day, place, last=False) for place in (zone, "UTC")]
    return max(begins).astimezone(UTC).strftime(_SPELT)


def last_moment(day: str, zone: str) -> str:
    """When a day ends, in UTC: not after it does in the zone."""
    ends = [_moment(day, place, last=True) for place in (zone, "UTC")]
    return (min(ends) - timedelta(seconds=1)).astimezone(UTC).strftime(_SPELT)


def day_in(value: Any, zone: str) -> Any:
    """The day of a moment: in the zone, or in UTC where it is midnight there; what is none stays as it is."""
    with contextlib.suppress(ValueError, OverflowError, OSError):
        if found := moment(value, zone, last=False):
            there = found.astimezone(UTC)
            plain = there.time() == time()
            return (
                (there if plain else found.astimezone(_moment("2000-01-01", zone, last=False).tzinfo))
                .date()
                .isoformat()
            )
    return value


def _moment(day: str, zone: str, *, last: bool) -> datetime:
    """The first moment of a day in a zone, or with `last` the first one after it."""
    found = moment(day, zone, last=last)
    assert found is not None
    return found
