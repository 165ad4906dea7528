"""One look at kept rows: which of them, in which order; read as a stream, off the loop."""

from __future__ import annotations

import heapq
from array import array
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from mcp_ads.core.view import TableView

from . import tables
from .scan import gently


class Look(Protocol):
    """What a view wants of rows. `keep` sees every row once; `order` is None where rows stay as they are."""

    top: int
    order: Callable[[Mapping[str, Any]], Any] | None

    def keep(self, row: Mapping[str, Any]) -> bool:
        """Whether a row is wanted."""

    def facts(self) -> dict[str, Any]:
        """What there is to say once every row was seen."""


@dataclass
class Chosen:
    """Where the rows of a look begin, in their order, and what is said of all of them."""

    offsets: array[int]
    facts: dict[str, Any] = field(default_factory=dict)


def choose(lines: Iterable[tuple[int, dict[str, Any]]], look: Look) -> Chosen:
    """The rows a look wants, from every row with where it begins: only keys and places are held."""
    count, order = 0, look.order

    def wanted() -> Iterable[tuple[int, dict[str, Any]]]:
        nonlocal count
        for at, row in gently(lines):
            if look.keep(row):
                count += 1
                yield at, row

    if order is None:
        offsets = array("Q", (at for at, _ in wanted()))
        chosen = offsets[: look.top] if look.top else offsets
    else:
        keys = ((order(row), number, at) for number, (at, row) in enumerate(wanted()))
        ordered = heapq.nsmallest(look.top, keys) if look.top else sorted(keys)
        chosen = array("Q", (at for *_, at in ordered))
    return Chosen(chosen, {"total": count, **look.facts()})


class ViewLook:
    """A view as a look at rows of these columns; raises InvalidParams for a column there is none of."""

    def __init__(self, view: TableView, names: tuple[str, ...]) -> None:
        self.top = view.top
        self._tests = tables.conditions(view.filter, list(names))
        self.order = tables.ordering(view.sort, list(names)) if view.sort else None

    def keep(self, row: Mapping[str, Any]) -> bool:
        return all(test(row) for test in self._tests)

    def facts(self) -> dict[str, Any]:
        return {}
