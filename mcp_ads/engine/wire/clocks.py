"""How far this machine's clock is from a platform's, as the Date of its answers shows."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

SLOWEST = 30.0
"""Seconds an answer may take for its Date to say anything."""
DATE = 29
"""Characters of a Date; of several, as a proxy may add one, the last counts."""
LAST, FEW = 5, 3
"""Answers whose Dates are held against each other: one far from the others comes from a clock set wrong, and
of so few nobody knows which one."""
ALIKE = timedelta(minutes=1)
"""How far Dates may be apart."""
STEPPED = 5.0
"""Seconds by which this machine's clock may run apart from its steady one and still count as not set anew."""


class PlatformClock:
    """The time at a platform, told by this machine's clock and how far that is ahead."""

    def __init__(self) -> None:
        self._ahead: deque[timedelta] = deque(maxlen=LAST)
        self._since, self._apart = datetime.now(UTC), time.time() - time.monotonic()

    def answered(self, headers: Mapping[str, str], began: float) -> None:
        """Note the Date of an answer to a request that `began` then by `time.monotonic`.

        One from a cache, or one that took long, says nothing.
        """
        if "age" in headers or time.monotonic() - began > SLOWEST:
            return
        try:
            told = parsedate_to_datetime(headers.get("date", "")[-DATE:]).replace(tzinfo=UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            return
        self._ahead.append(datetime.now(UTC) - told)

    def ahead(self, at: datetime) -> timedelta | None:
        """How far this machine's clock was ahead at a moment of its own; None where nobody knows: no answer
        told, they told times that are far apart, or it was before this process or before the clock was set.
        """
        stepped = abs(time.time() - time.monotonic() - self._apart) > STEPPED
        if not self._ahead or stepped or at < self._since - timedelta(seconds=1):
            return None
        told = sorted(self._ahead)
        middle = told[len(told) // 2]
        odd = sum(abs(one - middle) > ALIKE for one in told)
        return middle if odd <= (len(told) > FEW) else None
