"""Sponsored Brands."""

from __future__ import annotations

from mcp_ads.sandbox.amazon_ads.calls import Body, Operation
from mcp_ads.sandbox.store import Store

from . import data, table

OPERATIONS: tuple[Operation, ...] = (*table.OPERATIONS,)


def fill(store: Store, profile: Body) -> None:
    """Campaigns and ad groups of a profile."""
    data.fill(store, profile)
