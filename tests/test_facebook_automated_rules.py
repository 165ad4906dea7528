"""Automated rules on Facebook: their grammar, their money, and what a plan says they will do alone."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from between import between
from engine_client import FACEBOOK, JAPAN, US, EngineClient
from planning import applied, planned, undo_of, writes

from mcp_ads.errors import InvalidParams, OverCap, StalePlan

pytestmark = pytest.mark.anyio
SEEDED = "1202170000000000001"
LEVEL = {"field": "entity_type", "operator": "EQUAL", "value": "ADSET"}
WEEK = {"field": "time_preset", "operator": "EQUAL", "value": "LAST_7D"}
SPENT = {"field": "spent", "operator": "GREATER_THAN", "value": "50 USD"}
SCALE: dict[str, Any] = {
    "account_id": US,
    "name": "Scale",
    "evaluation_spec": {"evaluation_type": "SCHEDULE", "filters": [LEVEL, WEEK, SPENT]},
    "execution_spec": {
        "execution_type": "CHANGE_BUDGET",
        "execution_options": [
            {
                "field": "change_spec",
                "operator": "EQUAL",
                "value": {"amount": 20, "unit": "PERCENTAGE", "limit": "100 USD"},
            },
            {"field": "execution_count_limit", "operator": "EQUAL", "value": 3},
        ],
    },
    "schedule_spec": {"schedule_type": "CUSTOM", "schedule": [{"start_minute": 600, "days": [1, 5]}]},
}


def scale(*path: str | int, value: Any = None, drop: bool = False) -> dict[str, Any]:
    """The parameters of a good rule, one part of them changed."""
    params = copy.deepcopy(SCALE)
    *outer, last = path
    place: Any = params
    for key in outer:
        place = place[key]
    if drop:
        del place[last]
    else:
        place[last] = value
    return params


def option(field: str, value: Any) -> dict[str, Any]:
    return {"field": field, "operator": "EQUAL", "value": value}


def kept_rule(engine_client: EngineClient, rule: str) -> dict[str, Any]:
    """A rule as the platform has it."""
    found = engine_client.store.get("facebook.rule", rule)
    assert found
    return found


async def test_a_rule_from_its_making_to_its_end(engine_client: EngineClient) -> None:
    """Made DISABLED with amounts in minor units, read in words, switched, completed, taken back, deleted."""
    plan = await engine_client.do(FACEBOOK, "ad_rules", "create", **SCALE)
    text = engine_client.workspace.text(plan)
    assert (
        "by itself, on Monday, Friday at 10:00: changes the budget of ad sets (those made later too) "
        "by 20 %, limit 100.00 USD where spent > 50.00 USD, over LAST_7D; at most 3 times each"
    ) in text
    assert "status DISABLED" in text
    assert "not validated by the platform beforehand" in text
    await applied(engine_client, plan.data["plan_id"])
    rule = writes(engine_client)[-1].rpartition(" ")[2]
    kept = kept_rule(engine_client, rule)
    assert kept["status"] == "DISABLED"
    assert kept["evaluation_spec"]["filters"][2]["value"] == 5000
    assert kept["execution_spec"]["execution_options"][0]["value"]["limit"] == 10_000
    record = (await engine_client.do(FACEBOOK, "ad_rules", "get", rule_id=rule)).data
    assert record["evaluation_spec"]["filters"][2] == {**SPENT, "value": "50.00 USD"}

    part = {"schedule": [{"start_minute": 30}]}
    on = await engine_client.do(
        FACEBOOK, "ad_rules", "update", rule_id=rule, status="ENABLED", schedule_spec=part
    )
    said = engine_client.workspace.text(on)
    assert "the rule acts without anybody being asked again: by itself, each day at 00:30: changes" in said
    assert "moves money by itself, without plans and without the caps" in said
    done = await applied(engine_client, on.data["plan_id"])
    kept = kept_rule(engine_client, rule)
    assert kept["schedule_spec"] == {"schedule_type": "CUSTOM", **part}
    await applied(engine_client, undo_of(done))
    kept = kept_rule(engine_client, rule)
    assert (kept["status"], kept["schedule_spec"]) == ("DISABLED", SCALE["schedule_spec"])
    gone = await applied(engine_client, await planned(engine_client, "ad_rules", "delete", rule_id=rule))
    assert "not there any more" in gone.text
    assert (await engine_client.table(FACEBOOK, "ad_rules", "list", account_id=US)).ids == [SEEDED]


async def test_amounts_are_of_the_accounts_currency(engine_client: EngineClient) -> None:
    """Yen have no smaller unit; another currency, or percent, is refused where it stands."""
    with pytest.raises(InvalidParams, match="currency is JPY, not USD"):
        await engine_client.do(FACEBOOK, "ad_rules", "create", **{**SCALE, "account_id": JAPAN})
    wrong = scale("evaluation_spec", "filters", 2, "value", value="+20%")
    with pytest.raises(InvalidParams, match="is no amount"):
        await engine_client.do(FACEBOOK, "ad_rules", "create", **wrong)
    yen = {**SCALE, "account_id": JAPAN, "execution_spec": {"execution_type": "PAUSE"}}
    yen["evaluation_spec"] = {
        "evaluation_type": "SCHEDULE",
        "filters": [LEVEL, WEEK, {**SPENT, "value": "5000 JPY"}],
    }
    await applied(engine_client, await planned(engine_client, "ad_rules", "create", **yen))
    kept = kept_rule(engine_client, writes(engine_client)[-1].rpartition(" ")[2])
    assert kept["evaluation_spec"]["filters"][2]["value"] == 5000


async def test_a_number_without_its_currency_is_refused(engine_client: EngineClient) -> None:
    """50 of a spent would be half a dollar: both readings are named, for limits and tests of ads too."""
    for wrong in (
        scale(*FILTERS, 2, "value", value=50),
        scale(*OPTIONS, 0, "value", "limit", value="50"),
        scale(*FILTERS, 2, value={**SPENT, "field": "campaign.lifetime_budget", "value": 50}),
    ):
        with pytest.raises(InvalidParams, match=r'50 says no currency; write "50\.00 USD" or "0\.50 USD"'):
            await engine_client.do(FACEBOOK, "ad_rules", "create", **wrong)
    zero = scale(*FILTERS, 2, "value", value=0)
    plan = await engine_client.do(FACEBOOK, "ad_rules", "create", **zero)
    assert "where spent > 0.00 USD" in engine_client.workspace.text(plan)


async def test_what_a_rule_looked_at_is_set_back_with_its_amounts(engine_client: EngineClient) -> None:
    """The undo sets the amounts that were there, to the cent."""
    before = kept_rule(engine_client, SEEDED)["evaluation_spec"]
    assert any(type(row["value"]) is int and row["field"] == "spent" for row in before["filters"])
    new = {"evaluation_type": "SCHEDULE", "filters": [LEVEL, WEEK, SPENT]}
    done = await applied(
        engine_client, await planned(engine_client, "ad_rules", "update", rule_id=SEEDED, evaluation_spec=new)
    )
    assert kept_rule(engine_client, SEEDED)["evaluation_spec"]["filters"][2]["value"] == 5000
    await applied(engine_client, undo_of(done))
    assert kept_rule(engine_client, SEEDED)["evaluation_spec"] == before


async def test_what_is_not_known_of_a_rule_is_said(engine_client: EngineClient) -> None:
    """A field, a part of a formula, an option: each with a warning; nothing is said of the usual ones."""
    odd = scale(*FILTERS, value=[LEVEL, WEEK, {**SPENT, "field": "bananas", "value": 1}])
    odd["evaluation_spec"]["filters"].append(
        {**SPENT, "field": "today_spend / adset.daily_budget", "value": 2}
    )
    odd["execution_spec"]["execution_options"][1] = option("colour", 3)
    text = engine_client.workspace.text(await engine_client.do(FACEBOOK, "ad_rules", "create", **odd))
    assert "'bananas' is no field of rules that is known here" in text
    assert "'today_spend' is no field of rules that is known here; did you mean spent?" in text
    assert "'colour' is no option of rules that is known here" in text
    usual = (PURCHASE, "adset.yesterday_results", "campaign.28d_view_1d_click:lifetime_results", "ad.name")
    known = [{"field": name, "operator": "EQUAL", "value": 1} for name in usual]
    good = scale(*FILTERS, value=[LEVEL, WEEK, SPENT, *known])
    text = engine_client.workspace.text(await engine_client.do(FACEBOOK, "ad_rules", "create", **good))
    assert "known here" not in text


async def test_a_rule_without_conditions_says_that_it_is_about_all(engine_client: EngineClient) -> None:
    """All there are, and those to come; many conditions and ids are said whole."""
    all_ads = scale(*FILTERS, value=[{**LEVEL, "value": "AD"}])
    all_ads["execution_spec"] = {"execution_type": "PAUSE"}
    text = engine_client.workspace.text(await engine_client.do(FACEBOOK, "ad_rules", "create", **all_ads))
    assert "pauses ALL ads of the account (those made later too)" in text
    many = [{"field": "id", "operator": "IN", "value": [str(1000 + at) for at in range(5)]}, WEEK]
    more = [{**SPENT, "field": "clicks", "value": at} for at in range(8)]
    plan = await engine_client.do(FACEBOOK, "ad_rules", "create", **scale(*FILTERS, value=[*many, *more]))
    told = engine_client.workspace.plans.get(plan.data["plan_id"]).steps[0].effect
    assert "objects 1000, 1001, 1002, 1003, 1004 " in told
    assert "clicks > 7" in told


async def test_a_rule_that_was_made_otherwise_is_not_called_as_set(engine_client: EngineClient) -> None:
    """Its specs are read back, not its status alone."""

    def halve(_: httpx.Request) -> None:
        for rule in engine_client.store.all("facebook.rule"):
            if rule["name"] == "Scale":
                rule["evaluation_spec"]["filters"][2]["value"] = 2500
                engine_client.store.put("facebook.rule", rule["id"], rule)

    between(engine_client, halve)
    done = await applied(engine_client, await planned(engine_client, "ad_rules", "create", **SCALE))
    assert "DIFFERS: status DISABLED; evaluation_spec" in done.text


FILTERS = ("evaluation_spec", "filters")
PURCHASE = "offsite_conversion.fb_pixel_purchase"
OPTIONS = ("execution_spec", "execution_options")


@pytest.mark.parametrize(
    ("params", "said"),
    [
        (scale("evaluation_spec", "evaluation_type", value="ALWAYS"), "evaluation_type: SCHEDULE or TRIGGER"),
        (scale(*FILTERS, value=[]), "filters: a list"),
        (scale(*FILTERS, 2, value={"field": "spent"}), r"filters\[2\]: write"),
        (scale(*FILTERS, 2, "operator", value="OVER"), r"filters\[2\]: operator 'OVER' is none of"),
        (scale(*FILTERS, 2, "operator", value="IN_RANGE"), "the value of IN_RANGE is a list of two"),
        (scale(*FILTERS, 2, "operator", value="IN"), "the value of IN is a list, not empty"),
        (scale(*FILTERS, 0, "value", value="ADS"), "entity_type is AD, ADSET or CAMPAIGN"),
        (scale(*FILTERS, 0, "operator", value="NOT_EQUAL"), "entity_type takes the operator EQUAL"),
        (scale(*FILTERS, 0, drop=True), "say which objects"),
        (scale(*FILTERS, 1, drop=True), "spent needs the time it is measured over"),
        (scale("evaluation_spec", "trigger", value={}), "trigger: only with evaluation_type TRIGGER"),
        (scale(*FILTERS, 0, "value", value="CAMPAIGN"), "CHANGE_BUDGET is for ad sets"),
        (scale("execution_spec", value={"execution_options": []}), "execution_type: one of"),
        (scale(*OPTIONS, value=[]), "change_spec is missing"),
        (scale(*OPTIONS, 0, "operator", value="IN"), "the operator of change_spec is EQUAL"),
        (scale(*OPTIONS, 0, "value", "unit", drop=True), "change_spec.unit: PERCENTAGE or ACCOUNT_CURRENCY"),
        (scale(*OPTIONS, 0, "value", "amount", value="20 USD"), "a number of percent"),
        (scale(*OPTIONS, 1, "value", value=0), "execution_count_limit is a whole number"),
        (scale("execution_spec", "execution_type", value="PAUSE"), "change_spec only with"),
        (
            scale("execution_spec", value={"execution_type": "REBALANCE_BUDGET"}),
            "REBALANCE_BUDGET needs rebalance_spec",
        ),
        (scale("execution_spec", value={"execution_type": "ROTATE"}), "ROTATE"),
        (
            scale("execution_spec", value={"execution_type": "PING_ENDPOINT"}),
            "only with evaluation_type TRIG",
        ),
        (scale("schedule_spec", drop=True), "schedule_spec: evaluation_type SCHEDULE needs it"),
        (scale("schedule_spec", "schedule_type", value="WEEKLY"), "schedule_type: one of"),
        (scale("schedule_spec", "schedule_type", value="DAILY"), "only with schedule_type CUSTOM"),
        (scale("schedule_spec", "schedule", drop=True), "CUSTOM needs it"),
        (scale("schedule_spec", "schedule", 0, "start_minute", value=610), "multiples of 30"),
        (scale("schedule_spec", "schedule", 0, "end_minute", value=570), "is not before it"),
        (scale("schedule_spec", "schedule", 0, "days", value=[7]), r"0 \(Sunday\) to 6 \(Saturday\)"),
        (
            scale("evaluation_spec", value={"evaluation_type": "TRIGGER", "filters": [LEVEL]}),
            "trigger: an object whose type is one of",
        ),
        (
            scale("evaluation_spec", "filtres", value=[]),
            "evaluation_spec: 'filtres' is none of .*mean filters",
        ),
        (scale("execution_spec", "foo", value=1), "execution_spec: 'foo' is none of"),
        (scale("schedule_spec", "bar", value=2), "schedule_spec: 'bar' is none of"),
        (
            scale("schedule_spec", "schedule", 0, "day", value=[1]),
            r"schedule\[0\]: 'day' is none of .*mean days",
        ),
        (scale(*OPTIONS, 0, "value", "limitt", value="1 USD"), "change_spec: 'limitt' is none.*mean limit"),
        (scale(*OPTIONS, 0, "value", "amount", value=True), "amount: a number of percent"),
        (
            scale(*OPTIONS, 0, "value", "limit", value=["1 USD", "2 USD"]),
            "limit: one amount; with target_field",
        ),
        (
            scale(*OPTIONS, 1, "field", value="execution_count_limt"),
            "'execution_count_limt' is none; did you mean execution_count_limit",
        ),
        (scale(*OPTIONS, 1, value=option("user_ids", "abc")), "user_ids is a list of ids"),
        (scale(*OPTIONS, 1, value=SCALE["execution_spec"]["execution_options"][0]), "is in it twice"),
        (scale(*FILTERS, 2, value=LEVEL), "entity_type is in it twice"),
        (scale(*FILTERS, 1, "value", value="LAST_WEEKISH"), "time_preset 'LAST_WEEKISH' is none of TODAY"),
        (scale(*FILTERS, 2, "field", value="spend"), "'50 USD' is an amount, and spend .*did you mean spent"),
        (
            scale(*FILTERS, 2, "field", value="website_purchase_roas"),
            "website_purchase_roas no field of money",
        ),
        (
            scale(*FILTERS, 2, "field", value="offsite_conversion_value.fb_pixel_purchase"),
            "'50 USD' is an amount",
        ),
        (scale(*FILTERS, 2, value={**SPENT, "field": "clicks", "value": "many"}), "compared with a number"),
        (scale("execution_spec", value={"execution_type": "STOP"}), "'STOP' is none of .*mean PAUSE"),
        (
            scale("execution_spec", value={"execution_type": "CHANGE_BUDGETS"}),
            "'CHANGE_BUDGETS' is none of .*mean CHANGE_BUDGET",
        ),
        (
            scale(
                "evaluation_spec",
                value={
                    "evaluation_type": "TRIGGER",
                    "filters": [LEVEL],
                    "trigger": {"type": "STATS_CHANGE", "feild": "spent"},
                },
            ),
            "trigger: 'feild' is none of .*mean field",
        ),
        (
            scale(
                "evaluation_spec",
                value={
                    "evaluation_type": "TRIGGER",
                    "filters": [LEVEL],
                    "trigger": {"type": "METADATA_CREATION"},
                },
            ),
            "CHANGE_BUDGET not with TRIGGER.*\nschedule_spec: not with evaluation_type TRIGGER",
        ),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
async def test_rules_facebook_would_refuse(
    engine_client: EngineClient, params: dict[str, Any], said: str
) -> None:
    """A line for the part that is wrong, before anything is asked."""
    with pytest.raises(InvalidParams, match=said):
        await engine_client.do(FACEBOOK, "ad_rules", "create", **params)
    assert engine_client.sent(FACEBOOK) == []


async def test_a_change_that_makes_no_rule_is_refused(engine_client: EngineClient) -> None:
    """What is given is completed from the rule as it is, and the whole is looked at."""
    for spec, said in (
        ({"execution_type": "CHANGE_BUDGET"}, "change_spec is missing"),
        ({"execution_options": [{"field": "change_spec"}]}, "execution_options: a list of"),
    ):
        with pytest.raises(InvalidParams, match=said):
            await engine_client.do(FACEBOOK, "ad_rules", "update", rule_id=SEEDED, execution_spec=spec)
    assert writes(engine_client) == []


@pytest.mark.parametrize(
    ("change", "allowed"),
    [
        ({"status": "ENABLED"}, True),
        ({"execution_spec": {"execution_type": "UNPAUSE"}}, True),
        ({"status": "ENABLED", "execution_spec": {"execution_type": "UNPAUSE"}}, False),
        ({"status": "ENABLED", "execution_spec": {"execution_type": "UPDATE_LAX_BUDGET"}}, False),
    ],
    ids=str,
)
async def test_caps_keep_rules_from_spending_by_themselves(
    engine_client_with: Callable[..., EngineClient], change: dict[str, Any], *, allowed: bool
) -> None:
    """What an enabled rule will spend cannot be read: with caps it pauses and notifies, and no more."""
    engine_client = engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="1000 USD")
    call = engine_client.do(FACEBOOK, "ad_rules", "update", rule_id=SEEDED, **change)
    if allowed:
        await call
    else:
        with pytest.raises(OverCap, match="will spend cannot be read beforehand"):
            await call
    with pytest.raises(OverCap, match="CHANGE_BUDGET will spend cannot be read"):
        await engine_client.do(FACEBOOK, "ad_rules", "create", **SCALE, status="ENABLED")


async def test_a_cap_on_rises_keeps_rules_from_raising_by_themselves(
    engine_client_with: Callable[..., EngineClient],
) -> None:
    """Nobody knows by how much a rule will raise: made on, switched on, or on and changed, it is refused."""
    engine_client = engine_client_with(MCP_ADS_MAX_BUDGET_INCREASE_PCT="20")
    with pytest.raises(OverCap, match="CHANGE_BUDGET will spend cannot be read"):
        await engine_client.do(FACEBOOK, "ad_rules", "create", **SCALE, status="ENABLED")
    await applied(engine_client, await planned(engine_client, "ad_rules", "create", **SCALE))
    rule = writes(engine_client)[-1].rpartition(" ")[2]
    with pytest.raises(OverCap, match="CHANGE_BUDGET will spend cannot be read"):
        await engine_client.do(FACEBOOK, "ad_rules", "update", rule_id=rule, status="ENABLED")
    engine_client.store.put("facebook.rule", rule, {**kept_rule(engine_client, rule), "status": "ENABLED"})
    spec = scale(*OPTIONS, 0, "value", "amount", value=9000)["execution_spec"]
    with pytest.raises(OverCap, match="CHANGE_BUDGET will spend cannot be read"):
        await engine_client.do(FACEBOOK, "ad_rules", "update", rule_id=rule, execution_spec=spec)


async def test_a_rule_that_was_switched_on_meanwhile_is_seen(
    engine_client_with: Callable[..., EngineClient],
) -> None:
    """A plan that was harmless while the rule was off is not applied when it is on."""
    engine_client = engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="1000 USD")
    plan = await planned(
        engine_client, "ad_rules", "update", rule_id=SEEDED, execution_spec={"execution_type": "UNPAUSE"}
    )
    kept = kept_rule(engine_client, SEEDED)
    engine_client.store.put("facebook.rule", SEEDED, {**kept, "status": "ENABLED"})
    with pytest.raises(StalePlan, match="status was DISABLED, is ENABLED"):
        await applied(engine_client, plan)
    assert writes(engine_client) == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"status": "ENABLED"}, False),
        ({"name": "Other"}, False),
        ({"status": "ENABLED", "execution_spec": {"execution_type": "UNPAUSE"}}, True),
    ],
    ids=str,
)
async def test_the_approval_text_names_a_rule_that_begins_to_move_money(
    engine_client: EngineClient, change: dict[str, Any], *, named: bool
) -> None:
    """Some dialogs show nothing but the plan's id: it says activate, as of what begins to deliver."""
    plan = await engine_client.do(FACEBOOK, "ad_rules", "update", rule_id=SEEDED, **change)
    assert ("activate" in plan.data["plan_id"]) is named
    assert ("ACTIVATES DELIVERY: what an enabled rule" in engine_client.workspace.text(plan)) is named
    made = await planned(engine_client, "ad_rules", "create", **SCALE, status="ENABLED")
    assert made.startswith("create-and-activate-rule")


