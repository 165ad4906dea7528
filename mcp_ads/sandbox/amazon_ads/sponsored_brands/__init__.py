"""Sponsored Brands."""

from __future__ import annotations

from mcp_ads.sandbox.amazon_ads.calls import Body
from mcp_ads.sandbox.store import Store

from . import (
    ads,
    budgets,
    creatives,
    data,
    keyword_data,
    keywords,
    recommendations,
    seeded_ads,
    table,
    target_data,
    targets,
    themes,
)

OPERATIONS = (
    *table.OPERATIONS,
    *budgets.OPERATIONS,
    *ads.OPERATIONS,
    *creatives.OPERATIONS,
    *keywords.OPERATIONS,
    *targets.OPERATIONS,
    *themes.OPERATIONS,
    *recommendations.OPERATIONS,
)


def fill(store: Store, profile: Body) -> None:
    """What the advertiser has of Sponsored Brands, each file's own."""
    for part in (data, seeded_ads, keyword_data, target_data):
        part.fill(store, profile)
