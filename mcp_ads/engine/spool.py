"""Large results kept on disk for a day, so that paging, sorting and filtering do not ask the platform again."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import time
from pathlib import Path
from typing import Any

from ..errors import InvalidParams, NotConfigured

DAY = 86_400
MOST_BYTES = 500 * 2**20
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Spool:
    """Rows as JSON lines in MCP_ADS_HOME/spool, private, at most half a gigabyte and a day old."""

    def __init__(self, folder: Path, files: Path | None) -> None:
        self._folder, self._files = folder, files

    def put(self, name: str, rows: list[dict[str, Any]]) -> None:
        """Keep rows under a name. A folder that cannot be written costs only the reuse."""
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._clean()
            draft = self._path(name).with_suffix(f".{os.getpid()}.tmp")
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            draft.replace(self._path(name))

    def get(self, name: str) -> list[dict[str, Any]] | None:
        """The rows kept under a name; None when there are none, or they are a day old."""
        path = self._path(name)
        try:
            if time.time() - path.stat().st_mtime > DAY:
                return None
            with path.open(encoding="utf-8") as file:
                return [json.loads(line) for line in file]
        except OSError:
            return None

    def save(self, name: str, rows: list[dict[str, Any]], columns: tuple[str, ...]) -> str:
        """Write a CSV into MCP_ADS_FILES; returns its path. Raises NotConfigured, InvalidParams."""
        path = self.allowed(name)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows([_safe(row.get(column)) for column in columns] for row in rows)
        return str(path)

    def allowed(self, name: str) -> Path:
        """A path inside MCP_ADS_FILES, symlinks resolved."""
        if self._files is None:
            raise NotConfigured("save_to: no folder is allowed", fix="the user sets MCP_ADS_FILES to a folder")
        path = (self._files / name).resolve()
        if not path.is_relative_to(self._files) or path == self._files or not path.parent.is_dir():
            raise InvalidParams("save_to: must be a file name inside MCP_ADS_FILES")
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


def _safe(value: Any) -> Any:
    """A spreadsheet would run text that begins like a formula."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(FORMULA) and not _is_number(value):
        return f"'{value}"
    return value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
