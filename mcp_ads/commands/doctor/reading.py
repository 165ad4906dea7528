"""`doctor --reads`: a look at every read with real accounts, as a report that can be shown to anybody."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mcp_ads import __version__
from mcp_ads.commands.streams import FAILED, at_work, complain, note, say
from mcp_ads.engine.door import Engine
from mcp_ads.errors import BadSettings
from mcp_ads.settings_values import path_of

from .trying import NOT_TRIED, Reader, Try

PRIVATE = 0o600
FINE = ("ok", "empty", "pending", NOT_TRIED)
COLUMNS = ("read", "request", "outcome", "HTTP", "code", "took", "requests", "first row")


def report(*, save: str, as_json: bool) -> int:
    """Try every read and print the report, or write it to a file. 1 when a read failed, or none was tried."""
    file = _free(save) if save else None
    found = at_work(_tried)
    if not found["reads"]:
        complain("no connector is configured, so that nothing was read")
        return FAILED
    text = json.dumps(found, indent=2) if as_json else _page(found)
    if file:
        _write(file, f"{text}\n")
        note(f"wrote {file}; it names no account, object, amount or person; read it before you attach it")
    else:
        say(text)
    return FAILED if any(one["outcome"] not in FINE for one in found["reads"]) else 0


def _free(save: str) -> Path:
    path = path_of("--save", save).absolute()
    if os.path.lexists(path):
        raise BadSettings(f"--save: {path} is there already")
    if not path.parent.is_dir():
        raise BadSettings(f"--save: there is no folder {path.parent}")
    return path


def _write(path: Path, text: str) -> None:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb") as file:
            file.write(text.encode(errors="replace"))
    except OSError as error:
        say(text.rstrip())
        raise BadSettings(f"--save: {path} cannot be written: {error.strerror}") from None


async def _tried(engine: Engine) -> dict[str, Any]:
    """The report as plain values."""
    settings = engine.settings
    readers = [
        Reader(engine, session, lambda text: note(f"reading {text}"), number)
        for name in settings.platforms
        for number, session in enumerate(engine.sessions(name), 1)
        if session.platform.configured and not session.platform.missing
    ]
    parts = await asyncio.gather(*(reader.tries() for reader in readers))
    return {
        "mcp_ads": __version__,
        "python": platform.python_version(),
        "system": platform.system(),
        "day": time.strftime("%Y-%m-%d", time.gmtime()),
        "sandbox": settings.sandbox,
        "connectors": [_about(reader, part) for reader, part in zip(readers, parts, strict=True)],
        "reads": [asdict(one) for part in parts for one in part],
    }


def _about(reader: Reader, tries: list[Try]) -> dict[str, Any]:
    session = reader.session
    return {
        "connector": reader.name,
        "connection": reader.number,
        "version": str(getattr(session.transport.dialect, "version", "")),
        "own_hosts": not session.platform.foreign,
        "requests": reader.watch.requests,
        "outcomes": dict(Counter(one.outcome for one in tries)),
    }


def _page(found: dict[str, Any]) -> str:
    """The report as a page of Markdown."""
    where = ", sandbox" if found["sandbox"] else ""
    lines = [
        f"mcp-ads {found['mcp_ads']}, Python {found['python']}, {found['system']}, {found['day']}{where}",
        "",
    ]
    for part in found["connectors"]:
        outcomes = ", ".join(f"{count} {outcome}" for outcome, count in part["outcomes"].items())
        hosts = "the vendor's hosts" if part["own_hosts"] else "other hosts"
        lines.append(
            f"* {_place(part)} {part['version']} at {hosts}: {outcomes}; {part['requests']} requests"
        )
    head = [f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"]
    return "\n".join([*lines, "", *head, *map(_line, found["reads"])])


def _place(one: dict[str, Any]) -> str:
    further = f" ({one['connection']})" if one["connection"] > 1 else ""
    return f"{one['connector']}{further}"


def _line(one: dict[str, Any]) -> str:
    cells = [
        f"{_place(one)} {one['entity']}.{one['action']}",
        one["request"],
        ": ".join(filter(None, [one["outcome"], one["why"]])),
        str(one["status"] or ""),
        one["code"],
        one["took"],
        str(one["requests"]),
        " ".join(one["columns"]),
    ]
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
