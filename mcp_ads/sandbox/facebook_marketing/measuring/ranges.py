"""Periods: date presets, ranges and increments as Graph means them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from mcp_ads.sandbox.facebook_marketing.errors import GraphError, invalid
from mcp_ads.sandbox.facebook_marketing.params import Body, as_int

Range = tuple[date, date]
MONTHS_KEPT = 37


def months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)


def oldest(today: date) -> date:
    """The first day insights still know."""
    first = months_before(today, MONTHS_KEPT)
    return first + timedelta(days=min(today.day, 28) - 1)


def preset(name: str, today: date) -> Range:
    """A date preset as days; `last_Nd` leaves today out."""
    yesterday = today - timedelta(days=1)
    if name.startswith("last_") and name.endswith("d"):
        return today - timedelta(days=int(name[5:-1])), yesterday
    monday = today - timedelta(days=today.weekday())
    sunday = today - timedelta(days=(today.weekday() + 1) % 7)
    week, month, quarter = timedelta(days=7), months_before(today, 0), (today.month - 1) % 3
    quarter_start, one = months_before(today, quarter), timedelta(days=1)
    named: dict[str, Range] = {
        "today": (today, today),
        "yesterday": (yesterday, yesterday),
        "this_month": (month, today),
        "last_month": (months_before(today, 1), month - one),
        "this_quarter": (quarter_start, today),
        "last_quarter": (months_before(quarter_start, 3), quarter_start - one),
        "this_year": (date(today.year, 1, 1), today),
        "last_year": (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
        "this_week_mon_today": (monday, today),
        "this_week_sun_today": (sunday, today),
        "last_week_mon_sun": (monday - week, monday - one),
        "last_week_sun_sat": (sunday - week, sunday - one),
    }
    return named.get(name, (oldest(today), today))


def explicit(value: Any, today: date) -> Range:
    """`{"since": …, "until": …}`, plain dates in the account's time zone."""
    if not isinstance(value, dict) or set(value) != {"since", "until"}:
        raise invalid('Param time_range must be an object like {"since":"YYYY-MM-DD","until":"YYYY-MM-DD"}')
    try:
        since, until = (_plain(value[key]) for key in ("since", "until"))
    except ValueError as error:
        raise invalid("Param time_range[since|until] must be a date like YYYY-MM-DD") from error
    if since > until:
        raise invalid("time_range: since cannot be after until")
    if since < oldest(today):
        text = "(#3018) The start date of the time range cannot be beyond 37 months from the current date"
        raise GraphError(3018, text)
    return since, until


def _plain(text: Any) -> date:
    if len(str(text)) != 10:
        raise ValueError(text)
    return date.fromisoformat(str(text))


def buckets(params: Body, today: date) -> list[Range]:
    """The rows' periods, from the four parameters that can name them."""
    if ranges := params.get("time_ranges"):
        return [explicit(days, today) for days in ranges]
    if params.get("time_range"):
        whole = explicit(params["time_range"], today)
    else:
        whole = preset(params.get("date_preset") or "last_30d", today)
    return _cut(whole, str(params.get("time_increment") or "all_days"))


def _cut(whole: Range, increment: str) -> list[Range]:
    since, until = whole
    if increment == "all_days":
        return [whole]
    cuts: list[Range] = []
    days = 0 if increment == "monthly" else as_int("time_increment", increment)
    if increment != "monthly" and not 1 <= days <= 90:
        raise invalid("Param time_increment must be monthly, all_days or an integer from 1 to 90")
    while since <= until:
        following = _next_month(since) if increment == "monthly" else since + timedelta(days=days)
        cuts.append((since, min(following - timedelta(days=1), until)))
        since = following
    return cuts


def _next_month(day: date) -> date:
    return months_before(day, -1)
