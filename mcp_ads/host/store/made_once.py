"""Connectors that are asked for twice under one Idempotency-Key are made once."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.host.callers import Caller
from mcp_ads.host.refusals import Refused

from .tables import repeats

HEADER, LONGEST, KEPT = "Idempotency-Key", 255, 86_400.0
"""The header, most characters of one, and the seconds for which it is known."""


@dataclass(frozen=True)
class Once:
    """A request that is not to be done twice: hashes of its key and of what it asks."""

    organization_id: str
    key: str
    asked: str

    @classmethod
    def of(cls, caller: Caller, given: str, asked: bytes) -> Once:
        """The request of a caller under the key of a header. Raises Refused (422) for one that is none."""
        if not 1 <= len(given) <= LONGEST or not (given.isascii() and given.isprintable()):
            raise Refused(422, f"{HEADER}: 1 to {LONGEST} printable ASCII characters", field=HEADER)
        key = f"connectors\0{caller.organization_id}\0{caller.id}\0{given}"
        return cls(
            caller.organization_id, *(hashlib.sha256(text).hexdigest() for text in (key.encode(), asked))
        )

    async def first(self, connection: AsyncConnection) -> str | None:
        """The id that was answered first; None for the first, which says what is `done`.

        Whoever comes second waits for the first one's end. Raises Refused (422) where it asks another thing.
        """
        await connection.execute(delete(repeats).where(repeats.c.created_at < time.time() - KEPT))
        row = {"key": self.key, "organization_id": self.organization_id, "asked": self.asked}
        try:
            async with connection.begin_nested():
                await connection.execute(insert(repeats).values(**row, created_at=time.time()))
        except IntegrityError:
            there = (await connection.execute(select(repeats).where(repeats.c.key == self.key))).one()
            if there.asked != self.asked:
                said = f"{HEADER}: it was used for another request; give each its own"
                raise Refused(422, said, "key_used", HEADER) from None
            return str(there.answer["id"])
        return None

    async def done(self, connection: AsyncConnection, connector_id: str) -> None:
        """Note what was made."""
        values = {"status": 200, "answer": {"id": connector_id}}
        await connection.execute(update(repeats).where(repeats.c.key == self.key).values(**values))
