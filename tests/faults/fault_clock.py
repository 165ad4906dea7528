"""A clock that jumps to the next moment something waits for: an hour of waiting takes no time.

Everything in the process sees it: the event loop, our deadlines and pauses, the sandbox. Work in threads is
done at once in the loop's own, so that a jump never runs ahead of it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch


class JumpingClock:
    """Seconds by which it is ahead of this machine's clocks."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self._monotonic, self._time = time.monotonic, time.time

    def monotonic(self) -> float:
        """Seconds, as `time.monotonic` counts them."""
        return self._monotonic() + self.ahead

    def time(self) -> float:
        """Unix seconds."""
        return self._time() + self.ahead

    def forward(self, seconds: float) -> None:
        """Let so much time go by."""
        self.ahead += seconds


@contextmanager
def jumping(loop: asyncio.AbstractEventLoop) -> Iterator[JumpingClock]:
    """In here nobody waits: where the loop would sleep, its clock goes forward."""
    clock, selector = JumpingClock(), getattr(loop, "_selector")  # noqa: B009 - of the loop, for no one else
    select = selector.select

    def at_once(timeout: float | None = None) -> Any:
        if not timeout or timeout < 0:
            return select(timeout)
        found = select(0)
        if not found:
            clock.forward(timeout)
        return found

    def inline(_pool: Any, work: Callable[..., Any], *given: Any) -> asyncio.Future[Any]:
        done = loop.create_future()
        try:
            done.set_result(work(*given))
        except Exception as error:  # noqa: BLE001 - as a thread hands on whatever its work raises
            done.set_exception(error)
        return done

    with (
        patch.object(time, "monotonic", clock.monotonic),
        patch.object(time, "time", clock.time),
        patch.object(selector, "select", at_once),
        patch.object(loop, "run_in_executor", inline),
    ):
        yield clock
