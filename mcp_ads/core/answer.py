"""Results as text: small, one grammar, the same on every platform.

A table is a line `meta: {json}`, a header and CSV rows; one record is `key: value` lines. Text that
advertisers wrote is data: escaped, cut, never part of our sentences.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from .cells import cell, compact, flat, header, line, names_of, visible
from .shorten import shortened

MOST_CHARS = 20_000
MOST_META = 8_000
MOST_ERRORS = 8_000
MOST_INDEXES = 200
FIRST = ("SANDBOX", "host", "rows", "more", "cursor", "result")
Cursor = Callable[[int], str]


class Answer(Protocol):
    """The parts of a result that are drawn as text."""

    data: Any
    meta: dict[str, Any]
    errors: list[dict[str, Any]]
    columns: tuple[str, ...]
    text: str
    partial: str


@dataclass(frozen=True)
class Drawn:
    """An answer as text, and how many of its rows are in it."""

    text: str
    rows: int


def drawn(result: Answer, style: str = "table", cursor: Cursor | None = None) -> Drawn:
    """The answer as an agent reads it, at most about 20,000 characters, cut between rows.

    `cursor` gives the cursor that goes on at a row; without one the answer says to ask for the others apart.
    """
    if result.text and style != "json":
        return Drawn(visible(result.text), _rows(result))
    frame = _Json(result) if style == "json" else _Table(result)
    found = _list(frame, cursor) if isinstance(result.data, list) else _single(frame)
    return Drawn(visible(found.text), found.rows)


def partly(result: Answer) -> str:
    """How much of what was asked for was read; empty when all was. Of changes the text says it."""
    if result.partial or not result.errors or result.text:
        return result.partial
    read = len(result.data) if isinstance(result.data, list) else 1
    return f"{read} of {read + len(result.errors)} read; errors say which were not, and why"


class _Frame(ABC):
    """What stands around the rows of an answer, in one format."""

    between = 1

    def __init__(self, result: Answer) -> None:
        self.result, self.partly = result, partly(result)
        self.errors = _bounded(result.errors)

    @abstractmethod
    def row(self, row: Any) -> str:
        """A row as text."""

    @abstractmethod
    def whole(self, rows: list[str], meta: Mapping[str, Any]) -> str:
        """Rows with what stands around them."""

    @abstractmethod
    def record(self, data: Any) -> str:
        """One record, or one value, as text."""


class _Table(_Frame):
    """Lines: meta, a header, a row each."""

    def __init__(self, result: Answer) -> None:
        super().__init__(result)
        self.names = result.columns
        if isinstance(result.data, list) and not self.names:
            self.names = names_of([flat(row) for row in result.data])
        self.header = header(self.names)

    def row(self, row: Any) -> str:
        return line(flat(row, self.result.columns), self.names)

    def whole(self, rows: list[str], meta: Mapping[str, Any]) -> str:
        return self._around([self.header, *rows] if self.names else [], meta)

    def record(self, data: Any) -> str:
        lines = [] if data is None else [cell(data, quote=False)]
        if isinstance(data, Mapping):
            lines = [
                f"{cell(key, quote=False)}: {cell(value, quote=False)}" for key, value in flat(data).items()
            ]
        return "\n".join(lines)

    def _around(self, lines: list[str], meta: Mapping[str, Any]) -> str:
        head = [f"PARTIAL: {self.partly}"] if self.partly else []
        head += [f"meta: {compact(meta)}"] if meta else []
        return "\n".join([*head, *lines, *(f"error: {compact(error)}" for error in self.errors)])

    def single(self, body: str, meta: Mapping[str, Any]) -> str:
        return self._around([body] if body else [], meta)


class _Json(_Frame):
    """One object: data, errors, meta."""

    def row(self, row: Any) -> str:
        return compact(row)

    def whole(self, rows: list[str], meta: Mapping[str, Any]) -> str:
        return self.single(f"[{','.join(rows)}]", meta)

    def record(self, data: Any) -> str:
        return compact(data)

    def single(self, body: str, meta: Mapping[str, Any]) -> str:
        said = {"PARTIAL": self.partly, **meta} if self.partly else meta
        return f'{{"data":{body},"errors":{compact(self.errors)},"meta":{compact(said)}}}'


def _list(frame: _Table | _Json, cursor: Cursor | None) -> Drawn:
    """Rows, each written once, until the answer is full."""
    result, meta = frame.result, _short_meta(frame.result.meta)
    room = MOST_CHARS - len(frame.whole([], meta))
    rows = _fitting(frame, room)
    if len(rows) == len(result.data):
        return Drawn(frame.whole(rows, meta), len(rows))
    most = len(result.data)
    room = MOST_CHARS - len(frame.whole([], _cut_meta(meta, most, most, cursor)))
    while len(rows) > 1 and sum(map(len, rows)) + len(rows) > room:
        rows.pop()
    if not rows:
        short, notes = shortened(result.data[0], room - 100)
        meta, rows = _noted(meta, notes), [frame.row(short)]
    if len(rows) < most:
        meta = _cut_meta(meta, len(rows), most, cursor)
    return Drawn(frame.whole(rows, meta), len(rows))


def _fitting(frame: _Table | _Json, room: int) -> list[str]:
    rows: list[str] = []
    for record in frame.result.data:
        text = frame.row(record)
        room -= len(text) + frame.between
        if room < 0:
            break
        rows.append(text)
    return rows


def _single(frame: _Table | _Json) -> Drawn:
    """One record or value; one that is too long is shortened, and the answer says where."""
    data, meta = frame.result.data, _short_meta(frame.result.meta)
    text = frame.single(frame.record(data), meta)
    if len(text) > MOST_CHARS:
        room = MOST_CHARS - len(frame.single("", meta)) - 300
        data, notes = shortened(data, max(room, 300))
        text = frame.single(frame.record(data), _noted(meta, notes))
    return Drawn(text, 1)


def _cut_meta(meta: Mapping[str, Any], rows: int, of: int, cursor: Cursor | None) -> dict[str, Any]:
    """The facts of an answer that shows fewer rows than were read."""
    cut: dict[str, Any] = {**meta, "rows": rows, "more": True}
    note = f"cut at {MOST_CHARS:,} characters, after {rows} of {of} rows: "
    if cursor and (goes_on := cursor(rows)):
        cut["cursor"] = goes_on
        note += "the cursor goes on with the next row"
    else:
        cut.pop("cursor", None)
        note += "ask for the others apart, or for fewer fields"
    cut["warnings"] = [*meta.get("warnings", []), note]
    first = [name for name in FIRST if name in cut]
    return {name: cut[name] for name in dict.fromkeys([*first, *cut])}


def _noted(meta: Mapping[str, Any], notes: list[str]) -> dict[str, Any]:
    said = [f"shortened to fit an answer: {'; '.join(notes)}" if notes else "long texts are cut"]
    return {**meta, "warnings": [*meta.get("warnings", []), *said]}


def _short_meta(meta: Mapping[str, Any]) -> Mapping[str, Any]:
    return meta if len(compact(meta)) <= MOST_META else shortened(meta, MOST_META)[0]


def _bounded(errors: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The errors that fit, and the indexes of the others: what failed is never hidden."""
    shown: list[dict[str, Any]] = []
    room = MOST_ERRORS
    for error in errors:
        room -= len(compact(error)) + 8
        if room < 0:
            break
        shown.append(error)
    if rest := errors[len(shown) :]:
        indexes = [error.get("index") for error in rest][:MOST_INDEXES]
        said = f"{len(rest)} more errors, not shown: ask for these apart"
        shown.append({"index": indexes, "code": "NotShown", "message": said})
    return shown


def _rows(result: Answer) -> int:
    return len(result.data) if isinstance(result.data, list) else 1
