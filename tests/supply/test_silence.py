"""The server speaks to the platforms and to nobody else: no telemetry, no look for newer versions."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import Any

import pytest
from agent import Agent
from fastmcp import Client
from fastmcp.client.transports import StdioTransport
from planning import SPRING

from mcp_ads.server import build_server
from mcp_ads.settings import load

pytestmark = pytest.mark.anyio
READ = {"entity": "campaigns", "action": "list", "params": {"account_id": "1234567890", "limit": 3}}
LISTENER = """
import socket
def told(name, at):
    def asked(*args, **given):
        with open({heard!r}, "a") as file:
            print(name, args[at], file=file)
        return real[name](*args, **given)
    return asked
real = {{"connect": socket.socket.connect, "getaddrinfo": socket.getaddrinfo}}
socket.socket.connect = told("connect", 1)
socket.getaddrinfo = told("getaddrinfo", 0)
"""
"""What a process runs first: every name looked up and every address connected to is written down."""


async def used(agent: Agent) -> None:
    """A session with a read, a description and a change."""
    await agent.client.list_tools()
    await agent.good("ads_describe")
    await agent.good("facebook_marketing_execute", **READ)
    await agent.done("facebook_marketing", "campaigns", "update", campaign_id=SPRING, name="Heard")


async def test_a_session_asks_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the sandbox of its own process not one name is looked up, and nothing connected to."""
    heard = list[Any]()
    look_up, connect = socket.getaddrinfo, socket.socket.connect

    def looked_up(*args: Any, **given: Any) -> Any:
        heard.append(args)
        return look_up(*args, **given)

    def connected(used: socket.socket, address: Any) -> None:
        heard.append(address)
        connect(used, address)

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    monkeypatch.setattr(socket.socket, "connect", connected)
    settings = load(environ={"MCP_ADS_SANDBOX": "1", "MCP_ADS_HOME": str(tmp_path), "MCP_ADS_KEYRING": "off"})
    async with Client(build_server(settings)) as client:
        await used(Agent(client))
    assert heard == []


@pytest.mark.slow
async def test_a_server_that_starts_asks_nobody(tmp_path: Path) -> None:
    """Nor does the process that a client starts, from its first import to its end."""
    heard = tmp_path / "heard"
    (tmp_path / "first").mkdir()
    (tmp_path / "first" / "sitecustomize.py").write_text(LISTENER.format(heard=str(heard)), "utf-8")
    environ = {
        "MCP_ADS_SANDBOX": "1", "MCP_ADS_HOME": str(tmp_path / "home"), "MCP_ADS_KEYRING": "off",
        "HOME": str(tmp_path), "PYTHONPATH": str(tmp_path / "first"), "PATH": os.environ["PATH"],
    }  # fmt: skip
    async with Client(StdioTransport(sys.executable, ["-m", "mcp_ads", "serve"], env=environ)) as client:
        await used(Agent(client))
    assert not heard.exists() or heard.read_text("utf-8") == ""
