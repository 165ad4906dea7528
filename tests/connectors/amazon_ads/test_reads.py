"""Amazon's reads: rates in percent, named columns, archived objects by id, what serves, whole accounts."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from itertools import chain
from typing import Any

import pytest
from amazon_calls import CONTEXT, Course, call
from amazon_calls import PROFILE as OWNER
from engine_client import AMAZON, PROFILE, EngineClient

from mcp_ads.connectors import connector
from mcp_ads.connectors.amazon_ads.reports import metrics as report_metrics
from mcp_ads.connectors.amazon_ads.reports.catalogue import catalogue
from mcp_ads.core import Fetched, Wait
from mcp_ads.core.record_fields import has
from mcp_ads.engine.records.scan import rows_in
from mcp_ads.errors import InvalidParams, NotFound, PlatformDown

US = {"profile_id": PROFILE}
CAMPAIGNS, GROUPS = "sponsored_product_campaigns", "sponsored_product_ad_groups"
KEYWORDS, ADS = "sponsored_product_keywords", "sponsored_product_product_ads"
WEEK = {**US, "time_range": "last_7d", "limit": 1000}
BY_CAMPAIGN = {**WEEK, "report_type": "spCampaigns"}
BY_TARGET = {**WEEK, "report_type": "spTargeting"}
ID = "0f9ecb0f-5cd8-4a36-a1f9-4a2c5d5a6a10"
SUMS = ("impressions", "clicks", "cost", "purchases7d", "sales7d")


async def _rows(
    engine_client: EngineClient, entity: str, action: str = "list", **params: Any
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await engine_client.do(AMAZON, entity, action, **params)).data
    return found


async def _all(engine_client: EngineClient, entity: str, action: str, **params: Any) -> list[dict[str, Any]]:
    """The rows of every page."""
    result = await engine_client.do(AMAZON, entity, action, **params)
    rows: list[dict[str, Any]] = result.data
    while cursor := result.meta.get("cursor"):
        result = await engine_client.do(AMAZON, entity, action, **params, cursor=cursor)
        rows = rows + result.data
    return rows


async def _archived(engine_client: EngineClient, entity: str) -> list[dict[str, Any]]:
    return await _rows(engine_client, entity, **US, state=["ARCHIVED"], limit=1000)


@pytest.mark.slow
async def test_rates_are_percent_and_computed_from_their_parts(engine_client: EngineClient) -> None:
    """Every day's names and Amazon's own, to four decimals."""
    asked = [
        "cost",
        "clicks",
        "impressions",
        "sales7d",
        "ctr",
        "clickThroughRate",
        "acos",
        "acosClicks7d",
        "roas",
    ]
    rows = await _rows(engine_client, "reports", "run", **BY_TARGET, fields=asked)
    assert any(row["sales7d"] for row in rows)
    for row in rows:
        assert row["ctr"] == row["clickThroughRate"]
        assert row["acos"] == row["acosClicks7d"]
        if row["impressions"]:
            assert row["ctr"] == pytest.approx(100 * row["clicks"] / row["impressions"], abs=0.0001)
        if row["sales7d"]:
            assert row["acos"] == pytest.approx(100 * row["cost"] / row["sales7d"], abs=0.0001)
        else:
            assert row["acos"] is None


@pytest.mark.parametrize("sent", [1.5, 0.015])
def test_a_rate_does_not_depend_on_how_amazon_spells_it(sent: float) -> None:
    """Percentage or fraction: three clicks of two hundred impressions are 1.5."""
    made = call("reports", "run", report_type="spCampaigns", fields=["clickThroughRate"])
    row = made.to_row({"clickThroughRate": sent, "clicks": 3, "impressions": 200}, None)
    assert row["clickThroughRate"] == 1.5
    assert made.kinds()["clickThroughRate"].of == ("clicks", "impressions", 100)


def test_the_parts_of_a_ratio_are_ordered_with_it() -> None:
    """Hidden where they are not asked for, so that it can be compared in full."""
    body: Any = call("reports", "run", report_type="spCampaigns", fields=["acos", "name"]).settled(CONTEXT)
    assert body.to_body()["configuration"]["columns"] == ["cost", "sales7d", "campaignName"]
    assert body.columns() == ("acos", "campaignName")


def test_shares_are_percent_and_what_is_left_out_is_nought() -> None:
    """Amazon sends the share of top-of-search impressions as 0 to 1, and no purchases as nothing."""
    fields = ["topOfSearchImpressionShare", "purchases7d", "cost_per_conversion"]
    made = call("reports", "run", report_type="spCampaigns", fields=fields)
    row = made.to_row({"topOfSearchImpressionShare": 0.25, "purchases7d": None, "cost": 3.0}, None)
    assert (row["topOfSearchImpressionShare"], row["purchases7d"], row["cost_per_conversion"]) == (
        25.0,
        0,
        None,
    )


async def test_everyday_words_name_columns(engine_client: EngineClient) -> None:
    """The same as on the other platforms."""
    asked = ["name", "spend", "cpa", "orders", "revenue", "roas"]
    rows = await _rows(engine_client, "reports", "run", **BY_CAMPAIGN, fields=asked)
    names = ["campaignName", "spend", "cost_per_conversion", "conversions", "conversion_value", "roas"]
    assert [name for name in rows[0] if name not in ("cost", "spend")] == [n for n in names if n != "spend"]
    rows = await _rows(engine_client, CAMPAIGNS, **US, fields=["id", "status", "daily_budget", "end_date"])
    assert [*rows[0]] == ["campaignId", "state", "budget.budget", "endDate"]


@pytest.mark.parametrize("unit", ["SUMMARY", "DAILY"])
async def test_a_whole_account_adds_up(engine_client: EngineClient, unit: str) -> None:
    """One row, or one a day, to the cent what its campaigns add up to; ratios from the sums."""
    asked = {**BY_CAMPAIGN, "time_unit": unit, "fields": [*SUMS, "acos"]}
    whole = await _rows(engine_client, "reports", "run", **asked, report_group_by=["account"])
    parts = await _all(engine_client, "reports", "run", **asked)
    assert len(whole) == (1 if unit == "SUMMARY" else 7)
    for row in whole:
        below = [part for part in parts if part.get("date") == row.get("date")]
        for name in SUMS:
            assert Decimal(str(row[name])) == sum(Decimal(str(part[name])) for part in below) > 0
        assert row["acos"] == pytest.approx(100 * row["cost"] / row["sales7d"], abs=0.0001)


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"fields": ["campaignName"]}, "does not add up"),
        ({"fields": ["topOfSearchImpressionShare"]}, "does not add up"),
        ({"report_type": "spTargeting"}, "needs a report by campaign"),
        ({"report_group_by": ["account", "campaign"]}, "stands alone"),
    ],
)
async def test_what_cannot_be_added_up_is_refused(
    engine_client: EngineClient, params: dict[str, Any], says: str
) -> None:
    """A name or a share of an account means nothing."""
    with pytest.raises(InvalidParams, match=says):
        await engine_client.do(
            AMAZON, "reports", "run", **{**BY_CAMPAIGN, "report_group_by": ["account"], **params}
        )
    assert engine_client.sent() == []


@pytest.mark.parametrize(
    "file", [{}, None, [1], [{"clicks": "many"}], [{"clicks": 1}, {"clicks": float("nan")}]]
)
def test_a_total_is_never_made_of_what_cannot_be_read(file: Any) -> None:
    """A file of another shape is no account without delivery."""
    steps = Course(call("reports", "run", report_id=ID, report_group_by="account").settled(CONTEXT))
    steps.send()
    done = {"reportId": ID, "status": "COMPLETED", "url": "https://x.test/y", "startDate": "2026-11-01"}
    configuration = {"groupBy": ["campaign"], "columns": ["clicks"]}
    columns = {"endDate": "2026-11-10", "configuration": configuration}
    steps.send(done | columns)
    data = steps.ends(Fetched(io.BytesIO(json.dumps(file).encode()), 0)).data
    with pytest.raises(PlatformDown):
        list(data.through(data.files[0].through(chain(*rows_in(data.files[0].file, data.files[0].again)))))


async def test_going_on_with_an_account_report_keeps_adding_up(engine_client: EngineClient) -> None:
    """What to call again with says so too."""
    made = call("reports", "run", report_type="spCampaigns", report_group_by=["account"]).settled(CONTEXT)
    steps = Course(made)
    steps.send()
    pause = steps.until(Wait, {"reportId": ID, "status": "PENDING"})
    assert pause.resume == {"report_id": ID, "profile_id": OWNER, "report_group_by": "account"}
    first = await engine_client.do(AMAZON, "reports", "run", **BY_CAMPAIGN)
    again = await _rows(
        engine_client,
        "reports",
        "run",
        **US,
        report_id=first.meta["report_id"],
        report_group_by="account",
        limit=1000,
    )
    assert [row["clicks"] for row in again] == [sum(row["clicks"] for row in first.data)]


@pytest.mark.slow
async def test_answers_say_what_a_purchase_is_counted_by(engine_client: EngineClient) -> None:
    """Days after a click by the column's suffix; nothing where no purchase is counted."""
    usual = await engine_client.table(AMAZON, "reports", "run", **BY_CAMPAIGN)
    assert usual.meta["basis"] == "az: 7d click"
    two = await engine_client.table(
        AMAZON, "reports", "run", **BY_CAMPAIGN, fields=["sales1d", "purchases14d"]
    )
    assert two.meta["basis"] == "az: 1d click (sales1d), 14d click (purchases14d)"
    words = await engine_client.table(
        AMAZON, "reports", "run", **BY_CAMPAIGN, fields=["acos", "cost_per_conversion"]
    )
    assert words.meta["basis"] == "az: 7d click"
    none = await engine_client.table(AMAZON, "reports", "run", **BY_CAMPAIGN, fields=["clicks", "cost"])
    assert "basis" not in none.meta


