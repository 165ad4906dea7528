"""Ads of Sponsored Brands and the versions of what they show: five types, assets and pages that are there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from amazon_calls import call
from engine_client import AMAZON, PROFILE, EngineClient, mend
from planning import applied, writes

from mcp_ads.core import Write
from mcp_ads.errors import InvalidParams, UnknownAction

pytestmark = pytest.mark.anyio
CAMPAIGNS, GROUPS = "sponsored_brands_campaigns", "sponsored_brands_ad_groups"
ADS = "sponsored_brands_ads"
CREATIVES = "sponsored_brands_creatives"
GROUP, OLD_GROUP, AD, COLLECTION, FILM = (
    "192000000000001", "192000000000002", "193000000000001", "193000000000002", "193000000000003",
)  # fmt: skip
THREE = ["B0TERN0001", "B0TERN0002", "B0TERN0003"]
BRAND: dict[str, Any] = {"brand_name": "Tern & Tide"}
NEW: dict[str, Any] = {"ad_group_id": GROUP, "name": "New"}


async def plan(engine_client: EngineClient, entity: str, action: str, **params: Any) -> Any:
    return await engine_client.do(AMAZON, entity, action, **{"profile_id": PROFILE, **params})


async def mistake(engine_client: EngineClient, entity: str, action: str, **params: Any) -> str:
    with pytest.raises(InvalidParams) as caught:
        await plan(engine_client, entity, action, **params)
    return str(caught.value)


async def library(engine_client: EngineClient) -> tuple[dict[str, str], list[str]]:
    """The ids of assets by their names, and the addresses of the Store's pages."""
    assets = (await plan(engine_client, "assets", "list", limit=100)).data
    pages = (await plan(engine_client, "stores", "list")).data
    return {row["name"]: row["assetId"] for row in assets}, [row["storePageUrl"] for row in pages]


def spotlight(pages: list[str]) -> list[dict[str, str]]:
    return [
        {"pageTitle": f"Page {at}", "asin": asin, "url": page}
        for at, (asin, page) in enumerate(zip(THREE, pages[1:], strict=True))
    ]


async def test_an_ad_from_its_making_to_its_end(engine_client: EngineClient) -> None:
    """Made PAUSED with what a person has to see, renamed, switched on for money, archived for good."""
    assets, pages = await library(engine_client)
    shows = {**BRAND, "brand_logo_asset_id": assets["logo.png"], "headline": "Sea & sand"}
    film = {"video_asset_ids": f"{assets['towels.mp4']}:version_v1", "landing_page_url": pages[0]}
    made = await plan(engine_client, ADS, "create", **NEW, ad_type="brand_video", **shows, **film)
    assert "state PAUSED" in made.text
    assert f'"{assets["logo.png"]}" "logo.png"' in made.text
    assert f'["{assets["towels.mp4"]}:version_v1"] "towels.mp4"' in made.text
    assert f'landing_page_url "{pages[0]}"' in made.text
    assert (
        "Amazon reviews it before it is shown: moderation_results.list with ad_program_type SB_VIDEO"
        in made.text
    )
    done = await applied(engine_client, made.data["plan_id"])
    assert "read back: state PAUSED" in done.text
    ad = done.data["steps"][0]["id"]
    on = await plan(engine_client, ADS, "update", ad_id=ad, state="ENABLED", name="Film")
    assert "ACTIVATES DELIVERY: can spend 30.00 USD a day" in on.text
    assert 'read back: name "Film"; state ENABLED' in (await applied(engine_client, on.data["plan_id"])).text
    read = await plan(engine_client, ADS, "get", ad_id=[ad, "999"])
    assert read.data[0]["landingPage"] == {"pageType": "STORE", "url": pages[0]}
    assert "brandLogoUrl" not in read.data[0]["creative"]
    assert read.errors[0]["index"] == 1
    gone = await plan(engine_client, ADS, "delete", ad_id=ad)
    assert "cannot be undone" in gone.text
    assert "it may deliver today" in gone.text
    assert "state ARCHIVED" in (await applied(engine_client, gone.data["plan_id"])).text
    listed = await plan(engine_client, ADS, "list", campaign_id="191000000000001", fields=["adId", "state"])
    assert {row["adId"]: row["state"] for row in listed.data} == {AD: "ENABLED", ad: "ARCHIVED"}
    assert [line.partition(" 9")[0] for line in writes(engine_client)] == [
        "create ad", "update ad", "archive ad",
    ]  # fmt: skip


