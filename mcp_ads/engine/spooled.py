"""Large results: got once, kept on disk, then filtered, sorted, saved and paged from there, off the loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account, Action, Fetched, Result
from mcp_ads.core.view import TableView
from mcp_ads.errors import InvalidParams

from . import saving
from .cursors import FORGOTTEN, row_in
from .lists import counted
from .looks import Chosen, ViewLook, choose
from .pages import hash_of
from .recipes import Report, drive
from .scan import gently, rows_in
from .spool import Damaged, Kept, Rows, Spool
from .window import Window

if TYPE_CHECKING:
    from .session import Session
    from .workspace import Workspace

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
    whose = hash_of(name, call, view.filter, view.sort, view.top)
    skip = row_in(view.cursor, whose) if view.cursor else 0
    if view.save_to and not view.cursor:
        saving.place_for(workspace.settings.files, view.save_to)
    at = (name, whose, skip)
    kept = await asyncio.to_thread(_still_kept, workspace.spool, name, call, view)
    if kept is not None:
        try:
            return await asyncio.to_thread(_window, workspace, call, view, kept, at)
        except Damaged:
            workspace.spool.forget(name)
    if view.cursor and workspace.spool.keeps:
        raise InvalidParams(FORGOTTEN)
    got = await drive(session, call, session.context(account), report=report)
    if not isinstance(got.data, list | Fetched):
        return got
    kept = await asyncio.to_thread(_keep, workspace.spool, name, got, call, account)
    return await asyncio.to_thread(_window, workspace, call, view, kept, at)


def _keep(spool: Spool, name: str, got: Result, call: Action, account: Account | None) -> Kept:
    """Write what was got; a file it came in is done with then."""
    try:
        return spool.put(name, _rows(got, call, account), got.meta, got.columns or call.columns())
    finally:
        if isinstance(got.data, Fetched):
            got.data.file.close()


def _rows(got: Result, call: Action, account: Account | None) -> Rows:
    """The rows of a result, as they are shown, as often as they are wanted."""
    data = got.data

    def read() -> Iterator[dict[str, Any]]:
        if isinstance(data, Fetched):
            for each in rows_in(data.file, data.again):
                yield call.to_row(each, account)
        else:
            yield from data

    return read


def _still_kept(spool: Spool, name: str, call: Action, view: TableView) -> Kept | None:
    """Kept rows that answer this call: they go on for a cursor, and have what another look asks for."""
    looks = view.cursor or view.filter or view.sort or view.top or view.save_to
    kept = spool.get(name) if looks else None
    if kept is None:
        return None
    fresh = kept.age < REUSED or bool(view.cursor)
    if fresh and set(call.columns()) <= set(kept.columns):
        return kept
    kept.file.close()
    return None


def _window(
    workspace: Workspace, call: Action, view: TableView, kept: Kept, at: tuple[str, str, int]
) -> Window:
    """The rows of a view from a row on, read where they are. Raises Damaged, InvalidParams."""
    name, whose, skip = at
    with kept.file:
        chosen = _chosen(workspace.spool, name, whose, kept, view)
        rows = list(kept.rows_at(chosen.offsets[skip : skip + view.limit]))
        meta = {**kept.meta, **chosen.facts, "as_of": _minute(kept.at)}
        window = Window(rows, meta, columns=call.columns() or kept.columns, whose=whose, first=skip)
        if view.save_to and not view.cursor:
            every = gently(kept.rows_at(chosen.offsets))
            meta["saved"] = saving.save(workspace.settings.files, view.save_to, every, window.columns)
    more = skip + len(rows) < len(chosen.offsets)
    return counted(window, window.cursor_at(len(rows)) if more else "", [])


def _chosen(spool: Spool, name: str, whose: str, kept: Kept, view: TableView) -> Chosen:
    """Where the rows of a view are: as it was kept of an earlier look, or looked for now."""
    if found := spool.get_look(name, whose, kept):
        return Chosen(found[1], found[0])
    chosen = choose(kept.lines(), ViewLook(view, kept.columns))
    spool.put_look(name, whose, kept, chosen.facts, chosen.offsets)
    return chosen


def _minute(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%MZ", time.gmtime(at))
