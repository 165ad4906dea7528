"""The make-believe Amazon: reports, their numbers and their files."""

from __future__ import annotations

import gzip
import json
import time
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from amazon_client import DE, DOWNLOADS, JP, US, Amazon, send

from mcp_ads.sandbox import amazon_ads as amazon

pytestmark = pytest.mark.anyio

Body = dict[str, Any]
MEDIA: dict[str, str | None] = {
    "Content-Type": "application/vnd.createasyncreportrequest.v3+json",
    "Accept": "application/vnd.createasyncreportresponse.v3+json",
}
METRICS = ["impressions", "clicks", "cost", "purchases7d", "sales7d", "attributedSalesSameSku14d"]
GROUPS = {"spCampaigns": "campaign", "spTargeting": "targeting", "spAdvertisedProduct": "advertiser"}
GROUPS |= {"spSearchTerm": "searchTerm"}
HERE = ZoneInfo("America/Los_Angeles")


def day(offset: int) -> str:
    """So many days from today, as the profile has it."""
    return (datetime.now(HERE).date() + timedelta(offset)).isoformat()


def order(kind: str = "spCampaigns", days: int = 7, **changed: Any) -> Body:
    """A request for the last whole days."""
    asked = {
        "adProduct": "SPONSORED_PRODUCTS",
        "reportTypeId": kind,
        "groupBy": [GROUPS.get(kind, "campaign")],
        "columns": ["campaignId", *METRICS],
        "timeUnit": "SUMMARY",
        "format": "GZIP_JSON",
    }
    dates = {"startDate": day(-days - 1), "endDate": day(-2)}
    dates |= {key: changed.pop(key) for key in list(changed) if key in dates}
    return {**dates, "configuration": {**asked, **changed}}


async def ask(api: Amazon, body: Body, **headers: str | None) -> httpx.Response:
    return await api.call("POST", "/reporting/reports", body, {**MEDIA, **headers})


async def finish(api: Amazon, id: str) -> Body:
    """Look at a report until it is done."""
    for _ in range(5):
        found: Body = (await api.call("GET", f"/reporting/reports/{id}")).json()
        if found["status"] in {"COMPLETED", "FAILED"}:
            return found
    raise AssertionError(found)


async def download(api: Amazon, url: str, **headers: str) -> httpx.Response:
    return await send(amazon.downloads_app(api.store), "GET", url.removeprefix(DOWNLOADS), headers=headers)


async def rows(api: Amazon, body: Body) -> list[Body]:
    """Order, wait and fetch."""
    response = await ask(api, body)
    assert response.status_code == 200, response.text
    finished = await finish(api, response.json()["reportId"])
    packed = (await download(api, finished["url"])).content
    assert len(packed) == finished["fileSize"]
    found: list[Body] = json.loads(gzip.decompress(packed), parse_float=Decimal)
    return found


def total(found: list[Body], column: str) -> Decimal:
    return sum((Decimal(row[column]) for row in found), Decimal())


async def test_a_report_goes_through_its_states() -> None:
    """Ordered it is PENDING, then PROCESSING, then COMPLETED with a link; the order is journaled."""
    api = Amazon()
    ordered = (await ask(api, order())).json()
    assert (ordered["status"], ordered["url"]) == ("PENDING", None)
    path = f"/reporting/reports/{ordered['reportId']}"
    seen = [(await api.call("GET", path)).json() for _ in range(2)]
    assert [answer["status"] for answer in seen] == ["PROCESSING", "COMPLETED"]
    assert seen[1]["url"].startswith(f"{DOWNLOADS}/{ordered['reportId']}/report.json.gz?X-Amz-")
    assert seen[1]["urlExpiresAt"]
    assert api.changes() == ["create report"]
    assert (await Amazon("EU", DE, api.store).call("GET", path)).status_code == 404