async def test_every_type_is_made_in_one_plan(engine_client: EngineClient) -> None:
    """A campaign, its ad group and an ad of each type: five requests of their own, one of each batch."""
    assets, pages = await library(engine_client)
    logo, film = {"brand_logo_asset_id": assets["logo.png"]}, {"video_asset_ids": [assets["towels.mp4"]]}
    told = {"headline": "All for the beach", "landing_page_url": pages[0]}
    first = await plan(engine_client, CAMPAIGNS, "create", name="Launch", daily_budget="20 USD")
    group = {"name": "Launch", "campaign_id": "@1.id", "append_to": first.data["plan_id"]}
    both = await plan(engine_client, GROUPS, "create", **group)
    items = [
        {"ad_type": "video", "asins": THREE[:1], **film},
        {"ad_type": "brandVideo", "asins": THREE[:2], **BRAND, **logo, **told, **film},
        {"ad_type": "storeSpotlight", **BRAND, **logo, **told, "subpages": spotlight(pages)},
        {
            "ad_type": "manualCollection",
            "asins": THREE,
            **BRAND,
            "title": "By the sea",
            "landing_page_url": pages[0],
        },
        {"ad_type": "autoCollection", **BRAND, **logo, "asin_exclusions": ["B0TERN0011"]},
    ]
    named = [{"name": f"Ad {at}", **item} for at, item in enumerate(items)]
    of = {"ad_group_id": "@2.id", "append_to": both.data["plan_id"]}
    whole = await plan(engine_client, ADS, "create", items=named, **of)
    done = await applied(engine_client, whole.data["plan_id"])
    assert "APPLIED: 7 of 7 done" in done.text
    assert "DIFFERS" not in done.text
    made = [step["id"] for step in done.data["steps"]][2:]
    listed = await plan(
        engine_client, ADS, "list", ad_id=made, fields=["creative.type", "landingPage.pageType"]
    )
    assert [[*row.values()] for row in listed.data] == [
        ["VIDEO", None], ["BRAND_VIDEO", "STORE"], ["STORE_SPOTLIGHT", "STORE"],
        ["PRODUCT_COLLECTION", "STORE"], ["PRODUCT_COLLECTION", None],
    ]  # fmt: skip


async def test_a_product_that_may_not_be_advertised_is_named(engine_client: EngineClient) -> None:
    """With Amazon's reason, of all products in one read; one that is nobody's, and what is not read, too."""
    bad = ["B0TERN0011", "B0NOTOURS1", "B0TERN0003"]
    asked = {**NEW, "ad_type": "manualCollection", **BRAND, "asins": bad}
    text = (await plan(engine_client, ADS, "create", **asked)).text
    assert "B0TERN0011 is INELIGIBLE for Sponsored Brands: This product is out of stock." in text
    assert "whether B0NOTOURS1 may be advertised is not known" in text
    assert "B0TERN0003 is" not in text
    assert engine_client.sent().count("POST /product/metadata") == 1
    place = {"campaign_id": "120000000000001", "ad_group_id": "130000000000001"}
    text = (
        await plan(engine_client, "sponsored_product_product_ads", "create", **place, sku="TT-BOTTLE-11")
    ).text
    assert "TT-BOTTLE-11 is INELIGIBLE for Sponsored Products" in text
    engine_client.fault("500", path="/product/metadata", times=0)
    text = (await plan(engine_client, ADS, "create", **asked)).text
    assert "whether its products may be advertised: not known, for they could not be read" in text


async def test_an_ad_that_starts_enabled_says_what_it_can_spend(engine_client: EngineClient) -> None:
    """What pays for it is its ad group's campaign; with a cap below that it is refused."""
    asked = {**NEW, "ad_type": "autoCollection", **BRAND, "state": "ENABLED"}
    made = await plan(engine_client, ADS, "create", **asked)
    assert "ACTIVATES DELIVERY: can spend 30.00 USD a day (dailyBudget of 191000000000001" in made.text
    assert "sharing-30.00-USD-a-day" in made.data["plan_id"]
    old = {**asked, "ad_group_id": OLD_GROUP}
    assert "ad_group_id: its campaign was made before" in await mistake(engine_client, ADS, "create", **old)


