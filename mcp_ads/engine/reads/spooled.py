"""Large results: got once, kept on disk, then filtered, sorted, saved and paged from there, off the loop."""

from __future__ import annotations

import asyncio
import itertools
import math
import time
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account, Action, Fetched, Files, Result
from mcp_ads.core.recipe import Report
from mcp_ads.core.view import TableView
from mcp_ads.engine.records import saving
from mcp_ads.engine.records.rows import Chosen, Damaged
from mcp_ads.engine.records.scan import gently, rows_in
from mcp_ads.engine.records.spool import Kept, Rows, Spool
from mcp_ads.engine.tables import kinds
from mcp_ads.engine.tables.look import Look
from mcp_ads.engine.wire.cursors import FORGOTTEN, row_cursor, row_in
from mcp_ads.engine.wire.deadline import left
from mcp_ads.engine.wire.flows import drive
from mcp_ads.engine.wire.pages import hash_of
from mcp_ads.engine.wire.window import Window
from mcp_ads.errors import InvalidParams

from .fetching import fetching
from .lists import counted
from .looks import choose

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session
    from mcp_ads.engine.workspace import Workspace

DAMAGED = "what was kept of these rows was not as it was written: set aside, and got anew"
FIRST = 20_000
"""Rows of a look whose numbers are looked for at once; more when a cursor gets there."""
REUSED = 3_600
"""Seconds in which another look at a spooled result does not ask the platform again; cursors last a day."""


async def table(
    workspace: Workspace,
    session: Session,
    call: Action,
    view: TableView,
    account: Account | None,
    report: Report | None,
) -> Result:
    """The rows of a view of a result that is kept on disk, or got now."""
    name = hash_of(session.identity, call, columns=False)
    whose = hash_of(name, call, view.where, view.sort, view.top)
    asked = fetching(call, view, account.currency if account else "")
    skip = row_in(view.cursor, whose) if view.cursor else 0
    if view.save_to and not view.cursor:
        saving.place_for(workspace.settings.files, view.save_to)
    look = Glance(workspace, call, view, account.currency if account else "", (name, whose, skip))
    if writing := workspace.writing.get(name):
        await asyncio.wait({writing}, timeout=_seconds())
    damaged: list[str] = []
    try:
        kept = await asyncio.to_thread(_still_kept, workspace.spool, name, asked, view)
        if kept is not None:
            return await asyncio.to_thread(look.window, kept)
    except Damaged:
        workspace.spool.forget(name)
        damaged = [DAMAGED]
    if view.cursor and name in workspace.writing:
        return _unfinished(whose)
    if view.cursor and workspace.spool.keeps:
        raise InvalidParams(FORGOTTEN)
    got = await drive(session, asked, session.context(account), report=report)
    if not isinstance(got.data, list | Fetched | Files):
        return got
    work = asyncio.to_thread(_keep, look, got, asked, account)
    result = await _in_time(workspace.writing, name, work) or _unfinished(whose)
    result.meta["warnings"] = [*damaged, *result.meta.get("warnings", [])]
    result.errors = got.errors
    return result


async def _in_time(
    writing: dict[str, asyncio.Task[Window]], name: str, work: Coroutine[Any, Any, Window]
) -> Window | None:
    """Await the work for as long as the call has time: its window, or None while it goes on without us."""
    task = writing[name] = asyncio.create_task(work)
    task.add_done_callback(lambda _: writing.pop(name, None))
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    await asyncio.wait({task}, timeout=_seconds())
    return task.result() if task.done() else None


def _seconds() -> float | None:
    """What is left of the call's time; None without an end."""
    return None if math.isinf(left()) else max(0.0, left())


def _unfinished(whose: str) -> Result:
    """What to go on with while rows are still being written to disk."""
    cursor = row_cursor(0, whose)
    said = "got, and still being written to disk; call again with the same parameters and this cursor"
    return Result({"status": "PENDING", "cursor": cursor}, {"pending": True, "warnings": [said]})


