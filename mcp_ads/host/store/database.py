"""The database: SQLAlchemy's async engine in a thread of its own, for who awaits it and who cannot.

The engine of our connectors asks its records in the middle of a step and cannot await them; the REST API can.
Were both on one event loop, a record that waits for a lock would stop the very transaction that holds it.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, nullcontext
from contextvars import Context
from pathlib import Path
from typing import Any, TypeVar, TypeVarTuple

from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from .locks import AdvisoryLocks, FileLocks, Locks

Found = TypeVar("Found")
Given = TypeVarTuple("Given")
Work = Callable[[AsyncConnection], Awaitable[Found]]
POOL, OVERFLOW = 8, 16
BUSY, BRIEF = 15_000, 1_000
"""Milliseconds that SQLite waits for another writer; before it gives up emptying its log."""
PRAGMAS = (
    "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", f"busy_timeout={BUSY}",
)  # fmt: skip
LONGEST = 60.0
"""Seconds that a thread is blocked by a database which does not answer."""
CONNECTING = {"connect_timeout": 10, "keepalives_idle": 30, "tcp_user_timeout": 30_000}
"""What notices a server that is gone without a word, in libpq's words."""


class PatientLoop(asyncio.SelectorEventLoop):
    """An event loop to which a thread may still speak when it is closed: what it says is not heard.

    A connection that could not be opened ends its thread by itself, at whatever time (aiosqlite 0.22), and
    what it tells a closed loop would be a traceback in that thread. psycopg wants this kind of loop, too.
    """

    def call_soon_threadsafe(
        self,
        callback: Callable[[*Given], object],
        *args: *Given,
        context: Context | None = None,
    ) -> asyncio.Handle:
        """Have it called by the loop's thread, if there still is one."""
        try:
            return super().call_soon_threadsafe(callback, *args, context=context)
        except RuntimeError:
            if not self.is_closed():
                raise
            return asyncio.Handle(callback, args, self)


class Database:
    """One database. `run` is for whoever can await, `wait` for whoever cannot; both run one transaction.

    On SQLite it begins as one that writes, so that what was read in it is still so when it writes; work that
    only `reads` says so, and waits for nobody.
    """

    def __init__(self, url: str) -> None:
        self.url, self.is_sqlite = url, url.startswith("sqlite")
        self._loop = PatientLoop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="database", daemon=True)
        self._thread.start()
        pool: dict[str, Any] = {} if self.is_sqlite else {"pool_size": POOL, "max_overflow": OVERFLOW}
        given = {"connect_args": {} if self.is_sqlite else CONNECTING}
        self.engine: AsyncEngine = create_async_engine(url, pool_pre_ping=not self.is_sqlite, **pool, **given)
        self.apart: AsyncEngine = create_async_engine(url, poolclass=NullPool, **given)
        """For connections that are held: each is a new one, and what it locks ends with it."""
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "connect", _set_up)
            event.listen(self.engine.sync_engine, "begin", _begin)
        self._turn = asyncio.Lock()
        self._reading = self.engine.execution_options(reads=True)
        self._files: dict[Path, FileLocks] = {}
        self._advisory = AdvisoryLocks(self.apart, self.wait_for)

    async def run(self, work: Work[Found], *, reads: bool = False) -> Found:
        """What comes of a transaction, which is rolled back where it raises."""
        return await self.aside(self._in_transaction(work, reads=reads))

    def wait(self, work: Work[Found], *, reads: bool = False) -> Found:
        """The same; blocks the thread that asks."""
        return self.wait_for(self._in_transaction(work, reads=reads))

    def locks(self, folder: Path) -> Locks:
        """Names held among all processes: in the database, or in a folder where that is one of SQLite."""
        return self._files.setdefault(folder, FileLocks(folder)) if self.is_sqlite else self._advisory

    async def aside(self, work: Coroutine[Any, Any, Found]) -> Found:
        """What comes of something that runs in the database's thread."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    def wait_for(self, work: Coroutine[Any, Any, Found]) -> Found:
        """The same; blocks the thread that asks. Raises TimeoutError where the database does not answer."""
        assert threading.current_thread() is not self._thread, "it would wait for itself"
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(LONGEST)
        finally:
            future.cancel()

    async def erase(self) -> None:
        """Have what was deleted gone from the disk too, as far as nobody reads it now.

        SQLite writes zeros over it and empties its log; PostgreSQL frees it at its next vacuum.
        """
        if self.is_sqlite:
            await self.aside(self._empty_log())

    def close(self) -> None:
        """Roll back what is still under way, close all connections and end the thread."""
        self.wait_for(self._dispose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @asynccontextmanager
    async def transaction(self, *, reads: bool = False) -> AsyncIterator[AsyncConnection]:
        """A transaction in the database's thread; on SQLite one that writes from its beginning."""
        alone = self.is_sqlite and not reads  # in a row here: SQLite has writers look again after a pause
        async with (
            self._turn if alone else nullcontext(),
            (self._reading if reads else self.engine).begin() as connection,
        ):
            yield connection

    async def _in_transaction(self, work: Work[Found], *, reads: bool = False) -> Found:
        async with self.transaction(reads=reads) as connection:
            return await work(connection)

    async def _empty_log(self) -> None:
        async with self.apart.connect() as connection:
            outside = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await outside.exec_driver_sql(f"PRAGMA busy_timeout={BRIEF}")
            await outside.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    async def _dispose(self) -> None:
        under_way = asyncio.all_tasks() - {asyncio.current_task()}
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        await self._advisory.close()
        await self.engine.dispose()
        await self.apart.dispose()


def _set_up(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # the driver would begin at the first write, and not before
    cursor = connection.cursor()
    for what in PRAGMAS:
        cursor.execute(f"PRAGMA {what}")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(
        "BEGIN" if connection.get_execution_options().get("reads") else "BEGIN IMMEDIATE"
    )
