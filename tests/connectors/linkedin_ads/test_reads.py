"""LinkedIn's reads: one unit for ratios, named columns, what serves, whole accounts and groups."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from desk import LINKEDIN, LINKEDIN_US, Desk

from mcp_ads.connectors import connector
from mcp_ads.connectors.linkedin_ads.dialect import RestliDialect
from mcp_ads.core import Reply
from mcp_ads.core.record_fields import has
from mcp_ads.errors import InvalidParams, Rejected
from mcp_ads.sandbox.linkedin_ads.state import CAMPAIGN, GROUP

US = {"account_id": LINKEDIN_US}
WEEK = {**US, "time_range": "last_7d", "limit": 1000}
LISTS = {
    "accounts": {},
    "campaign_groups": US,
    "campaigns": US,
    "creatives": US,
    "ad_campaign_analytics": US,
    "ad_creative_analytics": US,
    "analytics": {**US, "pivot": "ACCOUNT"},
}


async def _rows(desk: Desk, entity: str, **params: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await desk.do(LINKEDIN, entity, "list", **params)).data
    return found


async def test_rates_are_percent(desk: Desk) -> None:
    """3 clicks of 400 impressions are 0.75, as on the other platforms."""
    asked = ["clicks", "impressions", "ctr", "totalEngagements", "engagement_rate"]
    rows = await _rows(desk, "ad_campaign_analytics", **WEEK, fields=asked)
    assert any(row["ctr"] for row in rows)
    for row in rows:
        assert row["ctr"] == pytest.approx(100 * row["clicks"] / row["impressions"], abs=0.0001)
        assert row["engagement_rate"] == pytest.approx(
            100 * row["totalEngagements"] / row["impressions"], abs=0.0001
        )


async def test_a_threshold_on_a_ratio_counts_the_unrounded_value(desk: Desk) -> None:
    """As many rows pass as a calculator finds, not as a rounded column has."""
    asked = ["clicks", "impressions", "cost", "ctr", "cpc"]
    rows = await _rows(desk, "ad_campaign_analytics", **WEEK, fields=asked)
    prices = [Decimal(row["cost"]) / row["clicks"] for row in rows if row["clicks"]]
    below = next(price for price in sorted(prices) if round(price, 4) > price)
    edge = (below + round(below, 4)) / 2
    kept = await _rows(
        desk, "ad_campaign_analytics", **WEEK, fields=asked, filter=f"cpc>{edge:.12f} and clicks>0"
    )
    assert len(kept) == sum(price > edge for price in prices)


async def test_conversions_are_website_conversions_and_leads(desk: Desk) -> None:
    """Leads are a part of them, counted once; what did not happen is 0."""
    asked = [
        "externalWebsiteConversions",
        "oneClickLeads",
        "conversions",
        "leads",
        "cost_per_conversion",
        "cost",
    ]
    rows = await _rows(desk, "ad_campaign_analytics", **WEEK, fields=asked)
    assert any(row["leads"] for row in rows)
    for row in rows:
        assert row["conversions"] == row["externalWebsiteConversions"] + row["oneClickLeads"]
        assert row["leads"] == row["oneClickLeads"]
        if row["conversions"]:
            assert row["cost_per_conversion"] == pytest.approx(
                float(row["cost"]) / row["conversions"], abs=0.0001
            )


async def test_answers_say_what_a_conversion_is_counted_by(desk: Desk) -> None:
    """The window is the rule's; a report without conversions says nothing of it."""
    full = await desk.table(LINKEDIN, "ad_campaign_analytics", "list", **WEEK)
    assert full.meta["basis"] == "li: 30d click + 7d view (rule's)"
    plain = await desk.table(LINKEDIN, "ad_campaign_analytics", "list", **WEEK, fields=["clicks"])
    assert "basis" not in plain.meta


