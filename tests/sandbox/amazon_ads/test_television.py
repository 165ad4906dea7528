"""The make-believe Sponsored TV, and the advertisers of DSP: as strict as their documentation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from amazon_client import DE, US, Amazon

pytestmark = pytest.mark.anyio
CAMPAIGN, GROUP = "100000000000001", "101000000000001"
MEDIA = {
    "campaigns": "stCampaign", "adGroups": "stAdGroup", "ads": "stAd", "targets": "stTargetingClause",
    "creatives": "stCreative",
}  # fmt: skip
KEYS = {"targets": "targetingClauses"}
FILM = {"adGroupId": GROUP, "assetId": "amzn1.assetlibrary.asset1.a", "assetVersion": "1"}


def moment(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days)).strftime("%Y-%m-%dT20:00:00Z")


def budget(amount: float, currency: str = "USD") -> dict[str, Any]:
    value = {"amount": amount, "budgetCurrencyCode": currency}
    return {"budget": {"budgetValue": value, "recurrenceType": "DAILY"}}


def new(**changes: Any) -> dict[str, Any]:
    return {"name": "On TV", "state": "PAUSED", "budgetSettings": budget(20.0), **changes}


async def call(api: Amazon, method: str, path: str, body: Any, **more: str | None) -> tuple[int, Any]:
    media = f"application/vnd.{MEDIA[path.partition('/')[0]]}.v1+json"
    headers = {"Content-Type": media, "Accept": media, **more}
    response = await api.call(method, f"/st/{path}", body, headers)
    return response.status_code, response.json()


async def write(api: Amazon, method: str, kind: str, *items: Any) -> tuple[list[Any], list[Any]]:
    """What was done and what was not."""
    key = KEYS.get(kind, kind)
    status, answer = await call(api, method, kind, {key: list(items)})
    assert status == 207, answer
    return answer[key]["success"], answer[key]["error"]


def words(errors: list[Any]) -> list[tuple[int, str, str]]:
    """Index, type and reason of every error, whose value stands under a name in camelCase."""
    found = []
    for item in errors:
        for error in item["errors"]:
            (name, value), kind = next(iter(error["errorValue"].items())), error["errorType"]
            assert kind.lower().replace("_", "") == name.lower()
            found.append((item["index"], kind, value["reason"]))
    return found


async def test_lists_have_totals_and_times_where_asked_for() -> None:
    """Each by its own name; serving and times with a header, tokens for the next page, no others' rows."""
    api = Amazon()
    _, plain = await call(api, "POST", "campaigns/list", {"maxResults": 1})
    assert (plain["totalCount"], "extendedData" in plain["campaigns"][0]) == (1, False)
    prefer = {"Prefer": "include=extendedData"}
    _, full = await call(api, "POST", "targets/list", {"campaignIdFilter": {"include": [CAMPAIGN]}}, **prefer)
    assert full["totalResults"] == 1
    assert full["targetingClauses"][0]["extendedData"]["servingStatus"] == "TARGETING_CLAUSE_STATUS_LIVE"
    _, creatives = await call(api, "POST", "creatives/list", {})
    assert creatives["creatives"][0]["moderationStatus"] == "APPROVED"
    assert "state" not in creatives["creatives"][0]
    await write(api, "POST", "campaigns", new())
    _, page = await call(api, "POST", "campaigns/list", {"maxResults": 1})
    _, last = await call(api, "POST", "campaigns/list", {"maxResults": 1, "nextToken": page["nextToken"]})
    assert (last["campaigns"][0]["name"], "nextToken" in last) == ("On TV", False)
    assert (await call(Amazon("EU", DE, api.store), "POST", "campaigns/list", {}))[1]["campaigns"] == []


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "campaigns/list", {"maxResults": 101}, 400),
        ("POST", "campaigns/list", {"includeExtendedDataFields": True}, 400),
        ("POST", "campaigns/list", {"stateFilter": {"include": ["enabled"]}}, 400),
        ("POST", "campaigns/list", {"campaignIdFilter": {"include": []}}, 400),
        ("POST", "campaigns/list", {"nameFilter": {"include": ["a", "b"]}}, 400),
        ("POST", "creatives/list", {"stateFilter": {"include": ["ENABLED"]}}, 400),
        ("POST", "campaigns/delete", {}, 400),
        ("POST", "campaigns", {"campaigns": []}, 400),
        ("POST", "campaigns", {"campaigns": [new(bidding={})]}, 400),
        ("PUT", "campaigns", {"campaigns": [{"campaignId": CAMPAIGN, "targetingType": "MANUAL"}]}, 400),
        ("POST", "creatives", {"creatives": [FILM, FILM]}, 400),
        ("POST", "campaigns", {"campaigns": [new(name=str(n)) for n in range(101)]}, 400),
    ],
)
async def test_whole_requests_are_refused(method: str, path: str, body: Any, status: int) -> None:
    """With a code and a message, and nothing is done."""
    api = Amazon()
    found, answer = await call(api, method, path, body)
    assert (found, answer["code"], api.changes()) == (status, "INVALID_ARGUMENT", [])


async def test_headers_are_held_to() -> None:
    """Media types both ways, the profile's header, and a country that has Sponsored TV."""
    api = Amazon()
    plain = {"Content-Type": "application/json"}
    assert (await call(api, "POST", "ads/list", {}, **plain))[0] == 415
    assert (await call(api, "POST", "ads/list", {}, Accept="application/json"))[0] == 406
    assert (await call(api, "POST", "ads/list", {}, **{"Amazon-Advertising-API-Scope": None}))[0] == 401
    other = Amazon("EU", DE, api.store)
    status, answer = await call(other, "POST", "campaigns", {"campaigns": [new()]})
    assert (status, answer["code"]) == (403, "ACCESS_DENIED")


