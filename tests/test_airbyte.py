"""Airbyte's API as what carries the requests: our calls, plans and answers, its actions, no write twice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from airbyte_stub import ENVIRON, AirbyteStub
from engine_client import FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient
from fastmcp import Client as McpClient
from hosted_stub import CLIENT_ID, CLIENT_SECRET, TOKEN, Fault

from mcp_ads import connect
from mcp_ads.commands.doctor import examine
from mcp_ads.engine import overview
from mcp_ads.errors import (
    AdsError,
    AuthError,
    BadSettings,
    NoConnector,
    NotOffered,
    OutcomeUnknown,
    PlatformDown,
    Rejected,
    SeveralConnectors,
    StalePlan,
)
from mcp_ads.server import build_server
from mcp_ads.settings import load

AMAZON, HOST = "amazon_ads", "https://api.airbyte.ai"
SPRING = "1202110000000000340"
RENAMED = (FACEBOOK, "campaigns", "update")
PAGED = [
    (FACEBOOK, "campaigns", {"account_id": US}),
    (LINKEDIN, "campaigns", {"account_id": LINKEDIN_US}),
    (AMAZON, "sponsored_product_keywords", {"profile_id": PROFILE}),
]
Make = Callable[..., EngineClient]


@pytest.fixture
async def airbyte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, anyio_backend: str
) -> AsyncIterator[AirbyteStub]:
    """Airbyte's API, with a connector of each platform in the workspace `default`."""
    stub = AirbyteStub(tmp_path / "airbyte")
    stub.instead_of_the_network(monkeypatch)
    yield stub
    await stub.close()


@pytest.fixture
def over_airbyte(airbyte: AirbyteStub, engine_client_with: Make) -> Make:
    """Makes engine clients whose requests Airbyte carries."""
    return lambda **more: engine_client_with(**{**ENVIRON, **more})


@pytest.fixture
def client(over_airbyte: Make) -> EngineClient:
    """One of them."""
    return over_airbyte()


