"""A client that hangs up over REST: its read ends at once, and a change it asked for is carried out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from control_plane import PATH, Api, control_plane, created
from engine_client import break_next
from fastapi.testclient import TestClient
from planning import SPRING, until

from mcp_ads.sandbox.store import Store

LONG, SOON = 30, 10.0
OURS = {"replication_config": {"account_ids": "1234567890"}}
LIST = {"entity": "campaigns", "action": "list", "params": {"account_id": "1234567890", "limit": 1}}
CHANGE = {"entity": "campaigns", "action": "update", "params": {"campaign_id": SPRING, "name": "Left"}}


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A host for all tests of this file."""
    with control_plane(tmp_path_factory.mktemp("host")) as found:
        yield found


@pytest.fixture(scope="module")
def connector(api: Api) -> str:
    """A connector that has read a list."""
    found = str(created(api, "left", **OURS)["id"])
    assert api("POST", f"{PATH}/{found}/execute", LIST)[0] == 200
    return found


@pytest.fixture(scope="module")
def store(api: Api, connector: str) -> Iterator[Store]:
    """What the sandbox of its workspace keeps."""
    there: str = api("GET", f"{PATH}/{connector}/inspect")[1]["workspace_id"]
    home: Path = api.host.settings.folder / "workspaces" / there
    with closing(Store(home / "sandbox" / "sandbox.sqlite")) as found:
        yield found


def hung_up(api: Api, store: Store, path: str, body: dict[str, Any]) -> list[int]:
    """Ask for something, and hang up once the platform is asked for it; the statuses that were answered."""
    client: TestClient = api._client
    app: Any = client.app
    content, statuses = json.dumps(body).encode(), list[int]()
    messages = [{"type": "http.request", "body": content}]

    async def asked() -> None:
        left, before = asyncio.Event(), len(store.requests())

        async def receive() -> dict[str, Any]:
            if messages:
                return messages.pop()
            await left.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        length = str(len(content)).encode()
        headers = [(b"authorization", b"Bearer one"), (b"content-type", b"application/json"),
                   (b"content-length", length), (b"host", b"127.0.0.1")]  # fmt: skip
        http = {"type": "http", "http_version": "1.1", "scheme": "http", "root_path": "", "query_string": b""}
        ends = {"server": ("testserver", 80), "client": ("127.0.0.1", 1), "app": app}
        scope = {
            **http,
            **ends,
            "method": "POST",
            "path": path,
            "raw_path": path.encode(),
            "headers": headers,
        }
        answering = asyncio.ensure_future(app(scope, receive, send))
        await until(lambda: len(store.requests()) > before)
        left.set()
        await asyncio.wait_for(answering, SOON)

    assert client.portal
    client.portal.call(asked)
    return statuses


def test_a_read_ends_when_nobody_waits_for_it(api: Api, connector: str, store: Store) -> None:
    """The request on its way to the platform is given up, and the next call is answered."""
    path = f"/api/v1{PATH}/{connector}/execute"
    break_next(store, "slow", seconds=LONG, path="/campaigns$")
    assert hung_up(api, store, path, LIST) == [499]
    assert api("POST", path, LIST)[0] == 200


@pytest.mark.slow
def test_a_change_is_carried_out_though_nobody_waits(api: Api, connector: str, store: Store) -> None:
    """An apply goes on to its end, and says so to whoever asks again."""
    status, answer = api("POST", f"{PATH}/{connector}/execute", CHANGE)
    assert status == 409, answer
    path = answer["errors"][0]["details"]["apply"]
    break_next(store, "slow", seconds=0.2, method="POST")
    assert hung_up(api, store, path, {}) == [200]
    status, again = api("POST", path, {})
    assert (status, again["result"]["status"]) == (200, "applied")
    assert [write["body"].get("name") for write in store.writes()] == ["Left"]
