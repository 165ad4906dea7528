"""A platform that answers what a test says, in front of the sandbox, which answers the rest."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from mcp_ads.engine.door import Engine

Answers = Callable[[httpx.Request], httpx.Response | None]


def in_front(workspace: Engine, answers: Answers) -> list[httpx.Request]:
    """Put `answers` before the sandbox; what was asked is in the list."""
    honest, asked = workspace._sandbox_transport, list[httpx.Request]()

    class Man(httpx.AsyncBaseTransport):
        """In the middle."""

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            asked.append(request)
            return answers(request) or await honest.handle_async_request(request)

    workspace._sandbox = Man  # type: ignore[method-assign,assignment]
    return asked
