"""Sponsored Brands keywords: new ones bid with their campaign, and archived negatives never return."""

from __future__ import annotations

import json
from typing import Any

import pytest
from engine_client import AMAZON, PROFILE, EngineClient
from planning import applied, error_of, planned, undo_of, writes

from mcp_ads.connectors.amazon_ads import amazon_ads
from mcp_ads.core import Write

pytestmark = pytest.mark.anyio
WORDS = "sponsored_brands_keywords"
NEGATIVES = "sponsored_brands_negative_keywords"
TARGETS = "sponsored_brands_negative_targets"
P = {"profile_id": PROFILE}
RUNNING: dict[str, Any] = {**P, "campaign_id": "191000000000001", "ad_group_id": "192000000000001"}
PAUSED: dict[str, Any] = {**P, "campaign_id": "191000000000002", "ad_group_id": "192000000000002"}
KITE = {"keyword_text": "kite surf", "match_type": "PHRASE", "bid": "0.75 USD"}
TERN, DRAFT, VIDEO = "197000000000011", "197000000000032", "197000000000014"
FREE = "198000000000011"


async def refusal(client: EngineClient, entity: str, action: str, **params: Any) -> str:
    """Why a call is refused, with nothing sent that changes anything."""
    error = await error_of(client.do(AMAZON, entity, action, **params))
    assert error is not None
    assert writes(client) == []
    return f"{error} {error.fix}"


async def test_a_keyword_from_its_making_to_its_archiving(engine_client: EngineClient) -> None:
    """Made where nothing runs it delivers nothing; bid and state change, and are set back; then it ends."""
    plan = await engine_client.do(AMAZON, WORDS, "create", **PAUSED, **KITE)
    assert "it bids once its campaign is ENABLED: Sponsored Brands makes no keywords PAUSED" in plan.text
    assert "ACTIVATES" not in plan.text
    made = (await applied(engine_client, plan.data["plan_id"])).data["steps"][0]["id"]
    one = {**P, "keyword_id": made}
    raised = await engine_client.do(AMAZON, WORDS, "update", **one, bid="+20%", state="paused")
    assert "bid 0.75 → 0.90 USD; state ENABLED → PAUSED" in raised.text
    body = json.loads(engine_client.workspace.plans.get(raised.data["plan_id"]).steps[0].requests[0]["body"])
    place = {"campaignId": 191000000000002, "adGroupId": 192000000000002}
    assert body == [{"keywordId": int(made), **place, "bid": 0.9, "state": "paused"}]
    done = await applied(engine_client, raised.data["plan_id"])
    assert "read back: bid 0.90 USD; state PAUSED" in done.text
    await applied(engine_client, undo_of(done))
    row = (await engine_client.do(AMAZON, WORDS, "get", **one)).data
    shown = (row["keywordId"], row["matchType"], row["bid"], row["state"])
    assert shown == (made, "PHRASE", 0.75, "ENABLED")
    bare = await error_of(engine_client.do(AMAZON, WORDS, "update", **one))
    assert str(bare) == "nothing to change: give bid, state"
    draft = await planned(engine_client, WORDS, "update", AMAZON, **P, keyword_id=DRAFT, state="ENABLED")
    assert "pause-keyword" in undo_of(await applied(engine_client, draft))
    gone = await engine_client.do(AMAZON, WORDS, "delete", **one)
    assert "cannot be undone: Amazon never changes archived objects again" in gone.text
    assert "read back: state ARCHIVED" in (await applied(engine_client, gone.data["plan_id"])).text
    listed = await engine_client.do(AMAZON, WORDS, "list", **PAUSED)
    assert {row["keywordId"]: row["state"] for row in listed.data}[made] == "ARCHIVED"


async def test_a_keyword_of_a_running_campaign_begins_to_deliver(engine_client: EngineClient) -> None:
    """It is priced by the campaign's budget; one that is switched on meanwhile is not what was agreed to."""
    plan = await engine_client.do(AMAZON, WORDS, "create", **RUNNING, **{**KITE, "bid": "0.12 USD"})
    assert (
        "ACTIVATES DELIVERY: can spend 30.00 USD a day (dailyBudget of 191000000000001, shared)" in plan.text
    )
    assert "it bids at once: Sponsored Brands makes no keywords PAUSED" in plan.text
    assert "bid: 0.12 USD is too little for video ads, whose range is 0.25 to 49 USD" in plan.text
    assert (
        "bid: 0.05 USD is outside Amazon's range of 0.10 to 49 USD"
        in (await engine_client.do(AMAZON, WORDS, "create", **RUNNING, **{**KITE, "bid": "0.05 USD"})).text
    )
    quiet = await planned(engine_client, WORDS, "create", AMAZON, **PAUSED, **KITE)
    campaign = engine_client.store.get("amazon.sb.campaigns", "191000000000002")
    assert campaign
    engine_client.store.put("amazon.sb.campaigns", "191000000000002", {**campaign, "state": "ENABLED"})
    fresh = await applied(engine_client, quiet)
    assert "it would begin to deliver now" in fresh.text
    assert writes(engine_client) == []


