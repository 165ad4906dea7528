"""How Sponsored Brands lists: v4, at most a hundred objects a page and ten ids a filter."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer

from mcp_ads.connectors.amazon_ads.dialect import CURSOR
from mcp_ads.connectors.amazon_ads.filters import include, listed
from mcp_ads.connectors.amazon_ads.lists import ExtendedRead, StatedList
from mcp_ads.connectors.amazon_ads.types import Id, States

LACKS = dict.fromkeys(
    ("create", "update", "pause", "activate", "delete", "get"),
    "Sponsored Brands is only listed here; what changes it goes by the raw entity api, at /sb/v4",
)
MOST_IDS = 10
TenIds = Annotated[
    list[Id], BeforeValidator(listed), PlainSerializer(include), Field(min_length=1, max_length=MOST_IDS)
]
CampaignIds = Annotated[TenIds | None, Field(alias="campaignIdFilter", description="At most ten.")]


class BrandList(StatedList, ExtendedRead):
    """Enabled and paused objects unless the call says otherwise or names what it wants by id."""

    state: States = ["ENABLED", "PAUSED"]

    pages, total = replace(CURSOR, most=100), "totalResults"
