"""Rows of a list that came before: each is given once, however the platform's pages overlap."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from mcp_ads.core import Action
from mcp_ads.core.same_rows import Doubts, NamedRows, name_of

ROW = "row "
"""How the mark of a row begins, among those of pages and page tokens."""


class Mark(NamedTuple):
    """What a row is known by: it came if `same` did, and may have come if `like` did, each "" of none."""

    same: str
    like: str = ""
    named: bool = True


def row_marks(records: Sequence[dict[str, Any]], call: Action) -> list[Mark]:
    """What each row of a page is known by; empty where nothing tells them from one another."""
    if isinstance(call, NamedRows):
        names = call.row_names()
        return [_of_report(record, name_of(record, names)) for record in records]
    told = [_told(record, call) for record in records]
    if not all(told) or len({*told}) < len(told):
        return []
    return [Mark(_mark(text)) for text in told]


def telling(records: Sequence[dict[str, Any]], call: Action) -> bool:
    """Whether each row of a page is told from all others, so that two pages alike are the same page."""
    if isinstance(call, NamedRows):
        names = call.row_names()
        return all(name_of(record, names) for record in records)
    return all(record.get("id") for record in records)


def _of_report(record: dict[str, Any], name: tuple[Any, ...]) -> Mark:
    """A row by what names it and its figures; of one without a name all that it has says too little."""
    whole = _mark(json.dumps(record, sort_keys=True, default=str))
    return Mark(whole, _mark(json.dumps(name))) if name else Mark("", whole, named=False)


def own_id(record: Mapping[str, Any], call: Action) -> Any:
    """A row's id: the first of the columns it is shown with where that is one, for `id` may be of what it is
    about; nothing where neither is there.
    """
    return next((record.get(name) for name in call.lean[:1] if name.endswith("Id")), None) or record.get("id")


def _told(record: dict[str, Any], call: Action) -> str:
    """A row's own id, or all of it where that may be under another name; empty where it has none."""
    if told := own_id(record, call):
        return str(told)
    named = any(name.endswith("Id") for name in record)
    return json.dumps(record, sort_keys=True, default=str) if named else ""


def _mark(text: str) -> str:
    return ROW + hashlib.sha256(text.encode(errors="replace")).hexdigest()[:12]


def kept(marks: Sequence[Mark]) -> list[str]:
    """The marks as they are remembered."""
    return [text for mark in marks for text in (mark.same, mark.like) if text]


def runs(
    records: Sequence[dict[str, Any]], skip: int, marks: Sequence[Mark], came: set[str], doubts: Doubts
) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """The rows of a page that did not come before, where they stand together with the number of the first.

    There is always one such stretch, if of no rows. Those that may have come are given too, and counted.
    """
    begin, run = skip, list[dict[str, Any]]()
    for at, record in enumerate(records):
        mark = marks[at] if marks else Mark("")
        if at >= skip and mark.same in came:
            if run:
                yield begin, run
            begin, run = at + 1, []
            continue
        if at >= skip:
            if mark.like in came:
                doubts.changed += mark.named
                doubts.alike += not mark.named
            run.append(record)
        came |= {mark.same, mark.like} - {""}
    yield begin, run
