"""A server with named tokens on a real port, and clients of it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from agent import Agent
from engine_client import EngineClient
from fastmcp import Client
from fastmcp.client.transports import SSETransport, StreamableHttpTransport

from mcp_ads import serving
from mcp_ads.receiving import LIMITS, Bounded
from mcp_ads.server import build_server

HELLO: dict[str, Any] = {
    "jsonrpc": "2.0", "id": 1, "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"},
    },
}  # fmt: skip
ACCEPT = {"Accept": "application/json, text/event-stream"}


def token_of(name: str) -> str:
    """The token a name has in these tests."""
    return f"mcp_MARKER-{name}-{'x' * 32}"


def entry(name: str, scope: str = "write", accounts: Iterable[str] | None = None) -> str:
    """A token's entry in the file."""
    digest = hashlib.sha256(token_of(name).encode()).hexdigest()
    lines = [f"[{name}]", f'sha256 = "{digest}"', f'scope = "{scope}"']
    if accounts is not None:
        lines.append(f"accounts = {json.dumps(list(accounts))}")
    return "\n".join([*lines, ""])


def write(path: Path, *entries: str) -> None:
    """The file with these entries, for its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text("\n".join(entries))


@dataclass
class Running:
    """A server that answers at a port, and its engine."""

    url: str
    transport: str
    engine: EngineClient
    http: httpx.AsyncClient

    @asynccontextmanager
    async def agent(self, name: str = "", query: str = "", mode: str = "auto") -> AsyncIterator[Agent]:
        """A client with the token of that name; without a name it sends none."""
        kind = SSETransport if self.transport == "sse" else StreamableHttpTransport
        way = kind(f"{self.url}{query}", auth=token_of(name) if name else None)
        async with Client(way, mode="legacy" if self.transport == "sse" else mode) as client:
            yield Agent(client)

    async def hello(self, query: str = "", name: str = "", **headers: str) -> httpx.Response:
        """What the first request of a client is answered, over the transport there is."""
        given = {**ACCEPT, **({"Authorization": f"Bearer {token_of(name)}"} if name else {}), **headers}
        if self.transport == "http":
            return await self.http.post(f"{self.url}{query}", json=HELLO, headers=given)
        async with self.http.stream("GET", f"{self.url}{query}", headers=given) as answer:
            if answer.status_code != 200:
                await answer.aread()
            return answer


@asynccontextmanager
async def running(
    home: Path, *entries: str, transport: str = "http", **environ: str
) -> AsyncIterator[Running]:
    """A server in the sandbox; with entries these are in `home/tokens.toml`."""
    if entries:
        write(home / "tokens.toml", *entries)
        environ["MCP_ADS_HTTP_TOKENS"] = str(home / "tokens.toml")
    engine = EngineClient(home, environ)
    options = {"transport": transport, "host": "127.0.0.1", "port": "0"}
    server = build_server(engine.settings, engine.workspace, **serving._auth(engine.settings, options))
    built = serving.http_app(server, transport, engine.settings)
    door = socket.create_server(("127.0.0.1", 0))
    port = door.getsockname()[1]
    listening = uvicorn.Server(uvicorn.Config(built, log_level="warning", http=Bounded, **LIMITS))
    task = asyncio.create_task(listening.serve(sockets=[door]))
    path = "sse" if transport == "sse" else "mcp"
    try:
        async with httpx.AsyncClient(verify=False) as http:
            yield Running(f"http://127.0.0.1:{port}/{path}", transport, engine, http)
    finally:
        listening.should_exit = listening.force_exit = True
        await task
        await engine.close()
