"""Lists across pages: every row once, whatever the limit, the format or the failure in between."""

from __future__ import annotations

import json
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient, Table, mend

from mcp_ads.connectors import connector
from mcp_ads.core import validate
from mcp_ads.core.view import ListView
from mcp_ads.engine.wire.cursors import read_place
from mcp_ads.engine.wire.pages import Place, collect
from mcp_ads.errors import InvalidParams, PlatformDown

pytestmark = pytest.mark.anyio
CAMPAIGNS = {
    FACEBOOK: ("campaigns", {"account_id": US}, "id"),
    LINKEDIN: ("campaigns", {"account_id": LINKEDIN_US}, "id"),
    AMAZON: ("sponsored_product_campaigns", {"profile_id": PROFILE}, "campaignId"),
}


async def walk(engine_client: EngineClient, connector: str, limit: int, **more: Any) -> list[str]:
    """Every id, following cursors to the end."""
    entity, params, key = CAMPAIGNS[connector]
    found, cursor = list[str](), dict[str, str]()
    for _ in range(400):
        table = await engine_client.table(connector, entity, "list", limit=limit, **params, **cursor, **more)
        assert len(table.rows) == table.meta["rows"]
        found += [row[key] for row in table.rows]
        if not table.meta["more"]:
            assert "cursor" not in table.meta
            return found
        cursor = {"cursor": table.meta["cursor"]}
    raise AssertionError("the list has no end")


@pytest.mark.slow
@pytest.mark.parametrize("connector", [FACEBOOK, LINKEDIN, AMAZON])
async def test_every_row_once(engine_client: EngineClient, connector: str) -> None:
    """Odd limits, the platform's largest page and more than that all give the same rows in the same order."""
    whole = await walk(engine_client, connector, 1000)
    assert len(whole) > 150
    assert len(set(whole)) == len(whole)
    for limit in (7, 99, 501):
        assert await walk(engine_client, connector, limit) == whole


async def test_limit_may_change_on_the_way(engine_client: EngineClient) -> None:
    """A cursor goes on at its row also when the next answer is to be larger."""
    whole = await walk(engine_client, FACEBOOK, 1000)
    first = await engine_client.table(FACEBOOK, "campaigns", "list", account_id=US, limit=10)
    second = await engine_client.table(
        FACEBOOK, "campaigns", "list", account_id=US, limit=200, cursor=first.meta["cursor"]
    )
    assert [*first.ids, *second.ids] == whole[: len(first.ids) + len(second.ids)]
    assert len(second.ids) > 150


async def test_cut_between_rows(engine_client: EngineClient) -> None:
    """What is too long for one answer is cut between rows, and the cursor goes on exactly there."""
    whole = await walk(engine_client, FACEBOOK, 1000)
    fields = ["id", "name", "status", "effective_status", "objective", "created_time", "updated_time"]
    first = await engine_client.table(FACEBOOK, "campaigns", "list", account_id=US, limit=1000, fields=fields)
    assert len(first.text) <= 20_000
    assert first.meta["rows"] == len(first.rows) < len(whole)
    assert await walk(engine_client, FACEBOOK, 1000, fields=fields) == whole


async def test_cut_json_goes_on_too(engine_client: EngineClient) -> None:
    """The same in the other format: the limit is of the text, not of the rows."""
    fields, seen, cursor = (
        ["id", "name", "objective", "created_time", "updated_time"],
        list[str](),
        dict[str, str](),
    )
    while True:
        result = await engine_client.do(
            FACEBOOK, "campaigns", "list", account_id=US, limit=1000, fields=fields, **cursor
        )
        answer = json.loads(text := engine_client.workspace.text(result, "json"))
        assert len(text) <= 20_000
        seen += [row["id"] for row in answer["data"]]
        if not answer["meta"]["more"]:
            break
        cursor = {"cursor": answer["meta"]["cursor"]}
    assert seen == await walk(engine_client, FACEBOOK, 1000)


