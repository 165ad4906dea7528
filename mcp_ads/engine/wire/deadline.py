"""How long a call may take: clients give up at 60 seconds, so a read ends before, with how to go on."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

DEADLINE = 45.0
"""Seconds a call may take."""
_ends: ContextVar[float] = ContextVar("ends", default=math.inf)
_waits_until: ContextVar[float] = ContextVar("waits_until", default=math.inf)


@contextmanager
def deadline() -> Iterator[None]:
    """What is read in here, also by tasks started in here, has to be read in time."""
    token = _ends.set(min(_ends.get(), time.monotonic() + DEADLINE))
    try:
        yield
    finally:
        _ends.reset(token)


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """What is read in here waits no longer than this for what is being built; what is there is fetched."""
    token = _waits_until.set(min(_waits_until.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _waits_until.reset(token)


def left() -> float:
    """Seconds that remain; without a deadline, infinity."""
    return _ends.get() - time.monotonic()


def waitable() -> float:
    """Seconds that may be waited away: what was waited for is still fetched in those after them."""
    return min(left() - DEADLINE / 9, _waits_until.get() - time.monotonic())


def answerable() -> float:
    """Seconds until what there is has to be answered with: by then recipes have said what to go on with."""
    return left() - DEADLINE / 18
