"""How long a platform wants to be left alone: what Retry-After says, or until a quota begins anew."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from email.utils import parsedate_to_datetime

_SECONDS = re.compile(r"\d+(\.\d+)?", re.ASCII)


def retry_after(headers: Mapping[str, str]) -> float:
    """Seconds from Retry-After; 0 where it is absent or no time. A date is held against the answer's own."""
    text = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    if (until := _date(text)) is None:
        return 0.0
    return max(0.0, (until - _now(headers)).total_seconds())


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