@pytest.mark.parametrize(
    "changed", [{"effective_status": ["PAUSED"]}, {"fields": ["id"]}, {"account_id": "2345678901"}]
)
async def test_another_calls_cursor_is_refused(engine_client: EngineClient, changed: dict[str, Any]) -> None:
    """A cursor belongs to its parameters; for others it would skip rows nobody has seen."""
    first = await engine_client.table(FACEBOOK, "campaigns", "list", account_id=US, limit=5)
    before = len(engine_client.sent())
    params = {"account_id": US, **changed}
    with pytest.raises(InvalidParams, match="not a cursor of this call"):
        await engine_client.do(FACEBOOK, "campaigns", "list", cursor=first.meta["cursor"], **params)
    if "account_id" not in changed:
        assert len(engine_client.sent()) == before


async def test_a_parameter_that_is_not_sent_belongs_to_the_cursor(engine_client: EngineClient) -> None:
    """What narrows a list by a filter of ours, such as campaign_id, is part of what a cursor is for."""
    ids = (await engine_client.table(FACEBOOK, "campaigns", "list", account_id=US, limit=2)).ids
    first = await engine_client.table(FACEBOOK, "ad_sets", "list", account_id=US, campaign_id=ids[0], limit=1)
    assert first.meta["more"]
    with pytest.raises(InvalidParams, match="not a cursor"):
        await engine_client.do(
            FACEBOOK, "ad_sets", "list", account_id=US, campaign_id=ids[1], cursor=first.meta["cursor"]
        )


@pytest.mark.parametrize("cursor", ["x", "eyJ4IjoxfQ", "W10", "é", "WzEsImEiLCJiIiwtMSwtMV0"])
async def test_a_made_up_cursor_is_refused(engine_client: EngineClient, cursor: str) -> None:
    """Anything that is no cursor is a mistake of the call, and nothing is asked for it."""
    with pytest.raises(InvalidParams, match="not a cursor"):
        read_place(cursor, "a")


def test_places_survive_the_way_to_the_agent_and_back() -> None:
    """Where nothing can be kept, a cursor holds the vendor's token, the page size and the rows given."""
    place = Place("a/+=é", 25, 7)
    assert read_place(place.text("abc"), "abc") == place


@pytest.mark.parametrize(
    ("connector", "written"),
    [(FACEBOOK, "after"), (LINKEDIN, "pageToken"), (LINKEDIN, "page_token"), (AMAZON, "nextToken")],
)
async def test_vendors_own_tokens(engine_client: EngineClient, connector: str, written: str) -> None:
    """The vendor's name for a page token takes the vendor's raw token."""
    entity, params, key = CAMPAIGNS[connector]
    first = await engine_client.table(connector, entity, "list", limit=10, **params)
    kept = (
        (engine_client.home / "lists" / f"{first.meta['cursor'].split('-')[0]}.json")
        .read_text()
        .split("\n")[1]
    )
    raw = json.loads(kept)[4][0]
    second = await engine_client.table(connector, entity, "list", limit=10, **params, **{written: raw})
    assert [row[key] for row in (*first.rows, *second.rows)] == (await walk(engine_client, connector, 1000))[
        :20
    ]


@pytest.mark.parametrize(("connector", "name"), [(LINKEDIN, "pageSize"), (AMAZON, "max_results")])
async def test_vendors_own_page_sizes(engine_client: EngineClient, connector: str, name: str) -> None:
    """The vendor's name for a page size is understood as the limit."""
    entity, params, _ = CAMPAIGNS[connector]
    assert (await engine_client.table(connector, entity, "list", **params, **{name: 3})).meta["rows"] == 3


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["500", "revoked-token", "502-html"])
async def test_a_later_page_fails(
    engine_client: EngineClient, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is there already is given, with a warning and a cursor that goes on where it ended."""
    monkeypatch.setattr("mcp_ads.engine.wire.transport.FIRST_BACKOFF", 0.01)
    whole = await walk(engine_client, FACEBOOK, 1000)
    params: dict[str, Any] = {"account_id": US}
    first = await engine_client.table(FACEBOOK, "campaigns", "list", limit=3, **params)
    engine_client.fault(kind, path="/campaigns", skip=1, times=9)
    cut = await engine_client.table(
        FACEBOOK, "campaigns", "list", limit=1000, cursor=first.meta["cursor"], **params
    )
    assert len(cut.rows) == 3
    assert "cut short" in cut.meta["warnings"][0]
    assert "trace=" in cut.meta["warnings"][0]
    mend(engine_client.store)
    rest = await engine_client.table(
        FACEBOOK, "campaigns", "list", limit=1000, cursor=cut.meta["cursor"], **params
    )
    assert [*first.ids, *cut.ids, *rest.ids] == whole


async def test_the_first_page_fails(engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing to give: the error is the answer."""
    monkeypatch.setattr("mcp_ads.engine.wire.transport.FIRST_BACKOFF", 0.01)
    engine_client.fault("500", path="/campaigns", times=9)
    with pytest.raises(PlatformDown):
        await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US)


