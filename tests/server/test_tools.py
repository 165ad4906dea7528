"""What every conversation pays for: the tools, their schemas, hints and size."""

from __future__ import annotations

import json
import os
import warnings
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from fastmcp import Client

from mcp_ads import server
from mcp_ads.connectors import NAMES
from mcp_ads.connectors import connector as connector_named
from mcp_ads.core import Connector
from mcp_ads.server import build_server
from mcp_ads.settings import load

pytestmark = pytest.mark.anyio
SNAPSHOT = Path(__file__).parents[1] / "schemas" / "tools.json"
MOST_BYTES, MOST_TOKENS = 6_800, 1_500
PLANNED = Path(__file__).parents[2] / "benchmarks" / "entity_names.json"
"""Entity names of the three platforms as far as they are planned."""


async def listed(tmp_path: Path, mode: str = "auto", **environ: str) -> list[dict[str, Any]]:
    """The tools as a client gets them."""
    built = build_server(load(environ={"MCP_ADS_HOME": str(tmp_path), **environ}))
    async with Client(built, mode=mode) as client:
        found = (await client.list_tools_mcp()).tools
    return [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in found]


def weigh(tools: list[dict[str, Any]]) -> tuple[int, int]:
    """Bytes of JSON, and o200k tokens (0 without the extra `tokens`)."""
    text = json.dumps(tools, ensure_ascii=False, separators=(",", ":"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            bpe_openai = import_module("bpe_openai")
        except ImportError:
            return len(text.encode()), 0
    return len(text.encode()), len(bpe_openai.get_encoding("o200k_base").encode(text))


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_as_it_was_reviewed(tmp_path: Path, mode: str) -> None:
    """The listing changes only on purpose: `make snapshots` writes it; the diff is reviewed."""
    tools = await listed(tmp_path, mode, MCP_ADS_SANDBOX="1")
    text = json.dumps(tools, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if os.environ.get("MCP_ADS_UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(text)
    assert text == SNAPSHOT.read_text(), "run `make snapshots` and review the diff"


async def test_six_small_tools(tmp_path: Path) -> None:
    """However many actions there are."""
    tools = await listed(tmp_path, MCP_ADS_SANDBOX="1")
    assert [tool["name"] for tool in tools] == [
        "facebook_marketing_execute", "linkedin_ads_execute", "amazon_ads_execute",
        "ads_execute", "ads_describe", "ads_apply",
    ]  # fmt: skip
    size, tokens = weigh(tools)
    assert size <= MOST_BYTES
    assert tokens <= MOST_TOKENS


async def test_small_with_every_entity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when all the entities that are planned are there."""
    planned = json.loads(PLANNED.read_text())
    grown = {name: _grown(connector_named(name), planned[name]) for name in NAMES}
    monkeypatch.setattr(server, "connector_named", lambda name: grown[name])
    assert sum(len(connector.entities) for connector in grown.values()) >= 119
    size, tokens = weigh(await listed(tmp_path, MCP_ADS_SANDBOX="1"))
    assert size <= MOST_BYTES
    assert tokens <= MOST_TOKENS


def _grown(connector: Connector, names: list[str]) -> Connector:
    more = tuple((name, "", name) for name in names if name not in connector.names())
    return replace(connector, entities=(*connector.entities, *more))


async def test_plain_schemas(tmp_path: Path) -> None:
    """No client has to understand more than objects, text and enums; params has a default."""
    for tool in await listed(tmp_path, MCP_ADS_SANDBOX="1"):
        text = json.dumps(tool)
        assert not [word for word in ("anyOf", "oneOf", "allOf", "$ref", "$defs", '"null"') if word in text]
        assert "outputSchema" not in tool
        assert "_meta" not in tool
        assert len(tool["description"]) < 300
        assert all(param.get("description") for param in tool["inputSchema"]["properties"].values())
        assert tool["title"]
        if tool["name"].endswith("_execute"):
            params = tool["inputSchema"]["properties"]["params"]
            assert (params["type"], params["default"]) == ("object", {})
            assert tool["inputSchema"]["required"] == ["entity", "action"]


@pytest.mark.parametrize(
    ("mode", "read_only", "applies"), [("plan", True, True), ("off", True, False), ("direct", False, False)]
)
async def test_hints_tell_the_truth(tmp_path: Path, mode: str, read_only: bool, applies: bool) -> None:
    """Read-only where a call changes nothing, destructive where it may; ads_apply only with plans.

    What asks all platforms changes nothing in any mode.
    """
    tools = {tool["name"]: tool for tool in await listed(tmp_path, MCP_ADS_SANDBOX="1", MCP_ADS_WRITES=mode)}
    hints = tools["amazon_ads_execute"]["annotations"]
    assert hints["readOnlyHint"] is read_only
    assert hints.get("destructiveHint", False) is not read_only
    assert tools["ads_execute"]["annotations"]["readOnlyHint"] is True
    assert ("ads_apply" in tools) is applies
    assert tools["ads_describe"]["annotations"]["readOnlyHint"] is True
    if applies:
        assert tools["ads_apply"]["annotations"]["destructiveHint"] is True
        assert tools["ads_apply"]["annotations"]["readOnlyHint"] is False


async def test_a_tool_for_each_connector_with_credentials(tmp_path: Path) -> None:
    """Nobody pays for platforms that are not used."""
    tools = await listed(tmp_path, FACEBOOK_MARKETING_ACCESS_TOKEN="sandbox-token")
    assert [tool["name"] for tool in tools] == [
        "facebook_marketing_execute", "ads_execute", "ads_describe", "ads_apply",
    ]  # fmt: skip
    assert tools[2]["inputSchema"]["properties"]["connector"]["enum"] == ["ads", "facebook_marketing"]


async def test_all_three_when_none_is_configured(tmp_path: Path) -> None:
    """Then the calls say what to do."""
    assert len(await listed(tmp_path)) == 5
    assert len(await listed(tmp_path, MCP_ADS_CONNECTORS="linkedin-ads")) == 3
