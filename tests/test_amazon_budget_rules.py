"""Budget rules: made, attached, changed and taken off, and what they make of daily budgets and caps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from amazon_client import Amazon
from engine_client import AMAZON, PROFILE, EngineClient
from planning import applied, planned, undo_of, writes

from mcp_ads.connectors.amazon_ads.sponsored_products import raises
from mcp_ads.errors import InvalidParams, NotFound, OverCap

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
RULES = "sponsored_product_budget_rules"
CAMPAIGNS = "sponsored_product_campaigns"
CAMPAIGN, PAUSED = "120000000000001", "120000000000004"
TODAY = datetime.now(ZoneInfo("America/Los_Angeles")).date()


def day(offset: int) -> str:
    return (TODAY + timedelta(offset)).isoformat()


async def plan(engine_client: EngineClient, action: str, entity: str = RULES, **params: Any) -> Any:
    return await engine_client.do(AMAZON, entity, action, profile_id=PROFILE, **params)


async def done(engine_client: EngineClient, action: str, entity: str = RULES, **params: Any) -> Any:
    made = await plan(engine_client, action, entity, **params)
    result = await applied(engine_client, made.data["plan_id"])
    assert "APPLIED: 1 of 1 done" in result.text
    assert "DIFFERS" not in result.text
    return result


async def rule(engine_client: EngineClient, name: str = "Cyber week", by: Any = 20, **params: Any) -> str:
    days = {"start_date": day(0), "end_date": day(6)}
    result = await done(engine_client, "create", name=name, budget_increase_by=by, **days, **params)
    return str(result.data["steps"][0]["id"])


async def budget(engine_client: EngineClient) -> Any:
    found = await engine_client.do(
        AMAZON, CAMPAIGNS, "get", profile_id=PROFILE, campaign_id=CAMPAIGN, fields=["budget.effectiveBudget"]
    )
    return found.data["budget.effectiveBudget"]


@pytest.mark.slow
async def test_a_rule_from_its_making_to_its_end(engine_client: EngineClient) -> None:
    """It raises nothing until it is attached; each plan says from what to what, and each is taken back."""
    made = await done(
        engine_client,
        "create",
        name="Cyber week",
        budget_increase_by="20%",
        start_date=day(0),
        end_date=day(6),
    )
    assert "raises no budget until it is attached" in made.text or "adds to daily budgets 20 %" in made.text
    assert undo_of(made).startswith("pause-budget-rule.")
    id_ = made.data["steps"][0]["id"]
    table = await engine_client.table(AMAZON, RULES, "list", profile_id=PROFILE)
    row = {**table.rows[-1]}
    assert (row["ruleId"], row["ruleState"], row["budgetIncreaseBy"]) == (id_, "ACTIVE", "20.0")
    assert (row["startDate"], table.meta["units"]) == (day(0), "budgetIncreaseBy: percent")

    attach = await plan(engine_client, "attach", campaign_id=CAMPAIGN, budget_rule_id=id_)
    assert 'budget 50.00 USD → up to 60.00 USD a day: "Cyber week" +20 %' in attach.text
    assert "money: +10.00 USD a day" in attach.text
    attached = await applied(engine_client, attach.data["plan_id"])
    assert await budget(engine_client) == 60.0
    one = await engine_client.do(AMAZON, RULES, "get", profile_id=PROFILE, budget_rule_id=id_)
    assert [(row["campaignId"], row["ruleStatus"]) for row in one.data["campaigns"]] == [(CAMPAIGN, "ACTIVE")]

    more = await done(engine_client, "update", budget_rule_id=id_, budget_increase_by=50)
    assert "adds to daily budgets 20 % → 50 %" in more.text
    assert await budget(engine_client) == 75.0
    await applied(engine_client, undo_of(more))
    assert await budget(engine_client) == 60.0
    paused = await done(engine_client, "pause", budget_rule_id=id_)
    assert await budget(engine_client) is None
    await applied(engine_client, undo_of(paused))

    taken = await applied(engine_client, undo_of(attached))
    assert "the rules stay" in taken.text
    assert await budget(engine_client) is None
    await applied(engine_client, undo_of(taken))
    assert await budget(engine_client) == 60.0
    said = [line.rpartition(" ")[0] for line in writes(engine_client)]
    assert said == [
        "create budget rule", "attach budget rule", *["update budget rule"] * 4,
        "detach budget rule", "attach budget rule",
    ]  # fmt: skip


@pytest.mark.slow
async def test_rules_add_up_and_caps_count_them(engine_client_with: EngineClients) -> None:
    """Several at once, on top of those that are there; then on what a campaign's own budget comes to."""
    free = engine_client_with()
    ids = [await rule(free, f"R{n}", by) for n, by in enumerate((20, 30))]
    capped = engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="70 USD")
    with pytest.raises(OverCap, match=r"budget 75\.00 USD a day is over the cap of 70\.00 USD"):
        await plan(capped, "attach", campaign_id=CAMPAIGN, budget_rule_id=ids)
    risen = engine_client_with(MCP_ADS_MAX_BUDGET_INCREASE_PCT="25")
    with pytest.raises(OverCap, match="30 % over its lowest"):
        await plan(risen, "attach", campaign_id=CAMPAIGN, budget_rule_id=ids[1])
    assert (
        "50.00 USD → up to 75.00 USD"
        in (await done(free, "attach", campaign_id=CAMPAIGN, budget_rule_id=ids)).text
    )
    with pytest.raises(OverCap, match=r"82\.50 USD a day is over the cap of 70\.00 USD"):
        await plan(capped, "update", CAMPAIGNS, campaign_id=CAMPAIGN, daily_budget="55 USD")
    with pytest.raises(OverCap, match=r"budget 87\.50 USD a day is over the cap"):
        await plan(capped, "update", budget_rule_id=ids[0], budget_increase_by=45)
    await plan(capped, "update", budget_rule_id=ids[0], name="Renamed")
    await plan(capped, "pause", budget_rule_id=ids[0])
    own = {"profile_id": PROFILE, "campaign_id": CAMPAIGN, "daily_budget": "55 USD"}
    first = await planned(free, CAMPAIGNS, "update", AMAZON, **own)
    with pytest.raises(InvalidParams, match="step 1 of the plan changes"):
        await plan(free, "update", budget_rule_id=ids[0], budget_increase_by=45, append_to=first)


