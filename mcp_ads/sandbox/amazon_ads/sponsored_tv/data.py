"""The invented advertiser on TV: one campaign, of the profile in the United States, with what is in it."""

from __future__ import annotations

from datetime import timedelta

from mcp_ads.sandbox.amazon_ads.calls import Body
from mcp_ads.sandbox.amazon_ads.market import today
from mcp_ads.sandbox.store import Store

NUMBER = 10**14 + 1
GROUP, AD, TARGET, CREATIVE = (NUMBER + kind * 10**12 for kind in range(1, 5))
"""The ids of what is in it; reports name the same ad group and ad."""
MIDNIGHT = "T08:00:00Z"
"""Midnight in Los Angeles, in winter."""


def fill(store: Store, profile: Body) -> None:
    """The campaign, an ad group, an ad, a target and a creative, all switched on."""
    begun = (today(profile) - timedelta(45)).isoformat()
    notes = {"_profile": str(profile["profileId"]), "_created": f"{begun}T09:00:00.000Z"}
    notes |= {"_updated": notes["_created"]}
    value = {"amount": 80.0, "budgetCurrencyCode": profile["currencyCode"]}
    campaign: Body = {
        "campaignId": str(NUMBER),
        "name": "Tern & Tide on TV",
        "state": "ENABLED",
        "budgetSettings": {"budget": {"budgetValue": value, "recurrenceType": "DAILY"}},
        "costType": "CPM",
        "targetingType": "MANUAL",
        "startDate": f"{begun}{MIDNIGHT}",
        "_live": True,
        "_spend": 8000,
        "_rates": [5000, 0.0005, 1.5],
        "_group": GROUP,
        "_groupName": "Streaming",
        "_ad": AD,
    }
    place = {"campaignId": str(NUMBER), "adGroupId": str(GROUP), "state": "ENABLED"}
    rows: list[tuple[str, str, Body]] = [
        ("campaigns", "campaignId", campaign),
        ("adGroups", "adGroupId", {**place, "name": "Streaming", "defaultBid": {"bid": 25.0}}),
        ("ads", "adId", {**place, "adId": str(AD), "adName": "Towels, the film", **_lands()}),
        ("targetingClauses", "targetId", {**place, "targetId": str(TARGET), **_comedy()}),
        ("creatives", "creativeId", {**place, "creativeId": str(CREATIVE), **_film()}),
    ]
    for key, id_name, body in rows:
        store.put(f"amazon.st.{key}", body[id_name], {**body, **notes})


def _lands() -> Body:
    return {"landingPageType": "SKU_DP", "landingPageValue": "TT-TOWEL-01", "asin": "B0TERN0001"}


def _comedy() -> Body:
    part = {"type": "CONTENT_CATEGORY_SIMILAR_TO", "value": "amzn1.iab-content.646"}
    return {"expression": [part], "resolvedExpression": [{**part, "value": "Comedy"}]}


def _film() -> Body:
    asset = "amzn1.assetlibrary.asset1.00000000000000000000000000000001"
    return {"assetId": asset, "assetVersion": "version_v1", "moderationStatus": "APPROVED"}
