"""Everything one process shares: a session per connector, plans, the audit log, the spool and the trace."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mcp_ads.connectors import connector as connector_named
from mcp_ads.core import Result
from mcp_ads.errors import AdsError, UnknownAction
from mcp_ads.settings import Settings

from .audit import AuditLog, Who, os_user
from .deadline import deadline
from .error_text import render_error
from .heard import listening
from .plans import PlanStore
from .recipes import Report
from .redaction import mapped
from .remembered import Memory
from .room import one_answer
from .session import Session
from .shape import compact, shown
from .shelf import Shelf
from .spool import Spool
from .trace import Trace
from .window import Window

if TYPE_CHECKING:
    import httpx


class Workspace:
    """The connectors of one user under one policy. Close it when done."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        given = [pair for each in settings.platforms.values() for pair in each.credentials.items()]
        known = [value for name, value in given if name != "CLIENT_ID"]
        names = [value for name, value in given if name == "CLIENT_ID"]
        self.trace = Trace(settings.records / "trace.jsonl", [*known, settings.http_token], names)
        self.spool = Spool(settings.records / "spool")
        self.shelf = Shelf(settings.records / "lists")
        self.writing: dict[str, asyncio.Task[Window]] = {}
        self.plans = PlanStore(settings.records / "plans")
        self.audit = AuditLog(settings.audit_path, self.trace.redact, Memory(settings.records / "audit.mark"))
        self.who: Callable[[], Who] = lambda: Who(os_user(), local=True)
        self.notice = ""
        """What everyone who asks what there is should know, such as that all HTTP clients are one owner."""
        self.under_way = 0
        self._sessions: dict[str, Session] = {}

    @contextmanager
    def call(self) -> Iterator[None]:
        """A call that is under way in here: a server that is stopped waits for it."""
        self.under_way += 1
        try:
            with listening():
                yield
        finally:
            self.under_way -= 1

    def session(self, name: str) -> Session:
        """The session of a connector; raises UnknownAction when there is none, or it is switched off."""
        known = connector_named(name)
        if known.name not in self.settings.platforms:
            raise UnknownAction(f"{known.name} is not among MCP_ADS_CONNECTORS")
        if known.name not in self._sessions:
            self._sessions[known.name] = Session(known, self.settings, self.trace, self._sandbox)
        return self._sessions[known.name]

    async def execute(
        self,
        connector: str,
        entity: str,
        action: str,
        params: Mapping[str, Any] | None = None,
        report: Report | None = None,
    ) -> Result:
        """Carry out one action of one entity. Raises AdsError."""
        from .execute import execute

        given = dict(params or {})
        try:
            with self.call(), deadline():
                return await execute(self, connector, entity, action, given, report)
        except AdsError as error:
            names = ", ".join(map(str, given))
            self.traced(error, connector, f"{entity}.{action}({names})")
            raise

    async def write(self, session: Session, entity: str, action: str, params: dict[str, Any]) -> Result:
        """Plan a write, or carry it out where the write mode is direct."""
        from .writes import write

        return await write(self, session, entity, action, params)

    async def apply(self, plan_id: str, report: Report | None = None) -> Result:
        """Carry out a plan, or say what became of it. Raises AdsError."""
        from .writes import apply

        try:
            with self.call():
                return await apply(self, plan_id, report)
        except AdsError as error:
            self.traced(error, "", f"apply {plan_id}")
            raise

    def traced(self, error: AdsError, connector: str, call: str) -> None:
        """Every error can be looked up, also one from before anything was sent, and says no secret."""
        self.trace.secrets.clean(error)
        error.trace = error.trace or self.trace.note(connector, call, error)

    async def answer(
        self,
        connector: str,
        entity: str,
        action: str,
        params: Mapping[str, Any] | None = None,
        style: str = "table",
        report: Report | None = None,
    ) -> str:
        """Carry out one action for an answer as text: no more is read than it can hold. Raises AdsError."""
        with one_answer():
            return self.text(await self.execute(connector, entity, action, params, report), style)

    def text(self, result: Result, style: str = "table") -> str:
        """A result as the agent reads it, without anything that opens an account.

        What it leaves out of a list is kept for the cursor in it.
        """
        clean = self._without_secrets(result)
        found = shown(clean, style)
        if isinstance(clean, Window) and clean.stretch and found.rows < len(clean.data):
            self.shelf.leave_out(clean, found.rows)
            found = shown(clean, style)
        return self.trace.without_secrets(found.text)

    def _without_secrets(self, result: Result) -> Result:
        """A copy whose values are clean before any of them is cut."""
        clean, cut_out = copy(result), self.trace.without_secrets
        if self.trace.secrets.suspect(compact([result.data, result.meta])):
            clean.data, clean.meta = mapped(result.data, cut_out), mapped(result.meta, cut_out)
        clean.errors = mapped(result.errors, self.trace.redact)
        return clean

    def error_text(self, error: AdsError) -> str:
        """An error as the agent reads it."""
        return self.trace.redact(render_error(error))

    @cached_property
    def _sandbox_transport(self) -> httpx.ASGITransport:
        import httpx

        from mcp_ads.sandbox.app import Sandbox

        return httpx.ASGITransport(Sandbox(self.settings.home / "sandbox").by_host())

    def _sandbox(self) -> httpx.ASGITransport:
        return self._sandbox_transport

    async def close(self) -> None:
        """Close connections and write down what the trace still holds."""
        for each in self._sessions.values():
            await each.close()
        self.trace.flush()
