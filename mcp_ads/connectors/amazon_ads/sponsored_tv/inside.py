"""What is in a campaign or an ad group of Sponsored TV: what goes with it, and whether any of it is on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from mcp_ads.connectors.amazon_ads.sponsored_products import inside as of_products
from mcp_ads.connectors.amazon_ads.sponsored_products.inside import (
    AD_GROUPS,
    CAMPAIGN,
    TARGETS,
    campaign_of,
    lost,
    reads,
    said,
    within,
)
from mcp_ads.connectors.amazon_ads.types import AdGroupIds, CampaignIds, Json
from mcp_ads.core import Action, dig

from .base import PAGES, TvList, TvRead, routes

ADS, CREATIVES, APPROVED = "ads", "creatives", "APPROVED"
Live = Mapping[str, Any]


class Inside(TvList):
    """A list as far as the actions of what its objects are in look at it."""

    campaign_id: CampaignIds = None
    ad_group_id: AdGroupIds = None


class Campaigns(Inside):
    """Campaigns as what is in them needs them."""

    http, records = routes("campaigns", "stCampaign").list, "campaigns"


class AdGroups(Inside):
    """The ad groups of campaigns."""

    http, records = routes("adGroups", "stAdGroup").list, "adGroups"


class Ads(Inside):
    """The ads of campaigns or ad groups."""

    http, records = routes("ads", "stAd").list, "ads"


class Targets(Inside):
    """The targets of campaigns or ad groups."""

    http, records = routes("targets", "stTargetingClause").list, "targetingClauses"


class Creatives(TvRead):
    """The creatives of ad groups, or of all there are: Amazon does not list them by campaign."""

    ad_group_id: AdGroupIds = None

    http, records, pages = routes("creatives", "stCreative").list, "creatives", PAGES


IN_AD_GROUP: Mapping[str, type[Inside]] = {ADS: Ads, TARGETS: Targets}
IN_CAMPAIGN: Mapping[str, type[Inside]] = {AD_GROUPS: AdGroups, **IN_AD_GROUP}
ENTITIES = {name: f"sponsored_tv_{name.replace(' ', '_')}" for name in IN_CAMPAIGN}
"""Without one of each that is switched on nothing is shown, and where they are switched on."""

__all__ = [
    "AD_GROUPS", "CAMPAIGN", "IN_AD_GROUP", "IN_CAMPAIGN", "AdGroups", "above", "bidding", "films", "idle",
    "lost", "reads", "said", "within",
]  # fmt: skip


def above(profile: str, live: Live) -> Mapping[str, Action]:
    """The campaign an object is in, where its record names one that is there."""
    return of_products.above(profile, live, Campaigns)


def films(profile: str, *ad_group_ids: str) -> Mapping[str, Action]:
    """The creatives of these ad groups, or of all; of one that the same plan makes nothing is read."""
    wanted: Json = {"ad_group_id": [*ad_group_ids]} if ad_group_ids else {}
    made_here = any(id_.startswith("@") for id_ in ad_group_ids)
    return {} if made_here else {CREATIVES: Creatives.model_validate({"profile_id": profile, **wanted})}


def bidding(live: Live) -> Iterable[Live]:
    """The ad groups, each with its default bid as a number."""
    for group in live.get(AD_GROUPS) or ():
        yield {**group, "defaultBid": dig(group, "defaultBid.bid")}


def idle(live: Live) -> Iterable[str]:
    """What keeps an object that is switched on from delivering, and what comes next."""
    campaign = campaign_of(live) or live
    automatic = str(campaign.get("targetingType") or "").startswith("AUTO")
    needed = {name: entity for name, entity in ENTITIES.items() if not (automatic and name == TARGETS)}
    yield from of_products.idle(live, needed)
    yield from _unseen(live)


def _unseen(live: Live) -> Iterable[str]:
    """That there is no video which Amazon has approved; of a campaign, in none of its ad groups."""
    rows, groups = live.get(CREATIVES), live.get(AD_GROUPS, ())
    if rows is None or groups is None:
        return
    if AD_GROUPS in live:
        ids = {str(group.get("adGroupId")) for group in groups}
        rows = [row for row in rows if str(row.get("adGroupId")) in ids]
    reviews = [str(row.get("moderationStatus")) for row in rows]
    if not reviews:
        yield "it delivers nothing yet: it has no creatives; next: sponsored_tv_creatives.create"
    elif APPROVED not in reviews:
        counts = ", ".join(f"{count:,} {review}" for review, count in Counter(reviews).items())
        yield f"it delivers nothing yet: none of its creatives is {APPROVED} ({counts})"
