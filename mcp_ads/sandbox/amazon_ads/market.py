"""What a profile's marketplace means: its currency's decimals, its limits, its date."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

Body = dict[str, Any]
NO_DECIMALS = {"JPY"}


@cache
def table(name: str) -> Body:
    """A table of the platform's facts from this package, such as `limits` or `reports/types`."""
    text = files(__package__ or "").joinpath(f"{name}.json").read_text("utf-8")
    loaded: Body = json.loads(text)
    return loaded


def limits(profile: Body, what: str) -> tuple[float, float]:
    """Lowest and highest `bid` or `budget` of the profile's marketplace.

    For Sponsored Display `cpc` and `vcpm` are its bids, `display` its budget: the budget, where its own is
    not stated, and less for vendors.
    """
    row = table("limits")[profile["countryCode"]]
    low, high = row.get(what, row["budget"])
    vendor = what == "display" and profile["accountInfo"]["type"] == "vendor"
    return low, min(high, row.get("vendor", high)) if vendor else high


def major(minor: int, currency: str) -> float | int:
    """An amount counted in the smallest unit, as the API writes it."""
    return minor if currency in NO_DECIMALS else round(minor / 100, 2)


def rounded(amount: float, currency: str) -> float | int:
    return round(amount) if currency in NO_DECIMALS else round(amount, 2)


def today(profile: Body) -> date:
    return datetime.now(ZoneInfo(profile["timezone"])).date()


def now() -> str:
    """The time as the API writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
