"""Orders at Amazon, by our own actions and by hand: what answers prove of them, and what errors lead to."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from between import between
from engine_client import AMAZON, PROFILE, EngineClient
from planning import applied, planned

from mcp_ads.errors import InvalidParams, NotFound, WritesOff

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
OTHER = "4412345678901234"
REPORT = "c9aeb006-1234-4303-9d8c-12345678ff13"
ORDER: dict[str, Any] = {"profile_id": PROFILE, "report_type": "spCampaigns"}
CAMPAIGN = "120000000000001"
BY_HAND: list[tuple[str, dict[str, Any]]] = [
    ("/campaigns/export", {"adProductFilter": ["SPONSORED_PRODUCTS"]}),
    (
        "/reporting/reports",
        {
            "startDate": "{day}",
            "endDate": "{day}",
            "configuration": {
                "adProduct": "SPONSORED_PRODUCTS",
                "reportTypeId": "spCampaigns",
                "groupBy": ["campaign"],
                "columns": ["campaignId", "cost"],
                "timeUnit": "SUMMARY",
                "format": "GZIP_JSON",
            },
        },
    ),
]
SIBLINGS: list[tuple[int, Any]] = [
    (207, {"success": [{"index": 0, "campaign": {"campaignId": CAMPAIGN}}], "error": []}),
    (207, {"success": [{"index": 0, "recommendationId": REPORT}], "error": []}),
]


def answering(method: str, path: str, status: int, answer: Any) -> Callable[..., httpx.Response | None]:
    """Answers this call so, and no other."""
    return lambda request: (
        httpx.Response(status, json=answer)
        if request.method == method and request.url.path.startswith(path)
        else None
    )


async def ordered(engine_client: EngineClient) -> str:
    """The id of a report that nobody has begun to build."""
    engine_client.fault("report-slow", method="POST", path="reports$", seconds=9999)
    found = await engine_client.do(AMAZON, "reports", "create", **ORDER)
    return str(found.data["reportId"])


async def test_cancelled_is_said_to_be_done(engine_client: EngineClient) -> None:
    """The answer to a cancelling names the report; it is no list of items."""
    plan_id = await planned(
        engine_client, "reports", "cancel", AMAZON, profile_id=PROFILE, report_id=await ordered(engine_client)
    )
    done = await applied(engine_client, plan_id)
    assert "APPLIED: 1 of 1 done" in done.text
    assert engine_client.store.all("amazon.report") == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({}, "UNKNOWN"),
        ({"reportId": REPORT}, "UNKNOWN"),
        ({"code": "SUCCESS"}, "UNKNOWN"),
        ({"code": "400", "detail": "it is being built"}, "NOT DONE"),
    ],
)
async def test_what_proves_no_cancelling(engine_client: EngineClient, answer: Any, said: str) -> None:
    """An empty answer, another report's, and one that says no."""
    between(engine_client, answering("DELETE", "/reporting/reports/", 200, answer))
    params = {"profile_id": PROFILE, "report_id": await ordered(engine_client)}
    plan_id = await planned(engine_client, "reports", "cancel", AMAZON, **params)
    done = await applied(engine_client, plan_id)
    assert f"1. {said}: cancel" in done.text


@pytest.mark.parametrize(("path", "body"), BY_HAND)
async def test_an_order_by_hand_is_told_with_its_id(
    engine_client_with: EngineClients, path: str, body: dict[str, Any]
) -> None:
    """Taken is taken: the answer says under which id it is to be asked for."""
    engine_client = engine_client_with(MCP_ADS_RAW_WRITES="1")
    day = datetime.now(ZoneInfo("America/Los_Angeles")).date().isoformat()
    asked = {"profile_id": PROFILE, "path": path, "body": json.loads(json.dumps(body).replace("{day}", day))}
    done = await applied(engine_client, await planned(engine_client, "api", "post", AMAZON, **asked))
    assert "APPLIED: 1 of 1 done" in done.text
    kind = "report" if "report" in path else "export"
    id_ = engine_client.store.all(f"amazon.{kind}")[0][f"{kind}Id"]
    assert f"Amazon answers {kind}Id {id_}" in done.text


