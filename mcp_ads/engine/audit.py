"""One line for every change: when, what, who, with which outcome. Append-only, and never a secret."""

from __future__ import annotations

import getpass
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..errors import NoRecord
from .steps import Step

DAY = 86_400
TAIL = 4 * 2**20


@dataclass(frozen=True)
class Who:
    """Who asked: the HTTP client's id or the OS user, and what the client calls itself, which nobody has checked."""

    id: str
    client: str = ""

    def text(self) -> str:
        return f"{self.id} (client says: {self.client})" if self.client else self.id


def os_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


class AuditLog:
    """JSON lines in MCP_ADS_AUDIT_LOG, or MCP_ADS_HOME/audit.jsonl. Where it cannot be written nothing is changed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def check(self) -> None:
        """Raise NoRecord when a line could not be written."""
        try:
            self._append("")
        except OSError as error:
            raise NoRecord(
                f"the audit log cannot be written ({error.strerror}), so nothing is changed",
                fix=f"make {self.path} writable, or set MCP_ADS_AUDIT_LOG",
            ) from None

    def note(self, step: Step, outcome: str, who: Who, plan_id: str = "") -> None:
        """Write down one step that was carried out, failed or was lost."""
        line = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "time": time.time(),
            "who": who.text(),
            "connector": step.connector,
            "account": step.account["id"] if step.account else None,
            "what": f"{step.entity}.{step.action}",
            "id": step.id or step.subject,
            "name": step.name,
            "changes": step.says,
            "budgets": [[each.field, each.before, each.after, each.currency] for each in step.budgets],
            "outcome": outcome,
            "error": step.error,
            "plan": plan_id or None,
        }
        self._append(json.dumps(line, ensure_ascii=False, default=str) + "\n")

    def lowest(self, object_id: str, field: str) -> Decimal | None:
        """The lowest an object's budget has been in the last 24 hours, as far as this log knows."""
        amounts = [
            Decimal(before)
            for line in self._recent()
            if line["id"] == object_id and line["outcome"] == "done"
            for name, before, _, _ in line["budgets"]
            if name == field and before is not None
        ]
        return min(amounts, default=None)

    def _recent(self) -> Iterator[dict[str, Any]]:
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            file.seek(max(0, self.path.stat().st_size - TAIL))
            for line in file.read().decode(errors="replace").splitlines():
                if known := _line(line):
                    yield known

    def _append(self, text: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, text.encode())
            os.fsync(handle)
        finally:
            os.close(handle)


def _line(text: str) -> dict[str, Any] | None:
    try:
        line = json.loads(text)
    except ValueError:
        return None
    recent = isinstance(line, dict) and time.time() - float(line.get("time", 0)) < DAY
    return line if recent else None
