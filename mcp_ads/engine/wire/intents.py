"""Why a change is made: the plan it is of, told to whoever keeps a record of executions on the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

MOST = 512
_intent: ContextVar[str] = ContextVar("intent", default="")


@contextmanager
def intended(why: str) -> Iterator[None]:
    """What is sent in here is sent for this reason."""
    token = _intent.set(why)
    try:
        yield
    finally:
        _intent.reset(token)


def intent() -> str:
    """The reason, in as many characters as are taken for one."""
    return _intent.get()[:MOST]
