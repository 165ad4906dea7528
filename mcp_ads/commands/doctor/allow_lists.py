"""The allow-list, held against what the platform shows and against the lists of the others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mcp_ads import connections
from mcp_ads.core import Account
from mcp_ads.errors import AdsError
from mcp_ads.platforms import Platform
from mcp_ads.settings import Settings

from .findings import Finding, broken_by

if TYPE_CHECKING:
    from mcp_ads.engine.door import Engine
    from mcp_ads.engine.session.session import Session

LENGTHS = {"facebook_marketing": (6, 18), "linkedin_ads": (6, 11), "amazon_ads": (12, 20)}
"""Digits that account ids have; others are those of another platform, or a slip."""


async def allowed(engine: Engine, session: Session, accounts: Iterable[Account]) -> list[Finding]:
    """What the list allows, and which of its accounts these credentials do not see."""
    ids, what = session.accounts.allowed, place(engine.settings, session.platform)
    default = session.platform.default_account
    found = [Finding("ok", what, f"only {', '.join(ids)} may be used")] if ids else []
    if default and ids and default not in ids:
        text = f"the default account {default} is not among the allowed ones: {', '.join(ids)}"
        found.append(Finding("broken", what, text, "allow it, or choose another default"))
    seen = {account.id for account in accounts}
    for unseen in sorted({*ids, *filter(None, [default])} - seen):
        try:
            await session.accounts.get(unseen)
        except AdsError as error:
            hint = _whose(engine, session, unseen)
            found.append(Finding("broken", what, f"{broken_by(what, error).text}{hint}", error.fix))
    return found


def place(settings: Settings, platform: Platform) -> str:
    """Where the list of a connection's accounts is written, as far as it is the one in connections.toml."""
    written = connections.read(settings.home).get(platform.label)
    if written and (written.accounts or written.default_account) and written.accounts == platform.account_ids:
        return f"{connections.FILE} [{platform.label}]"
    return f"{platform.prefix}_ACCOUNT_IDS"


def _whose(engine: Engine, session: Session, unseen: str) -> str:
    """What an id that is not seen may be instead."""
    name = session.connector.name
    for other, platform in engine.settings.platforms.items():
        if other != name and unseen in platform.account_ids:
            return f"; {place(engine.settings, platform)} has the same id"
    least, most = LENGTHS.get(name, (0, len(unseen)))
    if least <= len(unseen) <= most:
        return ""
    fitting = [
        other for other, (short, long) in LENGTHS.items() if short <= len(unseen) <= long and other != name
    ]
    text = f"; with {len(unseen)} digits it is none of {session.connector.title}"
    return f"{text}, but may be one of {' or '.join(fitting)}" if fitting else text
