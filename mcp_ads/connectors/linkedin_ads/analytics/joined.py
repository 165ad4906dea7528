"""Rows of several requests for metrics of the same: joined by what they are about, and each there once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from mcp_ads.core.same_rows import Once, once_by

from . import doubts

KEYS = ("pivotValues", "dateRange")
Row = dict[str, Any]


@dataclass
class Joined(Once):
    """The rows so far, each with all its metrics."""

    _rows: dict[tuple[Any, ...], Row] = field(default_factory=dict)

    def add(self, elements: Sequence[Row]) -> None:
        """More metrics of the rows: all rows of the parts that were asked for these."""
        found, came = once_by(elements, _name), Counter[tuple[str, ...]]()
        for row in found.records:
            key = _key(row)
            self._rows.setdefault((*key, came[key]), {}).update(row)
            came[key] += 1
        self.records = [*self._rows.values()]
        self.twice = max(self.twice, found.twice)
        self.changed = max(self.changed, found.changed)
        self.alike = max(self.alike, found.alike)


def _name(row: Row) -> tuple[str, ...]:
    """What names a row; empty of one that is about nothing, or about no days."""
    key = _key(row)
    return key if all(key[-2:]) and key[1:] else ()


def _key(row: Row) -> tuple[str, ...]:
    return (*(row.get("pivotValues") or ()), doubts.iso((row.get("dateRange") or {}).get("start")))
