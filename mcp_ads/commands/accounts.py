"""`accounts`: every connection with its accounts, which of these may be used, and until when."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mcp_ads.auth.signing_in import keeping
from mcp_ads.core import Account, Result
from mcp_ads.engine.answers.shape import render
from mcp_ads.errors import AdsError
from mcp_ads.platforms import SHORT, Platform
from mcp_ads.settings import Settings

from .answers import show
from .streams import FAILED, complain, note, settings_here

COLUMNS = ("connection", "account", "name", "currency", "allowed", "default", "until")


@dataclass(frozen=True)
class Seen:
    """One connection and what it sees, `allowed` what of it may be used; `why` is what was in the way."""

    platform: Platform
    accounts: tuple[Account, ...] = ()
    allowed: frozenset[str] = frozenset()
    gaps: tuple[str, ...] = ()
    why: str = ""


def accounts(style: str) -> int:
    """Print the accounts of every connection. 1 when one of them did not answer."""
    settings = settings_here()
    seen = asyncio.run(all_seen(settings))
    result = Result([row for connection in seen for row in rows(connection)], columns=COLUMNS)
    show(result, render(result, style), style)
    for connection in seen:
        label = connection.platform.label
        complain("\n".join(f"{label}: {text}" for text in (connection.why, *connection.gaps) if text))
    if not seen:
        note("no connection; `mcp-ads login facebook-marketing`, linkedin-ads or amazon-ads makes one")
    return FAILED if any(connection.why or connection.gaps for connection in seen) else 0


def rows(seen: Seen) -> list[Mapping[str, Any]]:
    """A row for each account; one without an account where the connection shows none."""
    platform = seen.platform
    until = keeping.until(platform.signed_in).removeprefix("until ") if platform.signed_in else None
    common = {"connection": platform.label, "until": until}
    only = next(iter(seen.allowed)) if len(seen.allowed) == 1 else ""
    default = platform.default_account or only
    found: list[Mapping[str, Any]] = [
        {
            **common,
            "account": f"{SHORT[platform.name]}:{account.id}",
            "name": account.name,
            "currency": account.currency,
            "allowed": account.id in seen.allowed,
            "default": account.id == default,
        }
        for account in seen.accounts
    ]
    return found or [common]


async def all_seen(settings: Settings) -> list[Seen]:
    """What every connection sees that is set up, or at least written down."""
    listed = [platform for name in settings.platforms for platform in settings.of(name)]
    there = [platform for platform in listed if platform.configured or platform.client_id]
    return list(await asyncio.gather(*(_seen(settings, platform) for platform in there)))


async def _seen(settings: Settings, platform: Platform) -> Seen:
    from mcp_ads.engine.door import Engine

    engine = Engine(settings)
    try:
        session = engine.session(platform.name, platform.label)
        session.check_configured()
        found = await session.accounts.ask()
        allowed = frozenset(account.id for account in found if session.accounts.may_use(account.id))
        return Seen(platform, tuple(found), allowed, tuple(session.accounts.gaps))
    except AdsError as error:
        return Seen(platform, why=f"{error.lines[0]}{f'; {error.fix}' if error.fix else ''}")
    finally:
        await engine.close()
