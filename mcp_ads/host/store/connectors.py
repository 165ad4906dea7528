"""Connectors: kept with their credentials sealed, found within one organization, and gone at once."""

from __future__ import annotations

import json
import re
import time
import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.host.callers import Caller
from mcp_ads.host.keys import Keys
from mcp_ads.host.refusals import not_found

from .tables import TOKENS, connectors, papers, workspaces

LABEL = 30
"""Most characters that a label takes of its connector's name."""


@dataclass(frozen=True)
class New:
    """A connector to be kept. `secret_id` is the SHA-256 of the grant it is made of, "" for none.

    `ends_at` is when its credentials end, in Unix seconds, None where that is not known.
    """

    slug: str
    name: str
    credentials: Mapping[str, str] = field(repr=False)
    replication_config: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    entities: Sequence[Mapping[str, Any]] | None = None
    secret_id: str = ""
    ends_at: float | None = None


@dataclass(frozen=True)
class Kept:
    """A connector that is kept. `label` is the connection that calls name; times are Unix seconds.

    `ends_at` is when its credentials end, as far as is known;
    `verified_at` is when the platform last accepted its credentials, None for never.
    """

    id: str
    organization_id: str
    workspace_id: str
    workspace: str
    slug: str
    label: str
    name: str
    replication_config: Mapping[str, Any]
    environment: Mapping[str, str]
    entities: Sequence[Mapping[str, Any]] | None
    ends_at: float | None
    verified_at: float | None
    created_at: float
    updated_at: float
    sealed: bytes = field(repr=False)

    def credentials(self, keys: Keys) -> dict[str, str]:
        """What it signs in with. Raises NoRecord where it does not open."""
        opened: dict[str, str] = json.loads(keys.open(self.sealed, *bound(self)))
        return opened

    def allows(self, entity: str, *, write: bool) -> bool:
        """Whether its `entities` let something be done with one of that name; without any, all may."""
        mode = "write" if write else "read"
        known = self.entities
        return known is None or any(entry["entity"] == entity and mode in entry["modes"] for entry in known)


def bound(row: Any) -> tuple[str, str, str]:
    """The place that a connector's credentials are sealed to: organization, workspace, connector."""
    return row.organization_id, row.workspace_id, row.id


async def add(
    connection: AsyncConnection, keys: Keys, organization_id: str, workspace_id: str, new: New
) -> Kept:
    """Keep a connector. Raises Refused (404) where the organization has no such workspace."""
    made, now = str(uuid.uuid4()), time.time()
    await touch(connection, organization_id, workspace_id)
    await connection.execute(
        insert(connectors).values(
            id=made, organization_id=organization_id, workspace_id=workspace_id, slug=new.slug,
            label=label(new.name, new.slug, made), name=new.name,
            sealed=keys.seal(json.dumps(dict(new.credentials)).encode(), organization_id, workspace_id, made),
            replication_config=dict(new.replication_config), environment=dict(new.environment),
            entities=new.entities and [dict(entity) for entity in new.entities],
            secret_id=new.secret_id or None, ends_at=new.ends_at, created_at=now, updated_at=now,
        )
    )  # fmt: skip
    return await get(connection, organization_id, made)


async def of_workspace(
    connection: AsyncConnection, organization_id: str, workspace_id: str, slug: str = ""
) -> list[Kept]:
    """All connectors of a workspace, or those of one kind, the oldest first."""
    wanted = _all(organization_id).where(connectors.c.workspace_id == workspace_id)
    if slug:
        wanted = wanted.where(connectors.c.slug == slug)
    rows = await connection.execute(wanted.order_by(connectors.c.created_at, connectors.c.id))
    return [_kept(row) for row in rows]


async def get(connection: AsyncConnection, organization_id: str, connector_id: str) -> Kept:
    """One connector. Raises Refused (404) for what the organization has not."""
    rows = await connection.execute(_all(organization_id).where(connectors.c.id == connector_id))
    if (row := rows.first()) is None:
        raise not_found()
    return _kept(row)


async def theirs(connection: AsyncConnection, caller: Caller, connector_id: str) -> Kept:
    """One connector of those open to a caller. Raises Refused (404) for any other, as if there were none."""
    found = await get(connection, caller.organization_id, connector_id)
    if not caller.may_use(found.workspace):
        raise not_found()
    return found


async def of_secret(connection: AsyncConnection, organization_id: str, secret_id: str) -> Kept | None:
    """The connector that was made of a grant (the SHA-256 of its secret id), where there is one."""
    rows = await connection.execute(_all(organization_id).where(connectors.c.secret_id == secret_id))
    row = rows.first()
    return _kept(row) if row is not None else None


async def change(connection: AsyncConnection, kept: Kept, **values: Any) -> Kept:
    """The connector with other columns, such as `name`; its label stays. Raises Refused (404)."""
    await touch(connection, kept.organization_id, kept.workspace_id)
    values["updated_at"] = time.time()
    done = await connection.execute(update(connectors).where(*_row(kept)).values(**values))
    if not done.rowcount:
        raise not_found()
    return await get(connection, kept.organization_id, kept.id)


async def renew(connection: AsyncConnection, keys: Keys, kept: Kept, credentials: Mapping[str, str]) -> None:
    """Keep other credentials, such as a refresh token that followed another; engines go on as they are."""
    sealed = keys.seal(json.dumps(dict(credentials)).encode(), *bound(kept))
    await connection.execute(update(connectors).where(*_row(kept)).values(sealed=sealed))


async def verified(connection: AsyncConnection, kept: Kept) -> None:
    """Note that the platform has just accepted the credentials; engines go on as they are."""
    await connection.execute(update(connectors).where(*_row(kept)).values(verified_at=time.time()))


async def remove(connection: AsyncConnection, kept: Kept) -> None:
    """Delete a connector and its ciphertext. Raises Refused (404) once it is gone.

    Access tokens of its workspace go too: the other connectors get new ones.
    """
    await touch(connection, kept.organization_id, kept.workspace_id)
    done = await connection.execute(delete(connectors).where(*_row(kept)))
    tokens = papers.c.workspace_id == kept.workspace_id, papers.c.kind == TOKENS
    await connection.execute(delete(papers).where(*tokens))
    if not done.rowcount:
        raise not_found()


async def touch(connection: AsyncConnection, organization_id: str, workspace_id: str) -> None:
    """Give a workspace its next revision, so that engines made of its connectors are made anew.

    It also holds the row until the transaction ends. Raises Refused (404) where there is no such workspace.
    """
    there = workspaces.c.id == workspace_id, workspaces.c.organization_id == organization_id
    next_one = {"revision": workspaces.c.revision + 1, "updated_at": time.time()}
    if not (await connection.execute(update(workspaces).where(*there).values(**next_one))).rowcount:
        raise not_found("workspace")


def label(name: str, slug: str, connector_id: str) -> str:
    """What calls name the connection by: words of its name, and of its id so much that none comes twice."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain)[:LABEL].strip("-") or slug
    return f"{words}-{connector_id[:8]}"


def _all(organization_id: str) -> Select[Any]:
    together = connectors.join(workspaces, connectors.c.workspace_id == workspaces.c.id)
    wanted = select(connectors, workspaces.c.name.label("workspace")).select_from(together)
    return wanted.where(connectors.c.organization_id == organization_id)


def _row(kept: Kept) -> tuple[Any, Any]:
    return connectors.c.id == kept.id, connectors.c.organization_id == kept.organization_id


def _kept(row: Row[Any]) -> Kept:
    return Kept(**{name: getattr(row, name) for name in Kept.__dataclass_fields__})
