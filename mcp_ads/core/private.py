"""Parameters whose rows are about people: hashed, then a digest and a count stand for them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from pydantic import BaseModel

from .kept import Kept, Mark, Mistakes, is_sha256, marks

MOST_NAMED = 5
Digest = Callable[[Mapping[str, Any]], Mapping[str, str]]


class PrivateRows(Kept):
    """Rows about people, as `{"kept": sha256, "rows": how many, "columns": […], "filled": […], "same": …}`.

    `filled` counts the rows that have something in a column, in the order of the columns; `same` are those
    that were given more than once, and are kept once. `inline` says that the rows stood in the call itself
    and not in a file; `left_out` counts the columns that a mapping does not name.

    In a request's body it stands where the rows go: a list of lists of text, in the order of the columns,
    or what a subclass makes of these.
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
        return PrivateRows({**self, "first": first, "last": last})

    @property
    def filled(self) -> dict[str, int]:
        """How many rows have something in each column; empty for what an older version kept."""
        return dict(zip(self.columns, self.get("filled", ()), strict=False))

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return int(self["rows"])


@dataclass(frozen=True)
class Private(Mark):
    """Marks a parameter whose rows are about people: `Annotated[PrivateRows, Private(hashed)]`.

    `digest` makes of one row what the platform takes, by its names of the columns, hashed where it takes
    hashes; it raises ValueError naming what is wrong and never the value. At most `most` rows. `mapping` is
    the parameter that says what the columns of rows are called here, and `names` is what a call gave there:
    then every other column is left out.
    """

    digest: Digest
    most: int
    mapping: str = ""
    names: Mapping[str, str] = field(default_factory=dict, hash=False)

    kind: ClassVar[type[PrivateRows]] = PrivateRows

    def json_schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "object"}, "maxItems": self.most}

    def fits(self, value: Mapping[str, Any]) -> bool:
        inline, left_out = value.get("inline", False), value.get("left_out", 0)
        if type(inline) is not bool or type(left_out) is not int or left_out < 0:
            return False
        value = {name: part for name, part in value.items() if name not in ("inline", "left_out")}
        rows, columns = value.get("rows"), value.get("columns")
        named = isinstance(columns, list) and columns and all(isinstance(column, str) for column in columns)
        counted = type(rows) is int and 0 < rows <= self.most
        counts = [*_list(value.get("filled", [])), value.get("same", 0)]
        must, may = {"kept", "rows", "columns"}, {"filled", "same", "told"}
        known = must <= value.keys() <= must | may and isinstance(value.get("told", {}), dict)
        sizes = all(type(count) is int and count >= 0 for count in counts)
        return bool(known and named and counted and sizes and is_sha256(value["kept"]))

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
            return self.hashed(rows)
        columns = dict[str, None]()
        try:
            made = self.hashed(self._renamed(rows, columns))
        except Mistakes:
            self._check_seen(columns)
            raise
        self._check_seen(columns)
        made["left_out"] = len(columns.keys() - self.names.keys())
        return made

    def _renamed(self, rows: Iterable[Any], columns: dict[str, None]) -> Iterator[Any]:
        """Rows under the names of the mapping; `columns` gathers those that there are."""
        for row in rows:
            if not isinstance(row, Mapping):
                yield row
                continue
            by_name = {_plain(name): value for name, value in row.items()}
            if len(by_name) != len(row):
                raise ValueError("two columns of a row have one name")
            columns |= dict.fromkeys(by_name)
            yield {self.names[name]: value for name, value in by_name.items() if name in self.names}

    def _check_seen(self, columns: Mapping[str, None]) -> None:
        for number, name in enumerate(self.names, 1):
            if columns and name not in columns:
                raise ValueError(
                    f"{self.mapping}: its column {number} is none of the {len(columns)} there are"
                )

    def hashed(self, rows: Iterable[Any]) -> PrivateRows:
        """Rows as objects, hashed. Raises ValueError with a line per row that is wrong, at most five."""
        found, wrong = list[Mapping[str, str]](), list[str]()
        for number, row in enumerate(rows, 1):
            if number > self.most:
                raise ValueError(f"more than {self.most:,} rows; send them in several calls")
            try:
                found.append(_cells(self.digest, row))
            except ValueError as mistake:
                wrong.append(f"row {number}: {mistake}")
        if wrong or not found:
            more = len(wrong) - MOST_NAMED
            said = [*wrong[:MOST_NAMED], *([f"and {more:,} more rows"] if more > 0 else [])]
            raise Mistakes(said or ["no rows"])
        columns = list(dict.fromkeys(name for row in found for name in row))
        rows = list(dict.fromkeys(tuple(row.get(name, "") for name in columns) for row in found))
        return _kept_rows(self.kind, columns, rows, len(found) - len(rows))


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
    if not isinstance(row, Mapping):
        raise ValueError("not an object with a value for each column")  # noqa: TRY004 - pydantic's way
    found = digest(row)
    if not any(found.values()):
        raise ValueError("nothing in it")
    return found


def counted(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """How many rows have something in each column."""
    return [sum(bool(row[at]) for row in rows) for at in range(len(columns))]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


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
