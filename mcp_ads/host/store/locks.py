"""Names that one holder has at a time among all processes; whoever ends, however it ends, lets go of them."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import hashlib
import itertools
import os
import threading
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from mcp_ads.files.lock import Busy, locked
from mcp_ads.files.private_files import forget_old

BITS = 8
TIDIED_EVERY, UNUSED, MOST = 256, 3 * 86_400.0, 2**40
"""Times a name is taken for each time that files are looked through; seconds after which one is unused."""
TAKE, GIVE = text("SELECT pg_try_advisory_lock(:key)"), text("SELECT pg_advisory_unlock(:key)")


class Locks(Protocol):
    """Names that are held; who waits for one asks again and again."""

    def locked(self, *name: str) -> contextlib.AbstractContextManager[None]:
        """Hold a name while inside. Raises Busy at once when it is held already, OSError."""


class FileLocks:
    """Names as files of a folder, for the processes of one machine.

    A file stays, since another could have one of its name otherwise; those that nobody has held for days go.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._taken = folder, itertools.count(1)

    @contextlib.contextmanager
    def locked(self, *name: str) -> Iterator[None]:
        """Hold a name while inside. Raises Busy at once when it is held already, OSError."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / f"{_digest(name).hex()}.lock"
        with locked(path):
            os.utime(path)
            if not next(self._taken) % TIDIED_EVERY:
                forget_old(self._folder, seconds=UNUSED, most_bytes=MOST, most_files=MOST)
            yield


class AdvisoryLocks:
    """Names as PostgreSQL's advisory locks, all of one session, so that they cost one connection a process.

    A session that is cut has let go of all it held; who must know writes under a value of its own besides.
    """

    def __init__(self, apart: AsyncEngine, wait_for: Callable[[Coroutine[Any, Any, Any]], Any]) -> None:
        self._apart, self._wait_for = apart, wait_for
        self._session: AsyncConnection | None = None
        self._turn = asyncio.Lock()
        self._guard, self._here = threading.Lock(), set[int]()

    @contextlib.contextmanager
    def locked(self, *name: str) -> Iterator[None]:
        """Hold a name while inside. Raises Busy at once when it is held already, OSError."""
        key = int.from_bytes(_digest(name)[:BITS], "big", signed=True)
        with self._guard:  # a session may hold a name twice
            if key in self._here:
                raise Busy
            self._here.add(key)
        try:
            session = self._wait_for(self._take(key))
            try:
                yield
            finally:
                with contextlib.suppress(
                    TimeoutError
                ):  # what was done while it was held is told all the same
                    self._wait_for(self._give_back(session, key))
        finally:
            with self._guard:
                self._here.discard(key)

    async def close(self) -> None:
        """End the session, and with it whatever it holds."""
        async with self._turn:
            await self._drop()

    async def _take(self, key: int) -> AsyncConnection:
        """The session that holds the name now; another one where the last was cut."""
        async with self._turn:
            for attempt in (1, 2):
                try:
                    if self._session is None:
                        plain = await self._apart.connect()
                        self._session = await plain.execution_options(isolation_level="AUTOCOMMIT")
                    if not (await self._session.execute(TAKE, {"key": key})).scalar_one():
                        raise Busy
                except SQLAlchemyError as error:
                    await self._drop()
                    if attempt > 1:
                        raise OSError(errno.ENOLCK, "the database gives no lock") from error
                else:
                    return self._session
        raise AssertionError

    async def _give_back(self, session: AsyncConnection, key: int) -> None:
        async with self._turn:
            if session is self._session:
                try:
                    await session.execute(GIVE, {"key": key})
                except SQLAlchemyError:
                    await self._drop()
                except asyncio.CancelledError:  # it took too long: the name would be held for ever
                    await self._drop()
                    raise

    async def _drop(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            with contextlib.suppress(SQLAlchemyError):
                await session.invalidate()
            with contextlib.suppress(SQLAlchemyError):
                await session.close()


def _digest(name: tuple[str, ...]) -> bytes:
    return hashlib.sha256("\0".join(name).encode(errors="replace")).digest()
