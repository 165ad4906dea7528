"""Reads of the same moment: asked for together, and what is asked for twice is read once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account, Request
from mcp_ads.errors import ApiError

if TYPE_CHECKING:
    from .connection import Connection

QUIET_TURNS = 4
"""Turns of the event loop without a new read after which those at hand are sent."""
AT_ONCE = 8
"""Groups that are read at once; each may be a batch."""
Read = Callable[[list[Any]], Awaitable[list[Any]]]
"""Gives, for each thing asked for, its answer or the exception it ended with."""
_open: ContextVar[Gathering | None] = ContextVar("gathering", default=None)


class Gathering:
    """The reads of one step of work, such as drafting a plan or checking it: none of them is older."""

    def __init__(self) -> None:
        self._answers: dict[Hashable, asyncio.Future[Any]] = {}
        self._waiting: dict[Hashable, tuple[Read, int, list[tuple[Any, asyncio.Future[Any]]]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(AT_ONCE)
        self._asked = self._seen = self._quiet = 0

    async def ask(self, key: Hashable, group: Hashable, most: int, item: Any, read: Read) -> Any:
        """The answer to one read: `key` says what it is, `group` with which others it may be made.

        Raises what it ended with.
        """
        if key not in self._answers:
            loop = asyncio.get_running_loop()
            future = self._answers[key] = loop.create_future()
            if not self._waiting:
                self._quiet = 0
                loop.call_soon(self._look)
            self._waiting.setdefault(group, (read, most, []))[2].append((item, future))
            self._asked += 1
        answer = await asyncio.shield(self._answers[key])
        if isinstance(answer, BaseException):
            raise copy(answer)
        return answer

    def _look(self) -> None:
        """Send what waits as soon as nobody adds to it any more."""
        self._quiet = self._quiet + 1 if self._asked == self._seen else 0
        self._seen = self._asked
        if self._quiet < QUIET_TURNS:
            asyncio.get_running_loop().call_soon(self._look)
            return
        ready, self._waiting = self._waiting, {}
        for read, most, asked in ready.values():
            for first in range(0, len(asked), most):
                task = asyncio.ensure_future(self._send(read, asked[first : first + most]))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _send(self, read: Read, asked: list[tuple[Any, asyncio.Future[Any]]]) -> None:
        """Read some things at once; whatever happens, everybody who waits for one is told."""
        _open.set(None)  # what reading them takes is not gathered again, or it would wait for itself
        try:
            async with self._places:
                answers = await read([item for item, _ in asked])
        except asyncio.CancelledError:
            for _, future in asked:
                future.cancel()
            raise
        except Exception as error:  # noqa: BLE001 - it is raised where the answer is waited for
            answers = [error] * len(asked)
        for (_, future), answer in zip(asked, answers, strict=True):
            if not future.done():
                future.set_result(answer)

    def close(self) -> None:
        """Cancel every read that is still waited for, and send none that was about to be."""
        self._waiting.clear()
        for task in self._tasks:
            task.cancel()
        for future in self._answers.values():
            future.cancel()


@contextmanager
def gathered() -> Iterator[None]:
    """What is read in here, also by tasks started in here, is read together."""
    gathering = Gathering()
    token = _open.set(gathering)
    try:
        yield
    finally:
        _open.reset(token)
        gathering.close()


def gathering() -> Gathering | None:
    """The reads this one belongs to; None where each is made by itself."""
    return _open.get()


async def at_once(session: Connection, requests: Sequence[Request], account: Account | None) -> list[Any]:
    """What each request was answered, or the ApiError it ended with; none waits for another."""

    async def ask(request: Request) -> Any:
        try:
            return await session.send(request, account)
        except ApiError as error:
            return error

    asked = [asyncio.ensure_future(ask(request)) for request in requests]
    try:
        return await asyncio.gather(*asked)
    finally:
        for one in asked:  # what ends with another error leaves none of the rest running
            one.cancel()
