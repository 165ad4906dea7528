"""Workspaces: found within one organization, and made when they are first named."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

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
