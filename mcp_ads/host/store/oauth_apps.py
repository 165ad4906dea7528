"""The apps at the platforms that people consent to: an organization's own, else the operator's."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.host.catalog import Definition
from mcp_ads.host.keys import Keys
from mcp_ads.settings import Settings

from .tables import oauth_apps


@dataclass(frozen=True)
class OAuthApp:
    """An app at a platform. `scopes` is what is asked for: "all", "read", or names with commas between."""

    client_id: str
    client_secret: str = field(repr=False)
    scopes: str = "all"


def bound(row: Any) -> tuple[str, ...]:
    """The place that a row's app is sealed to."""
    return "oauth_app", row.organization_id, row.slug


async def app_of(
    connection: AsyncConnection, keys: Keys, own: Settings, organization_id: str, definition: Definition
) -> OAuthApp | None:
    """The organization's app for a kind, else that of the process's variables; None where there is neither.

    The sandbox's apps are no business of this.
    """
    of_it = oauth_apps.c.organization_id == organization_id, oauth_apps.c.slug == definition.slug
    row = (await connection.execute(select(oauth_apps).where(*of_it))).first()
    return OAuthApp(**json.loads(keys.open(row.sealed, *bound(row)))) if row else operators(own, definition)


async def state(connection: AsyncConnection, organization_id: str) -> str:
    """What is another as soon as an organization's apps are: an engine is made of them, too."""
    which = select(func.count(), func.max(oauth_apps.c.updated_at))
    row = (await connection.execute(which.where(oauth_apps.c.organization_id == organization_id))).one()
    return f"{row[0]} {row[1]}"


def operators(own: Settings, definition: Definition) -> OAuthApp | None:
    """The app of the process's variables, such as FACEBOOK_MARKETING_CLIENT_ID and _CLIENT_SECRET."""
    base = next((known for known in own.of(definition.name) if not known.connection), None)
    given: Mapping[str, str] = base.credentials if base and not own.sandbox else {}
    client_id, secret = given.get("CLIENT_ID", ""), given.get("CLIENT_SECRET", "")
    return OAuthApp(client_id, secret) if client_id and secret else None


async def put(
    connection: AsyncConnection, keys: Keys, organization_id: str, slug: str, app: OAuthApp
) -> Mapping[str, Any]:
    """Keep an organization's app in place of the one it had; the row without what is sealed."""
    now, theirs = time.time(), (oauth_apps.c.organization_id == organization_id, oauth_apps.c.slug == slug)
    sealed = keys.seal(json.dumps(vars(app)).encode(), "oauth_app", organization_id, slug)
    changed = update(oauth_apps).where(*theirs).values(sealed=sealed, updated_at=now)
    if not (await connection.execute(changed)).rowcount:
        await connection.execute(
            insert(oauth_apps).values(
                id=str(uuid.uuid4()), organization_id=organization_id, slug=slug, sealed=sealed,
                created_at=now, updated_at=now,
            )
        )  # fmt: skip
    shown = oauth_apps.c.id, oauth_apps.c.created_at, oauth_apps.c.updated_at
    return dict((await connection.execute(select(*shown).where(*theirs))).mappings().one())


async def remove(connection: AsyncConnection, organization_id: str, slug: str) -> bool:
    """Forget an organization's app; whether it had one."""
    theirs = oauth_apps.c.organization_id == organization_id, oauth_apps.c.slug == slug
    return bool((await connection.execute(delete(oauth_apps).where(*theirs))).rowcount)
