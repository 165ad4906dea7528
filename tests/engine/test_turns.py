"""What was approved is what happens: budgets are read again, and one account's changes take turns."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, EngineClient
from planning import DRYBAGS, NEW, NEW_SET, SPRING, SURF, applied, error_of, planned, value_of, writes

from mcp_ads.core import Result
from mcp_ads.engine.applying import carry_out as applying
from mcp_ads.engine.applying.turns import name_of
from mcp_ads.errors import OverCap, StalePlan
from mcp_ads.files.lock import locked

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
AD_GROUP, CAMPAIGN = "130000000000088", "120000000000070"
GROUP = "600000005"


def below(engine_client: EngineClient, campaign_id: str) -> list[dict[str, Any]]:
    """The ad sets of a campaign that are switched on."""
    sets = engine_client.store.all("facebook.adset")
    return [set_ for set_ in sets if set_["campaign_id"] == campaign_id and set_["status"] == "ACTIVE"]


def put(engine_client: EngineClient, kind: str, object_id: str, **change: Any) -> None:
    """A change made elsewhere, in the platform's own pages."""
    found = engine_client.store.get(kind, object_id)
    assert found
    engine_client.store.put(kind, object_id, {**found, **change})


def raised_set(engine_client: EngineClient) -> None:
    put(engine_client, "facebook.adset", below(engine_client, DRYBAGS)[0]["id"], daily_budget="1000000")


def raised_campaign(engine_client: EngineClient) -> None:
    put(engine_client, "amazon.campaigns", CAMPAIGN, budget={"budget": 5000, "budgetType": "DAILY"})


def raised_below_group(engine_client: EngineClient) -> None:
    group = f"urn:li:sponsoredCampaignGroup:{GROUP}"
    campaign = next(
        campaign
        for campaign in engine_client.store.all("linkedin.campaign")
        if campaign["campaignGroup"] == group
    )
    budget = {"amount": "799992.00", "currencyCode": "USD"}
    put(engine_client, "linkedin.campaign", str(campaign["id"]), dailyBudget=budget, status="ACTIVE")


@pytest.mark.parametrize(
    ("connector", "entity", "params", "edit", "amount"),
    [
        (FACEBOOK, "campaigns", {"campaign_id": DRYBAGS}, raised_set, "10000"),
        (AMAZON, "sponsored_product_ad_groups", {"account_id": PROFILE, "ad_group_id": AD_GROUP},
         raised_campaign, "5000.00"),
        (LINKEDIN, "campaign_groups", {"account_id": LINKEDIN_US, "campaign_group_id": GROUP},
         raised_below_group, "800787.00"),
    ],
)  # fmt: skip
async def test_budgets_raised_elsewhere_stop_an_activation(
    engine_client: EngineClient,
    connector: str,
    entity: str,
    params: dict[str, Any],
    edit: Callable[[EngineClient], None],
    amount: str,
) -> None:
    """What it would spend through parents or children is not what was agreed to: a fresh plan says so."""
    action = "activate" if connector != LINKEDIN else "update"
    more = {"status": "ACTIVE"} if connector == LINKEDIN else {}
    plan_id = await planned(engine_client, entity, action, connector, **params, **more)
    edit(engine_client)
    result = await applied(engine_client, plan_id)
    assert "NOT APPLIED" in result.text
    assert amount in "".join(result.data["drift"])
    assert writes(engine_client) == []


