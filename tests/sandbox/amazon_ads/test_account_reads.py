"""The make-believe Amazon: exports, change history, products and invoices, as strict as it is."""

from __future__ import annotations

import gzip
import json
import time
from typing import Any

import pytest
from amazon_client import DOWNLOADS, JP, Amazon, send

from mcp_ads.sandbox import amazon_ads as amazon

pytestmark = pytest.mark.anyio

Body = dict[str, Any]
DAY = 86_400_000
HISTORY = "application/vnd.historyresponse.v1.1+json"
EVERYBODY = [{"useProfileIdAdvertiser": True}]
METADATA: dict[str, str | None] = {
    "Content-Type": "application/vnd.productmetadatarequest.v1+json",
    "Accept": "application/vnd.productmetadataresponse.v1+json",
}


def export(kind: str) -> dict[str, str | None]:
    media = f"application/vnd.{kind}export.v1+json"
    return {"Content-Type": media, "Accept": media}


async def order(api: Amazon, kind: str = "campaigns", body: Body | None = None) -> Any:
    return await api.call("POST", f"/{kind}/export", body or {}, export(kind.lower()))


async def test_an_export_is_built_and_fetched_without_credentials() -> None:
    """IN_PROGRESS, then PROCESSING, then COMPLETED; the file's host refuses an Authorization header."""
    api = Amazon()
    ordered = await order(
        api, "targets", {"negativeFilter": [True], "adProductFilter": ["SPONSORED_PRODUCTS"]}
    )
    assert (ordered.status_code, ordered.json()["status"]) == (202, "IN_PROGRESS")
    path = f"/exports/{ordered.json()['exportId']}"
    seen = [(await api.call("GET", path, headers=export("targets"))).json() for _ in range(2)]
    assert [answer["status"] for answer in seen] == ["PROCESSING", "COMPLETED"]
    url = seen[1]["url"].removeprefix(DOWNLOADS)
    app = amazon.downloads_app(api.store)
    assert (await send(app, "GET", url, headers={"Authorization": "Bearer x"})).status_code == 400
    rows = json.loads(gzip.decompress((await send(app, "GET", url)).content))
    assert {row["negative"] for row in rows} == {True}
    assert "free" in {row["targetDetails"].get("keyword") for row in rows}


async def test_an_export_is_answered_in_its_own_kind_alone() -> None:
    """Another Accept is 406, another profile's export 404, a bare word for an array 400."""
    api = Amazon()
    path = f"/exports/{(await order(api)).json()['exportId']}"
    refused = await api.call("GET", path, headers=export("ads"))
    assert (refused.status_code, {*refused.json()}) == (406, {"errorCode", "message"})
    assert (
        await Amazon("FE", JP, api.store).call("GET", path, headers=export("campaigns"))
    ).status_code == 404
    for body in ({"stateFilter": "ENABLED"}, {"stateFilter": ["enabled"]}, {"negativeFilter": [True]}):
        assert (await order(api, "campaigns", body)).status_code == 400
    plain = await api.call("POST", "/campaigns/export", {}, {"Content-Type": "application/json"})
    assert plain.status_code in (406, 415)


async def test_five_exports_of_a_kind_are_built_at_once() -> None:
    """The sixth is throttled, one of another kind is not."""
    api = Amazon()
    assert [(await order(api)).status_code for _ in range(6)] == [202] * 5 + [429]
    assert (await order(api, "ads")).status_code == 202


async def history(api: Amazon, types: Body, accept: str = HISTORY, **more: Any) -> Any:
    now = int(time.time() * 1000)
    body = {"fromDate": now - 60 * DAY, "toDate": now, "eventTypes": types, **more}
    return await api.call("POST", "/history", body, {"Content-Type": "application/json", "Accept": accept})


