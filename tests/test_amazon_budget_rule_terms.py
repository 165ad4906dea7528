"""Terms of budget rules: what takes another's place is said and taken back; what a link does is read back."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import AMAZON, PROFILE, EngineClient
from planning import applied, planned, undo_of
from test_amazon_budget_rules import CAMPAIGN, budget, day, done, plan, rule

from mcp_ads.errors import InvalidParams, NotFound, UnknownAction

pytestmark = pytest.mark.anyio
RULES = "sponsored_product_budget_rules"
EVENT = "55583b89-b236-4ccb-ad86-e72f23691eef"
TERMS = ("startDate", "endDate", "eventId", "recurrence", "daysOfWeek", "startTime", "endTime")
WEEKLY: dict[str, Any] = {"days_of_week": ["MONDAY"]}


async def terms(engine_client: EngineClient, id_: str) -> dict[str, Any]:
    found = await engine_client.do(
        AMAZON, RULES, "get", profile_id=PROFILE, budget_rule_id=id_, fields=[*TERMS]
    )
    return {name: value for name, value in found.data.items() if value is not None}


@pytest.mark.parametrize(
    ("before", "change", "said"),
    [
        ({}, {"event_id": EVENT}, ["startDate {start} → none", "endDate {end} → none", "eventId none → "]),
        ({}, {"end_date": "none"}, ["endDate {end} → none"]),
        (WEEKLY, {"recurrence": "DAILY"}, ["recurrence WEEKLY → DAILY", 'daysOfWeek ["MONDAY"] → none']),
        (WEEKLY, {"days_of_week": "none"}, ["recurrence WEEKLY → DAILY", 'daysOfWeek ["MONDAY"] → none']),
        ({}, WEEKLY, ["recurrence DAILY → WEEKLY", 'daysOfWeek none → ["MONDAY"]']),
        ({}, {"start_time": "17:00", "end_time": "20:00"}, ["startTime none → 17:00:00"]),
        (
            {"start_time": "17:00", "end_time": "20:00"},
            {"start_time": "none", "end_time": "none"},
            ["startTime 17:00:00 → none", "endTime 20:00:00 → none"],
        ),
    ],
)
async def test_what_goes_with_a_term(
    engine_client: EngineClient, before: dict[str, Any], change: dict[str, Any], said: list[str]
) -> None:
    """A term that stands in another's place takes it away: both are said, and the undo puts both back."""
    id_ = await rule(engine_client, **before)
    was = await terms(engine_client, id_)
    made = await plan(engine_client, "update", budget_rule_id=id_, **change)
    for line in said:
        assert line.format(start=day(0), end=day(6)) in made.text
    changed = await applied(engine_client, made.data["plan_id"])
    assert "APPLIED: 1 of 1 done" in changed.text
    assert "DIFFERS" not in changed.text
    assert "no undo" not in changed.text
    assert await terms(engine_client, id_) != was
    await applied(engine_client, undo_of(changed))
    assert await terms(engine_client, id_) == was


async def test_an_event_gives_way_to_days(engine_client: EngineClient) -> None:
    """The event's own days, which Amazon tells, are none of the rule's: they go with it and come back."""
    made = await done(engine_client, "create", name="E", budget_increase_by=40, event_id=EVENT)
    id_ = made.data["steps"][0]["id"]
    read = await engine_client.do(AMAZON, RULES, "get", profile_id=PROFILE, budget_rule_id=id_)
    assert (read.data["startDate"], read.data["eventStart"][4:]) == (None, "-12-01")
    changed = await done(engine_client, "update", budget_rule_id=id_, start_date=day(1))
    assert await terms(engine_client, id_) == {"startDate": day(1), "recurrence": "DAILY"}
    await applied(engine_client, undo_of(changed))
    assert await terms(engine_client, id_) == {"eventId": EVENT, "recurrence": "DAILY"}


async def test_every_day_is_priced_as_every_day(engine_client: EngineClient) -> None:
    """A rule of one weekday that becomes one of every day adds up with the rules of the other days."""
    monday = await rule(engine_client, "Mondays", 20, days_of_week=["MONDAY"])
    other = await rule(engine_client, "Tuesdays", 30, days_of_week=["TUESDAY"])
    await done(engine_client, "attach", campaign_id=CAMPAIGN, budget_rule_id=[monday, other])
    made = await plan(engine_client, "update", budget_rule_id=monday, recurrence="daily")
    assert ": 65.00 USD → up to 75.00 USD a day" in made.text
    await applied(engine_client, made.data["plan_id"])
    assert "daysOfWeek" not in await terms(engine_client, monday)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"budget_increase_by": True}, "budget_increase_by: write a number"),
        ({"budget_increase_by": {"type": "PERCENT", "value": True}}, "budget_increase_by: write a number"),
        ({"threshold": True}, "threshold: write a number"),
        ({"threshold": -3}, "threshold: at least 0"),
        ({"recurrence": "DAILY", "days_of_week": ["MONDAY"]}, "recurrence: DAILY is every day"),
        ({"recurrence": "WEEKLY", "days_of_week": "none"}, "days_of_week: missing"),
        ({"start_time": "none"}, "start_time: give start_time and end_time"),
        ({"start_time": "none", "end_time": "17:00"}, "start_time: give start_time and end_time"),
        ({"start_date": "none"}, "start_date: missing, required unless event_id"),
    ],
)
async def test_what_no_rule_becomes(engine_client: EngineClient, change: dict[str, Any], said: str) -> None:
    """Truth is no number, nothing is less than nothing, and every day is no day of the week."""
    id_ = await rule(engine_client)
    with pytest.raises(InvalidParams, match=said):
        await plan(engine_client, "update", budget_rule_id=id_, **change)


