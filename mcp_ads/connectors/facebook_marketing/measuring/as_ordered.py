"""Rows of a report whose order is not at hand: what they have says which columns there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from mcp_ads.connectors.facebook_marketing import names
from mcp_ads.errors import InvalidParams

from . import action_columns, metrics
from .row_names import DAYS

Object = dict[str, Any]
SHOWN_AS = {
    "actions": ("purchases", "leads"),
    "action_values": ("purchase_value",),
    "cost_per_action_type": (),
    "results": ("results", "result_type"),
}
"""Lists, and the columns that are made of them."""


def named(fields: Sequence[str] | None) -> tuple[str, ...]:
    """The columns that are to be shown, by their own names; none where all are."""
    known = names.fields_of("AdsInsights") | metrics.KINDS.keys()
    return tuple(names.resolved(field, known, metrics.ALIKE) for field in fields or ())


def rows_of(
    records: Sequence[Object], asked: Sequence[str], types: Sequence[str] | None
) -> tuple[list[Object], tuple[str, ...]]:
    """Rows with every column there is, and with those asked for. Raises InvalidParams for one no row has."""
    found = tuple(dict.fromkeys(chain.from_iterable(records)))
    asked = [*asked, *metrics.columns_in(types or ())]
    types = [name for name in types or () if not metrics.columns_in([name])]
    apart = [key for key in found if key not in names.fields_of("AdsInsights") and key not in DAYS]
    parts, windows = _in_actions(records)
    columns = metrics.in_windows(_usual(found, records), windows)
    if found and (strange := [name for name in asked if not _made_of(metrics.windowed(name)[0], found)]):
        there = ", ".join(columns)
        raise InvalidParams(f"fields: no row of this report has {', '.join(strange)}; they have {there}")
    columns = list(dict.fromkeys([*columns, *asked]))
    plain = [
        column for column in columns if column in metrics.OURS and not _made_of(column, found, ours=True)
    ]
    made = [name for name in columns if name not in plain]
    rows = [
        metrics.row(record, made, apart)
        | {name: metrics.number(name, metrics.only(record.get(name))) for name in plain}
        for record in records
    ]
    if not types:
        return rows, tuple(columns)
    unsaid = bool(metrics.UNSAID & {*apart})
    if list(types) in action_columns.ALL or parts:
        flats = [action_columns.cells(record, found, parts) for record in records]
    else:
        flats = [action_columns.of_types(record, types, found, windows, unsaid=unsaid) for record in records]
    cells, more = action_columns.filled(flats, unsaid=unsaid)
    return [row | cell for row, cell in zip(rows, cells, strict=True)], (*columns, *more)


def _usual(found: Iterable[str], records: Sequence[Object]) -> list[str]:
    days = [day for day in DAYS if len({record.get(day) for record in records}) > 1]
    shown = (column for key in found if key not in DAYS for column in SHOWN_AS.get(key, (key,)))
    return [*days, *shown]


def _made_of(column: str, found: Sequence[str], *, ours: bool = False) -> bool:
    """Whether a report with these fields has the column; `ours` says not as Facebook's own."""
    if column in found and not ours:
        return True
    parts = metrics.parts(column)
    return all(_made_of(part, found) for part in parts) if parts else {*metrics.sources([column])} <= {*found}


def _in_actions(records: Iterable[Object]) -> tuple[list[str], list[str]]:
    """What actions are split by beside their type, and the attribution windows they have."""
    entries = (
        action for record in records for action in record.get("actions") or () if isinstance(action, dict)
    )
    keys = dict.fromkeys(key for action in entries for key in action)
    windows = [key for key in keys if metrics.is_window(key)]
    return [key for key in keys if key not in ("action_type", "value", *windows)], windows
