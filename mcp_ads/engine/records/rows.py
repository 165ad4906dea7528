"""Kept rows: read by their numbers, or found by a look where they are.

`Table` is all that the rest asks of them, so that another engine can stand behind it.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol

from mcp_ads.engine.tables.kinds import Seen
from mcp_ads.engine.tables.look import Look
from mcp_ads.engine.tables.sql import NotCompiled

from .scan import gently
from .stored import Stored

Row = dict[str, Any]
AT_ONCE = 200
BAD = (sqlite3.Error, OSError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError)
"""What reading a file of another shape raises."""


class Damaged(Exception):
    """A kept file is not as it was written."""


@dataclass
class Chosen:
    """The rows a look chose: the first of them by number, how many they are, and the facts about all."""

    ids: array[int]
    size: int
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass
class Grouped:
    """Groups of rows, in the order of their first ones, as often as they are wanted; of how many rows."""

    rows: Callable[[], Iterable[Row]]
    count: int


class Table(Protocol):
    """Rows of one result, in a table of whatever kind."""

    @property
    def count(self) -> int:
        """How many rows there are."""

    def every(self) -> Iterator[tuple[int, Row]]:
        """Every row with its number. Raises Damaged, at the end at the latest."""

    def page(self, ids: Iterable[int]) -> Iterator[Row]:
        """The rows of these numbers. Raises Damaged."""

    @property
    def nested(self) -> Collection[str]:
        """The columns that may hold objects or lists."""

    def seen(self) -> Seen:
        """The columns there are, and whether they hold numbers. Raises Damaged."""

    def group(self, look: Look) -> Grouped | None:
        """The groups that rows a look keeps become; None where it cannot be done here.

        Raises Damaged, and InvalidParams for a condition that does not fit the rows.
        """

    def choose(self, look: Look, first: int) -> Chosen | None:
        """The first rows of those a look wants, sorted and counted here; None where it cannot be done here.

        Raises Damaged, and InvalidParams for a condition that does not fit the rows.
        """


class SqliteTable:
    """Rows in SQLite as `loading.Loader` writes them."""

    def __init__(self, base: sqlite3.Connection, columns: Mapping[str, Stored], count: int) -> None:
        self.base, self.columns, self.count = base, columns, count
        self.apart = any(row[1] == "apart" for row in base.execute("PRAGMA table_info(rows)"))
        self._known: dict[tuple[int, int], str] = {}

    def every(self) -> Iterator[tuple[int, Row]]:
        count = 0
        try:
            for cells in gently(self.base.execute(f"{self._select} ORDER BY id")):
                yield cells[0], self._row(cells)
                count += 1
        except BAD:
            raise Damaged from None
        if count != self.count:
            raise Damaged

    def page(self, ids: Iterable[int]) -> Iterator[Row]:
        left = iter(ids)
        while batch := list(islice(left, AT_ONCE)):
            wanted = ", ".join(map(str, batch))
            try:
                found = {
                    cells[0]: self._row(cells)
                    for cells in self.base.execute(f"{self._select} WHERE id IN ({wanted})")
                }
                yield from [found[number] for number in batch]
            except BAD:
                raise Damaged from None

    def words(self, name: str) -> Sequence[tuple[int, str, str]]:
        """The texts of a column that have a code, with it, and folded."""
        sql = "SELECT code, word, fold FROM words WHERE col = ?"
        return self.base.execute(sql, (self.columns[name].number,)).fetchall()

    @property
    def nested(self) -> Collection[str]:
        return [name for name, column in self.columns.items() if column.form == "json"]

    def seen(self) -> Seen:
        there = Seen()
        try:
            for name, column in self.columns.items():
                there.add({name: None})
                for value in gently(self._values(name, column)):
                    there.add({name: value})
                    if column.form != "json" and there.decided(name):
                        break
            for cells in (
                self.base.execute("SELECT apart FROM rows WHERE apart IS NOT NULL") if self.apart else ()
            ):
                names = list(self.columns)
                for number, *value in json.loads(cells[0]):
                    there.add({names[number]: value[0]} if value else {})
        except BAD:
            raise Damaged from None
        return there

    def group(self, look: Look) -> Grouped | None:
        from .grouping import Grouper

        try:
            return Grouper(self, look).grouped()
        except (NotCompiled, sqlite3.OperationalError):
            return None
        except sqlite3.DatabaseError:
            raise Damaged from None

    def choose(self, look: Look, first: int) -> Chosen | None:
        from .finding import Finder

        try:
            return Finder(self, look).chosen(first)
        except (NotCompiled, sqlite3.OperationalError):
            return None
        except sqlite3.DatabaseError:
            raise Damaged from None

    @property
    def _select(self) -> str:
        cells = [column.cell for column in self.columns.values() if column.form]
        return f"SELECT {', '.join(['id', *cells, *(['apart'] if self.apart else [])])} FROM rows"  # noqa: S608

    def _row(self, cells: Sequence[Any]) -> Row:
        """A row as it came: its cells in their columns, and what stands apart."""
        given = iter(cells[1:])
        row: Row = {}
        for name, column in self.columns.items():
            cell = next(given) if column.form else None
            row[name] = self.text(column, cell) if column.form == "text" else column.decoded(cell)
        if self.apart and cells[-1] is not None:
            names = list(self.columns)
            for number, *value in json.loads(cells[-1]):
                if value:
                    row[names[number]] = value[0]
                else:
                    del row[names[number]]
        return row

    def text(self, column: Stored, cell: Any) -> str | None:
        """The text in a cell."""
        if not isinstance(cell, int):
            return None if cell is None else str(cell)
        key = column.number, cell
        if key not in self._known:
            sql = "SELECT word FROM words WHERE col = ? AND code = ?"
            self._known[key] = str(self.base.execute(sql, key).fetchone()[0])
        return self._known[key]

    def _values(self, name: str, column: Stored) -> Iterator[Any]:
        """Values of a column that tell what it holds: one number, every text once if it has a code."""
        if column.form == "text":
            yield from (word for _, word, _ in self.words(name))
        if column.form == "number" or (column.form == "text" and column.literal) or column.form == "json":
            wanted = (
                f"typeof({column.cell}) = 'text'" if column.form == "text" else f"{column.cell} IS NOT NULL"
            )
            limit = " LIMIT 1" if column.form == "number" else ""
            for (cell,) in self.base.execute(f"SELECT {column.cell} FROM rows WHERE {wanted}{limit}"):  # noqa: S608
                yield cell if column.form == "text" else column.decoded(cell)
