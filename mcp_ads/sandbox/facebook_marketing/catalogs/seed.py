"""The catalogs that are there at the beginning."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.shops import BUSINESS
from mcp_ads.sandbox.facebook_marketing.state import State

CATALOGS = 556_677_889_900_000
ROWS = (
    ("Tern & Tide: all products", "commerce", 412, 2),
    ("Tern & Tide: outlet", "commerce", 38, 1),
    ("Tern & Tide: shops nearby", "local_service_businesses", 0, 0),
)


def fill(state: State) -> None:
    """Three catalogs of the one business."""
    for number, (name, vertical, products, feeds) in enumerate(ROWS, 1):
        state.put(
            "catalog",
            {
                "id": str(CATALOGS + number),
                "business_id": BUSINESS["id"],
                "business": BUSINESS,
                "name": name,
                "vertical": vertical,
                "product_count": products,
                "feed_count": feeds,
                "is_catalog_segment": False,
            },
        )
