"""Rows written into a new table, in batches, in little memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any

from mcp_ads.core.cells import compact
from mcp_ads.core.columns import Column
from mcp_ads.core.folding import folded
from mcp_ads.core.request import Columns
from mcp_ads.engine.tables.kinds import Seen, kinds_of

from .blocks import Row, RowsOfFiles, by_column, in_blocks
from .scan import gently
from .stored import MISSING, Batch, Stored, Words, sound

WORK = 50
"""Rests are rare: SQLite lets other threads go on after every row."""
PAGE, CACHE = 16_384, 8_000
"""Bytes of a page of the file, and kilobytes of pages in memory."""
WORDS = (
    "CREATE TABLE words (col INTEGER, code INTEGER, word TEXT, fold TEXT, PRIMARY KEY (col, code)) "
    "WITHOUT ROWID"
)


class Loader:
    """Writes rows into the table `rows` of a new database: a column each, and what stands apart.

    `declared` are the kinds the columns are declared with. A ratio whose parts are there is not written: it
    is computed from them when it is read.
    """

    def __init__(self, base: sqlite3.Connection, declared: Mapping[str, Column]) -> None:
        self.base, self._declared = base, declared
        self.columns: dict[str, Stored] = {}
        self.count = self.strange = 0
        self._words: dict[str, Words] = {}
        self._known: dict[str, dict[float, int]] = {}
        self._there: set[str] = set()
        self._kinds: dict[str, Column | None] = {}
        for pragma in (f"page_size={PAGE}", f"cache_size=-{CACHE}", "journal_mode=OFF", "synchronous=OFF"):
            base.execute(f"PRAGMA {pragma}")
        base.execute("BEGIN")
        base.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY)")

    def add(self, rows: Sequence[Row]) -> None:
        """Write these rows."""
        found = by_column(rows)
        if found is None:
            self._name(dict.fromkeys(str(name) for row in rows for name in row))
            found = {name: [row.get(name, MISSING) for row in rows] for name in self.columns}
        self.add_columns(found, len(rows))

    def add_columns(self, found: Columns, count: int) -> None:
        """Write so many rows, given by column."""
        batch, table = Batch(), dict[str, Sequence[Any]]()
        if not found.keys() <= self.columns.keys():
            self._name(found)
        absent = [MISSING] * count
        values = {name: found.get(name, absent) for name in self.columns}
        made = [name for name in values if self._made_of(name)]
        for name in sorted(values, key=made.__contains__):
            column = self.columns[name]
            if not column.form:
                column.decide(self._kinds[name], values[name])
            if name in made:
                values[name] = self._without_made(name, values[name], table)
            if column.form == "text":
                words = self._words.setdefault(name, Words())
                table[column.cell], folds = words.encoded(column, values[name], batch)
                if folds:
                    table[column.fold] = folds
            else:
                table[column.cell] = column.encoded(values[name], batch, self._known.setdefault(name, {}))
        if batch.apart:
            apart = map(batch.apart.get, range(count))
            table["apart"] = [found and sound(compact(found)) for found in apart]
        self._insert(table, count)
        self.strange += len(batch.strange)

    def finish(self) -> None:
        """Write the texts that have a code, and end."""
        self.base.execute(WORDS)
        for name, words in self._words.items():
            number = self.columns[name].number
            found = ((number, code, word, folded(word)) for word, code in words.codes.items())
            self.base.executemany("INSERT INTO words VALUES (?, ?, ?, ?)", found)
        self.base.execute("COMMIT")

    def _insert(self, table: Mapping[str, Sequence[Any]], count: int) -> None:
        names = list(table)
        for name in names:
            if name not in self._there:
                self.base.execute(f"ALTER TABLE rows ADD COLUMN {name}")
                self._there.add(name)
        places = ", ".join(["NULL", *"?" * len(names)])
        self.base.executemany(
            f"INSERT INTO rows ({', '.join(['id', *names])}) VALUES ({places})",  # noqa: S608 - names of ours
            zip(*table.values(), strict=True) if table else repeat((), count),
        )
        self.count += count

    def _name(self, names: Iterable[str]) -> None:
        for name in names:
            if name not in self.columns:
                self.columns[name] = Stored(len(self.columns), name)
        self._kinds = kinds_of(list(self.columns), self._declared, Seen())  # type: ignore[assignment]

    def _made_of(self, name: str) -> tuple[Stored, Stored] | None:
        """What a ratio is made of, where that is in the rows."""
        kind = self._kinds[name]
        parts = [self.columns.get(part) for part in (kind.of[:2] if kind and kind.of else ())]
        over, under = parts or (None, None)
        return (over, under) if over and under else None

    def _without_made(
        self, name: str, values: Sequence[Any], table: Mapping[str, Sequence[Any]]
    ) -> Sequence[Any]:
        """The values of a ratio but those that its parts are there for."""
        parts = self._made_of(name)
        assert parts
        over, under = (table.get(part.cell, ()) for part in parts)
        if any(part.form != "number" for part in parts) or len(over) != len(under):
            return values
        pairs = zip(values, over, under, strict=True)
        return [
            None if type(value) is float and above is not None and below is not None else value
            for value, above, below in pairs
        ]


def load(loader: Loader, rows: Iterable[Row], check: Callable[[], None]) -> None:
    """Write all rows, in turns; `check` raises where there is no room for more."""
    blocks = rows.blocks() if isinstance(rows, RowsOfFiles) else in_blocks(rows)
    for block in gently(blocks, times=WORK):
        if isinstance(block, Mapping):
            loader.add_columns(block, len(next(iter(block.values()))))
        else:
            loader.add(block)
        check()
    loader.finish()
