"""What Amazon suggests: bids by family and in order, keywords in major units, products, categories."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from engine_client import AMAZON, PROFILE, EngineClient

from mcp_ads.errors import InvalidParams, Rejected

pytestmark = pytest.mark.anyio
KEYWORDS = "sponsored_product_keywords"
TARGETS = "sponsored_product_targets"
CATEGORIES = "sponsored_product_target_categories"
PRODUCTS = "sponsored_product_product_recommendations"
BIDS = "POST /sp/targets/bid/recommendations"
P, JAPAN = {"profile_id": PROFILE}, {"profile_id": "5512345678901234"}


@pytest.fixture(scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory, anyio_backend: str) -> AsyncIterator[EngineClient]:
    """A client that only looks."""
    assert anyio_backend
    home: Path = tmp_path_factory.mktemp("looks")
    shared = EngineClient(home, {})
    yield shared
    await shared.close()


async def rows(
    client: EngineClient, entity: str, action: str = "list", **params: Any
) -> list[dict[str, Any]]:
    return list((await client.do(AMAZON, entity, action, **{**P, **params})).data)


async def test_bids_of_an_ad_group_stand_beside_those_it_has(client: EngineClient) -> None:
    """Each keyword with a range around what is suggested, its id, and what it bids now."""
    fields = ["adGroupId", "bid", "keywordId"]
    known = await rows(client, KEYWORDS, fields=fields, limit=60)
    inheriting = next(row for row in known if row["bid"] is None)
    result = await client.do(
        AMAZON, KEYWORDS, "bid_recommendations", **P, ad_group_id=inheriting["adGroupId"]
    )
    assert result.meta["currency"] == "USD"
    assert "it is the ad group's default" in str(result.meta["warnings"])
    row = next(row for row in result.data if row["keywordId"] == inheriting["keywordId"])
    assert float(row["low"]) < float(row["suggested"]) < float(row["high"])
    assert row["bid"] is not None
    assert row["targeting"].endswith(")")


async def test_a_mixed_list_is_split_and_keeps_its_order(client: EngineClient) -> None:
    """Amazon refuses families mixed; what it prices not at all is named by its place."""
    before = client.sent().count(BIDS)
    asked = ["close match", "B0TERN0002", "category 1063242", "substitutes",
             {"type": "ASIN_EXPANDED_FROM", "value": "B0TERN0003"}]  # fmt: skip
    result = await client.do(
        AMAZON, TARGETS, "bid_recommendations", **P, asins=["B0TERN0001"], expressions=asked
    )
    assert client.sent().count(BIDS) == before + 2
    assert [row["targeting"] for row in result.data] == [
        "close match", "asin B0TERN0002", "category 1063242", "substitutes",
    ]  # fmt: skip
    assert [error["index"] for error in result.errors] == [4]
    assert "single products and whole categories only" in result.errors[0]["message"]


async def test_bids_for_new_keywords_and_for_ids(client: EngineClient) -> None:
    """By match type; by id with the bids there are, and an id that is nobody's is named."""
    found = await rows(client, KEYWORDS, fields=["keywordId"], limit=2)
    ids = [row["keywordId"] for row in found]
    result = await client.do(AMAZON, KEYWORDS, "bid_recommendations", **P, keyword_id=[*ids, "999"])
    assert {row["keywordId"] for row in result.data} == {*ids}
    assert "keyword_id: no 999" in str(result.meta["warnings"])
    new = [{"keyword_text": "beach towel", "match_type": "PHRASE"}, "beach towel"]
    table = await rows(client, KEYWORDS, "bid_recommendations", asins=["B0TERN0001"], keywords=new)
    assert [row["targeting"] for row in table] == ["beach towel (PHRASE)", "beach towel (EXACT)"]
    one = {"keyword_text": "large towel", "match_type": "BROAD"}
    (row,) = await rows(client, KEYWORDS, "bid_recommendations", asins=["B0TERN0001"], keywords=[one])
    assert row["targeting"] == "large towel (BROAD)"
    for wrong in ({}, {"ad_group_id": "1", "asins": ["B0TERN0001"]}, {"asins": ["B0TERN0001"]}):
        with pytest.raises(InvalidParams):
            await client.do(AMAZON, KEYWORDS, "bid_recommendations", **P, **wrong)
    with pytest.raises(Rejected, match="refused"):
        await client.do(
            AMAZON, KEYWORDS, "bid_recommendations", **P, campaign_id="1", ad_group_id="2", keywords=["towel"]
        )


