"""The published examples of Airbyte's packages run here when their imports name this package."""

from __future__ import annotations

import ast
import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from framework_agents import AGENTS, Drive
from hosted_stub import ORGANIZATION, HostedStub, hosting
from published import EXAMPLES, curls, renamed, run

from mcp_ads.connectors.linkedin_ads import LinkedinAdsConnector
from mcp_ads.sandbox.ports import Servers

CREATE, INITIATE = "integrations/connectors", "integrations/connectors/oauth/initiate"
REQUESTS = {
    "facebook_create": f"/v1/{CREATE}",
    "facebook_initiate": f"/v1/{INITIATE}",
    "facebook_create_by_secret": f"/v1/{CREATE}",
    "facebook_execute": "/api/v1/connectors/sources/<connector_id>/execute",
    "linkedin_create": f"/api/v1/{CREATE}",
    "linkedin_initiate": f"/api/v1/{INITIATE}",
    "linkedin_execute": f"/api/v1/{CREATE}/<connector_id>/execute",
    "amazon_create": f"/api/v1/{CREATE}",
    "amazon_initiate": f"/api/v1/{INITIATE}",
    "amazon_create_by_secret": f"/api/v1/{CREATE}",
    "amazon_execute": f"/api/v1/{CREATE}/<connector_id>/execute",
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_but_the_packages_name_is_changed(name: str) -> None:
    """Only imports of that package differ, and a function with a hyphen in its name; it is Python then."""
    lines = EXAMPLES[name].splitlines()
    changed = [(line, renamed(line)) for line in lines if line != renamed(line)]
    imports = {pair for pair in changed if pair[1].startswith("from mcp_ads")}
    assert imports
    assert all(line.split(" import ")[1] == now.split(" import ")[1] for line, now in imports)
    assert [now for line, now in changed if (line, now) not in imports] in (
        [],
        ["async def facebook_marketing_execute(entity: str, action: str, params: dict | None = None):"],
    )
    code = "\n".join(map(renamed, lines))
    assert "airbyte_agent" not in code
    ast.parse(code)


def test_each_command_is_a_request() -> None:
    """A shell reads every published command as the request it shows, and it can be sent to another host."""
    found = curls()
    assert {name: curl.path for name, curl in found.items()} == REQUESTS
    for curl in found.values():
        assert (curl.method, curl.headers["Content-Type"]) == ("POST", "application/json")
        assert curl.headers["Authorization"].startswith("Bearer <")
    values = {"connector_id": "c1", "YOUR_BEARER_TOKEN": "t1", "entity": "campaigns", "action": "list"}
    sent = found["linkedin_execute"].request("http://127.0.0.1:8080", values)
    assert str(sent.url) == f"http://127.0.0.1:8080/api/v1/{CREATE}/c1/execute"
    assert sent.headers["Authorization"] == "Bearer t1"
    assert sent.headers["X-Organization-Id"] == "<YOUR_ORGANIZATION_ID>"
    assert json.loads(sent.content) == {"entity": "campaigns", "action": "list", "params": {}}


LISTS = {"facebook": "ad_accounts", "linkedin": "accounts", "amazon": "profiles"}
CAMPAIGNS = {"entity": "campaigns", "action": "list", "params": {"account_id": "512345678", "limit": 2}}
PAUSE = {
    "entity": "campaigns",
    "action": "pause",
    "params": {"account_id": "512345678", "campaign_id": "300000001"},
}
CREDENTIALS = {
    "Facebook OAuth2 Access Token": "FACEBOOK_MARKETING_ACCESS_TOKEN",
    "Facebook App Client Secret": "LINKEDIN_ADS_CLIENT_SECRET",  # the sandbox's apps have one secret
    "OAuth 2.0 refresh token for automatic renewal": "LINKEDIN_ADS_REFRESH_TOKEN",
    "OAuth 2.0 application client ID": "LINKEDIN_ADS_CLIENT_ID",
    "OAuth 2.0 application client secret": "LINKEDIN_ADS_CLIENT_SECRET",
    "The client ID of your Amazon Ads API application": "AMAZON_ADS_CLIENT_ID",
    "The client secret of your Amazon Ads API application": "AMAZON_ADS_CLIENT_SECRET",
    "The refresh token obtained from the OAuth authorization flow": "AMAZON_ADS_REFRESH_TOKEN",
}
"""Placeholders of the platforms' credentials, by the variable that has what the sandbox takes."""
VALUES = {"your_organization_id": ORGANIZATION}
"""What has to have another form than a placeholder has."""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostedStub]:
    """A host that has a connector of each kind in the workspaces the examples name."""
    with hosting(tmp_path_factory.mktemp("host")) as stub:
        stub.clients["<your-client-id>"] = "<your-client-secret>"
        stub.add("linkedin-ads", "<your_workspace_name>")
        stub.add("facebook-marketing", "<your_external_user_id>")
        stub.add("amazon-ads", "<your_external_user_id>")
        yield stub


