"""Consents that were asked for: known by the hash of their state, good for ten minutes, and answered once."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.host.keys import Keys

from .tables import clients, consents, mcp_tokens

LIFE = 600
"""Seconds in which the person has to have answered."""


@dataclass(frozen=True)
class Pending:
    """A consent that was asked for.

    `client_id` is the UUID of the client or token that asked, "" for an end user's link, and then there is no
    `redirect_url` either. `callback` is the redirect URI the platform was told. `asked` has name,
    replication_config, environment, and the hash of the `link`. `secrets` has the app and the PKCE verifier.
    """

    organization_id: str
    workspace_id: str
    client_id: str
    slug: str
    redirect_url: str
    callback: str
    asked: Mapping[str, Any]
    secrets: Mapping[str, Any] = field(repr=False)


def hashed(secret: str) -> str:
    """What is kept in the place of a secret of 256 random bits."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def bound(row: Any) -> tuple[str, ...]:
    """The place that a row's secrets are sealed to."""
    return "consent", row.organization_id, row.workspace_id, row.state_hash


async def keep(connection: AsyncConnection, keys: Keys, state: str, pending: Pending) -> None:
    """Keep a consent until its answer; those whose time is over go."""
    now = time.time()
    await connection.execute(delete(consents).where(consents.c.expires_at <= now))
    place = ("consent", pending.organization_id, pending.workspace_id, hashed(state))
    sealed = keys.seal(json.dumps(dict(pending.secrets)).encode(), *place)
    await connection.execute(
        insert(consents).values(
            state_hash=hashed(state), organization_id=pending.organization_id,
            workspace_id=pending.workspace_id, client_id=pending.client_id, slug=pending.slug,
            redirect_url=pending.redirect_url, callback=pending.callback, sealed=sealed,
            asked=dict(pending.asked), expires_at=now + LIFE,
        )
    )  # fmt: skip


async def take(connection: AsyncConnection, keys: Keys, state: str) -> Pending | None:
    """The consent of a state, which is then known no more; None for any that is not good."""
    gone = delete(consents).where(consents.c.state_hash == hashed(state)).returning(*consents.c)
    row = (await connection.execute(gone)).first()
    if row is None or row.expires_at <= time.time():
        return None
    return _pending(row, json.loads(keys.open(row.sealed, *bound(row))))


async def look(connection: AsyncConnection, state: str) -> Pending | None:
    """The consent of a state without its secrets, as it stays; None for any that is not good."""
    good = consents.c.state_hash == hashed(state), consents.c.expires_at > time.time()
    row = (await connection.execute(select(consents).where(*good))).first()
    return _pending(row, {}) if row is not None else None


async def is_revoked(connection: AsyncConnection, client_id: str) -> bool:
    """Whether the client or token that asked has been revoked since."""
    for table in (clients, mcp_tokens):
        wanted = select(table.c.revoked_at).where(table.c.id == client_id)
        if (await connection.execute(wanted)).scalar() is not None:
            return True
    return False


def _pending(row: Any, secrets: Mapping[str, Any]) -> Pending:
    names = [name for name in Pending.__dataclass_fields__ if name != "secrets"]
    return Pending(**{name: getattr(row, name) for name in names}, secrets=secrets)
