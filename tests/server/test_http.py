"""Over HTTP and SSE: who may ask, from where, and what everyone may know."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from agent import Agent
from fastmcp import Client
from fastmcp.client.transports import SSETransport, StreamableHttpTransport
from named_tokens import ACCEPT, HELLO
from people import AUDIENCE

from mcp_ads import serving
from mcp_ads.errors import BadSettings
from mcp_ads.server import build_server
from mcp_ads.settings import load

pytestmark = pytest.mark.anyio
TOKEN = "sandbox-MARKER-7f3a-http"


@asynccontextmanager
async def app(tmp_path: Path, transport: str = "http", **environ: str) -> AsyncIterator[httpx.AsyncClient]:
    """The whole ASGI app without a socket."""
    settings = load(environ={"MCP_ADS_SANDBOX": "1", "MCP_ADS_HOME": str(tmp_path), **environ})
    options = {"transport": transport, "host": "127.0.0.1", "port": "8000"}
    built = serving.http_app(build_server(settings, **serving._auth(settings, options)), transport, settings)
    inner: Any = built
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(built), base_url="http://127.0.0.1:8000"
    ) as client:
        started, stop = asyncio.Event(), asyncio.Event()
        task = asyncio.create_task(_lifespan(inner, started, stop))
        await started.wait()
        yield client
        stop.set()
        await task


async def _lifespan(built: Any, started: asyncio.Event, stop: asyncio.Event) -> None:
    messages = iter(["lifespan.startup", "lifespan.shutdown"])

    async def receive() -> dict[str, str]:
        kind = next(messages)
        if kind == "lifespan.shutdown":
            await stop.wait()
        return {"type": kind}

    async def send(message: dict[str, Any]) -> None:
        assert "failed" not in message["type"], message
        started.set()

    await built({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:8000"}, 200),
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1.evil.example:8000"}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:5173"}, 200),
        ({"Host": "127.0.0.1:8000@evil.example"}, 400),
        ({"Host": "[::1].evil.example"}, 400),
        ({"Host": "[::1]:8000"}, 200),
        ({"Host": "localhost.evil.example"}, 421),
        ({"Host": "localhost."}, 421),
        ({"Host": "2130706433"}, 421),
        ({"Host": ""}, 421),
        ({"Host": "0.0.0.0:8000"}, 421),
        ({"Host": "evil.example", "X-Forwarded-Host": "127.0.0.1:8000", "Forwarded": "host=localhost"}, 421),
        ({"Origin": "http://127.0.0.1.evil.example"}, 403),
        ({"Origin": "http://localhost@evil.example"}, 403),
        ({"Origin": "file://"}, 403),
        ({"Origin": "chrome-extension://abc"}, 403),
        ({"Host": "evil.example", "Origin": "http://evil.example"}, 421),
    ],
)
async def test_a_website_cannot_ask(tmp_path: Path, headers: dict[str, str], status: int) -> None:
    """DNS rebinding: a page in the user's browser has another Host or Origin."""
    async with app(tmp_path) as client:
        answer = await client.post("/mcp", json=HELLO, headers={**ACCEPT, **headers})
    assert answer.status_code == status


async def test_two_origins_are_no_browsers(tmp_path: Path) -> None:
    """One would be judged for both, whichever comes first."""
    two = [("Origin", "http://localhost:8000"), ("Origin", "https://evil.example")]
    async with app(tmp_path) as client:
        answers = [
            await client.post("/mcp", json=HELLO, headers=[*ACCEPT.items(), *order])
            for order in (two, two[::-1])
        ]
    assert [answer.status_code for answer in answers] == [400, 403]


