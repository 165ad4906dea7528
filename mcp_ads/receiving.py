"""How long a client of the web server may take to send a request, and how large its head may be."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE = 60.0
"""Seconds from the first byte of a request, or from the connection, until the whole of it is there."""
MOST_HEAD = 64 * 1024
"""Bytes of a request's line and headers."""
LIMITS: dict[str, Any] = {"h11_max_incomplete_event_size": MOST_HEAD, "ws": "none"}
"""Options of uvicorn.Config that go with `Bounded`: there is nothing here for WebSockets."""


class Measured(h11.Connection):
    """A connection whose requests have heads of bounded size, also where one comes in a single piece."""

    def next_event(self) -> type[h11.NEED_DATA | h11.PAUSED] | h11.Event:
        """What comes next. Raises RemoteProtocolError for what is no request."""
        event = super().next_event()
        if isinstance(event, h11.Request):
            lines = [event.method + event.target, *(name + value for name, value in event.headers)]
            if sum(len(line) + 4 for line in lines) > MOST_HEAD:
                raise h11.RemoteProtocolError("the head is too large")
        return event


class Bounded(H11Protocol):
    """A connection that ends where its request is not there in time, whoever sends it.

    uvicorn itself waits for ever for the rest of a request, and ends idle connections alone.
    """

    _ending: asyncio.TimerHandle | None = None

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.conn = Measured(h11.SERVER, MOST_HEAD)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Wait for the first request, for a while."""
        super().connection_made(transport)
        self._ending = self.loop.call_later(PATIENCE, transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._waited()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Answer what is there, and wait for the rest of a request that has begun."""
        super().handle_events()
        state, (more, _) = self.conn.their_state, self.conn.trailing_data
        if not (state is h11.SEND_BODY or (state is h11.IDLE and more)):
            self._waited()
        elif self._ending is None:
            self._ending = self.loop.call_later(PATIENCE, self.transport.abort)

    def _waited(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None
