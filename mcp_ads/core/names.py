"""What a process remembers of names it has read, so that the next answer need not ask for them again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

MOST = 20_000


class Names:
    """Records by where they were read and of what, each believed for some seconds; the oldest go first.

    Names are no secrets and decide nothing: one that is stale is a label of some minutes ago.
    """

    def __init__(self, most: int = MOST, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._kept: dict[tuple[str, str], tuple[float, Mapping[str, Any]]] = {}

    def get(self, place: str, id: str) -> Mapping[str, Any] | None:
        """The record that was kept, as long as it is believed."""
        until, record = self._kept.get((place, id), (0.0, None))
        return record if until > self._clock() else None

    def forget(self, path: str) -> None:
        """Drop what was read in the places that a path begins with: something is changed there."""
        self._kept = {key: kept for key, kept in self._kept.items() if not path.startswith(key[0])}

    def keep(self, place: str, id: str, record: Mapping[str, Any], seconds: float) -> None:
        self._kept.pop((place, id), None)
        self._kept[place, id] = self._clock() + seconds, record
        while len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]