class Repeating:
    """A platform that does not know where its list ends."""

    def __init__(self, *pages: tuple[list[str], str]) -> None:
        self.pages, self.asked = pages, 0

    async def send(self, _request: object, _account: object) -> dict[str, Any]:
        ids, token = self.pages[min(self.asked, len(self.pages) - 1)]
        self.asked += 1
        paging = {"cursors": {"after": token}, "next": "…"} if token else {}
        return {"data": [{"id": id_} for id_ in ids], "paging": paging}


@pytest.mark.parametrize(
    ("pages", "ids"),
    [
        ([(["1", "2"], "a")], ["1", "2"]),
        ([(["1"], "a"), (["2"], "b"), (["3"], "a")], ["1", "2", "3"]),
        ([(["1"], "a"), ([], "b"), (["2"], "")], ["1", "2"]),
        ([(["1", "2"], "a"), (["1", "3"], "b"), (["1", "4"], "")], ["1", "2", "3", "4"]),
    ],
)
async def test_a_platform_that_repeats_itself(pages: list[tuple[list[str], str]], ids: list[str]) -> None:
    """A page or a token seen before ends the list, with a warning; some rows as before, or none, do not, and
    no row is given twice.
    """
    platform: Any = Repeating(*pages)
    call = validate.call(
        "campaigns", "list", connector(FACEBOOK).action("campaigns", "list"), {"account_id": US}
    )
    found = await collect(platform, call, ListView(limit=100), None, Place())
    assert [record["id"] for record in found.records] == ids
    assert found.after is None
    assert bool(found.warnings) is (bool(pages[-1][1]) or "1" in pages[1 % len(pages)][0])
    assert platform.asked <= len(pages) + 1


class Deaf(Repeating):
    """A platform that takes no notice of where a page is to begin."""

    async def send(self, _request: object, _account: object) -> Any:
        ids, _ = self.pages[min(self.asked, len(self.pages) - 1)]
        self.asked += 1
        return [{"campaignId": id_} for id_ in ids]


@pytest.mark.parametrize(
    ("pages", "ids", "warned"),
    [
        ([(["1", "2"], "")], ["1", "2"], True),
        ([(["1", "2"], ""), (["3", "4"], ""), (["1", "2"], "")], ["1", "2", "3", "4"], True),
        ([(["1", "2"], ""), (["1", "3"], ""), (["4"], "")], ["1", "2", "3", "4"], True),
        ([(["1", "2"], ""), ([], "")], ["1", "2"], False),
    ],
)
async def test_a_page_by_number_that_comes_again_ends_the_list(
    pages: list[tuple[list[str], str]], ids: list[str], warned: bool
) -> None:
    """Its rows are not shown twice, and the answer says that there may be more."""
    platform: Any = Deaf(*pages)
    kind = connector(AMAZON).action("sponsored_display_campaigns", "list")
    call = validate.call("sponsored_display_campaigns", "list", kind, {"profile_id": "1"})
    found = await collect(platform, call, ListView(limit=100), None, Place("0", size=2))
    assert [record["campaignId"] for record in found.records] == ids
    assert found.after is None
    assert [" already" in line or " twice" in line for line in found.warnings] == [True] * warned


def test_table_reads_what_it_should() -> None:
    """The reader the tests use is not fooled by quotes and commas."""
    table = Table('meta: {"rows":1}\nid,name\n1,"a ""b"", c"')
    assert table.rows == [{"id": "1", "name": 'a "b", c'}]
