"""Large results kept on disk for a day, so that paging, sorting and filtering do not ask again."""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import sqlite3
import time
import zlib
from array import array
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from mcp_ads.core.cells import compact
from mcp_ads.core.columns import Column
from mcp_ads.files.private_files import created, draft_of, forget_old, opened, replaced, sealed, unsealed

from .loading import Loader, load
from .rows import BAD, Chosen, Damaged, SqliteTable, Table
from .stored import read

DAY = 86_400
SLACK = 60.0
"""Seconds by which clocks may differ; what is from later than that is not believed."""
MOST_BYTES = 500 * 2**20
MOST_FILES = 1_000
VERSION = 4
CHUNK = 2**20
TRIES = 20
"""Times to look again where another process has put newer rows in the place of those just found."""
MARK = re.compile(r"[0-9a-f]{16}")
Rows = Callable[[], Iterable[dict[str, Any]]]


@dataclass
class Kept:
    """The rows of one result, with what was said of them. `mark` names this very file; close it when done."""

    table: Table
    meta: dict[str, Any]
    columns: tuple[str, ...]
    at: float
    mark: str
    close: Callable[[], None]

    @property
    def age(self) -> float:
        return time.time() - self.at

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Spool:
    """Results as SQLite files in MCP_ADS_HOME/spool, private, at most half a gigabyte and a day old.

    `<name>.json` says what is kept under a name and in which file; `<name>.<look>.look` are the rows of one
    look at it. A file is written under another name, and never changed once it has its own, so that any
    number of processes read it without a lock. What is not as it was written is never read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def keeps(self) -> bool:
        """Whether anything can be kept."""
        return replaced(self.folder / "any.probe", b"")

    def put(
        self,
        name: str,
        rows: Rows,
        meta: dict[str, Any],
        columns: tuple[str, ...],
        declared: Mapping[str, Column] | None = None,
    ) -> Kept:
        """Write rows and keep them under a name; where that cannot be, for this call only, and say so.

        `declared` are the kinds of columns the action declares.
        """
        draft = draft_of(self.folder / f"{name}.sqlite")
        try:
            with contextlib.suppress(OSError, sqlite3.Error):
                created(draft).close()
                with contextlib.closing(sqlite3.connect(draft, isolation_level=None)) as base:
                    loader = _loaded(base, rows(), declared or {}, most=MOST_BYTES)
                if kept := self._noted(name, draft, told(loader, meta), columns, loader):
                    return kept
        finally:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
        said = f"not kept on disk (no room, or over {MOST_BYTES // 2**20} MB): a cursor asks again"
        about = {**meta, "warnings": [*meta.get("warnings", []), said]}
        try:
            return self.passing(rows, about, columns, declared or {}, "")
        except sqlite3.Error:  # no room where temporary files are, either
            return self.passing(rows, about, columns, declared or {})

    def passing(
        self,
        rows: Rows,
        meta: dict[str, Any],
        columns: tuple[str, ...],
        declared: Mapping[str, Column],
        place: str = ":memory:",
    ) -> Kept:
        """Rows for one call, kept under no name: in memory and written nowhere, unless `place` is another."""
        base = sqlite3.connect(place, isolation_level=None, check_same_thread=False)
        with contextlib.ExitStack() as undo:
            undo.callback(base.close)
            loader = _loaded(base, rows(), declared)
            undo.pop_all()
        if place:
            base.execute("PRAGMA temp_store = MEMORY")
        table = SqliteTable(base, loader.columns, loader.count)
        return Kept(table, told(loader, meta), _names(columns, loader), time.time(), "", base.close)

    def get(self, name: str) -> Kept | None:
        """What is kept under a name; None for nothing, or nothing of today. Raises Damaged."""
        for _ in range(TRIES):
            path = None
            try:
                with opened(self._facts_path(name)) as file:
                    facts = json.loads(unsealed(file.read()))
                if facts["version"] < VERSION or not -SLACK < time.time() - float(facts["at"]) < DAY:
                    return None
                path = self._rows_path(name, str(facts["mark"]))
                if _checked(path) != (facts["check"], facts["size"]):
                    raise ValueError("not as it was written")
                return self._kept(path, facts)
            except BAD as error:
                if path is None and isinstance(error, FileNotFoundError):
                    return None
                if path is None or path.exists():
                    raise Damaged from None
        return None

    def forget(self, name: str) -> None:
        """Keep nothing under a name any more."""
        for path in (self._facts_path(name), *self.folder.glob(f"{name}.*.sqlite")):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def put_look(self, name: str, look: str, kept: Kept, chosen: Chosen) -> None:
        """Keep which the rows of a look are; without room for it, the next look looks again.

        Rows of one call only have no mark that tells them from others: no look at them is kept.
        """
        if not kept.mark:
            return
        head = compact({"mark": kept.mark, "facts": chosen.facts, "size": chosen.size})
        packed = head.encode(errors="replace") + b"\n" + chosen.ids.tobytes()
        replaced(self._look_path(name, look), sealed(packed))

    def get_look(self, name: str, look: str, kept: Kept) -> Chosen | None:
        """What was kept of a look at these very rows."""
        ids: array[int] = array("Q")
        try:
            with opened(self._look_path(name, look)) as file:
                head, _, packed = unsealed(file.read()).partition(b"\n")
            found = json.loads(head)
            ids.frombytes(packed)
            chosen = Chosen(ids, int(found["size"]), dict(found["facts"]))
            return chosen if found["mark"] == kept.mark else None
        except BAD:
            return None

    def _facts_path(self, name: str) -> Path:
        return self.folder / f"{name}.json"

    def _rows_path(self, name: str, mark: str) -> Path:
        return self.folder / f"{name}.{mark}.sqlite"

    def _look_path(self, name: str, look: str) -> Path:
        return self.folder / f"{name}.{look}.look"

    def _kept(self, path: Path, facts: Mapping[str, Any]) -> Kept:
        """The rows that facts describe. Raises one of BAD."""
        mark = str(facts["mark"])
        if facts["version"] != VERSION or not MARK.fullmatch(mark):
            raise ValueError("of another version")
        stored = {str(column["name"]): read(column) for column in facts["stored"]}
        address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        base = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
        table = SqliteTable(base, stored, int(facts["count"]))
        columns = tuple(str(column) for column in facts["columns"])
        return Kept(table, dict(facts["meta"]), columns, float(facts["at"]), mark, base.close)

    def _noted(
        self, name: str, draft: Path, meta: dict[str, Any], columns: tuple[str, ...], loader: Loader
    ) -> Kept | None:
        """Make rows that were written those kept under a name, in place of others. Raises OSError."""
        mark = secrets.token_hex(8)
        check, size = _checked(draft)
        facts = {
            "version": VERSION,
            "meta": meta,
            "columns": _names(columns, loader),
            "at": time.time(),
            "mark": mark,
            "count": loader.count,
            "size": size,
            "check": check,
            "stored": [column.facts() for column in loader.columns.values()],
        }
        before = self._mark(name)
        draft.replace(self._rows_path(name, mark))
        if not replaced(self._facts_path(name), sealed(compact(facts).encode(errors="replace"))):
            self._rows_path(name, mark).unlink(missing_ok=True)
            return None
        with contextlib.suppress(OSError):
            self._tidy(name, before)
        try:
            return self._kept(self._rows_path(name, mark), facts)
        except BAD:
            return None

    def _mark(self, name: str) -> str:
        """The mark of what is kept under a name, if there is something."""
        try:
            with opened(self._facts_path(name)) as file:
                mark = str(json.loads(unsealed(file.read()))["mark"])
        except BAD:
            return ""
        return mark if MARK.fullmatch(mark) else ""

    def _tidy(self, name: str, before: str) -> None:
        """Forget what was kept under a name before, what is old, and files of a shape there was once."""
        former = [self._rows_path(name, before)] if before else []
        for path in (*former, *self.folder.glob(f"{name}.*.look"), *self.folder.glob("*.jsonl")):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        forget_old(self.folder, seconds=DAY, most_bytes=MOST_BYTES, most_files=MOST_FILES)


def _loaded(
    base: sqlite3.Connection,
    rows: Iterable[dict[str, Any]],
    declared: Mapping[str, Column],
    most: int = 0,
) -> Loader:
    """Rows written. Raises OSError where they are more bytes than there may be."""
    loader = Loader(base, declared)

    def check() -> None:
        (pages,), (size,) = (
            base.execute(f"PRAGMA {what}").fetchone() for what in ("page_count", "page_size")
        )
        if most and pages * size > most:
            raise OSError("more than is kept")

    load(loader, rows, check)
    return loader


def _names(columns: tuple[str, ...], loader: Loader) -> tuple[str, ...]:
    """The columns that were asked for, and those the rows have."""
    return tuple(dict.fromkeys([*columns, *loader.columns]))


def told(loader: Loader, meta: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of the rows."""
    if not loader.strange:
        return dict(meta)
    said = f"{loader.strange} rows have numbers that are none (NaN, Infinity): shown as empty"
    return {**meta, "warnings": [*meta.get("warnings", []), said]}


def _checked(path: Path) -> tuple[int, int]:
    """The checksum and the bytes of a file. Raises OSError, also for a link."""
    check, size = 0, 0
    with opened(path) as file:
        while chunk := file.read(CHUNK):
            check, size = zlib.crc32(chunk, check), size + len(chunk)
    return check, size