async def test_items_stand_on_their_own() -> None:
    """What is right is done, the others are told by index, in this family's words."""
    api = Amazon()
    ended = {"endDate": moment(9)}
    done, failed = await write(
        api, "POST", "campaigns",
        new(), new(budgetSettings=budget(0.1)), new(budgetSettings=budget(20, "EUR")), new(**ended),
        new(startDate=moment(-9)), new(startDate=moment(9), endDate=moment(2)), new(name="x" * 129),
        new(startDate=moment(1), **ended),
    )  # fmt: skip
    assert [item["index"] for item in done] == [0, 7]
    assert words(failed) == [
        (1, "BUDGET_ERROR", "BUDGET_TOO_LOW"),
        (2, "BUDGET_ERROR", "BUDGET_CURRENCY_DOES_NOT_MATCH_MARKETPLACE_SETTINGS"),
        (3, "DATE_ERROR", "OTHER"),
        (4, "DATE_ERROR", "START_DATE_EARLIER_THAN_TODAY"),
        (5, "DATE_ERROR", "START_DATE_AFTER_END_DATE"),
        (6, "RANGE_ERROR", "TOO_HIGH"),
    ]
    _, failed = await write(
        api, "PUT", "campaigns",
        {"campaignId": CAMPAIGN, "startDate": moment(3)}, {"campaignId": "1", "name": "None"},
        {"campaignId": CAMPAIGN, "budgetSettings": budget(20)},
    )  # fmt: skip
    assert words(failed) == [
        (0, "DATE_ERROR", "UPDATING_READ_ONLY_START_DATE"),
        (1, "OTHER_ERROR", "OTHER_ERROR"),
        (2, "BUDGET_ERROR", "BUDGET_LT_DEFAULT_BIDS"),
    ]


async def test_what_is_in_a_campaign() -> None:
    """Bids under its budget, landing pages of the account, targets Amazon lists; all end with it."""
    api = Amazon()
    of = {"campaignId": CAMPAIGN, "state": "ENABLED"}
    done, failed = await write(
        api, "POST", "adGroups", {**of, "name": "A", "defaultBid": {"bid": 15}},
        {**of, "name": "B", "defaultBid": {"bid": 81}}, {**of, "name": "Streaming"},
    )  # fmt: skip
    assert words(failed) == [(1, "BIDDING_ERROR", "BID_GT_BUDGET"), (2, "OTHER_ERROR", "OTHER_ERROR")]
    inside = {"adGroupId": done[0]["adGroupId"], "state": "ENABLED"}
    landings = (("SKU_DP", "TT-TOTE-02"), ("ASIN_DP", "B0TERN0001"), ("STORE", "http://tern.example"))
    ads = [{**inside, "landingPageType": kind, "landingPageValue": value} for kind, value in landings]
    done, failed = await write(api, "POST", "ads", *ads)
    assert ([item["index"] for item in done], len(failed)) == ([0], 2)
    parts = (("CONTENT_CATEGORY_SIMILAR_TO", "amzn1.iab-content.1"), ("ASIN_CATEGORY_SIMILAR_TO", "26179"))
    clauses = [{**inside, "bid": 3, "expression": [{"type": kind, "value": value}]} for kind, value in parts]
    done, failed = await write(api, "POST", "targets", *clauses)
    assert words(failed) == [(0, "RANGE_ERROR", "NOT_IN_LIST")]
    only = {"targetIdFilter": {"include": [done[0]["targetId"]]}}
    row = (await call(api, "POST", "targets/list", only))[1]["targetingClauses"][0]
    assert (row["campaignId"], "bid" in row) == (CAMPAIGN, False)
    await write(api, "POST", "creatives", FILM)
    body = {"campaignIdFilter": {"include": [CAMPAIGN, "1"]}}
    _, answer = await call(api, "POST", "campaigns/delete", body)
    assert [item["index"] for item in answer["campaigns"]["success"]] == [0]
    assert words(answer["campaigns"]["error"]) == [(1, "OTHER_ERROR", "OTHER_ERROR")]
    for kind in ("adGroups", "ads", "targets"):
        rows = (await call(api, "POST", f"{kind}/list", {}))[1][KEYS.get(kind, kind)]
        assert {row["state"] for row in rows} == {"ARCHIVED"}
    _, failed = await write(api, "PUT", "campaigns", {"campaignId": CAMPAIGN, "state": "PAUSED"})
    assert words(failed) == [(0, "OTHER_ERROR", "OTHER_ERROR")]


async def test_advertisers_of_dsp_are_an_agencys() -> None:
    """Pages and ids; another profile may not, and what is no number is named by its field."""
    api = Amazon()
    assert (await api.call("GET", "/dsp/advertisers")).status_code == 403
    profile = api.store.get("amazon.profile", US) or {}
    agency = {**profile["accountInfo"], "type": "agency"}
    api.store.put("amazon.profile", US, {**profile, "accountInfo": agency})
    page = (await api.call("GET", "/dsp/advertisers?startIndex=2&count=2")).json()
    assert (page["totalResults"], [row["name"] for row in page["response"]]) == (3, ["Reef Outdoor"])
    refused = await api.call("GET", "/dsp/advertisers?advertiserIdFilter=a")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "advertiserIdFilter"
    for query in ("count=101", "startIndex=-1", "name=x"):
        assert (await api.call("GET", f"/dsp/advertisers?{query}")).status_code == 422
