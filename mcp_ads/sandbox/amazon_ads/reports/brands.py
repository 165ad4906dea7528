"""What Sponsored Brands and Sponsored TV delivered: counts a campaign and day, of which reports are sums.

Some of what is bought follows a view and no click: sums with and without these differ.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from mcp_ads.sandbox import numbers
from mcp_ads.sandbox.amazon_ads.calls import Body
from mcp_ads.sandbox.amazon_ads.catalogue import price, products
from mcp_ads.sandbox.amazon_ads.market import major
from mcp_ads.sandbox.store import Store

from . import single, targeting

CAMPAIGNS = {"SPONSORED_BRANDS": "amazon.sb.campaigns", "SPONSORED_TELEVISION": "amazon.st.campaigns"}
TYPES = frozenset({"sbCampaigns", "sbAdGroup", "sbAds", "sbGrossAndInvalids", "stCampaigns"})
BY_TARGETING = "sbTargeting"
EMPTY = ("date", "startDate", "endDate", "portfolioId", "eCP", "newToBrandECP", "longTerm", "topOfSearch")
COUNTS, COST = 7, 3


def is_known_to(store: Store, profile_id: str, product: str) -> bool:
    """Whether a profile has a product's reports; one that never was on TV has none of these."""
    kind = CAMPAIGNS["SPONSORED_TELEVISION"]
    return product != "SPONSORED_TELEVISION" or bool(store.owned(kind, "_profile", profile_id))


def rows(store: Store, profile: Body, report: Body) -> list[Body]:
    """The rows of a report of one of the two; kinds of reports that are not of whole ads have none."""
    asked, owner, currency = report["configuration"], str(profile["profileId"]), profile["currencyCode"]
    if asked["reportTypeId"] not in (*TYPES, BY_TARGETING):
        return []
    kind = CAMPAIGNS[asked["adProduct"]]
    own = [row for row in store.owned(kind, "_profile", owner) if row.get("_live")]
    if asked["reportTypeId"] == BY_TARGETING:
        own = targeting.shared(store, report, own, lambda campaign: campaign["_group"])
    else:
        own = single.passing(own, report)
    return single.rows(report, own, targeting.parted(_counts), partial(_row, report, currency))


def cost(campaign: Body, days: list[date], currency: str) -> list[float]:
    """What a campaign cost on each of these days."""
    counts = [_counts(campaign, day) for day in days] if campaign.get("_live") else []
    return [major(count[COST], currency) for count in counts] or [0] * len(days)


def _counts(campaign: Body, day: date) -> single.Counts:
    """Impressions, seen ones, clicks, cost; bought after a click, after a view, by new customers."""
    text = day.isoformat()
    if not campaign["startDate"][:10] <= text <= campaign.get("endDate", text)[:10]:
        return [0] * COUNTS
    key, (click, rate, sold) = (campaign["campaignId"], text), campaign["_rates"]
    cost = int(campaign["_spend"] * numbers.between(0.5, 0.95, "brand cost", *key))
    clicks = max(1, int(cost / click))
    shown = int(clicks / rate / numbers.between(0.8, 1.2, "brand rate", *key))
    seen = int(shown * numbers.between(0.5, 0.8, "brand seen", *key))
    bought = int(clicks * sold * numbers.between(0.5, 1.5, "brand bought", *key))
    later = int(bought * 0.2 + numbers.noise("brand later", *key))
    if text >= campaign.get("_wasted", "9999"):
        bought = later = 0
    return [shown, seen, clicks, cost, bought, later, bought // 3]


def _row(report: Body, currency: str, campaign: Body, day: str, total: single.Counts) -> Body:
    shown, seen, clicks, cost, bought, later, new = total
    values: dict[str, Any] = single.names(report, campaign, currency, day) | {
        "campaignBudgetType": f"{campaign.get('budgetType', 'DAILY')}_BUDGET",
        "adGroupId": campaign["_group"],
        "adGroupName": campaign["_groupName"],
        "adStatus": campaign["state"],
        "adId": campaign["_ad"],
        "impressions": shown,
        "viewableImpressions": seen,
        "viewabilityRate": round(seen / shown, 4),
        "clicks": clicks,
        "clickThroughRate": round(100 * clicks / shown, 4),
        "viewClickThroughRate": round(clicks / seen, 4) if seen else None,
        "cost": major(cost, currency),
        "costPerThousandImpressions": round(major(1000 * cost, currency) / shown, 4),
        **_bought(campaign, currency, bought, later, new),
        **single.counted(shown, clicks),
        **_people(report, shown),
        **campaign.get("_bid_on", {}),
    }
    values["roas"] = round(values["sales"] / values["cost"], 4) if cost else None
    columns: list[str] = report["configuration"]["columns"]
    return {name: values.get(name, None if _may_be_empty(name) else 0) for name in columns}


def _bought(campaign: Body, currency: str, clicked: int, later: int, new: int) -> Body:
    """The same purchases counted as orders, as units and as money."""
    good = products()[campaign["_ad"] % len(products())]
    each, found = price(good["asin"], currency), dict[str, Any]()
    amounts = {"": clicked + later, "Clicks": clicked, "Views": later, "Promoted": clicked}
    for name, unit in (("purchases", 1), ("unitsSold", 1), ("sales", each)):
        money = name == "sales"
        for of, count in amounts.items():
            found[f"{name}{of}"] = major(count * unit, currency) if money else count
        first = f"newToBrand{name[0].upper()}{name[1:]}"
        for of in ("", "Clicks"):
            found[f"{first}{of}"] = major(new * unit, currency) if money else new
        found[f"{first}Percentage"] = round(100 * new / (clicked + later), 4) if clicked + later else None
    return found


def _people(report: Body, shown: int) -> Body:
    """Whom it reached: fewer than impressions, and over days fewer than the days' sum."""
    days = (date.fromisoformat(report["endDate"]) - date.fromisoformat(report["startDate"])).days + 1
    often = 1.4 + 0.1 * (1 if report["configuration"]["timeUnit"] == "DAILY" else days)
    reached = dict.fromkeys(("reach", "householdReach"), round(shown / often))
    return {**reached, **dict.fromkeys(("frequencyAverage", "householdFrequencyAverage"), round(often, 2))}


def _may_be_empty(name: str) -> bool:
    return name.startswith(EMPTY) or name.endswith(("Rate", "Percentage", "Share"))
