"""How much an answer can hold: what does not fit is not asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from mcp_ads.core import dig
from mcp_ads.core.answer import MOST_CHARS
from mcp_ads.core.cells import MOST_CELL
from mcp_ads.core.columns import unexpanded

_bounded: ContextVar[bool] = ContextVar("bounded", default=False)


@contextmanager
def one_answer() -> Iterator[None]:
    """What is read in here is for one answer as text; elsewhere rows are wanted whatever their length."""
    token = _bounded.set(True)
    try:
        yield
    finally:
        _bounded.reset(token)


class Room:
    """What is left of an answer's characters, where rows are for one."""

    def __init__(self, columns: Iterable[str] = (), *, bounded: bool = True) -> None:
        names = tuple(unexpanded(column) for column in columns)
        self._columns = () if names in (("*",), ("all",)) else names
        self._left = MOST_CHARS if bounded and _bounded.get() else None

    def full(self, rows: Iterable[Any]) -> bool:
        """Whether an answer is full with these rows and those before, whatever its format."""
        if self._left is None:
            return False
        self._left -= sum(self._least(row) for row in rows)
        return self._left < 0

    def _least(self, row: Any) -> int:
        """The fewest characters a row takes."""
        if not self._columns or not isinstance(row, Mapping):
            return _least(row)
        return sum(_least(row[column] if column in row else dig(row, column)) + 1 for column in self._columns)


def _least(value: Any) -> int:
    if isinstance(value, Mapping):
        return sum(_least(inner) + 1 for inner in value.values())
    return 0 if value is None else min(len(str(value)), MOST_CELL)
