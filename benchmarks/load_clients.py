"""So many MCP clients over HTTP, each with a connection of its own, that call one tool for some seconds.

A process of its own, run by `load`: reads what to ask from standard input, prints what it measured as JSON.
It speaks HTTP itself: a client library's own work would be much of what is measured on a machine of two
processors.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

HELLO = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "benchmark", "version": "1"},
}
SETTLED = 0.5
"""Seconds at the beginning that do not count."""


class McpClient:
    """One connection, kept open, and the protocol on it."""

    def __init__(self, url: str, token: str = "") -> None:
        self._at = urlsplit(url)
        self._more = f"Authorization: Bearer {token}\r\n" if token else ""
        self._version = ""
        self._number = 0

    async def begin(self) -> None:
        """Connect, and shake hands as every client does."""
        self._reader, self._writer = await asyncio.open_connection(self._at.hostname, self._at.port)
        hello = json.loads(_data(await self.ask("initialize", HELLO)))["result"]
        self._version = f"MCP-Protocol-Version: {hello['protocolVersion']}\r\n"
        await self._post({"method": "notifications/initialized"})

    async def ask(self, method: str, params: Mapping[str, Any]) -> bytes:
        """The answer's body, as it came."""
        self._number += 1
        return await self._post({"id": self._number, "method": method, "params": params})

    def end(self) -> None:
        """Close the connection."""
        self._writer.close()

    async def _post(self, message: Mapping[str, Any]) -> bytes:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        head = (
            f"POST {self._at.path} HTTP/1.1\r\nHost: {self._at.netloc}\r\nContent-Type: application/json\r\n"
            f"Accept: application/json, text/event-stream\r\n{self._more}{self._version}"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        status, *headers = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in headers)}
        answer = await self._body(fields)
        if status.split(" ")[1] not in ("200", "202"):
            raise RuntimeError(f"{status}: {answer[:300]!r}")
        return answer

    async def _body(self, fields: Mapping[str, str]) -> bytes:
        if fields.get("transfer-encoding") != "chunked":
            return await self._reader.readexactly(int(fields.get("content-length", "0")))
        parts = []
        while size := int(await self._reader.readuntil(b"\r\n"), 16):
            parts.append(await self._reader.readexactly(size))
            await self._reader.readexactly(2)
        await self._reader.readexactly(2)
        return b"".join(parts)


def _data(body: bytes) -> bytes:
    """The one message of an answer, which comes as JSON or as an event."""
    found = next((line[6:] for line in body.splitlines() if line.startswith(b"data: {")), body)
    return found.strip()


async def one(client: McpClient, asked: Mapping[str, Any], until: float) -> list[tuple[float, float, bool]]:
    """When each call was answered, what it took, and whether as it should."""
    found, expected = [], asked["expected"].encode()
    while (began := time.perf_counter()) < until:
        answer = await client.ask("tools/call", {"name": asked["tool"], "arguments": asked["arguments"]})
        now = time.perf_counter()
        found.append((now, now - began, expected in answer and b'"isError":true' not in answer))
    return found


async def measured(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Milliseconds of every call after the first moments, the seconds these took, and how many went wrong."""
    urls = asked["urls"]
    clients = [McpClient(urls[number % len(urls)], asked["token"]) for number in range(asked["clients"])]
    await asyncio.gather(*(client.begin() for client in clients))
    first = time.perf_counter() + SETTLED
    worked = time.process_time()
    until = first + asked["seconds"]
    found = await asyncio.gather(*(one(client, asked, until) for client in clients))
    worked = time.process_time() - worked
    calls = [call for calls in found for call in calls]
    for client in clients:
        client.end()
    counted = [(took, well) for when, took, well in calls if when >= first]
    return {
        "rate": len(counted) / (max(when for when, *_ in calls) - first),
        "milliseconds": [took * 1000 for took, _ in counted],
        "failed": sum(not well for *_, well in calls),
        "calls": len(calls),
        "worked": worked,
    }


async def answered(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The text of one call's answer."""
    client = McpClient(asked["urls"][0], asked["token"])
    await client.begin()
    answer = await client.ask("tools/call", {"name": asked["tool"], "arguments": asked["arguments"]})
    client.end()
    return {"text": json.loads(_data(answer))["result"]["content"][0]["text"]}


if __name__ == "__main__":
    given = json.load(sys.stdin)
    print(json.dumps(asyncio.run((answered if given.get("once") else measured)(given))))
