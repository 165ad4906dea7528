"""The edges of product catalogs."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.calls import Call
from mcp_ads.sandbox.facebook_marketing.objects import Edges, creating, listing, node, updating
from mcp_ads.sandbox.facebook_marketing.params import Body
from mcp_ads.sandbox.facebook_marketing.writes import erase


def _fresh(call: Call, _: Body) -> Body:
    """An empty catalog of the business."""
    business = {name: call.node[name] for name in ("id", "name")}
    return {"business": business, "vertical": "commerce", "product_count": 0, "feed_count": 0}


EDGES: Edges = {
    "GET business/owned_product_catalogs": listing("catalog"),
    "POST business/owned_product_catalogs": creating("catalog", "name", fresh=_fresh),
    "GET catalog": node,
    "POST catalog": updating(),
    "DELETE catalog": erase,
}
