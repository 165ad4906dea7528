"""What a person approves is never cut for good: the page of a plan has it whole, and the answer names it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from engine_client import FACEBOOK, US, EngineClient
from planning import CREATIVE, NEW, NEW_SET, SPRING, applied, error_of, planned

from mcp_ads.engine.overview import page

pytestmark = pytest.mark.anyio
PAGE = "104857600000001"
DAYS = {"time_start": "2027-11-26T09:00:00-0500", "time_end": "2027-11-29T09:00:00-0500"}
FORM: dict[str, Any] = {
    "page_id": PAGE,
    "name": "Call me",
    "questions": [{"type": "EMAIL"}],
    "privacy_policy": {"url": "https://example.com/privacy"},
}


async def asked(engine_client: EngineClient, query: str) -> str:
    return await page(engine_client.workspace, {"query": query})


def named_page(text: str) -> str:
    """The question that an answer says has everything whole."""
    found = re.search(r'cut here, whole: ads_describe\(query="([^"]+)"\)', text)
    assert found, text
    return found[1]


async def test_the_last_of_many_amounts_is_on_the_page(engine_client: EngineClient) -> None:
    """Of 43 ad sets that get a budget, the one with 9,999 USD can be seen before it is approved."""
    await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)  # now there are seeds
    one = next(row for row in engine_client.store.all("facebook.adset") if row["campaign_id"] == SPRING)
    more = [f"12021200000000099{number:02}" for number in range(40)]
    for adset_id in more:
        engine_client.store.put("facebook.adset", adset_id, {**one, "id": adset_id})
    table = await engine_client.table(
        FACEBOOK, "ad_sets", "list", account_id=US, campaign_id=SPRING, limit=100
    )
    rows = [{"adset_id": adset_id, "daily_budget": "10 USD"} for adset_id in sorted(table.ids)]
    rows[-1] |= {"daily_budget": "9999 USD"}
    plan = await engine_client.do(FACEBOOK, "campaigns", "update", campaign_id=SPRING, adset_budgets=rows)
    assert "9999.00 USD a day" not in plan.text
    whole = await asked(engine_client, named_page(plan.text))
    assert f"hands the budget down to {len(rows)} ad sets: " in whole
    assert f"{rows[-1]['adset_id']} 9999.00 USD a day" in whole
    assert f'{{"adset_id":"{rows[-1]["adset_id"]}","daily_budget":999900}}' in whole
    assert "…(+" not in whole


async def test_a_long_text_is_whole_before_and_after_the_plan_is_applied(engine_client: EngineClient) -> None:
    """The page has every word of an ad, in the values and in the request."""
    link = {"link": "https://example.com/", "message": "word " * 200 + "THE END", "image_hash": "0" * 32}
    image = (await engine_client.table(FACEBOOK, "images", "list", account_id=US)).rows[0]["hash"]
    spec = {"page_id": PAGE, "link_data": {**link, "image_hash": image}}
    params = {"account_id": US, "name": "Long", "object_story_spec": spec}
    plan = await engine_client.do(FACEBOOK, "ad_creatives", "create", **params)
    assert "THE END" not in plan.text
    whole = await asked(engine_client, named_page(plan.text))
    assert whole.count("THE END") == 2
    assert "no undo: " in whole
    done = await applied(engine_client, plan.data["plan_id"])
    assert "THE END" in await asked(engine_client, named_page(done.text))


async def test_what_is_not_cut_names_no_page(engine_client: EngineClient) -> None:
    """A short plan and what came of it are whole as they are."""
    plan = await engine_client.do(FACEBOOK, "campaigns", "pause", campaign_id=SPRING)
    assert "cut here" not in plan.text
    assert "cut here" not in (await applied(engine_client, plan.data["plan_id"])).text


async def test_every_id_that_was_made_can_be_asked_for(engine_client: EngineClient) -> None:
    """A copy of a campaign with everything in it tells all new ids, if not in the answer then on its page."""
    plan_id = await planned(engine_client, "campaigns", "duplicate", campaign_id=SPRING)
    done = await applied(engine_client, plan_id)
    whole = await asked(engine_client, named_page(done.text))
    assert len(set(re.findall(r"(?:campaign|ad set|ad) (1202\d+) of 1202\d+", whole))) == 13
    again = await applied(engine_client, plan_id)
    assert named_page(again.text) == plan_id


async def test_a_plan_id_names_what_the_money_is_for(engine_client: EngineClient) -> None:
    """A schedule says from what to what, and of which campaign."""
    plan = await planned(
        engine_client, "budget_schedules", "create", object_id=SPRING, budget_value="20 USD", **DAYS
    )
    assert plan.startswith("create-budget-schedule-from-50.00-to-70.00-USD-a-day.spring-sale.act-1234567890.")


async def test_a_plan_id_names_a_page_beside_its_account(engine_client: EngineClient) -> None:
    """What a page owns is named by the page; one account and its page are not two accounts."""
    alone = await planned(engine_client, "lead_forms", "create", **FORM)
    assert alone.startswith(f"create-lead-form.call-me.page-{PAGE}.")
    both = await planned(engine_client, "campaigns", "create", append_to=alone, **NEW)
    assert f".act-{US}-and-page-{PAGE}." in both


async def test_a_reason_is_told_once(engine_client: EngineClient) -> None:
    """Where the change makes the plan impossible, the answer does not say so twice."""
    plan = await planned(
        engine_client, "budget_schedules", "create", object_id=SPRING, budget_value="20 USD", **DAYS
    )
    campaign = engine_client.store.get("facebook.campaign", SPRING)
    assert campaign
    changed = {**campaign, "daily_budget": None, "lifetime_budget": "500000"}
    engine_client.store.put("facebook.campaign", SPRING, changed)
    error = await error_of(applied(engine_client, plan))
    assert error
    assert str(error).count("it has a lifetime budget") == 1


async def test_things_have_the_article_that_they_are_said_with(engine_client: EngineClient) -> None:
    """An ad set, and an ad."""
    params = {**NEW_SET, "campaign_id": SPRING}
    await applied(engine_client, await planned(engine_client, "ad_sets", "create", **params))
    again = await engine_client.do(FACEBOOK, "ad_sets", "create", **params)
    assert "an ad set of this name was made at" in again.text
    ad: dict[str, Any] = {
        "account_id": US,
        "name": "New",
        "adset_id": "@1.id",
        "creative": {"creative_id": CREATIVE},
    }
    wrong = await error_of(
        engine_client.do(FACEBOOK, "ads", "activate", ad_id="@1.id", append_to=again.data["plan_id"])
    )
    assert wrong
    assert "a ad" not in str(wrong)
    await planned(engine_client, "ads", "create", append_to=again.data["plan_id"], **ad)
