"""A row's cells as numbers and text, whatever the platform sent them as."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from mcp_ads.core.columns import Column
from mcp_ads.core.paginators import dig

Row = Mapping[str, Any]
Kinds = Mapping[str, Column | None]
MOST_EXPONENT = 40
MOST_ROUNDED = 20
DECIMALS = 4
"""Of a ratio that is shown."""


def value_of(row: Row, name: str) -> Any:
    """A cell, of a column or inside an object: a.b."""
    return row[name] if name in row else dig(row, name) if "." in name else None


def is_empty(value: Any) -> bool:
    """Whether a cell has no value."""
    return value is None or value in ("", [], {}) or value != value  # noqa: PLR0124 - NaN is no value


def number_of(value: Any) -> Decimal | None:
    """A cell as a number; None for what is none."""
    if isinstance(value, str):
        return _read(value) if value.isascii() and "_" not in value else None
    if isinstance(value, float):
        return _read(repr(value))
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return _measured(Decimal(value))


def _read(text: str) -> Decimal | None:
    try:
        return _measured(Decimal(text))
    except InvalidOperation:
        return None


def _measured(number: Decimal) -> Decimal | None:
    """The number, if it is one and of a size that anything has."""
    return number if number.is_finite() and -MOST_EXPONENT <= number.adjusted() <= MOST_EXPONENT else None


def text_of(value: Any) -> str:
    """A cell as the text that is shown."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


class Cells:
    """Reads cells by their columns' kinds; a ratio of columns in the row is computed from them in full."""

    def __init__(self, kinds: Kinds) -> None:
        self._made = {name: column.of for name, column in kinds.items() if column and column.of}

    def is_empty(self, row: Row, name: str) -> bool:
        return self.number(row, name) is None if self._parts(row, name) else is_empty(value_of(row, name))

    def number(self, row: Row, name: str) -> Decimal | None:
        """The number in a cell; None where there is none, or no denominator."""
        parts = self._parts(row, name)
        return quotient(*parts) if parts else number_of(value_of(row, name))

    def has(self, row: Row, name: str) -> bool:
        """Whether a ratio is computed here, and not what the platform says it is."""
        return self._parts(row, name) is not None

    def _parts(self, row: Row, name: str) -> tuple[Decimal, Decimal, int] | None:
        """What a ratio is made of; None when this is no ratio, or its row lacks a part."""
        if name not in self._made:
            return None
        over, under, times = self._made[name]
        above, below = number_of(value_of(row, over)), number_of(value_of(row, under))
        return None if above is None or below is None else (above, below, times)


def quotient(above: Decimal, below: Decimal, times: int) -> Decimal | None:
    """A ratio in full precision: multiplied first, so that equal ratios are equal numbers."""
    return above * times / below if below else None


def rounded(number: Decimal | None, decimals: int = DECIMALS) -> float | int | None:
    """A number as it is shown."""
    if number is None:
        return None
    if number.adjusted() > MOST_ROUNDED:
        return float(number)
    shown = round(number, decimals)
    return int(shown) if decimals == 0 else float(shown)
