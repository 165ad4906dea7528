"""Date ranges that mean the same on every platform: whole days in the account's time zone, before today."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

GRAMMAR = (
    "yesterday, today, last_7d (any number), last_week, last_month, mtd, last_30d, a date, "
    "2026-10-01..2026-10-31, or {since, until}"
)
_LAST_DAYS = re.compile(r"last_(\d{1,4})_?d(ays)?", re.ASCII)
_APART = re.compile(r"(?<=[a-z0-9])[ -](?=[a-z0-9])")
_BETWEEN = re.compile(r"\s*(?:\.\.|/|,|\sto\s|\s-\s)\s*")
_NAMED = {
    "today", "yesterday", "this_week", "last_week", "mtd", "last_month", "last_quarter", "ytd", "last_year",
}  # fmt: skip
_SAME = {"this_month": "mtd", "month_to_date": "mtd", "this_year": "ytd", "last_week_mon_sun": "last_week"}


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

    def settle(self, today: date) -> Span:
        """The same range as plain dates; raises ValueError when it has no day yet."""
        if not self.preset:
            return self
        since, until = _days_of(self.preset, today)
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
    plain = _APART.sub("_", text.lower())
    name = _SAME.get(plain, plain)
    if name in _NAMED or _LAST_DAYS.fullmatch(name):
        return Span(preset=name)
    return _from_list(_BETWEEN.split(text))


def _from_list(ends: list[Any]) -> Span:
    if len(ends) not in (1, 2):
        raise ValueError(f"write {GRAMMAR}")
    return _ordered(_day(ends[0]), _day(ends[-1]))


def _from_dict(value: dict[str, Any]) -> Span:
    since = value.get("since", value.get("start"))
    until = value.get("until", value.get("end"))
    if since is None or until is None:
        raise ValueError(f"write {GRAMMAR}")
    return _ordered(_day(since), _day(until))


def _ordered(since: date, until: date) -> Span:
    if since > until:
        raise ValueError(f"{since} is after {until}")
    return Span(since, until)


def _day(value: Any) -> date:
    try:
        if isinstance(value, dict):
            return date(int(value["year"]), int(value["month"]), int(value["day"]))
        return date.fromisoformat(str(value).strip())
    except (KeyError, OverflowError, TypeError, ValueError):
        raise ValueError(f"write {GRAMMAR}") from None


def _spell(span: Span) -> Any:
    return span.preset or {"since": str(span.since), "until": str(span.until)}


def _days_of(preset: str, today: date) -> tuple[date, date]:
    yesterday = today - timedelta(days=1)
    if found := _LAST_DAYS.fullmatch(preset):
        return today - timedelta(days=int(found[1])), yesterday
    monday = today - timedelta(days=today.weekday())
    month = today.replace(day=1)
    quarter = month.replace(month=(today.month - 1) // 3 * 3 + 1)
    return {
        "today": (today, today),
        "yesterday": (yesterday, yesterday),
        "this_week": (monday, yesterday),
        "last_week": (monday - timedelta(days=7), monday - timedelta(days=1)),
        "mtd": (month, yesterday),
        "last_month": ((month - timedelta(days=1)).replace(day=1), month - timedelta(days=1)),
        "last_quarter": (_quarter_before(quarter), quarter - timedelta(days=1)),
        "ytd": (today.replace(month=1, day=1), yesterday),
        "last_year": (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
    }[preset]


def _quarter_before(quarter: date) -> date:
    last = quarter - timedelta(days=1)
    return last.replace(month=(last.month - 1) // 3 * 3 + 1, day=1)
