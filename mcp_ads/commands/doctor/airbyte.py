"""A platform whose requests Airbyte's API carries: whether it knows the client, connector and accounts."""

from __future__ import annotations

from mcp_ads.engine.door import Engine
from mcp_ads.engine.session.accounts import quoted
from mcp_ads.engine.session.session import Session
from mcp_ads.errors import AdsError

from . import allow_lists
from .findings import Finding, broken_by, listed, whom


async def over_airbyte(engine: Engine, session: Session) -> list[Finding]:
    """A line for the client and the connector there, and one for the accounts it reaches."""
    name, known = whom(session), session.platform.airbyte
    assert known is not None
    try:
        connector_id = await session.reach()
    except AdsError as error:
        return [broken_by(f"{name} at Airbyte", error)]
    where = f"workspace {known.workspace!r}, connector {connector_id}"
    found = [Finding("ok", f"{name} at Airbyte", f"{known.base} knows the client: {where}")]
    try:
        accounts = await session.accounts.ask()
    except AdsError as error:
        return [*found, broken_by(f"{name} accounts", error)]
    if not accounts:
        return [*found, Finding("broken", f"{name} accounts", "it sees none")]
    shown = listed(f"{account.id} {quoted(account.name)} {account.currency}" for account in accounts)
    found.append(Finding("ok", f"{name} accounts", f"{len(accounts)}: {shown}"))
    return [*found, *await allow_lists.allowed(engine, session, accounts)]
