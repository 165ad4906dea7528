"""The make-believe Sponsored Brands ads: a path for each type, versions of what they show, the library."""

from __future__ import annotations

from typing import Any

import pytest
from amazon_client import US, Amazon

from mcp_ads.sandbox.amazon_ads.stores.assets import asset_id

pytestmark = pytest.mark.anyio
GROUP, OLD_GROUP, AD = "192000000000001", "192000000000002", "193000000000001"
LOGO, FILM = asset_id(US, 0), asset_id(US, 2)
OF_ADS, OF_CREATIVES = "sbadresource.v4", "sbAdCreativeResource.v4"


async def ask(
    api: Amazon, path: str, body: Any, media: str = OF_ADS, method: str = "POST"
) -> tuple[int, Any]:
    of = f"application/vnd.{media}+json"
    response = await api.call(method, path, body, {"Content-Type": of, "Accept": of})
    return response.status_code, response.json()


def video(**changes: Any) -> dict[str, Any]:
    shows = {"asins": ["B0TERN0001"], "videoAssetIds": [FILM], **changes}
    return {"adGroupId": GROUP, "name": "Film", "state": "PAUSED", "creative": shows}


async def test_ads_are_made_below_the_path_of_their_type() -> None:
    """Never at the path of all; each stands on its own, and what another type shows is unknown to it."""
    api = Amazon()
    status, answer = await ask(api, "/sb/v4/ads/video", {"ads": [video(), video(videoAssetIds=[LOGO])]})
    assert status == 207
    assert [entry["ad"]["creative"]["type"] for entry in answer["ads"]["success"]] == ["VIDEO"]
    assert [error["index"] for error in answer["ads"]["error"]] == [1]
    assert (await ask(api, "/sb/v4/ads", {"ads": [video()]}))[0] == 404
    assert (await ask(api, "/sb/v4/ads/video", {"ads": [video()] * 11}))[0] == 400
    assert (await ask(api, "/sb/v4/ads/video", {"ads": [video(headline="x")]}))[0] == 400
    led = {**video(), "landingPage": {"pageType": "STORE", "url": "https://www.amazon.com/stores/page/1"}}
    assert (await ask(api, "/sb/v4/ads/video", {"ads": [led]}))[0] == 400
    assert (await ask(api, "/sb/v4/ads/video", {"ads": [video()]}, OF_CREATIVES))[0] in (406, 415)
    page = {"pageType": "STORE", "url": "https://www.amazon.com/stores/page/1"}
    brand = {"brandName": "Tern & Tide", "brandLogoAssetID": LOGO, "headline": "Hi", "videoAssetIds": [FILM]}
    for kind, item, parts in (
        ("video", {"creative": {}}, 2),
        ("video", {"creative": {"asins": ["B0TERN0001"] * 3, "videoAssetIds": [FILM]}}, 1),
        ("brandVideo", {"creative": brand, "landingPage": {}}, 1),
        ("brandVideo", {"creative": brand, "landingPage": {**page, "pageType": "PRODUCT_LIST"}}, 1),
        ("manualCollection", {"creative": {"brandName": "T", "asins": ["B0TERN0001"] * 3}}, 1),
    ):
        _, told = await ask(api, f"/sb/v4/ads/{kind}", {"ads": [{**video(), **item}]})
        assert [len(error["errors"]) for error in told["ads"]["error"]] == [parts], item
    _, old = await ask(api, "/sb/v4/ads/video", {"ads": [{**video(), "adGroupId": OLD_GROUP}]})
    assert reasons_of(old) == ["PARENT_ENTITY_FORBIDS_CREATION"]


def reasons_of(answer: Any) -> list[str]:
    values = [error["errorValue"] for item in answer["ads"]["error"] for error in item["errors"]]
    return [inner["reason"] for value in values for inner in value.values()]


async def test_lists_tell_of_serving_and_know_no_flag_for_it() -> None:
    """Ads have no flag for extended data; ten ids a filter, a hundred objects a page."""
    api = Amazon()
    status, answer = await ask(api, "/sb/v4/ads/list", {"adIdFilter": {"include": [AD]}})
    assert (status, answer["ads"][0]["extendedData"]["servingStatus"]) == (200, "AD_STATUS_ENABLED")
    assert answer["ads"][0]["extendedData"]["creationDate"] > 10**12
    assert (await ask(api, "/sb/v4/ads/list", {"includeExtendedDataFields": True}))[0] == 400
    assert (await ask(api, "/sb/v4/ads/list", {"adIdFilter": {"include": [AD] * 11}}))[0] == 400
    assert (await ask(api, "/sb/v4/ads/list", {"maxResults": 101}))[0] == 400
    assert (await ask(api, "/sb/v4/ads", {"ads": [{"adId": AD, "creative": {}}]}, method="PUT"))[0] == 400


