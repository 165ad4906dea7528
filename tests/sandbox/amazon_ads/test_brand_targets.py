"""The make-believe Sponsored Brands targets and themes: named lists in, verdicts in an answer of 200 out."""

from __future__ import annotations

from typing import Any

import pytest
from amazon_client import Amazon

pytestmark = pytest.mark.anyio
NEW = "application/vnd.sblisttargetsresponse.v3.2+json"
OLD = "application/vnd.sblisttargetsresponse.v3+json"
GROUP, CAMPAIGN = 192000000000001, 191000000000001
PLACE = {"adGroupId": GROUP, "campaignId": CAMPAIGN}
ASIN = {"type": "asinSameAs", "value": "B0TERN0003"}
MEDIA = {
    ("POST", "/sb/targets"): "sbcreatetargetsresponse.v3",
    ("PUT", "/sb/targets"): "updatetargetsresponse.v3",
    ("POST", "/sb/targets/list"): "sblisttargetsresponse.v3.2",
    ("POST", "/sb/negativeTargets"): "sbcreatenegativetargetsrequest.v3",
    ("POST", "/sb/negativeTargets/list"): "sblistnegativetargetsresponse.v3.2",
    ("POST", "/sb/themes"): "sbthemescreateresponse.v3",
    ("PUT", "/sb/themes"): "sbthemesupdateresponse.v3",
    ("POST", "/sb/themes/list"): "sbthemeslistresponse.v3",
}


def types(sent: str, taken: str) -> dict[str, str | None]:
    return {"Content-Type": sent, "Accept": taken}


async def call(api: Amazon, method: str, path: str, body: Any, accept: str = "") -> Any:
    media = accept or f"application/vnd.{MEDIA[method, path]}+json"
    response = await api.call(method, path, body, types("application/json", media))
    return response.json() if response.status_code == 200 else response.status_code


async def rows(api: Amazon, *filters: dict[str, Any], accept: str = NEW) -> Any:
    answer = await call(api, "POST", "/sb/targets/list", {"filters": [*filters]}, accept)
    return answer["targets"] if isinstance(answer, dict) else answer


def by(kind: str, *values: Any) -> dict[str, Any]:
    return {"filterType": kind, "values": [*values]}


async def test_lists_are_filtered_by_kind() -> None:
    """Ids are numbers and states small; brand videos are in the newer answer alone."""
    api = Amazon()
    every = await rows(api)
    assert [row["state"] for row in every] == ["enabled", "enabled", "archived", "enabled"]
    assert all(type(row[name]) is int for row in every for name in ("targetId", "adGroupId", "campaignId"))
    assert await rows(api, by("TARGETING_STATE", "archived")) == every[2:3]
    assert await rows(api, by("AD_GROUP_ID", GROUP), by("CAMPAIGN_ID", str(CAMPAIGN))) == every[:1]
    assert await rows(api, by("CREATIVE_TYPE", "video")) == every[3:]
    assert await rows(api, accept=OLD) == every[:3]


@pytest.mark.parametrize(
    "filters",
    [
        [by("TARGETING_STATE", "ENABLED")],
        [by("AD_GROUP_ID", str(GROUP))],
        [by("CAMPAIGN_ID", "A0123")],
        [by("CAMPAIGN_ID")],
        [by("TARGET_ID", "1")],
        [by("CAMPAIGN_ID", "1"), by("CAMPAIGN_ID", "2")],
        [by(kind, "1") for kind in ("CAMPAIGN_ID",) * 4],
    ],
)
async def test_filters_are_as_documented(filters: list[dict[str, Any]]) -> None:
    """Another kind, another type of value, one kind twice: the list is refused."""
    assert await rows(Amazon(), *filters) == 400


async def test_an_answer_of_200_has_errors_inside() -> None:
    """Each by its index, beside what was done; what is archived may be added again."""
    api = Amazon()
    sent = [
        {**PLACE, "expressions": [ASIN], "bid": 0.5},
        {**PLACE, "expressions": [ASIN], "bid": 0.05},
        {**PLACE, "expressions": [{"type": "asinPriceLessThan", "value": "20"}], "bid": 1},
        {**PLACE, "adGroupId": 7, "expressions": [ASIN]},
        {**PLACE, "expressions": [ASIN], "bid": 1},
    ]
    answer = await call(api, "POST", "/sb/targets", {"targets": sent})
    assert [done["targetRequestIndex"] for done in answer["createTargetSuccessResults"]] == [0]
    failed = answer["createTargetErrorResults"]
    assert [(error["code"], error["targetRequestIndex"]) for error in failed] == [
        ("INVALID_ARGUMENT", index) for index in (1, 2, 3, 4)
    ]
    new = answer["createTargetSuccessResults"][0]["targetId"]
    row = next(row for row in await rows(api) if row["targetId"] == new)
    assert (row["state"], row["bid"], row["expressions"]) == ("enabled", 0.5, [ASIN])
    changed = [{"targetId": new, "adGroupId": GROUP, "state": "paused"}, {"targetId": 7}]
    answer = await call(api, "PUT", "/sb/targets", {"targets": changed})
    assert answer["updateTargetSuccessResults"] == [{"targetId": new, "targetRequestIndex": 0}]
    assert answer["updateTargetErrorResults"][0]["code"] == "NOT_FOUND"


