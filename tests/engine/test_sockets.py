"""Over real sockets: timeouts, cut connections, and the time a call may take."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from engine_client import FACEBOOK, PROFILE, US, break_next, mend

from mcp_ads.engine.door import Engine
from mcp_ads.engine.wire import connection, deadline, transport
from mcp_ads.errors import NoRecord, PlatformDown
from mcp_ads.sandbox.ports import Servers
from mcp_ads.settings import load

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def without_faults(servers: Servers) -> None:
    """A fault is for one test."""
    mend(servers.sandbox.store)


@pytest.fixture
async def workspace(servers: Servers, tmp_path: Path) -> AsyncIterator[Engine]:
    """The engine with the platforms at those ports."""
    made = Engine(load(environ={"MCP_ADS_HOME": str(tmp_path), **servers.ports.variables()}))
    yield made
    await made.close()


def fault(servers: Servers, kind: str, **more: object) -> None:
    break_next(servers.sandbox.store, kind, **more)


async def campaigns(workspace: Engine, **params: object) -> int:
    """How many campaigns there are."""
    result = await workspace.execute(
        FACEBOOK, "campaigns", "list", {"account_id": US, "limit": 1000, **params}
    )
    return len(result.data)


async def test_foreign_hosts_are_named(workspace: Engine, servers: Servers) -> None:
    """An answer that is not the vendor's says whose it is, first."""
    result = await workspace.execute(FACEBOOK, "campaigns", "list", {"account_id": US, "limit": 1})
    assert next(iter(result.meta.items())) == ("host", servers.ports.url)


@pytest.mark.slow
async def test_slow_beyond_the_timeout(
    workspace: Engine, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A platform that does not answer is asked again, within the time of the call."""
    monkeypatch.setattr(connection, "TIMEOUT", 0.4)
    monkeypatch.setattr(transport, "FIRST_BACKOFF", 0.01)
    assert await campaigns(workspace) > 150
    fault(servers, "slow", path="/campaigns$", seconds=5)
    began = time.monotonic()
    assert await campaigns(workspace) > 150
    assert time.monotonic() - began < 5


@pytest.mark.slow
async def test_a_call_ends_in_time(
    workspace: Engine, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the time of a call is over, it says so and how to go on; clients would have given up."""
    await campaigns(workspace)
    monkeypatch.setattr(deadline, "DEADLINE", 0.5)
    fault(servers, "slow", path="/campaigns$", seconds=3, times=9)
    began = time.monotonic()
    with pytest.raises(PlatformDown, match="no answer within") as caught:
        await campaigns(workspace)
    assert time.monotonic() - began < 3
    assert "fewer days, fields or rows" in caught.value.fix


@pytest.mark.slow
async def test_a_list_ends_in_time(
    workspace: Engine, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages that were read in time are given, with a cursor for the others."""
    first = await workspace.execute(FACEBOOK, "campaigns", "list", {"account_id": US, "limit": 5})
    monkeypatch.setattr(deadline, "DEADLINE", 0.6)
    fault(servers, "slow", path="/campaigns$", seconds=3, times=9, skip=2)
    params = {"account_id": US, "limit": 100, "cursor": first.meta["cursor"]}
    cut = await workspace.execute(FACEBOOK, "campaigns", "list", params)
    assert len(cut.data) == 10
    assert "cut short" in cut.meta["warnings"][0]
    assert cut.meta["more"]


async def test_a_report_can_be_gone_on_with(workspace: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report that is not ready in time answers with its id; calling again with it fetches the rows."""
    params = {"profile_id": PROFILE, "report_type": "spCampaigns", "time_range": "last_7d"}
    await workspace.execute("amazon_ads", "portfolios", "list", {"profile_id": PROFILE})
    monkeypatch.setattr(deadline, "DEADLINE", 0.8)
    pending = await workspace.execute("amazon_ads", "reports", "run", params)
    assert pending.data["status"] == "PENDING"
    assert pending.data["report_id"] in pending.meta["warnings"][0]
    assert f"report_id: {pending.data['report_id']}" in workspace.text(pending)
    monkeypatch.setattr(deadline, "DEADLINE", 45.0)
    going_on = {"profile_id": PROFILE, "report_id": pending.data["report_id"]}
    done = await workspace.execute("amazon_ads", "reports", "run", going_on)
    assert done.meta["rows"] > 0


async def test_a_cut_connection(workspace: Engine, servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half an answer is none; the read is sent again on a new connection."""
    monkeypatch.setattr(transport, "FIRST_BACKOFF", 0.01)
    fault(servers, "cut", path="/campaigns$")
    assert await campaigns(workspace) > 150


async def test_nobody_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that refuses connections is down; nothing was sent."""
    monkeypatch.setattr(transport, "FIRST_BACKOFF", 0.01)
    environ = {
        "MCP_ADS_HOME": str(tmp_path),
        "FACEBOOK_MARKETING_ACCESS_TOKEN": "sandbox-token",
        "FACEBOOK_MARKETING_BASE_URL": "http://127.0.0.1:9",
    }
    workspace = Engine(load(environ=environ))
    with pytest.raises(PlatformDown, match="could not connect") as caught:
        await campaigns(workspace)
    assert caught.value.sent == "no"
    await workspace.close()


@pytest.mark.slow
async def test_a_home_that_cannot_be_written(servers: Servers, tmp_path: Path) -> None:
    """Reads go on without tokens, caches, spool and trace on disk; nothing is changed without a record."""
    (tmp_path / "file").write_text("")
    workspace = Engine(load(environ={"MCP_ADS_HOME": str(tmp_path / "file"), **servers.ports.variables()}))
    report = {"account_id": "512345678", "limit": 2}
    result = await workspace.execute("linkedin_ads", "ad_campaign_analytics", "list", report)
    assert len(result.data) == 2
    assert "not kept on disk" in result.meta["warnings"][-1]
    more = await workspace.execute(
        "linkedin_ads", "ad_campaign_analytics", "list", {**report, "cursor": result.meta["cursor"]}
    )
    assert more.data != result.data
    with pytest.raises(NoRecord):
        await workspace.execute(FACEBOOK, "campaigns", "pause", {"campaign_id": "1202110000000000340"})
    await workspace.close()
