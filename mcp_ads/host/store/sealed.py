"""Every column that is sealed, with what binds it to its row: all that another key has to seal anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Table, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.host.keys import Keys

from . import connectors as kept
from . import consents, grants, oauth_apps, tables
from .organizations import SIGNING
from .tables import connectors, signing_keys

Binding = Callable[[Any], Sequence[str]]
SEALED: dict[Table, Binding] = {
    connectors: kept.bound,
    tables.consents: consents.bound,
    tables.grants: grants.bound,
    tables.oauth_apps: oauth_apps.bound,
    signing_keys: lambda row: (SIGNING, row.id),
}
"""What is missing here could not be opened any more once a key is gone: a test looks for it."""


async def seal_anew(connection: AsyncConnection, keys: Keys) -> int:
    """Seal with the newest key whatever another one sealed; how many there were.

    A row that was written meanwhile stays as it was written. Raises NoRecord for one that does not open.
    """
    done = 0
    for table, binding in SEALED.items():
        columns = list(table.primary_key.columns)
        for row in (await connection.execute(select(table))).all():
            if keys.is_of_newest(row.sealed):
                continue
            words = binding(row)
            fresh = keys.seal(keys.open(row.sealed, *words), *words)
            same = [column == getattr(row, column.name) for column in columns]
            found = await connection.execute(
                update(table).where(*same, table.c.sealed == row.sealed).values(sealed=fresh)
            )
            done += found.rowcount
    return done
