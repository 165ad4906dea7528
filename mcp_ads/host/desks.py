"""Engines: one for each workspace and what its caller may, made of the connectors that are kept there."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.across.desk import Desk
from mcp_ads.engine.records.audit import Who
from mcp_ads.errors import AdsError, NoRecord, NotConfigured
from mcp_ads.platforms import Platform
from mcp_ads.settings import Caps, Settings

from .callers import Caller
from .catalog import DEFINITIONS
from .credentials import platform_of, without_credentials
from .keys import Keys
from .records.sql import SqlRecords
from .refusals import Refused, not_found
from .rotation import RotatingDesk, keep
from .settings import HostSettings
from .store import connectors, oauth_apps, workspaces
from .store.connectors import Kept
from .store.database import Database
from .store.workspaces import Workspace

MOST, IDLE = 512, 900.0
"""Engines that are kept, and seconds after which one that nobody asks is closed."""
GRACE = 60.0
"""Seconds in which one that was handed out is not closed: whoever got it may not have begun."""
Apps = Mapping[str, Mapping[str, str] | NoRecord]
"""The app that connectors of a kind sign in with, by slug; or why the organization's own does not open."""
INACTIVE = (
    "the workspace is inactive, so that nothing is carried out in it; PUT /workspaces/{id} makes it active"
)


@dataclass
class Made:
    """An engine, what its connectors are called in it, and when it was asked last."""

    desk: Desk
    revision: int
    labels: Mapping[str, str]
    used: float = field(default_factory=time.monotonic)


