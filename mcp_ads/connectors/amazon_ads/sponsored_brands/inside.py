"""What is in a Sponsored Brands campaign or ad group, as the entities' own lists tell it.

Some of these lists are of the generation before, whose states are in lower case and whose ids are numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mcp_ads.connectors.amazon_ads.types import LIVE_STATES
from mcp_ads.core import Action
from mcp_ads.core.waiting import Waiting

AD_GROUPS, ADS, CAMPAIGN = "ad groups", "ads", "its campaign"
KINDS: Mapping[str, tuple[str, str]] = {
    AD_GROUPS: ("sponsored_brands_ad_groups", "adGroupId"),
    ADS: ("sponsored_brands_ads", "adId"),
    "keywords": ("sponsored_brands_keywords", "keywordId"),
    "targets": ("sponsored_brands_targets", "targetId"),
    "themes": ("sponsored_brands_themes", "themeId"),
    "negative keywords": ("sponsored_brands_negative_keywords", ""),
    "negative targets": ("sponsored_brands_negative_targets", ""),
}
"""The entity whose list has them, and where a record has its id: of what spends, since one more is another
loss than was agreed to.
"""
IN_CAMPAIGN = tuple(KINDS)
IN_AD_GROUP = tuple(name for name in KINDS if name != AD_GROUPS)
NEEDED_IN_CAMPAIGN, NEEDED_IN_AD_GROUP = (AD_GROUPS, ADS), (ADS,)
"""Without one of each that is switched on nothing is shown."""
OF_CAMPAIGN = ("name", "state", "budget", "budgetType", "costType", "endDate")
UNLISTED = ("keywords", "negative keywords")
"""Of which drafts are in no list."""
Live = Mapping[str, Any]


def reads(kinds: Iterable[str], profile: str, **place: str) -> Mapping[str, Action]:
    """Lists of what is in a place and not archived; of one that the same plan makes nothing is read."""
    from mcp_ads.connectors.amazon_ads import amazon_ads  # it is what names this file

    where = {name: [value] for name, value in place.items()}
    common = {"profile_id": profile, "state": LIVE_STATES, "fields": ["state"], **where}
    if any(value.startswith("@") for value in place.values()):
        return {}
    entities = ((name, KINDS[name][0]) for name in kinds if KINDS[name][0] in amazon_ads.names())
    return {name: amazon_ads.action(entity, "list").model_validate(common) for name, entity in entities}


def said(live: Live, kinds: Iterable[str]) -> Iterable[str]:
    """How many of what goes with an object, and how many of these are switched on."""
    counts = []
    for name in kinds:
        if rows := [row for row in live.get(name) or () if str(row.get("state")).upper() != "ARCHIVED"]:
            on = sum(_is_on(row) for row in rows)
            counts.append(f"{len(rows):,} {name if len(rows) > 1 else name[:-1]}, {on:,} ENABLED")
    if counts:
        drafts = " (drafts of keywords are in no list)" if any(live.get(name) for name in UNLISTED) else ""
        yield f"archived with it for good: {'; '.join(counts)}{drafts}"


def lost(live: Live, kinds: Iterable[str]) -> Sequence[str] | None:
    """A line for each object that spends and goes along; None where they could not all be read."""
    spending = {name: live[name] for name in kinds if KINDS[name][1] and name in live}
    if any(rows is None for rows in spending.values()):
        return None
    return [
        f"{name.removesuffix('s')} {row.get(KINDS[name][1])} is in it"
        for name, rows in spending.items()
        for row in rows
    ]


def idle(live: Live) -> Iterable[str]:
    """What keeps an object that is switched on from delivering, and what comes next."""
    for name in (AD_GROUPS, ADS):
        rows = live.get(name)
        if rows is None or any(map(_is_on, rows)):
            continue
        found = f"all of its {name} are PAUSED ({len(rows):,})" if rows else f"it has no {name}"
        next_one = "create" if not rows else "activate" if name == AD_GROUPS else "update"
        entity, id_ = KINDS[name]
        text = f"it delivers nothing yet: {found}; next: {entity}.{next_one}"
        yield Waiting(text, entity, (row.get(id_) for row in rows))


def above(profile: str, live: Live) -> Mapping[str, Action]:
    """The campaign an object is in, where its record names one that is there."""
    from mcp_ads.connectors.amazon_ads import amazon_ads

    campaign = str(live.get("campaignId") or "@")
    given = {"profile_id": profile, "campaign_id": [campaign], "fields": [*OF_CAMPAIGN]}
    if campaign.startswith("@"):
        return {}
    return {CAMPAIGN: amazon_ads.action("sponsored_brands_campaigns", "list").model_validate(given)}


def within(live: Live) -> Iterable[str]:
    """Which campaign an object is in, and whether it may deliver there today."""
    if campaign := campaign_of(live):
        named = f"{campaign.get('campaignId')} {json.dumps(campaign.get('name'), ensure_ascii=False)}"
        both = live.get("state") == campaign.get("state") == "ENABLED"
        delivers = "; both are ENABLED, so that it may deliver today" if both else ""
        yield f"it is in campaign {named}, {campaign.get('state')}{delivers}"


def campaign_of(live: Live) -> Live:
    """The campaign an object is in, of which nothing is known where it was not read."""
    return next(iter(live.get(CAMPAIGN) or ()), {})


def _is_on(row: Live) -> bool:
    return str(row.get("state")).upper() == "ENABLED"
