"""A write is done when the platform says so of our object, as it documents; anything else is unknown."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from between import between, changed
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient
from planning import NEW, SPRING, applied, planned, writes

pytestmark = pytest.mark.anyio
CAMPAIGN = "120000000000001"
OURS: dict[str, Any] = {"index": 0, "campaignId": CAMPAIGN}
SAID: dict[str, Any] = {"errorType": "rangeError", "errorValue": {"rangeError": {"reason": "TOO_LOW"}}}
AMAZON_CALL = (AMAZON, "sponsored_product_campaigns", "update", {"account_id": PROFILE, "name": "New",
               "campaign_id": CAMPAIGN}, "PUT", "/sp/campaigns")  # fmt: skip
AMAZON_NEW = (AMAZON, "sponsored_product_campaigns", "create", {"account_id": PROFILE, "name": "New",
              "targeting_type": "MANUAL", "daily_budget": "10 USD"}, "POST", "/sp/campaigns")  # fmt: skip
FACEBOOK_CALL = (FACEBOOK, "campaigns", "pause", {"campaign_id": SPRING}, "POST", f"/{SPRING}")
FACEBOOK_NEW = (FACEBOOK, "campaigns", "create", NEW, "POST", f"/act_{US}/campaigns")
LINKEDIN_CALL = (LINKEDIN, "campaigns", "update", {"account_id": LINKEDIN_US, "campaign_id": "300000001",
                 "name": "New"}, "POST", "/adCampaigns/300000001")  # fmt: skip
LINKEDIN_NEW = (LINKEDIN, "campaign_groups", "create", {"account_id": LINKEDIN_US, "name": "New",
                "run_schedule": {"start": "2030-01-01"}}, "POST", "/adCampaignGroups")  # fmt: skip
Call = tuple[str, str, str, dict[str, Any], str, str]


def answer(status: int, body: Any = b"", **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if body is None:
        body = b"null"
    if isinstance(body, bytes):
        return httpx.Response(status, content=body, headers=named)
    return httpx.Response(status, json=body, headers=named)


async def outcome(engine_client: EngineClient, call: Call, response: httpx.Response) -> str:
    """The first line after the sandbox's note."""
    connector, entity, action, params, method, path = call
    plan_id = await planned(engine_client, entity, action, connector, **params)

    def lies(request: httpx.Request) -> httpx.Response | None:
        return response if request.method == method and request.url.path.endswith(path) else None

    await engine_client.workspace.close()
    between(engine_client, lies)
    engine_client.workspace._sessions.clear()
    return (await applied(engine_client, plan_id)).text.split("\n")[1]


NOT_AMAZONS: list[Any] = [
    {}, [], None, False, 0, "done", {"campaigns": {}}, {"campaigns": {"success": []}}, {"campaigns": []},
    {"campaigns": {"success": [{"index": 0}]}},
    {"campaigns": {"success": [{**OURS, "campaignId": "7"}]}},
    {"campaigns": {"success": [{**OURS, "index": 1}]}},
    {"campaigns": {"success": [OURS], "error": [{"index": 0, "errors": [SAID]}]}},
    {"campaigns": {"error": [{"index": 3, "errors": [SAID]}]}},
    [{"campaignId": CAMPAIGN, "code": "INVALID"}],
    {"campaigns": {"success": "all", "error": None}},
    {"adGroups": {"success": [OURS]}}, {"adGroups": {"error": [{"index": 0, "errors": [SAID]}]}},
    {"campaigns": {"success": [OURS, OURS]}}, {"campaignId": CAMPAIGN, "campaigns": {"success": [{}]}},
]  # fmt: skip
NOT_FACEBOOKS: list[Any] = [
    b"", {}, [], None, False, 0, 1, "true", {"success": 0}, {"success": "true"}, {"success": None},
    {"id": SPRING}, {"success": True, "id": "7"},
]  # fmt: skip
NOTHING_NEW: list[Any] = [
    {}, {"success": True}, {"id": ""}, {"id": None}, {"id": {"a": 1}}, {"id": "x1"}, {"id": True},
    [{"id": "7"}],
]  # fmt: skip
NOT_LINKEDINS: list[tuple[int, Any]] = [
    (200, b""), (201, b""), (202, b""), (207, b""), (200, []), (200, None), (200, {"id": "7"}),
    (200, {"results": {}, "errors": {"300000001": {"status": 400}}}),
]  # fmt: skip
NO_PROOF: list[tuple[Call, int, Any]] = [
    *((AMAZON_CALL, status, b"") for status in (200, 202, 204, 207)),
    *((AMAZON_CALL, 207, body) for body in NOT_AMAZONS),
    (AMAZON_CALL, 200, {"campaigns": [{"campaignId": CAMPAIGN}]}),
    (AMAZON_NEW, 207, {"campaigns": {"success": [{"index": 0}], "error": []}}),
    *((FACEBOOK_CALL, 200, body) for body in NOT_FACEBOOKS),
    (FACEBOOK_CALL, 204, b""),
    (FACEBOOK_CALL, 202, {"success": True}),
    (FACEBOOK_NEW, 201, {"id": SPRING}),
    *((FACEBOOK_NEW, 200, body) for body in NOTHING_NEW),
    *((LINKEDIN_CALL, status, body) for status, body in NOT_LINKEDINS),
    *((LINKEDIN_NEW, status, body) for status, body in ((201, b""), (200, {}), (200, []), (204, b""))),
]


