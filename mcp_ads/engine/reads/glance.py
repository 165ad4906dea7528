"""A look at kept rows for one answer: the rows of a view, from a row on, and what all of them come to."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from mcp_ads.core.view import TableView
from mcp_ads.core.where_values import NUMERIC
from mcp_ads.engine.records import saving
from mcp_ads.engine.records.results import Source
from mcp_ads.engine.records.rows import Chosen
from mcp_ads.engine.records.scan import gently
from mcp_ads.engine.records.spool import Kept
from mcp_ads.engine.tables import kinds
from mcp_ads.engine.tables.groups import Groups
from mcp_ads.engine.tables.look import Look
from mcp_ads.engine.wire.window import Window

from .grouped import grouped
from .lists import counted
from .looks import choose
from .scope import spelled
from .unread import parted

if TYPE_CHECKING:
    from mcp_ads.engine.workspace import Workspace

FIRST = 20_000
"""Rows of a look whose numbers are looked for at once; more when a cursor gets there."""


@dataclass(frozen=True)
class Glance:
    """A look at a source's rows for one call: `whose` look it is, and its first row.

    `handle` names what is kept, "" where nothing is; `named` says that calls may begin `from` it. Its cursor
    may ask `again` for what the table lacks, unless the call itself begins there. Rows are `groups` where
    others became these; `fields` are columns that were named and have to be theirs. Rows of one that is
    `whole` are as they were kept.
    """

    workspace: Workspace
    source: Source
    view: TableView
    whose: str
    skip: int = 0
    handle: str = ""
    named: bool = False
    again: bool = True
    groups: Groups | None = None
    fields: tuple[str, ...] = ()
    whole: bool = False

    def window(self, kept: Kept) -> Window:
        """The rows of the view from a row on, read where they are. Raises Damaged, InvalidParams."""
        if self.view.group_by:
            return self._of_groups(kept)
        skip, whose = self.skip, self.whose
        view, columns = self.view, self.source.columns or kept.columns
        saved = view.save_to and not view.cursor
        with kept:
            chosen = self.chosen(kept, skip + view.limit)
            shown = self._shown(kept)
            rows = [shown(row) for row in kept.table.page(chosen.ids[skip : skip + view.limit])]
            as_of = time.strftime("%Y-%m-%dT%H:%MZ", time.gmtime(kept.at))
            meta = {"as_of": as_of, **kept.meta, **chosen.facts}
            meta["warnings"] = [*kept.meta.get("warnings", []), *chosen.facts.get("warnings", [])]
            name = self.handle.removeprefix("r_")
            window = Window(rows, meta, columns=columns, whose=whose, first=skip, name=name, named=self.named)
            if saved and not chosen.size:
                meta["warnings"] += [saving.NOTHING]
            elif saved:
                ids = chosen.ids if len(chosen.ids) == chosen.size else self.chosen(kept, chosen.size).ids
                every = gently(map(shown, kept.table.page(ids)))
                there = self._look(TableView(), kept).kinds
                numbers = frozenset(name for name, kind in there.items() if kind and kind.kind in NUMERIC)
                files = self.workspace.settings.files
                meta["saved"] = saving.save(files, view.save_to, every, columns, numbers)
        more = skip + len(rows) < chosen.size
        if self.named and (more or view.computes or self.groups):
            meta["result"] = self.handle
        counted(window, window.cursor_at(len(rows)) if more else "", [])
        return parted(window, again=self.again)

    def _of_groups(self, kept: Kept) -> Window:
        """The groups of the view, which are the rows of another table."""
        with kept:
            found = grouped(
                self.workspace.spool, self.source, self.view, kept, partial(self._look, self.view, kept)
            )
            source, groups, rows = found
            for word in self.fields:
                groups.check("fields", word)
            look = replace(self, source=source, view=groups.view(self.view), groups=groups)
            return replace(look, handle=self.handle if kept.mark else "").window(rows)

    def _shown(self, kept: Kept) -> Callable[[dict[str, Any]], dict[str, Any]]:
        """What makes of a kept row the one that is shown."""
        if self.whole:
            return lambda row: row
        shown, groups, currency = self._look(TableView(), kept).shown, self.groups, self.source.currency
        return (lambda row: groups.shown(shown(row), currency)) if groups else shown

    def chosen(self, kept: Kept, wanted: int) -> Chosen:
        """The rows of the view, so many at least: as kept of an earlier look, or looked for now."""
        name, whose = self.source.name, self.whose
        spool, known = self.workspace.spool, self.workspace.spool.get_look(name, whose, kept)
        if known and len(known.ids) >= min(wanted, known.size):
            return known
        look = self._look(self.view, kept)
        chosen = kept.table.choose(look, FIRST if wanted <= FIRST else kept.table.count)
        if chosen is None:
            chosen = choose(kept.table.every(), self._look(self.view, kept))
        if kept.mark:
            spool.put_look(name, whose, kept, chosen)
        return chosen

    def _look(self, view: TableView, kept: Kept) -> Look:
        source, there = self.source, kinds.Seen()
        nested = {*kept.table.nested}
        nested |= {word for word, name in source.words.items() if name in nested}
        if kinds.undeclared(view, source.kinds, [*kept.columns, *source.words], nested):
            there = kept.table.seen()
        names = there.names() or kept.columns
        shown = source.columns or kept.columns
        return Look(
            view, source.kinds, names, source.currency,
            alike=source.words, shown=shown, there=there, spelled=partial(spelled, self.workspace, source),
        )  # fmt: skip