async def test_a_second_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits a second finds the report finished at the first look."""
    api = Amazon()
    ordered = (await ask(api, order())).json()
    later = time.time() + 1.1
    monkeypatch.setattr(time, "time", lambda: later)
    found = (await api.call("GET", f"/reporting/reports/{ordered['reportId']}")).json()
    assert found["status"] == "COMPLETED"


async def test_a_duplicate_names_the_first() -> None:
    """While one is being built, the same order is a 425; afterwards it is a new report."""
    api = Amazon()
    first = (await ask(api, order())).json()["reportId"]
    again = await ask(api, order())
    assert (again.status_code, again.json()["code"]) == (425, "425")
    assert first in again.json()["detail"]
    await finish(api, first)
    assert (await ask(api, order())).json()["reportId"] != first


async def test_a_report_fails_on_demand() -> None:
    """The fault lets the order through and the building fail."""
    api = Amazon()
    ordered = await ask(api, order(), **{"X-Sandbox-Fault": "report-fails"})
    found = await finish(api, ordered.json()["reportId"])
    assert (found["status"], found["url"]) == ("FAILED", None)
    assert found["failureReason"]


async def test_only_a_pending_report_is_cancelled() -> None:
    """A report that is being built stays."""
    api = Amazon()
    first, second = [(await ask(api, order(days=days))).json()["reportId"] for days in (3, 4)]
    assert (await api.call("DELETE", f"/reporting/reports/{first}")).status_code == 200
    assert (await api.call("GET", f"/reporting/reports/{first}")).status_code == 404
    await api.call("GET", f"/reporting/reports/{second}")
    assert (await api.call("DELETE", f"/reporting/reports/{second}")).status_code == 400


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (order("spNothing"), "reportTypeId is unknown or invalid"),
        (order(adProduct="SPONSORED_BRANDS"), "adProduct"),
        (order(groupBy=["targeting"]), "groupBy"),
        (order(groupBy=["adGroup"]), "campaignId"),
        (order(groupBy=["adGroup", "campaignPlacement"]), "combination"),
        (order(columns=["clicks", "sales"]), "invalid values: (sales)"),
        (order(columns=["date", "clicks"]), "date"),
        (order(columns=["startDate", "clicks"], timeUnit="DAILY"), "startDate"),
        (order(format="CSV"), "format"),
        (order(timeUnit="HOURLY"), "timeUnit"),
        (order(filters=[{"field": "adStatus", "values": ["ENABLED"]}]), "adStatus"),
        (order(filters=[{"field": "campaignStatus", "values": ["enabled"]}]), "enabled"),
        (order(metrics=["clicks"]), "metrics"),
        (order(columns=[]), "columns"),
        (order(days=32), "range (31 days) must not exceed maximum range (31 days)"),
        (order(startDate=day(-99), endDate=day(-90)), "retention start date"),
        (order("spSearchTerm", startDate=day(-70), endDate=day(-60)), "retention start date"),
        (order(startDate=day(-1), endDate=day(-2)), "startDate"),
        (order(endDate=day(3)), "future"),
        (order(startDate="20261101"), "YYYY-MM-DD"),
    ],
)
async def test_orders_are_checked(body: Body, text: str) -> None:
    """What the type does not offer is a 400 that names it, and no report is made."""
    api = Amazon()
    response = await ask(api, body)
    assert (response.status_code, response.json()["code"]) == (400, "400")
    assert text in response.json()["detail"]
    assert api.changes() == []


async def test_orders_want_their_media_type() -> None:
    """Text is a 415; plain JSON is read, as a common client sends it; who accepts anything is served."""
    api = Amazon()
    assert (await ask(api, order(), **{"Content-Type": "text/plain"})).status_code == 415
    assert (await ask(api, order(), **{"Content-Type": "application/json"})).status_code == 200
    assert (await ask(api, order(days=3), Accept="*/*")).status_code == 200


@pytest.mark.parametrize(
    ("region", "profile"), [pytest.param("NA", US, marks=pytest.mark.slow), ("EU", DE), ("FE", JP)]
)
async def test_totals_agree(region: str, profile: str) -> None:
    """Campaigns, keywords, ads and search terms tell the same story, by day and in sum, to the cent."""
    api = Amazon(region, profile)
    by_campaign = await rows(api, order(days=14))
    daily = await rows(api, order(days=14, timeUnit="DAILY", columns=["date", *METRICS]))
    assert len({row["date"] for row in daily}) == 14
    others = [daily, *[await rows(api, order(kind, days=14)) for kind in list(GROUPS)[1:]]]
    for found in others:
        for column in METRICS[0 if found is not others[-1] else 1 :]:
            assert total(found, column) == total(by_campaign, column) > 0
    pairs = await rows(api, order(days=14, groupBy=["campaign", "adGroup"]))
    assert total(pairs, "cost") == total(by_campaign, "cost")
    if profile == JP:
        assert all(row["cost"] == int(row["cost"]) for row in by_campaign)


@pytest.mark.slow
async def test_only_enabled_campaigns_deliver_and_some_waste_money() -> None:
    """No paused campaign has rows; four spend last week and sell nothing, though they did a month ago."""
    api = Amazon()
    columns = ["campaignId", "campaignName", "campaignStatus", *METRICS]
    found = await rows(api, order(columns=columns))
    assert {row["campaignStatus"] for row in found} == {"ENABLED"}
    wasted = [row for row in found if row["cost"] > 20 and not row["purchases7d"]]
    assert {120000000000005 + n for n in range(4)} <= {row["campaignId"] for row in wasted}
    before = await rows(api, order(columns=columns, startDate=day(-50), endDate=day(-30)))
    sold = {row["campaignId"]: row["purchases7d"] for row in before}
    assert all(sold[120000000000005 + n] for n in range(4))


async def test_a_pause_stops_delivery_from_today_and_keeps_the_past() -> None:
    """Paused, a campaign has no numbers for today; those of the days before stay."""
    api, campaign = Amazon(), 120000000000001
    today = datetime.now(ZoneInfo("America/Los_Angeles")).date().isoformat()
    now = order(startDate=today, endDate=today)
    before, running = await rows(api, order()), await rows(api, now)
    await api.update("/sp/campaigns", "campaigns", {"campaignId": str(campaign), "state": "PAUSED"})
    after, stopped = await rows(api, order()), await rows(api, now)
    assert total(after, "cost") == total(before, "cost")
    assert campaign in {row["campaignId"] for row in running}
    assert campaign not in {row["campaignId"] for row in stopped}


async def test_filters_and_other_products() -> None:
    """A filter keeps what it names; reports of TV are unknown to a profile that was never on it."""
    api = Amazon()
    kinds = [{"field": "keywordType", "values": ["EXACT"]}]
    columns = ["keywordId", "matchType", "keyword", "clicks"]
    found = await rows(api, order("spTargeting", filters=kinds, columns=columns))
    assert {row["matchType"] for row in found} == {"EXACT"}
    television = order("stCampaigns", adProduct="SPONSORED_TELEVISION", columns=["campaignId", "clicks"])
    assert await rows(api, television)
    refused = await ask(Amazon("EU", DE, api.store), television)
    assert (refused.status_code, "reportTypeId is unknown" in refused.text) == (400, True)


async def test_new_objects_deliver_nothing() -> None:
    """A campaign created now is in no report."""
    api = Amazon()
    new = {"name": "New", "state": "ENABLED", "targetingType": "AUTO"}
    new["budget"] = {"budget": 10, "budgetType": "DAILY"}  # type: ignore[assignment]
    done, _ = await api.create("/sp/campaigns", "campaigns", new)
    ids = {row["campaignId"] for row in await rows(api, order(endDate=day(-1)))}
    assert int(done[0]["campaignId"]) not in ids


async def test_a_link_wants_no_other_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """API headers are a 400 in XML, a changed link and an old one a 403."""
    api = Amazon()
    url = (await finish(api, (await ask(api, order())).json()["reportId"]))["url"]
    for name in ("Authorization", "Amazon-Advertising-API-ClientId"):
        refused = await download(api, url, **{name: "x"})
        assert (refused.status_code, refused.headers["content-type"]) == (400, "application/xml")
        assert "Only one auth mechanism allowed" in refused.text
    changed = await download(api, url.replace("X-Amz-Expires=3600", "X-Amz-Expires=99999"))
    assert (changed.status_code, "SignatureDoesNotMatch" in changed.text) == (403, True)
    later = time.time() + 3601
    monkeypatch.setattr(time, "time", lambda: later)
    old = await download(api, url)
    assert (old.status_code, "Request has expired" in old.text) == (403, True)


async def test_sponsored_display_delivers_what_its_campaigns_do() -> None:
    """A campaign's sum is that of its days, by product too; what was not on has no rows."""
    api, columns = Amazon(), ["campaignId", "impressions", "clicks", "cost", "sales"]

    def asked(kind: str, group: str, unit: str, *more: str) -> Body:
        body = order(kind, columns=[*columns, *more], groupBy=[group], timeUnit=unit)
        body["configuration"]["adProduct"] = "SPONSORED_DISPLAY"
        return body

    total = await rows(api, asked("sdCampaigns", "campaign", "SUMMARY"))
    daily = await rows(api, asked("sdCampaigns", "campaign", "DAILY", "date"))
    product = await rows(api, asked("sdAdvertisedProduct", "advertiser", "SUMMARY", "promotedAsin"))
    states = {int(row["campaignId"]): row["state"] for row in api.store.all("amazon.sd.campaigns")}
    assert {states[row["campaignId"]] for row in total} == {"enabled"}
    for row in total:
        for name in columns[1:]:
            days = [day[name] for day in daily if day["campaignId"] == row["campaignId"]]
            assert sum(Decimal(value) for value in days) == Decimal(row[name])
        assert row["cost"] > 0
    assert [[row[name] for name in columns] for row in product] == [
        [row[name] for name in columns] for row in total
    ]


