"""Texts of advertisers and platforms that try to instruct whoever reads them: data, on every road."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from agent import Agent
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient
from fastmcp import Client
from marked import MARK, TEXT, Marked, marking, misplaced
from planning import SPRING
from shell import Shell

from mcp_ads.server import build_server

pytestmark = pytest.mark.anyio
LI, SP = {"account_id": LINKEDIN_US}, {"profile_id": PROFILE}
READS: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    FACEBOOK: [
        ("campaigns", "list", {"account_id": US}), ("campaigns", "get", {"campaign_id": SPRING}),
        ("ad_creatives", "list", {"account_id": US}), ("ads", "list", {"account_id": US}),
        ("ads_insights", "list", {"account_id": US, "level": "ad"}), ("pages", "list", {}),
        ("leads", "list", {"form_id": "120250000000000002", "fields": ["id", "ad_name", "field_data"]}),
        ("custom_audiences", "list", {"account_id": US}), ("ad_accounts", "list", {}),
        ("graph", "get", {"path": f"/{SPRING}", "query": {"fields": "id,name"}}),
    ],
    LINKEDIN: [
        ("campaigns", "list", LI), ("campaigns", "get", {**LI, "campaign_id": "300000001"}),
        ("creatives", "list", LI), ("campaign_groups", "list", LI), ("accounts", "list", {}),
        ("lead_form_responses", "list", {**LI, "fields": ["id", "answers"]}),
        ("ad_campaign_analytics", "list", LI), ("organizations", "list", {}),
    ],
    AMAZON: [
        ("sponsored_product_campaigns", "list", SP), ("sponsored_product_keywords", "list", SP),
        ("portfolios", "list", SP), ("profiles", "list", {}),
        ("sponsored_product_negative_keywords", "list", SP),
        ("sponsored_product_campaigns", "get", {**SP, "campaign_id": "120000000000001"}),
    ],
}  # fmt: skip
REFUSED: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    FACEBOOK: [("campaigns", "get", {"campaign_id": "999"}), ("campaigns", "list", {"account_id": "999"})],
    LINKEDIN: [
        ("campaigns", "get", {**LI, "campaign_id": "999"}),
        ("accounts", "get", {"account_id": "999"}),
    ],
    AMAZON: [
        ("sponsored_product_campaigns", "get", {**SP, "campaign_id": "999"}),
        ("profiles", "get", {"profile_id": "999"}),
    ],
}
WRITES: dict[str, tuple[str, dict[str, Any]]] = {
    FACEBOOK: ("campaigns", {"campaign_id": SPRING}),
    LINKEDIN: ("campaigns", {**LI, "campaign_id": "300000001"}),
    AMAZON: ("sponsored_product_campaigns", {**SP, "campaign_id": "120000000000001"}),
}
ACROSS = [
    ("accounts", "list"), ("performance", "list"), ("search_terms", "list"), ("objects", "list"),
    ("delivery_issues", "list"), ("conversions", "list"),
]  # fmt: skip


@pytest.fixture
async def agent(engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Agent]:
    """A client of a server whose platforms answer with the mark wherever somebody wrote a text."""
    marking(monkeypatch)
    async with Client(build_server(engine_client.settings, engine_client.workspace)) as client:
        yield Agent(client)


async def said(
    agent: Agent, connector: str, entity: str, action: str, style: str = "table", **params: Any
) -> str:
    """The text of an answer, whatever it is."""
    asked = {"entity": entity, "action": action, "params": params, "format": style}
    return (await agent.call(f"{connector}_execute", **asked))[0]


@pytest.mark.slow
@pytest.mark.parametrize("connector", READS)
async def test_rows_are_cells(agent: Agent, connector: str) -> None:
    """Tables and records have it in its cell, quoted and cut; JSON has it as a text, whole."""
    seen = 0
    for entity, action, given in READS[connector]:
        params = given | ({"limit": 3} if action == "list" else {})
        table = await said(agent, connector, entity, action, **params)
        assert not table.startswith("ERROR"), (entity, table[:500])
        assert misplaced(table, cells=True) == [], (entity, action)
        head = table.partition("\n")[0]
        assert misplaced(head) == [], (entity, head[:500])
        text = await said(agent, connector, entity, action, "json", **params)
        json.loads(text)
        seen += MARK in table
    assert seen >= len(READS[connector]) - 2


@pytest.mark.parametrize("connector", REFUSED)
async def test_what_a_platform_says_is_quoted(agent: Agent, connector: str) -> None:
    """Of an error's lines one has it, in quotes and cut; ours never repeat it."""
    for entity, action, params in REFUSED[connector]:
        text = await said(agent, connector, entity, action, **params)
        assert text.startswith("ERROR "), text
        assert misplaced(text) == [], entity
        ours = [line for line in text.split("\n") if not line.startswith("says: ")]
        assert MARK not in "".join(ours)