async def test_another_version_of_what_an_ad_shows(engine_client: EngineClient) -> None:
    """It waits for its review while the ad shows the old; its type stays, and nothing takes it back."""
    assets, _ = await library(engine_client)
    shows = {**BRAND, "brand_logo_asset_id": assets["logo.png"], "video_asset_ids": [assets["towels.mp4"]]}
    asked = {"ad_id": AD, "ad_type": "brandVideo", "headline": "Sand & sea", **shows}
    made = await plan(engine_client, CREATIVES, "create", **asked)
    assert 'adId 193000000000001 "Brand ad brandVideo" ENABLED' in made.text
    assert "cannot be undone: versions stay" in made.text
    assert "the ad shows what it has until Amazon has approved this version" in made.text
    assert 'asins ["B0TERN0001","B0TERN0002"] → []; brandName "Tern & Tide"; brandLogo' in made.text
    assert 'headline "Sea and sand" → "Sand & sea"' in made.text
    assert 'landingPage {"pageType":"STORE","url":"https://www.amazon.com' in made.text
    assert "is not given again" in made.text
    assert "APPLIED: 1 of 1 done" in (await applied(engine_client, made.data["plan_id"])).text
    versions = await plan(engine_client, CREATIVES, "list", ad_id=AD)
    assert [(row["creativeVersion"], row["creativeStatus"]) for row in versions.data] == [
        ("3", "PENDING_MODERATION_REVIEW"), ("2", "REJECTED_BY_MODERATION"), ("1", "PUBLISHED"),
    ]  # fmt: skip
    shown = await plan(engine_client, ADS, "get", ad_id=AD, fields=["creative.headline"])
    assert shown.data == {"creative.headline": "Sea and sand"}
    rejected = await plan(engine_client, CREATIVES, "list", ad_id=AD, status="rejected by moderation")
    assert [row["creativeVersion"] for row in rejected.data] == ["2"]
    verdicts = {"ad_id": AD, "ad_program_type": "SB_VIDEO", "status": "rejected"}
    why = await plan(engine_client, "moderation_results", "list", **verdicts)
    assert [row["reasons"] for row in why.data] == ['Claims have to be supported. (HEADLINE "best")']
    archived = {"ad_id": FILM, "ad_type": "video", "video_asset_ids": [assets["towels.mp4"]]}
    assert "ad_id: it is ARCHIVED" in await mistake(engine_client, CREATIVES, "create", **archived)


async def test_a_version_replaces_what_was_shown_when_it_was_planned(engine_client: EngineClient) -> None:
    """What it leaves out is lost, and where the ad shows something else by now it is planned anew."""
    asked = {"ad_id": COLLECTION, "ad_type": "manualCollection", "asins": THREE, **BRAND}
    made = await plan(engine_client, CREATIVES, "create", **asked)
    assert 'lost: title "By the sea"' in made.text
    assert f"asins {json.dumps(THREE, separators=(',', ':'))};" in made.text
    ad = engine_client.store.get("amazon.sb.ads", COLLECTION) or {}
    newer = {**ad["creative"], "creativeVersion": "2", "title": "In the dunes"}
    engine_client.store.put("amazon.sb.ads", COLLECTION, {**ad, "creative": newer})
    late = await applied(engine_client, made.data["plan_id"])
    assert "the ad shows version 2, which the plan did not say" in late.text
    assert 'the ad shows title "In the dunes", which the plan did not say' in late.text
    assert not writes(engine_client)


async def test_a_version_is_of_the_type_of_its_ad(engine_client: EngineClient) -> None:
    """Of an ad that is there and of one that the same plan makes; of collections as far as it can be told."""
    assets, _ = await library(engine_client)
    film = {"ad_type": "video", "video_asset_ids": [assets["towels.mp4"]]}
    products = {"ad_type": "autoCollection", **BRAND}
    of_both = "the ad is of type manualCollection or autoCollection, and an ad never changes its type"
    assert of_both in await mistake(engine_client, CREATIVES, "create", ad_id=COLLECTION, **film)
    assert "of type brandVideo" in await mistake(engine_client, CREATIVES, "create", ad_id=AD, **products)
    doubtful = await plan(engine_client, CREATIVES, "create", ad_id=COLLECTION, **products)
    assert "lists products, as a manualCollection does: Amazon refuses" in doubtful.text
    new = await plan(engine_client, ADS, "create", **NEW, **film, asins=THREE[:1])
    assert 'type "VIDEO"' in new.text
    to_it = {"ad_id": "@1.id", "append_to": new.data["plan_id"]}
    assert "of type video" in await mistake(engine_client, CREATIVES, "create", **to_it, **products)


