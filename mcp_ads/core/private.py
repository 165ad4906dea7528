"""Parameters whose rows are about people: hashed, then a digest and a count stand for them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from pydantic import BaseModel

from .kept import Kept, Mark, Mistakes, is_sha256, marks

MOST_NAMED = 5
MOST_HEADINGS, MOST_HEADING = 20, 42
"""Names of columns that are told, and the characters of one in its quotes."""
NOTED = ("left_out", "empty", "first", "last")
_CONTACT, _NUMBER = re.compile(r"@|\d{3}"), re.compile(r"@|\d{5}")
Digest = Callable[[Mapping[str, Any]], Mapping[str, str]]


def _nothing(_: Any) -> str:
    return ""


def _as_they_are(names: Sequence[str]) -> str:
    return json.dumps({name: name for name in names} or {"Email Address": "email"}, ensure_ascii=False)


class PrivateRows(Kept):
    """Rows about people, as `{"kept": sha256, "rows": how many, "columns": […], "filled": […], "same": …}`.

    `filled` counts the rows that have something in a column, in the order of the columns; `same` are those
    given more than once, and are kept once. `inline` says that the rows stood in the call, not in a file;
    `left_out` counts columns that a mapping does not name, `empty` rows that have nothing in them. A part
    of the rows says which is its `first`, from 0, and which follows: `last`.

    In a request's body it stands where the rows go: lists of text, in the order of the columns, or what a
    subclass makes of these and of what stands `beside` each, the same for all.
    """

    digest = "kept"

    @classmethod
    def told(cls, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, Any]:  # noqa: ARG003
        """What else of the rows may be written down, as plain values; it stands under "told"."""
        return {}

    def spelled(self, rows: list[list[str]]) -> list[Any]:
        """Rows as the platform takes them."""
        return rows

    @property
    def columns(self) -> list[str]:
        """What the cells of a row are, in the platform's words."""
        return list(self["columns"])

    def part(self, first: int, last: int) -> PrivateRows:
        """The rows from one on until before another, counted from 0."""
        begin = self.get("first", 0)
        return type(self)({**self, "first": begin + first, "last": begin + last})

    @property
    def filled(self) -> dict[str, int]:
        """How many rows have something in each column; empty where that is not known, as of a part."""
        known = () if "last" in self else self.get("filled", ())
        return dict(zip(self.columns, known, strict=False))

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return int(self.get("last", self["rows"])) - int(self.get("first", 0))


