"""Raw requests: what they may ask for, whose they are, what a plan says of them, and what is cut."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient
from planning import SPRING, SPRING_SET, SURF, applied, error_of, planned, writes

from mcp_ads.core.raw_values import without_secrets
from mcp_ads.errors import AdsError, InvalidParams, OverCap, Rejected, WritesOff

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
ENTITY = {FACEBOOK: "graph", LINKEDIN: "rest", AMAZON: "api"}
ACCOUNT = {FACEBOOK: {}, LINKEDIN: {}, AMAZON: {"profile_id": PROFILE}}
OWN = {FACEBOOK: f"/{SPRING}", LINKEDIN: f"/adAccounts/{LINKEDIN_US}", AMAZON: "/sp/targets"}
CAMPAIGNS = "application/vnd.spCampaign.v3+json"

PATHS = [
    "", "/", "//evil.example/x", "https://evil.example/x", "http:/x", "evil.example", "123", "/123//456",
    "/123/../me", "/./me", "/..", "/123/..", "/123?fields=access_token", "/123#x", "/123/%2e%2e/me", "/a%2Fb",
    "/a%252Fb", "/a%5cb", "/a\\b", "/a b", "/a\tb", "/a\r\nX: 1", "/a\0", "/\uff11",
    "/\u202e123", "/a%c0%af",
    "/a%00", "/a;b", "/a@b", "/user:pass@evil.example", "/a%3Fmethod=delete", "/a%23", "/%", "/a%zz",
    "/" + "a" * 600, "/oauth/access_token", "/OAuth/Access_Token", "/oauth2/token", "/debug_token",
    "/Debug_Token", "/auth/o2/token", "/123/system_user_access_tokens", "/act_1/UsersOfAnyAudience",
    "/billing/invoices/pay", "/Billing/statuses",
]  # fmt: skip
KEYS: list[dict[str, Any]] = [
    {"method": "delete"}, {"METHOD": "delete"}, {"Method ": "x"}, {"\uff4dethod": "x"}, {"method[]": "x"},
    {"\u200bmethod": "x"}, {"_method": "x"}, {"x.method": "x"}, {"batch": "[]"},
    {"batch[0][relative_url]": "me"},
    {"Batch": []}, {"adbatch": []}, {"access_token": "x"}, {"accessToken": "x"}, {"ACCESS-TOKEN": "x"},
    {"appsecret_proof": "x"}, {"callback": "x"}, {"a": {"b": [{"access_token": "x"}]}},
    {"a": '{"b": [{"Batch": 1}]}'}, {"a": '[{"relative_url": "me"}]'}, {"client_secret": "x"},
    {"page_token": "x"}, {"signature": "x"}, {"a": {"input_token": "x"}},
    {"email": "a@b.example"}, {"user_data": {}}, {"a": [{"Hashed-Email": "x"}]}, {"fields": "field_data"},
    {"fields": "id,access_token"}, {"fields": ["id", "access_token.as(name)"]}, {"fields": "name.as (x)"},
    {"fields": "leads"}, {"fields": "id,leads{field_data}"}, {"fields": "id,Test_Leads"},
    {"fields": ["leads"]}, {"summary": "leads"}, {"projection": "(elements*(leads))"}, {"Fields[]": "email"},
    {"fields": "form{leads.limit(5)}"}, {"ud[em]": "x"}, {"a": {"ud": {"em": "x"}}}, {"firstName": "x"},
    {"leads": []}, {"x_credential": 1},
]  # fmt: skip


@pytest.mark.parametrize("connector", ENTITY)
async def test_paths_that_are_refused(engine_client: EngineClient, connector: str) -> None:
    """One line, nothing sent: hosts, dots, escapes, queries, foreign scripts, credentials, billing."""
    for path in PATHS:
        call = engine_client.do(connector, ENTITY[connector], "get", path=path, **ACCOUNT[connector])
        refused = await error_of(call)
        assert isinstance(refused, InvalidParams), path
        assert "path: " in str(refused), path
    assert engine_client.sent() == []


@pytest.mark.parametrize("connector", ENTITY)
@pytest.mark.parametrize("where", ["query", "body"])
async def test_keys_that_are_refused(engine_client_with: EngineClients, connector: str, where: str) -> None:
    """In any case, width or depth, and inside JSON text; the value is not repeated."""
    engine_client = engine_client_with(MCP_ADS_RAW_WRITES="1")
    for given in KEYS:
        action, more = ("get", {"query": given}) if where == "query" else ("post", {"body": given})
        call = engine_client.do(
            connector, ENTITY[connector], action, path=OWN[connector], **more, **ACCOUNT[connector]
        )
        assert isinstance(await error_of(call), InvalidParams), given
    assert engine_client.sent() == []


CLOSED: list[tuple[str, str, str]] = [
    (FACEBOOK, "delete", f"/act_{US}/campaigns"),
    (FACEBOOK, "delete", f"/act_{US}/adsets"),
    (FACEBOOK, "get", "/v26.0/me"),
    (FACEBOOK, "post", f"/act_{US}/async_batch_requests"),
    (FACEBOOK, "post", "/120210000000000009/users"),
    (FACEBOOK, "get", "/120210000000000009/leads"),
    (LINKEDIN, "get", "/rest/adAccounts"),
    (LINKEDIN, "get", "/v2/me"),
    (FACEBOOK, "get", "/777/test_leads"),
    (FACEBOOK, "get", "/777/conversations"),
    (FACEBOOK, "get", "/777/business_users"),
    (FACEBOOK, "get", "/777/posts/888/comments"),
    (LINKEDIN, "get", "/leadFormResponses"),
    (LINKEDIN, "get", "/leadFormResponses/(id:1)"),
    (LINKEDIN, "get", "/leadForms"),
    (LINKEDIN, "get", f"/adAccounts/{LINKEDIN_US}/leadFormResponses"),
    (LINKEDIN, "get", "/adAccountUsers"),
    (LINKEDIN, "post", "/dmpSegments/123/users"),
    (AMAZON, "post", "/managerAccounts"),
    (AMAZON, "put", "/ManagerAccounts/1/associate"),
    (AMAZON, "get", "/billingProfiles"),
    (AMAZON, "post", "/dp/audience"),
    (AMAZON, "post", "/v2/dp/records/hashed"),
    (AMAZON, "post", "/v3/audiences/records"),
    (AMAZON, "query", "/sp/campaigns"),
    (AMAZON, "query", "/sp/campaigns/delete"),
    (AMAZON, "post", "/v2/sp/campaigns"),
    (AMAZON, "get", "/v2/portfolios/123"),
]


@pytest.mark.parametrize(("connector", "action", "path"), CLOSED)
async def test_what_is_closed_to_raw_requests(
    engine_client_with: EngineClients, connector: str, action: str, path: str
) -> None:
    """Everything at once, versions, people, money, and POSTs taken for reads that are none."""
    engine_client = engine_client_with(MCP_ADS_RAW_WRITES="1")
    with pytest.raises(InvalidParams, match="path: "):
        await engine_client.do(connector, ENTITY[connector], action, path=path, **ACCOUNT[connector])
    assert engine_client.sent() == []


PAUSES: list[tuple[str, str, dict[str, Any]]] = [
    (FACEBOOK, "post", {"path": f"/{SPRING}", "body": {"status": "PAUSED"}}),
    (
        LINKEDIN,
        "post",
        {
            "path": f"/adAccounts/{LINKEDIN_US}/adCampaigns/300000001",
            "restli_method": "PARTIAL_UPDATE",
            "body": {"patch": {"$set": {"status": "PAUSED"}}},
        },
    ),
    (
        AMAZON,
        "put",
        {
            "path": "/sp/campaigns",
            "media_type": CAMPAIGNS,
            "body": {"campaigns": [{"campaignId": "120000000000001", "state": "PAUSED"}]},
        },
    ),
]


@pytest.mark.parametrize(("connector", "action", "params"), PAUSES)
@pytest.mark.parametrize("mode", ["plan", "direct"])
async def test_writes_are_off_unless_the_user_allows_them(
    engine_client_with: EngineClients, mode: str, connector: str, action: str, params: dict[str, Any]
) -> None:
    """In every mode, at planning and at applying."""
    off, on = engine_client_with(MCP_ADS_WRITES=mode), engine_client_with(MCP_ADS_RAW_WRITES="1")
    with pytest.raises(WritesOff, match="raw requests"):
        await off.do(connector, ENTITY[connector], action, **params, **ACCOUNT[connector])
    plan_id = await planned(on, ENTITY[connector], action, connector, **params, **ACCOUNT[connector])
    with pytest.raises(WritesOff, match="raw requests"):
        await applied(off, plan_id)
    assert writes(off) == []


@pytest.mark.parametrize(("connector", "action", "params"), PAUSES)
async def test_a_plan_says_what_it_does_not_know(
    engine_client_with: EngineClients, connector: str, action: str, params: dict[str, Any]
) -> None:
    """Its id begins with raw-, spend is unknown, there is no undo; carried out once, even with caps."""
    engine_client = engine_client_with(MCP_ADS_RAW_WRITES="1", MCP_ADS_MAX_DAILY_BUDGET="100 USD")
    result = await engine_client.do(connector, ENTITY[connector], action, **params, **ACCOUNT[connector])
    plan_id = str(result.data["plan_id"])
    assert plan_id.startswith("raw-")
    assert "spend unknown" in result.text
    assert "cannot be undone" in result.text
    told = await applied(engine_client, plan_id)
    assert "APPLIED: 1 of 1 done" in told.text
    assert "ads_apply(" not in told.text
    await applied(engine_client, plan_id)
    assert len(writes(engine_client)) == 1


LOUD: list[tuple[str, str, dict[str, Any]]] = [
    (FACEBOOK, "post", {"path": f"/{SPRING}", "body": {"status": "ACTIVE"}}),
    (FACEBOOK, "post", {"path": f"/{SPRING}", "body": {"status": "paused"}}),
    (FACEBOOK, "post", {"path": f"/{SPRING}", "body": {"status": "PAUSED", "daily_budget": 999999}}),
    (
        FACEBOOK,
        "post",
        {"path": f"/{SPRING}", "body": {"status": "PAUSED"}, "query": {"daily_budget": 99999}},
    ),
    (FACEBOOK, "post", {"path": f"/{SPRING}/copies", "body": {"status": "PAUSED"}}),
    (FACEBOOK, "post", {"path": f"/{SPRING}", "body": {"daily_budget": 6000}}),
    (FACEBOOK, "post", {"path": f"/{SPRING}", "body": {}}),
    (FACEBOOK, "delete", {"path": f"/{SPRING_SET}"}),
    (
        LINKEDIN,
        "post",
        {**PAUSES[1][2], "body": {"patch": {"$set": {"status": "PAUSED"}, "dailyBudget": {}}}},
    ),
    (LINKEDIN, "post", {**PAUSES[1][2], "body": {"patch": {"$set": {"status": "PAUSED", "name": "x"}}}}),
    (LINKEDIN, "post", {**PAUSES[1][2], "restli_method": "CREATE"}),
    (
        AMAZON,
        "put",
        {
            **PAUSES[2][2],
            "body": {"campaigns": [{"campaignId": "120000000000001", "state": "PAUSED", "budget": {}}]},
        },
    ),
    (
        AMAZON,
        "put",
        {
            **PAUSES[2][2],
            "body": {"campaigns": [{"campaignId": "1", "state": "PAUSED"}, {"aId": "2"}]},
        },
    ),
    (AMAZON, "put", {**PAUSES[2][2], "body": {"campaigns": []}}),
    (
        AMAZON,
        "put",
        {
            "path": "/sp/negativeKeywords",
            "media_type": "application/vnd.spNegativeKeyword.v3+json",
            "body": {"negativeKeywords": [{"keywordId": "1", "state": "PAUSED"}]},
        },
    ),
    (
        AMAZON,
        "put",
        {"path": "/portfolios", "body": {"portfolios": [{"portfolioId": "1", "state": "PAUSED"}]}},
    ),
    (AMAZON, "put", {"path": "/sp/budgetRules", "body": {"x": [{"ruleId": "1", "state": "PAUSED"}]}}),
    (AMAZON, "post", PAUSES[2][2]),
    (FACEBOOK, "post", {"path": f"/act_{US}", "body": {"status": "PAUSED"}}),
    (LINKEDIN, "post", {**PAUSES[1][2], "path": f"/adAccounts/{LINKEDIN_US}"}),
    (LINKEDIN, "post", {**PAUSES[1][2], "path": f"/adAccounts/{LINKEDIN_US}/conversions/1"}),
    (AMAZON, "put", {**PAUSES[2][2], "body": {"campaigns": [{"state": "PAUSED", "maxId": "1", "x": 1}]}}),
]


@pytest.mark.parametrize(("connector", "action", "params"), LOUD)
@pytest.mark.parametrize(
    "cap", [{"MCP_ADS_MAX_DAILY_BUDGET": "100 USD"}, {"MCP_ADS_MAX_BUDGET_INCREASE_PCT": "10"}], ids=str
)
async def test_with_a_cap_only_what_pauses_or_archives(
    engine_client_with: EngineClients,
    cap: dict[str, str],
    connector: str,
    action: str,
    params: dict[str, Any],
) -> None:
    """Anything else beside it, or anywhere else, and its spend cannot be read."""
    engine_client = engine_client_with(MCP_ADS_RAW_WRITES="1", **cap)
    with pytest.raises(OverCap, match="what a raw request spends cannot be read"):
        await engine_client.do(connector, ENTITY[connector], action, **params, **ACCOUNT[connector])
    assert writes(engine_client) == []


async def test_each_goes_as_it_was_written(engine_client_with: EngineClients) -> None:
    """Several raw changes of one kind are several requests, whatever the platform could take at once."""
    engine_client = engine_client_with(MCP_ADS_RAW_WRITES="1")
    items = [{"path": f"/{campaign_id}", "body": {"status": "PAUSED"}} for campaign_id in (SPRING, SURF)]
    told = await applied(engine_client, await planned(engine_client, "graph", "post", items=items))
    assert "APPLIED: 2 of 2 done" in told.text
    sent = engine_client.sent(FACEBOOK)[-2:]
    assert sent == [f"POST /v26.0/{campaign_id}" for campaign_id in (SPRING, SURF)]


async def test_the_trace_keeps_no_raw_answer(engine_client: EngineClient) -> None:
    """It may be about anybody: how large it was is enough."""
    await engine_client.do(FACEBOOK, "graph", "get", path=f"/{SPRING}", query={"fields": "id,name"})
    engine_client.workspace.trace.flush()
    assert "Spring" not in (engine_client.home / "trace.jsonl").read_text()


async def test_a_raw_step_among_others_is_named_in_the_plans_id(engine_client_with: EngineClients) -> None:
    """Whatever else is in the plan."""
    engine_client = engine_client_with(MCP_ADS_RAW_WRITES="1")
    first = await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)
    both = await planned(
        engine_client, "graph", "post", path=f"/{SPRING_SET}", body={"name": "x"}, append_to=first
    )
    assert both.startswith("raw-2-steps-")


async def test_an_answer_that_shows_nothing_is_unknown(engine_client_with: EngineClients) -> None:
    """And it is not sent again."""
    engine_client = engine_client_with(MCP_ADS_RAW_WRITES="1")
    plan_id = await planned(engine_client, "graph", "post", path=f"/{SPRING}", body={"name": "Once"})
    engine_client.fault("cut", method="POST", when="after")
    assert "UNKNOWN: 0 of 1 done" in (await applied(engine_client, plan_id)).text
    await applied(engine_client, plan_id)
    assert len([line for line in engine_client.sent(FACEBOOK) if line.startswith("POST")]) == 1


def test_what_opens_something_is_cut_out_of_answers() -> None:
    """Under any name that ends like a secret, at any depth, inside JSON text and in addresses."""
    found = without_secrets({
        "access_token": "S1", "a": [{"pageAccessToken": "S2", "x": {"client_secret": {"y": "S3"}}}],
        "text": '{"b": {"upload_signature": "S4"}}', "name": "kept", "paging": {"next": "https://x/?a=S5"},
        "url": "https://graph.example/x?access_token=S6&limit=2", "TOKEN": ["S7"], "id": "1",
    })  # fmt: skip
    assert not [secret for secret in map("S{}".format, range(1, 8)) if secret in json.dumps(found)]
    assert (found["name"], found["id"]) == ("kept", "1")
    assert "limit=2" in found["url"]


async def test_an_unknown_connector_word_is_a_clear_mistake(engine_client: EngineClient) -> None:
    """What is given beside path, query and body is refused by name."""
    with pytest.raises(AdsError, match="no such parameter"):
        await engine_client.do(FACEBOOK, "graph", "get", path="/me", headers={"X": "1"})


async def test_columns_that_are_wanted_are_asked_for(engine_client: EngineClient) -> None:
    """Graph answers what `fields` name; a column that no row has is said, on any platform."""
    path = f"/act_{US}/campaigns"
    rows = (await engine_client.do(FACEBOOK, "graph", "get", path=path, fields=["id", "name"], limit=2)).data
    assert all(row["name"] for row in rows)
    with pytest.raises(Rejected, match="refused"):
        await engine_client.do(FACEBOOK, "graph", "get", path=path, fields=["id", "nonsense"])
    with pytest.raises(InvalidParams, match="people"):
        await engine_client.do(FACEBOOK, "graph", "get", path=f"/act_{US}", fields=["id", "leads"])
    found = await engine_client.do(
        LINKEDIN, "rest", "get", path=f"/adAccounts/{LINKEDIN_US}", fields=["id", "nme"]
    )
    assert found.meta["warnings"] == ["the platform answered nothing under nme"]
