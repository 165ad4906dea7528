"""How long a platform wants to be left alone: what Retry-After says, or until a quota begins anew."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from email.utils import parsedate_to_datetime


@dataclass
class Throttle:
    """How long a platform is left alone that throttles without saying for how long.

    `first` seconds, twice as long each time, up to `most`; 0: as after any other failure. What has a limit of
    its own, by method and a pattern of its path, begins with more (`slow`) and is paced apart.
    """

    first: float = 0.0
    most: float = 60.0
    slow: Mapping[str, float] = field(default_factory=dict)

    def lane(self, call: str) -> str:
        """Which limit of its own a call has, such as "POST /reporting/reports"; empty for none."""
        return next((pattern for pattern in self.slow if re.fullmatch(pattern, call)), "")

    def pause(self, lane: str, times: int) -> float:
        """Seconds to wait after being throttled so many times in a row."""
        return min(self.most, self.slow.get(lane, self.first) * 2.0 ** (times - 1))


MOST_SECONDS = 1e9
_SECONDS = re.compile(r"\d+(\.\d+)?", re.ASCII)


def retry_after(headers: Mapping[str, str]) -> float:
    """Seconds from Retry-After; 0 where it is absent or no time. A date is held against the answer's own."""
    text = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    if (until := _date(text)) is None:
        return 0.0
    return max(0.0, (until - _now(headers)).total_seconds())


def again(seconds: float) -> str:
    """When to call again: in how many seconds, and what a clock shows then."""
    now = datetime.now(UTC)
    opens = now + timedelta(seconds=math.ceil(min(seconds, MOST_SECONDS)))
    day = "%H:%M:%S UTC" if opens.date() == now.date() else "%Y-%m-%d %H:%M:%S UTC"
    return f"call again in {math.ceil(min(seconds, MOST_SECONDS))} s, at {opens.strftime(day)}"


def until_midnight(headers: Mapping[str, str]) -> float:
    """Seconds until the next midnight UTC, by the answer's own clock."""
    now = _now(headers).astimezone(UTC)
    return (datetime.combine(now.date() + timedelta(days=1), time(), UTC) - now).total_seconds()


def _now(headers: Mapping[str, str]) -> datetime:
    return _date(headers.get("date", "")) or datetime.now(UTC)


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