async def test_what_is_activated_counts_with_its_rules(engine_client_with: EngineClients) -> None:
    """A paused campaign with a rule comes to more than its budget when it is switched on."""
    free, capped = engine_client_with(), engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="1000 USD")
    await done(free, "attach", campaign_id=PAUSED, budget_rule_id=await rule(free, by=9900))
    with pytest.raises(OverCap, match="is over the cap of 1000"):
        await plan(capped, "activate", CAMPAIGNS, campaign_id=PAUSED)


async def test_attached_after_it_was_planned(engine_client: EngineClient) -> None:
    """Another rule that came meanwhile makes it another budget: a fresh plan, nothing is sent."""
    ids = [await rule(engine_client, f"R{n}") for n in (1, 2)]
    first, second = [
        (await plan(engine_client, "attach", campaign_id=CAMPAIGN, budget_rule_id=id_)).data["plan_id"]
        for id_ in ids
    ]
    await applied(engine_client, first)
    late = await applied(engine_client, second)
    assert "was 50.00 → 60.00 USD a day, is 60.00 → 70.00 USD a day" in late.text
    assert len([line for line in writes(engine_client) if line.startswith("attach")]) == 1


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"budget_increase_by": 0}, "budget_increase_by"),
        ({"budget_increase_by": "much"}, "percent that is added"),
        ({"start_date": None}, "start_date: missing"),
        ({"start_date": day(-2)}, "in the past"),
        ({"end_date": day(-1), "start_date": day(0)}, "before start_date"),
        ({"event_id": "x"}, "not both"),
        ({"metric_name": "ACOS"}, "needs metric_name, comparison_operator and threshold"),
        ({"rule_type": "PERFORMANCE"}, "needs metric_name"),
        ({"days_of_week": ["NODAY"]}, "MONDAY"),
        ({"start_time": "17:00"}, "start_time and end_time"),
        ({"start_time": "17:00", "end_time": "16:00"}, "is not after start_time"),
        ({"state": "PAUSED"}, "state: no such parameter"),
    ],
)
async def test_what_no_rule_can_say(engine_client: EngineClient, params: dict[str, Any], said: str) -> None:
    """One line for what is wrong, and nothing is sent."""
    whole = {"name": "R", "budget_increase_by": 20, "start_date": day(1), **params}
    with pytest.raises(InvalidParams, match=said):
        await plan(
            engine_client, "create", **{name: value for name, value in whole.items() if value is not None}
        )
    assert writes(engine_client) == []


