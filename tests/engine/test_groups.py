"""Grouped answers through the front door, on every platform: what rows come to, and what is refused."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient, Table

from mcp_ads.core.columns import COUNT, MONEY, Column
from mcp_ads.core.view import TableView
from mcp_ads.engine.reads import looks
from mcp_ads.engine.records.rows import SqliteTable
from mcp_ads.engine.records.spool import Spool
from mcp_ads.engine.tables.look import Look
from mcp_ads.errors import InvalidParams

pytestmark = pytest.mark.anyio
DE = "4412345678901234"
REPORT: dict[str, Any] = {"profile_id": PROFILE, "report_type": "spTargeting", "time_range": "last_7d"}
ADS: dict[str, Any] = {"account_id": US, "level": "ad", "time_range": "last_30d", "limit": 1000}
ANALYTICS: dict[str, Any] = {"account_id": LINKEDIN_US, "time_range": "last_30d"}


async def report(looking: EngineClient, **view: Any) -> Table:
    return await looking.table(AMAZON, "reports", "run", **{**REPORT, **view})


async def insights(looking: EngineClient, **view: Any) -> Table:
    return await looking.table(FACEBOOK, "ads_insights", "list", **{**ADS, **view})


def total(rows: list[dict[str, str]], column: str) -> Decimal:
    return sum((Decimal(row[column] or 0) for row in rows), Decimal(0))


async def test_groups_are_sums_of_their_rows(looking: EngineClient) -> None:
    """Counts and sums of the rows of each campaign, ratios of the sums, totals of all, largest first."""
    rows = (await insights(looking, fields=["campaign_name", "spend", "clicks", "ctr", "impressions"])).rows
    grouped = await insights(
        looking, group_by="campaign_name", fields="campaign_name,count,spend,clicks,ctr", sort="-spend"
    )
    assert list(grouped.rows[0]) == ["campaign_name", "count", "spend", "clicks", "ctr"]
    names = Counter(row["campaign_name"] for row in rows)
    assert {row["campaign_name"]: int(row["count"]) for row in grouped.rows} == names
    assert (grouped.meta["total"], grouped.meta["rows_grouped"]) == (len(names), len(rows))
    spends = [Decimal(row["spend"]) for row in grouped.rows]
    assert spends == sorted(spends, reverse=True)
    for group in grouped.rows:
        inside = [row for row in rows if row["campaign_name"] == group["campaign_name"]]
        assert Decimal(group["spend"]) == total(inside, "spend")
        shown = total(inside, "impressions")
        ctr = round(total(inside, "clicks") * 100 / shown, 4) if shown else None
        assert (Decimal(group["ctr"]) if group["ctr"] else None) == ctr
    assert Decimal(str(grouped.meta["totals"]["spend"])) == total(rows, "spend")


async def test_a_condition_chooses_rows_and_top_chooses_groups(looking: EngineClient, tmp_path: Path) -> None:
    """Where before grouping, sort and top after; pages go on, a file has all groups, from has the rows."""
    first = await report(looking, group_by="matchType", where="clicks > 0", sort="-count", top=3, limit=2)
    assert (first.meta["rows"], first.meta["shown"], first.meta["total"]) == (2, 3, 4)
    more = await report(
        looking, group_by="matchType", where="clicks > 0", sort="-count", top=3, limit=2,
        cursor=first.meta["cursor"],
    )  # fmt: skip
    counts = [int(row["count"]) for row in first.rows + more.rows]
    assert (counts, len(more.rows)) == (sorted(counts, reverse=True), 1)
    sent = len(looking.sent())
    rows = await looking.table(AMAZON, "reports", "run", **{"from": first.meta["result"]}, where="clicks > 0")
    assert rows.meta["total"] == first.meta["rows_grouped"] > sum(counts)
    again = await looking.table(
        AMAZON, "reports", "run", **{"from": first.meta["result"]}, group_by="targeting", fields="count,cost"
    )
    assert list(again.rows[0]) == ["targeting", "count", "cost"]
    with pytest.raises(InvalidParams, match="fields: rows of one group may differ in keywordId"):
        await looking.do(
            AMAZON,
            "reports",
            "run",
            **{"from": first.meta["result"]},
            group_by="matchType",
            fields="keywordId",
        )
    assert len(looking.sent()) == sent


async def test_what_groups_do_not_have(looking: EngineClient) -> None:
    """Reach, bids and texts are refused with why, before anything is sent; left out unless named."""
    usual = await insights(looking, level="campaign", group_by="objective", fields=["spend"])
    assert list(usual.rows[0]) == ["objective", "count", "spend"]
    sent = len(looking.sent())
    for params, said in (
        ({"group_by": "campaign_name", "fields": ["reach"]}, r"fields: reach cannot be summed over rows"),
        ({"group_by": "campaign_name", "sort": "-frequency"}, r"sort: frequency of several rows is not made"),
        ({"group_by": "campaign_name", "fields": ["adset_name"]}, r"one group may differ in adset_name"),
        ({"group_by": "campaign_name", "where": "count > 3"}, r"where: count is of groups"),
        ({"group_by": "spend"}, r"group_by: spend is what is summed"),
        ({"group_by": "colour"}, r"group_by: 'colour'"),
        ({"group_by": "campaign_name", "sort": "-colour"}, r"sort: 'colour'"),
        ({"group_by": "month", "time_increment": "all_days"}, r"write time_increment monthly"),
    ):  # fmt: skip
        with pytest.raises(InvalidParams, match=said):
            await insights(looking, **params)
    with pytest.raises(
        InvalidParams, match="with time_unit SUMMARY rows are of no single day: write time_unit"
    ):
        await report(looking, group_by="week", time_unit="SUMMARY")
    assert len(looking.sent()) == sent


@pytest.mark.slow
async def test_days_weeks_and_months_on_every_platform(looking: EngineClient) -> None:
    """Rows of days are asked for by themselves, periods follow each other and come to what is there."""
    whole = (await insights(looking, level="account", fields=["spend"])).rows
    for period, length in (("month", 7), ("week", 10), ("day", 10)):
        found = await insights(looking, level="campaign", group_by=period, fields=["spend"])
        periods = [row[period] for row in found.rows]
        assert (periods, {*map(len, periods)}) == (sorted({*periods}), {length})
        assert total(found.rows, "spend") == total(whole, "spend")
    for connector, entity, action, params in (
        (LINKEDIN, "ad_campaign_analytics", "list", ANALYTICS), (AMAZON, "reports", "run", REPORT),
    ):  # fmt: skip
        asked = {**params, "fields": ["cost"], "limit": 1000}
        rows = (await looking.table(connector, entity, action, **asked)).rows
        weeks = (await looking.table(connector, entity, action, **asked, group_by=["week"])).rows
        assert len(weeks) > 1
        assert abs(total(weeks, "cost") - total(rows, "cost")) < Decimal("0.05")


async def test_groups_of_several_currencies(looking: EngineClient) -> None:
    """Money is never summed over currencies: theirs is a column, said to be, and top counts in each."""
    asked = {**REPORT, "profile_id": [PROFILE, DE], "group_by": "matchType", "sort": "-cost"}
    found = await report(looking, **asked, top=1)
    assert list(found.rows[0])[:3] == ["matchType", "currency", "count"]
    assert [row["currency"] for row in found.rows] == ["EUR", "USD"]
    assert any("of one currency each" in warning for warning in found.meta["warnings"])
    assert {*found.meta["totals"]} == {"EUR", "USD"}
    with pytest.raises(InvalidParams, match=r"cost is in several currencies \(EUR, USD\)"):
        await report(looking, **asked, where="cost > 50")
    over = await report(looking, **asked, where="cost > 0", fields=["clicks"])
    assert list(over.rows[0]) == ["matchType", "currency", "count", "clicks"]


async def test_amounts_to_group_by_are_of_one_currency(looking: EngineClient) -> None:
    """300 USD and 300 EUR are no group, also where nothing is summed, and in another look at the rows."""
    asked: dict[str, Any] = {"group_by": "dailyBudget.amount", "limit": 1000}
    found = await looking.table(LINKEDIN, "campaigns", "list", accounts="all", **asked)
    assert list(found.rows[0])[:3] == ["dailyBudget.amount", "currency", "count"]
    assert {row["currency"] for row in found.rows} == {"EUR", "USD"}
    again = await looking.table(LINKEDIN, "campaigns", "list", **{"from": found.meta["result"]}, **asked)
    assert again.rows == found.rows
    listed = await looking.table(
        LINKEDIN, "campaigns", "list", accounts="all", fields="dailyBudget.amount,currency", limit=1000
    )
    pairs = Counter((row["dailyBudget.amount"], row["currency"]) for row in listed.rows)
    assert {(row["dailyBudget.amount"], row["currency"]): int(row["count"]) for row in found.rows} == pairs


async def test_days_of_an_object_are_no_span(looking: EngineClient) -> None:
    """A campaign that runs for months began in one of them; which day is meant has to be said."""
    asked: dict[str, Any] = {"profile_id": PROFILE, "limit": 1000}
    listed = await looking.table(AMAZON, "sponsored_product_campaigns", "list", **asked, fields="startDate")
    found = await looking.table(
        AMAZON, "sponsored_product_campaigns", "list", **asked, group_by="month(startDate)"
    )
    months = Counter(row["startDate"][:7] for row in listed.rows)
    assert {row["month(startDate)"]: int(row["count"]) for row in found.rows} == months
    with pytest.raises(InvalidParams, match=r"of which day\? Write such as month\(startDate\)"):
        await looking.table(AMAZON, "sponsored_product_campaigns", "list", **asked, group_by="month")


@pytest.mark.slow
@pytest.mark.parametrize("at", ["memory", "SQL"])
async def test_objects_of_one_name_are_two(
    looking: EngineClient, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    """A word for an object groups by its name and its id, which is fetched; its name's own by the name."""
    if at == "memory":
        monkeypatch.setattr(SqliteTable, "group", lambda *_: None)
    for word, columns in (
        ("campaign", ["campaign_name", "campaign_id"]),
        ("ad_set", ["adset_name", "adset_id"]),
        ("ad", ["ad_name", "ad_id"]),
        ("campaign_name", ["campaign_name"]),
    ):
        found = await insights(looking, group_by=word, fields="spend")
        assert list(found.rows[0]) == [*columns, "count", "spend"]
        assert all(row[name] for row in found.rows for name in columns)
    for word, columns in (
        ("campaign", ["campaignName", "campaignId"]),
        ("ad_group", ["adGroupName", "adGroupId"]),
    ):
        assert list((await report(looking, group_by=word, limit=1)).rows[0])[:3] == [*columns, "count"]


