"""What stands above and beside Amazon's profiles: managers, test accounts; and Sponsored Brands read."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from between import between
from engine_client import AMAZON, PROFILE, EngineClient
from planning import applied

from mcp_ads.errors import AuthError, InvalidParams, NotFound, OutOfScope
from mcp_ads.sandbox.amazon_ads import tokens
from mcp_ads.sandbox.ports import Servers

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
SCOPED = "advertising::test:create_account"


async def test_managers_and_what_is_linked_to_them(engine_client: EngineClient) -> None:
    """One row for each linked account, of all regions."""
    result = await engine_client.do(AMAZON, "manager_accounts", "list")
    assert {row["managerAccountName"] for row in result.data} == {"Tern & Tide Holding"}
    assert [row["profileId"][0] for row in result.data] == ["3", "4", "5"]


async def test_managers_of_one_region(engine_client_with: EngineClients, servers: Servers) -> None:
    """Where only one is configured, the others' are left out, and that is said."""
    one = {"MCP_ADS_SANDBOX": "", "AMAZON_ADS_REGION": "EU", **servers.ports.variables()}
    one["AMAZON_ADS_BASE_URL"] = f"http://127.0.0.1:{servers.ports.regions['EU']}"
    result = await engine_client_with(**one).do(AMAZON, "manager_accounts", "list")
    assert result.meta["hidden"] == "manager accounts and links of NA, FE: only EU is asked"


async def test_managers_that_may_not_be_all(engine_client: EngineClient) -> None:
    """A silent region and a full list of linked accounts are said; a manager of nobody is a row."""
    full = [{"accountId": f"ENTITY{number}"} for number in range(50)]
    many = {
        "managerAccounts": [{"managerAccountId": "ma1", "linkedAccounts": full}, {"managerAccountId": "ma2"}]
    }

    def answers(request: httpx.Request) -> httpx.Response | None:
        if request.url.path != "/managerAccounts":
            return None
        silent = request.url.host.startswith("advertising-api-eu")
        return httpx.Response(404, json={}) if silent else httpx.Response(200, json=many)

    between(engine_client, answers)
    result = await engine_client.do(AMAZON, "manager_accounts", "list", limit=100)
    assert [row["managerAccountId"] for row in result.data] == [*["ma1"] * 50, "ma2"]
    first, second = result.meta["warnings"]
    assert first.startswith("region EU did not answer")
    assert second == "ma1: Amazon names 50 of its accounts; there may be more"


async def test_global_accounts_show_their_profiles(engine_client: EngineClient) -> None:
    """Profiles by country in one column, page after page."""
    first = await engine_client.do(AMAZON, "ads_accounts", "list", limit=1)
    assert first.data[0]["profiles"].startswith(f"US {PROFILE}, DE ")
    again = {"limit": 1, "cursor": first.meta["cursor"]}
    second = await engine_client.do(AMAZON, "ads_accounts", "list", **again)
    assert (second.data[0]["accountName"], second.data[0]["status"]) == ("Tide Books", "PENDING")
    assert second.meta["more"] is False


async def test_what_names_other_accounts_keeps_to_the_list(
    engine_client_with: EngineClients, servers: Servers
) -> None:
    """Where only some profiles are allowed, what names others is refused."""
    limits = {"MCP_ADS_SANDBOX": "", "AMAZON_ADS_ACCOUNT_IDS": PROFILE}
    engine_client = engine_client_with(**{**servers.ports.variables(), **limits})
    for entity, action, params in (
        ("manager_accounts", "list", {}),
        ("ads_accounts", "list", {}),
        ("test_accounts", "get", {"request_id": "1"}),
        ("test_accounts", "create", {"country_code": "US", "account_type": "VENDOR"}),
    ):
        with pytest.raises(OutOfScope):
            await engine_client.do(AMAZON, entity, action, **params)


