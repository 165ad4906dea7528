"""Clients: programs of an organization, each with what it may; of their secrets only a hash is kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.host.callers import Caller
from mcp_ads.host.refusals import Refused
from mcp_ads.http_tokens import hash_of_token
from mcp_ads.settings import Caps
from mcp_ads.write_modes import Writes

from .tables import clients

BYTES = 32
START = "mcs_"
"""What a client's secret begins with: never a dash, which command lines take for an option."""
NOBODY = hashlib.sha256(b"nobody").hexdigest()
"""What the secret of a client that there is not is compared with: it takes as long."""


@dataclass(frozen=True)
class Limits:
    """What a client may. `workspaces` are names, None for all; `accounts` ids by connector, None for all."""

    writes: Writes = "plan"
    workspaces: Sequence[str] | None = None
    accounts: Mapping[str, Sequence[str]] | None = None
    caps: Caps | None = None
    redirects: Sequence[str] = field(default=())


def fresh_secret() -> str:
    """A secret that nobody can guess."""
    return secrets.token_urlsafe(BYTES)


async def add(
    connection: AsyncConnection, organization_id: str, name: str, limits: Limits
) -> tuple[str, str]:
    """A new client: its id and its secret, which is not kept."""
    made, secret = str(uuid.uuid4()), START + fresh_secret()
    await connection.execute(
        insert(clients).values(
            id=made, organization_id=organization_id, name=name, secret_hash=hash_of_token(secret),
            writes=limits.writes,
            workspaces=None if limits.workspaces is None else [*limits.workspaces],
            accounts=listed(limits.accounts),
            caps=caps_written(limits.caps), redirects=[*limits.redirects], created_at=time.time(),
        )
    )  # fmt: skip
    return made, secret


async def known_by(connection: AsyncConnection, client_id: str, secret: str) -> Row[Any] | None:
    """The client of this id and secret; None for another secret, a client there is not, or a revoked one."""
    row = (await connection.execute(select(clients).where(clients.c.id == client_id))).first()
    right = hmac.compare_digest(row.secret_hash if row else NOBODY, hash_of_token(secret))
    return row if row and right and row.revoked_at is None else None


async def get(connection: AsyncConnection, client_id: str) -> Row[Any] | None:
    """The client of this id; None where there is none, or it was revoked."""
    wanted = select(clients).where(clients.c.id == client_id, clients.c.revoked_at.is_(None))
    return (await connection.execute(wanted)).first()


async def every(connection: AsyncConnection, organization_id: str) -> list[Row[Any]]:
    """An organization's clients, the oldest first."""
    wanted = select(clients).where(clients.c.organization_id == organization_id)
    return list(await connection.execute(wanted.order_by(clients.c.created_at)))


async def check_free(connection: AsyncConnection, organization_id: str, names: set[str]) -> None:
    """Raise Refused (409) where a client is restricted to a workspace of one of these names: a workspace that
    took or gave up such a name would be opened or closed to that client by its renaming.
    """
    for row in await every(connection, organization_id):
        if row.revoked_at is None and names.intersection(row.workspaces or ()):
            said = "name: a client is restricted to workspaces by this name; revoke that client first"
            raise Refused(409, said, "name_in_use", "name")


async def revoke(connection: AsyncConnection, organization_id: str, client_id: str) -> bool:
    """Believe a client and its tokens no more; whether there was one."""
    there = (
        clients.c.id == client_id,
        clients.c.organization_id == organization_id,
        clients.c.revoked_at.is_(None),
    )
    done = await connection.execute(
        update(clients).where(*there, clients.c.revoked_at.is_(None)).values(revoked_at=time.time())
    )
    return bool(done.rowcount)


def caller_of(row: Row[Any]) -> Caller:
    """Who a client is to everything that asks."""
    return Caller(
        organization_id=row.organization_id,
        id=f"client:{row.id}",
        name=row.name,
        writes=row.writes,
        scope="read" if row.writes == "off" else "write",
        workspaces=None if row.workspaces is None else frozenset(row.workspaces),
        accounts=accounts_read(row.accounts),
        caps=caps_read(row.caps),
        redirects=tuple(row.redirects or ()),
    )


def listed(accounts: Mapping[str, Sequence[str]] | None) -> dict[str, list[str]] | None:
    """Ids by connector as JSON has them."""
    return None if accounts is None else {connector: [*ids] for connector, ids in accounts.items()}


def accounts_read(kept: Mapping[str, Sequence[str]] | None) -> dict[str, tuple[str, ...]] | None:
    """The same as it is used."""
    return None if kept is None else {connector: tuple(ids) for connector, ids in kept.items()}


def caps_written(caps: Caps | None) -> dict[str, Any] | None:
    """Caps as JSON; amounts as text, so that nothing of them is rounded."""
    if caps is None:
        return None
    most = None if caps.increase_pct is None else str(caps.increase_pct)
    amounts = {
        name: {code: str(amount) for code, amount in getattr(caps, name).items()}
        for name in ("daily", "lifetime")
    }
    return {**amounts, "increase_pct": most}


def caps_read(kept: Mapping[str, Any] | None) -> Caps | None:
    """Caps as they were written."""
    if kept is None:
        return None
    daily, lifetime = (
        {code: Decimal(text) for code, text in kept[name].items()} for name in ("daily", "lifetime")
    )
    most = kept["increase_pct"]
    return Caps(daily, lifetime, None if most is None else Decimal(most))
