"""A condition as one SQL expression over kept columns; what an agent wrote is bound, never part of it.

Truth has three values in SQL as here: NULL is "not to be decided". Whatever has no exact counterpart raises
NotCompiled, and is decided row by row instead.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Protocol

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
from .values import Kinds
from .where_eval import SIGNS, day_of

NOTHING = "NULL"
MOST = 2**63 - 1
FLIPPED = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
Predicate = Callable[[str], bool | None]


class NotCompiled(Exception):
    """A condition or an order that SQL would read differently, or not at all."""


class StoredColumn(Protocol):
    """What is to be known of a kept column: see `records.stored`."""

    form: str
    decimals: int
    clean: bool
    literal: bool
    folded: bool
    gaps: bool
    most: int
    total: int

    @property
    def cell(self) -> str: ...
    @property
    def fold(self) -> str: ...


class Table(Protocol):
    """The kept columns by name, and the texts of one that have a code, casefolded too."""

    columns: Mapping[str, Any]

    def words(self, name: str) -> Sequence[tuple[int, str, str]]:
        """Code, text, and the text casefolded."""


@dataclass
class Sql:
    """Values bound and functions called by what was compiled."""

    values: dict[str, Any] = field(default_factory=dict)
    functions: dict[str, Callable[[Any], Any]] = field(default_factory=dict)

    def bind(self, value: str | int) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    def call(self, function: Callable[[Any], Any], operand: str) -> str:
        name = f"t{len(self.functions)}"
        self.functions[name] = function
        return f"{name}({operand})"


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
                parts = re.split("[%_]", "" if "\\" in leaf.pattern else leaf.pattern.casefold())
                has = " AND ".join(f"instr({{0}}, {self.sql.bind(part)})" for part in parts if part) or "1"
                return self.of_text(
                    name, lambda text: fits(text.casefold()),
                    lambda column: "(CASE WHEN " + has.format(folded(column))
                    + f" THEN {self.sql.call(fits, folded(column))} ELSE 0 END)",
                )  # fmt: skip
            case Contains():
                wanted = leaf.text.casefold()
                bound = self.sql.bind(wanted)
                return self.of_text(
                    name, lambda text: wanted in text.casefold(),
                    lambda column: f"instr({folded(column)}, {bound}) > 0",
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
        fold, said = _reading(leaf.by)
        wanted, holds = fold(right.value), SIGNS[sign]
        if leaf.by != "date":
            beside = f" {sign} {self.sql.bind(wanted)}"
            return self.of_text(name, lambda text: holds(fold(text), wanted), lambda it: said(it) + beside)

        def on_day(text: str) -> bool | None:
            day = day_of(text)
            return None if day is None else holds(day, wanted)

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
        fold, said = _reading(leaf.by)
        values = {fold(str(value.value)) for value in leaf.values}
        among = f" IN ({', '.join(map(self.sql.bind, sorted(values)))})"
        return self.of_text(leaf.left.name, lambda text: fold(text) in values, lambda it: said(it) + among)

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
        wanted = value.casefold()
        others, low = ", ".join(map(self.sql.bind, sorted(values))), self.sql.bind(wanted)
        return self.of_text(
            name, lambda text: text not in values and text.casefold() == wanted,
            lambda column: f"({column.cell} NOT IN ({others}) AND {folded(column)} = {low})",
        )  # fmt: skip


def folded(column: StoredColumn) -> str:
    """A text that has no code, casefolded."""
    return f"coalesce({column.fold}, {column.cell})" if column.folded else column.cell


def _reading(by: By) -> tuple[Callable[[str], str], Callable[[StoredColumn], str]]:
    """How a text is read that is compared: here, and in SQL where it has no code."""
    return (str.casefold, folded) if by == "code" else (str, operator.attrgetter("cell"))
