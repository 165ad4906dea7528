"""The make-believe Sponsored Display: targets, negative targets, creatives, and audiences to name in them."""

from __future__ import annotations

from typing import Any

import pytest
from amazon_client import JP, Amazon

pytestmark = pytest.mark.anyio
JSON: dict[str, str | None] = {"Content-Type": "application/json"}
TARGETS, NEGATIVES, CREATIVES = "/sd/targets", "/sd/negativeTargets", "/sd/creatives"
AUDIENCES, CONTEXTUAL, RULED = 190000000000001, 190000000000002, 190000000000003
AUDIENCE = "400000000000000001"


def target(group: int, *parts: Any, **more: Any) -> dict[str, Any]:
    usual = {"adGroupId": group, "state": "paused", "expressionType": "manual", "expression": list(parts)}
    return usual | more


def about(kind: str, *inner: tuple[str, str | None]) -> dict[str, Any]:
    """A predicate with a list as its value."""
    return {
        "type": kind,
        "value": [{"type": one, **({"value": value} if value else {})} for one, value in inner],
    }


async def told(api: Amazon, path: str, *sent: Any, method: str = "POST") -> list[Any]:
    """What became of each, in words: the description of what was refused, else its code."""
    response = await api.call(method, path, list(sent), JSON)
    assert response.status_code == 207, response.text
    return [row.get("description") or row["code"] for row in response.json()]


async def refused(
    api: Amazon, method: str, path: str, body: Any = None, **headers: str | None
) -> tuple[int, str]:
    response = await api.call(method, path, body, headers or JSON)
    found = response.json()
    return response.status_code, found.get("details") or found.get("message")


async def test_expressions_are_held_against_their_ad_group() -> None:
    """Contextual ad groups take goods, the others shoppers too; each by its place in the array."""
    api = Amazon()
    good, lookback = {"type": "asinSameAs", "value": "B0RIVAL001"}, ("lookback", "30")
    shoppers = about("views", ("exactProduct", None), lookback)
    answers = await told(
        api,
        TARGETS,
        target(CONTEXTUAL, {**good, "value": "B0TERN0001"}),
        target(CONTEXTUAL, shoppers),
        target(AUDIENCES, about("purchases", ("asinCategorySameAs", "12"), lookback)),
        target(AUDIENCES, about("audience", ("audienceSameAs", "1"))),
        target(AUDIENCES, about("views", ("exactProduct", None))),
        target(AUDIENCES, good, {"type": "asinPriceLessThan", "value": "20"}),
        target(AUDIENCES, {"type": "asinSameAs", "value": "b0"}),
        target(1, good),
        target(AUDIENCES, {"type": "similarProduct"}, bid=2000),
        target(RULED, {"type": "similarProduct"}, bid=0.5),
    )
    assert [answer if answer == "SUCCESS" else answer.partition(" ")[2] for answer in answers] == [
        "SUCCESS",
        "audience targeting is not supported for the tactic T00020",
        "SUCCESS",
        "audience 1 does not exist or cannot be targeted",
        "views: lookback is mandatory, and audienceSameAs is not supported",
        "asinSameAs cannot be combined with other predicates",
        "b0 is not a valid value for asinSameAs",
        "no such adGroupId",
        "must be 0.02 to 1000",
        "bid cannot be set when the ad group has an enabled optimization rule",
    ]
    assert (await told(api, NEGATIVES, target(CONTEXTUAL, shoppers), target(CONTEXTUAL, good)))[
        1
    ] == "SUCCESS"


