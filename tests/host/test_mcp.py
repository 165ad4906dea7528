"""`/mcp` of a host: the tools of one workspace for who holds a token of it, and nothing of another's."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import pytest
from agent import Agent
from engine_client import FACEBOOK
from fastmcp import Client
from fastmcp.client.transports import StreamableHttpTransport
from serving import Served, command, served

pytestmark = [pytest.mark.anyio]
EVERYBODY = {"ads_describe", "ads_execute", "facebook_marketing_execute"}


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A host with a Facebook connector in one of two workspaces."""
    with served(tmp_path_factory.mktemp("host")) as found:
        found.created("facebook-marketing", "acme")
        found.created("facebook-marketing", "other")
        yield found


@asynccontextmanager
async def agent(host: Served, token: str, query: str = "") -> AsyncIterator[Agent]:
    """An agent with a token."""
    async with AsyncExitStack() as stack:
        way = StreamableHttpTransport(f"{host.url}/mcp{query}", auth=token)
        yield Agent(await stack.enter_async_context(Client(way)))


def token_of(home: Path, name: str, workspace: str, scope: str = "write") -> str:
    """A new token, as `host token add` prints it."""
    return str(command(home, "token", "add", name, "--workspace", workspace, "--scope", scope)).strip()


@pytest.mark.slow
async def test_a_token_is_one_workspace(host: Served) -> None:
    """Its tools are there, a plan is made and applied; a token of another workspace never finds the plan."""
    mine, other = token_of(host.home, "mine", "acme"), token_of(host.home, "other", "other")
    async with agent(host, mine) as one, agent(host, other) as stranger:
        assert {tool.name for tool in await one.client.list_tools()} == EVERYBODY | {"ads_apply"}
        table = await one.table(FACEBOOK, "campaigns", "list", account_id="1234567890", limit=1)
        plan = await one.plan(FACEBOOK, "campaigns", "pause", campaign_id=str(table.rows[0]["id"]))
        assert "UnknownPlan" in await stranger.wrong("ads_apply", plan_id=plan)
        assert "APPLIED" in await one.good("ads_apply", plan_id=plan)


async def test_a_scope_and_the_url_narrow(host: Served) -> None:
    """A token that reads, and a URL that says so, are offered no ads_apply and make no plan."""
    reads, writes = token_of(host.home, "reads", "acme", "read"), token_of(host.home, "narrowed", "acme")
    for token, query in ((reads, ""), (writes, "?readonly")):
        async with agent(host, token, query) as one:
            assert {tool.name for tool in await one.client.list_tools()} == EVERYBODY
            asked = {"entity": "campaigns", "action": "pause", "params": {"campaign_id": "1"}}
            assert "WritesOff" in await one.wrong("facebook_marketing_execute", **asked)


async def test_a_connector_appears_without_a_restart(host: Served) -> None:
    """A tool comes with the first connector of its platform, to the token that was there before."""
    token = token_of(host.home, "early", "grows")
    host.created("facebook-marketing", "grows")
    async with agent(host, token) as one:
        assert "linkedin_ads_execute" not in {tool.name for tool in await one.client.list_tools()}
        host.created("linkedin-ads", "grows")
        assert "linkedin_ads_execute" in {tool.name for tool in await one.client.list_tools()}


def test_who_is_not_let_in(host: Served) -> None:
    """No token, a wrong one, a revoked one and a client's own token are refused before anything is said."""
    gone = token_of(host.home, "gone", "acme")
    command(host.home, "token", "revoke", "gone")
    for token, status in (("", 401), ("mcpads_wrong", 401), (gone, 401), (host.token(), 403)):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = httpx.post(f"{host.url}/mcp", json={}, headers=headers, trust_env=False)
        assert answer.status_code == status, answer.text
        assert ("www-authenticate" in answer.headers) == (status == 401)


@pytest.mark.parametrize(
    ("sent", "status"),
    [({}, 401), ({"Host": "evil.example"}, 421), ({"Host": "localhost@evil.example"}, 421),
     ({"Origin": "http://evil.example"}, 403)],
)  # fmt: skip
@pytest.mark.parametrize("token", ["", "mcpads_wrong"])
def test_the_name_is_looked_at_before_the_token(
    host: Served, sent: dict[str, str], status: int, token: str
) -> None:
    """Whoever asks under another name, or from another website, does not learn whether a token is right."""
    headers = sent | ({"Authorization": f"Bearer {token}"} if token else {})
    answer = httpx.post(f"{host.url}/mcp", json={}, headers=headers, trust_env=False)
    assert answer.status_code == status, answer.text
    assert ("Bearer" in answer.headers.get("www-authenticate", "")) == (status == 401)


def test_a_line_for_each_request(host: Served) -> None:
    """The log has the declared path, status, organization and client, and no query, token or secret."""
    token = host.token()
    path = "/api/v1/integrations/connectors"
    answer = host.asked("GET", f"{path}?workspace_name=acme&definition_id=", token=token)
    name, until = answer.headers["x-request-id"], time.monotonic() + 5
    while name not in (log := host.log.read_text()) and time.monotonic() < until:
        time.sleep(0.02)  # it is written when the answer has left
    (line,) = [json.loads(line) for line in log.splitlines() if name in line]
    assert (line["method"], line["path"], line["status"]) == ("GET", path, answer.status_code)
    assert line["organization"] == host.client.organization_id
    assert line["client"] == f"client:{host.client.client_id}"
    log = host.log.read_text()
    assert not [
        word for word in (token, host.client.client_secret, "workspace_name", "t" * 40) if word in log
    ]