async def test_rules_that_cannot_be_attached(engine_client: EngineClient) -> None:
    """Unknown ones, those of a name the campaign has, and those that are there already."""
    first, second = await rule(engine_client), await rule(engine_client)
    await done(engine_client, "attach", campaign_id=CAMPAIGN, budget_rule_id=first)
    for id_, said in ((first, "already"), (second, "a rule called"), ("nobody", "is not there")):
        with pytest.raises(InvalidParams, match=said):
            await plan(engine_client, "attach", campaign_id=CAMPAIGN, budget_rule_id=id_)
    for action in ("get", "pause"):
        with pytest.raises(NotFound, match="no rule nobody"):
            await plan(engine_client, action, budget_rule_id="nobody")
    with pytest.raises(InvalidParams, match="not attached to campaign"):
        await plan(engine_client, "detach", campaign_id=CAMPAIGN, budget_rule_id=second)


async def test_a_rule_made_in_the_same_plan(engine_client_with: EngineClients) -> None:
    """What it adds stands in the plan before there is a rule, and caps count it; in the undo once."""
    new: dict[str, Any] = {"name": "R", "budget_increase_by": 20, "start_date": day(0)}
    link = {"campaign_id": CAMPAIGN, "budget_rule_id": "@1.id"}
    capped = engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="59 USD")
    first = (await plan(capped, "create", **new)).data["plan_id"]
    with pytest.raises(OverCap, match=r"60\.00 USD a day is over the cap of 59\.00 USD"):
        await plan(capped, "attach", **link, append_to=first)
    free = engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="60 USD")
    both = await plan(free, "attach", **link, append_to=first)
    assert 'budget 50.00 USD → up to 60.00 USD a day: "R" +20 %' in both.text
    assert "money: +10.00 USD a day" in both.text
    with pytest.raises(InvalidParams, match="apply that first"):
        await plan(
            free, "update", budget_rule_id="@1.id", budget_increase_by=9, append_to=both.data["plan_id"]
        )
    result = await applied(free, both.data["plan_id"])
    assert "APPLIED: 2 of 2 done" in result.text
    assert await budget(free) == 60.0
    assert "apply that first" in result.text  # pausing it would count the same money once more
    back = await applied(free, undo_of(result))
    assert "APPLIED: 1 of 1 done" in back.text
    assert await budget(free) is None


ATTACH = {"campaign_id": CAMPAIGN, "budget_rule_id": "R0"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("attach", ATTACH), ("attach", {**ATTACH, "budget_rule_id": "R1"})),
        (("attach", ATTACH), ("update", {"budget_rule_id": "R0", "budget_increase_by": 900})),
        (("update", {"budget_rule_id": "R0", "budget_increase_by": 900}), ("attach", ATTACH)),
        (("attach", {**ATTACH, "budget_rule_id": "R2"}), ("activate", {"budget_rule_id": "R2"})),
        (("update", {"budget_rule_id": "R3", "budget_increase_by": 90}), ("attach", ATTACH)),
        (("update", {"budget_rule_id": "R3", "name": "New"}), ("pause", {"budget_rule_id": "R3"})),
    ],
)
async def test_steps_that_count_on_each_other(engine_client: EngineClient, first: Any, second: Any) -> None:
    """What one makes of a budget is not known while the other is only planned: it is applied first."""
    ids = {f"R{n}": await rule(engine_client, f"R{n}", 60) for n in range(4)}
    await done(engine_client, "pause", budget_rule_id=ids["R2"])
    await done(engine_client, "attach", campaign_id=CAMPAIGN, budget_rule_id=ids["R3"])
    calls = [
        (action, {name: ids.get(value, value) for name, value in given.items()})
        for action, given in (first, second)
    ]
    base = (await plan(engine_client, calls[0][0], **calls[0][1])).data["plan_id"]
    with pytest.raises(InvalidParams, match="apply that first"):
        await plan(engine_client, calls[1][0], **calls[1][1], append_to=base)


