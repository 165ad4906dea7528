"""The invented advertiser's Sponsored Brands campaigns, each with an ad group."""

from __future__ import annotations

from datetime import timedelta

from mcp_ads.sandbox.amazon_ads.calls import Body
from mcp_ads.sandbox.amazon_ads.market import today
from mcp_ads.sandbox.amazon_ads.stores.brands import entity_of
from mcp_ads.sandbox.store import Store

LEGACY = 2
STATES = ("ENABLED", "PAUSED", "ARCHIVED", "ENABLED")


def fill(store: Store, profile: Body) -> None:
    """Four campaigns of a profile; the second is of the time before ad groups, the last has one budget for
    its whole run, and sells nothing lately.
    """
    owner, now = str(profile["profileId"]), today(profile)
    yen = profile["currencyCode"] == "JPY"
    scale, cents = (100, 1) if yen else (1, 100)
    for number, state in enumerate(STATES, 1):
        ids = [f"{int(owner[0]) - 2}9{kind}{number:012d}" for kind in (1, 2)]
        begun, lifetime = now - timedelta(30 * number), number == len(STATES)
        created = f"{begun.isoformat()}T09:00:00.000Z"
        notes = {"_profile": owner, "_created": created, "_updated": created}
        campaign: Body = {
            "campaignId": ids[0],
            "name": f"Tern & Tide brand {number}",
            "state": state,
            "budget": (900.0 if lifetime else 30.0 * number) * scale,
            "budgetType": "LIFETIME" if lifetime else "DAILY",
            "startDate": begun.isoformat(),
            "goal": "PAGE_VISIT",
            "costType": "CPC",
            "smartDefault": ["MANUAL"],
            "bidding": {"bidOptimization": True},
            "isMultiAdGroupsEnabled": number != LEGACY,
        }
        if profile["accountInfo"]["type"] == "seller":
            campaign["brandEntityId"] = entity_of(profile)
        if lifetime:
            campaign["endDate"] = (now + timedelta(60)).isoformat()
            campaign["_wasted"] = (now - timedelta(21)).isoformat()
        daily, unit = 5 if lifetime else 30 * number, scale * cents
        campaign |= {"_live": state == "ENABLED", "_spend": daily * unit, "_rates": [0.8 * unit, 0.005, 0.08]}
        campaign |= {"_group": int(ids[1]), "_groupName": f"Brand group {number}"}
        campaign["_ad"] = int(ids[1]) + 10**12
        group = {"adGroupId": ids[1], "campaignId": ids[0], "name": f"Brand group {number}", "state": state}
        store.put("amazon.sb.campaigns", ids[0], {**campaign, **notes, "_noun": "CAMPAIGN"})
        store.put("amazon.sb.adGroups", ids[1], {**group, **notes, "_noun": "AD_GROUP"})
