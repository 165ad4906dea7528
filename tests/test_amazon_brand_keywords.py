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
SP = "120000000000001"
TERN, DRAFT, VIDEO = "197000000000011", "197000000000032", "197000000000014"
FREE = "198000000000011"


async def refusal(client: EngineClient, entity: str, action: str, **params: Any) -> str:
    """Why a call is refused, with nothing sent that changes anything."""
    error = await error_of(client.do(AMAZON, entity, action, **params))
    assert error is not None
    assert writes(client) == []
    return f"{error} {error.fix}"


@pytest.mark.slow
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
    row = {**(engine_client.store.get("amazon.sb.keywords", DRAFT) or {}), "state": "DRAFT"}
    engine_client.store.put("amazon.sb.keywords", DRAFT, row)
    quiet = await engine_client.do(AMAZON, WORDS, "update", **P, keyword_id=DRAFT, state="PAUSED", bid=1.1)
    assert "no undo: state was DRAFT, and stays PAUSED" in quiet.text
    assert "lower-bid" in undo_of(await applied(engine_client, quiet.data["plan_id"]))
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
    running = engine_client.store.get("amazon.sb.campaigns", RUNNING["campaign_id"]) or {}
    by_views = {**running, "costType": "VCPM"}
    engine_client.store.put("amazon.sb.campaigns", RUNNING["campaign_id"], by_views)
    for action, what in (("create", {**RUNNING, **KITE}), ("update", {**P, "keyword_id": TERN})):
        low, fit = [
            (await engine_client.do(AMAZON, WORDS, action, **{**what, "bid": bid})).text
            for bid in ("0.75 USD", "9 USD")
        ]
        assert "bid: 0.75 USD is outside Amazon's range of 8 to 5000 USD" in low
        assert "range of" not in fit
        assert "video ads" not in low + fit
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
    assert f'Nothing to change: {TERN} "Tern  and TIDE": already there, ENABLED with bid 1.20' in there.text
    assert "not 1.00 USD: update sets it" in there.text
    odd: list[dict[str, Any]] = [
        {"keyword_text": "a"},
        {"keyword_text": "A", "bid": 2},
        {"keyword_text": "50%!"},
    ]
    both = await engine_client.do(AMAZON, WORDS, "create", **RUNNING, match_type="EXACT", bid=1, items=odd)
    assert 'left out: "A" (the same as items[0], which has another bid)' in both.text
    assert "keyword_text: ! % may be refused: Amazon lists no such symbols for keywords" in both.text
    strange = await refusal(engine_client, WORDS, "create", **{**RUNNING, "campaign_id": SP}, **KITE)
    assert f"campaign_id: {SP} is a campaign of Sponsored Products" in strange


async def test_bids_are_judged_by_what_their_campaign_pays_for(engine_client: EngineClient) -> None:
    """For a thousand views another range counts, of new ones and of changes; over there nothing changes."""
    campaign = engine_client.store.get("amazon.sb.campaigns", "191000000000001") or {}
    views = {**campaign, "costType": "VCPM"}
    engine_client.store.put("amazon.sb.campaigns", "191000000000001", views)
    one = {**P, "keyword_id": TERN}
    new = await engine_client.do(AMAZON, WORDS, "create", **RUNNING, **{**KITE, "bid": "3 USD"})
    for plan in (new, await engine_client.do(AMAZON, WORDS, "update", **one, bid="3 USD")):
        assert "(VCPM): the bid is for a thousand of them" in plan.text
        assert "bid: 3.00 USD is outside Amazon's range of 8 to 5000 USD" in plan.text
    fine = await planned(engine_client, WORDS, "update", AMAZON, **one, bid="9 USD")
    assert "1 of 1 done" in (await applied(engine_client, fine)).text
    low = await planned(engine_client, WORDS, "update", AMAZON, **one, bid="7 USD")
    assert "must be 8 to 5000" in (await applied(engine_client, low)).text
    over = {**campaign, "endDate": "2026-01-31"}
    engine_client.store.put("amazon.sb.campaigns", "191000000000001", over)
    changes: dict[str, dict[str, Any]] = {
        WORDS: {**one, "bid": 2},
        NEGATIVES: {**P, "keyword_id": FREE, "state": "ENABLED"},
        TARGETS: {**P, "target_id": "195000000000001", "state": "PAUSED"},
        "sponsored_brands_themes": {**P, "theme_id": "196000000000001", "bid": 2},
    }
    for entity, given in changes.items():
        error = await error_of(engine_client.do(AMAZON, entity, "update", **given))
        assert "its campaign ended on 2026-01-31, and Amazon changes nothing in it" in str(error)
    made: dict[str, dict[str, Any]] = {
        NEGATIVES: {"keyword_text": "x", "match_type": "NEGATIVE_EXACT"},
        TARGETS: {"asin": "B0RIVAL003"},
    }
    for entity, given in made.items():
        error = await error_of(engine_client.do(AMAZON, entity, "create", **RUNNING, **given))
        assert "campaign_id: it ended on 2026-01-31, and Amazon adds nothing to it" in str(error)
    assert "delete keyword" in (await engine_client.do(AMAZON, WORDS, "delete", **one)).text


