"""An engine beside other processes: one home and one sandbox on ports for all of them."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from engine_client import mend

from mcp_ads.engine.door import Engine
from mcp_ads.sandbox.ports import Servers
from mcp_ads.settings import load


@pytest.fixture
def environ(servers: Servers, tmp_path: Path) -> dict[str, str]:
    """The settings of every process in a test: one home, one sandbox."""
    mend(servers.sandbox.store)
    return {"MCP_ADS_HOME": str(tmp_path), "PATH": os.environ["PATH"], **servers.ports.variables()}


@pytest.fixture
async def workspace(environ: dict[str, str]) -> AsyncIterator[Engine]:
    """The engine in this process."""
    made = Engine(load(environ=environ))
    yield made
    await made.close()
