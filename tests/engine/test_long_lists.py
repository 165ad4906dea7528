"""Long lists: no page is asked for twice, cursors are short and checked, and what is cut is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient, Table
from middle import in_front

from mcp_ads.errors import InvalidParams

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]


def long_list(path: str, count: int, row: Callable[[int], dict[str, Any]]) -> Any:
    """A Facebook list of so many rows, in pages as large as they are asked for."""

    def answers(request: httpx.Request) -> httpx.Response | None:
        if not request.url.path.endswith(path):
            return None
        start, size = int(request.url.params.get("after", 0)), int(request.url.params["limit"])
        rows = [row(number) for number in range(start, min(start + size, count))]
        more = {"cursors": {"after": str(start + size)}, "next": "https://x"}
        paging = more if start + size < count else {}
        return httpx.Response(200, json={"data": rows, "paging": paging})

    return answers


def campaign(number: int) -> dict[str, Any]:
    return {
        "id": str(120210000000000 + number),
        "name": f"Campaign with a name of some length {number}",
        "status": "PAUSED",
        "effective_status": "PAUSED",
        "objective": "OUTCOME_TRAFFIC",
        "daily_budget": "5000",
    }


def insight(number: int) -> dict[str, Any]:
    return {
        "campaign_id": str(number),
        "campaign_name": f"A name of a usual length {number}",
        "spend": "12.34",
        "impressions": "1234",
        "clicks": "56",
        "reach": "999",
        "date_start": "2026-11-01",
        "date_stop": "2026-11-01",
    }


async def walk(engine_client: EngineClient, entity: str, key: str, **params: Any) -> tuple[list[str], int]:
    """Every id an agent reads, following cursors, and how many answers it took."""
    seen, cursor, answers = list[str](), dict[str, str](), 0
    while True:
        text = await engine_client.workspace.answer(FACEBOOK, entity, "list", {**params, **cursor})
        assert len(text) <= 20_000
        table, answers = Table(text), answers + 1
        seen += [row[key] for row in table.rows]
        if not table.meta["more"]:
            return seen, answers
        cursor = {"cursor": table.meta["cursor"]}
        assert len(cursor["cursor"]) <= 24


@pytest.mark.slow
async def test_twenty_thousand_campaigns_in_forty_pages(engine_client: EngineClient) -> None:
    """An agent that reads all of them asks for each page once."""
    asked = in_front(engine_client.workspace, long_list("/campaigns", 20_000, campaign))
    seen, answers = await walk(engine_client, "campaigns", "id", account_id=US, limit=1000)
    assert seen == [campaign(number)["id"] for number in range(20_000)]
    assert len(asked) <= 45
    assert answers < 150


@pytest.mark.slow
async def test_a_hundred_pages_of_insights(engine_client: EngineClient) -> None:
    """The same for reports that come in pages."""
    asked = in_front(engine_client.workspace, long_list("/insights", 10_000, insight))
    params = {"account_id": US, "level": "campaign", "limit": 100, "time_increment": 1}
    seen, _ = await walk(engine_client, "ads_insights", "campaign_id", **params)
    assert seen == [str(number) for number in range(10_000)]
    assert len(asked) <= 110


async def test_pages_that_begin_alike_are_all_there(engine_client: EngineClient) -> None:
    """Rows of insights without ids may be equal: pages are told apart by their tokens."""

    def unnamed(number: int) -> dict[str, Any]:
        return {**insight(number % 100), "campaign_id": None}

    in_front(engine_client.workspace, long_list("/insights", 800, unnamed))
    rows: list[Any] = []
    cursor: dict[str, str] = {}
    while True:
        result = await engine_client.do(
            FACEBOOK, "ads_insights", "list", account_id=US, limit=1000, level="campaign", **cursor
        )
        rows += result.data
        if not result.meta["more"]:
            break
        cursor = {"cursor": result.meta["cursor"]}
    assert len(rows) == 800
    assert "rows are alike in everything" in result.meta["warnings"][0]


async def test_a_token_that_comes_again_ends_the_list(engine_client: EngineClient) -> None:
    """Also when the first time was answers ago; and the answer says that it may be incomplete."""
    tokens = iter(enumerate(["b", "c", "a", "b", "c", "a"]))

    def answers(request: httpx.Request) -> httpx.Response | None:
        if not request.url.path.endswith("/campaigns"):
            return None
        number, token = next(tokens)
        page = {"data": [campaign(number)], "paging": {"next": "x", "cursors": {"after": token}}}
        return httpx.Response(200, json=page)

    in_front(engine_client.workspace, answers)
    found, cursor = list[Any](), dict[str, str]()
    for _ in range(6):
        result = await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US, limit=1, **cursor)
        found += result.data
        if not result.meta["more"]:
            break
        cursor = {"cursor": result.meta["cursor"]}
    assert len(found) == 4
    assert "repeated a page token" in result.meta["warnings"][0]


@pytest.mark.parametrize("style", ["table", "json"])
async def test_what_is_cut_is_said(engine_client: EngineClient, style: str) -> None:
    """Fewer rows than the limit because the answer was full: said, with how to go on."""
    in_front(engine_client.workspace, long_list("/campaigns", 900, campaign))
    text = await engine_client.workspace.answer(
        FACEBOOK, "campaigns", "list", {"account_id": US, "limit": 900}, style
    )
    assert "cut at 20,000 characters, after" in text
    assert len(text) > 18_000


async def test_the_rest_of_a_page_needs_no_request(engine_client: EngineClient) -> None:
    """What an answer left out is there for its cursor, in another process too."""
    in_front(engine_client.workspace, long_list("/campaigns", 400, campaign))
    params = {"account_id": US, "limit": 400}
    first = Table(await engine_client.workspace.answer(FACEBOOK, "campaigns", "list", params))
    again = EngineClient(engine_client.settings.home, {})
    asked = in_front(again.workspace, lambda request: httpx.Response(500))
    cursor = first.meta["cursor"]
    second = Table(await again.workspace.answer(FACEBOOK, "campaigns", "list", {**params, "cursor": cursor}))
    await again.close()
    assert [*first.ids, *second.ids] == [campaign(n)["id"] for n in range(len(first.ids) + len(second.ids))]
    assert not [request for request in asked if request.url.path.endswith("/campaigns")]


LISTS: dict[str, tuple[str, dict[str, Any]]] = {
    FACEBOOK: ("campaigns", {"account_id": US}),
    LINKEDIN: ("campaigns", {"account_id": LINKEDIN_US}),
    AMAZON: ("sponsored_product_campaigns", {"profile_id": PROFILE}),
}


@pytest.mark.parametrize("connector", [FACEBOOK, LINKEDIN, AMAZON])
async def test_a_mis_copied_cursor_is_explained_here(engine_client: EngineClient, connector: str) -> None:
    """One wrong character: our own line says what to do, and the platform is not asked."""
    entity, params = LISTS[connector]
    cursor = (await engine_client.do(connector, entity, "list", limit=3, **params)).meta["cursor"]
    assert len(cursor) <= 24
    before = len(engine_client.sent())
    for at in range(len(cursor)):
        wrong = cursor[:at] + ("x" if cursor[at] != "x" else "y") + cursor[at + 1 :]
        with pytest.raises(InvalidParams, match="leave it out to start again"):
            await engine_client.do(connector, entity, "list", limit=3, cursor=wrong, **params)
    with pytest.raises(InvalidParams, match="copy `cursor` of the last answer whole"):
        await engine_client.do(connector, entity, "list", limit=3, cursor=cursor[:-1], **params)
    assert len(engine_client.sent()) == before


async def test_a_forgotten_cursor_says_how_to_start_again(engine_client: EngineClient) -> None:
    """Another machine, or a day later: not an error of the platform, and not the first page in silence."""
    params: dict[str, Any] = {"account_id": US, "limit": 3}
    cursor = (await engine_client.do(FACEBOOK, "campaigns", "list", **params)).meta["cursor"]
    for path in (engine_client.home / "lists").iterdir():
        path.unlink()
    with pytest.raises(InvalidParams, match="no longer kept here") as caught:
        await engine_client.do(FACEBOOK, "campaigns", "list", cursor=cursor, **params)
    assert "leave it out" in str(caught.value)


async def test_cursors_where_nothing_can_be_kept(engine_client: EngineClient) -> None:
    """A home that cannot be written costs short cursors, not rows; they are checked all the same."""
    (engine_client.home / "lists").write_text("a file where the folder should be")
    params: dict[str, Any] = {"account_id": US, "limit": 3}
    first = await engine_client.table(FACEBOOK, "campaigns", "list", **params)
    second = await engine_client.table(FACEBOOK, "campaigns", "list", cursor=first.meta["cursor"], **params)
    assert len({*first.ids, *second.ids}) == 6
    with pytest.raises(InvalidParams, match="copy `cursor`"):
        await engine_client.do(FACEBOOK, "campaigns", "list", cursor="A" + first.meta["cursor"], **params)
    params = {"account_id": US, "limit": 1000, "fields": ["id", "name", "created_time", "updated_time"]}
    whole = await engine_client.table(FACEBOOK, "campaigns", "list", **params)
    rest = await engine_client.table(FACEBOOK, "campaigns", "list", cursor=whole.meta["cursor"], **params)
    assert not {*whole.ids} & {*rest.ids}


async def test_cursors_hide_no_account(engine_client_with: EngineClients) -> None:
    """With an allow-list, the rows that are hidden are hidden on the pages after, and none is lost."""
    engine_client = engine_client_with()
    session = engine_client.workspace.session(FACEBOOK)
    session.platform = replace(session.platform, account_ids=(US,))
    seen, cursor = list[str](), dict[str, str]()
    for _ in range(20):
        table = await engine_client.table(FACEBOOK, "ad_accounts", "list", limit=1, **cursor)
        seen += [row["account_id"] for row in table.rows]
        if not table.meta["more"]:
            break
        cursor = {"cursor": table.meta["cursor"]}
    assert seen == [US]


async def test_ids_that_did_not_come_are_named(engine_client: EngineClient) -> None:
    """A list by ids: what is not among the rows is named, whatever the limit."""
    known = await engine_client.table(
        AMAZON, "sponsored_product_campaigns", "list", profile_id=PROFILE, limit=60
    )
    ids = [row["campaignId"] for row in known.rows]
    asked = [*ids[:30], "999999999999991", *ids[30:], "999999999999992"]
    result = await engine_client.do(
        AMAZON, "sponsored_product_campaigns", "list", profile_id=PROFILE, campaign_id=asked, limit=5
    )
    (warning,) = result.meta["warnings"]
    assert warning.startswith("2 of the ids asked for did not come")
    assert warning.endswith(": 999999999999991, 999999999999992")
    whole = await engine_client.do(
        AMAZON, "sponsored_product_campaigns", "list", profile_id=PROFILE, campaign_id=ids
    )
    assert "warnings" not in whole.meta


async def test_a_get_of_many_names_what_is_not_there(engine_client: EngineClient) -> None:
    """Each id that is not found is an error with its place, as on every platform."""
    known = await engine_client.table(
        AMAZON, "sponsored_product_campaigns", "list", profile_id=PROFILE, limit=2
    )
    ids = [known.rows[0]["campaignId"], "999999999999991", known.rows[1]["campaignId"]]
    result = await engine_client.do(
        AMAZON, "sponsored_product_campaigns", "get", profile_id=PROFILE, campaign_id=ids
    )
    assert len(result.data) == 2
    (error,) = result.errors
    assert (error["index"], error["code"]) == (1, "NotFound")
    assert "999999999999991" in error["message"]
    assert engine_client.workspace.text(result).startswith("PARTIAL: 2 of 3")


async def test_numbers_that_are_none(engine_client: EngineClient) -> None:
    """NaN and Infinity are no values: empty, with a warning, and JSON stays JSON."""
    row = '{"id": "1", "name": "x", "daily_budget": NaN, "budget_remaining": Infinity}'
    content = f'{{"data": [{row}]}}'.encode()
    in_front(
        engine_client.workspace,
        lambda request: (
            httpx.Response(200, content=content) if request.url.path.endswith("/campaigns") else None
        ),
    )
    fields = ["id", "name", "budget_remaining"]
    params = {"account_id": US, "fields": fields}
    text = await engine_client.workspace.answer(FACEBOOK, "campaigns", "list", params, "json")
    answer = json.loads(text, parse_constant=pytest.fail)
    assert answer["data"][0]["id"] == "1"
    assert any("NaN" in warning for warning in answer["meta"]["warnings"])
