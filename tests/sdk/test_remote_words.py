"""What a host and a program say that goes into paths, pages and texts means no more than it says."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hosted_stub import CLIENT_ID, CLIENT_SECRET, DEFINITIONS, Fault, HostedStub
from hosts import host, one_host

from mcp_ads import FacebookMarketingConnector, HostedExecutor, LinkedinAdsConnector, Workspace
from mcp_ads.errors import ApiError, NotConfigured, PlatformDown, UnknownPlan

__all__ = ["host", "one_host"]
pytestmark = pytest.mark.anyio
KEYS: dict[str, Any] = {"airbyte_client_id": CLIENT_ID, "airbyte_client_secret": CLIENT_SECRET}
PAUSE = ("campaigns", "pause", {"account_id": "512345678", "campaign_id": "300000001"})


@pytest.mark.slow
async def test_ids_stay_in_their_place(host: HostedStub) -> None:
    """Neither an id that is given nor one that is looked up leads to another path."""
    kept = host.connectors[host.add("linkedin-ads")]
    async with LinkedinAdsConnector(connector_id=kept.id) as connector:
        for plan_id in ("..", ".", "a..b", "../x", "%2e%2e", "x?y", "x/y", "é", "a" * 300):
            with pytest.raises(UnknownPlan):
                await connector.apply(plan_id)
    assert host.seen == []
    for id_ in ("..", ".", "a/../b", "%2e%2e"):
        host.connectors = {id_: replace(kept, id=id_)}
        async with LinkedinAdsConnector(workspace_name="default") as connector:
            with pytest.raises(PlatformDown, match="an id that is none"):
                await connector.execute("accounts", "list")
        async with Workspace() as workspace:
            with pytest.raises(ApiError):
                await workspace.list_connectors()
    assert {seen.path.rpartition("/")[2] for seen in host.seen} == {"token", "connectors"}


async def test_a_hosts_text_is_seen(host: HostedStub) -> None:
    """What a terminal obeys, and what turns text around, is spelled out in plans and refusals."""
    odd, seen = "a\x1b[2J\rb\u202ec\nd", "a\\u001b[2J\\u000db\\u202ec\nd"
    plan = {"plan_id": "rename-x.y.12345678", "plan": odd}
    errors = [{"message": odd, "error_code": "plan_required", "details": plan}]
    async with LinkedinAdsConnector(connector_id=host.add("linkedin-ads")) as connector:
        host.script("execute", Fault(409, json.dumps({"errors": errors}).encode()))
        assert (await connector.execute(*PAUSE)).plan == seen
        for status in (400, 403, 404, 409, 500):
            host.script("execute", Fault(status, json.dumps({"errors": [{"message": odd}]}).encode()))
            with pytest.raises(ApiError) as refused:
                await connector.execute(*PAUSE)
            assert refused.value.platform_text == seen


async def test_a_list_that_is_counted(host: HostedStub) -> None:
    """A list that says where it starts, how much of it there is and how much in all is read to its end."""
    pages = [
        {
            "status": "success",
            "result": [{"id": str(number)} for number in range(at, min(at + 2, 5))],
            "connector_metadata": {"start": at, "count": 2, "total": 5},
        }
        for at in (0, 2, 4)
    ]
    async with LinkedinAdsConnector(connector_id=host.add("linkedin-ads")) as connector:
        host.script("execute", *[Fault(200, json.dumps(page).encode()) for page in pages])
        assert [row.id async for row in connector.iterate("accounts", "list")] == list("01234")
        asked = [seen.body["params"] for seen in host.calls("/execute")]
        assert [(params.get("start"), "cursor" in params) for params in asked] == [
            (None, False), (2, False), (4, False)
        ]  # fmt: skip
        host.script("execute", *[Fault(200, json.dumps(pages[0]).encode())] * 2)
        with pytest.raises(PlatformDown, match="does not go on"):
            _ = [row async for row in connector.iterate("accounts", "list")]


async def test_a_definition_in_capitals(host: HostedStub) -> None:
    """An id means the same however its letters are written."""
    there, capital = host.add("linkedin-ads"), DEFINITIONS["linkedin-ads"].upper()
    listed = [{"id": there, "name": "x", "summarized_source_template": {"actor_definition_id": capital}}]
    host.script("list", *[Fault(200, json.dumps({"data": listed}).encode())] * 3)
    async with LinkedinAdsConnector(workspace_name="default") as connector:
        assert (await connector.execute("accounts", "list")).data
    async with Workspace() as workspace:
        assert [info.slug for info in await workspace.list_connectors()] == ["linkedin-ads"]
    async with HostedExecutor(connector_definition_id=capital) as executor:
        assert (await executor.execute("accounts", "list")).success


async def test_a_client_that_is_given(host: HostedStub, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is never one of the environment's organization, and half of it never goes with the other's."""
    monkeypatch.setenv("AIRBYTE_ORGANIZATION_ID", "99999999-2222-4333-8444-555555555555")
    host.add("facebook-marketing")
    async with FacebookMarketingConnector(workspace_name="default", **KEYS) as connector:
        assert (await connector.execute("ad_accounts", "list")).data
    assert {seen.headers.get("x-organization-id") for seen in host.seen} == {None}
    more: tuple[dict[str, Any], ...] = ({}, {"backend": "airbyte"})
    for ways in more:
        for name, value in KEYS.items():
            half_of: dict[str, Any] = {name: value}
            with pytest.raises(NotConfigured, match="is given without") as half:
                FacebookMarketingConnector(workspace_name="default", **half_of, **ways)
            assert len(half.value.lines) == 1
