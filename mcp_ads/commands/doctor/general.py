"""What holds for all platforms: the home, the write mode, the caps, the records, a .env here."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from mcp_ads import __version__
from mcp_ads.clients import FILE as CLIENTS
from mcp_ads.clients_known import FORGET, gone
from mcp_ads.engine.door import Engine
from mcp_ads.engine.overview import MODES, caps_text
from mcp_ads.engine.records import chain
from mcp_ads.engine.records.store import FileRecords
from mcp_ads.errors import BadSettings, NoRecord
from mcp_ads.files.unwritten import remedy
from mcp_ads.http_tokens import MAKES_ONE, VARIABLE, listed
from mcp_ads.platforms import PLATFORMS
from mcp_ads.settings import Settings, load

from .findings import Finding, Level

ENOUGH = 65_536
"""Bytes that must have room for plans to be kept."""


def general(settings: Settings) -> Iterator[Finding]:
    """The home, the write mode, the caps."""
    yield Finding("ok", "version", __version__)
    yield Finding("ok", "MCP_ADS_HOME", str(settings.home))
    if settings.sandbox:
        yield Finding(
            "note",
            "MCP_ADS_SANDBOX",
            "is on: all data is invented, and credentials and base URLs are not read",
        )
    direct = settings.writes == "direct"
    yield Finding(
        "note" if direct else "ok", "MCP_ADS_WRITES", f"{settings.writes}: {MODES[settings.writes]}"
    )
    uncapped = (
        "none" if settings.writes == "off" else 'none; MCP_ADS_MAX_DAILY_BUDGET="100 USD" would set one'
    )
    yield Finding("ok", "caps", caps_text(settings.caps) or uncapped)
    lost = gone(settings.clients.missed_in) if settings.clients.missed_in else ""
    for line in settings.unknown:
        name, _, text = line.partition(": ")
        if not (lost and line.startswith(lost)):
            yield Finding("note", name if text else "settings", text or line)
    yield from _clients(settings, lost)
    yield Finding(
        "ok", "MCP_ADS_FILES", str(settings.files) if settings.files else "none: no file is read or written"
    )


def _clients(settings: Settings, lost: str) -> Iterator[Finding]:
    """How many clients are written down, or that some were who are there no more."""
    if lost:
        text, fix = "nothing can be changed", f"put it back, or run: {FORGET}"
        yield Finding("broken", CLIENTS, f"{lost.removeprefix(f'{CLIENTS} ')}: {text}", fix)
    elif settings.clients:
        kept = sum(len(client.protected) for client in settings.clients)
        text = f"clients: {len(settings.clients.named)}, protected patterns and ids: {kept}"
        yield Finding("ok", CLIENTS, f"{text}; `mcp-ads clients check` holds it against the platforms")


def tokens(settings: Settings) -> Iterator[Finding]:
    """The named tokens of HTTP: who has which scope and accounts, or what is wrong with their file."""
    if settings.http_tokens is None:
        return
    try:
        lines = listed(settings.http_tokens)
    except BadSettings as error:
        yield from (Finding("broken", VARIABLE, line.removeprefix(f"{VARIABLE}: ")) for line in error.lines)
        return
    except FileNotFoundError:
        lines = []
    yield from (Finding("ok", VARIABLE, line) for line in lines)
    if not lines:
        yield Finding("broken", VARIABLE, f"{settings.http_tokens} has no token", MAKES_ONE)


def records(workspace: Engine) -> Iterator[Finding]:
    """Whether plans and the audit log can be written; where they cannot, nothing may be changed."""
    settings = workspace.settings
    level: Level = "note" if settings.writes == "off" else "broken"
    plans = FileRecords(settings).plans.folder
    try:
        plans.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=plans) as file:
            file.write(bytes(ENOUGH))
            file.flush()
            yield Finding("ok", "plans", f"can be written in {plans}")
    except OSError as error:
        yield Finding(level, "plans", f"cannot be written: {error.strerror}", remedy(error, plans))
    try:
        workspace.audit.check()
        yield _chained(settings.audit_path)
    except NoRecord as error:
        yield Finding(level, "audit log", str(error), error.fix)


def _chained(path: Path) -> Finding:
    """Whether the log that can be written is also the one that was written."""
    if path.is_file() and (broken := chain.verify(path).broken):
        more = "see `mcp-ads audit verify`, and docs/safety.md for what it shows"
        return Finding("broken", "audit log", f"{path} is not whole: {broken[0]}", more)
    return Finding("ok", "audit log", f"can be written, and is whole: {path}")


def folder(settings: Settings, here: Path) -> Iterator[Finding]:
    """What a .env in the working directory gave, and what it tried to set and may not."""
    if not (here / ".env").is_file():
        return
    without = load().platforms
    given = [
        f"{PLATFORMS[name]}_{credential}"
        for name, platform in settings.platforms.items()
        for credential in platform.credentials
        if credential not in without[name].credentials
    ]
    if given:
        text = f"gave {', '.join(given)}; `mcp-ads serve` does not read it"
        yield Finding("note", ".env here", text, f"move them to {settings.home / '.env'}, or pass --env-file")
    if settings.ignored:
        yield Finding("note", ".env here", f"tried to set {', '.join(settings.ignored)}: ignored")
