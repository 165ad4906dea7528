"""connect(): which reading of its arguments there is, and what is said where there are two."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hosted_stub import CLIENT_ID, CLIENT_SECRET, ORGANIZATION, REFUSED, HostedStub
from hosts import host, one_host

import mcp_ads
from mcp_ads import AirbyteAuthConfig, LinkedinAdsAuthConfig, LinkedinAdsConnector, connect
from mcp_ads.errors import (
    AdsError,
    AuthError,
    BadSettings,
    NoConnector,
    NotConfigured,
    SeveralConnectors,
    UnknownAction,
)

__all__ = ["host", "one_host"]
pytestmark = pytest.mark.anyio
KEYS = {"airbyte_client_id": CLIENT_ID, "airbyte_client_secret": CLIENT_SECRET}


@pytest.mark.slow
def test_a_workspaces_connector(host: HostedStub) -> None:
    """It is found at once, however the workspace is named; which one is meant has to be said of two."""
    with pytest.raises(NoConnector, match="linkedin_ads connector in the workspace") as none:
        connect("linkedin-ads", workspace_name="acme")
    assert host.url in str(none.value)
    there = host.add("linkedin-ads", "acme")
    host.add("facebook-marketing", "acme")
    foreign = type("AirbyteAuthConfig", (SimpleNamespace,), {})
    ways: list[dict[str, Any]] = [
        {"workspace_name": "acme"},
        {"workspace_name": "acme", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET},
        {"workspace_name": "acme", "organization_id": ORGANIZATION},
        {"auth_config": AirbyteAuthConfig(external_user_id="acme", **KEYS)},
        {"auth_config": foreign(workspace_name="acme", organization_id=None, connector_id=None, **KEYS)},
    ]
    for way in ways:
        connector = connect("linkedin-ads", **way)
        assert isinstance(connector, LinkedinAdsConnector)
        assert connector.connector_id == there
    second = host.add("linkedin-ads", "acme", 'Second "one"\n')
    with pytest.raises(SeveralConnectors, match=rf'{second} "Second \\"one\\"\\n"') as several:
        connect("linkedin_ads", workspace_name="acme")
    assert there in str(several.value)
    assert "connector_id=" in several.value.fix
    seen = len(host.seen)
    assert connect("linkedin", connector_id=second).connector_id == second
    assert len(host.seen) == seen


async def test_inside_a_running_loop(host: HostedStub) -> None:
    """The look-up has a loop of its own, and what is connected is used in the caller's."""
    host.add("linkedin-ads")
    async with connect("linkedin-ads", organization_id=ORGANIZATION) as connector:
        listed = await connector.execute("accounts", "list")
    assert listed.data[0]["currency"] == "USD"
    assert {seen.headers["x-organization-id"] for seen in host.seen} == {ORGANIZATION}
    assert listed.meta["host"] == host.url


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        ({"client_id": "a", "client_secret": "b"}, [r"client_id, client_secret: which ones\? Beside access"]),
        (
            {"access_token": "t", "account_ids": "1", "home": "/tmp", "workspace_name": "w"},
            ["access_token: a host keeps", "account_ids: is of this process", "home: is of this process"],
        ),
        (
            {"connector_id": "../x", "organization_id": "o"},
            ["organization_id: is no UUID", "connector_id: is"],
        ),
        ({"workspace_name": "", "connector_id": " "}, ["workspace_name: empty", "connector_id: empty"]),
        ({"workspace_name": "w", "writes": "of"}, ["writes: 'of' is none of"]),
        ({"workspace_name": "w", "backend": "airbite"}, ["backend: 'airbite'"]),
        (
            {
                "auth_config": LinkedinAdsAuthConfig(access_token="t" * 9),
                "client_id": "a",
                "refresh_token": "r",
            },
            ["refresh_token: auth_config has", "client_id: auth_config has"],
        ),
        (
            {"auth_config": LinkedinAdsAuthConfig(access_token="t" * 9), "workspace_name": "w"},
            ["workspace_name: is for a host"],
        ),
    ],
)
def test_what_is_no_one_reading(host: HostedStub, given: dict[str, Any], lines: list[str]) -> None:
    """A line for each argument that does not fit the others; nothing is sent."""
    with pytest.raises(BadSettings) as wrong:
        connect("linkedin-ads", **given)
    said = str(wrong.value).splitlines()
    assert len(said) == len(lines)
    assert [line for line, pattern in zip(said, lines, strict=True) if not re.match(pattern, line)] == []
    assert host.seen == []