@pytest.mark.parametrize(("status", "answer"), SIBLINGS)
async def test_lists_without_a_name_are_believed(
    engine_client_with: EngineClients, status: int, answer: Any
) -> None:
    """The unified API has an object inside each entry, recommendations have a UUID."""
    engine_client = engine_client_with(MCP_ADS_RAW_WRITES="1")
    path = "/recommendations/apply" if "recommendationId" in str(answer) else "/adsApi/v1/update/campaigns"
    between(engine_client, answering("POST", path, status, answer))
    asked = {"profile_id": PROFILE, "path": path, "body": {"items": [{"name": "x"}]}}
    done = await applied(engine_client, await planned(engine_client, "api", "post", AMAZON, **asked))
    assert "APPLIED: 1 of 1 done" in done.text


@pytest.mark.parametrize("answer", [{}, {"status": "PENDING"}, {"exportId": None}, {"exportId": " "}])
async def test_an_order_without_an_id_is_unknown(engine_client_with: EngineClients, answer: Any) -> None:
    """What nobody can ask for is not said to be done."""
    engine_client = engine_client_with(MCP_ADS_RAW_WRITES="1")
    between(engine_client, answering("POST", "/campaigns/export", 202, answer))
    asked = {"profile_id": PROFILE, "path": "/campaigns/export", "body": {}}
    plan_id = await planned(engine_client, "api", "post", AMAZON, **asked)
    assert "1. UNKNOWN: post" in (await applied(engine_client, plan_id)).text


@pytest.mark.parametrize("named", [OTHER, int(OTHER), [PROFILE, OTHER]])
async def test_another_profile_is_never_named(engine_client_with: EngineClients, named: Any) -> None:
    """Not even without a list of allowed ones: what is planned for one would change another."""
    engine_client = engine_client_with(MCP_ADS_RAW_WRITES="1")
    body = [{"profileId": named, "dailyBudget": 5}]
    with pytest.raises(InvalidParams, match="profileId: the profile is named by profile_id only"):
        await engine_client.do(AMAZON, "api", "put", profile_id=PROFILE, path="/v2/profiles", body=body)
    own = [{"profileId": int(PROFILE), "dailyBudget": 5}]
    await planned(engine_client, "api", "put", AMAZON, profile_id=PROFILE, path="/v2/profiles", body=own)


@pytest.mark.parametrize("path", ["/v2/reports", "/v2/hsa/campaigns/report", "/v2/sp/campaigns"])
async def test_what_was_shut_off_leads_to_its_successor(engine_client: EngineClient, path: str) -> None:
    """A setting that would open a way to nowhere is not advised."""
    with pytest.raises(InvalidParams, match="Amazon shut this off"):
        await engine_client.do(AMAZON, "api", "post", profile_id=PROFILE, path=path, body={})
    with pytest.raises(WritesOff):
        await engine_client.do(AMAZON, "api", "post", profile_id=PROFILE, path="/sp/campaigns", body={})


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/sp/campagns", "no such path that Amazon documents; did you mean GET /sd/campaigns or POST /sp/"),
        ("/v1/campaigns", "GET /sd/campaigns"),
        ("/hsa/campaigns", "sponsored_product_campaigns, sponsored_brands_campaigns"),
        ("/hsa/adGroups", "sponsored_product_ad_groups, sponsored_brands_ad_groups"),
        ("/sp/campaigns", "Amazon documents no GET of this path, but POST and PUT; did you mean"),
    ],
)
async def test_a_path_that_is_not_there(looking: EngineClient, path: str, said: str) -> None:
    """It is not taken for an object that is not there; what is named instead can be read."""
    with pytest.raises(NotFound) as caught:
        await looking.do(AMAZON, "api", "get", profile_id=PROFILE, path=path)
    told = f"{caught.value} {caught.value.fix}"
    assert said in told
    assert "/st/campaigns or" not in told, "it has no GET"


