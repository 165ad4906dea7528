"""Ranges of days by name: last_7d, last_month, 2026-10, 2026-11-01.. and what they are on a given day."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

Days = tuple[date, date]
MAXIMUM = "maximum"
"""As far back as the platform goes, which only the action knows."""
DAY = timedelta(days=1)
MONTHS = {"month": 1, "quarter": 3, "year": 12}
SUNDAYS = ("this_week_sun_today", "last_week_sun_sat")
"""Weeks from Sunday on."""
FIXED = ("today", "yesterday", "this_week", "mtd", "qtd", "ytd", MAXIMUM, *SUNDAYS)
SAME = {
    **dict.fromkeys(("this_month", "month_to_date"), "mtd"),
    **dict.fromkeys(("this_quarter", "quarter_to_date"), "qtd"),
    **dict.fromkeys(("this_year", "year_to_date"), "ytd"),
    **dict.fromkeys(("this_week_mon_today", "week_to_date", "wtd"), "this_week"),
    **dict.fromkeys(("lifetime", "data_maximum", "max", "all_time"), MAXIMUM),
    "last_week_mon_sun": "last_week",
}
"""Other names of the same days. Today is in none of them but `today`."""
NAMES = (
    "today", "yesterday", "last_7d", "last_30d", "this_week", "last_week", "this_month", "last_month", "mtd",
    "this_quarter", "last_quarter", "qtd", "this_year", "last_year", "ytd", MAXIMUM,
)  # fmt: skip
"""Names to suggest to who wrote one that is none."""
_LAST_DAYS = re.compile(r"(?:last_|past_)?(\d{1,4})_?d(?:ays?)?", re.ASCII)
_LAST = re.compile(r"(?:last|past)_(?:(\d{1,3})_)?(week|month|quarter|year)s?", re.ASCII)
_MONTH = re.compile(r"((?:19|20)\d\d)-(0[1-9]|1[0-2])", re.ASCII)
_QUARTER = re.compile(r"((?:19|20)\d\d)[-_]?q([1-4])", re.ASCII)
_WEEK = re.compile(r"((?:19|20)\d\d)[-_]?w(0[1-9]|[1-4]\d|5[0-3])", re.ASCII)
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
_OPEN = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(today)?", re.ASCII)


def known(text: str) -> str:
    """The name these days have here; empty when it is none."""
    name = SAME.get(text, text)
    if found := _LAST_DAYS.fullmatch(name):
        return f"last_{found[1]}d"
    if name in FIXED or any(pattern.fullmatch(name) for pattern in (_LAST, _MONTH, _QUARTER, _WEEK, _YEAR)):
        return name
    return ""


def since(first: date, *, today: bool = False) -> str:
    """The name of the days from one on: up to yesterday, or today as well."""
    return f"{first}..{'today' if today else ''}"


def days_of(name: str, today: date) -> Days:
    """First and last day; the first is after the last when there is no whole day yet."""
    yesterday = today - DAY
    if found := _LAST_DAYS.fullmatch(name):
        return today - timedelta(days=int(found[1])), yesterday
    if found := _OPEN.fullmatch(name):
        return date.fromisoformat(found[1]), today if found[2] else yesterday
    if found := _LAST.fullmatch(name):
        return _last(int(found[1] or 1), found[2], today)
    return _fixed(name, today, yesterday) or _calendar(name, yesterday)


def _fixed(name: str, today: date, yesterday: date) -> Days | None:
    firsts: dict[str, Callable[[], Days]] = {
        "today": lambda: (today, today),
        "yesterday": lambda: (yesterday, yesterday),
        "this_week": lambda: (monday(today), yesterday),
        SUNDAYS[0]: lambda: (sunday(today), yesterday),
        SUNDAYS[1]: lambda: (sunday(today) - 7 * DAY, sunday(today) - DAY),
        "mtd": lambda: (_start(today, 1), yesterday),
        "qtd": lambda: (_start(today, 3), yesterday),
        "ytd": lambda: (_start(today, 12), yesterday),
    }
    return firsts[name]() if name in firsts else None


def _last(number: int, unit: str, today: date) -> Days:
    """So many whole calendar weeks, months, quarters or years before the one that runs."""
    if unit == "week":
        first = monday(today)
        return first - timedelta(days=7 * number), first - DAY
    first = _start(today, MONTHS[unit])
    return months_before(first, number * MONTHS[unit]), first - DAY


def _calendar(name: str, yesterday: date) -> Days:
    """A week, month, quarter or year by its number; one that is not over ends yesterday."""
    if found := _WEEK.fullmatch(name):
        first = date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return first, min(first + 6 * DAY, yesterday)
    if found := _MONTH.fullmatch(name):
        first, months = date(int(found[1]), int(found[2]), 1), 1
    elif found := _QUARTER.fullmatch(name):
        first, months = date(int(found[1]), int(found[2]) * 3 - 2, 1), 3
    else:
        first, months = date(int(name), 1, 1), 12
    return first, min(months_before(first, -months) - DAY, yesterday)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def sunday(day: date) -> date:
    return day - timedelta(days=day.isoweekday() % 7)


def _start(day: date, months: int) -> date:
    """The first day of the month, quarter or year a day is in."""
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def months_before(day: date, months: int) -> date:
    """The first of the month so many months before a day's."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)
