"""Small things by kind and name in the database: notes, lists, results, facts."""

from __future__ import annotations

import contextlib
import time
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.errors import NoRecord
from mcp_ads.host.store.database import Database
from mcp_ads.host.store.tables import papers

from .recording import recorded

TIDIED_EVERY = 32
"""Times that a place is to be tidied for each time it is."""
LONGEST_NAME = 200


class SqlPlace:
    """The contents of one kind in one workspace."""

    def __init__(self, database: Database, workspace_id: str, kind: str) -> None:
        self._database = database
        self._whose = {"workspace_id": workspace_id, "kind": kind}
        self._here = (papers.c.workspace_id == workspace_id) & (papers.c.kind == kind)
        self._asked = 0

    def read(self, name: str) -> bytes | None:
        """What is kept under a name; None where nothing is, or the database does not answer."""
        if len(name) > LONGEST_NAME or not name.isprintable():
            return None
        named = select(papers.c.content).where(self._here, papers.c.name == name)
        with contextlib.suppress(NoRecord), recorded("what is kept between calls"):
            found = self._database.wait(lambda connection: connection.scalar(named), reads=True)
            return None if found is None else bytes(found)
        return None

    def add(self, name: str, content: bytes) -> bool:
        """Keep content under a name nobody knows yet; False where it cannot be."""
        return self._write(name, content, there=False)

    def replace(self, name: str, content: bytes) -> bool:
        """Keep content under a name, in the place of what was there; False where it cannot be."""
        return self._write(name, content, there=True)

    def tidy(self, *, seconds: float, most_bytes: int, most_files: int) -> None:
        """Forget what is older than so many seconds, then the oldest until there is room, now and then."""
        self._asked += 1
        if self._asked % TIDIED_EVERY != 1:
            return
        since = time.time() - seconds

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(delete(papers).where(self._here, papers.c.at < since))
            size = func.length(papers.c.content).label("size")
            newest = select(papers.c.name, size).where(self._here).order_by(papers.c.at.desc())
            kept, names = 0, list[str]()
            for count, row in enumerate(await connection.execute(newest), 1):
                kept += row.size
                if kept > most_bytes or count > most_files:
                    names.append(row.name)
            for name in names:
                await connection.execute(delete(papers).where(self._here, papers.c.name == name))

        with contextlib.suppress(NoRecord), recorded("what is kept between calls"):
            self._database.wait(work)

    def _write(self, name: str, content: bytes, *, there: bool) -> bool:
        row: dict[str, Any] = {**self._whose, "name": name, "content": content, "at": time.time()}

        async def work(connection: AsyncConnection) -> None:
            if there:
                await put(connection, row)
            else:
                await connection.execute(insert(papers).values(row))

        with contextlib.suppress(NoRecord), recorded("what is kept between calls"):
            self._database.wait(work)
            return True
        return False


async def put(connection: AsyncConnection, row: dict[str, Any]) -> None:
    """Write a row of `papers`, in the place of one of its name."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as upsert
    else:
        from sqlalchemy.dialects.sqlite import insert as upsert  # type: ignore[assignment]
    new = upsert(papers).values(row)
    keys = ["workspace_id", "kind", "name"]
    await connection.execute(
        new.on_conflict_do_update(index_elements=keys, set_={"content": row["content"], "at": row["at"]})
    )