def test_which_host(host: HostedStub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Ours before the one that Airbyte's SDK is sent to; none, or one that is not safe, is said."""
    host.add("amazon-ads")
    ways: tuple[tuple[dict[str, str], type[AdsError], str], ...] = (
        (
            {"MCP_ADS_HOST_URL": ""},
            BadSettings,
            "MCP_ADS_HOST_URL: not set, nor is SDK_DEV_ADP_API_HOST.*airbyte",
        ),
        (
            {"MCP_ADS_HOST_URL": "https://api.airbyte.ai"},
            BadSettings,
            "MCP_ADS_HOST_URL: Airbyte's cloud carries",
        ),
        ({"MCP_ADS_HOST_URL": "https://API.airbyte.ai.:443"}, BadSettings, "Airbyte's cloud carries"),
        ({"MCP_ADS_HOST_URL": "https://cloud.airbyte.com"}, BadSettings, "Airbyte's cloud carries"),
        ({"MCP_ADS_HOST_URL": "https://\uff41pi.airbyte\u3002ai"}, BadSettings, "write scheme://host"),
        ({"MCP_ADS_CONNECTORS": "linkedin-ads"}, UnknownAction, "not among MCP_ADS_CONNECTORS"),
        ({"MCP_ADS_HOST_URL": "http://example.com"}, BadSettings, "MCP_ADS_HOST_URL: must be https"),
        ({"MCP_ADS_SANDBOX": "1"}, BadSettings, "MCP_ADS_SANDBOX: is set, and a host's data is not invented"),
        ({"AIRBYTE_CLIENT_SECRET": ""}, NotConfigured, "AIRBYTE_CLIENT_SECRET not set"),
        ({"AIRBYTE_CLIENT_SECRET": "MARKER-wrong-secret"}, AuthError, "does not accept AIRBYTE_CLIENT_ID"),
    )
    for environ, kind, said in ways:
        with monkeypatch.context() as changed:
            for name, value in environ.items():
                changed.setenv(name, value)
            with pytest.raises(kind, match=said) as error:
                connect("amazon-ads", workspace_name="default")
            assert "MARKER" not in f"{error.value}{error.value.fix}"
    with pytest.raises(NotConfigured, match="client_id is given without client_secret"):
        connect("amazon-ads", workspace_name="default", client_id="another")
    (tmp_path / "over.env").write_text("MCP_ADS_BACKEND=Airbyte\n")
    with pytest.raises(BadSettings, match='MCP_ADS_BACKEND: is airbyte: give backend="airbyte"'):
        connect("amazon-ads", workspace_name="default", env_file=str(tmp_path / "over.env"))
    monkeypatch.setenv("MCP_ADS_HOST_URL", "https://notairbyte.ai")
    assert LinkedinAdsConnector(workspace_name="w")._backend.host == "https://notairbyte.ai"
    monkeypatch.setenv("MCP_ADS_HOST_URL", "")
    (tmp_path / "host.env").write_text(f"SDK_DEV_ADP_API_HOST={host.url}/\n")
    found = connect("amazon-ads", workspace_name="default", env_file=str(tmp_path / "host.env"))
    assert found.connector_id in host.connectors


def test_nothing_there_is_called_so(host: HostedStub) -> None:
    """Unknown connectors are unknown as ever, and `ads` has no class."""
    with pytest.raises(UnknownAction, match="no connector 'no-such'"):
        connect("no-such", workspace_name="acme")
    with pytest.raises(BadSettings, match="ads asks all platforms"):
        connect("ads", workspace_name="acme")


@pytest.mark.slow
async def test_a_workspace(host: HostedStub) -> None:
    """Its connectors are listed, taken by kind or id, executed with, and deleted."""
    one, two = host.add("facebook-marketing", "w", "One"), host.add("linkedin-ads", "w", "Two")
    refused = host.add("facebook-marketing", "w", "Three", {"access_token": REFUSED})
    async with mcp_ads.Workspace(workspace_name="w") as workspace:
        listed = await workspace.list_connectors()
        assert [(info.id, info.name, info.connector_type) for info in listed] == [
            (one, "One", "Facebook-Marketing"),
            (two, "Two", "Linkedin-Ads"),
            (refused, "Three", "Facebook-Marketing"),
        ]
        with pytest.raises(SeveralConnectors, match=one):
            await workspace.get_connector(name="Facebook Marketing")
        executor = await workspace.get_connector(name="linkedin-ads")
        found = await executor.execute("accounts", "list", params={"limit": 1}, intent="to see")
        assert (found.success, len(found.data), host.seen[-1].body["intent"]) == (True, 1, "to see")
        with pytest.raises(ValueError, match="at most 512"):
            await executor.execute("accounts", "list", intent="x" * 513)
        with pytest.raises(AuthError, match="the platform refuses the credentials"):
            await (await workspace.get_connector(name="Three")).execute("ad_accounts", "list")
        pause = {"account_id": "512345678", "campaign_id": "300000001"}
        planned = await executor.execute("campaigns", "pause", params=pause)
        assert (planned.success, planned.data["status"]) == (False, "planned")
        assert (await executor.apply(planned.data["plan_id"])).success
        async with mcp_ads.HostedExecutor(CLIENT_ID, CLIENT_SECRET, connector_id=two) as alone:
            assert (await alone.execute("accounts", "list")).success
        with pytest.raises(BadSettings, match="connector_definition_id"):
            mcp_ads.HostedExecutor(CLIENT_ID, CLIENT_SECRET)
        await workspace.delete_connector(one)
        assert [info.id for info in await workspace.list_connectors()] == [two, refused]
        with pytest.raises(NoConnector):
            await workspace.get_connector(connector_id=one)
