"""A call that is cancelled: a read ends at once and asks no more, a change on its way is written down."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from agent import Agent
from engine_client import US, EngineClient
from fastmcp import Client
from planning import SPRING, SURF, planned, until, writes

from mcp_ads.server import build_server

pytestmark = pytest.mark.anyio
SOON = 1.0
ADS = {"entity": "ads", "action": "list", "params": {"account_id": US, "where": "name contains zzz"}}


@asynccontextmanager
async def under_way(
    client: Client[Any], engine_client: EngineClient, tool: str, **given: Any
) -> AsyncIterator[None]:
    """Cancel a call when it has sent what is in its way, and wait until its server has no call any more."""
    before = len(engine_client.sent())
    call = asyncio.create_task(client.call_tool(tool, given))
    await until(lambda: len(engine_client.sent()) > before)
    yield
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    await until(lambda: not engine_client.workspace.under_way)


@pytest.mark.parametrize("mode", ["legacy", "auto"])
async def test_a_read_ends_at_once(engine_client: EngineClient, mode: Any) -> None:
    """In both eras: no request follows, nothing of it runs on, and the next call is answered."""
    server = build_server(engine_client.settings, engine_client.workspace)
    async with Client(server, mode=mode) as client:
        engine_client.fault("slow", seconds=30, path="/ads$")
        began, before = time.monotonic(), asyncio.all_tasks()
        async with under_way(client, engine_client, "facebook_marketing_execute", **ADS):
            sent = len(engine_client.sent())
        assert time.monotonic() - began < SOON
        await asyncio.sleep(0.05)
        assert len(engine_client.sent()) == sent
        assert {task for task in asyncio.all_tasks() - before if "mcp_ads" in str(task.get_stack())} == set()
        answer = await client.call_tool("facebook_marketing_execute", ADS)
        assert not answer.is_error


@pytest.mark.usefixtures("one_by_one")
async def test_an_apply_stops_after_the_step_on_its_way(engine_client: EngineClient) -> None:
    """What is left is said by whoever looks at the plan, and sent once by whoever applies it again."""
    server = build_server(engine_client.settings, engine_client.workspace)
    async with Client(server) as client:
        plan = await planned(engine_client, "campaigns", "pause", campaign_id=[SPRING, SURF])
        engine_client.fault("slow", seconds=0.2, when="after", method="POST", path=SPRING)
        async with under_way(client, engine_client, "ads_apply", plan_id=plan):
            await until(lambda: any(sent.startswith("POST") for sent in engine_client.sent()))
        assert writes(engine_client) == [f"update campaign {SPRING}"]
        agent = Agent(client)
        left = await agent.good("ads_describe", query=plan)
        assert [line.partition(" campaign")[0] for line in left.splitlines()[-2:]] == [
            "1. done: pause", "2. not sent: pause",
        ]  # fmt: skip
        assert "APPLIED: 2 of 2" in await agent.good("ads_apply", plan_id=plan)
        assert writes(engine_client) == [f"update campaign {one}" for one in (SPRING, SURF)]