async def test_a_test_account(engine_client: EngineClient) -> None:
    """Planned with what it takes, asked for at the North American host, and there a little later."""
    made = await engine_client.do(
        AMAZON, "test_accounts", "create", country_code="gb", account_type="vendor", vendor_code="TERN1"
    )
    for told in (
        "countryCode UK", "cannot be undone: Amazon takes no test account back", SCOPED,
        "may manage no real account", "shows no ads", '"vendorCode":"TERN1"',
    ):  # fmt: skip
        assert told in made.text
    result = await applied(engine_client, made.data["plan_id"])
    request = result.data["steps"][0]["id"]
    assert f"read back: ask test_accounts.get with request_id {request}" in result.text
    with pytest.raises(NotFound, match="knows of no such request") as nonsense:
        await engine_client.do(AMAZON, "test_accounts", "get", request_id="nonsense")
    assert "test_accounts.create answered" in nonsense.value.fix
    for status in ("IN_PROGRESS", "COMPLETED"):
        rows = (await engine_client.do(AMAZON, "test_accounts", "get", request_id=request)).data
        assert [(row["status"], row["countryCode"]) for row in rows] == [(status, "UK")]
    with pytest.raises(InvalidParams, match="authors have test accounts in US, UK, IT, ES, FR, DE"):
        await engine_client.do(AMAZON, "test_accounts", "create", country_code="JP", account_type="AUTHOR")
    with pytest.raises(InvalidParams, match="only with account_type VENDOR"):
        await engine_client.do(
            AMAZON, "test_accounts", "create", country_code="US", account_type="AUTHOR", vendor_code="T"
        )


async def test_without_the_scope_of_test_accounts(engine_client: EngineClient) -> None:
    """The refusal says which scope is missing, and the command that asks for it."""
    await engine_client.do(AMAZON, "profiles", "list")
    store, agreed = engine_client.store, ["advertising::campaign_management"]
    for token in store.ids(tokens.ISSUED):
        store.put(tokens.ISSUED, token, {**(store.get(tokens.ISSUED, token) or {}), "scopes": agreed})
    with pytest.raises(AuthError) as caught:
        await engine_client.do(AMAZON, "test_accounts", "get", request_id="7")
    assert f"--scopes advertising::campaign_management,{SCOPED}" in caught.value.fix


async def test_sponsored_brands_are_read(engine_client: EngineClient) -> None:
    """Campaigns and ad groups by state, name and id, with what the list leaves out; at most ten ids."""
    listed = await engine_client.do(AMAZON, "sponsored_brands_campaigns", "list", profile_id=PROFILE)
    assert [(row["state"], row["budgetType"]) for row in listed.data] == [
        ("ENABLED", "DAILY"), ("PAUSED", "DAILY"), ("ENABLED", "LIFETIME"),
    ]  # fmt: skip
    assert listed.meta["hidden"].startswith("ARCHIVED ones")
    of = {"profile_id": PROFILE, "campaign_id": [listed.data[0]["campaignId"]]}
    named = await engine_client.do(
        AMAZON, "sponsored_brands_campaigns", "list", **of, name="brand 1", goal="page_visit",
        fields=["goal", "extendedData.creationDate"],
    )  # fmt: skip
    assert named.data[0]["goal"] == "PAGE_VISIT"
    assert named.data[0]["extendedData.creationDate"].startswith("20")
    groups = await engine_client.do(AMAZON, "sponsored_brands_ad_groups", "list", **of)
    assert [(row["name"], row["campaignId"]) for row in groups.data] == [
        ("Brand group 1", *of["campaign_id"])
    ]
    first = await engine_client.do(AMAZON, "sponsored_brands_ad_groups", "list", profile_id=PROFILE, limit=1)
    assert (first.meta["total"], first.meta["more"]) == (3, True)
    ids = [str(number) for number in range(1, 12)]
    with pytest.raises(InvalidParams, match=r"campaign_id: .*at most 10"):
        await engine_client.do(
            AMAZON, "sponsored_brands_campaigns", "list", profile_id=PROFILE, campaign_id=ids
        )
