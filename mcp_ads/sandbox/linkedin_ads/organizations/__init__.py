"""Pages, and the Ad Library."""

from mcp_ads.sandbox.linkedin_ads.resource import Resource
from mcp_ads.sandbox.store import Store

RESOURCES: tuple[Resource, ...] = ()


def fill(store: Store) -> None:
    """What there is of them before the first change."""
    del store
