"""A server over HTTP that is told to stop, and what it says of its owner when it starts."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from agent import Agent
from engine_client import FACEBOOK, US, break_next, mend
from fastmcp import Client
from fastmcp.client.transports import SSETransport, StreamableHttpTransport
from named_tokens import ACCEPT, HELLO
from planning import until
from shell import environment

from mcp_ads import serving
from mcp_ads.sandbox.ports import Servers
from mcp_ads.settings import load

pytestmark = pytest.mark.anyio
SLOW = 2.0
PATHS = {"http": "mcp", "sse": "sse"}


def answers(port: int) -> bool:
    """Whether a new connection is taken."""
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def under_way(servers: Servers, changed: str, since: int) -> bool:
    """Whether the change and the read have both come to the platform since so many requests."""
    noted = [(request["method"], request["path"]) for request in servers.sandbox.store.requests()[since:]]
    written = any(method == "POST" and path.endswith(f"/{changed}") for method, path in noted)
    return written and any(path.endswith("/ads") for _, path in noted)


@contextmanager
def served(home: Path, servers: Servers, transport: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A server process whose platforms are the sandbox on ports."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    variables = {**servers.ports.variables(), "MCP_ADS_HOME": str(home)}
    command = [sys.executable, "-m", "mcp_ads", "serve", "--transport", transport, f"--port={port}"]
    with subprocess.Popen(command, env=environment(variables), stderr=subprocess.DEVNULL) as process:
        try:
            while not answers(port):
                time.sleep(0.05)
            yield process, port
        finally:
            process.kill()


@pytest.mark.slow
@pytest.mark.parametrize(("transport", "mode"), [("http", "legacy"), ("http", "auto"), ("sse", "legacy")])
async def test_calls_under_way_are_answered(
    tmp_path: Path, servers: Servers, transport: str, mode: str
) -> None:
    """A read and an apply that are under way at SIGTERM end well; nothing new is taken; then it is over."""
    mend(servers.sandbox.store)
    kind = SSETransport if transport == "sse" else StreamableHttpTransport
    with served(tmp_path, servers, transport) as (process, port):
        async with Client(kind(f"http://127.0.0.1:{port}/{PATHS[transport]}"), mode=mode) as client:
            agent = Agent(client)
            table = await agent.table(FACEBOOK, "campaigns", "list", account_id=US, limit=1)
            plan = await agent.plan(
                FACEBOOK, "campaigns", "update", campaign_id=table.ids[0], name=f"By {transport}, {mode}"
            )
            break_next(servers.sandbox.store, "slow", method="POST", path=f"/{table.ids[0]}$", seconds=SLOW)
            break_next(servers.sandbox.store, "slow", path="/ads$", seconds=SLOW)
            since = len(servers.sandbox.store.requests())
            apply = asyncio.create_task(agent.good("ads_apply", plan_id=plan))
            read = asyncio.create_task(agent.table(FACEBOOK, "ads", "list", account_id=US, limit=1))
            await until(lambda: under_way(servers, table.ids[0], since))
            process.send_signal(signal.SIGTERM)
            stopped = time.monotonic()
            await until(lambda: not answers(port))
            assert "APPLIED" in await asyncio.wait_for(apply, 10)
            assert (await asyncio.wait_for(read, 10)).rows
            await asyncio.to_thread(process.wait, 10)
            assert time.monotonic() - stopped < SLOW + 5
    line = json.loads((tmp_path / "audit.jsonl").read_text().splitlines()[-1])
    assert line["outcome"] == "done"


@pytest.mark.slow
def test_a_request_that_has_come_in_part_is_answered(tmp_path: Path, servers: Servers) -> None:
    """No call is under way yet when the server is told to stop; the answer to it is whole all the same."""
    mend(servers.sandbox.store)
    body = json.dumps({**HELLO, "method": "tools/list", "params": {}}).encode()
    head = "".join(f"{name}: {value}\r\n" for name, value in {**ACCEPT, "Content-Length": len(body)}.items())
    with (
        served(tmp_path, servers, "http") as (process, port),
        socket.create_connection(("127.0.0.1", port)) as s,
    ):
        s.settimeout(10)
        s.sendall(f"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}".encode())
        s.sendall(b"Content-Type: application/json\r\n\r\n" + body[:20])
        time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        time.sleep(1)
        s.sendall(body[20:])
        heard = b"".join(iter(lambda: s.recv(65_536), b""))
        assert heard.startswith(b"HTTP/1.1 200 ")
        assert b"ads_apply" in heard
        assert process.wait(10) == -signal.SIGTERM


@pytest.mark.slow
async def test_ctrl_c_twice_waits_for_nobody(tmp_path: Path, servers: Servers) -> None:
    """A change on its way is unknown then, in the log and in the plan."""
    mend(servers.sandbox.store)
    with served(tmp_path, servers, "http") as (process, port):
        async with Client(StreamableHttpTransport(f"http://127.0.0.1:{port}/mcp"), mode="legacy") as client:
            agent = Agent(client)
            (changed,) = (await agent.table(FACEBOOK, "campaigns", "list", account_id=US, limit=1)).ids
            plan = await agent.plan(FACEBOOK, "campaigns", "update", campaign_id=changed, name="By Ctrl-C")
            break_next(servers.sandbox.store, "slow", method="POST", path=f"/{changed}$", seconds=15)
            apply = asyncio.create_task(client.call_tool("ads_apply", {"plan_id": plan}))
            await until((tmp_path / "audit.jsonl").exists)
            for _ in range(2):
                process.send_signal(signal.SIGINT)
                await asyncio.sleep(0.2)
            assert await asyncio.to_thread(process.wait, 10) == 0
            await asyncio.gather(apply, return_exceptions=True)
    outcomes = [json.loads(line)["outcome"] for line in (tmp_path / "audit.jsonl").read_text().splitlines()]
    assert outcomes == ["sending", "unknown"]
    (journal,) = (tmp_path / "plans").glob("*.journal")
    assert '"state": "unknown"' in journal.read_text()


@pytest.mark.slow
async def test_an_idle_server_stops_at_once(tmp_path: Path, servers: Servers) -> None:
    """A client that only listens does not keep it."""
    with served(tmp_path, servers, "sse") as (process, port):
        async with Client(SSETransport(f"http://127.0.0.1:{port}/sse"), mode="legacy") as client:
            await client.list_tools()
            process.send_signal(signal.SIGTERM)
            await asyncio.to_thread(process.wait, 5)


def test_the_first_line_says_whose_it_is() -> None:
    """All clients are one owner: said with the address at the start, and louder beyond loopback."""
    options = {"transport": "http", "host": "127.0.0.1", "port": "8000"}
    first, *more = serving.notices(options, load(environ={}))
    assert first.startswith("http://127.0.0.1:8000/mcp: all clients are one owner")
    assert more == []
    public = {"transport": "sse", "host": "0.0.0.0", "port": "8000"}
    _, warning = serving.notices(public, load(environ={"MCP_ADS_HTTP_TOKEN": "secret-token"}))
    assert warning.startswith("--host 0.0.0.0: ")
    assert serving.notices({**options, "transport": "stdio"}, load(environ={})) == []


async def test_ads_describe_says_whose_it_is(tmp_path: Path) -> None:
    """An agent over HTTP reads that other clients' plans are its own."""
    with_notice = await _overview(tmp_path, notice=serving.ONE_OWNER)
    assert "all clients are one owner" in with_notice
    assert "all clients are one owner" not in await _overview(tmp_path, notice="")


async def _overview(home: Path, notice: str) -> str:
    from mcp_ads.engine.door import Engine
    from mcp_ads.server import build_server

    workspace = Engine(load(environ={"MCP_ADS_SANDBOX": "1", "MCP_ADS_HOME": str(home)}))
    workspace.notice = notice
    async with Client(build_server(workspace.settings, workspace)) as client:
        return await Agent(client).good("ads_describe")
