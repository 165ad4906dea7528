"""A workspace of a host: its connectors, listed, taken to execute with, deleted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from mcp_ads.auth.answers import json_object
from mcp_ads.auth.hosted_connectors import CONNECTOR_ID, CONNECTORS, DEFINITIONS
from mcp_ads.connectors import NAMES
from mcp_ads.connectors import connector as declared
from mcp_ads.errors import BadSettings, NoConnector, SeveralConnectors
from mcp_ads.settings import load

from .backend import Shape
from .noted import changing
from .record import recorded
from .remote import MOST_INTENT, Remote
from .remote_guards import Guards
from .remote_refusals import lost
from .remote_settings import WORKSPACE, check_offered, host_of
from .remote_wire import Call, HostWire


@dataclass(frozen=True)
class ConnectorInfo:
    """One connector of a workspace; `connector_type` is what the host calls its kind, times are ISO 8601."""

    id: str
    name: str
    connector_type: str
    created_at: str | None = None
    updated_at: str | None = None
    slug: str = ""
    """The kind by its name here, "linkedin-ads"; empty for a kind that is not declared here."""


@dataclass
class ExecutionResult:
    """What an action came to. A write that waits as a plan has not succeeded yet: `data` is the plan."""

    success: bool
    data: Any = None
    error: str | None = None
    meta: dict[str, Any] = field(default_factory=dict)


class HostedExecutor:
    """Executes actions of one connector at a host. Everything raises AdsError."""

    def __init__(
        self,
        airbyte_client_id: str = "",
        airbyte_client_secret: str = "",
        connector_id: str = "",
        workspace_name: str = "",
        connector_definition_id: str = "",
        organization_id: str = "",
        *,
        writes: str | bool | None = None,
        env_file: str = "",
    ) -> None:
        """The connector of that id, or a workspace's one of a kind; `writes` is as in `connect`.

        Raises BadSettings, NotConfigured, UnknownAction.
        """
        wanted = connector_definition_id.lower()
        name = next((key for key, kind in DEFINITIONS.items() if kind == wanted), "")
        if connector_definition_id and not name:
            raise BadSettings(f"connector_definition_id: it is one of {', '.join(DEFINITIONS.values())}")
        if not (name or connector_id):
            raise BadSettings("connector_id: missing, and so is connector_definition_id")
        settings = load(env_file=env_file, named_by="env_file")
        host = host_of(settings, airbyte_client_id, airbyte_client_secret, organization_id, connector_id)
        if name:
            check_offered(settings, name)
        self._remote = Remote(
            declared(name) if name else None,
            host,
            workspace=workspace_name or WORKSPACE,
            connector_id=connector_id,
            guards=Guards(settings, name, writes),
        )

    @classmethod
    def over(cls, remote: Remote) -> Self:
        """The executor of a connector that is known already."""
        made = cls.__new__(cls)
        made._remote = remote  # noqa: SLF001 - its own
        return made

    async def execute(
        self,
        entity: str,
        action: str,
        *,
        params: Mapping[str, Any] | None = None,
        select_fields: Sequence[str] | None = None,
        exclude_fields: Sequence[str] | None = None,
        skip_truncation: bool = True,
        intent: str | None = None,
    ) -> ExecutionResult:
        """Carry out one action. Raises ValueError for an `intent` of over 512 characters."""
        if intent is not None and len(intent) > MOST_INTENT:
            raise ValueError(f"intent: at most {MOST_INTENT} characters, and it has {len(intent)}")
        shape = Shape(select_fields, exclude_fields, skip_truncation)
        found = await self._remote.execute(entity, action, params or {}, shape, intent=intent or "")
        error = f"planned, and nothing was changed yet: {found.data['apply']}" if found.planned else None
        return ExecutionResult(not found.planned, recorded(found.data), error, found.meta)

    async def apply(self, plan_id: str) -> ExecutionResult:
        """Carry out a plan that waits at the host."""
        found = await self._remote.apply(plan_id)
        error = "the account has changed; this is a fresh plan" if found.planned else None
        return ExecutionResult(not found.planned, recorded(found.data), error, found.meta)

    async def close(self) -> None:
        """Close the connections."""
        await self._remote.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        await self.close()


class Workspace:
    """The connectors of one workspace at the host that the environment names. Everything raises AdsError."""

    def __init__(
        self,
        *,
        client_id: str = "",
        client_secret: str = "",
        workspace_name: str = WORKSPACE,
        organization_id: str = "",
        writes: str | bool | None = None,
        env_file: str = "",
    ) -> None:
        """What is left out is read from the environment; `writes` is as in `connect`.

        Raises BadSettings, NotConfigured.
        """
        settings = load(env_file=env_file, named_by="env_file")
        self._host = host_of(settings, client_id, client_secret, organization_id)
        self.name, self._settings, self._writes = workspace_name or WORKSPACE, settings, writes
        self._guards = Guards(settings, "", writes)
        self._wire = HostWire(self._host)
        self._executors: list[HostedExecutor] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        await self.close()

    async def list_connectors(self) -> list[ConnectorInfo]:
        """Every connector of the workspace; none of one that is not there."""
        response = await self._wire.answered(Call("GET", CONNECTORS, query={"workspace_name": self.name}))
        listed = json_object(response).get("data")
        found = [_info(one) for one in listed] if isinstance(listed, list) else [None]
        if None in found:
            raise lost(self._host, "its answer is no list of connectors", write=False)
        return [info for info in found if info]

    async def get_connector(self, *, connector_id: str = "", name: str = "") -> HostedExecutor:
        """The connector of that id, or the one of that kind ("linkedin-ads") or name.

        Raises NoConnector, SeveralConnectors.
        """
        if bool(connector_id) == bool(name):
            raise BadSettings("connector_id, name: give one of them")
        listed = await self.list_connectors()
        found = [info for info in listed if info.id == connector_id or (name and _is_named(info, name))]
        there = ", ".join(f"{info.id} {info.name!r}" for info in found or listed) or "none"
        if not found:
            what = f"{self._host.name} has no such connector in the workspace {self.name!r}"
            raise NoConnector(what, fix=f"there are: {there}")
        if len(found) > 1:
            what = f"{self._host.name} has {len(found)} connectors of that name in {self.name!r}: {there}"
            raise SeveralConnectors(what, fix="pass connector_id= with the id of the one you mean")
        known = declared(found[0].slug) if found[0].slug else None
        if known:
            check_offered(self._settings, known.name)
        guards = Guards(self._settings, known.name if known else "", self._writes)
        remote = Remote(known, self._host, connector_id=found[0].id, guards=guards)
        self._executors.append(HostedExecutor.over(remote))
        return self._executors[-1]

    async def delete_connector(self, connector_id: str) -> None:
        """Delete a connector, and the credentials the host keeps for it; it may be listed for a moment."""
        if not CONNECTOR_ID.fullmatch(connector_id):
            raise BadSettings("connector_id: is no id of a host's")
        what, host, guards = "delete_connector", self._host, self._guards
        guards.check(what, host)
        call = Call(
            "DELETE",
            f"{CONNECTORS}/{quote(connector_id, safe='')}",
            write=True,
            check="list_connectors shows whether it is still there",
            stated=lambda stated: guards.check_stated(what, host, stated),
        )
        with changing():
            await self._wire.answered(call)

    async def close(self) -> None:
        """Close the connections, those of its connectors too."""
        for executor in self._executors:
            await executor.close()
        await self._wire.close()


def _info(listed: Any) -> ConnectorInfo | None:
    """A connector as it is listed; None for what is none."""
    if not isinstance(listed, Mapping) or not CONNECTOR_ID.fullmatch(str(listed.get("id") or "")):
        return None
    template = listed.get("summarized_source_template")
    template = template if isinstance(template, Mapping) else {}
    kinds = (template.get("connector_name"), template.get("name"))
    definition = str(template.get("actor_definition_id") or "").lower()
    by_id = next((name for name, kind in DEFINITIONS.items() if kind == definition), "")
    slug = by_id or next((known for kind in kinds if (known := _plain(str(kind))) in NAMES), "")
    shown = next((str(kind) for kind in (template.get("name"), *kinds) if kind), slug)
    created, updated = (str(listed[at]) if listed.get(at) else None for at in ("created_at", "updated_at"))
    called = str(listed["id"]), str(listed.get("name") or ""), shown
    return ConnectorInfo(*called, created, updated, slug.replace("_", "-"))


def _is_named(info: ConnectorInfo, name: str) -> bool:
    return name == info.name or _plain(name) in (_plain(info.slug), _plain(info.connector_type))


def _plain(name: str) -> str:
    """A kind's name however it is spelt: Facebook-Marketing, "Facebook Marketing", facebook_marketing."""
    return re.sub(r"[\s_-]+", "_", name.strip().lower())
