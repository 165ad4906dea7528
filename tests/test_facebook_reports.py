"""Facebook's reports and what their rows say: ordered, waited for, empty, by action, by breakdown."""

from __future__ import annotations

import itertools
import time
from decimal import Decimal
from typing import Any

import pytest
from engine_client import FACEBOOK, JAPAN, US, EngineClient, Table
from facebook_calls import call
from facebook_client import ACCOUNT, SPRING, graph

from mcp_ads.errors import InvalidParams, OutOfScope, Rejected, TooMuch

pytestmark = pytest.mark.anyio
HOURLY = "hourly_stats_aggregated_by_advertiser_time_zone"
HOURLY_THERE = "hourly_stats_aggregated_by_audience_time_zone"
AT_ONCE = r"/act_\d+/insights"
NAMES = (
    "age", "gender", "country", "region", "comscore_market", "product_id", "publisher_platform", HOURLY,
    "platform_position", "device_platform", "impression_device", "action_device", "action_target_id",
    "action_destination", "action_reaction", "action_carousel_card_id", "action_carousel_card_name", "app_id",
    "skan_conversion_id",
)  # fmt: skip


async def _rows(engine_client: EngineClient, action: str = "list", **params: Any) -> Table:
    if action != "get_report":
        params.setdefault("account_id", US)
    return await engine_client.table(FACEBOOK, "ads_insights", action, **params)


async def _ordered(engine_client: EngineClient, **params: Any) -> str:
    made = await engine_client.do(FACEBOOK, "ads_insights", "create_report", account_id=US, **params)
    return str(made.data["report_run_id"])


def _insights(engine_client: EngineClient) -> list[str]:
    return [request for request in engine_client.sent() if "insights" in request]


async def test_a_report_has_the_rows_there_are_at_once(engine_client: EngineClient) -> None:
    """Order, wait and read in one call, with the same columns, sums and basis, and sorted likewise."""
    asked: dict[str, Any] = {"level": "ad", "time_range": "last_14d", "sort": "-spend", "limit": 50}
    at_once, report = await _rows(engine_client, **asked), await _rows(engine_client, "run", **asked)
    assert report.rows == at_once.rows
    same = ("totals", "range", "basis", "currency", "hidden", "total")
    assert {name: report.meta[name] for name in same} == {name: at_once.meta[name] for name in same}
    assert report.meta["report_run_id"].isdecimal()
    assert [request for request in engine_client.sent() if request.startswith("POST")] == [
        f"POST /v26.0/act_{US}/insights"
    ]


@pytest.mark.slow
async def test_a_report_ordered_now_and_read_later(engine_client: EngineClient) -> None:
    """How far it is while it is made, then its rows; what was ordered is not at hand, the rows tell it."""
    report = await _ordered(engine_client, level="campaign", time_increment=1, time_range="last_7d")
    told = await engine_client.do(FACEBOOK, "ads_insights", "get_report", report_run_id=report)
    assert (told.data["async_status"], told.meta["pending"]) == ("Job Started", True)
    assert "ads_insights.run" in told.meta["warnings"][0]
    at_once = await _rows(engine_client, level="campaign", time_increment=1, time_range="last_7d", top=9)
    for _ in range(3):
        found = await _rows(engine_client, "get_report", report_run_id=report, limit=9)
    assert list(found.rows[0])[:4] == ["date_start", "date_stop", "campaign_id", "campaign_name"]
    assert [{name: row[name] for name in at_once.rows[0]} for row in found.rows] == at_once.rows
    assert (found.meta["currency"], found.meta["report_run_id"]) == ("USD", report)
    sent = len(engine_client.sent())
    again = await _rows(
        engine_client, "get_report", report_run_id=report, limit=9, cursor=found.meta["cursor"]
    )
    assert (len(again.rows), len(engine_client.sent())) == (9, sent)


@pytest.mark.slow
async def test_some_columns_of_a_report(engine_client: EngineClient) -> None:
    """Made of what it has, sorted by what is not shown; a column it has not is no column of zeros."""
    report = await _ordered(engine_client, level="campaign", fields="campaign_name,spend,purchases,clicks")
    asked: dict[str, Any] = {"report_run_id": report, "limit": 5}
    params = {**asked, "fields": "campaign_name,cpa,cpc", "sort": "-spend"}
    await _rows(engine_client, "run", **asked)
    found = await _rows(engine_client, "get_report", **params)
    assert list(found.rows[0]) == ["campaign_name", "cost_per_purchase", "cpc"]
    largest = await _rows(
        engine_client, level="campaign", sort="-spend", limit=5, fields="campaign_name,cpa,cpc"
    )
    assert found.rows == largest.rows
    for name in ("purchase_value", "roas", "reach"):
        with pytest.raises(InvalidParams, match="no row of this report has"):
            await _rows(engine_client, "get_report", **asked, fields=name)
    assert "purchases" in (await _rows(engine_client, "get_report", **asked)).rows[0]


