"""Clients that follow skills, each in a sandbox of its own."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from agent import Agent
from fastmcp import Client
from skill_calls import Session

from mcp_ads.sandbox.store import Store, state_file
from mcp_ads.server import build_server
from mcp_ads.settings import load

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8BQDwAEgAF/pooBPQAAAABJRU5ErkJggg=="
Start = Callable[..., Awaitable[Session]]


@pytest.fixture
async def start(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Start]:
    """Starts a session in a world, with a folder of files and what stands in clients.toml."""
    home, files = tmp_path / "home", tmp_path / "files"
    files.mkdir()
    (files / "boots.png").write_bytes(base64.b64decode(PIXEL))
    async with AsyncExitStack() as stack:

        async def made(world: str = "1", clients: str = "", **environ: str) -> Session:
            records = home / ("sandbox" if world == "1" else f"sandbox-{world}")
            records.mkdir(parents=True)
            if clients:
                (records / "clients.toml").write_text(clients, "utf-8")
            base = {"MCP_ADS_SANDBOX": world, "MCP_ADS_HOME": str(home), "MCP_ADS_KEYRING": "off"}
            server = build_server(load(environ={**base, "MCP_ADS_FILES": str(files), **environ}))
            agent = Agent(await stack.enter_async_context(Client(server)))
            named = "" if world == "1" else world
            store = Store(records / state_file(named), named)
            stack.callback(store.close)
            return Session(agent, store)

        yield made
