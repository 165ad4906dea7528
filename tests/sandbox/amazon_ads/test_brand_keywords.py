"""The make-believe Sponsored Brands of v3: keywords as bare arrays, lists by query, verdicts by place."""

from __future__ import annotations

from typing import Any

import pytest
from amazon_client import JP, Amazon

pytestmark = pytest.mark.anyio
WORDS, NEGATIVES = "/sb/keywords", "/sb/negativeKeywords"
JSON: dict[str, str | None] = {"Content-Type": "application/json", "Accept": "*/*"}
TOLD = "application/vnd.sbkeywordresponse.v3+json"
PLACE = {"campaignId": 191000000000001, "adGroupId": 192000000000001}
FIRST, DRAFT, VIDEO = 197000000000011, 197000000000032, 197000000000014


def accept(kind: str) -> dict[str, str | None]:
    return {"Accept": f"application/vnd.{kind}+json"}


async def read(api: Amazon, path: str, kind: str = "sbkeyword.v3.2") -> Any:
    response = await api.call("GET", path, headers=accept(kind))
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == f"application/vnd.{kind}+json"
    return response.json()


async def write(api: Amazon, method: str, path: str, *items: Any) -> list[Any]:
    response = await api.call(method, path, list(items), {**JSON, "Accept": TOLD})
    assert (response.status_code, response.headers["content-type"]) == (207, TOLD), response.text
    found: list[Any] = response.json()
    return found


def new(**changes: Any) -> dict[str, Any]:
    return {**PLACE, "keywordText": "kite", "matchType": "broad", "bid": 1.5, **changes}


async def test_lists_are_bare_arrays_of_what_is_switched_on_or_off() -> None:
    """Ids are numbers and words in lower case; archived ones and drafts do not come, nor does the older type
    have what is for brand videos.
    """
    api = Amazon()
    rows = await read(api, WORDS)
    assert {row["state"] for row in rows} == {"enabled", "paused"}
    assert rows[0] == {
        **PLACE, "keywordId": FIRST, "keywordText": "tern and tide", "matchType": "exact", "state": "enabled",
        "bid": 1.2,
    }  # fmt: skip
    older = await read(api, WORDS, "sbkeyword.v3")
    assert {row["keywordId"] for row in rows} - {row["keywordId"] for row in older} >= {VIDEO}
    assert (await read(api, f"{WORDS}/{DRAFT}", "sbkeyword.v3"))["state"] == "draft"
    assert (await api.call("GET", f"{WORDS}/{VIDEO}", headers=accept("sbkeyword.v3"))).status_code == 404
    assert (await api.call("GET", WORDS, headers=accept("sbkeyword.v4"))).status_code == 406


async def test_filters_and_pages() -> None:
    """Commas between values, the whole text, a place and a count; negatives are listed in one state."""
    api = Amazon()
    rows = await read(api, WORDS)
    assert await read(api, f"{WORDS}?startIndex=1&count=2") == rows[1:3]
    some = await read(api, f"{WORDS}?keywordIdFilter={FIRST},7&stateFilter=enabled,archived")
    assert [row["keywordId"] for row in some] == [FIRST]
    narrow = (
        f"{WORDS}?adGroupIdFilter={PLACE['adGroupId']}&matchTypeFilter=exact,broad&keywordText=tern and tide"
    )
    assert [row["matchType"] for row in await read(api, narrow)] == ["exact"]
    videos = await read(api, f"{WORDS}?creativeType=video")
    assert VIDEO in {row["keywordId"] for row in videos}
    assert FIRST not in {row["keywordId"] for row in videos}
    archived = await read(api, f"{NEGATIVES}?stateFilter=archived", "sbnegativekeyword.v3.2")
    assert {row["state"] for row in archived} == {"archived"}
    every = await read(api, NEGATIVES, "sbnegativekeyword.v3.2")
    assert {row["state"] for row in every} == {"enabled", "archived"}


@pytest.mark.parametrize(
    "query",
    ["keywordIdFilter=A0123", "stateFilter=ENABLED", "stateFilter=draft", "matchTypeFilter=EXACT", "count=x",
     "keywordIds=1", "creativeType=VIDEO"],
)  # fmt: skip
async def test_queries_are_as_documented(query: str) -> None:
    """An id of the console, a word in capitals and a filter that nobody knows refuse the list."""
    assert (
        await Amazon().call("GET", f"{WORDS}?{query}", headers=accept("sbkeyword.v3.2"))
    ).status_code == 400


