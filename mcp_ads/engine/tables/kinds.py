"""The kinds of the columns that rows have: declared, by convention, or seen in the values."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from mcp_ads.core.column_names import conventional, objects_in
from mcp_ads.core.columns import CODE, ID, LIST, TEXT, Column
from mcp_ads.core.view import TableView
from mcp_ads.core.where_tokens import named
from mcp_ads.core.where_values import NUMERIC

from .values import Kinds, Row, is_empty, number_of
from .words_for_ids import is_id, is_urn

NUMBER = Column("number")
BOTH = 2
_CODE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")


class Seen:
    """Which columns rows have, and whether they hold numbers, something else, or nothing; fed row by row.

    `inside` are dotted names of what their objects are known to have, whether it was seen or not.
    """

    def __init__(self, inside: Collection[str] = ()) -> None:
        self.inside = inside
        self._there: dict[str, set[bool]] = {}
        self._texts: dict[str, set[Column]] = {}
        self.spaces: dict[str, set[str]] = {}
        """What stands before the last part of the URNs in a column."""

    def add(self, row: Row) -> None:
        for name, value in _cells(row):
            numeric = self._there.setdefault(name, set())
            if len(numeric) < BOTH and not is_empty(value):
                is_number = type(value) in (int, float) or number_of(value) is not None
                numeric.add(is_number)
                if not is_number:
                    self._texts.setdefault(name, set()).add(_text_of(value))
                    if isinstance(value, str) and is_urn(value):
                        self.spaces.setdefault(name, set()).add(value.rpartition(":")[0].lower())

    def names(self) -> list[str]:
        return list(self._there)

    def decided(self, name: str) -> bool:
        """Whether a column has both numbers and something else: no value tells more."""
        return len(self._there.get(name, ())) == BOTH

    def numbers(self, name: str) -> bool:
        """Whether a column has a number, or no value at all."""
        return self._there.get(name, set()) != {False}

    def lists(self, name: str) -> bool:
        """Whether all values of a column are lists."""
        return self.kind(name) == LIST

    def kind(self, name: str) -> Column | None:
        """What a column's values are: numbers, codes or lists only where all are; None without a value."""
        numeric = self._there.get(name)
        if not numeric or numeric == {True}:
            return NUMBER if numeric else None
        texts = self._texts[name]
        return next(iter(texts)) if numeric == {False} and len(texts) == 1 else TEXT


def _text_of(value: Any) -> Column:
    """What kind of text a value is that is no number."""
    if isinstance(value, list):
        return LIST
    if is_id(value):
        return ID
    return CODE if isinstance(value, str) and _CODE.fullmatch(value) else TEXT


def _cells(row: Row, outer: str = "") -> Iterable[tuple[str, Any]]:
    """Every cell, and those inside objects by their dotted names."""
    for name, value in row.items():
        yield f"{outer}{name}", value
        if isinstance(value, Mapping):
            yield from _cells(value, f"{outer}{name}.")


def seen(rows: Iterable[Row]) -> Seen:
    """The columns and values that these rows have."""
    kinds_seen = Seen()
    for row in rows:
        kinds_seen.add(row)
    return kinds_seen


def kinds_of(names: Collection[str], declared: Mapping[str, Column], there: Seen) -> Kinds:
    """Every column's kind, and the declared ratios that can be computed from columns that are there."""
    kinds: dict[str, Column | None] = {
        name: LIST
        if there.lists(name)
        else declared.get(name) or _conventional(name, there) or there.kind(name)
        for name in names
    }
    for name, column in declared.items():
        if name not in kinds and column.of and {*column.of[:2]} <= kinds.keys():
            kinds[name] = column
    return {name: _priced(column, kinds) if column else None for name, column in kinds.items()}


def _conventional(name: str, there: Seen) -> Column | None:
    """A column's usual kind, unless all its values are something else."""
    column = conventional(name)
    if column and column.kind in NUMERIC and not there.numbers(name):
        return TEXT
    return column


def _priced(column: Column, kinds: Kinds) -> Column:
    """The column of a ratio, as money where it divides money by something else."""
    if column.kind != "ratio" or not column.of or column.unit:
        return column
    over, under = (kinds.get(part) for part in column.of[:2])
    priced = over and over.kind == "money" and not (under and under.kind == "money")
    return replace(column, unit="money") if priced else column


def undeclared(
    view: TableView, declared: Mapping[str, Column], names: Collection[str], nested: Collection[str] = ()
) -> bool:
    """Whether a view names a column whose kind only the rows can tell; `names` are the words for columns.

    What is inside objects and lists only the rows tell: `nested` are words for these.
    """
    sure, maybe = named(view.where)
    words = [*sure, *(key.removeprefix("-") for key in view.sort), *view.group_by, *maybe]
    plain = {name.replace("_", "").lower() for name in names}
    outer = {name.replace("_", "").lower() for name in (*nested, *objects_in(names))}
    return any(
        ("." in word and word not in names)
        or word.replace("_", "").lower() in outer
        or (
            ("." in word or word.replace("_", "").lower() in plain)
            and word not in declared
            and not conventional(word)
        )
        for word in words
    )
