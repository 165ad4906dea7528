"""What every account of the sandbox did, a part for each day, ad and target: from the sandbox's own numbers.

Answers are held against this: it knows neither declarations nor requests, and adds up in Decimal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from mcp_ads.sandbox.amazon_ads.catalogue import price, products
from mcp_ads.sandbox.amazon_ads.reports import brands, display
from mcp_ads.sandbox.amazon_ads.reports.metrics import cells, deliveries
from mcp_ads.sandbox.amazon_ads.sponsored_display.data import AD, GROUP
from mcp_ads.sandbox.facebook_marketing import days as facebook_days
from mcp_ads.sandbox.linkedin_ads import delivery
from mcp_ads.sandbox.linkedin_ads.analytics import metrics
from mcp_ads.sandbox.store import Store

FACEBOOK, LINKEDIN, AMAZON = "facebook", "linkedin", "amazon"


@dataclass(frozen=True)
class Whose:
    """One account, and the day it is there."""

    platform: str
    id: str
    currency: str
    today: date

    @property
    def label(self) -> str:
        return f"{self.platform}:{self.id}"

    @property
    def unit(self) -> int:
        return 1 if self.currency == "JPY" else 100


@dataclass(frozen=True)
class Part:
    """What one ad did on one day; money in major units."""

    whose: Whose
    day: date
    campaign: str
    ad_group: str
    ad: str
    product: str
    spend: Decimal
    impressions: int
    clicks: int
    conversions: int
    value: Decimal

    @property
    def currency(self) -> str:
        return self.whose.currency


@dataclass
class Sums:
    """Parts added up."""

    spend: Decimal = field(default_factory=Decimal)
    impressions: int = 0
    clicks: int = 0
    conversions: int = 0
    value: Decimal = field(default_factory=Decimal)

    @property
    def figures(self) -> tuple[Decimal, ...]:
        """Spend, impressions, clicks, conversions and their value."""
        return self.of("spend", "impressions", "clicks", "conversions", "value")

    def of(self, *names: str) -> tuple[Decimal, ...]:
        return tuple(Decimal(getattr(self, name)) for name in names)

    def add(self, part: Part) -> None:
        self.spend += part.spend
        self.impressions += part.impressions
        self.clicks += part.clicks
        self.conversions += part.conversions
        self.value += part.value


Days = tuple[date, date]


def accounts(store: Store) -> list[Whose]:
    """Every account of the three platforms; LinkedIn's days are UTC's."""
    now, found = datetime.now(UTC), list[Whose]()
    for row in store.all("facebook.account"):
        zone = ZoneInfo(row["timezone_name"])
        found.append(Whose(FACEBOOK, row["account_id"], row["currency"], now.astimezone(zone).date()))
    for row in store.all("linkedin.account"):
        found.append(Whose(LINKEDIN, str(row["id"]), row["currency"], now.date()))
    for row in store.all("amazon.profile"):
        zone = ZoneInfo(row["timezone"])
        found.append(Whose(AMAZON, str(row["profileId"]), row["currencyCode"], now.astimezone(zone).date()))
    return found


def last_week(today: date, back: int = 1) -> Days:
    """Monday to Sunday of the week so many weeks ago."""
    monday = today - timedelta(days=today.weekday() + 7 * back)
    return monday, monday + timedelta(days=6)


def month_before(today: date) -> Days:
    """The whole month before the one that a day is in."""
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def yesterday(today: date) -> Days:
    return today - timedelta(days=1), today - timedelta(days=1)


def quarter(of: date, today: date) -> Days:
    """The quarter that a day is in, up to yesterday."""
    first = date(of.year, (of.month - 1) // 3 * 3 + 1, 1)
    after = (first + timedelta(days=100)).replace(day=1)
    return first, min(after, today) - timedelta(days=1)


def parts(store: Store, when: Callable[[date], Days], *labels: str) -> list[Part]:
    """Everything that all accounts, or those of these labels, did on the days that `when` makes of each
    account's today.
    """
    found: list[Part] = []
    for whose in accounts(store):
        if labels and whose.label not in labels:
            continue
        made = {FACEBOOK: _facebook, LINKEDIN: _linkedin, AMAZON: _amazon}[whose.platform]
        found += made(store, whose, *when(whose.today))
    return found


def summed(found: Iterable[Part], *keys: Callable[[Part], Hashable]) -> dict[Any, Sums]:
    """Sums by what the keys tell apart; by one key without a tuple."""
    sums: dict[Any, Sums] = defaultdict(Sums)
    for part in found:
        key = tuple(key(part) for key in keys)
        sums[key[0] if len(keys) == 1 else key].add(part)
    return dict(sums)


def _facebook(store: Store, whose: Whose, since: date, until: date) -> Iterator[Part]:
    today = whose.today.toordinal()
    for ad in store.all("facebook.ad"):
        plan = facebook_days.delivery(ad) if ad["account_id"] == whose.id else None
        days = facebook_days.span(plan, since.toordinal(), min(until.toordinal(), today)) if plan else ()
        for ordinal in days:
            assert plan
            did = facebook_days.day(ad["id"], plan, ordinal, today)
            yield Part(
                whose,
                date.fromordinal(ordinal),
                ad["campaign_id"],
                ad["adset_id"],
                ad["id"],
                "",
                Decimal(did.spend) / whose.unit,
                did.impressions,
                did.clicks,
                did.purchases + did.leads,
                Decimal(did.value) / whose.unit,
            )


def _linkedin(store: Store, whose: Whose, since: date, until: date) -> Iterator[Part]:
    for creative in store.all("linkedin.creative"):
        if creative["account"] != f"urn:li:sponsoredAccount:{whose.id}" or "_rate" not in creative:
            continue
        campaign_id, ad = (creative[name].rpartition(":")[2] for name in ("campaign", "id"))
        campaign = store.get("linkedin.campaign", campaign_id)
        assert campaign
        group = campaign["campaignGroup"].rpartition(":")[2]
        for ordinal in delivery.days(creative, campaign, since, until):
            did = metrics.day(
                creative["id"], metrics.Rate(*creative["_rate"]), ordinal,
                is_today=ordinal == whose.today.toordinal(),
            )  # fmt: skip
            yield Part(
                whose,
                date.fromordinal(ordinal),
                group,
                campaign_id,
                ad,
                "",
                Decimal(did["cents"]) / 100,
                did["impressions"],
                did["clicks"],
                did.get("externalWebsiteConversions", 0) + did.get("oneClickLeads", 0),
                Decimal(did.get("valueCents", 0)) / 100,
            )


def _amazon(store: Store, whose: Whose, since: date, until: date) -> Iterator[Part]:
    days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    profile = store.get("amazon.profile", whose.id)
    assert profile
    for done in deliveries(cells(store, profile), days):
        numbers, cell = done.numbers, done.cell
        yield Part(
            whose,
            date.fromisoformat(done.day),
            cell.campaign["campaignId"],
            cell.group["adGroupId"],
            cell.ad["adId"],
            "SP",
            Decimal(numbers[2]) / whose.unit,
            numbers[0],
            numbers[1],
            numbers[4],
            Decimal(numbers[8]) / whose.unit,
        )
    for product, kind in (
        ("SB", "amazon.sb.campaigns"),
        ("SD", "amazon.sd.campaigns"),
        ("ST", "amazon.st.campaigns"),
    ):
        for campaign in store.all(kind):
            if campaign["_profile"] == whose.id and campaign.get("_live"):
                yield from _alone(whose, product, campaign, days)


def _alone(whose: Whose, product: str, campaign: dict[str, Any], days: Iterable[date]) -> Iterator[Part]:
    """What a campaign did that has one ad group with one ad."""
    own = int(campaign["campaignId"])
    for day in days:
        if product == "SD":
            shown, _, clicks, cost, _, bought, sales = display._counts(whose.currency, campaign, day)
            group, ad = own + GROUP, own + AD
        else:
            shown, _, clicks, cost, clicked, later, _ = brands._counts(campaign, day)
            bought = clicked + later
            sales = bought * price(products()[campaign["_ad"] % len(products())]["asin"], whose.currency)
            group, ad = campaign["_group"], campaign["_ad"]
        if shown:
            money = Decimal(cost) / whose.unit, Decimal(sales) / whose.unit
            yield Part(
                whose, day, str(own), str(group), str(ad), product, money[0], shown, clicks, bought, money[1]
            )