async def test_a_report_that_fails(engine_client: EngineClient) -> None:
    """Facebook's reason is quoted, and what to do is said, whether it is waited for or looked at."""
    engine_client.fault("report-fails", path="insights", times=2)
    with pytest.raises(Rejected, match="did not finish the report: it failed") as failed:
        await _rows(engine_client, "run")
    assert failed.value.code == "-2/2490547"
    assert failed.value.platform_text.startswith("Report failed. Something went wrong")
    assert "fewer days" in failed.value.fix
    report = await _ordered(engine_client)
    for _ in range(3):
        told = await engine_client.do(FACEBOOK, "ads_insights", "get_report", report_run_id=report)
    assert told.data["error_user_title"] == "Report failed"
    assert "order it again" in told.meta["warnings"][0]
    assert "pending" not in told.meta


async def test_a_report_that_is_no_longer_kept(engine_client: EngineClient) -> None:
    """After thirty days there is nothing to wait for."""
    report = await _ordered(engine_client)
    (run,) = engine_client.store.all("facebook.run")
    engine_client.store.put("facebook.run", report, {**run, "time_ref": int(time.time()) - 31 * 86_400})
    with pytest.raises(Rejected, match="no longer kept") as gone:
        await _rows(engine_client, "run", report_run_id=report)
    assert "order it again" in gone.value.fix


