"""What is in a Sponsored Brands campaign or ad group, as the entities' own lists tell it.

Some of these lists are of the generation before, whose states are in lower case and whose ids are numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mcp_ads.connectors.amazon_ads.sponsored_products import inside as of_products
from mcp_ads.connectors.amazon_ads.sponsored_products.inside import AD_GROUPS, CAMPAIGN, campaign_of, within
from mcp_ads.connectors.amazon_ads.types import LIVE_STATES
from mcp_ads.core import Action

ADS = "ads"
KINDS = (AD_GROUPS, ADS, "keywords", "targets", "themes", "negative keywords", "negative targets")
ENTITIES = {name: f"sponsored_brands_{name.replace(' ', '_')}" for name in KINDS}
"""The entity whose list has them."""
IN_CAMPAIGN = KINDS
IN_AD_GROUP = tuple(name for name in KINDS if name != AD_GROUPS)
NEEDED_IN_CAMPAIGN, NEEDED_IN_AD_GROUP = (AD_GROUPS, ADS), (ADS,)
"""Without one of each that is switched on nothing is shown."""
OF_CAMPAIGN = ("name", "state", "budget", "budgetType", "costType", "endDate")
UNLISTED = ("keywords", "negative keywords")
"""Of which drafts are in no list."""
Live = Mapping[str, Any]
__all__ = [
    "IN_AD_GROUP", "IN_CAMPAIGN", "NEEDED_IN_AD_GROUP", "NEEDED_IN_CAMPAIGN", "above", "campaign_of", "idle",
    "lost", "reads", "said", "within",
]  # fmt: skip


def reads(kinds: Iterable[str], profile: str, **place: str) -> Mapping[str, Action]:
    """Lists of what is in a place and not archived; of one that the same plan makes nothing is read."""
    from mcp_ads.connectors.amazon_ads import amazon_ads  # it is what names this file

    where = {name: [value] for name, value in place.items()}
    common = {"profile_id": profile, "state": LIVE_STATES, "fields": ["state"], **where}
    if any(value.startswith("@") for value in place.values()):
        return {}
    return {name: amazon_ads.action(ENTITIES[name], "list").model_validate(common) for name in kinds}


def said(live: Live, kinds: Iterable[str]) -> Iterable[str]:
    """How many of what goes with an object, and how many of these are switched on."""
    rows = {
        name: [{**row, "state": str(row.get("state")).upper()} for row in live.get(name) or ()]
        for name in kinds
    }
    alive = {name: [row for row in found if row["state"] != "ARCHIVED"] for name, found in rows.items()}
    drafts = " (drafts of keywords are in no list)" if any(live.get(name) for name in UNLISTED) else ""
    yield from (f"{line}{drafts}" for line in of_products.said(alive, alive))


def lost(live: Live, kinds: Iterable[str]) -> Sequence[str] | None:
    """A line for each object that spends and goes along; None where they could not all be read."""
    return of_products.lost(live, [name for name in kinds if name in live])


def idle(live: Live) -> Iterable[str]:
    """What keeps an object that is switched on from delivering, and what comes next."""
    needed = {name: ENTITIES[name] for name in (AD_GROUPS, ADS)}
    yield from of_products.idle(live, needed, updated=(ADS,))


def above(profile: str, live: Live) -> Mapping[str, Action]:
    """The campaign an object is in, where its record names one that is there."""
    from mcp_ads.connectors.amazon_ads import amazon_ads

    campaign = str(live.get("campaignId") or "@")
    given = {"profile_id": profile, "campaign_id": [campaign], "fields": [*OF_CAMPAIGN]}
    if campaign.startswith("@"):
        return {}
    return {CAMPAIGN: amazon_ads.action("sponsored_brands_campaigns", "list").model_validate(given)}
