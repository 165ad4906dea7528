"""Reading Facebook: every status, every column, numbers that add up, rows sorted and filtered here."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from engine_client import FACEBOOK, JAPAN, US, EngineClient, Table

from mcp_ads.core import Cursor
from mcp_ads.errors import InvalidParams, PlatformDown, Rejected

pytestmark = pytest.mark.anyio
SPRING = "1202110000000000340"
APP = "App installs US+CA"


async def _insights(engine_client: EngineClient, **params: Any) -> Table:
    return await engine_client.table(FACEBOOK, "ads_insights", "list", account_id=US, **params)


def _sum(table: Table, column: str) -> Decimal:
    return sum((Decimal(row[column]) for row in table.rows), Decimal(0))


async def _remove_an_ad(engine_client: EngineClient, action: str = "delete") -> str:
    """One of the ads of the first campaign, gone."""
    ads = await engine_client.table(FACEBOOK, "ads", "list", account_id=US, campaign_id=SPRING)
    await engine_client.do(FACEBOOK, "ads", action, ad_id=ads.ids[-1])
    return ads.ids[-1]


@pytest.fixture
def direct(engine_client_with: Callable[..., EngineClient]) -> EngineClient:
    """An engine client that carries writes out at once."""
    return engine_client_with(MCP_ADS_WRITES="direct")


@pytest.mark.parametrize("action", ["delete", "archive"])
async def test_ads_add_up_to_their_campaign(direct: EngineClient, action: str) -> None:
    """What was spent on an ad that is gone stands in its own row, and in no sum twice."""
    gone = await _remove_an_ad(direct, action)
    parts = await _insights(direct, level="ad", campaign_id=SPRING, time_range="last_7d", limit=100)
    whole = await _insights(direct, level="campaign", campaign_id=SPRING, time_range="last_7d")
    assert gone in {row["ad_id"] for row in parts.rows}
    assert _sum(parts, "spend") == _sum(whole, "spend") > 0


async def test_a_deleted_ad_named_by_its_id(direct: EngineClient) -> None:
    """Insights by id are there whatever became of the ad."""
    gone = await _remove_an_ad(direct)
    answer = await _insights(direct, level="ad", ad_id=gone, time_range="last_7d")
    assert [row["ad_id"] for row in answer.rows] == [gone]
    only = [{"field": "ad.effective_status", "operator": "IN", "value": ["DELETED"]}]
    answer = await _insights(direct, level="ad", filtering=only, time_range="last_7d")
    assert [row["ad_id"] for row in answer.rows] == [gone]


async def test_what_a_list_hides_is_said(direct: EngineClient) -> None:
    """Children of a named campaign, and campaigns by name: what is left out is named."""
    await direct.do(FACEBOOK, "campaigns", "archive", campaign_id=SPRING)
    children = await direct.table(FACEBOOK, "ad_sets", "list", account_id=US, campaign_id=SPRING)
    assert children.rows == []
    assert "ARCHIVED" in children.meta["hidden"]
    named = await direct.table(FACEBOOK, "campaigns", "list", account_id=US, name="Spring Sale")
    assert "ARCHIVED" in named.meta["hidden"]
    asked = await direct.table(
        FACEBOOK, "ad_sets", "list", account_id=US, campaign_id=SPRING, status=["ARCHIVED"]
    )
    assert len(asked.rows) == 3
    assert "hidden" not in asked.meta
    assert "hidden" not in (await direct.table(FACEBOOK, "campaigns", "list", account_id=US)).meta


async def test_an_empty_list_is_not_all_there_is(direct: EngineClient) -> None:
    """The account's one campaign was archived: the plain list has no rows, and says what it does not show."""
    rows = (await direct.table(FACEBOOK, "campaigns", "list", account_id=JAPAN, limit=200)).rows
    await direct.do(FACEBOOK, "campaigns", "archive", campaign_id=[row["id"] for row in rows])
    for view in (dict[str, str](), {"where": "name != 'x'"}):
        empty = await direct.table(FACEBOOK, "campaigns", "list", account_id=JAPAN, **view)
        assert (empty.rows, empty.meta["hidden"].count("ARCHIVED")) == ([], 1)


