"""A read goes on for as long as somebody waits for its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from .refusals import Refused

if TYPE_CHECKING:
    from starlette.requests import Request

Answer = TypeVar("Answer")
HUNG_UP = 499
"""What the log has for a request that nobody waited for; no client sees it."""


async def heard(request: Request, read: Coroutine[Any, Any, Answer]) -> Answer:
    """The answer of a read; it is cancelled when the client hangs up. Raises what it raises, and Refused."""
    reading = asyncio.create_task(read)
    gone = asyncio.create_task(_hung_up(request))
    try:
        await asyncio.wait({reading, gone}, return_when=asyncio.FIRST_COMPLETED)
        if reading.done():
            return reading.result()
        raise Refused(HUNG_UP, "the client hung up, and the read was stopped", "hung_up")
    finally:
        gone.cancel()
        reading.cancel()
        await asyncio.gather(gone, reading, return_exceptions=True)


async def _hung_up(request: Request) -> None:
    """Wait until the client is gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
