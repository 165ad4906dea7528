"""A server over stdio that is told to stop: reads end at once, a change on its way is written down first."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fastmcp import FastMCP

GRACE = 20.0
"""Seconds that a change on its way has to be answered."""
TICK = 0.02


def run(server: FastMCP, busy: Callable[[], bool]) -> None:
    """Serve until stdin is closed or a signal comes; the signal then ends the process, as shells expect.

    The thread that reads stdin hears of nothing and cannot be waited for. A second signal ends at once.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    asyncio.run(_served(server, busy))


async def _served(server: FastMCP, busy: Callable[[], bool]) -> None:
    serving = asyncio.ensure_future(server.run_async("stdio", show_banner=False))
    told: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    if os.name == "posix":  # elsewhere a loop hears of no signal, and each ends the process
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) == signal.SIG_DFL:
                asyncio.get_running_loop().add_signal_handler(number, _tell, told, number)
    waited: set[asyncio.Future[Any]] = {serving, told}
    await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
    if told.done():
        await _ended(serving, told.result(), busy)
    serving.result()


def _tell(told: asyncio.Future[int], number: int) -> None:
    if told.done():
        end_by(number)
    told.set_result(number)


async def _ended(serving: asyncio.Task[None], number: int, busy: Callable[[], bool]) -> None:
    """Cancel the calls under way, wait for the change that is not to be cut, and end by the signal."""
    serving.cancel()
    until = asyncio.get_running_loop().time() + GRACE
    await asyncio.sleep(TICK)
    while busy() and asyncio.get_running_loop().time() < until:  # noqa: ASYNC110 - a count of calls
        await asyncio.sleep(TICK)
    end_by(number)


def end_by(number: int) -> None:
    """End this process by a signal, as shells expect."""
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
