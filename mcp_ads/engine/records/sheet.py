"""What the lines of an audit log are written on: a file, or what stands for one."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from mcp_ads.errors import NoRecord
from mcp_ads.files import journal
from mcp_ads.files.unwritten import remedy

from . import chain, wholeness
from .remembered import DAY, Memory
from .wholeness import OLD_LINES

Speller = Callable[[dict[str, Any]], str]


class Sheet(Protocol):
    """Lines in a chain, appended to and never changed."""

    @property
    def place(self) -> str:
        """Where the lines are, for people to read."""

    def append(self, lines: Sequence[dict[str, Any]], spell: Speller) -> None:
        """Add lines, safe when this returns; without any, see whether one could be. Raises NoRecord."""

    def size(self) -> int:
        """A number that is the same while no line is added."""

    def recent(self) -> Iterator[dict[str, Any]]:
        """Lines of the last 24 hours that can be read, last first."""

    def gap(self) -> str:
        """Why lines of the last 24 hours may be missing; empty when all are there."""


class FileSheet:
    """JSON lines in a file; `memory` knows the last one."""

    def __init__(self, path: Path, memory: Memory | None = None) -> None:
        self._path, self._memory = path, memory

    @property
    def place(self) -> str:
        """The path of the file."""
        return str(self._path)

    def append(self, lines: Sequence[dict[str, Any]], spell: Speller) -> None:
        """Add lines and wait for the disk; without any, see whether one could be added. Raises NoRecord."""
        try:
            if lines:
                chain.append(self._path, lines, spell, self._memory)
            else:
                journal.check(self._path)
        except OSError as error:
            raise NoRecord(
                f"the audit log cannot be written ({error.strerror}), so nothing is changed",
                fix=f"{remedy(error, self._path)}, or set MCP_ADS_AUDIT_LOG",
            ) from None

    def size(self) -> int:
        """Bytes in the file."""
        try:
            return self._path.stat().st_size
        except OSError:
            return 0

    def recent(self) -> Iterator[dict[str, Any]]:
        """Lines of the last 24 hours, last first. What stands after one of them is of these hours too,
        whatever a clock that was wrong at the time has written into it.
        """
        late = list[dict[str, Any]]()
        for text in journal.lines_backwards(self._path):
            line = line_of(text)
            if line is None:
                continue
            late.append(line)
            if not time.time() - float(line["time"]) > DAY:
                yield from late
                late.clear()
            elif len(late) >= OLD_LINES:
                return

    def gap(self) -> str:
        """Why lines of the last 24 hours may be missing from the file; empty when all are there."""
        mark = self._memory.read() if self._memory else None
        lines = ((text, line_of(text)) for text in journal.lines_backwards(self._path) if text)
        return wholeness.gap(
            mark, ((text, line if line and is_priced(line) else None) for text, line in lines)
        )


def line_of(text: bytes | str) -> dict[str, Any] | None:
    """One line of ours; None for anything else."""
    try:
        line = json.loads(text)
        float(line["time"])
        return line if {"id", "budgets", "outcome"} <= line.keys() else None
    except (ValueError, AttributeError, LookupError, TypeError, RecursionError):
        return None


def is_priced(line: dict[str, Any]) -> bool:
    """Whether every amount of a line can be read."""
    try:
        amounts = [text for _, *pair, _ in line["budgets"] for text in pair if text is not None]
        return all(Decimal(text).is_finite() for text in amounts)
    except (ValueError, TypeError, ArithmeticError):
        return False
