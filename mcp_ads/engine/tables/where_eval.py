"""Whether a row fits a condition: yes, no, or not to be decided because a cell is empty.

An empty cell passes neither a comparison nor its negation; the rows that are left out for that are counted.
"""

from __future__ import annotations

import operator
import re
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Any

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
    Operand,
    Or,
    Text,
    columns_of,
    leaves,
)

from .denied import MOST, denied_codes, misspelt
from .patterns import Pattern
from .values import Cells, Row, is_empty, text_of, value_of

Truth = bool | None
Test = Callable[[Row], Truth]
SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
DAY, MOST_CASED, SHOWN = 10, 3, 60
_ANY_TEXT = re.compile(r"(?<!\\)%")


class Condition:
    """A condition on rows, and what there is to say of the rows it could not decide.

    `currency_of` says in which currency a row's money is; "" where that is not known.
    """

    def __init__(self, expr: Expr, cells: Cells, currency_of: Callable[[Row], str]) -> None:
        self._cells, self._currency_of = cells, currency_of
        self.compared, self.texts = [*compared(expr)], [*texts_compared(expr)]
        self._likes = [leaf for leaf in leaves(expr) if isinstance(leaf, Like)]
        self.cased: Counter[tuple[str, str]] = Counter()
        self.empty: Counter[str] = Counter()
        self.odd: Counter[str] = Counter()
        self.denied = [*denied_codes(expr)]
        self.codes: dict[str, set[str]] = {name: set() for name, _ in self.denied}
        self._test = self._made(expr)

    def holds(self, row: Row) -> bool:
        """Whether a row passes."""
        truth = self._test(row)
        for name, codes in self.codes.items():
            if len(codes) < MOST and not is_empty(value := value_of(row, name)):
                codes.add(text_of(value))
        for name, by in self.compared if truth is None else ():
            if self._cell(name, by, row) is None:
                (self.empty if self._cells.is_empty(row, name) else self.odd)[name] += 1
        for name, value, values in self.texts:
            text = self._cell(name, "text", row)
            if isinstance(text, str) and seen(text) not in values and folded(text) == folded(value):
                self.cased[name, value] += 1
        return bool(truth)

    def warnings(self) -> list[str]:
        """Of the rows that passed neither a comparison nor its negation, of case that did not fit, and of
        patterns that are none.
        """
        names = dict.fromkeys(name for name, _ in self.compared)
        pairs = dict.fromkeys((name, value) for name, value, _ in self.texts)
        cased = sorted(((self.cased[pair], *pair) for pair in pairs), key=lambda found: -found[0])
        lines = [
            f"{_rows(count)} {what.format(name)} and {_pass(count)} {neither}"
            for counter, what, neither in (
                (self.empty, "no {}", "neither this condition nor its negation"),
                (self.odd, "a {} of another kind", "neither this nor its negation"),
            )
            for name in names
            if (count := counter[name])
        ]
        lines += [
            f"{_rows(count)} a {name} that differs from '{_short(value)}' in case only: = minds case, like "
            "does not"
            for count, name, value in cased[:MOST_CASED]
            if count
        ]
        lines += [
            f"like '{_short(leaf.pattern)}' has no %, so it is all of {leaf.left.name}: ~ finds it inside"
            for leaf in self._likes
            if not _ANY_TEXT.search(leaf.pattern)
        ]
        lines += misspelt(self.denied, self.codes)
        return lines

    def _made(self, expr: Expr) -> Test:
        if isinstance(expr, Not):
            return partial(_not, self._made(expr.part))
        if isinstance(expr, And):
            return partial(_all, [self._made(part) for part in expr.parts])
        if isinstance(expr, Or):
            return partial(_any, [self._made(part) for part in expr.parts])
        return self._leaf(expr)

    def _leaf(self, leaf: Leaf) -> Test:
        match leaf:
            case Compare():
                return partial(self._compare, leaf)
            case Among():
                return self._one_of(leaf)
            case Like():
                return partial(self._text, leaf.left, Pattern(leaf.pattern).fits)
            case Contains():
                wanted = folded(leaf.text)
                return partial(self._text, leaf.left, lambda text: wanted in text)
            case Empty():
                return lambda row: self._cells.is_empty(row, leaf.left.name)

    def _compare(self, leaf: Compare, row: Row) -> Truth:
        currencies = leaf.right.currencies if isinstance(leaf.right, Number) else ()
        if currencies and self._currency_of(row) not in ("", *currencies):
            return None
        left, right = self._operand(leaf.left, leaf.by, row), self._operand(leaf.right, leaf.by, row)
        if left is None or right is None:
            return None
        return SIGNS[leaf.sign](left, right)

    def _one_of(self, leaf: Among) -> Test:
        if any(isinstance(value, Number) and value.currencies for value in leaf.values):
            tests = [Compare(leaf.left, "=", value, leaf.by) for value in leaf.values]
            return partial(_any, [partial(self._compare, test) for test in tests])
        values = frozenset(self._operand(value, leaf.by, {}) for value in leaf.values)

        def among(row: Row) -> Truth:
            value = self._operand(leaf.left, leaf.by, row)
            return None if value is None else value in values

        return among

    def _text(self, column: Col, fits: Callable[[str], bool], row: Row) -> Truth:
        text = self._operand(column, "text", row)
        return None if text is None else fits(folded(text))

    def _operand(self, operand: Operand, by: By, row: Row) -> Any:
        """The value to compare; None where the cell has none that can be."""
        if isinstance(operand, Col):
            return self._cell(operand.name, by, row)
        return _read(operand.value, by) if isinstance(operand, Text) else operand.value

    def _cell(self, name: str, by: By, row: Row) -> Decimal | str | None:
        if by == "number":
            return self._cells.number(row, name)
        value = value_of(row, name)
        if is_empty(value):
            return None
        text = text_of(value)
        return _read(text, by)


