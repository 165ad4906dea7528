"""Reports of the make-believe platform: totals that add up, and its many limits."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from linkedin_client import CAMPAIGNS, CREATIVES, US, Client, campaign, codes, enc, targeting, urn

pytestmark = pytest.mark.anyio
ACCOUNT = f"accounts=List({enc(urn('sponsoredAccount', US))})"
FIELDS = (
    "impressions,clicks,costInLocalCurrency,externalWebsiteConversions,oneClickLeads,pivotValues,dateRange"
)
MANY = [f"viral{name}" for name in ("Likes", "Shares", "Comments", "Clicks", "Follows")] * 3
COUNTED = ("impressions", "clicks", "externalWebsiteConversions", "oneClickLeads")


def date(day: dt.date) -> str:
    return f"(year:{day.year},month:{day.month},day:{day.day})"


def days(count: int) -> str:
    """The `count` whole days before today as a dateRange."""
    today = dt.datetime.now(dt.UTC).date()
    start, end = today - dt.timedelta(days=count), today - dt.timedelta(days=1)
    return f"dateRange=(start:{date(start)},end:{date(end)})"


def url(pivot: str, *more: str, span: int = 7, by: str = "ALL", fields: str = FIELDS) -> str:
    parts = ("q=analytics", f"pivot={pivot}", f"timeGranularity={by}", days(span), f"fields={fields}")
    return f"/rest/adAnalytics?{'&'.join((*parts, *(more or (ACCOUNT,))))}"


def total(rows: list[dict[str, Any]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for row in rows:
        found.update({name: row[name] for name in COUNTED})
        found["cents"] += int(Decimal(row["costInLocalCurrency"]) * 100)
    return found


@pytest.mark.slow
async def test_totals_add_up(api: Client) -> None:
    """Every level, every granularity and every split of a total sums to the same numbers."""
    whole = total((await api.get(url("ACCOUNT", span=30)))["elements"])
    assert whole["cents"] > 0
    for pivot in ("CAMPAIGN_GROUP", "CAMPAIGN", "CREATIVE", "IMPRESSION_DEVICE_TYPE", "SERVING_LOCATION"):
        assert total((await api.get(url(pivot, span=30)))["elements"]) == whole, pivot
    for by in ("DAILY", "MONTHLY", "YEARLY"):
        assert total((await api.get(url("CAMPAIGN", span=30, by=by)))["elements"]) == whole, by


async def test_rows(api: Client) -> None:
    """A row says its pivot values and its day; money is a decimal string; nothing asked for is missing."""
    rows = (await api.get(url("CAMPAIGN", by="DAILY")))["elements"]
    assert set(rows[0]) == set(FIELDS.split(","))
    assert rows[0]["pivotValues"][0].startswith("urn:li:sponsoredCampaign:")
    assert rows[0]["dateRange"]["start"] == rows[0]["dateRange"]["end"]
    assert len(rows[0]["costInLocalCurrency"].partition(".")[2]) == 10
    plain = (await api.get(url("CAMPAIGN").replace(f"fields={FIELDS}&", "")))["elements"]
    assert set(plain[0]) == {"impressions", "clicks"}


async def test_statistics_takes_several_pivots(api: Client) -> None:
    """Statistics groups by up to three pivots, in their order, but not by who saw the ads."""
    base = f"/rest/adAnalytics?q=statistics&timeGranularity=ALL&{days(7)}&fields={FIELDS}&{ACCOUNT}"
    rows = (await api.get(f"{base}&pivots=List(CAMPAIGN,CREATIVE)"))["elements"]
    kinds = [pivotvalue.split(":")[2] for pivotvalue in rows[0]["pivotValues"]]
    assert kinds == ["sponsoredCampaign", "sponsoredCreative"]
    assert total(rows) == total((await api.get(url("ACCOUNT")))["elements"])
    assert codes(await api.call("GET", f"{base}&pivots=List(MEMBER_INDUSTRY)")) == {"FIELD_INVALID"}
    four = await api.call("GET", f"{base}&pivots=List(ACCOUNT,CAMPAIGN,CREATIVE,SHARE)")
    assert codes(four) == {"PARAM_INVALID"}


async def test_facets_narrow_together(api: Client) -> None:
    """Facets of different kinds are combined; an unknown object gives an empty list, not an error."""
    one = f"campaigns=List({enc(urn('sponsoredCampaign', 300000007))})"
    group = f"campaignGroups=List({enc(urn('sponsoredCampaignGroup', 600000001))})"
    assert len((await api.get(url("CAMPAIGN", ACCOUNT, one)))["elements"]) == 1
    assert (await api.get(url("CAMPAIGN", group, one)))["elements"] == []
    foreign = f"accounts=List({enc(urn('sponsoredAccount', 1))})"
    assert (await api.get(url("CAMPAIGN", foreign)))["elements"] == []
    typed = await api.get(url("CAMPAIGN", ACCOUNT, "campaignType=TEXT_AD"))
    assert 0 < len(typed["elements"]) < len((await api.get(url("CAMPAIGN")))["elements"])


async def test_some_campaigns_waste_money(api: Client) -> None:
    """Last week a few campaigns spent a lot and brought nothing; sorting by cost shows them."""
    sort = "sortBy=(field:COST_IN_LOCAL_CURRENCY,order:DESCENDING)"
    rows = (await api.get(url("CAMPAIGN", ACCOUNT, sort)))["elements"]
    costs = [Decimal(row["costInLocalCurrency"]) for row in rows]
    assert costs == sorted(costs, reverse=True)
    barren = [row for row in rows if not row["externalWebsiteConversions"] and not row["oneClickLeads"]]
    spent = {row["pivotValues"][0][-3:] for row in barren if Decimal(row["costInLocalCurrency"]) > 500}
    assert spent == {"007", "008", "009"}


async def test_members_are_approximate(api: Client) -> None:
    """Demographics are near the total but not equal to it, and never below three."""
    whole = total((await api.get(url("ACCOUNT")))["elements"])
    rows = (await api.get(url("MEMBER_JOB_TITLE")))["elements"]
    assert rows[0]["pivotValues"][0].startswith("urn:li:title:")
    assert 0.8 < total(rows)["impressions"] / whole["impressions"] < 1
    assert all(row["clicks"] == 0 or row["clicks"] >= 3 for row in rows)


@pytest.mark.slow
async def test_reach(api: Client) -> None:
    """Reach is not additive, is missing for accounts and has a longest range."""
    fields = "impressions,approximateMemberReach,audiencePenetration,pivotValues"
    row = (await api.get(url("CAMPAIGN", fields=fields)))["elements"][0]
    assert 0 < row["approximateMemberReach"] < row["impressions"]
    assert "approximateMemberReach" not in (await api.get(url("ACCOUNT", fields=fields)))["elements"][0]
    assert "audiencePenetration" not in (await api.get(url("CREATIVE", fields=fields)))["elements"][0]
    assert (await api.call("GET", url("CAMPAIGN", fields=fields, span=92))).status_code == 200
    assert codes(await api.call("GET", url("CAMPAIGN", fields=fields, span=93))) == {"PARAM_INVALID"}


@pytest.mark.slow
async def test_silent_truncation(api: Client) -> None:
    """More than 15,000 rows are cut without a word."""
    rows = (await api.get(url("CREATIVE", by="DAILY", span=120, fields="clicks,pivotValues")))["elements"]
    assert len(rows) == 15_000


@pytest.mark.parametrize(
    "change",
    [
        ("fields=", "fields=spend,"),
        (
            "fields=",
            f"fields={','.join(MANY)},",
        ),
        ("pivot=CAMPAIGN", "pivot=LEAD_GEN_FORM"),
        ("timeGranularity=ALL", "timeGranularity=WEEKLY"),
        ("month:", "month:0"),
        ("timeGranularity=ALL&", ""),
        (ACCOUNT, ""),
        (ACCOUNT, "accounts[0]=urn%3Ali%3AsponsoredAccount%3A512345678"),
        (ACCOUNT, f"{ACCOUNT}&count=10"),
        (ACCOUNT, "accounts=List(512345678)"),
        ("q=analytics", "q=analytics&pivots=List(CAMPAIGN)"),
    ],
)
async def test_refusals(api: Client, change: tuple[str, str]) -> None:
    """What the platform does not take in a report is refused, never ignored."""
    answer = await api.call("GET", url("CAMPAIGN").replace(*change))
    assert answer.status_code == 400
    assert answer.json()["code"] in ("PARAM_INVALID", "QUERY_PARAM_NOT_ALLOWED", "FIELD_INVALID")


async def test_record_pivot_and_open_end(api: Client) -> None:
    """The record form of a pivot is understood, and a range without an end goes on to today."""
    today = dt.datetime.now(dt.UTC).date()
    start = date(today - dt.timedelta(days=3))
    query = f"q=analytics&pivot=(value:CAMPAIGN)&timeGranularity=ALL&dateRange=(start:{start})&{ACCOUNT}"
    row = (await api.get(f"/rest/adAnalytics?{query}&fields=clicks,dateRange"))["elements"][0]
    assert row["dateRange"]["end"] == {"year": today.year, "month": today.month, "day": today.day}


async def test_new_objects_deliver_nothing(api: Client) -> None:
    """A campaign made now has no numbers, even when everything above it is active."""
    body = campaign(status="ACTIVE", targetingCriteria=targeting(103644278))
    new = (await api.call("POST", CAMPAIGNS, body)).headers["x-restli-id"]
    content = {"reference": urn("share", 7300000000000000002)}
    creative = {"campaign": urn("sponsoredCampaign", new), "content": content, "intendedStatus": "ACTIVE"}
    assert (await api.call("POST", CREATIVES, creative)).status_code == 201
    rows = await api.get(url("CREATIVE", f"campaigns=List({enc(urn('sponsoredCampaign', new))})"))
    assert rows["elements"] == []


async def test_pausing_keeps_history(api: Client) -> None:
    """A pause ends delivery and leaves the past as it was."""
    one = f"campaigns=List({enc(urn('sponsoredCampaign', 300000007))})"
    before = await api.get(url("CAMPAIGN", one))
    assert (await api.patch(f"{CAMPAIGNS}/300000007", status="PAUSED")).status_code == 204
    assert await api.get(url("CAMPAIGN", one)) == before
    windows = [
        creative["_windows"]
        for creative in api.store.all("linkedin.creative")
        if creative["campaign"].endswith(":300000007")
    ]
    assert all(last is not None for creative in windows for _, last in creative)


async def test_days_older_than_six_months_come_in_whole_months(api: Client) -> None:
    """One row for a few old days counts their whole months, and says so."""
    today = dt.datetime.now(dt.UTC).date()
    start = (today - dt.timedelta(days=215)).replace(day=10)
    old = f"dateRange=(start:{date(start)},end:{date(start + dt.timedelta(days=2))})"
    rows = (await api.get(url("ACCOUNT").replace(days(7), old)))["elements"]
    told = rows[0]["dateRange"]
    assert (told["start"]["day"], told["start"]["month"]) == (1, start.month)
    assert told["end"]["day"] >= 28
    month = (await api.get(url("ACCOUNT", by="DAILY").replace(days(7), old)))["elements"]
    assert total(rows)["impressions"] > total(month)["impressions"] > 0


async def test_members_lack_some_metrics(api: Client) -> None:
    """What is not counted by who saw the ads is left out of the rows, and asking for it is no mistake."""
    fields = "impressions,conversionValueInLocalCurrency,approximateMemberReach,pivotValues"
    row = (await api.get(url("MEMBER_SENIORITY", fields=fields)))["elements"][0]
    assert set(row) == {"impressions", "pivotValues"}


async def test_posts_are_shares(api: Client) -> None:
    """Messages and text ads have no post, so that there is no row of them."""
    rows = (await api.get(url("SHARE")))["elements"]
    assert {row["pivotValues"][0].split(":")[2] for row in rows} == {"share", "ugcPost"}


async def test_revenue_takes_pivots_and_a_long_range(api: Client) -> None:
    """Without a customer database there is nothing, and what is no call is refused."""
    base = f"/rest/adAnalytics?q=attributedRevenueMetrics&account=List({enc(urn('sponsoredAccount', US))})"
    assert (await api.get(f"{base}&pivots=List(CAMPAIGN)&{days(60)}"))["elements"] == []
    assert codes(await api.call("GET", f"{base}&pivots=List(CREATIVE)&{days(60)}")) == {"FIELD_INVALID"}
    assert codes(await api.call("GET", f"{base}&pivots=List(CAMPAIGN)&{days(7)}")) == {"PARAM_INVALID"}


async def test_revenue_has_a_finder_of_its_own(api: Client) -> None:
    """The other finders do not take its metrics."""
    asked = url("CAMPAIGN", fields="clicks,revenueAttributionMetrics")
    assert codes(await api.call("GET", asked)) == {"PARAM_INVALID"}
