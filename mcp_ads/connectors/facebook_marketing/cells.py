"""How values are shown: money in major and minor units under names that say which, at any depth."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

from mcp_ads.core.money import offset, plain

from . import names
from .names import MAJOR, MINOR, column_name

NONE_AT_ZERO = ("budget", "spend_cap", "bid_amount", "target")
Object = dict[str, Any]


@lru_cache(maxsize=names.MOST_KNOWN)
def cells_of(columns: tuple[str, ...]) -> tuple[tuple[str, str, str, bool], ...]:
    """Each column's shown name, field, unit, and whether money is inside: worked out once for all rows."""
    units = {
        column: next((unit for unit in (MAJOR, MINOR) if column.endswith(unit)), "") for column in columns
    }
    return tuple(
        (
            column_name(column),
            column.removesuffix(unit) if unit else column_name(column),
            unit,
            names.money_inside(column),
        )
        for column, unit in units.items()
    )


def cell(value: Any, field: str, unit: str, currency: str) -> Any:
    """A value as its column shows it."""
    if unit == MAJOR:
        return _major(value, field, currency)
    return value if unit else _in_both_units(value, currency)


def _in_both_units(value: Any, currency: str) -> Any:
    """What an expansion holds, its money named as at the top: no bare minor units beside a currency."""
    if isinstance(value, list):
        return [_in_both_units(inner, currency) for inner in value]
    if not isinstance(value, dict):
        return value
    currency = str(value.get("currency") or currency)
    shown: Object = {}
    for name, inner in value.items():
        if name in names.MONEY and not isinstance(inner, dict | list):
            shown |= {name + MAJOR: _major(inner, name, currency), name + MINOR: inner}
        else:
            shown[name] = _in_both_units(inner, currency)
    return shown


def _major(minor: Any, field: str, currency: str) -> Any:
    if minor in (None, "") or (minor in ("0", 0) and field.endswith(NONE_AT_ZERO)):
        return None
    return plain(Decimal(str(minor)) / offset(currency), currency)
