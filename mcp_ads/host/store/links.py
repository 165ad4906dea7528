"""One-time links of end users: known by the hash of their token, and used up by one consent."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .consents import hashed
from .tables import links, organizations, workspaces


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
    """The link of a token; None for one that is unknown, used, or over."""
    good = (
        links.c.token_hash == hashed(token), links.c.expires_at > time.time(), links.c.used_at.is_(None),
        organizations.c.id == links.c.organization_id, workspaces.c.id == links.c.workspace_id,
    )  # fmt: skip
    names = organizations.c.name.label("organization"), workspaces.c.name.label("workspace")
    row = (await connection.execute(select(links, *names).where(*good))).first()
    return Link(**{name: getattr(row, name) for name in Link.__dataclass_fields__}) if row else None


async def use(connection: AsyncConnection, token_hash: str) -> bool:
    """Use a link up; False where another consent was quicker."""
    unused = links.c.token_hash == token_hash, links.c.used_at.is_(None)
    done = await connection.execute(update(links).where(*unused).values(used_at=time.time()))
    return bool(done.rowcount)


async def give_back(connection: AsyncConnection, token_hash: str) -> None:
    """Let a link be used again of which nothing came."""
    await connection.execute(update(links).where(links.c.token_hash == token_hash).values(used_at=None))
