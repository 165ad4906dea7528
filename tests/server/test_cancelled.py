"""A call that is cancelled: a read ends at once and asks no more, a change on its way is written down."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from agent import Agent
from engine_client import US, EngineClient, break_next, mend
from fastmcp import Client
from planning import SPRING, SURF, planned, until, writes
from server.test_stopping import served

from mcp_ads.sandbox.ports import Servers
from mcp_ads.server import build_server

pytestmark = pytest.mark.anyio
SOON = 10.0
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


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.parametrize("version", ["2025-11-25", "2026-07-28"])
async def test_hanging_up_ends_a_read(tmp_path: Path, servers: Servers, version: str) -> None:
    """Over HTTP, in both eras: none of the requests that were to come follows."""
    store, url, more = servers.sandbox.store, "", dict[str, Any]()
    headers = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": version}
    if version > "2026":
        headers |= {"Mcp-Method": "tools/call", "Mcp-Name": "ads_execute"}
        said = {
            "protocolVersion": version,
            "clientInfo": {"name": "x", "version": "1"},
            "clientCapabilities": {},
        }
        more["_meta"] = {f"io.modelcontextprotocol/{name}": value for name, value in said.items()}
    arguments = {"entity": "performance", "action": "list", "params": {}}
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
    body = {**call, "params": {"name": "ads_execute", "arguments": arguments, **more}}
    with served(tmp_path, servers, "http") as (_, port):
        url = f"http://127.0.0.1:{port}/mcp"
        break_next(store, "slow", seconds=0.3, times=0)
        before = len(store.requests())
        async with httpx.AsyncClient(trust_env=False) as client:
            asked = asyncio.create_task(client.post(url, headers=headers, json=body))
            await until(lambda: len(store.requests()) > before)
        asked.cancel()
        await asyncio.sleep(0.2)
        sent = len(store.requests())
        await asyncio.sleep(1.5)
        assert len(store.requests()) == sent
        mend(store)
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            answer = await client.post(url, headers=headers, json=body)
        assert answer.status_code == 200
        assert len(store.requests()) > sent + 3
