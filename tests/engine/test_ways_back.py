"""The way back is said before a plan is applied, and how far it was gone afterwards; all is read back."""

from __future__ import annotations

import math
from typing import Any

import httpx
import pytest
from between import between
from engine_client import AMAZON, FACEBOOK, PROFILE, EngineClient
from planning import GIFTS, SPRING, SURF, applied, planned, undo_of

from mcp_ads.core import Result
from mcp_ads.engine.applying import read_back
from mcp_ads.engine.overview import page

pytestmark = pytest.mark.anyio
KEYWORDS, MANY = "sponsored_product_keywords", 60
NOT_SET = "spend_cap was not set before, and cannot be unset here"


async def half_lasting(engine_client: EngineClient) -> str:
    """The id of a plan of two steps, of which one has no way back."""
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)
    return await planned(
        engine_client, "campaigns", "update", campaign_id=SURF, spend_cap="500 USD", append_to=plan_id
    )


async def keywords(engine_client: EngineClient) -> list[dict[str, Any]]:
    """The first keywords with their bids, some of which are inherited from their ad groups."""
    fields = ["keywordId", "bid", "adGroupId"]
    listed = await engine_client.do(AMAZON, KEYWORDS, "list", account_id=PROFILE, limit=MANY, fields=fields)
    return list(listed.data)


async def rebidding(engine_client: EngineClient) -> Result:
    """A plan that gives them all one bid."""
    ids = [row["keywordId"] for row in await keywords(engine_client)]
    return await engine_client.do(
        AMAZON, KEYWORDS, "update", account_id=PROFILE, keyword_id=ids, bid="1.17 USD"
    )


async def rebid(engine_client: EngineClient) -> str:
    """The id of that plan."""
    return str((await rebidding(engine_client)).data["plan_id"])


async def text_of(engine_client: EngineClient, query: str) -> str:
    """What ads_describe answers to a question."""
    return await page(engine_client.workspace, {"query": query})


async def test_a_plan_counts_what_has_no_way_back(engine_client: EngineClient) -> None:
    """Which steps no undo will take back, and why, is said before anything is done."""
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)
    result = await engine_client.do(
        FACEBOOK, "campaigns", "update", campaign_id=SURF, spend_cap="500 USD", append_to=plan_id
    )
    assert f"no undo for 1 of 2 steps (2): {NOT_SET}" in result.text
    assert result.data["steps"][1]["no_undo"] == [NOT_SET]


async def test_a_step_with_a_way_back_is_not_doubted(engine_client: EngineClient) -> None:
    """A plan that can be undone as a whole says nothing of it."""
    result = await engine_client.do(FACEBOOK, "campaigns", "pause", campaign_id=SPRING)
    assert "no undo" not in result.text


@pytest.mark.slow
async def test_half_undone_is_not_undone(engine_client: EngineClient) -> None:
    """The list of plans and the answer to the undo say how many of the steps were taken back."""
    plan_id = await half_lasting(engine_client)
    undo = await applied(engine_client, undo_of(await applied(engine_client, plan_id)))
    assert f"1 of 2 steps of {plan_id} are undone by this" in undo.text
    listed = await text_of(engine_client, "plans")
    assert f"{plan_id}; 1 of 2 undone" in listed
    assert "undone since" not in listed


async def test_an_undo_planned_anew_still_counts(engine_client: EngineClient) -> None:
    """When the account has changed before the undo, the fresh plan takes its place in the count as well."""
    plan_id = await planned(engine_client, "campaigns", "update", campaign_id=SPRING, name="New")
    undo = undo_of(await applied(engine_client, plan_id))
    campaign = engine_client.store.get("facebook.campaign", SPRING)
    assert campaign
    engine_client.store.put("facebook.campaign", SPRING, {**campaign, "name": "Somebody's"})
    fresh = (await applied(engine_client, undo)).data["plan_id"]
    assert f"{plan_id}; undo: {fresh}" in await text_of(engine_client, "plans")
    assert f"1 of 1 steps of {plan_id} are undone" in (await applied(engine_client, fresh)).text
    assert f"{plan_id}; undone since" in await text_of(engine_client, "plans")


@pytest.mark.slow
async def test_an_inherited_bid_is_inherited_again(engine_client: EngineClient) -> None:
    """A keyword that had no bid of its own has none after the undo; the others have theirs."""
    before = {row["keywordId"]: row.get("bid") for row in await keywords(engine_client)}
    assert 0 < list(before.values()).count(None) < MANY
    planning = await rebidding(engine_client)
    assert "no undo" not in planning.text
    result = await applied(engine_client, planning.data["plan_id"])
    undo = engine_client.workspace.plans.get(undo_of(result))
    assert "(inherited)" in " ".join(line for step in undo.steps for line in step.lines)
    assert f"APPLIED: {MANY} of {MANY} done" in (await applied(engine_client, undo.plan_id)).text
    assert {row["keywordId"]: row.get("bid") for row in await keywords(engine_client)} == before


@pytest.mark.slow
async def test_everything_is_read_back(engine_client: EngineClient) -> None:
    """One line says that all is as it was set; the pages that say it step by step are named."""
    plan_id = await rebid(engine_client)
    result = await applied(engine_client, plan_id)
    assert f"read back: all {MANY} as set" in result.text
    assert f"APPLIED: {MANY} of {MANY} done\ndone: update " in result.text
    assert " %\neach: ads_describe(query=plan_id)\n" in result.text
    assert "\n21. done: update keyword" in await text_of(engine_client, f"{plan_id} 21")


@pytest.mark.slow
async def test_what_differs_is_named_wherever_it_stands(engine_client: EngineClient) -> None:
    """A value that is another after the change is found beyond the steps shown, and said first."""
    plan_id = await rebid(engine_client)
    last = engine_client.workspace.plans.get(plan_id).steps[-1].subject

    def meddle(request: httpx.Request) -> None:
        record = engine_client.store.get("amazon.keywords", last)
        if record and request.url.path.endswith("/keywords/list") and record.get("bid") == 1.17:
            engine_client.store.put("amazon.keywords", last, {**record, "bid": 0.5})

    await engine_client.workspace.close()
    engine_client.workspace._sessions.clear()
    between(engine_client, meddle)
    text = (await applied(engine_client, plan_id)).text
    assert "BUT READ-BACK DIFFERS" in text
    assert f"read back: {MANY - 1} as set and 1 not" in text
    assert f"\n   {MANY}. keyword {last}" in text


@pytest.mark.slow
async def test_too_little_time_to_read_all_is_said(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the call's time is needed for the undo, the answer says how many were read."""
    plan_id = await rebid(engine_client)
    monkeypatch.setattr(read_back, "FOR_THE_UNDO", math.inf)
    text = (await applied(engine_client, plan_id)).text
    assert f"read back: 20 of {MANY} read, all 20 as set; there was no time for more" in text


async def test_an_undo_with_more_in_it_still_counts(engine_client: EngineClient) -> None:
    """What is appended to an undo makes another plan of it, which takes back the same."""
    plan_id = await half_lasting(engine_client)
    undo = undo_of(await applied(engine_client, plan_id))
    longer = await planned(engine_client, "campaigns", "pause", campaign_id=GIFTS, append_to=undo)
    assert f"{plan_id}; undo: {longer}" in await text_of(engine_client, "plans")
    await applied(engine_client, longer)
    assert f"{plan_id}; 1 of 2 undone" in await text_of(engine_client, "plans")
