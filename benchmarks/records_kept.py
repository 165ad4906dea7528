"""What records in a database cost beside private files: a list, a plan and its apply.

`python -m benchmarks.records_kept ADDRESS ...` has databases at other addresses beside; they are emptied.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.engine.door import Engine
from mcp_ads.engine.records.store import FileRecords, Records
from mcp_ads.host.keys import Keys, fresh_key
from mcp_ads.host.records import SqlRecords
from mcp_ads.host.store.database import Database
from mcp_ads.host.store.tables import METADATA, organizations, workspaces
from mcp_ads.settings import load

from .report import Number, judged

OURS = "11111111-0000-4000-8000-000000000001"
FACEBOOK, SPRING, US = "facebook_marketing", "1202110000000000340", "1234567890"
TIMES, MOST_TIMES_AS_LONG = 40, 3.0
EACH = ("list", "plan", "apply")


async def _timed(engine: Engine) -> dict[str, float]:
    """Milliseconds of each kind of call, half of them longer."""
    took: dict[str, list[float]] = {kind: [] for kind in EACH}

    async def timed(kind: str, call: Callable[[], Awaitable[Any]]) -> Any:
        began = time.perf_counter()
        result = await call()
        took[kind].append((time.perf_counter() - began) * 1000)
        return result

    listed = {"account_id": US, "limit": 5}
    await engine.execute(FACEBOOK, "campaigns", "list", listed)
    for number in range(TIMES):
        await timed("list", lambda: engine.execute(FACEBOOK, "campaigns", "list", listed))
        change = {"campaign_id": SPRING, "name": f"Spring {number}"}
        plan = await timed("plan", partial(engine.execute, FACEBOOK, "campaigns", "update", change))
        await timed("apply", partial(engine.apply, plan.data["plan_id"]))
    return {kind: median(times) for kind, times in took.items()}


async def _played(home: Path, url: str) -> dict[str, float]:
    settings = load(environ={"MCP_ADS_SANDBOX": "1", "MCP_ADS_HOME": str(home)})
    if not url:
        return await _with(settings, FileRecords(settings))
    database = Database(url)
    try:
        database.wait(_made)
        return await _with(settings, SqlRecords(database, Keys((fresh_key(),)), OURS, OURS, home))
    finally:
        database.close()


async def _with(settings: Any, records: Records) -> dict[str, float]:
    engine = Engine(settings, records)
    try:
        return await _timed(engine)
    finally:
        await engine.close()


async def _made(connection: AsyncConnection) -> None:
    await connection.run_sync(METADATA.drop_all)
    await connection.run_sync(METADATA.create_all)
    await connection.execute(insert(organizations).values(id=OURS, name="ours", created_at=0.0))
    row = {"id": OURS, "organization_id": OURS, "name": "default", "status": "active", "revision": 1}
    await connection.execute(insert(workspaces).values(**row, created_at=0.0, updated_at=0.0))


def played(url: str = "") -> dict[str, float]:
    """What each kind of call takes with the records at an address; with files where there is none."""
    with tempfile.TemporaryDirectory() as home:
        address = url.replace("{home}", home)
        return asyncio.run(_played(Path(home), address))


def numbers(*others: str) -> Iterable[Number]:
    """Each beside files; `others` are addresses of further databases, which are emptied."""
    files = played()
    for url in ("sqlite+aiosqlite:///{home}/host.sqlite3", *others):
        kind = url.partition("+")[0]
        for call, took in played(url).items():
            beside = f"{files[call]:.2f} ms with files, {took:.2f} ms so"
            yield Number(f"{call}, records in {kind}", took / files[call], "x", MOST_TIMES_AS_LONG, beside)


if __name__ == "__main__":
    import sys

    sys.exit(judged(list(numbers(*sys.argv[1:]))))
