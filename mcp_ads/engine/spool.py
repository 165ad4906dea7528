"""Large results kept on disk for a day, so that paging, sorting and filtering do not ask again."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mcp_ads.errors import InvalidParams, NotConfigured

DAY = 86_400
MOST_BYTES = 500 * 2**20
NO_LINKS = getattr(os, "O_NOFOLLOW", 0)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass
class Kept:
    """Rows as they were got, with what was said of them."""

    rows: list[dict[str, Any]]
    meta: dict[str, Any]
    columns: tuple[str, ...]
    at: float

    @property
    def age(self) -> float:
        return time.time() - self.at


class Spool:
    """Rows as JSON lines in MCP_ADS_HOME/spool, private, at most half a gigabyte and a day old."""

    def __init__(self, folder: Path, files: Path | None) -> None:
        self._folder, self._files = folder, files

    def put(self, name: str, kept: Kept) -> bool:
        """Keep rows under a name; False when there is no room, which costs only the reuse."""
        path = self._path(name)
        draft = path.with_suffix(f".{os.getpid()}.tmp")
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._clean()
            if whole := _write(draft, kept):
                draft.replace(path)
        except OSError:
            whole = False
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        return whole

    def get(self, name: str) -> Kept | None:
        """What is kept under a name; None when there is nothing, or it is a day old."""
        try:
            with self._path(name).open(encoding="utf-8") as file:
                meta, columns, at = json.loads(next(file))
                kept = Kept([json.loads(line) for line in file], meta, tuple(columns), at)
        except (OSError, ValueError, StopIteration):
            return None
        return kept if kept.age < DAY else None

    def save(self, name: str, rows: list[dict[str, Any]], columns: tuple[str, ...]) -> str:
        """Write a CSV into MCP_ADS_FILES; returns its path. Raises NotConfigured, InvalidParams."""
        path = self.allowed(name)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | NO_LINKS, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(map(_safe, columns))
                writer.writerows([_safe(row.get(column)) for column in columns] for row in rows)
        except OSError as error:
            raise InvalidParams(f"save_to: {name!r} cannot be written: {error.strerror}") from None
        return str(path)

    def allowed(self, name: str) -> Path:
        """A .csv inside MCP_ADS_FILES, symlinks resolved."""
        if self._files is None:
            raise NotConfigured(
                "save_to: no folder is allowed", fix="the user sets MCP_ADS_FILES to a folder"
            )
        try:
            path = (self._files / name).resolve()
        except (OSError, ValueError):
            path = self._files
        if not path.is_relative_to(self._files) or path.suffix.lower() != ".csv" or not path.parent.is_dir():
            raise InvalidParams("save_to: must be the name of a .csv file inside MCP_ADS_FILES")
        return path

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.jsonl"

    def _clean(self) -> None:
        """Forget what is old, then the oldest until there is room."""
        files = sorted(self._folder.iterdir(), key=lambda each: each.stat().st_mtime)
        total = sum(each.stat().st_size for each in files)
        for each in files:
            if time.time() - each.stat().st_mtime > DAY or total > MOST_BYTES:
                total -= each.stat().st_size
                each.unlink(missing_ok=True)


def _write(path: Path, kept: Kept) -> bool:
    """Write a line of facts and one per row; False when they are more than there may be."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | NO_LINKS, 0o600)
    written = 0
    with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
        for each in ([kept.meta, kept.columns, kept.at], *kept.rows):
            written += file.write(json.dumps(each, ensure_ascii=False, default=str) + "\n")
            if written > MOST_BYTES:
                return False
    return True


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
