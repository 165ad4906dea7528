"""Connectors over REST: created, listed, looked at, changed and deleted."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.host import intake, views
from mcp_ads.host.admission import caller as caller_of
from mcp_ads.host.bodies import Body
from mcp_ads.host.callers import Caller
from mcp_ads.host.catalog import DEFINITIONS
from mcp_ads.host.checking import checked, tried
from mcp_ads.host.oauth.granted import ENTITIES, connector_of_grant, tried_grant
from mcp_ads.host.parts import Host, host_of
from mcp_ads.host.refusals import Refused, not_found
from mcp_ads.host.store import connectors, workspaces
from mcp_ads.host.store.connectors import Kept, New
from mcp_ads.host.store.consents import hashed
from mcp_ads.host.store.keyed import HEADER
from mcp_ads.host.store.made_once import Once

from .connector_bodies import Change, Create, entities_of

PATH = "/integrations/connectors"
router = APIRouter(tags=["connectors"])
By = Annotated[Caller, Depends(caller_of)]
Key = Annotated[
    str | None, Header(alias=HEADER, description="The same request with the same key is done once.")
]


class Wanted(Body):
    """Which workspace a list is asked of, and of which kind."""

    workspace_name: Annotated[str | None, Field(description="The workspace.")] = None
    customer_name: Annotated[str | None, Field(description="An older name of workspace_name.")] = None
    external_user_id: Annotated[str | None, Field(description="An older name of workspace_name.")] = None
    workspace_id: Annotated[str | None, Field(description="Instead of the workspace's name.")] = None
    definition_id: Annotated[str | None, Field(description="Only connectors of this kind.")] = None

    @property
    def slug(self) -> str:
        """The kind's slug, "" for all, one of nothing for a kind that is not kept here. Raises Refused."""
        if self.definition_id is None:
            return ""
        try:
            wanted = str(uuid.UUID(self.definition_id))
        except ValueError:
            said = f"definition_id: a UUID; {', '.join(d.id for d in DEFINITIONS.values())}"
            raise Refused(422, said, field="definition_id") from None
        return next((slug for slug, known in DEFINITIONS.items() if known.id == wanted), wanted)


@router.post(PATH)
async def create(
    request: Request,
    response: Response,
    body: Create,
    caller: By,
    verify: Annotated[bool, Query(description="Keep it only if the platform accepts it.")] = False,
    key: Key = None,
) -> dict[str, Any]:
    """Keep a connector: its credentials are sealed, and never answered."""
    check_may_change(caller)
    workspace, new = body.checked()
    if not caller.may_use(workspace):
        raise not_found("workspace")
    host, given, field = host_of(request), body.given(new), "credentials"
    once = None if key is None else Once.of(caller, key, await request.body())
    if (secret_id := body.server_side_oauth_secret_id) is not None:
        new, field = replace(new, secret_id=hashed(secret_id)), "server_side_oauth_secret_id"
    if verify:
        looked = (
            tried_grant(host, caller, workspace, new, given) if new.secret_id else tried(host, caller, new)
        )
        if (failed := await looked).error:
            raise Refused(422, f"{field}: {failed.error}", "platform_auth", field)
    if new.secret_id:
        kept, is_first = await connector_of_grant(host, caller, workspace, new, given, once)
    else:
        kept, is_first = await added(host, caller, workspace, new, once)
    if not is_first:
        response.headers["Idempotent-Replayed"] = "true"
    if verify and is_first:
        await host.database.run(lambda connection: connectors.verified(connection, kept))
    return views.whole(kept)


@router.post(f"{PATH}/check")
async def check(request: Request, body: Create, caller: By) -> dict[str, Any]:
    """Whether the platform would accept a connector, which is not kept."""
    check_may_change(caller)
    workspace, new = body.checked()
    if not caller.may_use(workspace):
        raise not_found("workspace")
    host = host_of(request)
    if (secret_id := body.server_side_oauth_secret_id) is not None:
        new = replace(new, secret_id=hashed(secret_id))
        return views.check(
            str(uuid.uuid4()), await tried_grant(host, caller, workspace, new, body.given(new))
        )
    return views.check(str(uuid.uuid4()), await tried(host, caller, new))


@router.post(f"{PATH}/{{connector_id}}/check")
async def check_kept(
    request: Request, connector_id: str, caller: By, body: Change | None = None
) -> dict[str, Any]:
    """Whether the platform accepts a connector now; with a body, whether it could be changed to that."""
    kept = await kept_of(request, caller, connector_id)
    if body is not None:
        _changes(kept, body)
    return views.check(kept.id, await checked(host_of(request), caller, kept))


