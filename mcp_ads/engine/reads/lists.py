"""The part of a list that an answer shows, wherever the rows are: on pages, in one answer, or spooled."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account, Action, Result
from mcp_ads.core.answer import partly
from mcp_ads.core.view import ListView, View
from mcp_ads.engine.wire.cursors import Place, name_in, new_name, read_place
from mcp_ads.engine.wire.pages import begun_at, gather, hash_of
from mcp_ads.engine.wire.room import Room
from mcp_ads.engine.wire.window import Stretch, Window
from mcp_ads.errors import InvalidParams

from .cleaned import cleaned
from .missing import asked_ids, check_asked_for, missing_warning

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session
    from mcp_ads.engine.workspace import Workspace


async def paged(
    workspace: Workspace,
    session: Session,
    call: Action,
    view: ListView,
    account: Account | None,
    start: Place,
) -> Result:
    """Rows from the platform's pages, after those kept for the cursor."""
    whose, ids = hash_of(session.whose, call), asked_ids(session, call)
    begun = _begun(workspace, view.cursor, whose) or begun_at(start)
    records: list[dict[str, Any]] = []

    def shown(record: dict[str, Any]) -> Any:
        records.append(record)
        return cleaned(workspace, call, call.shown(record, account))

    wanted = max(view.limit, len(ids))
    collected = await gather(session, call, wanted, account, begun, Room(call.columns()), shown)
    check_asked_for(session, call, ids, records)
    warnings = [*collected.warnings, *collected.doubts.said()]
    if ids and not view.cursor and collected.after is None and not collected.warnings:
        warnings += missing_warning(session, call, ids, records)
    told = call.told(records) if records or not view.cursor else {}
    window = await window_of(
        workspace, collected.stretch(whose), call, view, [*warnings, *told.get("warnings", [])]
    )
    window.partial = collected.lacks
    window.meta |= {"total": collected.total} if type(collected.total) is int else {}
    window.meta["hidden"] = "; ".join(filter(None, [call.left_out(), told.get("hidden")]))
    return window


async def whole(workspace: Workspace, result: Result, session: Session, call: Action, view: View) -> Result:
    """A list that came in one piece, cut to the view's limit."""
    result.columns = result.columns or call.columns()
    result.data = cleaned(workspace, call, result.data)
    if not isinstance(result.data, list) or not isinstance(view, ListView):
        return result
    whose = hash_of(session.whose, call)
    begun = _begun(workspace, view.cursor, whose)
    skip = begun.place.skip if begun and begun.place else 0
    onward = result.meta.pop("next", {})
    pieces = Stretch(whose, result.data[skip:], [(0, Place("", 0, skip))], onward=onward)
    window = await window_of(workspace, pieces, call, view, [])
    window.columns = result.columns
    window.meta = {**result.meta, **window.meta}
    window.errors, window.partial = result.errors, partly(result)
    return window


async def at_hand(workspace: Workspace, session: Session, call: Action, view: View) -> Result | None:
    """What is kept of a list that came in one piece, for a cursor; None where it has to be asked for."""
    if not isinstance(view, ListView) or not view.cursor:
        return None
    whose = hash_of(session.whose, call)
    begun = _begun(workspace, view.cursor, whose)
    return await window_of(workspace, begun, call, view, []) if begun and begun.rows else None


def goes_on(workspace: Workspace, session: Session, call: Action, cursor: str) -> bool:
    """Whether a cursor goes on with this call's list, as this connection has it."""
    try:
        return _begun(workspace, cursor, hash_of(session.whose, call)) is not None
    except InvalidParams:
        return False


def _begun(workspace: Workspace, cursor: str, whose: str) -> Stretch | None:
    """The rest of the list that a cursor names; None without a cursor. Raises InvalidParams."""
    if not cursor:
        return None
    name = name_in(cursor)
    return workspace.shelf.get(name, whose) if name else begun_at(read_place(cursor, whose))


async def window_of(
    workspace: Workspace, read: Stretch, call: Action, view: ListView, warnings: list[str]
) -> Window:
    """The rows to show of what was read, and a cursor where there is more: of what is kept, if it may be.

    It is kept in a thread: a host's database may have another writer, for whom no other call should wait.
    """
    data = read.rows[: view.limit]
    window = Window(data, columns=call.columns(), whose=read.whose, stretch=read, private=call.private)
    left, name = read.since(len(data)), "" if call.private else new_name()
    if name and (left.ended or await asyncio.to_thread(workspace.shelf.put, name, left)):
        window.name = name
    if left.ended and read.onward:
        window.meta["next"] = read.onward
    return counted(window, "" if left.ended else window.cursor_at(len(data)), warnings)


def counted(result: Window, cursor: str, warnings: list[str]) -> Window:
    """The result with how many rows it has, whether there are more, and what to warn of."""
    result.meta |= {"rows": len(result.data), "more": bool(cursor)}
    if cursor:
        result.meta["cursor"] = cursor
    if warnings:
        result.meta["warnings"] = [*result.meta.get("warnings", []), *warnings]
    return result
