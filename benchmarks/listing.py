"""What tools cost a conversation: tools/list, now and with every entity planned, and a text of tool_utils."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from unittest.mock import patch

from mcp_ads.connectors import NAMES
from mcp_ads.connectors import connector as connector_named
from mcp_ads.core import Connector
from mcp_ads.sdk.tools.doc import documented
from mcp_ads.server import build_server
from mcp_ads.settings import load

from .report import Number

MOST_BYTES, MOST_TOKENS, TOOLS = 6_800, 1_500, 6
MOST_OF_ONE = 700
PLANNED = Path(__file__).parent / "entity_names.json"


def listed() -> str:
    """The tools as a client gets them, as compact JSON."""

    async def ask() -> list[dict[str, Any]]:
        server = build_server(load(environ={"MCP_ADS_SANDBOX": "1", "MCP_ADS_HOME": folder}))
        tools = [tool.to_mcp_tool() for tool in await server.list_tools()]
        return [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in tools]

    with tempfile.TemporaryDirectory() as folder:
        tools = asyncio.run(ask())
    assert len(tools) == TOOLS, [tool["name"] for tool in tools]
    return json.dumps(tools, ensure_ascii=False, separators=(",", ":"))


def listed_with_all() -> tuple[str, int]:
    """The same with every entity planned, and how many those are."""
    planned: dict[str, list[str]] = json.loads(PLANNED.read_text())
    grown = {name: _grown(connector_named(name), planned[name]) for name in NAMES}
    with patch("mcp_ads.server.connector_named", lambda name: grown[name.replace("-", "_")]):
        return listed(), sum(len(connector.entities) for connector in grown.values())


def _grown(connector: Connector, names: list[str]) -> Connector:
    """The connector with entities of these names beside its own."""
    missing = [name for name in names if name not in connector.names()]
    return replace(connector, entities=(*connector.entities, *((name, "", name) for name in missing)))


def tokens(text: str) -> int | None:
    """As o200k counts them; None without the extra `tokens`."""
    if not find_spec("bpe_openai"):
        return None
    return len(import_module("bpe_openai").get_encoding("o200k_base").encode(text))


def numbers() -> Iterable[Number]:
    grown, count = listed_with_all()
    for what, text in (("tools/list", listed()), (f"tools/list with {count} entities", grown)):
        yield Number(f"{what}, JSON", len(text.encode()), "bytes", MOST_BYTES)
        if (number := tokens(text)) is not None:
            yield Number(f"{what}, o200k", number, "tokens", MOST_TOKENS)
        else:
            print("tokens are not counted: install the extra `tokens`")
    for name in NAMES:
        text = documented("", name)
        yield Number(f"tool_utils of {name}", len(text.encode()), "bytes")
        if (number := tokens(text)) is not None:
            yield Number(f"tool_utils of {name}, o200k", number, "tokens", MOST_OF_ONE)