@pytest.mark.parametrize(
    ("columns", "basis"),
    [
        (["purchases", "salesClicks"], "az: 14d click + view (purchases), 14d click (salesClicks)"),
        (["purchasesViews", "detailPageViewsViews"], "az: 14d view"),
        (["detailPageViews", "newToBrandSales"], "az: 14d click + view"),
        (["purchasedAsin", "purchases7d"], "az: 7d click"),
        (["viewableImpressions", "clicks", "cost", "campaignName"], ""),
    ],
)
def test_what_a_column_is_counted_by_is_in_its_name(columns: list[str], basis: str) -> None:
    """Days after a click where it says them, else 14 after a click or a view, or one of the two."""
    assert report_metrics.basis(columns, columns) == basis


@pytest.mark.parametrize(
    ("entity", "action", "params", "says"),
    [
        (CAMPAIGNS, "list", {"fields": ["nonsense"]}, "there are campaignId"),
        (CAMPAIGNS, "list", {"fields": ["budgt"]}, "did you mean budget"),
        (CAMPAIGNS, "list", {"fields": ["extendedData.servingStat"]}, "extendedData.servingStatus"),
        (GROUPS, "list", {"fields": ["budget"]}, "no column"),
        (KEYWORDS, "list", {"fields": ["bids"]}, "did you mean bid"),
        (ADS, "get", {"ad_id": "1", "fields": ["title"]}, "no column"),
        ("portfolios", "list", {"fields": ["spend"]}, "no column"),
        ("profiles", "list", {"fields": ["currncyCode"]}, "did you mean currencyCode"),
        ("reports", "types", {"fields": ["colums"]}, "did you mean columns"),
        ("reports", "get", {"report_id": ID, "fields": ["url"]}, "no column"),
        ("reports", "run", {"report_type": "spCampaigns", "fields": ["acso"]}, "did you mean acos"),
        ("reports", "create", {"report_type": "spCampaigns", "fields": ["no sense"]}, "reports.types"),
    ],
)
async def test_a_column_there_is_none_of_is_refused(
    engine_client: EngineClient, entity: str, action: str, params: dict[str, Any], says: str
) -> None:
    """Nothing is asked for it, and the answer names those there are."""
    given = US if "profile_id" in connector(AMAZON).action(entity, action).model_fields else {}
    with pytest.raises(InvalidParams, match=says):
        await engine_client.do(AMAZON, entity, action, **given, **params)
    assert engine_client.sent() == []


