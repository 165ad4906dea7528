"""Product targets: read in words, made of easy parameters, re-bid from what they inherit, and put away."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import AMAZON, PROFILE, EngineClient
from planning import applied, undo_of

from mcp_ads.errors import InvalidParams

pytestmark = pytest.mark.anyio
TARGETS, GROUPS, KEYWORDS = (
    "sponsored_product_targets",
    "sponsored_product_ad_groups",
    "sponsored_product_keywords",
)
P = {"profile_id": PROFILE}


async def empty_group(client: EngineClient) -> dict[str, str]:
    """A new ad group of a MANUAL campaign, with nothing in it."""
    campaigns = await client.do(
        AMAZON, "sponsored_product_campaigns", "list", **P, fields=["campaignId", "targetingType", "state"]
    )
    campaign = next(row for row in campaigns.data if row["targetingType"] == "MANUAL")
    ids = {"campaign_id": campaign["campaignId"]}
    plan = await client.do(AMAZON, GROUPS, "create", **P, **ids, name="Products", default_bid="0.80 USD")
    done = await applied(client, plan.data["plan_id"])
    return {**ids, "ad_group_id": done.data["steps"][0]["id"]}


async def autos(client: EngineClient) -> list[dict[str, Any]]:
    """Automatic targets, as a list shows them."""
    listed = await client.do(AMAZON, TARGETS, "list", **P, expression_type="AUTO", state="ENABLED", limit=4)
    return list(listed.data)


async def test_automatic_targets_are_read_in_words(engine_client: EngineClient) -> None:
    """A person's words and not Amazon's; both by id."""
    rows = await autos(engine_client)
    assert {row["targeting"] for row in rows} == {"close match", "loose match", "substitutes", "complements"}
    one = await engine_client.do(AMAZON, TARGETS, "get", **P, target_id=rows[0]["targetId"])
    assert one.data["targeting"] == "close match"
    assert one.data["expression"] == [{"type": "QUERY_HIGH_REL_MATCHES"}]


@pytest.mark.slow
async def test_a_product_is_targeted_and_given_a_bid(engine_client: EngineClient) -> None:
    """Created from an ASIN with a bid relative to the ad group's, changed, cleared, undone, archived."""
    ids = await empty_group(engine_client)
    plan = await engine_client.do(AMAZON, TARGETS, "create", **P, **ids, asin="b0tern0002", bid="+10%")
    assert 'targets asin B0TERN0002: [{"type": "ASIN_SAME_AS", "value": "B0TERN0002"}]' in plan.text
    assert "bid 0.88 USD" in plan.text
    target = (await applied(engine_client, plan.data["plan_id"])).data["steps"][0]["id"]
    row = (await engine_client.do(AMAZON, TARGETS, "get", **P, target_id=target)).data
    assert (row["bid"], row["state"], row["targeting"]) == (0.88, "PAUSED", "asin B0TERN0002")

    cleared = await engine_client.do(AMAZON, TARGETS, "update", **P, target_id=target, bid="none")
    assert f'update target {target} "asin B0TERN0002"' in cleared.text
    assert "bid 0.88 USD → 0.80 USD (inherited)" in cleared.text
    undo = undo_of(await applied(engine_client, cleared.data["plan_id"]))
    listed = await engine_client.do(AMAZON, TARGETS, "list", **P, ad_group_id=ids["ad_group_id"])
    assert "bid" in str(listed.meta["warnings"])
    assert listed.data[0]["bid"] is None
    raised = await engine_client.do(AMAZON, TARGETS, "update", **P, target_id=target, bid="+10%")
    assert "bid 0.80 (inherited) → 0.88 USD" in raised.text
    await applied(engine_client, undo)
    assert (await engine_client.do(AMAZON, TARGETS, "get", **P, target_id=target)).data["bid"] == 0.88

    gone = await engine_client.do(AMAZON, TARGETS, "delete", **P, target_id=target)
    assert "cannot be undone" in gone.text
    await applied(engine_client, gone.data["plan_id"])
    row = (await engine_client.do(AMAZON, TARGETS, "get", **P, target_id=target)).data
    assert row["state"] == "ARCHIVED"


