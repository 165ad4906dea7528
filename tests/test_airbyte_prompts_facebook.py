"""What Airbyte's connector for Facebook lists as prompts, and what it lists as unsupported, over MCP.

The docstring of each journey is the prompt; the lists are from airbytehq/airbyte-agent-connectors,
connectors/facebook-marketing/README.md.
"""

from __future__ import annotations

import inspect
import json
import sys
from decimal import Decimal
from typing import Any

import pytest
from agent import EVERY, Agent
from engine_client import FACEBOOK, US, Row

pytestmark = pytest.mark.anyio
SUPPORTED = (
    "List all active campaigns in my ad account",
    "What ads are currently running in a recent campaign?",
    "List all ad creatives in my account",
    "What is the status of my campaigns?",
    "List all custom conversion events in my account",
    "Show me all ad images in my account",
    "What videos are available in my ad account?",
    "Create a new campaign called 'Summer Sale 2026' with traffic objective",
    "Pause my most recent campaign",
    "Create a new ad set with a $50 daily budget in my latest campaign",
    "Update the daily budget of my top performing ad set to $100",
    "Rename my most recent ad set to 'Holiday Promo'",
    "Create a new ad in my latest ad set",
    "Pause all ads in my most recent ad set",
    "List all pixels in my ad account",
    "Show me the event stats for my pixel",
    "What events is my Facebook pixel tracking?",
    "Search the Ad Library for political ads in the US",
    "Find ads about climate change in the Ad Library",
    "Show me Ad Library ads from a specific Facebook page",
    "Show me the ad sets with the highest daily budget",
    "Show me the performance insights for the last 7 days",
    "Which campaigns have the most spend this month?",
    "Show me ads with the highest click-through rate",
)
UNSUPPORTED = (
    "Delete this ad creative",
    "Delete this campaign",
    "Delete this ad set",
    "Delete this ad",
)
ACCOUNT = {"account_id": US}
TRAFFIC = {"optimization_goal": "LINK_CLICKS", "targeting": '{"geo_locations": {"countries": ["US"]}}'}


async def rows(agent: Agent, entity: str, **params: Any) -> list[Row]:
    """Rows of a list of the platform."""
    return await agent.rows(FACEBOOK, entity, **params)


async def newest(agent: Agent, entity: str) -> Row:
    """The object of one account that was made last."""
    fields = ["id", "name", "created_time", "campaign_id" if entity != "campaigns" else "objective"]
    return max(
        await rows(agent, entity, **ACCOUNT, **EVERY, fields=fields), key=lambda row: row["created_time"]
    )


async def done(agent: Agent, entity: str, action: str, **params: Any) -> str:
    """The answer of a plan of the platform that was carried out whole."""
    return await agent.done(FACEBOOK, entity, action, **params)


async def of_id(agent: Agent, entity: str, param: str, object_id: str, *fields: str) -> dict[str, Any]:
    """Columns of one object."""
    call = {"entity": entity, "action": "get", "params": {param: object_id, "fields": ["id", *fields]}}
    record: dict[str, Any] = json.loads(await agent.good(f"{FACEBOOK}_execute", **call, format="json"))[
        "data"
    ]
    return record


async def launched(agent: Agent, name: str) -> dict[str, str]:
    """A campaign of one's own with an ad set and an ad: their ids."""
    new = {**ACCOUNT, "name": name}
    await done(agent, "campaigns", "create", **new, objective="OUTCOME_TRAFFIC", daily_budget="5 USD")
    [campaign] = await rows(agent, "campaigns", **new)
    await done(agent, "ad_sets", "create", **new, campaign_id=campaign["id"], **TRAFFIC)
    [ad_set] = await rows(agent, "ad_sets", **ACCOUNT, campaign_id=campaign["id"])
    creative = (await rows(agent, "ad_creatives", **ACCOUNT, limit=1))[0]["id"]
    await done(agent, "ads", "create", **new, adset_id=ad_set["id"], creative={"creative_id": creative})
    [ad] = await rows(agent, "ads", **ACCOUNT, adset_id=ad_set["id"])
    return {"campaigns": campaign["id"], "ad_sets": ad_set["id"], "ads": ad["id"]}


async def test_active_campaigns(agent: Agent) -> None:
    """List all active campaigns in my ad account"""
    active = await rows(agent, "campaigns", **ACCOUNT, effective_status="active", **EVERY)
    assert len(active) > 1
    assert {row["effective_status"] for row in active} == {"ACTIVE"}


