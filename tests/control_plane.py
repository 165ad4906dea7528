"""The host's REST API in this process, with callers of two organizations by their tokens."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from issued_tokens import seen
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request

from mcp_ads.host.admission import caller
from mcp_ads.host.app import app_of
from mcp_ads.host.callers import Caller
from mcp_ads.host.catalog import DEFINITIONS
from mcp_ads.host.desks import Desks
from mcp_ads.host.keys import Keys, fresh_key
from mcp_ads.host.parts import Host
from mcp_ads.host.refusals import unknown_token
from mcp_ads.host.settings import host_settings
from mcp_ads.host.store.database import Database
from mcp_ads.host.store.tables import METADATA, organizations

PATH = "/integrations/connectors"
SECRET = "MARKER-" + uuid.uuid4().hex
FACEBOOK: dict[str, Any] = {
    "credentials": {"access_token": SECRET},
    "replication_config": {"account_ids": "101, 102"},
}
LINKEDIN: dict[str, Any] = {
    "credentials": {"refresh_token": SECRET, "client_id": "app", "client_secret": SECRET},
    "replication_config": {"start_date": "2024-01-01", "account_ids": ["5"]},
}
AMAZON: dict[str, Any] = {"credentials": {"refresh_token": SECRET}}
SLUGS = [*DEFINITIONS]
ONE, OTHER = str(uuid.uuid4()), str(uuid.uuid4())
CALLERS = {
    "one": Caller(ONE, "client:one", "one"),
    "other": Caller(OTHER, "client:other", "other"),
    "reads": Caller(ONE, "client:reads", "reads", writes="off"),
    "plans": Caller(ONE, "token:plans", "plans", scope="plan"),
    "narrow": Caller(ONE, "client:narrow", "narrow", workspaces=frozenset({"theirs"})),
}


class Api:
    """Calls by one caller's token."""

    def __init__(self, client: TestClient, host: Host, token: str) -> None:
        self._client, self.host, self._token = client, host, token

    def by(self, token: str) -> Api:
        """The same API for another caller."""
        return Api(self._client, self.host, token)

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Status and JSON of an answer; every answer is JSON."""
        self.answer = self._client.request(
            method,
            path if path.startswith(("/v1", "/api")) else f"/api/v1{path}",
            headers={"Authorization": f"Bearer {self._token}", **headers},
            **({"content": body} if isinstance(body, bytes) else {"json": body} if body is not None else {}),
        )
        seen(self.answer.content, path)
        return self.answer.status_code, self.answer.json()


@contextlib.contextmanager
def control_plane(home: Path, database_url: str = "") -> Iterator[Api]:
    """A host over SQLite in a folder, or over the database at an address."""
    environ = {"MCP_ADS_HOME": str(home), "MCP_ADS_SANDBOX": "1"}
    environ |= {"DATABASE_URL": database_url} if database_url else {}
    settings = host_settings(environ=environ)
    settings.folder.mkdir(parents=True)
    database, keys = Database(settings.database), Keys((fresh_key(),))
    host = Host(settings, database, keys, Desks(settings, database, keys))

    async def set_up(connection: AsyncConnection) -> None:
        await connection.run_sync(METADATA.create_all)
        for known in (ONE, OTHER):
            await connection.execute(insert(organizations).values(id=known, name=known, created_at=0))

    database.wait(set_up)
    app = app_of(host)
    app.dependency_overrides[caller] = _by_token
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Api(client, host, "one")


async def _by_token(request: Request) -> Caller:
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token not in CALLERS:
        raise unknown_token()
    return replace(CALLERS[token])


def created(api: Api, workspace: str, **more: Any) -> dict[str, Any]:
    """A Facebook connector that is kept."""
    body = {"workspace_name": workspace, "connector_type": SLUGS[0], **FACEBOOK, **more}
    status, answer = api("POST", PATH, body)
    assert status == 200, answer
    found: dict[str, Any] = answer
    return found


def listed(api: Api, workspace: str) -> list[str]:
    """The ids of a workspace's connectors."""
    return [known["id"] for known in api("GET", f"{PATH}?workspace_name={workspace}")[1]["data"]]
