"""LinkedIn's reports: one unit for ratios, whole accounts and groups, and what has no rows."""

from __future__ import annotations

from decimal import Decimal

import pytest
from engine_client import LINKEDIN, LINKEDIN_US, EngineClient
from linkedin_calls import rows_of

US = {"account_id": LINKEDIN_US}
WEEK = {**US, "time_range": "last_7d", "limit": 1000}


async def test_rates_are_percent(engine_client: EngineClient) -> None:
    """3 clicks of 400 impressions are 0.75, as on the other platforms."""
    asked = ["clicks", "impressions", "ctr", "totalEngagements", "engagement_rate"]
    rows = await rows_of(engine_client, "ad_campaign_analytics", **WEEK, fields=asked)
    assert any(row["ctr"] for row in rows)
    for row in rows:
        assert row["ctr"] == pytest.approx(100 * row["clicks"] / row["impressions"], abs=0.0001)
        assert row["engagement_rate"] == pytest.approx(
            100 * row["totalEngagements"] / row["impressions"], abs=0.0001
        )


async def test_a_threshold_on_a_ratio_counts_the_unrounded_value(engine_client: EngineClient) -> None:
    """As many rows pass as a calculator finds, not as a rounded column has."""
    asked = ["clicks", "impressions", "cost", "ctr", "cpc"]
    rows = await rows_of(engine_client, "ad_campaign_analytics", **WEEK, fields=asked)
    prices = [Decimal(row["cost"]) / row["clicks"] for row in rows if row["clicks"]]
    below = next(price for price in sorted(prices) if round(price, 4) > price)
    edge = (below + round(below, 4)) / 2
    kept = await rows_of(
        engine_client, "ad_campaign_analytics", **WEEK, fields=asked, filter=f"cpc>{edge:.12f} and clicks>0"
    )
    assert len(kept) == sum(price > edge for price in prices)


async def test_conversions_are_website_conversions_and_leads(engine_client: EngineClient) -> None:
    """Leads are a part of them, counted once; what did not happen is 0."""
    asked = [
        "externalWebsiteConversions",
        "oneClickLeads",
        "conversions",
        "leads",
        "cost_per_conversion",
        "cost",
    ]
    rows = await rows_of(engine_client, "ad_campaign_analytics", **WEEK, fields=asked)
    assert any(row["leads"] for row in rows)
    for row in rows:
        assert row["conversions"] == row["externalWebsiteConversions"] + row["oneClickLeads"]
        assert row["leads"] == row["oneClickLeads"]
        if row["conversions"]:
            assert row["cost_per_conversion"] == pytest.approx(
                float(row["cost"]) / row["conversions"], abs=0.0001
            )


async def test_answers_say_what_a_conversion_is_counted_by(engine_client: EngineClient) -> None:
    """The window is the rule's; a report without conversions says nothing of it."""
    full = await engine_client.table(LINKEDIN, "ad_campaign_analytics", "list", **WEEK)
    assert full.meta["basis"] == "li: 30d click + 7d view (rule's); recent days may still rise"
    plain = await engine_client.table(LINKEDIN, "ad_campaign_analytics", "list", **WEEK, fields=["clicks"])
    assert "basis" not in plain.meta


@pytest.mark.parametrize("pivot", ["ACCOUNT", "CAMPAIGN_GROUP"])
async def test_whole_accounts_and_groups_add_up(engine_client: EngineClient, pivot: str) -> None:
    """To the cent what their campaigns add up to."""
    above = await rows_of(engine_client, "analytics", **WEEK, pivot=pivot)
    below = await rows_of(engine_client, "ad_campaign_analytics", **WEEK)
    for column in ("impressions", "clicks", "cost", "conversions", "leads"):
        assert sum(Decimal(row[column]) for row in above) == sum(Decimal(row[column]) for row in below) > 0
    if pivot == "ACCOUNT":
        assert [(row["account_id"], row["account_name"]) for row in above] == [
            (LINKEDIN_US, "Tern & Tide US")
        ]
    else:
        groups = {
            str(row["id"]): row["name"]
            for row in await rows_of(engine_client, "campaign_groups", **US, limit=100)
        }
        assert len(above) > 1
        assert all(groups[row["campaign_group_id"]] == row["campaign_group_name"] for row in above)


async def test_an_account_by_day_is_one_row_a_day(engine_client: EngineClient) -> None:
    """Seven days, seven rows."""
    rows = await rows_of(engine_client, "analytics", **WEEK, pivot="account", time_granularity="daily")
    assert len({row["date"] for row in rows}) == len(rows) == 7


async def test_named_campaigns_without_rows_are_named(engine_client: EngineClient) -> None:
    """A report of two campaigns with one row says which is missing."""
    rows = await rows_of(engine_client, "ad_campaign_analytics", **WEEK)
    given = [rows[0]["campaign_id"], "399999999"]
    result = await engine_client.do(LINKEDIN, "ad_campaign_analytics", "list", **WEEK, campaigns=given)
    assert [row["campaign_id"] for row in result.data] == given[:1]
    assert any("399999999" in warning for warning in result.meta["warnings"])
