"""The make-believe Sponsored Display below its campaigns: ad groups and product ads."""

from __future__ import annotations

from typing import Any

import pytest
from amazon_client import JP, Amazon

pytestmark = pytest.mark.anyio
GROUPS, ADS = "/sd/adGroups", "/sd/productAds"
JSON: dict[str, str | None] = {"Content-Type": "application/json"}
CAMPAIGN, GROUP, AD = 180000000000001, 190000000000001, 200000000000001
PAGE = {"landingPageURL": "https://www.example.com/", "landingPageType": "OFF_AMAZON_LINK"}
NEW = {"campaignId": CAMPAIGN, "name": "Totes", "defaultBid": 0.5, "state": "paused"}
NEW_AD = {"campaignId": CAMPAIGN, "adGroupId": GROUP, "state": "paused"}


async def write(api: Amazon, method: str, path: str, *sent: Any) -> list[Any]:
    response = await api.call(method, path, list(sent), JSON)
    assert response.status_code == 207, response.text
    found: list[Any] = response.json()
    return found


async def told(api: Amazon, method: str, path: str, *sent: Any) -> list[str]:
    """What is said of each item: that it is a success, or what is wrong."""
    return [one.get("description", one["code"]) for one in await write(api, method, path, *sent)]


async def test_every_campaign_has_an_ad_group_with_an_ad() -> None:
    """Under the ids that reports name; vendors' ads have an ASIN alone."""
    for api, names in ((Amazon(), {"asin", "sku"}), (Amazon("FE", JP), {"asin"})):
        campaigns, groups, ads = [
            (await api.call("GET", path)).json() for path in ("/sd/campaigns", GROUPS, ADS)
        ]
        own = [row["campaignId"] for row in campaigns]
        assert [row["adGroupId"] - row["campaignId"] for row in groups] == [10**13] * len(own)
        assert [row["adId"] - row["campaignId"] for row in ads] == [2 * 10**13] * len(own)
        assert {name for row in ads for name in row.keys() & {"asin", "sku"}} == names
    chosen = (await api.call("GET", f"{ADS}/extended?adGroupIdFilter={groups[0]['adGroupId']}")).json()
    assert [row["servingStatus"] for row in chosen] == ["AD_STATUS_LIVE"]


async def test_what_ad_groups_may_be() -> None:
    """Bids in the range of what the campaign pays for, which decides what they are for; both stay."""
    api = Amazon()
    assert await told(
        api, "POST", GROUPS, NEW, {**NEW, "defaultBid": 0.01}, {**NEW, "bidOptimization": "reach"},
        {**NEW, "campaignId": 7}, {"campaignId": CAMPAIGN, "name": "No bid", "state": "paused"},
        {**NEW, "state": "PAUSED"},
    ) == [
        "SUCCESS", "$[1].defaultBid must be 0.02 to 1000",
        "$[2].bidOptimization must be clicks or conversions in a cpc campaign",
        "$[3].campaignId no such campaignId", "$[4].defaultBid defaultBid is required",
        "$[5].state must be one of enabled, paused, archived",
    ]  # fmt: skip
    row = (await api.call("GET", f"{GROUPS}/900000000000001")).json()
    assert (row["bidOptimization"], row["creativeType"], row["tactic"]) == ("clicks", "IMAGE", "T00030")
    change = {"adGroupId": GROUP, "bidOptimization": "conversions"}
    assert await told(api, "PUT", GROUPS, change) == ["$[0].bidOptimization cannot be changed"]
    typed = await api.call("PUT", GROUPS, [{"adGroupId": GROUP, "creativeType": "VIDEO"}], JSON)
    assert typed.status_code == 400


async def test_what_ads_may_be() -> None:
    """A seller's SKU or a page, one kind in a campaign; names and pages belong together."""
    api = Amazon()
    assert await told(
        api, "POST", ADS, {**NEW_AD, "sku": "TT-HAT-07"}, {**NEW_AD, "sku": "TT-HAT-07"},
        {**NEW_AD, "asin": "B0TERN0007"}, {**NEW_AD, "sku": "X"}, {**NEW_AD, **PAGE},
        {**NEW_AD, "sku": "TT-TOWEL-01", "adName": "Hat"}, {**NEW_AD, "adGroupId": GROUP + 1, "sku": "X"},
    ) == [
        "SUCCESS", "$[1].asin there is one like it already",
        "$[2].sku exactly one of sku and landingPageURL is required", "$[3].sku not of this account",
        "$[4].landingPageURL asin, sku and landingPageURL cannot be mixed within a campaign",
        "$[5].adName is not supported when using asin or sku", "$[6].adGroupId no such adGroupId",
    ]  # fmt: skip
    [campaign] = await write(api, "POST", "/sd/campaigns", {
        "name": "Elsewhere", "tactic": "T00020", "state": "paused", "startDate": "20300101", "budget": 20,
    })  # fmt: skip
    groups = [{**NEW, "campaignId": campaign["campaignId"], "name": name} for name in ("One", "Two")]
    [group] = await write(api, "POST", GROUPS, groups[0])
    page = {**NEW_AD, **PAGE, "campaignId": campaign["campaignId"], "adGroupId": group["adGroupId"]}
    second = {**page, "landingPageURL": "https://www.example.com/2"}
    assert await told(api, "POST", ADS, {**page, "landingPageType": "STORE"}, page, second) == [
        "$[0].landingPageURL must be https://www.amazon.com/stores/*",
        "SUCCESS",
        "$[2].adGroupId only one product ad can be added to the ad group",
    ]
    assert await told(api, "POST", GROUPS, groups[1]) == ["$[0].campaignId only 1 adGroup is supported"]


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_what_is_archived_ends_with_all_in_it(method: str) -> None:
    """By an update too; and nothing of it changes any more."""
    api, path = Amazon(), "/sd/campaigns"
    if method == "PUT":
        await write(api, method, path, {"campaignId": CAMPAIGN, "state": "archived"})
    else:
        assert (await api.call(method, f"{path}/{CAMPAIGN}")).json()["code"] == "SUCCESS"
    for below, own in ((GROUPS, GROUP), (ADS, AD)):
        assert (await api.call("GET", f"{below}/{own}")).json()["state"] == "archived"
    assert await told(api, "PUT", ADS, {"adId": AD, "state": "enabled"}) == ["$[0].adId archived for good"]


async def test_what_is_off_says_so_first() -> None:
    """Its own state, then its ad group's, then its campaign's."""
    api, at = Amazon(), f"{ADS}/extended/{AD}"
    steps = [
        ("/sd/campaigns", "campaignId", CAMPAIGN, "CAMPAIGN_PAUSED"),
        (GROUPS, "adGroupId", GROUP, "AD_GROUP_PAUSED"),
        (ADS, "adId", AD, "AD_STATUS_PAUSED"),
    ]
    for path, name, own, status in steps:
        await write(api, "PUT", path, {name: own, "state": "paused"})
        assert (await api.call("GET", at)).json()["servingStatus"] == status
