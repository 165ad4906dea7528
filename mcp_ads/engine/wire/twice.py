"""Rows of a list that came before: each is given once, however the platform's pages overlap."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

ROW = "row "
"""How the mark of a row begins, among those of pages and page tokens."""


def row_marks(records: Sequence[dict[str, Any]]) -> list[str]:
    """What each row of a page is known by; empty where nothing tells them from one another."""
    told = [_told(record) for record in records]
    if not all(told) or len({*told}) < len(told):
        return []
    return [ROW + hashlib.sha256(text.encode(errors="replace")).hexdigest()[:12] for text in told]


def _told(record: dict[str, Any]) -> str:
    """A row's own id, or all of it where that may be under another name; empty where it has none."""
    if record.get("id"):
        return str(record["id"])
    named = any(name.endswith("Id") for name in record)
    return json.dumps(record, sort_keys=True, default=str) if named else ""


def runs(
    records: Sequence[dict[str, Any]], skip: int, marks: Sequence[str], came: set[str]
) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """The rows of a page that did not come before, where they stand together with the number of the first.

    There is always one such stretch, if of no rows.
    """
    begin, run = skip, list[dict[str, Any]]()
    for at in range(skip, len(records)):
        if marks and marks[at] in came:
            if run:
                yield begin, run
            begin, run = at + 1, []
        else:
            run.append(records[at])
    yield begin, run
