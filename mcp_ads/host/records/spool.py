"""Large results for all workers: each reads a file of its own, and the database has them for the others."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.core.columns import Column
from mcp_ads.engine.records.rows import BAD
from mcp_ads.engine.records.spool import DAY, MARK, MOST_BYTES, Kept, Rows, Spool
from mcp_ads.errors import NoRecord
from mcp_ads.files.private_files import created, draft_of, opened, replaced, unsealed
from mcp_ads.host.store.database import Database
from mcp_ads.host.store.tables import blobs, papers

from .papers import SqlPlace, put
from .parts import PART, PartsFile, size_of, write
from .recording import recorded

KIND = "rows"
MOST_SHARED = 64 * 2**20
"""Bytes of a result that other workers find too."""
ALONE = "kept by one of the server's workers alone (over 64 MB, or no room): a cursor may ask again"


class SharedSpool(Spool):
    """A folder of results that are in the database too, up to 64 MB each and half a gigabyte in all.

    The newest rows under a name are those the database has.
    """

    def __init__(self, folder: Path, database: Database, workspace_id: str) -> None:
        super().__init__(folder)
        self._database, self._workspace = database, workspace_id
        self._place = SqlPlace(database, workspace_id, KIND)
        self._rows = (blobs.c.workspace_id == workspace_id) & blobs.c.name.startswith(f"{KIND}/")

    def put(
        self,
        name: str,
        rows: Rows,
        meta: dict[str, Any],
        columns: tuple[str, ...],
        declared: Mapping[str, Column] | None = None,
    ) -> Kept:
        """Write rows and keep them under a name, for other workers too; where that cannot be, say so."""
        kept = super().put(name, rows, meta, columns, declared)
        if kept.mark and not self._share(name, kept.mark):
            self._forget_shared(name)  # older rows must not come in the place of these
            kept.meta["warnings"] = [*kept.meta.get("warnings", []), ALONE]
        return kept

    def get(self, name: str) -> Kept | None:
        """What is kept under a name, by whichever worker; None for nothing, or nothing of today.

        Raises Damaged.
        """
        with contextlib.suppress(OSError):
            self._fetch(name)
        return super().get(name)

    def forget(self, name: str) -> None:
        """Keep nothing under a name any more."""
        self._forget_shared(name)
        super().forget(name)

    def _share(self, name: str, mark: str) -> bool:
        path = self._rows_path(name, mark)
        with contextlib.suppress(NoRecord), recorded("rows"), opened(path) as file:
            if path.stat().st_size > MOST_SHARED:
                return False
            with opened(self._facts_path(name)) as noted:
                facts = noted.read()
            row = {"workspace_id": self._workspace, "kind": KIND, "name": name, "content": facts}

            async def work(connection: AsyncConnection) -> None:
                await self._tidy_shared(connection)
                await connection.execute(delete(blobs).where(self._named(name)))
                await write(connection, self._workspace, f"{KIND}/{name}/{mark}", file)
                await put(connection, {**row, "at": time.time()})

            self._database.wait(work)
            return True
        return False

    def _named(self, name: str) -> Any:
        return self._rows & blobs.c.name.startswith(f"{KIND}/{name}/", autoescape=True)

    def _forget_shared(self, name: str) -> None:
        ours = (papers.c.workspace_id == self._workspace) & (papers.c.kind == KIND)

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(delete(papers).where(ours, papers.c.name == name))
            await connection.execute(delete(blobs).where(self._named(name)))

        with contextlib.suppress(NoRecord), recorded("rows"):
            self._database.wait(work)

    async def _tidy_shared(self, connection: AsyncConnection) -> None:
        """Forget what is a day old, then the oldest until there is room for one more."""
        since, kept = time.time() - DAY, 0
        await connection.execute(delete(blobs).where(self._rows, blobs.c.at < since))
        ours = (papers.c.workspace_id == self._workspace) & (papers.c.kind == KIND)
        await connection.execute(delete(papers).where(ours, papers.c.at < since))
        size = func.sum(func.length(blobs.c.content)).label("size")
        newest = select(blobs.c.name, size).where(self._rows).group_by(blobs.c.name)
        for row in await connection.execute(newest.order_by(func.max(blobs.c.at).desc())):
            kept += row.size
            if kept > MOST_BYTES - MOST_SHARED:
                await connection.execute(delete(blobs).where(self._rows, blobs.c.name == row.name))

    def _fetch(self, name: str) -> None:
        """Have the rows that the database has under a name, unless they are here. Raises OSError."""
        facts = self._place.read(name)
        if facts is None or facts == _content(self._facts_path(name)):
            return
        try:
            mark = str(json.loads(unsealed(facts))["mark"])
        except BAD:
            return
        if not MARK.fullmatch(mark):
            return
        path, shared = self._rows_path(name, mark), f"{KIND}/{name}/{mark}"
        with contextlib.suppress(NoRecord), recorded("rows"):
            size = self._database.wait(
                lambda connection: size_of(connection, self._workspace, shared), reads=True
            )
            if size is None:
                return
            draft = draft_of(path)
            try:
                with (
                    created(draft) as file,
                    PartsFile(self._database, self._workspace, shared, size) as parts,
                ):
                    while chunk := parts.read(PART):
                        file.write(chunk)
                draft.replace(path)
            finally:
                draft.unlink(missing_ok=True)
            replaced(self._facts_path(name), facts)


def _content(path: Path) -> bytes:
    try:
        with opened(path) as file:
            return file.read()
    except OSError:
        return b""