async def test_a_column_a_finished_report_lacks_is_refused(engine_client: EngineClient) -> None:
    """It was not ordered; those that were are named."""
    first = await engine_client.do(AMAZON, "reports", "run", **BY_CAMPAIGN)
    for action in ("download", "run"):
        with pytest.raises(InvalidParams, match=r"unitsSoldClicks30d.*there are campaignId"):
            await engine_client.do(
                AMAZON,
                "reports",
                action,
                **US,
                report_id=first.meta["report_id"],
                fields=["unitsSoldClicks30d"],
            )
    known = await _rows(
        engine_client, "reports", "download", **US, report_id=first.meta["report_id"], fields=["acos"]
    )
    assert any(row["acos"] for row in known)


@pytest.mark.parametrize("entity", [CAMPAIGNS, GROUPS, KEYWORDS, ADS, "portfolios", "profiles"])
async def test_whatever_a_record_has_may_be_named(engine_client: EngineClient, entity: str) -> None:
    """Every field of every record is a known column."""
    kind = connector(AMAZON).action(entity, "list")
    given = US if "profile_id" in kind.model_fields else {}
    for row in await _rows(engine_client, entity, **given, fields=["*"], limit=100):
        known = kind.known  # type: ignore[attr-defined]
        assert [name for name in row if not has(name, known)] == []