@pytest.mark.parametrize("at", ["memory", "SQL"])
async def test_days_of_times_in_utc_are_said(tmp_path: Path, at: str) -> None:
    """An answer says by whose calendar it counts, where times are written in UTC; days are only days."""
    spool, kinds = Spool(tmp_path), {"created": Column("date"), "day": Column("date")}
    days = [f"2026-11-{day:02}" for day in range(1, 9)]
    rows: list[dict[str, Any]] = [{"created": f"{day}T23:30:00+0000", "day": day} for day in days]
    rows.append({"created": "2026-12-01T23:30:00-0800", "day": None})
    for word, said in (("day(created)", ["day(created)"]), ("week(day)", [])):
        kept = spool.put("a" * 24, lambda: rows, {}, ("created", "day"), kinds)
        with kept:
            look = Look(TableView(group_by=[word]), kinds, kept.columns, "")
            if at == "SQL":
                assert kept.table.group(look)
            else:
                looks.group(kept.table.every(), look)
            assert look.groups
            assert sorted(look.groups.utc) == said


async def test_leads_are_counted_by_the_days_of_utc(looking: EngineClient) -> None:
    """Facebook writes when a lead was made in UTC, and its campaigns' times in the account's zone."""
    leads = await looking.table(
        FACEBOOK, "leads", "list", form_id="120250000000000002", group_by="day(created_time)"
    )
    assert any("by the calendar of UTC" in warning for warning in leads.meta["warnings"])
    campaigns = await looking.table(
        FACEBOOK, "campaigns", "list", account_id=US, group_by="day(created_time)"
    )
    assert not any("UTC" in warning for warning in campaigns.meta["warnings"])