async def test_keyword_recommendations_are_in_major_units(client: EngineClient) -> None:
    """Amazon answers cents; yen have none and are said to be as they are."""
    found = await client.do(
        AMAZON, KEYWORDS, "recommendations", **P, asins=["B0TERN0001"], max=4, fields=["keyword", "suggested"]
    )
    assert len(found.data) == 12
    assert all(0.3 < float(row["suggested"]) < 2 for row in found.data)
    yen = await client.do(AMAZON, KEYWORDS, "recommendations", **JAPAN, asins=["B0TERN0001"], max=1)
    assert all(float(row["suggested"]) > 3 for row in yen.data)
    assert "JPY has no smaller unit" in str(yen.meta["warnings"])
    own = {"keyword_text": "towel for two", "match_type": "EXACT", "bid": "0.75 USD"}
    fields = ["keyword", "selected", "rank"]
    ranked = await rows(
        client, KEYWORDS, "recommendations", asins=["B0TERN0001"], max=1, keywords=[own], fields=fields
    )
    assert ranked[0] == {"keyword": "towel for two", "selected": True, "rank": 1}
    with pytest.raises(InvalidParams, match="currency is USD"):
        await rows(
            client, KEYWORDS, "recommendations", asins="B0TERN0001", keywords=[{**own, "bid": "1 EUR"}]
        )
    group = (await rows(client, KEYWORDS, limit=1))[0]["adGroupId"]
    assert await rows(client, KEYWORDS, "recommendations", ad_group_id=group, sort_dimension="clicks")


async def test_a_suggested_keyword_that_is_there_is_said(client: EngineClient) -> None:
    """Its id stands beside it, by one list; without an ad group nothing is looked for."""
    word = (await rows(client, KEYWORDS, fields=["keywordId", "keywordText", "matchType", "adGroupId"]))[0]
    own = [{"keyword_text": word["keywordText"].upper(), "match_type": word["matchType"]}]
    before = client.sent().count("POST /sp/keywords/list")
    for place in (
        {"ad_group_id": word["adGroupId"]},
        {"ad_group_id": word["adGroupId"], "asins": "B0TERN0001"},
    ):
        found = await client.do(AMAZON, KEYWORDS, "recommendations", **P, **place, max=0, keywords=own)
        had = {row["matchType"]: row["have"] for row in found.data}
        assert had[word["matchType"]] == word["keywordId"]
        assert None in had.values()
        assert "have: the ad group has" in str(found.meta["warnings"])
    assert client.sent().count("POST /sp/keywords/list") == before + 2
    bare = await rows(client, KEYWORDS, "recommendations", asins=["B0TERN0001"], max=1)
    assert "have" not in bare[0]
    assert client.sent().count("POST /sp/keywords/list") == before + 2


@pytest.mark.parametrize(
    ("entity", "action", "name"),
    [(KEYWORDS, "recommendations", "asins"), (CATEGORIES, "list", "asins"), (PRODUCTS, "list", "ad_asins")],
)
async def test_products_are_named_by_asin(client: EngineClient, entity: str, action: str, name: str) -> None:
    """A seller's SKU is told what an ASIN is."""
    with pytest.raises(InvalidParams, match=r"an ASIN has 10 letters and digits.*'TT-TOWEL-01' is none"):
        await client.do(AMAZON, entity, action, **P, **{name: ["TT-TOWEL-01"]})


async def test_products_nobody_knows(client: EngineClient) -> None:
    """That nothing is suggested is said."""
    for entity, action in ((KEYWORDS, "recommendations"), (CATEGORIES, "list")):
        nothing = await client.do(AMAZON, entity, action, **P, asins=["B0NOBODYS1"])
        assert not nothing.data
        assert "Amazon suggests nothing for these products" in str(nothing.meta["warnings"])


async def test_categories_are_suggested_searched_and_refined(client: EngineClient) -> None:
    """From products to a category, from a word to its id, from a category to what narrows it."""
    (towels,) = await rows(client, CATEGORIES, asins="B0TERN0001")
    assert towels["categoryPath"] == "/Home & Kitchen/Bath/Beach Towels"
    assert int(towels["productsMin"]) < int(towels["productsMax"])
    found = await rows(client, CATEGORIES, name="hats")
    assert [row["name"] for row in found] == ["Hats", "Sun Hats"]
    narrowed = await rows(client, CATEGORIES, where="name ~ 'towel'", fields=["id", "parentCategoryId"])
    assert narrowed == [{"id": "1063242", "parentCategoryId": "1063236"}]
    toys = await rows(client, CATEGORIES, category_id="166420011")
    assert {row["kind"] for row in toys} == {"brand", "age range"}
    with pytest.raises(InvalidParams, match="or none of them"):
        await client.do(AMAZON, CATEGORIES, "list", **P, asins="B0TERN0001", name="hats")


async def test_products_come_by_page_or_by_theme(client: EngineClient) -> None:
    """A cursor goes on; by theme a row has the products of one."""
    first = await client.do(AMAZON, PRODUCTS, "list", **P, asins="B0TERN0001", limit=8)
    assert first.meta["more"]
    rest = await client.do(
        AMAZON, PRODUCTS, "list", **P, asins="B0TERN0001", limit=8, cursor=first.meta["cursor"]
    )
    every = [row["recommendedAsin"] for row in [*first.data, *rest.data]]
    assert len({*every}) == len(every) == 11
    themes = await rows(client, PRODUCTS, asins="B0TERN0001", by_theme=True)
    assert "B0TERN0002" in str(themes)
    assert themes[1]["theme"] == "Complements"
