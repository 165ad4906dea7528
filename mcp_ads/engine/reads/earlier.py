"""An earlier answer, looked at again: its rows are here, and no platform is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Read, Result, validate
from mcp_ads.core.column_names import Names
from mcp_ads.core.columns import unexpanded
from mcp_ads.core.view import TableView, split
from mcp_ads.engine.answers.facts import stating
from mcp_ads.engine.records import saving
from mcp_ads.engine.records.results import GONE, Source
from mcp_ads.engine.records.rows import Damaged
from mcp_ads.engine.records.spool import Kept
from mcp_ads.engine.tables.kinds import Seen, kinds_of
from mcp_ads.engine.wire.cursors import row_in
from mcp_ads.errors import InvalidParams, PolicyError

from .fetching import WHATEVER
from .glance import Glance
from .scope import check_source
from .spooled import whose

if TYPE_CHECKING:
    from mcp_ads.engine.workspace import Workspace

ALONE = "{}: not beside from, which takes fields, where, sort, top, group_by, limit, cursor and save_to"
FIX = "leave it out, or make the call without from"


async def looked_again(workspace: Workspace, params: Mapping[str, Any]) -> Result:
    """A view of the rows that an earlier answer was computed from.

    Raises InvalidParams for a result that is not kept (any more) or a view that does not fit its rows, and
    PolicyError or OutOfScope for one that is not the caller's.
    """
    view, fields = _asked(params)
    source = source_of(workspace, view.from_)
    mine = whose(view, source.name, fields)
    skip = row_in(view.cursor, mine)[0] if view.cursor else 0
    if view.save_to and not view.cursor:
        saving.place_for(workspace.settings.files, view.save_to)
    try:
        kept = await asyncio.to_thread(workspace.spool.get, source.name)
        if kept is None:
            raise InvalidParams(GONE)
        named = _columns(fields, source, kept)
        columns = tuple(dict.fromkeys([*source.keys, *named])) if named else source.columns
        shown = replace(source, columns=columns)
        look = Glance(workspace, shown, view, mine, skip, view.from_, named=True, again=False, fields=named)
        result: Result = await asyncio.to_thread(look.window, kept)
    except Damaged:
        workspace.spool.forget(source.name)
        raise InvalidParams(GONE) from None
    return stating(result, {**source.facts, "of": source.what}, source.kinds, source.currency)


def _asked(params: Mapping[str, Any]) -> tuple[TableView, list[str]]:
    """The view, and the columns to show, none for those of the first answer. Raises InvalidParams."""
    shown, own = split(Read, dict(params), TableView)
    view, mistakes = TableView(), list[str]()
    try:
        view = validate.build(TableView, shown)
    except InvalidParams as error:
        mistakes = [*error.lines]
    fields = own.pop("fields", None)
    mistakes += [ALONE.format(name) for name in [*own, *(["accounts"] if view.accounts else [])]]
    try:
        read = validate.build(Read, validate.named(Read, {"fields": fields})[0])
    except InvalidParams as error:
        mistakes += error.lines
    if mistakes:
        raise InvalidParams("\n".join(mistakes), fix=FIX if own or view.accounts else "")
    return view, read.fields or []


def _columns(fields: list[str], source: Source, kept: Kept) -> tuple[str, ...]:
    """The columns that are named, as the rows have them. Raises InvalidParams for others."""
    if not fields or tuple(fields) in WHATEVER:
        return kept.columns if fields else ()
    there = kept.table.seen() if any("." in name for name in fields) else Seen()
    names = Names(kinds_of([*kept.columns, *there.names()], source.kinds, there), source.words)
    found = {name: names.column(unexpanded(name)) for name in fields}
    if wrong := [name for name, column in found.items() if column is None]:
        raise InvalidParams("\n".join(f"fields: {names.no_such(name)}" for name in wrong))
    return tuple(dict.fromkeys(str(column) for column in found.values()))


def source_of(workspace: Workspace, handle: str) -> Source:
    """What an earlier answer was computed from, for its owner.

    Raises InvalidParams, PolicyError, OutOfScope.
    """
    kept, who = workspace.results.get(handle), workspace.who()
    if kept.owner != who.id and not who.local:
        raise PolicyError("from: the result was made by someone else", fix="make the call that named it")
    check_source(workspace, kept.source, "from")
    return kept.source
