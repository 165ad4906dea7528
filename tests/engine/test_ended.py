"""What has ended spends nothing although it is switched on; giving it a later end is delivery."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient
from planning import GIFTS, JACKETS_SET, NEW, NEW_SET, SPRING, applied, error_of, planned, undo_of

from mcp_ads.errors import InvalidParams, OverCap

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
OVER, OVER_SET = "1202110000000000000", "1202120000000000000"
"""A campaign of 50 USD a day that ended long ago and is still ACTIVE, and its ad set."""
SP = "sponsored_product_campaigns"
SP_OVER = "120000000000301"


def later(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat(timespec="seconds")


async def linkedin_over(engine_client: EngineClient) -> str:
    """The LinkedIn campaign whose run is over."""
    rows = (await engine_client.do(LINKEDIN, "campaigns", "list", account_id=LINKEDIN_US, limit=500)).data
    return str(next(row["id"] for row in rows if "(over)" in row["name"]))


async def test_pausing_what_has_ended_frees_nothing(engine_client: EngineClient) -> None:
    """Neither id nor text claims that money is saved; the text says since when it is over."""
    result = await engine_client.do(FACEBOOK, "campaigns", "pause", campaign_id=OVER)
    assert "minus" not in result.data["plan_id"]
    assert "ends spending" not in result.text
    assert "it ended on 20" in result.text


async def test_linkedin_what_has_ended_frees_nothing(engine_client: EngineClient) -> None:
    """The same on LinkedIn, whose schedule is an object."""
    params = {"account_id": LINKEDIN_US, "campaign_id": await linkedin_over(engine_client)}
    result = await engine_client.do(LINKEDIN, "campaigns", "pause", **params)
    assert "minus" not in result.data["plan_id"]
    assert "it ended on 20" in result.text


@pytest.mark.parametrize("action", ["pause", "activate"])
async def test_amazon_changes_nothing_that_has_ended(engine_client: EngineClient, action: str) -> None:
    """Amazon's refusal is known before anything is sent, with the way out."""
    with pytest.raises(InvalidParams, match=r"it ended on .* gives a later end_date"):
        await engine_client.do(AMAZON, SP, action, profile_id=PROFILE, campaign_id=SP_OVER)


async def test_amazon_leaves_the_ended_out_of_a_list(engine_client: EngineClient) -> None:
    """Of many campaigns the ended ones are left out with their reason, and the others are planned."""
    result = await engine_client.do(
        AMAZON, SP, "pause", profile_id=PROFILE, campaign_id=["120000000000001", SP_OVER]
    )
    assert [item["id"] for item in result.data["excluded"]] == [SP_OVER]
    assert "it ended on" in result.text


async def test_the_platform_refuses_too(engine_client_with: EngineClients) -> None:
    """The make-believe Amazon takes no change of an ended campaign but one that extends it."""
    engine_client = engine_client_with(MCP_ADS_WRITES="direct")
    result = await engine_client.do(
        AMAZON, SP, "update", profile_id=PROFILE, campaign_id=SP_OVER, end_date="none"
    )
    assert result.meta["done"] == 1


async def test_an_end_that_is_over_ends_spending(engine_client: EngineClient) -> None:
    """An end in the past stops what runs, as pausing it does, and the plan says what that frees."""
    rows = (await engine_client.do(LINKEDIN, "campaigns", "list", account_id=LINKEDIN_US, limit=500)).data
    one = next(row["id"] for row in rows if row["status"] == "ACTIVE" and "(over)" not in row["name"])
    plan = await engine_client.do(
        LINKEDIN, "campaigns", "update", account_id=LINKEDIN_US, campaign_id=one,
        run_schedule={"end": "2026-01-02"},
    )  # fmt: skip
    assert "ends spending of" in plan.text, plan.text


async def restart(engine_client: EngineClient, connector: str) -> Any:
    """A plan that gives what has ended a later end."""
    match connector:
        case "facebook_marketing":
            return await engine_client.do(
                FACEBOOK, "ad_sets", "update", adset_id=OVER_SET, end_time=later(30)
            )
        case "linkedin_ads":
            params = {"account_id": LINKEDIN_US, "campaign_id": await linkedin_over(engine_client)}
            return await engine_client.do(
                LINKEDIN, "campaigns", "update", **params, run_schedule={"end": "none"}
            )
    return await engine_client.do(
        AMAZON, SP, "update", profile_id=PROFILE, campaign_id=SP_OVER, end_date="none"
    )


