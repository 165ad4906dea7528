"""Names of campaigns that do not fit how their client has them named: a person is told before agreeing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcp_ads.clients import fits
from mcp_ads.core import Account, Connector, Write
from mcp_ads.engine.changes.steps import quoted

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session

CAMPAIGN = "campaign"


def is_campaign(connector: Connector, entity: str) -> bool:
    """Whether people call the objects of an entity campaigns, or these are what others call so."""
    called = connector.facts.objects.get(CAMPAIGN, ()) if connector.facts else ()
    return f"{connector.name}.{entity}" in called or connector.entity(entity).noun == CAMPAIGN


def misnamed(session: Session, entity: str, call: Write, account: Account | None) -> list[str]:
    """A line for a campaign's new name that does not fit the pattern of its account's client."""
    connector, name = session.connector, call.name_in(call.sets())
    client = session.settings.clients.of(connector.name, account.id) if account and name else None
    if client is None or not client.naming or fits(client.naming, name):
        return []
    if not is_campaign(connector, entity):
        return []
    return [f"{quoted(name)} does not fit {quoted(client.naming)}, as client {client.name} names campaigns"]
