"""One sandbox for many cells: what a cell changes is taken back, and its network breaks where it is to."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
from engine_client import AMAZON, FACEBOOK, PLAIN, US, break_next

from mcp_ads.across.desk import Desk
from mcp_ads.sandbox.app import Sandbox
from mcp_ads.sandbox.store import Body, Store
from mcp_ads.settings import load
from mcp_ads.settings_values import sandbox_home

MANY = 250
"""Objects of a list that has three pages."""
KINDS = {FACEBOOK: "facebook.audience", AMAZON: "amazon.sb.campaigns"}
NETWORK = ("connect-refused", "connect-timeout", "read-timeout", "drip")
"""What goes wrong before there is a server to do it, or in a server that is none."""


class Drip(httpx.AsyncByteStream):
    """A body that comes byte by byte, each in time, and never ends."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(9)


class Network(httpx.AsyncBaseTransport):
    """The way to the sandbox: it waits as long as a client would, and breaks on request."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._inner = httpx.ASGITransport(sandbox.by_host(), raise_app_exceptions=True)
        self.fault: dict[str, Any] = {}
        self.secrets: set[str] = set()
        self.asked: list[str] = []
        """Every request, as "GET /v26.0/me", also those given up on the way, with those in a batch."""
        self._late: list[asyncio.Future[httpx.Response]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The sandbox's answer, as long as the client waits for it."""
        self._note_secrets(request)
        inside = re.findall("method%22%3A%22(GET|POST|DELETE)", request.content.decode(errors="replace"))
        self.asked.append(f"{request.method} {request.url.path} with {' '.join(inside)}")
        fault = self._taken(request)
        limits: Mapping[str, float] = request.extensions["timeout"]
        if fault == "connect-refused":
            raise httpx.ConnectError("[Errno 111] Connection refused", request=request)
        if fault == "connect-timeout":
            await asyncio.sleep(limits["connect"])
            raise httpx.ConnectTimeout("", request=request)
        if fault == "read-timeout":
            if self.fault["when"] == "after":
                await self._inner.handle_async_request(request)
            await asyncio.sleep(limits["read"])
            raise httpx.ReadTimeout("", request=request)
        if fault == "drip":
            if self.fault["when"] == "after":
                await self._inner.handle_async_request(request)
            return httpx.Response(200, stream=Drip())
        answering = asyncio.ensure_future(self._inner.handle_async_request(request))
        try:
            async with asyncio.timeout(limits["read"]):
                return await asyncio.shield(answering)
        except TimeoutError:
            self._late.append(answering)
            raise httpx.ReadTimeout("", request=request) from None
        except asyncio.CancelledError:
            self._late.append(answering)
            raise

    async def settled(self) -> None:
        """Let the sandbox end what nobody waits for any more, as a server does."""
        while self._late:
            with suppress(ConnectionError):
                await self._late.pop()

    def _taken(self, request: httpx.Request) -> str:
        fault = self.fault
        if not fault or fault["times"] == 0 or request.method != fault["method"]:
            return ""
        if not re.search(fault["path"], request.url.path):
            return ""
        if fault["skip"] > 0:
            fault["skip"] -= 1
            return ""
        fault["times"] -= 1
        return str(fault["kind"])

    def _note_secrets(self, request: httpx.Request) -> None:
        _, _, token = request.headers.get("authorization", "").partition(" ")
        self.secrets |= {token} - {""}


class World:
    """The sandbox, its network, and engines at it, each with a home of its own."""

    def __init__(self, home: Path) -> None:
        self.home, self.cells = home, 0
        settings = load(environ={**PLAIN, "MCP_ADS_HOME": str(home / "sandbox")})
        self.sandbox = Sandbox(sandbox_home(settings.records, ""))
        self.network = Network(self.sandbox)
        self.whole: dict[str, Sequence[Any]] = {}
        """What each read answers without a fault."""
        self._undo: list[tuple[str, str, Body | None]] = []

    @property
    def store(self) -> Store:
        return self.sandbox.store

    def fill(self) -> None:
        """Lengthen short lists to three pages, once platforms have filled themselves."""
        with self.store.transaction():
            for kind in KINDS.values():
                first, last = self.store.all(kind)[0], len(self.store.all(kind))
                for number in range(last, MANY):
                    own = str(990000000000000000 + number)
                    named: Body = {name: own for name in ("id", "campaignId") if name in first}
                    copied = {name: value for name, value in first.items() if name != "_n"}
                    self.store.put(kind, own, {**copied, **named, "name": f"Copy {number}"})

    def desk(self, **environ: str) -> Desk:
        """An engine that knows nothing yet."""
        self.cells += 1
        made = Desk(load(environ={**PLAIN, "MCP_ADS_HOME": str(self.home / str(self.cells)), **environ}))
        made.__dict__["_sandbox_transport"] = self.network
        return made

    def breaks(self, **fault: Any) -> None:
        """Let something go wrong; where it happens is the fault's own."""
        if fault["kind"] in NETWORK:
            self.network.fault = {"skip": 0, "times": 1, "when": "before", **fault}
            if fault.get("times") == 0:
                self.network.fault["times"] = -1
        else:
            break_next(self.store, **fault)

    def mend(self) -> None:
        """Nothing goes wrong any more."""
        self.network.fault = {}
        for fault in self.store.all("sandbox.fault"):
            self.store.delete("sandbox.fault", fault["id"])

    @contextmanager
    def undone(self) -> Iterator[None]:
        """What is changed in here is as it was before afterwards."""
        put, delete = self.store.put, self.store.delete

        def noting_put(kind: str, id: str, body: Body) -> None:
            self._undo.append((kind, id, self.store.get(kind, id)))
            put(kind, id, body)

        def noting_delete(kind: str, id: str) -> None:
            self._undo.append((kind, id, self.store.get(kind, id)))
            delete(kind, id)

        setattr(self.store, "put", noting_put)  # noqa: B010 - of this store alone
        setattr(self.store, "delete", noting_delete)  # noqa: B010
        try:
            yield
        finally:
            del self.store.put, self.store.delete
            self._restore()

    def _restore(self) -> None:
        with self.store.transaction():
            while self._undo:
                kind, number, before = self._undo.pop()
                if before is None:
                    self.store.delete(kind, number)
                else:
                    self.store.put(kind, number, before)
            self.store._db.execute("DELETE FROM writes")
            self.store._db.execute("DELETE FROM requests")
        self.network.asked.clear()

    async def known(self) -> None:
        """Have the platforms fill themselves."""
        desk = self.desk()
        await desk.execute(FACEBOOK, "custom_audiences", "list", {"account_id": US})
        await desk.execute(AMAZON, "sponsored_brands_campaigns", "list", {"account_id": "3312345678901234"})
        await desk.execute("linkedin_ads", "creatives", "list", {"account_id": "512345678", "limit": 1})
        await desk.close()
        self.fill()
