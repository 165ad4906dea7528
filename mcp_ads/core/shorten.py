"""JSON that is too long, shortened without changing what anything is: texts are cut, lists end earlier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .cells import compact, cut

SHORTEST = 40
"""Characters below which a value is left out rather than shortened."""
MARK = 12
"""Characters that say how much of a text was cut."""


def shortened(value: Any, most: int) -> tuple[Any, list[str]]:
    """The same JSON value in at most about `most` characters, and what was left out of it, by its path."""
    notes: list[str] = []
    return _fit(value, most, "", notes), notes


def _fit(value: Any, most: int, where: str, notes: list[str]) -> Any:
    if _size(value) <= most:
        return value
    if isinstance(value, Mapping):
        return _object(value, most, where, notes)
    if isinstance(value, list | tuple):
        return _list(list(value), most, where, notes)
    return cut(value, max(most - MARK, SHORTEST)) if isinstance(value, str) else value


def _list(values: list[Any], most: int, where: str, notes: list[str]) -> list[Any]:
    """The first items that fit; when not even one does, that one shortened."""
    kept: list[Any] = []
    room = most - 2
    for value in values:
        room -= _size(value) + 1
        if room < 0:
            break
        kept.append(value)
    if not kept:
        kept = [_fit(values[0], most - 2, f"{where}.0", notes)]
    if len(kept) < len(values):
        notes.append(f"{where.lstrip('.') or 'list'}: {len(kept)} of {len(values)} shown")
    return kept


def _object(record: Mapping[str, Any], most: int, where: str, notes: list[str]) -> dict[str, Any]:
    """Small values whole, the large ones shortened to equal shares of what remains."""
    sizes = {name: _size(value) for name, value in record.items()}
    room = most - 2 - sum(len(compact(str(name))) + 2 for name in record)
    share, kept = _share(sorted(sizes.values()), room), dict[str, Any]()
    if share < SHORTEST:
        return _first_names(record, most, where, notes)
    for name, value in record.items():
        kept[name] = value if sizes[name] <= share else _fit(value, share, f"{where}.{name}", notes)
    return kept


def _share(sizes: list[int], room: int) -> int:
    """The most characters each value may have, so that all of them fit: small ones leave theirs to others."""
    for index, size in enumerate(sizes):
        share = room // (len(sizes) - index)
        if size > share:
            return share
        room -= size
    return max(sizes, default=0)


def _first_names(record: Mapping[str, Any], most: int, where: str, notes: list[str]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    room = most - 2
    for name, value in record.items():
        short = _fit(value, SHORTEST, f"{where}.{name}", [])
        room -= len(compact(str(name))) + 2 + _size(short)
        if room < 0:
            break
        kept[name] = short
    notes.append(f"{where.lstrip('.') or 'object'}: {len(kept)} of {len(record)} names shown")
    return kept


def _size(value: Any) -> int:
    return len(compact(value))
