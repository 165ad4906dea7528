"""Sponsored Brands targets: read in words, made of easy parameters, re-bid, put away; and what is negated."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import AMAZON, PROFILE, EngineClient
from planning import applied, undo_of

from mcp_ads.errors import InvalidParams, NotFound, UnknownAction

pytestmark = pytest.mark.anyio
TARGETS = "sponsored_brands_targets"
NEGATIVES = "sponsored_brands_negative_targets"
P = {"profile_id": PROFILE}
LIVE = {"campaign_id": "191000000000001", "ad_group_id": "192000000000001"}
PAUSED = {"campaign_id": "191000000000002", "ad_group_id": "192000000000002"}


async def read(client: EngineClient, target: str, entity: str = TARGETS) -> dict[str, Any]:
    return dict((await client.do(AMAZON, entity, "get", **P, target_id=target)).data)


async def test_lists_tell_targets_in_words(engine_client: EngineClient) -> None:
    """Ids are text, states in capitals, categories have Amazon's names; archived ones on demand."""
    listed = await engine_client.do(AMAZON, TARGETS, "list", **P)
    assert [row["targeting"] for row in listed.data] == [
        "asin B0RIVAL001",
        *["category Beach Towels (1063242), rating above 3"] * 2,
    ]
    assert {row["state"] for row in listed.data} == {"ENABLED"}
    assert "ARCHIVED" in str(listed.meta)
    assert {type(row["adGroupId"]) for row in listed.data} == {str}
    every = await engine_client.do(AMAZON, TARGETS, "list", **P, state=["ENABLED", "PAUSED", "ARCHIVED"])
    assert len(every.data) == 4
    videos = await engine_client.do(AMAZON, TARGETS, "list", **P, **PAUSED, creative_type="video")
    assert videos.data == []
    with pytest.raises(InvalidParams, match="three filters at once"):
        await engine_client.do(
            AMAZON, TARGETS, "list", **P, **LIVE, state="PAUSED", creative_type="PRODUCT_COLLECTION"
        )


async def test_one_is_read_by_its_path_or_found_in_the_list(engine_client: EngineClient) -> None:
    """What belongs to a brand video is in the list alone; an id of nothing is said to be one."""
    assert (await read(engine_client, "194000000000001"))["targeting"] == "asin B0RIVAL001"
    assert not engine_client.sent().count("POST /sb/targets/list")
    video = await read(engine_client, "194000000000004")
    assert video["expressions"][0] == {"type": "ASIN_CATEGORY_SAME_AS", "value": "1063242"}
    with pytest.raises(NotFound):
        await read(engine_client, "7")
    since = len(engine_client.sent())
    strange = await engine_client.do(AMAZON, TARGETS, "get", **P, target_id=[str(7 + n) for n in range(12)])
    assert len(strange.errors) == 12
    assert engine_client.sent()[since:].count("POST /sb/negativeTargets/list") == 1


