"""Connectors that are asked for twice under one Idempotency-Key are made once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.host.callers import Caller

from .keyed import check_key, first_of, noted
from .tables import repeats


@dataclass(frozen=True)
class Once:
    """A request that is not to be done twice: hashes of its key and of what it asks."""

    organization_id: str
    key: str
    asked: str

    @classmethod
    def of(cls, caller: Caller, given: str, asked: bytes) -> Once:
        """The request of a caller under the key of a header. Raises Refused (422) for one that is none."""
        check_key(given)
        key = f"connectors\0{caller.organization_id}\0{caller.id}\0{given}"
        return cls(
            caller.organization_id, *(hashlib.sha256(text).hexdigest() for text in (key.encode(), asked))
        )

    async def first(self, connection: AsyncConnection) -> str | None:
        """The id that was answered first; None for the first, which says what is `done`.

        Whoever comes second waits for the first one's end. Raises Refused (422) where it asks another thing.
        """
        if await noted(connection, self.organization_id, self.key, self.asked):
            return None
        there = await first_of(connection, self.key, self.asked)
        assert there is not None  # it is forgotten after a day, and this transaction holds what is younger
        return str(there.answer["id"])

    async def done(self, connection: AsyncConnection, connector_id: str) -> None:
        """Note what was made."""
        values = {"status": 200, "answer": {"id": connector_id}}
        await connection.execute(update(repeats).where(repeats.c.key == self.key).values(**values))
