"""What Airbyte's connector for Amazon Ads lists as prompts, and what it lists as unsupported, over MCP.

The docstring of each journey is the prompt; the lists are from airbytehq/airbyte-agent-connectors,
connectors/amazon-ads/README.md.
"""

from __future__ import annotations

import inspect
import json
import sys
from decimal import Decimal
from typing import Any

import pytest
from agent import EVERY, Agent
from engine_client import AMAZON, PROFILE, Row

pytestmark = pytest.mark.anyio
SUPPORTED = (
    "List all my advertising profiles across marketplaces",
    "Show me the profiles for my seller accounts",
    "What marketplaces do I have advertising profiles in?",
    "List all portfolios for one of my profiles",
    "Show me all sponsored product campaigns",
    "List all ad groups in my SP campaigns",
    "Show me all keywords in my sponsored product campaigns",
    "What product ads are currently running?",
    "Show me all targeting clauses for my campaigns",
    "List negative keywords across my ad groups",
    "Show me all sponsored brands campaigns",
    "List ad groups in my sponsored brands campaigns",
    "What campaigns are currently enabled?",
    "Find campaigns with a specific targeting type",
    "Which ad groups have the highest default bid?",
    "What keywords are using broad match type?",
)
UNSUPPORTED = (
    "Create a new advertising campaign",
    "Update my campaign budget",
    "Delete an ad group",
    "Generate a performance report",
)
US = {"profile_id": PROFILE}
CAMPAIGNS, GROUPS = "sponsored_product_campaigns", "sponsored_product_ad_groups"
KEYWORDS, ADS = "sponsored_product_keywords", "sponsored_product_product_ads"
BRANDS = "sponsored_brands_campaigns"


async def rows(agent: Agent, entity: str, **params: Any) -> list[Row]:
    """Rows of a list of the platform."""
    return await agent.rows(AMAZON, entity, **params)


async def done(agent: Agent, entity: str, action: str, **params: Any) -> str:
    """The answer of a plan of the platform that was carried out whole."""
    return await agent.done(AMAZON, entity, action, **params)


async def undone(agent: Agent, text: str) -> None:
    """Carry out the undo that an answer names."""
    plan_id = text.rpartition("undo: ads_apply(")[2].partition(")")[0]
    assert "1 of 1 done" in await agent.good("ads_apply", plan_id=plan_id)


async def test_profiles(agent: Agent) -> None:
    """List all my advertising profiles across marketplaces"""
    found = await rows(agent, "profiles", **EVERY)
    assert {row["region"] for row in found} == {"NA", "EU", "FE"}
    assert PROFILE in {row["profileId"] for row in found}


async def test_sellers(agent: Agent) -> None:
    """Show me the profiles for my seller accounts"""
    found = await rows(agent, "profiles", profileTypeFilter="seller", **EVERY)
    assert found
    assert {row["accountInfo.type"] for row in found} == {"seller"}


async def test_marketplaces(agent: Agent) -> None:
    """What marketplaces do I have advertising profiles in?"""
    found = await rows(agent, "profiles", fields=["countryCode", "currencyCode"], **EVERY)
    assert {"US", "DE", "JP"} <= {row["countryCode"] for row in found}
    assert {"USD", "EUR", "JPY"} <= {row["currencyCode"] for row in found}


async def test_portfolios(agent: Agent) -> None:
    """List all portfolios for one of my profiles"""
    found = await rows(agent, "portfolios", **US, **EVERY)
    assert len({row["portfolioId"] for row in found}) == len(found) > 1
    assert all(row["name"] for row in found)


async def test_campaigns(agent: Agent) -> None:
    """Show me all sponsored product campaigns"""
    first = await agent.table(AMAZON, CAMPAIGNS, "list", **US, limit=1)
    found = await rows(agent, CAMPAIGNS, **US, **EVERY)
    assert len({row["campaignId"] for row in found}) == len(found) == first.meta["total"] > 100


async def test_ad_groups(agent: Agent) -> None:
    """List all ad groups in my SP campaigns"""
    campaigns = {row["campaignId"] for row in await rows(agent, CAMPAIGNS, **US, **EVERY)}
    found = await rows(agent, GROUPS, **US, fields=["adGroupId", "campaignId", "name"], **EVERY)
    assert found
    assert {row["campaignId"] for row in found} <= campaigns


async def test_keywords(agent: Agent) -> None:
    """Show me all keywords in my sponsored product campaigns"""
    found = await rows(agent, KEYWORDS, **US, **EVERY)
    assert len({row["keywordId"] for row in found}) == len(found) > 1
    assert all(row["keywordText"] and row["matchType"] for row in found)


async def test_running_product_ads(agent: Agent) -> None:
    """What product ads are currently running?"""
    found = await rows(agent, ADS, **US, state="enabled", **EVERY)
    assert {row["state"] for row in found} == {"ENABLED"}
    running = [row for row in found if row["extendedData.servingStatus"] == "AD_STATUS_LIVE"]
    assert 0 < len(running) < len(found)


async def test_targeting_clauses(agent: Agent) -> None:
    """Show me all targeting clauses for my campaigns"""
    found = await rows(agent, "sponsored_product_targets", **US, **EVERY)
    assert len({row["targetId"] for row in found}) == len(found) > 1


async def test_negative_keywords(agent: Agent) -> None:
    """List negative keywords across my ad groups"""
    found = await rows(agent, "sponsored_product_negative_keywords", **US, **EVERY)
    assert len({row["adGroupId"] for row in found}) >= 1
    assert all(row["matchType"].startswith("NEGATIVE_") for row in found)


