"""`ads_execute`: one tool for questions over all platforms, beside those of each."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from agent import Agent
from engine_client import FACEBOOK, JAPAN, LINKEDIN, LINKEDIN_US, Table
from fastmcp.exceptions import McpError
from named_tokens import entry, running

pytestmark = pytest.mark.anyio


async def test_one_call_answers_over_all_accounts(agent: Agent) -> None:
    """Rows of every platform in one table, as JSON too, with parameters wherever clients put them."""
    answer = await agent.table("ads", "accounts", "list")
    assert {row["platform"] for row in answer.rows} == {"facebook", "linkedin", "amazon"}
    flat = await agent.good("ads_execute", entity="accounts", action="list", top="1", format="json")
    assert len(json.loads(flat)["data"]) == 1


@pytest.mark.parametrize(
    ("tool", "entity", "has_it"),
    [
        ("ads", "campaigns", f"{FACEBOOK}_execute and {LINKEDIN}_execute have it"),
        ("ads", "reports", "amazon_ads_execute has it"),
        (FACEBOOK, "performance", "ads_execute has it"),
        (LINKEDIN, "objects", "ads_execute has it"),
    ],
)
async def test_an_entity_of_another_tool_is_answered_with_that_tool(
    agent: Agent, tool: str, entity: str, has_it: str
) -> None:
    """Whatever is asked of it, also where the action is left out."""
    for action in ({"action": "list"}, {"action": "pause"}, {}):
        text = await agent.wrong(f"{tool}_execute", entity=entity, **action)
        assert has_it in text
        assert "sent: no" in text


async def test_what_is_missing_is_named(agent: Agent) -> None:
    """Its entities where none is named, and no such action where one is made up; a write is none of its."""
    assert "one of performance, pacing, accounts, objects" in await agent.wrong("ads_execute")
    assert "no action 'create'" in await agent.wrong("ads_execute", entity="accounts", action="create")


async def test_described_like_any_connector(agent: Agent) -> None:
    """First in what there is; its entities, its actions, one action's parameters; as resources too."""
    there = await agent.good("ads_describe")
    assert there.index("ads (All platforms)") < there.index(FACEBOOK)
    assert "objects: search." in await agent.good("ads_describe", connector="ads")
    page = await agent.good("ads_describe", connector="ads", entity="objects", action="search")
    assert "query* (text)" in page
    assert page == await agent.good("ads_describe", connector="ads", entity="objects", action="list")
    assert await agent.read("ads://ads") == await agent.good("ads_describe", connector="ads")
    assert "query" in json.loads(await agent.read("ads://ads/objects/search"))["params_schema"]["properties"]
    assert "accounts.list" in await agent.read("ads://ads/accounts")
    with pytest.raises(McpError, match="has no entity"):
        await agent.read("ads://ads/campaigns/list")


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("which campaigns wasted money last week", "ads performance.list"),
        ("spend yesterday all accounts", "ads performance.list"),
        ("weekly report against the week before", "ads performance.list"),
        ("campaigns by month this quarter", "ads performance.list"),
        ("compare facebook and linkedin spend", "ads performance.list"),
        ("disapproved ads everywhere", "ads delivery_issues.list"),
        ("find campaign spring sale", "ads objects.search"),
        ("list all accounts", "ads accounts.list"),
        ("facebook spend yesterday", f"{FACEBOOK} ads_insights.list"),
        ("pause a campaign", f"{FACEBOOK} campaigns.pause"),
    ],
)
async def test_questions_over_all_find_it_first(agent: Agent, question: str, first: str) -> None:
    """What names no platform, or several, finds what asks them all; a platform's own question its own."""
    assert (await agent.good("ads_describe", query=question)).startswith(f"{first}(")


async def test_only_over_the_platforms_that_are_used(agent_with: Callable[..., Any]) -> None:
    """Those MCP_ADS_CONNECTORS leaves off have no rows and no word."""
    agent = await agent_with(MCP_ADS_SANDBOX="1", MCP_ADS_CONNECTORS="linkedin-ads")
    answer = await agent.table("ads", "accounts", "list")
    assert {row["platform"] for row in answer.rows} == {"linkedin"}
    assert "facebook" not in await agent.wrong("ads_execute", entity="campaigns", action="list")


async def test_a_tokens_accounts_hold_for_it_too(tmp_path: Path) -> None:
    """Over HTTP a token with two accounts is answered over these alone, and reads with the scope read."""
    accounts = [f"facebook:{JAPAN}", f"linkedin:{LINKEDIN_US}"]
    async with running(tmp_path, entry("acme", "read", accounts)) as server, server.agent("acme") as agent:
        answer = await agent.table("ads", "accounts", "list")
        assert [row["account"] for row in answer.rows] == [JAPAN, LINKEDIN_US]
        found = await agent.table("ads", "objects", "search", query="e", limit=1000, level="campaign")
        assert {row["account"] for row in found.rows} == {JAPAN, LINKEDIN_US}
        refused = await agent.wrong(
            "ads_execute", entity="objects", action="search", params={"query": "e", "accounts": "amazon:1"}
        )
        assert "OutOfScope" in refused or "accounts:" in refused


async def test_it_reads_in_every_mode(agent_with: Callable[..., Any]) -> None:
    """With writes carried out at once it is read-only all the same."""
    agent = await agent_with(MCP_ADS_SANDBOX="1", MCP_ADS_WRITES="direct")
    tools = {tool.name: tool for tool in await agent.client.list_tools()}
    assert tools["ads_execute"].annotations.read_only_hint is True
    text = await agent.good("ads_execute", entity="accounts", action="list")
    assert Table(text).meta["total"] == 7