async def test_versions_of_collections_are_answered_by_their_index(engine_client: EngineClient) -> None:
    """They travel in a list; one that Amazon refuses is told by its place."""
    items = [{"asins": THREE}, {"asins": ["B0TERN0001", "B0TERN0002", "B0NOTOURS1"]}]
    asked = {"ad_id": COLLECTION, "ad_type": "manualCollection", **BRAND}
    made = await plan(engine_client, CREATIVES, "create", **asked, items=items)
    done = await engine_client.workspace.apply(made.data["plan_id"])
    assert "1 of 2 done" in str(done)
    assert "B0NOTOURS1 is not eligible" in str(done)


async def test_assets_and_pages_are_looked_at_before(engine_client: EngineClient) -> None:
    """What is no video, no version or no page of the Store is refused; what cannot be read is said."""
    assets, pages = await library(engine_client)
    asked = {**NEW, "ad_type": "video", "asins": THREE[:1]}
    logo = await mistake(engine_client, ADS, "create", **asked, video_asset_ids=[assets["logo.png"]])
    assert "is an IMAGE, not a VIDEO" in logo
    none = await mistake(
        engine_client, ADS, "create", **asked, video_asset_ids=[f"{assets['towels.mp4']}:v9"]
    )
    assert "has no such version" in none
    early = await plan(engine_client, ADS, "create", **asked, video_asset_ids=[assets["autumn.mp4"]])
    assert "Amazon still processes it" in early.text
    strange = {**asked, "video_asset_ids": ["amzn1.assetlibrary.asset1.gone"]}
    assert "the library of this profile has no" in await mistake(engine_client, ADS, "create", **strange)
    engine_client.fault("500", platform=AMAZON, path="/assets", times=0)
    unread = await plan(engine_client, ADS, "create", **strange)
    assert "video_asset_ids: not known, for they could not be read" in unread.text
    mend(engine_client.store)
    collection = {**NEW, "ad_type": "manualCollection", "asins": THREE, **BRAND}
    nowhere = f"{pages[0][:-12]}ABCDEFABCDEF"
    lost = await mistake(engine_client, ADS, "create", **collection, landing_page_url=nowhere)
    assert "is no page of the advertiser's Stores; stores.list has Home, Towels, Bags" in lost
    page = pages[1].rpartition("/")[2]
    for site in (
        "https://evil.example",
        "https://www.amazon.com@evil.example",
        "https://www.amazon.com.evil.co",
    ):
        led = {**collection, "landing_page_url": f"{site}/stores/page/{page}"}
        assert "is no page of the advertiser's Stores" in await mistake(engine_client, ADS, "create", **led)
    odd = f"https://www.amazon.com/stores/tern/page/{page.lower()}?ref=x"
    spelt = await plan(engine_client, ADS, "create", **collection, landing_page_url=odd)
    assert f"stores.list writes this page as {pages[1]}; Amazon may refuse" in spelt.text
    named = await plan(
        engine_client, ADS, "create", **collection, landing_page_url="https://www.amazon.com/stores/tern"
    )
    assert "not checked" in named.text
    assert not writes(engine_client)


TYPES = [
    (
        {
            "ad_type": "video",
            "asins": THREE,
            "headline": "x",
            "landing_page_url": "https://a.example/stores/1",
        },
        [
            "headline: video has none; there is one in brandVideo, storeSpotlight, manualCollection",
            "landing_page_url: video has none; there is one in brandVideo, storeSpotlight, manualCollection",
            "video_asset_ids: video needs it",
            "asins: 1 in video, not 3",
        ],
    ),
    (
        {"ad_type": "manualCollection", "asins": THREE[:2], **BRAND},
        ["asins: 3 to 10 in manualCollection, not 2"],
    ),
    (
        {"ad_type": "manualCollection", "asins": THREE, **BRAND, "title": "x" * 33},
        ["headline: at most 32 characters in manualCollection, not 33"],
    ),
    (
        {"ad_type": "manualCollection", "asins": THREE, **BRAND, "landing_page_url": "https://a.example/1"},
        ["landing_page_type: STORE or PRODUCT_LIST; 'https://a.example/1' does not tell"],
    ),
    (
        {"ad_type": "autoCollection", **BRAND, "asins": THREE},
        ["asins: autoCollection has none; there is one in video, brandVideo, manualCollection"],
    ),
    (
        {"ad_type": "autoCollection", "brand_name": "  ", "brand_logo_crop": {"top": 1}},
        ["brand_name: no spaces at the beginning or end"],
    ),
    ({"ad_type": "autoCollection", **BRAND, "brand_logo_crop": {}}, ["brand_logo_crop: "]),
    (
        {"ad_type": "autoCollection", **BRAND, "brand_logo_crop": {"top": 1}},
        ["brand_logo_crop: give brand_logo_asset_id with it"],
    ),
    ({"ad_type": "product-collection_extended"}, ["ad_type: Amazon has deprecated product collections"]),
    (
        {"ad_type": "autoCollection", **BRAND, "custom_images": []},
        ["custom_images: only product collections"],
    ),
    ({"ad_type": "storeSpotlight", **BRAND, "subpages": [{"url": "x"}] * 3}, ["subpages: [0]: write"]),
]


