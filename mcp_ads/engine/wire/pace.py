"""One account's limiter: how many requests at once, and until when the platform wants none."""

from __future__ import annotations

import asyncio
import contextlib
import math
import random
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from mcp_ads.core.pauses import Throttle
from mcp_ads.errors import RateLimited

from .crowd import place
from .deadline import left

PATIENCE = 20.0
"""Seconds a request may spend waiting between attempts, or for its account to be open again."""
AT_ONCE = 8
BUSY, FULL = 80.0, 100.0
"""Percent of a platform's limit from which requests are spaced out, and from which each waits for a while."""
GAPS, FULL_GAP = (0.25, 1.0), 5.0
"""Seconds between two requests: when a limit begins to be busy, just below full, and when it is full."""
SPACED = 0.125
"""The part of a pause that lies between two requests after it."""
LONGEST_CLOSED = 60.0
"""Seconds for which calls are refused here because of one; then the platform is asked again."""


@dataclass
class Pace:
    """One account's limiter: how many requests at once, and until when the platform wants none."""

    closed_until: float = 0.0
    asked_until: float = 0.0
    gap: float = 0.0
    strikes: int = 0
    """Throttles without a time since the last answers that were none."""
    _last: float = 0.0
    _slower: float = 0.0
    _gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _first: asyncio.Lock = field(default_factory=asyncio.Lock)

    @contextlib.asynccontextmanager
    async def room(self, calls: int = 1) -> AsyncIterator[None]:
        """Be one of those under way, as as many as the platform counts; one by one they get their places."""
        places = 0
        try:
            async with self._first:
                while places < min(calls, AT_ONCE):
                    await self._gate.acquire()
                    places += 1
            async with place():
                yield
        finally:
            for _ in range(places):
                self._gate.release()

    def close(self, seconds: float) -> None:
        """Ask nothing for a while, though not for as long as a platform may say."""
        now = time.monotonic()
        self.asked_until = max(self.asked_until, now + seconds)
        self.closed_until = max(self.closed_until, now + min(seconds, LONGEST_CLOSED))

    def throttled(self, throttle: Throttle, lane: str) -> float:
        """How long to wait where the platform does not say; 0 where it is as after any other failure.

        The longer it goes on the longer that is, and the requests that follow are spaced.
        """
        self.strikes += 1
        pause = throttle.pause(lane, self.strikes) * random.uniform(1.0, 1.2)  # noqa: S311 - jitter
        self._slower = min(pause * SPACED, GAPS[1])
        return pause

    def served(self, answer: Any) -> Any:
        """The answer that came; by and by requests are as close to each other as before."""
        self.strikes = max(0, self.strikes - 1)
        self._slower = self._slower / 2 if self.strikes else 0.0
        return answer

    def used(self, percent: float) -> None:
        """Space the requests that follow by how much of the platform's tightest limit is used."""
        share = (percent - BUSY) / (FULL - BUSY)
        slower = FULL_GAP if share >= 1 else GAPS[0] + share * (GAPS[1] - GAPS[0])
        self.gap = slower if percent >= BUSY else 0.0

    async def opened(self) -> None:
        """Wait for the end of a short pause and for one's turn; raise RateLimited at once for a long pause.

        Nothing is sent.
        """
        pause = self.closed_until - time.monotonic()
        if pause > min(PATIENCE, left()):
            asked = self.asked_until - time.monotonic()
            fix = f"call again in {math.ceil(asked)} s"
            raise RateLimited("the platform asked for a pause that is not over", retry_after=asked, fix=fix)
        if pause > 0:
            await asyncio.sleep(pause)
        now = time.monotonic()
        gap = max(self.gap, self._slower)
        self._last = turn = max(now, self._last + gap if gap else now)
        if turn > now:
            await asyncio.sleep(min(turn - now, left() / 2))
