"""LinkedIn's campaign groups from a draft to their end: what goes with them, what comes back, the cost."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from engine_client import LINKEDIN, LINKEDIN_US, EngineClient
from planning import applied, planned, undo_of, writes

from mcp_ads.errors import InvalidParams, OverCap
from mcp_ads.sandbox.linkedin_ads.state import ACCOUNT, CAMPAIGN, GROUP

pytestmark = pytest.mark.anyio
US: dict[str, Any] = {"account_id": LINKEDIN_US}
LAUNCH, ABM, DEFAULT, DRAFT = "600000002", "600000003", "600000004", "600000008"
"""Active with a total budget, active with a daily one, LinkedIn's own, a draft."""


async def plan(engine_client: EngineClient, action: str, group: str, **params: Any) -> Any:
    given = {**US, "campaign_group_id": group, **params}
    return await engine_client.do(LINKEDIN, "campaign_groups", action, **given)


def statuses(engine_client: EngineClient, group: str) -> dict[str, int]:
    """How many campaigns of a group have which status."""
    urn = f"urn:li:sponsoredCampaignGroup:{group}"
    found = [row["status"] for row in engine_client.store.all(CAMPAIGN) if row["campaignGroup"] == urn]
    return {status: found.count(status) for status in sorted({*found})}


async def test_archiving_a_group_archives_what_is_in_it(engine_client: EngineClient) -> None:
    """The plan counts and names the campaigns; the undo brings back the group and says that they stay."""
    made = await plan(engine_client, "archive", LAUNCH)
    before = statuses(engine_client, LAUNCH)
    count = sum(number for status, number in before.items() if status != "ARCHIVED")
    assert f"archives the campaign group with its {count} campaigns, {before['ACTIVE']} ACTIVE: " in made.text
    assert f"archives-the-campaign-group-with-its-{count}-campaigns" in made.data["plan_id"]
    result = await applied(engine_client, made.data["plan_id"])
    assert statuses(engine_client, LAUNCH) == {"ARCHIVED": sum(before.values())}
    assert "there is no call that takes this back: archives the campaign group" in result.text
    await applied(engine_client, undo_of(result))
    assert (engine_client.store.get(GROUP, LAUNCH) or {})["status"] == "ACTIVE"
    assert statuses(engine_client, LAUNCH) == {"ARCHIVED": sum(before.values())}


async def test_a_draft_is_deleted_and_another_marked(engine_client: EngineClient) -> None:
    """Which of the two it will be stands in the plan, and that nothing brings either back."""
    draft = await plan(engine_client, "delete", DRAFT)
    assert "deletes the draft at once with its" in draft.text
    assert "DELETE /rest/adAccounts/512345678/adCampaignGroups/600000008" in draft.text
    other = await plan(engine_client, "delete", ABM)
    assert "status ACTIVE → PENDING_DELETION; deletes the campaign group with its" in other.text
    assert "it is no draft: LinkedIn marks it PENDING_DELETION" in other.text
    assert other.data["plan_id"].startswith("deletes-the-campaign-group-with-its-")
    assert all("cannot be undone: LinkedIn brings nothing back" in made.text for made in (draft, other))
    assert "it is not there any more" in (await applied(engine_client, draft.data["plan_id"])).text
    assert "read back: status PENDING_DELETION" in (await applied(engine_client, other.data["plan_id"])).text
    with pytest.raises(InvalidParams, match="it is PENDING_DELETION, and stays as it is"):
        await plan(engine_client, "activate", ABM)
    with pytest.raises(InvalidParams, match="default group, which nobody can change"):
        await plan(engine_client, "delete", DEFAULT)


async def test_a_draft_that_is_none_any_more_is_not_deleted(engine_client: EngineClient) -> None:
    """Between plan and apply somebody switched it on: nothing is sent, and a new plan says what is so now."""
    plan_id = (await plan(engine_client, "delete", DRAFT)).data["plan_id"]
    group = engine_client.store.get(GROUP, DRAFT) or {}
    engine_client.store.put(GROUP, DRAFT, {**group, "status": "ACTIVE"})
    result = await applied(engine_client, plan_id)
    assert "status was DRAFT, is ACTIVE" in result.text
    assert writes(engine_client) == []


async def test_an_enterprise_account_keeps_its_groups(engine_client: EngineClient) -> None:
    """LinkedIn deletes none there; the refusal says what to do."""
    await engine_client.do(LINKEDIN, "accounts", "list")
    account = engine_client.store.get(ACCOUNT, LINKEDIN_US) or {}
    engine_client.store.put(ACCOUNT, LINKEDIN_US, {**account, "type": "ENTERPRISE"})
    with pytest.raises(
        InvalidParams, match="ENTERPRISE one, whose campaign groups LinkedIn does not delete: archive"
    ):
        await plan(engine_client, "delete", ABM)
    assert "PLAN archive" in (await plan(engine_client, "archive", ABM)).text.replace(
        "PLAN archives", "PLAN archive"
    )


async def test_what_holds_a_group_and_its_campaigns_is_readable(engine_client: EngineClient) -> None:
    """A column says it in words; what a list leaves out is said where something was named."""
    fields = ["id", "status", "held_by"]
    table = await engine_client.table(
        LINKEDIN, "campaign_groups", "list", **US, fields=fields, id=["600000005"]
    )
    assert table.rows == [{"id": "600000005", "status": "PAUSED", "held_by": "it is not ACTIVE"}]
    assert table.meta["hidden"] == "REMOVED: status lists them"
    held = await engine_client.table(
        LINKEDIN,
        "campaigns",
        "list",
        **US,
        campaign_group_id="600000005",
        status=["ACTIVE"],
        fields=["why"],
        limit=3,
    )
    assert {row["held_by"] for row in held.rows} == {"its group is not ACTIVE"}


