"""Names that do not fit how a client has its objects named: a person is told before agreeing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcp_ads.clients import fits
from mcp_ads.core import Account, Connector, Write
from mcp_ads.core.facts import LEVELS
from mcp_ads.engine.changes.naming import plural
from mcp_ads.engine.changes.steps import quoted

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session

TOP = LEVELS[1]
"""The level right below the account, whose objects clients have named and protected."""


def is_of_top(connector: Connector, entity: str) -> bool:
    """Whether an entity has the objects of the level right below the account, or people call them so."""
    called = connector.facts.objects.get(TOP, ()) if connector.facts else ()
    return f"{connector.name}.{entity}" in called or connector.entity(entity).noun == TOP


def misnamed(session: Session, entity: str, call: Write, account: Account | None) -> list[str]:
    """A line for a new name that does not fit the pattern of its account's client."""
    connector, name = session.connector, call.name_in(call.sets())
    client = session.settings.clients.of(connector.name, account.id) if account and name else None
    if client is None or not client.naming or fits(client.naming, name) or not is_of_top(connector, entity):
        return []
    those = plural(connector.entity(entity).noun, 2)
    return [f"{quoted(name)} does not fit {quoted(client.naming)}, as client {client.name} names its {those}"]
