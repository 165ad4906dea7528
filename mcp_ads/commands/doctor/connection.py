"""One connector with its credentials: what it has, lacks and answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator
from urllib.parse import urlsplit

from mcp_ads.commands.permissions import permissions
from mcp_ads.core import Account
from mcp_ads.engine.door import Engine
from mcp_ads.engine.session.accounts import quoted
from mcp_ads.engine.session.session import Session
from mcp_ads.errors import AdsError
from mcp_ads.platforms import AUTH_URLS, HOSTS, TOKEN_URLS, Platform

from . import allow_lists, amazon, facebook, linkedin
from .airbyte import over_airbyte
from .findings import Finding, broken_by, command, listed, whom
from .versions import version
from .watch import Watch

TOKEN: dict[str, Callable[[Session], Awaitable[list[Finding]]]] = {
    facebook.NAME: facebook.token,
    linkedin.NAME: linkedin.token,
    amazon.NAME: amazon.token,
}


async def connector(engine: Engine, name: str) -> list[Finding]:
    """Everything there is to say about one connector: each of its connections in turn."""
    return [finding for session in engine.sessions(name) for finding in await connection(engine, session)]


async def connection(engine: Engine, session: Session) -> list[Finding]:
    """Everything there is to say about one connection."""
    if session.platform.airbyte:
        return await over_airbyte(engine, session)
    found = [*hosts(session.platform), _configured(session)]
    if session.platform.missing:
        return found
    try:
        watch = Watch(session)
    except AdsError as error:
        return [*found, broken_by(whom(session), error)]
    found += await _answers(engine, session)
    return [*found, *version(session, watch), *watch.clock(whom(session))]


async def _answers(engine: Engine, session: Session) -> list[Finding]:
    """What the platform answers to these credentials, as far as it goes."""
    name, found = whom(session), []
    try:
        if session.connector.name != facebook.NAME and await session.renew():
            found.append(Finding("ok", name, "the refresh token gives access tokens"))
        if session.connector.name in TOKEN:
            found += await TOKEN[session.connector.name](session)
        accounts = await session.accounts.ask()
    except AdsError as error:
        return [*found, broken_by(f"{name} accounts", error)]
    found += [Finding("broken", f"{name} accounts", gap) for gap in session.accounts.gaps]
    found += [_listed(name, accounts), *await allow_lists.allowed(engine, session, accounts)]
    found += await _states(engine, session)
    return [*found, *await _rights(session, accounts)]


def _configured(session: Session) -> Finding:
    name, platform = whom(session), session.platform
    if missing := ", ".join(platform.missing):
        if platform.credentials:
            return Finding("broken", name, f"not configured: {missing} not set", session.connector.where)
        fix = f"sign in: {command(platform)}; or set them"
        return Finding("note", name, f"not configured; it needs {platform.ways_in}", fix)
    if session.settings.sandbox:
        return Finding("ok", name, "configured by the sandbox")
    names = [f"{platform.prefix}_{credential}" for credential in platform.credentials]
    if signed_in := platform.signed_in:
        names.insert(0, f"signed in{f' as {signed_in.who}' if signed_in.who else ''} ({signed_in.kind})")
    return Finding("ok", name, f"configured: {', '.join(names)}")


def hosts(platform: Platform) -> Iterator[Finding]:
    """Base URLs that are not the vendor's."""
    known = {*HOSTS[platform.name].values(), TOKEN_URLS.get(platform.name, "")}
    given = dict.fromkeys([*platform.hosts.values(), platform.token_url])
    foreign = [host for host in given if host not in known]
    pages = {urlsplit(page).netloc for page in AUTH_URLS[platform.name].values()}
    if urlsplit(platform.auth_url).netloc not in {"", *pages}:
        foreign.append(platform.auth_url)
    if foreign:
        yield Finding("note", platform.name, f"not the vendor's hosts: {', '.join(foreign)}")


def _listed(name: str, accounts: list[Account]) -> Finding:
    what = f"{name} accounts"
    if not accounts:
        return Finding("broken", what, "the credentials see none", "ask for access to an ad account")
    shown = listed(f"{account.id} {quoted(account.name)} {account.currency}" for account in accounts)
    return Finding("ok", what, f"{len(accounts)}: {shown}")


async def _states(engine: Engine, session: Session) -> list[Finding]:
    """How the accounts stand, with their platform."""
    name, allowed = session.connector.name, _used(session)
    about = f"{whom(session)} accounts"
    try:
        if name == facebook.NAME:
            return await facebook.accounts(session, allowed)
        if name == linkedin.NAME:
            return await linkedin.accounts(engine, session, allowed)
        return await amazon.accounts(engine, session, allowed) if name == amazon.NAME else []
    except AdsError as error:
        return [Finding("note", about, f"how they stand is unknown: {error.lines[0]}", error.fix)]


def _used(session: Session) -> Collection[str]:
    """The accounts that are meant to be used; empty when all are."""
    return {*session.accounts.allowed, *filter(None, [session.platform.default_account])}


async def _rights(session: Session, accounts: list[Account]) -> list[Finding]:
    what, allowed = f"{whom(session)} token", session.accounts.allowed
    usable = [account for account in accounts if not allowed or account.id in allowed]
    try:
        may, lacks = await permissions(session, usable)
    except AdsError as error:
        return [Finding("note", what, f"what it may do is unknown: {error.lines[0]}")]
    found = [Finding("ok", what, f"may: {'; '.join(may)}")] if may else []
    return [*found, *(Finding("note", what, f"lacks {lack}") for lack in lacks)]