@pytest.mark.parametrize("pivot", ["ACCOUNT", "CAMPAIGN_GROUP"])
async def test_whole_accounts_and_groups_add_up(desk: Desk, pivot: str) -> None:
    """To the cent what their campaigns add up to."""
    above = await _rows(desk, "analytics", **WEEK, pivot=pivot)
    below = await _rows(desk, "ad_campaign_analytics", **WEEK)
    for column in ("impressions", "clicks", "cost", "conversions", "leads"):
        assert sum(Decimal(row[column]) for row in above) == sum(Decimal(row[column]) for row in below) > 0
    if pivot == "ACCOUNT":
        assert [(row["account_id"], row["account_name"]) for row in above] == [
            (LINKEDIN_US, "Tern & Tide US")
        ]
    else:
        groups = {
            str(row["id"]): row["name"] for row in await _rows(desk, "campaign_groups", **US, limit=100)
        }
        assert len(above) > 1
        assert all(groups[row["campaign_group_id"]] == row["campaign_group_name"] for row in above)


async def test_an_account_by_day_is_one_row_a_day(desk: Desk) -> None:
    """Seven days, seven rows."""
    rows = await _rows(desk, "analytics", **WEEK, pivot="account", time_granularity="daily")
    assert len({row["date"] for row in rows}) == len(rows) == 7


@pytest.mark.parametrize(
    ("entity", "params", "says"),
    [
        ("campaigns", {"fields": ["dailyBudgt"]}, "did you mean dailyBudget"),
        ("campaigns", {"fields": ["name", "nonsense"]}, "there are id, name"),
        ("campaign_groups", {"fields": ["targetingCriteria"]}, "no column"),
        ("accounts", {"fields": ["budget"]}, "no column"),
        ("creatives", {"fields": ["headline"]}, "no column"),
        ("ad_campaign_analytics", {"fields": ["impresions"]}, "did you mean impressions"),
        ("ad_campaign_analytics", {"fields": ["creative_name"]}, "no column"),
        (
            "analytics",
            {"pivot": "ACCOUNT", "fields": ["approximateMemberReach"]},
            "does not count it by ACCOUNT",
        ),
        ("analytics", {"pivot": "ACCOUNT", "fields": ["frequency"]}, "does not count it by ACCOUNT"),
        ("ad_creative_analytics", {"fields": ["audiencePenetration"]}, "does not count it by CREATIVE"),
    ],
)
async def test_a_column_there_is_none_of_is_refused(
    desk: Desk, entity: str, params: dict[str, Any], says: str
) -> None:
    """Nothing is asked for it, and the answer names those there are."""
    with pytest.raises(InvalidParams, match=says):
        await desk.do(LINKEDIN, entity, "list", **LISTS[entity] | params)
    assert desk.sent() == []


async def test_everyday_words_name_columns(desk: Desk) -> None:
    """Other platforms' words, and snake_case for the vendor's camelCase."""
    rows = await _rows(desk, "ad_campaign_analytics", **WEEK, fields=["spend", "cpl", "reach", "video_views"])
    assert [*rows[0]][2:] == ["cost", "cost_per_lead", "approximateMemberReach", "videoViews"]
    rows = await _rows(desk, "campaigns", **US, fields=["id", "daily_budget", "objective", "end_date"])
    assert [*rows[0]] == ["id", "dailyBudget.amount", "objectiveType", "runSchedule.end"]


@pytest.mark.parametrize("entity", ["accounts", "campaign_groups", "campaigns", "creatives"])
async def test_whatever_a_record_has_may_be_named(desk: Desk, entity: str) -> None:
    """Every field of every record is a known column."""
    kind = connector(LINKEDIN).action(entity, "list")
    for row in await _rows(desk, entity, **LISTS[entity], fields=["*"], limit=100):
        known = kind.known  # type: ignore[attr-defined]
        assert [name for name in row if not has(name, known)] == []


