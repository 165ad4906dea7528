"""When a campaign runs: ISO dates for people, epoch milliseconds on the wire, UTC on both."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from mcp_ads.core.days import day_of, moment_of
from mcp_ads.core.write import NONE

GRAMMAR = '"2026-12-01", "2026-12-01T09:00Z" or epoch milliseconds'
END, NO_END = "runschedule.end", ("", NONE, "null", "never")
FIRST_MS = 10**11
"""Anything smaller is an epoch in seconds."""


def parse(value: Any) -> dict[str, Any]:
    """{"start", "end"} as epoch milliseconds. A plain date as the end is the last day of the run.

    An end that is said to be none, in words, as null or as empty text, is "none": a change takes it away.
    """
    if isinstance(value, str) and ".." in value:
        value = dict(zip(("start", "end"), map(str.strip, value.split("..", 1)), strict=True))
    if not isinstance(value, dict) or not value or value.keys() - {"start", "end"}:
        raise ValueError(f'write {{"start": …, "end": …}}, each {GRAMMAR}; end "none" for no end')
    times = {name: _end(moment) if name == "end" else _ms(moment, name) for name, moment in value.items()}
    end = times.get("end")
    if isinstance(end, int) and end <= int(times.get("start", 0)):
        raise ValueError("end must be after start")
    return times


def _end(value: Any) -> int | str:
    return NONE if value is None or str(value).strip().lower() in NO_END else _ms(value, "end")


def open_ended(params: Any) -> Any:
    """Parameters in which the end is among the fields to remove, with a schedule that says so itself."""
    if not isinstance(params, dict) or not isinstance(clear := params.get("clear"), list):
        return params
    rest = [field for field in clear if str(field).replace("_", "").replace("/", ".").lower() != END]
    if len(rest) == len(clear):
        return params
    name = "runSchedule" if "runSchedule" in params else "run_schedule"
    others = {param: value for param, value in params.items() if param not in ("clear", name)}
    return others | ({"clear": rest} if rest else {}) | {name: {**(params.get(name) or {}), "end": NONE}}


def given(run: Mapping[str, Any]) -> dict[str, Any]:
    """What a schedule sets, without what it takes away."""
    return {name: at for name, at in run.items() if at != NONE}


def patch(run: Mapping[str, Any]) -> dict[str, Any]:
    """A schedule as a partial update of the one there is."""
    kept, ended = given(run), run.get("end") == NONE
    return {**({"$set": kept} if kept else {}), **({"$delete": ["end"]} if ended else {})}


def midnight(day: date) -> int:
    """The first millisecond of a day in UTC."""
    return int(datetime.combine(day, time(), UTC).timestamp() * 1000)


def has_passed(start: int, today: date) -> bool:
    """Whether a start is surely over; one later today may or may not be."""
    return start <= midnight(today)


def start_of(run: Any) -> int | None:
    """When a schedule starts, from a record or a row; None when it does not say."""
    try:
        return int(parse({"start": run["start"]})["start"])
    except (KeyError, TypeError, ValueError):
        return None


def readable(run: Mapping[str, Any]) -> dict[str, Any]:
    """A schedule with dates for epochs; `parse` reads it back exactly."""
    return {name: shown(at, end=name == "end") for name, at in run.items()}


def shown(ms: Any, *, end: bool = False) -> Any:
    """A moment as people read it: the date at midnight (the day before it for an end), else date and time."""
    if not isinstance(ms, int) or isinstance(ms, bool):
        return ms
    moment = datetime.fromtimestamp(ms / 1000, UTC)
    if moment.time() == time():
        return str(moment.date() - timedelta(days=end))
    spec = "milliseconds" if ms % 1000 else "seconds" if ms % 60_000 else "minutes"
    return moment.replace(tzinfo=None).isoformat(timespec=spec) + "Z"


def _ms(value: Any, name: str) -> int:
    text = str(value).strip()
    if text.isdecimal() and len(text) != len("20261201"):
        if int(text) < FIRST_MS:
            raise ValueError(f"{name}: {text} is no epoch in milliseconds; write {GRAMMAR}")
        return int(text)
    try:
        if "T" in text or " " in text:
            moment = moment_of(text)
            return int(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() * 1000)
        return midnight(day_of(text) + timedelta(days=name == "end"))
    except (ValueError, OverflowError):
        raise ValueError(f"{name}: write {GRAMMAR}") from None
