"""A condition as a tree of typed comparisons; what is done with it is somebody else's business."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from .columns import Column

By = Literal["number", "text", "code", "date"]
Sign = Literal["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True)
class Col:
    """A column by its name in the rows; `column` is None where its kind is not known."""

    name: str
    column: Column | None


@dataclass(frozen=True)
class Number:
    """A number in its column's unit, which was not written where it is `bare`; money may name the currencies
    it can be in.
    """

    value: Decimal
    currencies: frozenset[str] = frozenset()
    bare: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Text:
    """Text, or a day as 2026-11-01."""

    value: str


Operand = Col | Number | Text


@dataclass(frozen=True)
class Compare:
    """A column beside a value or another column, compared as numbers, text, codes or days."""

    left: Col
    sign: Sign
    right: Operand
    by: By


@dataclass(frozen=True)
class Among:
    """A column that is one of several values."""

    left: Col
    values: tuple[Number | Text, ...]
    by: By


@dataclass(frozen=True)
class Like:
    """A column that fits a pattern with % and _, without regard to case."""

    left: Col
    pattern: str


@dataclass(frozen=True)
class Contains:
    """A column with this text in it, without regard to case."""

    left: Col
    text: str


@dataclass(frozen=True)
class Empty:
    """A column without a value."""

    left: Col


@dataclass(frozen=True)
class Not:
    """What its part is not; unknown where that is unknown."""

    part: Expr


@dataclass(frozen=True)
class And:
    """All of its parts."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True)
class Or:
    """Any of its parts."""

    parts: tuple[Expr, ...]


Leaf = Compare | Among | Like | Contains | Empty
Expr = Leaf | Not | And | Or


def leaves(expr: Expr) -> Iterator[Leaf]:
    """Every comparison in a condition."""
    if isinstance(expr, Not):
        yield from leaves(expr.part)
    elif isinstance(expr, And | Or):
        for part in expr.parts:
            yield from leaves(part)
    else:
        yield expr


def numbers_of(leaf: Leaf) -> list[Number]:
    """The numbers a comparison has beside its column."""
    values = (leaf.right,) if isinstance(leaf, Compare) else getattr(leaf, "values", ())
    return [value for value in values if isinstance(value, Number)]


def columns_of(leaf: Leaf) -> list[Col]:
    """The columns a comparison looks at."""
    right = [leaf.right] if isinstance(leaf, Compare) and isinstance(leaf.right, Col) else []
    return [leaf.left, *right]
