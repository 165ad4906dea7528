"""Groups of kept rows as queries: sums of integers by what the rows have in common."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from mcp_ads.core.where_values import NUMERIC
from mcp_ads.engine.tables.compiled import MOST
from mcp_ads.engine.tables.groups import Key, begin
from mcp_ads.engine.tables.look import Counted, Look
from mcp_ads.engine.tables.sql import NotCompiled

from .finding import Finder
from .rows import Grouped, Row, SqliteTable
from .scan import gently
from .stored import MILLION, MOST_AT_ONCE, Stored

FEW, MANY = 50_000, 100_000
"""Groups that are held in memory, and rows that two processors share."""
Cells = Sequence[Any]


class Grouper(Finder):
    """Carries out the grouping of one look in SQL. Raises NotCompiled and sqlite3.Error."""

    def __init__(self, table: SqliteTable, look: Look) -> None:
        assert look.groups
        super().__init__(table, look)
        self.groups, self.few = look.groups, 1
        self.words: list[dict[int, str | None]] = []
        self.cells: list[str] = []
        self.keys = [self._key(key) for key in self.groups.keys]
        columns = [(name, self.made.column(name, "number")) for name in self.groups.added]
        self.sums = [(name, table.columns[name] if column else None) for name, column in columns]
        if any(column.most * table.count > MOST for _, column in self.sums if column):
            raise NotCompiled
        sums = [f"SUM({column.cell})" if column else "NULL" for _, column in self.sums]
        self._figures = ", ".join(["COUNT(*)", "MIN(id)", *sums])
        self._by = f"GROUP BY {', '.join(str(number + 1) for number in range(len(self.keys)))}"

    def grouped(self) -> Grouped:
        """The groups and how many rows are in them, when all is counted that the look says of its rows."""
        counted = Counted()
        if self.look.expr:
            counted.met = self.met()
            self.undecided(counted)
        self.look.learn(counted)
        for key in self.groups.keys:
            self._check(key)
            if key.period and self._in_utc(key):
                self.groups.utc.add(key.name)
        if self.few <= FEW:
            found = self._merged()
            return Grouped(lambda: map(self._row, found), sum(row[len(self.keys)] for row in found))
        base, names = self.table.base, [f"g{number}" for number in range(len(self.keys) + 2 + len(self.sums))]
        base.execute("DROP TABLE IF EXISTS temp.grouped")
        base.execute(f"CREATE TEMP TABLE grouped ({', '.join(names)})")
        columns = ", ".join([*self.keys, self._figures])
        order = f"{self._by} ORDER BY {len(self.keys) + 2}"
        self.run(base, f"INSERT INTO temp.grouped SELECT {columns} FROM rows {self.where} {order}")  # noqa: S608 - names of ours
        ((count,),) = base.execute(f"SELECT SUM({names[len(self.keys)]}) FROM temp.grouped")  # noqa: S608
        return Grouped(self._written, count or 0)

    def _written(self) -> Iterator[Row]:
        return map(self._row, gently(self.table.base.execute("SELECT * FROM temp.grouped ORDER BY rowid")))

    def _merged(self) -> list[Cells]:
        """Few groups, the halves of many rows at once; days are put together afterwards."""
        halves = [self.where]
        other = self._beside() if self.table.count > MANY else None
        if other:
            also, half = f"{self.where} AND" if self.where else "WHERE", self.table.count // 2
            halves = [f"{also} id <= {half}", f"{also} id > {half}"]
        columns = ", ".join([*self.cells, self._figures])
        asked = [f"SELECT {columns} FROM rows {where} {self._by}" for where in halves]  # noqa: S608
        with ThreadPoolExecutor(1) as threads, contextlib.closing(other or sqlite3.connect(":memory:")):
            later = [threads.submit(self._all, other, sql) for sql in asked[1:]] if other else []
            found = [self._all(self.table.base, asked[0]), *(half.result() for half in later)]
        keys, groups = len(self.keys), dict[Cells, list[Any]]()
        for row in (row for half in found for row in half):
            same = tuple(words.get(cell, cell) for words, cell in zip(self.words, row, strict=False))
            group = groups.setdefault(same, [*same, 0, row[keys + 1], *[None] * len(self.sums)])
            group[keys], group[keys + 1] = group[keys] + row[keys], min(group[keys + 1], row[keys + 1])
            for at, total in enumerate(row[keys + 2 :], keys + 2):
                group[at] = total if group[at] is None else group[at] + (total or 0)
        return sorted(groups.values(), key=lambda group: int(group[keys + 1]))

    def _all(self, base: sqlite3.Connection, sql: str) -> list[tuple[Any, ...]]:
        return self.run(base, sql).fetchall()

    def _beside(self) -> sqlite3.Connection | None:
        """Another connection to the same file; None where rows are in none."""
        path = next(
            (row[2] for row in self.table.base.execute("PRAGMA database_list") if row[1] == "main"), ""
        )
        if not path:
            return None
        address = f"{Path(path).as_uri()}?mode=ro&immutable=1"
        return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)

    def _key(self, key: Key) -> str:
        """What rows are grouped by: a number, a text's code, the text without one, or the period of a day."""
        column, kind = self.made.column(key.column, "number", "text"), self.look.kinds.get(key.column)
        words: dict[int, str | None] = {}
        self.words.append(words)
        self.cells.append(column.cell if column else "NULL")
        if column is None:
            return "NULL"
        if column.form == "number":
            if key.period or (self.table.apart and not (kind and kind.kind in NUMERIC)):
                raise NotCompiled(key.column)
            self.few = FEW + 1
            return column.cell
        texts = self.table.words(key.column)
        words |= {code: begin(key.period, word) if key.period else word for code, word, _ in texts}
        self.few = FEW + 1 if column.literal else self.few * (len(words) + 1)
        self.cells[-1] = f"nullif({column.cell}, '')" if column.gaps or column.literal else column.cell
        return self._period(key.period, key.column) if key.period else self.cells[-1]

    def _period(self, period: str, name: str) -> str:
        """The period a day is in."""
        stored = self.made.column(name, "text")
        if stored is None:
            return "NULL"
        days = {code: begin(period, word) for code, word, _ in self.table.words(name)}
        if not stored.literal:
            return self.made.sql.call(days.get, stored.cell)
        read = partial(begin, period)
        return self.made.sql.call(
            lambda cell: read(cell) if isinstance(cell, str) else days.get(cell), stored.cell
        )

    def _in_utc(self, key: Key) -> bool:
        """Whether a time is written in UTC whose period is taken."""
        stored = self.made.column(key.column, "text")
        if stored is None or not stored.literal:
            return any(key.in_utc(word) for _, word, _ in self.table.words(key.column)) if stored else False
        in_utc = self.made.sql.call(lambda cell: isinstance(cell, str) and key.in_utc(cell), stored.cell)
        also = f"{self.where} AND" if self.where else "WHERE"
        return bool([*self.ask("1", f"{also} {in_utc} LIMIT 1")])

    def _check(self, key: Key) -> None:
        """Raise InvalidParams for a row that is of several periods."""
        if not key.until or not self.made.column(key.until, "text"):
            return
        begins, ends = self._period(key.period, key.column), self._period(key.period, key.until)
        also = f"{self.where} AND" if self.where else "WHERE"
        columns = f"{self.table.columns[key.column].cell}, {self.table.columns[key.until].cell}"
        found = self.ask(columns, f"{also} {begins} <> {ends} LIMIT 1")
        for cells in found:
            days = zip((key.column, key.until), cells, strict=True)
            raise key.several(*(str(self.table.text(self.table.columns[name], cell)) for name, cell in days))

    def _row(self, cells: Cells) -> Row:
        """A group as it is kept."""
        row: Row = {}
        for key, words, cell in zip(self.groups.keys, self.words, cells, strict=False):
            column = self.table.columns.get(key.column)
            if isinstance(cell, int) and column and column.form == "number":
                row[key.name] = column.decoded(cell)
            else:
                row[key.name] = words.get(cell, cell)
        row[self.groups.count] = cells[len(self.keys)]
        totals = zip(self.sums, cells[len(self.keys) + 2 :], strict=True)
        return row | {name: _number(column, total) for (name, column), total in totals}


def _number(column: Stored | None, total: int | None) -> Any:
    """A sum of numbers as they are kept; with decimals, as a float that says it exactly, if there is one."""
    if total is None or column is None or column.decimals == 0:
        return total
    return total / MILLION if abs(total) < MOST_AT_ONCE else Decimal(total).scaleb(-column.decimals)
