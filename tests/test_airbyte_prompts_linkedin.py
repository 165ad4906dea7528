"""What Airbyte's connector for LinkedIn lists as prompts, and what it lists as unsupported, over MCP.

The docstring of each journey is the prompt; the lists are from airbytehq/airbyte-agent-connectors,
connectors/linkedin-ads/README.md.
"""

from __future__ import annotations

import inspect
import json
import sys
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from agent import EVERY, Agent
from engine_client import LINKEDIN, LINKEDIN_US, Row

pytestmark = pytest.mark.anyio
SUPPORTED = (
    "List all my LinkedIn ad accounts",
    "Show me all campaigns in my ad account",
    "List all campaign groups",
    "Show me the creatives for my campaigns",
    "List all conversions configured for my ad accounts",
    "Show me account users for my LinkedIn ads accounts",
    "Which campaigns have the highest click-through rate?",
    "What is the total ad spend across all campaigns this month?",
    "Show me campaigns with status ACTIVE",
    "Which creatives have the most impressions?",
    "Compare campaign performance by cost type",
)
UNSUPPORTED = (
    "Create a new campaign",
    "Update campaign budgets",
    "Delete an ad creative",
    "Pause a campaign",
)
ACCOUNT = {"account_id": LINKEDIN_US}
OWN = f"urn:li:sponsoredAccount:{LINKEDIN_US}"
GROUP, CAMPAIGN = "600000001", "300000001"
NEW: dict[str, Any] = {
    **ACCOUNT,
    "campaign_group_id": GROUP,
    "type": "SPONSORED_UPDATES",
    "objective_type": "WEBSITE_VISIT",
    "cost_type": "CPM",
    "optimization_target_type": "MAX_CLICK",
    "daily_budget": "50 USD",
    "locale": {"country": "US", "language": "en"},
    "political_intent": "NOT_POLITICAL",
}


async def rows(agent: Agent, entity: str, **params: Any) -> list[Row]:
    """Rows of a list of the platform."""
    return await agent.rows(LINKEDIN, entity, **params)


async def done(agent: Agent, entity: str, action: str, **params: Any) -> str:
    """The answer of a plan of the platform that was carried out whole."""
    return await agent.done(LINKEDIN, entity, action, **params)


async def of_id(agent: Agent, entity: str, param: str, object_id: str, *fields: str) -> dict[str, Any]:
    """Columns of one object."""
    params = {**ACCOUNT, param: object_id, "fields": ["id", *fields]}
    call = {"entity": entity, "action": "get", "params": params}
    record: dict[str, Any] = json.loads(await agent.good(f"{LINKEDIN}_execute", **call, format="json"))[
        "data"
    ]
    return record


async def undone(agent: Agent, text: str) -> None:
    """Carry out the undo that an answer names."""
    plan_id = text.rpartition("undo: ads_apply(")[2].partition(")")[0]
    assert "1 of 1 done" in await agent.good("ads_apply", plan_id=plan_id)


async def test_accounts(agent: Agent) -> None:
    """List all my LinkedIn ad accounts"""
    found = await rows(agent, "accounts", **EVERY)
    assert len(found) > 1
    assert LINKEDIN_US in {row["id"] for row in found}
    assert all(row["name"] and row["currency"] for row in found)


async def test_campaigns(agent: Agent) -> None:
    """Show me all campaigns in my ad account"""
    found = await rows(agent, "campaigns", **ACCOUNT, **EVERY)
    assert len({row["id"] for row in found}) == len(found) > 100
    assert all(row["name"] and row["status"] for row in found)


async def test_campaign_groups(agent: Agent) -> None:
    """List all campaign groups"""
    found = await rows(agent, "campaign_groups", **ACCOUNT, **EVERY)
    assert len({row["id"] for row in found}) == len(found) > 1
    assert GROUP in {row["id"] for row in found}


