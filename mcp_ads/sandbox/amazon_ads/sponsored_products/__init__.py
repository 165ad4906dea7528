"""Sponsored Products: every operation of its nine resources, and its tools."""

from __future__ import annotations

from mcp_ads.sandbox.amazon_ads.calls import Body, Operation
from mcp_ads.sandbox.amazon_ads.v3 import operations
from mcp_ads.sandbox.store import Store

from . import budget_rules, budgets, categories, negatives, recommendations
from .table import RESOURCES

OPERATIONS: tuple[Operation, ...] = (
    *(row for resource in RESOURCES for row in operations(resource)),
    *budgets.OPERATIONS,
    *budget_rules.OPERATIONS,
    *recommendations.OPERATIONS,
    *categories.OPERATIONS,
)


def fill(store: Store, profile: Body) -> None:
    """What a profile has besides campaigns and what is below them."""
    negatives.fill(store, profile)
    budget_rules.fill(store, profile)
