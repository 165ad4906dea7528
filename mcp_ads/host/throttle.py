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
    """Of one process; several let through so many times as many. Ids may be long: hashes are kept."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[int, tuple[float, int]] = OrderedDict()

    def wrong(self, client_id: str) -> None:
        """Count one. Raises Refused (429) where there were too many."""
        now, whose = time.monotonic(), hash(client_id)
        since, count = self._wrong.pop(whose, (now, 0))
        if now - since > WINDOW:
            since, count = now, 0
        self._wrong[whose] = (since, count + 1)
        if len(self._wrong) > KNOWN:
            self._wrong.popitem(last=False)
        if count >= MOST:
            wait = str(max(1, math.ceil(since + WINDOW - now)))
            said = f"client_secret: wrong too often; ask again in {wait} s"
            raise Refused(429, said, "too_many_requests", headers={"Retry-After": wait})