@pytest.mark.parametrize("writes_mode", ["plan", "direct"])
async def test_items_that_count_on_each_other(engine_client_with: EngineClients, writes_mode: str) -> None:
    """Two rules, or one twice, for one campaign are one attach; one rule for two campaigns are two."""
    free, client = engine_client_with(), engine_client_with(MCP_ADS_WRITES=writes_mode)
    ids = [await rule(free, f"R{n}", 60) for n in range(2)]
    for pair in (ids, [ids[0]] * 2):
        items = [{"campaign_id": CAMPAIGN, "budget_rule_id": id_} for id_ in pair]
        with pytest.raises(InvalidParams, match="in one budget_rule_id"):
            await plan(client, "attach", items=items)
    two = [{"campaign_id": id_, "budget_rule_id": ids[0]} for id_ in (CAMPAIGN, PAUSED)]
    await plan(client, "attach", items=two)


async def test_several_rules_of_a_campaign_are_paused_in_one_plan(engine_client: EngineClient) -> None:
    """What they take off adds up, so that the plan is still what it was when it is applied."""
    ids = [await rule(engine_client, f"R{n}") for n in range(2)]
    await done(engine_client, "attach", campaign_id=CAMPAIGN, budget_rule_id=ids)
    paused = await plan(engine_client, "pause", budget_rule_id=ids)
    assert "money: -20.00 USD a day" in paused.text
    result = await applied(engine_client, paused.data["plan_id"])
    assert "APPLIED: 2 of 2 done" in result.text
    assert await budget(engine_client) is None
    assert "apply that first" in result.text  # one of them is activated again, which is another budget then


async def test_rises_by_rules_and_by_hand_add_up(engine_client_with: EngineClients) -> None:
    """A rule attached, its percentage, the campaign's own budget: one rise from the lowest of a day."""
    free = engine_client_with()
    ids = [await rule(free, f"R{n}", 15) for n in range(2)]
    capped = engine_client_with(MCP_ADS_MAX_BUDGET_INCREASE_PCT="20")
    await done(capped, "attach", campaign_id=CAMPAIGN, budget_rule_id=ids[0])
    with pytest.raises(OverCap, match="38 % over its lowest"):
        await plan(capped, "update", budget_rule_id=ids[0], budget_increase_by=38)
    with pytest.raises(OverCap, match="30 % over its lowest"):
        await plan(capped, "attach", campaign_id=CAMPAIGN, budget_rule_id=ids[1])
    with pytest.raises(OverCap, match="38 % over its lowest"):
        await plan(capped, "update", CAMPAIGNS, campaign_id=CAMPAIGN, daily_budget="60 USD")
    await done(capped, "update", CAMPAIGNS, campaign_id=CAMPAIGN, daily_budget="52 USD")


async def test_rules_that_cannot_be_read_make_no_figure(engine_client_with: EngineClients) -> None:
    """What the campaign has already counts: unread, a plan says that nobody knows, and caps refuse it."""
    free = engine_client_with()
    id_ = await rule(free)
    link = {"campaign_id": CAMPAIGN, "budget_rule_id": id_}
    free.fault("500", path=f"/sp/campaigns/{CAMPAIGN}/budgetRules$", method="GET", times=0)
    said = (await plan(free, "attach", **link)).text
    assert "spend unknown: which rules the campaign has already cannot be read" in said
    assert " a day" not in said
    capped = engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="1000 USD")
    with pytest.raises(OverCap, match="rules add up, and budgets are capped"):
        await plan(capped, "attach", **link)


