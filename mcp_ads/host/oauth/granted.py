"""A connector asked for with the secret id of a consent: made or completed, and never a second one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.host import intake
from mcp_ads.host.callers import Caller
from mcp_ads.host.catalog import DEFINITIONS
from mcp_ads.host.checking import Checked, checked, tried
from mcp_ads.host.parts import Host
from mcp_ads.host.refusals import Refused
from mcp_ads.host.store import connectors, grants, workspaces
from mcp_ads.host.store.connectors import Kept, New
from mcp_ads.host.store.grants import Grant
from mcp_ads.host.store.made_once import Once

ENTITIES = "entities: a token of one workspace may not change them"


async def connector_of_grant(
    host: Host, caller: Caller, workspace: str, new: New, given: Mapping[str, Any], once: Once | None = None
) -> tuple[Kept, bool]:
    """The one connector of a grant: made, or completed with what the request gave (columns by name).

    `new.secret_id` is the secret id's SHA-256. False comes with it where the same was asked `once` before.
    Raises Refused (400) unless the secret id is of this organization, workspace and kind.
    """

    async def work(connection: AsyncConnection) -> tuple[Kept, bool]:
        if once and (made := await once.first(connection)):
            return await connectors.theirs(connection, caller, made), False
        found = await _of(connection, host, caller.organization_id, workspace, new, given, take=True)
        if isinstance(found, New):
            place = await workspaces.ensure(connection, caller.organization_id, workspace)
            kept = await connectors.add(connection, host.keys, caller.organization_id, place.id, found)
        else:
            changed = {name: value for name, value in given.items() if getattr(found, name) != value}
            if caller.workspace_id and "entities" in changed:
                raise Refused(403, ENTITIES, "not_allowed", "entities")
            kept = await connectors.change(connection, found, **changed) if changed else found
        if once:
            await once.done(connection, kept.id)
        return kept, True

    return await host.database.run(work)


async def tried_grant(
    host: Host, caller: Caller, workspace: str, new: New, given: Mapping[str, Any]
) -> Checked:
    """Whether the platform takes what a grant gave, which stays as it is. Raises Refused as above."""

    async def look(connection: AsyncConnection) -> New | Kept:
        return await _of(connection, host, caller.organization_id, workspace, new, given, take=False)

    found = await host.database.run(look, reads=True)
    if isinstance(found, New):
        return await tried(host, caller, replace(found, secret_id=""))  # what is tried is not the grant's own
    return await checked(host, caller, found)


async def _of(
    connection: AsyncConnection,
    host: Host,
    organization_id: str,
    workspace: str,
    new: New,
    given: Mapping[str, Any],
    *,
    take: bool,
) -> New | Kept:
    """What is to be made of a grant, which is then kept no more if `take`; or what was made of it."""
    place = await workspaces.named(connection, organization_id, workspace)
    if place is None:
        raise _no_grant()
    read, where = grants.take if take else grants.look, (organization_id, place.id, new.slug)
    if (grant := await read(connection, host.keys, where, new.secret_id)) is not None:
        return _whole(new, grant, given)
    known = await connectors.of_secret(connection, organization_id, new.secret_id)
    if known is None or (known.workspace_id, known.slug) != (place.id, new.slug):
        raise _no_grant()
    return known


def _whole(new: New, grant: Grant, given: Mapping[str, Any]) -> New:
    if "replication_config" not in given:
        definition = DEFINITIONS[new.slug]
        if definition.needed != {"start_date"}:
            intake.replication(definition, {})  # refuses, as no consent gave what is needed
    changes = {"name": grant.name or new.name, "environment": dict(grant.environment), **given}
    whole = {**vars(new), **changes, "credentials": grant.credentials, "ends_at": grant.ends_at}
    return New(**whole)


def _no_grant() -> Refused:
    return Refused(
        400,
        "server_side_oauth_secret_id: it is of no consent for this workspace and kind, or older than a day; "
        "POST …/oauth/initiate asks for a new one",
        field="server_side_oauth_secret_id",
    )
