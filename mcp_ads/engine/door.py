"""The door to the engine: one action carried out, one plan applied, and both as the text an agent reads."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from copy import copy
from functools import partial
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Result, validate
from mcp_ads.core.door import with_records
from mcp_ads.core.kept import digests, marks
from mcp_ads.core.links import MARK
from mcp_ads.core.raw_values import CUT
from mcp_ads.core.recipe import Report
from mcp_ads.core.view import is_of_several, result_in
from mcp_ads.engine.answers.cut_out import told
from mcp_ads.engine.answers.error_text import render_error
from mcp_ads.engine.answers.facts import with_rate
from mcp_ads.engine.answers.shape import compact, shown
from mcp_ads.engine.changes.plan import APPEND_TO
from mcp_ads.engine.session.depth import check_depth
from mcp_ads.engine.wire.deadline import deadline
from mcp_ads.engine.wire.redaction import mapped
from mcp_ads.engine.wire.room import one_answer
from mcp_ads.engine.wire.window import Window
from mcp_ads.errors import AdsError, CallError, InvalidParams, NoRecord, NotOffered, UnknownPlan

from .workspace import Workspace, plan_of

PLAIN = re.compile(r"[A-Za-z_]{1,40}")
"""A name of a parameter that can be written down; what is none may be anything."""

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session


class Engine(Workspace):
    """A workspace with what can be done in it."""

    async def execute(
        self,
        connector: str,
        entity: str,
        action: str,
        params: Mapping[str, Any] | None = None,
        report: Report | None = None,
    ) -> Result:
        """Carry out one action of one entity. Raises AdsError."""
        return await self._called(connector, entity, action, dict(params or {}), report, self._carry_out)

    async def vendor_records(
        self,
        connector: str,
        entity: str,
        action: str,
        params: Mapping[str, Any] | None = None,
        report: Report | None = None,
    ) -> Result:
        """Carry out one action, and answer a read with the platform's own records; a write as `execute`.

        Names, units and nesting are the platform's. `fields` are its names; without them records have what
        `get` has. `limit` and `cursor` page, as do the platform's own parameters, which take its tokens and
        our cursors; what looks at shown rows (where, sort, top, …) is refused. `meta` of a list always has
        `has_next_page` and `end_cursor`, and the token of the next page by the platform's name; of an answer
        that is not whole it has `partial` and `errors`. People's contacts stay hidden: what is private is
        answered with shown rows, and says so. Raises AdsError.
        """
        with with_records():
            return await self._called(connector, entity, action, dict(params or {}), report, self._recorded)

    async def _called(
        self,
        connector: str,
        entity: str,
        action: str,
        given: dict[str, Any],
        report: Report | None,
        carry_out: Callable[..., Awaitable[Result]],
    ) -> Result:
        try:
            with self.call(), deadline():
                action = self.offer(connector).meant(entity, action, given)
                return with_rate(await carry_out(connector, entity, action, given, report))
        except AdsError as error:
            if isinstance(error, NotOffered):
                error.args = (f"{entity}.{action}: {error}",)
            names = ", ".join(name if PLAIN.fullmatch(str(name)) else "…" for name in given)
            if isinstance(error, CallError) and error.signature and len(self.sessions(connector)) > 1:
                error.signature = f"{error.signature.removesuffix(')')}, connection)"
            self.traced(error, connector, f"{entity}.{action}({names})")
            raise

    async def _carry_out(
        self, connector: str, entity: str, action: str, params: dict[str, Any], report: Report | None
    ) -> Result:
        kind = self.connector(connector).action(entity, action)
        if kind.risk == "read" and result_in(params):
            from mcp_ads.engine.reads.earlier import looked_again

            check_depth(params)
            return await looked_again(self, params)
        if kind.risk != "read" and params.get("steps") is not None:
            from .several import Entry, make_plan

            beside = {name: params.pop(name, None) for name in ("steps", *APPEND_TO)}
            own = Entry(connector, entity, action, params)
            with self.changing():
                return await make_plan(self, own, beside, connector)
        if is_of_several(kind, params):
            return await self._of_several(connector, entity, action, params, report)
        if marks(kind):
            return await self._exchanged(connector, entity, action, params, report)
        check_depth(params)
        session, params = await self._meant(connector, entity, action, params)
        return await self._done(session, entity, action, params, report)

    async def _recorded(
        self, connector: str, entity: str, action: str, params: dict[str, Any], report: Report | None
    ) -> Result:
        kind = self.connector(connector).action(entity, action)
        if kind.risk != "read" or marks(kind):
            return await self._carry_out(connector, entity, action, params, report)
        from mcp_ads.engine.reads.as_sent import records

        check_depth(params)
        session, params = await self._meant(connector, entity, action, params)
        self.check_configured(session)
        return self._without_secrets(await records(self, session, entity, action, params, report))

    async def _of_several(
        self, connector: str, entity: str, action: str, params: dict[str, Any], report: Report | None
    ) -> Result:
        from mcp_ads.engine.reads.over import over

        check_depth(params)
        sessions = self.sessions(connector)
        if "connection" in params:
            session, params = await self._meant(connector, entity, action, params)
            sessions = [session]
        return await over(self, sessions, entity, action, params, report)

    async def _meant(
        self, connector: str, entity: str, action: str, params: dict[str, Any]
    ) -> tuple[Session, dict[str, Any]]:
        """The session a call is for, and its parameters without what names it or repeats its credentials."""
        if "connection" in params or self.has_several(connector):
            from .meant import meant

            session, params = await meant(self, connector, entity, action, params)
        else:
            session = self.session(connector)
        return session, session.without_credentials(params)

    async def _exchanged(
        self, connector: str, entity: str, action: str, params: dict[str, Any], report: Report | None
    ) -> Result:
        """Carry out an action with private values, after exchanging them for stand-ins nobody can read."""
        from mcp_ads.core.private import beside_rows, is_about_people
        from mcp_ads.engine.session.intake import Intake
        from mcp_ads.engine.wire.people import hide_given

        kind = self.connector(connector).action(entity, action)
        intake = Intake(self.settings.files, self.blobs.put, self.check_given)
        try:
            check_depth(params)
            params = await asyncio.to_thread(intake.exchanged, kind, params)
            session, params = await self._meant(connector, entity, action, params)
            return await self._done(session, entity, action, params, report)
        except AdsError as error:
            if is_about_people(kind):
                hide_given(error, beside_rows(kind, partial(validate.our_name, kind), params))
            raise
        finally:
            self.forget_unneeded(intake.digests)

    async def _done(
        self, session: Session, entity: str, action: str, params: dict[str, Any], report: Report | None
    ) -> Result:
        kind = session.connector.action(entity, action)
        if kind.risk != "read":
            from mcp_ads.engine.session.params import of_client

            from .write import write

            try:
                with self.changing():
                    return await write(self, session, entity, action, params)
            except InvalidParams as error:
                error.fix = error.fix or of_client(session, kind, params)
                raise
        from mcp_ads.engine.reads.read import read

        self.check_configured(session)
        return await read(self, session, entity, action, params, report)

    @property
    def every_session(self) -> list[Session]:
        """The sessions of all connectors there are tools for."""
        return [session for name in self.settings.served for session in self.sessions(name)]

    async def apply(self, plan_id: str, report: Report | None = None) -> Result:
        """Carry out a plan, or say what became of it. Raises AdsError."""
        from mcp_ads.engine.applying.apply import apply

        try:
            self.look_again()
            with self.call(), self.changing():
                result = await apply(self, plan_id, report)
                self._forget_what_was_sent(plan_id)
                return with_rate(result)
        except AdsError as error:
            self.traced(error, "", f"apply {plan_id}")
            raise

    def _forget_what_was_sent(self, plan_id: str) -> None:
        """Keep no rows or files of a plan that is over, unless another one needs them."""
        with suppress(UnknownPlan, NoRecord):  # another one took its place, and needs them; or it goes later
            plan = plan_of(self, plan_id)
            if not plan.open:
                self.forget_unneeded({digest for step in plan.steps for digest in digests(step.params)})

    def traced(self, error: AdsError, connector: str, call: str) -> None:
        """Cut secrets, and addresses that were typed, out of an error, and give it a trace to be looked up
        by, even if nothing was sent.
        """
        self.trace.secrets.clean(error)
        if isinstance(error, InvalidParams):
            from mcp_ads.engine.wire.people import hide_addresses

            hide_addresses(error)
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
        drawn = shown(clean, style)
        kept = clean if isinstance(clean, Window) and clean.stretch and not clean.private else None
        if kept and drawn.rows < len(kept.data):
            self.shelf.leave_out(kept, drawn.rows)
            kept.meta = {name: fact for name, fact in kept.meta.items() if name != "next"}
            drawn = shown(clean, style)
        elif isinstance(clean, Window) and clean.named and drawn.rows < len(clean.data):
            clean.meta = {**clean.meta, "result": f"r_{clean.name}"}
            drawn = shown(clean, style)
        return self.trace.without_secrets(drawn.text)

    def _without_secrets(self, result: Result) -> Result:
        """A copy of the result without secrets, made before any value is cut short."""
        clean, cut_out = copy(result), self.trace.without_secrets
        text = compact([result.data, result.meta])
        if self.trace.secrets.suspect(text):
            clean.data, clean.meta = mapped(result.data, cut_out), mapped(result.meta, cut_out)
            text = compact(clean.data)
        if not result.text and (MARK in text or CUT in text) and (said := told(clean.data)):
            warned = [*clean.meta.get("warnings", [])]
            clean.meta = {**clean.meta, "warnings": [*dict.fromkeys([*warned, *said])]}
        clean.errors = mapped(result.errors, self.trace.redact)
        return clean

    def error_text(self, error: AdsError) -> str:
        """An error as the agent reads it."""
        return self.trace.redact(render_error(error))