@pytest.mark.parametrize("action", ["run", "list"])
async def test_a_report_that_takes_longer_than_a_call(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    """The answer names the report, and the same call with it goes on without ordering another."""
    engine_client.fault("too-much", path=AT_ONCE, times=0, most=1, method="GET")
    with monkeypatch.context() as short:
        short.setattr("mcp_ads.engine.wire.deadline.DEADLINE", 0.9)
        waited = await engine_client.do(FACEBOOK, "ads_insights", action, account_id=US, level="campaign")
    assert waited.data["status"] == "PENDING"
    report = waited.data["report_run_id"]
    assert f"call ads_insights.run with the same parameters and report_run_id={report}" in str(waited.meta)
    found = await _rows(engine_client, "run", level="campaign", report_run_id=report)
    assert found.rows[0]["campaign_name"]
    assert len([request for request in engine_client.sent() if request.startswith("POST")]) == 1


async def test_a_report_that_cannot_be_looked_after(engine_client: EngineClient) -> None:
    """Once it is ordered its id is never lost, whatever goes wrong afterwards."""
    engine_client.fault("503", path=r"v26.0/\d+$", times=0, method="GET")
    waited = await engine_client.do(FACEBOOK, "ads_insights", "run", account_id=US)
    assert waited.data["report_run_id"].isdecimal()
    assert "PlatformDown" in str(waited.meta["warnings"])


async def test_a_report_of_another_account(engine_client: EngineClient) -> None:
    """Neither under an account's name nor, where only some are allowed, under its own id."""
    report = await _ordered(engine_client)
    with pytest.raises(Rejected, match=f"no report of account {JAPAN}"):
        await _rows(engine_client, "run", account_id=JAPAN, report_run_id=report)
    object.__setattr__(engine_client.settings.platforms[FACEBOOK], "account_ids", (JAPAN,))
    with pytest.raises(OutOfScope):
        await _rows(engine_client, "get_report", report_run_id=report)
    with pytest.raises(OutOfScope):
        await engine_client.do(FACEBOOK, "ads_insights", "list", campaign_id=SPRING)
    assert f"GET /v26.0/{report}/insights" not in engine_client.sent()


async def test_half_a_page_may_be_enough(engine_client: EngineClient) -> None:
    """What is too much in large pages is read in smaller ones, all of it."""
    whole = await _rows(engine_client, level="ad", sort="-spend", limit=100)
    engine_client.fault("too-much", path=AT_ONCE, times=0, most=130, method="GET")
    assert (await _rows(engine_client, level="ad", sort="-spend", limit=100)).rows == whole.rows
    assert not [request for request in engine_client.sent() if request.startswith("POST")]


@pytest.mark.parametrize("look", [{}, {"sort": "-spend"}])
async def test_too_much_at_once_becomes_a_report(engine_client: EngineClient, look: dict[str, str]) -> None:
    """By itself, saying so; the cursor goes on without asking again."""
    whole = await _rows(engine_client, "run", level="ad", limit=20, **look)
    engine_client.fault("too-much", path=AT_ONCE, times=0, most=1, method="GET")
    first = await _rows(engine_client, level="ad", limit=10, **look)
    assert "too much" in first.meta["warnings"][0]
    assert first.meta["report_run_id"].isdecimal()
    sent = len(engine_client.sent())
    second = await _rows(engine_client, level="ad", limit=10, **look, cursor=first.meta["cursor"])
    assert first.rows + second.rows == whole.rows
    assert len(engine_client.sent()) == sent


async def test_too_many_rows_for_the_platform(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However small the page: a report is the way Facebook names itself."""
    monkeypatch.setattr("mcp_ads.sandbox.facebook_marketing.measuring.reports.SYNC_LIMIT", 10)
    found = await _rows(engine_client, level="ad", limit=5)
    assert len(found.rows) == 5
    assert f"POST /v26.0/act_{US}/insights" in engine_client.sent()


async def test_a_report_whose_rows_are_too_much(engine_client: EngineClient) -> None:
    """Nothing is smaller than that: the error says so instead of asking to call again for ever."""
    engine_client.fault("too-much", path="insights", times=0, most=1, method="GET")
    with pytest.raises(TooMuch) as refused:
        await _rows(engine_client, "run", level="ad")
    assert "fewer days" in refused.value.fix


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"breakdowns": HOURLY_THERE}, "enrolled for it in Ads Manager"),
        (
            {"breakdowns": "publisher_platform,impression_device", "level": "ad", "top": 3},
            "impression_device gives",
        ),
        ({"campaign_id": "1202110000000000999"}, "campaign_id"),
        ({"filtering": [{"field": "spend", "operator": "GREATER_THAN", "value": 1e9}]}, "filtering"),
        ({"time_range": "2023-11-01..2023-11-02"}, "nothing was delivered"),
    ],
)
async def test_an_empty_answer_says_why(
    engine_client: EngineClient, params: dict[str, Any], said: str
) -> None:
    """Facebook does not: it answers no rows and no error."""
    found = await _rows(engine_client, **params)
    assert found.rows == []
    assert said in str(found.meta["warnings"])


@pytest.mark.slow
async def test_numbers_that_a_breakdown_leaves_out_are_no_zeros(engine_client: EngineClient) -> None:
    """By region and hour Facebook does not tell what happened on a website: empty, and said."""
    for name in ("region", HOURLY):
        found = await _rows(engine_client, breakdowns=name, level="campaign", sort="-spend", top=3)
        sales = [row for row in found.rows if row["result_type"] == "purchase"]
        assert {row["purchases"] for row in found.rows} == {row["results"] for row in sales} == {""}
        assert Decimal(found.rows[0]["spend"]) > 0
        typed = await _rows(engine_client, breakdowns=name, action_types="link_click,purchase")
        assert int(typed.rows[0]["link_click"]) > 0
        assert {row["purchase"] for row in typed.rows} == {""}
        assert "off its platforms" in str(found.meta["warnings"])


@pytest.mark.slow
async def test_actions_beside_the_usual_ones(engine_client: EngineClient) -> None:
    """The answer names what it does not show; one by one or all of them they are columns of numbers."""
    asked: dict[str, Any] = {"level": "campaign", "time_range": "last_7d", "limit": 30}
    usual = await _rows(engine_client, **asked)
    assert usual.meta["hidden"].startswith("actions link_click, landing_page_view")
    named = await _rows(engine_client, **asked, action_types="link_click,landing_page_view,add_to_cart")
    every = await _rows(engine_client, **asked, action_types="all")
    assert "link_click" not in named.meta["hidden"]
    assert "hidden" not in every.meta
    assert "hidden" not in (await _rows(engine_client, **asked, fields="campaign_name,actions")).meta
    for name in ("link_click", "add_to_cart"):
        assert [row[name] for row in named.rows] == [row[name] for row in every.rows]
    assert not [name for name in every.rows[0] if name.startswith(("omni_", "onsite_web"))]
    assert [row["purchase"] for row in every.rows] == [row["purchases"] for row in usual.rows]
    most = await _rows(
        engine_client, **asked, action_types="all", where="link_click > 100", sort="-link_click"
    )
    clicks = [int(row["link_click"]) for row in most.rows]
    assert clicks == sorted(clicks, reverse=True)
    assert len(clicks) == sum(int(row["link_click"]) > 100 for row in every.rows)


async def test_what_actions_were_worth_and_cost(engine_client: EngineClient) -> None:
    """Lists that are named are columns by type as well, each under a name of its own."""
    found = await _rows(
        engine_client, fields="spend,actions,action_values,cost_per_action_type", action_types="purchase,lead"
    )
    (row,) = found.rows
    kinds = ("{}", "value_of_{}", "cost_of_{}")
    assert list(row) == ["spend", *(kind.format(name) for name in ("purchase", "lead") for kind in kinds)]
    dear = await _rows(
        engine_client, fields="spend,action_values", action_types="lead", where="value_of_lead > 5 USD"
    )
    assert dear.rows == []
    cost = Decimal(row["spend"]) / Decimal(row["purchase"])
    assert Decimal(row["cost_of_purchase"]) == pytest.approx(cost, rel=Decimal("0.01"))


async def test_conversions_that_have_columns_of_their_own(engine_client: EngineClient) -> None:
    """The first name Facebook has for each counts, whatever else it is reported under."""
    names = "adds_to_cart,checkouts,cost_per_add_to_cart,landing_page_views,app_installs"
    (row,) = (await _rows(engine_client, fields=names, action_types="add_to_cart")).rows
    assert row["adds_to_cart"] == row["add_to_cart"]
    assert int(row["adds_to_cart"]) > int(row["checkouts"]) > 0
    assert int(row["landing_page_views"]) > int(row["app_installs"]) > 0


async def test_windows_are_columns_beside(engine_client: EngineClient) -> None:
    """What each attribution window alone would count, next to the usual number."""
    found = await _rows(
        engine_client, action_attribution_windows="1d_click,7d_click", fields="purchases,spend"
    )
    (row,) = found.rows
    assert list(row) == ["purchases", "purchases_1d_click", "purchases_7d_click", "spend"]
    assert int(row["purchases"]) > int(row["purchases_7d_click"]) > int(row["purchases_1d_click"]) > 0
    assert "1d_click, 7d_click beside it" in found.meta["basis"]
    sorted_by = await _rows(
        engine_client,
        level="campaign",
        action_attribution_windows="1d_click",
        sort="-purchases_1d_click",
        top=2,
    )
    assert int(sorted_by.rows[0]["purchases_1d_click"]) >= int(sorted_by.rows[1]["purchases_1d_click"])


async def test_actions_by_what_splits_them(engine_client: EngineClient) -> None:
    """A column a part; the parts add up, and the usual columns stay whole."""
    found = await _rows(engine_client, action_breakdowns="action_device", time_range="last_7d")
    whole = await _rows(engine_client, time_range="last_7d", action_types="link_click")
    (row,) = found.rows
    parts = [int(row[f"link_click.{name}"]) for name in ("iphone", "android_smartphone", "desktop")]
    assert sum(parts) == int(whole.rows[0]["link_click"])
    assert row["purchases"] == whole.rows[0]["purchases"]


async def test_several_ranges_in_one_call(engine_client: EngineClient) -> None:
    """A row each, whose days stand in it; the numbers are those of each alone."""
    ranges = ["last_7d", "2026-10-01..2026-10-07"]
    found = await _rows(engine_client, time_ranges=ranges)
    apart = [(await _rows(engine_client, time_range=text)).rows[0]["spend"] for text in ranges]
    assert [row["spend"] for row in found.rows] == apart
    assert found.rows[1]["date_start"] == "2026-10-01"
    assert "range" not in found.meta
    ordered = await _rows(engine_client, "run", time_ranges=ranges, sort="-clicks", level="campaign")
    assert {row["date_start"] for row in ordered.rows} == {row["date_start"] for row in found.rows}
    with pytest.raises(InvalidParams, match="time_ranges: 2020-01-01 is too far back"):
        await _rows(engine_client, time_ranges=["last_7d", "2020-01-01..2020-01-31"])


async def test_the_account_of_what_is_named(engine_client: EngineClient) -> None:
    """With a campaign's id alone there is nothing to ask: it belongs to one account."""
    found = await engine_client.table(FACEBOOK, "ads_insights", "list", campaign_id=SPRING, level="campaign")
    assert (found.meta["account"], found.meta["currency"]) == (US, "USD")
    assert [row["campaign_id"] for row in found.rows] == [SPRING]


@pytest.mark.slow
async def test_combinations_are_those_of_the_platform(engine_client: EngineClient) -> None:
    """Of every one, two and some three breakdowns: what is refused here is refused there, and no more."""
    several = [*itertools.combinations(NAMES, 1), *itertools.combinations(NAMES, 2)]
    several += [
        ("age", "gender", "country"),
        ("publisher_platform", "platform_position", "impression_device"),
    ]
    several += [("publisher_platform", "platform_position", "age"), ("age", "gender", "action_device")]
    async with graph() as g:
        for names in several:
            actions = [name for name in names if name.startswith("action_")]
            asked = {"breakdowns": [*{*names} - {*actions}], "action_breakdowns": actions}
            given = {name: value for name, value in asked.items() if value}
            answer = await g.send(
                "GET", f"{ACCOUNT}/insights", fields="impressions", date_preset="yesterday", **given
            )
            assert ("combination" in answer.text) == bool(_refusal(**given)), names


def _refusal(**params: Any) -> str:
    """Why a call is refused before it is sent; empty where it is not."""
    try:
        call("ads_insights", "list", account_id="1", fields="impressions", **params)
    except InvalidParams as refused:
        return "" if "only total_postbacks" in str(refused) else str(refused)
    return ""


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"breakdowns": "age,country"}, "age, country do not go together; Facebook takes age; country"),
        ({"breakdowns": "age,gender,country"}, "takes age+gender; country"),
        ({"breakdowns": "platform_position"}, "goes only with publisher_platform"),
        ({"breakdowns": "platform_position,device_platform"}, "go only with publisher_platform"),
        ({"breakdowns": "agee"}, "did you mean age?"),
        ({"breakdowns": "age,age"}, "one is there twice"),
        ({"breakdowns": "mmm"}, "CSV"),
        ({"breakdowns": "media_format"}, "no such field"),
        ({"breakdowns": "image_asset"}, "not there at level account"),
        (
            {"breakdowns": "title_asset", "fields": "spend,ctr,results"},
            "results: by title_asset there are only",
        ),
        ({"breakdowns": "frequency_value", "fields": "spend"}, "there are only reach"),
        ({"breakdowns": HOURLY, "fields": "frequency"}, "answers 0"),
        ({"breakdowns": HOURLY, "fields": "video_play_actions"}, "by the hour"),
        ({"breakdowns": "region", "fields": "video_p25_watched_actions"}, "by region"),
        ({"breakdowns": HOURLY, "action_breakdowns": "action_device"}, "do not go together"),
        ({"action_attribution_windows": "7d_clik"}, "did you mean 7d_click?"),
        ({"action_report_time": "mixed"}, "ignores it since June 2025"),
        ({"use_unified_attribution_setting": True}, "ignores it"),
        ({"default_summary": True}, "level account"),
        ({"time_ranges": ["last_7d"], "time_increment": 1}, "time_increment: not with time_ranges"),
        ({"time_ranges": ["last_7d"], "time_range": "mtd"}, "time_range: not with time_ranges"),
        ({"time_ranges": ["some day"]}, "time_ranges: 'some day' is no range"),
        ({"product_id_limit": 0}, "at least 1"),
    ],
)
def test_what_is_refused_before_it_is_sent(params: dict[str, Any], said: str) -> None:
    """With the reason, and what to ask for instead; of a report likewise."""
    for action in ("list", "run", "create_report"):
        with pytest.raises(InvalidParams) as refused:
            call("ads_insights", action, account_id="1", **params)
        assert said in str(refused.value)


