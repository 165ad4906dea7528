"""Which lines of the audit log a request wrote: each stands there before what it tells of is sent."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar

_WRITTEN: ContextVar[list[str] | None] = ContextVar("mcp_ads_host_lines_written", default=None)


@contextlib.contextmanager
def watched() -> Iterator[list[str]]:
    """The hashes of the lines that are written while inside; without any, nothing was sent."""
    written = list[str]()
    token = _WRITTEN.set(written)
    try:
        yield written
    finally:
        _WRITTEN.reset(token)


def note_written(last: str) -> None:
    """Note the hash of the last of some lines, for whoever watches."""
    if (written := _WRITTEN.get()) is not None:
        written.append(last)
