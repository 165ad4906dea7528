"""Lines of the audit log for those whom they are about."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.host.store.tables import audit_lines

PAGE = 200


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
    return found[:most]
