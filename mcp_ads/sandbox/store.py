"""Where the sandbox keeps its objects: one SQLite file, so that several processes see one state."""

from __future__ import annotations

import contextlib
import json
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from .clock import Clock
from .lazy import NEW, Made, Source

Body = dict[str, Any]
KEPT_REQUESTS = 10_000
FILLED = 2
"""The version of what platforms fill themselves with: one more where code reads what older rows have not."""
VERSIONS = {"": FILLED, "agency": 1000}
"""The worlds there are, each with a version of its own: a file of another world is not read as this one's."""
GONE = "_never"
"""What an object that would be made again is kept as when it was deleted."""
STAYS = ("sandbox.", ".token", ".consent", ".code")
"""What names of kinds have in them whose objects are of no version: clock and counters, sign-ins."""
TABLES = """
CREATE TABLE IF NOT EXISTS objects (kind TEXT, id TEXT, body TEXT, PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS writes (
    n INTEGER PRIMARY KEY, at REAL, platform TEXT, what TEXT, id TEXT, body TEXT
);
CREATE TABLE IF NOT EXISTS requests (n INTEGER PRIMARY KEY, at REAL, platform TEXT, method TEXT, path TEXT);
"""


def state_file(world: str) -> str:
    """The name of the file that a world is kept in."""
    return f"{world or 'sandbox'}.sqlite"


def _opened(path: Path | str) -> sqlite3.Connection:
    """A database with our tables. Raises sqlite3.DatabaseError when what is there is none of ours."""
    found = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    try:
        found.execute("PRAGMA journal_mode=WAL")
        found.execute("PRAGMA synchronous=NORMAL")
        found.executescript(TABLES)
        _check(found)
    except sqlite3.DatabaseError:
        found.close()
        raise
    return found


def _check(database: sqlite3.Connection) -> None:
    """Raise for a file that SQLite opens and cannot read through."""
    if (found := database.execute("PRAGMA quick_check(1)").fetchone()) != ("ok",):
        raise sqlite3.DatabaseError(f"malformed: {found}")


