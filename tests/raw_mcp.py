"""A server asked with bytes: messages as no client of MCP would write them, in both eras of the protocol."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx

from mcp_ads import serving
from mcp_ads.server import build_server
from mcp_ads.settings import load

OLD, NEW = "2025-11-25", "2026-07-28"
ERAS = (OLD, NEW)
ENVELOPE = {
    "io.modelcontextprotocol/protocolVersion": NEW,
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": {"name": "fuzz", "version": "1"},
}
INTERNAL = -32603
MOST_ANSWERED = 60_000
"""Characters of an answer: text of at most 20,000, written as JSON within JSON."""


class RawServer:
    """The whole ASGI app without a socket, in a loop of its own, so that hypothesis can ask it."""

    def __init__(self, home: Path, **environ: str) -> None:
        settings = load(
            environ={"MCP_ADS_SANDBOX": "1", "MCP_ADS_KEYRING": "off", "MCP_ADS_HOME": str(home), **environ}
        )
        self._runner = asyncio.Runner()
        self._app: Any = serving.http_app(build_server(settings), "http", settings)
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self._app), base_url="http://127.0.0.1:8000"
        )
        self._runner.run(self._start())

    async def _start(self) -> None:
        started, self._stop = asyncio.Event(), asyncio.Event()
        self._serving = asyncio.create_task(self._lifespan(started))
        await started.wait()

    async def _lifespan(self, started: asyncio.Event) -> None:
        messages = iter(["lifespan.startup", "lifespan.shutdown"])

        async def receive() -> dict[str, str]:
            kind = next(messages)
            if kind == "lifespan.shutdown":
                await self._stop.wait()
            return {"type": kind}

        async def send(message: dict[str, Any]) -> None:
            assert "failed" not in message["type"], message
            started.set()

        await self._app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)

    async def _end(self) -> None:
        self._stop.set()
        await self._serving
        await self._client.aclose()

    def close(self) -> None:
        self._runner.run(self._end())
        self._runner.close()

    def post(self, body: bytes, era: str, **headers: str) -> httpx.Response:
        """The answer to these bytes, which is none of an accident's."""
        told = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": era}
        asked = self._client.post(
            "/mcp", content=body, headers={**told, "Content-Type": "application/json", **headers}
        )
        answer = self._runner.run(asyncio.wait_for(asked, 20))
        assert answer.status_code < 500, answer.text
        assert "Traceback" not in answer.text
        assert str(INTERNAL) not in answer.text, answer.text
        assert "mcp-ads failed" not in answer.text, answer.text
        return answer

    def ask(self, method: str, params: dict[str, Any], era: str) -> dict[str, Any]:
        """The answer to a whole message."""
        given = {**params, "_meta": ENVELOPE} if era == NEW else params
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": given}
        named = str(params.get("name") or params.get("uri") or "")
        headers = {"Mcp-Method": method, **({"Mcp-Name": named} if named else {})} if era == NEW else {}
        answer = self.post(json.dumps(message).encode(), era, **headers)
        assert len(answer.text) < MOST_ANSWERED, len(answer.text)
        text = answer.text.partition("data: ")[2] if "data: " in answer.text[:40] else answer.text
        found: dict[str, Any] = json.loads(text)
        return found

    def call(self, tool: str, arguments: dict[str, Any], era: str = NEW) -> tuple[str, bool]:
        """The text of a tool's answer, and whether it is an error."""
        answer = self.ask("tools/call", {"name": tool, "arguments": arguments}, era)
        if "error" in answer:  # bytes that are no message by the rules of an era
            return str(answer["error"]["message"]), True
        return answer["result"]["content"][0]["text"], bool(answer["result"]["isError"])
