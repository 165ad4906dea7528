"""A real client at the real server, in both protocol eras."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from agent import Agent
from fastmcp import Client

from mcp_ads.server import build_server
from mcp_ads.settings import load


@pytest.fixture
async def agent_with(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Callable[..., Any]]:
    """Makes agents: a client connected to a server with these variables."""
    async with AsyncExitStack() as stack:

        async def make(mode: str = "auto", **environ: str) -> Agent:
            built = build_server(load(environ={"MCP_ADS_HOME": str(tmp_path / "home"), **environ}))
            progress: list[str] = []

            async def note(done: float, total: float | None, message: str | None) -> None:
                progress.append(f"{done:g}/{total or 0:g} {message}")

            client = Client(built, mode=mode, progress_handler=note)
            return Agent(await stack.enter_async_context(client), progress)

        yield make


@pytest.fixture
async def agent(agent_with: Callable[..., Any]) -> Agent:
    """An agent in the sandbox."""
    made: Agent = await agent_with(MCP_ADS_SANDBOX="1")
    return made


@pytest.fixture(params=["auto", "legacy"])
async def either_agent(request: pytest.FixtureRequest, agent_with: Callable[..., Any]) -> Agent:
    """The same, once in each era of the protocol: for what the protocol itself carries."""
    made: Agent = await agent_with(request.param, MCP_ADS_SANDBOX="1")
    return made
