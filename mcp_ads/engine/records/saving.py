"""Files for the user: tables written into MCP_ADS_FILES on an agent's word, never over one that is there."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path, PurePath
from typing import Any

from mcp_ads.core import dig
from mcp_ads.core.cells import compact, plain
from mcp_ads.core.columns import unexpanded
from mcp_ads.errors import InvalidParams, NotConfigured
from mcp_ads.files.allowed import made
from mcp_ads.files.odd_names import is_odd

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
UNSEEN = re.compile(r"[\s\ufeff\u200b-\u200f\u2060-\u2064\xad]*")
"""What a spreadsheet, or what reads a file into one, may pass over before a formula."""
MOST_NAME = 255
NOTHING = "save_to: there are no rows, so that no file was written"
LINES = (".jsonl", ".ndjson")
KNOWN = (".csv", *LINES)
INSIDE = (
    "save_to: must be the printable name of a file inside MCP_ADS_FILES, no part of it beginning with a dot"
)
ENDS = "save_to: the name ends in .csv, or in .jsonl or .ndjson for JSON lines"


def place_for(files: Path | None, name: str) -> Path:
    """Where a new file of this name goes, links resolved. Raises NotConfigured, InvalidParams."""
    if files is None:
        raise NotConfigured("save_to: no folder is allowed", fix="set MCP_ADS_FILES to a folder")
    files = files.resolve()
    if is_odd(name):
        raise InvalidParams(INSIDE)
    try:
        path = (files / name).resolve()
        inside = path.relative_to(files).parts
        there = path.parent.is_dir()
    except (OSError, ValueError, RuntimeError):  # the last: links that lead to one another
        raise InvalidParams(INSIDE) from None
    hidden = (
        name.endswith(("/", "\\"))
        or not name.isprintable()
        or any(part.startswith(".") for part in (*inside, *PurePath(name).parts))
    )
    if not inside or hidden or len(os.fsencode(path.name)) > MOST_NAME or not there:
        raise InvalidParams(INSIDE)
    if path.suffix.lower() not in KNOWN:
        raise InvalidParams(ENDS)
    if os.path.lexists(path):
        raise _taken(name)
    return path


def save(
    files: Path | None,
    name: str,
    rows: Iterable[dict[str, Any]],
    columns: Iterable[str],
    numbers: frozenset[str] = frozenset(),
) -> str:
    """Write a table as CSV, or as JSON lines; returns its path. Raises NotConfigured, InvalidParams.

    In JSON lines the columns that are `numbers` are numbers also where the platform writes them as text.
    """
    path, names = place_for(files, name), tuple(dict.fromkeys(map(unexpanded, columns)))
    try:
        handle = made(files or path.parent, path)
    except FileExistsError:
        raise _taken(name) from None
    except OSError as error:
        raise _failed(name, error) from None
    known = os.fstat(handle)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="") as file:
            if path.suffix.lower() in LINES:
                file.writelines(_line(row, names, numbers) for row in rows)
            else:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(map(_safe, names))
                writer.writerows([_safe(_cell(row, column)) for column in names] for row in rows)
    except OSError as error:
        with contextlib.suppress(OSError):
            if os.path.samestat(known, path.lstat()):
                path.unlink()
        raise _failed(name, error) from None
    return str(path)


def _cell(row: Mapping[str, Any], column: str) -> Any:
    """A cell, also of a column inside an object."""
    return row[column] if column in row else dig(row, column)


def _line(row: Mapping[str, Any], columns: tuple[str, ...], numbers: frozenset[str]) -> str:
    """A row as one line of JSON: numbers are numbers, and what is empty or no number of JSON's is null."""
    cells = {column: _cell(row, column) for column in columns}
    for name in numbers & cells.keys():
        cells[name] = _number(cells[name])
    return f"{compact(plain(cells))}\n"


def _number(value: Any) -> Any:
    """The number in a cell; what holds none stays as it is."""
    if value is None or isinstance(value, bool | int | float):
        return value
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return value
    return int(number) if number == number.to_integral_value() and "." not in str(value) else float(number)


def _taken(name: str) -> InvalidParams:
    return InvalidParams(f"save_to: {name!r} exists, and no file is written over; give another name")


def _failed(name: str, error: OSError) -> InvalidParams:
    return InvalidParams(f"save_to: {name!r} cannot be written: {error.strerror}")


def _safe(value: Any) -> Any:
    """A spreadsheet would run text that begins like a formula."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if not isinstance(value, str):
        return value
    value = value.replace("\0", "")
    begins = unicodedata.normalize("NFKC", UNSEEN.sub("", value, count=1)[:1])
    if (value.startswith(FORMULA) or begins.startswith(FORMULA)) and not _is_number(value):
        return f"'{value}"
    return value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
