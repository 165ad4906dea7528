"""Values as they are shown: rounded here, once, after everything that compares and sums is done."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from .columns import Column
from .money import WHOLE

QUOTIENT_DIGITS = 4
KINDS = ("money", "percent", "ratio")
_NUMBER = re.compile(r"\s*[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?\s*", re.ASCII)
"""What totals count too: no 1_000, nor digits of another script, nor 1e400."""


def shown(
    rows: Iterable[Mapping[str, Any]], kinds: Mapping[str, Column], currency: str
) -> list[dict[str, Any]]:
    """Rows with money in the currency's decimals and quotients to four; text stays text, numbers numbers.

    The currency a row says is its own comes first: a list may be over several, as one of least budgets is.
    """
    places = {name: column.kind for name, column in kinds.items() if column.kind in KINDS}

    def digits(kind: str, row: Mapping[str, Any]) -> int:
        money = str(row.get("currency") or currency).upper()
        return QUOTIENT_DIGITS if kind != "money" else 0 if money in WHOLE else 2

    return [
        {
            **row,
            **{name: _rounded(row[name], digits(places[name], row)) for name in places.keys() & row.keys()},
        }
        for row in rows
    ]


def _rounded(value: Any, places: int) -> Any:
    """Whole amounts of a currency without minor units keep what they have behind the point."""
    if isinstance(value, float):
        return round(value, max(places, 2))
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        return value
    number = Decimal(value)
    return f"{number:.{places if number == int(number) else max(places, 2)}f}"
