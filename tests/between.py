"""Somebody between us and the platforms: answers some requests himself, and counts or delays the others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx
from engine_client import EngineClient

Handler = Callable[[httpx.Request], httpx.Response | None]


def between(engine_client: EngineClient, answers: Handler, seconds: float = 0.0) -> list[httpx.Request]:
    """The sandbox, every answer so late, but for what `answers` says itself; and what was asked."""
    honest, asked = engine_client.workspace._sandbox_transport, list[httpx.Request]()

    class Man(httpx.AsyncBaseTransport):
        """In the middle."""

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            asked.append(request)
            if seconds:
                await asyncio.sleep(seconds)
            return answers(request) or await honest.handle_async_request(request)

    engine_client.workspace._sandbox = Man  # type: ignore[method-assign,assignment]
    return asked


def nothing(_request: httpx.Request) -> None:
    """Lets everything through."""


Change = Callable[[httpx.Request, httpx.Response], httpx.Response]


def changed(engine_client: EngineClient, change: Change) -> None:
    """The sandbox, every answer as `change` makes it; a request is carried out before."""
    honest = engine_client.workspace._sandbox_transport

    class Man(httpx.AsyncBaseTransport):
        """In the middle."""

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            response = await honest.handle_async_request(request)
            await response.aread()
            return change(request, response)

    engine_client.workspace._sandbox = Man  # type: ignore[method-assign,assignment]
