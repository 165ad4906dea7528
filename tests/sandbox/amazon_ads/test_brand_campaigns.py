"""Sponsored Brands v4 in the make-believe Amazon: what it demands of campaigns and ad groups."""

from __future__ import annotations

from typing import Any

import pytest
from amazon_client import JP, Amazon

pytestmark = pytest.mark.anyio
CAMPAIGNS, GROUPS = "/sb/v4/campaigns", "/sb/v4/adGroups"
MEDIA = {CAMPAIGNS: "sbcampaignresource", GROUPS: "sbadgroupresource"}
NEW = {
    "name": "Gifts",
    "state": "PAUSED",
    "budget": 50,
    "budgetType": "DAILY",
    "brandEntityId": "ENTITYB331234",
}
FIRST, LEGACY = "191000000000001", "191000000000002"
HOME = {"placement": "HOME", "percentage": 10}
COHORT = {"shopperCohortType": "AUDIENCE_SEGMENT", "percentage": 5, "audienceSegments": [{}]}


async def call(api: Amazon, method: str, path: str, body: Any, media: str = "") -> Any:
    base = "/".join(path.split("/")[:4])
    kind = media or f"application/vnd.{MEDIA[base]}.v4+json"
    return await api.call(method, path, body, {"Content-Type": kind, "Accept": kind})


async def answered(api: Amazon, method: str, path: str, *items: Any) -> tuple[list[Any], list[str]]:
    """The objects that were done, and why others were not: the kind and reason of each one's first error."""
    key = path.rpartition("/")[2]
    response = await call(api, method, path, {key: list(items)})
    assert response.status_code == 207, response.text
    told = response.json()[key]
    errors = [entry["errors"][0] for entry in told["error"]]
    assert {error["errorType"] for error in errors} <= {"INVALID_ARGUMENT"}
    whys = [f"{kind} {value['reason']}" for error in errors for kind, value in error["errorValue"].items()]
    return [entry[key.removesuffix("s")] for entry in told["success"]], whys


async def test_a_campaign_is_completed_and_ends_with_its_ad_groups() -> None:
    """What is left out has a default; one archived with its ad group is never changed again."""
    api = Amazon()
    [made], _ = await answered(api, "POST", CAMPAIGNS, NEW)
    assert (made["goal"], made["costType"], made["smartDefault"]) == ("PAGE_VISIT", "CPC", ["MANUAL"])
    assert (made["isMultiAdGroupsEnabled"], made["bidding"]) == (True, {"bidOptimization": True})
    [group], _ = await answered(
        api, "POST", GROUPS, {"campaignId": made["campaignId"], "name": "One", "state": "ENABLED"}
    )
    ids = {"campaignIdFilter": {"include": [made["campaignId"]]}}
    listed = (await call(api, "POST", f"{GROUPS}/list", {**ids, "includeExtendedDataFields": True})).json()
    assert listed["adGroups"][0]["extendedData"]["servingStatus"] == "CAMPAIGN_PAUSED"
    gone = await call(api, "POST", f"{CAMPAIGNS}/delete", ids)
    assert gone.json()["campaigns"]["success"][0]["campaignId"] == made["campaignId"]
    _, whys = await answered(api, "PUT", GROUPS, {"adGroupId": group["adGroupId"], "name": "Two"})
    assert whys == ["otherError ARCHIVED_ENTITY_CANNOT_BE_MODIFIED"]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"budget": 0.5}, "budgetError BUDGET_TOO_LOW"),
        ({"budgetType": "LIFETIME", "budget": 500}, "dateError MISSING_VALUE"),
        ({"endDate": "2030-01-01"}, "dateError MISSING_VALUE"),
        ({"brandEntityId": None}, "otherError MISSING_VALUE"),
        ({"brandEntityId": "ENTITY1"}, "otherError ENTITY_NOT_FOUND"),
        ({"goal": "PAGE_VISIT"}, "otherError INVALID_ARGUMENT"),
        ({"goal": "BRAND_IMPRESSION_SHARE", "costType": "CPC"}, "otherError CAMPAIGN_GOAL_TYPE_INVALID"),
        ({"bidding": {"bidAdjustmentsByPlacement": [HOME]}}, "biddingError INVALID_ARGUMENT"),
        ({"name": "TERN & TIDE brand 1"}, "otherError NAME_NOT_UNIQUE"),
        ({"smartDefault": ["FOO"]}, "rangeError INVALID_ENUM_VALUE"),
        ({"siteRestrictions": ["FOO"]}, "rangeError INVALID_ENUM_VALUE"),
        ({"bidding": {"shopperCohortBidAdjustments": [COHORT]}}, "otherError MISSING_VALUE"),
    ],
)
async def test_what_a_campaign_may_not_be(changed: dict[str, Any], why: str) -> None:
    """Each is refused for itself, with a code for its type and the name of what is wrong."""
    done, whys = await answered(Amazon(), "POST", CAMPAIGNS, {**NEW, **changed}, NEW)
    assert (len(done), whys) == (1, [why])


