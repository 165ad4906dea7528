"""Our classes and the real host: found by workspace, a write that waits as a plan, applied once, deleted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import Served, served

from mcp_ads import ConnectorNotFoundError, Workspace, connect
from mcp_ads.errors import HostRefused, UnknownPlan
from mcp_ads.settings_hosted import CLIENT, HOST_URL, ORGANIZATION, REDIRECTED

pytestmark = pytest.mark.anyio
SPRING = "1202110000000000340"
RENAME = ("campaigns", "update", {"campaign_id": SPRING, "name": "Renamed"})


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A host that an operator has just begun."""
    with served(tmp_path_factory.mktemp("host")) as found:
        yield found


@pytest.fixture
def host(process: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Served:
    """That host, named by the environment of the client."""
    for name in (REDIRECTED, "MCP_ADS_SANDBOX", "MCP_ADS_WRITES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MCP_ADS_HOME", str(tmp_path / "client"))
    monkeypatch.setenv(ORGANIZATION, process.client.organization_id)
    known = (process.url, process.client.client_id, process.client.client_secret)
    for name, value in zip((HOST_URL, *CLIENT), known, strict=True):
        monkeypatch.setenv(name, value)
    return process


@pytest.mark.slow
async def test_a_write_is_planned_and_applied(host: Served) -> None:
    """The plan's whole text comes back; applied, the record is another; again, it is no plan any more."""
    host.created("facebook-marketing", "writes")
    async with connect("facebook-marketing", workspace_name="writes") as connector:
        planned = await connector.execute(*RENAME)
        assert planned.status == "planned"
        assert f"PLAN {planned.plan_id}" in planned.plan
        async with connect("facebook-marketing", workspace_name="writes") as later:
            assert [plan["plan_id"] for plan in await later.plans()] == [planned.plan_id]
            assert f"PLAN {planned.plan_id}" in await later.plan(planned.plan_id)
            with pytest.raises(UnknownPlan):
                await later.plan("0-0")
        assert (await connector.execute("campaigns", "get", {"campaign_id": SPRING})).name != "Renamed"
        assert (await connector.apply(planned.plan_id)).status == "applied"
        assert (await connector.execute("campaigns", "get", {"campaign_id": SPRING})).name == "Renamed"
        with pytest.raises(UnknownPlan):
            await connector.apply("../../other/apply")
        with pytest.raises(HostRefused, match="campaings"):
            await connector.execute("campaings", "list", {})


@pytest.mark.slow
async def test_a_workspace_and_its_connectors(host: Served) -> None:
    """It lists what is there, gives one by name, and has nothing any more once that is deleted."""
    made = host.created("amazon-ads", "shop")
    async with Workspace(workspace_name="shop") as there:
        assert [one.id for one in await there.list_connectors()] == [made]
        found = await (await there.get_connector(name="amazon-ads")).execute("profiles", "list", params={})
        assert found.success
        assert found.data
        await there.delete_connector(made)
        assert await there.list_connectors() == []
    with pytest.raises(ConnectorNotFoundError):
        connect("amazon-ads", workspace_name="shop")
