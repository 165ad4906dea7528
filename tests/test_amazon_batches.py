"""Many changes in one call: as many in a request as Amazon takes, each told of under its own index."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import AMAZON, PROFILE, EngineClient
from planning import applied, planned, writes

from mcp_ads.connectors.amazon_ads import amazon_ads, batches

pytestmark = pytest.mark.anyio
NEGATIVES = "sponsored_product_negative_keywords"
IN: dict[str, Any] = {
    "profile_id": PROFILE,
    "campaign_id": "120000000000005",
    "ad_group_id": "130000000000006",
    "match_type": "NEGATIVE_EXACT",
}


def made(engine_client: EngineClient, since: int) -> list[str]:
    """The creating requests, without lists."""
    return [asked for asked in engine_client.sent()[since:] if not asked.endswith("/list")]


async def test_a_batch_is_split_and_each_item_keeps_its_index(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three to a request: what is refused in the second of them is the fifth item, the others are done."""
    monkeypatch.setitem(batches.MOST, "/sp/", 3)
    words = ["word 0", "b0rival004", *(f"word {number}" for number in range(1, 7))]
    items = [{"keyword_text": text} for text in words]
    plan_id = await planned(engine_client, NEGATIVES, "create", AMAZON, **IN, items=items)
    other = await planned(engine_client, NEGATIVES, "create", AMAZON, **IN, keyword_text="Word 4")
    await applied(engine_client, other)
    since = len(engine_client.sent())
    done = await applied(engine_client, plan_id)
    assert "PARTIAL: 6 of 8 done" in done.text
    assert '5. NOT DONE: create negative keyword "word 4"' in done.text
    assert [(error["index"], error["item"]) for error in done.errors] == [(4, 5)]
    assert '8. not sent: create negative target "asin B0RIVAL004"' in done.text
    assert made(engine_client, since) == ["POST /sp/negativeKeywords"] * 3
    assert len(writes(engine_client)) == 7
    again = await engine_client.do(AMAZON, NEGATIVES, "create", **IN, items=items)
    assert "PLAN create-negative-target.asin-b0rival004" in again.text


@pytest.mark.slow
async def test_more_than_a_thousand_in_one_plan(engine_client: EngineClient) -> None:
    """A call takes a thousand; what is added to its plan goes in the next request."""
    items = [{"keyword_text": f"word {number}"} for number in range(1000)]
    plan_id = await planned(engine_client, NEGATIVES, "create", AMAZON, **IN, items=items)
    more = [{"keyword_text": text} for text in ("word 1000", "b0rival004", "word 7")]
    result = await engine_client.do(AMAZON, NEGATIVES, "create", **IN, items=more, append_to=plan_id)
    since = len(engine_client.sent())
    assert '"word 7" (the same as step 8)' in result.text
    done = await applied(engine_client, result.data["plan_id"])
    assert "APPLIED: 1002 of 1002" in done.text
    assert made(engine_client, since) == [*["POST /sp/negativeKeywords"] * 2, "POST /sp/negativeTargets"]


@pytest.mark.slow
async def test_a_hundred_portfolios_to_a_request(engine_client: EngineClient) -> None:
    """One more goes in a second one; a name that came meanwhile is refused under its own number."""
    items = [{"name": f"Line {number}"} for number in range(101, 202)]
    plan_id = await planned(engine_client, "portfolios", "create", AMAZON, profile_id=PROFILE, items=items)
    store = engine_client.store
    elsewhere = {**store.all("amazon.portfolios")[0], "portfolioId": "900", "name": "Line 150"}
    store.put("amazon.portfolios", "900", elsewhere)
    since = len(engine_client.sent())
    done = await applied(engine_client, plan_id)
    assert "PARTIAL: 100 of 101 done" in done.text
    assert [error["index"] for error in done.errors] == [49]
    assert made(engine_client, since) == ["POST /portfolios"] * 2


@pytest.mark.parametrize(
    ("entity", "action", "params", "most"),
    [
        (NEGATIVES, "create", {**IN, "keyword_text": "free"}, 1000),
        ("sponsored_product_campaign_negative_targets", "delete",
         {"profile_id": PROFILE, "target_id": "1"}, 1000),
        ("sponsored_display_campaigns", "update",
         {"profile_id": PROFILE, "campaign_id": "1", "name": "A"}, 100),
    ],
)  # fmt: skip
def test_how_many_amazon_takes(entity: str, action: str, params: dict[str, Any], most: int) -> None:
    """Each family has its own number."""
    bundle = batches.bundle(amazon_ads.action(entity, action).model_validate(params).to_request())
    assert bundle is not None
    assert bundle.most == most
