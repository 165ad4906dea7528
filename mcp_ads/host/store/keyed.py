"""Requests that may come again, by the hash of a key: the first one is noted, and found by the others."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.host.refusals import Refused

from .tables import repeats

HEADER, LONGEST, KEPT = "Idempotency-Key", 255, 86_400.0
"""The header, most characters of one, and the seconds for which it is known."""


def check_key(given: str) -> None:
    """Raise Refused (422) for a header that is no key."""
    if not 1 <= len(given) <= LONGEST or not (given.isascii() and given.isprintable()):
        raise Refused(422, f"{HEADER}: 1 to {LONGEST} printable ASCII characters", field=HEADER)


async def noted(connection: AsyncConnection, organization_id: str, key: str, asked: str) -> bool:
    """Note a request that begins; False where it is not the first of its key. Old ones are forgotten."""
    await connection.execute(delete(repeats).where(repeats.c.created_at < time.time() - KEPT))
    row = {"key": key, "organization_id": organization_id, "asked": asked}
    try:
        async with connection.begin_nested():
            await connection.execute(insert(repeats).values(**row, created_at=time.time()))
    except IntegrityError:
        return False
    return True


async def first_of(connection: AsyncConnection, key: str, asked: str) -> Row[Any] | None:
    """The first request of a key, None where it was forgotten. Raises Refused (422) where it was another."""
    there = (await connection.execute(select(repeats).where(repeats.c.key == key))).one_or_none()
    if there is not None and there.asked != asked:
        raise Refused(
            422, f"{HEADER}: it was used for another request; give each its own", "key_used", HEADER
        )
    return there
