"""Workspaces over REST: listed, counted, renamed, stopped and deleted; whoever first names one makes it."""

from __future__ import annotations

import base64
import time
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.host import intake, views
from mcp_ads.host.bodies import Body
from mcp_ads.host.callers import Caller
from mcp_ads.host.parts import host_of
from mcp_ads.host.refusals import Refused, not_found
from mcp_ads.host.store import clients, workspaces
from mcp_ads.host.store.workspaces import Workspace

from .connectors import By, check_may_change

PATH, MOST = "/workspaces", 100
router = APIRouter(tags=["workspaces"])


class Wanted(Body):
    """Which workspaces to list."""

    name_contains: Annotated[
        str, Field(description="Part of the name; the one of this very name is first.")
    ] = ""
    status: Annotated[Literal["active", "inactive", ""], Field(description="Only these.")] = ""
    limit: Annotated[int, Field(ge=1, le=MOST, strict=False, description="Most in this answer.")] = 20
    cursor: Annotated[str, Field(description="That of `next`.")] = ""


class ChangeWorkspace(Body):
    """What may be changed of a workspace; what is left out stays."""

    name: str | None = None
    status: Annotated[
        Literal["active", "inactive"] | None, Field(description="Calls of an inactive one are refused.")
    ] = None
    cache_enabled: Annotated[Literal[False] | None, Field(description="This server has no cache.")] = None


@router.get(PATH)
async def every(request: Request, wanted: Annotated[Wanted, Query()], caller: By) -> dict[str, Any]:
    """The workspaces that the caller may use."""
    after = _named_by(wanted.cursor)

    async def work(connection: AsyncConnection) -> list[Workspace]:
        asked = wanted.name_contains, wanted.status, wanted.limit + 1, after
        return await workspaces.page(connection, caller, *asked)

    found = await host_of(request).database.run(work, reads=True)
    shown, more = found[: wanted.limit], len(found) > wanted.limit
    last = shown[-1].name if shown and shown[-1].name != wanted.name_contains else ""
    following = request.url.include_query_params(cursor=_cursor(last)) if more else None
    link = f"{following.path}?{following.query}" if following else None
    return {"data": [_whole(known) for known in shown], "next": link}


@router.get(f"{PATH}/stats")
async def stats(request: Request, caller: By) -> dict[str, int]:
    """How many there are."""
    host = host_of(request)
    found = await host.database.run(lambda connection: workspaces.counts(connection, caller), reads=True)
    active, inactive = found.get("active", 0), found.get("inactive", 0)
    return {"active_count": active, "inactive_count": inactive, "total_count": active + inactive}


@router.get(f"{PATH}/{{workspace_id}}")
async def one(request: Request, workspace_id: str, caller: By) -> dict[str, Any]:
    """One workspace."""
    host = host_of(request)
    return _whole(await host.database.run(lambda c: workspaces.theirs(c, caller, workspace_id), reads=True))


@router.put(f"{PATH}/{{workspace_id}}")
async def change(request: Request, workspace_id: str, body: ChangeWorkspace, caller: By) -> dict[str, Any]:
    """Rename a workspace, or stop it."""
    _check_whole(caller)
    changes: dict[str, str] = {"status": body.status} if body.status else {}
    if body.name is not None:
        changes["name"] = intake.name_of("name", body.name)
        if not caller.may_use(changes["name"]):
            raise not_found("workspace")

    async def work(connection: AsyncConnection) -> Workspace:
        known = await workspaces.theirs(connection, caller, workspace_id)
        if changes.get("name", known.name) != known.name:
            await clients.check_free(connection, caller.organization_id, {known.name, changes["name"]})
        return await workspaces.change(connection, known, **changes)

    return _whole(await host_of(request).database.run(work))


@router.delete(f"{PATH}/{{workspace_id}}")
async def delete(request: Request, workspace_id: str, caller: By) -> dict[str, str]:
    """Delete a workspace with its connectors, plans and tokens; its lines of the audit log stay."""
    _check_whole(caller)

    host = host_of(request)

    async def work(connection: AsyncConnection) -> None:
        await workspaces.remove(connection, await workspaces.theirs(connection, caller, workspace_id))

    await host.database.run(work)
    await host.forget(workspace_id)
    return {"id": workspace_id, "deleted_at": views.at(time.time())}


def _check_whole(caller: Caller) -> None:
    """Raises Refused for who may not change workspaces, such as the holder of a token of one alone."""
    check_may_change(caller)
    if caller.workspace_id:
        raise Refused(403, "a token of one workspace may not rename, stop or delete it", "not_allowed")


def _whole(known: Workspace) -> dict[str, Any]:
    return {
        "id": known.id,
        "name": known.name,
        "organization_id": known.organization_id,
        "status": known.status,
        "cache_enabled": False,
        "tombstone": False,
        "visibility": "shared",
        "color": None,
        "created_at": views.at(known.created_at),
        "updated_at": views.at(known.updated_at),
    }


def _cursor(name: str) -> str:
    return base64.urlsafe_b64encode(f"after:{name}".encode()).decode()


def _named_by(cursor: str) -> str | None:
    """The name after which a page begins, "" for the one after the very name sought, None for the first."""
    if not cursor:
        return None
    try:
        kind, mark, name = base64.b64decode(cursor, altchars=b"-_", validate=True).decode().partition(":")
    except ValueError:
        kind = mark = name = ""
    if (kind, mark) != ("after", ":") or "\0" in name:
        raise Refused(422, "cursor: it is none of this list's; take that of `next`", field="cursor")
    return name