async def test_no_two_steps_switch_a_rule_on_and_change_what_it_does(
    engine_client_with: Callable[..., EngineClient],
) -> None:
    """Each alone is harmless, in either order and in one call: together they would pass the caps."""
    engine_client = engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="1000 USD")
    on: dict[str, Any] = {"rule_id": SEEDED, "status": "ENABLED"}
    spends: dict[str, Any] = {"rule_id": SEEDED, "execution_spec": {"execution_type": "UNPAUSE"}}
    for first, second in ((on, spends), (spends, on)):
        with pytest.raises(InvalidParams, match="changes execution_spec"):
            await engine_client.do(FACEBOOK, "ad_rules", "update", items=[first, second])
        plan = await planned(engine_client, "ad_rules", "update", **first)
        with pytest.raises(InvalidParams, match="changes execution_spec"):
            await engine_client.do(FACEBOOK, "ad_rules", "update", append_to=plan, **second)


async def test_what_a_rule_has_from_elsewhere_is_left_to_facebook(engine_client: EngineClient) -> None:
    """A rule with words that are not known here is renamed and scheduled anew all the same."""
    kept = kept_rule(engine_client, SEEDED)
    odd = {"evaluation_type": "SCHEDULE", "filters": [{"field": "x", "operator": "ODD", "value": {}}, "?"]}
    engine_client.store.put("facebook.rule", SEEDED, {**kept, "evaluation_spec": odd})
    new = {"name": "Other", "schedule_spec": {"schedule_type": "HOURLY"}, "status": "ENABLED"}
    plan = await engine_client.do(FACEBOOK, "ad_rules", "update", rule_id=SEEDED, **new)
    assert "by itself, every hour: pauses objects" in engine_client.workspace.text(plan)
    shown = await engine_client.do(FACEBOOK, "ad_rules", "get", rule_id=SEEDED)
    assert shown.data["evaluation_spec"] == odd