@pytest.mark.parametrize(("params", "lines"), TYPES)
def test_each_type_takes_what_it_shows(params: dict[str, Any], lines: list[str]) -> None:
    """One line for each mistake, with the types that take what this one does not."""
    with pytest.raises(InvalidParams) as caught:
        call(ADS, "create", **NEW, **params)
    assert [line for line in lines if not any(found.startswith(line) for found in caught.value.lines)] == []


async def test_what_an_ad_shows_is_no_part_of_its_update(engine_client: EngineClient) -> None:
    """It goes by a version; pausing and switching on are updates of the state, and archiving is a delete."""
    told = await mistake(engine_client, ADS, "update", ad_id=AD, headline="x", state="ENABLED")
    assert "sponsored_brands_creatives.create" in told
    assert "delete archives" in await mistake(engine_client, ADS, "update", ad_id=AD, state="archived")
    for action, state in (("pause", "PAUSED"), ("enable", "ENABLED")):
        with pytest.raises(UnknownAction, match=f"update with state {state}"):
            await plan(engine_client, ADS, action, ad_id=AD)
    with pytest.raises(InvalidParams, match="asins: a video is shown with the product of its ad"):
        call(CREATIVES, "create", ad_id=AD, ad_type="video", asins=THREE[:1], video_asset_ids=["abc"])


@pytest.mark.parametrize(
    ("entity", "params", "answer"),
    [
        (ADS, {**NEW, "ad_type": "autoCollection", **BRAND}, {"adId": ""}),
        (
            CREATIVES,
            {"ad_id": "7", "ad_type": "autoCollection", **BRAND},
            {"adId": "8", "creativeVersion": "2"},
        ),
        (CREATIVES, {"ad_id": "7", "ad_type": "autoCollection", **BRAND}, {"adId": "7"}),
        (CREATIVES, {"ad_id": "7", "ad_type": "autoCollection", **BRAND}, []),
    ],
)
def test_an_answer_without_what_was_made_is_doubted(entity: str, params: Any, answer: Any) -> None:
    """Success names the ad, and the version of it that is new."""
    made = call(entity, "create", **params)
    assert isinstance(made, Write)
    assert made.doubt(answer)


def test_a_rejected_ad_is_switched_on_with_a_warning() -> None:
    """It would show nothing: where to see why, and what changes that."""
    made = call(ADS, "update", ad_id=AD, state="ENABLED")
    assert isinstance(made, Write)
    live = {"state": "PAUSED", "creative": {"creativeStatus": "REJECTED_BY_MODERATION"}}
    assert any("was rejected" in line for line in made.warnings(live))
    assert not any("was rejected" in line for line in made.warnings({"creative": {}}))


async def test_reports_are_of_the_ads_that_lists_show(looking: EngineClient) -> None:
    """The ids of what delivered are those of ads that are there, in the campaigns they are of."""
    asked = {"report_type_id": "sbAds", "report_group_by": ["ads"], "time_range": "last_7d"}
    columns = {"columns": ["adId", "campaignId", "impressions"], "limit": 100}
    found = await looking.do(AMAZON, "reports", "run", profile_id=PROFILE, **asked, **columns)
    ids = {"ad_id": [row["adId"] for row in found.data], "fields": ["adId", "campaignId"]}
    listed = await plan(looking, ADS, "list", **ids)
    of = {row["adId"]: row["campaignId"] for row in listed.data}
    assert {row["adId"]: row["campaignId"] for row in found.data} == of
    assert len(of) == 2
