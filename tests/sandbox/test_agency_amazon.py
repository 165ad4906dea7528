"""The agency's world on Amazon: figures add up, stories are told, objects change as any others."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import agency_truth as truth
import pytest
from amazon_client import DOWNLOADS, Amazon, send

from mcp_ads.sandbox import amazon_ads as amazon
from mcp_ads.sandbox.agency import stories
from mcp_ads.sandbox.agency.clients import AMAZON, Account, by_id
from mcp_ads.sandbox.agency.world import began
from mcp_ads.sandbox.store import Store

pytestmark = pytest.mark.anyio
Body = dict[str, Any]
MEDIA: dict[str, str | None] = {"Content-Type": "application/vnd.createasyncreportrequest.v3+json"}
GROUPS = {"spCampaigns": "campaign", "spTargeting": "targeting", "spAdvertisedProduct": "advertiser"}
GROUPS |= {"spSearchTerm": "searchTerm"}
METRICS = ("cost", "impressions", "clicks", "purchases7d", "sales7d")
DAY = 86_400_000


@pytest.fixture(scope="module")
def store() -> Store:
    """One world for all tests that only look."""
    return Store(None, "agency")


def account(client: str, market: str) -> Account:
    wanted = (client, market)
    return next(one for one in by_id(AMAZON).values() if (one.client.key, one.market.code) == wanted)


def api_of(store: Store, one: Account) -> Amazon:
    return Amazon(one.market.region, one.id, store)


async def report(api: Amazon, kind: str, since: date, until: date, *columns: str) -> list[Body]:
    """Order, wait and fetch."""
    asked = {
        "adProduct": "SPONSORED_PRODUCTS", "reportTypeId": kind, "groupBy": [GROUPS[kind]],
        "columns": [*columns, *METRICS], "timeUnit": "SUMMARY", "format": "GZIP_JSON",
    }  # fmt: skip
    body = {"startDate": since.isoformat(), "endDate": until.isoformat(), "configuration": asked}
    ordered = await api.call("POST", "/reporting/reports", body, MEDIA)
    assert ordered.status_code == 200, ordered.text
    path = f"/reporting/reports/{ordered.json()['reportId']}"
    found = [(await api.call("GET", path)).json() for _ in range(2)][-1]
    file = await send(amazon.downloads_app(api.store), "GET", found["url"].removeprefix(DOWNLOADS))
    rows: list[Body] = json.loads(gzip.decompress(file.content), parse_float=Decimal)
    return rows


def figures(rows: Sequence[Body]) -> tuple[Decimal, int, int, int, Decimal]:
    """Spend, impressions, clicks, purchases and sales of some rows."""
    spend, shown, clicks, bought, sales = (
        sum((Decimal(row[name]) for row in rows), Decimal()) for name in METRICS
    )
    return spend, int(shown), int(clicks), int(bought), sales


def right(sums: truth.Sums) -> tuple[Decimal, int, int, int, Decimal]:
    return sums.spend, sums.impressions, sums.clicks, sums.conversions, sums.value


@pytest.mark.parametrize(("client", "market"), [("rowan", "SE"), ("nori", "JP")])
async def test_levels_add_up_to_what_the_model_says(store: Store, client: str, market: str) -> None:
    """Ads, campaigns, targets and search terms have the same sums, in hundredths and in whole yen."""
    one = account(client, market)
    api = api_of(store, one)
    until = truth.today_of(one)
    since = until - timedelta(3)
    days = list(truth.did(began(store), one, since, until))
    for kind, key, depth in (("spCampaigns", "campaignId", 1), ("spAdvertisedProduct", "adId", 3)):
        rows = {
            str(row[key]): figures([row])
            for row in await report(api, kind, since, until, key)
            if row["impressions"]
        }
        sums = truth.added_up(one, days, depth)
        assert rows == {id_: right(one) for id_, one in sums.items() if one.impressions}
    [whole] = truth.added_up(one, days, 0).values()
    for kind in ("spTargeting", "spSearchTerm"):
        spend, _, *others = figures(await report(api, kind, since, until, "keywordId"))
        assert (spend, *others) == (whole.spend, whole.clicks, whole.conversions, whole.value)


@pytest.mark.slow
async def test_what_cut_the_spend_is_told_and_is_in_the_figures(store: Store) -> None:
    """A declined ad, a budget cut, a paused ad group: since when, and a tenth less than before."""
    day = began(store)
    for kind in (stories.DISAPPROVAL, stories.CUT, stories.PAUSED):
        [story] = truth.stories(kind, AMAZON)
        one, about = stories.account_of(story), truth.objects(story)["object"]
        api, happened = api_of(store, one), date.fromordinal(day - story.since)
        if kind == stories.DISAPPROVAL:
            asked = {"adIdFilter": {"include": [about]}, "includeExtendedDataFields": True}
            [ad] = (await api.v3("POST", "/sp/productAds/list", asked))["productAds"]
            assert (ad["state"], ad["extendedData"]["servingStatus"]) == ("ENABLED", "AD_POLICING_SUSPENDED")
        else:
            event = await changed(api, "CAMPAIGN" if kind == stories.CUT else "AD_GROUP")
            assert (event["entityId"], date(1970, 1, 1) + timedelta(event["timestamp"] / DAY)) == (
                about,
                happened,
            )
            if kind == stories.CUT:
                left = Decimal(event["newValue"]) / Decimal(event["previousValue"])
                assert abs(left - Decimal(story.size)) < Decimal("0.01")
        before = await report(api, "spCampaigns", happened - timedelta(3), happened - timedelta(1))
        after = await report(api, "spCampaigns", happened, happened)
        assert figures(after)[0] < figures(before)[0] / 3 * Decimal("0.9")


async def changed(api: Amazon, kind: str) -> Body:
    """The one event of a kind in the change history."""
    now = int(time.time() * 1000)
    types = {kind: {"parents": [{"useProfileIdAdvertiser": True}]}, "AD": {"eventTypeIds": ["1"]}}
    body = {"fromDate": now - 60 * DAY, "toDate": now, "eventTypes": types}
    found = (await api.call("POST", "/history", body, {"Content-Type": "application/json"})).json()
    assert found["totalRecords"] == 1
    event: Body = found["events"][0]
    return event


async def test_wasted_money_buys_nothing(store: Store) -> None:
    """Of those campaigns alone, whichever way it is looked at."""
    day = date.fromordinal(began(store))
    for waste in truth.stories(stories.WASTE, AMAZON):
        api = api_of(store, stories.account_of(waste))
        rows = await report(api, "spSearchTerm", day - timedelta(2), day - timedelta(1), "campaignId")
        about = [row for row in rows if str(row["campaignId"]) == truth.objects(waste)["object"]]
        assert figures(about)[0] > 0 == figures(about)[3] < figures(rows)[3]


async def test_an_object_of_the_world_changes_like_any_other() -> None:
    """A campaign is paused with another budget, and the log says so; one that was over delivers again."""
    one = account("quill", "US")
    api = api_of(Store(None, "agency"), one)
    today = truth.today_of(one)
    over, running = truth.id_of(one, 360), truth.id_of(one, 390)
    before = await report(api, "spCampaigns", today, today, "campaignId")
    budget = {"budget": 55.5, "budgetType": "DAILY"}
    done, failed = await api.update(
        "/sp/campaigns",
        "campaigns",
        {"campaignId": running, "state": "PAUSED", "budget": budget},
        {"campaignId": over, "state": "ENABLED"},
    )  # fmt: skip
    assert (len(done), failed) == (2, [])
    asked = {"campaignIdFilter": {"include": [running]}}
    [found] = (await api.v3("POST", "/sp/campaigns/list", asked))["campaigns"]
    assert (found["state"], found["budget"]) == ("PAUSED", budget)
    ids = {row["campaignId"] for row in before}
    after = {row["campaignId"] for row in await report(api, "spCampaigns", today, today, "campaignId")}
    assert (ids - after, after - ids) == ({int(running)}, {int(over)})