@pytest.mark.parametrize("params", [{"fields": "acos"}, {"sort": "-acos"}])
async def test_a_ratio_the_platform_has_the_other_way_round(
    engine_client: EngineClient, params: dict[str, str]
) -> None:
    """What is meant by it is named, and not what is only spelt alike."""
    with pytest.raises(InvalidParams, match="'acos' is no field here; did you mean purchase_roas, by which"):
        await engine_client.do(FACEBOOK, "ads_insights", "list", **{**ADS, **params})


@pytest.mark.slow
async def test_lists_of_objects_are_counted(looking: EngineClient) -> None:
    """Keywords by match type, campaigns by status: one call, no platform's word for it."""
    for connector, entity, params, column in (
        (AMAZON, "sponsored_product_keywords", {"profile_id": PROFILE}, "matchType"),
        (LINKEDIN, "campaigns", {"account_id": LINKEDIN_US}, "status"),
        (FACEBOOK, "campaigns", {"account_id": US}, "effective_status"),
    ):  # fmt: skip
        counted = await looking.table(connector, entity, "list", **params, group_by=column, sort=f"{column}")
        listed = await looking.table(connector, entity, "list", **params, fields=[column], limit=1000)
        found = {row[column]: int(row["count"]) for row in counted.rows}
        assert Counter(row[column] for row in listed.rows).items() <= found.items()


