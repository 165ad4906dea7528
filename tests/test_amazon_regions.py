"""Amazon's three regions as one: asked at once, told apart by each profile, and none missed in silence."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from between import between, nothing
from engine_client import AMAZON, PROFILE, EngineClient

from mcp_ads.engine.wire import transport
from mcp_ads.errors import AuthError, InvalidParams, NotFound
from mcp_ads.sandbox.ports import Servers

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
GERMANY, JAPAN = "4412345678901234", "5512345678901234"
HOSTS = {
    PROFILE: "advertising-api.amazon.com",
    GERMANY: "advertising-api-eu.amazon.com",
    JAPAN: "advertising-api-fe.amazon.com",
}


def hosts_asked(asked: list[httpx.Request], path: str) -> list[str]:
    return [request.url.host for request in asked if request.url.path == path]


async def test_the_regions_do_not_wait_for_each_other(engine_client: EngineClient) -> None:
    """All three have been asked before any has answered."""
    honest, all_there = engine_client.workspace._sandbox_transport, asyncio.Event()
    waiting: list[str] = []

    class Crossing(httpx.AsyncBaseTransport):
        """Nobody gets an answer before everybody has asked."""

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.path == "/v2/profiles":
                waiting.append(request.url.host)
                if len(waiting) == len(HOSTS):
                    all_there.set()
                await asyncio.wait_for(all_there.wait(), 5)
            return await honest.handle_async_request(request)

    engine_client.workspace._sandbox = Crossing  # type: ignore[method-assign,assignment]
    result = await engine_client.do(AMAZON, "profiles", "list")
    assert [(row["profileId"], row["region"]) for row in result.data] == [
        (PROFILE, "NA"), (GERMANY, "EU"), (JAPAN, "FE"),
    ]  # fmt: skip
    assert waiting == list(HOSTS.values())


async def test_the_host_follows_the_profile(engine_client_with: EngineClients) -> None:
    """Profiles of three regions in one session, each asked at its own host; so does a new process that is
    given the last one without any list before.
    """
    first = engine_client_with()
    asked = between(first, nothing)
    for profile, host in HOSTS.items():
        result = await first.do(AMAZON, "portfolios", "list", profile_id=profile)
        assert result.meta["account"] == profile
        assert hosts_asked(asked, "/portfolios/list").pop() == host
    assert len(hosts_asked(asked, "/v2/profiles")) == len(HOSTS)
    later = engine_client_with()
    asked = between(later, nothing)
    row = (await later.do(AMAZON, "profiles", "get", profile_id=JAPAN)).data
    assert (row["region"], row["countryCode"]) == ("FE", "JP")
    assert hosts_asked(asked, f"/v2/profiles/{JAPAN}") == [HOSTS[JAPAN]]
    assert hosts_asked(asked, "/v2/profiles") == []


async def test_an_unlisted_profile_is_looked_for_everywhere(engine_client: EngineClient) -> None:
    """A list may lack what can be read by its id: every region is asked, and the one that knows it counts."""
    asked = between(engine_client, lambda request: _unlisted(request, JAPAN))
    assert (await engine_client.do(AMAZON, "portfolios", "list", profile_id=JAPAN)).meta["currency"] == "JPY"
    assert sorted(hosts_asked(asked, f"/v2/profiles/{JAPAN}")) == sorted(HOSTS.values())
    assert hosts_asked(asked, "/portfolios/list") == [HOSTS[JAPAN]]
    with pytest.raises(NotFound, match="no account 77, or the credentials may not see it"):
        await engine_client.do(AMAZON, "profiles", "get", profile_id="77")
    assert sorted(hosts_asked(asked, "/v2/profiles/77")) == sorted(HOSTS.values())


def _unlisted(request: httpx.Request, profile: str) -> httpx.Response | None:
    hides = request.url.path == "/v2/profiles" and request.url.host == HOSTS[profile]
    return httpx.Response(200, json=[]) if hides else None


async def test_without_a_profile_the_answer_is_the_choice(engine_client_with: EngineClients) -> None:
    """Ids with names, countries and currencies; a name or a country finds one, a default is taken."""
    engine_client = engine_client_with()
    with pytest.raises(InvalidParams) as caught:
        await engine_client.do(AMAZON, "portfolios", "list")
    for told in (f'{PROFILE} ("Tern & Tide", US, USD)', f'{GERMANY} ("Tern & Tide", DE, EUR)'):
        assert told in str(caught.value)
    found = (await engine_client.do(AMAZON, "profiles", "list", name="TIDE", country_code="jp")).data
    assert [row["profileId"] for row in found] == [JAPAN]
    assert not (await engine_client.do(AMAZON, "profiles", "list", name="heron")).data


async def test_some_clients_name_the_profile_as_the_header_does(engine_client: EngineClient) -> None:
    """The names of Amazon's headers and Airbyte's account_id are understood; another client's id is not."""
    for name in ("account_id", "profileId", "Amazon-Advertising-API-Scope"):
        result = await engine_client.do(AMAZON, "portfolios", "list", **{name: GERMANY})
        assert result.meta["account"] == GERMANY
    own = {"Amazon-Advertising-API-ClientId": "amzn1.application-oa2-client.sandbox"}
    assert (await engine_client.do(AMAZON, "portfolios", "list", profile_id=GERMANY, **own)).data
    other = {"Amazon-Advertising-API-ClientId": "amzn1.application-oa2-client.another"}
    with pytest.raises(InvalidParams, match="not the one that is configured"):
        await engine_client.do(AMAZON, "portfolios", "list", profile_id=GERMANY, **other)


