"""One-time links of end users: known by the hash of their token, and used up by one consent."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .consents import hashed
from .tables import links, organizations, workspaces

CLAIMED = 300.0
"""Seconds for which a consent under way holds a link: longer than any exchange of a code takes."""


@dataclass(frozen=True)
class Link:
    """A link that is good. `asked` has the name and replication_config of the connector it makes."""

    token_hash: str
    organization_id: str
    organization: str
    workspace_id: str
    workspace: str
    slug: str
    asked: Mapping[str, Any]


async def make(
    connection: AsyncConnection, place: tuple[str, str, str], asked: Mapping[str, Any], seconds: float
) -> str:
    """The token of a new link for an organization, a workspace and a kind of connector; old ones go."""
    token, now, (organization_id, workspace_id, slug) = secrets.token_urlsafe(32), time.time(), place
    await connection.execute(delete(links).where(links.c.expires_at <= now))
    await connection.execute(
        insert(links).values(
            token_hash=hashed(token), organization_id=organization_id, workspace_id=workspace_id, slug=slug,
            asked=dict(asked), expires_at=now + seconds,
        )
    )  # fmt: skip
    return token


async def find(connection: AsyncConnection, token: str) -> Link | None:
    """The link of a token; None for one that is unknown, used, over, or being used now."""
    good = (
        *_free(hashed(token)), links.c.expires_at > time.time(),
        organizations.c.id == links.c.organization_id, workspaces.c.id == links.c.workspace_id,
    )  # fmt: skip
    names = organizations.c.name.label("organization"), workspaces.c.name.label("workspace")
    row = (await connection.execute(select(links, *names).where(*good))).first()
    return Link(**{name: getattr(row, name) for name in Link.__dataclass_fields__}) if row else None


async def claim(connection: AsyncConnection, token_hash: str) -> float | None:
    """Take a link for one consent, until it is `used` or given back; None where another was quicker.

    A claim that nothing came of, as its process ended, holds for `CLAIMED` seconds. It is known by its time.
    """
    now = time.time()
    taken = update(links).where(*_free(token_hash)).values(used_at=now)
    return now if (await connection.execute(taken)).rowcount else None


async def used(connection: AsyncConnection, token_hash: str, claimed_at: float) -> bool:
    """Use a link up, in the transaction that keeps what came of it; False where the claim is no more."""
    return bool((await connection.execute(delete(links).where(*_claim(token_hash, claimed_at)))).rowcount)


async def give_back(connection: AsyncConnection, token_hash: str, claimed_at: float) -> None:
    """Let a link be used again of which nothing came."""
    await connection.execute(update(links).where(*_claim(token_hash, claimed_at)).values(used_at=None))


def _free(token_hash: str) -> tuple[Any, Any]:
    unclaimed = or_(links.c.used_at.is_(None), links.c.used_at < time.time() - CLAIMED)
    return links.c.token_hash == token_hash, unclaimed


def _claim(token_hash: str, claimed_at: float) -> tuple[Any, Any]:
    return links.c.token_hash == token_hash, links.c.used_at == claimed_at
