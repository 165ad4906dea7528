"""Connector classes whose credentials somebody else keeps: a host, or Airbyte's cloud behind this process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from airbyte_stub import AirbyteStub
from hosted_stub import CLIENT_ID, CLIENT_SECRET, ORGANIZATION, HostedStub
from hosts import host, one_host

from mcp_ads import AirbyteAuthConfig, AmazonAdsConnector, FacebookMarketingConnector, LinkedinAdsConnector
from mcp_ads.errors import BadSettings, SeveralConnectors

__all__ = ["host", "one_host"]
pytestmark = pytest.mark.anyio
KEYS: dict[str, Any] = {"airbyte_client_id": CLIENT_ID, "airbyte_client_secret": CLIENT_SECRET}
US, LINKEDIN_US = "1234567890", "512345678"


@pytest.fixture
async def cloud(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, anyio_backend: str
) -> AsyncIterator[AirbyteStub]:
    """Airbyte's cloud, with nothing of it in the environment but a connector that is another workspace's."""
    stub = AirbyteStub(tmp_path / "airbyte")
    stub.instead_of_the_network(monkeypatch)
    monkeypatch.delenv("MCP_ADS_SANDBOX", raising=False)
    monkeypatch.setenv("MCP_ADS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("AIRBYTE_LINKEDIN_ADS_CONNECTOR_ID", "of-another-workspace")
    yield stub
    await stub.close()


async def test_the_first_generations_keywords(host: HostedStub) -> None:
    """Nothing is sent before the first call; lists go on over all pages, and descriptions are a program's."""
    host.add("facebook-marketing", "user-1")
    seen = len(host.seen)
    connector = FacebookMarketingConnector(external_user_id="user-1", **KEYS)
    assert (connector.connector_id, len(host.seen)) == (None, seen)
    async with connector:
        ids = [row.id async for row in connector.campaigns.list.rows(account_id=US, select_fields=["id"])]
        assert len({*ids}) == len(ids) > 100
        assert connector.connector_id
        assert (await connector.check()).status == "healthy"
        described = (await connector.execute("campaigns", "describe", {"action": "list"})).text
        assert "account_id*" in described
        assert "where (" not in described


async def test_a_region_is_the_hosts(host: HostedStub) -> None:
    """It is not dropped without a word."""
    with pytest.raises(BadSettings, match="region: is of this process"):
        AmazonAdsConnector(AirbyteAuthConfig(workspace_name="a", **KEYS), region="EU")


@pytest.mark.parametrize("by", ["argument", "variable"])
async def test_airbytes_cloud_sends_what_is_planned_here(
    cloud: AirbyteStub, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    """The workspace given is the one, the plan is this process's, and no shell has the credentials."""
    more: dict[str, Any] = {"backend": "airbyte"} if by == "argument" else {}
    if by == "variable":
        monkeypatch.setenv("MCP_ADS_BACKEND", "airbyte")
    config = AirbyteAuthConfig(workspace_name="default", **KEYS)
    async with LinkedinAdsConnector(config, account_ids=LINKEDIN_US, **more) as connector:
        first = (await connector.campaigns.list(account_id=LINKEDIN_US, limit=1)).data[0]
        asked = {"account_id": LINKEDIN_US, "campaign_id": first.id}
        plan = await connector.campaigns.update(**asked, name="Through the cloud")
        assert plan.status == "planned"
        assert "in a shell" not in plan.apply
        assert cloud.store.writes() == []
        assert (await connector.apply(plan.plan_id)).status == "applied"
        assert (await connector.campaigns.get(**asked)).name == "Through the cloud"
    cloud.add("linkedin-ads")
    async with LinkedinAdsConnector(config, **more) as connector:
        with pytest.raises(SeveralConnectors):
            await connector.accounts.list()


@pytest.mark.parametrize("given", [KEYS, {"organization_id": ORGANIZATION}, {"workspace_name": "default"}])
async def test_nothing_below_what_is_given(
    cloud: AirbyteStub, monkeypatch: pytest.MonkeyPatch, given: dict[str, Any]
) -> None:
    """What the environment has of the rest is somebody else's: organization, workspace, connector."""
    monkeypatch.setenv("AIRBYTE_CLIENT_ID", CLIENT_ID)
    monkeypatch.setenv("AIRBYTE_CLIENT_SECRET", CLIENT_SECRET)
    if "workspace_name" not in given:
        monkeypatch.setenv("AIRBYTE_WORKSPACE_NAME", "of-somebody-else")
    if given is KEYS:
        monkeypatch.setenv("AIRBYTE_ORGANIZATION_ID", "99999999-2222-4333-8444-555555555555")
    async with LinkedinAdsConnector(backend="airbyte", **given) as connector:
        assert (await connector.accounts.list()).data
