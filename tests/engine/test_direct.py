"""Writes that go out at once: each at most once under every fault, and the truth about what became of it."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient, break_next, mend
from planning import SPRING, SURF, check_in, error_of, planned, until, writes

from mcp_ads.engine.door import Engine
from mcp_ads.engine.wire import transport
from mcp_ads.errors import AdsError, InvalidParams
from mcp_ads.sandbox.ports import Servers
from mcp_ads.settings import load

pytestmark = pytest.mark.anyio
NUMBERS = itertools.count(1)
PATIENCE, SLOW = 0.1, 0.3
"""Seconds that are waited for a slow answer, and that it takes."""

REFUSALS: list[dict[str, Any]] = [
    {"kind": "429", "retry_after": 0},
    {"kind": "429"},
    {"kind": "429", "retry_after": 3600},
    {"kind": "429", "times": 0},
    {"kind": "throttle"},
    {"kind": "throttle", "code": 80004},
    {"kind": "expired-token"},
    {"kind": "revoked-token"},
]
LOSSES: list[dict[str, Any]] = [
    {"kind": kind, "when": when, **more}
    for kind, more in (("500", {}), ("503", {}), ("502-html", {}), ("slow", {"seconds": SLOW}))
    for when in ("before", "after")
]
FAULTS = [*REFUSALS, *LOSSES, {"kind": "cut"}]
CALLS: dict[str, tuple[str, str, str, str, dict[str, Any]]] = {
    "facebook update": (FACEBOOK, "campaigns", "update", f"/{SPRING}$", {"campaign_id": SPRING}),
    "facebook create": (
        FACEBOOK,
        "campaigns",
        "create",
        "/act_[0-9]+/campaigns$",
        {"account_id": US, "objective": "OUTCOME_TRAFFIC"},
    ),
    "linkedin update": (
        LINKEDIN,
        "campaigns",
        "update",
        "/adCampaigns/300000001$",
        {"account_id": LINKEDIN_US, "campaign_id": "300000001"},
    ),
    "linkedin create": (
        LINKEDIN,
        "campaign_groups",
        "create",
        "/adCampaignGroups$",
        {"account_id": LINKEDIN_US, "run_schedule": {"start": "2030-01-01"}},
    ),
    "amazon update": (
        AMAZON,
        "sponsored_product_campaigns",
        "update",
        "/sp/campaigns$",
        {"account_id": PROFILE, "campaign_id": "120000000000001"},
    ),
    "amazon create": (
        AMAZON,
        "sponsored_product_campaigns",
        "create",
        "/sp/campaigns$",
        {"account_id": PROFILE, "targeting_type": "MANUAL", "daily_budget": 10},
    ),
}


AT_ONCE = ("amazon create",)
"""Over real sockets one; the others take as long and are the same in kind."""


@pytest.fixture
async def workspace(
    servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Engine]:
    """The engine in direct mode; no fault is left from another test."""
    mend(servers.sandbox.store)
    monkeypatch.setattr(transport, "FIRST_BACKOFF", 0.01)
    variables = {"MCP_ADS_HOME": str(tmp_path), "MCP_ADS_WRITES": "direct", **servers.ports.variables()}
    made = Engine(load(environ=variables))
    yield made
    await made.close()


def done(servers: Servers, name: str) -> int:
    """How often a change with this name was carried out."""
    return sum(name in str(write["body"]) for write in servers.sandbox.store.writes())


def inject(servers: Servers, fault: dict[str, Any], method: str, path: str, skip: int) -> None:
    break_next(servers.sandbox.store, **fault, method=method, path=path, skip=skip)


def impatient(monkeypatch: pytest.MonkeyPatch, method: str, path: str, skip: int) -> None:
    """Wait for this request not long, and for those before it however busy the machine is."""
    build, passed = httpx.AsyncClient.build_request, itertools.count()

    def built(*asked: Any, **more: Any) -> httpx.Request:
        request = build(*asked, **more)
        if request.method == method and re.search(path, request.url.path) and next(passed) >= skip:
            request.extensions["timeout"]["read"] = PATIENCE
        return request

    monkeypatch.setattr(httpx.AsyncClient, "build_request", built)


def told(fault: dict[str, Any]) -> str:
    return " ".join(f"{value}" for value in fault.values())


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=told)
@pytest.mark.parametrize(
    "call", [call if call in AT_ONCE else pytest.param(call, marks=pytest.mark.slow) for call in CALLS]
)
async def test_at_most_once(
    workspace: Engine, servers: Servers, monkeypatch: pytest.MonkeyPatch, call: str, fault: dict[str, Any]
) -> None:
    """Done once; or not done, and said so; or unknown, and the check that is named tells the truth."""
    connector, entity, action, path, params = CALLS[call]
    name = f"Name {next(NUMBERS):04} of a test"
    method, validated = "PUT" if call == "amazon update" else "POST", connector == FACEBOOK
    inject(servers, fault, method, path, int(validated))
    if fault["kind"] == "slow":
        impatient(monkeypatch, method, path, int(validated))
    error = await error_of(workspace.execute(connector, entity, action, {**params, "name": name}))
    if fault["kind"] == "slow":
        assert error
        await asyncio.sleep(SLOW)
    if error is None:
        assert done(servers, name) == 1
    elif error.sent != "unknown":
        assert error.sent == ("yes" if error.status else "no")  # type: ignore[attr-defined]
        assert (done(servers, name), fault in REFUSALS) == (0, True)
    else:
        assert (error.sent, fault in REFUSALS) == ("unknown", False)
        assert await found(workspace, error, name) == done(servers, name) <= 1


async def found(workspace: Engine, error: AdsError, name: str) -> int:
    """How many objects of this name the check shows that the error names."""
    connector, entity, action, params = check_in(error.fix)
    result = await workspace.execute(connector, entity, action, params)
    rows = result.data if isinstance(result.data, list) else [result.data]
    return sum(row.get("name") == name for row in rows)


@pytest.mark.parametrize("kind", ["429", "throttle"])
async def test_a_throttled_write_goes_through(workspace: Engine, servers: Servers, kind: str) -> None:
    """An explicit throttle says that nothing was done: the write is sent again, and done once."""
    inject(servers, {"kind": kind, "retry_after": 0, "times": 2, "code": 613}, "POST", f"/{SPRING}$", 1)
    await workspace.execute(
        FACEBOOK, "campaigns", "update", {"campaign_id": SPRING, "name": "Once 613 " + kind}
    )
    assert done(servers, f"Once 613 {kind}") == 1


async def test_a_refreshed_token(workspace: Engine, servers: Servers) -> None:
    """A write refused for an expired token is not done, so it goes out again with a new one, once."""
    inject(servers, {"kind": "expired-token"}, "PUT", "/sp/campaigns$", 0)
    amazon = {"account_id": PROFILE, "campaign_id": "120000000000002", "name": "Refreshed"}
    await workspace.execute(AMAZON, "sponsored_product_campaigns", "update", amazon)
    assert done(servers, "Refreshed") == 1


async def test_items_do_not_wait_for_each_other(engine_client_with: Any) -> None:
    """Items of one change travel together: one that fails leaves the others as they are."""
    engine_client: EngineClient = engine_client_with(MCP_ADS_WRITES="direct")
    engine_client.fault("revoked-token", method="POST", path=SURF)
    ids = [SPRING, SURF, "1202110000000000337", "1202110000000000316"]
    result = await engine_client.do(FACEBOOK, "campaigns", "pause", campaign_id=ids)
    assert [row["state"] for row in result.data] == ["done", "failed", "done"]
    assert [(error["index"], error["code"]) for error in result.errors] == [(1, "AuthError")]
    assert result.meta["done"] == 2
    assert writes(engine_client) == [
        f"update campaign {campaign_id}" for campaign_id in (SPRING, "1202110000000000337")
    ]


@pytest.mark.usefixtures("one_by_one")
async def test_many_stop_at_the_first_failure(engine_client_with: Any) -> None:
    """Of many, what was done, what failed and what was not sent are told apart, by index."""
    engine_client: EngineClient = engine_client_with(MCP_ADS_WRITES="direct")
    engine_client.fault("revoked-token", method="POST", path=SURF)
    ids = [SPRING, SURF, "1202110000000000337", "1202110000000000316"]
    result = await engine_client.do(FACEBOOK, "campaigns", "pause", campaign_id=ids)
    assert [row["state"] for row in result.data] == ["done", "failed", "ready"]
    assert [(error["index"], error["code"]) for error in result.errors] == [(1, "AuthError"), (2, "NotSent")]
    assert result.meta["done"] == 1
    assert result.meta["excluded"][0]["index"] == 3
    assert writes(engine_client) == [f"update campaign {SPRING}"]


async def test_a_single_failure_is_raised(engine_client_with: Any) -> None:
    """With nothing done there is no result, and nothing is planned either."""
    engine_client: EngineClient = engine_client_with(MCP_ADS_WRITES="direct")
    engine_client.fault("500", method="POST", path=SPRING)
    with pytest.raises(AdsError) as caught:
        await engine_client.do(FACEBOOK, "campaigns", "pause", campaign_id=SPRING)
    assert caught.value.sent == "unknown"
    assert caught.value.fix.startswith("look before doing it again: facebook_marketing_execute(")
    assert not engine_client.workspace.plans.all()


async def test_there_is_nothing_to_append_to(engine_client_with: Any) -> None:
    """Plans and direct writes do not mix."""
    plan_id = await planned(engine_client_with(), "campaigns", "pause", campaign_id=SPRING)
    with pytest.raises(InvalidParams, match="append_to"):
        await engine_client_with(MCP_ADS_WRITES="direct").do(
            FACEBOOK, "campaigns", "pause", campaign_id=SURF, append_to=plan_id
        )


async def test_cancelled(engine_client_with: Any) -> None:
    """A direct write under way when the call is cancelled is done, and the audit log says so."""
    engine_client: EngineClient = engine_client_with(MCP_ADS_WRITES="direct")
    engine_client.fault("slow", seconds=0.3, method="POST")
    call = asyncio.create_task(engine_client.do(FACEBOOK, "campaigns", "pause", campaign_id=SPRING))
    await until(lambda: any(request.startswith("POST") for request in engine_client.sent()))
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert '"outcome": "done"' in (engine_client.home / "audit.jsonl").read_text()
    assert writes(engine_client) == [f"update campaign {SPRING}"]
