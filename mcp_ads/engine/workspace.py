"""Everything one process shares: a session per connector, plans, the audit log, the spool and the trace."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from mcp_ads.core import Connector, Offer, Request, kept
from mcp_ads.engine.changes.plan import Plan
from mcp_ads.engine.changes.steps import Step
from mcp_ads.engine.records.audit import Who, os_user
from mcp_ads.engine.records.shelf import Shelf
from mcp_ads.engine.records.store import Audit, FileRecords, KeptFiles, KeptResults, Plans, Records, redacting
from mcp_ads.engine.session.named import no_connection, offered
from mcp_ads.engine.session.session import Session
from mcp_ads.engine.wire.authority import authority
from mcp_ads.engine.wire.heard import listening
from mcp_ads.engine.wire.trace import Trace
from mcp_ads.engine.wire.window import Window
from mcp_ads.errors import (
    AdsError,
    BadSettings,
    InvalidParams,
    NotConfigured,
    OutOfScope,
    PolicyError,
    StalePlan,
)
from mcp_ads.platforms import SHORT
from mcp_ads.settings import Settings

if TYPE_CHECKING:
    import httpx

    from mcp_ads.engine.records.spool import Spool
    from mcp_ads.engine.session.sign_ins import SignIns

LOG = logging.getLogger("mcp_ads")
CLOSED = "connections.toml or clients.toml has a mistake, and until it is mended nothing can be changed"
_in_a_change: ContextVar[bool] = ContextVar("in_a_change", default=False)


class Workspace:
    """The connectors of one user under one policy. Close it when done."""

    beside: tuple[str, ...] = ()
    """What can be asked besides the connectors, by name."""

    def __init__(
        self,
        settings: Settings,
        records: Records | None = None,
        connectors: Mapping[str, Connector] | None = None,
    ) -> None:
        """`connectors` are others than those of the package, by name; their platforms are in the settings."""
        self.settings, self._more = settings, connectors or {}
        given = _credentials(settings)
        known = [value for name, value in given if name != "CLIENT_ID"]
        names = [value for name, value in given if name == "CLIENT_ID"]
        self.trace = Trace(FileRecords(settings).trace, [*known, settings.http_token], names)
        self.records = redacting(records or FileRecords(settings), self.trace.redact)
        self.writing: dict[str, asyncio.Task[Window]] = {}
        self.who: Callable[[], Who] = lambda: Who(os_user(), local=True)
        self.notice = ""
        """What everyone who asks what there is should know, such as that all HTTP clients are one owner."""
        self.sign_ins: SignIns | None = None
        self.under_way = 0
        self._changing = 0
        self._sessions: dict[tuple[str, str], Session] = {}
        self._former: list[Session] = []

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

    @property
    def results(self) -> KeptResults:
        return self.records.results

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
        self.look_again()
        return offered(self.settings, name, self._more, self.beside)

    @property
    def served(self) -> list[str]:
        """The connectors there are tools for."""
        return self.settings.served

    def offer(self, name: str) -> Offer:
        """What can be asked of the connector of that name. Raises UnknownAction."""
        return self.connector(name)

    def look_again(self) -> None:
        """Use connections and clients as they are written down and signed in now.

        While what is written down has a mistake, nothing may be changed, and reads go on with what there was.
        A change under way keeps those it began with; until it is over, other calls wait for what was edited
        meanwhile. Raises PolicyError then, and while a file that protects less may be half written.
        """
        if self.sign_ins is None or _in_a_change.get():
            return
        if self._changing:
            if edited := self.sign_ins.edited():
                said = f"{edited} was edited, and a change is under way that began before"
                raise PolicyError(said, fix="call again when it is over")
            return
        try:
            now = self.sign_ins.news()
        except BadSettings as error:
            self._close(error)
            return
        if now is None:
            return
        known = self.settings.platforms.keys() & now.platforms.keys()
        self.settings = replace(
            self.settings,
            platforms={**self.settings.platforms, **{name: now.platforms[name] for name in known}},
            connections={**self.settings.connections, **{name: now.connections[name] for name in known}},
            clients=now.clients,
            closed="",
        )
        for name, value in _credentials(self.settings):
            if name != "CLIENT_ID":
                self.trace.hide(value)
        for (name, label), session in list(self._sessions.items()):
            session.settings = self.settings  # lists of one connection are closed to the others
            there = self.settings.connection(name, label)
            if there is None or not session.platform.is_like(there):
                self._former.append(self._sessions.pop((name, label)))

    def _close(self, error: BadSettings) -> None:
        """Let nobody change anything; the log has the mistake, once."""
        if not self.settings.closed:
            for line in error.lines:
                LOG.error("%s", line)
        self.settings = replace(self.settings, closed=CLOSED)
        for session in self._sessions.values():
            session.settings = self.settings

    @contextmanager
    def changing(self) -> Iterator[None]:
        """A change that is being made: until it is over, connections stay as they are for it."""
        self._changing += 1
        token = _in_a_change.set(True)
        try:
            yield
        finally:
            _in_a_change.reset(token)
            self._changing -= 1

    def check_configured(self, session: Session) -> None:
        """Raise NotConfigured with what to do about it: where to sign in, or what to set."""
        try:
            session.check_configured()
        except NotConfigured as error:
            if self.sign_ins and authority().whole:
                error.fix = self.sign_ins.ways(session.platform, error.fix)
            raise

    def plain_id(self, name: str, word: str) -> str:
        """An id of a connector's platform without what stands before it in some of its spellings."""
        return offered(self.settings, name, self._more).plain_id(word)

    def session(self, name: str, connection: str = "") -> Session:
        """The session of a connector's connection; without a name, of the one that is the default.

        Raises UnknownAction for a connector that is not there or off, InvalidParams for a connection.
        """
        known = self.connector(name)
        platform = self.settings.connection(known.name, connection)
        if platform is None:
            labels = [session.platform.label for session in self.sessions(known.name)]
            raise InvalidParams(no_connection(labels, connection))
        key = (known.name, platform.label)
        if key not in self._sessions:
            session = Session(known, self.settings, self.trace, self._sandbox, self.records, platform)
            session.filled = self._filled
            self._sessions[key] = session
        return self._sessions[key]

    def session_of(self, step: Step) -> Session:
        """The session with whose credentials a step was planned. Raises StalePlan where there is none."""
        label = step.connection_name or SHORT.get(step.connector, step.connector)
        try:
            return self.session(step.connector, label)
        except InvalidParams:
            raise StalePlan(
                f"the plan was made with the connection {label}, which is not there any more",
                fix="make the plan again",
            ) from None

    def has_several(self, name: str) -> bool:
        """Whether a connector has several connections. Raises UnknownAction."""
        return len(self.settings.of(self.connector(name).name)) > 1

    def sessions(self, name: str) -> list[Session]:
        """The connections of a connector that the caller may use, the default first; where there is none, one
        that says so. Raises UnknownAction.
        """
        known = self.connector(name).name
        there = [self.session(known, platform.label) for platform in self.settings.of(known)]
        return [session for session in there if session.accounts.open] or there[:1]

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

        world, delay = self.settings.sandbox_world, self.settings.sandbox_report_delay
        return httpx.ASGITransport(Sandbox(self.settings.records, report_delay=delay, world=world).by_host())

    def _sandbox(self) -> httpx.ASGITransport:
        return self._sandbox_transport

    async def close(self) -> None:
        """Close connections and write down what the trace still holds."""
        for session in (*self._sessions.values(), *self._former):
            await session.close()
        self.trace.flush()


def _credentials(settings: Settings) -> list[tuple[str, str]]:
    """The credentials of all connections, as far as the settings have them, each with its name."""
    platforms = [platform for name in settings.platforms for platform in settings.of(name)]
    return [pair for platform in platforms for pair in platform.secrets.items()]


def plan_of(workspace: Workspace, plan_id: str) -> Plan:
    """A plan, for its maker, its approver or the files' owner. Raises UnknownPlan, PolicyError."""
    plan, who = workspace.plans.whichever(plan_id), workspace.who()
    if plan.owner != who.id and not who.local and not authority().may_approve(plan.owner):
        fix = f"who made it applies it. Or else: {authority().by_hand}"
        raise PolicyError("the plan was made by someone else", fix=fix)
    if not authority().covers(plan.accounts):
        raise OutOfScope(f"the plan is about other accounts than those {authority().by} may use")
    return plan.standing()
