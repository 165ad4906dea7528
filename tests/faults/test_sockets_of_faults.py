"""One call of each kind of fault over real sockets: timeouts, lengths and packed bodies are what they are."""

from __future__ import annotations

import asyncio
import re
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, PROFILE, break_next, mend
from fault_operations import OPERATIONS
from planning import SPRING, check_in

from mcp_ads.across.desk import Desk
from mcp_ads.core import Result
from mcp_ads.engine.wire import connection, transport
from mcp_ads.errors import AdsError, PlatformDown
from mcp_ads.sandbox.ports import Servers
from mcp_ads.settings import load

pytestmark = pytest.mark.anyio
READS = {operation.connector: operation for operation in OPERATIONS if operation.name == "read"}
TIMEOUT = 0.3
"""Seconds for an answer, instead of 30."""
ONCE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("429", {"retry_after": 0}), ("429-html", {}), ("500", {}), ("502-html", {}), ("503", {}), ("cut", {}),
    ("cut", {"when": "before"}), ("truncated", {}), ("empty", {}), ("wrong-type", {}),
    ("wrong-type", {"what": "text"}), ("redirect", {}), ("corrupt-gzip", {}), ("slow", {"seconds": 0.6}),
)  # fmt: skip


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch, servers: Servers) -> None:
    """Timeouts of tenths of a second; a fault is for one test."""
    monkeypatch.setattr(connection, "TIMEOUT", TIMEOUT)
    monkeypatch.setattr(connection, "CONNECT_TIMEOUT", TIMEOUT)
    monkeypatch.setattr(transport, "FIRST_BACKOFF", 0.01)
    mend(servers.sandbox.store)


@pytest.fixture
async def desk(servers: Servers, tmp_path: Path) -> AsyncIterator[Desk]:
    """An engine with the platforms at those ports."""
    made = Desk(load(environ={"MCP_ADS_HOME": str(tmp_path), **servers.ports.variables()}))
    yield made
    await made.close()


async def read(desk: Desk, platform: str) -> Result:
    """One object."""
    one = READS[platform]
    return await desk.execute(one.connector, one.entity, one.action, dict(one.params))


def rotated() -> list[object]:
    """Each kind on each platform; of few kinds one platform is quick."""
    found = list[object]()
    for number, (kind, more) in enumerate(ONCE):
        for turn, platform in enumerate((FACEBOOK, LINKEDIN, AMAZON)):
            marks = () if turn == number % 3 and number % 4 == 0 else pytest.mark.slow
            name = f"{platform.partition('_')[0]} {kind} {' '.join(map(str, more.values()))}".strip()
            found.append(pytest.param(platform, kind, more, marks=marks, id=name))
    return found


@pytest.mark.parametrize(("platform", "kind", "more"), rotated())
async def test_a_read_is_sent_again(
    desk: Desk, servers: Servers, platform: str, kind: str, more: dict[str, Any]
) -> None:
    """The second answer is the right one; the first was none."""
    one = READS[platform]
    number = break_next(
        servers.sandbox.store, kind, method=one.method, path=one.path, platform=platform, **more
    )
    found = await read(desk, platform)
    assert servers.sandbox.store.get("sandbox.fault", number) is None
    mend(servers.sandbox.store)
    assert found.data == (await read(desk, platform)).data


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "said"), [("cut", ""), ("truncated", "damaged or cut"), ("corrupt-gzip", "damaged or cut")]
)
async def test_a_file_of_a_report(desk: Desk, servers: Servers, kind: str, said: str) -> None:
    """A connection that is cut is opened again; of a damaged file the call is said that fetches it anew."""
    week = {"profile_id": PROFILE, "report_type": "spCampaigns", "time_range": "last_7d"}
    number = break_next(servers.sandbox.store, kind, path="json.gz$", platform=AMAZON)
    if not said:
        assert (await desk.execute(AMAZON, "reports", "run", week)).data
    else:
        with pytest.raises(PlatformDown, match=said) as down:
            await desk.execute(AMAZON, "reports", "run", week)
        [(action, report_id)] = re.findall(r"call reports\.(\w+) with report_id ([\w-]+)", down.value.fix)
        own = {"profile_id": PROFILE, "report_id": report_id}
        assert (await desk.execute(AMAZON, "reports", action, own)).data
    assert servers.sandbox.store.get("sandbox.fault", number) is None


