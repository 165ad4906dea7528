"""Negative keywords: they keep ads from searches, and spend nothing themselves."""

from __future__ import annotations

from typing import Any

import pytest
from amazon_calls import write
from engine_client import AMAZON, PROFILE, EngineClient
from planning import applied, planned, undo_of, writes

from mcp_ads.core import Result
from mcp_ads.errors import InvalidParams

NEGATIVES = "sponsored_product_negative_keywords"
FIRST = "170000000000001"
PARENTS: dict[str, Any] = {"campaign_id": "120000000000001", "ad_group_id": "130000000000001"}
TEXTS = [{"keyword_text": text} for text in ("free", "cheap", "used")]
pytestmark = pytest.mark.anyio


async def do(engine_client: EngineClient, action: str, **params: Any) -> Result:
    return await engine_client.do(AMAZON, NEGATIVES, action, profile_id=PROFILE, **params)


@pytest.mark.parametrize(
    ("text", "match_type", "said"),
    [
        ("one two three four five", "NEGATIVE_PHRASE", "at most 4 words in a phrase, not 5"),
        ("a b c d e f g h i j k", "NEGATIVE_EXACT", "at most 10 words, not 11"),
        (" free", "NEGATIVE_EXACT", "no spaces"),
        ("x" * 81, "NEGATIVE_EXACT", "at most 80 characters"),
        ("free", "NEGATIVE_BROAD", "NEGATIVE_EXACT, NEGATIVE_PHRASE"),
        ("free", "EXACT", "NEGATIVE_EXACT, NEGATIVE_PHRASE"),
    ],
)
def test_texts_are_checked(text: str, match_type: str, said: str) -> None:
    """Words and letters as Amazon counts them, by match type."""
    with pytest.raises(InvalidParams) as caught:
        write(NEGATIVES, "create", **PARENTS, keyword_text=text, match_type=match_type)
    assert said in str(caught.value)


async def test_many_are_added_and_taken_back(engine_client: EngineClient) -> None:
    """One plan for all; each with the id the platform gave it, and archived again by the undo."""
    words = [{"keyword_text": text, "match_type": "NEGATIVE_EXACT"} for text in ("cheap", "used", "free bag")]
    plan = await do(engine_client, "create", **PARENTS, items=words)
    assert "money" not in plan.text
    done = await applied(engine_client, plan.data["plan_id"])
    assert "APPLIED: 3 of 3" in done.text
    found = await do(engine_client, "list", ad_group_id=PARENTS["ad_group_id"], state=["ENABLED"])
    assert {"cheap", "used", "free bag"} <= {row["keywordText"] for row in found.data}
    assert "APPLIED: 3 of 3" in (await applied(engine_client, undo_of(done))).text
    assert [write.rpartition(" ")[0] for write in writes(engine_client)] == [
        *["create negative keyword"] * 3,
        *["archive negative keyword"] * 3,
    ]


def added(text: str) -> dict[str, str]:
    return {**PARENTS, "keyword_text": text, "match_type": "NEGATIVE_EXACT"}


async def test_one_that_is_there_is_not_added_twice(engine_client: EngineClient) -> None:
    """It is left out with its id and its state; one list of the ad group says so for all items."""
    alone = await do(engine_client, "create", **added("free"))
    assert f'Nothing to change: {FIRST} "free": already there, ENABLED' in alone.text
    before = len(engine_client.sent())
    plan = await do(engine_client, "create", **PARENTS, match_type="NEGATIVE_EXACT", items=TEXTS)
    assert plan.text.splitlines()[1].startswith("PLAN create-2-negative-keywords.")
    assert f'left out: {FIRST} "free" (already there, ENABLED)' in plan.text
    assert engine_client.sent()[before:].count("POST /sp/negativeKeywords/list") == 1
    phrase = await do(engine_client, "create", **{**added("free"), "match_type": "NEGATIVE_PHRASE"})
    assert "PLAN create-negative-keyword" in phrase.text


