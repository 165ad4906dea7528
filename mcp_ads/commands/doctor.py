"""`doctor`: what is set, what is missing, what answers and what is broken."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.text import Text

from mcp_ads import __version__
from mcp_ads.core import Account
from mcp_ads.engine.answers.shape import visible
from mcp_ads.engine.door import Engine
from mcp_ads.engine.overview import MODES, caps_text
from mcp_ads.engine.records import chain
from mcp_ads.engine.records.store import FileRecords
from mcp_ads.engine.session.session import Session
from mcp_ads.errors import AdsError, BadSettings, NoRecord
from mcp_ads.http_tokens import MAKES_ONE, VARIABLE, listed
from mcp_ads.platforms import HOSTS, PLATFORMS, TOKEN_URLS, Platform
from mcp_ads.settings import Settings, load
from mcp_ads.situation import in_shell

from .console import Screen
from .permissions import permissions
from .streams import FAILED, at_work, say

SHOWN = 5
Level = Literal["ok", "note", "broken"]
COLOURS = {"ok": "green", "note": "yellow", "broken": "bold red"}


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what it is, what was found, and what to do about it."""

    level: Level
    what: str
    text: str
    fix: str = ""


def doctor() -> int:
    """Print every finding. 1 when something is broken."""
    findings = at_work(examine)
    _show(findings)
    broken = sum(finding.level == "broken" for finding in findings)
    say(f"{broken} broken" if broken else "nothing is broken")
    return FAILED if broken else 0


async def examine(workspace: Engine) -> list[Finding]:
    """Everything there is to say about these settings."""
    settings = workspace.settings
    names = list(settings.platforms)
    parts = await asyncio.gather(*(connector(workspace, name) for name in names))
    findings = [*general(settings), *tokens(settings), *records(workspace), *folder(settings, Path.cwd())]
    findings += [finding for part in parts for finding in part]
    if not any(platform.configured for platform in settings.platforms.values()):
        fix = "set one platform's variables; MCP_ADS_SANDBOX=1 works without any"
        findings.append(Finding("broken", "connectors", "none is configured", fix))
    return findings


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
    for line in settings.unknown:
        name, _, text = line.partition(": ")
        yield Finding("note", name, text)
    yield Finding(
        "ok", "MCP_ADS_FILES", str(settings.files) if settings.files else "none: no file is read or written"
    )


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
        with tempfile.TemporaryFile(dir=plans):
            yield Finding("ok", "plans", f"can be written in {plans}")
    except OSError as error:
        yield Finding(level, "plans", f"cannot be written: {error.strerror}", f"make {plans} writable")
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


async def connector(workspace: Engine, name: str) -> list[Finding]:
    """What one connector has, lacks and answers."""
    session = workspace.session(name)
    found = [*hosts(session.platform), _configured(session)]
    if session.platform.missing:
        return found
    try:
        found += await _exchange(session)
        accounts = await session.accounts.ask()
    except AdsError as error:
        return [*found, _broken(f"{name} accounts", error)]
    found += [Finding("broken", f"{name} accounts", gap) for gap in session.accounts.gaps]
    found += [_listed(name, accounts), *await _allowed(session, accounts)]
    return [*found, *await _rights(session, accounts)]


def _configured(session: Session) -> Finding:
    name, platform = session.connector.name, session.platform
    if missing := ", ".join(platform.missing):
        if platform.credentials:
            return Finding("broken", name, f"not configured: {missing} not set", session.connector.where)
        return Finding("note", name, f"not configured; it needs {platform.ways_in}")
    if session.settings.sandbox:
        return Finding("ok", name, "configured by the sandbox")
    return Finding(
        "ok",
        name,
        f"configured: {', '.join(f'{PLATFORMS[name]}_{credential}' for credential in platform.credentials)}",
    )


def hosts(platform: Platform) -> Iterator[Finding]:
    """Base URLs that are not the vendor's."""
    known = {*HOSTS[platform.name].values(), TOKEN_URLS.get(platform.name, "")}
    foreign = [
        host for host in dict.fromkeys([*platform.hosts.values(), platform.token_url]) if host not in known
    ]
    if foreign:
        yield Finding("note", platform.name, f"not the vendor's hosts: {', '.join(foreign)}")


async def _exchange(session: Session) -> list[Finding]:
    """Whether a refresh token still gives access tokens, whatever token is kept. Raises AdsError."""
    if not await session.renew():
        return []
    return [Finding("ok", session.connector.name, "the refresh token gives access tokens")]


def _listed(name: str, accounts: list[Account]) -> Finding:
    shown = ", ".join(f"{account.id} {account.name!r} {account.currency}" for account in accounts[:SHOWN])
    more = f" and {len(accounts) - SHOWN} more" if len(accounts) > SHOWN else ""
    if not accounts:
        return Finding(
            "broken", f"{name} accounts", "the credentials see none", "ask for access to an ad account"
        )
    return Finding("ok", f"{name} accounts", f"{len(accounts)}: {shown}{more}")


async def _allowed(session: Session, accounts: Iterable[Account]) -> list[Finding]:
    """The allow-list, held against what the platform shows."""
    allowed, what = session.accounts.allowed, f"{session.connector.env}_ACCOUNT_IDS"
    if not allowed:
        return []
    found = [Finding("ok", what, f"only {', '.join(allowed)} may be used")]
    for account_id in set(allowed) - {account.id for account in accounts}:
        try:
            await session.accounts.get(account_id)
        except AdsError as error:
            found.append(_broken(what, error))
    return found


async def _rights(session: Session, accounts: list[Account]) -> list[Finding]:
    what = f"{session.connector.name} token"
    usable = [
        account
        for account in accounts
        if not session.accounts.allowed or account.id in session.accounts.allowed
    ]
    try:
        may, lacks = await permissions(session, usable)
    except AdsError as error:
        return [Finding("note", what, f"what it may do is unknown: {error.lines[0]}")]
    found = [Finding("ok", what, f"may: {'; '.join(may)}")] if may else []
    return [*found, *(Finding("note", what, f"lacks {lack}") for lack in lacks)]


def _broken(what: str, error: AdsError) -> Finding:
    trace = f" (mcp-ads trace {error.trace})" if error.trace else ""
    return Finding("broken", what, f"{error.lines[0]}{trace}", error.fix)


def _show(findings: list[Finding]) -> None:
    console = Screen(soft_wrap=True)
    for finding in findings:
        said = visible(f"{finding.what}: {in_shell(finding.text)}")
        console.print(Text(f"{finding.level:<8}", COLOURS[finding.level]) + Text(said))
        if finding.fix:
            console.print(Text(visible(f"        fix: {in_shell(finding.fix)}")))
