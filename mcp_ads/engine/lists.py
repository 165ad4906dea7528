"""The part of a list that an answer shows, wherever the rows are: on pages, in one answer, or spooled."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account, Action, Result
from mcp_ads.core.view import ListView, TableView, View

from . import kinds, tables
from .fetching import fetching
from .pages import Place, collect, hash_of, read_place
from .recipes import Report, drive
from .spool import Kept

if TYPE_CHECKING:
    from .session import Session
    from .workspace import Workspace

REUSED = 3_600
"""Seconds in which another look at a spooled result does not ask the platform again; cursors last a day."""


def needs_all(view: TableView) -> bool:
    """Whether the answer needs every row: filtered, sorted or saved, and not just the next few."""
    return bool(view.model_fields_set - ListView.model_fields.keys())


async def paged(
    session: Session, call: Action, view: ListView, account: Account | None, start: Place
) -> Result:
    """Rows from the platform's pages."""
    whose = hash_of(session.connector.name, call)
    place = read_place(view.cursor, whose) if view.cursor else start
    found = await collect(session, call, view, account, place)
    result = Result([call.to_row(each, account) for each in found.records], columns=call.columns())
    result.cursor_at = lambda row: at.text(whose) if (at := found.place_at(row)) else ""
    result.meta["hidden"] = call.left_out()
    return _counted(result, found.after.text(whose) if found.after else "", found.warnings)


def whole(result: Result, session: Session, call: Action, view: View) -> Result:
    """A list that came in one piece, cut to the view's limit."""
    result.columns = result.columns or call.columns()
    if not isinstance(result.data, list) or not isinstance(view, ListView):
        return result
    return _window(result, result.data, view, hash_of(session.connector.name, call))


async def spooled(
    workspace: Workspace,
    session: Session,
    call: Action,
    view: TableView,
    account: Account | None,
    report: Report | None,
) -> Result:
    """Rows kept on disk: got once, then filtered, sorted, saved and paged from there."""
    name = hash_of(session.identity, call, columns=False)
    kept = workspace.spool.get(name)
    currency = account.currency if account else ""
    asked = fetching(call, view, currency)
    if kept is None or not _serves(kept, asked, view):
        result = await drive(session, asked, session.context(account), report=report)
        if not isinstance(result.data, list):
            return result
        kept = Kept(result.data, result.meta, _all_columns(result, asked), time.time())
        if not workspace.spool.put(name, kept):
            kept.meta["warnings"] = [*kept.meta.get("warnings", []), "not kept on disk: a cursor asks again"]
    return _look(workspace, call, view, kept, name, currency)


def _serves(kept: Kept, call: Action, view: TableView) -> bool:
    """Whether kept rows answer this call: they go on for a cursor, and have what another look asks for."""
    looks = view.cursor or view.where or view.sort or view.top or view.save_to
    fresh = kept.age < REUSED or bool(view.cursor)
    return bool(looks) and fresh and set(call.columns()) <= set(kept.columns)


def _look(
    workspace: Workspace, call: Action, view: TableView, kept: Kept, name: str, currency: str
) -> Result:
    columns = call.columns() or kept.columns
    unknown = kinds.undeclared(view, call.kinds())
    there = kinds.seen(kept.rows) if unknown else kinds.Seen()
    names = there.names() or kept.columns
    look = tables.Look(view, call.kinds(), names, currency, alike=call.alike, shown=columns, there=there)
    chosen = tables.apply(kept.rows, look)
    meta = {"units": look.units(), **kept.meta, "total": chosen.total, "as_of": _minute(kept.at)}
    meta["warnings"] = [*meta.get("warnings", []), *chosen.warnings]
    if view.top:
        meta["shown"] = len(chosen.rows)
    result = Result(None, meta, columns=columns)
    if view.save_to:
        rows = [look.shown(row) for row in chosen.rows]
        meta["saved"] = workspace.spool.save(view.save_to, rows, result.columns)
    result = _window(result, chosen.rows, view, hash_of(name, call, view.where, view.sort, view.top))
    result.data = [look.shown(row) for row in result.data]
    if chosen.total > 1:
        result.meta["totals"] = chosen.totals
    return result


def _window(result: Result, rows: list[Any], view: ListView, whose: str) -> Result:
    skip = read_place(view.cursor, whose).skip if view.cursor else 0
    result.data = rows[skip : skip + view.limit]
    cursor_at = _rows_from(skip, whose)
    result.cursor_at = cursor_at
    ends = skip + len(result.data)
    return _counted(result, cursor_at(len(result.data)) if ends < len(rows) else "", [])


def _rows_from(skip: int, whose: str) -> Callable[[int], str]:
    return lambda row: Place("", 0, skip + row).text(whose)


def _counted(result: Result, cursor: str, warnings: list[str]) -> Result:
    result.meta |= {"rows": len(result.data), "more": bool(cursor)}
    if cursor:
        result.meta["cursor"] = cursor
    if warnings:
        result.meta["warnings"] = [*result.meta.get("warnings", []), *warnings]
    return result


def _all_columns(result: Result, call: Action) -> tuple[str, ...]:
    named = result.columns or call.columns()
    return tuple(dict.fromkeys([*named, *(name for row in result.data for name in row)]))


def _minute(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%MZ", time.gmtime(at))
