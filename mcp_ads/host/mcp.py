"""/mcp: the MCP server of one workspace for whoever holds a token of it, made when it is first asked for."""

from __future__ import annotations

import asyncio
import json
import time
from contextvars import ContextVar
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fastmcp.server.auth import AccessToken, TokenVerifier
from starlette.requests import HTTPConnection

from mcp_ads.callers import HELD
from mcp_ads.server import build_server
from mcp_ads.serving import guarded_app

from .admission import admitted, bearer_of
from .callers import Caller
from .logs import CALLER
from .refusals import Refused

if TYPE_CHECKING:
    from fastmcp.server.http import StarletteWithLifespan
    from starlette.types import Receive, Scope, Send

    from mcp_ads.across.desk import Desk
    from mcp_ads.settings import Settings

    from .parts import Host

UNAUTHORIZED = 401
MOST, IDLE = 256, 900.0
"""Servers that are kept running, and seconds after which one that nobody asks ends."""
NO_WORKSPACE = (
    "a client's own token is for the REST API: ask with a scoped token, or one of `mcp-ads host token add`"
)
_admitted: ContextVar[Caller] = ContextVar("admitted")


class Admitted(TokenVerifier):
    """Accepts the token of the request that was let in, as who it is."""

    async def verify_token(self, token: str) -> AccessToken | None:
        caller = _admitted.get()
        return AccessToken(token=token, client_id=caller.id, scopes=[], claims={HELD: caller.authority})


class Running:
    """One MCP server with its lifespan in a task of its own, from the first request until it is ended."""

    def __init__(self, app: StarletteWithLifespan) -> None:
        self.app, self.under_way, self.used = app, 0, time.monotonic()
        self._end, self._begun = asyncio.Event(), asyncio.Event()
        self._task = asyncio.create_task(self._run())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
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


class Mcp:
    """/mcp as an ASGI app. A server is that of one engine: another revision of its connectors is another."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._running: dict[Desk, Running] = {}

    @property
    def under_way(self) -> int:
        """Calls that are being answered."""
        return sum(desk.under_way for desk in self._running)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            caller = await _asking(self._host, HTTPConnection(scope))
            scope[CALLER] = caller
            desk = await self._host.desks.of(caller, caller.workspace_id)
        except Refused as error:
            await _refuse(error, send)
            return
        token = _admitted.set(caller)
        try:
            await self._server_of(desk)(scope, receive, send)
        finally:
            _admitted.reset(token)
            await self._end_idle()

    async def close(self) -> None:
        """End every server."""
        running, self._running = self._running, {}
        for server in running.values():
            await server.end()

    def _server_of(self, desk: Desk) -> Running:
        if desk not in self._running:
            server = build_server(desk.settings, desk, lent=True, auth=Admitted())
            self._running[desk] = Running(guarded_app(server, _reached_by(desk.settings, self._host)))
        return self._running[desk]

    async def _end_idle(self) -> None:
        """End servers that nobody asks, the one that was asked longest ago first where there are too many."""
        now = time.monotonic()
        idle = sorted(
            (desk for desk, server in self._running.items() if not server.under_way),
            key=lambda desk: self._running[desk].used,
        )
        over = len(self._running) - MOST
        for place, desk in enumerate(idle):
            if place < over or now - self._running[desk].used > IDLE:
                await self._running.pop(desk).end()


def _reached_by(settings: Settings, host: Host) -> Settings:
    """The settings with every name under which clients may reach the host."""
    public = urlsplit(host.settings.public_url).hostname
    known = host.settings.own.http_allowed_hosts
    return replace(settings, http_allowed_hosts=(*known, public) if public else known)


async def _asking(host: Host, request: HTTPConnection) -> Caller:
    """Whoever asks for one workspace. Raises Refused."""
    found = await admitted(host, bearer_of(request))
    if not found.workspace_id:
        raise Refused(403, NO_WORKSPACE, "forbidden")
    return found


async def _refuse(error: Refused, send: Send) -> None:
    """Answer as OAuth does, which is what MCP clients read."""
    kind = "invalid_token" if error.status == UNAUTHORIZED else str(error.errors[0]["error_code"])
    body = json.dumps({"error": kind, "error_description": str(error)}).encode()
    given = {"content-type": "application/json", "content-length": str(len(body)), **error.headers}
    headers = [(name.lower().encode(), value.encode()) for name, value in given.items()]
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
