"""Calling a tool's function again by ourselves, where it has only read and what failed may pass."""

from __future__ import annotations

from collections.abc import Iterator

from mcp_ads.errors import AdsError, PlatformDown, RateLimited, TooMuch
from mcp_ads.sdk.noted import Noted

FIRST, LONGEST = 1.0, 30.0
"""Seconds before the first repetition, and the most before any."""


def checked_retries(retries: int) -> int:
    """How many times more a call is made. Raises ValueError."""
    if isinstance(retries, int) and not isinstance(retries, bool) and retries >= 0:
        return retries
    raise ValueError(f"internal_retries: a whole number from 0, not {retries!r}")


def pauses(retries: int) -> Iterator[float]:
    """The seconds before each repetition: twice as many each time."""
    for count in range(retries):
        yield min(FIRST * 2**count, LONGEST)


def pause(error: AdsError, noted: Noted, waits: Iterator[float]) -> float | None:
    """The seconds until the call is made again; None where it is not.

    What asks to wait for longer than a tool may take is told instead.
    """
    passes = isinstance(error, RateLimited | PlatformDown) and not isinstance(error, TooMuch)
    if not passes or not noted.only_read:
        return None
    named = getattr(error, "retry_after", 0.0)
    if named > LONGEST or (seconds := next(waits, None)) is None:
        return None
    return max(seconds, named)
