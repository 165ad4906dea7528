"""One account's limiter: how many requests at once, how far apart, and until when the platform wants none."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from asyncio import timeout
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from mcp_ads.core.pauses import Throttle
from mcp_ads.core.usage import Usage
from mcp_ads.errors import PlatformDown

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
LASTS = 300.0
"""Seconds for which what was told of a limit is believed where nothing more is told."""
MOST_LIMITS = 16
NEARLY = 1e-3
"""Seconds that are not waited."""


@dataclass(eq=False)
class Pace:
    """One account's limiter, its app's, or that of one kind of calls. It is shared by all who ask there.

    Closed, it refuses what would have to wait long. After that it is `doubted`: one request goes first, and
    the others when that is answered.
    """

    closed_until: float = 0.0
    asked_until: float = 0.0
    strikes: int = 0
    """Throttles without a time since the last answers that were none."""
    doubted: bool = False
    under_way: int = 0
    """Requests that are at the platform, or wait for their turn."""
    _told: dict[str, tuple[Usage, float]] = field(default_factory=dict)
    _last: float = 0.0
    _slower: float = 0.0
    _gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _first: asyncio.Lock = field(default_factory=asyncio.Lock)
    _trial: asyncio.Lock = field(default_factory=asyncio.Lock)

    @contextlib.asynccontextmanager
    async def places(self, calls: int = 1) -> AsyncIterator[None]:
        """Be one of those under way, as as many as the platform counts; one by one they get their places."""
        places = 0
        self.under_way += 1
        try:
            async with _in_time("too many calls of this account are under way"), self._first:
                while places < min(calls, AT_ONCE):
                    await self._gate.acquire()
                    places += 1
            yield
        finally:
            self.under_way -= 1
            for _ in range(places):
                self._gate.release()

    @contextlib.asynccontextmanager
    async def trial(self) -> AsyncIterator[None]:
        """After a pause, be the one that goes first, or wait for its answer."""
        if self.doubted:
            async with _in_time("the first call after a pause has no answer yet"):
                await self._trial.acquire()
        else:
            yield
            return
        if not self.doubted:
            self._trial.release()
            yield
            return
        try:
            yield
        finally:
            self._trial.release()

    def close(self, seconds: float, most: float = LONGEST_CLOSED) -> None:
        """Ask nothing for a while, though not for as long as a platform may say."""
        now = time.monotonic()
        self.asked_until = max(self.asked_until, now + seconds)
        self.closed_until = max(self.closed_until, now + min(seconds, most))
        self.doubted = True

    def throttled(self, throttle: Throttle, lane: str) -> float:
        """How long to wait where the platform does not say; 0 where it is as after any other failure.

        The longer it goes on the longer that is, and the requests that follow are spaced.
        """
        self.strikes += 1
        pause = throttle.pause(lane, self.strikes) * random.uniform(1.0, 1.2)  # noqa: S311 - jitter
        self._slower = min(pause * SPACED, GAPS[1])
        return pause

    def answered(self) -> None:
        """Something came that was no throttle: by and by requests are as close to each other as before."""
        self.doubted = False
        self.strikes = max(0, self.strikes - 1)
        self._slower = self._slower / 2 if self.strikes else 0.0

    def used(self, usage: Usage) -> None:
        """Space the requests that follow by how much of the platform's tightest limit is used."""
        if usage.limit in self._told or len(self._told) < MOST_LIMITS:
            self._told[usage.limit] = (usage, time.monotonic())

    def tightest(self) -> Usage | None:
        """The limit of which most is used, as far as that was told lately."""
        now = time.monotonic()
        known = [usage for usage, told in self._told.values() if now - told < LASTS]
        return max(known, key=lambda usage: usage.percent, default=None)

    @property
    def gap(self) -> float:
        """Seconds between two requests."""
        usage = self.tightest()
        if usage is None or usage.percent < BUSY:
            return self._slower
        share = (usage.percent - BUSY) / (FULL - BUSY)
        return max(self._slower, FULL_GAP if share >= 1 else GAPS[0] + share * (GAPS[1] - GAPS[0]))

    def closed(self) -> float:
        """Seconds for which nothing is asked; 0 where it is open."""
        return max(0.0, self.closed_until - time.monotonic())

    def asked(self) -> float:
        """Seconds for which the platform wants to be left alone; 0 where that is over."""
        return max(0.0, self.asked_until - time.monotonic())

    def turn(self, *, spaced: bool = True) -> float:
        """Seconds until a request may leave, with or without the time between two of them."""
        gap = self.gap if spaced else 0.0
        wait = max(self.closed(), self._last + gap - time.monotonic() if gap else 0.0)
        return wait if wait > NEARLY else 0.0

    def leaves(self) -> None:
        """A request leaves now."""
        self._last = time.monotonic()

    @property
    def idle(self) -> bool:
        """Whether nothing would be forgotten with it."""
        return not (self.under_way or self.doubted or self.closed() or self.strikes or self.tightest())


@contextlib.asynccontextmanager
async def _in_time(what: str) -> AsyncIterator[Any]:
    """Wait for a turn no longer than the call may take. Raises PlatformDown; nothing was sent."""
    try:
        async with timeout(max(0.0, min(left(), LONGEST_CLOSED))):
            yield
    except TimeoutError:
        raise PlatformDown(f"{what}, so this was not sent", fix="call again in a minute") from None


async def sleep(seconds: float) -> None:
    """Let time pass."""
    await asyncio.sleep(seconds)
