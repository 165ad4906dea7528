"""Questions whose rows can be held: kept on disk all the same, so that any look is at one table."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Result
from mcp_ads.core.recipe import Report
from mcp_ads.core.record_fields import KnownRead
from mcp_ads.core.view import TableView
from mcp_ads.engine.reads.glance import Glance
from mcp_ads.engine.records.results import Source
from mcp_ads.engine.records import saving
from mcp_ads.engine.wire.cursors import FORGOTTEN, row_in
from mcp_ads.engine.wire.pages import hash_of
from mcp_ads.errors import InvalidParams

from .question import Question

if TYPE_CHECKING:
    from mcp_ads.engine.door import Engine

Row = dict[str, Any]


class Listed(KnownRead, Question):
    """Subclass to declare one: `rows` gets all of them, and what is to be known of them."""

    @abstractmethod
    async def rows(
        self, desk: Engine, view: TableView, report: Report | None
    ) -> tuple[list[Row], Mapping[str, Any]]:
        """Every row as it is shown, and facts for the answer's meta. Raises AdsError."""

    def shown_by(self, desk: Engine) -> tuple[str, ...]:  # noqa: ARG002
        """The columns of the answer."""
        return self.columns()

    async def answered(self, desk: Engine, view: TableView, report: Report | None) -> Result:
        identities = (session.identity for name in desk.settings.served for session in desk.sessions(name))
        name = hash_of(" ".join(identities), self, columns=False)
        whose = hash_of(name, self, view.where, view.sort, view.top)
        source = Source(name, self.shown_by(desk), self.kinds(), self.alike)
        skip = row_in(view.cursor, whose)[0] if view.cursor else 0
        if view.save_to and not view.cursor:
            saving.place_for(desk.settings.files, view.save_to)
        glance = Glance(desk, source, view, whose, skip)
        kept = await asyncio.to_thread(desk.spool.get, name) if view.cursor else None
        if kept is None and view.cursor and desk.spool.keeps:
            raise InvalidParams(FORGOTTEN)
        if kept is None:
            rows, meta = await self.rows(desk, view, report)
            kept = await asyncio.to_thread(
                desk.spool.put, name, lambda: rows, dict(meta), self.names(), self.kinds()
            )
        return await asyncio.to_thread(glance.window, kept)
