"""Campaigns that have a name already: those of Sponsored Products, Brands and Display share all names.

Sellers may have a name once, vendors again (Amazon's SponsoredDisplay.json, name of a campaign).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Any, Self

from pydantic import Field

from mcp_ads.core import GET, POST, Action, Context, Offset
from mcp_ads.core.marks import Found

from .dialect import CURSOR, SELLER, vendor
from .sponsored_products.inside import Campaigns
from .sponsored_products.rules import alike
from .types import LIVE_STATES, AmazonRead, Names, States
from .writes import AmazonWrite


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


class Named(AmazonWrite):
    """Gives a campaign its name: `sole` says that it is a seller's, whose campaigns have each their own."""

    name: str | None = None
    sole: Annotated[bool | None, Found(), Field(exclude=True)] = None

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        sole = context.account is not None and context.account.kind == SELLER
        return super().settled(context, live).model_copy(update={"sole": sole or None})

    def clash(self, other: Named) -> str:
        """Two names of one plan; without regard to case, and in whichever of the products."""
        if not (self.sole and other.sole and self.name and other.name):
            return ""
        alone = self.profile_id != other.profile_id or alike(self.name) != alike(other.name)
        return "" if alone else "name: another campaign of the plan gets it too; a seller's differ in names"


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