@pytest.mark.parametrize("connector", [FACEBOOK, LINKEDIN, AMAZON])
async def test_a_later_end_is_delivery(engine_client: EngineClient, connector: str) -> None:
    """Restarting shows what can be spent, is in the plan's id, and must be approved within the hour."""
    if connector == FACEBOOK:
        await applied(
            engine_client,
            await planned(engine_client, "campaigns", "update", campaign_id=OVER, stop_time=later(40)),
        )
    result = await restart(engine_client, connector)
    assert "ACTIVATES DELIVERY: can spend" in result.text
    assert result.data["plan_id"].startswith("activate-and-update-")
    assert engine_client.workspace.plans.get(result.data["plan_id"]).expires - time.time() <= 3600


@pytest.mark.parametrize("connector", [FACEBOOK, LINKEDIN, AMAZON])
async def test_a_later_end_is_capped(engine_client_with: EngineClients, connector: str) -> None:
    """A restart counts against the cap like an activation."""
    engine_client = engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="5 USD", MCP_ADS_MAX_LIFETIME_BUDGET="5 USD")
    with pytest.raises(OverCap, match=r"over the cap of 5\.00 USD"):
        await restart(engine_client, connector)


async def test_a_lifetime_budget_in_fewer_days_is_held_against_the_cap_of_a_day(
    engine_client_with: EngineClients,
) -> None:
    """4,200 USD in all are allowed; in the two days an earlier end leaves they are not."""
    engine_client = engine_client_with(
        MCP_ADS_MAX_DAILY_BUDGET="200 USD", MCP_ADS_MAX_LIFETIME_BUDGET="9000 USD"
    )
    with pytest.raises(OverCap, match=r"a day in the days left, over the cap of 200\.00 USD a day"):
        await engine_client.do(FACEBOOK, "campaigns", "update", campaign_id=GIFTS, stop_time=later(2))


async def test_how_fast_a_lifetime_budget_goes_is_said(engine_client: EngineClient) -> None:
    """The plan says what a day comes to, rounded up."""
    result = await engine_client.do(FACEBOOK, "campaigns", "update", campaign_id=GIFTS, stop_time=later(2))
    assert "lifetime_budget 4200.00 USD in the days left is up to 21" in result.text


async def test_end_and_status_are_one_update(engine_client: EngineClient) -> None:
    """Two steps that together begin a delivery, and neither of them says so, are refused."""
    items = [{"campaign_id": OVER, "stop_time": later(9)}, {"campaign_id": OVER, "status": "PAUSED"}]
    with pytest.raises(InvalidParams, match=r"items\[1\]: change status and schedule of .* in one update"):
        await engine_client.do(FACEBOOK, "campaigns", "update", items=items)


async def test_ended_children_do_not_count(engine_client: EngineClient) -> None:
    """What a campaign would spend is what its ad sets would that have not ended."""
    await engine_client.do(FACEBOOK, "ad_sets", "get", adset_id=JACKETS_SET)
    body = engine_client.store.get("facebook.adset", JACKETS_SET)
    assert body
    engine_client.store.put("facebook.adset", body["id"], {**body, "end_time": "2025-01-01T00:00:00-0500"})
    result = await engine_client.do(FACEBOOK, "campaigns", "pause", campaign_id="1202110000000000339")
    assert "ends spending of 13.33 USD a day" in result.text, result.text


async def test_completed_campaigns_can_be_listed(engine_client: EngineClient) -> None:
    """Facebook's own filter is understood."""
    result = await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US, is_completed=True)
    assert [row["id"] for row in result.data] == [OVER]


