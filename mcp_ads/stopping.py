"""A web server that is stopped in time: what is under way is answered first, for a while."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import uvicorn
from sse_starlette.sse import AppStatus

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
        while self._busy():  # noqa: ASYNC110 - a count of calls, looked at only now
            await asyncio.sleep(TICK)
        await asyncio.sleep(LAST_WORDS)
        AppStatus.should_exit = True
