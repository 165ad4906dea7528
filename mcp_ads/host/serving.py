"""The whole server as one ASGI app, with what a process needs to stop it in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .app import PREFIXES, app_of
from .logs import Requests

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from .parts import Host


class Served:
    """The REST API, /mcp and what load balancers ask, with an id and a line in the log for each request."""

    def __init__(self, host: Host) -> None:
        self._app = app_of(host)
        self._requests = Requests(self._app, PREFIXES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._requests(scope, receive, send)

    @property
    def notice(self) -> str:
        """What the operator should know of spans; empty for nothing."""
        return self._requests.spans.notice

    def is_busy(self) -> bool:
        """Whether a call is under way that should be answered before the process ends."""
        return self._requests.under_way > 0 or self._app.state.mcp.under_way > 0
