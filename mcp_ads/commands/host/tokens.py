"""`host token add`, `list`, `revoke`: tokens of one workspace, for /mcp."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.commands.streams import FAILED, complain, note, say
from mcp_ads.errors import BadSettings
from mcp_ads.host.store import mcp_tokens, organizations, workspaces

from .here import accounts_in, at_host, check_name, said_of


def add(organization: str, workspace: str, name: str, scope: str, accounts: str | None) -> int:
    """Make a token and print it, once."""
    name, workspace, ids = check_name(name), check_name(workspace, "--workspace"), accounts_in(accounts)

    async def make(connection: AsyncConnection) -> tuple[str, bool]:
        there = await organizations.meant(connection, organization)
        if any(
            row.name == name and row.revoked_at is None
            for row in await mcp_tokens.every(connection, there.id)
        ):
            raise BadSettings(
                f"NAME: there is a {name} already; `mcp-ads host token revoke {name}` revokes it"
            )
        new = await workspaces.named(connection, there.id, workspace) is None
        place = await workspaces.ensure(connection, there.id, workspace)
        return await mcp_tokens.add(connection, there.id, place.id, name, scope, ids), new

    with at_host() as host:
        token, new = host.database.wait(make)
    say(token)
    made = " (a new one, without connectors yet)" if new else ""
    note(f"{name}: workspace {workspace}{made}, scope {scope}, {said_of(ids)}. The token is not shown again.")
    return 0


def listing(organization: str, *, as_json: bool) -> int:
    """An organization's tokens, one a line; revoked ones are not shown."""

    async def look(connection: AsyncConnection) -> list[Any]:
        there = await organizations.meant(connection, organization)
        return [row for row in await mcp_tokens.every(connection, there.id) if row.revoked_at is None]

    with at_host() as host:
        rows = host.database.wait(look)
    if as_json:
        names = ("id", "name", "workspace", "scope", "accounts", "created_at")
        say(json.dumps([{name: getattr(row, name) for name in names} for row in rows], ensure_ascii=False))
        return 0
    for row in rows:
        say("  ".join([row.name, f"workspace {row.workspace}", row.scope, said_of(row.accounts)]))
    if not rows:
        note("there is no token; `mcp-ads host token add NAME --workspace W --scope plan` makes one")
    return 0


def revoke(organization: str, name: str) -> int:
    """It works no more, also in a server that runs."""

    async def end(connection: AsyncConnection) -> int:
        there = await organizations.meant(connection, organization)
        return await mcp_tokens.revoke(connection, there.id, name.strip())

    with at_host() as host:
        done = host.database.wait(end)
    if not done:
        complain("NAME: there is no such token; `mcp-ads host token list` lists them")
        return FAILED
    note("revoked: it is believed no more")
    return 0
