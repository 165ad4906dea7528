"""One line for every change: when, what, who, with which outcome. Append-only, and never a secret."""

from __future__ import annotations

import contextlib
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

from . import journal
from .steps import Step

DAY = 86_400
CHUNK = 2**20
SET = ("done", "unknown")
REMOVALS = ("archive", "delete")


@dataclass(frozen=True)
class Who:
    """Who asked: the HTTP client's id or the OS user; and what the client calls itself, unchecked."""

    id: str
    client: str = ""
    local: bool = False
    """Whether they work in the files themselves, with a command or a script."""

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
        self._append(json.dumps(self._without_secrets(line), ensure_ascii=False, default=str))

    def _without_secrets(self, value: Any) -> Any:
        """Text by text: cut out of the finished line, a secret could take the end of its text along."""
        if isinstance(value, dict):
            return {name: self._without_secrets(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self._without_secrets(each) for each in value]
        return self._redact(value) if isinstance(value, str) else value

    def lowest(self) -> dict[tuple[str, str], Decimal]:
        """By object and field, the lowest budget of the last 24 hours, as far as this log knows."""
        lows: dict[tuple[str, str], Decimal] = {}
        for line in self._recent():
            for field, amount in _amounts(line) if line["outcome"] in SET else ():
                key = (line["id"], field)
                lows[key] = min(lows.get(key, amount), amount)
        return lows

    def made(self) -> dict[tuple[str, ...], tuple[str, str]]:
        """Id and time of what was created in the last 24 hours and not removed since, by `made_key`."""
        found, gone = dict[tuple[str, ...], tuple[str, str]](), set[tuple[str, str]]()
        for line in self._recent():
            connector, made = str(line.get("connector")), str(line["id"])
            entity, _, action = str(line.get("what")).rpartition(".")
            if line["outcome"] not in SET:
                continue
            if action in REMOVALS:
                gone.add((connector, made))
            elif action == "create" and made and (connector, made) not in gone:
                key = (connector, str(line.get("account")), entity, str(line.get("name")))
                found.setdefault(key, (made, str(line.get("at"))))
        return found

    def _recent(self) -> Iterator[dict[str, Any]]:
        for text in _lines_backwards(self.path):
            line = _line(text)
            if line is None:
                continue
            if time.time() - float(line["time"]) > DAY:
                return
            yield line

    def _append(self, line: str) -> None:
        try:
            if line:
                journal.append(self.path, line)
            else:
                journal.check(self.path)
        except OSError as error:
            raise NoRecord(
                f"the audit log cannot be written ({error.strerror}), so nothing is changed",
                fix=f"make {self.path} writable, or set MCP_ADS_AUDIT_LOG",
            ) from None


def _line(text: bytes) -> dict[str, Any] | None:
    """One line of ours; None for anything else."""
    try:
        line = json.loads(text)
        float(line["time"])
        return line if {"id", "budgets", "outcome"} <= line.keys() else None
    except (ValueError, AttributeError, LookupError, TypeError, RecursionError):
        return None


def _amounts(line: dict[str, Any]) -> Iterator[tuple[str, Decimal]]:
    """The amounts a line has by field, as far as they can be read."""
    with contextlib.suppress(ValueError, TypeError, ArithmeticError):
        for field, before, after, _ in line["budgets"]:
            for text in (before, after):
                if text is not None and Decimal(text) > 0:
                    yield field, Decimal(text)


def made_key(step: Step) -> tuple[str, ...]:
    """What tells that two creations mean the same."""
    return (step.connector, str(step.account["id"] if step.account else None), step.entity, step.name)


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