async def test_a_share_that_is_meant_as_percent(engine_client: EngineClient) -> None:
    """0.2 of ACOS is 0.2 %: the plan says so; of ROAS it is a ratio."""
    new: dict[str, Any] = {
        "name": "P",
        "budget_increase_by": 5,
        "start_date": day(0),
        "comparison_operator": "<",
        "threshold": 0.2,
    }
    acos = await plan(engine_client, "create", metric_name="ACOS", **new)
    roas = await plan(engine_client, "create", metric_name="ROAS", **new)
    assert "threshold: 0.2 is 0.2 % of ACOS; 20 is 20 %" in acos.text
    assert "threshold: 0.2 is" not in roas.text


async def test_links_are_read_back(engine_client: EngineClient) -> None:
    """That rules were attached or taken off shows in the campaign's rules, and is said."""
    ids = [await rule(engine_client, name) for name in ("A", "B")]
    attached = await done(engine_client, "attach", campaign_id=CAMPAIGN, budget_rule_id=ids)
    assert "read back: it is in effect" in attached.text
    taken = await done(engine_client, "detach", campaign_id=CAMPAIGN, budget_rule_id=ids[0])
    assert "read back: it is in effect" in taken.text
    left = await engine_client.do(AMAZON, RULES, "list", profile_id=PROFILE, campaign_id=CAMPAIGN)
    assert [row["ruleId"] for row in left.data] == ids[1:]


async def test_a_rule_is_switched(engine_client: EngineClient) -> None:
    """Paused and activated it is read back in its state, and the change of each says what budgets come to."""
    one = {"profile_id": PROFILE, "budget_rule_id": await rule(engine_client)}
    await done(engine_client, "attach", campaign_id=CAMPAIGN, budget_rule_id=one["budget_rule_id"])
    for action, state, money in (
        ("pause", "PAUSED", "60.00 USD → 50.00 USD"),
        ("activate", "ACTIVE", "50.00 USD → up to 60.00 USD"),
    ):
        made = await engine_client.do(AMAZON, RULES, action, **one)
        assert money in made.text
        assert f"ruleState {state}" in (await applied(engine_client, made.data["plan_id"])).text


@pytest.mark.parametrize(
    ("when", "shown"), [("after", "the change is in effect"), ("before", "it is not in effect")]
)
async def test_a_lost_answer_about_a_link(engine_client: EngineClient, when: str, shown: str) -> None:
    """The list of the campaign's rules says whether it was done, and is named as the call that shows it."""
    id_ = await rule(engine_client)
    plan_id = await planned(
        engine_client, RULES, "attach", AMAZON, profile_id=PROFILE, campaign_id=CAMPAIGN, budget_rule_id=id_
    )
    engine_client.fault("500", when=when, platform=AMAZON, method="POST", path=f"{CAMPAIGN}/budgetRules")
    lost = await applied(engine_client, plan_id)
    assert f"\"list\", {{'profile_id': '{PROFILE}', 'campaign_id': '{CAMPAIGN}'}}" in lost.text
    assert f"it was done if it lists {id_}" in lost.text
    assert f"reading it now: {shown}" in lost.text


async def test_half_a_detach(engine_client: EngineClient) -> None:
    """What was taken off before the next request failed can be attached again."""
    ids = [await rule(engine_client, name) for name in ("A", "B")]
    await done(engine_client, "attach", campaign_id=CAMPAIGN, budget_rule_id=ids)
    made = await plan(engine_client, "detach", campaign_id=CAMPAIGN, budget_rule_id=ids)
    assert await budget(engine_client) == 70.0
    engine_client.fault("500", platform=AMAZON, method="DELETE", path=ids[1], times=0)
    half = await applied(engine_client, made.data["plan_id"])
    assert f"requests done of 2: 1 takes rule {ids[0]} off" in half.text
    assert f'reading it now: only budget_rule_id ["{ids[0]}"] is in effect' in half.text
    assert await budget(engine_client) == 60.0
    back = await applied(engine_client, undo_of(half))
    assert "APPLIED: 1 of 1 done" in back.text
    assert await budget(engine_client) == 70.0


async def test_what_there_is_not(engine_client: EngineClient) -> None:
    """Unknown campaigns are not found, several are items, and nothing deletes a rule."""
    for action in ("recommendations", "list"):
        with pytest.raises(NotFound, match="no such object, or it belongs to another profile"):
            await plan(engine_client, action, campaign_id="999")
    with pytest.raises(
        InvalidParams, match=r'campaign_id: one campaign; for several items=\[\{"campaign_id"'
    ):
        await plan(engine_client, "attach", campaign_id=["1", "2"], budget_rule_id="x")
    for action in ("delete", "archive"):
        with pytest.raises(UnknownAction, match="Amazon deletes no budget rule; pause stops it"):
            await plan(engine_client, action, budget_rule_id="x")
