"""Budgets on Facebook beside the amounts: raised for some days, handed down, and the least there are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from engine_client import FACEBOOK, JAPAN, US, EngineClient
from planning import (
    DRYBAGS,
    GIFTS,
    JACKETS_SET,
    REGENWEAR,
    SPRING,
    STRIPES,
    applied,
    planned,
    undo_of,
    writes,
)

from mcp_ads.errors import InvalidParams, OutOfScope, OverCap

pytestmark = pytest.mark.anyio
FIRST = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=10)
DAYS = {"time_start": FIRST.isoformat(), "time_end": (FIRST + timedelta(days=3)).isoformat()}


@pytest.fixture
def engine_client(engine_client_with: Callable[..., EngineClient]) -> EngineClient:
    return engine_client_with()


async def schedule(engine_client: EngineClient, object_id: str = SPRING, **params: Any) -> Any:
    given = {"budget_value": "20 USD", **DAYS, **params}
    return await engine_client.do(FACEBOOK, "budget_schedules", "create", campaign_id=object_id, **given)


async def test_a_daily_budget_is_raised_for_some_days(engine_client: EngineClient) -> None:
    """The plan says from what to what; it is listed in major units, read back, and deleted again."""
    plan = await schedule(engine_client)
    assert f'raises the daily budget of {SPRING} "Spring Sale" from 50.00 to 70.00 USD: from 20' in plan.text
    assert "money: +20.00 USD a day" in plan.text
    assert "budget_value=2000" in plan.text
    result = await applied(engine_client, plan.data["plan_id"])
    assert "read back: budget_value 20.00 USD" in result.text
    made = result.data["steps"][0]["id"]
    table = await engine_client.table(FACEBOOK, "budget_schedules", "list", campaign_id=SPRING)
    assert [(row["id"], row["budget_value_major"]) for row in table.rows] == [(made, "20.00")]
    assert table.meta["currency"] == "USD"
    shown = await engine_client.do(
        FACEBOOK, "budget_schedules", "get", schedule_id=made, campaign_id=SPRING, fields=["budget_value"]
    )
    assert shown.data == {"budget_value_major": "20.00"}
    assert undo_of(result).startswith("delete-budget-schedule.")
    removed = await applied(engine_client, undo_of(result))
    assert "read back: it is not there any more" in removed.text
    assert [line.split()[0] for line in writes(engine_client)] == ["create", "delete"]


async def test_an_ad_set_and_a_percent(engine_client: EngineClient) -> None:
    """A MULTIPLIER above 8 is a percent: what comes of it stands in the plan, the percent in the list."""
    plan = await schedule(engine_client, JACKETS_SET, budget_value=50, budget_value_type="MULTIPLIER")
    assert ", 50 % more, from 13.33 to 20.00 USD" in plan.text
    result = await applied(engine_client, plan.data["plan_id"])
    assert "APPLIED: 1 of 1 done" in result.text
    assert "DIFFERS" not in result.text
    table = await engine_client.table(FACEBOOK, "budget_schedules", "list", adset_id=JACKETS_SET)
    assert (table.rows[0]["budget_value_major"], table.rows[0]["budget_value_type"]) == ("", "MULTIPLIER 50")


@pytest.mark.parametrize(
    ("object_id", "params", "said"),
    [
        (
            SPRING,
            {"budget_value": 2, "budget_value_type": "MULTIPLIER"},
            "a MULTIPLIER of 1 to 8 means times to",
        ),
        (SPRING, {"budget_value": "+20%"}, "write what is added as an amount"),
        (SPRING, {"budget_value": "0 USD"}, "more than 0"),
        (SPRING, {"budget_value": None}, "budget_value: missing"),
        (SPRING, {"budget_value": "500 USD"}, "at most 8 times the daily budget"),
        (SPRING, {"budget_value": "20 EUR"}, "the account's currency is USD"),
        (SPRING, {"time_end": DAYS["time_start"]}, "three hours at least"),
        (SPRING, {"time_start": DAYS["time_start"].replace("09:00", "09:05")}, "on a quarter hour"),
        (SPRING, {"time_start": "2020-01-01T09:00:00Z", "time_end": "2020-01-02T09:00:00Z"}, "has passed"),
        (SPRING, {"percent": 5}, "percent: no such parameter"),
        (GIFTS, {}, "it has a lifetime budget"),
        (DRYBAGS, {}, "it has no budget"),
        (REGENWEAR, {"budget_value": "2000 JPY"}, "it lacks CAN_USE_BUDGET_SCHEDULING_API"),
    ],
)
async def test_a_schedule_that_cannot_be_is_said(
    engine_client: EngineClient, object_id: str, params: dict[str, Any], said: str
) -> None:
    """One line for what is wrong, before anything is changed."""
    with pytest.raises(InvalidParams, match=said):
        await schedule(engine_client, object_id, **params)
    assert writes(engine_client) == []


async def test_periods_keep_apart(engine_client: EngineClient) -> None:
    """A second one at the same time, or of the other type, is refused when it is planned."""
    await applied(engine_client, (await schedule(engine_client)).data["plan_id"])
    with pytest.raises(InvalidParams, match="is at the same time"):
        await schedule(engine_client)
    later = {name: (datetime.fromisoformat(at) + timedelta(days=9)).isoformat() for name, at in DAYS.items()}
    with pytest.raises(InvalidParams, match="its other periods are ABSOLUTE"):
        await schedule(engine_client, **later, budget_value=50, budget_value_type="MULTIPLIER")


async def test_a_raised_budget_is_held_against_the_caps(
    engine_client_with: Callable[..., EngineClient],
) -> None:
    """What comes of it counts, 50 and 20 USD a day, and how much more that is."""
    with pytest.raises(OverCap, match=r"daily_budget 70\.00 USD a day is over the cap of 60\.00 USD"):
        await schedule(engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="60 USD"))
    with pytest.raises(OverCap, match="40 % over its lowest"):
        await schedule(engine_client_with(MCP_ADS_MAX_BUDGET_INCREASE_PCT="20"))


async def test_a_schedule_is_deleted_only_from_what_has_it(engine_client: EngineClient) -> None:
    """With the id of another campaign nothing is deleted, although the schedule is there."""
    made = (await applied(engine_client, (await schedule(engine_client)).data["plan_id"])).data["steps"][0][
        "id"
    ]
    with pytest.raises(InvalidParams, match=f"it is of {SPRING}, not of {STRIPES}"):
        await planned(engine_client, "budget_schedules", "delete", schedule_id=made, campaign_id=STRIPES)


async def test_schedules_of_another_account_are_out_of_reach(engine_client: EngineClient) -> None:
    """With an allow-list whose campaign it is decides, for reading and for changing."""
    object.__setattr__(engine_client.settings.platforms[FACEBOOK], "account_ids", (JAPAN,))
    with pytest.raises(OutOfScope):
        await schedule(engine_client)
    with pytest.raises(OutOfScope):
        await engine_client.do(FACEBOOK, "budget_schedules", "list", campaign_id=SPRING)


async def test_least_budgets_by_currency(engine_client: EngineClient) -> None:
    """In major units of each row's own currency: yen and forint have no hundredths."""
    table = await engine_client.table(FACEBOOK, "minimum_budgets", "list", account_id=US)
    least = {row["currency"]: row["min_daily_budget_imp_major"] for row in table.rows}
    assert (least["USD"], least["JPY"], least["HUF"]) == ("1.00", "150", "365")
    with_bid = await engine_client.table(
        FACEBOOK,
        "minimum_budgets",
        "list",
        account_id=US,
        bid_amount="3 USD",
        fields=["min_daily_budget_imp"],
    )
    amounts = [row["min_daily_budget_imp_major"] for row in with_bid.rows]
    assert amounts == ["3.00", "3.00", "3.00", "365", "300", "3.00"]