@pytest.mark.slow
async def test_an_order_in_every_spelling(looking: EngineClient) -> None:
    """People's, SQL's and the platforms' ways to say it, in text, lists and objects, mixed too."""
    for spelled in (
        "spend desc, name", ["spend_descending", {"field": "name", "order": "ASCENDING"}],
        [{"field": "SPEND", "order": "DESCENDING"}, "name"], "(field:spend,order:DESCENDING),name",
        [["Spend", "desc"], {"campaign_name": "asc"}],
    ):  # fmt: skip
        found = await insights(looking, level="campaign", fields=["campaign_name", "spend"], sort=spelled)
        order = [(-Decimal(row["spend"]), row["campaign_name"].casefold()) for row in found.rows]
        assert order == sorted(order), spelled
    for connector, entity, params, column, sort in (
        (AMAZON, "sponsored_product_keywords", {"profile_id": PROFILE}, "bid", {"by": "bid", "dir": "DESC"}),
        (LINKEDIN, "ad_campaign_analytics", ANALYTICS, "impressions", {"field": "IMPRESSIONS", "desc": True}),
        (FACEBOOK, "campaigns", {"account_id": US}, "daily_budget_major", ["daily_budget_major_descending"]),
    ):  # fmt: skip
        rows = (await looking.table(connector, entity, "list", **params, sort=sort, limit=100)).rows
        numbers = [-float(row[column]) if row[column] else 1.0 for row in rows]
        assert numbers == sorted(numbers)
        assert len(numbers) > 1


async def test_groups_in_a_file(tmp_path: Path) -> None:
    """save_to writes the groups, all of them, and not the rows they come from."""
    files = tmp_path / "files"
    files.mkdir()
    client = EngineClient(tmp_path / "home", {"MCP_ADS_FILES": str(files)})
    found = await report(client, group_by="campaign", limit=1, save_to="campaigns.csv")
    with (files / "campaigns.csv").open(encoding="utf-8") as file:
        saved = list(csv.DictReader(file))
    assert len(saved) == found.meta["total"] > 1
    assert saved[0].keys() == found.rows[0].keys()
    await client.close()


async def test_sums_beyond_what_a_query_can_hold(tmp_path: Path) -> None:
    """Sums past 2^63 millionths, and amounts past six decimals, are added up row by row, exactly."""
    columns = {"spend": MONEY, "clicks": COUNT, "cpc": Column("ratio", of=("spend", "clicks", 1))}
    huge: list[dict[str, Any]] = [{"name": "a", "spend": "4000000000000.25", "clicks": 1}] * 6
    tiny: list[dict[str, Any]] = [{"name": "a", "spend": "0.00000001", "clicks": 2}] * 6
    for number, rows in enumerate((huge, tiny)):
        spool = Spool(tmp_path / str(number))
        with spool.put("x", lambda: rows, {}, (), columns) as kept:  # noqa: B023 - called at once
            look = Look(TableView(group_by=["name"]), columns, kept.columns, "USD", shown=kept.columns)
            assert kept.table.group(look) is None
            (group,) = looks.group(kept.table.every(), look).rows()
            assert Decimal(str(group["spend"])) == 6 * Decimal(rows[0]["spend"])
            assert (group["count"], group["clicks"]) == (6, 6 * rows[0]["clicks"])


async def test_a_row_of_several_months_is_of_none(tmp_path: Path) -> None:
    """It is refused, by queries and row by row: either month would be a wrong number."""
    rows = [
        {"date_start": "2026-10-20", "date_stop": last, "spend": 5} for last in ("2026-10-31", "2026-11-02")
    ]
    with Spool(tmp_path).put("x", lambda: rows, {}, (), {"spend": MONEY}) as kept:
        look = Look(TableView(group_by=["month"]), {}, kept.columns, "USD", shown=kept.columns)
        for found in (kept.table.group, lambda made: looks.group(kept.table.every(), made)):
            with pytest.raises(InvalidParams, match="a row is of 2026-10-20 to 2026-11-02"):
                found(look)
