"""Brands, Stores, the library of images and videos, and what reviews found, of the make-believe Amazon."""

from __future__ import annotations

from typing import Any

import pytest
from amazon_calls import Course, call
from engine_client import AMAZON, EngineClient, Table

from mcp_ads.core import Request
from mcp_ads.errors import InvalidParams, NotFound, PlatformDown, UnknownAction

pytestmark = pytest.mark.anyio

US, JP = "3312345678901234", "5512345678901234"


async def _list(client: EngineClient, entity: str, **params: Any) -> Table:
    return await client.table(AMAZON, entity, "list", **{"profile_id": US, **params})


async def test_brands_of_sellers_have_an_entity(looking: EngineClient) -> None:
    """Campaigns name it; a vendor's brand has none, and of book authors there are none here."""
    own = await _list(looking, "brands")
    assert [row["brandRegistryName"] for row in own.rows] == ["Tern & Tide"]
    assert own.rows[0]["brandEntityId"].startswith("ENTITY")
    assert [row["brandEntityId"] for row in (await _list(looking, "brands", profile_id=JP)).rows] == [""]
    assert (await _list(looking, "brands", brand_type="bookAuthor")).rows == []
    with pytest.raises(InvalidParams, match="brand_type"):
        await _list(looking, "brands", brand_type="nobody")


async def test_stores_are_told_by_their_pages(looking: EngineClient) -> None:
    """A row for each page with the address that ads lead to; rows are chosen as those of any list."""
    pages = await _list(looking, "stores")
    assert [row["storePageName"] for row in pages.rows] == ["Home", "Towels", "Bags", "On the water"]
    assert all(row["storePageUrl"].startswith("https://www.amazon.com/stores/page/") for row in pages.rows)
    one = await _list(looking, "stores", where="storePageName = 'Bags'", fields=["url"])
    assert [row["storePageUrl"] for row in one.rows] == [pages.rows[2]["storePageUrl"]]


async def test_the_library_is_searched(looking: EngineClient) -> None:
    """The newest first, by type, tag and text; addresses of files, which are signed, are nowhere."""
    every = await _list(looking, "assets")
    assert [row["name"] for row in every.rows] == ["autumn.mp4", "towels.mp4", "beach.jpg", "logo.png"]
    assert [row["status"] for row in every.rows] == ["PROCESSING", "ACTIVE", "ACTIVE", "ACTIVE"]
    assert [row["name"] for row in (await _list(looking, "assets", type="video", text="TOWEL")).rows] == [
        "towels.mp4"
    ]
    assert [row["name"] for row in (await _list(looking, "assets", tag="summer")).rows] == ["beach.jpg"]
    whole = await _list(looking, "assets", fields=["*"], asset_sub_type="logo")
    assert "Signature" not in whole.text
    assert whole.rows[0]["width"] == "600"
    wide = await _list(looking, "assets", where="width > 1100", sort="name", fields=["name"])
    assert [row["name"] for row in wide.rows] == ["beach.jpg", "towels.mp4"]


async def test_one_asset_with_its_versions(looking: EngineClient) -> None:
    """By its id, with or without a version; a filter beside it is a mistake, and no such asset is said."""
    known = (await _list(looking, "assets", text="logo")).rows[0]["assetId"]
    for asset in (known, f"{known}:version_v1"):
        found = await _list(looking, "assets", asset_id=asset, fields=["assetId", "version", "status"])
        assert [[*row.values()] for row in found.rows] == [[known, "version_v1", "ACTIVE"]]
    lost = await _list(looking, "assets", asset_id=f"{known}:version_v9")
    assert (lost.rows, lost.meta["warnings"]) == (
        [], ["asset_id: no version 'version_v9' of it; there is version_v1"],
    )  # fmt: skip
    odd = await _list(looking, "assets", asset_sub_type="LOGOO")
    assert "asset_sub_type: LOGOO is none that Amazon documents: LOGO," in odd.meta["warnings"][0]
    with pytest.raises(InvalidParams, match="asset_id: give it alone, without text"):
        await _list(looking, "assets", asset_id=known, text="logo")
    with pytest.raises(NotFound) as nowhere:
        await _list(looking, "assets", asset_id="amzn1.assetlibrary.asset1.nowhere")
    assert nowhere.value.fix == "assets.list shows what the library of this profile has"