async def test_an_ad_of_display_that_is_off_shows_nothing_today() -> None:
    """What was delivered before stays; the ids of its rows are those of objects that lists have."""
    api, columns = Amazon(), ["campaignId", "adGroupId", "adId", "impressions"]
    asked = order(
        "sdAdvertisedProduct", columns=columns, groupBy=["advertiser"], adProduct="SPONSORED_DISPLAY",
        startDate=day(-1), endDate=day(0),
    )  # fmt: skip
    before = await rows(api, asked)
    first = before[0]
    for path, name in (("campaigns", "campaignId"), ("adGroups", "adGroupId"), ("productAds", "adId")):
        assert (await api.call("GET", f"/sd/{path}/{first[name]}")).status_code == 200
    off = [{"adId": first["adId"], "state": "paused"}]
    await api.call("PUT", "/sd/productAds", off, {"Content-Type": "application/json"})
    after = await rows(api, {**asked, "name": "again"})
    assert 0 < after[0]["impressions"] < first["impressions"]
    assert after[1:] == before[1:]


BY_PRODUCT = {
    "SPONSORED_BRANDS": (("sbCampaigns", "campaign"), ("sbAdGroup", "adGroup"), ("sbAds", "ads")),
    "SPONSORED_DISPLAY": (
        ("sdCampaigns", "campaign"), ("sdAdGroup", "adGroup"), ("sdAdvertisedProduct", "advertiser"),
    ),
    "SPONSORED_TELEVISION": (("stCampaigns", "campaign"), ("stCampaigns", "adGroup")),
}  # fmt: skip
SUMS = ["impressions", "clicks", "cost", "purchases", "purchasesClicks", "sales", "salesClicks"]


