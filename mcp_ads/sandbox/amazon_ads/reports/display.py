"""What Sponsored Display delivered: counts a campaign and day, of which its reports are the sums.

A campaign has one ad group with one ad here, so that its rows by campaign, ad group and product are alike.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from mcp_ads.sandbox import numbers
from mcp_ads.sandbox.amazon_ads.calls import Body
from mcp_ads.sandbox.amazon_ads.catalogue import price, products
from mcp_ads.sandbox.amazon_ads.market import major
from mcp_ads.sandbox.amazon_ads.sponsored_display.data import AD, GROUP
from mcp_ads.sandbox.store import Store

from . import single, targeting

GROUPS = frozenset({"campaign", "adGroup", "advertiser", "targeting"})
SPELT = "%Y%m%d"
COUNTS = ("impressions", "impressionsViews", "clicks", "cost", "detailPageViews", "purchases", "sales")
NAMES = frozenset({
    "date", "startDate", "endDate", "campaignId", "campaignName", "campaignStatus", "campaignBudgetAmount",
    "campaignBudgetCurrencyCode", "costType", "adGroupId", "adGroupName", "adId", "promotedAsin",
    "promotedSku", "bidOptimization",
})  # fmt: skip


def rows(store: Store, profile: Body, report: Body) -> list[Body]:
    """The rows of a report of Sponsored Display, of campaigns that are there from the beginning."""
    if not set(report["configuration"]["groupBy"]) <= GROUPS:
        return []
    owner = str(profile["profileId"])
    own = [row for row in store.owned("amazon.sd.campaigns", "_profile", owner) if row.get("_live")]
    own = [{**campaign, "_off": _off(store, campaign)} for campaign in own]
    counts = partial(_counts, profile["currencyCode"])
    row = partial(_row, report, profile["currencyCode"])
    if report["configuration"]["groupBy"] == ["targeting"]:
        own = targeting.shared(store, report, own, lambda campaign: campaign["campaignId"] + GROUP)
    else:
        own = single.passing(own, report)
    return single.rows(report, own, targeting.parted(counts), row)


def _off(store: Store, campaign: Body) -> str:
    """The first day on which its ad group or its ad was not on any more; empty where both are."""
    below = (("amazon.sd.adGroups", GROUP), ("amazon.sd.productAds", AD))
    found = (store.get(kind, str(campaign["campaignId"] + more)) or {} for kind, more in below)
    return min((str(one.get("_changed", "")) for one in found if one.get("state") != "enabled"), default="")


def _counts(currency: str, campaign: Body, day: date) -> single.Counts:
    """COUNTS of one day, money in the smallest unit: all nought on days it did not deliver."""
    text, off = day.strftime(SPELT), campaign.get("_off")
    stopped = campaign["state"] != "enabled" and day.isoformat() >= str(campaign.get("_changed", ""))
    stopped = stopped or bool(off and day.isoformat() >= off)
    if stopped or not campaign["startDate"] <= text <= (campaign.get("endDate") or text):
        return [0] * len(COUNTS)
    key = (campaign["campaignId"], text)
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


def _row(report: Body, currency: str, campaign: Body, day: str, total: single.Counts) -> Body:
    counts = dict(zip(COUNTS, total, strict=True))
    money = {name: major(counts[name], currency) for name in ("cost", "sales")}
    values: dict[str, Any] = {**counts, **money, **_same_as(counts, money["sales"])}
    values |= single.names(report, campaign, currency, day) | _below(campaign)
    values |= campaign.get("_bid_on", {})
    columns: list[str] = report["configuration"]["columns"]
    return {name: values.get(name, None if name in NAMES or name.endswith("Rate") else 0) for name in columns}


def _same_as(counts: Body, sales: float) -> Body:
    """Columns that say the same here: everything is sold after a click, and is what the ad shows."""
    bought, shown = counts["purchases"], counts["impressions"]
    found = dict.fromkeys(
        ("purchasesClicks", "purchasesPromotedClicks", "unitsSold", "unitsSoldClicks"), bought
    )
    found |= {"detailPageViewsClicks": counts["detailPageViews"]}
    rates = {
        "viewabilityRate": round(counts["impressionsViews"] / shown, 4),
        "viewClickThroughRate": round(counts["clicks"] / max(1, counts["impressionsViews"]), 4),
    }
    sold = {"salesClicks": sales, "salesPromotedClicks": sales}
    return {**found, **single.counted(shown, counts["clicks"]), **rates, **sold}


def _below(campaign: Body) -> Body:
    own, good = int(campaign["campaignId"]), _good(campaign)
    return {
        "adGroupId": own + GROUP,
        "adGroupName": good["title"],
        "adId": own + AD,
        "bidOptimization": "CLICKS",
        "promotedAsin": good["asin"],
        "promotedSku": good.get("sku"),
    }