async def test_switching_on_and_off(engine_client: EngineClient) -> None:
    """Pausing an automatic target names it; enabling it again is delivery."""
    (row, *_) = await autos(engine_client)
    paused = await engine_client.do(AMAZON, TARGETS, "pause", **P, target_id=row["targetId"])
    assert '"close match"' in paused.text
    await applied(engine_client, paused.data["plan_id"])
    again = await engine_client.do(AMAZON, TARGETS, "activate", **P, target_id=row["targetId"])
    assert "ACTIVATES DELIVERY" in again.text
    assert "APPLIED" in (await applied(engine_client, again.data["plan_id"])).text


async def test_automatic_targets_are_neither_made_nor_archived(engine_client: EngineClient) -> None:
    """Both is refused before anything is sent, with what can be done instead."""
    (row, *_) = await autos(engine_client)
    before = len(engine_client.sent())
    with pytest.raises(InvalidParams, match="paused and given bids, not created"):
        await engine_client.do(
            AMAZON, TARGETS, "create", **P, campaign_id="1", ad_group_id="2",
            expression=[{"type": "QUERY_HIGH_REL_MATCHES"}],
        )  # fmt: skip
    assert len(engine_client.sent()) == before
    with pytest.raises(InvalidParams, match="pause it instead"):
        await engine_client.do(AMAZON, TARGETS, "delete", **P, target_id=row["targetId"])
    with pytest.raises(InvalidParams, match="never changes: archive it and add another"):
        await engine_client.do(AMAZON, TARGETS, "update", **P, target_id=row["targetId"], asin="B0TERN0002")
    auto = {"campaign_id": row["campaignId"], "ad_group_id": row["adGroupId"]}
    with pytest.raises(InvalidParams, match="keywords need a MANUAL campaign"):
        await engine_client.do(
            AMAZON, KEYWORDS, "create", **P, **auto, keyword_text="towel", match_type="EXACT"
        )
    with pytest.raises(InvalidParams, match="need a MANUAL campaign"):
        await engine_client.do(AMAZON, TARGETS, "create", **P, **auto, asin="B0TERN0002")


async def test_keywords_and_products_do_not_share_an_ad_group(engine_client: EngineClient) -> None:
    """It is foreseen both ways, for many items with one look at the ad group."""
    keyword = (await engine_client.do(AMAZON, KEYWORDS, "list", **P, limit=1)).data[0]
    held = {"campaign_id": keyword["campaignId"], "ad_group_id": keyword["adGroupId"]}
    with pytest.raises(InvalidParams, match="its ad group has keywords"):
        await engine_client.do(AMAZON, TARGETS, "create", **P, **held, asin="B0TERN0002")
    ids = await empty_group(engine_client)
    items = [{"asin": f"B0TERN00{n:02}"} for n in range(1, 5)]
    before = engine_client.sent().count("POST /sp/keywords/list")
    plan = await engine_client.do(AMAZON, TARGETS, "create", **P, **ids, items=items)
    assert engine_client.sent().count("POST /sp/keywords/list") == before + 1
    assert "bid 0.80 USD (inherited)" in plan.text
    assert "4 of 4 done" in (await applied(engine_client, plan.data["plan_id"])).text
    with pytest.raises(InvalidParams, match="its ad group has product targets"):
        await engine_client.do(
            AMAZON, KEYWORDS, "create", **P, **ids, keyword_text="beach towel", match_type="EXACT"
        )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "expression: give it, or asin"),
        (
            {"asin": "B0TERN0001", "expression": [{"type": "ASIN_SAME_AS", "value": "B0TERN0001"}]},
            "give it, or asin",
        ),
        ({"asin": "B0"}, "asin: 'B0' is no value of it"),
        ({"asin": "B0TERN0001", "price_max": 10}, "stands alone"),
        ({"price_min": 5}, "refines a category or a brand"),
        (
            {"category_id": "1", "price_min": 9, "price_max": 5},
            "price_min, price_max: '9-5' is no value of it",
        ),
        ({"category_id": "1", "rating_min": 6}, "is no value of it"),
        ({"expanded": True}, "needs an asin"),
        ({"expression": [{"type": "NEGATIVE_ASIN_SAME_AS", "value": "B0TERN0001"}]}, "negative_targets"),
    ],
)
async def test_expressions_are_checked(engine_client: EngineClient, given: dict[str, Any], said: str) -> None:
    """Nothing is sent, and the line says what would be right."""
    with pytest.raises(InvalidParams, match=said):
        await engine_client.do(AMAZON, TARGETS, "create", **P, campaign_id="1", ad_group_id="2", **given)
    assert engine_client.sent() == []
