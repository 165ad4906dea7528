"""A web server that is stopped in time: what is under way is answered first, for a while."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

import uvicorn
from sse_starlette.sse import AppStatus

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

GRACE = 20
"""Seconds that calls under way have when the server is told to stop."""
TICK, LAST_WORDS = 0.05, 0.3


class PatientServer(uvicorn.Server):
    """Ends its event streams once no call is under way any more, rather than at the first signal.

    The listening socket closes at once. A call still under way after GRACE is cancelled; its journal is true.
    """

    def __init__(self, config: uvicorn.Config, busy: Callable[[], bool]) -> None:
        super().__init__(config)
        config.timeout_graceful_shutdown = GRACE
        self._busy = busy
        AppStatus.enable_automatic_graceful_drain = False

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, let calls finish, then end."""
        ending = asyncio.create_task(self._end_streams())
        try:
            await super().shutdown(sockets)
        finally:
            ending.cancel()

    async def _end_streams(self) -> None:
        quiet = 0.0
        while quiet < LAST_WORDS:  # a request that came before may become a call only now
            await asyncio.sleep(TICK)
            quiet = 0.0 if self._busy() else quiet + TICK
        AppStatus.should_exit = True


class Posts:
    """Counts the requests that ask for something: until they are answered, or their client is gone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self.under_way = app, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on."""
        asks = scope.get("method") == "POST"
        self.under_way += asks
        try:
            await self._app(scope, receive, send)
        finally:
            self.under_way -= asks