async def test_active_includes_those_with_issues(engine_client: EngineClient) -> None:
    """`status` is the switch that was set; how it is delivered is a column."""
    on = await engine_client.table(FACEBOOK, "campaigns", "list", account_id=US, status="active", limit=100)
    states = {row["effective_status"] for row in on.rows}
    assert states == {"ACTIVE", "WITH_ISSUES"}
    await engine_client.workspace.execute(FACEBOOK, "campaigns", "pause", {"campaign_id": SPRING})
    exact = await engine_client.table(
        FACEBOOK, "campaigns", "list", account_id=US, effective_status="ACTIVE", limit=100
    )
    assert {row["effective_status"] for row in exact.rows} == {"ACTIVE"}
    with pytest.raises(InvalidParams, match="not both"):
        await engine_client.do(
            FACEBOOK, "campaigns", "list", account_id=US, status="ACTIVE", effective_status="PAUSED"
        )


async def test_the_switch_of_ads_under_something_paused(direct: EngineClient) -> None:
    """An ad that is on under a paused campaign is found by its switch, and shown as not delivering."""
    await direct.do(FACEBOOK, "campaigns", "pause", campaign_id=SPRING)
    answer = await direct.table(FACEBOOK, "ads", "list", account_id=US, campaign_id=SPRING, status="ACTIVE")
    assert {row["effective_status"] for row in answer.rows} == {"CAMPAIGN_PAUSED", "ADSET_PAUSED"}


@pytest.mark.parametrize(
    ("sort", "column", "largest_first"),
    [
        ("-purchase_roas", "purchase_roas", True),
        (["-purchases"], "purchases", True),
        ("spend_ascending", "spend", False),
        (["spend_descending"], "spend", True),
    ],
)
async def test_rows_are_sorted_here(
    engine_client: EngineClient, sort: Any, column: str, largest_first: bool
) -> None:
    """On every column, in Facebook's own spelling too, over all pages."""
    answer = await _insights(
        engine_client, level="campaign", sort=sort,
        fields=["campaign_name", "spend", "purchases", "purchase_roas"],
        limit=100,
    )  # fmt: skip
    values = [Decimal(row[column]) for row in answer.rows if row[column]]
    assert values == sorted(values, reverse=largest_first)
    assert len(values) > 10


async def test_filter_top_and_next_page(engine_client: EngineClient) -> None:
    """Rows are kept, so that the next page asks nothing."""
    params = {"level": "ad", "filter": "spend>20 and purchases=0", "sort": "-spend", "limit": 2}
    first = await _insights(engine_client, **params)
    assert all(Decimal(row["spend"]) > 20 and row["purchases"] == "0" for row in first.rows)
    sent = len(engine_client.sent("facebook_marketing"))
    second = await _insights(engine_client, **params, cursor=first.meta["cursor"])
    assert len(engine_client.sent("facebook_marketing")) == sent
    assert not {row["ad_id"] for row in first.rows} & {row["ad_id"] for row in second.rows}
    top = await _insights(engine_client, level="ad", sort="-spend", top=3)
    assert len(top.rows) == 3


@pytest.mark.parametrize("level", ["campaign", "adset", "ad"])
async def test_a_name_is_that_of_the_row(engine_client: EngineClient, level: str) -> None:
    """`name` in a condition is the ad set's at its level, not its campaign's."""
    every = await _insights(engine_client, level=level, limit=200)
    word = re.findall(r"[a-z]{4,}", every.rows[0][f"{level}_name"].lower())[0]
    found = await _insights(engine_client, level=level, filter=f"name~{word}", limit=200)
    wanted = [row[f"{level}_name"] for row in every.rows if word in row[f"{level}_name"].lower()]
    assert sorted(row[f"{level}_name"] for row in found.rows) == sorted(wanted)
    assert "name" not in found.rows[0]


