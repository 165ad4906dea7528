"""A log whose lines hang together: each names the hash of the one before, so that a gap or a change shows."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mcp_ads.files import journal
from mcp_ads.files.lock import Busy, hold_soon

if TYPE_CHECKING:
    from .remembered import Memory
from .hashes import digest

PREV = "prev"
CHUNK = 2**13
PATIENCE = 5.0
"""Seconds others may take to write their line; it takes them milliseconds."""


def append(
    path: Path,
    records: Sequence[Mapping[str, Any]],
    spell: Callable[[dict[str, Any]], str],
    memory: Memory | None = None,
) -> None:
    """Add records to the chain and wait for the disk. Raises OSError.

    After a line that was cut, or that is no line of a chain, it begins a new one. `memory` is told which line
    is the last, and whether the one it knew is missing.
    """
    with journal.opened(path) as handle:
        try:
            hold_soon(handle, PATIENCE)
        except Busy:
            raise OSError(errno.EAGAIN, "another process has it for too long") from None
        lines, last = list[str](), _last(handle)
        for record in records:
            lines.append(spell({**record, PREV: last}))
            last = digest(lines[-1].encode(errors="replace"))
        lost = memory.lost(handle) if memory else 0.0
        journal.add(handle, "\n".join(lines))
        if memory:
            memory.write(lines[-1], lost)


def _last(handle: int) -> str | None:
    """The hash of the last line; None where a new chain begins."""
    if journal.is_torn(handle):
        return None
    last = next((line for line in journal.reversed_lines(handle, CHUNK) if line), b"")
    return digest(last) if _is_link(_parsed(last)) else None


@dataclass
class Report:
    """What a log shows: `broken` says where it does not hang together, `last` is the hash of its end.

    `early` counts lines at its beginning from before logs were chained.
    """

    lines: int = 0
    early: int = 0
    last: str = ""
    broken: list[str] = field(default_factory=list)


def verify(path: Path) -> Report:
    """Whether a log hangs together from its first line to its last. Raises OSError."""
    report, seen, before = Report(), dict[str, int](), None
    for number, raw in enumerate(journal.lines(path), 1):
        text, report.lines = raw.rstrip(b"\n"), number
        line = _parsed(text)
        if not raw.endswith(b"\n") or not _is_link(line):
            if line and report.early == number - 1:
                report.early = number
            else:
                report.broken.append(f"line {number} was cut, or is no line of this log")
            before = None
            continue
        if why := _unlinked(line[PREV], before, seen, number, report.early):
            report.broken.append(f"line {number} {why}")
        before = digest(text)
        seen[before] = number
    report.last = before or ""
    return report


def _unlinked(prev: Any, before: str | None, seen: Mapping[str, int], number: int, early: int) -> str:
    """Why a line does not follow the one before it; empty when it does."""
    if prev == before:
        return "" if before or number == early + 1 else "begins a new chain"
    if prev in seen:
        return f"follows line {seen[prev]}: the log forks there, as when a copy was put back"
    if prev is None:
        return "begins a new chain, though the line before it is whole"
    if number == 1:
        return "follows a line that is not there: the beginning is missing"
    return "does not follow the line before it: something was changed, added or removed there"


def _is_link(line: dict[str, Any]) -> bool:
    return PREV in line and (line[PREV] is None or isinstance(line[PREV], str))


def _parsed(text: bytes) -> dict[str, Any]:
    """A line as the record it is; empty for anything else."""
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}
