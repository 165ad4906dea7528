"""The backend in this process: the engine with a user's credentials."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mcp_ads.across.desk import Desk
from mcp_ads.connectors import connector
from mcp_ads.core import Result
from mcp_ads.core.door import with_records
from mcp_ads.core.recipe import Report
from mcp_ads.engine import overview
from mcp_ads.engine.answers.own_plans import plans_of, whole_text
from mcp_ads.engine.answers.plan_pages import page_asked
from mcp_ads.engine.answers.plan_text import plan_record
from mcp_ads.engine.wire.redaction import mapped
from mcp_ads.errors import AdsError
from mcp_ads.settings import Settings

from .backend import Answered, Shape
from .desks import Desks
from .noted import changing, note_call, reading
from .outcomes import check_own, check_result, status_of
from .record import answer_record
from .shaping import check_shapeless, fields_asked, shaped
from .token_news import OnTokenRefresh
from .words import PYTHON, Words, how_to_apply


class Local:
    """One connector in this process. Everything raises AdsError."""

    host = ""
    connector_id: str | None = None
    words: Words = PYTHON

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
        self.offer = connector(name)
        self._desks = Desks(settings, clients_in, on_token_refresh)

    @property
    def writes(self) -> str:
        """What becomes of a write: "plan", "direct" or "off"."""
        return self._desks.settings.writes

    @property
    def desk(self) -> Desk:
        """The engine of the event loop that runs."""
        return self._desks.here

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
            check_shapeless(shape, f"{entity}.{action}, which is a write")
            with self._changing():
                return self._written(await self.desk.execute(name, entity, action, params, progress))
        asked = {**params, **fields_asked(self.offer, entity, action, params, shape)}
        with reading():
            found = await self.desk.vendor_records(name, entity, action, asked, progress)
        if found.meta.get("pending"):
            return Answered(found.data, found.meta)
        has_get = "get" in self.offer.entity(entity).actions
        return shaped(Answered(found.data, found.meta), shape, has_get=has_get)

    async def apply(self, plan_id: str, progress: Report | None = None) -> Answered:
        """Carry out a plan; one the account has left behind is answered with a fresh plan."""
        with self._changing():
            check_own(self.desk, plan_id)
            return self._written(await self.desk.apply(plan_id, progress))

    async def describe(self, entity: str, action: str, query: str) -> str:
        """What there is, as text; asks no platform."""
        if query and (plan := page_asked(self.desk, query)):
            note_call(said := self.words.plan(plan, query.split(maxsplit=1)[0]))
            return said
        asked = {"connector": self.offer.name, "entity": entity, "action": action, "query": query}
        with with_records():
            page = await overview.page(self.desk, {name: text for name, text in asked.items() if text})
        return self.words.said(page)

    async def plans(self) -> list[dict[str, Any]]:
        """The plans kept here of this connector and the accounts that may be used, the oldest first."""
        return [plan_record(plan) for plan in plans_of(self.desk)]

    async def plan(self, plan_id: str) -> str:
        """The whole text a person approves. Raises UnknownPlan, PolicyError."""
        note_call(
            text := self.words.plan(self.desk.trace.without_secrets(whole_text(self.desk, plan_id)), plan_id)
        )
        return text

    async def close(self) -> None:
        """Close the connections of this event loop."""
        await self._desks.close()

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """A change; where it fails, the call that shows what became of it is one the reader has."""
        with changing():
            try:
                yield
            except AdsError as error:
                error.fix = self.words.called(error.fix)
                raise

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
                "plan": self.words.plan(text, plan_id),
                "apply": how_to_apply(plan_id, self.desk.settings, env_file=self._env_file, own=self._own),
            }
            note_call(plan)
            return Answered(plan | more, dict(result.meta), planned=True)
        told = self.words.outcome(text, str(data.get("plan_id") or "-"))
        status = "pending" if result.meta.get("pending") else status_of(data)
        answer = Answered({**data, "status": status, "text": told, **more}, dict(result.meta))
        check_result(self.desk, result, told, answer_record(answer.data, answer.meta))
        return answer