@pytest.mark.parametrize(
    ("status", "said", "fix"),
    [
        (401, "Scope header is missing", "give profile_id"),
        (401, "No matching advertiser found for scope: 7", "of another region or of nobody"),
        (401, "Not authorized to access scope 7", "ask the owner of this profile"),
        (401, "HTTP 401 Unauthorized", "sign in again"),
        (403, "ACCESS_DENIED", "advertiser_campaign_view or advertiser_campaign_edit"),
        (403, "ACCESS_DENIED", "Amazon's approval"),
    ],
)
async def test_each_refusal_says_what_helps(
    engine_client: EngineClient, status: int, said: str, fix: str
) -> None:
    """Four refusals with one status mean four things; a permission that is lacking is named."""

    def refused(request: httpx.Request) -> httpx.Response | None:
        if request.url.path != "/portfolios/list":
            return None
        return httpx.Response(status, json={"code": str(status), "details": said})

    between(engine_client, refused)
    with pytest.raises(AuthError) as caught:
        await engine_client.do(AMAZON, "portfolios", "list", profile_id=PROFILE)
    assert fix in caught.value.fix


async def test_one_region_alone(
    engine_client_with: EngineClients, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With AMAZON_ADS_REGION the other regions are not asked, and that is said wherever it matters."""
    monkeypatch.setattr(transport, "FIRST_BACKOFF", 0.01)
    given: dict[str, Any] = {"MCP_ADS_SANDBOX": "", "AMAZON_ADS_REGION": "EU", **servers.ports.variables()}
    engine_client = engine_client_with(**given)
    result = await engine_client.do(AMAZON, "profiles", "list")
    assert [row["region"] for row in result.data] == ["EU"]
    assert result.meta["hidden"] == "profiles of NA, FE: only EU is asked"
    with pytest.raises(NotFound) as caught:
        await engine_client.do(AMAZON, "portfolios", "list", profile_id=JAPAN)
    assert f"no account {JAPAN} in EU" in str(caught.value)
    assert caught.value.fix == "unset AMAZON_ADS_REGION to ask all regions"
    assert (await engine_client.do(AMAZON, "portfolios", "list")).meta["account"] == GERMANY
    with pytest.raises(InvalidParams, match="made by the host of region NA, which is not configured"):
        await engine_client.do(AMAZON, "test_accounts", "get", request_id="7")
