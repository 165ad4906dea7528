"""Lists about people: in full in a file of the user's, without contacts in an answer, kept nowhere else."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from mcp_ads.core import Account, Action, Result
from mcp_ads.core.view import TableView
from mcp_ads.engine.records import saving
from mcp_ads.engine.wire.cursors import Place
from mcp_ads.engine.wire.pages import begun_at, gather, hash_of
from mcp_ads.engine.wire.window import Stretch

from .lists import window_of

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session
    from mcp_ads.engine.workspace import Workspace

MOST_SAVED = 100_000
PART = "the file has only the first {:,} rows: the list goes on"


async def saved(
    workspace: Workspace, session: Session, call: Action, view: TableView, account: Account | None
) -> Result:
    """Every row in a new file, and the first ones in the answer. Raises NotConfigured, InvalidParams."""
    files = workspace.settings.files
    saving.place_for(files, view.save_to)
    collected = await gather(session, call, MOST_SAVED, account, begun_at(Place()))
    filed = [call.filed(record, account) for record in collected.records]
    columns = tuple(dict.fromkeys(name for row in filed for name in row)) or call.columns()
    path = await asyncio.to_thread(saving.save, files, view.save_to, filed, columns) if filed else ""
    rows = [call.to_row(record, account) for record in collected.records]
    warnings = [*collected.warnings, *([PART.format(len(rows))] if collected.after else [])]
    warnings += [] if filed else [saving.NOTHING]
    warnings += call.told(collected.records).get("warnings", [])
    shown = [call.masked(row) for row in rows]
    read = Stretch(hash_of(session.whose, call), shown, collected.places, collected.after, collected.tokens)
    window = window_of(workspace, read, call, view, warnings)
    window.meta |= {"saved": path, "saved_rows": len(filed)} if filed else {}
    window.meta["hidden"] = call.left_out()
    return window