@pytest.mark.parametrize("product", BY_PRODUCT)
async def test_a_products_reports_add_up_alike(product: str) -> None:
    """By campaign, ad group and ad, in all and by day, the sums are the same."""
    api, found = Amazon(), set()
    for kind, group in BY_PRODUCT[product]:
        for unit in ("SUMMARY", "DAILY"):
            asked = order(kind, adProduct=product, groupBy=[group], columns=SUMS, timeUnit=unit)
            there = await rows(api, asked)
            found.add(tuple(total(there, column) for column in SUMS))
    (sums,) = found
    assert all(sums)
    assert sums[SUMS.index("purchases")] >= sums[SUMS.index("purchasesClicks")]


async def test_sponsored_brands_delivers_what_its_campaigns_do() -> None:
    """Only what is on has rows, within its budget; some is bought after a view, and one sells nothing."""
    api = Amazon("FE", JP)
    columns = [
        *(
            "campaignId",
            "campaignName",
            "campaignStatus",
            "campaignBudgetAmount",
            "campaignBudgetType",
            "cost",
        ),
        *("purchases", "purchasesClicks", "newToBrandPurchases", "newToBrandPurchasesPercentage"),
    ]
    asked = order("sbCampaigns", adProduct="SPONSORED_BRANDS", columns=columns, days=20)
    first, last = await rows(api, asked)
    names = [(row["campaignName"], row["campaignStatus"]) for row in (first, last)]
    assert names == [("Tern & Tide brand 1", "ENABLED"), ("Tern & Tide brand 4", "ENABLED")]
    assert 0 < first["cost"] < 20 * first["campaignBudgetAmount"]
    assert first["purchases"] > first["purchasesClicks"] > first["newToBrandPurchases"] > 0
    assert (last["campaignBudgetType"], last["purchases"]) == ("LIFETIME_BUDGET", 0)
    assert last["newToBrandPurchasesPercentage"] is None
    stopped = {"field": "campaignStatus", "values": ["PAUSED", "ARCHIVED"]}
    asked["configuration"]["filters"] = [stopped]
    assert await rows(api, asked) == []
    asked["configuration"] |= {"filters": [], "columns": ["adId"]}
    assert "adId" in (await ask(api, asked)).json()["detail"]


async def test_people_reached_are_no_sum() -> None:
    """A household that saw an ad on two days is one household."""
    api = Amazon()
    of: Body = {"adProduct": "SPONSORED_TELEVISION", "columns": ["impressions", "householdReach"]}
    (whole,) = await rows(api, order("stCampaigns", **of))
    days = await rows(api, order("stCampaigns", timeUnit="DAILY", **of))
    assert whole["impressions"] == total(days, "impressions")
    assert 0 < whole["householdReach"] < total(days, "householdReach")
