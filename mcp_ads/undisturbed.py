"""Work that is done to its end even when whoever asked for it goes away meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Answer = TypeVar("Answer")


async def undisturbed(work: Coroutine[Any, Any, Answer]) -> Answer:
    """Do the work to its end even when the call is cancelled meanwhile; the cancel is honoured then."""
    import anyio

    try:
        await asyncio.sleep(0)  # a call that is cancelled already begins nothing
    except asyncio.CancelledError:
        work.close()
        raise
    task, cancelled = asyncio.ensure_future(work), None
    with anyio.CancelScope(shield=True):
        while not task.done():
            try:
                await asyncio.wait({task})
            except asyncio.CancelledError as error:
                cancelled = error
    if cancelled is None:
        return task.result()
    if not task.cancelled():
        task.exception()
    raise cancelled