async def test_what_serves_is_a_column(engine_client: EngineClient) -> None:
    """The switch is `state`; what a paused campaign holds back, its ad groups and keywords say."""
    campaigns = await _rows(engine_client, CAMPAIGNS, **US, limit=1000)
    paused = {row["campaignId"] for row in campaigns if row["state"] == "PAUSED"}
    assert {row["extendedData.servingStatus"] for row in campaigns} >= {
        "CAMPAIGN_STATUS_ENABLED", "CAMPAIGN_PAUSED",
    }  # fmt: skip
    for entity in (GROUPS, KEYWORDS, ADS):
        rows = await _rows(engine_client, entity, **US, state=["ENABLED"], limit=1000)
        held = [row for row in rows if row["campaignId"] in paused]
        assert {row["extendedData.servingStatus"] for row in held} <= {"CAMPAIGN_PAUSED", "AD_GROUP_PAUSED"}
        assert len({row["extendedData.servingStatus"] for row in rows}) > 1


async def test_extended_data_is_asked_for_when_a_column_needs_it(engine_client: EngineClient) -> None:
    """By itself, and not when it is declined or no column is made of it."""
    asked = ["campaignId", "extendedData.lastUpdateDateTime"]
    rows = await _rows(engine_client, CAMPAIGNS, **US, fields=asked)
    assert all(row["extendedData.lastUpdateDateTime"] for row in rows)
    declined = await _rows(engine_client, CAMPAIGNS, **US, include_extended_data_fields=False)
    assert not any("extendedData" in name for name in declined[0])
    plain: Any = call(CAMPAIGNS, "list", fields=["name"])
    assert "includeExtendedDataFields" not in plain.to_body()
    one = await engine_client.do(AMAZON, CAMPAIGNS, "get", **US, campaign_id=rows[0]["campaignId"])
    assert one.data["extendedData.lastUpdateDateTime"]


async def test_what_is_named_by_id_is_listed_whatever_its_state(engine_client: EngineClient) -> None:
    """Archived ones too, and what belongs to them."""
    campaign = (await _rows(engine_client, CAMPAIGNS, **US, state=["ENABLED"]))[0]["campaignId"]
    before = await _rows(engine_client, KEYWORDS, **US, campaign_id=campaign, limit=1000)
    plan = await engine_client.do(AMAZON, CAMPAIGNS, "delete", **US, campaign_id=campaign)
    await engine_client.workspace.apply(plan.data["plan_id"])
    listed = await _rows(engine_client, CAMPAIGNS, **US, campaign_id=[campaign])
    assert [row["state"] for row in listed] == ["ARCHIVED"]
    for entity in (GROUPS, KEYWORDS, ADS):
        assert await _rows(engine_client, entity, **US, campaign_id=[campaign])
    after = await _rows(engine_client, KEYWORDS, **US, campaign_id=campaign, limit=1000)
    assert len(after) == len(before) > 0
    assert await _rows(engine_client, KEYWORDS, **US, campaign_id=campaign, state=["ENABLED"]) == []


async def test_a_list_says_what_its_default_leaves_out(engine_client: EngineClient) -> None:
    """Only when it is the default that does."""
    assert await _archived(engine_client, CAMPAIGNS)
    usual = await engine_client.table(AMAZON, CAMPAIGNS, "list", **US)
    assert "ARCHIVED" in usual.meta["hidden"]
    chosen = await engine_client.table(AMAZON, CAMPAIGNS, "list", **US, state=["ENABLED"])
    assert "hidden" not in chosen.meta


