"""Whether a request has left: what waits for its turn or a token has not, however its waiting ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_watched: ContextVar[list[bool] | None] = ContextVar("watched", default=None)


@contextmanager
def watching() -> Iterator[list[bool]]:
    """A list that has an entry as soon as a request made in here has left."""
    left: list[bool] = []
    token = _watched.set(left)
    try:
        yield left
    finally:
        _watched.reset(token)


def leaving() -> None:
    """A request leaves now."""
    if (watched := _watched.get()) is not None:
        watched.append(True)
