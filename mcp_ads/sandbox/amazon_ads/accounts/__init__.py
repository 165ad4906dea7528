"""Profiles, portfolios, and what else belongs to an account."""

from __future__ import annotations

from mcp_ads.sandbox.amazon_ads.calls import Body, Operation
from mcp_ads.sandbox.store import Store

from . import (
    audiences,
    dsp_advertisers,
    history,
    invoices,
    managers,
    moderation,
    portfolios,
    products,
    profiles,
    test_accounts,
)

OPERATIONS: tuple[Operation, ...] = (
    *profiles.OPERATIONS,
    *portfolios.OPERATIONS,
    *managers.OPERATIONS,
    *test_accounts.OPERATIONS,
    *history.OPERATIONS,
    *products.OPERATIONS,
    *moderation.OPERATIONS,
    *audiences.OPERATIONS,
    *invoices.OPERATIONS,
    *dsp_advertisers.OPERATIONS,
)


def fill(store: Store, profile: Body) -> None:
    """What a profile has besides portfolios."""
