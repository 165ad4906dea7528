"""Campaigns that have a name already: those of Sponsored Products, Brands and Display share all names.

Sellers may have a name once, vendors again (Amazon's SponsoredDisplay.json, name of a campaign).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from mcp_ads.core import GET, POST, Action, Offset

from .dialect import CURSOR, vendor
from .sponsored_products.inside import Campaigns
from .types import LIVE_STATES, AmazonRead, Names, States


class BrandCampaigns(AmazonRead):
    """Sponsored Brands campaigns by their name."""

    name: Names = None
    state: States = ["ENABLED", "PAUSED"]

    http, records = vendor(POST, "/sb/v4/campaigns/list", "sbcampaignresource.v4"), "campaigns"
    pages = replace(CURSOR, most=100)


class DisplayCampaigns(AmazonRead):
    """Sponsored Display campaigns by their whole name."""

    name: str
    state: Annotated[str, Field(alias="stateFilter")] = "enabled, paused"

    http, pages = GET("/sd/campaigns"), Offset("startIndex", "count", rows="", most=100)


PRODUCTS = ("Sponsored Products", "Sponsored Brands", "Sponsored Display")


def called(profile: str, name: str | None) -> Mapping[str, Action]:
    """For each product the campaigns that have a name which one is to get; nothing without one."""
    exact = {"include": [name], "queryTermMatchType": "EXACT_MATCH"}
    common = {"profile_id": profile, "fields": ["name"]}
    reads: list[Action] = [
        Campaigns.model_validate({**common, "name": exact, "state": LIVE_STATES}),
        BrandCampaigns.model_validate({**common, "name": exact}),
        DisplayCampaigns.model_validate({**common, "name": name}),
    ] if name else []  # fmt: skip
    return {_of(product): read for product, read in zip(PRODUCTS, reads, strict=False)}


def namesakes(live: Mapping[str, Any], own: str = "") -> Iterable[str]:
    """That another campaign has the name already, in which product; `own` is the id of the one that asks."""
    for product in PRODUCTS:
        for row in live.get(_of(product)) or ():
            if str(row.get("campaignId")) != own:
                state = str(row.get("state")).upper()
                yield f"name: {product} campaign {row.get('campaignId')} is called this already, {state}"


def _of(product: str) -> str:
    return f"{product} campaigns of the same name"
