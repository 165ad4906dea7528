"""The brand a campaign is for: a seller has to name one; where there is one only, that is meant.

Source: Amazon's guide to creating Sponsored Brands campaigns; SponsoredBrandsV3.json, getBrands.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mcp_ads.connectors.amazon_ads.dialect import WHOLE_PAGES, vendor
from mcp_ads.connectors.amazon_ads.types import AmazonRead
from mcp_ads.core import GET, Action
from mcp_ads.core.synonyms import cut
from mcp_ads.errors import InvalidParams

BRANDS = "the brands of this profile"
MOST_NAMED = 10
Live = Mapping[str, Any]


class Brands(AmazonRead):
    """The brands of a profile."""

    http, pages = vendor(GET, "/brands", "brand.v3"), WHOLE_PAGES


def reads(profile: str) -> Mapping[str, Action]:
    """What tells which brands there are."""
    return {BRANDS: Brands.model_validate({"profile_id": profile, "fields": ["brandEntityId"]})}


def settled(given: str | None, live: Live) -> str:
    """The brand a seller's campaign is for. Raises InvalidParams where it is not told, or not theirs."""
    brands = _known(live)
    if given and (live.get(BRANDS) is None or given in brands):
        return given
    told = ", ".join(f"{one} {_quoted(name)}" for one, name in [*brands.items()][:MOST_NAMED])
    if given:
        raise InvalidParams(
            f"brand_entity_id: {cut(given)!r} is no brand of this profile: {told or 'it has none'}"
        )
    if live.get(BRANDS) is None:
        raise InvalidParams("brand_entity_id: missing; sellers name one, and brands.list shows them")
    if not brands:
        raise InvalidParams(
            "brand_entity_id: this seller has no brand in Amazon's Brand Registry to advertise"
        )
    if len(brands) > 1:
        raise InvalidParams(f"brand_entity_id: missing; this seller has several brands: {told}")
    return next(iter(brands))


def said(brand: str | None, live: Live) -> list[str]:
    """A brand by its name."""
    name = _known(live).get(brand or "", "")
    return [f"brandEntityId {brand} {_quoted(name)}"] if name else []


def _known(live: Live) -> Mapping[str, str]:
    rows = live.get(BRANDS)
    known = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return {
        str(row["brandEntityId"]): str(row.get("brandRegistryName") or "")
        for row in known
        if row.get("brandEntityId")
    }


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
