"""A sandbox of its own in a folder, and an engine in it whose requests are recorded."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from docs_site.recorded import Recorder, Sent
from mcp_ads.across.desk import Desk
from mcp_ads.core import Result
from mcp_ads.settings import load


class World:
    """Calls in a sandbox; `sent` is what the last one sent."""

    def __init__(self, home: Path) -> None:
        environ = {"MCP_ADS_SANDBOX": "1", "MCP_ADS_HOME": str(home), "MCP_ADS_RAW_WRITES": "1"}
        self.home, self.desk = home, Desk(load(environ=environ))
        self._recorder = Recorder(self.desk._sandbox_transport)  # noqa: SLF001 - the one network there is
        self.desk.__dict__["_sandbox_transport"] = self._recorder

    @property
    def sent(self) -> list[Sent]:
        """What the last call sent."""
        return list(self._recorder.sent)

    async def execute(self, connector: str, entity: str, action: str, params: dict[str, Any]) -> Result:
        """The result of a call. Raises AdsError."""
        self._recorder.sent.clear()
        return await self.desk.execute(connector, entity, action, params)

    async def apply(self, plan_id: str) -> Result:
        """What became of a plan. Raises AdsError."""
        self._recorder.sent.clear()
        return await self.desk.apply(plan_id)

    def planned(self, plan_id: str) -> list[tuple[str, str]]:
        """Method and path of every request that a plan says it will send."""
        steps = self.desk.plans.get(plan_id).steps
        return [
            (request["method"], request["url"].partition("?")[0])
            for step in steps
            for request in step.requests
        ]


@asynccontextmanager
async def world(home: Path) -> AsyncIterator[World]:
    """A sandbox in this folder, as it was left there."""
    here = World(home)
    try:
        yield here
    finally:
        await here.desk.close()


@asynccontextmanager
async def copied(home: Path, to: Path) -> AsyncIterator[World]:
    """A sandbox like that of a folder, in another one that is removed afterwards."""
    shutil.copytree(home, to)
    try:
        async with world(to) as here:
            yield here
    finally:
        shutil.rmtree(to)
