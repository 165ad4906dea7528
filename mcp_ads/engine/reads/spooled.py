"""Large results: got once, kept on disk, then filtered, sorted, saved and paged from there, off the loop."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account, Action, Result
from mcp_ads.core.recipe import Report
from mcp_ads.core.view import TableView
from mcp_ads.engine.records import saving
from mcp_ads.engine.records.rows import Damaged
from mcp_ads.engine.records.spool import Kept, Spool
from mcp_ads.engine.wire.cursors import FORGOTTEN, row_cursor, row_in
from mcp_ads.engine.wire.deadline import left
from mcp_ads.engine.wire.pages import hash_of
from mcp_ads.engine.wire.window import Window
from mcp_ads.errors import InvalidParams

from .fetching import fetching
from .glance import Glance, Source
from .whole import Whole, whole

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session
    from mcp_ads.engine.workspace import Workspace

DAMAGED = "what was kept of these rows was not as it was written: set aside, and got anew"
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
    whose = hash_of(name, call, view.where, view.sort, view.top, view.group_by)
    asked = fetching(call, view, account.currency if account else "")
    skip = row_in(view.cursor, whose) if view.cursor else 0
    if view.save_to and not view.cursor:
        saving.place_for(workspace.settings.files, view.save_to)
    source = Source(name, call.columns(), call.kinds(), call.words(), account.currency if account else "")
    look = Glance(workspace, source, view, whose, skip)
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
    got = await whole(session, asked, account, report)
    if got.rows is None:
        return got.result
    work = asyncio.to_thread(_keep, look, got, asked)
    result = await _in_time(workspace.writing, name, work) or _unfinished(whose)
    result.meta["warnings"] = [*damaged, *result.meta.get("warnings", [])]
    result.errors = got.result.errors
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


def _keep(look: Glance, got: Whole, asked: Action) -> Window:
    """Write what was got and look at it; a file it came in is done with then."""
    assert got.rows
    try:
        columns = got.result.columns or asked.columns()
        kept = look.workspace.spool.put(look.source.name, got.rows, got.result.meta, columns, asked.kinds())
    finally:
        got.close()
    return look.window(kept)


def _still_kept(spool: Spool, name: str, call: Action, view: TableView) -> Kept | None:
    """Kept rows that answer this call: they go on for a cursor, and have what another look asks for."""
    looks = view.cursor or view.where or view.sort or view.top or view.group_by or view.save_to
    kept = spool.get(name) if looks else None
    if kept is None:
        return None
    whole = call.reused and "coverage" not in kept.meta
    fresh = bool(view.cursor) or (whole and kept.age < REUSED)
    if fresh and set(call.columns()) <= set(kept.columns):
        return kept
    kept.close()
    return None
