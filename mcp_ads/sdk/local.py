"""The backend in this process: the engine with a user's credentials."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mcp_ads.across.desk import Desk
from mcp_ads.connectors import connector
from mcp_ads.core import Result
from mcp_ads.core.recipe import Report
from mcp_ads.engine import overview
from mcp_ads.engine.answers.plan_pages import page_asked
from mcp_ads.engine.answers.plan_text import plan_record
from mcp_ads.engine.reads.as_sent import askable
from mcp_ads.engine.wire.redaction import mapped
from mcp_ads.settings import Settings, load, warn_of
from mcp_ads.write_modes import write_mode

from .backend import Answered, Shape
from .client import _at_home, _platform
from .noted import changing
from .shaping import shaped
from .token_news import OnTokenRefresh, TellingDesk
from .words import how_to_apply, in_python, of_records, plan_in_python
from .written import Written


class Local:
    """One connector in this process. Everything raises AdsError."""

    host = ""
    connector_id: str | None = None

    def __init__(
        self,
        name: str,
        settings: Settings,
        clients_in: Path | None = None,
        on_token_refresh: OnTokenRefresh | None = None,
        *,
        env_file: str = "",
        own: bool = False,
    ) -> None:
        """`clients_in` is the folder of clients.toml, where that is not among the records.

        `own` says that the program gave credentials, which no shell has.
        """
        self._env_file, self._own = env_file, own
        self._settings, self._clients_in, self._tell = settings, clients_in, on_token_refresh
        self.offer = connector(name)
        self._desks: dict[asyncio.AbstractEventLoop, Desk] = {}

    @property
    def writes(self) -> str:
        """What becomes of a write: "plan", "direct" or "off"."""
        return self._settings.writes

    @property
    def desk(self) -> Desk:
        """The engine of the event loop that runs: connections of another one are of no use in it."""
        loop = asyncio.get_running_loop()
        if loop not in self._desks:
            for over in [it for it in self._desks if it.is_closed()]:
                self._desks.pop(over).trace.flush()
            settings = self._settings
            made = TellingDesk(settings, self._tell) if self._tell else Desk(settings)
            made.sign_ins = Written(settings, self._clients_in or settings.records)
            self._desks[loop] = made
        return self._desks[loop]

    async def execute(
        self,
        entity: str,
        action: str,
        params: Mapping[str, Any],
        shape: Shape,
        progress: Report | None = None,
    ) -> Answered:
        """Carry out one action; of a read the platform's own records, of a write its plan or outcome."""
        name = self.offer.name
        kind = self.offer.action(entity, self.offer.meant(entity, action, params))
        if kind.risk != "read":
            with changing():
                return self._written(await self.desk.execute(name, entity, action, params, progress))
        asked = {**params, **self._fields(entity, action, params, shape)}
        found = await self.desk.vendor_records(name, entity, action, asked, progress)
        if found.meta.get("pending"):
            return Answered(found.data, found.meta)
        has_get = "get" in self.offer.entity(entity).actions
        return shaped(Answered(found.data, found.meta), shape, has_get=has_get)

    async def apply(self, plan_id: str, progress: Report | None = None) -> Answered:
        """Carry out a plan; one the account has left behind is answered with a fresh plan."""
        with changing():
            return self._written(await self.desk.apply(plan_id, progress))

    async def describe(self, entity: str, action: str, query: str) -> str:
        """What there is, as text; asks no platform."""
        if query and (plan := page_asked(self.desk, query)):
            return plan_in_python(plan, query.split(maxsplit=1)[0])
        asked = {"connector": self.offer.name, "entity": entity, "action": action, "query": query}
        page = await overview.page(self.desk, {name: text for name, text in asked.items() if text})
        return of_records(page)

    def plans(self) -> list[dict[str, Any]]:
        """The plans kept here, the oldest first."""
        return [plan_record(plan) for plan in self.desk.plans.all()]

    async def close(self) -> None:
        """Close the connections of this event loop."""
        if there := self._desks.pop(asyncio.get_running_loop(), None):
            await there.close()

    def _fields(
        self, entity: str, action: str, params: Mapping[str, Any], shape: Shape
    ) -> dict[str, list[str]]:
        """What the platform is asked for where only some fields are wanted, and `params` name none."""
        name = self.offer.meant(entity, action, params)
        if shape.select_fields is None or params.get("fields") or self.offer.action(entity, name).private:
            return {}  # what is named in `fields` of people is shown: that is for the caller to write
        names = dict.fromkeys(field.strip().partition(".")[0] for field in shape.select_fields)
        asked = askable(self.offer, entity, name, names)
        return {"fields": asked} if asked else {}

    def _written(self, result: Result) -> Answered:
        """What a write or a plan came to: a plan that waits, or what was done."""
        text, clean = self.desk.text(result), mapped(result.data, self.desk.trace.without_secrets)
        data = clean if isinstance(clean, dict) else {"rows": clean}
        more = {"errors": result.errors} if result.errors else {}
        if data.get("state") == "ready" and "plan_id" in data:
            plan_id = data["plan_id"]
            plan = {
                "status": "planned",
                "plan_id": plan_id,
                "plan": plan_in_python(text, plan_id),
                "apply": how_to_apply(plan_id, self.desk.settings, env_file=self._env_file, own=self._own),
            }
            return Answered(plan | more, dict(result.meta), planned=True)
        status = "pending" if result.meta.get("pending") else _status(data)
        return Answered({**data, "status": status, "text": in_python(text), **more}, dict(result.meta))