def test_days_tell_which_rules_add_up() -> None:
    """Those that never hold on one day do not; a paused one adds nothing."""
    week = {"budgetIncreaseBy": 20, "startDate": "2026-12-01", "endDate": "2026-12-07"}
    later = {"budgetIncreaseBy": 30, "startDate": "2026-12-08", "endDate": None}
    monday = {"budgetIncreaseBy": 5, "startDate": "2026-11-01", "daysOfWeek": ["MONDAY"]}
    now = date(2026, 11, 26)
    assert raises.at_most([week, later], now) == 30
    assert raises.at_most([week, later, monday], now) == 35
    assert raises.at_most([week, {**later, "ruleState": "PAUSED"}], now) == 20
    assert raises.at_most([week, later], date(2026, 12, 9)) == 30
    assert raises.steepest([later], [], [week], now) == (Decimal(0), Decimal(20))
    assert raises.steepest([week], [], [monday], now) == (Decimal(20), Decimal(25))
    assert raises.raised(Decimal("10.01"), Decimal(20), "USD") == Decimal("12.02")


async def test_events_and_conditions(engine_client: EngineClient) -> None:
    """An event Amazon recommends gives its days, a performance rule waits for its condition."""
    events = await engine_client.do(
        AMAZON, RULES, "recommendations", profile_id=PROFILE, campaign_id=CAMPAIGN
    )
    event = events.data[0]
    await done(engine_client, "create", name="E", budget_increase_by=40, event_id=event["eventId"])
    cheap: dict[str, Any] = {
        "start_date": day(0),
        "metric_name": "acos",
        "comparison_operator": "<",
        "threshold": 0.01,
    }
    made = await done(engine_client, "create", name="P", budget_increase_by=10, **cheap)
    await done(engine_client, "attach", campaign_id=CAMPAIGN, budget_rule_id=made.data["steps"][0]["id"])
    rows = await engine_client.do(AMAZON, RULES, "list", profile_id=PROFILE, fields="*", campaign_id=CAMPAIGN)
    assert [(row["name"], row["ruleStatus"], row["metricName"]) for row in rows.data] == [
        ("P", "ON_HOLD", "ACOS")
    ]
    assert await budget(engine_client) is None


async def test_the_platform_is_strict_about_rules() -> None:
    """Pages have a size, unknown fields refuse all, and each item is answered in its place."""
    api = Amazon()
    json_: dict[str, str | None] = {"Content-Type": "application/json"}
    assert (await api.call("GET", "/sp/budgetRules")).status_code == 400
    assert (await api.call("GET", "/sp/budgetRules?pageSize=31")).status_code == 400
    good = {"name": "A", "ruleType": "SCHEDULE", "budgetIncreaseBy": {"type": "PERCENT", "value": 5},
            "duration": {"dateRangeTypeRuleDuration": {"startDate": day(0).replace("-", "")}},
            "recurrence": {"type": "DAILY"}}  # fmt: skip
    items = [good, {**good, "ruleType": "PERFORMANCE"}, {**good, "duration": {}}]
    answer = await api.call("POST", "/sp/budgetRules", {"budgetRulesDetails": items}, json_)
    assert answer.status_code == 207
    assert [entry["code"] for entry in answer.json()["responses"]] == ["Ok", *["INVALID_ARGUMENT"] * 2]
    for body in ({"budgetRulesDetails": [{**good, "percent": 5}]}, {"budgetRulesDetails": [good] * 26}):
        assert (await api.call("POST", "/sp/budgetRules", body, json_)).status_code == 400