async def test_creatives(agent: Agent) -> None:
    """Show me the creatives for my campaigns"""
    campaigns = [row["id"] for row in await rows(agent, "campaigns", **ACCOUNT, status="ACTIVE", limit=5)]
    found = await rows(agent, "creatives", **ACCOUNT, campaigns=campaigns, **EVERY)
    assert {row["campaign_id"] for row in found} == {*campaigns}


async def test_conversions(agent: Agent) -> None:
    """List all conversions configured for my ad accounts"""
    found = [
        {**row, "account": account["id"]}
        for account in await rows(agent, "accounts", **EVERY)
        for row in await rows(agent, "conversions", account_id=account["id"], **EVERY)
    ]
    assert any(row["account"] == LINKEDIN_US for row in found)
    assert all(row["id"] and row["name"] for row in found)


async def test_account_users(agent: Agent) -> None:
    """Show me account users for my LinkedIn ads accounts"""
    found = await rows(agent, "account_users", q="accounts", accounts=OWN, **EVERY)
    assert all(row["user"].startswith("urn:li:person:") and row["role"] for row in found)
    assert len({row["role"] for row in found}) > 1
    for several in (f"{OWN},{OWN}0", [OWN, f"{OWN}0"]):
        params = {"q": "accounts", "accounts": several}
        text = await agent.wrong(f"{LINKEDIN}_execute", entity="account_users", action="list", params=params)
        assert "LinkedIn lists the users of one account at a time: a call for each" in text


async def test_click_through_rates(agent: Agent) -> None:
    """Which campaigns have the highest click-through rate?"""
    best = await rows(
        agent,
        "ad_campaign_analytics",
        **ACCOUNT,
        time_range="last_30d",
        fields=["campaign_name", "impressions", "clicks", "ctr"],
        sort="-ctr",
        limit=5,
    )
    rates = [Decimal(row["ctr"]) for row in best]
    assert rates == sorted(rates, reverse=True)
    assert len(rates) == 5
    for row, rate in zip(best, rates, strict=True):
        assert row["campaign_name"]
        assert abs(Decimal(row["clicks"]) / Decimal(row["impressions"]) * 100 - rate) < Decimal("0.01")


async def test_spend_of_the_month(agent: Agent) -> None:
    """What is the total ad spend across all campaigns this month?"""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    month = {"since": f"{yesterday:%Y-%m}-01", "until": "today"}
    spent = {**ACCOUNT, "time_range": month, "fields": ["cost"]}
    each = await rows(agent, "ad_campaign_analytics", **spent, **EVERY)
    [whole] = await rows(agent, "analytics", **spent, pivot="ACCOUNT")
    answer = await agent.table(LINKEDIN, "ad_campaign_analytics", "list", **spent, limit=1)
    assert sum(Decimal(row["cost"]) for row in each) == Decimal(whole["cost"]) > 0
    assert Decimal(str(answer.meta["totals"]["cost"])) == Decimal(whole["cost"])


async def test_active_campaigns(agent: Agent) -> None:
    """Show me campaigns with status ACTIVE"""
    active = await rows(agent, "campaigns", **ACCOUNT, status="List(ACTIVE)", **EVERY)
    assert len(active) > 1
    assert {row["status"] for row in active} == {"ACTIVE"}


async def test_creatives_with_most_impressions(agent: Agent) -> None:
    """Which creatives have the most impressions?"""
    shown = {**ACCOUNT, "time_range": "last_30d", "fields": ["creative_id", "impressions"]}
    top = await rows(agent, "ad_creative_analytics", **shown, sort="-impressions", limit=3)
    every = await rows(agent, "ad_creative_analytics", **shown, **EVERY)
    most = sorted((int(row["impressions"]) for row in every), reverse=True)
    assert [int(row["impressions"]) for row in top] == most[:3]


