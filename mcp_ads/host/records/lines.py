"""Lines of the audit log for those whom they are about."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.engine.records.lately import SENDING
from mcp_ads.host.store.repeated import LONGEST_CALL
from mcp_ads.host.store.tables import audit_lines

PAGE = 200
NEVER_ENDED = "no outcome was ever written: its process may have died, and nobody knows whether it was done"


async def lines_of(
    connection: AsyncConnection,
    organization_id: str,
    workspace_id: str,
    before: int | None,
    most: int,
    shown: Callable[[dict[str, Any]], bool] = lambda _: True,
) -> list[dict[str, Any]]:
    """Up to so many lines of a workspace that are `shown`, the last first, each with its number."""
    found: list[dict[str, Any]] = []
    of_it = audit_lines.c.organization_id == organization_id, audit_lines.c.workspace_id == workspace_id
    wanted = select(audit_lines).where(*of_it).order_by(audit_lines.c.id.desc()).limit(max(most, PAGE))
    while len(found) < most:
        page = wanted if before is None else wanted.where(audit_lines.c.id < before)
        rows = (await connection.execute(page)).all()
        if not rows:
            break
        lines = ({"number": row.id, **json.loads(row.line)} for row in rows)
        found += [line for line in lines if shown(line)]
        before = rows[-1].id
    await _say_what_never_ended(connection, of_it, found[:most])
    return found[:most]


async def _say_what_never_ended(
    connection: AsyncConnection, of_it: tuple[ColumnElement[bool], ...], found: list[dict[str, Any]]
) -> None:
    """Add to lines of what was sent, and has no line of its outcome by now, that nobody knows it."""
    ended = {line.get("ref") for line in found if line.get("outcome") != SENDING}
    for line in found:
        old = time.time() - float(line["time"]) > LONGEST_CALL
        if line.get("outcome") != SENDING or not old or line.get("ref") in ended:
            continue
        later = select(audit_lines.c.line).where(*of_it, audit_lines.c.id > line["number"])
        same = later.where(audit_lines.c.line.contains(json.dumps(line.get("ref")), autoescape=True))
        others = [json.loads(text) for text in await connection.scalars(same)]
        if not any(one.get("ref") == line.get("ref") and one["outcome"] != SENDING for one in others):
            line["note"] = NEVER_ENDED
