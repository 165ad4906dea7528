"""Stores of an advertiser: brands' own pages on Amazon, which ads lead to.

Source: advertising.amazon.com/API/docs/en-us/reference/2/stores.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mcp_ads.connectors.amazon_ads.types import AmazonRead, Json
from mcp_ads.core import GET, TEXT, Column, Context, Entity, Flow, Result
from mcp_ads.core.as_sent import AsSent
from mcp_ads.errors import PlatformDown

STORE = ("storeName", "brandEntityId", "entityId")
PAGE = ("storePageName", "storePageUrl", "storePageId")


class StoresRead(AmazonRead):
    """All Stores of a profile in one answer: there are no pages of it, and no filters."""

    http = GET("/v2/stores")


class ListStores(StoresRead):
    """List the pages of the advertiser's Stores with their addresses, which ads may lead to."""

    spooled, reused = True, False
    lean, known = ("storeName", "storePageName", "storePageUrl"), (*STORE, *PAGE)
    alike = {"name": "storeName", "url": "storePageUrl", "page": "storePageName", "id": "storePageId"}
    said = "storefront, brand store, store pages, store url, landing page, subpages of a store"

    def kinds(self) -> Mapping[str, Column]:
        return dict.fromkeys(self.known, TEXT)

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        answer = yield self.to_request()
        pages = [*pages_of(answer)]
        return Result(answer if isinstance(self, AsSent) else pages)


def pages_of(answer: Any) -> Iterator[Json]:
    """A row for each page of each Store; one that has none is told of all the same. Raises PlatformDown."""
    if not isinstance(answer, list) or not all(isinstance(store, dict) for store in answer):
        raise PlatformDown("the answer has something else where its Stores should be")
    for store in answer:
        own = {name: store.get(name) for name in STORE}
        pages = [page for page in store.get("storePageInfo") or () if isinstance(page, dict)]
        for page in pages or [{}]:
            plain = {str(name).strip(): value for name, value in page.items()}  # some names end with a blank
            yield own | {name: str(plain[name]).strip() if plain.get(name) else None for name in PAGE}


stores = Entity(list=ListStores)
