"""Lists about people: looked through in memory, in full only in a file of the user's, kept nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account, Action, Result
from mcp_ads.core.view import TableView
from mcp_ads.core.where_tokens import named
from mcp_ads.engine.records import saving
from mcp_ads.engine.records.packed import Packed, Packer
from mcp_ads.engine.wire.cursors import Place, row_in
from mcp_ads.engine.wire.pages import Collected, begun_at, gather, hash_of
from mcp_ads.engine.wire.window import Stretch
from mcp_ads.errors import InvalidParams

from .fetching import fetching
from .glance import Glance
from .lists import window_of
from .spooled import source_of, whose
from .whole import cut_at

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session
    from mcp_ads.engine.workspace import Workspace

MOST_SAVED = 100_000
PART = "the file has only the first {:,} rows: the list goes on"


async def saved(
    workspace: Workspace, session: Session, call: Action, view: TableView, account: Account | None
) -> Result:
    """Every row in a new file, and the first ones in the answer. Raises NotConfigured, InvalidParams."""
    saving.place_for(workspace.settings.files, view.save_to)
    collected = await gather(session, call, MOST_SAVED, account, begun_at(Place()))
    meta = await _filed(workspace, call, view, account, collected.records)
    warnings = [*collected.warnings, *([PART.format(len(collected.records))] if collected.after else [])]
    warnings += [] if meta else [saving.NOTHING]
    warnings += call.told(collected.records).get("warnings", [])
    shown = [call.shown(record, account) for record in collected.records]
    read = Stretch(hash_of(session.whose, call), shown, collected.places, collected.after, collected.tokens)
    window = await window_of(workspace, read, call, view, warnings)
    window.meta |= {**meta, "hidden": call.left_out()}
    return window


async def looked_at(
    workspace: Workspace, session: Session, call: Action, view: TableView, account: Account | None
) -> Result:
    """A view of all rows, which are read for every page of it: nothing of them is written anywhere.

    A file has the rows of the view in full, as it has all of them without one. Raises InvalidParams for a
    condition on contacts that the call does not name in `fields`.
    """
    _check_contacts(call, view)
    mine = whose(view, hash_of(session.whose, call))
    skip = row_in(view.cursor, mine)[0] if view.cursor else 0
    filing = bool(view.save_to and not view.cursor and not view.group_by)
    if view.save_to and not view.cursor:
        saving.place_for(workspace.settings.files, view.save_to)
    asked = fetching(call, view, account.currency if account else "")
    packer = Packer()
    found = await gather(session, asked, MOST_SAVED, account, begun_at(Place()), show=packer.pack)
    records = packer.packed(found.records)
    rows = partial(map, lambda record: call.masked(asked.to_row(record, account)), records)
    meta = _said(call, found, records)
    source = source_of(session, call, asked, account)
    look = Glance(workspace, source, view.model_copy(update={"save_to": ""} if filing else {}), mine, skip)
    kept = await asyncio.to_thread(workspace.spool.passing, rows, meta, asked.columns(), source.kinds)
    files: dict[str, Any] = {}
    if filing:
        chosen = await asyncio.to_thread(look.chosen, kept, len(records))
        files = await _filed(workspace, call, view, account, [records[at - 1] for at in chosen.ids])
        kept.meta["warnings"] += [] if files else [saving.NOTHING]
    window = await asyncio.to_thread(look.window, kept)
    window.private = True
    window.meta |= files
    return window


def _said(call: Action, found: Collected, records: Packed) -> dict[str, Any]:
    """What is to be known of the rows that were read."""
    told = call.told(records)
    hidden = "; ".join(filter(None, [call.left_out(), told.get("hidden")]))
    return {
        **cut_at(found, len(records)),
        "warnings": [*told.get("warnings", [])],
        "hidden": hidden,
    }


async def _filed(
    workspace: Workspace, call: Action, view: TableView, account: Account | None, records: Iterable[Any]
) -> dict[str, Any]:
    """A new file with these records in full, and what the answer says of it; nothing of none."""
    filed = [call.filed(record, account) for record in records]
    if not filed:
        return {}
    columns = tuple(dict.fromkeys(name for row in filed for name in row)) or call.columns()
    path = await asyncio.to_thread(saving.save, workspace.settings.files, view.save_to, filed, columns)
    return {"saved": path, "saved_rows": len(filed)}


def _check_contacts(call: Action, view: TableView) -> None:
    """Raise InvalidParams where a view is about contacts, which the call has not named."""
    sure, maybe = named(view.where)
    words = [*sure, *maybe, *(key.removeprefix("-") for key in view.sort), *view.group_by]
    shown = {str(name).lower() for name in getattr(call, "fields", None) or ()}
    hidden = {name.replace("_", "").lower(): name for name in call.contacts if name.lower() not in shown}
    alike = {word.lower(): name for word, name in call.words().items()}
    for word in words:
        outer = alike.get(word.lower(), word).partition(".")[0]
        meant = alike.get(outer.lower(), outer).replace("_", "").lower()
        if meant in hidden and word.lower() not in shown:
            raise InvalidParams(
                f"{hidden[meant]}: is hidden unless fields names it, and so is no condition on it"
            )