async def test_what_becomes_of_new_ones() -> None:
    """A good one, and wrong ones beside it, each told of at its place; it is enabled from the beginning."""
    api = Amazon()
    wrong: list[dict[str, Any]] = [
        {"keywordText": "a b c d e f g h i j k"},
        {"bid": 0.09},
        {"state": "paused"},
        {"keywordText": "KITE "},
    ]
    wrong += [{"keywordText": "Kite"}, {"adGroupId": 192000000000002}, {"matchType": "near"}]
    answer = await write(api, "POST", WORDS, new(), *(new(**change) for change in wrong))
    assert answer[0] == {"keywordId": answer[0]["keywordId"], "code": "SUCCESS"}
    assert {verdict["code"] for verdict in answer[1:]} == {"INVALID_ARGUMENT"}
    (error,) = answer[2]["errors"]
    assert error["bidError"]["location"] == "$[2].bid"
    assert answer[5]["errors"][0]["keywordError"]["reason"] == "DUPLICATE_VALUE"
    assert answer[3]["description"] == "The noted field is not allowed with this API endpoint : state"
    assert api.changes() == ["create brands keyword"]
    row = await read(api, f"{WORDS}/{answer[0]['keywordId']}", "sbkeyword.v3")
    assert (row["state"], row["bid"], row["matchType"]) == ("enabled", 1.5, "broad")
    video = {"campaignId": 191000000000004, "adGroupId": 192000000000004}
    few, enough = await write(api, "POST", WORDS, new(**video, bid=0.24), new(**video, bid=0.25))
    assert (few["code"], enough["code"]) == ("INVALID_ARGUMENT", "SUCCESS")
    yen = Amazon("FE", JP, api.store)
    place = {"campaignId": 391000000000001, "adGroupId": 392000000000001}
    assert (await write(yen, "POST", WORDS, new(**place, bid=9)))[0]["code"] == "INVALID_ARGUMENT"


async def test_changes_name_the_place_again() -> None:
    """State and bid change, and archiving by a change is for good; nothing moves to another ad group."""
    api = Amazon()
    one = {"keywordId": FIRST, **PLACE}
    wrong = [
        {"keywordId": FIRST, "bid": 2},
        {**one, "adGroupId": 192000000000002},
        {**one, "keywordText": "x"},
    ]
    answer = await write(
        api, "PUT", WORDS, {**one, "bid": 2.005, "state": "paused"}, *wrong, {**one, "keywordId": 7}
    )
    codes = [verdict["code"] for verdict in answer]
    assert codes == ["SUCCESS", *["INVALID_ARGUMENT"] * 3, "NOT_FOUND"]
    row = await read(api, f"{WORDS}/{FIRST}", "sbkeyword.v3")
    assert (row["bid"], row["state"]) == (2.0, "paused")
    await write(api, "PUT", WORDS, {**one, "state": "archived"})
    assert (await write(api, "PUT", WORDS, {**one, "state": "enabled"}))[0]["code"] == "INVALID_ARGUMENT"


async def test_negatives_take_neither_bid_nor_state_and_never_come_back() -> None:
    """A phrase has four words; one that was archived in a campaign is not made there again."""
    api, item = Amazon(), {**PLACE, "keywordText": "cheap", "matchType": "negativeExact"}
    phrase = {**item, "keywordText": "a b c d e", "matchType": "negativePhrase"}
    answer = await write(api, "POST", NEGATIVES, item, phrase, {**item, "keywordText": "x", "bid": 1})
    assert [verdict["code"] for verdict in answer] == ["SUCCESS", *["INVALID_ARGUMENT"] * 2]
    own = f"{NEGATIVES}/{answer[0]['keywordId']}"
    assert (await api.call("DELETE", own, headers=accept("sbkeywordresponse.v3"))).json()["code"] == "SUCCESS"
    assert (await read(api, own, "sbnegativekeyword.v3"))["state"] == "archived"
    again = await write(api, "POST", NEGATIVES, item)
    assert again[0]["code"] == "INVALID_ARGUMENT"


@pytest.mark.parametrize(
    "body", [{"keywords": [new()]}, [], [new()] * 101, [new(campaignId="191000000000001")], ["x"]]
)
async def test_bodies_of_another_shape_are_refused(body: Any) -> None:
    """As a whole, and nothing is changed."""
    api = Amazon()
    assert (await api.call("POST", WORDS, body, {**JSON, "Accept": TOLD})).status_code == 400
    assert api.changes() == []


async def test_the_gateway_stands_before_it() -> None:
    """Another media type is refused, plain JSON alone is not what it answers, and strangers find nothing."""
    api = Amazon()
    vendor: dict[str, str | None] = {"Content-Type": "application/vnd.sbkeyword.v3+json", "Accept": TOLD}
    assert (await api.call("POST", WORDS, [new()], vendor)).status_code == 415
    assert (await api.call("POST", WORDS, [new()], {**JSON, "Accept": "application/json"})).status_code == 406
    own = f"{WORDS}/{FIRST}"
    assert (
        await Amazon("FE", JP, api.store).call("GET", own, headers=accept("sbkeyword.v3"))
    ).status_code == 404
    assert (await api.call("DELETE", f"{WORDS}/7", headers=accept("sbkeywordresponse.v3"))).status_code == 404
