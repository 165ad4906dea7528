"""Date ranges that mean the same on every platform: whole days in the account's time zone, before today."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from . import presets
from .days import day_of
from .presets import MAXIMUM
from .synonyms import close_to, cut

GRAMMAR = "last_7d, last_week, mtd, last_month, 2026-10, 2026-10-01..2026-10-31, {since, until}"
"""Some of the ways to name days, enough to see what the others are like."""
SINCE = ("since", "start", "from", "start_date", "date_from", "startDate")
UNTIL = ("until", "end", "to", "end_date", "date_to", "endDate")
_APART = re.compile(r"(?<=[a-z0-9])[ -](?=[a-z0-9])")
_SINCE = re.compile(r"(?:since|from)\s+(\S+)", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:\.\.|/|,|\sto\s|\s-\s|\suntil\s)\s*")
_REST = re.compile(r"\((start|end):\(([^()]*)\)(?:,(start|end):\(([^()]*)\))?\)")
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
LONGEST = 300
"""Characters of a range: where it ends is looked for at every one of them."""
OPEN_ENDS = {"": False, "yesterday": False, "today": True, "now": True}
"""Ends that move with the day, and whether today is in them."""


@dataclass(frozen=True)
class Span:
    """A range of days, both ends included; a preset has no days until it is settled against today."""

    since: date | None = None
    until: date | None = None
    preset: str = ""

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            parse, serialization=core_schema.plain_serializer_function_ser_schema(_spell)
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": ["string", "object"], "format": "date-range"}

    def __str__(self) -> str:
        return self.preset or f"{self.since}..{self.until}"

    def settle(self, today: date, earliest: date | None = None) -> Span:
        """The same range as plain dates; raises ValueError when it has no day yet, or one that is to come.

        `earliest` is the first day the platform has anything of, which is where `maximum` begins.
        """
        if not self.preset:
            if self.until and self.until > today:
                raise ValueError(f"{self.until} is after today ({today})")
            return self
        if self.preset == MAXIMUM:
            return Span(_furthest(earliest), presets.days_of("yesterday", today)[0])
        since, until = presets.days_of(self.preset, today)
        if since > until:
            raise ValueError(f"{self.preset} has no whole day yet; use today or last_month")
        return Span(since, until)

    @property
    def days(self) -> tuple[date, date]:
        """First and last day of a settled range."""
        assert self.since
        assert self.until
        return self.since, self.until


def parse(value: Any) -> Span:
    """Read what the agent wrote; raises ValueError with the grammar."""
    if isinstance(value, Span):
        return value
    if isinstance(value, dict):
        return _from_dict(value)
    if isinstance(value, list):
        return _from_list(value)
    if not isinstance(value, str):
        raise ValueError(f"write {GRAMMAR}")  # noqa: TRY004 - pydantic turns ValueError into a line
    text = value.strip()
    if len(text) > LONGEST:
        raise ValueError(f"{cut(text)!r} is no range; write {GRAMMAR}")
    return _from_text(text)


def _from_text(text: str) -> Span:
    if found := _REST.fullmatch("".join(text.split())):
        return _from_dict(_rest(found))
    lower = text.lower()
    if name := presets.known(lower) or presets.known(_APART.sub("_", lower)):
        return Span(preset=name)
    if since := _SINCE.fullmatch(text):
        return _between(since[1], "")
    ends = _BETWEEN.split(text)
    if len(ends) > 2 or (len(ends) == 1 and not _DATE.fullmatch(text) and not text.isdigit()):  # noqa: PLR2004
        raise ValueError(f"{cut(text)!r} is no range; {_meant(_APART.sub('_', lower))}write {GRAMMAR}")
    return _from_list(ends)


def _meant(word: str) -> str:
    """What a word that is no range may mean, as it is written; empty where nobody knows."""
    months = [name.lower() for name in calendar.month_name[1:]]
    if named := [number for number, name in enumerate(months, 1) if word in (name, name[:3])]:
        return f"write a month with its year, such as 2026-{named[0]:02}; or "
    if word == "tomorrow" or word.startswith("next_"):
        return "days to come have no numbers; "
    near = close_to(word, presets.NAMES)
    return f"did you mean {near[0]}? Or " if near else ""


def _rest(found: re.Match[str]) -> dict[str, Any]:
    """(start:(year:2026,month:11,day:1),end:(…)) as an object; its end may be left out."""
    ends = {found[1]: found[2]} | ({found[3]: found[4]} if found[3] else {})
    return {
        name: dict(part.split(":", 1) for part in day.split(",") if ":" in part) for name, day in ends.items()
    }


def _from_list(ends: list[Any]) -> Span:
    if len(ends) not in (1, 2):
        raise ValueError(f"write {GRAMMAR}")
    return _between(ends[0], ends[-1] or "")


def _from_dict(value: Mapping[str, Any]) -> Span:
    """The days between two ends by whatever names; without the last, up to yesterday."""
    given = {name: end for name, end in value.items() if end is not None}
    since, until = ([end for name, end in given.items() if name in names] for names in (SINCE, UNTIL))
    if given.keys() - {*SINCE, *UNTIL} or len(since) != 1 or len(until) > 1:
        raise ValueError(f"write {GRAMMAR}")
    return _between(since[0], until[0] if until else "")


def _between(since: Any, until: Any) -> Span:
    first, last = _day(since), until.strip().lower() if isinstance(until, str) else until
    if isinstance(last, str) and last in OPEN_ENDS:
        return Span(preset=presets.since(first, today=OPEN_ENDS[last]))
    return _ordered(first, _day(until))


def _ordered(since: date, until: date) -> Span:
    if since > until:
        raise ValueError(f"{since} is after {until}")
    return Span(since, until)


def _day(value: Any) -> date:
    try:
        if isinstance(value, dict):
            return date(int(value["year"]), int(value["month"]), int(value["day"]))
        return day_of(value)
    except (KeyError, OverflowError, TypeError, ValueError):
        raise ValueError(f"{_no_day(value)}; write {GRAMMAR}") from None


def _no_day(value: Any) -> str:
    """Why this is no day: its month may have fewer."""
    if (found := _DATE.fullmatch(text := str(value).strip())) and "01" <= found[2] <= "12" and int(found[1]):
        month, days = int(found[2]), calendar.monthrange(int(found[1]), int(found[2]))[1]
        return f"{text} is no day: {calendar.month_name[month]} {found[1]} has {days}"
    return f"{cut(text)!r} is no day"


def _furthest(earliest: date | None) -> date:
    if earliest is None:
        raise ValueError(f"{MAXIMUM}: this has no fixed beginning; name the first day, such as 2026-10-01..")
    return earliest


def _spell(span: Span) -> Any:
    return span.preset or {"since": str(span.since), "until": str(span.until)}