async def test_why_amazon_refuses_a_keyword_is_told(engine_client: EngineClient) -> None:
    """A draft is in no list: that there is one like it is known by the refusal alone, with its own reason."""
    row = engine_client.store.get("amazon.sb.keywords", DRAFT) or {}
    given = {**PAUSED, "keyword_text": row["keywordText"], "match_type": "BROAD", "bid": "0.75 USD"}
    done = await applied(engine_client, await planned(engine_client, WORDS, "create", AMAZON, **given))
    (error,) = done.errors
    assert "INVALID_ARGUMENT, DUPLICATE_VALUE (matchType)" in error["message"]
    assert "there is one like it already" in error["says"]
    assert "a draft is in no list, and get reads it by its id" in error["fix"]


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
    assert "campaign_id lists those of a campaign" in str(listed.meta["warnings"])
    kept = await engine_client.do(AMAZON, WORDS, "list", **P, campaign_id=["191000000000003"])
    assert {row["state"] for row in kept.data} == {"ARCHIVED"}
    assert "warnings" not in kept.meta
    assert kept.meta["hidden"] == "drafts are in no list: get reads them by id"


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
    word = {"keyword_text": "free towels", "match_type": "BROAD", "bid": "0.75 USD"}
    bid_on = await engine_client.do(AMAZON, WORDS, "create", **RUNNING, **word)
    assert "it will not be shown while this negates it: negative keyword " in bid_on.text
    assert 'create negative target "asin B0RIVAL004"' in plan.text
    done = await applied(engine_client, plan.data["plan_id"])
    assert "APPLIED: 2 of 2 done" in done.text
    undone = await applied(engine_client, undo_of(done))
    assert "2 of 2 done" in undone.text
    again = {**RUNNING, "keyword_text": "Beach towels", "match_type": "NEGATIVE_PHRASE"}
    error = await error_of(engine_client.do(AMAZON, NEGATIVES, "create", **again))
    assert "it was archived in this campaign before" in str(error)
    one = {**P, "keyword_id": FREE}
    two = await error_of(engine_client.do(AMAZON, NEGATIVES, "list", **P, state=["ENABLED", "ARCHIVED"]))
    assert "state: one state a call here" in str(two)
    draft = {**(engine_client.store.get("amazon.sb.negativeKeywords", FREE) or {}), "state": "DRAFT"}
    engine_client.store.put("amazon.sb.negativeKeywords", FREE, draft)
    on = await engine_client.do(AMAZON, NEGATIVES, "update", **one, state="ENABLED")
    assert "cannot be undone: nothing becomes a draft again" in on.text
    await applied(engine_client, on.data["plan_id"])
    error = await error_of(engine_client.do(AMAZON, NEGATIVES, "update", **one, state="PAUSED"))
    assert "only ENABLED can be set; Sponsored Brands pauses no negative keywords" in str(error)
    idle = await engine_client.do(AMAZON, NEGATIVES, "update", **one, state="ENABLED")
    assert "already ENABLED" in idle.text
    gone = await engine_client.do(AMAZON, NEGATIVES, "delete", **one)
    assert "searches it kept ads from are bid on again" in gone.text
    await applied(engine_client, gone.data["plan_id"])
    left = await engine_client.do(AMAZON, NEGATIVES, "list", **RUNNING)
    assert FREE not in {row["keywordId"] for row in left.data}
    assert left.meta["hidden"].startswith("ARCHIVED ones; state=ARCHIVED lists these; drafts are in no list")
    assert (await engine_client.do(AMAZON, NEGATIVES, "get", **one)).data["state"] == "ARCHIVED"
    both = await engine_client.do(AMAZON, NEGATIVES, "get", **P, keyword_id=[FREE, "198000000000021"])
    assert [row["state"] for row in both.data] == ["ARCHIVED", "ENABLED"]
    for switch in ("pause", "activate"):
        error = await error_of(engine_client.do(AMAZON, NEGATIVES, switch, **one))
        assert "archive" in str(error)


@pytest.mark.slow
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
