"""Calls as models write them, and what the answers teach."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from agent import Agent
from engine_client import EngineClient, Table

from mcp_ads.engine.reads import read as engine

pytestmark = pytest.mark.anyio
US = "1234567890"
FACEBOOK = "facebook_marketing_execute"
LIST = {"entity": "campaigns", "action": "list"}


@pytest.mark.parametrize(
    "arguments",
    [
        {"params": {"account_id": US, "limit": 2}},
        {"params": '{"account_id": "1234567890", "limit": 2}'},
        {"account_id": US, "limit": 2},
        {"account_id": US, "limit": "2", "params": None},
        {"account_id": US, "limit": 2, "params": ""},
        {"account_id": US, "params": '{"limit": 2}'},
        {"params": {"accountId": US, "limit": 2, "cursor": None}, "format": None},
        {"params": {"account_id": 1234567890, "limit": 2}, "format": "table"},
    ],
)
async def test_parameters_in_every_shape(agent: Agent, arguments: dict[str, Any]) -> None:
    """An object, JSON text, nothing, or beside the entity."""
    table = Table(await agent.good(FACEBOOK, **LIST, **arguments))
    assert table.meta["rows"] == 2
    assert table.meta["account"] == US


@pytest.mark.parametrize("name", ["entity", "action", "plan_id", "query"])
@pytest.mark.parametrize("value", [{"users": [{"email": "mary@example.com"}]}, ["mary@example.com"]])
async def test_a_name_that_is_no_text(agent: Agent, name: str, value: Any) -> None:
    """It is refused, and repeated neither in the answer nor in the trace: it may be about people."""
    tool = {"plan_id": "ads_apply", "query": "ads_describe"}.get(name, FACEBOOK)
    text = await agent.wrong(tool, **{**(LIST if tool == FACEBOOK else {}), name: value})
    assert f"{name}: write text, not a" in text
    assert "mary" not in text


async def test_lists_in_every_shape(agent: Agent) -> None:
    """A list is also JSON text or words between commas."""
    for fields in (["id", "name"], '["id", "name"]', "id,name", "id, name"):
        table = await agent.table("facebook_marketing", "campaigns", "list", account_id=US, fields=fields)
        assert list(table.rows[0]) == ["id", "name"]


async def test_json_on_request(either_agent: Agent) -> None:
    """The other format is JSON and nothing else."""
    text = await either_agent.good(FACEBOOK, **LIST, params={"account_id": US, "limit": 1}, format="json")
    answer = json.loads(text)
    assert list(answer) == ["data", "errors", "meta"]
    assert next(iter(answer["meta"])) == "SANDBOX"


async def test_a_format_of_the_action(agent: Agent) -> None:
    """A format that is none of ours belongs to the action; one that has none says which formats there are."""
    text = await agent.wrong(FACEBOOK, **LIST, account_id=US, format="MOBILE_FEED_STANDARD")
    assert "format: 'MOBILE_FEED_STANDARD' is neither table nor json" in text


@pytest.mark.parametrize(
    ("arguments", "taught"),
    [
        ({"entity": "campaign", "action": "list"}, "did you mean campaigns?"),
        ({"entity": "campaigns", "action": "lst"}, "did you mean list?"),
        ({"action": "list"}, "entity: missing, required; one of "),
        ({"entity": "campaigns"}, "action: missing, required; campaigns has list, get"),
        ({**LIST, "params": {"acount_id": US}}, "acount_id: no such parameter; did you mean account_id?"),
        ({**LIST, "params": {"account_id": "x"}}, 'account_id: "x" does not fit'),
        ({**LIST, "params": {"account_id": US, "limit": 0}}, "limit: "),
        ({**LIST, "params": {"account_id": US, "effective_status": ["ACTVE"]}}, "did you mean ACTIVE?"),
        ({**LIST, "params": "{account_id: 1}"}, "params: not valid JSON"),
        ({**LIST, "params": '{"a": {"limit": 1, "limit": 2}}'}, "'limit' stands twice in one object"),
        ({**LIST, "params": [1]}, "params: an object is needed, not list"),
        (
            {"entity": "ads_insights", "action": "list", "params": {"account_id": US, "time_range": "soon"}},
            "last_7d",
        ),
        ({"entity": "campaigns", "action": "get"}, "campaign_id: missing, required"),
        (
            {"entity": "campaigns", "action": "create", "params": {"account_id": US}},
            "objective: missing, required",
        ),
    ],
)
async def test_a_wrong_call_teaches(
    agent_with: Callable[..., Any], tmp_path: Path, arguments: dict[str, Any], taught: str
) -> None:
    """The closest names, a line per mistake, how the call is written; and nothing is sent for it."""
    agent = await agent_with(MCP_ADS_SANDBOX="1")
    engine_client = EngineClient(tmp_path / "home", {})
    text = await agent.wrong(FACEBOOK, **arguments)
    assert taught in text
    assert "\nsent: no" in text
    assert "\ntrace=" in text
    if "params" in arguments and isinstance(arguments["params"], dict):
        assert "\nsignature: " in text
    assert engine_client.sent() == []
    await engine_client.close()


async def test_what_a_missing_value_means_keeps_its_capitals(agent: Agent) -> None:
    """A description that begins with one of the values, ACCOUNT, is said as it stands."""
    text = await agent.wrong(
        "linkedin_ads_execute", entity="analytics", action="list", params={"account_id": "512345678"}
    )
    assert "pivot: missing, required; ACCOUNT: one row" in text


async def test_every_mistake_at_once(either_agent: Agent) -> None:
    """One line each, those of the view among them."""
    text = await either_agent.wrong(
        FACEBOOK, **LIST, params={"limit": 0, "fieldz": 1, "effective_status": "NO"}
    )
    lines = text.split("\n")
    assert lines[0].startswith("ERROR InvalidParams: limit: ")
    assert any(line.startswith("  fieldz: no such parameter; did you mean fields?") for line in lines)


async def test_several_objects(agent: Agent) -> None:
    """A get takes a list of ids; what fails is said by its index, and not an error of the whole."""
    ids = (await agent.table("facebook_marketing", "campaigns", "list", account_id=US, limit=2)).ids
    text = await agent.good(FACEBOOK, entity="campaigns", action="get", params={"campaign_id": [*ids, "99"]})
    assert text.startswith("PARTIAL: 2 of 3 read")
    assert '"index":2' in text
    assert "NotFound" in text
    assert Table(text).ids == ids
    await agent.wrong(FACEBOOK, entity="campaigns", action="get", params={"campaign_id": ["98", "99"]})


@pytest.mark.parametrize(
    ("tool", "variables"),
    [
        ("facebook_marketing_execute", ["FACEBOOK_MARKETING_ACCESS_TOKEN", "Graph API Explorer"]),
        ("linkedin_ads_execute", ["LINKEDIN_ADS_REFRESH_TOKEN", "linkedin.com/developers"]),
        (
            "amazon_ads_execute",
            ["AMAZON_ADS_REFRESH_TOKEN", "AMAZON_ADS_CLIENT_ID", "advertising.amazon.com"],
        ),
    ],
)
async def test_nothing_is_configured(agent_with: Callable[..., Any], tool: str, variables: list[str]) -> None:
    """What to set, where to get it, and that there is something to try without."""
    agent = await agent_with()
    entity = "portfolios" if "amazon" in tool else "campaigns"
    text = await agent.wrong(tool, entity=entity, action="list", params={"account_id": US})
    assert all(variable in text for variable in (*variables, "MCP_ADS_SANDBOX=1"))
    overview = await agent.good("ads_describe")
    assert all(variable in overview for variable in (*variables, "MCP_ADS_SANDBOX=1"))


async def test_only_part_is_configured(agent_with: Callable[..., Any]) -> None:
    """Amazon starts with its refresh token; a call says that the client is missing."""
    agent = await agent_with(AMAZON_ADS_REFRESH_TOKEN="Atzr|x")
    text = await agent.wrong("amazon_ads_execute", entity="profiles", action="list")
    assert "AMAZON_ADS_CLIENT_ID, AMAZON_ADS_CLIENT_SECRET not set" in text


async def test_faults_of_ours_stay_here(
    either_agent: Agent, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An unexpected exception tells the agent nothing but where to look, and the log all but the secrets."""

    async def broken(*_: object) -> None:
        raise ZeroDivisionError("internals of /home/someone access_token=sandbox-MARKER-7f3a")

    monkeypatch.setattr(engine, "read", broken)
    with caplog.at_level(logging.ERROR, "mcp_ads"):
        text = await either_agent.wrong(FACEBOOK, **LIST, account_id=US)
    assert text.startswith("ERROR Unexpected: mcp-ads failed (ZeroDivisionError)\nsent: unknown\n")
    assert "internals" not in text
    assert "internals of" in caplog.text
    assert "test_calls.py" in caplog.text
    assert "MARKER" not in caplog.text
    assert text.rpartition("trace=")[2] in caplog.text