async def test_running_ads(agent: Agent) -> None:
    """What ads are currently running in a recent campaign?"""
    campaigns = await rows(
        agent, "campaigns", **ACCOUNT, effective_status="ACTIVE", fields="id,created_time", **EVERY
    )
    recent = max(campaigns, key=lambda row: row["created_time"])["id"]
    running = await rows(agent, "ads", **ACCOUNT, campaign_id=recent, effective_status="ACTIVE", **EVERY)
    assert running
    assert {(row["campaign_id"], row["effective_status"]) for row in running} == {(recent, "ACTIVE")}


async def test_creatives(agent: Agent) -> None:
    """List all ad creatives in my account"""
    found = await rows(agent, "ad_creatives", **ACCOUNT, **EVERY)
    assert len({row["id"] for row in found}) == len(found) > 100


async def test_status_of_campaigns(agent: Agent) -> None:
    """What is the status of my campaigns?"""
    found = await rows(agent, "campaigns", **ACCOUNT, **EVERY)
    assert all(row["name"] and row["effective_status"] for row in found)
    assert len({row["effective_status"] for row in found}) > 1


async def test_custom_conversions(agent: Agent) -> None:
    """List all custom conversion events in my account"""
    found = await rows(agent, "custom_conversions", **ACCOUNT, **EVERY)
    assert found
    assert all(row["id"] and row["name"] and row["custom_event_type"] for row in found)


async def test_images(agent: Agent) -> None:
    """Show me all ad images in my account"""
    found = await rows(agent, "images", **ACCOUNT, **EVERY)
    assert all(row["hash"] and int(row["width"]) and int(row["height"]) for row in found)
    assert len(found) > 1


async def test_videos(agent: Agent) -> None:
    """What videos are available in my ad account?"""
    found = await rows(agent, "videos", **ACCOUNT, fields=["id", "title", "status", "length"], **EVERY)
    assert all(row["title"] and Decimal(row["length"]) for row in found)
    assert found


async def test_create_campaign(agent: Agent) -> None:
    """Create a new campaign called 'Summer Sale 2026' with traffic objective"""
    text = await done(
        agent,
        "campaigns",
        "create",
        **ACCOUNT,
        name="Summer Sale 2026",
        objective="OUTCOME_TRAFFIC",
        daily_budget="20 USD",
    )
    assert "undo: ads_apply(" in text
    [made] = await rows(
        agent, "campaigns", **ACCOUNT, name="Summer Sale 2026", fields=["id", "objective", "status"]
    )
    assert (made["objective"], made["status"]) == ("OUTCOME_TRAFFIC", "PAUSED")


async def test_pause_campaign(agent: Agent) -> None:
    """Pause my most recent campaign"""
    active = await rows(
        agent, "campaigns", **ACCOUNT, effective_status="ACTIVE", fields="id,created_time", **EVERY
    )
    recent = max(active, key=lambda row: row["created_time"])["id"]
    text = await done(agent, "campaigns", "pause", campaign_id=recent)
    assert (await of_id(agent, "campaigns", "campaign_id", recent, "status"))["status"] == "PAUSED"
    undo = text.rpartition("undo: ads_apply(")[2].partition(")")[0]
    assert "1 of 1 done" in await agent.good("ads_apply", plan_id=undo)
    assert (await of_id(agent, "campaigns", "campaign_id", recent, "status"))["status"] == "ACTIVE"


async def test_create_ad_set(agent: Agent) -> None:
    """Create a new ad set with a $50 daily budget in my latest campaign"""
    await done(
        agent, "campaigns", "create", **ACCOUNT, name="Latest", objective="OUTCOME_TRAFFIC",
        is_adset_budget_sharing_enabled=False,
    )  # fmt: skip
    [latest] = await rows(agent, "campaigns", **ACCOUNT, name="Latest")
    text = await done(
        agent, "ad_sets", "create", **ACCOUNT, name="Fifty", campaign_id=latest["id"], daily_budget="50 USD",
        **TRAFFIC,
    )  # fmt: skip
    assert "daily_budget 50.00 USD" in text
    [made] = await rows(agent, "ad_sets", **ACCOUNT, campaign_id=latest["id"])
    assert (made["daily_budget_major"], made["effective_status"]) == ("50.00", "PAUSED")


