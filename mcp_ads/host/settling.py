"""What is written down of writes once they have ended, and later where the database does not take it then."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from .records.recording import FAILED
from .store.database import Database

MOST = 1_000
"""Ends that wait for the database; of more the oldest are left as what never ended."""
Work = Callable[[AsyncConnection], Awaitable[Any]]


class Settling:
    """The ends of writes of this process that are not written down yet, by the keys of the writes."""

    def __init__(self) -> None:
        self._late: dict[str, Work] = {}

    async def settle(self, database: Database, key: str, work: Work) -> bool:
        """Write an end down; whether that could be done, else it is when the write is next asked for."""
        try:
            await database.run(work)
        except FAILED as error:
            logging.getLogger("mcp_ads.host").warning(
                "the end of a write cannot be kept: %s", type(error).__name__
            )
            self._late[key] = work
            for oldest in [*self._late][:-MOST]:
                del self._late[oldest]
            return False
        self._late.pop(key, None)
        return True

    async def catch_up(self, database: Database, key: str) -> None:
        """Write down the end of a write that is asked for again."""
        if work := self._late.get(key):
            await self.settle(database, key, work)
