"""Negative keywords: they keep ads from searches, and spend nothing themselves."""

from __future__ import annotations

from typing import Any

import pytest
from amazon_calls import write
from desk import AMAZON, PROFILE, Desk
from hands import applied, planned, undo_of, writes

from mcp_ads.core import Result
from mcp_ads.errors import InvalidParams

NEGATIVES = "sponsored_product_negative_keywords"
FIRST = "170000000000001"
PARENTS: dict[str, Any] = {"campaign_id": "120000000000001", "ad_group_id": "130000000000001"}
pytestmark = pytest.mark.anyio


async def do(desk: Desk, action: str, **params: Any) -> Result:
    return await desk.do(AMAZON, NEGATIVES, action, profile_id=PROFILE, **params)


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


async def test_many_are_added_and_taken_back(desk: Desk) -> None:
    """One plan for all; each with the id the platform gave it, and archived again by the undo."""
    words = [{"keyword_text": text, "match_type": "NEGATIVE_EXACT"} for text in ("cheap", "used", "free bag")]
    plan = await do(desk, "create", **PARENTS, items=words)
    assert "money" not in plan.text
    done = await applied(desk, plan.data["plan_id"])
    assert "APPLIED: 3 of 3" in done.text
    found = await do(desk, "list", ad_group_id=PARENTS["ad_group_id"], state=["ENABLED"])
    assert {"cheap", "used", "free bag"} <= {row["keywordText"] for row in found.data}
    assert "APPLIED: 3 of 3" in (await applied(desk, undo_of(done))).text
    assert [each.rpartition(" ")[0] for each in writes(desk)] == [
        *["create negative keyword"] * 3,
        *["archive negative keyword"] * 3,
    ]


async def test_one_that_is_there_is_not_added_twice(desk: Desk) -> None:
    """The platform refuses it, and its place in the batch is not repeated to people."""
    plan = await planned(
        desk, NEGATIVES, "create", AMAZON, profile_id=PROFILE, **PARENTS, keyword_text="free",
        match_type="NEGATIVE_EXACT",
    )  # fmt: skip
    text = (await applied(desk, plan)).text
    assert "duplicateValueError DUPLICATE_VALUE (matchType)" in text
    assert writes(desk) == []


async def test_switching_one_off_says_what_that_means(desk: Desk) -> None:
    """It delivers nothing; what it kept ads from is bid on again, and the undo switches it on."""
    plan = await do(desk, "update", keyword_id=FIRST, state="PAUSED")
    assert "searches it kept ads from are bid on again" in plan.text
    assert "ACTIVATES" not in plan.text
    done = await applied(desk, plan.data["plan_id"])
    back = await applied(desk, undo_of(done))
    assert "state PAUSED → ENABLED" in back.text
    assert "ACTIVATES" not in back.text


async def test_caps_do_not_stand_in_the_way(desk_with: Any) -> None:
    """It spends nothing, so there is nothing to hold against a cap."""
    desk = desk_with(MCP_ADS_MAX_DAILY_BUDGET="1 USD")
    plan = await do(desk, "create", **PARENTS, keyword_text="cheap", match_type="NEGATIVE_EXACT")
    assert "APPLIED: 1 of 1" in (await applied(desk, plan.data["plan_id"])).text


async def test_archiving_is_for_good(desk: Desk) -> None:
    """By any of its names, and never changed again."""
    plan = await do(desk, "delete", negative_keyword_id=FIRST)
    assert "cannot be undone" in plan.text
    assert "APPLIED" in (await applied(desk, plan.data["plan_id"])).text
    shown = await do(desk, "get", keyword_id=FIRST, fields=["state", "keywordText"])
    assert shown.data == {"state": "ARCHIVED", "keywordText": "free"}
    with pytest.raises(InvalidParams, match="it is ARCHIVED"):
        await do(desk, "update", keyword_id=FIRST, state="ENABLED")


@pytest.mark.parametrize("count", [60, pytest.param(1000, marks=pytest.mark.slow)])
async def test_many_travel_in_one_request(desk: Desk, count: int) -> None:
    """One plan, one request; the one that is there already is refused under its own number."""
    words = [{"keyword_text": f"word {number}", "match_type": "NEGATIVE_EXACT"} for number in range(count)]
    words[10]["keyword_text"] = "free"
    plan = await do(desk, "create", **PARENTS, items=words)
    before = len(desk.store.requests())
    done = await applied(desk, plan.data["plan_id"])
    sent = [asked for asked in desk.store.requests()[before:] if asked["path"] == "/sp/negativeKeywords"]
    assert f"PARTIAL: {count - 1} of {count} done" in done.text
    assert '11. NOT DONE: create negative-keyword "free"' in done.text
    assert (len(sent), len(writes(desk))) == (1, count - 1)
