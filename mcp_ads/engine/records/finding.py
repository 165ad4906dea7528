"""A look at kept rows as queries: which fit, in which order, what they come to; only numbers come back."""

from __future__ import annotations

import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from mcp_ads.engine.tables.compiled import MOST, Compiler
from mcp_ads.engine.tables.denied import MOST as MOST_CODES
from mcp_ads.engine.tables.groups import CURRENCY
from mcp_ads.engine.tables.look import UNKNOWN, Counted, Look
from mcp_ads.engine.tables.sql import NotCompiled, StoredColumn, fold_of

from .rows import Chosen, SqliteTable

ALWAYS = ("0", "1")
"""Tests that say the same of every row; in an order they would be the numbers of columns."""
NAMED = 20_000
"""Rows that are named one by one in a query, instead of asking the condition again."""


class Finder:
    """Carries out one look in SQL. Raises NotCompiled where it would not be the same, and sqlite3.Error."""

    def __init__(self, table: SqliteTable, look: Look) -> None:
        self.table, self.look = table, look
        self.made = Compiler(table, look.kinds, CURRENCY if look.mixed else "")
        self.where = f"WHERE {self.made.test(look.expr)}" if look.expr else ""
        self._order = ", ".join([*(term for key in look.keys for term in self._terms(*key)), "id"])
        column = self.made.column(CURRENCY, "text") if look.mixed else None
        self._currency = column.cell if column else "NULL"

    def chosen(self, first: int) -> Chosen:
        """The first rows that are wanted, and what is to be known of all. Raises InvalidParams."""
        look, counted = self.look, Counted()
        counted.met = self.met()
        ids = array("Q", self._ids(min(first, look.top or first)))
        known = len(ids) < first and not look.top and len(ids) <= NAMED
        kept = self._kept(counted, f"WHERE id IN ({', '.join(map(str, ids))})" if known else self.where)
        self.undecided(counted)
        look.learn(counted)
        total = size = sum(kept.values())
        if look.top:
            size = (
                sum(min(count, look.top) for count in kept.values()) if look.grouped else min(total, look.top)
            )
        shown = {"shown": size} if look.top else {}
        return Chosen(ids, size, {"total": total, **shown, **look.facts(total)})

    def ask(self, columns: str, rest: str = "") -> list[Any]:
        """Rows of a query over kept rows."""
        return self.run(self.table.base, f"SELECT {columns} FROM rows {rest}").fetchall()  # noqa: S608

    def run(self, base: sqlite3.Connection, sql: str) -> sqlite3.Cursor:
        """Carry out a query with what was bound and the functions that were compiled."""
        for name, function in self.made.sql.functions.items():
            base.create_function(name, 1, function, deterministic=True)
        return base.execute(sql, self.made.sql.values)

    def met(self) -> Counter[str]:
        """The rows of each currency."""
        if not self.look.mixed:
            return Counter({self.look.currency_of({}): self.table.count}) if self.table.count else Counter()
        met = Counter[str]()
        for found, count in self.ask(f"{self._currency}, COUNT(*)", "GROUP BY 1"):
            met[self._named(found)] += count
        return met

    def _named(self, cell: Any) -> str:
        """The currency in a cell."""
        words = {code: word for code, word, _ in self.table.words(CURRENCY)} if isinstance(cell, int) else {}
        return str(words.get(cell, cell) or UNKNOWN) if self.look.mixed else self.look.currency_of({})

    def _kept(self, counted: Counted, where: str) -> dict[str, int]:
        """How many rows of each currency fit; their sums go into what is counted."""
        added = [(name, one) for name in self.look.sums.added if (one := self.made.column(name, "number"))]
        last = [name for name in dict.fromkeys(key[0] for key in self.look.keys) if self.look.is_number(name)]
        lacking = [name for name in last if self.made.empty(name) != "0"]
        if not (where or lacking or self.look.mixed):
            rows: list[Any] = [[None, self.table.count, *(column.total for _, column in added)]]
        else:
            columns = [self._currency, "COUNT(*)", *(f"SUM({column.cell})" for _, column in added)]
            columns += [f"SUM({self.made.empty(name)})" for name in lacking]
            grouped = "GROUP BY 1 ORDER BY MIN(id)" if self.look.mixed else ""
            rows = self.ask(", ".join(columns), f"{where} {grouped}")
        kept: dict[str, int] = {}
        for found, count, *rest in [row for row in rows if row[1]]:
            currency = self._named(found)
            kept[currency] = kept.get(currency, 0) + count
            sums = counted.sums.setdefault(currency, {})
            for (name, column), total in zip(added, rest, strict=False):
                if total is not None:
                    sums[name] = sums.get(name, Decimal(0)) + Decimal(total).scaleb(-column.decimals)
            for name, without in zip(lacking, rest[len(added) :], strict=False):
                counted.last[name] += without
        return kept

    def undecided(self, counted: Counted) -> None:
        """Rows that the condition could not decide, and what differs in case only."""
        condition = self.look.condition
        if condition is None:
            return
        for name in condition.codes.keys() & self.table.columns.keys():
            counted.codes[name] = {word for _, word, _ in self.table.words(name)[:MOST_CODES]}
        missing = [(name, self.made.missing(name, by)) for name, by in condition.compared]
        sums = [f"SUM({test})" for _, pair in missing for test in pair]
        if any(test != "0" for _, pair in missing for test in pair):
            (found,) = self.ask(", ".join(sums), self.where.replace("WHERE", "WHERE (", 1) + ") IS NULL")
            for at, (name, _) in enumerate(missing):
                counted.empty[name] += found[2 * at] or 0
                counted.odd[name] += found[2 * at + 1] or 0
        if condition.texts:
            tests = [f"SUM(coalesce({self.made.cased(*text)}, 0))" for text in condition.texts]
            (found,) = self.ask(", ".join(tests))
            for (name, value, _), count in zip(condition.texts, found, strict=True):
                counted.cased[name, value] += count or 0

    def _ids(self, most: int) -> Iterator[int]:
        """The numbers of the first rows; currency after currency, where they are not compared."""
        if not self.look.grouped:
            yield from (row[0] for row in self.ask("id", f"{self.where} ORDER BY {self._order} LIMIT {most}"))
            return
        cells: dict[str, list[Any]] = {}
        for (found,) in self.ask(f"DISTINCT {self._currency}"):
            cells.setdefault(self._named(found), []).append(found)
        for currency in self.look.by_rows(self.met()):
            bound = [f"{self._currency} IS {self.made.sql.bind(found)}" for found in cells[currency]]
            where = f"{self.where} AND" if self.where else "WHERE"
            rows = self.ask("id", f"{where} ({' OR '.join(bound)}) ORDER BY {self._order} LIMIT {most}")
            yield from (row[0] for row in rows)
            if len(rows) == most != self.look.top:
                return

    def _terms(self, name: str, down: bool) -> Iterator[str]:
        """What one key sorts by: what is empty comes last, whichever way."""
        way = " DESC" if down else ""
        if (empty := self.made.empty(name)) not in ALWAYS:
            yield empty
        column = self.made.column(name, "number", "text") if name in self.table.columns else None
        parts = self.made.parts(name)
        if self.look.is_number(name):
            if column and column.form != "number":
                raise NotCompiled(name)
            yield from (f"{term}{way}" for term in _quotient(parts, column))
        elif column and column.form == "text":
            yield from (f"{term}{way}" for term in self._texts(name, column))
        elif column or (name in self.table.columns and self.table.columns[name].form):
            raise NotCompiled(name)

    def _texts(self, name: str, column: StoredColumn) -> Iterator[str]:
        """Texts without regard to case, then with it; by their place among all, where all have a code."""
        words = sorted((fold, word, code) for code, word, fold in self.table.words(name))
        if not column.literal:
            places = {code: place for place, (*_, code) in enumerate(words)}
            yield self.made.sql.call(places.get, column.cell)
            return
        low, plain = {code: fold for fold, _, code in words}, {code: word for _, word, code in words}
        for texts, literal in ((low, fold_of(column)), (plain, column.cell)):
            coded = self.made.sql.call(texts.get, column.cell)
            yield f"nullif(CASE typeof({column.cell}) WHEN 'integer' THEN {coded} ELSE {literal} END, '')"
            if not column.folded and low == plain:
                return


def _quotient(parts: Any, column: Any) -> Iterator[str]:
    """A number's whole part and the rest of it; of a ratio only the sixteenth place of the rest is rounded.

    Ratios as large as those of money are no integers, and the rest alone is precise enough to tell any two
    apart that differ in what is shown.
    """
    own = column.cell if column else "NULL"
    if parts is None:
        yield own
        return
    over, under, times = parts
    above, below = times * 10**under.decimals, 10**over.decimals
    if max(over.most * above, under.most * below) > MOST:
        raise NotCompiled
    num, den, unit = (
        f"({over.cell} * {above})",
        f"({under.cell} * {below})",
        10 ** (column.decimals if column else 0),
    )
    lacking = f"{over.cell} IS NULL OR {under.cell} IS NULL"
    yield f"(CASE WHEN {lacking} THEN {own} / {unit} ELSE {num} / {den} END)"
    yield f"(CASE WHEN {lacking} THEN {own} % {unit} * 1.0 / {unit} ELSE {num} % {den} * 1.0 / {den} END)"
