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
from mcp_ads.engine.answers.plan_text import plan_record
from mcp_ads.errors import InvalidParams
from mcp_ads.settings import Settings

from . import all_pages
from .arguments import exact
from .desks import Desks
from .noted import changing, is_read, note_call

Params = Mapping[str, Any]


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
            return await self._desks.here.execute(self.connector.name, entity, action, params, progress)

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
        """Carry out a plan that `execute` answered with, where the write mode is "plan"."""
        with changing():
            return await self._desks.here.apply(plan_id, progress)

    async def plans(self) -> list[dict[str, Any]]:
        """The plans kept here, the oldest first, each as `ads://plans/{plan_id}` has it."""
        return [plan_record(plan) for plan in self._desks.here.plans.all()]

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