async def test_what_amazon_would_refuse_is_said_before(engine_client: EngineClient) -> None:
    """A state, a bid of nothing, a text too long, places that do not belong together, one that is over."""
    said = {
        "state: Sponsored Brands takes none for new ones": {**PAUSED, **KITE, "state": "PAUSED"},
        "bid: ad groups here have no bid for +10%": {**PAUSED, **KITE, "bid": "+10%"},
        "bid: missing, required": {**PAUSED, "keyword_text": "kite", "match_type": "EXACT"},
        "at most 10 words, not 11": {**PAUSED, **KITE, "keyword_text": "a b c d e f g h i j k"},
        "it belongs to campaign 191000000000002": {**PAUSED, **KITE, "campaign_id": "191000000000001"},
        "it is ARCHIVED": {
            **P, **KITE, "campaign_id": "191000000000003", "ad_group_id": "192000000000003",
        },
    }  # fmt: skip
    for text, params in said.items():
        assert text in await refusal(engine_client, WORDS, "create", **params)
    campaign = engine_client.store.get("amazon.sb.campaigns", "191000000000002")
    assert campaign
    over = {**campaign, "endDate": "2026-01-31"}
    engine_client.store.put("amazon.sb.campaigns", "191000000000002", over)
    assert "campaign_id: it ended on 2026-01-31" in await refusal(
        engine_client, WORDS, "create", **PAUSED, **KITE
    )
    one = {**P, "keyword_id": TERN}
    elsewhere = await refusal(engine_client, WORDS, "update", **one, bid=1, ad_group_id="192000000000002")
    assert "ad_group_id: it is in 192000000000001, not in 192000000000002" in elsewhere
    assert "delete archives" in await refusal(engine_client, WORDS, "update", **one, state="archived")
    assert "update with state PAUSED does it" in await refusal(engine_client, WORDS, "pause", **one)
    same = {**RUNNING, "keyword_text": "Tern  and TIDE", "match_type": "exact", "bid": 1}
    there = await engine_client.do(AMAZON, WORDS, "create", **same)
    assert f'Nothing to change: {TERN} "Tern  and TIDE": already there, ENABLED' in there.text


async def test_keywords_are_read_whichever_way_has_them(engine_client: EngineClient) -> None:
    """A draft is in no list, a brand video's keyword in no older answer; lists say what they may lack."""
    every = await engine_client.do(AMAZON, WORDS, "get", **P, keyword_id=[DRAFT, TERN, "7", VIDEO])
    assert [row["state"] for row in every.data] == ["DRAFT", "ENABLED", "ENABLED"]
    assert [(error["index"], error["code"]) for error in every.errors] == [(2, "NotFound")]
    for one in (DRAFT, VIDEO):
        assert (await engine_client.do(AMAZON, WORDS, "get", **P, keyword_id=one)).data["keywordId"] == one
    assert "keyword_id: no object 7" in await refusal(engine_client, WORDS, "get", **P, keyword_id="7")
    listed = await engine_client.do(AMAZON, WORDS, "list", **P, match_type=["EXACT"], creative_type="VIDEO")
    assert {row["keywordId"] for row in listed.data} == {VIDEO}
    assert "campaign_id lists all of a campaign" in str(listed.meta["warnings"])
    kept = await engine_client.do(AMAZON, WORDS, "list", **P, campaign_id=["191000000000003"])
    assert {row["state"] for row in kept.data} == {"ARCHIVED"}
    assert "warnings" not in kept.meta


