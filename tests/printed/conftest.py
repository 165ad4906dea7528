"""An agent as a reader of the documents has one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from agent import Agent
from fastmcp import Client

from mcp_ads.server import build_server
from mcp_ads.settings import load


@pytest.fixture
async def agent_in_a_folder(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Agent]:
    """An agent in the sandbox that may write files."""
    files = tmp_path / "files"
    files.mkdir()
    known = {"MCP_ADS_SANDBOX": "1", "MCP_ADS_HOME": str(tmp_path / "home"), "MCP_ADS_FILES": str(files)}
    async with Client(build_server(load(environ={**known, "MCP_ADS_KEYRING": "off"}))) as client:
        yield Agent(client)
