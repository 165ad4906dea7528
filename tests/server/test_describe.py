"""ads_describe and the resources: everything an agent needs to know, on demand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from agent import Agent

pytestmark = pytest.mark.anyio


async def test_start_here(either_agent: Agent) -> None:
    """Connectors, accounts with currency and local date, the write mode, and where to go on."""
    text = await either_agent.good("ads_describe")
    assert text.startswith("SANDBOX: ")
    assert "writes: plan" in text
    assert 'account_id 1234567890: "Tern & Tide (US)", USD, today 20' in text
    assert "profile_id 3312345678901234" in text
    assert "ads_describe(connector)" in text


async def test_caps_and_mode_are_said(agent_with: Callable[..., Any]) -> None:
    """What a person decided is known before anything is tried."""
    agent = await agent_with(
        MCP_ADS_SANDBOX="1", MCP_ADS_WRITES="off", MCP_ADS_MAX_DAILY_BUDGET="100 USD, 90 EUR",
        MCP_ADS_MAX_BUDGET_INCREASE_PCT="50", MCP_ADS_CONNECTORS="facebook-marketing",
    )  # fmt: skip
    text = await agent.good("ads_describe")
    assert "writes: off: nothing can be changed" in text
    assert "caps: 100 USD a day, 90 EUR a day, budgets may rise 50 % in 24 hours" in text
    assert "linkedin" not in text


async def test_down_to_one_action(agent: Agent) -> None:
    """Entities, their actions, an action's parameters with an example that works as it is."""
    assert "campaigns: list, get, create" in await agent.good("ads_describe", connector="facebook-marketing")
    actions = await agent.good("ads_describe", connector="facebook_marketing", entity="campaigns")
    assert "campaigns.create(account_id*, name*, objective*" in actions
    page = await agent.good("ads_describe", connector="facebook_marketing", entity="campaigns", action="list")
    example = json.loads(page.rpartition("Example params: ")[2])
    assert await agent.good("facebook_marketing_execute", entity="campaigns", action="list", params=example)


async def test_an_entity_alone(agent: Agent) -> None:
    """One that only one platform has needs no connector; one that several have is shown for each."""
    assert (await agent.good("ads_describe", entity="ad_sets")).startswith("facebook_marketing ad_sets")
    both = await agent.good("ads_describe", entity="campaigns")
    assert "facebook_marketing campaigns:" in both
    assert "linkedin_ads campaigns:" in both


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("pause a facebook campaign", "facebook_marketing campaigns.pause("),
        ("linkedin budget of a campaign group", "linkedin_ads campaign_groups."),
        ("amazon search term report", "amazon_ads reports."),
        ("spend per ad on meta", "facebook_marketing ads_insights.list("),
        ("new keyword", "amazon_ads sponsored_product_keywords.create("),
        ("change the budget of an ad set", "facebook_marketing ad_sets.update("),
        ("change headline text of a LinkedIn ad", "linkedin_ads creatives.create_inline("),
        ("exclude an industry from a LinkedIn campaign", "linkedin_ads campaigns.edit_targeting("),
        ("lead campaign draft on LinkedIn", "linkedin_ads campaigns.create("),
        ("invite colleague linkedin", "linkedin_ads account_users.create("),
        ("my pages linkedin", "linkedin_ads organizations.list("),
        ("why does nothing deliver", "facebook_marketing delivery_issues.list("),
        ("who changed the budget", "facebook_marketing activities.list("),
        ("show me a preview of the ad", "facebook_marketing ad_previews.list("),
        ("budget pacing", "ads pacing.list("),
        ("search terms negatives", "ads search_terms.negatives("),
        ("search terms to add as keywords", "ads search_terms.harvest("),
        ("are we on track with the monthly budget", "ads pacing.list("),
    ],
)
async def test_search(agent: Agent, query: str, first: str) -> None:
    """A question finds the action that answers it, first."""
    assert (await agent.good("ads_describe", query=query)).startswith(first)


async def test_search_finds_nothing(agent: Agent) -> None:
    """Then it says where everything is listed."""
    assert "nothing fits" in await agent.good("ads_describe", query="zzz")


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ({"connector": "facebok"}, "UnknownConnector"),
        ({"connector": "facebook_marketing", "entity": "campaing"}, "UnknownAction"),
        ({"connector": "facebook_marketing", "entity": "campaigns", "action": "stop"}, "UnknownAction"),
    ],
)
async def test_what_there_is_not(agent: Agent, asked: dict[str, str], kind: str) -> None:
    """A wrong name is answered with those there are."""
    assert f"ERROR {kind}: " in await agent.wrong("ads_describe", **asked)


async def test_resources(either_agent: Agent) -> None:
    """The same pages for clients that read resources: concrete ones listed, actions and plans by template."""
    uris = {str(resource.uri) for resource in await either_agent.client.list_resources()}
    assert {"ads://connectors", "ads://linkedin_ads", "ads://amazon_ads/reports"} <= uris
    templates = {template.uri_template for template in await either_agent.client.list_resource_templates()}
    assert templates == {"ads://{connector}/{entity}/{action}", "ads://plans/{plan_id}"}
    assert "account_id 1234567890" in await either_agent.read("ads://connectors")
    assert "campaigns: list" in await either_agent.read("ads://linkedin_ads")
    assert "reports.run(" in await either_agent.read("ads://amazon_ads/reports")
    page = json.loads(await either_agent.read("ads://facebook_marketing/campaigns/create"))
    assert page["risk"] == "write"
    assert "objective" in page["params_schema"]["required"]


async def test_a_plan_as_a_resource(either_agent: Agent) -> None:
    """All steps of a plan, with what will be sent and without how it is signed."""
    campaign = (
        await either_agent.table("facebook_marketing", "campaigns", "list", account_id="1234567890", limit=1)
    ).ids[0]
    plan = await either_agent.plan("facebook_marketing", "campaigns", "pause", campaign_id=campaign)
    record = json.loads(await either_agent.read(f"ads://plans/{plan}"))
    assert record["plan_id"] == plan
    assert record["steps"][0]["requests"][0]["url"].endswith(campaign)


@pytest.mark.parametrize(
    "uri", ["ads://facebook_marketing/campaigns/stop", "ads://nobody/x/y", "ads://plans/none"]
)
async def test_resources_there_are_not(either_agent: Agent, uri: str) -> None:
    """The reason is said here too."""
    with pytest.raises(Exception, match=r"has no action|no connector|no plan|not"):
        await either_agent.read(uri)


async def test_platforms_without_a_sign_in_are_named(agent_with: Callable[..., Any]) -> None:
    """One sign-in leaves the other platforms without a tool: how to sign in to them is found all the same."""
    agent = await agent_with(LINKEDIN_ADS_ACCESS_TOKEN="t" * 20, MCP_ADS_CONNECTORS="linkedin,amazon")
    lacking = r"amazon_ads \(Amazon Ads\): nobody is signed in; the user runs `\S+ login amazon-ads`"
    for asked in (
        {"query": "sign in to Amazon"}, {"query": "how do I log in"}, {"query": "amazon campaigns"},
        {"connector": "amazon_ads"},
    ):  # fmt: skip
        assert re.search(lacking, await agent.good("ads_describe", **asked)), asked
    other = await agent.good("ads_describe", query="sign in to LinkedIn")
    assert re.search(r"linkedin_ads \(LinkedIn Ads\): credentials are there \(linkedin\); `\S+ login", other)
    assert "amazon_ads" not in other
    assert "facebook" not in await agent.good("ads_describe", query="log in")
    assert "login" not in await agent.good("ads_describe", query="linkedin campaigns")
