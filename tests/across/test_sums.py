"""What performance is made of: which days are compared, and numbers added up exactly."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from mcp_ads.across.periods import compared
from mcp_ads.across.sums import Sums
from mcp_ads.core.dates import parse


@pytest.mark.parametrize(
    ("range_", "compare", "days", "before"),
    [
        ("last_week", "previous", "2026-11-16..2026-11-22", "2026-11-09..2026-11-15"),
        ("last_week", "year", "2026-11-16..2026-11-22", "2025-11-17..2025-11-23"),
        ("last_month", "previous", "2026-10-01..2026-10-31", "2026-09-01..2026-09-30"),
        ("mtd", "previous", "2026-11-01..2026-11-25", "2026-10-01..2026-10-25"),
        ("2026-q4", "previous", "2026-10-01..2026-11-25", "2026-07-01..2026-08-25"),
        ("this_week", "previous", "2026-11-23..2026-11-25", "2026-11-16..2026-11-18"),
        ("last_7d", "previous", "2026-11-19..2026-11-25", "2026-11-12..2026-11-18"),
        ("2024-02", "year", "2024-02-01..2024-02-29", "2023-02-01..2023-02-28"),
        ("2024-02-29", "year", "2024-02-29..2024-02-29", "2023-02-28..2023-02-28"),
        ("last_7d", "2026-01-05..2026-01-11", "2026-11-19..2026-11-25", "2026-01-05..2026-01-11"),
    ],
)
def test_which_days_are_compared(range_: str, compare: str, days: str, before: str) -> None:
    """The same length right before, months with months, weeks with weeks; or the days that are named."""
    against = compare if compare in ("previous", "year") else parse(compare)
    found = compared(parse(range_), against, date(2026, 11, 26))
    assert ["..".join(map(str, both)) for both in found.both] == [days, before]


def test_sums_are_exact() -> None:
    """Against sums made one by one: several currencies, things of one range only, rows without a value."""
    dice = random.Random(7)
    rows: list[dict[str, Any]] = [
        {
            "platform": "p", "account": dice.choice("ab"), "campaign": str(dice.randrange(5)),
            "currency": dice.choice(["USD", "JPY"]), "spend": Decimal(dice.randrange(10**6)) / 100,
            "conversions": dice.randrange(3), "conversion_value": dice.choice([None, Decimal("0.1")]),
        }
        for _ in range(400)
    ]  # fmt: skip
    keys = ("platform", "account", "campaign", "currency")
    sums, at = Sums(keys, compare=True), [dice.randrange(2) for _ in rows]
    for row, when in zip(rows, at, strict=True):
        sums.add(row, when)
    again = Sums(keys, compare=True)
    for row in sums.rows():
        again.add_made(row)
    for found in (list(sums.rows()), list(again.rows())):
        for row in found:
            own = [
                (other, when)
                for other, when in zip(rows, at, strict=True)
                if all(other[name] == row[name] for name in keys)
            ]
            now, before = (sum(other["spend"] for other, when in own if when == side) for side in (0, 1))
            assert (row["spend"], row["spend_before"]) == (float(now), float(before))
            assert row["spend_change"] == float(now - before)
            valued = all(other["conversion_value"] is not None for other, _ in own)
            assert (row["conversion_value"] is not None) == valued
