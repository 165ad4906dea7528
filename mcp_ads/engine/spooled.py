"""Large results: got once, kept on disk, then filtered, sorted, saved and paged from there, off the loop."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Coroutine, Iterator
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account, Action, Fetched, Result
from mcp_ads.core.view import TableView
from mcp_ads.errors import InvalidParams

from . import saving
from .cursors import FORGOTTEN, row_cursor, row_in
from .deadline import left
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
    if writing := workspace.writing.get(name):
        await asyncio.wait({writing}, timeout=_seconds())
    kept = await asyncio.to_thread(_still_kept, workspace.spool, name, call, view)
    if kept is not None:
        try:
            return await asyncio.to_thread(_window, workspace, call, view, kept, at)
        except Damaged:
            workspace.spool.forget(name)
    if view.cursor and name in workspace.writing:
        return _unfinished(whose)
    if view.cursor and workspace.spool.keeps:
        raise InvalidParams(FORGOTTEN)
    got = await drive(session, call, session.context(account), report=report)
    if not isinstance(got.data, list | Fetched):
        return got
    work = asyncio.to_thread(_keep, workspace, call, view, got, account, at)
    return await _in_time(workspace.writing, name, work) or _unfinished(whose)


async def _in_time(
    writing: dict[str, asyncio.Task[Window]], name: str, work: Coroutine[Any, Any, Window]
) -> Window | None:
    """What the work comes to; None when the call's time ends before, and the work goes on."""
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


def _keep(
    workspace: Workspace,
    call: Action,
    view: TableView,
    got: Result,
    account: Account | None,
    at: tuple[str, str, int],
) -> Window:
    """Write what was got and look at it; a file it came in is done with then."""
    try:
        columns = got.columns or call.columns()
        kept = workspace.spool.put(at[0], _rows(got, call, account), got.meta, columns)
    finally:
        if isinstance(got.data, Fetched):
            got.data.file.close()
    return _window(workspace, call, view, kept, at)


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
