"""Files that plans will send, in the database by their hash until no plan can send them any more."""

from __future__ import annotations

import contextlib
import io
import tempfile
import time
from typing import BinaryIO

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.engine.records.blobs import HASH, KEPT, Blob, check_name, copied, not_kept, verified
from mcp_ads.errors import NoRecord
from mcp_ads.host.store.database import Database
from mcp_ads.host.store.tables import blobs

from .parts import PART, PartsFile, size_of, write
from .recording import recorded

FILES = "file/"
MOST_FILE = 64 * 2**20
"""Bytes of one file."""
MOST_BYTES = 2**30
"""Bytes that one workspace keeps for its plans."""


class SqlBlobs:
    """The files of one workspace."""

    def __init__(self, database: Database, workspace_id: str) -> None:
        self._database, self._workspace = database, workspace_id
        self._files = (blobs.c.workspace_id == workspace_id) & blobs.c.name.startswith(FILES)

    def put(self, content: bytes | BinaryIO, most: int = MOST_FILE) -> Blob:
        """Keep a file, read in pieces. Raises InvalidParams over `most` bytes or 64 MB, or NoRecord."""
        source = io.BytesIO(content) if isinstance(content, bytes) else content
        with recorded("files"), tempfile.TemporaryFile() as file:
            blob = copied(source, file, min(most, MOST_FILE))

            async def work(connection: AsyncConnection) -> None:
                await self._keep(connection, blob, file)

            try:
                self._database.wait(work)
            except IntegrityError:  # another process has kept the same meanwhile
                self._database.wait(work)
        return blob

    def open(self, sha256: str) -> BinaryIO:
        """The file's content from its beginning. Raises StalePlan when it is not there any more, NoRecord."""
        check_name(sha256)
        name = FILES + sha256
        with recorded("files"):
            size = self._database.wait(
                lambda connection: size_of(connection, self._workspace, name), reads=True
            )
        if size is None:
            raise not_kept()
        return io.BufferedReader(PartsFile(self._database, self._workspace, name, size), PART)

    def check(self, sha256: str) -> Blob:
        """The file, read whole and found as it was kept. Raises StalePlan when it is gone or differs."""
        return verified(self.open, sha256)

    def forget(self, sha256: str) -> None:
        """Keep a file no longer; nothing happens where there is none."""
        if HASH.fullmatch(sha256):
            named = delete(blobs).where(self._files, blobs.c.name == FILES + sha256)
            with contextlib.suppress(NoRecord), recorded("files"):
                self._database.wait(lambda connection: connection.execute(named))

    async def _keep(self, connection: AsyncConnection, blob: Blob, file: BinaryIO) -> None:
        now, name = time.time(), FILES + blob.sha256
        if await size_of(connection, self._workspace, name) is not None:
            known = update(blobs).where(self._files, blobs.c.name == name)
            await connection.execute(known.values(at=now))
            return
        await connection.execute(delete(blobs).where(self._files, blobs.c.at < now - KEPT))
        total = select(func.coalesce(func.sum(func.length(blobs.c.content)), 0)).where(self._files)
        if (await connection.scalar(total) or 0) + blob.size > MOST_BYTES:
            raise NoRecord(
                "this workspace keeps too many files for plans already, so nothing is sent",
                fix="apply plans that are open, or wait: a file is kept for two days",
            )
        await write(connection, self._workspace, name, file)