async def test_hosts_that_are_allowed(tmp_path: Path) -> None:
    """A server behind a name of its own is told that name."""
    async with app(tmp_path, MCP_ADS_HTTP_ALLOWED_HOSTS="ads.example, ads.example:*") as client:
        good = await client.post("/mcp", json=HELLO, headers={**ACCEPT, "Host": "ads.example"})
        bad = await client.post("/mcp", json=HELLO, headers={**ACCEPT, "Host": "other.example"})
    assert (good.status_code, bad.status_code) == (200, 421)


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("", 401),
        ("Bearer wrong", 401),
        (f"Bearer {TOKEN}x", 401),
        ("Basic x", 401),
        (f"Bearer {TOKEN}", 200),
    ],
)
async def test_the_token(tmp_path: Path, header: str, status: int) -> None:
    """With MCP_ADS_HTTP_TOKEN nobody asks without it."""
    sent = {"Authorization": header} if header else {}
    async with app(tmp_path, MCP_ADS_HTTP_TOKEN=TOKEN) as client:
        answer = await client.post("/mcp", json=HELLO, headers={**ACCEPT, **sent})
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("transport", "method", "path"),
    [
        ("sse", "GET", "/sse"),
        ("sse", "POST", "/messages/"),
        ("sse", "POST", "/messages/?session_id=00000000000000000000000000000000"),
        ("sse", "POST", f"/messages/?token={TOKEN}"),
        ("http", "GET", "/mcp"),
        ("http", "DELETE", "/mcp"),
        ("http", "POST", f"/mcp?access_token={TOKEN}"),
    ],
)
@pytest.mark.parametrize(
    "header", ["", f"Basic {TOKEN}", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", "Bearer é"]
)
async def test_no_way_around_the_token(
    tmp_path: Path, transport: str, method: str, path: str, header: str
) -> None:
    """No path, method, query or cookie stands in for the token."""
    headers = {**ACCEPT, "Cookie": f"token={TOKEN}"} | ({"Authorization": header} if header else {})
    raw = {name: value.encode() for name, value in headers.items()}
    async with app(tmp_path, transport, MCP_ADS_HTTP_TOKEN=TOKEN) as client:
        answer = await client.request(method, path, headers=raw, content=b"{}")  # type: ignore[arg-type]
    assert answer.status_code in (401, 405)
    assert "MARKER" not in answer.text


@pytest.mark.parametrize("transport", ["http", "sse"])
async def test_healthz_is_for_everyone(tmp_path: Path, transport: str) -> None:
    """A load balancer asks by address and without a token."""
    async with app(tmp_path, transport, MCP_ADS_HTTP_TOKEN=TOKEN) as client:
        answer = await client.get("/healthz", headers={"Host": "10.0.0.7:8000"})
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
        assert (await client.get("/", headers={"Host": "10.0.0.7"})).status_code == 421


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "ads.example"])
def test_no_public_address_without_a_token(host: str) -> None:
    """Listening to the world without a token is refused before anything listens."""
    options = {"transport": "http", "host": host}
    with pytest.raises(BadSettings, match="MCP_ADS_HTTP_TOKEN"):
        serving.check_public(options, load(environ={}))
    serving.check_public(options, load(environ={"MCP_ADS_HTTP_TOKEN": TOKEN}))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost"])
def test_loopback_needs_none(host: str) -> None:
    """What only this machine reaches needs no token."""
    serving.check_public({"transport": "sse", "host": host}, load(environ={}))


@pytest.mark.parametrize(
    "words",
    [["--port", "x"], ["--port", "99999"], ["--transport", "ws"], ["--nope", "1"], ["--port"], ["x", "y"]],
)
def test_wrong_options(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A mistake is a line on stderr and exit code 2."""
    assert serving.serve(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("mcp-ads: ")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def served(tmp_path: Path, transport: str) -> Iterator[int]:
    """A server process on a real port."""
    port = free_port()
    command = [sys.executable, "-m", "mcp_ads", "serve", "--transport", transport, f"--port={port}"]
    environ = {
        "PATH": os.environ["PATH"], "MCP_ADS_SANDBOX": "1", "MCP_ADS_HOME": str(tmp_path),
        "MCP_ADS_HTTP_TOKEN": TOKEN, "MCP_ADS_LOG_LEVEL": "DEBUG",
    }  # fmt: skip
    with (tmp_path / "err.txt").open("wb") as err:
        process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=err)
        try:
            _until_healthy(port)
            yield port
        finally:
            process.terminate()
            out, _ = process.communicate(timeout=10)
    assert out == b""
    assert "MARKER" not in (tmp_path / "err.txt").read_text()


def _until_healthy(port: int) -> None:
    for _ in range(200):
        try:
            if httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=1).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the server did not start")


@pytest.mark.parametrize(
    ("transport", "mode"),
    [("http", "auto"), *(pytest.param(name, "legacy", marks=pytest.mark.slow) for name in ("http", "sse"))],
)
async def test_over_a_real_socket(tmp_path: Path, transport: str, mode: str) -> None:
    """A client with the token lists, reports with progress, plans and applies; logs stay free of secrets."""
    with served(tmp_path, transport) as port:
        kind = SSETransport if transport == "sse" else StreamableHttpTransport
        path = "/sse" if transport == "sse" else "/mcp"
        heard: list[str] = []

        async def note(done: float, total: float | None, message: str | None) -> None:
            heard.append(message or "")

        way = kind(f"http://127.0.0.1:{port}{path}", auth=TOKEN)
        async with Client(way, mode=mode, progress_handler=note) as client:
            agent = Agent(client, heard)
            assert (
                await agent.table("facebook_marketing", "campaigns", "list", account_id="1234567890")
            ).rows
            await agent.table("linkedin_ads", "ad_campaign_analytics", "list", account_id="512345678")
            people = {"audience_id": AUDIENCE, "users": [{"email": "MARKER@example.com"}]}
            await agent.plan("facebook_marketing", "custom_audiences", "add_users", **people)
            table = await agent.table(
                "facebook_marketing", "campaigns", "list", account_id="1234567890", limit=1
            )
            plan = await agent.plan("facebook_marketing", "campaigns", "pause", campaign_id=table.ids[0])
            assert "APPLIED" in await agent.good("ads_apply", plan_id=plan)
        assert "reading names" in heard
    assert '"who": "http' in (tmp_path / "sandbox" / "audit.jsonl").read_text()