async def test_a_plain_page_does_not_read_everything(engine_client: EngineClient) -> None:
    """Without a look at all rows, one page is one request, and the cursor goes on."""
    first = await _insights(engine_client, level="ad", time_increment=1, limit=25)
    reads = [request for request in engine_client.sent("facebook_marketing") if "insights" in request]
    assert (len(first.rows), len(reads), first.meta["more"]) == (25, 1, True)
    second = await _insights(
        engine_client, level="ad", time_increment=1, limit=25, cursor=first.meta["cursor"]
    )
    assert len(second.rows) == 25


async def test_too_many_rows_are_refused(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part of the rows has another top and another sum."""
    monkeypatch.setattr("mcp_ads.connectors.facebook_marketing.measuring.every_page.MOST_ROWS", 100)
    monkeypatch.setattr("mcp_ads.connectors.facebook_marketing.measuring.every_page.PAGE", 50)
    with pytest.raises(Rejected, match="too many") as refused:
        await _insights(engine_client, level="ad", time_increment=1, top=5, sort="-spend")
    assert "fewer days" in refused.value.fix


async def test_a_repeated_page_is_no_end(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list that goes in circles is not sorted as if it were whole."""
    circle = Cursor("paging.cursors.before", "since_then", size="limit")
    monkeypatch.setattr("mcp_ads.connectors.facebook_marketing.measuring.every_page.CURSOR", circle)
    monkeypatch.setattr(Cursor, "turn", lambda _, request, __: request)
    with pytest.raises(PlatformDown, match="repeated"):
        await _insights(engine_client, level="campaign", top=5)


async def test_app_installs_are_results(engine_client: EngineClient) -> None:
    """A campaign for installs does not look like waste: its results, their kind and price are columns."""
    answer = await _insights(engine_client, level="campaign", limit=100)
    app = next(row for row in answer.rows if row["campaign_name"] == APP)
    assert app["purchases"] == "0"
    assert app["result_type"] == "mobile_app_install"
    assert Decimal(app["results"]) > 100
    price = Decimal(app["spend"]) / Decimal(app["results"])
    assert Decimal(app["cost_per_result"]) == pytest.approx(price, rel=Decimal("0.001"))


async def test_money_fields_say_their_unit(engine_client: EngineClient) -> None:
    """`daily_budget` asked for is shown in both units, never under its bare name beside the currency."""
    answer = await engine_client.table(
        FACEBOOK, "campaigns", "list", account_id=US, fields=["id", "daily_budget"], limit=100
    )
    assert list(answer.rows[0]) == ["id", "daily_budget_major", "daily_budget_minor"]
    row = next(row for row in answer.rows if row["id"] == SPRING)
    assert (row["daily_budget_major"], row["daily_budget_minor"]) == ("50.00", "5000")


async def test_unknown_names_are_sent_nowhere(engine_client: EngineClient) -> None:
    """Fields and filters are checked before the platform sees them."""
    with pytest.raises(InvalidParams, match="daily_budget"):
        await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US, fields=["daily_budgets"])
    wrong = [{"field": "name", "operator": "CONTAIN", "values": "x"}]
    with pytest.raises(InvalidParams, match="filtering"):
        await engine_client.do(FACEBOOK, "ads_insights", "list", account_id=US, filtering=wrong)
    assert not [request for request in engine_client.sent("facebook_marketing") if US in request]


async def test_answers_state_what_conversions_are_attributed_by(engine_client: EngineClient) -> None:
    """The basis stands in the meta of every report, and in no other answer."""
    assert (await _insights(engine_client)).meta[
        "basis"
    ] == "fb: 7d click + 1d view (or the ad set's own setting)"
    looked = await _insights(engine_client, level="campaign", top=1, action_attribution_windows=["1d_click"])
    assert looked.meta["basis"].endswith("; 1d_click beside it")
    account = await _insights(engine_client, use_account_attribution_setting=True)
    assert account.meta["basis"] == "fb: the ad account's attribution setting"
    assert (
        "basis" not in (await engine_client.table(FACEBOOK, "campaigns", "list", account_id=US, limit=1)).meta
    )
