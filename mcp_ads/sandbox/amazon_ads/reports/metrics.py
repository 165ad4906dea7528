"""What was delivered: numbers per cell (one ad for one target) and day, the source of every report.

All counts are whole and all money is in the smallest unit, so sums are exact whatever they are grouped by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import NamedTuple

from mcp_ads.sandbox import numbers
from mcp_ads.sandbox.amazon_ads.agency.source import counts_of
from mcp_ads.sandbox.amazon_ads.calls import Body
from mcp_ads.sandbox.amazon_ads.catalogue import RIVALS, by_asin, price
from mcp_ads.sandbox.amazon_ads.market import today
from mcp_ads.sandbox.store import Store

WINDOWS = (1, 7, 14, 30)
# What a cell-day is: three counts, purchases by window, sales by window, other-product purchases and sales.
LENGTH = 3 + 4 + 4 + 2
WEEK = (0.95, 0.9, 0.92, 1.0, 1.1, 1.2, 1.05)
PARTS, STEP = 4, 2**13
NEVER = "9999"
KEPT = 2**16
"""Days of cells whose numbers are kept; the largest profile has a fourth of them in a month."""


@dataclass(frozen=True, eq=False)
class Cell:
    """One product ad under one keyword or target."""

    campaign: Body
    group: Body
    ad: Body
    target: Body
    currency: str
    spend: float
    today: int = 0

    @cached_property
    def key(self) -> str:
        return f"{self.ad['adId']}|{self.target_id}"

    @cached_property
    def target_id(self) -> str:
        return str(self.target.get("keywordId") or self.target["targetId"])

    @cached_property
    def price(self) -> int:
        return price(self.ad["asin"], self.currency)

    @cached_property
    def rates(self) -> tuple[float, float, float]:
        """Cost of a click by the seed's bid, so that days stay; clicks an impression, purchases a click."""
        bid = self.target.get("_bid") or self.group["_bid"]
        cost = max(1.0, bid * (1 if self.currency == "JPY" else 100) * 0.7)
        return (
            cost,
            numbers.between(0.004, 0.015, "ctr", self.key),
            numbers.between(0.06, 0.14, "cvr", self.key),
        )

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """What shoppers typed, or the products beside which they saw it, as search terms have them."""
        kind = "" if "keywordText" in self.target else self.target["expression"][0]["type"]
        if kind.startswith("ASIN_"):
            return tuple(asin.lower() for asin in RIVALS)
        word = self.target.get("keywordText")
        if word and self.target["matchType"] == "EXACT":
            return (word,)
        word = (
            word
            or str(self.ad.get("_title") or (by_asin(self.ad["asin"]) or {"title": "beach"})["title"]).lower()
        )
        return (word, f"{word} for women", f"best {word}")

    @cached_property
    def stopped(self) -> str:
        """The first day on which something of it was not enabled any more; empty where it never was."""
        off = (link.get("_changed", "") for link in self.chain if link["state"] != "ENABLED")
        return min(off, default=NEVER)

    @cached_property
    def gaps(self) -> list[Body]:
        """What of it had been off when its world began."""
        return [link for link in self.chain if "_until" in link]

    @cached_property
    def chain(self) -> tuple[Body, ...]:
        return self.campaign, self.group, self.ad, self.target

    def delivers(self, day: str) -> bool:
        """Seeded objects deliver while they are enabled; what they delivered before a change stays."""
        planned: bool = self.campaign["startDate"] <= day <= self.campaign.get("endDate", day)
        return planned and day < self.stopped and all(_was_on(link, day) for link in self.gaps)


class Delivery(NamedTuple):
    """What one cell did on one day."""

    cell: Cell
    day: str
    term: str
    placement: int
    numbers: tuple[int, ...]


def _was_on(link: Body, day: str) -> bool:
    """Whether something that was off when its world began had been on then, or is again."""
    return day <= str(link["_until"]) or str(link.get("_changed", NEVER)) <= day


