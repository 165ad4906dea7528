"""Large results kept on disk for a day, so that paging, sorting and filtering do not ask again."""

from __future__ import annotations

import contextlib
import io
import json
import math
import re
import secrets
import time
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from mcp_ads.core.cells import compact, plain
from mcp_ads.files.private_files import created, forget_old, opened, replaced, sealed, unsealed

from .scan import gently

DAY = 86_400
MOST_BYTES = 500 * 2**20
MOST_FILES = 1_000
VERSION = 2
BAD = (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What reading a file of another shape raises."""
_MARK = re.compile(r"[0-9a-f]{16}")
Rows = Callable[[], Iterable[dict[str, Any]]]


class Damaged(Exception):
    """A kept file is not as it was written."""


@dataclass
class Kept:
    """Rows as they were got, a checksum and JSON on a line each in an open file, with what was said of them.

    `mark` names this very file; `count` and `size` are its rows and bytes.
    """

    file: BinaryIO = field(repr=False)
    meta: dict[str, Any]
    columns: tuple[str, ...]
    at: float
    mark: str
    count: int = 0
    size: int = 0

    @property
    def age(self) -> float:
        return time.time() - self.at

    def lines(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Every row with where it begins. Raises Damaged, at the end at the latest."""
        self.file.seek(0)
        at = count = 0
        for line in self.file:
            yield at, _row(line)
            at, count = at + len(line), count + 1
        if (count, at) != (self.count, self.size):
            raise Damaged

    def rows_at(self, offsets: Iterable[int]) -> Iterator[dict[str, Any]]:
        """The rows that begin there. Raises Damaged."""
        for offset in offsets:
            self.file.seek(offset)
            yield _row(self.file.readline())


class Spool:
    """Rows as JSON lines in MCP_ADS_HOME/spool, private, at most half a gigabyte and a day old.

    `<name>.json` says what is kept under a name and in which file; `<name>.<look>.look` are the rows of one
    look at it. What cannot be read, or is not as it was written, is not there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def keeps(self) -> bool:
        """Whether anything can be kept."""
        return replaced(self.folder / "any.probe", b"")

    def put(self, name: str, rows: Rows, meta: dict[str, Any], columns: tuple[str, ...]) -> Kept:
        """Write rows and keep them under a name; where that cannot be, for this call only, and say so."""
        mark = secrets.token_hex(8)
        path = self._rows_path(name, mark)
        fresh = Kept(io.BytesIO(), dict(meta), columns, time.time(), mark)
        if kept := self._put_file(name, path, rows, fresh):
            return kept
        said = [*meta.get("warnings", []), "not kept on disk: a cursor asks again"]
        kept = Kept(_passing(), {**meta, "warnings": said}, columns, time.time(), mark)
        with contextlib.ExitStack() as undo:
            undo.callback(kept.file.close)
            _written(kept, rows())
            undo.pop_all()
        return kept

    def _put_file(self, name: str, path: Path, rows: Rows, kept: Kept) -> Kept | None:
        """Write rows into a file of their own and note it; None when it cannot be."""
        with contextlib.suppress(OSError), contextlib.ExitStack() as undo:
            kept.file = created(path)
            undo.callback(path.unlink, missing_ok=True)
            undo.callback(kept.file.close)
            if self._noted(name, _written(kept, rows(), most=MOST_BYTES)):
                undo.pop_all()
                return kept
        return None

    def get(self, name: str) -> Kept | None:
        """What is kept under a name; None for nothing, a day old or damaged."""
        try:
            with opened(self._facts_path(name)) as file:
                facts = json.loads(unsealed(file.read()))
            if facts["version"] != VERSION or not _MARK.fullmatch(facts["mark"]):
                return None
            kept = _kept(facts)
            if not 0 <= kept.age < DAY:
                return None
            kept.file = opened(self._rows_path(name, kept.mark))
        except BAD:
            return None
        if kept.file.seek(0, io.SEEK_END) == kept.size:
            return kept
        kept.file.close()
        return None

    def forget(self, name: str) -> None:
        """Keep nothing under a name any more."""
        with contextlib.suppress(OSError):
            self._facts_path(name).unlink(missing_ok=True)

    def put_look(self, name: str, look: str, kept: Kept, facts: dict[str, Any], offsets: array[int]) -> None:
        """Keep where the rows of a look are; without room for it, the next look looks again."""
        head = compact({"mark": kept.mark, "facts": facts}).encode(errors="replace")
        replaced(self._look_path(name, look), sealed(head + b"\n" + offsets.tobytes()))

    def get_look(self, name: str, look: str, kept: Kept) -> tuple[dict[str, Any], array[int]] | None:
        """What was kept of a look at these very rows."""
        offsets: array[int] = array("Q")
        try:
            with opened(self._look_path(name, look)) as file:
                head, _, packed = unsealed(file.read()).partition(b"\n")
            kept_look = json.loads(head)
            offsets.frombytes(packed)
            return (dict(kept_look["facts"]), offsets) if kept_look["mark"] == kept.mark else None
        except BAD:
            return None

    def _facts_path(self, name: str) -> Path:
        return self.folder / f"{name}.json"

    def _rows_path(self, name: str, mark: str) -> Path:
        return self.folder / f"{name}.{mark}.jsonl"

    def _look_path(self, name: str, look: str) -> Path:
        return self.folder / f"{name}.{look}.look"

    def _noted(self, name: str, kept: Kept) -> bool:
        """Make rows that were written those kept under a name, in place of others."""
        facts = {
            "version": VERSION,
            "meta": kept.meta,
            "columns": kept.columns,
            "at": kept.at,
            "mark": kept.mark,
            "count": kept.count,
            "size": kept.size,
        }
        if not replaced(self._facts_path(name), sealed(compact(facts).encode(errors="replace"))):
            return False
        with contextlib.suppress(OSError):
            self._tidy(name, kept.mark)
        return True

    def _tidy(self, name: str, mark: str) -> None:
        """Forget what was kept under a name before, and what is old."""
        for path in self.folder.glob(f"{name}.*.*"):
            if path.suffix in (".jsonl", ".look") and path != self._rows_path(name, mark):
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)
        forget_old(self.folder, seconds=DAY, most_bytes=MOST_BYTES, most_files=MOST_FILES)


def _kept(facts: dict[str, Any]) -> Kept:
    """Kept rows as their facts describe them; the file is not opened yet."""
    at, count, size = float(facts["at"]), int(facts["count"]), int(facts["size"])
    columns = tuple(str(column) for column in facts["columns"])
    return Kept(io.BytesIO(), dict(facts["meta"]), columns, at, facts["mark"], count, size)


def _written(kept: Kept, rows: Iterable[dict[str, Any]], most: float = math.inf) -> Kept:
    """Write rows as lines into the file kept. Raises OSError where they are more bytes than there may be."""
    names, odd = dict.fromkeys(kept.columns), 0
    for row in gently(rows):
        names |= dict.fromkeys(row)
        line, strange = _line(row)
        kept.file.write(line)
        kept.count, kept.size = kept.count + 1, kept.size + len(line)
        odd += strange
        if kept.size > most:
            raise OSError("more than is kept")
    kept.file.flush()
    kept.columns = tuple(names)
    if odd:
        said = f"{odd} rows have numbers that are none (NaN, Infinity): shown as empty"
        kept.meta = {**kept.meta, "warnings": [*kept.meta.get("warnings", []), said]}
    return kept


def _line(row: dict[str, Any]) -> tuple[bytes, bool]:
    """A row as a line, and whether it had a number that is none."""
    try:
        text, odd = json.dumps(row, ensure_ascii=False, default=str, allow_nan=False), False
    except ValueError:
        text, odd = json.dumps(plain(row), ensure_ascii=False), True
    content = text.encode(errors="replace")
    return b"%08x %b\n" % (zlib.crc32(content), content), odd


def _row(line: bytes) -> dict[str, Any]:
    try:
        if int(line[:8], 16) != zlib.crc32(content := line[9:-1]):
            raise Damaged
        return dict(json.loads(content))
    except (ValueError, TypeError, RecursionError):
        raise Damaged from None


def _passing() -> BinaryIO:
    """A file for one call: where temporary files are, or in memory."""
    import tempfile

    try:
        return tempfile.TemporaryFile()
    except OSError:
        return io.BytesIO()
