"""Workspaces: found within one organization, and made when they are first named."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, delete, func, insert, literal, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.host.refusals import not_found

from .tables import workspaces


@dataclass(frozen=True)
class Workspace:
    """One workspace of an organization."""

    id: str
    organization_id: str
    name: str
    status: str
    revision: int
    created_at: float
    updated_at: float


async def find(connection: AsyncConnection, organization_id: str, workspace_id: str) -> Workspace | None:
    """The workspace with this id, None where the organization has none."""
    return await _first(connection, organization_id, workspaces.c.id == workspace_id)


async def named(connection: AsyncConnection, organization_id: str, name: str) -> Workspace | None:
    """The workspace of this name, None where the organization has none."""
    return await _first(connection, organization_id, workspaces.c.name == name)


async def ensure(connection: AsyncConnection, organization_id: str, name: str) -> Workspace:
    """The workspace of this name, made where it is new."""
    if found := await named(connection, organization_id, name):
        return found
    now = time.time()
    made = Workspace(str(uuid.uuid4()), organization_id, name, "active", 0, now, now)
    try:
        async with connection.begin_nested():
            await connection.execute(insert(workspaces).values(**vars(made)))
    except IntegrityError:  # another process has made it meanwhile
        return await ensure(connection, organization_id, name)
    return made


async def _first(connection: AsyncConnection, organization_id: str, which: Any) -> Workspace | None:
    wanted = select(workspaces).where(workspaces.c.organization_id == organization_id, which)
    row = (await connection.execute(wanted)).mappings().first()
    return Workspace(**row) if row else None


async def page(
    connection: AsyncConnection,
    organization_id: str,
    *,
    contains: str = "",
    status: str = "",
    names: frozenset[str] | None = None,
    after: tuple[str, str] | None = None,
    limit: int = 20,
) -> list[Workspace]:
    """Workspaces by name, the one called just so first where a name was asked for.

    `names` are those that may be seen, None for all; `after` is the name and id of the last one of a page.
    """
    wanted = select(workspaces).where(workspaces.c.organization_id == organization_id)
    if contains:
        wanted = wanted.where(func.lower(workspaces.c.name).contains(contains.lower(), autoescape=True))
    if status:
        wanted = wanted.where(workspaces.c.status == status)
    if names is not None:
        wanted = wanted.where(workspaces.c.name.in_(sorted(names)))
    order = case((workspaces.c.name == contains, 0), else_=1)
    if after:
        rank = 0 if after[0] == contains else 1
        here = tuple_(order, workspaces.c.name, workspaces.c.id)
        wanted = wanted.where(here > tuple_(literal(rank), literal(after[0]), literal(after[1])))
    rows = await connection.execute(wanted.order_by(order, workspaces.c.name, workspaces.c.id).limit(limit))
    return [Workspace(**row) for row in rows.mappings()]


async def counted(
    connection: AsyncConnection, organization_id: str, names: frozenset[str] | None
) -> dict[str, int]:
    """How many there are, by status; of those that may be seen."""
    wanted = select(workspaces.c.status, func.count()).where(workspaces.c.organization_id == organization_id)
    if names is not None:
        wanted = wanted.where(workspaces.c.name.in_(sorted(names)))
    return {row[0]: row[1] for row in await connection.execute(wanted.group_by(workspaces.c.status))}


async def change(connection: AsyncConnection, found: Workspace, **values: Any) -> Workspace:
    """The workspace with another name or status; engines made of it are made anew. Raises Refused (404)."""
    there = workspaces.c.id == found.id, workspaces.c.organization_id == found.organization_id
    values |= {"revision": workspaces.c.revision + 1, "updated_at": time.time()}
    await connection.execute(update(workspaces).where(*there).values(**values))
    changed = await find(connection, found.organization_id, found.id)
    if changed is None:
        raise not_found("workspace")
    return changed


async def remove(connection: AsyncConnection, found: Workspace) -> bool:
    """Delete a workspace and all that is kept in it; whether it was there."""
    there = workspaces.c.id == found.id, workspaces.c.organization_id == found.organization_id
    return bool((await connection.execute(delete(workspaces).where(*there))).rowcount)
