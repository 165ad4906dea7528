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


def oldest(today: date, months: int = MONTHS_KEPT) -> date:
    """The first day insights still know."""
    first = months_before(today, months)
    return first + timedelta(days=min(today.day, 28) - 1)


def preset(name: str, today: date) -> Range:
    """A date preset as days: `last_…` leave today out, `this_…` end with it."""
    yesterday = today - timedelta(days=1)
    if name.startswith("last_") and name.endswith("d"):
        return today - timedelta(days=int(name[5:-1])), yesterday
    monday = today - timedelta(days=today.weekday())
    sunday = today - timedelta(days=(today.weekday() + 1) % 7)
    week, quarter, year = timedelta(days=7), (today.month - 1) % 3, today.month - 1
    begun: dict[str, Range] = {
        "week_mon": (monday, monday - week),
        "week_sun": (sunday, sunday - week),
        "month": (months_before(today, 0), months_before(today, 1)),
        "quarter": (months_before(today, quarter), months_before(today, quarter + 3)),
        "year": (months_before(today, year), months_before(today, year + 12)),
    }
    which, _, period = name.partition("_")
    for begins, (this, last) in begun.items():
        if period.startswith(begins):
            return (this, today) if which == "this" else (last, this - timedelta(days=1))
    days: dict[str, Range] = {"today": (today, today), "yesterday": (yesterday, yesterday)}
    return days.get(name, (oldest(today), today))


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
        following = months_before(since, -1) if increment == "monthly" else since + timedelta(days=days)
        cuts.append((since, min(following - timedelta(days=1), until)))
        since = following
    return cuts
