"""Raw reads: what they find, how they go on, and that no raw request leads out of the allowed accounts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, JAPAN, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient
from planning import REGENWEAR, SPRING, applied, planned, writes

from mcp_ads.errors import OutOfScope

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
ENTITY = {FACEBOOK: "graph", LINKEDIN: "rest", AMAZON: "api"}
ACCOUNT = {FACEBOOK: {}, LINKEDIN: {}, AMAZON: {"profile_id": PROFILE}}
CAMPAIGNS = "application/vnd.spCampaign.v3+json"
BUSINESS = "334455667788990"

READS: list[tuple[str, str, dict[str, Any], str]] = [
    (FACEBOOK, "get", {"path": f"/{SPRING}", "query": {"fields": "id,name"}}, "Spring"),
    (
        FACEBOOK,
        "get",
        {"path": f"/act_{US}/campaigns", "query": {"fields": "id,name", "limit": 5}},
        "id,name",
    ),
    (
        LINKEDIN,
        "get",
        {"path": f"/adAccounts/{LINKEDIN_US}/adCampaigns", "query": {"q": "search"}, "finder": True},
        "name",
    ),
    (
        AMAZON,
        "query",
        {"path": "/sp/campaigns/list", "media_type": CAMPAIGNS, "body": {"maxResults": 5}},
        "campaignId",
    ),
]


@pytest.mark.parametrize(("connector", "action", "params", "part"), READS)
async def test_reads(
    engine_client: EngineClient, connector: str, action: str, params: dict[str, Any], part: str
) -> None:
    """Rows or a record, in the platform's own words."""
    result = await engine_client.do(connector, ENTITY[connector], action, **params, **ACCOUNT[connector])
    assert part in engine_client.workspace.text(result)
    assert writes(engine_client) == []


async def test_a_page_says_how_the_next_is_asked_for(engine_client: EngineClient) -> None:
    """With the parameter the platform has for it, and never by a link with a token in it."""
    asked: dict[str, Any] = {"path": f"/act_{US}/campaigns", "query": {"limit": 2}}
    first = await engine_client.do(FACEBOOK, "graph", "get", **asked)
    assert "access_token" not in engine_client.workspace.text(first)
    asked["query"] |= first.meta["next"]
    second = await engine_client.do(FACEBOOK, "graph", "get", **asked)
    assert not {row["id"] for row in first.data} & {row["id"] for row in second.data}


STRAYS: list[tuple[str, str, dict[str, Any]]] = [
    (FACEBOOK, "get", {"path": f"/act_{JAPAN}/campaigns"}),
    (FACEBOOK, "get", {"path": f"/{REGENWEAR}"}),
    (FACEBOOK, "post", {"path": f"/{REGENWEAR}", "body": {"status": "PAUSED"}}),
    (FACEBOOK, "delete", {"path": f"/{REGENWEAR}"}),
    (FACEBOOK, "get", {"path": "/me/adaccounts"}),
    (FACEBOOK, "get", {"path": "/me", "query": {"fields": "adaccounts{campaigns}"}}),
    (FACEBOOK, "get", {"path": f"/{SPRING}", "query": {"fields": "account{business{id}}"}}),
    (FACEBOOK, "get", {"path": f"/{SPRING}", "query": {"Fields[]": "account{id}"}}),
    (FACEBOOK, "get", {"path": f"/{SPRING}", "query": {"ids": REGENWEAR}}),
    (FACEBOOK, "get", {"path": f"/ACT_{JAPAN}/campaigns"}),
    (FACEBOOK, "get", {"path": f"/{BUSINESS}/owned_ad_accounts"}),
    (FACEBOOK, "get", {"path": f"/{BUSINESS}/ad_studies"}),
    (FACEBOOK, "get", {"path": "/somebody"}),
    (FACEBOOK, "get", {"path": f"/{SPRING}/adsets/{REGENWEAR}"}),
    (FACEBOOK, "get", {"path": "/me", "query": {"fields": "adaccounts"}}),
    (FACEBOOK, "get", {"path": "/me", "query": {"fields": "id,personal_ad_accounts,name"}}),
    (FACEBOOK, "get", {"path": "/me", "query": {"fields": "assigned_pages"}}),
    (FACEBOOK, "get", {"path": "/me", "query": {"fields": '["AdAccounts"]'}}),
    (FACEBOOK, "get", {"path": "/me/businesses", "query": {"fields": "id,owned_ad_accounts"}}),
    (FACEBOOK, "get", {"path": "/me/businesses", "query": {"summary": "client_ad_accounts"}}),
    (FACEBOOK, "get", {"path": f"/{BUSINESS}", "query": {"fields": "client_ad_accounts"}}),
    (FACEBOOK, "get", {"path": f"/{BUSINESS}", "query": {"fields": "name,ad_studies"}}),
    (FACEBOOK, "get", {"path": f"/{SPRING}", "query": {"breakdowns": "owned_ad_accounts"}}),
    (
        FACEBOOK,
        "post",
        {"path": f"/{SPRING}", "query": {"fields": "account{id}"}, "body": {"fields": "id"}},
    ),
    (LINKEDIN, "get", {"path": "/adAccounts/523456789/adCampaigns", "query": {"q": "search"}}),
    (LINKEDIN, "get", {"path": "/adAccounts", "query": {"q": "search"}}),
    (LINKEDIN, "get", {"path": "/adAnalytics", "query": {"q": "analytics"}}),
    (LINKEDIN, "get", {"path": "/adTargetingFacets", "query": {"a": "urn:li:sponsoredAccount:523456789"}}),
    (LINKEDIN, "get", {"path": "/adTargetingFacets", "query": {"a": "urn%3Ali%3AsponsoredAccount%3A5234"}}),
    (
        LINKEDIN,
        "post",
        {
            "path": f"/adAccounts/{LINKEDIN_US}/adCampaigns",
            "body": {"account": "urn:li:sponsoredAccount:523456789"},
        },
    ),
    (AMAZON, "get", {"path": "/v2/profiles"}),
    (AMAZON, "get", {"path": "/ManagerAccounts"}),
    (AMAZON, "get", {"path": "/sd/campaigns", "profile_id": "5512345678901234"}),
    (AMAZON, "post", {"path": "/x", "body": {"accessRequestedAccounts": [{"advertiserAccountId": "1"}]}}),
]


