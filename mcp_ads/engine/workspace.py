"""Everything one process shares: a session per connector, plans, the audit log, the spool and the trace."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import TYPE_CHECKING

from mcp_ads.connectors import connector as connector_named
from mcp_ads.core import Connector, Request, kept
from mcp_ads.engine.changes.plan import Plan
from mcp_ads.engine.changes.steps import Step
from mcp_ads.engine.records.audit import Who, os_user
from mcp_ads.engine.records.shelf import Shelf
from mcp_ads.engine.records.spool import Spool
from mcp_ads.engine.records.store import Audit, FileRecords, KeptFiles, Plans, Records
from mcp_ads.engine.session.session import Session
from mcp_ads.engine.wire.authority import authority
from mcp_ads.engine.wire.heard import listening
from mcp_ads.engine.wire.trace import Trace
from mcp_ads.engine.wire.window import Window
from mcp_ads.errors import AdsError, OutOfScope, PolicyError, StalePlan, UnknownAction
from mcp_ads.settings import Settings

if TYPE_CHECKING:
    import httpx


class Workspace:
    """The connectors of one user under one policy. Close it when done."""

    def __init__(
        self,
        settings: Settings,
        records: Records | None = None,
        connectors: Mapping[str, Connector] | None = None,
    ) -> None:
        """`connectors` are others than those of the package, by name; their platforms are in the settings."""
        self.settings, self._more = settings, connectors or {}
        given = [pair for platform in settings.platforms.values() for pair in platform.credentials.items()]
        known = [value for name, value in given if name != "CLIENT_ID"]
        names = [value for name, value in given if name == "CLIENT_ID"]
        self.trace = Trace(FileRecords(settings).trace, [*known, settings.http_token], names)
        self.records: Records = records or FileRecords(settings, self.trace.redact)
        self.writing: dict[str, asyncio.Task[Window]] = {}
        self.who: Callable[[], Who] = lambda: Who(os_user(), local=True)
        self.notice = ""
        """What everyone who asks what there is should know, such as that all HTTP clients are one owner."""
        self.under_way = 0
        self._sessions: dict[str, Session] = {}

    @property
    def plans(self) -> Plans:
        return self.records.plans

    @property
    def audit(self) -> Audit:
        return self.records.audit

    @property
    def blobs(self) -> KeptFiles:
        return self.records.blobs

    @property
    def spool(self) -> Spool:
        return self.records.spool

    @property
    def shelf(self) -> Shelf:
        return self.records.shelf

    @contextmanager
    def call(self) -> Iterator[None]:
        """A call that is under way in here: a server that is stopped waits for it."""
        self.under_way += 1
        try:
            with listening():
                yield
        finally:
            self.under_way -= 1

    def connector(self, name: str) -> Connector:
        """The connector of that name; raises UnknownAction also where it is switched off."""
        return offered(self.settings, name, self._more)

    def session(self, name: str) -> Session:
        """The session of a connector; raises UnknownAction when there is none, or it is switched off."""
        known = self.connector(name)
        if known.name not in self._sessions:
            session = Session(known, self.settings, self.trace, self._sandbox, self.records)
            session.filled = self._filled
            self._sessions[known.name] = session
        return self._sessions[known.name]

    def _filled(self, request: Request) -> Request:
        from mcp_ads.engine.records.private_content import filled

        return filled(self.blobs, request)

    def check_given(self, value: kept.Kept) -> None:
        """Raise StalePlan unless what a value stands for is kept, and is what open plans with it say it is.

        What an agent writes of its kind, size and name counts nothing: these were read where it came in.
        """
        from mcp_ads.engine.records.private_content import GONE, check_kept

        planned = list(kept.stand_ins([step.params for step in self._open_steps()]))
        same = [known for known in planned if value.sha256 in kept.digests(known)]
        if same and value not in same:
            raise StalePlan(GONE)
        check_kept(self.blobs, value)

    def _open_steps(self) -> list[Step]:
        return [step for plan in self.plans.all() if plan.open for step in plan.steps]

    def forget_unneeded(self, digests: Collection[str]) -> None:
        """Keep none of these rows and files any longer that no plan can send any more."""
        if not digests:
            return
        with suppress(OSError, AdsError):  # they are forgotten by their age then
            needed = {digest for step in self._open_steps() for digest in kept.digests(step.params)}
            for digest in set(digests) - needed:
                self.blobs.forget(digest)

    @cached_property
    def _sandbox_transport(self) -> httpx.ASGITransport:
        import httpx

        from mcp_ads.sandbox.app import Sandbox

        return httpx.ASGITransport(Sandbox(self.settings.home / "sandbox").by_host())

    def _sandbox(self) -> httpx.ASGITransport:
        return self._sandbox_transport

    async def close(self) -> None:
        """Close connections and write down what the trace still holds."""
        for session in self._sessions.values():
            await session.close()
        self.trace.flush()


def offered(settings: Settings, name: str, more: Mapping[str, Connector] | None = None) -> Connector:
    """The connector of that name, of `more` or the package's; raises UnknownAction where it is off."""
    known = (more or {}).get(name) or connector_named(name)
    if known.name not in settings.platforms:
        there = ", ".join(settings.platforms)
        raise UnknownAction(f"{known.name} is not among MCP_ADS_CONNECTORS; there are {there}")
    return known


def plan_of(workspace: Workspace, plan_id: str) -> Plan:
    """A plan, for its maker or the owner of the files it lies in. Raises UnknownPlan, PolicyError."""
    plan, who = workspace.plans.get(plan_id), workspace.who()
    if plan.owner != who.id and not who.local:
        fix = "who made it applies it, or the owner of MCP_ADS_HOME with `mcp-ads apply`"
        raise PolicyError("the plan was made by someone else", fix=fix)
    if not authority().covers(plan.accounts):
        raise OutOfScope(f"the plan is about other accounts than those {authority().by} may use")
    return plan