async def test_a_group_with_a_total_budget_still_spends_its_campaigns_by_the_day(
    engine_client_with: Callable[..., EngineClient],
) -> None:
    """The total bounds the run; what a day may cost are the daily budgets of its active campaigns."""
    engine_client = engine_client_with(
        MCP_ADS_MAX_DAILY_BUDGET="100 USD", MCP_ADS_MAX_LIFETIME_BUDGET="1000000 USD"
    )
    await engine_client.do(LINKEDIN, "accounts", "list")
    group = engine_client.store.get(GROUP, LAUNCH) or {}
    engine_client.store.put(
        GROUP, LAUNCH, {**group, "status": "PAUSED", "totalBudget": {"amount": "600", "currencyCode": "USD"}}
    )
    with pytest.raises(OverCap, match=r"dailyBudget .* over the cap of 100\.00 USD"):
        await plan(engine_client, "activate", LAUNCH)


async def test_a_group_with_a_daily_budget_is_capped(engine_client_with: Callable[..., EngineClient]) -> None:
    """Made, raised, switched on: each is held against the cap of a day."""
    engine_client = engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="100 USD")
    shared = {"daily_budget": "150 USD", "budget_optimization": {"budgetOptimizationStrategy": "DYNAMIC"}}
    start = {"run_schedule": {"start": "2030-01-01"}}
    with pytest.raises(OverCap, match=r"150\.00 USD a day is over the cap"):
        await engine_client.do(LINKEDIN, "campaign_groups", "create", **US, name="Shared", **start, **shared)
    with pytest.raises(OverCap, match=r"is over the cap of 100\.00 USD"):
        await plan(engine_client, "update", ABM, daily_budget="950 USD")
    await applied(engine_client, (await plan(engine_client, "archive", ABM)).data["plan_id"])
    with pytest.raises(OverCap, match=r"900\.00 USD a day is over the cap"):
        await plan(engine_client, "activate", ABM)


async def test_the_whole_life_of_a_group(engine_client: EngineClient) -> None:
    """Made as a draft, renamed, switched on and off; its undo archives what is no draft any more."""
    run = {"run_schedule": {"start": "2030-01-01", "end": "2030-02-01"}, "total_budget": "500 USD"}
    life = {**US, "name": "Life", "objective_type": "VIDEO_VIEWS", **run}
    made = await applied(
        engine_client, await planned(engine_client, "campaign_groups", "create", LINKEDIN, **life)
    )
    group = made.data["steps"][0]["id"]
    for action, params in (("update", {"name": "Life II"}), ("activate", {}), ("pause", {})):
        result = await applied(
            engine_client, (await plan(engine_client, action, group, **params)).data["plan_id"]
        )
        assert "APPLIED: 1 of 1 done" in result.text
    read = await engine_client.do(LINKEDIN, "campaign_groups", "get", **US, campaign_group_id=group)
    assert (read.data["name"], read.data["status"], read.data["objectiveType"]) == (
        "Life II",
        "PAUSED",
        "VIDEO_VIEW",
    )
    with pytest.raises(InvalidParams, match="objective_type: it is fixed"):
        await plan(engine_client, "update", group, objective_type="ENGAGEMENT")
    assert json.dumps(writes(engine_client)).count("update campaign group") == 3


async def test_campaigns_that_cannot_be_read_are_not_taken_for_none(
    engine_client_with: Callable[..., EngineClient],
) -> None:
    """The plan says that nobody knows which go with the group; what they would spend counts as unknown."""
    engine_client = engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="1000000 USD")
    await engine_client.do(LINKEDIN, "accounts", "list")
    engine_client.fault("500", path="/adCampaigns", times=20)
    made = await plan(engine_client, "archive", LAUNCH)
    assert "archives the campaign group with its campaigns, which could not be read" in made.text
    group = engine_client.store.get(GROUP, LAUNCH) or {}
    engine_client.store.put(GROUP, LAUNCH, {**group, "status": "PAUSED"})
    with pytest.raises(OverCap, match="what its campaigns may spend in a day could not be read"):
        await plan(engine_client, "activate", LAUNCH)


async def test_a_new_group_with_a_total_is_made_and_activated_in_one_plan(
    engine_client_with: Callable[..., EngineClient],
) -> None:
    """Nothing is in it but what the plan makes, which counts where it is made: caps hold all the same."""
    engine_client = engine_client_with(
        MCP_ADS_MAX_LIFETIME_BUDGET="1000 USD", MCP_ADS_MAX_DAILY_BUDGET="1000 USD"
    )
    new = {
        "name": "New",
        "total_budget": "900 USD",
        "run_schedule": {"start": "2030-01-01", "end": "2030-02-01"},
    }
    made = await planned(engine_client, "campaign_groups", "create", LINKEDIN, **US, **new)
    both = await plan(engine_client, "activate", "@1.id", append_to=made)
    result = await applied(engine_client, both.data["plan_id"])
    assert "APPLIED: 2 of 2 done" in result.text
    over = await planned(
        engine_client, "campaign_groups", "create", LINKEDIN, **US, **new | {"name": "Other"}
    )
    with pytest.raises(OverCap, match="over the cap of"):
        await plan(engine_client, "update", "@1.id", append_to=over, total_budget="2000 USD", status="ACTIVE")
