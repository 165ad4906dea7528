"""Which answers the reader gets: what is said of an action is what can be asked of it there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_RECORDS: ContextVar[bool] = ContextVar("records", default=False)


@contextmanager
def with_records() -> Iterator[None]:
    """Whoever reads what is said from here is answered with the platform's own records."""
    token = _RECORDS.set(True)
    try:
        yield
    finally:
        _RECORDS.reset(token)


def of_records() -> bool:
    """Whether the reader is answered with records, on which nothing can be looked at, and no shown rows."""
    return _RECORDS.get()
