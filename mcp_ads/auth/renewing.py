"""One renewal at a time: the others wait for it, in this process and in all of them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack

import httpx

from mcp_ads.core.pauses import retry_after
from mcp_ads.errors import PlatformDown, RateLimited
from mcp_ads.files.lock import Busy, wait_for

NEIGHBOURS = 10.0
"""Seconds another process is waited for that renews the same token."""
MOST_REASON = 200
LONGEST_PAUSE = 3_600.0
"""Seconds of a pause that somebody who gives tokens is believed."""


async def queue(alone: ExitStack, locked: Callable[[], AbstractContextManager[None]]) -> bool:
    """Wait for other processes, for a while; False where they take longer.

    Where no file can be locked, it goes on without.
    """
    try:
        await wait_for(alone, locked, NEIGHBOURS)
    except Busy:
        return False
    except OSError:
        return True
    return True


def busy() -> PlatformDown:
    """That another process still renews the token; two renewals at once could lose the consent."""
    return PlatformDown("another process renews the access token, and is not done yet", fix="call again")


def unreachable(url: str, error: Exception) -> PlatformDown:
    """What is said of a token endpoint that gives no answer: its host, and never its address."""
    why = " ".join((str(error) or type(error).__name__).split())[:MOST_REASON]
    return PlatformDown(
        f"no answer from the token endpoint at {httpx.URL(url).host}: {why}", fix="call again in a minute"
    )


def throttled(response: httpx.Response, code: str = "") -> RateLimited:
    """What is said of a token endpoint that asks to slow down, and for how long if it says so."""
    wait = min(retry_after({name.lower(): value for name, value in response.headers.items()}), LONGEST_PAUSE)
    said = "the token endpoint asks to slow down"
    return RateLimited(said, retry_after=wait, status=response.status_code, code=code)
