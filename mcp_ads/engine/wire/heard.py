"""What platforms remark beside their answers: kept for the call that hears it, bounded, and no longer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from mcp_ads.core.cells import cut, visible

MOST, MOST_CHARS = 5, 300
_heard: ContextVar[dict[str, None] | None] = ContextVar("heard", default=None)


@contextmanager
def listening() -> Iterator[None]:
    """What is remarked in here, also to tasks started in here, belongs to this call."""
    if _heard.get() is not None:
        yield
        return
    token = _heard.set({})
    try:
        yield
    finally:
        _heard.reset(token)


def hear(remarks: Iterable[str]) -> None:
    """Keep what a platform remarked, each once; beyond a number they are not worth reading."""
    if (kept := _heard.get()) is None:
        return
    for remark in remarks:
        if len(kept) <= MOST:
            kept[cut(visible(" ".join(remark.split())), MOST_CHARS)] = None


def heard() -> list[str]:
    """The remarks that platforms made during this call, at most a number of them."""
    remarks = list(_heard.get() or ())
    return [*remarks[:MOST], "… and more warnings of the platform"] if len(remarks) > MOST else remarks
