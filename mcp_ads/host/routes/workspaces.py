"""Workspaces of an organization: listed, looked at, renamed, switched off, deleted."""

from __future__ import annotations

import asyncio
import shutil
import time
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.host import intake
from mcp_ads.host.admission import caller as caller_of
from mcp_ads.host.callers import Caller
from mcp_ads.host.parts import host_of
from mcp_ads.host.refusals import Refused, not_found
from mcp_ads.host.routes.connectors import check_may_change
from mcp_ads.host.store import workspaces
from mcp_ads.host.store.workspaces import Workspace
from mcp_ads.host.views import at

router = APIRouter(prefix="/workspaces", tags=["workspaces"])
By = Annotated[Caller, Depends(caller_of)]
Status = Literal["active", "inactive"]


class Wanted(BaseModel):
    """Which workspaces to list."""

    model_config = ConfigDict(extra="forbid")
    name_contains: Annotated[str, Field(max_length=intake.LONGEST)] = ""
    status: Status | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    cursor: Annotated[str, Field(max_length=1000)] = ""


class Change(BaseModel):
    """What of a workspace is to be another; an inactive one carries nothing out."""

    model_config = ConfigDict(extra="forbid")
    name: str | None = None
    status: Status | None = None
    cache_enabled: bool | None = None


@router.get("")
async def every(request: Request, wanted: Annotated[Wanted, Query()], caller: By) -> dict[str, Any]:
    """Workspaces by name, the one of just that name first."""

    async def look(connection: AsyncConnection) -> list[Workspace]:
        after = None
        if wanted.cursor:
            last = await workspaces.find(connection, caller.organization_id, wanted.cursor)
            if last is None or not caller.may_use(last.name):
                raise Refused(422, "cursor: not one of this list", field="cursor")
            after = (last.name, last.id)
        return await workspaces.page(
            connection, caller.organization_id, contains=wanted.name_contains, status=wanted.status or "",
            names=caller.workspaces, after=after, limit=wanted.limit + 1,
        )  # fmt: skip

    found = await host_of(request).database.run(look)
    shown = found[: wanted.limit]
    more = None
    if len(found) > wanted.limit:
        asked = wanted.model_dump(exclude_none=True, exclude_defaults=True) | {"cursor": shown[-1].id}
        more = f"{request.url.path}?{urlencode(asked)}"
    return {"data": [_whole(one) for one in shown], "next": more}


@router.get("/stats")
async def stats(request: Request, caller: By) -> dict[str, int]:
    """How many there are."""

    async def look(connection: AsyncConnection) -> dict[str, int]:
        return await workspaces.counted(connection, caller.organization_id, caller.workspaces)

    found = await host_of(request).database.run(look)
    active, inactive = found.get("active", 0), found.get("inactive", 0)
    return {"active_count": active, "inactive_count": inactive, "total_count": active + inactive}


@router.get("/{workspace_id}")
async def one(request: Request, workspace_id: str, caller: By) -> dict[str, Any]:
    """One workspace."""
    return _whole(await theirs(request, caller, workspace_id))


@router.put("/{workspace_id}")
async def change(request: Request, workspace_id: str, body: Change, caller: By) -> dict[str, Any]:
    """Rename it, or switch it on or off."""
    check_may_change(caller)
    found = await theirs(request, caller, workspace_id)
    values: dict[str, Any] = {}
    if body.name is not None:
        values["name"] = intake.name_of("name", body.name)
        if not caller.may_use(values["name"]):
            raise Refused(
                403, "name: this client may use certain workspaces only, and none of that name", "forbidden"
            )
    if body.status is not None:
        values["status"] = body.status

    async def write(connection: AsyncConnection) -> Workspace:
        return await workspaces.change(connection, found, **values)

    try:
        return _whole(await host_of(request).database.run(write))
    except IntegrityError:
        raise Refused(409, "name: another workspace is called so", "conflict", "name") from None


@router.delete("/{workspace_id}")
async def delete(request: Request, workspace_id: str, caller: By) -> dict[str, str]:
    """Delete it with its connectors, plans and everything else that is kept in it; the audit log stays."""
    check_may_change(caller)
    found, host = await theirs(request, caller, workspace_id), host_of(request)

    async def write(connection: AsyncConnection) -> bool:
        return await workspaces.remove(connection, found)

    if not await host.database.run(write):
        raise not_found("workspace")
    folder = host.settings.folder / "workspaces" / found.id
    await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    return {"id": found.id, "deleted_at": at(time.time())}


async def theirs(request: Request, caller: Caller, workspace_id: str) -> Workspace:
    """A workspace of the caller's. Raises Refused (404) for any other."""

    async def look(connection: AsyncConnection) -> Workspace | None:
        return await workspaces.find(connection, caller.organization_id, workspace_id)

    found = await host_of(request).database.run(look)
    if found is None or not caller.may_use(found.name):
        raise not_found("workspace")
    return found


def _whole(found: Workspace) -> dict[str, Any]:
    return {
        "id": found.id,
        "name": found.name,
        "organization_id": found.organization_id,
        "status": found.status,
        "cache_enabled": False,
        "tombstone": False,
        "visibility": "shared",
        "color": None,
        "created_at": at(found.created_at),
        "updated_at": at(found.updated_at),
    }
