"""Records of each kind, as several processes have them: files, and a database's."""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.engine.changes.steps import Budget, Step
from mcp_ads.engine.records.store import FileRecords, Records
from mcp_ads.host.keys import Keys, fresh_key
from mcp_ads.host.records import SqlRecords
from mcp_ads.host.store.database import Database
from mcp_ads.host.store.tables import METADATA, organizations, workspaces
from mcp_ads.settings import load

OURS, THEIRS = "11111111-0000-4000-8000-000000000001", "22222222-0000-4000-8000-000000000002"
FIRST, SECOND, FOREIGN = (f"{number}0000000-0000-4000-8000-00000000000{number}" for number in (3, 4, 5))
REQUEST = {"method": "POST", "url": "/1", "body": ""}


class Kept:
    """Makes the records of one home or database, each time as another process would."""

    def __init__(self, home: Path, url: str = "", *, made: bool = False) -> None:
        """`made` says that the tables are there."""
        self.home, self.url, self.keys = home, url, Keys((fresh_key(),))
        self._open: list[Database] = []
        if url and not made:
            self.database.wait(_made)

    @property
    def database(self) -> Database:
        """A way of its own to the database."""
        self._open.append(Database(self.url))
        return self._open[-1]

    def records(self, workspace: str = FIRST, organization: str = OURS, folder: str = "data") -> Records:
        """The records of a workspace, in a process of its own as it were."""
        if not self.url:
            return FileRecords(load(environ={"MCP_ADS_HOME": str(self.home), "MCP_ADS_KEYRING": "off"}))
        return SqlRecords(self.database, self.keys, organization, workspace, self.home / folder)

    def close(self) -> None:
        """Close every way there is."""
        for database in self._open:
            database.close()


@contextlib.contextmanager
def kept(home: Path, url: str = "") -> Iterator[Kept]:
    """Records that are closed at the end."""
    made = Kept(home, url)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture(params=["files", "sqlite", pytest.param("postgresql", marks=pytest.mark.vendors)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    """Records of each kind."""
    url = {"files": "", "sqlite": f"sqlite+aiosqlite:///{tmp_path / 'host.sqlite3'}"}.get(request.param)
    if url is None:
        url = request.getfixturevalue("postgres_url")
    with kept(tmp_path, url) as made:
        yield made


@pytest.fixture
def shared(database_url: str, tmp_path: Path) -> Iterator[Kept]:
    """Records in a database of each kind."""
    with kept(tmp_path, database_url) as made:
        yield made


def a_step(name: str = "Spring", before: str = "50.00", **more: Any) -> Step:
    """A step that sets the budget of a campaign of this name, which was so much before."""
    given: dict[str, Any] = {
        "budgets": [Budget("daily_budget", "day", "USD", before, "60.00")],
        "object_id": "1",
        **more,
    }
    object_id = given.pop("object_id")
    step = Step(
        connector="facebook_marketing", connection="c", entity="campaigns", action="update", noun="campaign",
        asked={}, params={}, account={"id": "act_1"}, subject=object_id, name=name, before={}, changes={},
        requests=[dict(REQUEST)], **given,
    )  # fmt: skip
    step.id = object_id
    return step


async def _made(connection: AsyncConnection) -> None:
    await connection.run_sync(METADATA.create_all)
    now = time.time()
    for organization in (OURS, THEIRS):
        await connection.execute(
            insert(organizations).values(id=organization, name=organization[:1], created_at=now)
        )
    for workspace, organization in ((FIRST, OURS), (SECOND, OURS), (FOREIGN, THEIRS)):
        row = {"id": workspace, "organization_id": organization, "name": str(uuid.uuid4()), "revision": 1}
        new = insert(workspaces).values(**row, status="active", created_at=now, updated_at=now)
        await connection.execute(new)
