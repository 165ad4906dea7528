"""Whoever asks, found by the bearer token of a request: a client, a scoped token's holder, or one of /mcp."""

from __future__ import annotations

import uuid
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import HTTPConnection, Request

from .callers import Caller
from .logs import CALLER
from .parts import Host, host_of
from .refusals import Refused, unknown_token
from .store import clients, mcp_tokens, workspaces
from .store.workspaces import Workspace

ORGANIZATION = "x-organization-id"


async def caller(request: Request) -> Caller:
    """The caller of a request, as a dependency. Raises Refused: 401, or for another organization 403."""
    found = await admitted(host_of(request), bearer_of(request))
    request.scope[CALLER] = found
    check_organization(request, found.organization_id)
    return found


async def admitted(host: Host, token: str) -> Caller:
    """Who holds a token, as they may act now: what became of their client counts. Raises Refused (401)."""
    if token.startswith(mcp_tokens.START):
        return await host.database.run(lambda connection: _of_workspace(connection, token), reads=True)
    said = host.signer.read(token)

    async def look(connection: AsyncConnection) -> Caller:
        row = await clients.get(connection, said.client_id)
        if row is None or row.organization_id != said.organization_id:
            raise unknown_token()
        found = clients.caller_of(row)
        if not said.workspace_id:
            return found
        there = await workspaces.find(connection, said.organization_id, said.workspace_id)
        if there is None or not found.may_use(there.name):
            raise unknown_token()
        return replace(found, workspaces=frozenset([there.name]), workspace_id=there.id)

    return await host.database.run(look, reads=True)


async def _of_workspace(connection: AsyncConnection, token: str) -> Caller:
    held = await mcp_tokens.holder(connection, token)
    if held is None:
        raise unknown_token()
    return replace(held[0], workspace_id=held[1])


def bearer_of(request: HTTPConnection) -> str:
    """The bearer token of a request. Raises Refused (401) where there is none."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise unknown_token()
    return token.strip()


def check_organization(request: HTTPConnection, organization_id: str) -> None:
    """Raise Refused where a header names another organization (403), or none (400)."""
    said = request.headers.get(ORGANIZATION)
    if said is None:
        return
    try:
        meant = str(uuid.UUID(said.strip()))
    except ValueError:
        raise Refused(400, "X-Organization-Id: write the organization's UUID, or leave it out") from None
    if meant != organization_id:
        raise Refused(403, "X-Organization-Id: that organization is not this token's", "forbidden")


async def workspace_named(host: Host, who: Caller, name: str, *, make: bool = False) -> Workspace:
    """A workspace that the caller may use, made where it is new and `make`. Raises Refused (404)."""
    if not who.may_use(name):
        raise Refused(404, "there is no such workspace here", "not_found")

    async def look(connection: AsyncConnection) -> Workspace:
        if make:
            return await workspaces.ensure(connection, who.organization_id, name)
        found = await workspaces.named(connection, who.organization_id, name)
        if found is None:
            raise Refused(404, "there is no such workspace here", "not_found")
        return found

    return await host.database.run(look, reads=not make)
