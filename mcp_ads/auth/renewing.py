"""One renewal at a time: the others wait for it, in this process and in all of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack

import httpx

from mcp_ads.errors import PlatformDown
from mcp_ads.files.lock import Busy

NEIGHBOURS = 10.0
"""Seconds another process is waited for that renews the same token."""
LOOK_AGAIN = 0.05
MOST_REASON = 200


async def queue(alone: ExitStack, locked: Callable[[], AbstractContextManager[None]]) -> bool:
    """Wait for other processes, for a while; False where they take longer.

    Where no file can be locked, it goes on without.
    """
    until = time.monotonic() + NEIGHBOURS
    while time.monotonic() < until:
        try:
            alone.enter_context(locked())
        except Busy:
            await asyncio.sleep(LOOK_AGAIN)
        except OSError:
            return True
        else:
            return True
    return False


def busy() -> PlatformDown:
    """That another process still renews the token; two renewals at once could lose the consent."""
    return PlatformDown("another process renews the access token, and is not done yet", fix="call again")


def unreachable(url: str, error: Exception) -> PlatformDown:
    """What is said of a token endpoint that gives no answer: its host, and never its address."""
    why = " ".join((str(error) or type(error).__name__).split())[:MOST_REASON]
    return PlatformDown(f"no answer from the token endpoint at {httpx.URL(url).host}: {why}")
