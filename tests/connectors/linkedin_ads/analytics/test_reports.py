"""LinkedIn's reports: one unit for ratios, whole accounts and groups, and what has no rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from engine_client import LINKEDIN, LINKEDIN_US, EngineClient
from linkedin_calls import rows_of

from mcp_ads.errors import InvalidParams

EngineClients = Callable[..., EngineClient]
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


async def test_named_objects_are_looked_up_whatever_it_is_counted_by(engine_client: EngineClient) -> None:
    """Rows by job title hide that a campaign they were narrowed to is none; one that is there has no word."""
    for entity, more in (
        ("ad_member_job_title_analytics", {"campaigns": ["300000001", "399999999"]}),
        ("ad_member_job_title_analytics", {"campaigns": ["399999999"]}),
        ("ad_campaign_analytics", {"campaign_groups": ["699999999"]}),
        ("ad_impression_device_analytics", {"creatives": ["799999999"]}),
    ):
        result = await engine_client.do(LINKEDIN, entity, "list", **WEEK, **more)
        (strange,) = [id_ for ids in more.values() for id_ in ids if id_[1:].startswith("99")]
        assert f"not found in this account: {strange}" in result.meta["warnings"]
    known = {**WEEK, "campaigns": ["300000001"], "fields": ["clicks"]}
    quiet = await engine_client.do(LINKEDIN, "ad_impression_device_analytics", "list", **known)
    assert "warnings" not in quiet.meta


async def test_named_objects_that_cannot_be_looked_up(engine_client_with: EngineClients) -> None:
    """Then it is not known whether they are of the account, and the answer says so."""
    client = engine_client_with()
    client.fault("no-product", path="adCampaigns$", times=0)
    given = {**WEEK, "campaigns": ["399999999"]}
    result = await client.do(LINKEDIN, "ad_impression_device_analytics", "list", **given)
    assert "it is not known whether they are in this account: 399999999" in result.meta["warnings"]


@pytest.mark.slow
async def test_several_pivots_add_up(engine_client: EngineClient) -> None:
    """Campaigns by device and placement come to the cent to what the account spent."""
    asked = {**WEEK, "fields": ["cost", "clicks"], "limit": 3}
    split = await engine_client.table(
        LINKEDIN, "analytics", "list", **asked, pivot=["campaign", "device", "placement"]
    )
    whole = await engine_client.do(LINKEDIN, "analytics", "list", **asked, pivot="ACCOUNT")
    assert [*split.rows[0]] == [
        "campaign_id", "campaign_name", "device_type", "placement", "cost", "clicks",
    ]  # fmt: skip
    assert split.rows[0]["campaign_name"]
    assert Decimal(str(split.meta["totals"]["cost"])) == Decimal(whole.data[0]["cost"])


@pytest.mark.parametrize(
    ("pivot", "columns"),
    [
        ("job title", ["job_title_id", "job_title_name"]),
        ("MEMBER_COUNTRY", ["country_id", "country_name"]),
        ("member_region", ["region_id", "region_name"]),
        ("serving location", ["serving_location"]),
        ("creatives", ["creative_id", "creative_name", "campaign_id"]),
        ("List(SHARE)", ["post"]),
        ("(value:CAMPAIGN)", ["campaign_id", "campaign_name"]),
        ("COMPANY", ["organization_id", "organization_name"]),
        ("CONVERSION", ["conversion_id", "conversion_name"]),
    ],
)
async def test_pivots_in_peoples_words(engine_client: EngineClient, pivot: str, columns: list[str]) -> None:
    """In any case, without LinkedIn's prefixes, under the name a pivot had before."""
    rows = await rows_of(engine_client, "analytics", **WEEK, pivot=pivot, fields=["conversions"])
    assert [*rows[0]] == [*columns, "conversions"]


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"pivot": "LEAD_GEN_FORM"}, "pivot: 'LEAD_GEN_FORM' is none of CAMPAIGN"),
        ({"pivot": ["CAMPAIGN", "MEMBER_INDUSTRY"]}, "pivot: MEMBER_INDUSTRY stands alone"),
        ({"pivot": ["CAMPAIGN", "CREATIVE", "SHARE", "CARD_INDEX"]}, "pivot: one to 3 pivots, not 4"),
        ({"pivot": []}, "pivot: "),
        ({"pivot": {"value": 7}}, "pivot: write one to 3 of"),
        ({"pivot": "MEMBER_INDUSTRY", "fields": ["reach"]}, "does not count it by MEMBER_INDUSTRY"),
        ({"pivot": "MEMBER_INDUSTRY", "fields": ["roas"]}, "does not count it by MEMBER_INDUSTRY"),
        ({"pivot": "CAMPAIGN", "fields": ["costInLocalCurency"]}, "did you mean costInLocalCurrency"),
        ({"pivot": "CAMPAIGN", "shares": ["urn:li:image:1"]}, "shares: 'urn:li:image:1' does not fit"),
        ({"pivot": "CAMPAIGN", "sort_by": "cost"}, "sort_by: write {field, order}"),
        ({"pivot": "MEMBER_INDUSTRY", "time_range": "2020"}, "time_range: LinkedIn keeps nothing of it"),
    ],
)
async def test_reports_there_are_none_of(
    engine_client: EngineClient, params: dict[str, Any], says: str
) -> None:
    """A line names the parameter, and LinkedIn is not asked for the report."""
    with pytest.raises(InvalidParams) as refused:
        await engine_client.do(LINKEDIN, "analytics", "list", **US, **params)
    assert says in str(refused.value)
    assert "GET /rest/adAnalytics" not in engine_client.sent()