async def test_budget_of_the_best_ad_set(agent: Agent) -> None:
    """Update the daily budget of my top performing ad set to $100"""
    best = await rows(
        agent,
        "ads_insights",
        **ACCOUNT,
        level="adset",
        date_preset="last_30d",
        sort="-purchase_value",
        **EVERY,
    )
    sets = {
        row["id"]: row
        for row in await rows(agent, "ad_sets", **ACCOUNT, fields=["id", "daily_budget_major"], **EVERY)
    }
    top = next(row["adset_id"] for row in best if sets[row["adset_id"]]["daily_budget_major"])
    text = await done(agent, "ad_sets", "update", adset_id=top, daily_budget="100 USD")
    assert f"{sets[top]['daily_budget_major']} → 100.00 USD" in text
    after = await of_id(agent, "ad_sets", "adset_id", top, "daily_budget_major")
    assert after["daily_budget_major"] == "100.00"


async def test_rename_ad_set(agent: Agent) -> None:
    """Rename my most recent ad set to 'Holiday Promo'"""
    recent = (await newest(agent, "ad_sets"))["id"]
    await done(agent, "ad_sets", "update", adset_id=recent, name="Holiday Promo")
    assert (await of_id(agent, "ad_sets", "adset_id", recent, "name"))["name"] == "Holiday Promo"


async def test_create_ad(agent: Agent) -> None:
    """Create a new ad in my latest ad set"""
    ad_set = (await launched(agent, "For one more ad"))["ad_sets"]
    creative = (await rows(agent, "ad_creatives", **ACCOUNT, limit=1))[0]["id"]
    await done(
        agent,
        "ads",
        "create",
        **ACCOUNT,
        name="One more",
        adset_id=ad_set,
        creative={"creative_id": creative},
    )
    names = {row["name"] for row in await rows(agent, "ads", **ACCOUNT, adset_id=ad_set)}
    assert names == {"For one more ad", "One more"}


async def test_pause_ads(agent: Agent) -> None:
    """Pause all ads in my most recent ad set"""
    running = await rows(agent, "ads", **ACCOUNT, effective_status="ACTIVE", **EVERY)
    ad_set = running[0]["adset_id"]
    ads = [row["id"] for row in running if row["adset_id"] == ad_set]
    text = await done(agent, "ads", "pause", ad_id=ads)
    assert f"{len(ads)} of {len(ads)} done" in text
    after = await rows(agent, "ads", **ACCOUNT, adset_id=ad_set, fields=["id", "status"], **EVERY)
    assert {row["status"] for row in after} == {"PAUSED"}


async def test_pixels(agent: Agent) -> None:
    """List all pixels in my ad account"""
    found = await rows(agent, "pixels", **ACCOUNT)
    assert found
    assert all(row["id"].isdecimal() and row["name"] for row in found)


async def test_pixel_stats(agent: Agent) -> None:
    """Show me the event stats for my pixel"""
    pixel = (await rows(agent, "pixels", **ACCOUNT))[0]["id"]
    stats = await rows(agent, "pixel_stats", pixel_id=pixel, **EVERY)
    assert stats
    assert all(row["start_time"] and int(row["count"]) >= 0 for row in stats)


async def test_tracked_events(agent: Agent) -> None:
    """What events is my Facebook pixel tracking?"""
    pixel = (await rows(agent, "pixels", **ACCOUNT))[0]["id"]
    stats = await rows(agent, "pixel_stats", pixel_id=pixel, aggregation="event", **EVERY)
    assert {"PageView", "Purchase"} <= {row["event"] for row in stats}


async def test_political_ads(agent: Agent) -> None:
    """Search the Ad Library for political ads in the US"""
    found = await rows(
        agent,
        "ad_library",
        ad_reached_countries="US",
        ad_type="POLITICAL_AND_ISSUE_ADS",
        search_terms="vote",
    )
    assert found
    assert all(row["page_name"] for row in found)


async def test_ads_about_a_subject(agent: Agent) -> None:
    """Find ads about climate change in the Ad Library"""
    found = await rows(
        agent, "ad_library", search_terms="climate change", fields=["id", "page_name", "ad_creative_bodies"]
    )
    assert found
    assert all("climate" in row["ad_creative_bodies"].lower() for row in found)


async def test_ads_of_a_page(agent: Agent) -> None:
    """Show me Ad Library ads from a specific Facebook page"""
    asked = {"search_terms": "climate change", "fields": ["id", "page_id"]}
    page = (await rows(agent, "ad_library", **asked))[0]["page_id"]
    found = await rows(agent, "ad_library", search_page_ids=[page], fields=["id", "page_id"])
    assert {row["page_id"] for row in found} == {page}