@pytest.fixture
def host(kept: HostedStub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> HostedStub:
    """That host, named by the environment, which has no client: most examples say it themselves."""
    for name in ("AIRBYTE_CLIENT_ID", "AIRBYTE_CLIENT_SECRET", "AIRBYTE_ORGANIZATION_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MCP_ADS_HOME", str(tmp_path))
    monkeypatch.setenv("MCP_ADS_HOST_URL", kept.url)
    monkeypatch.setenv("OPENAI_API_KEY", "dummy")
    return kept


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("platform", LISTS)
def test_with_credentials_of_ones_own(platform: str, servers: Servers) -> None:
    """They are what is sent: the platform answers to good ones with records, and not to the placeholders."""
    known = servers.ports.variables()
    values = {placeholder: known[name] for placeholder, name in CREDENTIALS.items()}

    async def asked() -> tuple[Any, Any]:
        async with run(f"{platform}_own_credentials", values)["connector"] as connector:
            found = await connector.execute(LISTS[platform], "list", {})
        async with run(f"{platform}_own_credentials", {})["connector"] as connector:
            return found, await connector.check()

    found, checked = asyncio.run(asked())
    assert found.model_dump(mode="json")["data"]
    assert checked.status == "unhealthy"
    assert "<" not in checked.error


@pytest.mark.parametrize(("platform", "entity"), [("facebook", "ad_accounts"), ("amazon", "profiles")])
def test_by_a_host_with_an_agent_taken_for_granted(
    platform: str, entity: str, host: HostedStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The function that is registered asks the host for the records of the user that is named."""
    for framework in ("pydantic_ai", "langchain_core", "agents"):
        monkeypatch.delitem(sys.modules, framework, raising=False)  # an agent of none of them
    agent = SimpleNamespace(tool_plain=lambda function: function)
    names = run(f"{platform}_hosted", {}, agent=agent)
    (tool,) = (value for name, value in names.items() if name.endswith("_execute"))

    async def asked() -> Any:
        async with names["connector"]:
            return await tool(entity, "list")

    found = asyncio.run(asked())
    assert found.model_dump(mode="json")["data"]
    assert found.meta["host"] == host.url
    assert tool.__name__.endswith("_execute")
    assert entity in tool.__doc__


@pytest.mark.vendors
@pytest.mark.parametrize(("platform", "tool"), [("facebook", "facebook_marketing"), ("amazon", "amazon_ads")])
def test_the_agent_taken_for_granted_is_pydantic_ais(platform: str, tool: str, host: HostedStub) -> None:
    """Registered with a real one, the function answers its model with the records."""
    agent = pytest.importorskip("pydantic_ai").Agent("openai:gpt-4o")
    names = run(f"{platform}_hosted", {}, agent=agent)

    async def asked() -> Any:
        async with names["connector"]:
            call = {"entity": LISTS[platform], "action": "list"}
            return await AGENTS["pydantic_ai"](names, f"{tool}_execute", call)

    found = asyncio.run(asked())
    assert found["data"]
    assert found["meta"]["host"] == host.url


EVERY_AGENT = [
    pytest.param(name, drive, id=name, marks=[] if framework == "fastmcp" else pytest.mark.vendors)
    for name in EXAMPLES
    for framework, drive in AGENTS.items()
    if name.endswith(framework)
]


@pytest.mark.parametrize(("name", "drive"), EVERY_AGENT)
def test_by_a_host_with_each_framework(
    name: str, drive: Drive, host: HostedStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As pasted: the framework has the tool, and its model is answered with a list, and with a plan."""
    if "_connect_" in name:
        monkeypatch.setenv("AIRBYTE_CLIENT_ID", "<your-client-id>")
        monkeypatch.setenv("AIRBYTE_CLIENT_SECRET", "<your-client-secret>")
    names = run(name, VALUES)
    assert type(names["connector"]) is LinkedinAdsConnector

    async def asked() -> list[Any]:
        async with names["connector"]:
            return [await drive(names, "linkedin_ads_execute", call) for call in (CAMPAIGNS, PAUSE)]

    listed, planned = asyncio.run(asked())
    assert len(listed["data"]) == 2
    assert listed["data"][0]["dailyBudget"] == {"amount": "30.00", "currencyCode": "USD"}
    assert listed["meta"]["host"] == host.url
    assert planned["status"] == "planned"
    assert planned["plan_id"].startswith("pause-campaign.minus-30.00-USD-a-day.spring-sale-early-birds.")
    assert planned["plan_id"] in planned["apply"]
