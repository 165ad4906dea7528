"""Duplicating on Facebook: one copy or several requests, what it will spend, what is left of half of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from engine_client import FACEBOOK, JAPAN, US, EngineClient, mend
from planning import (
    CREATIVE,
    DRYBAGS,
    JACKETS_SET,
    REGENWEAR,
    SPRING,
    SPRING_AD_PAUSED,
    SPRING_SET,
    STRIPES,
    applied,
    check_in,
    planned,
    undo_of,
    writes,
)

from mcp_ads.errors import InvalidParams, OutOfScope, OverCap

pytestmark = pytest.mark.anyio
STORE = "https://apps.apple.com/us/app/tern/id1234509876"


@pytest.fixture
def engine_client(engine_client_with: Callable[..., EngineClient]) -> EngineClient:
    return engine_client_with()


def done(engine_client: EngineClient) -> list[str]:
    return [line.rpartition(" ")[0] for line in writes(engine_client)]


async def duplicated(engine_client: EngineClient, entity: str, **params: Any) -> tuple[str, str, str]:
    """The text of a plan, that of its outcome, and the new id."""
    plan = await engine_client.do(FACEBOOK, entity, "duplicate", **params)
    result = await applied(engine_client, str(plan.data["plan_id"]))
    return plan.text, result.text, str(result.data["steps"][0].get("id"))


async def read(engine_client: EngineClient, entity: str, param: str, object_id: str, *fields: str) -> Any:
    return (await engine_client.do(FACEBOOK, entity, "get", **{param: object_id}, fields=list(fields))).data


async def test_a_small_campaign_is_copied_at_once(engine_client: EngineClient) -> None:
    """One request with all below it: PAUSED, under a new name, told with its ids, and the undo deletes it."""
    plan, outcome, new = await duplicated(engine_client, "campaigns", campaign_id=STRIPES)
    assert "status PAUSED" in plan
    assert "with 1 ad set and 2 ads" in plan
    assert "not validated by the platform" in plan
    assert plan.count("   request") == 1
    assert done(engine_client) == ["copy campaign", "copy adset", "copy ad", "copy ad"]
    assert f"made: campaign {new} of {STRIPES}, ad set" in outcome
    assert "read back: status PAUSED; daily_budget 30.00 USD" in outcome
    copy = await read(engine_client, "campaigns", "campaign_id", new, "name", "source_campaign_id", "status")
    assert copy["name"].endswith("| 316 - Copy")
    assert copy["source_campaign_id"] == STRIPES
    removed = await applied(engine_client, undo_of(await applied(engine_client, plan_of(plan))))
    assert (await read(engine_client, "campaigns", "campaign_id", new, "status"))["status"] == "DELETED"
    assert "APPLIED: 1 of 1 done" in removed.text


def plan_of(text: str) -> str:
    return text.partition("PLAN ")[2].partition("\n")[0]


async def test_a_large_campaign_is_copied_level_by_level(engine_client: EngineClient) -> None:
    """Three ad sets of three ads are too much for one copy: the campaign first, then each with its ads."""
    plan, outcome, new = await duplicated(engine_client, "campaigns", campaign_id=SPRING)
    assert plan.count("   request ") == 4
    assert 'campaign_id="<copied_campaign_id of request 1>"' in plan
    assert "APPLIED: 1 of 1 done" in outcome
    assert "DIFFERS" not in outcome
    table = await engine_client.table(
        FACEBOOK, "ads", "list", account_id=US, campaign_id=new, fields=["status"]
    )
    assert [row["status"] for row in table.rows] == ["PAUSED"] * 9


async def test_a_copy_that_delivers_is_switched_on_last(engine_client: EngineClient) -> None:
    """ACTIVE with another budget: PAUSED until all is there and the budget is set; its money is in the id."""
    plan, outcome, new = await duplicated(
        engine_client,
        "campaigns",
        campaign_id=STRIPES,
        status_option="ACTIVE",
        name="Neu",
        daily_budget="+20%",
    )
    assert plan_of(plan).startswith("duplicate-and-activate-campaign-36.00-USD-a-day.neu")
    assert "ACTIVATES DELIVERY: can spend 36.00 USD a day (daily_budget)" in plan
    assert "request 3 of 3 (sets name, daily_budget, status)" in plan
    assert "read back: status ACTIVE; daily_budget 36.00 USD" in outcome
    copy = await read(engine_client, "campaigns", "campaign_id", new, "name", "status", "daily_budget")
    assert (copy["name"], copy["status"], copy["daily_budget_minor"]) == ("Neu", "ACTIVE", "3600")


async def test_budgets_of_ad_sets_count(engine_client_with: Callable[..., EngineClient]) -> None:
    """What the copied ad sets can spend is added up, said, and held against the cap."""
    engine_client = engine_client_with()
    plan = await engine_client.do(FACEBOOK, "campaigns", "duplicate", campaign_id=DRYBAGS)
    assert "duplicate-campaign-" in plan.data["plan_id"]
    assert "USD a day once active" in plan.text
    active = await engine_client.do(
        FACEBOOK, "campaigns", "duplicate", campaign_id=DRYBAGS, status_option="ACTIVE"
    )
    assert "ACTIVATES DELIVERY: can spend" in active.text
    assert "(ad_sets.daily_budget)" in active.text


async def test_a_copy_over_the_cap_is_refused(engine_client_with: Callable[..., EngineClient]) -> None:
    """PAUSED too: a campaign of 30 USD a day and one whose ad sets have the budgets; nothing is sent."""
    engine_client = engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="5 USD")
    for campaign_id in (STRIPES, DRYBAGS):
        with pytest.raises(OverCap, match=r"over the cap of 5\.00 USD"):
            await engine_client.do(FACEBOOK, "campaigns", "duplicate", campaign_id=campaign_id)
    assert writes(engine_client) == []


async def test_copies_of_one_plan_add_up(engine_client_with: Callable[..., EngineClient]) -> None:
    """Two copies of 30 USD a day are 60, though each is under the cap."""
    engine_client = engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="50 USD")
    items = [{"campaign_id": STRIPES}, {"campaign_id": STRIPES, "name": "Another"}]
    with pytest.raises(OverCap, match=r"together the steps add 60\.00 USD a day"):
        await engine_client.do(FACEBOOK, "campaigns", "duplicate", items=items)


async def test_money_of_a_currency_without_hundredths(engine_client: EngineClient) -> None:
    """10400 JPY a day are 10400 in the plan of the copy, and in the copy."""
    plan, outcome, _ = await duplicated(engine_client, "campaigns", campaign_id=REGENWEAR, deep_copy=False)
    assert "daily_budget 10400 JPY a day" in plan
    assert "read back: status PAUSED; daily_budget 10400 JPY" in outcome


async def test_an_ad_set_goes_into_another_campaign(engine_client: EngineClient) -> None:
    """Named in the plan; one with a budget of its own is refused where the campaign has it."""
    with pytest.raises(InvalidParams, match="the campaign has the budget, so its ad sets have none"):
        await planned(engine_client, "ad_sets", "duplicate", adset_id=JACKETS_SET, campaign_id=SPRING)
    plan, outcome, new = await duplicated(engine_client, "ad_sets", adset_id=SPRING_SET, deep_copy=False)
    assert f'campaign_id {SPRING} "Spring Sale" ACTIVE' in plan
    assert "APPLIED" in outcome
    assert (await read(engine_client, "ad_sets", "adset_id", new, "status"))["status"] == "PAUSED"


async def test_what_an_ad_set_changes_later_follows_the_copy(engine_client: EngineClient) -> None:
    """Audience and budget are a second request, which the plan shows; the amount stands there in full."""
    canada = {"geo_locations": {"countries": ["CA"]}}
    plan, outcome, new = await duplicated(
        engine_client, "ad_sets", adset_id=JACKETS_SET, targeting=canada, daily_budget="20 USD", name="Kanada"
    )
    assert "daily_budget 20.00 USD a day" in plan
    assert "request 2 of 2 (sets name, daily_budget, targeting)" in plan
    assert "APPLIED: 1 of 1 done" in outcome
    copy = await read(engine_client, "ad_sets", "adset_id", new, "name", "daily_budget", "targeting")
    assert (copy["name"], copy["daily_budget_minor"]) == ("Kanada", "2000")
    assert copy["targeting"]["geo_locations"]["countries"] == ["CA"]


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"targeting": {"age_min": 25}}, "targeting.geo_locations: it needs a location"),
        ({"targeting": {"geo_locations": {"countries": ["XX"]}}}, "'XX' is no country"),
        ({"lifetime_budget": "300 USD"}, "end_time: it has a lifetime budget"),
        (
            {"optimization_goal": "LINK_CLICKS", "billing_event": "THRUPLAY"},
            "billing_event: LINK_CLICKS is billed",
        ),
        ({"promoted_object": {"object_store_url": STORE}}, "object_store_url needs application_id"),
        ({"end_time": "2020-01-01T00:00:00Z", "optimization_goal": "REACH"}, "end_time"),
    ],
)
async def test_a_copy_keeps_the_rules_of_what_comes_after_it(
    engine_client: EngineClient, params: dict[str, Any], said: str
) -> None:
    """What would be refused in the middle is refused before, and nothing is copied."""
    with pytest.raises(InvalidParams, match=said):
        await planned(engine_client, "ad_sets", "duplicate", adset_id=JACKETS_SET, **params)
    assert writes(engine_client) == []


async def test_what_never_changes_makes_the_ad_set_anew(engine_client: EngineClient) -> None:
    """Another event: an ad set of what the other one has, with copies of its ads, each shown in the plan."""
    event = {"pixel_id": "887766554433221", "custom_event_type": "LEAD"}
    plan, outcome, new = await duplicated(
        engine_client, "ad_sets", adset_id=JACKETS_SET, promoted_object=event
    )
    assert "made anew because a copy cannot be changed like this" in plan
    assert plan.count("   request ") == 4
    assert "APPLIED: 1 of 1 done" in outcome
    copy = await read(
        engine_client, "ad_sets", "adset_id", new, "promoted_object", "optimization_goal", "ads{name}"
    )
    assert copy["promoted_object"] == event
    assert len(copy["ads"]["data"]) == 3
    with pytest.raises(InvalidParams, match="promoted_object: APP_INSTALLS needs"):
        await planned(
            engine_client, "ad_sets", "duplicate", adset_id=JACKETS_SET, optimization_goal="APP_INSTALLS"
        )


async def test_an_ad_is_copied_or_made_anew(engine_client: EngineClient) -> None:
    """With another creative it is a new ad of what the other one has; else a copy, and a new post."""
    plan, outcome, new = await duplicated(engine_client, "ads", ad_id=SPRING_AD_PAUSED, adset_id=JACKETS_SET)
    assert "ads of a copy are new posts" in plan
    assert f"made: ad {new}" not in outcome
    copy = await read(engine_client, "ads", "ad_id", new, "adset_id", "name", "status")
    assert (copy["adset_id"], copy["status"]) == (JACKETS_SET, "PAUSED")
    other = {"creative_id": CREATIVE}
    plan, outcome, new = await duplicated(engine_client, "ads", ad_id=SPRING_AD_PAUSED, creative=other)
    assert "made anew with another creative" in plan
    assert (await read(engine_client, "ads", "ad_id", new, "creative{id}"))["creative"]["id"] == CREATIVE
    assert done(engine_client) == ["copy ad", "create ad"]


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"rename_options": {"suffix": "x"}}, "'suffix' is none of rename_strategy"),
        ({"rename_options": {"rename_strategy": "ALL"}}, "rename_strategy is one of"),
        ({"rename_options": {"rename_suffix": 3}}, "are texts"),
        ({"rename_options": {"rename_suffix": "x" * 400}}, "at most 400 go"),
        ({"lifetime_budget": "300 USD"}, "the campaign has a daily_budget"),
        ({"status_option": "ARCHIVED"}, "is not one of PAUSED, ACTIVE, INHERITED_FROM_SOURCE"),
        ({"name": "<copied_campaign_id of request 1>"}, "reads like what a plan writes for an answer"),
        ({"source": {"name": "x"}}, "source: no such parameter"),
        ({"campaign_id": "@1.id"}, "campaign_id"),
        ({"campaign_id": "1202110000000000007"}, "DELETED"),
    ],
)
async def test_what_cannot_be_copied_is_said(
    engine_client: EngineClient, params: dict[str, Any], said: str
) -> None:
    """One line for a mistake, and nothing is changed."""
    with pytest.raises(InvalidParams, match=said):
        await planned(engine_client, "campaigns", "duplicate", **{"campaign_id": STRIPES, **params})
    assert writes(engine_client) == []


async def test_campaigns_of_another_time_are_not_copied(engine_client: EngineClient) -> None:
    """Legacy objectives and retired kinds, of ad sets too; one that has ended says when its copy ends."""
    body = engine_client.store.get("facebook.campaign", DRYBAGS)
    assert body is not None
    adset = next(row for row in engine_client.store.all("facebook.adset") if row["campaign_id"] == DRYBAGS)

    async def refused(said: str, entity: str = "campaigns", **more: Any) -> None:
        engine_client.store.put("facebook.campaign", DRYBAGS, {**body, **more})
        source = {"campaign_id": DRYBAGS} if entity == "campaigns" else {"adset_id": adset["id"]}
        with pytest.raises(InvalidParams, match=said):
            await planned(engine_client, entity, "duplicate", **source)

    await refused("of the objective CONVERSIONS", objective="CONVERSIONS")
    await refused("of the objective CONVERSIONS", "ad_sets", objective="CONVERSIONS")
    await refused("none of AUTOMATED_SHOPPING_ADS", smart_promotion_type="AUTOMATED_SHOPPING_ADS")
    over = {"lifetime_budget": "90000", "stop_time": "2024-03-01T00:00:00-0500"}
    await refused("end_time: the campaign has ended and has a lifetime budget", **over)


async def test_a_copy_is_called_as_the_plan_says(engine_client: EngineClient) -> None:
    """With a prefix, all the way down; the platform adds nothing of its own, and it reads as planned."""
    options = {"rename_strategy": "DEEP_RENAME", "rename_prefix": "2027, "}
    plan, outcome, new = await duplicated(
        engine_client, "ad_sets", adset_id=JACKETS_SET, rename_options=options
    )
    assert 'duplicate ad set "2027, Past buyers B, US - Copy"' in plan
    assert "DIFFERS" not in outcome
    shown = await read(engine_client, "ad_sets", "adset_id", new, "name", "ads{name}")
    names = [row["name"] for row in (shown, *shown["ads"]["data"])]
    assert all(name.startswith("2027, ") and name.endswith(" - Copy") for name in names)


async def test_several_are_copied_by_one_plan(engine_client: EngineClient) -> None:
    """Each by requests of its own, under its own name."""
    items = [{"campaign_id": STRIPES}, {"campaign_id": STRIPES, "name": "Another", "deep_copy": False}]
    plan = await planned(engine_client, "campaigns", "duplicate", items=items)
    result = await applied(engine_client, plan)
    assert "APPLIED: 2 of 2 done" in result.text
    assert done(engine_client).count("copy campaign") == 2
    removed = await applied(engine_client, undo_of(result))
    assert "APPLIED: 2 of 2 done" in removed.text


async def test_a_source_that_changed_makes_a_fresh_plan(engine_client: EngineClient) -> None:
    """An ad set that was added after the plan is copied only by a plan that says so."""
    plan = await planned(engine_client, "campaigns", "duplicate", campaign_id=SPRING)
    await applied(
        engine_client,
        await planned(engine_client, "ad_sets", "duplicate", adset_id=SPRING_SET, deep_copy=False),
    )
    result = await applied(engine_client, plan)
    assert "what it is made from is not what it was" in result.text
    assert "with 4 ad sets" in result.text


async def test_half_a_copy_goes_on_where_it_was(engine_client_with: Callable[..., EngineClient]) -> None:
    """The third request is throttled: what is there is named, and another process does the rest."""
    engine_client = engine_client_with()
    plan = await planned(engine_client, "campaigns", "duplicate", campaign_id=SPRING, status_option="ACTIVE")
    engine_client.fault("throttle", path=f"/{SPRING_SET}/copies", times=0)
    first = await applied(engine_client, plan)
    assert "IN PROGRESS: 0 of 1 done" in first.text
    left = first.text.partition('"campaigns", "get", {\'campaign_id\': \'')[2].partition("'")[0]
    assert (await read(engine_client, "campaigns", "campaign_id", left, "status"))["status"] == "PAUSED"
    mend(engine_client.store)
    engine_client.reopen()
    engine_client = engine_client_with()
    second = await applied(engine_client, plan)
    assert "APPLIED: 1 of 1 done" in second.text
    assert done(engine_client).count("copy campaign") == 1
    assert done(engine_client).count("copy ad") == 9
    assert (await read(engine_client, "campaigns", "campaign_id", left, "status"))["status"] == "ACTIVE"


async def test_what_is_left_of_half_a_copy_is_named(engine_client: EngineClient) -> None:
    """An answer is lost in the middle: unknown, never sent again, and what stands there is named."""
    plan = await planned(engine_client, "campaigns", "duplicate", campaign_id=SPRING)
    engine_client.fault("cut", path=f"/{SPRING_SET}/copies")
    result = await applied(engine_client, plan)
    assert "UNKNOWN" in result.text
    assert "campaign 1202900" in result.text
    assert "looking now" not in result.text
    assert f"it was done if it lists one whose source_adset_id is {SPRING_SET}; request " in result.text
    *call, params = check_in(result.text)
    assert SPRING_SET in [row["source_adset_id"] for row in (await engine_client.do(*call, **params)).data]
    sent = len(writes(engine_client))
    await applied(engine_client, plan)
    assert len(writes(engine_client)) == sent


@pytest.mark.parametrize("when", ["before", "after"])
async def test_whether_a_copy_was_switched_on_is_looked_for(engine_client: EngineClient, when: str) -> None:
    """The copy is there in any case: its last request is the one that is read back."""
    plan = await planned(engine_client, "campaigns", "duplicate", campaign_id=SPRING, status_option="ACTIVE")
    engine_client.fault("500", method="POST", path="/12029[0-9]+$", when=when)
    text = (await applied(engine_client, plan)).text
    state = "in effect" if when == "after" else "not in effect; a change may still be on its way"
    assert f"reading it now: the change is {state}" in text
    assert 'it was done if it shows status "ACTIVE"; request ' in text
    *call, params = check_in(text)
    shown = (await engine_client.do(*call, **params)).data["status"]
    assert shown == ("ACTIVE" if when == "after" else "PAUSED")


async def test_an_ad_set_goes_into_what_the_plan_makes(engine_client: EngineClient) -> None:
    """A campaign and the copy of an ad set into it are one plan, whose second step names the first."""
    new = {"account_id": US, "name": "Launch", "objective": "OUTCOME_SALES"}
    plan = await planned(engine_client, "campaigns", "create", **new)
    plan = await planned(
        engine_client, "ad_sets", "duplicate", append_to=plan, adset_id=JACKETS_SET, campaign_id="@1.id"
    )
    result = await applied(engine_client, plan)
    assert "APPLIED: 2 of 2 done" in result.text
    made, copy = (step["id"] for step in result.data["steps"])
    assert (await read(engine_client, "ad_sets", "adset_id", copy, "campaign_id"))["campaign_id"] == made


@pytest.mark.slow
async def test_copies_of_many_ads_are_bounded(engine_client: EngineClient) -> None:
    """43 ads are 44 requests, each named; more than sixty are refused with what to do, and nothing sent."""
    ad = next(row for row in engine_client.store.all("facebook.ad") if row["adset_id"] == JACKETS_SET)

    def fill(first: int, count: int) -> None:
        for number in range(first, first + count):
            new = {**ad, "id": str(1_202_800_000_000_000_000 + number), "status": "PAUSED"}
            engine_client.store.put("facebook.ad", new["id"], new)

    fill(0, 40)
    plan = await engine_client.do(FACEBOOK, "ad_sets", "duplicate", adset_id=JACKETS_SET)
    assert plan.text.count("   request ") == 44
    assert len(plan.text) < 12_000
    assert "APPLIED" in (await applied(engine_client, plan.data["plan_id"])).text
    fill(40, 20)
    with pytest.raises(InvalidParams, match="deep_copy: it takes 64 requests, at most 60 go"):
        await planned(engine_client, "ad_sets", "duplicate", adset_id=JACKETS_SET)
    fill(60, 150)
    with pytest.raises(InvalidParams, match="deep_copy: it has 200 ads or more"):
        await planned(engine_client, "ad_sets", "duplicate", adset_id=JACKETS_SET)


async def test_a_copy_of_another_account_is_refused(engine_client: EngineClient) -> None:
    """With an allow-list the source decides, and another account's campaign is no place for a copy."""
    object.__setattr__(engine_client.settings.platforms[FACEBOOK], "account_ids", (JAPAN,))
    with pytest.raises(OutOfScope):
        await planned(engine_client, "campaigns", "duplicate", campaign_id=STRIPES)
    object.__setattr__(engine_client.settings.platforms[FACEBOOK], "account_ids", (US,))
    with pytest.raises(OutOfScope, match="campaign_id"):
        await planned(engine_client, "ad_sets", "duplicate", adset_id=JACKETS_SET, campaign_id=REGENWEAR)
    assert writes(engine_client) == []
