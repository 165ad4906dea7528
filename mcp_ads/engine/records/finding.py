"""A look at kept rows as queries: which fit, in which order, what they come to; only numbers come back."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from mcp_ads.engine.tables.compiled import MOST, Compiler, NotCompiled
from mcp_ads.engine.tables.look import CURRENCY, UNKNOWN, Counted, Look

from .rows import Chosen, SqliteTable
from .stored import Stored


class Finder:
    """Carries out one look in SQL. Raises NotCompiled where it would not be the same, and sqlite3.Error."""

    def __init__(self, table: SqliteTable, look: Look) -> None:
        self.table, self.look = table, look
        self._joined: list[str] = []
        self._made = Compiler(table, look.kinds, CURRENCY if look.mixed else "")
        self._where = f"WHERE {self._made.test(look.expr)}" if look.expr else ""
        self._order = ", ".join([*(term for key in look.keys for term in self._terms(*key)), "id"])
        self._currency = self._made.column(CURRENCY, "text") if look.mixed else None

    def chosen(self, first: int) -> Chosen:
        """The first rows that are wanted, and what is to be known of all. Raises InvalidParams."""
        look, counted = self.look, Counted()
        counted.met = self._met()
        kept = self._kept(counted)
        self._undecided(counted)
        look.learn(counted)
        total = sum(kept.values())
        size = total
        if look.top:
            size = (
                sum(min(count, look.top) for count in kept.values()) if look.grouped else min(total, look.top)
            )
        ids = array("Q", self._ids(kept, min(first, size)))
        shown = {"shown": size} if look.top else {}
        return Chosen(ids, size, {"total": total, **shown, **look.facts(total)})

    def ask(self, columns: str, rest: str = "") -> list[Any]:
        """Rows of a query over kept rows."""
        for name, function in self._made.sql.functions.items():
            self.table.base.create_function(name, 1, function, deterministic=True)
        query = f"SELECT {columns} FROM rows {' '.join(self._joined) if 'ORDER BY' in rest else ''} {rest}"  # noqa: S608
        return self.table.base.execute(query, self._made.sql.values).fetchall()

    def _met(self) -> Counter[str]:
        """The rows of each currency."""
        if not self.look.mixed:
            return Counter({self.look.currency_of({}): self.table.count}) if self.table.count else Counter()
        cell = self._currency.cell if self._currency else "NULL"
        met = Counter[str]()
        for found, count in self.ask(f"{cell}, COUNT(*)", "GROUP BY 1"):
            met[self._named(found)] += count
        return met

    def _named(self, cell: Any) -> str:
        """The currency in a cell."""
        words = {code: word for code, word, _ in self.table.words(CURRENCY)} if isinstance(cell, int) else {}
        return str(words.get(cell, cell) or UNKNOWN) if self.look.mixed else self.look.currency_of({})

    def _kept(self, counted: Counted) -> dict[str, int]:
        """How many rows of each currency fit; their sums go into what is counted."""
        added = {name: self._made.column(name, "number") for name in self.look.sums.added}
        sums = [column.cell for column in added.values() if column]
        last = [
            name for name in dict.fromkeys(name for name, _ in self.look.keys) if self.look.is_number(name)
        ]
        cell = self._currency.cell if self._currency else "NULL"
        columns = [cell, "COUNT(*)", *(f"SUM({one})" for one in sums)]
        columns += [f"SUM({self._made.empty(name)})" for name in last]
        kept: dict[str, int] = {}
        for found, count, *rest in self.ask(", ".join(columns), f"{self._where} GROUP BY 1 ORDER BY MIN(id)"):
            currency = self._named(found)
            kept[currency] = kept.get(currency, 0) + count
            of_currency = counted.sums.setdefault(currency, {})
            named = [(name, column) for name, column in added.items() if column]
            for (name, column), total in zip(named, rest, strict=False):
                if total is not None:
                    of_currency[name] = of_currency.get(name, Decimal(0)) + Decimal(total).scaleb(
                        -column.decimals
                    )
            for name, rows in zip(last, rest[len(sums) :], strict=True):
                counted.last[name] += rows
        return kept

    def _undecided(self, counted: Counted) -> None:
        """Rows that the condition could not decide, and what differs in case only."""
        condition = self.look.condition
        if condition is None:
            return
        missing = [(name, self._made.missing(name, by)) for name, by in condition.compared]
        sums = [f"SUM({test})" for _, pair in missing for test in pair]
        if sums:
            (found,) = self.ask(", ".join(sums), self._where.replace("WHERE", "WHERE (", 1) + ") IS NULL")
            for at, (name, _) in enumerate(missing):
                counted.empty[name] += found[2 * at] or 0
                counted.odd[name] += found[2 * at + 1] or 0
        if condition.texts:
            tests = [f"SUM(coalesce({self._made.cased(*text)}, 0))" for text in condition.texts]
            (found,) = self.ask(", ".join(tests))
            for (name, value, _), count in zip(condition.texts, found, strict=True):
                counted.cased[name, value] += count or 0

    def _ids(self, kept: dict[str, int], most: int) -> Iterator[int]:
        """The numbers of the first rows; currency after currency, where they are not compared."""
        if not self.look.grouped:
            yield from (
                row[0] for row in self.ask("id", f"{self._where} ORDER BY {self._order} LIMIT {most}")
            )
            return
        cell = self._currency.cell if self._currency else "NULL"
        cells: dict[str, list[Any]] = {}
        for (found,) in self.ask(f"DISTINCT {cell}"):
            cells.setdefault(self._named(found), []).append(found)
        for currency in sorted(kept):
            bound = [
                f"{cell} IS {'NULL' if one is None else self._made.sql.bind(one)}" for one in cells[currency]
            ]
            where = f"{self._where} AND" if self._where else "WHERE"
            limit = min(most, self.look.top or most, kept[currency])
            rows = self.ask("id", f"{where} ({' OR '.join(bound)}) ORDER BY {self._order} LIMIT {limit}")
            yield from (row[0] for row in rows)
            most -= len(rows)

    def _terms(self, name: str, down: bool) -> Iterator[str]:
        """What one key sorts by: what is empty comes last, whichever way."""
        way = " DESC" if down else ""
        yield self._made.empty(name)
        column = self._made.column(name, "number", "text") if name in self.table.columns else None
        parts = self._made.parts(name)
        if self.look.is_number(name):
            if column and column.form != "number":
                raise NotCompiled(name)
            yield from (f"{term}{way}" for term in _quotient(parts, column))
        elif column and column.form == "text" and isinstance(column, Stored):
            words = f"w{column.number}"
            on = f"{words}.col = {column.number} AND {words}.code = rows.{column.cell}"
            join = f"LEFT JOIN words {words} ON {on}"
            self._joined += [join] if join not in self._joined else []
            low = f", {column.fold}" if column.folded else ""
            yield f"nullif(coalesce({words}.fold{low}, {column.cell}), ''){way}"
            yield f"nullif(coalesce({words}.word, {column.cell}), ''){way}"
        elif column or (name in self.table.columns and self.table.columns[name].form):
            raise NotCompiled(name)


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
