"""Uploaded audiences, what can be targeted, and how many people that reaches."""

from mcp_ads.sandbox.store import Store

from . import estimates

RESOURCES = (*estimates.RESOURCES,)


def fill(store: Store) -> None:
    """What there is of them before the first change."""
    del store