async def test_changes_are_of_the_state_and_the_bid() -> None:
    """No other field is known, ids are numbers; null takes a bid away, and one path names one object."""
    api = Amazon()
    own = 210000000000001
    assert await refused(api, "PUT", TARGETS, [{"targetId": own, "expression": []}]) == (
        400,
        "Unrecognized field at $[0].expression",
    )
    assert (await refused(api, "PUT", TARGETS, [{"targetId": str(own), "state": "paused"}]))[0] == 400
    assert await told(api, TARGETS, {"targetId": own, "bid": None, "state": "paused"}, method="PUT") == [
        "SUCCESS"
    ]
    row = (await api.call("GET", f"{TARGETS}/extended/{own}")).json()
    assert (row.get("bid"), row["servingStatus"]) == (None, "TARGET_STATUS_PAUSED")
    assert (await api.call("DELETE", f"{TARGETS}/{own}")).json() == {"targetId": own, "code": "SUCCESS"}
    assert (await told(api, TARGETS, {"targetId": own, "state": "enabled"}, method="PUT")) != ["SUCCESS"]
    assert (await api.call("GET", f"{NEGATIVES}/{own}")).status_code == 404
    assert (await api.call("POST", TARGETS, [], {"Content-Type": "text/plain"})).status_code == 415


async def test_creatives_have_filters_types_and_reviews() -> None:
    """One filter at a time, a language for reviews, an ad group of the right type; others see none of it."""
    api = Amazon()
    both = f"{CREATIVES}?adGroupIdFilter=1&creativeIdFilter=2"
    assert (await refused(api, "GET", both))[1].endswith("conjunction with adGroupIdFilter")
    assert (await refused(api, "GET", f"{CREATIVES}?count=101"))[0] == 422
    assert (await refused(api, "GET", "/sd/moderation/creatives"))[0] == 422
    rejected = (
        await api.call("GET", "/sd/moderation/creatives?language=en-US&adGroupIdFilter=190000000000002")
    ).json()
    assert [row["moderationStatus"] for row in rejected] == ["REJECTED"]
    assert rejected[0]["policyViolations"]
    logo = {"assetId": "amzn1.assetlibrary.asset1.l", "assetVersion": "version_v1"}
    answers = await told(
        api,
        CREATIVES,
        {"adGroupId": AUDIENCES, "properties": {"brandLogo": logo}},
        {"adGroupId": AUDIENCES, "properties": {}},
        {"adGroupId": AUDIENCES, "properties": {"headline": "x" * 51}},
        {"adGroupId": AUDIENCES, "creativeType": "VIDEO", "properties": {"video": logo}},
        {"adGroupId": 7, "properties": {"headline": "x"}},
    )
    assert answers == [
        "SUCCESS",
        "properties must not be empty",
        "$.properties.headline must be at most 50 characters",
        "creativeType: the ad group takes IMAGE",
        "adGroupId: no such ad group",
    ]
    assert await told(api, CREATIVES, {"creativeId": 1, "properties": {}}, method="PUT") == [
        "Could not find creative"
    ]
    other = Amazon("FE", JP, api.store)
    assert all(row["creativeId"] > 3 * 10**14 for row in (await other.call("GET", CREATIVES)).json())


async def test_audiences_take_filters_and_pages() -> None:
    """Ten a page unless said; unknown fields, filters and sizes are refused, and DSP needs its advertiser."""
    api, path = Amazon(), "/audiences/list"
    first = (await api.call("POST", path, {"adType": "SD"}, JSON)).json()
    assert (len(first["audiences"]), first["matchCount"], first["nextToken"]) == (10, 12, "10")
    sports = {"field": "categoryPath", "values": ["Lifestyle", "Sports"]}
    found = (await api.call("POST", path, {"filters": [sports]}, JSON)).json()
    assert [row["audienceName"] for row in found["audiences"]] == ["LS - Outdoor Enthusiasts"]
    others = {"field": "category", "operator": "NOT_EQ", "values": ["In-market"]}
    assert (await api.call("POST", path, {"filters": [others]}, JSON)).json()["matchCount"] == 7
    for query, body in (
        ("", {"adtype": "SD"}),
        ("", {"adType": "SP"}),
        ("", {"adType": "DSP"}),
        ("", {"countries": ["US", "CA"]}),
        ("", {"filters": [{"field": "name", "values": ["x"]}]}),
        ("?maxResults=251", {}),
        ("?pageSize=2", {}),
    ):
        assert (await refused(api, "POST", f"{path}{query}", body))[0] == 400, body
