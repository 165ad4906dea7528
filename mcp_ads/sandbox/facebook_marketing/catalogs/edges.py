"""The edges of catalogs, product sets and products."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.calls import Call
from mcp_ads.sandbox.facebook_marketing.objects import Edges, creating, shown
from mcp_ads.sandbox.facebook_marketing.params import Body, checked

from .computed import products_in
from .filters import fits


def products(call: Call) -> Body:
    """GET the products of a catalog or a set that fit the filter."""
    params = checked(call.edge, call.params)
    whole = call.node if call.kind == "set" else {"catalog_id": call.node["id"]}
    rows = [row for row in products_in(call.state, whole) if fits(row, params.get("filter") or {})]
    return shown(call, "product", rows)


def of_others(call: Call) -> Body:
    """GET the catalogs that others share with the business: none here."""
    checked(call.edge, call.params)
    return shown(call, "catalog", [])


def _check(_: Call, sent: Body) -> None:
    fits({}, sent.get("filter") or {})


EDGES: Edges = {
    "GET business/client_product_catalogs": of_others,
    "GET catalog/products": products,
    "GET set/products": products,
    "POST catalog/product_sets": creating("set", rule=_check),
}
