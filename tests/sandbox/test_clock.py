"""The sandbox's own clock: what ages by it, and who may move it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from engine_client import AMAZON, FACEBOOK, US, EngineClient
from facebook_client import ACCOUNT, graph

from mcp_ads.errors import BadSettings
from mcp_ads.sandbox.app import Sandbox
from mcp_ads.sandbox.ports import Servers
from mcp_ads.settings import load

pytestmark = pytest.mark.anyio

DELAY = 600
WHERE = "/_sandbox/clock"


def calls(sandbox: Sandbox, caller: str = "127.0.0.1") -> httpx.AsyncClient:
    """Somebody who asks this sandbox from that address."""
    transport = httpx.ASGITransport(sandbox.by_host(), client=(caller, 50_000))
    return httpx.AsyncClient(transport=transport, base_url="https://graph.facebook.com")


async def test_an_amazon_report_takes_its_time(engine_client_with: Callable[..., EngineClient]) -> None:
    """However often it is looked at, it is there when the clock says so; then the same order has rows."""
    client = engine_client_with(MCP_ADS_SANDBOX_REPORT_DELAY=str(DELAY))
    asked: dict[str, Any] = {"profile_id": "3312345678901234", "report_type": "spCampaigns"}
    ordered = await client.do(AMAZON, "reports", "create", **asked)
    id_ = ordered.data["reportId"]
    seen = []
    for seconds in (0, 0, 0, DELAY // 2, 0, DELAY // 2):
        client.forward(seconds)
        found = await client.do(AMAZON, "reports", "get", profile_id=asked["profile_id"], report_id=id_)
        seen.append(found.data["status"])
    assert seen == ["PENDING"] * 3 + ["PROCESSING"] * 2 + ["COMPLETED"]
    fetched = await client.do(AMAZON, "reports", "download", profile_id=asked["profile_id"], report_id=id_)
    assert fetched.data
    assert client.sent(AMAZON).count("POST /reporting/reports") == 1


async def test_a_run_of_facebook_takes_its_time() -> None:
    """Its steps are told by the clock alone."""
    async with graph() as g:
        g.store.clock.report_delay = DELAY
        id_ = (await g.post(f"{ACCOUNT}/insights", level="campaign"))["report_run_id"]
        seen = []
        for seconds in (0, 0, 0, 0, DELAY // 3 + 1, DELAY // 3 + 1, DELAY // 3 + 1):
            g.store.clock.forward(seconds)
            seen.append((await g.get(id_))["async_status"].removeprefix("Job "))
        assert seen == ["Not Started"] * 4 + ["Started", "Running", "Completed"]
        assert (await g.get(f"{id_}/insights"))["data"]


async def test_what_is_at_once_stays_so(engine_client_with: Callable[..., EngineClient]) -> None:
    """Insights that are no run, and LinkedIn's, which has none, are answered whatever reports take."""
    client = engine_client_with(MCP_ADS_SANDBOX_REPORT_DELAY=str(DELAY))
    assert (await client.table(FACEBOOK, "ads_insights", "list", account_id=US, level="account")).rows
    told = await client.table("linkedin_ads", "analytics", "list", account_id="512345678", pivot="CAMPAIGN")
    assert told.rows


async def test_tokens_grow_old() -> None:
    """A token that was given out ends after an hour of this clock."""
    sandbox = Sandbox()
    async with calls(sandbox) as http:
        form = {
            "grant_type": "refresh_token", "refresh_token": "Atzr|sandbox-refresh",
            "client_secret": "sandbox-secret", "client_id": "amzn1.application-oa2-client.sandbox",
        }  # fmt: skip
        given = (await http.post("https://api.amazon.com/auth/o2/token", data=form)).json()
        headers = {
            "Authorization": f"Bearer {given['access_token']}",
            "Amazon-Advertising-API-ClientId": form["client_id"],
        }
        seen = []
        for seconds in (0, 3500, 200):
            assert (await http.post(WHERE, json={"forward": seconds})).status_code == 200
            answer = await http.get("https://advertising-api.amazon.com/v2/profiles", headers=headers)
            seen.append(answer.status_code)
    assert seen == [200, 200, 401]
    sandbox.store.close()


async def test_only_this_machine_moves_it() -> None:
    """From anywhere else, and from a page in a browser, it is neither moved nor told."""
    sandbox = Sandbox()
    for caller, headers, status in (
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.7", {}, 403),
        ("", {}, 403),
        ("127.0.0.1", {"Origin": "https://elsewhere.example"}, 403),
    ):
        async with calls(sandbox, caller) as http:
            moved = await http.post(WHERE, json={"forward": 1}, headers=headers)
            told = await http.get(WHERE, headers=headers)
            assert (moved.status_code, told.status_code) == (status, status)
    assert sandbox.store.clock.ahead == 2
    sandbox.store.close()


async def test_it_goes_forward_only() -> None:
    """What is no number of seconds is refused with what would be, and moves nothing."""
    sandbox = Sandbox()
    async with calls(sandbox) as http:
        for body in (
            *("", "[]", '{"forward": -1}', '{"forward": "60"}', '{"forward": true}', '{"back": 1}'),
            *('{"forward": NaN}', '{"forward": 1e12}', '{"forward": 1, "back": 1}'),
        ):
            assert (await http.post(WHERE, content=body)).status_code == 400
        assert (await http.get(WHERE)).json()["ahead"] == 0
    sandbox.store.close()


async def test_it_is_moved_at_a_port(servers: Servers) -> None:
    """One sandbox has one clock, at whichever of its ports it is asked."""
    async with httpx.AsyncClient() as http:
        for port in (servers.ports.main, servers.ports.downloads, *servers.ports.regions.values()):
            answer = await http.post(f"http://127.0.0.1:{port}{WHERE}", json={"forward": 10})
            assert answer.status_code == 200
    assert servers.sandbox.store.clock.ahead == 50


@pytest.mark.parametrize("text", ["soon", "-1", "inf", "86401"])
def test_a_delay_that_is_none(tmp_path: Path, text: str) -> None:
    """It stops the start with one line that names the variable."""
    environ = {"MCP_ADS_HOME": str(tmp_path), "MCP_ADS_SANDBOX_REPORT_DELAY": text}
    with pytest.raises(BadSettings) as refused:
        load(environ=environ)
    (line,) = refused.value.lines
    assert line.startswith("MCP_ADS_SANDBOX_REPORT_DELAY: ")