def _keep(look: Glance, got: Result, asked: Action, account: Account | None) -> Window:
    """Write what was got and look at it; a file it came in is done with then."""
    try:
        columns = got.columns or asked.columns()
        rows, kinds = _rows(got, asked, account), asked.kinds()
        kept = look.workspace.spool.put(look.at[0], rows, got.meta, columns, kinds)
    finally:
        for part in _files(got.data).files:
            part.file.close()
    return look.window(kept)


def _rows(got: Result, call: Action, account: Account | None) -> Rows:
    """The rows of a result, as they are shown, as often as they are wanted."""
    if isinstance(got.data, list):
        return lambda: got.data
    files = _files(got.data)

    def read() -> Iterable[dict[str, Any]]:
        found = (part.through(rows_in(part.file, part.again)) for part in files.files)
        return (
            call.to_row(record, account) for record in files.through(itertools.chain.from_iterable(found))
        )

    return read


def _files(data: Any) -> Files:
    """The files that data stands for; of data that is rows already, none."""
    return data if isinstance(data, Files) else Files((data,) if isinstance(data, Fetched) else ())


def _still_kept(spool: Spool, name: str, call: Action, view: TableView) -> Kept | None:
    """Kept rows that answer this call: they go on for a cursor, and have what another look asks for."""
    looks = view.cursor or view.where or view.sort or view.top or view.save_to
    kept = spool.get(name) if looks else None
    if kept is None:
        return None
    whole = call.reused and "coverage" not in kept.meta
    fresh = bool(view.cursor) or (whole and kept.age < REUSED)
    if fresh and set(call.columns()) <= set(kept.columns):
        return kept
    kept.close()
    return None


@dataclass(frozen=True)
class Glance:
    """A look at kept rows for one call: `at` is what they are kept under, whose look it is, its first row."""

    workspace: Workspace
    call: Action
    view: TableView
    currency: str
    at: tuple[str, str, int]

    def window(self, kept: Kept) -> Window:
        """The rows of the view from a row on, read where they are. Raises Damaged, InvalidParams."""
        _, whose, skip = self.at
        view, columns = self.view, self.call.columns() or kept.columns
        saved = view.save_to and not view.cursor
        with kept:
            chosen = self._chosen(kept, skip + view.limit)
            shown = self._look(TableView(), kept).shown
            rows = [shown(row) for row in kept.table.page(chosen.ids[skip : skip + view.limit])]
            as_of = time.strftime("%Y-%m-%dT%H:%MZ", time.gmtime(kept.at))
            meta = {**kept.meta, **chosen.facts, "as_of": as_of}
            meta["warnings"] = [*kept.meta.get("warnings", []), *chosen.facts.get("warnings", [])]
            window = Window(rows, meta, columns=columns, whose=whose, first=skip)
            if saved and not chosen.size:
                meta["warnings"] += [saving.NOTHING]
            elif saved:
                ids = chosen.ids if len(chosen.ids) == chosen.size else self._chosen(kept, chosen.size).ids
                every = gently(map(shown, kept.table.page(ids)))
                meta["saved"] = saving.save(self.workspace.settings.files, view.save_to, every, columns)
        return counted(window, window.cursor_at(len(rows)) if skip + len(rows) < chosen.size else "", [])

    def _chosen(self, kept: Kept, wanted: int) -> Chosen:
        """The rows of the view, so many at least: as kept of an earlier look, or looked for now."""
        name, whose, _ = self.at
        spool, known = self.workspace.spool, self.workspace.spool.get_look(name, whose, kept)
        if known and len(known.ids) >= min(wanted, known.size):
            return known
        look = self._look(self.view, kept)
        chosen = kept.table.choose(look, FIRST if wanted <= FIRST else kept.table.count)
        if chosen is None:
            chosen = choose(kept.table.every(), self._look(self.view, kept))
        spool.put_look(name, whose, kept, chosen)
        return chosen

    def _look(self, view: TableView, kept: Kept) -> Look:
        call, there = self.call, kinds.Seen()
        if kinds.undeclared(view, call.kinds(), [*kept.columns, *call.words()]):
            there = kept.table.seen()
        names = there.names() or kept.columns
        shown = call.columns() or kept.columns
        return Look(view, call.kinds(), names, self.currency, alike=call.words(), shown=shown, there=there)
