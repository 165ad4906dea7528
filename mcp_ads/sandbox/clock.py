"""The sandbox's time: this machine's, and by how much a test has moved it forward.

By this clock reports are built and kept, links to files end, and codes and tokens grow old. Which day it is
in an account stays this machine's affair: moving the clock changes no figure.
"""

from __future__ import annotations

import time
from ipaddress import ip_address
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from .store import Store

KIND = "sandbox.clock"
MOST = 365 * 86_400
"""Seconds by which it is moved at once."""


class Clock:
    """The time in the sandbox, kept in its store so that all processes see the same.

    `report_delay` is how many seconds of this clock the platforms take for a report that this process orders;
    0: as quickly as somebody looks at it.
    """

    def __init__(self, store: Store) -> None:
        self._store, self.report_delay = store, 0.0

    @property
    def ahead(self) -> float:
        """Seconds by which it was moved."""
        return float((self._store.get(KIND, "") or {"ahead": 0})["ahead"])

    def now(self) -> float:
        """Unix seconds."""
        return time.time() + self.ahead

    def forward(self, seconds: float) -> None:
        """Let so much time go by."""
        with self._store.transaction():
            self._store.put(KIND, "", {"ahead": self.ahead + seconds})


def clock_routes(clock: Clock) -> list[Route]:
    """For tests on this machine: GET /_sandbox/clock says the time, POST {"forward": seconds} moves it."""

    async def tell(request: Request) -> Response:
        if not _is_near(request):
            return _refused(403, "only this machine may look at the clock or move it")
        if request.method == "POST":
            try:
                asked = await request.json()
            except (ValueError, RecursionError):
                return _refused(400, "the body is no JSON")
            seconds = asked.get("forward") if isinstance(asked, dict) and len(asked) == 1 else None
            if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0 <= seconds <= MOST:
                return _refused(400, f'write {{"forward": seconds}}, seconds from 0 to {MOST}')
            clock.forward(seconds)
        return JSONResponse({"now": clock.now(), "ahead": clock.ahead})

    return [Route("/_sandbox/clock", tell, methods=["GET", "POST"])]


def _refused(status: int, why: str) -> Response:
    return JSONResponse({"sandbox": why}, status)


def _is_near(request: Request) -> bool:
    """Whether the caller is on this machine; a page in its browser, which names its origin, is not."""
    try:
        loopback = ip_address(request.client.host if request.client else "").is_loopback
    except ValueError:
        return False
    return loopback and "origin" not in request.headers
