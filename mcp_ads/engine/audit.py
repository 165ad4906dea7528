"""One line for every change: when, what, who, with which outcome. Append-only, and never a secret."""

from __future__ import annotations

import getpass
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from mcp_ads.errors import NoRecord

from .steps import Step

DAY = 86_400
CHUNK = 2**20
SET = ("done", "unknown")


@dataclass(frozen=True)
class Who:
    """Who asked: the HTTP client's id or the OS user; and what the client calls itself, unchecked."""

    id: str
    client: str = ""

    def to_json(self) -> dict[str, str]:
        return {"who": self.id, **({"client_unverified": self.client} if self.client else {})}


def os_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


class AuditLog:
    """JSON lines in MCP_ADS_AUDIT_LOG or MCP_ADS_HOME; where none can be written, nothing is changed."""

    def __init__(self, path: Path, redact: Callable[[str], str] = str) -> None:
        self.path, self._redact = path, redact

    def check(self) -> None:
        """Raise NoRecord when a line could not be written."""
        self._append("")

    def note(self, step: Step, who: Who, plan_id: str = "") -> None:
        """Write down one step that was done, refused or lost. Raises NoRecord."""
        line = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "time": time.time(),
            **who.to_json(),
            "connector": step.connector,
            "account": step.account["id"] if step.account else None,
            "what": f"{step.entity}.{step.action}",
            "id": step.object_id,
            "name": step.name,
            "changes": step.says,
            "budgets": [[each.field, each.before, each.after, each.currency] for each in step.budgets],
            "outcome": step.state,
            "error": step.error,
            "plan": plan_id or None,
        }
        self._append(self._redact(json.dumps(line, ensure_ascii=False, default=str)) + "\n")

    def lowest(self) -> dict[tuple[str, str], Decimal]:
        """By object and field, the lowest budget of the last 24 hours, as far as this log knows."""
        lows: dict[tuple[str, str], Decimal] = {}
        for line in self._recent():
            for field, before, after, _ in line["budgets"] if line["outcome"] in SET else ():
                for text in (before, after):
                    if text is not None and Decimal(text) > 0:
                        key = (line["id"], field)
                        lows[key] = min(lows.get(key, Decimal(text)), Decimal(text))
        return lows

    def _recent(self) -> Iterator[dict[str, Any]]:
        for text in _lines_backwards(self.path):
            line = _line(text)
            if line is None:
                continue
            if time.time() - float(line["time"]) > DAY:
                return
            yield line

    def _append(self, text: str) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(handle, text.encode())
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            raise NoRecord(
                f"the audit log cannot be written ({error.strerror}), so nothing is changed",
                fix=f"make {self.path} writable, or set MCP_ADS_AUDIT_LOG",
            ) from None


def _line(text: bytes) -> dict[str, Any] | None:
    """One line of ours; None for anything else."""
    try:
        line = json.loads(text)
        return line if {"time", "id", "budgets", "outcome"} <= line.keys() else None
    except (ValueError, AttributeError):
        return None


def _lines_backwards(path: Path) -> Iterator[bytes]:
    """The file's lines, last first, read in chunks: only the last day counts, the log may be years long."""
    try:
        file = path.open("rb")
    except OSError:
        return
    with file:
        left, rest = file.seek(0, os.SEEK_END), b""
        while left > 0:
            size = min(CHUNK, left)
            left -= size
            file.seek(left)
            first, *lines = (file.read(size) + rest).split(b"\n")
            yield from reversed(lines)
            rest = first
        yield rest