def _status(data: Mapping[str, Any]) -> str:
    """What became of a write, of all its objects together: "done" is said where each of them is."""
    states = {str(row.get("state", "")) for row in data.get("rows") or [data]}
    if "unknown" in states:
        return "unknown"
    if len(states) > 1:
        return "partial" if states & {"done", "partial", "applied"} else "not done"
    return states.pop() or "nothing to do"


def local_settings(  # noqa: PLR0913 - all but two are optional
    name: str,
    credentials: Mapping[str, str],
    *,
    account_ids: str | Iterable[str] | None = None,
    writes: str | bool | None = None,
    env_file: str = "",
    home: str | Path | None = None,
    connection: str = "",
    environ: Mapping[str, str] | None = None,
    with_app: bool = False,
) -> tuple[Settings, Path]:
    """The settings of one connector with what a program gives, and the folder of its clients file.

    `environ` holds before the environment. `with_app` takes a client id and secret that are not given from
    the environment. Raises BadSettings, UnknownAction.
    """
    variables = {**os.environ, **environ} if environ else None
    loaded = load(env_file=env_file, environ=variables, named_by="env_file")
    settings, clients_in = _at_home(loaded, home)
    warn_of(settings)
    if writes is not None:
        settings = replace(settings, writes=write_mode(writes), writes_by="connect")
    if with_app and name in settings.platforms:
        app = settings.connection(name, connection) or settings.platforms[name]
        credentials = _with_app(credentials, app.credentials)
    platform = _platform(settings, name, credentials, account_ids, connection)
    alone = bool(connection or credentials or account_ids is not None)
    several = {name: (platform,)} if alone else settings.connections
    return replace(settings, platforms={name: platform}, connections=several), clients_in


def _with_app(given: Mapping[str, str], known: Mapping[str, str]) -> Mapping[str, str]:
    """Credentials with the environment's app, where there is a refresh token and no other app is named."""
    app = {key: known[key] for key in ("CLIENT_ID", "CLIENT_SECRET") if key in known}
    if "REFRESH_TOKEN" not in given or given.get("CLIENT_ID", app.get("CLIENT_ID")) != app.get("CLIENT_ID"):
        return given
    return {**app, **given}
