"""What a filter and an order of rows mean."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from mcp_ads.core.validate import unknown
from mcp_ads.errors import InvalidParams

Row = Mapping[str, Any]
_CONDITION = re.compile(r"\s*([\w.]+)\s*(<=|>=|!=|=|<|>|~)\s*(.*?)\s*")
_AND = re.compile(r"\s+and\s+(?=[\w.]+\s*[<>=!~])", re.IGNORECASE)
"""Between two conditions; an "and" inside a value is followed by no comparison."""
MOST_FILTER = 1_000
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def ordering(sort: str, names: list[str]) -> Callable[[Row], Any]:
    """The key by which rows stand in a view's order; raises InvalidParams for a column there is none of."""
    column = _known(sort.removeprefix("-").strip(), names, "sort")
    if sort.startswith("-"):
        return lambda row: _Falling(_order(row.get(column)))
    return lambda row: _order(row.get(column))


@dataclass(frozen=True)
class _Falling:
    """A key that comes before smaller ones."""

    key: tuple[int, Decimal, str]

    def __lt__(self, other: _Falling) -> bool:
        return other.key < self.key


def conditions(text: str, names: list[str]) -> list[Callable[[Row], bool]]:
    """`cost>10 and purchases=0 and name~shoes` as tests of a row."""
    if len(text) > MOST_FILTER:
        raise InvalidParams(f"filter: at most {MOST_FILTER} characters")
    return [_condition(part, names) for part in _AND.split(text.strip()) if part]


def _condition(text: str, names: list[str]) -> Callable[[Row], bool]:
    found = _CONDITION.fullmatch(text)
    if not found:
        raise InvalidParams(
            f'filter: {text!r} is not understood; write "cost>10 and purchases=0" or "name~shoes"'
        )
    column, sign, wanted = _known(found[1], names, "filter"), found[2], found[3].strip("\"'")
    if sign == "~":
        return lambda row: wanted.lower() in str(row.get(column) or "").lower()
    return lambda row: _holds(row.get(column), sign, wanted)


def _holds(value: Any, sign: str, wanted: str) -> bool:
    """Numbers compare as numbers, a missing number as 0, everything else as text."""
    right = _number(wanted)
    left = _number(value) if value not in (None, "") else Decimal(0)
    if left is not None and right is not None:
        return COMPARE[sign](left, right)
    return COMPARE[sign](str(value or ""), wanted)


def _known(column: str, names: list[str], param: str) -> str:
    if names and column not in names:
        said = unknown(column, names).replace("parameter", "column")
        raise InvalidParams(f"{param}: {said}; there are {', '.join(names)}")
    return column


def _order(value: Any) -> tuple[int, Decimal, str]:
    number = _number(value) if value not in (None, "") else Decimal(0)
    return (0, number, "") if number is not None else (1, Decimal(0), str(value))


def _number(value: Any) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