@pytest.mark.parametrize(
    ("connector", "entity", "params"),
    [
        (FACEBOOK, "campaigns", {"account_id": US, "limit": 7}),
        (FACEBOOK, "ads", {"account_id": US, "fields": ["id", "name", "creative"], "limit": 3}),
        (FACEBOOK, "ads_insights", {"account_id": US, "date_preset": "last_7d"}),
        (LINKEDIN, "campaigns", {"account_id": LINKEDIN_US, "limit": 7}),
        (LINKEDIN, "account_users", {"account_id": LINKEDIN_US}),
        (LINKEDIN, "conversions", {"account_id": LINKEDIN_US, "limit": 3}),
        (
            LINKEDIN,
            "analytics",
            {
                "account_id": LINKEDIN_US,
                "pivot": "CAMPAIGN",
                "campaign_id": ["300000001", "300000002"],
                "date_preset": "last_7d",
            },
        ),
        (AMAZON, "sponsored_product_keywords", {"profile_id": PROFILE, "fields": ["keywordId", "bid"]}),
        (AMAZON, "sponsored_brands_campaigns", {"profile_id": PROFILE, "fields": ["campaignId", "state"]}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_list_is_what_the_platform_itself_would_answer(
    client: EngineClient, engine_client: EngineClient, connector: str, entity: str, params: dict[str, Any]
) -> None:
    """Rows, currencies and whether there are more are the same, and the answer says who was asked."""
    there = await client.do(connector, entity, "list", **params)
    here = await engine_client.do(connector, entity, "list", **params)
    assert there.data == here.data
    assert there.data
    assert [there.meta.get(name) for name in ("more", "currency", "range")] == [
        here.meta.get(name) for name in ("more", "currency", "range")
    ]
    assert there.meta["host"] == HOST


async def test_pages_follow_each_other_to_the_end(client: EngineClient) -> None:
    """The cursor of a page asks for the next at Airbyte, until there is none."""
    first = await client.do(LINKEDIN, "campaigns", "list", account_id=LINKEDIN_US, limit=500)
    ids, cursor = [row["id"] for row in first.data], first.meta.get("cursor")
    paged, onward = list[Any](), dict[str, str]()
    while True:
        page = await client.do(LINKEDIN, "campaigns", "list", account_id=LINKEDIN_US, limit=20, **onward)
        paged += [row["id"] for row in page.data]
        if not page.meta["more"]:
            break
        onward = {"cursor": page.meta["cursor"]}
    assert (paged, cursor) == (ids, None)
    assert len({*ids}) == len(ids) > 20


@pytest.mark.parametrize(
    ("connector", "action", "params", "field", "value"),
    [
        (FACEBOOK, "get", {"campaign_id": SPRING}, "daily_budget_major", "50.00"),
        (LINKEDIN, "get", {"account_id": LINKEDIN_US, "campaign_id": "300000001"}, "status", "ACTIVE"),
    ],
)
async def test_one_object(
    client: EngineClient, connector: str, action: str, params: dict[str, Any], field: str, value: str
) -> None:
    """A get has its record, in our units."""
    found = await client.do(connector, "campaigns", action, **params)
    assert str(found.data[field]) == value


async def test_several_objects_are_read_one_by_one_and_the_missing_one_is_named(client: EngineClient) -> None:
    """What the platform has a batch for takes an execution each; one that is not there hides no other."""
    ids = ["300000001", "399999999", "300000002"]
    found = await client.do(LINKEDIN, "campaigns", "get", account_id=LINKEDIN_US, campaign_id=ids)
    assert [row["id"] for row in found.data] == [300000001, 300000002]
    assert [error["index"] for error in found.errors] == [1]


@pytest.mark.parametrize(
    ("connector", "params", "at"),
    [
        (
            FACEBOOK,
            {"campaign_id": SPRING, "daily_budget": "55 USD"},
            {"campaign_id": SPRING, "daily_budget": "5500"},
        ),
        (
            LINKEDIN,
            {"account_id": LINKEDIN_US, "campaign_id": "300000001", "daily_budget": "31 USD"},
            {
                "account_id": LINKEDIN_US,
                "id": "300000001",
                "patch": {"$set": {"dailyBudget": {"amount": "31", "currencyCode": "USD"}}},
            },
        ),
    ],
    ids=["facebook", "linkedin"],
)
async def test_a_plan_is_applied_once_with_its_id_as_intent(
    client: EngineClient, airbyte: AirbyteStub, connector: str, params: dict[str, Any], at: dict[str, Any]
) -> None:
    """Planning executes no write; applying executes one, in the vendor's spelling, and reads it back."""
    plan = await client.do(connector, "campaigns", "update", **params)
    assert not airbyte.writes
    done = await client.workspace.apply(plan.data["plan_id"])
    writes = airbyte.writes
    assert [(body["action"], body["params"], body["intent"]) for body in writes] == [
        ("update", at, plan.data["plan_id"])
    ]
    text = client.workspace.text(done)
    assert "APPLIED: 1 of 1 done" in text
    assert "read back: daily_budget" in text
    assert "undo: ads_apply(lower-daily-budget" in text


async def test_a_direct_write_says_that_it_has_no_plan(over_airbyte: Make, airbyte: AirbyteStub) -> None:
    """The intent is a sentence of ours, and nothing an advertiser wrote."""
    direct = over_airbyte(MCP_ADS_WRITES="direct")
    await direct.do(*RENAMED, campaign_id=SPRING, name="Ignore this")
    (write,) = airbyte.writes
    assert write["intent"] == "mcp-ads without a plan: update campaign"


@pytest.mark.parametrize(
    "fault",
    [
        Fault(500, done=True),
        Fault(502),
        Fault(200, b'{"status": "success", "connector_metadata": {}}', done=True),
        Fault(200, b'{"status": "error", "result": {"success": true}}'),
        Fault(200, b"<html>", done=True),
        Fault(307, headers={"location": "https://elsewhere.example/"}),
        Fault(200, b'{"result": {"success": true}, "connector_metadata": {}}', done=True),
        Fault(401, done=True),
        Fault(403, b'{"errors": [{"field": "", "message": "not yours"}]}', done=True),
        Fault(404, b'{"detail": "Not Found"}', done=True),
        Fault(422, b'{"errors": [{"message": "execution timed out after 60 s"}]}', done=True),
        Fault(400, b'{"message": "Facebook answered 500: {}"}', done=True),
        Fault(
            400, b'{"message": "{\\"error\\": {\\"code\\": 2, \\"message\\": \\"try again\\"}}"}', done=True
        ),
        Fault(409, b'{"message": "it is being carried out"}', done=True),
    ],
    ids=[
        *("500", "502", "no-result", "error-in-200", "html", "redirect", "no-status", "401", "403", "404"),
        *("422", "400-of-500", "failed", "409"),
    ],
)
async def test_a_write_without_an_answer_is_unknown_and_not_repeated(
    over_airbyte: Make, airbyte: AirbyteStub, fault: Fault
) -> None:
    """Airbyte has no keys against doing a thing twice, so it is never sent twice."""
    direct = over_airbyte(MCP_ADS_WRITES="direct")
    await direct.do(FACEBOOK, "campaigns", "get", campaign_id=SPRING)
    airbyte.at_writes = True
    airbyte.script("execute", fault)
    with pytest.raises(OutcomeUnknown):
        await direct.do(*RENAMED, campaign_id=SPRING, name="Once")
    assert len(airbyte.writes) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(422, b'{"errors": [{"field": "name", "message": "too long"}]}'), Rejected),
        (Fault(422, b'{"detail": [{"loc": ["body", "params"], "msg": "wrong"}]}'), Rejected),
        (
            Fault(
                400,
                b'{"message": "Facebook: {\\"error\\": {\\"type\\": \\"X\\", \\"code\\": 100, '
                b'\\"message\\": \\"no\\"}}"}',
            ),
            Rejected,
        ),
        (
            Fault(
                403,
                b'{"message": "{\\"error\\": {\\"type\\": \\"X\\", \\"code\\": 200, '
                b'\\"message\\": \\"no\\"}}"}',
            ),
            AuthError,
        ),
    ],
    ids=["field", "place", "platform", "platform-403"],
)
async def test_what_a_refusal_of_a_write_means(
    over_airbyte: Make, airbyte: AirbyteStub, fault: Fault, error: type[AdsError]
) -> None:
    """One refused before it was begun, or by the platform's own words, changed nothing; those are data."""
    direct = over_airbyte(MCP_ADS_WRITES="direct")
    await direct.do(FACEBOOK, "campaigns", "get", campaign_id=SPRING)
    airbyte.at_writes = True
    airbyte.script("execute", fault)
    with pytest.raises(error) as raised:
        await direct.do(*RENAMED, campaign_id=SPRING, name="Once")
    assert raised.value.sent != "unknown"
    assert len(airbyte.writes) == 1


