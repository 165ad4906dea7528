"""The file of an export: objects of the three kinds of ads in the common model."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any

from mcp_ads.sandbox.amazon_ads.calls import Body
from mcp_ads.sandbox.amazon_ads.serving import serving_status
from mcp_ads.sandbox.store import Store

FAMILIES = {"SPONSORED_PRODUCTS": "amazon", "SPONSORED_BRANDS": "amazon.sb", "SPONSORED_DISPLAY": "amazon.sd"}
KEYS = {
    "campaigns": ("campaigns",),
    "adGroups": ("adGroups",),
    "ads": ("productAds", "ads"),
    "targets": (
        *("keywords", "targetingClauses", "negativeKeywords", "negativeTargetingClauses"),
        *("campaignNegativeKeywords", "campaignNegativeTargetingClauses"),
    ),
}
STRATEGIES = {"LEGACY_FOR_SALES": "SALES_BID_DOWN_ONLY", "AUTO_FOR_SALES": "SALES", "MANUAL": "NONE"}


def export_file(store: Store, export: Body) -> bytes:
    """The finished file: one JSON array, gzipped."""
    rows = list(export_rows(store, export))
    return gzip.compress(json.dumps(rows, ensure_ascii=False).encode(), mtime=0)


def export_rows(store: Store, export: Body) -> Iterator[Body]:
    """What an export's filters let through."""
    asked, kind = export["_body"], export["_kind"]
    profile = store.get("amazon.profile", export["_profile"]) or {}
    for product in asked.get("adProductFilter", FAMILIES):
        for key in KEYS[kind]:
            for found in store.owned(f"{FAMILIES[product]}.{key}", "_profile", export["_profile"]):
                row = _common(store, profile, product, found) | _BUILD[kind](profile, key, found)
                if _passes(row, asked):
                    yield row


def _passes(row: Body, asked: Body) -> bool:
    level = "AD_GROUP" if "adGroupId" in row else "CAMPAIGN"
    return (
        row["state"] in asked.get("stateFilter", ("ENABLED", "PAUSED"))
        and row.get("targetType") in asked.get("targetTypeFilter", (row.get("targetType"),))
        and row.get("negative") in asked.get("negativeFilter", (row.get("negative"),))
        and level in asked.get("targetLevelFilter", (level,))
    )


def _common(store: Store, profile: Body, product: str, found: Body) -> Body:
    state = str(found["state"]).upper()
    serves = state == "ENABLED"
    why = [state]
    if product == "SPONSORED_PRODUCTS":
        status = serving_status(store, profile, found)
        serves, why = status.endswith("STATUS_ENABLED"), [status]
    return {
        **{name: str(found[name]) for name in ("campaignId", "adGroupId") if name in found},
        "adProduct": product,
        "state": state,
        "deliveryStatus": "DELIVERING" if serves else "NOT_DELIVERING",
        **({} if serves else {"deliveryReasons": why}),
        "creationDateTime": found["_created"],
        "lastUpdatedDateTime": found["_updated"],
    }


def _campaign(profile: Body, _key: str, found: Body) -> Body:
    budget = found.get("budget")
    amount = budget.get("budget") if isinstance(budget, dict) else budget
    bidding = found.get("dynamicBidding") or {}
    money = {"currencyCode": profile["currencyCode"], "amount": amount}
    row: Body = {
        **{name: found[name] for name in ("name", "startDate", "endDate", "portfolioId") if found.get(name)},
        "targetingSettings": found.get("targetingType") or found.get("tactic"),
        "budgetCaps": {
            "recurrenceTimePeriod": str(found.get("budgetType", "daily")).upper(),
            "budgetType": "MONETARY",
            "budgetValue": {"monetaryBudget": money},
        },
    }
    if bidding:
        placements = bidding.get("placementBidding") or []
        strategy = STRATEGIES.get(bidding.get("strategy", ""), "NONE")
        row["optimization"] = {"bidStrategy": strategy, "placementBidAdjustments": placements}
    return row


def _ad_group(profile: Body, _key: str, found: Body) -> Body:
    bid = {"defaultBid": found.get("defaultBid"), "currencyCode": profile["currencyCode"]}
    return {"name": found["name"], "bid": bid}


def _target(profile: Body, key: str, found: Body) -> Body:
    negative = "egative" in key
    row: Body = {"negative": negative, "targetId": found.get("targetId") or found.get("keywordId")}
    if found.get("bid") is not None:
        row["bid"] = {"bid": found["bid"], "currencyCode": profile["currencyCode"]}
    if "keywordText" in found:
        match = str(found["matchType"]).removeprefix("NEGATIVE_")
        details: Body = {"matchType": match, "keyword": found["keywordText"]}
        return {**row, "targetType": "KEYWORD", "targetDetails": details}
    first = found["expression"][0]
    if first["type"].startswith("ASIN_") and first.get("value"):
        kind = "PRODUCT_CATEGORY" if "CATEGORY" in first["type"] else "PRODUCT"
        name = "productCategoryId" if kind == "PRODUCT_CATEGORY" else "asin"
        return {**row, "targetType": kind, "targetDetails": {name: first["value"], "matchType": "EXACT"}}
    return {**row, "targetType": "AUTO", "targetDetails": {"matchType": first["type"]}}


def _ad(_profile: Body, _key: str, found: Body) -> Body:
    named = ((word, found.get(word.lower())) for word in ("ASIN", "SKU"))
    products = [{"productIdType": word, "productId": value} for word, value in named if value]
    return {"adId": str(found["adId"]), "adType": "PRODUCT_AD", "creative": {"products": products}}


_BUILD: dict[str, Any] = {"campaigns": _campaign, "adGroups": _ad_group, "targets": _target, "ads": _ad}