async def test_highest_daily_budget(agent: Agent) -> None:
    """Show me the ad sets with the highest daily budget"""
    found = await rows(agent, "ad_sets", **ACCOUNT, fields=["id", "name", "daily_budget_major"], **EVERY)
    budgets = sorted(Decimal(row["daily_budget_major"]) for row in found if row["daily_budget_major"])
    assert budgets[-1] > budgets[0] > 0


async def test_insights_of_a_week(agent: Agent) -> None:
    """Show me the performance insights for the last 7 days"""
    answer = await agent.table(FACEBOOK, "ads_insights", "list", **ACCOUNT, date_preset="last_7d")
    [row] = answer.rows
    assert Decimal(row["spend"]) > 0
    assert int(row["impressions"]) > int(row["clicks"]) > 0
    assert answer.meta["range"]


async def test_most_spend(agent: Agent) -> None:
    """Which campaigns have the most spend this month?"""
    month = {**ACCOUNT, "level": "campaign", "date_preset": "this_month"}
    found = await rows(agent, "ads_insights", **month, sort="-spend", limit=3)
    spent = [Decimal(row["spend"]) for row in found]
    assert spent == sorted(spent, reverse=True)
    everything = await rows(agent, "ads_insights", **month, **EVERY)
    assert spent[:1] == [max(Decimal(row["spend"]) for row in everything)][: len(spent)]


async def test_highest_click_through_rate(agent: Agent) -> None:
    """Show me ads with the highest click-through rate"""
    found = await rows(
        agent, "ads_insights", **ACCOUNT, level="ad", date_preset="last_30d", sort="-ctr", limit=5,
        fields=["ad_id", "ad_name", "ctr", "clicks", "impressions"],
    )  # fmt: skip
    rates = [Decimal(row["ctr"]) for row in found]
    assert len(rates) == 5
    assert rates == sorted(rates, reverse=True)


@pytest.mark.slow
async def test_delete_creative(agent: Agent) -> None:
    """Delete this ad creative"""
    some = (await rows(agent, "ad_creatives", **ACCOUNT, limit=1))[0]["id"]
    spec = await of_id(agent, "ad_creatives", "creative_id", some, "object_story_spec")
    page = spec["object_story_spec"]["page_id"]
    story = {"page_id": page, "link_data": {"link": "https://example.com/spring", "message": "Not used"}}
    await done(agent, "ad_creatives", "create", **ACCOUNT, name="Not used", object_story_spec=story)
    [made] = [
        row for row in await rows(agent, "ad_creatives", **ACCOUNT, **EVERY) if row["name"] == "Not used"
    ]
    text = await done(agent, "ad_creatives", "delete", creative_id=made["id"])
    assert "undo: ads_apply(" not in text
    after = await rows(agent, "ad_creatives", **ACCOUNT, **EVERY)
    assert made["id"] not in {row["id"] for row in after if row["status"] != "DELETED"}


async def _deleted(agent: Agent, entity: str, param: str) -> None:
    """One object is deleted after a plan that says it cannot be undone; it is gone from the list."""
    object_id = (await launched(agent, f"To delete, {entity}"))[entity]
    call = {"entity": entity, "action": "delete", "params": {param: object_id}}
    plan = await agent.good(f"{FACEBOOK}_execute", **call)
    assert "cannot" in plan
    assert object_id in plan
    text = await done(agent, entity, "delete", **{param: object_id})
    assert "undo: ads_apply(" not in text
    assert object_id not in {row["id"] for row in await rows(agent, entity, **ACCOUNT, **EVERY)}
    assert (await of_id(agent, entity, param, object_id, "status"))["status"] == "DELETED"


async def test_delete_campaign(agent: Agent) -> None:
    """Delete this campaign"""
    await _deleted(agent, "campaigns", "campaign_id")


async def test_delete_ad_set(agent: Agent) -> None:
    """Delete this ad set"""
    await _deleted(agent, "ad_sets", "adset_id")


async def test_delete_ad(agent: Agent) -> None:
    """Delete this ad"""
    await _deleted(agent, "ads", "ad_id")


def test_every_prompt_has_its_journey() -> None:
    """What is listed is what is made, once each."""
    here = vars(sys.modules[__name__])
    journeys = [
        value.__doc__
        for name, value in here.items()
        if name.startswith("test_") and inspect.iscoroutinefunction(value)
    ]
    assert sorted(map(str, journeys)) == sorted((*SUPPORTED, *UNSUPPORTED))
