"""Calls about many accounts: so many of their requests are under way at once, however many there are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar

AT_ONCE = 32
"""Requests of one call that are under way at once, beside what each account's own limiter allows."""
_places: ContextVar[asyncio.Semaphore | None] = ContextVar("places", default=None)


@contextmanager
def crowd() -> Iterator[None]:
    """What is asked for in here, also by tasks started in here, shares so many places."""
    token = _places.set(asyncio.Semaphore(AT_ONCE))
    try:
        yield
    finally:
        _places.reset(token)


@asynccontextmanager
async def place() -> AsyncIterator[None]:
    """Be one of those under way; alone, where the call is about one account."""
    if (places := _places.get()) is None:
        yield
        return
    async with places:
        yield