async def below(engine_client: EngineClient, campaign_id: str) -> list[str]:
    table = await engine_client.table(FACEBOOK, "ad_sets", "list", account_id=US, campaign_id=campaign_id)
    return table.ids


async def test_a_campaign_hands_its_budget_down(engine_client: EngineClient) -> None:
    """To all its ad sets in one change, which the plan names with their amounts and calls final."""
    sets = await below(engine_client, SPRING)
    budgets = [{"adset_id": one, "daily_budget": "20 USD"} for one in sets]
    plan = await engine_client.do(FACEBOOK, "campaigns", "update", campaign_id=SPRING, adset_budgets=budgets)
    assert "daily_budget 50.00 USD a day → none" in plan.text
    assert f"hands the budget down to 3 ad sets: {sets[0]} 20.00 USD a day" in plan.text
    assert "money: +60.00 and -50.00 USD a day" in plan.text
    assert "cannot be undone: a campaign takes its budget back only" in plan.text
    result = await applied(engine_client, plan.data["plan_id"])
    assert "APPLIED: 1 of 1 done" in result.text
    table = await engine_client.table(FACEBOOK, "ad_sets", "list", account_id=US, campaign_id=SPRING)
    assert {row["daily_budget_major"] for row in table.rows} == {"20.00"}


