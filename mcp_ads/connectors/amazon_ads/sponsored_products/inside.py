"""What is in a campaign or an ad group: what goes with it, and whether anything in it is switched on."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from mcp_ads.connectors.amazon_ads.lists import SpList
from mcp_ads.connectors.amazon_ads.types import LIVE_STATES, AdGroupIds, CampaignIds, Names
from mcp_ads.core import Action
from mcp_ads.core.waiting import Waiting

from .base import routes

CAMPAIGN = "its campaign"
AD_GROUPS, ADS, KEYWORDS, TARGETS = "ad groups", "product ads", "keywords", "targets"
Live = Mapping[str, Any]


class Inside(SpList):
    """A list as far as the actions of what its objects are in look at it."""

    campaign_id: CampaignIds = None
    ad_group_id: AdGroupIds = None


class Campaigns(Inside):
    """Campaigns as what is in them needs them: the name, whether it is switched on, the budget of a day."""

    name: Names = None

    http, records = routes("campaigns", "spCampaign").list, "campaigns"


class AdGroups(Inside):
    """The ad groups of campaigns."""

    http, records = routes("adGroups", "spAdGroup").list, "adGroups"


class ProductAds(Inside):
    """The product ads of campaigns or ad groups."""

    http, records = routes("productAds", "spProductAd").list, "productAds"


class Keywords(Inside):
    """The keywords of campaigns or ad groups."""

    http, records = routes("keywords", "spKeyword").list, "keywords"


class Targets(Inside):
    """The targets of campaigns or ad groups."""

    http, records = routes("targets", "spTargetingClause").list, "targetingClauses"


class NegativeKeywords(Inside):
    """The negative keywords of ad groups."""

    http, records = routes("negativeKeywords", "spNegativeKeyword").list, "negativeKeywords"


class NegativeTargets(Inside):
    """The negative targets of ad groups."""

    http, records = routes("negativeTargets", "spNegativeTargetingClause").list, "negativeTargetingClauses"


class CampaignNegativeKeywords(Inside):
    """The negative keywords of campaigns."""

    http = routes("campaignNegativeKeywords", "spCampaignNegativeKeyword").list
    records = "campaignNegativeKeywords"


class CampaignNegativeTargets(Inside):
    """The negative targets of campaigns."""

    http = routes("campaignNegativeTargets", "spCampaignNegativeTargetingClause").list
    records = "campaignNegativeTargetingClauses"


IN_AD_GROUP: Mapping[str, type[Inside]] = {
    ADS: ProductAds,
    KEYWORDS: Keywords,
    TARGETS: Targets,
    "negative keywords": NegativeKeywords,
    "negative targets": NegativeTargets,
}
IN_CAMPAIGN: Mapping[str, type[Inside]] = {
    AD_GROUPS: AdGroups,
    **IN_AD_GROUP,
    "campaign negative keywords": CampaignNegativeKeywords,
    "campaign negative targets": CampaignNegativeTargets,
}
BID_ON = {
    AD_GROUPS: "adGroupId", ADS: "adId", "ads": "adId", KEYWORDS: "keywordId", TARGETS: "targetId",
    "themes": "themeId",
}  # fmt: skip
"""What spends in any of the products, and its id: one more of these is another loss than was agreed to."""

ENTITIES = {AD_GROUPS: "sponsored_product_ad_groups", ADS: "sponsored_product_product_ads"}
"""Without one of each that is switched on nothing is shown, and where they are switched on."""
NEEDED_IN_CAMPAIGN = {AD_GROUPS: AdGroups, ADS: ProductAds}
NEEDED_IN_AD_GROUP = {ADS: ProductAds}


def reads(kinds: Mapping[str, type[Action]], profile: str, **place: str) -> Mapping[str, Action]:
    """Lists of what is in a place and not archived; of one that the same plan makes nothing is read."""
    common = {"profile_id": profile, "state": LIVE_STATES, "fields": ["state"]}
    where = {name: [value] for name, value in place.items()}
    made_here = any(value.startswith("@") for value in place.values())
    return {name: kind.model_validate({**common, **where}) for name, kind in kinds.items() if not made_here}


def above(profile: str, live: Live, campaigns: type[Action] = Campaigns) -> Mapping[str, Action]:
    """The campaign an object is in, where its record names one that is there; `campaigns` lists them."""
    campaign = str(live.get("campaignId") or "@")
    return reads({CAMPAIGN: campaigns}, profile, campaign_id=campaign)


def campaign_of(live: Live) -> Live:
    """The campaign an object is in, of which nothing is known where it was not read."""
    return next(iter(live.get(CAMPAIGN) or ()), {})


def within(live: Live) -> Iterable[str]:
    """Which campaign an object is in, and whether it may deliver there today."""
    if campaign := campaign_of(live):
        named = f"{campaign.get('campaignId')} {json.dumps(campaign.get('name'), ensure_ascii=False)}"
        both = live.get("state") == campaign.get("state") == "ENABLED"
        delivers = "; both are ENABLED, so that it may deliver today" if both else ""
        yield f"it is in campaign {named}, {campaign.get('state')}{delivers}"


def said(live: Live, kinds: Iterable[str]) -> Iterable[str]:
    """How many of what goes with an object, and how many of these are switched on."""
    counts = []
    for name in kinds:
        if rows := live.get(name):
            on = sum(row.get("state") == "ENABLED" for row in rows)
            counts.append(f"{len(rows):,} {name if len(rows) > 1 else name[:-1]}, {on:,} ENABLED")
    if counts:
        yield f"archived with it for good: {'; '.join(counts)}"


def lost(live: Live, kinds: Iterable[str]) -> Sequence[str] | None:
    """A line for each object that spends and goes along; None where they could not all be read."""
    spending = {name: live.get(name) for name in kinds if name in BID_ON}
    if any(rows is None for rows in spending.values()):
        return None
    return [
        f"{name.removesuffix('s')} {row.get(BID_ON[name])} is in it"
        for name, rows in spending.items()
        for row in rows or ()
    ]


def idle(live: Live, entities: Mapping[str, str] = ENTITIES, updated: Collection[str] = ()) -> Iterable[str]:
    """What keeps an object that is switched on from delivering, and what comes next.

    What is `updated` is switched on by its update.
    """
    for name, entity in entities.items():
        rows = live.get(name)
        if rows is None or any(row.get("state") == "ENABLED" for row in rows):
            continue
        found = f"all of its {name} are PAUSED ({len(rows):,})" if rows else f"it has no {name}"
        following = "create" if not rows else "update" if name in updated else "activate"
        text = f"it delivers nothing yet: {found}; next: {entity}.{following}"
        yield Waiting(text, entity, (row.get(BID_ON[name]) for row in rows))
