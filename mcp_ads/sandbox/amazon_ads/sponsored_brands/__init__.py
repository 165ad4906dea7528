"""Sponsored Brands."""

from __future__ import annotations

from mcp_ads.sandbox.amazon_ads.calls import Body
from mcp_ads.sandbox.store import Store

from . import data, table, target_data, targets, themes

OPERATIONS = (*table.OPERATIONS, *targets.OPERATIONS, *themes.OPERATIONS)


def fill(store: Store, profile: Body) -> None:
    """The campaigns of a profile, and what is in them."""
    data.fill(store, profile)
    target_data.fill(store, profile)