async def test_none_takes_an_end_away_and_undo_gives_it_back(engine_client: EngineClient) -> None:
    """On LinkedIn a schedule is merged: "none" removes the end, and the undo knows the one there was."""
    params = {"account_id": LINKEDIN_US, "campaign_id": await linkedin_over(engine_client)}
    before = (await engine_client.do(LINKEDIN, "campaigns", "get", **params, fields=["runSchedule"])).data[
        "runSchedule"
    ]
    result = await applied(
        engine_client,
        await planned(engine_client, "campaigns", "update", LINKEDIN, **params, run_schedule={"end": "none"}),
    )
    assert "APPLIED" in result.text
    now = (await engine_client.do(LINKEDIN, "campaigns", "get", **params, fields=["runSchedule"])).data[
        "runSchedule"
    ]
    assert "end" in before
    assert "end" not in now


async def test_facebook_takes_an_end_away(engine_client: EngineClient) -> None:
    """An ad set with a daily budget of its campaign runs on without an end; undo brings the end back."""
    spring_set = "1202120000000003401"
    end = later(20)
    first = await applied(
        engine_client, await planned(engine_client, "ad_sets", "update", adset_id=spring_set, end_time=end)
    )
    await applied(engine_client, undo_of(first))
    assert "end_time" not in (engine_client.store.get("facebook.adset", spring_set) or {})


async def test_a_merge_is_shown_as_it_will_be(engine_client: EngineClient) -> None:
    """Naming the start alone keeps the end, the plan shows both, and what changes nothing is said to."""
    rows = (
        await engine_client.do(
            LINKEDIN, "campaigns", "list", account_id=LINKEDIN_US, status="ACTIVE", limit=500
        )
    ).data
    for row in rows:
        params = {"account_id": LINKEDIN_US, "campaign_id": str(row["id"])}
        run = (await engine_client.do(LINKEDIN, "campaigns", "get", **params, fields=["runSchedule"])).data[
            "runSchedule"
        ]
        if "end" in run and "(over)" not in row["name"]:
            break
    result = await engine_client.do(
        LINKEDIN, "campaigns", "update", **params, run_schedule={"start": run["start"]}
    )
    assert "Nothing to change" in result.text
    result = await engine_client.do(
        LINKEDIN, "campaigns", "update", **params, run_schedule={"end": "2031-12-31"}
    )
    assert f'"start":"{run["start"]}","end":"2031-12-31"' in result.text, result.text


async def test_facebook_times_are_ones_that_can_be_read(engine_client: EngineClient) -> None:
    """A time nobody can read would be an end nobody can count on."""
    for wrong in ("tomorrow", "7", "2026-13-01"):
        error = await error_of(
            engine_client.do(FACEBOOK, "campaigns", "update", campaign_id=SPRING, stop_time=wrong)
        )
        assert isinstance(error, InvalidParams)
        assert "with its offset" in str(error)


async def test_what_linkedin_does_not_serve_frees_nothing(engine_client: EngineClient) -> None:
    """A campaign that is ACTIVE in a paused group spends nothing: pausing it saves nothing, and says why."""
    fields = ["id", "servingStatuses"]
    params = {"account_id": LINKEDIN_US, "status": "ACTIVE", "limit": 500, "fields": fields}
    rows = (await engine_client.do(LINKEDIN, "campaigns", "list", **params)).data
    held = next(row["id"] for row in rows if "CAMPAIGN_GROUP_STATUS_HOLD" in row["servingStatuses"])
    result = await engine_client.do(
        LINKEDIN, "campaigns", "pause", account_id=LINKEDIN_US, campaign_id=str(held)
    )
    assert "minus" not in result.data["plan_id"]
    assert "LinkedIn does not serve it now: CAMPAIGN_GROUP_STATUS_HOLD" in result.text


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"end_time": "2025-01-01T00:00:00-0500"}, "has passed"),
        ({"end_time": later(1), "start_time": later(2)}, "is not after start_time"),
        ({"end_time": later(0)}, "has passed"),
        ({"end_time": later(30), "start_time": later(30)}, "is not after start_time"),
    ],
)
async def test_schedules_are_checked_in_a_chain_too(
    engine_client: EngineClient, params: dict[str, str], said: str
) -> None:
    """An end that Facebook would refuse is known when the ad set's campaign is only planned."""
    plan_id = await planned(engine_client, "campaigns", "create", **NEW)
    wanted = {**NEW_SET, "campaign_id": "@1.id", "daily_budget": "30 USD", **params}
    with pytest.raises(InvalidParams, match=said):
        await engine_client.do(FACEBOOK, "ad_sets", "create", **wanted, append_to=plan_id)
