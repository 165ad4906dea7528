"""What Facebook demands of a time in which a daily budget is raised, checked before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import ROUND_UP, Decimal
from typing import Any

from mcp_ads.core import Amount
from mcp_ads.core.money import SUSPICIOUS, offset, plain
from mcp_ads.core.runs import run_of
from mcp_ads.errors import InvalidParams

MOST_PERIODS, LEAST_PERCENT = 50, 9
SHORTEST, QUARTER = timedelta(hours=3), 900


def value(amount: Amount, *, percent: bool) -> Iterable[str]:
    """Mistakes in what is added to a day."""
    if amount.relative:
        yield (
            'budget_value: write what is added as an amount, such as "20 USD"; '
            'a percent, "20%", goes with budget_value_type MULTIPLIER'
        )
    elif amount.number <= 0:
        yield "budget_value: it is added to the daily budget, so it is more than 0"
    elif percent and amount.currency:
        yield "budget_value: with MULTIPLIER it is a percent; leave budget_value_type out for an amount"
    elif percent and amount.number != int(amount.number):
        yield "budget_value: a percent here is a whole number"
    elif percent and amount.number < LEAST_PERCENT:
        yield (
            "budget_value: a MULTIPLIER of 1 to 8 means times to some and percent to others; "
            'write the amount that is added, such as "20 USD"'
        )


def times(start: str, end: str) -> Iterable[str]:
    """Mistakes in when a period begins and ends."""
    run = run_of(start, end, "UTC")
    if run.begins is None or run.ends is None:
        return
    if run.ends - run.begins < SHORTEST:
        yield "time_end: a period has three hours at least, and ends after it begins"
    for name, at in (("time_start", run.begins), ("time_end", run.ends)):
        if at.timestamp() % QUARTER:
            yield f"{name}: periods begin and end on a quarter hour"


def check_unit(written: Decimal, daily: Decimal, currency: str) -> None:
    """Raise InvalidParams for a number without a currency that adds next to nothing to a daily budget: it was
    probably meant in the other unit.
    """
    exact = written / offset(currency)
    if exact * SUSPICIOUS >= daily:
        return
    small, large = (f'"{plain(amount, currency)} {currency}"' for amount in (exact, written))
    raise InvalidParams(
        f"budget_value: {written:f} would add {small} to {plain(daily, currency)} {currency} a day; "
        f"write {small} if you mean that{f', or {large}' if exact != written else ''}"
    )


def percent_of(daily: Decimal, percent: Decimal, currency: str) -> Decimal:
    """What a percent adds to a daily budget, rounded up, in major units."""
    return (daily * percent / 100).quantize(Decimal(1) / offset(currency), ROUND_UP)


def most_added(daily: Decimal, periods: Iterable[Mapping[str, Any]], currency: str) -> Decimal:
    """The most that a period which is not over adds to a day; periods never overlap."""
    most, now = Decimal(0), datetime.now(UTC)
    for row in periods:
        if run_of(None, row.get("time_end"), "UTC").over(now):
            continue
        added = Decimal(str(row.get("budget_value") or 0))
        by_percent = row.get("budget_value_type") == "MULTIPLIER"
        added = percent_of(daily, added, currency) if by_percent else added / offset(currency)
        most = max(most, added)
    return most


def beside(periods: Sequence[Mapping[str, Any]], start: str, end: str, kind: str) -> Iterable[str]:
    """What does not go together with the periods that a budget has already."""
    if len(periods) >= MOST_PERIODS:
        yield f"object_id: it has {len(periods)} periods, and {MOST_PERIODS} are the most"
    if others := {str(row.get("budget_value_type")) for row in periods} - {kind}:
        yield f"budget_value_type: its other periods are {others.pop()}, and all are of one type"
    for row in periods:
        when = run_of(row.get("time_start"), row.get("time_end"), "UTC").within(run_of(start, end, "UTC"))
        if when.begins and when.ends and when.begins < when.ends:
            yield f"time_start: period {row.get('id')} is at the same time"
