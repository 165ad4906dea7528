"""Negatives: search terms as reports have them, products among them, and what is negated already."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from agent import Agent
from engine_client import AMAZON, PROFILE, EngineClient
from fastmcp import Client
from planning import applied, error_of, undo_of, writes

from mcp_ads.core import Result
from mcp_ads.errors import InvalidParams
from mcp_ads.server import build_server
from mcp_ads.settings import load

pytestmark = pytest.mark.anyio
KEYWORDS, TARGETS = "sponsored_product_negative_keywords", "sponsored_product_negative_targets"
OF_CAMPAIGN = "sponsored_product_campaign_negative_keywords"
PRODUCTS_OF_CAMPAIGN = "sponsored_product_campaign_negative_targets"
IN: dict[str, Any] = {"campaign_id": "120000000000001", "ad_group_id": "130000000000001"}
AUTO: dict[str, Any] = {"campaign_id": "120000000000005", "ad_group_id": "130000000000006"}
VENDOR, VENDORS = "5512345678901234", {"campaign_id": "320000000000001"}
EXACT = {"match_type": "NEGATIVE_EXACT"}


async def do(engine_client: EngineClient, entity: str, action: str, **params: Any) -> Result:
    return await engine_client.do(AMAZON, entity, action, **{"profile_id": PROFILE, **params})


async def texts(engine_client: EngineClient, entity: str, **params: Any) -> set[str]:
    """What is negated, by text or by product."""
    rows = (await do(engine_client, entity, "list", **params)).data
    return {row.get("targeting") or row["keywordText"] for row in rows}


def terms(*given: str) -> list[dict[str, str]]:
    return [{"keyword_text": term} for term in given]


async def test_search_terms_that_are_products_become_negative_targets(engine_client: EngineClient) -> None:
    """One plan and two requests, each line telling which it is; the undo archives each in its own place."""
    items = terms("cheap", "b0rival003", "used towel", "0306406152", "1234567890")
    plan = await do(engine_client, KEYWORDS, "create", **IN, **EXACT, items=items)
    assert "5 steps: create 3 negative keywords, create 2 negative targets" in plan.text
    assert '4. create negative target "asin B0RIVAL003"' in plan.text
    assert "the search term is a product's ASIN" in plan.text
    assert "a book's ASIN (ISBN-10)" in plan.text
    before = len(engine_client.sent())
    done = await applied(engine_client, plan.data["plan_id"])
    assert "APPLIED: 5 of 5" in done.text
    sent = [path for path in engine_client.sent()[before:] if not path.endswith("/list")]
    assert sent == ["POST /sp/negativeKeywords", "POST /sp/negativeTargets"]
    assert {"cheap", "used towel", "1234567890"} <= await texts(engine_client, KEYWORDS, **IN)
    assert {"asin B0RIVAL003", "asin 0306406152"} == await texts(engine_client, TARGETS, **IN)
    assert "APPLIED: 5 of 5" in (await applied(engine_client, undo_of(done))).text
    assert sorted(write.rpartition(" ")[0] for write in writes(engine_client)[5:]) == [
        *["archive negative keyword"] * 3,
        *["archive negative target"] * 2,
    ]


async def test_words_that_read_as_a_product_may_be_meant(engine_client: EngineClient) -> None:
    """With literal=true a text is a text; what a product cannot have is refused by its name."""
    words = await do(
        engine_client, KEYWORDS, "create", **IN, **EXACT, keyword_text="b0rival003", literal=True
    )
    assert 'create negative keyword "b0rival003"' in words.text
    error = await error_of(
        do(engine_client, KEYWORDS, "create", **IN, **EXACT, native_language_locale="es_MX",
           items=[*terms("b0rival003"), {"keyword_text": "a b c d e", "match_type": "NEGATIVE_PHRASE"}])
    )  # fmt: skip
    assert isinstance(error, InvalidParams)
    assert [line.partition(":")[0] for line in error.lines] == ["items[0]", "items[1]"]
    assert "native_language_locale" in error.lines[0]
    assert "at most 4 words in a phrase" in error.lines[1]


async def test_what_is_negated_already_is_named_and_left_out(engine_client: EngineClient) -> None:
    """Here or in the campaign, by the same text or a phrase of it, or twice in a call; then all of it."""
    items = terms("FREE", "Refurbished", "cheap", "CHEAP  ".strip(), "b0rival001", "b0rival002", "B0RIVAL004")
    params = {**AUTO, **EXACT, "items": items}
    await applied(
        engine_client,
        (await do(engine_client, OF_CAMPAIGN, "create", **EXACT, campaign_id=AUTO["campaign_id"],
                  keyword_text="free")).data["plan_id"],
    )  # fmt: skip
    plan = await do(engine_client, KEYWORDS, "create", **params)
    (left,) = [line for line in plan.text.splitlines() if line.startswith("left out")]
    assert left.startswith("left out (4): ")
    assert '"FREE" (negated in the whole campaign already by NEGATIVE_EXACT)' in left
    assert '"CHEAP" (the same as items[2])' in left
    assert '190000000000002 "asin B0RIVAL001" (already there, ENABLED)' in left
    assert '190000000000001 "asin B0RIVAL002" (negated in the whole campaign already)' in left
    assert [entry["index"] for entry in plan.data["excluded"]] == [0, 3, 4, 5]
    await applied(engine_client, plan.data["plan_id"])
    again = await do(engine_client, KEYWORDS, "create", **params)
    assert again.text.count("Nothing to change") == 1
    assert len(again.data["excluded"]) == len(items)


async def test_the_same_text_elsewhere_is_no_news(engine_client: EngineClient) -> None:
    """A plan for another ad group does not warn of what was made in the first."""
    first = await do(engine_client, KEYWORDS, "create", **IN, **EXACT, keyword_text="cheap")
    await applied(engine_client, first.data["plan_id"])
    plan = await do(engine_client, KEYWORDS, "create", **AUTO, **EXACT, keyword_text="cheap")
    assert "PLAN create-negative-keyword.cheap" in plan.text
    assert "already" not in plan.text


async def test_one_that_is_switched_off_keeps_nothing_away(engine_client: EngineClient) -> None:
    """A paused phrase of the campaign leaves a text to be negated; a paused one of the same text is named."""
    covered = {**IN, **EXACT, "keyword_text": "refurbished"}
    assert "Nothing to change" in (await do(engine_client, KEYWORDS, "create", **covered)).text
    off = await do(engine_client, OF_CAMPAIGN, "update", keyword_id="180000000000001", state="PAUSED")
    assert "searches it kept ads from are bid on again" in off.text
    await applied(engine_client, off.data["plan_id"])
    plan = await do(engine_client, KEYWORDS, "create", **covered)
    assert 'create negative keyword "refurbished"' in plan.text
    phrase = {
        "campaign_id": IN["campaign_id"],
        "match_type": "NEGATIVE_PHRASE",
        "keyword_text": "refurbished",
    }
    twin = await do(engine_client, OF_CAMPAIGN, "create", **phrase)
    assert "already there, PAUSED: it keeps nothing away until `update`" in twin.text


async def test_a_negative_that_stops_keywords_says_which(engine_client: EngineClient) -> None:
    """An exact one the keyword that is the same, a phrase all that have it in them; others are no news."""
    bid_on = {**IN, "keyword_text": "Tote bag", "match_type": "EXACT", "state": "ENABLED"}
    made = await do(engine_client, "sponsored_product_keywords", "create", **bid_on)
    await applied(engine_client, made.data["plan_id"])
    stops = "it stops what is bid on here and enabled: keyword "
    exact = await do(engine_client, KEYWORDS, "create", **IN, **EXACT, items=terms("tote bag", "beach towel"))
    assert f'{stops}900000000000001 "Tote bag" EXACT (step 1)' in exact.text
    phrase = {"campaign_id": IN["campaign_id"], "match_type": "NEGATIVE_PHRASE"}
    text = (await do(engine_client, OF_CAMPAIGN, "create", **phrase, items=terms("towel", "bag towel"))).text
    (line,) = [line for line in text.splitlines() if stops in line]
    assert '150000000000001 "beach towel" BROAD' in line
    assert line.endswith("(step 1)")


async def test_what_is_bid_on_although_it_is_negated_says_so(engine_client: EngineClient) -> None:
    """By an exact negative only the same keyword, by a phrase of the campaign all with it; targets too."""
    held = "it will not be shown while this negates it: negative "
    made = await do(engine_client, KEYWORDS, "create", **IN, **EXACT, keyword_text="towel rack")
    await applied(engine_client, made.data["plan_id"])
    words = [
        {"keyword_text": text, "match_type": match}
        for text, match in (("Towel rack", "EXACT"), ("towel rack", "BROAD"), ("refurbished totes", "BROAD"))
    ]
    plan = await do(engine_client, "sponsored_product_keywords", "create", **IN, items=words)
    lines = [line.partition(held)[2] for line in plan.text.splitlines() if held in line]
    assert [line.partition(" ")[2].partition(" ")[2] for line in lines] == [
        '"towel rack" NEGATIVE_EXACT (step 1)', '"refurbished" NEGATIVE_PHRASE (step 3)',
    ]  # fmt: skip
    group = {"campaign_id": IN["campaign_id"], "name": "Rivals", "default_bid": "1 USD"}
    base = await do(engine_client, "sponsored_product_ad_groups", "create", **group)
    made = (await applied(engine_client, base.data["plan_id"])).data["steps"][0]["id"]
    rival = {"campaign_id": IN["campaign_id"], "ad_group_id": made, "asin": "B0RIVAL001"}
    never = await do(engine_client, TARGETS, "create", **rival)
    await applied(engine_client, never.data["plan_id"])
    assert f"{held}target " in (await do(engine_client, "sponsored_product_targets", "create", **rival)).text


async def test_a_negative_that_stops_a_target_says_which(engine_client: EngineClient) -> None:
    """A product an ad group bids on and keeps its ads from is one it gets nothing for."""
    campaign, on = {"campaign_id": IN["campaign_id"]}, {"state": "ENABLED"}
    group = {**campaign, **on, "name": "Rivals", "default_bid": "1 USD"}
    base = await do(engine_client, "sponsored_product_ad_groups", "create", **group)
    target = {**campaign, **on, "ad_group_id": "@1.id", "asin": "B0RIVAL001"}
    plan = await do(
        engine_client, "sponsored_product_targets", "create", **target, append_to=base.data["plan_id"]
    )
    done = await applied(engine_client, plan.data["plan_id"])
    new = {**campaign, "ad_group_id": done.data["steps"][0]["id"]}
    negated = await do(engine_client, KEYWORDS, "create", **new, **EXACT, keyword_text="b0rival001")
    told = f"target {done.data['steps'][1]['id']} asin B0RIVAL001"
    assert f"it stops what is bid on here and enabled: {told}" in negated.text


@pytest.mark.parametrize(
    ("entity", "place", "new", "name", "own"),
    [
        (TARGETS, AUTO, {"asin": "b0rival009"}, "asin B0RIVAL009", "target_id"),
        (TARGETS, AUTO, {"brand_id": "4413"}, "brand 4413", "target_id"),
        (PRODUCTS_OF_CAMPAIGN, {"campaign_id": AUTO["campaign_id"]},
         {"expression": [{"type": "ASIN_SAME_AS", "value": "B0RIVAL009"}]}, "asin B0RIVAL009", "target_id"),
        (OF_CAMPAIGN, {"campaign_id": IN["campaign_id"]},
         {"keyword_text": "gratis", "match_type": "negative phrase"}, "gratis", "keyword_id"),
    ],
)  # fmt: skip
async def test_made_switched_off_and_put_away(
    engine_client: EngineClient, entity: str, place: dict[str, Any], new: dict[str, Any], name: str, own: str
) -> None:
    """Found by its place, read by its id, known by what it is of, and gone for good when archived."""
    plan = await do(engine_client, entity, "create", **place, **new)
    assert f'"{name}"' in plan.text
    assert "money" not in plan.text
    made = await applied(engine_client, plan.data["plan_id"])
    assert "undo: ads_apply(" in made.text
    id_ = made.data["steps"][0]["id"]
    assert name in await texts(engine_client, entity, campaign_id=place["campaign_id"])
    off = await do(engine_client, entity, "update", **{own: id_}, state="PAUSED")
    done = await applied(engine_client, off.data["plan_id"])
    assert "state PAUSED → ENABLED" in (await applied(engine_client, undo_of(done))).text
    gone = await do(engine_client, entity, "delete", **{own: id_})
    assert "cannot be undone" in gone.text
    assert f"the same can be negated again, as a new one: {entity}.create" in gone.text
    await applied(engine_client, gone.data["plan_id"])
    shown = await do(engine_client, entity, "get", **{own: id_}, fields=["state", "name"])
    assert set(shown.data.values()) == {"ARCHIVED", name}
    with pytest.raises(InvalidParams, match="it is ARCHIVED"):
        await do(engine_client, entity, "update", **{own: id_}, state="ENABLED")


async def test_whose_campaigns_negate_products(engine_client: EngineClient) -> None:
    """A seller's AUTO ones, a vendor's any; where it is refused, the plan says what to do instead."""
    asin = {"asin": "B0RIVAL009"}
    with pytest.raises(InvalidParams, match="sponsored_product_negative_targets"):
        await do(engine_client, PRODUCTS_OF_CAMPAIGN, "create", campaign_id=IN["campaign_id"], **asin)
    with pytest.raises(InvalidParams, match="MANUAL"):
        await do(engine_client, OF_CAMPAIGN, "create", campaign_id=IN["campaign_id"], **EXACT,
                 items=terms("b0rival009"))  # fmt: skip
    plan = await do(engine_client, PRODUCTS_OF_CAMPAIGN, "create", profile_id=VENDOR, **VENDORS, **asin)
    assert "APPLIED: 1 of 1" in (await applied(engine_client, plan.data["plan_id"])).text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "asin: give it, or brand_id, or expression"),
        ({"asin": "B0RIVAL009", "brand_id": "1"}, "asin: give it, or brand_id, or expression"),
        ({"asin": "towel"}, "asin: 'TOWEL' is no asin"),
        ({"brand_id": "Tern & Tide"}, "brand_id: 'Tern & Tide' is no brand"),
        (
            {"expression": [{"type": "ASIN_EXPANDED_FROM", "value": "B0RIVAL009"}]},
            "is not one of ASIN_SAME_AS",
        ),
        ({"expression": []}, "expression: one product or brand"),
    ],
)
async def test_what_is_no_negative_target(
    engine_client: EngineClient, given: dict[str, Any], said: str
) -> None:
    """One line that names the parameter; nothing is sent."""
    with pytest.raises(InvalidParams) as caught:
        await do(engine_client, TARGETS, "create", **AUTO, **given)
    assert said in str(caught.value)
    assert not engine_client.sent("amazon_ads")


@pytest.mark.parametrize(
    ("entity", "place", "new", "told"),
    [
        (TARGETS, AUTO, {"asin": "B0RIVAL009"}, 'negative target "asin B0RIVAL009"'),
        (KEYWORDS, IN, {**EXACT, "keyword_text": "gratis"}, 'negative keyword "gratis"'),
        ("sponsored_product_keywords", IN, {"match_type": "EXACT", "keyword_text": "tote"}, 'keyword "tote"'),
    ],
)
async def test_a_lost_answer_is_looked_for_where_it_would_be(
    engine_client: EngineClient, entity: str, place: dict[str, Any], new: dict[str, Any], told: str
) -> None:
    """What may have been made is found in its ad group by what it is of, with its id."""
    plan = await do(engine_client, entity, "create", **place, **new)
    engine_client.fault("cut", when="after", method="POST", path="(Targets|eywords)$")
    done = await applied(engine_client, plan.data["plan_id"])
    assert f"looking now: there is {told}, id 900000000000001" in done.text


async def test_many_ad_groups_are_read_together(engine_client: EngineClient) -> None:
    """However many places terms are from, one list each says what stands in all of them."""
    groups = (
        await do(engine_client, "sponsored_product_ad_groups", "list", limit=30, state=["ENABLED"])
    ).data
    items = [
        {"campaignId": row["campaignId"], "adGroupId": row["adGroupId"], "searchTerm": "free"}
        for row in groups
    ]
    before = len(engine_client.sent())
    plan = await do(engine_client, KEYWORDS, "create", **EXACT, items=items)
    lists = engine_client.sent()[before:]
    assert [lists.count(f"POST /sp/{name}/list") for name in ("negativeKeywords", "keywords")] == [1, 1]
    assert len(plan.data["excluded"]) > 5
    assert "create" in plan.data["plan_id"]


@pytest.mark.slow
async def test_wasted_search_terms_are_negated_in_one_call(tmp_path: Path, anyio_backend: str) -> None:
    """From the report's rows to one plan, its rows in the lists, and nothing to do the second time."""
    environ = {"MCP_ADS_SANDBOX": "1", "MCP_ADS_HOME": str(tmp_path / "home")}
    wasted = "sales7d = 0 and cost > 8 and matchType = TARGETING_EXPRESSION_PREDEFINED"
    async with Client(build_server(load(environ=environ))) as client:
        agent = Agent(client)
        report = await agent.table(
            AMAZON, "reports", "run", profile_id=PROFILE, report_type="spSearchTerm", where=wasted, limit=12,
            sort="searchTerm", fields=["campaignId", "adGroupId", "searchTerm"],
        )  # fmt: skip
        call = {"profile_id": PROFILE, **EXACT, "items": report.rows}
        plan_id = await agent.plan(AMAZON, KEYWORDS, "create", **call)
        assert "negative-targets" in plan_id
        assert " done" in await agent.good("ads_apply", plan_id=plan_id)
        groups = sorted({row["adGroupId"] for row in report.rows})
        shown = [
            row.get("targeting", row.get("keywordText", ""))
            for entity in (KEYWORDS, TARGETS)
            for row in (
                await agent.table(AMAZON, entity, "list", profile_id=PROFILE, ad_group_id=groups, limit=100)
            ).rows
        ]
        plain = {text.removeprefix("asin ").lower() for text in shown}
        assert {row["searchTerm"] for row in report.rows} <= plain
        again = await agent.good(f"{AMAZON}_execute", entity=KEYWORDS, action="create", params=call)
        assert "Nothing to change" in again
        assert "already there, ENABLED" in again