class Desks:
    """The engines of this process, made when they are asked for and closed when nobody asks any more."""

    def __init__(self, settings: HostSettings, database: Database, keys: Keys) -> None:
        self._settings, self._database, self._keys = settings, database, keys
        self._made: OrderedDict[tuple[str, ...], Made] = OrderedDict()
        self._former: list[Made] = []
        self._lock = asyncio.Lock()

    async def of(self, caller: Caller, workspace_id: str) -> Desk:
        """The engine for a workspace, with its connectors as connections by their labels. Raises Refused."""
        return (await self.made(caller, workspace_id)).desk

    async def made(self, caller: Caller, workspace_id: str) -> Made:
        """The same, with the labels of its connectors by their ids. Raises Refused."""
        found = await self._database.run(partial(_place, caller, workspace_id), reads=True)
        return await self._made_for(caller, *found)

    async def of_connector(self, caller: Caller, connector_id: str) -> tuple[Kept, Made]:
        """A connector that the caller may use, with its workspace's engine: one look. Raises Refused."""

        async def look(connection: AsyncConnection) -> tuple[Kept, tuple[Workspace | None, str]]:
            kept = await connectors.theirs(connection, caller, connector_id)
            return kept, await _place(caller, kept.workspace_id, connection)

        kept, found = await self._database.run(look, reads=True)
        return kept, await self._made_for(caller, *found)

    async def _made_for(self, caller: Caller, workspace: Workspace | None, apps: str) -> Made:
        """The engine of a workspace; `apps` is the state of its organization's apps. Raises Refused."""
        if workspace is None or not caller.may_use(workspace.name):
            raise not_found("workspace")
        if workspace.status not in ("active", workspaces.TRYING):
            raise Refused(403, INACTIVE, "inactive")
        key = (workspace.id, caller.id, caller.writes, repr(caller.caps), apps)
        async with self._lock:
            known = self._made.get(key)
            if known is None or known.revision != workspace.revision:
                if known:
                    self._former.append(known)
                known = self._made[key] = await self._fresh(caller, workspace)
            self._made.move_to_end(key)
            known.used = time.monotonic()
            await self._close_idle()
        return known

    async def forget(self, workspace_id: str) -> None:
        """Close those of a workspace that is gone, each once nobody asks it."""
        async with self._lock:
            for key in [key for key in self._made if key[0] == workspace_id]:
                self._former.append(self._made.pop(key))
            await self._close_idle()

    async def close(self) -> None:
        """Close them all."""
        for made in (*self._made.values(), *self._former):
            await made.desk.close()
        self._made.clear()
        self._former.clear()

    async def _fresh(self, caller: Caller, workspace: Workspace) -> Made:
        own = self._settings.own

        async def look(connection: AsyncConnection) -> tuple[list[Kept], Apps]:
            kept = await connectors.of_workspace(connection, workspace.organization_id, workspace.id)
            apps: dict[str, Mapping[str, str] | NoRecord] = {}
            for slug in {one.slug for one in kept}:
                whose = workspace.organization_id, DEFINITIONS[slug]
                try:
                    if app := await oauth_apps.app_of(connection, self._keys, own, *whose):
                        apps[slug] = {"CLIENT_ID": app.client_id, "CLIENT_SECRET": app.client_secret}
                except NoRecord as error:
                    apps[slug] = error
            return kept, apps

        kept, apps = await self._database.run(look, reads=True)
        broken = dict[tuple[str, str], AdsError]()
        settings = self._settings_of(caller, workspace, kept, apps, broken)
        records = SqlRecords(
            self._database, self._keys, workspace.organization_id, workspace.id, self._settings.folder
        )
        desk = RotatingDesk(settings, records, kept, partial(keep, self._database, self._keys))
        desk.broken = broken
        records.redact = desk.trace.redact
        desk.who = lambda: Who(caller.id, name=caller.name)
        return Made(desk, workspace.revision, {one.id: one.label for one in kept})

    def trouble(self, kept: Kept) -> str:
        """Why a connector cannot be used, whatever the platform says; empty where it can."""
        base = self._settings.own.platforms.get(DEFINITIONS[kept.slug].name)
        try:
            if base:
                self._platform(kept, base, {})
        except (NoRecord, NotConfigured) as error:
            return f"{error}; {error.fix}"
        return ""

    def _platform(self, one: Kept, base: Platform, apps: Apps) -> Platform:
        """A connector's connection. Raises NoRecord, NotConfigured."""
        given, app = one.credentials(self._keys), apps.get(one.slug, {})
        if isinstance(app, NoRecord):
            if "refresh_token" in given and "client_id" not in given:
                raise app
            app = {}
        return platform_of(base, one.label, given, one.environment, app, sandbox=self._settings.own.sandbox)

    def _settings_of(
        self,
        caller: Caller,
        workspace: Workspace,
        kept: list[Kept],
        apps: Apps,
        broken: dict[tuple[str, str], AdsError],
    ) -> Settings:
        own = self._settings.own
        found: dict[str, list[Any]] = {}
        for one in kept:
            name = DEFINITIONS[one.slug].name
            if base := own.platforms.get(name):
                try:
                    usable = self._platform(one, base, apps)
                except (NoRecord, NotConfigured) as error:
                    broken[name, one.label], usable = error, without_credentials(base, one.label)
                found.setdefault(name, []).append(usable)
        bare = {name: replace(base, credentials={}, signed_in=None, account_ids=(), default_account="")
                for name, base in own.platforms.items()}  # fmt: skip
        return replace(
            own,
            platforms={**bare, **{name: several[0] for name, several in found.items()}},
            connections={name: tuple(several) for name, several in found.items()},
            writes="off" if own.writes == "off" else caller.writes,
            caps=tighter(own.caps, caller.caps),
            home=self._settings.folder / "workspaces" / workspace.id,
            files=None,
            audit_log=None,
            keyring="off",
            http_token="",
            http_tokens=None,
            clients=type(own.clients)(),
        )

    async def _close_idle(self) -> None:
        now = time.monotonic()
        for key, made in list(self._made.items()):
            if now - made.used > IDLE or len(self._made) > MOST:
                self._former.append(self._made.pop(key))
        for made in [one for one in self._former if not one.desk.under_way and now - one.used > GRACE]:
            self._former.remove(made)
            await made.desk.close()


async def _place(
    caller: Caller, workspace_id: str, connection: AsyncConnection
) -> tuple[Workspace | None, str]:
    """A workspace as it is now, and the state of its organization's apps."""
    found = await workspaces.find(connection, caller.organization_id, workspace_id)
    return found, await oauth_apps.state(connection, caller.organization_id)


def tighter(own: Caps, theirs: Caps | None) -> Caps:
    """What both of two caps allow. Each that names any amount refuses what it does not name, so that what one
    of them does not name is capped at nothing: a client's cap never opens a currency that the host's refuses.
    """
    if theirs is None:
        return own
    lists = [caps for caps in (own, theirs) if caps.daily or caps.lifetime]
    rises = [most for most in (own.increase_pct, theirs.increase_pct) if most is not None]
    daily, lifetime = _lowest([caps.daily for caps in lists]), _lowest([caps.lifetime for caps in lists])
    return Caps(daily, lifetime, min(rises) if rises else None)


def _lowest(lists: list[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    codes = dict.fromkeys(code for amounts in lists for code in amounts)
    return {code: min(amounts.get(code, Decimal(0)) for amounts in lists) for code in codes}
