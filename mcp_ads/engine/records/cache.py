"""Small facts that cost a request to learn, kept for a while: accounts, and who owns an object."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import time
from typing import Any

from mcp_ads.files.places import Place

SLACK = 60.0
"""Seconds by which clocks may differ; what is from later than that is not believed."""


class Cache:
    """Values with their age, kept as one content of JSON. Where it cannot be kept, values live in memory."""

    def __init__(self, place: Place, name: str, seconds: float) -> None:
        self._place, self._name, self._seconds = place, name, seconds
        self._values: dict[str, dict[str, Any]] | None = None
        self._later: bool | None = None
        """Whether more is to be written at the end of this moment; None before its first value."""

    def get(self, key: str) -> Any:
        """The value, or None when there is none or it is too old."""
        entry = self._read().get(key)
        return entry["value"] if entry and -SLACK < time.time() - entry["at"] < self._seconds else None

    def put(self, key: str, value: Any) -> None:
        """Keep a value: at once, or with others that are learnt in the same moment."""
        self._read()[key] = {"at": time.time(), "value": value}
        if self._later is not None:
            self._later = True
            return
        self._write()
        with contextlib.suppress(RuntimeError):  # outside of an event loop there are no such moments
            asyncio.get_running_loop().call_soon(self._end_of_moment)
            self._later = False

    def _end_of_moment(self) -> None:
        more, self._later = self._later, None
        if more:
            self._write()

    def _write(self) -> None:
        self._place.replace(self._name, json.dumps(self._values).encode())

    def _read(self) -> dict[str, dict[str, Any]]:
        if self._values is None:
            self._values = _load(self._place.read(self._name) or b"")
        return self._values


def _load(content: bytes) -> dict[str, dict[str, Any]]:
    try:
        values = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    pairs = values.items() if isinstance(values, dict) else ()
    return {key: entry for key, entry in pairs if _is_ours(entry)}


def _is_ours(entry: Any) -> bool:
    """Whether an entry is of the shape that is written here; any other counts as absent."""
    return (
        isinstance(entry, dict)
        and "value" in entry
        and type(entry.get("at")) in (int, float)
        and math.isfinite(entry["at"])
    )
