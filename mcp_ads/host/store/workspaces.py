"""Workspaces: found within one organization, and made when they are first named."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.host.callers import Caller
from mcp_ads.host.refusals import Refused, not_found

from .tables import workspaces

TRYING, LONGEST = "trying", 900.0
"""The status of one in which credentials are only tried, and seconds after which nobody does any more."""


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


async def passing(connection: AsyncConnection, organization_id: str) -> Workspace:
    """A workspace in no list, for credentials to be tried in; those are removed whose process has died."""
    now = time.time()
    left = workspaces.c.status == TRYING, workspaces.c.created_at < now - LONGEST
    await connection.execute(delete(workspaces).where(*left))
    made = Workspace(str(uuid.uuid4()), organization_id, f"check {uuid.uuid4()}", TRYING, 0, now, now)
    await connection.execute(insert(workspaces).values(**vars(made)))
    return made


async def _first(connection: AsyncConnection, organization_id: str, which: Any) -> Workspace | None:
    wanted = select(workspaces).where(workspaces.c.organization_id == organization_id, which)
    row = (await connection.execute(wanted)).mappings().first()
    return Workspace(**row) if row else None


async def page(
    connection: AsyncConnection, caller: Caller, part: str, status: str, limit: int, after: str | None
) -> list[Workspace]:
    """Workspaces open to a caller by name, at most `limit`, those after a name where `after` is one.

    On the first page the one whose name is `part` itself comes first; it is on no other.
    """
    open_to = [workspaces.c.organization_id == caller.organization_id, workspaces.c.status != TRYING]
    if caller.workspaces is not None:
        open_to.append(workspaces.c.name.in_(sorted(caller.workspaces)))
    if status:
        open_to.append(workspaces.c.status == status)
    wanted = select(workspaces).where(*open_to)
    like = func.lower(workspaces.c.name).contains(part.lower(), autoescape=True)
    others = wanted.where(like, workspaces.c.name != part)
    first = [] if after is not None else await _every(connection, wanted.where(workspaces.c.name == part))
    later = others.where(workspaces.c.name > after) if after else others
    rest = later.order_by(workspaces.c.name).limit(limit - len(first))
    return [*first, *await _every(connection, rest)]


async def counts(connection: AsyncConnection, caller: Caller) -> dict[str, int]:
    """How many workspaces open to a caller have each status."""
    wanted = select(workspaces.c.status, func.count()).where(
        workspaces.c.organization_id == caller.organization_id, workspaces.c.status != TRYING
    )
    if caller.workspaces is not None:
        wanted = wanted.where(workspaces.c.name.in_(sorted(caller.workspaces)))
    rows = await connection.execute(wanted.group_by(workspaces.c.status))
    return {row[0]: row[1] for row in rows}


async def theirs(connection: AsyncConnection, caller: Caller, workspace_id: str) -> Workspace:
    """A workspace open to a caller. Raises Refused (404) for any other, as if there were none."""
    found = await find(connection, caller.organization_id, workspace_id)
    if found is None or found.status == TRYING or not caller.may_use(found.name):
        raise not_found("workspace")
    return found


async def change(connection: AsyncConnection, known: Workspace, **values: Any) -> Workspace:
    """The workspace with another name or status; engines are made anew. Raises Refused (422)."""
    changed = replace(known, **values, revision=known.revision + 1, updated_at=time.time())
    try:
        async with connection.begin_nested():
            await connection.execute(update(workspaces).where(*_row(known)).values(**vars(changed)))
    except IntegrityError:
        raise Refused(422, "name: there is another workspace of this name", field="name") from None
    return changed


async def remove(connection: AsyncConnection, known: Workspace) -> None:
    """Delete a workspace with all that is in it; lines of the audit log stay."""
    await connection.execute(delete(workspaces).where(*_row(known)))


async def _every(connection: AsyncConnection, wanted: Select[Any]) -> list[Workspace]:
    return [Workspace(**row) for row in (await connection.execute(wanted)).mappings()]


def _row(known: Workspace) -> tuple[Any, Any]:
    return workspaces.c.id == known.id, workspaces.c.organization_id == known.organization_id
