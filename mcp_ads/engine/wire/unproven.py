"""Whether an answer to a change shows by itself that it was made: over another's API some do not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_doubts: ContextVar[list[str] | None] = ContextVar("doubts", default=None)


@contextmanager
def doubting() -> Iterator[list[str]]:
    """A list that has an entry for each change made in here whose answer shows nothing of it."""
    doubts: list[str] = []
    token = _doubts.set(doubts)
    try:
        yield doubts
    finally:
        _doubts.reset(token)


def doubted(call: str) -> None:
    """An answer to this call shows nothing of what it changed."""
    if (doubts := _doubts.get()) is not None:
        doubts.append(call)
