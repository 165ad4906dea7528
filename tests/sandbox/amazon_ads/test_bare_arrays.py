"""The make-believe Sponsored Display: bare arrays, lists by query, verdicts by place."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from amazon_client import JP, Amazon

pytestmark = pytest.mark.anyio
PATH = "/sd/campaigns"
JSON: dict[str, str | None] = {"Content-Type": "application/json"}
FIRST = 180000000000001


def day(offset: int) -> str:
    return (datetime.now(ZoneInfo("America/Los_Angeles")) + timedelta(offset)).strftime("%Y%m%d")


def new(**changes: Any) -> dict[str, Any]:
    usual = {
        "name": "Beside products",
        "tactic": "T00020",
        "state": "paused",
        "startDate": day(1),
        "budget": 20.0,
    }
    return {**usual, **changes}


async def write(api: Amazon, method: str, *sent: Any) -> list[Any]:
    response = await api.call(method, PATH, list(sent), JSON)
    assert response.status_code == 207, response.text
    found: list[Any] = response.json()
    return found


async def refused(
    api: Amazon, method: str, path: str, body: Any = None, **headers: str | None
) -> tuple[int, str]:
    response = await api.call(method, path, body, headers or (JSON if body is not None else None))
    return response.status_code, response.json().get("details", "")


async def test_lists_are_bare_arrays_with_archived_ones() -> None:
    """Every state comes unless filtered; ids are numbers, states in lower case, days without hyphens."""
    rows = (await Amazon().call("GET", PATH)).json()
    assert {row["state"] for row in rows} == {"enabled", "paused", "archived"}
    assert rows[0]["campaignId"] == FIRST
    assert rows[0]["startDate"].isdecimal()
    assert "servingStatus" not in rows[0]


async def test_filters_and_pages() -> None:
    """Ids and states with commas, the name as a whole, a place and a count."""
    api = Amazon()
    every = (await api.call("GET", f"{PATH}?stateFilter=enabled, paused")).json()
    assert {row["state"] for row in every} == {"enabled", "paused"}
    page = (await api.call("GET", f"{PATH}?stateFilter=enabled, paused&startIndex=2&count=3")).json()
    assert page == every[2:5]
    named = (await api.call("GET", PATH + "?name=" + every[0]["name"].replace("|", "%7C"))).json()
    assert named == every[:1]
    chosen = (await api.call("GET", f"{PATH}?campaignIdFilter={FIRST},{FIRST + 3},7")).json()
    assert [row["campaignId"] for row in chosen] == [FIRST, FIRST + 3]


async def test_extended_records_say_whether_they_serve() -> None:
    """One that has ended is enabled and serves nothing."""
    api = Amazon()
    rows = (await api.call("GET", f"{PATH}/extended?count=5")).json()
    assert [row["servingStatus"] for row in rows] == [
        "ADVERTISER_STATUS_ENABLED",
        "CAMPAIGN_PAUSED",
        "ADVERTISER_STATUS_ENABLED",
        "CAMPAIGN_ARCHIVED",
        "ENDED",
    ]
    assert (await api.call("GET", f"{PATH}/extended/{FIRST}")).json() == rows[0]
    assert "servingStatus" not in (await api.call("GET", f"{PATH}/{FIRST}")).json()


@pytest.mark.parametrize(
    ("query", "status"),
    [("stateFilter=enabled,paused", 422), ("stateFilter=ENABLED", 422), ("stateFilter=paused, enabled", 422),
     ("count=0", 422), ("startIndex=x", 422), ("campaignIdFilter=abc", 422), ("maxResults=5", 400)],
)  # fmt: skip
async def test_queries_are_as_documented(query: str, status: int) -> None:
    """A state filter is one of seven texts; what nobody knows is refused."""
    assert (await refused(Amazon(), "GET", f"{PATH}?{query}"))[0] == status


async def test_verdicts_by_place() -> None:
    """A good one, and wrong ones beside it that are told by what they say."""
    api = Amazon()
    answer = await write(
        api,
        "POST",
        new(),
        new(name="Late", endDate=day(0)),
        new(name="Cheap", budget=0.5),
        new(tactic="remarketing"),
    )
    assert answer[0].keys() == {"campaignId", "code"}
    assert [verdict["code"] for verdict in answer] == ["SUCCESS"] + ["INVALID_ARGUMENT"] * 3
    assert "ends before it starts" in answer[1]["description"]
    assert all(verdict.keys() == {"code", "description"} for verdict in answer[1:])
    assert api.changes() == ["create display campaign"]


async def test_update_changes_what_is_named() -> None:
    """The rest stays; an end is taken away with null; an update may archive, and then it is for good."""
    api = Amazon()
    changed = {"campaignId": FIRST, "name": "Other", "state": "paused", "budget": 12.345, "endDate": day(9)}
    assert await write(api, "PUT", changed) == [{"campaignId": FIRST, "code": "SUCCESS"}]
    row = (await api.call("GET", f"{PATH}/{FIRST}")).json()
    assert (row["name"], row["state"], row["budget"], row["endDate"]) == ("Other", "paused", 12.35, day(9))
    await write(api, "PUT", {"campaignId": FIRST, "endDate": None, "state": "archived"})
    row = (await api.call("GET", f"{PATH}/{FIRST}")).json()
    assert ("endDate" in row, row["state"]) == (False, "archived")
    answer = await write(
        api, "PUT", {"campaignId": FIRST, "state": "enabled"}, {"campaignId": 7, "name": "x"}
    )
    assert [verdict["code"] for verdict in answer] == ["INVALID_ARGUMENT", "NOT_FOUND"]


@pytest.mark.parametrize(
    "body",
    [{"campaigns": []}, [{"campaignId": str(FIRST)}], [{"campaignId": FIRST, "tactic": "T00020"}], ["x"],
     [{"campaignId": FIRST, "budget": "10"}], [{"campaignId": FIRST, "bid": 1}],
     [{"campaignId": FIRST}] * 101],
)  # fmt: skip
async def test_bodies_of_another_shape_are_refused(body: Any) -> None:
    """As a whole, and nothing is changed."""
    api = Amazon()
    assert (await refused(api, "PUT", PATH, body))[0] == 400
    assert api.changes() == []


async def test_names_are_one_namespace() -> None:
    """A Sponsored Products campaign has the name already; an archived one does not keep its own."""
    api = Amazon()
    await api.call("GET", PATH)
    taken = next(row for row in api.store.all("amazon.campaigns") if row["state"] == "ENABLED")["name"]
    free = next(row for row in api.store.all("amazon.sd.campaigns") if row["state"] == "archived")["name"]
    answer = await write(api, "POST", new(name="One"), new(name=taken), new(name=free))
    assert [verdict["code"] for verdict in answer] == ["SUCCESS", "INVALID_ARGUMENT", "SUCCESS"]


async def test_vendors_may_spend_less() -> None:
    """Five million yen a day; sellers in Japan have 21."""
    api = Amazon("FE", JP)
    answer = await write(api, "POST", new(budget=5_000_000), new(name="More", budget=5_000_001))
    assert [verdict["code"] for verdict in answer] == ["SUCCESS", "INVALID_ARGUMENT"]


async def test_archive_by_path() -> None:
    """One object, as an answer of its own; an unknown one is not found."""
    api = Amazon()
    answer = await api.call("DELETE", f"{PATH}/{FIRST}")
    assert (answer.status_code, answer.json()) == (200, {"campaignId": FIRST, "code": "SUCCESS"})
    assert (await refused(api, "DELETE", f"{PATH}/7"))[0] == 404
    assert await refused(api, "GET", f"{PATH}/7") == (404, "Could not find display campaign 7")


async def test_the_gateway_stands_before_it() -> None:
    """Another profile's campaigns are not found, another media type is refused."""
    api = Amazon()
    own = {"Content-Type": "application/vnd.sdCampaign.v3+json"}
    assert (await refused(api, "PUT", PATH, [], **own))[0] == 415
    assert (await Amazon("FE", JP, api.store).call("GET", f"{PATH}/{FIRST}")).status_code == 404