@pytest.mark.parametrize("names", ["comscore_market", "device_platform,publisher_platform", "zip", "new_one"])
def test_what_facebook_may_take_is_sent(names: str) -> None:
    """A name that is not known here is Facebook's to refuse."""
    assert call("ads_insights", "list", account_id="1", breakdowns=names)


async def test_numbers_go_back_as_far_as_they_are_kept(engine_client: EngineClient) -> None:
    """By the hour and by frequency less far: Facebook would answer no rows."""
    for names, days in ((HOURLY, 500), ("frequency_value", 220)):
        since = time.strftime("%Y-%m-%d", time.gmtime(time.time() - days * 86_400))
        with pytest.raises(InvalidParams, match="too far back"):
            await _rows(engine_client, breakdowns=names, time_range=f"{since}..{since}")
    assert _insights(engine_client) == []


async def test_usual_columns_are_those_a_breakdown_has(engine_client: EngineClient) -> None:
    """Nobody has to know that there are no results by asset, or only reach by frequency."""
    for names, columns in (("title_asset", {"spend", "purchases"}), ("frequency_value", {"reach"})):
        shown = {*call("ads_insights", "list", account_id="1", level="ad", breakdowns=names).columns()}
        assert columns <= shown
        assert "results" not in shown


async def test_why_the_sandbox_refuses_is_told(engine_client: EngineClient) -> None:
    """A breakdown that is not known is sent, and a refusal is the platform's."""
    with pytest.raises(Rejected) as refused:
        await _rows(engine_client, breakdowns="new_one")
    assert "breakdowns[0] must be one of" in refused.value.platform_text
