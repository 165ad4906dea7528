"""Automated rules on Facebook: their grammar, their money, and what a plan says they will do alone."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
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


FILTERS = ("evaluation_spec", "filters")
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
        ({"status": "ENABLED", "execution_spec": {"execution_type": "SOMETHING_NEW"}}, False),
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