def cells(store: Store, profile: Body, campaign_id: str = "") -> list[Cell]:
    """Every cell of a profile, or of one of its campaigns, that ever delivered."""
    field, owner = ("campaignId", campaign_id) if campaign_id else ("_profile", str(profile["profileId"]))
    currency, now = profile["currencyCode"], today(profile).toordinal()
    ads = _below(store, field, owner, "productAds")
    targets = _below(store, field, owner, "keywords", "targetingClauses")
    campaigns = {campaign["campaignId"]: campaign for campaign in _live(store, field, owner, "campaigns")}
    trios: dict[str, list[tuple[Body, Body, Body]]] = defaultdict(list)
    for group in _live(store, field, owner, "adGroups"):
        own = group["adGroupId"]
        trios[group["campaignId"]] += [(group, ad, target) for ad in ads[own] for target in targets[own]]
    return [
        Cell(campaigns[owner], *trio, currency, campaigns[owner]["_spend"] / len(below), now)
        for owner, below in trios.items()
        if owner in campaigns
        for trio in below
    ]


def _live(store: Store, field: str, owner: str, key: str) -> Iterator[Body]:
    return (record for record in store.owned(f"amazon.{key}", field, owner) if record.get("_live"))


def _below(store: Store, field: str, owner: str, *keys: str) -> dict[str, list[Body]]:
    found: dict[str, list[Body]] = defaultdict(list)
    for key in keys:
        for record in _live(store, field, owner, key):
            found[record["adGroupId"]].append(record)
    return found


def deliveries(found: list[Cell], days: list[date]) -> Iterator[Delivery]:
    """Everything the cells did on those days; days without anything are left out."""
    first, last = min(days).isoformat(), max(days).isoformat()
    running = [cell for cell in found if cell.campaign["startDate"] <= last and first < cell.stopped]
    for day in days:
        text, pace = day.isoformat(), WEEK[day.weekday()]
        for cell in running:
            if cell.delivers(text):
                delivery = _delivery(cell, text, pace)
                if any(delivery.numbers):
                    yield delivery


def _delivery(cell: Cell, day: str, pace: float) -> Delivery:
    if "_began" in cell.ad:
        return _of_the_world(cell, day)
    wasted = day >= cell.campaign.get("_wasted", NEVER)
    part, placement, counts = _numbers(cell.key, day, cell.spend * pace, cell.rates, cell.price, wasted)
    return Delivery(cell, day, cell.terms[int(part * len(cell.terms))], placement, counts)


def _of_the_world(cell: Cell, day: str) -> Delivery:
    luck = numbers.noise(cell.key, day)
    counts = counts_of(cell.ad, cell.target["_share"], date.fromisoformat(day).toordinal(), cell.today)
    return Delivery(cell, day, cell.terms[int(luck * len(cell.terms))], int(luck * 4096 % 3), counts)


@lru_cache(maxsize=KEPT)
def _numbers(
    key: str, day: str, spend: float, rates: tuple[float, float, float], price: int, wasted: bool
) -> tuple[float, int, tuple[int, ...]]:
    """Where in its terms a cell was on a day, the placement, and the counts."""
    bits = int(numbers.noise(key, day) * STEP**PARTS)
    a, b, c, d = (bits // STEP**n % STEP / STEP for n in range(PARTS))
    cost, rate, sold = rates
    expected = spend * (0.6 + 0.8 * a) / cost
    clicks = int(expected + b)
    impressions = clicks + int(expected / rate * (0.8 + 0.4 * c) + d)
    bought = 0 if wasted else int(clicks * sold + d)
    counts = (impressions, clicks, clicks * round(cost * (0.85 + 0.3 * c)))
    return a, int(c * 3), counts + _sales(price, bought, early=a < 0.7, late=c > 0.9, other=b > 0.8)


def _sales(price: int, bought: int, *, early: bool, late: bool, other: bool) -> tuple[int, ...]:
    if not bought:
        return (0,) * (LENGTH - 3)
    first, last = (bought if early else bought - 1), (bought + 1 if late else bought)
    purchases = (first, bought, last, last)
    halo = 1 if other and first else 0
    return (*purchases, *(purchase * price for purchase in purchases), halo, halo * price)
