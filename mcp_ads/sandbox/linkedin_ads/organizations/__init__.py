"""Pages, and the Ad Library."""

from mcp_ads.sandbox.linkedin_ads.resource import Resource
from mcp_ads.sandbox.store import Store

from . import library, pages

RESOURCES: tuple[Resource, ...] = (*pages.RESOURCES, *library.RESOURCES)


def fill(store: Store) -> None:
    """What there is of them before the first change."""
    pages.fill(store)
    library.fill(store)
