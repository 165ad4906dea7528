"""What Facebook demands of a time in which a daily budget is raised, checked before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from mcp_ads.core import Amount
from mcp_ads.core.runs import run_of

MOST_PERIODS, LEAST_PERCENT = 50, 9
SHORTEST, QUARTER = timedelta(hours=3), 900


def value(amount: Amount, *, percent: bool) -> Iterable[str]:
    """Mistakes in what is added to a day."""
    if amount.relative:
        yield 'budget_value: write what is added as an amount, such as "20 USD"'
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
