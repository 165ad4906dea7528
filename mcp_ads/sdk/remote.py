"""The backend at a host that keeps the credentials: its REST API of connectors."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import quote

from mcp_ads.auth.hosted import Host
from mcp_ads.auth.hosted_connectors import CONNECTORS, look_up
from mcp_ads.core import Action, Connector
from mcp_ads.core.cells import cut, visible
from mcp_ads.core.door import with_records
from mcp_ads.core.recipe import Report
from mcp_ads.engine import overview
from mcp_ads.engine.search import nothing_fits, search
from mcp_ads.engine.wire.redaction import mapped
from mcp_ads.errors import (
    NoConnector,
    Rejected,
    SeveralConnectors,
    UnknownAction,
    UnknownPlan,
)

from .backend import Answered, Shape
from .noted import changing, note_call
from .outcomes import check_answered
from .remote_body import names_of, spelt
from .remote_guards import Guards
from .remote_meta import goes_on, meta_of
from .remote_plans import plans_at, text_of
from .remote_refusals import PLAN_ID, lost
from .remote_wire import Call, HostWire, envelope_of
from .shaping import check_shapeless
from .words import PYTHON, Words

LOG = logging.getLogger("mcp_ads")
MOST_INTENT = 512
"""Characters of an intent that hosts keep."""
READS = ("list", "get")
"""Names of actions that change nothing, where nothing else is known of them."""
UNPLANNED = "{what}: {host} states that it plans writes, and did this one at once, without a plan"


class Remote:
    """One connector at a host. Its credentials, caps and plans are the host's; a write is sent to one that
    states that it plans writes, or where this program lets it carry them out at once.

    Everything raises AdsError: HostRefused for a call the host does not take, OutcomeUnknown for a write
    whose answer was lost. A read is asked again after failures that may pass; a write is sent once.
    """

    words: Words = replace(PYTHON, account_ids="")

    def __init__(
        self,
        connector: Connector | None,
        host: Host,
        *,
        workspace: str = "default",
        connector_id: str = "",
        guards: Guards,
    ) -> None:
        """Nothing is sent. `connector` None is one that is not declared here; it needs `connector_id`.

        `guards` say what may be sent to this host at all.
        """
        self.offer, self.workspace = connector, workspace
        self.guards, self._warned = guards, False
        self.host = host.base
        self.connector_id: str | None = connector_id or None
        self.wire = HostWire(host)
        self._shown: dict[str, str] = {}
        self._looking: asyncio.Task[str] | None = None

    @property
    def writes(self) -> str:
        """What may become of a write: a "plan" at the host and nothing else, what it does with it
        ("direct"), or nothing ("off").
        """
        return self.guards.mode

    async def found(self) -> str:
        """The connector's id; the workspace's one of its kind is looked for once.

        Raises NoConnector, SeveralConnectors.
        """
        if self.connector_id:
            return self.connector_id
        if self._looking is None or self._looking.done() or self._looking.get_loop() is not _loop():
            self._looking = asyncio.create_task(self._found())
        return await asyncio.shield(self._looking)

    async def _found(self) -> str:
        assert self.offer, "a connector that is not declared has an id"
        name, wire = self.offer.name, self.wire
        try:
            found = await wire.repeated(lambda: look_up(wire.client, wire.host, name, self.workspace))
        except NoConnector as error:
            error.fix = "create it there, or name another workspace_name or its connector_id"
            raise
        except SeveralConnectors as error:
            error.fix = "pass connector_id= with the id of the one you mean"
            raise
        self.connector_id = found
        return found

    async def execute(
        self,
        entity: str,
        action: str,
        params: Mapping[str, Any],
        shape: Shape,
        progress: Report | None = None,  # noqa: ARG002 - a host answers once
        *,
        intent: str = "",
    ) -> Answered:
        """Carry out one action; a write answers with its plan where the host plans them.

        `intent` says why, for the host's own record.
        """
        kind = self._kind(entity, action, params)
        write = kind.risk != "read" if kind else action not in READS
        what = f"{entity}.{action}"
        if write:
            self.guards.check(what, self.wire.host)
        if kind and write:
            check_shapeless(shape, f"{what}, which is a write")
        asked = spelt(kind, goes_on(params))
        body: dict[str, Any] = {"entity": entity, "action": action, "params": asked}
        shapes = ("select_fields", shape.select_fields), ("exclude_fields", shape.exclude_fields)
        body |= {name: names_of(name, fields) for name, fields in shapes if fields is not None}
        body |= {"skip_truncation": shape.skip_truncation, **({"intent": intent} if intent else {})}
        call = Call(
            "POST",
            f"{await self._place()}/execute",
            json.dumps(body, allow_nan=False).encode(),
            write=write,
            repeatable=kind is None or kind.repeatable,
            check=f"look whether it was done{self._looks(entity)} before doing it again",
            stated=partial(self.guards.check_stated, what, self.wire.host) if write else None,
        )
        with changing(reads=not write):
            answered = await self._carried_out(call)
            if write and kind:
                check_answered(answered)
        return self._unplanned(what, answered) if write else self._unheld(answered)

    async def apply(self, plan_id: str, progress: Report | None = None) -> Answered:  # noqa: ARG002
        """Carry out a plan that waits at the host; one the account has left behind gives a fresh plan."""
        self.guards.check("apply", self.wire.host)
        if not PLAN_ID.fullmatch(plan_id):
            raise UnknownPlan(f"{cut(plan_id, 80)!r} is no plan_id; give the whole string")
        path = f"{await self._place()}/plans/{quote(plan_id, safe='')}/apply"
        check = "apply the same plan_id again: it is carried out once, and the host says what became of it"
        stated = partial(self.guards.check_stated, "apply", self.wire.host)
        with changing():
            call = Call("POST", path, b"{}", write=True, check=check, stated=stated)
            check_answered(answered := await self._carried_out(call))
            return answered

    async def plan(self, plan_id: str) -> str:
        """The text that a write here was answered with; of another plan the host is asked for it.

        Raises UnknownPlan.
        """
        if plan_id in self._shown:
            return self._shown[plan_id]
        return self.words.plan(await text_of(self.wire, await self._place(), plan_id), plan_id)

    async def plans(self) -> list[dict[str, Any]]:
        """The plans of this connector that the host lists. Raises NotConfigured where it lists none."""
        return await plans_at(self.wire, await self._place())

    async def describe(self, entity: str, action: str, query: str) -> str:
        """What there is, as text; asks nobody."""
        with with_records():
            return self.words.said(self._page(entity, action, query))

    def _page(self, entity: str, action: str, query: str) -> str:
        known = self._declared(entity)
        if query:
            words = " ".join(filter(None, [entity, action, query]))
            return search([known], words) or nothing_fits(words)
        if not entity:
            return overview.entities(known)
        return overview.action(known, entity, action) if action else overview.actions(known, entity)

    async def close(self) -> None:
        """Close the connections."""
        await self.wire.close()

    def _looks(self, entity: str) -> str:
        """How an entity's objects can be looked at, where that is known here."""
        try:
            there = self.offer.entity(entity).actions if self.offer else {}
        except UnknownAction:
            return ""
        looks = [f"{entity}.{name}" for name in READS if name in there]
        return f" with {' or '.join(looks)}" if looks else ""

    async def _place(self) -> str:
        """The path of this connector at the host."""
        return f"{CONNECTORS}/{quote(await self.found(), safe='')}"

    def _unplanned(self, what: str, answered: Answered) -> Answered:
        """What a write came to; where the host was to plan it and did not, that is said with it."""
        if answered.planned or self.wire.stated != "plan":
            return answered
        said = UNPLANNED.format(what=what, host=self.wire.host.name)
        LOG.warning("%s", said)
        answered.meta["warnings"] = [*_listed(answered.meta.get("warnings")), said]
        if isinstance(answered.data, dict):
            answered.data = {"warnings": [said], **answered.data}
        return answered

    def _unheld(self, answered: Answered) -> Answered:
        """What was read; allow-lists of this process that it was not held against are said with it."""
        if not (lines := self.guards.unheld(self.wire.host)):
            return answered
        answered.meta["warnings"] = [*_listed(answered.meta.get("warnings")), *lines]
        if not isinstance(answered.data, list) and not self._warned:  # one record has no other place for it
            self._warned = True
            LOG.warning("%s", "\n".join(lines))
        return answered

    def _declared(self, entity: str) -> Connector:
        if self.offer is None:
            raise UnknownAction(f"{entity}: nothing is declared here of a connector known by its id alone")
        return self.offer

    def _kind(self, entity: str, action: str, params: Mapping[str, Any]) -> type[Action] | None:
        """The action as it is declared here; None for one that only the host may know."""
        if self.offer is None:
            return None
        try:
            return self.offer.action(entity, self.offer.meant(entity, action, params))
        except UnknownAction:
            return None

    async def _carried_out(self, call: Call) -> Answered:
        try:
            response = await self.wire.answered(call)
        except Rejected as error:
            if not (plan := error.details.get("plan")):
                raise
            return self._planned(plan)
        envelope = envelope_of(response)
        if envelope is None:
            unreadable = lost(
                self.wire.host,
                "its answer is not of the documented form",
                write=call.write,
                check=call.check,
                status=response.status_code,
            )
            raise unreadable
        result = self.wire.secrets.decoded(envelope["result"], response.content)
        return Answered(result, meta_of(envelope, self.host, listed=isinstance(result, list)))

    def _planned(self, plan: Mapping[str, str]) -> Answered:
        """A plan that waits at the host, as it is to be approved: nothing of its text is cut."""
        without = self.wire.secrets.without_secrets
        clean: dict[str, str] = mapped(plan, lambda text: visible(without(text)))
        plan_id = clean["plan_id"]
        clean["plan"] = self.words.plan(clean["plan"], plan_id)
        clean["apply"] = f'a person has the program with `await connector.apply("{plan_id}")` carry it out'
        note_call(clean)
        self._shown[plan_id] = clean["plan"]
        return Answered(clean, {"host": self.host}, planned=True)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()