async def test_a_read_is_asked_again_after_a_failure_and_a_throttle(
    client: EngineClient, airbyte: AirbyteStub
) -> None:
    """Reads are safe to repeat."""
    airbyte.script("execute", Fault(500), Fault(429, headers={"retry-after": "0"}))
    found = await client.do(FACEBOOK, "ad_accounts", "list")
    assert [row["account_id"] for row in found.data][:1] == [US]


async def test_a_token_that_is_said_to_be_refused_is_got_anew_once_also_for_a_write(
    over_airbyte: Make, airbyte: AirbyteStub
) -> None:
    """Refused in the words of RFC 6750, it comes before anything is carried out."""
    airbyte.challenge = 'Bearer realm="api", error="invalid_token"'
    direct = over_airbyte(MCP_ADS_WRITES="direct")
    await direct.do(FACEBOOK, "campaigns", "get", campaign_id=SPRING)
    airbyte.forgets, calls = True, len(airbyte.calls("/token"))
    done = await direct.do(*RENAMED, campaign_id=SPRING, name="Renamed")
    assert "done" in direct.workspace.text(done)
    assert len(airbyte.calls("/token")) == calls + 1
    assert len(airbyte.writes) == 2
    assert len(airbyte.store.writes()) == 1


async def test_calls_at_once_get_one_token_and_look_once(client: EngineClient, airbyte: AirbyteStub) -> None:
    """Whoever comes while one is asked for waits for that one."""
    airbyte.pause = 0.02
    names = ("campaigns", "ad_sets", "ads", "images", "videos")
    await asyncio.gather(*(client.do(FACEBOOK, name, "list", account_id=US, limit=1) for name in names))
    assert len(airbyte.calls("/token")) == len(airbyte.calls("/connectors")) == 1