@pytest.mark.parametrize(
    "body",
    [
        {"targets": []},
        {"targets": [{}] * 101},
        [{}],
        {"targets": [{**PLACE, "state": "enabled"}]},
        {"targets": [{"adGroupId": str(GROUP)}]},
    ],
)
async def test_bodies_of_another_shape_are_refused(body: Any) -> None:
    """As a whole: no new target has a state, ids are numbers, an array has at most a hundred."""
    api = Amazon()
    assert await call(api, "POST", "/sb/targets", body) == 400
    assert api.changes() == []


async def test_media_types_are_those_of_each_call() -> None:
    """Another Accept is refused, JSON alone too; a body is plain JSON."""
    api = Amazon()
    assert await call(api, "POST", "/sb/targets", {"targets": [{}]}, "application/json") == 406
    assert (await api.call("POST", "/sb/targets/list", {}, types(NEW, NEW))).status_code == 415


async def test_one_is_read_and_archived_by_its_path() -> None:
    """A brand video's is in lists only; an unknown one is not found; archived, it never changes again."""
    api, get = Amazon(), types("application/json", "application/vnd.sbtarget.v3+json")
    first, *_, video = await rows(api)
    path = f"/sb/targets/{first['targetId']}"
    assert (await api.call("GET", path, None, get)).json() == first
    assert (await api.call("GET", f"/sb/targets/{video['targetId']}", None, get)).status_code == 404
    gone = types("application/json", "application/vnd.sbtargetresponse.v3+json")
    answer = await api.call("DELETE", path, None, gone)
    assert answer.json() == {"targetId": first["targetId"], "code": "SUCCESS"}
    assert (await api.call("DELETE", "/sb/targets/7", None, gone)).status_code == 404
    body = {"targets": [{"targetId": first["targetId"], "bid": 1}]}
    assert (await call(api, "PUT", "/sb/targets", body))["updateTargetErrorResults"]


async def test_negatives_are_products_and_brands() -> None:
    """Of no category, with states of their own in lists, whose ids are all text."""
    api = Amazon()
    sent = [
        {**PLACE, "expressions": [{"type": "asinBrandSameAs", "value": "7048034011"}]},
        {**PLACE, "expressions": [{"type": "asinCategorySameAs", "value": "1"}]},
    ]
    answer = await call(api, "POST", "/sb/negativeTargets", {"negativeTargets": sent})
    assert len(answer["createTargetSuccessResults"]) == len(answer["createTargetErrorResults"]) == 1
    filters = [by("TARGETING_STATE", "enabled"), by("AD_GROUP_ID", str(GROUP))]
    listed = await call(api, "POST", "/sb/negativeTargets/list", {"filters": filters})
    assert len(listed["negativeTargets"]) == 2
    paused = {"filters": [by("TARGETING_STATE", "paused")]}
    assert await call(api, "POST", "/sb/negativeTargets/list", paused) == 400


async def test_themes_have_ids_that_are_text() -> None:
    """One of a type in an ad group; without a filter of states archived ones are left out."""
    api, place = Amazon(), {"adGroupId": str(GROUP), "bid": 1.5}
    listed = (await call(api, "POST", "/sb/themes/list", {}))["themes"]
    assert {row["state"] for row in listed} == {"enabled"}
    assert "191000000000002" not in {row["campaignId"] for row in listed}
    assert all(type(row[name]) is str for row in listed for name in ("themeId", "adGroupId", "campaignId"))
    sent = [{**place, "themeType": f"KEYWORDS_RELATED_TO_YOUR_{of}"} for of in ("BRAND", "LANDING_PAGES")]
    answer = await call(api, "POST", "/sb/themes", {"themes": sent})
    assert [done["index"] for done in answer["success"]] == [0]
    assert [error["index"] for error in answer["error"]] == [1]
    new = answer["success"][0]["themeId"]
    body = {"themes": [{"themeId": new, "adGroupId": str(GROUP), "state": "archived"}]}
    assert (await call(api, "PUT", "/sb/themes", body))["success"] == [{"themeId": new, "index": 0}]
    chosen = {"themeIdFilter": {"include": [new]}, "stateFilter": {"include": ["archived"]}}
    (row,) = (await call(api, "POST", "/sb/themes/list", chosen))["themes"]
    assert (row["campaignId"], row["state"]) == (str(CAMPAIGN), "archived")
    nowhere = {"themes": [{"themeId": new, "state": "paused"}]}
    assert await call(api, "PUT", "/sb/themes", nowhere) == 400
