"""When a campaign runs: ISO dates for people, epoch milliseconds on the wire, UTC on both."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

GRAMMAR = '"2026-12-01", "2026-12-01T09:00Z" or epoch milliseconds'
FIRST_MS = 10**11
"""Anything smaller is an epoch in seconds."""


def parse(value: Any) -> dict[str, int]:
    """{"start", "end"} as epoch milliseconds. A plain date as the end is the last day of the run."""
    if not isinstance(value, dict) or not value or value.keys() - {"start", "end"}:
        raise ValueError(f'write {{"start": …, "end": …}}, each {GRAMMAR}')
    found = {name: _ms(value[name], name) for name in ("start", "end") if value.get(name) is not None}
    if not found:
        raise ValueError(f"start: write {GRAMMAR}")
    if "end" in found and found["end"] <= found.get("start", 0):
        raise ValueError("end must be after start")
    return found


def midnight(day: date) -> int:
    """The first millisecond of a day in UTC."""
    return int(datetime.combine(day, time(), UTC).timestamp() * 1000)


def has_passed(start: Any, today: date) -> bool:
    """Whether a start is surely over; one later today may or may not be."""
    return isinstance(start, int) and start <= midnight(today)


def shown(ms: Any, *, end: bool = False) -> Any:
    """A moment as people read it: the date at midnight (the day before it for an end), else date and time."""
    if not isinstance(ms, int) or isinstance(ms, bool):
        return ms
    moment = datetime.fromtimestamp(ms / 1000, UTC)
    if moment.time() == time():
        return str(moment.date() - timedelta(days=end))
    return moment.strftime("%Y-%m-%dT%H:%MZ")


def _ms(value: Any, name: str) -> int:
    text = str(value).strip()
    if text.isdecimal() and len(text) != len("20261201"):
        if int(text) < FIRST_MS:
            raise ValueError(f"{name}: {text} is no epoch in milliseconds; write {GRAMMAR}")
        return int(text)
    try:
        if "T" in text or " " in text:
            moment = datetime.fromisoformat(text)
            return int(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() * 1000)
        return midnight(date.fromisoformat(text) + timedelta(days=name == "end"))
    except (ValueError, OverflowError):
        raise ValueError(f"{name}: write {GRAMMAR}") from None
