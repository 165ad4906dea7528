"""What SQL is made of and from: the kept columns, and the values and functions it is carried out with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


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
    """The kept columns by name, and the texts of one that have a code, folded too."""

    columns: Mapping[str, Any]

    def words(self, name: str) -> Sequence[tuple[int, str, str]]:
        """Code, text, and the text folded."""


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


def fold_of(column: StoredColumn) -> str:
    """A text that has no code, folded."""
    return f"coalesce({column.fold}, {column.cell})" if column.folded else column.cell