LOSSES: tuple[tuple[str, str, bool], ...] = (
    ("cut", "before", False), ("cut", "after", True), ("slow", "after", True), ("truncated", "after", True),
    ("corrupt-gzip", "after", True), ("empty", "after", True), ("502-html", "before", False),
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "when", "done"),
    [
        pytest.param(
            *loss, marks=() if loss[:2] == ("cut", "after") else pytest.mark.slow, id=" ".join(loss[:2])
        )
        for loss in LOSSES
    ],
)
async def test_a_change_without_an_answer_is_unknown(
    desk: Desk, servers: Servers, kind: str, when: str, done: bool
) -> None:
    """It is sent once; the check that is printed, called as printed, says what became of it."""
    name = f"Over sockets {kind} {when}"
    plan = await desk.execute(FACEBOOK, "campaigns", "update", {"campaign_id": SPRING, "name": name})
    before = len(servers.sandbox.store.writes())
    fault = {"method": "POST", "path": f"/{SPRING}$", "when": when, "seconds": 0.6}
    break_next(servers.sandbox.store, kind, **fault)
    text = desk.text(await desk.apply(plan.data["plan_id"]))
    assert "UNKNOWN: 0 of 1 done" in text
    mend(servers.sandbox.store)
    connector, entity, action, params = check_in(text)
    await asyncio.sleep(0.4 if kind == "slow" else 0)
    shown = await desk.execute(connector, entity, action, params)
    assert (name in str(shown.data)) is done
    await desk.apply(plan.data["plan_id"])
    assert len(servers.sandbox.store.writes()) - before == done


def at(url: str, home: Path) -> Desk:
    """An engine that has Facebook at this address."""
    environ = {"FACEBOOK_MARKETING_ACCESS_TOKEN": "sandbox-token", "FACEBOOK_MARKETING_BASE_URL": url}
    return Desk(load(environ={"MCP_ADS_HOME": str(home), **environ}))


@contextmanager
def full() -> Iterator[int]:
    """A port whose queue of connections is full: a further one waits for ever."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]
        for one in waiting:
            one.close()


@contextmanager
def silent() -> Iterator[int]:
    """A port that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@contextmanager
def closed() -> Iterator[int]:
    """A port at which nobody listens."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        yield unused.getsockname()[1]


@pytest.mark.parametrize(
    ("port", "scheme", "said", "sent"),
    [
        (closed, "http", "could not connect to 127.0.0.1", "no"),
        pytest.param(full, "http", "could not connect to 127.0.0.1", "no", marks=pytest.mark.slow),
        pytest.param(silent, "http", "no complete answer: ReadTimeout", "yes", marks=pytest.mark.slow),
        pytest.param(silent, "https", "could not connect to 127.0.0.1", "no", marks=pytest.mark.slow),
    ],
    ids=["refused", "connect timeout", "read timeout", "TLS that never begins"],
)
async def test_before_there_is_a_server(tmp_path: Path, port: Any, scheme: str, said: str, sent: str) -> None:
    """After as many tries as are allowed it says where it got to, and what to do."""
    began = time.monotonic()
    with port() as number:
        desk = at(f"{scheme}://127.0.0.1:{number}", tmp_path)
        with pytest.raises(PlatformDown, match=said) as down:
            await read(desk, FACEBOOK)
        await desk.close()
    assert down.value.sent == sent
    assert down.value.fix
    assert time.monotonic() - began < 5


async def test_a_server_that_speaks_no_tls(tmp_path: Path, servers: Servers) -> None:
    """Nothing is sent to it, least of all a token."""
    desk = at(f"https://127.0.0.1:{servers.ports.main}", tmp_path)
    before = len(servers.sandbox.store.requests())
    with pytest.raises(AdsError, match="could not connect") as down:
        await read(desk, FACEBOOK)
    await desk.close()
    assert down.value.sent == "no"
    assert len(servers.sandbox.store.requests()) == before