def _kept(path: Path, version: int) -> sqlite3.Connection:
    """The database in a file; what cannot be read is put aside, and the invented world begins anew."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _of_now(_opened(path), path, version)
    except sqlite3.DatabaseError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise
    for end in ("", "-wal", "-shm"):
        with contextlib.suppress(OSError):
            path.with_name(path.name + end).rename(path.with_name(f"{path.name}{end}.unreadable"))
    return _of_now(_opened(path), path, version)


def _of_now(database: sqlite3.Connection, path: Path, version: int) -> sqlite3.Connection:
    """The database; objects that another version filled it with are forgotten, and filled in anew."""
    if _version_of(database) == version:
        return database
    database.execute("BEGIN IMMEDIATE")
    try:
        if _version_of(database) != version:
            stays = " OR ".join("instr(kind, ?)" for _ in STAYS)
            gone = f"DELETE FROM objects WHERE kind = 'sandbox.seed' OR NOT ({stays})"  # noqa: S608 - of ours
            if database.execute(gone, STAYS).rowcount:
                logging.getLogger("mcp_ads").warning(
                    "%s is of another version: the sandbox's objects begin anew, changes to them are gone",
                    path,
                )
            database.execute(f"PRAGMA user_version = {version}")
    except BaseException:
        database.close()
        raise
    database.execute("COMMIT")
    return database


def _version_of(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


class Store:
    """Objects by kind and id, a journal of every change carried out, and a log of every request.

    Objects are plain JSON dicts; `kind` is "<platform>.<thing>". Rows read are shared: copy before changing
    one. In a world whose objects are made when asked for (`attach`), only what was changed is kept.
    Raises KeyError for a world that there is not.
    """

    def __init__(self, path: Path | None = None, world: str = "") -> None:
        self.clock = Clock(self)
        self.world, version = world, VERSIONS[world]
        self.redirects: frozenset[str] = frozenset()
        self._lock = threading.RLock()
        self._db = _kept(path, version) if path else _opened(":memory:")
        self._made = Made()
        self._kinds: dict[str, dict[str, Body]] = {}
        self._seen = self._version()
        self._depth = 0

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, and alone: other processes wait."""
        with self._lock:
            if self._depth == 0:
                self._db.execute("BEGIN IMMEDIATE")
                self._look()
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                self._kinds.clear()
                if self._depth == 0:
                    self._db.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._db.execute("COMMIT")

    def seed(self, platform: str, fill: Callable[[], None]) -> None:
        """Fill a platform's objects once in the life of this file."""
        if self.get("sandbox.seed", platform):
            return
        with self.transaction():
            if not self.get("sandbox.seed", platform):
                fill()
                self.put("sandbox.seed", platform, {"at": time.time()})

    def attach(self, kind: str, source: Source) -> None:
        """Have the objects of a kind made when they are asked for; changes to them are kept as ever."""
        self._made.sources[kind] = source

    def get(self, kind: str, id: str) -> Body | None:
        kept = self._of(kind).get(id)
        if kept is None:
            return self._made.get(kind, id)
        return None if GONE in kept else kept

    def owned(self, kind: str, field: str, value: Any) -> list[Body]:
        """The objects of a kind with this value in that field, in the order of creation.

        Of objects that are made when asked for, only those of one owner are made: the field names it, or ids
        in it tell it.
        """
        kept = self._of(kind)
        mine = [body for body in kept.values() if GONE not in body and body.get(field) == value]
        if kind not in self._made.sources:
            return mine
        with self._lock:
            made = self._made.owned(kind, field, value).items()
        mine += [body for key, body in made if key not in kept and body.get(field) == value]
        return sorted(mine, key=lambda body: body["_n"])

    def all(self, kind: str) -> list[Body]:
        """Every object of a kind, in the order of creation; `owned` asks for less where a world is large."""
        return list(self._every(kind).values())

    def ids(self, kind: str) -> list[str]:
        """What the objects of a kind are kept under, in the order of creation."""
        return list(self._every(kind))

    def put(self, kind: str, id: str, body: Body) -> None:
        with self.transaction():
            before = self.get(kind, id) or {"_n": self._next_number(kind)}
            kept = {**body, "_n": body.get("_n", before["_n"])}
            self._db.execute("INSERT OR REPLACE INTO objects VALUES (?, ?, ?)", (kind, id, json.dumps(kept)))
            self._of(kind)[id] = kept

    def delete(self, kind: str, id: str) -> None:
        with self.transaction():
            if self._made.get(kind, id) is not None:
                self.put(kind, id, {GONE: True})
                return
            self._db.execute("DELETE FROM objects WHERE kind = ? AND id = ?", (kind, id))
            self._of(kind).pop(id, None)

    def new_id(self, kind: str, start: int) -> str:
        """The next unused number of a kind; numbers never come back, in any process."""
        with self.transaction():
            last = self.get("sandbox.counter", kind) or {"value": start}
            self.put("sandbox.counter", kind, {**last, "value": last["value"] + 1})
            return str(last["value"] + 1)

    def journal(self, platform: str, what: str, id: str, body: Any) -> None:
        """Note a change that was carried out; tests count these."""
        with self.transaction():
            self._db.execute(
                "INSERT INTO writes (at, platform, what, id, body) VALUES (?, ?, ?, ?, ?)",
                (time.time(), platform, what, id, json.dumps(body, default=str)),
            )

    def writes(self) -> list[Body]:
        rows = self._db.execute("SELECT n, at, platform, what, id, body FROM writes ORDER BY n")
        names = ("n", "at", "platform", "what", "id", "body")
        return [{**dict(zip(names, row, strict=True)), "body": json.loads(row[5])} for row in rows]

    def note_request(self, platform: str, method: str, path: str) -> None:
        with self.transaction():
            done = self._db.execute(
                "INSERT INTO requests (at, platform, method, path) VALUES (?, ?, ?, ?)",
                (time.time(), platform, method, path),
            )
            self._db.execute("DELETE FROM requests WHERE n <= ?", ((done.lastrowid or 0) - KEPT_REQUESTS,))

    def requests(self) -> list[Body]:
        rows = self._db.execute("SELECT n, at, platform, method, path FROM requests ORDER BY n")
        return [dict(zip(("n", "at", "platform", "method", "path"), row, strict=True)) for row in rows]

    def reset(self) -> None:
        """Forget everything; platforms fill themselves again when next asked."""
        with self.transaction():
            for table in ("objects", "writes", "requests"):
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - names are literals above
            self._kinds.clear()

    def close(self) -> None:
        self._db.close()

    def _version(self) -> int:
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    def _look(self) -> None:
        """Forget what was read when another process has written; inside a transaction none can."""
        if (version := self._version()) != self._seen:
            self._seen = version
            self._kinds.clear()

    def _of(self, kind: str) -> dict[str, Body]:
        """The objects of a kind."""
        with self._lock:
            if self._depth == 0:
                self._look()
            if kind not in self._kinds:
                rows = self._db.execute("SELECT id, body FROM objects WHERE kind = ?", (kind,))
                bodies = {key: json.loads(body) for key, body in rows}
                self._kinds[kind] = dict(sorted(bodies.items(), key=lambda pair: pair[1]["_n"]))
            return self._kinds[kind]

    def _every(self, kind: str) -> dict[str, Body]:
        kept = self._of(kind)
        if kind not in self._made.sources:
            return kept
        with self._lock:
            found = self._made.every(kind) | kept
        there = {key: body for key, body in found.items() if GONE not in body}
        return dict(sorted(there.items(), key=lambda pair: pair[1]["_n"]))

    def _next_number(self, kind: str) -> int:
        if kind in self._made.sources:
            return max(NEW, *(int(body["_n"]) for body in self._of(kind).values()), 0) + 1
        last = next(reversed(self._of(kind).values()), None)
        return last["_n"] + 1 if last else 1