async def test_one_that_may_be_there_is_said_to_be_unknown(engine_client: EngineClient) -> None:
    """Where the list cannot be read, the plan says so, and never that there is none."""
    engine_client.fault("500", path="/sp/negativeKeywords/list")
    for _ in range(5):
        engine_client.fault("500", path="/sp/negativeKeywords/list")
    plan = await do(engine_client, "create", **added("free"))
    assert "warning: whether it is there already is not known: the list cannot be read now" in plan.text


def made_elsewhere(engine_client: EngineClient, text: str) -> None:
    """Somebody adds a negative keyword, and not from here."""
    kept = engine_client.store.get("amazon.negativeKeywords", FIRST)
    another = {**(kept or {}), "keywordId": "170000000000777", "keywordText": text}
    engine_client.store.put("amazon.negativeKeywords", "170000000000777", another)


async def test_the_platform_has_the_last_word(engine_client: EngineClient) -> None:
    """One that came after the plan was made is refused, and its place in the batch is not repeated."""
    plan_id = await planned(engine_client, NEGATIVES, "create", AMAZON, profile_id=PROFILE, **added("cheap"))
    made_elsewhere(engine_client, "cheap")
    text = (await applied(engine_client, plan_id)).text
    assert "duplicateValueError DUPLICATE_VALUE (matchType)" in text
    assert writes(engine_client) == []


async def test_switching_one_off_says_what_that_means(engine_client: EngineClient) -> None:
    """What it kept ads from is bid on again; that it delivers nothing is no news."""
    plan = await do(engine_client, "update", keyword_id=FIRST, state="PAUSED")
    assert "PLAN pause-negative-keyword.free." in plan.text
    assert "delivers nothing" not in plan.text
    assert "searches it kept ads from are bid on again" in plan.text
    assert "ACTIVATES" not in plan.text
    done = await applied(engine_client, plan.data["plan_id"])
    back = await applied(engine_client, undo_of(done))
    assert "state PAUSED → ENABLED" in back.text
    assert "ACTIVATES" not in back.text


async def test_caps_do_not_stand_in_the_way(engine_client_with: Any) -> None:
    """It spends nothing, so there is nothing to hold against a cap."""
    engine_client = engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="1 USD")
    plan = await do(engine_client, "create", **PARENTS, keyword_text="cheap", match_type="NEGATIVE_EXACT")
    assert "APPLIED: 1 of 1" in (await applied(engine_client, plan.data["plan_id"])).text


async def test_archiving_is_for_good(engine_client: EngineClient) -> None:
    """By any of its names, and never changed again."""
    plan = await do(engine_client, "delete", negative_keyword_id=FIRST)
    assert "cannot be undone" in plan.text
    assert "APPLIED" in (await applied(engine_client, plan.data["plan_id"])).text
    shown = await do(engine_client, "get", keyword_id=FIRST, fields=["state", "keywordText"])
    assert shown.data == {"state": "ARCHIVED", "keywordText": "free"}
    with pytest.raises(InvalidParams, match="it is ARCHIVED"):
        await do(engine_client, "update", keyword_id=FIRST, state="ENABLED")


@pytest.mark.slow
@pytest.mark.parametrize("count", [60, pytest.param(1000, marks=pytest.mark.slow)])
async def test_many_travel_in_one_request(engine_client: EngineClient, count: int) -> None:
    """One plan, one request; the one that came in between is refused under its own number."""
    words = [{"keyword_text": f"word {number}", "match_type": "NEGATIVE_EXACT"} for number in range(count)]
    plan = await do(engine_client, "create", **PARENTS, items=words)
    made_elsewhere(engine_client, "word 10")
    before = len(engine_client.store.requests())
    done = await applied(engine_client, plan.data["plan_id"])
    sent = [
        asked for asked in engine_client.store.requests()[before:] if asked["path"] == "/sp/negativeKeywords"
    ]
    assert f"PARTIAL: {count - 1} of {count} done" in done.text
    assert '11. NOT DONE: create negative keyword "word 10"' in done.text
    assert (len(sent), len(writes(engine_client))) == (1, count - 1)