async def test_negative_keywords_are_never_paused_and_never_come_back(engine_client: EngineClient) -> None:
    """What one stops is said, what is negated already left out, and what was archived is not made again."""
    plan = await engine_client.do(
        AMAZON, NEGATIVES, "create", **RUNNING, match_type="NEGATIVE_PHRASE",
        items=[{"search_term": text} for text in ("beach towels", "cheap free towels", "b0rival004")],
    )  # fmt: skip
    assert 'it stops what is bid on here and enabled: keyword 197000000000021 "beach towels"' in plan.text
    assert (
        "taking it back archives it, and Amazon takes the same one in its campaign never again" in plan.text
    )
    assert "negated here already by NEGATIVE_PHRASE 'free towels'" in plan.text
    assert 'create negative target "asin B0RIVAL004"' in plan.text
    done = await applied(engine_client, plan.data["plan_id"])
    assert "APPLIED: 2 of 2 done" in done.text
    undone = await applied(engine_client, undo_of(done))
    assert "2 of 2 done" in undone.text
    again = {**RUNNING, "keyword_text": "Beach towels", "match_type": "NEGATIVE_PHRASE"}
    error = await error_of(engine_client.do(AMAZON, NEGATIVES, "create", **again))
    assert "it was archived in this campaign before" in str(error)
    one = {**P, "keyword_id": FREE}
    error = await error_of(engine_client.do(AMAZON, NEGATIVES, "update", **one, state="PAUSED"))
    assert "only ENABLED can be set; Sponsored Brands pauses no negative keywords" in str(error)
    idle = await engine_client.do(AMAZON, NEGATIVES, "update", **one, state="ENABLED")
    assert "already ENABLED" in idle.text
    gone = await engine_client.do(AMAZON, NEGATIVES, "delete", **one)
    assert "searches it kept ads from are bid on again" in gone.text
    await applied(engine_client, gone.data["plan_id"])
    left = await engine_client.do(AMAZON, NEGATIVES, "list", **RUNNING)
    assert FREE not in {row["keywordId"] for row in left.data}
    assert left.meta["hidden"] == "ARCHIVED ones; state=ARCHIVED lists these"
    assert (await engine_client.do(AMAZON, NEGATIVES, "get", **one)).data["state"] == "ARCHIVED"
    both = await engine_client.do(AMAZON, NEGATIVES, "get", **P, keyword_id=[FREE, "198000000000021"])
    assert [row["state"] for row in both.data] == ["ARCHIVED", "ENABLED"]
    for switch in ("pause", "activate"):
        error = await error_of(engine_client.do(AMAZON, NEGATIVES, switch, **one))
        assert "archive" in str(error)


async def test_forty_travel_together_and_keep_their_places(engine_client: EngineClient) -> None:
    """One array for all; the one that Amazon refuses is told of under its own number."""
    items: list[dict[str, Any]] = [{"keyword_text": f"kite {number}"} for number in range(40)]
    items[17]["bid"] = "50 USD"
    common = {**PAUSED, "match_type": "BROAD", "bid": "0.80 USD"}
    plan_id = await planned(engine_client, WORDS, "create", AMAZON, **common, items=items)
    since = len(engine_client.sent())
    done = await applied(engine_client, plan_id)
    assert "PARTIAL: 39 of 40 done" in done.text
    assert [error["index"] for error in done.errors] == [17]
    assert engine_client.sent()[since:].count("POST /sb/keywords") == 1
    there = await engine_client.do(AMAZON, WORDS, "list", **PAUSED, limit=60)
    ids = [row["keywordId"] for row in there.data if row["keywordText"].startswith("kite")]
    since = len(engine_client.sent())
    quiet = await planned(engine_client, WORDS, "update", AMAZON, **P, keyword_id=ids, state="PAUSED")
    assert "39 of 39 done" in (await applied(engine_client, quiet)).text
    assert engine_client.sent()[since:].count("PUT /sb/keywords") == 1


@pytest.mark.parametrize(
    ("entity", "action", "params"),
    [
        (WORDS, "create", {**RUNNING, **KITE}),
        (NEGATIVES, "update", {**P, "keyword_id": "7", "state": "ENABLED"}),
    ],
)
def test_only_an_answer_with_its_id_says_that_it_was_done(
    entity: str, action: str, params: dict[str, Any]
) -> None:
    """A success without one, or with another's, is none."""
    call = amazon_ads.action(entity, action).model_validate(params)
    assert isinstance(call, Write)
    assert call.doubt({"keywordId": 7, "code": "SUCCESS"}) == ""
    answers: list[Any] = [{"code": "SUCCESS"}, {"keywordId": None, "code": "SUCCESS"}, [], "SUCCESS"]
    for answer in answers:
        assert call.doubt(answer)
    assert bool(call.doubt({"keywordId": 8})) == (action == "update")
