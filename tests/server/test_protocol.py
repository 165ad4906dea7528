"""What the protocol says of this server: errors by code, capabilities that are there, arguments it has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from agent import Agent
from fastmcp import Client, FastMCP
from mcp import MCPError

from mcp_ads.server import build_server
from mcp_ads.settings import load

pytestmark = pytest.mark.anyio
ERAS = ("auto", "legacy")
INVALID_PARAMS = -32602
SKILLS = "io.modelcontextprotocol/skills"


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("ads://facebook_marketing/campaigns/stop", "did you mean pause"),
        ("ads://facebook_marketing/campaing/list", "did you mean campaigns"),
        ("ads://nobody/x/y", "no connector 'nobody'"),
        ("ads://plans/none", "no plan"),
    ],
)
async def test_a_uri_that_leads_nowhere(
    agent_with: Callable[..., Any], capfd: pytest.CaptureFixture[str], mode: str, uri: str, said: str
) -> None:
    """Invalid parameters with our own text, and no traceback anywhere, in both protocol eras."""
    agent = await agent_with(mode, MCP_ADS_SANDBOX="1")
    with pytest.raises(MCPError, match=said) as told:
        await agent.read(uri)
    assert told.value.error.code == INVALID_PARAMS
    out, err = capfd.readouterr()
    assert "Traceback" not in out + err


@pytest.mark.parametrize("mode", ERAS)
async def test_switched_off_connectors_are_not_there(agent_with: Callable[..., Any], mode: str) -> None:
    """What MCP_ADS_CONNECTORS leaves out is described by no tool and no resource."""
    agent = await agent_with(mode, MCP_ADS_SANDBOX="1", MCP_ADS_CONNECTORS="facebook")
    for asked in ({"connector": "linkedin_ads"}, {"connector": "linkedin", "entity": "campaigns"}):
        text = await agent.wrong("ads_describe", **asked)
        assert "not among MCP_ADS_CONNECTORS" in text
    text = await agent.wrong("ads_describe", connector="amazon_ads", query="reports")
    assert "sponsored" not in text
    with pytest.raises(Exception, match="MCP_ADS_CONNECTORS"):
        await agent.read("ads://linkedin_ads/campaigns/list")
    assert "linkedin" not in await agent.good("ads_describe", query="campaigns")


@pytest.mark.parametrize(
    ("tool", "arguments", "taught"),
    [
        ("ads_describe", {"conector": "amazon_ads"}, "conector: no such argument; did you mean connector?"),
        ("ads_describe", {"entities": "campaigns"}, "entities: no such argument; did you mean entity?"),
        ("ads_describe", {"zz": "reports"}, "zz: no such argument; it has connector, entity, action, query"),
        ("ads_apply", {"plan": "x"}, "plan: no such argument; did you mean plan_id?"),
        ("ads_apply", {"plan_id": "x", "dry_run": True}, "dry_run: no such argument"),
    ],
)
async def test_unknown_arguments_are_refused(
    either_agent: Agent, tool: str, arguments: dict[str, Any], taught: str
) -> None:
    """An argument a tool does not have is never dropped: the closest one is named."""
    assert taught in await either_agent.wrong(tool, **arguments)


async def test_an_action_alone(agent: Agent) -> None:
    """An action without an entity says what is missing, and which entities have such an action."""
    text = await agent.wrong("ads_describe", action="archive")
    assert "entity: missing" in text
    assert "facebook_marketing campaigns, ad_sets, ads" in text
    assert "amazon_ads" not in text
    text = await agent.wrong("ads_describe", connector="linkedin", action="pause")
    assert "linkedin_ads campaign_groups, campaigns" in text


async def test_short_names_of_connectors(agent: Agent) -> None:
    """What people call a platform is understood."""
    for short in ("facebook", "Meta", "facebook-marketing"):
        assert "facebook_marketing: entities" in await agent.good("ads_describe", connector=short)


async def test_a_format_that_is_none(agent: Agent) -> None:
    """A wrong format is named as a mistake in the format."""
    text = await agent.wrong(
        "facebook_marketing_execute", entity="campaigns", action="list", format="xml", params={}
    )
    assert "format: 'xml' is neither table nor json" in text
    assert "\nsent: no" in text


@pytest.mark.parametrize("where", ["entity", "action", "connector", "parameter", "argument", "format"])
async def test_wrong_names_are_cut(agent: Agent, where: str) -> None:
    """A name of thousands of characters is not repeated in full."""
    name = "z" * 4000
    execute: dict[str, Any] = {
        "entity": "campaigns",
        "action": "list",
        "params": {"account_id": "1234567890"},
    }
    given: dict[str, Any]
    if where in ("connector", "argument"):
        given = {"connector": name} if where == "connector" else {name: "x"}
        text = await agent.wrong("ads_describe", **given)
    else:
        given = {"params": {name: 1}} if where == "parameter" else {where: name}
        text = await agent.wrong("facebook_marketing_execute", **{**execute, **given})
    assert len(text) < 1200
    assert "z" * 30 in text


@pytest.mark.parametrize("mode", ERAS)
async def test_only_what_is_there_is_advertised(tmp_path: Path, mode: str) -> None:
    """No log channel, no app pages, no changes of lists, no tags of templates; skills in the newest era."""
    built = build_server(load(environ={"MCP_ADS_HOME": str(tmp_path), "MCP_ADS_SANDBOX": "1"}))
    async with Client(built, mode=mode) as client:
        session: Any = client.session
        found = (client.initialize_result or session.discover_result).capabilities
        said = found.model_dump(exclude_none=True)
        assert said.pop("extensions", {}) == ({SKILLS: {}} if mode == "auto" else {})
        assert said == {
            "prompts": {"list_changed": False},
            "resources": {"subscribe": False, "list_changed": False},
            "tools": {"list_changed": False},
        }
        for template in await client.list_resource_templates():
            assert "_meta" not in template.model_dump(mode="json", by_alias=True, exclude_none=True)


async def test_fastmcp_is_as_it_was() -> None:
    """What of FastMCP is replaced by name is still there under that name."""
    server = FastMCP("other")
    assert isinstance(FastMCP.__dict__["_state_store"], property)
    assert server._mcp_server.get_capabilities().prompts is not None


@pytest.mark.slow
def test_no_session_store_is_imported(tmp_path: Path) -> None:
    """The first tools/list of a client with a handshake imports no session store: a sixth of the start."""
    hello: dict[str, Any] = {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "t", "version": "1"},
    }
    lines: list[dict[str, Any]] = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/list", "params": {}},
    ]
    with (tmp_path / "imports").open("w") as stderr, subprocess.Popen(
        [sys.executable, "-X", "importtime", "-m", "mcp_ads", "serve"],
        env={"PATH": os.environ["PATH"], "MCP_ADS_HOME": str(tmp_path), "MCP_ADS_SANDBOX": "1"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, text=True,
    ) as server:  # fmt: skip
        assert server.stdin
        assert server.stdout
        server.stdin.write("".join(f"{json.dumps(line)}\n" for line in lines))
        server.stdin.flush()
        answers = [json.loads(server.stdout.readline()) for _ in range(2)]
        server.stdin.close()
    assert len(answers[1]["result"]["tools"]) == 6
    imported = (tmp_path / "imports").read_text()
    assert "mcp_ads.server" in imported
    assert "key_value" not in imported
    assert "beartype" not in imported