@pytest.mark.slow
async def test_a_target_bids_at_once_where_its_campaign_is_on(engine_client: EngineClient) -> None:
    """Making it there is delivery, priced by the campaign; then re-bid, paused, undone and archived."""
    given = {**P, "category_id": "1063242", "price_max": 20, "bid": "0.80 USD"}
    calm = await engine_client.do(AMAZON, TARGETS, "create", **given, **PAUSED)
    assert "ACTIVATES DELIVERY" not in calm.text
    assert "bids once its campaign is ENABLED" in calm.text
    plan = await engine_client.do(AMAZON, TARGETS, "create", **given, **LIVE)
    assert "ACTIVATES DELIVERY" in plan.text
    assert "no targets PAUSED" in plan.text
    assert "its ad group has keywords: by Amazon's guide it takes one of the two" in plan.text
    assert 'targets category 1063242, price below 20: [{"type": "asinCategorySameAs"' in plan.text
    target = (await applied(engine_client, plan.data["plan_id"])).data["steps"][0]["id"]
    row = await read(engine_client, target)
    assert (row["state"], row["bid"], row["adGroupId"]) == ("ENABLED", 0.8, LIVE["ad_group_id"])

    raised = await engine_client.do(
        AMAZON, TARGETS, "update", **P, target_id=target, bid="+10%", state="PAUSED"
    )
    assert f'update target {target} "category 1063242, price below 20"' in raised.text
    assert "bid 0.80 → 0.88 USD" in raised.text
    undo = undo_of(await applied(engine_client, raised.data["plan_id"]))
    row = await read(engine_client, target)
    assert (row["bid"], row["state"]) == (0.88, "PAUSED")
    back = await applied(engine_client, undo)
    assert "APPLIED" in back.text
    assert (await read(engine_client, target))["bid"] == 0.8
    off = await engine_client.do(AMAZON, TARGETS, "update", **P, target_id=target, state="PAUSED")
    await applied(engine_client, off.data["plan_id"])
    on = await engine_client.do(AMAZON, TARGETS, "update", **P, target_id=target, state="ENABLED")
    assert "ACTIVATES DELIVERY: can spend 30.00 USD a day" in on.text
    with pytest.raises(InvalidParams, match="it is in 192000000000001, not in 192000000000002"):
        await engine_client.do(
            AMAZON, TARGETS, "update", **P, target_id=target, ad_group_id="192000000000002", bid=1
        )
    gone = await engine_client.do(AMAZON, TARGETS, "delete", **P, target_id=target)
    assert "cannot be undone" in gone.text
    await applied(engine_client, gone.data["plan_id"])
    assert (await read(engine_client, target))["state"] == "ARCHIVED"


async def test_what_is_there_is_left_out_and_an_error_in_a_200_is_one(engine_client: EngineClient) -> None:
    """What is there is named; of two in one request the one that Amazon refuses is told by its index."""
    items = [{"asin": "B0RIVAL001"}, {"asin": "b0rival002"}, {"asin": "B0RIVAL003", "bid": "0.05 USD"}]
    plan = await engine_client.do(AMAZON, TARGETS, "create", **P, **PAUSED, bid="0.50 USD", items=items[1:])
    assert "0.05 USD is outside Amazon's range of 0.10 to 49 USD" in plan.text
    before = engine_client.sent().count("POST /sb/targets")
    done = await applied(engine_client, plan.data["plan_id"])
    assert engine_client.sent().count("POST /sb/targets") == before + 1
    assert "1 of 2 done" in done.text
    again = await engine_client.do(AMAZON, TARGETS, "create", **P, **LIVE, bid="0.50 USD", items=items[:2])
    assert "already there, ENABLED" in again.text


async def test_a_lost_answer_is_looked_for_by_what_the_target_is_of(engine_client: EngineClient) -> None:
    """Amazon's names for a category in the list, and another order of predicates, do not hide it."""
    of = {"asinBrandSameAs": "7048034011", "asinCategorySameAs": "1063242"}
    given = {"expressions": [{"type": kind, "value": value} for kind, value in of.items()], "bid": 0.8}
    plan = await engine_client.do(AMAZON, TARGETS, "create", **P, **PAUSED, **given)
    engine_client.fault("cut", when="after", method="POST", path="targets$")
    done = await applied(engine_client, plan.data["plan_id"])
    told = 'target "category 1063242, brand 7048034011", id 900000000000001'
    assert f"looking now: there is {told}" in done.text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "expressions: give them, or asin or"),
        ({"asin": "B0"}, "asin: 'B0' is no value"),
        ({"asin": "B0TERN0001", "price_max": 10}, "stands alone"),
        ({"price_min": 5}, "refines a category or a brand"),
        ({"expressions": [{"type": "asinExpandedFrom", "value": "B0TERN0001"}]}, "has no ASIN_EXPANDED_FROM"),
        ({"asin": "B0TERN0001", "expanded": True}, "Sponsored Brands has no such targets"),
        ({"asin": "B0TERN0001", "state": "PAUSED"}, "state: Sponsored Brands takes none"),
    ],
)
async def test_targets_are_checked(engine_client: EngineClient, given: dict[str, Any], said: str) -> None:
    """Nothing is sent, and the line says what would be right."""
    with pytest.raises(InvalidParams, match=said):
        await engine_client.do(AMAZON, TARGETS, "create", **P, **LIVE, bid=1, **given)