@pytest.mark.parametrize(("connector", "action", "params"), STRAYS)
async def test_nothing_leads_out_of_the_allowed_accounts(
    engine_client_with: EngineClients, connector: str, action: str, params: dict[str, Any]
) -> None:
    """By a path, an object, an edge, an expansion, an id in a parameter or in a body."""
    engine_client = allow(engine_client_with(MCP_ADS_RAW_WRITES="1"))
    with pytest.raises(OutOfScope):
        await engine_client.do(connector, ENTITY[connector], action, **{**ACCOUNT[connector], **params})
    assert writes(engine_client) == []
    assert not [line for line in engine_client.sent() if REGENWEAR in line and "GET" not in line]


def allow(engine_client: EngineClient) -> EngineClient:
    """The engine client with one account of each platform allowed; the sandbox takes no such setting."""
    for name, account in {FACEBOOK: US, LINKEDIN: LINKEDIN_US, AMAZON: PROFILE}.items():
        object.__setattr__(engine_client.settings.platforms[name], "account_ids", (account,))
    return engine_client


@pytest.mark.parametrize(("connector", "action", "params", "part"), READS)
async def test_reads_within_the_allowed_accounts(
    engine_client_with: EngineClients, connector: str, action: str, params: dict[str, Any], part: str
) -> None:
    """An own account or object is read as without a list."""
    engine_client = allow(engine_client_with())
    result = await engine_client.do(connector, ENTITY[connector], action, **params, **ACCOUNT[connector])
    assert part in engine_client.workspace.text(result)


async def test_what_no_account_owns(engine_client_with: EngineClients) -> None:
    """A business's catalog is read with an allow-list, and changed only where the user allows it."""
    engine_client = allow(engine_client_with(MCP_ADS_RAW_WRITES="1"))
    listed = await engine_client.do(FACEBOOK, "catalogs", "list", business_id=BUSINESS)
    catalog = str(listed.data[0]["id"])
    assert (await engine_client.do(FACEBOOK, "catalogs", "get", catalog_id=catalog)).data["id"] == catalog
    raw = await engine_client.do(FACEBOOK, "graph", "get", path=f"/{catalog}", query={"fields": "id,name"})
    assert raw.data["id"] == catalog
    rename: dict[str, Any] = {"path": f"/{catalog}", "body": {"name": "Winter"}}
    with pytest.raises(OutOfScope, match="belongs to no ad account"):
        await planned(engine_client, "graph", "post", **rename)
    free = allow(engine_client_with(MCP_ADS_RAW_WRITES="1", MCP_ADS_UNSCOPED_WRITES="1"))
    told = await applied(free, await planned(free, "graph", "post", **rename))
    assert "APPLIED" in told.text
    assert (await engine_client.do(FACEBOOK, "catalogs", "get", catalog_id=catalog)).data["name"] == "Winter"