def _read(text: str, by: By) -> str | None:
    """A text as it is compared."""
    return seen(text) if by == "text" else folded(text) if by == "code" else day_of(text)


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")


def day_of(text: str) -> str | None:
    """The day a text begins with."""
    return text[:DAY] if _DAY.match(text) else None


def compared(expr: Expr) -> dict[tuple[str, By], None]:
    """Columns that need a value for the condition to be decided, and as what they are compared."""
    found: dict[tuple[str, By], None] = {}
    for leaf in leaves(expr):
        if not isinstance(leaf, Empty):
            by: By = "text" if isinstance(leaf, Like | Contains) else leaf.by
            found |= {(column.name, by): None for column in columns_of(leaf)}
    return found


def texts_compared(expr: Expr) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Columns of text, a value with letters each is to be equal to, and all values that would do there."""
    for leaf in leaves(expr):
        given: tuple[Operand, ...] = ()
        if isinstance(leaf, Among) and leaf.by == "text":
            given = leaf.values
        elif isinstance(leaf, Compare) and leaf.by == "text" and leaf.sign in ("=", "!="):
            given = (leaf.right,)
        values = frozenset(seen(value.value) for value in given if isinstance(value, Text))
        by_fold = {folded(value): value for value in sorted(values) if value.lower() != value.upper()}
        yield from ((leaf.left.name, value, values) for value in by_fold.values())


def _not(test: Test, row: Row) -> Truth:
    truth = test(row)
    return None if truth is None else not truth


def _all(tests: list[Test], row: Row) -> Truth:
    unknown = False
    for test in tests:
        truth = test(row)
        if truth is False:
            return False
        unknown |= truth is None
    return None if unknown else True


def _any(tests: list[Test], row: Row) -> Truth:
    unknown = False
    for test in tests:
        truth = test(row)
        if truth:
            return True
        unknown |= truth is None
    return None if unknown else False


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _rows(count: int) -> str:
    return "1 row has" if count == 1 else f"{count:,} rows have"


def _pass(count: int) -> str:
    return "passes" if count == 1 else "pass"