def test_a_library_is_read_page_after_page() -> None:
    """By the token of each answer, until one has none; of one too large to read that is said."""
    course = Course(call("assets", "list"))
    first = course.send()
    assert isinstance(first, Request)
    page: Any = {"assetList": [{"assetId": "a", "failedSpecChecks": []}], "token": "t1"}
    second = course.send(page)
    assert second.body["pageCriteria"] == {"size": 500, "identifier": {"token": "t1"}}
    last = course.ends({"assetList": [{"assetId": "b", "creationTime": 1750000000000}], "token": None})
    assert [row["assetId"] for row in last.data] == ["a", "b"]
    assert last.data[1]["creationTime"] == "2025-06-15T15:06:40+00:00"
    long = Course(call("assets", "list"))
    long.send()
    for _ in range(19):
        long.send(page)
    assert long.ends(page).meta["warnings"] == [
        "only the newest 20 were read; text and the filters find others"
    ]


def test_an_asset_says_which_checks_it_failed() -> None:
    """Of each version, the program and the reason; another shape of an answer is no asset."""
    checks = [{"specProgramName": "SPONSORED_BRANDS_VIDEO", "specifications": [
        {"isPassed": False, "failureReason": "longer than 45 s"}, {"isPassed": True, "stringId": "ok"},
    ]}]  # fmt: skip
    version = {"assetIdentifier": {"assetId": "a1b", "version": "v1"}, "failedSpecChecks": checks}
    course = Course(call("assets", "list", asset_id="a1b"))
    course.send()
    found = course.ends({"assetGlobal": {"assetType": "VIDEO"}, "assetVersionList": [version]})
    assert found.data[0]["failedSpecChecks"] == "SPONSORED_BRANDS_VIDEO: longer than 45 s"
    odd = Course(call("assets", "list", asset_id="a1b"))
    odd.send()
    with pytest.raises(PlatformDown, match="versions of an asset"):
        odd.send({"assetList": []})


async def test_what_a_review_found(looking: EngineClient) -> None:
    """The verdict on an ad, in the program it is of; of another program it is not known."""
    ads = await looking.table(AMAZON, "sponsored_product_product_ads", "list", profile_id=US, limit=1)
    asked = {"ad_id": ads.rows[0]["adId"], "ad_program_type": "sponsored_products"}
    found = await _list(looking, "moderation_results", **asked)
    assert [(row["versionId"], row["moderationStatus"]) for row in found.rows] == [("1", "APPROVED")]
    with pytest.raises(NotFound) as lost:
        await _list(looking, "moderation_results", **{**asked, "ad_program_type": "SB_VIDEO"})
    assert "ad_program_type has to fit it: SB_PRODUCT_COLLECTION of collections" in lost.value.fix


async def test_how_a_file_becomes_an_asset_is_said(looking: EngineClient) -> None:
    """There is no action for that: the raw entity sends what Amazon has for it."""
    with pytest.raises(UnknownAction, match=r"api\.post with /assets/upload"):
        await looking.do(AMAZON, "assets", "upload", profile_id=US)
    with pytest.raises(UnknownAction, match=r"sponsored_brands_ads\.delete archives the ad"):
        await looking.do(AMAZON, "sponsored_brands_creatives", "archive", profile_id=US)


def test_a_rejection_says_why() -> None:
    """The policy and what breaks it as one text; the links are columns of their own."""
    listed = call("moderation_results", "list", ad_id="41", ad_program_type="SB_VIDEO")
    text = {"moderatedComponent": "HEADLINE", "reviewedText": "The best", "violatingTextEvidences": [
        {"violatingText": "best"}]}  # fmt: skip
    policies = [
        {"policyDescription": "Claims.", "policyLinkUrl": "https://a.example/1",
         "violatingTextContents": [text]},
        {"policyDescription": "No logos.", "violatingImageContents": [{"moderatedComponent": "IMAGE"}]},
        {"policyDescription": "No adults.", "violatingAsinContents": [
            {"violatingAsinEvidences": [{"asin": "B0TERN0001"}]}]},
    ]  # fmt: skip
    record = {"id": "41", "versionId": "2", "moderationStatus": "REJECTED", "policyViolations": policies}
    row = listed.to_row(record, None)
    assert row["reasons"] == 'Claims. (HEADLINE "best"); No logos. (IMAGE); No adults. ("B0TERN0001")'
    assert (row["policies"], row["links"]) == (3, "https://a.example/1")
