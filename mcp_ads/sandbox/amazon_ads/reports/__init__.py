"""Reports and exports: ordered, built, then fetched as a file from another host."""

from __future__ import annotations

from mcp_ads.sandbox.amazon_ads.calls import Operation

from . import exports, orders

OPERATIONS: tuple[Operation, ...] = (*orders.OPERATIONS, *exports.OPERATIONS)
