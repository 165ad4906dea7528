"""Sponsored Brands ads: what shoppers see, of one of five types, in an ad group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field

from mcp_ads.connectors.amazon_ads.dialect import CURSOR, vendor
from mcp_ads.connectors.amazon_ads.lists import StatedList
from mcp_ads.connectors.amazon_ads.record_names import BRAND_AD, OF_ADS, SERVING
from mcp_ads.connectors.amazon_ads.sponsored_products.rules import trimmed
from mcp_ads.connectors.amazon_ads.types import (
    SHORT,
    AdGroupId,
    AmazonRead,
    Json,
    Names,
    ObjectId,
    OneOrMore,
    State,
    States,
)
from mcp_ads.core import POST, Account, Action, Entity
from mcp_ads.core.marks import Found

from . import inside
from .ad_checks import Checked
from .ad_types import OF_TYPES, SHOWN
from .base import AdGroupIds, BrandArchive, BrandWrite, ById, CampaignIds, TenIds, dated, routes

ROUTES = routes("ads", "sbadresource")
LEAN = ("adId", "name", "state", SERVING, "adGroupId", "campaignId")
CAMPAIGN = {"campaignId": "sponsored_brands_campaigns"}
KEPT = "what an ad shows changes by another version: sponsored_brands_creatives.create"
SIGNED = ("brandLogoUrl", "customImageUrl")
Name = Annotated[
    str, AfterValidator(trimmed), Field(min_length=1, max_length=255, examples=["Towels, collection"])
]


class AdRead(AmazonRead):
    """Rows of ads: addresses of images are left out, as they are signed."""

    def to_row(self, record: Json, account: Account | None) -> Json:  # noqa: ARG002 - the protocol's
        shown = record.get("creative")
        plain = {name: shown[name] for name in shown if name not in SIGNED} if isinstance(shown, dict) else {}
        return {**dated(record), **({"creative": plain} if plain else {})}


class ListAds(AdRead, StatedList):
    """List Sponsored Brands ads, of some campaigns or ad groups or all."""

    ad_id: Annotated[TenIds | None, Field(alias="adIdFilter", description="At most ten.")] = None
    ad_group_id: AdGroupIds = None
    campaign_id: CampaignIds = None
    name: Names = None
    state: States = ["ENABLED", "PAUSED"]

    http, records, lean = ROUTES.list, "ads", LEAN
    pages, total = replace(CURSOR, most=100), "totalResults"
    known, alike = BRAND_AD, {**OF_ADS, "type": "creative.type", "headline": "creative.headline"}
    said = "brand video ads, store spotlight, collection ads, headline of an ad"


class GetAd(AdRead, ById):
    """Read one Sponsored Brands ad with what it shows, or several with a list of ids."""

    ad_id: Annotated[OneOrMore, Field(alias="adIdFilter", examples=["193000000000001"])]

    http, records, subject = ROUTES.list, "ads", "ad_id"
    lean, known, alike = (*LEAN, "creative", "landingPage"), BRAND_AD, ListAds.alike


class CreateAd(Checked):
    """Create an ad of one `ad_type` in an ad group. It starts PAUSED.

    Amazon reviews it before it is shown. video: one product and a video. brandVideo: brand, headline and
    video, to a Store page. storeSpotlight: brand, headline and three subpages. manualCollection: 3 to 10
    products and a brand; autoCollection: a brand, and products that Amazon chooses.
    """

    sample = {"asins": ["B0TERN0001", "B0TERN0002", "B0TERN0003"], "brand_name": "Tern & Tide"}
    retired = {"custom_images": "only product collections have some, and these are deprecated"}

    ad_group_id: Annotated[AdGroupId, Field(examples=["192000000000001"])]
    name: Name
    state: State = "PAUSED"
    campaign_id: Annotated[str | None, Found(), Field(exclude=True)] = None

    http = vendor(POST, "/sb/v4/ads/{ad_type}", "sbadresource.v4")
    does, key, new_id_at, found_by = "makes", "ads", "adId", ("ad_group_id", "name")
    parents = {"ad_group_id": "sponsored_brands_ad_groups", "campaign_id": CAMPAIGN["campaignId"]}
    paid_by = CAMPAIGN
    aliases = {**SHORT, "type": "ad_type", "title": "headline", "brand_logo_asset_i_d": "brand_logo_asset_id"}

    def item(self) -> Json:
        inside = {"landingPage": self.page()} if self.kind.page == "inside" and self.page() else {}
        beside = {"landingPage": self.page()} if self.kind.page == "beside" else {}
        return {**self.sent(), "creative": {**self.creative("brandLogoAssetID"), **inside}, **beside}

    def sets(self) -> Json:
        """As its record has it: the page it leads to stands beside what it shows, of every type."""
        page = {"landingPage": self.page()} if self.page() else {}
        word = next(word for word, types in OF_TYPES.items() if self.ad_type in types)
        return {**self.sent(), "creative": {"type": word, **self.creative("brandLogoAssetID")}, **page}


class OneAd(BrandWrite):
    """What changing an ad takes."""

    ad_id: Annotated[ObjectId, Field(examples=["193000000000001"])]

    http, key, subject, paid_by = ROUTES.update, "ads", "ad_id", CAMPAIGN

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        shown = live.get("creative") or {}
        if self.delivers() and shown.get("creativeStatus") == "REJECTED_BY_MODERATION":
            yield f"what it shows was rejected, so that it shows nothing: see moderation_results; {KEPT}"


class UpdateAd(OneAd):
    """Rename an ad, or switch it on or off by its state. What it shows goes by sponsored_brands_creatives."""

    sample: ClassVar[Json] = {"state": "PAUSED"}
    retired = dict.fromkeys((*SHOWN, "ad_type", "creative", "landing_page"), KEPT)

    name: Name | None = None
    state: State | None = None


class DeleteAd(BrandArchive, OneAd):
    """Archive ads for good."""

    http = ROUTES.archive

    def beside(self, account: str, live: Mapping[str, Any]) -> Mapping[str, Action]:
        return inside.above(account, live)

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from inside.within(live)


sponsored_brands_ads = Entity(
    noun="ad",
    list=ListAds,
    get=GetAd,
    create=CreateAd,
    update=UpdateAd,
    delete=DeleteAd,
    lacks={
        "pause": "update with state PAUSED pauses ads of Sponsored Brands",
        "activate": "update with state ENABLED switches ads of Sponsored Brands on",
    },
)