@dataclass(frozen=True)
class Private(Mark):
    """Marks a parameter whose rows are about people: `Annotated[PrivateRows, Private(hashed)]`.

    `digest` makes of one row what the platform takes, by its names of the columns, hashed where it takes
    hashes; it raises ValueError naming what is wrong and never the value. At most `most` rows. `mapping` is
    the parameter that says what the columns of rows are called here, and `names` is what a call gave there:
    then every other column is left out. `refuses` says why a column's name is none, `suggests` a mapping.
    """

    digest: Digest
    most: int
    mapping: str = ""
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    refuses: Callable[[Any], str] = _nothing
    suggests: Callable[[Sequence[str]], str] = _as_they_are

    kind: ClassVar[type[PrivateRows]] = PrivateRows

    def json_schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "object"}, "maxItems": self.most}

    def fits(self, value: Mapping[str, Any]) -> bool:
        noted = [value.get(name, 0) for name in NOTED]
        if type(value.get("inline", False)) is not bool or not all(map(_is_count, noted)):
            return False
        part = value.get("first", 0) < value["last"] if "last" in value else "first" not in value
        value = {name: inner for name, inner in value.items() if name not in ("inline", *NOTED)}
        rows, columns = value.get("rows"), value.get("columns")
        named = isinstance(columns, list) and columns and all(isinstance(column, str) for column in columns)
        counted = type(rows) is int and 0 < rows <= self.most
        filled = value.get("filled", [])
        counts = [*(filled if isinstance(filled, list) else [filled]), value.get("same", 0)]
        must, may = {"kept", "rows", "columns"}, {"filled", "same", "told", "beside"}
        objects = all(isinstance(value.get(name, {}), dict) for name in ("told", "beside"))
        known = must <= value.keys() <= must | may and objects and is_sha256(value.get("kept"))
        return bool(known and named and counted and part and all(map(_is_count, counts)))

    def exchanged(self, value: Any) -> PrivateRows:
        made = self.table(_objects(value))
        made["inline"] = True
        return made

    def mapped(self, names: Any) -> Private:
        """The mark for a call that gives such names. Raises ValueError, quoting none of them."""
        if isinstance(names, str):
            with suppress(ValueError, RecursionError):
                names = json.loads(names)
        known = isinstance(names, Mapping) and all(isinstance(name, str) for name in names.values())
        if not known or not names:
            raise ValueError(f'{self.mapping} is an object of columns, such as {{"Email Address": "email"}}')
        plain = {_plain(name): ours.strip() for name, ours in names.items()}
        if len(set(plain.values())) != len(names):
            raise ValueError(f"{self.mapping} gives two columns one name")
        return replace(self, names=plain)

    def table(self, rows: Iterable[Any]) -> PrivateRows:
        """Rows as objects under their own names of columns, hashed. Raises ValueError."""
        if not self.names:
            return self.hashed(self._understood(rows))
        columns = dict[str, str]()
        try:
            made = self.hashed(self._renamed(rows, columns))
        except Mistakes:
            self._check_seen(columns)
            raise
        self._check_seen(columns)
        made["left_out"] = len(columns.keys() - self.names.keys())
        return made

    def _understood(self, rows: Iterable[Any]) -> Iterator[Any]:
        """The rows as they are; of the columns of the first one those that are none are said at once."""
        for number, row in enumerate(rows):
            is_first = not number and isinstance(row, Mapping)
            wrong = dict(enumerate(map(self.refuses, row), 1)) if is_first else {}
            if unknown := [place for place, why in wrong.items() if why]:
                ours = [name for name in row if not self.refuses(name)]
                raise ValueError(
                    f"column{'s'[: len(unknown) > 1]} {', '.join(map(str, unknown))} of {len(row)}"
                    f"{_headings(row, row.values(), unknown)}: {wrong[unknown[0]]}; give {self.mapping}, "
                    f"such as {self.suggests(ours)}: what it does not name stays here"
                )
            yield row

    def _renamed(self, rows: Iterable[Any], columns: dict[str, str]) -> Iterator[Any]:
        """Rows under the names of the mapping; `columns` gathers those there are, as may be told."""
        for row in rows:
            if not isinstance(row, Mapping):
                yield row
                continue
            by_name = {_plain(name): value for name, value in row.items()}
            if len(by_name) != len(row):
                raise ValueError("two columns of a row have one name")
            columns |= dict.fromkeys(by_name, _headings(row, row.values()))
            yield {self.names[name]: value for name, value in by_name.items() if name in self.names}

    def _check_seen(self, columns: Mapping[str, str]) -> None:
        for number, name in enumerate(self.names, 1):
            if columns and name not in columns:
                raise ValueError(
                    f"{self.mapping}: its column {number} is none of the {len(columns)} there are"
                    f'{next(iter(columns.values()))}; write {{"column of the table": "email"}}'
                )

    def hashed(self, rows: Iterable[Any]) -> PrivateRows:
        """Rows as objects, hashed. Raises ValueError with a line per row that is wrong, at most five."""
        found, wrong, empty = list[Mapping[str, str]](), list[str](), 0
        for number, row in enumerate(rows, 1):
            if number > self.most:
                raise ValueError(f"more than {self.most:,} rows; send them in several calls")
            try:
                cells = _cells(self.digest, row)
                found += [cells] if cells else []
                empty += not cells
            except ValueError as mistake:
                wrong.append(f"row {number}: {mistake}")
        if wrong or not found:
            more = len(wrong) - MOST_NAMED
            said = [*wrong[:MOST_NAMED], *([f"and {more:,} more rows"] if more > 0 else [])]
            raise Mistakes(said or [f"there is nothing in any of the {empty:,} rows" if empty else "no rows"])
        columns = list(dict.fromkeys(name for row in found for name in row))
        rows = list(dict.fromkeys(tuple(row.get(name, "") for name in columns) for row in found))
        made = _kept_rows(self.kind, columns, rows, len(found) - len(rows))
        if empty:
            made["empty"] = empty
        return made