async def test_what_is_below_a_campaign_counts_its_rules(engine_client_with: EngineClients) -> None:
    """An ad group that is switched on spends the campaign's budget, with what is added to it."""
    free, capped = engine_client_with(), engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="60 USD")
    groups = "sponsored_product_ad_groups"
    rows = await free.do(AMAZON, groups, "list", profile_id=PROFILE, campaign_id=CAMPAIGN)
    group = rows.data[0]["adGroupId"]
    await done(free, "pause", groups, ad_group_id=group)
    await plan(capped, "activate", groups, ad_group_id=group)
    await done(free, "attach", campaign_id=CAMPAIGN, budget_rule_id=await rule(free, by=50))
    with pytest.raises(OverCap, match=r"75\.00 USD a day is over the cap of 60\.00 USD"):
        await plan(capped, "activate", groups, ad_group_id=group)
    first = await plan(capped, "create", groups, campaign_id=CAMPAIGN, name="New", default_bid="0.50 USD")
    with pytest.raises(OverCap, match=r"75\.00 USD a day is over the cap of 60\.00 USD"):
        await plan(capped, "activate", groups, ad_group_id="@1.id", append_to=first.data["plan_id"])


async def test_a_budget_is_changed_while_a_rule_holds(engine_client: EngineClient) -> None:
    """What the rule makes of it is another number, and no difference from what was set."""
    await done(engine_client, "attach", campaign_id=CAMPAIGN, budget_rule_id=await rule(engine_client))
    more = {"campaign_id": CAMPAIGN, "daily_budget": "60 USD"}
    said = (await plan(engine_client, "update", CAMPAIGNS, **more)).text
    assert "with what sponsored_product_budget_rules add, up to 72.00 USD a day" in said
    raised = await done(engine_client, "update", CAMPAIGNS, **more)
    assert await budget(engine_client) == 72.0
    await applied(engine_client, undo_of(raised))
    assert await budget(engine_client) == 60.0


async def test_many_rules_are_made_in_few_requests(engine_client: EngineClient) -> None:
    """Twenty-five in one, each with its own verdict; two of one plan are attached to two campaigns."""
    items = [{"name": f"Rule {n}"} for n in range(26)]
    made = await plan(engine_client, "create", items=items, budget_increase_by=5, start_date=day(0))
    result = await applied(engine_client, made.data["plan_id"])
    assert "APPLIED: 26 of 26 done" in result.text
    assert engine_client.sent(AMAZON).count("POST /sp/budgetRules") == 2
    ids = [step["id"] for step in result.data["steps"]]
    pairs = [
        {"campaign_id": CAMPAIGN, "budget_rule_id": ids[:2]},
        {"campaign_id": PAUSED, "budget_rule_id": ids[2]},
    ]
    both = await plan(engine_client, "attach", items=pairs)
    attached = await applied(engine_client, both.data["plan_id"])
    assert "APPLIED: 2 of 2 done" in attached.text
    undone = await applied(engine_client, undo_of(attached))
    assert "APPLIED: 2 of 2 done" in undone.text
    assert await budget(engine_client) is None


@pytest.mark.slow
async def test_a_rule_of_very_many_campaigns_says_that_nobody_knows(
    engine_client_with: EngineClients,
) -> None:
    """More than a plan reads: no figure but why there is none, and another attach counts on it."""
    free = engine_client_with()
    id_, other = await rule(free), await rule(free, "Other")
    rows = await free.do(AMAZON, CAMPAIGNS, "list", profile_id=PROFILE, state=["ENABLED", "PAUSED"], limit=26)
    campaigns = [str(row["campaignId"]) for row in rows.data]
    assert len(campaigns) == 26
    made = await plan(
        free, "attach", items=[{"campaign_id": one, "budget_rule_id": id_} for one in campaigns]
    )
    await applied(free, made.data["plan_id"])
    risen = await plan(free, "update", budget_rule_id=id_, budget_increase_by=90)
    assert "spend unknown: it is attached to more than 25 campaigns" in risen.text
    link = {"campaign_id": campaigns[25], "budget_rule_id": other, "append_to": risen.data["plan_id"]}
    with pytest.raises(InvalidParams, match="apply that first"):
        await plan(free, "attach", **link)
