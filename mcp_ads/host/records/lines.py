"""Lines of the audit log for those whom they are about."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.host.store.tables import audit_lines


async def lines_of(
    connection: AsyncConnection, organization_id: str, workspace_id: str, before: int | None, most: int
) -> list[dict[str, Any]]:
    """Up to so many lines of a workspace, the last first, each with its number."""
    wanted = select(audit_lines).where(
        audit_lines.c.organization_id == organization_id, audit_lines.c.workspace_id == workspace_id
    )
    if before is not None:
        wanted = wanted.where(audit_lines.c.id < before)
    rows = await connection.execute(wanted.order_by(audit_lines.c.id.desc()).limit(most))
    return [{"number": row.id, **json.loads(row.line)} for row in rows]
