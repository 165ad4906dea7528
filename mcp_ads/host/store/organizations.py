"""Organizations, and the keys that sign bearer tokens."""

from __future__ import annotations

import secrets
import time
import uuid
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.errors import BadSettings
from mcp_ads.host.keys import Keys

from .tables import organizations, signing_keys

SIGNING = "signing key"
"""The word that a signing key is bound to, beside its id."""


@dataclass(frozen=True)
class Organization:
    """Whoever keeps connectors here; nothing of one is ever seen by another."""

    id: str
    name: str
    created_at: float


async def add(connection: AsyncConnection, name: str) -> Organization:
    """A new organization."""
    made = Organization(str(uuid.uuid4()), name, time.time())
    await connection.execute(insert(organizations).values(**vars(made)))
    return made


async def every(connection: AsyncConnection) -> list[Organization]:
    """All of them, the oldest first."""
    named = (organizations.c.id, organizations.c.name, organizations.c.created_at)
    rows = await connection.execute(select(*named).order_by(organizations.c.created_at))
    return [Organization(**row) for row in rows.mappings()]


async def meant(connection: AsyncConnection, named: str) -> Organization:
    """The one of this name or id; without one, the only one there is. Raises BadSettings."""
    there = await every(connection)
    found = [one for one in there if not named or named in (one.id, one.name)]
    if len(found) == 1:
        return found[0]
    if not there:
        raise BadSettings("there is no organization yet; `mcp-ads host init` makes the first")
    names = ", ".join(f"{one.name} ({one.id})" for one in there)
    raise BadSettings(
        f"--organization: {'which one' if not named else 'no one, or several, of that name'}: {names}"
    )


async def signing(connection: AsyncConnection, keys: Keys) -> tuple[bytes, ...]:
    """The keys that sign bearer tokens, the newest first; the first is made where there is none."""
    rows = (await connection.execute(select(signing_keys).order_by(signing_keys.c.created_at.desc()))).all()
    if rows:
        return tuple(keys.open(row.sealed, SIGNING, row.id) for row in rows)
    made, fresh = str(uuid.uuid4()), secrets.token_bytes(32)
    sealed = keys.seal(fresh, SIGNING, made)
    await connection.execute(insert(signing_keys).values(id=made, sealed=sealed, created_at=time.time()))
    return (fresh,)