async def test_brands_campaigns(agent: Agent) -> None:
    """Show me all sponsored brands campaigns"""
    found = await rows(agent, BRANDS, **US, **EVERY)
    assert found
    assert all(row["name"] and row["state"] for row in found)


async def test_brands_ad_groups(agent: Agent) -> None:
    """List ad groups in my sponsored brands campaigns"""
    campaigns = [row["campaignId"] for row in await rows(agent, BRANDS, **US, **EVERY)][:10]
    fields = ["adGroupId", "campaignId", "name"]
    found = await rows(
        agent, "sponsored_brands_ad_groups", **US, campaign_id=campaigns, fields=fields, **EVERY
    )
    assert found
    assert {row["campaignId"] for row in found} <= {*campaigns}


async def test_enabled_campaigns(agent: Agent) -> None:
    """What campaigns are currently enabled?"""
    found = await rows(agent, CAMPAIGNS, **US, stateFilter={"include": "enabled"}, **EVERY)
    assert len(found) > 1
    assert {row["state"] for row in found} == {"ENABLED"}


async def test_campaigns_by_targeting_type(agent: Agent) -> None:
    """Find campaigns with a specific targeting type"""
    every = await rows(agent, CAMPAIGNS, **US, fields=["campaignId", "targetingType"], **EVERY)
    auto = {row["campaignId"] for row in every if row["targetingType"] == "AUTO"}
    of_auto = await rows(agent, GROUPS, **US, campaign_targeting_type="auto", **EVERY)
    assert 0 < len(auto) < len(every)
    assert {row["campaignId"] for row in of_auto} <= auto


async def test_highest_default_bids(agent: Agent) -> None:
    """Which ad groups have the highest default bid?"""
    every = await rows(agent, GROUPS, **US, **EVERY)
    bids = {row["adGroupId"]: Decimal(row["defaultBid"]) for row in every}
    best = max(bids, key=lambda group: bids[group])
    call = {"entity": GROUPS, "action": "get", "params": {**US, "ad_group_id": best}}
    record = json.loads(await agent.good(f"{AMAZON}_execute", **call, format="json"))["data"]
    assert Decimal(str(record["defaultBid"])) == max(bids.values()) > min(bids.values())


async def test_broad_keywords(agent: Agent) -> None:
    """What keywords are using broad match type?"""
    found = await rows(agent, KEYWORDS, **US, matchTypeFilter="broad", **EVERY)
    assert found
    assert {row["matchType"] for row in found} == {"BROAD"}


async def test_create_campaign(agent: Agent) -> None:
    """Create a new advertising campaign"""
    new = {"name": "Made by an agent", "targeting_type": "MANUAL", "daily_budget": "25 USD"}
    await done(agent, CAMPAIGNS, "create", **US, **new)
    [made] = await rows(agent, CAMPAIGNS, **US, name="Made by an agent")
    assert made["state"] == "PAUSED"
    assert Decimal(made["budget.budget"]) == 25


async def test_update_budget(agent: Agent) -> None:
    """Update my campaign budget"""
    one = (await rows(agent, CAMPAIGNS, **US, state="ENABLED", limit=1))[0]
    text = await done(agent, CAMPAIGNS, "update", **US, campaign_id=one["campaignId"], daily_budget="+10%")
    after = (Decimal(one["budget.budget"]) * Decimal("1.1")).quantize(Decimal("0.01"))
    assert f"{Decimal(one['budget.budget']):.2f} → {after:.2f} USD" in text
    [now] = await rows(agent, CAMPAIGNS, **US, campaign_id=one["campaignId"])
    assert Decimal(now["budget.budget"]) == after
    await undone(agent, text)


async def test_delete_ad_group(agent: Agent) -> None:
    """Delete an ad group"""
    campaign = (await rows(agent, CAMPAIGNS, **US, limit=1))[0]["campaignId"]
    new = {"campaign_id": campaign, "name": "Not for long", "default_bid": "0.75 USD"}
    await done(agent, GROUPS, "create", **US, **new)
    [made] = await rows(agent, GROUPS, **US, name="Not for long")
    plan = await agent.good(
        f"{AMAZON}_execute", entity=GROUPS, action="delete", params={**US, "ad_group_id": made["adGroupId"]}
    )
    assert "cannot be undone" in plan
    await done(agent, GROUPS, "delete", **US, ad_group_id=made["adGroupId"])
    assert await rows(agent, GROUPS, **US, name="Not for long", state="ENABLED,PAUSED") == []


async def test_performance_report(agent: Agent) -> None:
    """Generate a performance report"""
    asked = {**US, "report_type": "spCampaigns", "time_range": "last_7d"}
    call = {"entity": "reports", "action": "run", "params": {**asked, "sort": "-cost", "limit": 5}}
    answer = json.loads(await agent.good(f"{AMAZON}_execute", **call, format="json"))
    found = answer["data"]
    assert 0 < len(found) <= 5
    spent = [Decimal(str(row["cost"])) for row in found]
    assert spent == sorted(spent, reverse=True)
    assert all(row["campaignName"] for row in found)


def test_every_prompt_has_its_journey() -> None:
    """What is listed is what is made, once each."""
    here = vars(sys.modules[__name__])
    journeys = [
        value.__doc__
        for name, value in here.items()
        if name.startswith("test_") and inspect.iscoroutinefunction(value)
    ]
    assert sorted(map(str, journeys)) == sorted((*SUPPORTED, *UNSUPPORTED))