@pytest.mark.parametrize(("call", "status", "body"), NO_PROOF)
async def test_no_proof_is_unknown(engine_client: EngineClient, call: Call, status: int, body: Any) -> None:
    """Empty, of another shape, about another object, or a success beside an error: nobody knows."""
    assert await outcome(engine_client, call, answer(status, body)) == "UNKNOWN: 0 of 1 done"
    assert writes(engine_client) == []


@pytest.mark.parametrize(
    ("call", "response"),
    [
        (AMAZON_CALL, answer(207, {"campaigns": {"success": [OURS], "error": []}})),
        (AMAZON_CALL, answer(200, {"campaigns": {"success": [OURS]}})),
        (FACEBOOK_CALL, answer(200, {"success": True})),
        (FACEBOOK_NEW, answer(200, {"id": "1202110000099999999"})),
        (LINKEDIN_CALL, answer(204)),
        (LINKEDIN_NEW, answer(201, x_restli_id="699999999")),
    ],
)
async def test_documented_answers_are_proof(
    engine_client: EngineClient, call: Call, response: httpx.Response
) -> None:
    """What the platforms document as success is one; that no such object is there, the read-back says."""
    assert (await outcome(engine_client, call, response)).endswith("1 of 1 done")


@pytest.mark.parametrize("call", [AMAZON_CALL, AMAZON_NEW, FACEBOOK_CALL, LINKEDIN_CALL, LINKEDIN_NEW])
@pytest.mark.parametrize("status", [408, 418, 425, 499])
async def test_a_timeout_on_the_way_proves_nothing(
    engine_client: EngineClient, call: Call, status: int
) -> None:
    """Only statuses that are documented as refusals say that a change was not carried out."""
    assert await outcome(engine_client, call, answer(status, b"timeout")) == "UNKNOWN: 0 of 1 done"


@pytest.mark.parametrize("call", [AMAZON_CALL, LINKEDIN_CALL])
@pytest.mark.parametrize("status", [400, 404, 409, 415, 422])
async def test_a_documented_refusal_is_one(engine_client: EngineClient, call: Call, status: int) -> None:
    """Nothing was done, and nobody has to look."""
    told = {"code": "INVALID_ARGUMENT", "details": "no", "status": status, "message": "no"}
    assert await outcome(engine_client, call, answer(status, told)) == "PARTIAL: 0 of 1 done"
    assert await outcome(engine_client, call, answer(status, {"error": "no"})) == "UNKNOWN: 0 of 1 done"


NOT_THEIRS: list[tuple[Call, int, Any]] = [
    *((call, 400, b"<html>") for call in (FACEBOOK_NEW, LINKEDIN_NEW, AMAZON_NEW)),
    *((call, 400, {"message": "timed out"}) for call in (FACEBOOK_NEW, LINKEDIN_NEW, AMAZON_NEW)),
    *((FACEBOOK_NEW, 500, {"error": {"type": "X", "code": code}}) for code in (613, 100)),
    *((FACEBOOK_NEW, 200, {"error": error}) for error in ("timed out", {"message": "timed out"})),
]


@pytest.mark.parametrize(("call", "status", "body"), NOT_THEIRS)
async def test_what_a_gateway_says_is_no_refusal(
    engine_client: EngineClient, call: Call, status: int, body: Any
) -> None:
    """A text, a code under another status, an error of nobody's: the change may have been carried out."""
    assert await outcome(engine_client, call, answer(status, body)) == "UNKNOWN: 0 of 1 done"


@pytest.mark.parametrize("status", [200, 207])
async def test_an_error_of_the_item_is_a_refusal(engine_client: EngineClient, status: int) -> None:
    """An error list that names our item says that nothing was done, under whatever status."""
    refusal = {"campaigns": {"success": [], "error": [{"index": 0, "errors": [SAID]}]}}
    assert await outcome(engine_client, AMAZON_CALL, answer(status, refusal)) == "PARTIAL: 0 of 1 done"


BUDGETS: list[tuple[Call, dict[str, Any], httpx.Response]] = [
    (FACEBOOK_CALL, {}, answer(200, {"success": True})),
    (FACEBOOK_CALL, {"daily_budget": "60 USD"}, answer(200, {"success": True})),
    (AMAZON_CALL, {"daily_budget": "60 USD"}, answer(207, {"campaigns": {"success": [OURS]}})),
    (LINKEDIN_CALL, {"daily_budget": "31 USD"}, answer(204)),
]


@pytest.mark.parametrize(("call", "change", "response"), BUDGETS)
async def test_a_read_back_that_differs_is_said_first(
    engine_client: EngineClient, call: Call, change: dict[str, Any], response: httpx.Response
) -> None:
    """The platform says yes and does nothing: the first line says that reading shows otherwise, money too."""
    connector, entity, action, params, method, path = call
    if change:
        kept = {name: value for name, value in params.items() if name != "name"}
        action, params = "update", kept | change
    call = (connector, entity, action, params, method, path)
    assert await outcome(engine_client, call, response) == "APPLIED, BUT READ-BACK DIFFERS: 1 of 1 done"


async def test_a_name_that_the_platform_writes_otherwise_is_ours(engine_client: EngineClient) -> None:
    """It is read back in other letters and with other blanks: what was made is what was asked for."""
    plan_id = await planned(engine_client, "campaigns", "create", FACEBOOK, **NEW)

    def rewritten(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.method != "GET":
            return response
        said = response.text.replace(f'"{NEW["name"]}"', f'"{NEW["name"].upper()} "')
        return httpx.Response(response.status_code, text=said, headers={"Content-Type": "application/json"})

    changed(engine_client, rewritten)
    result = await applied(engine_client, plan_id)
    assert "1 of 1 done" in result.text
    assert "undo: ads_apply(" in result.text