@router.get(PATH)
async def every(request: Request, wanted: Annotated[Wanted, Query()], caller: By) -> dict[str, Any]:
    """The connectors of a workspace, none for one there is not."""
    return {"data": [views.line(kept) for kept in await _found(request, wanted, caller)]}


@router.get("/connectors/connectors_for_user", deprecated=True)
async def every_for_user(request: Request, wanted: Annotated[Wanted, Query()], caller: By) -> dict[str, Any]:
    """The same as the oldest clients ask for it."""
    return {"connectors": [{"id": kept.id} for kept in await _found(request, wanted, caller)]}


@router.get(f"{PATH}/{{connector_id}}")
async def one(request: Request, connector_id: str, caller: By) -> dict[str, Any]:
    """One connector, without its credentials."""
    return views.whole(await kept_of(request, caller, connector_id))


@router.put(f"{PATH}/{{connector_id}}")
async def change(request: Request, connector_id: str, body: Change, caller: By) -> dict[str, Any]:
    """Change a connector's name, `replication_config` or entities; credentials are not changed."""
    check_may_change(caller)
    if caller.workspace_id and "entities" in body.model_fields_set:
        raise Refused(403, ENTITIES, "not_allowed", "entities")
    host = host_of(request)

    async def work(connection: AsyncConnection) -> Kept:
        kept = await connectors.theirs(connection, caller, connector_id)
        return await connectors.change(connection, kept, **_changes(kept, body))

    return views.whole(await host.database.run(work))


@router.delete(f"{PATH}/{{connector_id}}", status_code=202)
async def delete(request: Request, connector_id: str, caller: By) -> dict[str, str]:
    """Delete a connector: its ciphertext is gone once this is answered."""
    check_may_change(caller)

    async def work(connection: AsyncConnection) -> None:
        await connectors.remove(connection, await connectors.theirs(connection, caller, connector_id))

    database = host_of(request).database
    await database.run(work)
    await database.erase()
    return {"job_id": str(uuid.uuid4())}


def check_may_change(caller: Caller) -> None:
    """Raises Refused for a caller who may only read, or only plan, and for the holder of a token of /mcp,
    which is for using connectors: these are not theirs to change.
    """
    if caller.authority.scope != "write" or caller.id.startswith("token:"):
        raise Refused(403, "this client or token may not create, change or delete connectors", "not_allowed")


async def kept_of(request: Request, caller: Caller, connector_id: str) -> Kept:
    """A connector that the caller may use. Raises Refused (404)."""

    async def work(connection: AsyncConnection) -> Kept:
        return await connectors.theirs(connection, caller, connector_id)

    return await host_of(request).database.run(work, reads=True)


async def added(
    host: Host, caller: Caller, workspace: str, new: New, once: Once | None = None
) -> tuple[Kept, bool]:
    """A new connector in the workspace of that name, which is made where it is new; or the one that was made
    when the same was asked before, and False. Raises Refused (404) where that one is gone.
    """

    async def work(connection: AsyncConnection) -> tuple[Kept, bool]:
        if once and (made := await once.first(connection)):
            return await connectors.theirs(connection, caller, made), False
        place = await workspaces.ensure(connection, caller.organization_id, workspace)
        kept = await connectors.add(connection, host.keys, caller.organization_id, place.id, new)
        if once:
            await once.done(connection, kept.id)
        return kept, True

    return await host.database.run(work)


async def _found(request: Request, wanted: Wanted, caller: Caller) -> list[Kept]:
    slug, workspace_id = wanted.slug, wanted.workspace_id
    given = {name: getattr(wanted, name) for name in intake.WORKSPACES}
    name = intake.workspace(given) if workspace_id is None or any(given.values()) else None

    async def work(connection: AsyncConnection) -> list[Kept]:
        organization_id = caller.organization_id
        if workspace_id is None:
            place = await workspaces.named(connection, organization_id, str(name))
        else:
            place = await workspaces.find(connection, organization_id, workspace_id)
        if place is None or not caller.may_use(place.name) or name not in (None, place.name):
            return []
        return await connectors.of_workspace(connection, organization_id, place.id, slug)

    return await host_of(request).database.run(work, reads=True)


def _changes(kept: Kept, body: Change) -> dict[str, Any]:
    """The columns that a body changes. Raises Refused."""
    definition, changes = DEFINITIONS[kept.slug], dict[str, Any]()
    if body.name is not None:
        changes["name"] = intake.name_of("name", body.name)
    if body.replication_config is not None:
        config = intake.replication(definition, body.replication_config)
        changes["replication_config"] = config
        changes["environment"] = intake.environment(definition, {}, config) or dict(kept.environment)
    if "entities" in body.model_fields_set:
        changes["entities"] = entities_of(definition, body)
    return changes