async def test_versions_are_listed_and_made_by_type() -> None:
    """One by one under a media type of their own, collections in lists under that of ads."""
    api = Amazon()
    status, answer = await ask(api, "/sb/ads/creatives/list", {"adId": AD, "maxResults": 1}, OF_CREATIVES)
    assert (status, answer["totalResults"], answer["nextToken"]) == (200, 2, "1")
    assert answer["creatives"][0]["creativeVersion"] == "2"
    for chosen in (["BOGUS"], {"include": ["PUBLISHED"]}):
        asked = {"adId": AD, "creativeStatusFilter": chosen}
        assert (await ask(api, "/sb/ads/creatives/list", asked, OF_CREATIVES))[0] == 400
    assert (await ask(api, "/sb/ads/creatives/list", {}, OF_CREATIVES))[0] == 400
    assert (await ask(api, "/sb/ads/creatives/list", {"adId": AD}))[0] in (406, 415)
    brand = {"brandName": "Tern & Tide", "brandLogoAssetId": LOGO, "headline": "Hi"}
    whole = {"adId": AD, "creative": {**brand, "asins": [], "videoAssetIds": [FILM]}}
    status, made = await ask(api, "/sb/ads/creatives/brandVideo", whole, OF_CREATIVES)
    assert (status, made) == (200, {"adId": AD, "creativeVersion": "3"})
    without = {"adId": AD, "creative": {**brand, "videoAssetIds": [FILM]}}
    assert (await ask(api, "/sb/ads/creatives/brandVideo", without, OF_CREATIVES))[0] == 400
    other = {"adId": AD, "creative": {"videoAssetIds": [FILM]}}
    assert (await ask(api, "/sb/ads/creatives/video", other, OF_CREATIVES))[0] == 400
    manual = "193000000000002"
    collections = [{"adId": ad, "creative": {"brandName": "Tern & Tide"}} for ad in (AD, manual)]
    status, told = await ask(api, "/sb/ads/creatives/autoCollection", {"ads": collections})
    assert (status, [error["index"] for error in told["creatives"]["error"]]) == (207, [0, 1])


async def test_the_library_and_reviews_refuse_what_they_do_not_know() -> None:
    """Unknown filters, sizes and programs; an asset that is not there; pages go on by a token."""
    api = Amazon()
    media: dict[str, str | None] = {
        "Content-Type": "application/json",
        "Accept": "application/vnd.creativeassetssearchassetsresponse.v3+json",
    }
    first = (await api.call("POST", "/assets/search", {"pageCriteria": {"size": 3}}, media)).json()
    onward = {"pageCriteria": {"size": 3, "identifier": {"token": first["token"]}}}
    rest = (await api.call("POST", "/assets/search", onward, media)).json()
    assert len({asset["assetId"] for asset in [*first["assetList"], *rest["assetList"]]}) == 4
    assert "token" not in rest
    chosen = {"filterCriteria": {"valueFilters": [{"valueField": "COLOUR", "values": ["red"]}]}}
    for body in (chosen, {"pageCriteria": {"size": 501}}, {"name": "x"}):
        assert (await api.call("POST", "/assets/search", body, media)).status_code == 400
    asked = {"id": AD, "idType": "AD_ID", "adProgramType": "SB_VIDEO", "maxResults": 10}
    review: dict[str, str | None] = {
        "Content-Type": "application/vnd.moderationresultsrequest.v4.1+json",
        "Accept": "application/vnd.moderationresultsresponse.v4.0+json",
    }
    answer = (await api.call("POST", "/moderation/results", asked, review)).json()
    assert [row["moderationStatus"] for row in answer["moderationResults"]] == ["REJECTED", "APPROVED"]
    for more in ({"maxResults": 11}, {"adProgramType": "SPONSORED_TV"}, {"idType": "ASIN"}):
        response = await api.call("POST", "/moderation/results", {**asked, **more}, review)
        assert response.status_code == 400
