"""Product sets and products on Facebook: filters that are understood, and how much fits them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from engine_client import FACEBOOK, US, EngineClient
from planning import applied, planned, writes

from mcp_ads.errors import InvalidParams, OutOfScope

pytestmark = pytest.mark.anyio
BUSINESS, CATALOG, JACKETS = "334455667788990", "556677889900001", "6677889900101"
SHOES = {"product_type": {"eq": "shoes"}}


async def test_a_product_set_is_made_with_its_size_beforehand(engine_client: EngineClient) -> None:
    """The plan says how many products fit; then it is listed, read, and its products are these."""
    plan = await engine_client.do(
        FACEBOOK, "product_sets", "create", catalog_id=CATALOG, name="Shoes", product_filter=SHOES
    )
    text = engine_client.workspace.text(plan)
    assert "1 product fits the filter now" in text
    assert 'filter={"product_type":{"eq":"shoes"}}' in text
    done = engine_client.workspace.text(await applied(engine_client, plan.data["plan_id"]))
    assert "DIFFERS" not in done
    made = writes(engine_client)[-1].rpartition(" ")[2]
    table = await engine_client.table(FACEBOOK, "product_sets", "list", catalog_id=CATALOG)
    assert {row["id"]: (row["name"], row["product_count"]) for row in table.rows} == {
        made: ("Shoes", "1"),
        JACKETS: ("Jackets", "2"),
    }
    one = (await engine_client.do(FACEBOOK, "product_sets", "get", product_set_id=made)).data
    assert (one["filter"], one["product_catalog"]["id"]) == (SHOES, CATALOG)
    inside = await engine_client.table(FACEBOOK, "products", "list", product_set_id=made)
    assert [(row["name"], row["price"]) for row in inside.rows] == [("Deck shoes", "$89.00")]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"product_filter": {"brand": {"eq": "nobody"}}}, "no product fits the filter now"),
        ({}, "3 products in it, for it has no filter now"),
        ({"product_filter": {"or": [SHOES, {"price": {"gt": 150}}]}}, "2 products fit the filter now"),
        ({"product_filter": {"colour": {"eq": "red"}}}, "products: not known, for they could not be read"),
    ],
    ids=str,
)
async def test_sizes_as_plans_say_them(engine_client: EngineClient, given: dict[str, Any], said: str) -> None:
    """None, all, some; and that it is not known where the platform does not take the filter."""
    plan = await engine_client.do(FACEBOOK, "product_sets", "create", catalog_id=CATALOG, name="New", **given)
    assert said in engine_client.workspace.text(plan)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "write"),
        ({"brand": "Tern"}, "'brand': write"),
        ({"brand": {"EQUAL": "Tern"}}, "operator 'EQUAL' is none here; write eq"),
        ({"brand": {"in": ["Tern"]}}, "operator 'in' is none here; write is_any"),
        ({"brand": {"is_any": "Tern"}}, "is_any takes a list"),
        ({"brand": {"eq": ["Tern"]}}, "eq takes one value"),
        ({"and": {}}, "and takes a list of filters"),
        ({"and": [{"brand": {}}]}, "'brand': write"),
    ],
    ids=str,
)
async def test_filters_that_are_none(engine_client: EngineClient, given: dict[str, Any], said: str) -> None:
    """Refused with how one is written, on products and sets alike, before anything is asked."""
    for entity, action, more in (("products", "list", {}), ("product_sets", "create", {"name": "New"})):
        with pytest.raises(InvalidParams, match=f"product_filter: .*{said}"):
            await engine_client.do(FACEBOOK, entity, action, catalog_id=CATALOG, product_filter=given, **more)
    assert engine_client.sent(FACEBOOK) == []


async def test_products_are_of_one_catalog_or_one_set(engine_client: EngineClient) -> None:
    """Both or neither is a mistake; a filter and columns narrow what is shown."""
    for given in ({}, {"catalog_id": CATALOG, "product_set_id": JACKETS}):
        with pytest.raises(InvalidParams, match="catalog_id: give it, or product_set_id"):
            await engine_client.do(FACEBOOK, "products", "list", **given)
    found = await engine_client.table(
        FACEBOOK,
        "products",
        "list",
        catalog_id=CATALOG,
        product_filter={"availability": {"neq": "in stock"}},
        fields=["retailer_id", "availability"],
    )
    assert found.rows == [{"retailer_id": "TT-3", "availability": "out of stock"}]


async def test_what_others_share_is_another_list(engine_client: EngineClient) -> None:
    """A business owns three catalogs, and nobody shares one with it."""
    own = await engine_client.table(FACEBOOK, "catalogs", "list", business_id=BUSINESS)
    shared = await engine_client.table(FACEBOOK, "catalogs", "list", business_id=BUSINESS, shared=True)
    assert (len(own.rows), len(shared.rows)) == (3, 0)


async def test_an_allow_list_keeps_catalogs_as_they_are(
    engine_client_with: Callable[..., EngineClient],
) -> None:
    """No ad account owns a catalog: it is read, and changed only where the user allows what nobody owns."""
    engine_client = engine_client_with()
    object.__setattr__(engine_client.settings.platforms[FACEBOOK], "account_ids", (US,))
    assert len((await engine_client.table(FACEBOOK, "products", "list", catalog_id=CATALOG)).rows) == 3
    with pytest.raises(OutOfScope, match="belongs to a business"):
        await planned(engine_client, "product_sets", "create", catalog_id=CATALOG, name="New")
    with pytest.raises(OutOfScope):
        await engine_client.do(FACEBOOK, "products", "list", catalog_id="1202110000000000920")
