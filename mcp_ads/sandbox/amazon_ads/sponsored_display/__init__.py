"""Sponsored Display: every operation of its resources."""

from __future__ import annotations

from mcp_ads.sandbox.amazon_ads.bare import operations

from . import creatives, targets
from .table import RESOURCES

OPERATIONS = (
    *(row for resource in RESOURCES for row in operations(resource)),
    *targets.OPERATIONS,
    *creatives.OPERATIONS,
)
