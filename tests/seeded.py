"""What the sandbox's stores cost is paid once in a process: their first objects, and JSON read before.

A new store is a copy of one that has what any was filled with, and has them read as long as nobody
wrote. Nothing of it is safe from a power cut, as `quick.py` has it for our own files.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from types import SimpleNamespace

from mcp_ads.sandbox import store as stores
from mcp_ads.sandbox.store import Body, Store

Row = tuple[str, str, str]


@dataclass(frozen=True)
class Copied:
    """A store's file, and its objects by kind as a store reads them."""

    content: bytes
    kinds: dict[str, dict[str, Body]]


USUAL = stores.state_file("")
FRESH_FOR = 1800
"""Seconds; days turn on the half hour in every time zone that the accounts are in."""
BODIES = 20_000
"""So many bodies are not parsed anew: three times the first objects."""

_seed, _opened, _check, _begin = Store.seed, stores._opened, stores._check, Store.__init__
_made: dict[int, dict[str, list[Row]]] = {}
_copies: dict[Path, tuple[tuple[int, int], Copied]] = {}


def share_what_is_seeded() -> None:
    """From now on in this process. Rows that a store reads are shared anyway: nobody changes one."""
    setattr(Store, "seed", seed)  # noqa: B010 - mypy allows no other way
    setattr(Store, "__init__", begin)  # noqa: B010
    setattr(stores, "_opened", opened)  # noqa: B010
    parsed = SimpleNamespace(loads=lru_cache(BODIES)(json.loads), dumps=json.dumps)
    setattr(stores, "json", parsed)  # noqa: B010


def begin(store: Store, path: Path | None = None, world: str = "") -> None:
    """As a store begins; of a copy in which nothing was written it has read everything."""
    _begin(store, path, world)
    if path and not world and (copied := _unwritten(path)):
        # read after the store noted the version it looks at: what another writes from now on is seen
        store._kinds.update({kind: {**objects} for kind, objects in copied.kinds.items()})


def opened(path: Path | str) -> sqlite3.Connection:
    """As a store opens a file, without waiting for the disk; a copy as it was made is not read through."""
    if isinstance(path, Path) and path.name == USUAL and not path.exists():
        copied = _copied(_now(), len(_filled()))
        path.write_bytes(copied.content)
        _copies[path] = _stamp(path), copied
    known = isinstance(path, Path) and _as_copied(path)
    setattr(stores, "_check", (lambda _: None) if known else _check)  # noqa: B010
    database = _opened(path)
    database.execute("PRAGMA synchronous=OFF")
    return database


def _as_copied(path: Path) -> Copied | None:
    """What was copied there, where the file is as it was made; a log beside it may have more."""
    stamp, copied = _copies.get(path, (None, None))
    return copied if stamp and stamp == _stamp(path) else None


def _unwritten(path: Path) -> Copied | None:
    log = path.with_name(f"{path.name}-wal")
    return None if log.exists() and log.stat().st_size else _as_copied(path)


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size


@lru_cache(1)
def _copied(now: int, _platforms: int) -> Copied:
    """A store's file with all that any store of this half hour was filled with."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sandbox.sqlite"
        path.touch()
        with closing(Store(path)) as store:
            for platform in _made.get(now, {}):
                seed(store, platform, _nothing)
            kinds = {
                kind: store._of(kind) for (kind,) in store._db.execute("SELECT DISTINCT kind FROM objects")
            }
        return Copied(path.read_bytes(), kinds)


def _nothing() -> None:
    """What is known needs no filling."""


def seed(store: Store, platform: str, fill: Callable[[], None]) -> None:
    """As `Store.seed`, from what another store of this process was filled with."""
    _seed(store, platform, fill if store.world else partial(_fill, store, platform, fill))


def _fill(store: Store, platform: str, fill: Callable[[], None]) -> None:
    filled = _filled()
    if platform in filled:
        store._db.executemany("INSERT OR REPLACE INTO objects VALUES (?, ?, ?)", filled[platform])
        store._kinds.clear()
        return
    before = _rows(store)
    fill()
    filled[platform] = sorted(_rows(store) - before)


def _now() -> int:
    return int(time.time() // FRESH_FOR)


def _filled() -> dict[str, list[Row]]:
    return _made.setdefault(_now(), {})


def _rows(store: Store) -> set[Row]:
    return set(store._db.execute("SELECT kind, id, body FROM objects"))
