"""Grants: credentials that a consent gave, until a connector is made of them, or a day is over."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.host.keys import Keys

from .tables import grants

LIFE = 86_400
"""Seconds in which a connector has to be made of one."""


@dataclass(frozen=True)
class Grant:
    """What a consent gave. `ends_at` is when its credentials end, None where that is not known."""

    credentials: Mapping[str, str] = field(repr=False)
    environment: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    ends_at: float | None = None


def bound(row: Any) -> tuple[str, ...]:
    """The place that a row's credentials are sealed to."""
    return "grant", row.organization_id, row.workspace_id, row.secret_hash


async def keep(
    connection: AsyncConnection, keys: Keys, place: tuple[str, str, str], secret_hash: str, grant: Grant
) -> None:
    """Keep a grant for an organization, a workspace and a kind of connector; old ones go."""
    now, (organization_id, workspace_id, slug) = time.time(), place
    await connection.execute(delete(grants).where(grants.c.expires_at <= now))
    plain = json.dumps(vars(grant)).encode()
    sealed = keys.seal(plain, "grant", organization_id, workspace_id, secret_hash)
    await connection.execute(
        insert(grants).values(
            secret_hash=secret_hash, organization_id=organization_id, workspace_id=workspace_id, slug=slug,
            sealed=sealed, expires_at=now + LIFE,
        )
    )  # fmt: skip


async def take(
    connection: AsyncConnection, keys: Keys, place: tuple[str, str, str], secret_hash: str
) -> Grant | None:
    """The grant, which is then kept no more; None where that place has no good one of this hash.

    Whoever takes it at the same time waits for the transaction's end, and finds none.
    """
    gone = delete(grants).where(*_good(place, secret_hash)).returning(*grants.c)
    return _opened(keys, (await connection.execute(gone)).first())


async def look(
    connection: AsyncConnection, keys: Keys, place: tuple[str, str, str], secret_hash: str
) -> Grant | None:
    """The same grant, as it stays."""
    return _opened(keys, (await connection.execute(select(grants).where(*_good(place, secret_hash)))).first())


def _good(place: tuple[str, str, str], secret_hash: str) -> tuple[Any, ...]:
    organization_id, workspace_id, slug = place
    return (
        grants.c.secret_hash == secret_hash,
        grants.c.organization_id == organization_id,
        grants.c.workspace_id == workspace_id,
        grants.c.slug == slug,
        grants.c.expires_at > time.time(),
    )


def _opened(keys: Keys, row: Any) -> Grant | None:
    return Grant(**json.loads(keys.open(row.sealed, *bound(row)))) if row is not None else None