@pytest.mark.parametrize(
    ("call", "named"),
    [
        ((FACEBOOK, "ad_labels", "list", {"account_id": US}), "GET /act_1234567890/adlabels"),
        ((FACEBOOK, "ad_creatives", "get", {"creative_id": "1"}), "of ad_creatives"),
        ((FACEBOOK, "campaigns", "list", {"account_id": US, "status": ["PAUSED"]}), "effective_status"),
        ((FACEBOOK, "campaigns", "delete", {"campaign_id": SPRING}), f"DELETE /{SPRING}"),
        ((FACEBOOK, "graph", "get", {"path": f"/act_{US}/ads", "query": {"filtering": [1]}}), "filtering"),
        (
            (LINKEDIN, "rest", "get", {"path": "/adAnalytics", "query": {"q": "analytics", "accounts": "1"}}),
            "adAn",
        ),
        ((LINKEDIN, "campaigns", "list", {"account_id": LINKEDIN_US, "status": ["PAUSED"]}), "search"),
        ((AMAZON, "sponsored_product_campaigns", "list", {"profile_id": PROFILE, "name": "x"}), "nameFilter"),
        (
            (
                AMAZON,
                "sponsored_product_campaigns",
                "pause",
                {"profile_id": PROFILE, "campaign_id": "120000000000001"},
            ),
            "PUT /sp/campaigns",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_their_actions_cannot_say_is_refused_before_it_is_sent(
    client: EngineClient, airbyte: AirbyteStub, call: tuple[str, str, str, dict[str, Any]], named: str
) -> None:
    """Nothing is dropped in silence: the refusal names what is lacking, and the way without Airbyte."""
    with pytest.raises(NotOffered) as raised:
        await client.do(*call[:3], **call[3])
    assert str(raised.value).startswith(f"{call[1]}.{call[2]}: ")
    assert named in str(raised.value)
    assert raised.value.fix
    assert not [body for body in airbyte.executed if body["action"] not in ("get", "list")]


async def test_a_report_is_of_the_account_it_says(client: EngineClient, airbyte: AirbyteStub) -> None:
    """Their reports take campaigns and no account: each campaign is read in the account first."""
    asked: Any = {"pivot": "CAMPAIGN", "campaign_id": ["300000001"], "date_preset": "last_7d"}
    with pytest.raises(Rejected, match="it is not known to be there, GET /adAccounts/523456789"):
        await client.do(LINKEDIN, "analytics", "list", account_id="523456789", **asked)
    with pytest.raises(NotOffered) as raised:
        await client.do(LINKEDIN, "analytics", "list", account_id=LINKEDIN_US, pivot="CAMPAIGN")
    assert "campaign_id or creative_id" in raised.value.fix
    assert not [body for body in airbyte.executed if "analytics" in body["entity"]]


async def test_a_plan_says_what_was_not_looked_at(client: EngineClient) -> None:
    """Tests that run and the platform's own check cannot be asked for, and a person reads that."""
    plan = await client.do(*RENAMED, campaign_id=SPRING, name="Renamed")
    text = client.workspace.text(plan)
    assert "whether A/B tests run on this is not known" in text
    assert (
        "not validated by the platform beforehand: Airbyte's campaigns.update takes no execution_options"
        in text
    )


@pytest.mark.parametrize(("connector", "entity", "account"), PAGED, ids=[FACEBOOK, LINKEDIN, AMAZON])
async def test_a_list_that_does_not_say_how_it_goes_on_is_not_taken_for_the_whole(
    client: EngineClient, airbyte: AirbyteStub, connector: str, entity: str, account: dict[str, str]
) -> None:
    """More without a cursor, or a full page that says nothing, is a part; false ends it, cursor or not."""
    await client.do(connector, entity, "list", **account, limit=1)
    rows = [{"keywordId": "1"}, {"keywordId": "2"}]
    tokenless: dict[str, Any] = {"result": {"keywords": rows}} if connector == AMAZON else {}
    silent: list[Any] = [{"has_next_page": True}, {"hasNextPage": True}]
    silent += [{}, None] if connector != AMAZON else []  # whose own answer says it, beside the rows
    for told in silent:
        airbyte.envelope = {"connector_metadata": told, **tokenless}
        part = await client.do(connector, entity, "list", **account, limit=2)
        assert part.meta["more"] is True
        with pytest.raises(PlatformDown, match=r"not where it goes on|not say whether there is more"):
            await client.do(connector, entity, "list", **account, limit=2, cursor=part.meta["cursor"])
    ended: tuple[Any, ...] = ({"has_next_page": False, "end_cursor": "x"}, {"hasNextPage": False})
    for told in ended:
        airbyte.envelope = {"connector_metadata": told}
        assert (await client.do(connector, entity, "list", **account, limit=3)).meta["more"] is False
    airbyte.envelope = {"connector_metadata": {"hasNextPage": True, "endCursor": "x"}}
    assert (await client.do(connector, entity, "list", **account, limit=3)).meta["more"] is True
    airbyte.envelope = {"connector_metadata": {"hasNextPage": True}, **tokenless}
    whole = await client.do(connector, entity, "list", **account, limit=1000)
    assert (whole.meta["more"], "cut short by PlatformDown" in str(whole.meta["warnings"])) == (True, True)


@pytest.mark.slow
@pytest.mark.parametrize(("connector", "entity", "account"), PAGED, ids=[FACEBOOK, LINKEDIN, AMAZON])
async def test_a_list_that_is_none_is_not_an_empty_one(
    client: EngineClient, airbyte: AirbyteStub, connector: str, entity: str, account: dict[str, str]
) -> None:
    """Null or an object has no rows, and does not say that there are none."""
    await client.do(connector, entity, "list", **account, limit=1)
    for result in (None, {}, {"message": "later"}):
        airbyte.envelope = {"result": result}
        with pytest.raises(PlatformDown, match="where its records should be"):
            await client.do(connector, entity, "list", **account, limit=2)


async def test_what_is_left_out_of_an_answer_is_said(client: EngineClient) -> None:
    """A report by campaign cannot ask for archived ones there, and extended data are not to be had."""
    report = await client.do(FACEBOOK, "ads_insights", "list", account_id=US, level="campaign")
    assert any("ARCHIVED and DELETED objects are missing" in line for line in report.meta["warnings"])
    listed = await client.do(AMAZON, "sponsored_product_campaigns", "list", profile_id=PROFILE)
    assert any("extended data" in line for line in listed.meta["warnings"])


async def test_caps_and_allow_lists_hold(over_airbyte: Make, airbyte: AirbyteStub) -> None:
    """Policy is ours, whoever carries the requests."""
    guarded = over_airbyte(MCP_ADS_MAX_DAILY_BUDGET="52 USD", FACEBOOK_MARKETING_ACCOUNT_IDS=US)
    with pytest.raises(AdsError, match="52"):
        await guarded.do(*RENAMED, campaign_id=SPRING, daily_budget="55 USD")
    with pytest.raises(AdsError, match="2345678901"):
        await guarded.do(FACEBOOK, "campaigns", "list", account_id="2345678901")
    assert not airbyte.writes


async def test_which_connector_is_meant(over_airbyte: Make, airbyte: AirbyteStub) -> None:
    """None and several are errors that say what to do; an id that is configured is not looked for."""
    second = airbyte.add("linkedin-ads", name="Other\nline")
    with pytest.raises(SeveralConnectors) as several:
        await over_airbyte().do(LINKEDIN, "accounts", "list")
    assert all(part in str(several.value) for part in (second, airbyte.ids["linkedin-ads"], '"Other\\nline"'))
    assert "AIRBYTE_LINKEDIN_ADS_CONNECTOR_ID" in several.value.fix
    with pytest.raises(NoConnector, match='"elsewhere"'):
        await over_airbyte(AIRBYTE_WORKSPACE_NAME="elsewhere").do(LINKEDIN, "accounts", "list")
    looked = len(airbyte.calls("/connectors"))
    known = over_airbyte(AIRBYTE_LINKEDIN_ADS_CONNECTOR_ID=second)
    assert (await known.do(LINKEDIN, "accounts", "list")).data
    assert (len(airbyte.calls("/connectors")), airbyte.calls("/execute")[-1].path.count(second)) == (
        looked,
        1,
    )


async def test_a_plan_goes_to_the_connector_it_was_made_with(
    over_airbyte: Make, airbyte: AirbyteStub
) -> None:
    """Another workspace's connector has other credentials, which nobody agreed to."""
    plan = await over_airbyte().do(*RENAMED, campaign_id=SPRING, name="Renamed")
    airbyte.add("facebook-marketing", "other")
    with pytest.raises(StalePlan, match="other credentials of facebook: those of the connector"):
        await over_airbyte(AIRBYTE_WORKSPACE_NAME="other").workspace.apply(plan.data["plan_id"])
    assert not airbyte.writes


async def test_a_wrong_client_is_told_by_its_variables(over_airbyte: Make, airbyte: AirbyteStub) -> None:
    """Nothing is executed, and nothing of the secret is said."""
    with pytest.raises(AuthError) as raised:
        await over_airbyte(AIRBYTE_CLIENT_SECRET="MARKER-wrong").do(LINKEDIN, "accounts", "list")
    assert "AIRBYTE_CLIENT_SECRET" in raised.value.fix
    assert "MARKER" not in f"{raised.value}{raised.value.fix}{raised.value.platform_text}"
    assert not airbyte.executed


@pytest.mark.parametrize(
    ("environ", "line"),
    [
        ({"MCP_ADS_BACKEND": "airbite"}, "MCP_ADS_BACKEND: 'airbite' is none of direct, airbyte"),
        ({"MCP_ADS_SANDBOX": "1"}, "MCP_ADS_BACKEND: airbyte and MCP_ADS_SANDBOX are set"),
        ({"AIRBYTE_CLIENT_ID": ""}, "MCP_ADS_BACKEND: airbyte needs AIRBYTE_CLIENT_ID"),
        ({"SDK_DEV_ADP_API_HOST": "http://airbyte.example"}, "SDK_DEV_ADP_API_HOST: must be https"),
        ({"AIRBYTE_WORKSPACE_NAM": "acme"}, "did you mean AIRBYTE_WORKSPACE_NAME"),
        ({"AIRBYTE_LINKEDIN_ADS_CONNECTOR_ID": "../x"}, "AIRBYTE_LINKEDIN_ADS_CONNECTOR_ID: is no connector"),
        (
            {"LINKEDIN_ADS_API_VERSION": "202607"},
            "LINKEDIN_ADS_API_VERSION: what stands there|'202607' is not",
        ),
        ({"FACEBOOK_MARKETING_BASE_URL": "https://x.example"}, "FACEBOOK_MARKETING_BASE_URL: is not used"),
        ({"LINKEDIN_ADS__ACME__ACCOUNT_IDS": "1"}, "LINKEDIN_ADS__ACME__ACCOUNT_IDS: guards nothing"),
    ],
)
def test_slips_stop_the_start(tmp_path: Path, environ: dict[str, str], line: str) -> None:
    """A slip would send requests elsewhere, or open what was closed."""
    with pytest.raises(BadSettings, match=line):
        load(environ={**ENVIRON, "MCP_ADS_HOME": str(tmp_path), **environ})


def test_a_folders_env_file_has_no_say(tmp_path: Path) -> None:
    """A server that is started inside a cloned project takes no client, host or account from it."""
    lines = "AIRBYTE_WORKSPACE_NAME=theirs\nSDK_DEV_ADP_API_HOST=https://theirs.example\nFACEBOOK_MARKETING_ACCOUNT_IDS=1\n"
    (tmp_path / ".env").write_text(lines)
    settings = load(environ={**ENVIRON, "MCP_ADS_HOME": str(tmp_path / "home")}, folder=tmp_path)
    platform = settings.platforms[FACEBOOK]
    assert platform.airbyte
    assert (platform.airbyte.workspace, platform.airbyte.base, platform.account_ids) == ("default", HOST, ())
    assert [name for name in settings.ignored if "AIRBYTE" in name or "SDK" in name]


async def test_nothing_secret_is_written_down(
    over_airbyte: Make, airbyte: AirbyteStub, tmp_path: Path
) -> None:
    """Neither the client's secret nor a token is in a trace, a plan, the audit log or an answer."""
    direct = over_airbyte(MCP_ADS_WRITES="direct")
    airbyte.script("execute", Fault(422, json.dumps({"message": f"bad {CLIENT_SECRET} {TOKEN}x"}).encode()))
    with pytest.raises(Rejected) as raised:
        await direct.do(FACEBOOK, "ad_accounts", "list")
    await direct.do(*RENAMED, campaign_id=SPRING, name="Renamed")
    await direct.close()
    written = "".join(
        path.read_text(errors="replace") for path in (tmp_path / "home").rglob("*") if path.is_file()
    )
    assert CLIENT_SECRET not in written + raised.value.platform_text
    assert all(token not in written for token in airbyte.tokens)
    assert "sandbox-token" not in json.dumps([dict(seen.headers) for seen in airbyte.seen])


async def test_a_connector_class_over_airbyte(
    airbyte: AirbyteStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`connect(…, backend="airbyte")` answers with the vendor's records, plans, and applies."""
    monkeypatch.setenv("MCP_ADS_HOME", str(tmp_path / "home"))
    there: Any = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "backend": "airbyte"}
    async with connect("facebook-marketing", workspace_name="default", **there) as connector:
        found = await connector.execute("campaigns", "list", {"account_id": US, "limit": 2})
        assert found.data[0].daily_budget == "5000"
        assert found.meta["host"] == HOST
        planned = await connector.execute(
            "campaigns", "update", {"campaign_id": SPRING, "daily_budget": "55 USD"}
        )
        assert planned.status == "planned"
        assert "connector.apply" in planned.apply
        assert (await connector.apply(planned.plan_id)).status == "applied"
    assert [body["intent"] for body in airbyte.executed if "intent" in body] == [planned.plan_id]


async def test_both_kinds_of_credentials_are_refused(
    airbyte: AirbyteStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token that would be ignored is a mistake."""
    for name, value in {**ENVIRON, "MCP_ADS_HOME": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings, match="MCP_ADS_BACKEND is airbyte"):
        connect("facebook-marketing", access_token="x")
    async with connect("facebook-marketing") as client:
        assert (await client.execute("ad_accounts", "list")).meta["host"] == HOST


async def test_an_mcp_client_reads_and_is_told_who_carries_the_requests(
    airbyte: AirbyteStub, tmp_path: Path
) -> None:
    """The tools are the same; the first page says what is different."""
    settings = load(environ={**ENVIRON, "MCP_ADS_KEYRING": "off", "MCP_ADS_HOME": str(tmp_path)})
    async with McpClient(build_server(settings)) as client:
        page = await client.call_tool("ads_describe", {})
        assert "requests are carried by Airbyte's API (https://api.airbyte.ai)" in page.content[0].text
        params = {"account_id": LINKEDIN_US, "limit": 2}
        call = {"entity": "campaigns", "action": "list", "params": params}
        rows = await client.call_tool("linkedin_ads_execute", call)
        assert '"host":"https://api.airbyte.ai"' in rows.content[0].text
        lacking = await client.call_tool(
            "amazon_ads_execute",
            {"entity": "reports", "action": "list", "params": {"profile_id": PROFILE}},
            raise_on_error=False,
        )
        assert lacking.is_error


async def test_another_host_is_named_and_one_that_is_not_there_is_told(engine_client_with: Make) -> None:
    """SDK_DEV_ADP_API_HOST stands for Airbyte's own address; where nobody listens, nothing was sent."""
    gone = "http://127.0.0.1:9"
    client = engine_client_with(**ENVIRON, SDK_DEV_ADP_API_HOST=gone, MCP_ADS_WRITES="direct")
    assert [*client.settings.platforms[FACEBOOK].hosts.values()] == [gone]
    with pytest.raises(PlatformDown, match=f"{gone} gave no token") as raised:
        await client.do(*RENAMED, campaign_id=SPRING, name="Renamed")
    assert raised.value.sent == "no"


async def test_names_in_a_refusal_are_cut_and_kept_on_one_line(client: EngineClient) -> None:
    """What an agent writes into a raw request begins no line of ours."""
    query = {"x\n1. done": 1, **{f"n{n}": 1 for n in range(9)}}
    with pytest.raises(NotOffered) as raised:
        await client.do(LINKEDIN, "rest", "get", path="/adAccounts/512345678", query=query)
    assert "\n" not in str(raised.value)
    assert "and 5 more" in str(raised.value)


async def test_doctor_says_what_it_finds(client: EngineClient, airbyte: AirbyteStub) -> None:
    """The client, the connector and the accounts of each platform, a line each."""
    airbyte.add("amazon-ads")
    found = {finding.what: finding for finding in await examine(client.workspace)}
    assert found["facebook_marketing at Airbyte"].text.endswith(airbyte.ids["facebook-marketing"])
    assert found["facebook_marketing accounts"].text.startswith("2: 1234567890")
    assert found["amazon_ads at Airbyte"].level == "broken"


async def test_what_is_not_carried_is_said_before_it_is_called(client: EngineClient) -> None:
    """Pages list the actions that work, and name the others as refused; a search has these last."""

    async def page(client: EngineClient, **asked: str) -> str:
        return await overview.page(client.workspace, asked)

    works, refused = "campaigns: list, get, create, update,", "refused, as Airbyte's API does not carry it:"
    entities = await page(client, connector=LINKEDIN)
    assert f"\n{works}" in entities
    assert entities.rpartition(refused)[2].startswith(" every other action, and ")
    assert "posts" in entities.rpartition(refused)[2]
    actions = await page(client, connector=FACEBOOK, entity="campaigns")
    assert actions.splitlines()[-1].startswith(f"{refused} delete")
    assert "campaigns.delete(" not in actions
    one = await page(client, connector=FACEBOOK, entity="campaigns", action="delete")
    assert one.splitlines()[0] == f"{refused} campaigns.delete"
    answer = await overview.page(
        client.workspace, {"connector": LINKEDIN, "query": "create a post or a campaign"}
    )
    ends = "Refused: Airbyte's API does not carry it."
    found = [line.endswith(ends) for line in answer.splitlines() if "(" in line]
    assert found == sorted(found)
    assert {*found} == {True, False}
