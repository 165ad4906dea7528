"""/mcp: the MCP server of one workspace for whoever holds a token of it, made when it is first asked for."""

from __future__ import annotations

import asyncio
import time
from contextvars import ContextVar
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fastmcp.server.auth import AccessToken, TokenVerifier
from starlette.responses import Response

from mcp_ads.callers import HELD
from mcp_ads.server import build_server
from mcp_ads.serving import guarded_app

from .callers import Caller

if TYPE_CHECKING:
    from fastmcp.server.http import StarletteWithLifespan
    from starlette.types import Receive, Scope, Send

    from mcp_ads.across.desk import Desk
    from mcp_ads.settings import Settings

    from .settings import HostSettings

MOST, IDLE = 256, 900.0
"""Servers that are kept running, and seconds after which one that nobody asks ends."""
_admitted: ContextVar[Caller] = ContextVar("admitted")


class Admitted(TokenVerifier):
    """Accepts the token of a request that was let in already, as that of whoever it was let in for."""

    async def verify_token(self, token: str) -> AccessToken | None:
        """Who was let in; None outside a request that was."""
        caller = _admitted.get(None)
        if caller is None:
            return None
        return AccessToken(token=token, client_id=caller.id, scopes=[], claims={HELD: caller.authority})


class Running:
    """One MCP server with its lifespan in a task of its own, from the first request until it is ended."""

    def __init__(self, app: StarletteWithLifespan) -> None:
        self.app, self.under_way, self.used = app, 0, time.monotonic()
        self._end, self._begun = asyncio.Event(), asyncio.Event()
        self._task = asyncio.create_task(self._run())

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        self.under_way += 1
        try:
            await self._begun.wait()
            await self.app(scope, receive, send)
        finally:
            self.under_way -= 1
            self.used = time.monotonic()

    async def end(self) -> None:
        """End it; what is under way is cut off."""
        self._end.set()
        await self._task

    async def _run(self) -> None:
        async with self.app.lifespan(self.app):
            self._begun.set()
            await self._end.wait()


class McpServers:
    """The MCP servers that run, one for each engine: with other connectors the engine is another, too."""

    def __init__(self, settings: HostSettings) -> None:
        self._settings = settings
        self._running: dict[Desk, Running] = {}

    @property
    def under_way(self) -> int:
        """Calls that are being answered; a stream that is only held open is none."""
        return sum(desk.under_way for desk in self._running)

    async def of(self, desk: Desk) -> Running:
        """The server on an engine. Servers that nobody asks any more are ended."""
        if desk not in self._running:
            server = build_server(desk.settings, desk, lent=True, auth=Admitted())
            self._running[desk] = Running(guarded_app(server, reached_by(desk.settings, self._settings)))
        found = self._running[desk]
        found.used = time.monotonic()
        await self._end_idle()
        return found

    async def close(self) -> None:
        """End every server."""
        running, self._running = self._running, {}
        for server in running.values():
            await server.end()

    async def _end_idle(self) -> None:
        now = time.monotonic()
        idle = [(server.used, desk) for desk, server in self._running.items() if not server.under_way]
        idle.sort(key=lambda pair: pair[0])
        over = len(self._running) - MOST
        for place, (used, desk) in enumerate(idle):
            if place < over or now - used > IDLE:
                await self._running.pop(desk).end()


class Handed(Response):
    """An answer that an MCP server gives, to whoever was let in."""

    def __init__(self, server: Running, caller: Caller) -> None:
        super().__init__()
        self._server, self._caller = server, caller

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have the server answer."""
        token = _admitted.set(self._caller)
        try:
            await self._server.answer(scope, receive, send)
        finally:
            _admitted.reset(token)


def reached_by(settings: Settings, host: HostSettings) -> Settings:
    """The settings with every name under which clients may reach the host."""
    public = urlsplit(host.public_url).hostname
    known = host.own.http_allowed_hosts
    return replace(settings, http_allowed_hosts=(*known, public) if public else known)
