"""The Python API: one connector, or all of them, with a user's credentials, as an async context manager."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mcp_ads.across import offer
from mcp_ads.core import Connector, Result
from mcp_ads.core.recipe import Report
from mcp_ads.engine import overview
from mcp_ads.engine.answers.own_plans import plans_of, whole_text
from mcp_ads.engine.answers.plan_text import plan_record
from mcp_ads.errors import InvalidParams
from mcp_ads.settings import Settings

from . import all_pages
from .arguments import checked_plan_id, exact
from .desks import Desks
from .noted import changing, is_read, note_call, reading
from .outcomes import check_own, check_result, plan_id_of
from .words import Words

Params = Mapping[str, Any]
WORDS = Words("client.execute", "client.apply", "client.describe")
"""How texts name the calls of a client."""


class Client:
    """One connector: what it can do, reads, plans, and plans applied.

    Everything raises `AdsError`, and `InvalidParams` with one line per mistake when a call does not fit. It
    can be used in several event loops: each has connections of its own, which `close` closes in that loop.
    """

    def __init__(self, connector: str, settings: Settings, clients_in: Path | None = None) -> None:
        """`clients_in` is the folder of clients.toml, where that is not among the records."""
        self.connector = offer(connector)
        self._desks = Desks(settings, clients_in)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        await self.close()

    async def execute(
        self, entity: str, action: str, params: Params | None = None, *, progress: Report | None = None
    ) -> Result:
        """Carry out one action. The result has `data`, `meta` and `errors`.

        `params={"limit": None}` gives all rows, at most `all_pages.MOST_ROWS`; otherwise `limit` is 25, and
        `meta["cursor"]` goes on. `progress` is awaited with each `Progress` of a call that takes long.
        """
        note_call()
        params = exact(params) if params else params
        whole = params is not None and "limit" in params and params["limit"] is None
        if whole and self.connector.action(entity, action).risk == "read":
            pages = self.pages(entity, action, params, progress=progress)
            return await all_pages.together(pages)
        with changing(reads=is_read(self.connector, entity, action, params)):
            result = await self._desks.here.execute(self.connector.name, entity, action, params, progress)
            if not is_read(self.connector, entity, action, params):
                self._check(result)
            return result

    async def pages(
        self, entity: str, action: str, params: Params | None = None, *, progress: Report | None = None
    ) -> AsyncIterator[Result]:
        """Every page of a list, each a result with its own `meta`; `limit` is the most rows in all."""
        note_call()
        params = exact(params) if params else params
        kind = self.connector.action(entity, action)
        if kind.risk != "read":
            raise InvalidParams(f"{entity}.{action} is a write, which has no pages: use execute")

        async def ask(asked: Params) -> Result:
            with reading():
                return await self._desks.here.execute(self.connector.name, entity, action, asked, progress)

        async for page in all_pages.pages(ask, kind, dict(params or {})):
            yield page

    async def rows(
        self, entity: str, action: str, params: Params | None = None, *, progress: Report | None = None
    ) -> AsyncIterator[dict[str, Any]]:
        """Every row of a list over all its pages; `limit` is the most rows in all, left out there is none.

        A page that fails raises: what came before it was yielded, and is never taken for the whole.
        """
        async for page in self.pages(entity, action, params, progress=progress):
            for row in all_pages.whole_rows_of(page):
                yield row

    async def apply(self, plan_id: str, *, progress: Report | None = None) -> Result:
        """Carry out a plan that `execute` answered with, where the write mode is "plan".

        `data["state"]` is "applied", "applying" (call again to go on), or "ready": the account has changed,
        nothing was sent, and this is a fresh plan. Raises OutcomeUnknown where the outcome of any step is
        unknown, PartlyDone where only some were done; the error's `outcome` is then the result.
        """
        with changing():
            check_own(self._desks.here, plan_id)
            result = await self._desks.here.apply(plan_id, progress)
            self._check(result)
            return result

    def _check(self, result: Result) -> None:
        desk = self._desks.here
        check_result(desk, result, WORDS.outcome(desk.text(result), plan_id_of(result)), result)

    async def plan(self, plan_id: str) -> str:
        """The whole text of a plan that a person approves. Raises UnknownPlan, PolicyError."""
        desk = self._desks.here
        return WORDS.plan(desk.trace.without_secrets(whole_text(desk, checked_plan_id(plan_id))), plan_id)

    async def plans(self) -> list[dict[str, Any]]:
        """The plans kept here of what may be used, the oldest first, as `ads://plans/{plan_id}` has them."""
        return [plan_record(plan) for plan in plans_of(self._desks.here)]

    async def check(self) -> None:
        """Ask the platform, or each, for one account with these credentials. Raises AdsError."""
        known, desk = self.connector, self._desks.here
        asked = [known] if isinstance(known, Connector) else map(desk.connector, desk.settings.served)
        for connector in asked:
            entity = connector.accounts.entity
            await desk.execute(connector.name, entity, "list", {"limit": 1})

    def entities(self) -> dict[str, list[str]]:
        """The names of the entities, each with those of its actions."""
        return {name: list(self.connector.entity(name).actions) for name in self.connector.names()}

    async def describe(self, entity: str = "", action: str = "", *, query: str = "") -> str:
        """What `ads_describe` says of this connector, an entity, an action, or to a question."""
        asked = {"connector": self.connector.name, "entity": entity, "action": action, "query": query}
        return await overview.page(self._desks.here, {name: text for name, text in asked.items() if text})

    async def close(self) -> None:
        """Close the connections."""
        await self._desks.close()
