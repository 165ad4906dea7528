"""Questions whose rows can be held: kept on disk all the same, so that any look is at one table."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from mcp_ads.core import Result
from mcp_ads.core.recipe import Report
from mcp_ads.core.record_fields import ALL, KnownRead
from mcp_ads.core.view import TableView
from mcp_ads.engine.answers.facts import provenance_of_all
from mcp_ads.engine.reads import spooled, unread
from mcp_ads.engine.reads.scope import identities_of
from mcp_ads.engine.reads.whole import Whole
from mcp_ads.engine.records import saving
from mcp_ads.engine.records.results import Source
from mcp_ads.engine.tables.look import Look
from mcp_ads.engine.wire.authority import authority
from mcp_ads.engine.wire.pages import hash_of
from mcp_ads.platforms import SHORT

from .question import Question

if TYPE_CHECKING:
    from mcp_ads.engine.door import Engine
    from mcp_ads.engine.session.session import Session

Row = dict[str, Any]
PART = "not everything was read; coverage says what is missing and why"


class Listed(KnownRead, Question):
    """Subclass to declare one: `rows` gets all of them, and what is to be known of them.

    `telling` are the columns that tell rows apart: they come first, whatever `fields` names.
    """

    telling: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    async def rows(
        self, desk: Engine, view: TableView, report: Report | None
    ) -> tuple[list[Row], Mapping[str, Any]]:
        """Every row as it is shown, each with `platform` and `account`, and facts for the answer's meta.

        Raises AdsError.
        """

    def shown_by(self, desk: Engine) -> tuple[str, ...]:  # noqa: ARG002
        """The columns of the answer."""
        return self.named()

    def named(self) -> tuple[str, ...]:
        """The columns that are asked for, with those that tell rows apart."""
        telling = self.telling if self.fields and self.fields not in ALL else ()
        return tuple(dict.fromkeys([*telling, *self.columns()]))

    def accounts_in(self, desk: Engine, rows: Iterable[Row]) -> tuple[tuple[str, str], ...]:
        """Whose rows these are: accounts, each with its connector."""
        names = {SHORT.get(name, name): name for name in desk.settings.served}
        return tuple(sorted({(names[row["platform"]], str(row["account"])) for row in rows}))

    async def answered(self, desk: Engine, view: TableView, report: Report | None) -> Result:
        Look(view, self.kinds(), self.names(), "", alike=self.alike)  # a view that fits no rows asks nothing
        if view.save_to and not view.cursor:
            saving.place_for(desk.settings.files, view.save_to)
        got = None if view.cursor else await self.rows(desk, view, report)

        async def read() -> Whole:
            rows, meta = got or await self.rows(desk, view, report)
            said = {name: value for name, value in meta.items() if value}
            said |= {unread.PARTIAL: PART} if said.get("coverage") else {}
            return Whole(Result(rows, said, columns=self.names()), lambda: rows)

        sessions = desk.every_session
        asked = " ".join(session.identity for session in sessions)
        source = Source(
            "",
            self.shown_by(desk),
            self.kinds(),
            self.alike,
            what=self.what,
            accounts=self.accounts_in(desk, got[0]) if got else (),
            mark=authority().mark,
            limited=not all(session.accounts.open and not session.accounts.limited for session in sessions),
            facts=whose_data(sessions),
            identities=identities_of(sessions),
        )
        key = hash_of(asked, self, view.accounts, columns=False)
        return await spooled.answered(desk, spooled.Question(key, view, source, read))


def whose_data(sessions: Iterable[Session]) -> dict[str, str]:
    """Where rows are from, where that does not go without saying; each says itself of which account it is."""
    return {name: said for name, said in provenance_of_all(sessions).items() if name != "connection"}
