"""What Amazon's keywords and targets did, and bid: from the sandbox's own numbers, as exact fractions."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from engine_client import PROFILE

from mcp_ads.sandbox.amazon_ads.reports.metrics import cells, deliveries
from mcp_ads.sandbox.store import Store


class Seen(NamedTuple):
    """What one of them did; money in major units."""

    clicks: int = 0
    orders: int = 0
    sales: Fraction = Fraction()
    cost: Fraction = Fraction()


def last_month(store: Store, profile_id: str = PROFILE) -> list[date]:
    """The days of the month before, in the profile's time zone."""
    zone = ZoneInfo((store.get("amazon.profile", profile_id) or {})["timezone"])
    first = datetime.now(zone).date().replace(day=1)
    day = (first - timedelta(days=1)).replace(day=1)
    return [day + timedelta(days=number) for number in range((first - day).days)]


def seen_of(store: Store, profile_id: str = PROFILE, days: list[date] | None = None) -> dict[str, Seen]:
    """What each keyword and target did, in the month before unless other days are given."""
    profile: dict[str, Any] = store.get("amazon.profile", profile_id) or {}
    sums, unit = defaultdict[str, Seen](Seen), 1 if profile["currencyCode"] == "JPY" else 100
    for done in deliveries(cells(store, profile), days or last_month(store, profile_id)):
        had, did = sums[done.cell.target_id], done.numbers
        sums[done.cell.target_id] = Seen(
            had.clicks + did[1],
            had.orders + did[4],
            had.sales + Fraction(did[8], unit),
            had.cost + Fraction(did[2], unit),
        )
    return dict(sums)


def bid_now(store: Store, keyword_id: str) -> Fraction:
    """A keyword's bid, or its ad group's default where it has none."""
    keyword = store.get("amazon.keywords", keyword_id) or {}
    group = store.get("amazon.adGroups", keyword["adGroupId"]) or {}
    return Fraction(str(keyword.get("bid") or group["defaultBid"]))