async def test_a_budget_is_handed_down_to_all_or_to_none(
    engine_client_with: Callable[..., EngineClient],
) -> None:
    """An ad set that is missing, strange, twice there or without an amount is named, and nothing is sent."""
    engine_client = engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="40 USD")
    sets = await below(engine_client, SPRING)
    good = [{"adset_id": one, "daily_budget": "10 USD"} for one in sets]

    async def refused(*rows: dict[str, Any], said: str, campaign_id: str = SPRING) -> None:
        with pytest.raises((InvalidParams, OverCap), match=said):
            await planned(
                engine_client, "campaigns", "update", campaign_id=campaign_id, adset_budgets=list(rows)
            )

    await refused(*good[:2], said=f"ad set {sets[2]} is missing")
    await refused(
        *good, {"adset_id": JACKETS_SET, "daily_budget": 500}, said=f"ad set {JACKETS_SET} is none of"
    )
    await refused(*good, good[0], said="stands there twice")
    with pytest.raises(InvalidParams, match="daily_budget: give it or adset_budgets, not both"):
        await planned(
            engine_client, "campaigns", "update", campaign_id=SPRING, adset_budgets=good, daily_budget="9 USD"
        )
    await refused({"adset_id": sets[0]}, said="1. give daily_budget or lifetime_budget")
    await refused({"adset_id": sets[0], "daily_budget": "+5%"}, said="1. daily_budget: write an amount")
    await refused({"adset_id": sets[0], "daily_budget": 500, "name": "x"}, said="'name' is none of")
    await refused(*good[:2], {"adset_id": sets[2], "lifetime_budget": "90 USD"}, said="has no end")
    await refused(
        {"adset_id": JACKETS_SET, "daily_budget": 500}, said="no budget to hand down", campaign_id=DRYBAGS
    )
    await refused(
        *good[:2], {"adset_id": sets[2], "daily_budget": "30 USD"}, said="over the cap of 40.00 USD"
    )
    assert writes(engine_client) == []


async def test_labels_are_made_put_on_and_deleted(engine_client: EngineClient) -> None:
    """A label's id goes on with an update, which says what it takes off; deleting cannot be undone."""
    made = await applied(
        engine_client, await planned(engine_client, "ad_labels", "create", account_id=US, name="Q4")
    )
    label = made.data["steps"][0]["id"]
    assert (await engine_client.table(FACEBOOK, "ad_labels", "list", account_id=US)).rows[0]["name"] == "Q4"
    for labels in ([{"id": label}], [{"name": "Sale"}]):
        plan = await engine_client.do(FACEBOOK, "campaigns", "update", campaign_id=SPRING, adlabels=labels)
        result = await applied(engine_client, plan.data["plan_id"])
        assert "APPLIED: 1 of 1 done" in result.text
    assert 'lost: adlabels [{"id":' in plan.text
    shown = await engine_client.do(FACEBOOK, "campaigns", "get", campaign_id=SPRING, fields=["adlabels"])
    assert [row["name"] for row in shown.data["adlabels"]] == ["Sale"]
    plan = await engine_client.do(FACEBOOK, "ad_labels", "delete", account_id=US, label_id=label)
    assert "name Q4 → none" in plan.text
    assert "cannot be undone" in plan.text
    assert "it is not there any more" in (await applied(engine_client, plan.data["plan_id"])).text


async def test_a_label_of_another_account_is_not_deleted(engine_client: EngineClient) -> None:
    """It says whose it is, and nothing is deleted under the name of an allowed account."""
    made = await applied(
        engine_client, await planned(engine_client, "ad_labels", "create", account_id=US, name="Q4")
    )
    label = made.data["steps"][0]["id"]
    with pytest.raises(InvalidParams, match=f"it belongs to account {US}"):
        await planned(engine_client, "ad_labels", "delete", account_id=JAPAN, label_id=label)
    object.__setattr__(engine_client.settings.platforms[FACEBOOK], "account_ids", (JAPAN,))
    with pytest.raises(OutOfScope):
        await planned(engine_client, "ad_labels", "delete", account_id=US, label_id=label)
