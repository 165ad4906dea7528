"""Sponsored Brands."""

from __future__ import annotations

from mcp_ads.sandbox.amazon_ads.calls import Body
from mcp_ads.sandbox.store import Store

from . import data, seeded_ads
from .table import OPERATIONS

__all__ = ["OPERATIONS", "fill"]


def fill(store: Store, profile: Body) -> None:
    """What a profile has of Sponsored Brands."""
    for part in (data, seeded_ads):
        part.fill(store, profile)
