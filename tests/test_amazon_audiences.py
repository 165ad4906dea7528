"""Audiences of Amazon's: found by name, category or id, with how many shoppers a day each reaches."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from between import between
from engine_client import AMAZON, PROFILE, EngineClient

from mcp_ads.core import Result
from mcp_ads.errors import InvalidParams, Rejected

FIRST = 400000000000000001
DEPRECATED = str(FIRST + 11)
pytestmark = pytest.mark.anyio


async def listed(client: EngineClient, **params: Any) -> Result:
    return await client.do(AMAZON, "audiences", "list", profile_id=PROFILE, **params)


async def test_audiences_are_listed_page_by_page(engine_client: EngineClient) -> None:
    """Those one can target, with their reach as numbers; how many fit is what Amazon says."""
    first = await listed(engine_client, limit=4)
    assert list(first.data[0]) == [
        "audienceId", "audienceName", "category", "status", "dailyReachFrom", "dailyReachBelow",
    ]  # fmt: skip
    assert first.data[0]["audienceId"] == str(FIRST)
    assert 0 < first.data[0]["dailyReachFrom"] < first.data[0]["dailyReachBelow"]
    assert (first.meta["more"], first.meta["total"]) == (True, 10)
    assert "can_target=false has them" in first.meta["hidden"]
    rest = await listed(engine_client, cursor=first.meta["cursor"], limit=100)
    assert len({row["audienceId"] for row in [*first.data, *rest.data]}) == 10
    every = await listed(engine_client, can_target=False, limit=100)
    assert (len(every.data), every.meta.get("hidden")) == (12, None)


async def test_audiences_are_found(engine_client: EngineClient) -> None:
    """By part of the name, by category; by id whether it can be targeted or not. All filters have to fit."""
    by_name = await listed(engine_client, name="hiking")
    assert [row["audienceName"] for row in by_name.data] == ["IM - Camping & Hiking"]
    both = await listed(engine_client, category="Lifestyle", name="beach")
    assert [row["audienceName"] for row in both.data] == ["LS - Beach Goers"]
    named = await listed(engine_client, audience_id=[DEPRECATED, str(FIRST), "7"])
    assert named.meta["total"] == 2
    assert [row["status"] for row in named.data] == ["Active", "Deprecated"]
    large = await listed(engine_client, where="dailyReachFrom > 500000", sort="-reach")
    reach = [row["dailyReachFrom"] for row in large.data]
    assert reach == sorted(reach, reverse=True)
    assert min(reach) > 500_000


async def test_the_taxonomy_is_gone_down_by_its_levels(engine_client: EngineClient) -> None:
    """Levels in order, a comma in one of them included, find what is right below; a name may be several."""
    below: list[str] = []
    for _ in range(2):
        asked = {"path": "/audiences/taxonomy/list", "body": {"adType": "SD", "categoryPath": below}}
        found = await engine_client.do(AMAZON, "api", "query", profile_id=PROFILE, **asked)
        below = [*below, found.data["categories"][-1 if below else 0]["category"]]
    assert below == ["In-market", "Clothing, Shoes & Jewelry"]
    counts = {row["category"]: row["audienceCount"] for row in found.data["categories"]}
    assert counts == {"Home": 1, "Sports": 2, "Clothing, Shoes & Jewelry": 1}
    paths: list[Any] = [below, " > ".join(below), ["In-market", "Sports"], "In-market"]
    rows = [(await listed(engine_client, category_path=path)).data for path in paths]
    hats = ["IM - Sun Hats"]
    assert [[row["audienceName"] for row in found] for found in rows] == [
        hats, hats, ["IM - Camping & Hiking"], [],
    ]  # fmt: skip
    some = await listed(engine_client, name=["hats", "hiking"], category="In-market")
    assert [row["audienceName"] for row in some.data] == ["IM - Camping & Hiking", *hats]
    assert (await listed(engine_client, name="*")).meta["total"] == 10


async def test_what_a_list_cannot_be_asked_is_said(engine_client: EngineClient) -> None:
    """DSP needs its advertiser; other words are refused before anything is sent."""
    cases: list[tuple[dict[str, Any], str]] = [
        ({"ad_type": "DSP"}, "advertiser_id: needed where ad_type is DSP"),
        ({"ad_type": "SP"}, "ad_type"),
        ({"status": "gone"}, "status"),
        ({"country": "Germany"}, "country"),
        ({"audience": "x"}, "audience"),
    ]
    for given, said in cases:
        with pytest.raises(InvalidParams) as caught:
            await listed(engine_client, **given)
        assert said in str(caught.value), given
    assert not [line for line in engine_client.sent(AMAZON) if "audiences" in line]
    assert (await listed(engine_client, ad_type="dsp", advertiser_id="592059203698558089")).data


async def test_a_refusal_names_the_field(engine_client: EngineClient) -> None:
    """The family has an envelope of its own: a message, and errors with the names of fields."""
    error = {"errorType": "INVALID_VALUE", "fieldName": "countries", "message": "No such country"}
    answer = {"message": "Invalid request", "requestId": "r-1", "errors": [error]}
    between(
        engine_client,
        lambda asked: httpx.Response(400, json=answer) if asked.url.path == "/audiences/list" else None,
    )
    with pytest.raises(Rejected) as caught:
        await listed(engine_client, country="XX")
    assert "INVALID_VALUE" in str(caught.value)
    assert "(countries)" in str(caught.value)
    assert caught.value.platform_text == "Invalid request No such country"