async def test_active_campaigns_in_paused_groups_show(desk: Desk) -> None:
    """Their switch is on; what holds them back is a column."""
    rows = await _rows(desk, "campaigns", **US, status=["ACTIVE"], limit=1000)
    groups = {str(row["id"]): row["status"] for row in await _rows(desk, "campaign_groups", **US, limit=100)}
    held = [row for row in rows if groups[row["campaign_group_id"]] != "ACTIVE"]
    assert held
    assert all("CAMPAIGN_GROUP_STATUS_HOLD" in row["serving"] for row in held)
    assert all(
        row["serving"] == "RUNNABLE" for row in rows if row not in held and "HOLD" not in row["serving"]
    )


async def test_an_ended_campaign_that_is_active_shows(desk: Desk) -> None:
    """Its own end, or its group's."""
    first, *_ = await _rows(desk, "campaigns", **US, status=["ACTIVE"])
    campaign = desk.store.get(CAMPAIGN, str(first["id"]))
    group = desk.store.get(GROUP, first["campaign_group_id"])
    assert campaign
    assert group
    desk.store.put(
        CAMPAIGN,
        str(first["id"]),
        {**campaign, "runSchedule": {"start": 1_700_000_000_000, "end": 1_710_000_000_000}},
    )
    again = await desk.do(LINKEDIN, "campaigns", "get", **US, campaign_id=str(first["id"]))
    assert again.data["serving"] == "CAMPAIGN_END_DATE_HOLD"


@pytest.mark.parametrize(
    ("entity", "params", "says"),
    [
        ("campaigns", {"status": []}, "empty list"),
        ("campaigns", {"name": {"contains": "x"}}, "name"),
        ("campaigns", {"name": {"values": ["x"], "match": "BROAD"}}, "values"),
        ("campaigns", {"search": {"name": {"values": ["x"]}}}, "search"),
        ("campaigns", {"associated_entity": ["Tern"]}, "organization"),
        ("creatives", {"campaign_id": []}, "empty list"),
        ("creatives", {"content_references": ["7000"]}, "urn:li:share"),
        ("ad_campaign_analytics", {"campaigns": []}, "empty list"),
    ],
)
async def test_a_malformed_filter_is_refused(
    desk: Desk, entity: str, params: dict[str, Any], says: str
) -> None:
    """A filter LinkedIn would read as none must not answer with everything."""
    with pytest.raises(InvalidParams, match=says):
        await desk.do(LINKEDIN, entity, "list", **US, **params)
    assert desk.sent() == []


async def test_named_campaigns_without_rows_are_named(desk: Desk) -> None:
    """A report of two campaigns with one row says which is missing."""
    rows = await _rows(desk, "ad_campaign_analytics", **WEEK)
    given = [rows[0]["campaign_id"], "399999999"]
    result = await desk.do(LINKEDIN, "ad_campaign_analytics", "list", **WEEK, campaigns=given)
    assert [row["campaign_id"] for row in result.data] == given[:1]
    assert any("399999999" in warning for warning in result.meta["warnings"])


@pytest.mark.parametrize(
    ("refused", "proposed"), [("202607", "202609"), ("202511", "202607"), ("209901", "202607")]
)
async def test_a_refused_version_is_not_proposed(
    desk_with: Callable[..., Desk], refused: str, proposed: str
) -> None:
    """What to set instead is another month than the one LinkedIn has just refused."""
    reply = Reply(426, {}, b'{"status":426,"code":"NONEXISTENT_VERSION","message":"not active"}')
    with pytest.raises(Rejected) as error:
        RestliDialect(version=refused).decode(reply)
    assert f"LINKEDIN_ADS_API_VERSION={proposed}" in error.value.fix
    if refused == "202511":
        desk = desk_with(LINKEDIN_ADS_API_VERSION=refused)
        with pytest.raises(Rejected, match=refused):
            await desk.do(LINKEDIN, "accounts", "list")


def test_the_newest_version_refused_leads_to_the_list() -> None:
    """Where none is known to be newer, the page that lists them."""
    with pytest.raises(Rejected) as error:
        RestliDialect(version="202609").decode(Reply(426, {}, b"{}"))
    assert "202609" in error.value.fix
    assert "=202609" not in error.value.fix
    assert "versioning" in error.value.fix
