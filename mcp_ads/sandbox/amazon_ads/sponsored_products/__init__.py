"""Sponsored Products: every operation of its nine resources."""

from __future__ import annotations

from mcp_ads.sandbox.amazon_ads.v3 import operations

from .table import RESOURCES

OPERATIONS = tuple(row for resource in RESOURCES for row in operations(resource))
