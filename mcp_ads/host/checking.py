"""Whether the platform accepts what a connector signs in with: it is asked for one account."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.engine.wire.authority import acting
from mcp_ads.errors import ApiError, AuthError, NotConfigured

from .callers import Caller
from .catalog import DEFINITIONS
from .parts import Host
from .store import connectors, workspaces
from .store.connectors import Kept, New

CHECKED = "list"


@dataclass(frozen=True)
class Checked:
    """What was asked to find out, and why it does not work ("" where it does)."""

    entity: str
    action: str = CHECKED
    error: str = ""
    is_refused: bool = False
    """Whether the platform refuses the credentials, and has not merely failed to answer."""


async def checked(host: Host, caller: Caller, kept: Kept) -> Checked:
    """Ask the platform with its credentials, and note that it takes them. Raises AdsError, Refused."""
    desk = await host.desks.of(caller, kept.workspace_id)
    name = DEFINITIONS[kept.slug].name
    entity = desk.connector(name).accounts.entity
    try:
        with acting(caller.authority):
            await desk.execute(name, entity, CHECKED, {"limit": 1, "connection": kept.label})
    except (ApiError, NotConfigured) as error:
        refused = isinstance(error, AuthError | NotConfigured)
        why = "the platform refuses the credentials" if refused else "the platform gives no answer"
        return Checked(entity, error=f"{why}: {error.lines[0]}", is_refused=refused)
    await host.database.run(lambda connection: connectors.verified(connection, kept))
    return Checked(entity)


async def tried(host: Host, caller: Caller, new: New) -> Checked:
    """The same of a connector that is not kept: it lies in a workspace of its own meanwhile, in no list."""
    whole = replace(caller, workspaces=None, accounts=None)

    async def begin(connection: AsyncConnection) -> tuple[workspaces.Workspace, Kept]:
        place = await workspaces.passing(connection, caller.organization_id)
        return place, await connectors.add(connection, host.keys, caller.organization_id, place.id, new)

    place, kept = await host.database.run(begin)
    try:
        return await checked(host, whole, kept)
    finally:
        await host.database.run(lambda connection: workspaces.remove(connection, place))
        await host.forget(place.id)
