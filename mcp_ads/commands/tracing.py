"""`trace`: the last calls as they went over the wire, without secrets."""

from __future__ import annotations

from typing import Any

from mcp_ads.core import Result
from mcp_ads.engine.answers.shape import render
from mcp_ads.engine.records.store import FileRecords
from mcp_ads.engine.wire import trace

from .streams import FAILED, complain, note, say, settings_here

COLUMNS = ("id", "at", "connector", "risk", "status", "seconds", "request", "error")


def listing() -> int:
    """Print the last calls, oldest first, a line each."""
    entries = _entries()
    say(
        render(
            Result(
                [{name: entry.get(name) or None for name in COLUMNS} for entry in entries], columns=COLUMNS
            )
        )
    )
    if not entries:
        note("no calls yet")
    return 0


def one(id: str) -> int:
    """Print the call an error named."""
    wanted = id.removeprefix("trace=")
    found = [entry for entry in _entries() if entry["id"] == wanted]
    if not found:
        complain(f"no call {wanted!r} among the last {trace.KEPT}; mcp-ads trace lists them")
        return FAILED
    for name, value in found[-1].items():
        say(f"{name}: {value}")
    return 0


def _entries() -> list[dict[str, Any]]:
    return trace.read(FileRecords(settings_here()).trace)