async def test_performance_by_cost_type(agent: Agent) -> None:
    """Compare campaign performance by cost type"""
    kinds = {
        row["id"]: row["costType"]
        for row in await rows(agent, "campaigns", **ACCOUNT, fields=["id", "costType"], **EVERY)
    }
    delivered = await rows(
        agent,
        "ad_campaign_analytics",
        **ACCOUNT,
        time_range="last_30d",
        fields=["campaign_id", "cost", "clicks"],
        **EVERY,
    )
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(), Decimal()])
    for row in delivered:
        own = sums[kinds[row["campaign_id"]]]
        own[0] += Decimal(row["cost"])
        own[1] += Decimal(row["clicks"])
    assert len(sums) > 1
    assert all(cost > 0 and clicks > 0 for cost, clicks in sums.values())


async def test_create_campaign(agent: Agent) -> None:
    """Create a new campaign"""
    text = await done(
        agent, "campaigns", "create", **NEW, name="Made by an agent", run_schedule={"start": "2027-02-01"}
    )
    [made] = await rows(agent, "campaigns", **ACCOUNT, name="Made by an agent")
    assert (made["status"], made["campaign_group_id"]) == ("DRAFT", GROUP)
    assert Decimal(made["dailyBudget.amount"]) == 50
    await undone(agent, text)
    assert await rows(agent, "campaigns", **ACCOUNT, name="Made by an agent", status="DRAFT") == []


async def test_update_budgets(agent: Agent) -> None:
    """Update campaign budgets"""
    daily = [
        row
        for row in await rows(agent, "campaigns", **ACCOUNT, status="ACTIVE", **EVERY)
        if row["dailyBudget.amount"]
    ][:2]
    items = [{"campaign_id": row["id"], "daily_budget": "120 USD"} for row in daily]
    text = await done(agent, "campaigns", "update", **ACCOUNT, items=items)
    for row in daily:
        assert f"{Decimal(row['dailyBudget.amount']):.2f} → 120.00 USD" in text
        now = await of_id(agent, "campaigns", "campaign_id", row["id"], "dailyBudget")
        assert Decimal(now["dailyBudget"]["amount"]) == 120
    plan_id = text.rpartition("undo: ads_apply(")[2].partition(")")[0]
    assert "2 of 2 done" in await agent.good("ads_apply", plan_id=plan_id)


async def test_delete_creative(agent: Agent) -> None:
    """Delete an ad creative"""
    post = {"author": "2414183", "commentary": "To be deleted", "name": "Not for long"}
    text = await done(agent, "creatives", "create_inline", **ACCOUNT, campaign_id=CAMPAIGN, **post)
    creative = text.partition("urn:li:sponsoredCreative:")[2].partition(" ")[0]
    gone = await done(agent, "creatives", "delete", **ACCOUNT, creative_id=creative)
    assert "delete" in gone
    call = {"entity": "creatives", "action": "get", "params": {**ACCOUNT, "creative_id": creative}}
    assert "NotFound" in await agent.wrong(f"{LINKEDIN}_execute", **call)


async def test_pause_campaign(agent: Agent) -> None:
    """Pause a campaign"""
    one = (await rows(agent, "campaigns", **ACCOUNT, status="ACTIVE", limit=1))[0]["id"]
    text = await done(agent, "campaigns", "pause", **ACCOUNT, campaign_id=one)
    assert (await of_id(agent, "campaigns", "campaign_id", one, "status"))["status"] == "PAUSED"
    await undone(agent, text)
    assert (await of_id(agent, "campaigns", "campaign_id", one, "status"))["status"] == "ACTIVE"


def test_every_prompt_has_its_journey() -> None:
    """What is listed is what is made, once each."""
    here = vars(sys.modules[__name__])
    journeys = [
        value.__doc__
        for name, value in here.items()
        if name.startswith("test_") and inspect.iscoroutinefunction(value)
    ]
    assert sorted(map(str, journeys)) == sorted((*SUPPORTED, *UNSUPPORTED))
