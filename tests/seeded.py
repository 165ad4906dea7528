"""The sandbox's first objects, made once in a process and copied into every store that asks for them."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from mcp_ads.sandbox.store import Store

Row = tuple[str, str, str]
FRESH_FOR = 1800
"""Seconds; days turn on the half hour in every time zone that the accounts are in."""

_made: dict[tuple[str, int], list[Row]] = {}
_seed = Store.seed


def seed(store: Store, platform: str, fill: Callable[[], None]) -> None:
    """As `Store.seed`, from what another store of this process was filled with."""
    _seed(store, platform, partial(_fill, store, platform, fill))


def _fill(store: Store, platform: str, fill: Callable[[], None]) -> None:
    key = (platform, int(time.time() // FRESH_FOR))
    if rows := _made.get(key):
        store._db.executemany("INSERT OR REPLACE INTO objects VALUES (?, ?, ?)", rows)
        store._kinds.clear()
        return
    before = _rows(store)
    fill()
    _made[key] = sorted(_rows(store) - before)


def _rows(store: Store) -> set[Row]:
    return set(store._db.execute("SELECT kind, id, body FROM objects"))
