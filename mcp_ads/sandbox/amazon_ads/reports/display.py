"""What Sponsored Display delivered: counts a campaign and day, of which its reports are the sums.

A campaign has one ad group with one ad here, so that its rows by campaign, ad group and product are alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from mcp_ads.sandbox import numbers
from mcp_ads.sandbox.amazon_ads.calls import Body
from mcp_ads.sandbox.amazon_ads.catalogue import price, products
from mcp_ads.sandbox.amazon_ads.market import major
from mcp_ads.sandbox.store import Store

GROUPS = frozenset({"campaign", "adGroup", "advertiser"})
GROUP, AD = 10**13, 2 * 10**13
"""What is added to a campaign's number for that of its ad group, and of its ad."""
SPELT = "%Y%m%d"
COUNTS = ("impressions", "impressionsViews", "clicks", "cost", "detailPageViews", "purchases", "sales")
NAMES = frozenset({
    "date", "startDate", "endDate", "campaignId", "campaignName", "campaignStatus", "campaignBudgetAmount",
    "campaignBudgetCurrencyCode", "costType", "adGroupId", "adGroupName", "adId", "promotedAsin",
    "promotedSku", "bidOptimization",
})  # fmt: skip


def rows(store: Store, profile: Body, report: Body) -> list[Body]:
    """The rows of a report of Sponsored Display: one for each campaign, or each campaign and day."""
    asked = report["configuration"]
    if not set(asked["groupBy"]) <= GROUPS:
        return []
    days, daily = list(_days(report)), asked["timeUnit"] == "DAILY"
    found = []
    for campaign in _chosen(store, profile, asked):
        sums: dict[str, list[int]] = defaultdict(lambda: [0] * len(COUNTS))
        for day in days:
            key = day.isoformat() if daily else ""
            sums[key] = [a + b for a, b in zip(sums[key], _counts(campaign, profile, day), strict=True)]
        found += [_row(report, campaign, profile, key, total) for key, total in sums.items() if total[0]]
    return found


def _days(report: Body) -> Iterable[date]:
    start, end = date.fromisoformat(report["startDate"]), date.fromisoformat(report["endDate"])
    return (start + timedelta(n) for n in range((end - start).days + 1))


def _chosen(store: Store, profile: Body, asked: Body) -> list[Body]:
    """The profile's campaigns that are there from the beginning and pass the filters."""
    owner = str(profile["profileId"])
    own = [row for row in store.all("amazon.sd.campaigns") if row["_profile"] == owner and row.get("_live")]
    for filter_ in asked.get("filters") or []:
        own = [row for row in own if row["state"].upper() in filter_["values"]]
    return own


def _counts(campaign: Body, profile: Body, day: date) -> list[int]:
    """COUNTS of one day, money in the smallest unit: all nought on days it did not deliver."""
    text = day.strftime(SPELT)
    stopped = campaign["state"] != "enabled" and day.isoformat() >= str(campaign.get("_changed", ""))
    if stopped or not campaign["startDate"] <= text <= (campaign.get("endDate") or text):
        return [0] * len(COUNTS)
    key, currency = (campaign["campaignId"], text), profile["currencyCode"]
    unit = 1 if currency == "JPY" else 100
    cost = int(campaign["_budget"] * unit * numbers.between(0.4, 0.9, "display cost", *key))
    clicks = max(1, int(cost / (unit * (60 if currency == "JPY" else 0.6))))
    shown = int(clicks / numbers.between(0.002, 0.006, "display rate", *key))
    bought = int(clicks * numbers.between(0.03, 0.1, "display bought", *key))
    viewed = int(shown * numbers.between(0.5, 0.8, "display viewed", *key))
    pages = int(clicks * numbers.between(0.6, 1.0, "display pages", *key))
    return [shown, viewed, clicks, cost, pages, bought, bought * price(_good(campaign)["asin"], currency)]


def _good(campaign: Body) -> Body:
    return products()[int(campaign["campaignId"]) % 10**13 % len(products())]


def _row(report: Body, campaign: Body, profile: Body, day: str, total: list[int]) -> Body:
    currency, counts = profile["currencyCode"], dict(zip(COUNTS, total, strict=True))
    money = {name: major(counts[name], currency) for name in ("cost", "sales")}
    values: dict[str, Any] = {**counts, **money, **_same_as(counts, money["sales"])}
    values |= _names(report, campaign, currency, day)
    columns: list[str] = report["configuration"]["columns"]
    return {name: values.get(name, None if name in NAMES or name.endswith("Rate") else 0) for name in columns}


def _same_as(counts: Body, sales: float) -> Body:
    """Columns that say the same here: everything is sold after a click, and is what the ad shows."""
    bought, shown = counts["purchases"], counts["impressions"]
    found = dict.fromkeys(
        ("purchasesClicks", "purchasesPromotedClicks", "unitsSold", "unitsSoldClicks"), bought
    )
    found |= {"detailPageViewsClicks": counts["detailPageViews"]}
    invalid = {"invalidImpressions": shown // 50, "grossImpressions": shown + shown // 50}
    invalid |= {"invalidClickThroughs": counts["clicks"] // 50}
    rates = {
        "viewabilityRate": round(counts["impressionsViews"] / shown, 4),
        "viewClickThroughRate": round(counts["clicks"] / max(1, counts["impressionsViews"]), 4),
    }
    gross = {"grossClickThroughs": counts["clicks"] + counts["clicks"] // 50}
    return {**found, **invalid, **gross, **rates, "salesClicks": sales, "salesPromotedClicks": sales}


def _names(report: Body, campaign: Body, currency: str, day: str) -> Body:
    own, good = int(campaign["campaignId"]), _good(campaign)
    return {
        "date": day or None,
        "startDate": report["startDate"],
        "endDate": report["endDate"],
        "campaignId": own,
        "campaignName": campaign["name"],
        "campaignStatus": campaign["state"].upper(),
        "campaignBudgetAmount": campaign["budget"],
        "campaignBudgetCurrencyCode": currency,
        "costType": campaign["costType"].upper(),
        "adGroupId": own + GROUP,
        "adGroupName": good["title"],
        "adId": own + AD,
        "bidOptimization": "CLICKS",
        "promotedAsin": good["asin"],
        "promotedSku": good.get("sku"),
    }
