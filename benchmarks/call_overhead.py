"""connect().execute beside a bare httpx call for the same rows from the same server."""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from mcp_ads import Client, connect

from .report import Number
from .sandbox_server import parrot, sandbox

TOKEN = "sandbox-token"
ACCOUNT = "1234567890"
SIZES = {1: 200, 25: 200, 500: 30}
"""Rows, and how often each is called."""
LIMITS = {25: 1.4}
WARM_UP = 5


@dataclass(frozen=True)
class Pair:
    """Seconds of every call, ours and bare, made in turn."""

    ours: list[float]
    bare: list[float]

    @property
    def ratio(self) -> float:
        return statistics.median(self.ours) / statistics.median(self.bare)

    @property
    def detail(self) -> str:
        ours, bare = (statistics.median(times) * 1000 for times in (self.ours, self.bare))
        return f"{ours:.2f} ms; bare {bare:.2f} ms (medians)"


async def timed(call: Callable[[], Awaitable[Any]]) -> float:
    began = time.perf_counter()
    await call()
    return time.perf_counter() - began


async def compare(client: Client, bare: httpx.AsyncClient, rows: int, target: str) -> Pair:
    """The same list, asked for by us and by a bare call, in turn."""

    async def ours() -> None:
        result = await client.execute("ads", "list", {"account_id": ACCOUNT, "limit": rows})
        assert len(result.data) == rows, f"{len(result.data)} rows, not {rows}"

    async def theirs() -> None:
        response = await bare.get(target)
        assert len(response.json()["data"]) == rows

    found = Pair([], [])
    for turn in range(SIZES[rows] + WARM_UP):
        pair = [(found.ours, await timed(ours)), (found.bare, await timed(theirs))]
        if turn >= WARM_UP:
            for times, seconds in pair:
                times.append(seconds)
    return found


async def targets(client: Client, url: str) -> dict[int, str]:
    """What execute asks the server for, so that the bare calls ask for exactly the same."""
    found: dict[int, str] = {}
    session = client._desks.here.session(client.connector.name)  # noqa: SLF001 - only to look at the request
    for rows in SIZES:
        call = client.connector.action("ads", "list").model_validate({"account_id": ACCOUNT})
        assert call.pages
        request = call.pages.sized(call.to_request(), rows)
        found[rows] = url + session.transport.wire(request).url
    return found


async def against(url: str, answers: dict[str, bytes] | None = None) -> dict[int, Pair]:
    """Every size against one server; collects its answers where asked to."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with _environment(url):
        async with (
            connect("facebook-marketing") as client,
            httpx.AsyncClient(headers=headers, timeout=30) as bare,
        ):
            asked = await targets(client, url)
            found = {rows: await compare(client, bare, rows, asked[rows]) for rows in SIZES}
            if answers is not None:
                for target in (*asked.values(), *await _accounts(client, url)):
                    answers[target.removeprefix(url)] = (await bare.get(target)).content
    return found


async def _accounts(client: Client, url: str) -> list[str]:
    """The request that finds the account's currency, which a server must answer before any other."""
    session = client._desks.here.session(client.connector.name)  # noqa: SLF001
    source = session.connector.accounts
    call = session.connector.action(source.entity, "list").model_validate({"fields": list(source.fields)})
    assert call.pages
    request = call.pages.sized(call.to_request(), call.pages.most)
    return [url + session.transport.wire(request).url]


@contextmanager
def _environment(url: str) -> Iterator[None]:
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as home:
        for name in [
            variable for variable in os.environ if variable.startswith(("MCP_ADS_", "FACEBOOK_MARKETING_"))
        ]:
            del os.environ[name]
        os.environ |= {"MCP_ADS_HOME": home, "FACEBOOK_MARKETING_ACCESS_TOKEN": TOKEN}
        os.environ["FACEBOOK_MARKETING_BASE_URL"] = url
        try:
            yield
        finally:
            os.environ.clear()
            os.environ |= before


def numbers() -> Iterable[Number]:
    """Against the sandbox, and against a server that does nothing but repeat the sandbox's answers."""
    answers: dict[str, bytes] = {}
    with sandbox() as url:
        found = asyncio.run(against(url, answers))
    for rows, pair in found.items():
        yield Number(f"a call for {rows} rows, the sandbox", pair.ratio, "x", LIMITS.get(rows), pair.detail)
    with parrot(answers) as url:
        found = asyncio.run(against(url))
    for rows, pair in found.items():
        yield Number(
            f"a call for {rows} rows, a server that only repeats", pair.ratio, "x", None, pair.detail
        )
