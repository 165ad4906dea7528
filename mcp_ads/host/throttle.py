"""Wrong secrets, counted: whoever goes on guessing waits; who has the right one never does."""

from __future__ import annotations

import math
import time
from collections import OrderedDict

from .refusals import Refused

MOST, WINDOW = 20, 60.0
"""Wrong secrets of one client id within so many seconds."""
KNOWN = 10_000
"""Client ids that are counted at once, the last that were wrong."""


class Throttle:
    """Of one process; several processes let through so many times as many."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def wrong(self, client_id: str) -> None:
        """Count one. Raises Refused (429) where there were too many."""
        now = time.monotonic()
        since, count = self._wrong.pop(client_id, (now, 0))
        if now - since > WINDOW:
            since, count = now, 0
        self._wrong[client_id] = (since, count + 1)
        if len(self._wrong) > KNOWN:
            self._wrong.popitem(last=False)
        if count >= MOST:
            wait = str(max(1, math.ceil(since + WINDOW - now)))
            said = f"client_secret: wrong too often; ask again in {wait} s"
            raise Refused(429, said, "too_many_requests", headers={"Retry-After": wait})
