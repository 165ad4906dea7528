"""Filters of products: `{"field": {"operator": value}}`, joined by `and` and `or`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mcp_ads.sandbox.facebook_marketing.errors import invalid
from mcp_ads.sandbox.facebook_marketing.params import Body
from mcp_ads.sandbox.facebook_marketing.tables import node_fields


def _low(value: Any) -> str:
    return str(value or "").casefold()


OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": lambda value, wanted: _low(value) == _low(wanted),
    "neq": lambda value, wanted: _low(value) != _low(wanted),
    "i_contains": lambda value, wanted: _low(wanted) in _low(value),
    "i_not_contains": lambda value, wanted: _low(wanted) not in _low(value),
    "i_starts_with": lambda value, wanted: _low(value).startswith(_low(wanted)),
    "is_any": lambda value, wanted: _low(value) in map(_low, wanted),
    "is_not_any": lambda value, wanted: _low(value) not in map(_low, wanted),
    "lt": lambda value, wanted: _amount(value) < _amount(wanted),
    "lte": lambda value, wanted: _amount(value) <= _amount(wanted),
    "gt": lambda value, wanted: _amount(value) > _amount(wanted),
    "gte": lambda value, wanted: _amount(value) >= _amount(wanted),
}


def _amount(value: Any) -> float:
    digits = str(value or 0).lstrip("$").replace(",", "")
    try:
        return float(digits)
    except ValueError:
        raise invalid(f"{value!r} is not a number") from None


def fits(row: Body, wanted: Body) -> bool:
    """Whether a product fits a filter. Raises what Graph says to one it does not understand."""
    return all(list(_answers(row, wanted)))


def _answers(row: Body, wanted: Any) -> Iterator[bool]:
    if not isinstance(wanted, dict):
        raise invalid("Param filter must be an object of conditions")
    for name, value in wanted.items():
        if name in ("and", "or"):
            parts = [fits(row, inner) for inner in value]
            yield all(parts) if name == "and" else any(parts)
        elif name not in node_fields("ProductItem") or not isinstance(value, dict):
            raise invalid(f"Param filter: {name} is not a field that products are filtered by")
        else:
            yield from (_compared(row.get(name), op, other) for op, other in value.items())


def _compared(value: Any, op: str, wanted: Any) -> bool:
    if (compare := OPERATORS.get(op)) is None:
        raise invalid(f"Param filter: {op} is not an operator")
    if isinstance(wanted, list) is not op.endswith("_any"):
        raise invalid(f"Param filter: wrong value of {op}")
    return compare(value, wanted)