async def test_who_saw_the_ads_has_no_totals(engine_client: EngineClient) -> None:
    """Rows that are approximate are not added up, and by day there is one more word of it."""
    asked = {**WEEK, "limit": 3}
    members = await engine_client.do(LINKEDIN, "ad_member_industry_analytics", "list", **asked)
    assert "totals" not in members.meta
    days = await engine_client.do(
        LINKEDIN, "ad_member_industry_analytics", "list", **asked, time_granularity="DAILY"
    )
    assert [line.partition(":")[0] for line in days.meta["warnings"]] == [
        "approximate", "by day, month or year even more is left out",
    ]  # fmt: skip
    devices = await engine_client.do(LINKEDIN, "ad_impression_device_analytics", "list", **asked)
    assert {row["device_type"] for row in devices.data} == {"MOBILE_APP", "DESKTOP_WEB", "MOBILE_WEB"}
    assert "cost" in devices.meta["totals"]
    assert "warnings" not in devices.meta


async def test_posts_and_advertisers_narrow(engine_client: EngineClient) -> None:
    """Only what the named post did, and nothing where another Page advertises."""
    posts = await rows_of(engine_client, "analytics", **WEEK, pivot="SHARE")
    one = posts[0]["post"]
    rows = await rows_of(engine_client, "analytics", **WEEK, pivot="SHARE", shares=[one])
    assert rows == posts[:1]
    other = await engine_client.do(
        LINKEDIN, "analytics", "list", **WEEK, pivot="SHARE", shares=[one], companies=["1"]
    )
    assert other.data == []
    assert "nothing was delivered" in other.meta["warnings"][0]


async def test_the_vendors_order_is_kept(engine_client: EngineClient) -> None:
    """As Rest.li spells it; a metric that orders need not be shown."""
    rows = await rows_of(
        engine_client, "ad_campaign_analytics", **WEEK, fields=["clicks", "cost"],
        sortBy="(field:COST_IN_LOCAL_CURRENCY,order:ASCENDING)",
    )  # fmt: skip
    costs = [Decimal(row["cost"]) for row in rows]
    assert costs == sorted(costs)
    by_clicks = await rows_of(
        engine_client, "ad_campaign_analytics", **WEEK, fields=["cost"], sort_by={"field": "clicks"}
    )
    assert [*by_clicks[0]] == ["campaign_id", "campaign_name", "cost"]


async def test_old_days_count_whole_months(engine_client: EngineClient) -> None:
    """The answer says which days were counted instead of those asked for."""
    start = (datetime.now(UTC).date() - timedelta(days=215)).replace(day=10)
    old = await engine_client.do(
        LINKEDIN, "analytics", "list", **US, pivot="ACCOUNT", time_range=f"{start}..{start}"
    )
    assert f"LinkedIn counted {start.replace(day=1)}.." in old.meta["warnings"][0]
    days = await engine_client.do(
        LINKEDIN, "analytics", "list", **US, pivot="ACCOUNT", time_range=f"{start}..{start}",
        time_granularity="DAILY",
    )  # fmt: skip
    assert days.meta["warnings"][0].startswith("LinkedIn keeps single days for six months")
    assert days.data[0]["clicks"] < old.data[0]["clicks"]