async def test_history_has_two_forms_of_pages_and_a_row_twice() -> None:
    """Tokens, or numbers where one is asked for; what nobody named has no events."""
    api, asked = Amazon(), {"CAMPAIGN": {"parents": EVERYBODY}}
    first = (await history(api, asked, count=50)).json()
    assert first["events"][0] == first["events"][1]
    assert first["totalRecords"] > 50
    again = (await history(api, asked, count=50, nextToken=first["nextToken"])).json()
    numbered = (await history(api, asked, count=50, pageOffset=1)).json()
    assert again["events"] == numbered["events"]
    assert (numbered["pageOffset"], "nextToken" in numbered) == (1, False)
    assert "nextToken" not in (await history(Amazon("FE", JP, api.store), asked, count=50)).json()
    assert (await history(api, {"CAMPAIGN": {}})).json()["events"] == []


async def test_history_refuses_what_amazon_refuses() -> None:
    """Themes without the newer Accept, pages too small, days too far back, both forms at once."""
    api, asked = Amazon(), {"CAMPAIGN": {"parents": EVERYBODY}}
    theme = await history(api, {"THEME": {"parents": EVERYBODY}}, "application/json")
    assert (theme.status_code, "THEME is not supported" in theme.json()["details"]) == (400, True)
    assert (await history(api, {"THEME": {"parents": EVERYBODY}})).status_code == 200
    assert (await history(api, asked, count=49)).status_code == 400
    assert (await history(api, asked, nextToken="1", pageOffset=1)).status_code == 400
    assert (await history(api, asked, fromDate=int(time.time() * 1000) - 91 * DAY)).status_code == 400
    assert (await history(api, {"CAMPAIGN": {"parents": EVERYBODY * 11}})).status_code == 400
    assert (await history(api, {"CAMPAIGN": {"filters": ["BUDGET"]}})).status_code == 400


async def test_history_never_has_changes_of_display() -> None:
    """A campaign of each kind is paused; one of them is told of."""
    api = Amazon()
    await history(api, {})  # which fills the store
    display, products = api.store.all("amazon.sd.campaigns")[0], api.store.all("amazon.campaigns")
    body = [{"campaignId": display["campaignId"], "state": "paused"}]
    json_media: dict[str, str | None] = {"Content-Type": "application/json"}
    assert (await api.call("PUT", "/sd/campaigns", body, json_media)).status_code == 207
    await api.update("/sp/campaigns", "campaigns", {"campaignId": products[0]["campaignId"], "name": "Anew"})
    now = int(time.time() * 1000)
    types = {"CAMPAIGN": {"parents": EVERYBODY, "filters": ["STATUS"]}}
    found = (await history(api, types, fromDate=now - 60_000, toDate=now + 1000)).json()["events"]
    assert {event["newValue"] for event in found} == {"Anew"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"pageSize": 301}, {"pageIndex": 34}, {"pageIndex": -1}, {"asins": ["short"]}, {"colour": "red"},
        {"asins": ["B0TERN0001"], "searchStr": "x"}, {"checkEligibility": True}, {"pageSize": None},
        {"skus": ["TT-HAT-07"], "adType": "SD"}, {"sortBy": "SUGGESTED", "sortOrder": "ASC", "adType": "SP"},
    ],
)  # fmt: skip
async def test_products_are_refused_as_amazon_does(wrong: Body) -> None:
    """Page sizes, the ten thousandth product, filters that exclude each other, a missing ad type."""
    body = {"pageIndex": 0, "pageSize": 300, **wrong}
    assert (await Amazon().call("POST", "/product/metadata", body, METADATA)).status_code == 400


async def test_invoices_take_a_cursor_or_a_count() -> None:
    """Never both; the media type is the vendor's."""
    api, accept = Amazon(), {"Accept": "application/vnd.invoices.v1.1+json"}
    first = await api.call("GET", "/invoices?count=5", headers={**accept})
    assert len(first.json()["invoiceSummaries"]) == 5
    rest = await api.call("GET", f"/invoices?cursor={first.json()['nextCursor']}", headers={**accept})
    assert (len(rest.json()["invoiceSummaries"]), rest.json()["nextCursor"]) == (9, None)
    assert (await api.call("GET", "/invoices?count=5&cursor=5", headers={**accept})).status_code == 400
    assert (await api.call("GET", "/invoices?startDate=20260101", headers={**accept})).status_code == 400
    assert (await api.call("GET", "/invoices", headers={"Accept": "application/json"})).status_code == 406
