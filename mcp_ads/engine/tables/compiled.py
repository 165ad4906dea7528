"""A condition as one SQL expression over kept columns; what an agent wrote is bound, never part of it.

Truth has three values in SQL as here: NULL is "not to be decided". Whatever has no exact counterpart raises
NotCompiled, and is decided row by row instead.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from mcp_ads.core.folding import folded, seen
from mcp_ads.core.where_tree import (
    Among,
    And,
    By,
    Col,
    Compare,
    Contains,
    Empty,
    Expr,
    Leaf,
    Like,
    Not,
    Number,
    Or,
)  # fmt: skip

from .patterns import Pattern
from .sql import NotCompiled, Sql, StoredColumn, Table, fold_of
from .values import Kinds
from .where_eval import SIGNS, day_of

NOTHING = "NULL"
MOST = 2**63 - 1
FLIPPED = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
Predicate = Callable[[str], bool | None]


class Compiler:
    """Makes SQL of conditions on one table. `currency` is the column of a row's, where rows have several.

    Raises NotCompiled.
    """

    def __init__(self, table: Table, kinds: Kinds, currency: str = "") -> None:
        self.table, self.kinds, self._currency, self.sql = table, kinds, currency, Sql()

    def test(self, expr: Expr) -> str:
        """The condition: 1, 0 or NULL."""
        if isinstance(expr, Not):
            return f"(NOT {self.test(expr.part)})"
        if isinstance(expr, And | Or):
            return f"({(' AND ' if isinstance(expr, And) else ' OR ').join(map(self.test, expr.parts))})"
        return self._leaf(expr)

    def column(self, name: str, *forms: str) -> StoredColumn | None:
        """A kept column of one of these forms; None where no row has a value in it."""
        if name not in self.table.columns and name in self.kinds and "." not in name:
            return None
        column: StoredColumn | None = self.table.columns.get(name)
        if column is None or not column.clean or column.form not in ("", *forms):
            raise NotCompiled(name)
        return column if column.form else None

    def number(self, name: str) -> str:
        """What a number is kept as, or NULL."""
        column = self.column(name, "number")
        return column.cell if column else NOTHING

    def parts(self, name: str) -> tuple[StoredColumn, StoredColumn, int] | None:
        """What a ratio is made of; None where it is none, or no row has its parts."""
        kind = self.kinds.get(name)
        if kind is None or kind.of is None:
            return None
        over, under = (self.column(part, "number") for part in kind.of[:2])
        return (over, under, kind.of[2]) if over and under else None

    def empty(self, name: str) -> str:
        """Whether a cell has no value."""
        if parts := self.parts(name):
            over, under, _ = parts
            lacking = f"{over.cell} IS NULL OR {under.cell} IS NULL"
            return f"(CASE WHEN {lacking} THEN {self.number(name)} IS NULL ELSE {under.cell} = 0 END)"
        column = self.column(name, "number", "text", "json")
        if column is None:
            return "1"
        if not column.gaps and column.form != "json":
            return "0"
        also = {"text": ("''",), "json": ("'[]'", "'{}'")}.get(column.form, ())
        return f"({column.cell} IS NULL{''.join(f' OR {column.cell} = {one}' for one in also)})"

    def of_text(self, name: str, truth: Predicate, literal: Callable[[StoredColumn], str]) -> str:
        """A test of text: told beforehand of every text with a code, by `literal` of others."""
        column = self.column(name, "text", "json")
        if column is None:
            return NOTHING
        if column.form == "json":
            return f"(CASE WHEN NOT {self.empty(name)} THEN {self.sql.call(truth, column.cell)} END)"
        found: dict[bool | None, list[str]] = {True: [], None: []}
        for code, word, _ in self.table.words(name):
            found.setdefault(truth(word), []).append(str(code))
        cases = [f"WHEN {column.cell} IS NULL OR {column.cell} = '' THEN NULL"] if column.gaps else []
        if column.literal:
            cases.append(f"WHEN typeof({column.cell}) = 'text' THEN {literal(column)}")
        cases += [
            f"WHEN {column.cell} IN ({','.join(found[value])}) THEN {said}"
            for value, said in ((True, "1"), (None, "NULL"))
            if found[value]
        ]
        return f"(CASE {' '.join(cases)} ELSE 0 END)" if cases else "0"

    def _leaf(self, leaf: Leaf) -> str:
        name = leaf.left.name
        match leaf:
            case Compare():
                return self._compare(leaf)
            case Among():
                return self._among(leaf)
            case Like():
                inner = leaf.pattern.strip("%")
                if leaf.pattern == f"%{inner}%" and inner and not {*"%_\\"} & {*inner}:
                    return self._leaf(Contains(leaf.left, inner))
                fits = Pattern(leaf.pattern).fits
                parts = map(folded, re.split("[%_]", "" if "\\" in leaf.pattern else leaf.pattern))
                has = " AND ".join(f"instr({{0}}, {self.sql.bind(part)})" for part in parts if part) or "1"
                return self.of_text(
                    name, lambda text: fits(folded(text)),
                    lambda column: "(CASE WHEN " + has.format(fold_of(column))
                    + f" THEN {self.sql.call(fits, fold_of(column))} ELSE 0 END)",
                )  # fmt: skip
            case Contains():
                wanted = folded(leaf.text)
                bound = self.sql.bind(wanted)
                return self.of_text(
                    name, lambda text: wanted in folded(text),
                    lambda column: f"instr({fold_of(column)}, {bound}) > 0",
                )  # fmt: skip
            case Empty():
                return self.empty(name)

    def _compare(self, leaf: Compare) -> str:
        name, right, sign = leaf.left.name, leaf.right, leaf.sign
        if isinstance(right, Col):
            if leaf.by != "number":
                raise NotCompiled(name)
            return self._columns(name, sign, right.name)
        if isinstance(right, Number):
            return self._in_currency(right, self._number(name, sign, Fraction(right.value)))
        holds = SIGNS[sign]
        if leaf.by == "date":
            return self._day(name, lambda day: holds(day, right.value))
        if sign in ("=", "!="):
            same = self._one_of(name, leaf.by, [right.value])
            return same if sign == "=" else f"(NOT {same})"
        read = READ[leaf.by]
        wanted = read(right.value)
        beside = f" {sign} {self.sql.bind(wanted)}"
        return self.of_text(
            name, lambda text: holds(read(text), wanted),
            lambda column: self.sql.call(read, column.cell) + beside,
        )  # fmt: skip

    def _day(self, name: str, holds: Callable[[str], bool]) -> str:
        def on_day(text: str) -> bool | None:
            day = day_of(text)
            return None if day is None else holds(day)

        return self.of_text(name, on_day, lambda column: self.sql.call(on_day, column.cell))

    def _in_currency(self, value: Number, test: str) -> str:
        if not value.currencies or not self._currency:
            return test
        among = f" IN ({', '.join(map(self.sql.bind, sorted(value.currencies)))})"
        there = self.of_text(self._currency, value.currencies.__contains__, lambda it: it.cell + among)
        return f"(CASE WHEN {there} THEN {test} END)"

    def _among(self, leaf: Among) -> str:
        if leaf.by not in ("text", "code"):
            tests = [Compare(leaf.left, "=", value, leaf.by) for value in leaf.values]
            return f"({' OR '.join(map(self._compare, tests))})"
        return self._one_of(leaf.left.name, leaf.by, [str(value.value) for value in leaf.values])

    def _one_of(self, name: str, by: By, values: Iterable[str]) -> str:
        """Whether a text is one of these; of text without a code only what folds alike is looked at."""
        read = READ[by]
        wanted, folds = {read(value) for value in values}, {folded(value) for value in values}
        among = f" IN ({', '.join(map(self.sql.bind, sorted(folds)))})"

        def literal(column: StoredColumn) -> str:
            alike = fold_of(column) + among
            if by == "code":
                return alike
            return f"({alike} AND {self.sql.call(lambda text: read(text) in wanted, column.cell)})"

        return self.of_text(name, lambda text: read(text) in wanted, literal)

    def _number(self, name: str, sign: str, value: Fraction) -> str:
        """A column of numbers beside a number."""
        column = self.column(name, "number") if name in self.table.columns else None
        own = self._beside(column.cell, sign, value * 10**column.decimals) if column else NOTHING
        parts = self.parts(name)
        if parts is None:
            return own
        over, under, times = parts
        left = Fraction(times * 10**under.decimals * value.denominator)
        right = Fraction(value.numerator * 10**over.decimals)
        shared = math.gcd(left.numerator, right.numerator) or 1
        above, below = left.numerator // shared, right.numerator // shared
        if max(over.most * abs(above), under.most * abs(below)) > MOST:
            raise NotCompiled(name)
        sides = f"{over.cell} * {self.sql.bind(above)}", f"{under.cell} * {self.sql.bind(below)}"
        return (
            f"(CASE WHEN {over.cell} IS NULL OR {under.cell} IS NULL THEN {own} "
            f"WHEN {under.cell} > 0 THEN {sides[0]} {sign} {sides[1]} "
            f"WHEN {under.cell} < 0 THEN {sides[0]} {FLIPPED[sign]} {sides[1]} END)"
        )

    def _beside(self, cell: str, sign: str, value: Fraction) -> str:
        """A cell beside a number; one between two integers is more than the lower, less than the upper."""
        if value.denominator == 1 and abs(value) <= MOST:
            return f"({cell} {sign} {self.sql.bind(value.numerator)})"
        if sign in ("=", "!="):
            return f"(CASE WHEN {cell} IS NOT NULL THEN {int(sign == '!=')} END)"
        down = math.floor(min(max(value, Fraction(-MOST)), Fraction(MOST)))
        return f"({cell} {'<=' if sign in ('<', '<=') else '>'} {self.sql.bind(down)})"

    def _columns(self, name: str, sign: str, other: str) -> str:
        """Two columns of numbers beside each other."""
        if self.parts(name) or self.parts(other):
            raise NotCompiled(name)
        pair = [self.column(one, "number") for one in (name, other)]
        if not pair[0] or not pair[1]:
            return NOTHING
        most = max(column.decimals for column in pair if column)
        if any(column.most * 10 ** (most - column.decimals) > MOST for column in pair if column):
            raise NotCompiled(name)
        left, right = (f"{column.cell} * {10 ** (most - column.decimals)}" for column in pair if column)
        return f"({left} {sign} {right})"

    def missing(self, name: str, by: By) -> tuple[str, str]:
        """Whether a cell that is compared has no value, and whether it has one of another kind."""
        if by != "date":
            return self.empty(name), "0"
        is_day = self.of_text(
            name, lambda text: day_of(text) is not None,
            lambda column: self.sql.call(lambda text: day_of(text) is not None, column.cell),
        )  # fmt: skip
        return self.empty(name), f"(NOT {self.empty(name)} AND NOT coalesce({is_day}, 1))"

    def cased(self, name: str, value: str, values: frozenset[str]) -> str:
        """Whether a text is none of the values and differs from this one in case only."""
        low = folded(value)

        def differs(text: str) -> bool:
            return seen(text) not in values and folded(text) == low

        bound = self.sql.bind(low)
        return self.of_text(
            name, differs,
            lambda column: f"({fold_of(column)} = {bound} AND {self.sql.call(differs, column.cell)})",
        )  # fmt: skip


READ: Mapping[By, Callable[[str], str]] = {"text": seen, "code": folded}
"""How a text is read that is compared, by what it is compared as."""