async def test_what_is_refused_as_a_whole() -> None:
    """Eleven items or ids, unknown and fixed fields, another media type."""
    api, item = Amazon(), {"campaignId": FIRST}
    for method, path, body in (
        ("POST", CAMPAIGNS, {"campaigns": [NEW] * 11}),
        ("POST", CAMPAIGNS, {"campaigns": [{**NEW, "endDate": None}]}),
        ("PUT", CAMPAIGNS, {"campaigns": []}),
        ("PUT", CAMPAIGNS, {"campaigns": [{**item, "bidding": {"bidOptimization": None}}]}),
        ("PUT", CAMPAIGNS, {"campaigns": [{**item, "budgetType": "DAILY"}]}),
        ("PUT", CAMPAIGNS, {"campaigns": [{**item, "bidding": {"bidOptimization": "no"}}]}),
        ("PUT", CAMPAIGNS, {"campaigns": [{"campaignId": int(FIRST), "state": "PAUSED"}]}),
        ("POST", GROUPS, {"adGroups": [{"campaignId": FIRST, "name": "x", "state": "PAUSED", "bid": 1}]}),
        ("POST", f"{CAMPAIGNS}/list", {"campaignIdFilter": {"include": [FIRST] * 11}}),
    ):
        response = await call(api, method, path, body)
        assert (response.status_code, response.json()["code"]) == (400, "INVALID_ARGUMENT"), body
    assert (await call(api, "PUT", CAMPAIGNS, {}, "application/json")).status_code in (406, 415)
    assert api.changes() == []


@pytest.mark.parametrize(
    "body", [{}, {"campaignIdFilters": {"include": [FIRST]}}, {"campaignIdFilter": {"include": []}}]
)
async def test_a_delete_that_names_nothing_takes_everything(body: dict[str, Any]) -> None:
    """As the schema has it, which demands no filter: whoever sends one has to look at it first."""
    api = Amazon()
    assert (await call(api, "POST", f"{CAMPAIGNS}/delete", body)).status_code == 207
    listed = (await call(api, "POST", f"{CAMPAIGNS}/list", {})).json()["campaigns"]
    assert {row["state"] for row in listed} == {"ARCHIVED"}


async def test_an_ad_group_may_be_born_with_themes() -> None:
    """Where the campaign has a goal and says nothing else, both themes come with it, and they bid."""
    api = Amazon()
    goal = {**NEW, "goal": "PAGE_VISIT", "costType": "CPC"}
    [made], _ = await answered(api, "POST", CAMPAIGNS, goal)
    assert made["smartDefault"] == ["TARGETING"]
    [group], _ = await answered(
        api, "POST", GROUPS, {"campaignId": made["campaignId"], "name": "One", "state": "PAUSED"}
    )
    media = {"Content-Type": "application/json", "Accept": "application/vnd.sbthemeslistresponse.v3+json"}
    asked = {"adGroupIdFilter": {"include": [group["adGroupId"]]}}
    listed = (await api.call("POST", "/sb/themes/list", asked, {**media})).json()["themes"]
    assert {theme["state"] for theme in listed} == {"enabled"}
    assert len({theme["themeType"] for theme in listed if theme["bid"] > 0}) == 2


async def test_the_time_before_ad_groups_and_vendors() -> None:
    """An old campaign takes no ad group; vendors repeat names and have no brand."""
    _, whys = await answered(Amazon(), "POST", GROUPS, {"campaignId": LEGACY, "name": "x", "state": "PAUSED"})
    assert whys == ["otherError PARENT_ENTITY_FORBIDS_CREATION"]
    vendor = {**NEW, "budget": 5000, "name": "Tern & Tide brand 1"}
    del vendor["brandEntityId"]
    done, whys = await answered(Amazon("FE", JP), "POST", CAMPAIGNS, vendor)
    assert (len(done), whys) == (1, [])
