"""Files in the database, in parts of a mebibyte: written in one transaction, read part by part."""

from __future__ import annotations

import io
import time
from typing import Any, BinaryIO

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.errors import NoRecord
from mcp_ads.host.store.database import Database
from mcp_ads.host.store.tables import blobs

from .recording import recorded

PART = 2**20


class PartsFile(io.RawIOBase):
    """A file for reading, of which one part is in memory. Raises ConnectionError where one is missing."""

    def __init__(self, database: Database, workspace_id: str, name: str, size: int) -> None:
        super().__init__()
        self._database, self._size, self._at = database, size, 0
        self._here = (blobs.c.workspace_id == workspace_id) & (blobs.c.name == name)
        self._part, self._content = -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go on at an offset from the beginning, from here, or from the end."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Read up to the end of a part."""
        if self._at >= self._size:
            return 0
        part, offset = divmod(self._at, PART)
        if part != self._part:
            self._content, self._part = self._read(part), part
        piece = self._content[offset : offset + len(buffer)]
        if not piece:
            raise ConnectionError("a part of a kept file is missing")
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def _read(self, part: int) -> bytes:
        wanted = select(blobs.c.content).where(self._here, blobs.c.part == part)
        try:
            with recorded("files"):
                found = self._database.wait(lambda connection: connection.scalar(wanted), reads=True)
        except NoRecord:
            raise ConnectionError("the server's database does not give a kept file") from None
        return bytes(found or b"")


async def size_of(connection: AsyncConnection, workspace_id: str, name: str) -> int | None:
    """The bytes of a file that is whole; None where there is none."""
    here = (blobs.c.workspace_id == workspace_id) & (blobs.c.name == name)
    last = select(blobs.c.part, func.length(blobs.c.content).label("size")).where(here, blobs.c.last)
    found = (await connection.execute(last)).first()
    return None if found is None else found.part * PART + found.size


async def write(connection: AsyncConnection, workspace_id: str, name: str, file: BinaryIO) -> None:
    """Write a file under a name where nothing whole is, from its beginning to its end."""
    here = (blobs.c.workspace_id == workspace_id) & (blobs.c.name == name)
    await connection.execute(delete(blobs).where(here))
    number, now = 0, time.time()
    file.seek(0)
    part = file.read(PART)
    while True:
        after = file.read(PART)
        row = {"workspace_id": workspace_id, "name": name, "part": number, "content": part, "at": now}
        await connection.execute(insert(blobs).values(**row, last=not after))
        if not after:
            return
        part, number = after, number + 1