@pytest.mark.parametrize("path", [f"/reporting/reports/{REPORT}", "/invoices/INV-3312-202610X"])
async def test_what_was_asked_by_is_not_hidden(engine_client: EngineClient, path: str) -> None:
    """An id of the path stands in Amazon's sentence whole; a number and an address beside it do not."""
    id_ = path.rpartition("/")[2]
    says = {"code": "404", "details": f"{id_} not found: call +1 206 266 1000, a@b.example, 9{id_}9"}
    between(engine_client, answering("GET", path, 404, says))
    with pytest.raises(NotFound) as refused:
        await engine_client.do(AMAZON, "api", "get", profile_id=PROFILE, path=path)
    text = refused.value.platform_text
    assert text.startswith(f"{id_} not found: call [hidden], [hidden]")
    assert f"9{id_}9" not in text


@pytest.mark.parametrize(
    ("entity", "action", "param", "there"),
    [
        ("sponsored_product_campaigns", "budget_usage", "campaign_id", CAMPAIGN),
        ("sponsored_product_campaigns", "get", "campaign_id", CAMPAIGN),
        ("portfolios", "usage", "portfolio_id", "110000000000001"),
    ],
)
async def test_part_of_a_read(
    engine_client: EngineClient, entity: str, action: str, param: str, there: str
) -> None:
    """How many were read, and which not: nothing was done that could be repeated."""
    asked = {"profile_id": PROFILE, param: [there, "999"]}
    text = (await engine_client.table(AMAZON, entity, action, **asked)).text
    assert text.startswith("PARTIAL: 1 of 2 read; ")
    assert f'{{"index":1,"{param}":"999",' in text
    assert "repeat" not in text


WRONG: list[tuple[str, str, dict[str, Any], str]] = [
    ("sponsored_product_campaigns", "list", {"profile_id": "US"}, "profiles.list has them, by country_code"),
    ("profiles", "get", {"profile_id": "US"}, "profiles.list has them, by country_code"),
    ("portfolios", "list", {"profile_id": [PROFILE, OTHER]}, "one profile a call; reports.run takes several"),
    ("portfolios", "list", {"profile_id": f"{PROFILE},{OTHER}"}, "one profile a call"),
    ("reports", "get", {"profile_id": PROFILE, "report_id": "mine"}, "reports.run and reports.create answer"),
    ("exports", "get", {"profile_id": PROFILE, "export_id": "my own"}, "exports.run and exports.create"),
]


@pytest.mark.parametrize(("entity", "action", "params", "said"), WRONG)
async def test_what_is_no_id(
    engine_client: EngineClient, entity: str, action: str, params: dict[str, Any], said: str
) -> None:
    """Where ids come from is said of what no list finds by a condition; nothing is sent."""
    with pytest.raises(InvalidParams) as wrong:
        await engine_client.do(AMAZON, entity, action, **params)
    assert said in str(wrong.value)
    assert "where=" not in str(wrong.value)
    assert engine_client.sent(AMAZON) == []


@pytest.mark.parametrize(
    ("entity", "param", "id_"),
    [
        ("reports", "report_id", REPORT),
        ("exports", "export_id", "ZjQ3YWMxMGItNThjYy00MzcyLWE1NjctMGUwMmIyYzNkNDc5LEM="),
    ],
)
async def test_an_order_that_is_not_there(
    engine_client: EngineClient, entity: str, param: str, id_: str
) -> None:
    """There is no list of orders to look it up in: it is ordered anew."""
    with pytest.raises(NotFound) as gone:
        await engine_client.do(AMAZON, entity, "get", **{"profile_id": PROFILE, param: id_})
    assert f"{entity}.run orders it a" in gone.value.fix


async def test_a_currency_without_decimals(engine_client: EngineClient) -> None:
    """A fraction of a yen is refused with what is right."""
    asked = {"profile_id": "5512345678901234", "keyword_id": "350000000000001", "bid": "10.5 JPY"}
    with pytest.raises(InvalidParams, match="write whole JPY"):
        await engine_client.do(AMAZON, "sponsored_product_keywords", "update", **asked)