async def test_progress_of_a_report(either_agent: Agent) -> None:
    """Clients that show progress get it while a report is put together."""
    await either_agent.table("linkedin_ads", "ad_campaign_analytics", "list", account_id="512345678")
    assert either_agent.progress[0].startswith("0/")
    assert either_agent.progress[0].endswith("reading names")


@pytest.mark.slow
async def test_progress_of_a_facebook_report(agent: Agent) -> None:
    """How far Facebook is, and then how many rows were read, always a little further."""
    params = {"account_id": "1234567890", "level": "ad", "time_increment": 1}
    answer = await agent.table("facebook_marketing", "ads_insights", "run", **params)
    assert answer.meta["total"] > 1000
    done = [int(text.partition("/")[0]) for text in agent.progress]
    assert agent.progress[:2] == ["0/100 report: Job Not Started", "12/100 report: Job Started"]
    assert agent.progress[-1].endswith("rows")
    assert done == sorted(set(done))


async def test_writes_are_plans(either_agent: Agent, tmp_path: Path) -> None:
    """A write changes nothing; applying it does, once; an unknown plan is an error."""
    campaign = (
        await either_agent.table("facebook_marketing", "campaigns", "list", account_id=US, limit=1)
    ).ids[0]
    plan = await either_agent.plan("facebook_marketing", "campaigns", "pause", campaign_id=campaign)
    engine_client = EngineClient(tmp_path / "home", {})
    assert engine_client.store.writes() == []
    text = await either_agent.good("ads_apply", plan_id=f" {plan} ")
    assert "APPLIED: 1 of 1 done" in text
    assert len(engine_client.store.writes()) == 1
    assert "carried out before" in await either_agent.good("ads_apply", plan_id=plan)
    assert len(engine_client.store.writes()) == 1
    assert "UnknownPlan" in await either_agent.wrong("ads_apply", plan_id="x")
    assert "plan_id: missing" in await either_agent.wrong("ads_apply", plan_id="")
    await engine_client.close()


@pytest.mark.parametrize("mode", ["off", "direct"])
async def test_write_modes(agent_with: Callable[..., Any], tmp_path: Path, mode: str) -> None:
    """Off sends nothing at all; direct sends at once, and there is nothing to apply."""
    agent = await agent_with(MCP_ADS_SANDBOX="1", MCP_ADS_WRITES=mode)
    campaign = (await agent.table("facebook_marketing", "campaigns", "list", account_id=US, limit=1)).ids[0]
    pause = {"entity": "campaigns", "action": "pause", "params": {"campaign_id": campaign}}
    text, failed = await agent.call(FACEBOOK, **pause)
    engine_client = EngineClient(tmp_path / "home", {})
    assert failed is (mode == "off")
    assert len(engine_client.store.writes()) == (mode == "direct"), text
    await engine_client.close()
