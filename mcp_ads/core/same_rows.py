"""Rows of reports that come twice, as where a platform's pages overlap: known by what names them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from .action import Action
from .recipe import Result

Record = dict[str, Any]
TWICE = "{} rows came twice, and are given once: the list changed while it was read, and may lack others"
CHANGED = "{} rows came again with other figures: which are right is not known, and sums have both"
ALIKE = "{} rows are alike in everything: if they came twice, sums have them twice; ids in fields tell that"


class NamedRows(Action):
    """A report of which each row is of something: two rows with the same names are one row."""

    def row_names(self) -> tuple[str, ...]:
        """The fields of a record that only one row has together; empty where no fields tell rows apart."""
        return ()


@dataclass
class Doubts:
    """How many rows came again with other figures, and how many without names are alike in everything."""

    changed: int = 0
    alike: int = 0

    def said(self) -> list[str]:
        """What to warn of."""
        told = ((self.changed, CHANGED), (self.alike, ALIKE))
        return [text.format(count) for count, text in told if count]


@dataclass
class Once(Doubts):
    """Rows that are each there once, `twice` being how many were left out since they had come."""

    records: list[Record] = field(default_factory=list)
    twice: int = 0

    def said(self) -> list[str]:
        return [*([TWICE.format(self.twice)] if self.twice else []), *super().said()]

    def told_in(self, result: Result) -> Result:
        """The result of these rows, with what to warn of; it is no whole one if rows came twice."""
        if said := self.said():
            result.meta["warnings"] = [*said, *result.meta.get("warnings", [])]
        result.partial = said[0] if self.twice else result.partial
        return result


def name_of(record: Mapping[str, Any], names: Sequence[str]) -> tuple[Any, ...]:
    """What names a row among others; empty where there is nothing, or it lacks part of that."""
    found = tuple(map(record.get, names))
    if None in found or "" in found or [] in found:
        return ()
    return found if all(type(value) is str for value in found) else tuple(map(repr, found))


def once(records: Sequence[Record], names: Sequence[str]) -> Once:
    """The rows without those that came before, in the order they came, by the fields that name one."""
    return once_by(records, partial(name_of, names=names))


def once_by(records: Sequence[Record], name_in: Callable[[Record], tuple[Any, ...]]) -> Once:
    """The same, by what a function finds to name a row, empty for nothing.

    One of other figures stays, as which of them is right is not known; so does one that nothing names.
    """
    came: dict[tuple[Any, ...], Record] = {}
    unnamed, found = set[int](), Once()
    for record in records:
        if name := name_in(record):
            before = came.setdefault(name, record)
            if before is not record and before == record:
                found.twice += 1
                continue
            found.changed += before is not record
        else:
            mark = hash(repr(record))
            found.alike += mark in unnamed
            unnamed.add(mark)
        found.records.append(record)
    return found
