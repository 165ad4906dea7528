"""Files for the user: tables written into MCP_ADS_FILES on an agent's word, never over one that is there."""

from __future__ import annotations

import contextlib
import csv
import json
import os
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import Any

from mcp_ads.errors import InvalidParams, NotConfigured
from mcp_ads.files.private_files import NO_LINKS

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
MOST_NAME = 255
NOTHING = "save_to: there are no rows, so that no file was written"
INSIDE = "save_to: must be the name of a .csv file inside MCP_ADS_FILES, no part of it beginning with a dot"


def place_for(files: Path | None, name: str) -> Path:
    """Where a new .csv of this name goes, links resolved. Raises NotConfigured, InvalidParams."""
    if files is None:
        raise NotConfigured("save_to: no folder is allowed", fix="set MCP_ADS_FILES to a folder")
    files = files.resolve()
    try:
        path = (files / name).resolve()
        inside = path.relative_to(files).parts
        there = path.parent.is_dir()
    except (OSError, ValueError):
        raise InvalidParams(INSIDE) from None
    hidden = any(part.startswith(".") for part in (*inside, *PurePath(name).parts))
    if (
        not inside
        or hidden
        or len(os.fsencode(path.name)) > MOST_NAME
        or path.suffix.lower() != ".csv"
        or not there
    ):
        raise InvalidParams(INSIDE)
    if os.path.lexists(path):
        raise _taken(name)
    return path


def save(files: Path | None, name: str, rows: Iterable[dict[str, Any]], columns: tuple[str, ...]) -> str:
    """Write a table as CSV; returns its path. Raises NotConfigured, InvalidParams."""
    path = place_for(files, name)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_LINKS, 0o600)
    except FileExistsError:
        raise _taken(name) from None
    except OSError as error:
        raise _failed(name, error) from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(map(_safe, columns))
            writer.writerows([_safe(row.get(column)) for column in columns] for row in rows)
    except OSError as error:
        with contextlib.suppress(OSError):
            path.unlink()
        raise _failed(name, error) from None
    return str(path)


def _taken(name: str) -> InvalidParams:
    return InvalidParams(f"save_to: {name!r} exists, and no file is written over; give another name")


def _failed(name: str, error: OSError) -> InvalidParams:
    return InvalidParams(f"save_to: {name!r} cannot be written: {error.strerror}")


def _safe(value: Any) -> Any:
    """A spreadsheet would run text that begins like a formula."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA) and not _is_number(value):
        return f"'{value}"
    return value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