async def test_what_there_is_not_is_said_with_what_does_it(engine_client: EngineClient) -> None:
    """Pausing is an update here; bids are suggested by a raw request that is a read."""
    with pytest.raises(UnknownAction, match="update does it, with state PAUSED"):
        await engine_client.do(AMAZON, TARGETS, "pause", **P, target_id="194000000000001")
    with pytest.raises(UnknownAction, match='path="/sb/recommendations/bids"'):
        await engine_client.do(AMAZON, TARGETS, "bid_recommendations", **P)
    body = {"targets": [[{"type": "asinSameAs", "value": "B0RIVAL001"}]]}
    bids = await engine_client.do(AMAZON, "api", "post", **P, path="/sb/recommendations/bids", body=body)
    assert "recommendedBid" in str(bids.data)
    words = {"asins": ["B0TERN0001"], "maxNumSuggestions": 3}
    found = await engine_client.do(AMAZON, "api", "post", **P, path="/sb/recommendations/keyword", body=words)
    assert [row["searchTermImpressionRank"] for row in found.data] == [1, 2, 3]


@pytest.mark.slow
async def test_products_and_brands_are_negated(engine_client: EngineClient) -> None:
    """Added with what that stops, switched, and archived: they are bid on again."""
    plan = await engine_client.do(AMAZON, NEGATIVES, "create", **P, **LIVE, asin="B0RIVAL001")
    assert "keeps ads from asin B0RIVAL001" in plan.text
    assert "it stops what is bid on here and enabled: target 194000000000001" in plan.text
    assert "ACTIVATES DELIVERY" not in plan.text
    target = (await applied(engine_client, plan.data["plan_id"])).data["steps"][0]["id"]
    listed = await engine_client.do(AMAZON, NEGATIVES, "list", **P, ad_group_id=LIVE["ad_group_id"])
    assert {row["targeting"] for row in listed.data} == {"asin B0RIVAL001", "asin B0RIVAL002"}
    negated = {"asin": "B0RIVAL002", "bid": "0.75 USD"}
    bid_on = await engine_client.do(AMAZON, TARGETS, "create", **P, **LIVE, **negated)
    assert "it will not be shown while this negates it: negative target " in bid_on.text
    off = await engine_client.do(AMAZON, NEGATIVES, "update", **P, target_id=target, state="PAUSED")
    assert "products it kept ads from are bid on again" in off.text
    undo = undo_of(await applied(engine_client, off.data["plan_id"]))
    every = await engine_client.do(AMAZON, NEGATIVES, "list", **P)
    assert {row["targetId"]: row["state"] for row in every.data}[target] == "PAUSED"
    again = await engine_client.do(AMAZON, NEGATIVES, "create", **P, **LIVE, asin="B0RIVAL001")
    assert f'{target} "asin B0RIVAL001": already there, PAUSED: it keeps nothing away' in again.text
    mixed = await engine_client.do(AMAZON, NEGATIVES, "list", **P, state=["ENABLED", "PAUSED"])
    assert "these are of every state" in str(mixed.meta["warnings"])
    await applied(engine_client, undo)
    gone = await engine_client.do(AMAZON, NEGATIVES, "delete", **P, target_id=target)
    assert "cannot be undone" in gone.text
    await applied(engine_client, gone.data["plan_id"])
    assert (await read(engine_client, target, NEGATIVES))["state"] == "ARCHIVED"
    with pytest.raises(InvalidParams, match="is not one of ASIN_SAME_AS, ASIN_BRAND_SAME_AS"):
        await engine_client.do(
            AMAZON,
            NEGATIVES,
            "create",
            **P,
            **LIVE,
            expressions=[{"type": "asinCategorySameAs", "value": "1"}],
        )
    anew = await engine_client.do(AMAZON, NEGATIVES, "create", **P, **LIVE, asin="B0RIVAL001")
    assert "PLAN create-negative-target" in anew.text
    with pytest.raises(InvalidParams, match="category_id: Sponsored Brands negates products and brands"):
        await engine_client.do(AMAZON, NEGATIVES, "create", **P, **LIVE, category_id="1063242")
    with pytest.raises(InvalidParams, match="ENABLED or ARCHIVED alone"):
        await engine_client.do(AMAZON, NEGATIVES, "list", **P, state="PAUSED")