@pytest.mark.parametrize("connector", WRITES)
async def test_plans_name_it_in_quotes(agent: Agent, engine_client: EngineClient, connector: str) -> None:
    """The plan, its page, what applying it says, the way back, and the log: a name, never a sentence."""
    entity, params = WRITES[connector]
    budget = {"daily_budget": "+10%"}
    plan = await said(agent, connector, entity, "update", **params, **budget)
    found = re.search(r"^PLAN (\S+)$", plan, re.MULTILINE)
    assert found, plan
    page = await agent.read(f"ads://plans/{found[1]}")
    applied = await agent.good("ads_apply", plan_id=found[1])
    assert "APPLIED: 1 of 1 done" in applied
    back = re.search(r"undo: \S*?([A-Za-z0-9.:_-]{40,120})", applied)
    assert back, applied
    undone = await agent.good("ads_apply", plan_id=back[1])
    for text in (plan, applied, undone):
        assert misplaced(text) == [], text
        assert len(text) < 3_000
    assert misplaced(page, whole=True) == []
    for line in engine_client.settings.audit_path.read_text("utf-8").split("\n")[:-1]:
        assert json.loads(line)["connector"] == connector


@pytest.mark.parametrize("connector", WRITES)
async def test_a_refused_change_quotes_the_platform(
    agent: Agent, monkeypatch: pytest.MonkeyPatch, connector: str
) -> None:
    """What a platform says against a change that was approved, in the answer and in its JSON."""
    entity, params = WRITES[connector]
    plan = await agent.plan(f"{connector}", entity, "update", **params, daily_budget="+10%")
    error = {"message": TEXT, "code": 100, "error_user_title": TEXT, "error_user_msg": TEXT}
    body = {"error": error, "message": TEXT, "status": 400, "code": "INVALID_ARGUMENT", "details": TEXT}
    monkeypatch.setattr(Marked, "refused", body)
    text, failed = await agent.call("ads_apply", plan_id=plan)
    assert failed, text
    assert MARK in text
    assert misplaced(text) == [], text


@pytest.mark.slow
async def test_questions_over_all_platforms(agent: Agent) -> None:
    """Rows of every platform beside each other, what is said of coverage, and proposals of plans."""
    for entity, action in ACROSS:
        text = await said(agent, "ads", entity, action, limit=4)
        assert misplaced(text, cells=True) == [], entity
        assert misplaced("\n".join(line for line in text.split("\n") if line.startswith("meta: "))) == [], (
            entity
        )


async def test_overview_and_discovery(agent: Agent) -> None:
    """Names of accounts stand in the overview and in what says which one is meant."""
    for arguments in ({}, {"connector": FACEBOOK}, {"connector": AMAZON}, {"query": "campaign"}):
        assert misplaced(await agent.good("ads_describe", **arguments)) == []
    for connector, entity in ((FACEBOOK, "campaigns"), (LINKEDIN, "campaigns"), (AMAZON, "portfolios")):
        text = await said(agent, connector, entity, "list")
        assert "missing, required" in text
        assert misplaced(text) == []


async def test_records_of_the_sdk_keep_it_in_its_field(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program gets the record as it is; what is said beside it has nothing of it."""
    marking(monkeypatch)
    for connector in READS:
        entity, action, params = READS[connector][0]
        result = await engine_client.records(connector, entity, action, **params, limit=2)
        assert TEXT in [row["name"] for row in result.data]
        assert MARK not in str(result.meta)


COMMANDS = [
    ["accounts"], ["doctor"], ["plans"], ["describe"], ["trace"],
    ["call", "facebook", "campaigns", "list", "--params", '{"account_id": "999"}'],
    ["call", "linkedin", "campaigns", "list"],
]  # fmt: skip


def test_commands(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a person reads in a terminal: names of accounts and plans in their place."""
    marking(monkeypatch)
    shell.set(MCP_ADS_SANDBOX="1")
    pause = json.dumps({"campaign_id": SPRING})
    assert shell.run("call", "facebook", "campaigns", "pause", "--params", pause)[0] == 0
    for words in COMMANDS:
        _, out, err = shell.run(*words)
        assert misplaced(out + err) == [], words