def is_about_people(action: type[BaseModel]) -> bool:
    """Whether a parameter of the action takes rows about people, so that its calls are quoted nowhere."""
    return any(isinstance(mark, Private) for mark in marks(action).values())


def beside_rows(action: type[BaseModel], our_name: Callable[[str], str], params: Mapping[str, Any]) -> Any:
    """The parameters of a call without those that are rows, in `items` too."""
    rows, items = marks(action), params.get("items")
    found = {name: value for name, value in params.items() if our_name(name) not in rows}
    if isinstance(items, list):
        found["items"] = [
            beside_rows(action, our_name, item) if isinstance(item, Mapping) else item for item in items
        ]
    return found


def read_rows(content: bytes) -> tuple[list[str], list[list[str]]]:
    """Columns and rows as they were kept. Raises ValueError for anything else."""
    head, *lines = content.decode().split("\n")
    return list(json.loads(head)), [list(json.loads(line)) for line in lines]


def _objects(value: Any) -> Iterable[Any]:
    """Rows as objects: a list of them, JSON text of one, or the columns apart from lists of cells."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise ValueError("write a list of objects, one for each person") from None
    if isinstance(value, Mapping) and "data" in value:
        columns, data = value.get("schema"), value["data"]
        columns = [columns] if isinstance(columns, str) else columns
        if not isinstance(columns, list) or not isinstance(data, list):
            raise ValueError('write {"schema": [columns], "data": [[cells], …]}')
        return [_named(columns, row) for row in data]
    if isinstance(value, Mapping):
        return [value]
    if not isinstance(value, list):
        raise ValueError("write a list of objects, one for each person")  # noqa: TRY004 - pydantic's way
    return value


def _named(columns: Sequence[Any], row: Any) -> Any:
    """Cells under their columns; what does not fit is no object, and is refused with its number."""
    cells = row if isinstance(row, list) else [row]
    return dict(zip(map(str, columns), cells, strict=True)) if len(cells) == len(columns) else None


def _cells(digest: Digest, row: Any) -> Mapping[str, str]:
    """What a row becomes; nothing of one that has nothing in it."""
    if not isinstance(row, Mapping):
        raise ValueError("not an object with a value for each column")  # noqa: TRY004 - pydantic's way
    found = digest(row) if row and any(cell not in (None, "") for cell in row.values()) else {}
    return found if any(found.values()) else {}


def _headings(names: Iterable[Any], cells: Iterable[Any], some: Sequence[int] = ()) -> str:
    """The names of columns, those in some places first; empty where people may stand in their place."""
    texts = [json.dumps(str(name).strip(), ensure_ascii=False) for name in names]
    people = any(_CONTACT.search(text) or len(text) > MOST_HEADING for text in texts)
    if people or len(texts) > MOST_HEADINGS or not any(_NUMBER.search(str(cell)) for cell in cells):
        return ""
    return f" ({', '.join(texts[place - 1] for place in some)}{' of ' if some else ''}{', '.join(texts)})"


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


def counted(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """How many rows have something in each column."""
    return [sum(bool(row[at]) for row in rows) for at in range(len(columns))]


def _kept_rows(
    kind: type[PrivateRows], columns: list[str], rows: Sequence[Sequence[str]], same: int
) -> PrivateRows:
    """Rows with their columns in the first line, JSON in each."""
    lines = [json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in (columns, *rows)]
    content = "\n".join(lines).encode(errors="replace")
    told = kind.told(columns, rows)
    made = kind(
        kept=hashlib.sha256(content).hexdigest(),
        rows=len(rows),
        columns=columns,
        filled=counted(columns, rows),
        same=same,
        **({"told": told} if told else {}),
    )
    made.content = content
    return made


def _plain(name: Any) -> str:
    return str(name).strip().casefold()
