"""Long-lived tokens of one workspace; only their hash is kept."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.host.callers import Caller
from mcp_ads.http_tokens import hash_of_token

from .clients import accounts_read, caps_read, fresh_secret, listed
from .tables import mcp_tokens, workspaces

START = "mcpads_"
"""What a token begins with, so that scanners of leaked secrets know one."""


async def add(
    connection: AsyncConnection,
    organization_id: str,
    workspace_id: str,
    name: str,
    scope: str,
    accounts: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """A new token, which is not kept."""
    token = START + fresh_secret()
    await connection.execute(
        insert(mcp_tokens).values(
            id=str(uuid.uuid4()), organization_id=organization_id, workspace_id=workspace_id, name=name,
            token_hash=hash_of_token(token), scope=scope, created_at=time.time(),
            accounts=listed(accounts),
        )
    )  # fmt: skip
    return token


async def every(connection: AsyncConnection, organization_id: str) -> list[Row[Any]]:
    """An organization's tokens, with the names of their workspaces, the oldest first."""
    there = mcp_tokens.join(workspaces, mcp_tokens.c.workspace_id == workspaces.c.id)
    wanted = select(mcp_tokens, workspaces.c.name.label("workspace")).select_from(there)
    return list(await connection.execute(
        wanted.where(mcp_tokens.c.organization_id == organization_id).order_by(mcp_tokens.c.created_at)
    ))  # fmt: skip


async def revoke(connection: AsyncConnection, organization_id: str, name: str) -> int:
    """Believe the tokens of this name, or this id, no more; how many there were."""
    there = mcp_tokens.c.organization_id == organization_id, mcp_tokens.c.revoked_at.is_(None)
    which = (mcp_tokens.c.name == name) | (mcp_tokens.c.id == name)
    ended = update(mcp_tokens).where(*there, which).values(revoked_at=time.time())
    done = await connection.execute(ended)
    return int(done.rowcount)


async def holder(connection: AsyncConnection, token: str) -> tuple[Caller, str] | None:
    """Who holds a token, and the id of its workspace; None for a token that there is not."""
    there = mcp_tokens.join(workspaces, mcp_tokens.c.workspace_id == workspaces.c.id)
    wanted = select(mcp_tokens, workspaces.c.name.label("workspace")).select_from(there)
    live = mcp_tokens.c.token_hash == hash_of_token(token), mcp_tokens.c.revoked_at.is_(None)
    row = (await connection.execute(wanted.where(*live))).first()
    if row is None:
        return None
    caller = Caller(
        row.organization_id, f"token:{row.id}", row.name, "plan", row.scope, frozenset([row.workspace]),
        accounts_read(row.accounts), caps_read(row.caps),
    )  # fmt: skip
    return caller, row.workspace_id