@pytest.mark.parametrize(
    ("entity", "params", "says"),
    [
        (CAMPAIGNS, {"name": {"contains": "towel"}}, "include"),
        (CAMPAIGNS, {"name": {"include": ["towel"], "queryTermMatchType": "PREFIX"}}, "EXACT_MATCH"),
        (CAMPAIGNS, {"name": {"include": ["towel"], "exclude": ["beach"]}}, "include"),
        (CAMPAIGNS, {"name": {"include": []}}, "1 to 100"),
        (CAMPAIGNS, {"name": " "}, "empty text"),
        (CAMPAIGNS, {"campaign_id": {"include": ["1"], "exclude": ["2"]}}, "include"),
        (CAMPAIGNS, {"state": {"exclude": ["ARCHIVED"]}}, "include"),
        (KEYWORDS, {"keyword_text": {"include": [5]}}, "no text"),
        (KEYWORDS, {"match_type": []}, "match_type"),
        ("portfolios", {"name": {"names": ["x"]}}, "include"),
        ("profiles", {"profile_type_filter": []}, "profile_type_filter"),
        ("reports", {"filters": [{"field": "campaignStatus", "values": []}]}, "filters: write"),
        ("reports", {"filters": [{"field": "campaignStatus", "values": ["ENABLED"], "not": True}]}, "write"),
    ],
)
async def test_a_malformed_filter_is_refused(
    engine_client: EngineClient, entity: str, params: dict[str, Any], says: str
) -> None:
    """A filter that Amazon ignores would answer with everything."""
    given = BY_CAMPAIGN if entity == "reports" else {} if entity == "profiles" else US
    with pytest.raises(InvalidParams, match=says):
        await engine_client.do(AMAZON, entity, "run" if entity == "reports" else "list", **given, **params)
    assert engine_client.sent() == []


async def test_a_filter_in_either_form_is_understood(engine_client: EngineClient) -> None:
    """Amazon's object, lower case, one text for a list."""
    plain = await _rows(engine_client, CAMPAIGNS, **US, name="towel", limit=1000)
    vendor = {"include": "towel", "queryTermMatchType": "broad_match"}
    assert await _rows(engine_client, CAMPAIGNS, **US, nameFilter=vendor, limit=1000) == plain
    exact = await _rows(engine_client, KEYWORDS, **US, match_type={"include": ["exact"]}, limit=1000)
    assert {row["matchType"] for row in exact} == {"EXACT"}


def test_no_rate_is_taken_for_a_sum() -> None:
    """Of all columns of all reports: what is a share, an average, a price or a reach never adds up."""
    names = {name for kind in catalogue().values() for name in kind.known(kind.group_by)}
    words = (
        "Rate",
        "Percentage",
        "Share",
        "costPer",
        "CostPer",
        "Average",
        "average",
        "ROAS",
        "roas",
        "acos",
    )
    wrong = [name for name in names if report_metrics.adds(name) and any(word in name for word in words)]
    assert wrong == []
    assert not any(map(report_metrics.adds, ("cumulativeReach", "householdReach", "reach", "keywordBid")))
    assert all(map(report_metrics.adds, (*SUMS, "unitsSoldClicks14d", "newToBrandSales", "detailPageViews")))


def test_rows_of_a_report_keep_ids_whole() -> None:
    """Numbers beyond what JSON readers hold become text."""
    made = call("reports", "download", report_id=ID)
    steps = Course(made)
    steps.send()
    done = {
        "reportId": ID, "status": "COMPLETED", "url": "https://x.test/y", "startDate": "2026-11-01",
        "endDate": "2026-11-10", "configuration": {"columns": ["campaignId", "cost"]},
    }  # fmt: skip
    steps.send(done)
    result = steps.ends(Fetched(io.BytesIO(), 0))
    (record,) = result.data.through([{"cost": 1.5, "campaignId": 9007199254740993}])
    assert made.to_row(record, None) == {"campaignId": "9007199254740993", "cost": 1.5}


@pytest.mark.slow
async def test_names_people_have_for_reports_are_answered_with_amazons(engine_client: EngineClient) -> None:
    """One name instead of all there are; and an id of a target is told apart from one of a keyword."""
    with pytest.raises(InvalidParams) as caught:
        await engine_client.do(AMAZON, "reports", "run", profile_id=PROFILE, report_type="spKeywords")
    assert str(caught.value) == "report_type: 'spKeywords' is not known; did you mean spTargeting?"
    target = {"profile_id": PROFILE, "keyword_id": "160000000000001"}
    for action, more in (("update", {"state": "PAUSED"}), ("get", {})):
        with pytest.raises(NotFound) as gone:
            await engine_client.do(AMAZON, "sponsored_product_keywords", action, **target, **more)
        is_one = f"is a target of Sponsored Products: sponsored_product_targets.{action}"
        assert str(gone.value) == f"keyword_id: 160000000000001 {is_one}"
