"""The make-believe Graph's catalogs and labels, objects with no more than their tables, and products."""

from __future__ import annotations

from typing import Any

import pytest
from facebook_client import ACCOUNT, BUSINESS, graph

pytestmark = pytest.mark.anyio
CATALOG = "556677889900001"


async def test_a_business_has_catalogs() -> None:
    """Found by way of the business; none of them knows an ad account."""
    async with graph() as g:
        assert (await g.get("me/businesses"))["data"] == [{"id": BUSINESS, "name": "Tern & Tide, Inc."}]
        path = f"{BUSINESS}/owned_product_catalogs"
        rows = (await g.get(path, fields="name,vertical,product_count"))["data"]
        assert len(rows) == 3
        catalog = rows[0]["id"]
        assert (await g.get(catalog, fields="business{id}"))["business"] == {"id": BUSINESS}
        error = await g.error("GET", catalog, fields="account_id")
        text = "(#100) Tried accessing nonexisting field (account_id) on node type (ProductCatalog)"
        assert (error["code"], error["message"]) == (100, text)
        assert (
            "owned_product_catalogs" in (await g.error("GET", f"{ACCOUNT}/owned_product_catalogs"))["message"]
        )


async def test_a_catalog_is_made_changed_and_deleted() -> None:
    """Its parameters and their values are those of the tables."""
    async with graph() as g:
        path = f"{BUSINESS}/owned_product_catalogs"
        assert "name is required" in (await g.error("POST", path, vertical="hotels"))["message"]
        assert "must be one of" in (await g.error("POST", path, name="X", vertical="shoes"))["message"]
        assert "colour" in (await g.error("POST", path, name="X", colour="red"))["message"]
        made = (await g.post(path, name="Hotels", vertical="hotels"))["id"]
        await g.post(made, name="All hotels")
        shown = await g.get(made, fields="name,vertical,business{id}")
        assert shown == {"name": "All hotels", "vertical": "hotels", "business": {"id": BUSINESS}, "id": made}
        assert "vertical" in (await g.error("POST", made, vertical="commerce"))["message"]
        await g.send("DELETE", made)
        assert (await g.error("GET", made))["error_subcode"] == 33
        assert g.writes() == ["create catalog", "update catalog", "delete catalog"]


async def test_labels() -> None:
    """Made, listed, renamed and deleted in the account."""
    async with graph() as g:
        made = (await g.post(f"{ACCOUNT}/adlabels", name="Spring"))["id"]
        await g.post(made, name="Spring 2026")
        rows = (await g.get(f"{ACCOUNT}/adlabels", fields="name,created_time"))["data"]
        assert [row["name"] for row in rows] == ["Spring 2026"]
        assert rows[0]["created_time"]
        assert (await g.error("GET", made, fields="name,colour"))["code"] == 100
        await g.send("DELETE", made)
        assert (await g.get(f"{ACCOUNT}/adlabels"))["data"] == []


async def test_products_fit_filters() -> None:
    """Of a catalog and of a set; what a set has is worked out when it is read."""
    async with graph() as g:
        path = f"{CATALOG}/products"
        assert (await g.get(path, summary="total_count", limit=1))["summary"] == {"total_count": 3}
        jackets = {"product_type": {"i_contains": "JACKET"}}
        cheap = {"and": [jackets, {"price": {"lt": 150}}]}
        found = await g.get(path, filter=cheap, fields="retailer_id,name")
        assert [row["retailer_id"] for row in found["data"]] == ["TT-2"]
        made = (await g.post(f"{CATALOG}/product_sets", name="J", filter=jackets))["id"]
        assert (await g.get(made, fields="product_count,product_catalog"))["product_count"] == 2
        assert len((await g.get(f"{made}/products"))["data"]) == 2


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ({"colour": {"eq": "red"}}, "colour is not a field"),
        ({"brand": {"EQUAL": "x"}}, "EQUAL is not an operator"),
        ({"brand": {"is_any": "x"}}, "wrong value of is_any"),
        ({"and": ["x"]}, "must be an object"),
    ],
)
async def test_filters_that_are_not_understood(wanted: dict[str, Any], text: str) -> None:
    """Refused by the list and by a new set alike, which is not made."""
    async with graph() as g:
        assert text in (await g.error("GET", f"{CATALOG}/products", filter=wanted))["message"]
        error = await g.error("POST", f"{CATALOG}/product_sets", name="J", filter=wanted)
        assert text in error["message"]
        assert g.writes() == []


async def test_a_catalog_is_renamed() -> None:
    """Its name is there when it is read, and what it has none of is refused."""
    async with graph() as g:
        await g.post(CATALOG, name="Spring")
        assert (await g.get(CATALOG, fields="name"))["name"] == "Spring"
        assert (await g.error("POST", CATALOG, nam="x"))["code"] == 100
