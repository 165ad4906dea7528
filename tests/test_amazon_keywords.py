"""Keywords: bids that count from the ad group's, are given back to it, and are priced again when applied."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from typing import Any

import pytest
from engine_client import AMAZON, PROFILE, EngineClient
from planning import applied, undo_of

pytestmark = pytest.mark.anyio
KEYWORDS = "sponsored_product_keywords"
GROUPS = "sponsored_product_ad_groups"
P = {"profile_id": PROFILE}


async def inheriting(client: EngineClient) -> tuple[dict[str, Any], float]:
    """A keyword without a bid of its own, and its ad group's default bid."""
    fields = ["keywordId", "bid", "adGroupId", "campaignId", "keywordText"]
    listed = await client.do(AMAZON, KEYWORDS, "list", **P, fields=fields, limit=60)
    row = next(row for row in listed.data if row["bid"] is None)
    group = await client.do(AMAZON, GROUPS, "get", **P, ad_group_id=row["adGroupId"])
    return row, group.data["defaultBid"]


async def test_a_new_keyword_bids_relative_to_its_ad_group(engine_client: EngineClient) -> None:
    """The plan names the campaign and the ad group; without a bid it says what counts."""
    row, default = await inheriting(engine_client)
    new = {"campaign_id": row["campaignId"], "ad_group_id": row["adGroupId"], "match_type": "BROAD"}
    plan = await engine_client.do(AMAZON, KEYWORDS, "create", **P, **new, keyword_text="kite", bid="+100%")
    assert f"bid {default * 2:.2f} USD" in plan.text
    assert "campaignId " in plan.text
    assert '"' in plan.text.partition("campaignId ")[2][:40]
    done = await applied(engine_client, plan.data["plan_id"])
    made = await engine_client.do(AMAZON, KEYWORDS, "get", **P, keyword_id=done.data["steps"][0]["id"])
    assert (made.data["bid"], made.data["state"]) == (round(default * 2, 2), "PAUSED")
    word = {**new, "keyword_text": "kite 3", "bid": "+33.33%"}
    finer = await engine_client.do(AMAZON, KEYWORDS, "create", **P, **word)
    asked = Decimal(str(default)) * Decimal("1.3333")
    down = asked.quantize(Decimal("0.01"), ROUND_DOWN)
    assert f"bid: {asked.normalize():f} is rounded down to {down} USD" in finer.text
    bare = await engine_client.do(AMAZON, KEYWORDS, "create", **P, **new, keyword_text="kite 2")
    assert f"bid {default:.2f} USD (inherited)" in bare.text
    archived = await applied(engine_client, undo_of(done))
    assert "APPLIED: 1 of 1 done" in archived.text


async def test_a_bid_is_given_back_and_taken_again(engine_client: EngineClient) -> None:
    """Given back it counts as the ad group's, is undone exactly, and is nothing to do where none is set."""
    row, default = await inheriting(engine_client)
    one = {"keyword_id": row["keywordId"]}
    idle = await engine_client.do(AMAZON, KEYWORDS, "update", **P, **one, bid="none")
    assert f"already {default:.2f} USD (inherited)" in str(idle)
    raised = await engine_client.do(AMAZON, KEYWORDS, "update", **P, **one, bid="+10%")
    undo = undo_of(await applied(engine_client, raised.data["plan_id"]))
    own = (await engine_client.do(AMAZON, KEYWORDS, "get", **P, **one)).data["bid"]
    assert own == round(default * 1.1, 2)
    back = engine_client.workspace.plans.get(undo)
    assert f"bid {own:.2f} USD → {default:.2f} USD (inherited)" in back.steps[0].lines
    assert '"bid":null' in back.steps[0].requests[0]["body"].replace(" ", "")
    done = await applied(engine_client, undo)
    assert "as set" in done.text or "bid none" in done.text
    assert (await engine_client.do(AMAZON, KEYWORDS, "get", **P, **one)).data["bid"] is None


async def test_an_inherited_bid_is_read_again_when_applied(engine_client: EngineClient) -> None:
    """Somebody changed the ad group's bid meanwhile: nothing is sent, and there is a fresh plan."""
    row, default = await inheriting(engine_client)
    plan = await engine_client.do(AMAZON, KEYWORDS, "update", **P, keyword_id=row["keywordId"], bid="+50%")
    assert f"bid {default:.2f} (inherited) → {default * 1.5:.3f}"[:-2] in plan.text
    group = engine_client.store.get("amazon.adGroups", row["adGroupId"])
    assert group
    engine_client.store.put("amazon.adGroups", row["adGroupId"], {**group, "defaultBid": default * 2})
    fresh = await applied(engine_client, plan.data["plan_id"])
    assert fresh.data["plan_id"] != plan.data["plan_id"]
    assert f"{default * 2:.2f} (inherited)" in fresh.text
    assert not [line for line in engine_client.sent() if line == "PUT /sp/keywords"]


async def test_the_bid_an_earlier_step_gives_an_ad_group_counts(engine_client: EngineClient) -> None:
    """A keyword's percentage counts from what the same plan makes of the default bid."""
    row, _ = await inheriting(engine_client)
    first = await engine_client.do(
        AMAZON, GROUPS, "update", **P, ad_group_id=row["adGroupId"], default_bid="1.00 USD"
    )
    both = await engine_client.do(
        AMAZON, KEYWORDS, "update", **P, keyword_id=row["keywordId"], bid="+10%",
        append_to=first.data["plan_id"],
    )  # fmt: skip
    assert "bid 1.00 (inherited) → 1.10 USD" in both.text
    assert "2 of 2 done" in (await applied(engine_client, both.data["plan_id"])).text
