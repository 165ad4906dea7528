"""Columns of single types of action: `link_click`, `value_of_link_click`, `cost_of_link_click`.

The canonical ones have columns of their own in `metrics`; these are the others, and all of them where all are
wanted. A longer name that repeats a plain one is left out, so that nothing is counted twice.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from mcp_ads.core import COUNT, MONEY, Column
from mcp_ads.core.synonyms import cut

from . import metrics

Object = dict[str, Any]
SPELLED = {"actions": "{}", "action_values": "value_of_{}", "cost_per_action_type": "cost_of_{}"}
"""Lists by type of action, and how a column of each is named."""
ALL = (["all"], ["*"])
MOST_NAMED = 6


def cells(record: Mapping[str, Any], wanted: Collection[str], split: Collection[str]) -> Object:
    """What a record has by type of action, in the lists that are wanted, as columns; parts have their part's
    name behind a dot: `link_click.desktop`.
    """
    found: Object = {}
    for source in SPELLED.keys() & wanted:
        actions = _entries(record, source)
        types = {str(action.get("action_type", "")) for action in actions}
        for action in actions:
            if metrics.canonical(action.get("action_type", "")) not in types - {
                action.get("action_type", "")
            }:
                found |= _columns_of(action, source, split)
    return found


def _columns_of(action: Object, source: str, split: Collection[str]) -> Object:
    name = SPELLED[source].format(_named(action, split))
    windows = {key: value for key, value in action.items() if metrics.is_window(key)}
    shown = {name: action.get("value"), **{f"{name}_{key}": value for key, value in windows.items()}}
    return {column: metrics.number("", value) for column, value in shown.items()}


def _named(action: Object, split: Collection[str]) -> str:
    parts = [action.get("action_type"), *(action.get(name) for name in split)]
    return ".".join(str(part) for part in parts if part not in (None, ""))


def of_types(
    record: Mapping[str, Any],
    types: Sequence[str],
    wanted: Collection[str],
    windows: Iterable[str],
    *,
    unsaid: bool,
) -> Object:
    """The columns of the types that are named: 0 where there is none of one, unless that may be unsaid."""
    row: Object = {}
    for column, source, name, window in columns(types, wanted, windows):
        actions = _entries(record, source)
        plain = metrics.canonical(name) == name
        longer = [action["action_type"] for action in actions if plain and _is(action, name)]
        value = metrics.first(actions, [name, *longer], window or "value")
        missing = None if unsaid or source == "cost_per_action_type" else 0
        row[column] = missing if value is None else metrics.number("", str(value))
    return row


def columns(
    types: Sequence[str], wanted: Collection[str], windows: Iterable[str]
) -> list[tuple[str, str, str, str]]:
    """Each column of named types: its name, the list it is in, the type, and the attribution window."""
    return [
        (SPELLED[source].format(name) + (f"_{window}" if window else ""), source, name, window)
        for name in types
        for source in SPELLED
        if source in wanted
        for window in ("", *windows)
    ]


def kinds(typed: Iterable[tuple[str, str, str, str]]) -> dict[str, Column]:
    """What the columns of named types are."""
    known = {"actions": COUNT, "action_values": MONEY}
    return {column: known.get(source, Column("money")) for column, source, *_ in typed}


def filled(rows: Sequence[Object], *, unsaid: bool) -> tuple[list[Object], tuple[str, ...]]:
    """Rows of different columns with all of them: 0 where one has none of an action, empty where Facebook may
    only have left it unsaid.
    """
    names = tuple(dict.fromkeys(chain.from_iterable(rows)))
    blank = {name: None if unsaid or name.startswith("cost_of_") else 0 for name in names}
    return [blank | row for row in rows], names


def left_out(records: Iterable[Mapping[str, Any]], shown: Iterable[str]) -> str:
    """The types of action that records have and no column shows, in words; empty when none."""
    covered = {metrics.canonical(name) for column in shown for name in (column, *metrics.types_of(column))}
    types = (
        metrics.canonical(str(action.get("action_type", "")))
        for record in records
        for action in _entries(record, "actions")
    )
    names = [name for name in dict.fromkeys(types) if name and name not in covered]
    if not names or "actions" in covered:
        return ""
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"actions {', '.join(map(cut, names[:MOST_NAMED]))}{more}: action_types names them, or all"


def absent(records: Sequence[Mapping[str, Any]], types: Iterable[str]) -> Iterable[str]:
    """A line for each type that no record has, with the closest there are.

    A plain name counts under longer ones too, a longer name by itself alone.
    """
    actions = (action for record in records for source in SPELLED for action in _entries(record, source))
    exact = {str(action["action_type"]) for action in actions if "action_type" in action}
    there = {*map(metrics.canonical, exact)}
    for name in types if records else ():
        if name not in exact and (metrics.canonical(name) != name or name not in there):
            near = (
                difflib.get_close_matches(metrics.canonical(name), there, 3, 0.6)
                or sorted(there)[:MOST_NAMED]
            )
            hint = f"; there are {', '.join(map(cut, near))}" if near else ""
            yield f"action_types: no row has an action {cut(name)!r}{hint}"


def _is(action: Object, name: str) -> bool:
    return metrics.canonical(str(action.get("action_type", ""))) == metrics.canonical(name)


def _entries(record: Mapping[str, Any], source: str) -> list[Object]:
    return [action for action in record.get(source) or () if isinstance(action, dict)]
