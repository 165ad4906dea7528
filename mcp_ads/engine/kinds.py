"""The kinds of the columns that rows have: declared, by convention, or seen in the values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from mcp_ads.core.column_names import conventional
from mcp_ads.core.columns import TEXT, Column

from .cells import Kinds, Row, is_empty, number_of

NUMBER = Column("number")


class Seen:
    """Which columns rows have, and which of those hold nothing but numbers; fed row by row."""

    def __init__(self) -> None:
        self._numeric: dict[str, bool | None] = {}

    def add(self, row: Row) -> None:
        for name, value in _cells(row):
            if self._numeric.get(name, True) is not False:
                numeric = None if is_empty(value) else number_of(value) is not None
                self._numeric[name] = self._numeric.get(name) if numeric is None else numeric

    def names(self) -> list[str]:
        return list(self._numeric)

    def kind(self, name: str) -> Column | None:
        """What a column's values are; None where there is none."""
        numeric = self._numeric.get(name)
        return None if numeric is None else NUMBER if numeric else TEXT


def _cells(row: Row) -> Iterable[tuple[str, Any]]:
    """Every cell, and those inside objects by their dotted names."""
    for name, value in row.items():
        yield name, value
        if isinstance(value, Mapping):
            yield from ((f"{name}.{inner}", each) for inner, each in value.items())


def seen(rows: Iterable[Row]) -> Seen:
    """What there is in rows."""
    found = Seen()
    for row in rows:
        found.add(row)
    return found


def kinds_of(names: Collection[str], declared: Mapping[str, Column], there: Seen) -> Kinds:
    """Every column's kind, and the declared ratios that can be computed from columns that are there."""
    kinds: dict[str, Column | None] = {
        name: declared.get(name) or _conventional(name, there) or there.kind(name) for name in names
    }
    for name, column in declared.items():
        if name not in kinds and column.of and {*column.of[:2]} <= kinds.keys():
            kinds[name] = column
    return {name: _priced(column, kinds) if column else None for name, column in kinds.items()}


def _conventional(name: str, there: Seen) -> Column | None:
    """A column's usual kind, unless its values are something else."""
    column = conventional(name)
    if column and column.kind not in ("id", "date") and there.kind(name) == TEXT:
        return TEXT
    return column


def _priced(column: Column, kinds: Kinds) -> Column:
    """A ratio of money to something else is money per something."""
    if column.kind != "ratio" or not column.of or column.unit:
        return column
    over, under = (kinds.get(part) for part in column.of[:2])
    priced = over and over.kind == "money" and not (under and under.kind == "money")
    return replace(column, unit="money") if priced else column
