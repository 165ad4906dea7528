"""Questions whose rows can be held: kept on disk all the same, so that any look is at one table."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Result
from mcp_ads.core.recipe import Report
from mcp_ads.core.record_fields import KnownRead
from mcp_ads.core.view import TableView
from mcp_ads.engine.reads import spooled
from mcp_ads.engine.reads.whole import Whole
from mcp_ads.engine.records.results import Source
from mcp_ads.engine.wire.authority import authority
from mcp_ads.engine.wire.pages import hash_of

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
        async def read() -> Whole:
            rows, meta = await self.rows(desk, view, report)
            return Whole(Result(rows, dict(meta), columns=self.names()), lambda: rows)

        sessions = [session for name in desk.settings.served for session in desk.sessions(name)]
        key = hash_of(" ".join(session.identity for session in sessions), self, columns=False)
        source = Source(
            "",
            self.shown_by(desk),
            self.kinds(),
            self.alike,
            what=f"ads {type(self).__name__}",
            mark=authority().mark,
            limited=any(session.accounts.limited for session in sessions),
        )
        return await spooled.answered(desk, spooled.Question(key, view, source, read))