async def test_plans_that_raise_below_a_capped_activation(engine_client_with: EngineClients) -> None:
    """An activation that was under the cap when planned is over it once others have raised what is below."""
    engine_client = engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="60 USD")
    sets = below(engine_client, DRYBAGS)
    if not sets:
        await engine_client.do(FACEBOOK, "campaigns", "get", campaign_id=DRYBAGS)
        sets = below(engine_client, DRYBAGS)
    for set_ in sets:
        put(engine_client, "facebook.adset", set_["id"], daily_budget=str(5000 // len(sets)))
    activation = await planned(engine_client, "campaigns", "activate", campaign_id=DRYBAGS)
    for set_ in sets:
        await applied(
            engine_client,
            await planned(engine_client, "ad_sets", "update", adset_id=set_["id"], daily_budget="60 USD"),
        )
    with pytest.raises(StalePlan, match="over the cap"):
        await applied(engine_client, activation)
    assert await value_of(engine_client, "status", DRYBAGS) == "PAUSED"


async def test_what_this_plan_made_and_others_changed(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a plan goes on, what it has made itself must still be as it made it."""
    plan_id = await planned(engine_client, "campaigns", "create", **NEW, daily_budget="50 USD")
    plan_id = await planned(
        engine_client, "ad_sets", "create", **NEW_SET, campaign_id="@1.id", append_to=plan_id
    )
    with monkeypatch.context() as hurried:
        hurried.setattr(applying, "RESERVE", 60.0)
        await applied(engine_client, plan_id)
    made = engine_client.workspace.plans.get(plan_id).steps[0].id
    put(engine_client, "facebook.campaign", made, daily_budget="1000000")
    result = await applied(engine_client, plan_id)
    assert "NOT APPLIED" in result.text
    assert "and this plan made it 5000" in "".join(result.data["drift"])
    assert len(writes(engine_client)) == 1


@pytest.mark.slow
async def test_conflicting_plans_at_once(engine_client_with: EngineClients) -> None:
    """Of ten plans for one campaign that are applied at the same moment one is carried out."""
    engine_clients = [engine_client_with(), engine_client_with()]
    plans = [
        await planned(
            engine_clients[0], "campaigns", "update", campaign_id=SPRING, daily_budget=f"{60 + n} USD"
        )
        for n in range(10)
    ]
    found = await asyncio.gather(
        *(applied(engine_clients[n % 2], plan_id) for n, plan_id in enumerate(plans))
    )
    assert sum("APPLIED: 1 of 1" in result.text for result in found) == 1
    assert sum("NOT APPLIED" in result.text for result in found) == 9
    assert len(writes(engine_clients[0])) == 1


async def test_plans_of_several_accounts_do_not_wait_for_each_other_for_ever(
    engine_client_with: EngineClients,
) -> None:
    """Two plans that need the same two accounts in another order are both carried out."""
    one, other = engine_client_with(), engine_client_with()
    mine = {"account_id": PROFILE, "campaign_id": "120000000000001"}
    first = await planned(one, "campaigns", "update", campaign_id=SPRING, name="A")
    first = await planned(one, "sponsored_product_campaigns", "update", AMAZON, **mine, daily_budget="55 USD",
                          append_to=first)  # fmt: skip
    second = await planned(one, "sponsored_product_campaigns", "update", AMAZON,
                           **{**mine, "campaign_id": "120000000000002"}, name="B")  # fmt: skip
    second = await planned(one, "campaigns", "update", campaign_id=SURF, name="B", append_to=second)
    found = await asyncio.gather(applied(one, first), applied(other, second))
    assert all("APPLIED: 2 of 2" in result.text for result in found)


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["plan", "direct"])
async def test_an_account_that_is_held(
    engine_client_with: EngineClients, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    """When others do not end in time nothing is sent, that is said, and the plan can be applied later."""
    monkeypatch.setattr(applying, "RESERVE", 44.9)
    engine_client = engine_client_with(MCP_ADS_WRITES=mode)
    plan_id = await planned(engine_client_with(), "campaigns", "pause", campaign_id=SPRING)
    step = engine_client.workspace.plans.get(plan_id).steps[0]
    folder = engine_client.home / "locks"
    folder.mkdir(exist_ok=True)

    async def attempt() -> Result:
        if mode == "direct":
            return await engine_client.do(FACEBOOK, "campaigns", "pause", campaign_id=SPRING)
        return await applied(engine_client, plan_id)

    with locked(folder / f"{name_of(step)}.lock"), pytest.raises(StalePlan, match="at this moment"):
        await attempt()
    assert writes(engine_client) == []
    await attempt()
    assert len(writes(engine_client)) == 1


@pytest.mark.slow
async def test_two_direct_calls_do_not_pass_the_rise_cap(engine_client_with: EngineClients) -> None:
    """Sent at once by two processes, two rises count together."""
    one, other = (
        engine_client_with(MCP_ADS_WRITES="direct", MCP_ADS_MAX_BUDGET_INCREASE_PCT="20") for _ in range(2)
    )
    rise = {"campaign_id": SPRING, "daily_budget": "+15%"}
    one.fault("slow", seconds=0.3, when="after", method="POST", path=SPRING, skip=1)
    calls = (engine_client.do(FACEBOOK, "campaigns", "update", **rise) for engine_client in (one, other))
    found = await asyncio.gather(*map(error_of, calls))
    assert [type(result).__name__ for result in found if result] == ["OverCap"]
    assert await value_of(one, "daily_budget") == "5750"
    assert isinstance(await error_of(one.do(FACEBOOK, "campaigns", "update", **rise)), OverCap)
