"""Versions of what Sponsored Brands ads show: a new one is reviewed while the ad goes on showing the old.

Facts: Amazon's Sponsored Brands specification, version 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from mcp_ads.connectors.amazon_ads.dialect import CURSOR, vendor
from mcp_ads.connectors.amazon_ads.filters import id_list, words
from mcp_ads.connectors.amazon_ads.record_names import BRAND_CREATIVE
from mcp_ads.connectors.amazon_ads.states import DELIVERS_NOTHING
from mcp_ads.connectors.amazon_ads.types import ACCOUNT, AmazonRead, Json, ObjectId
from mcp_ads.core import POST, Account, Action, Entity, Request, dig

from . import replaced
from .ad_checks import Checked
from .ad_types import COLLECTION, COLLECTIONS, OF_TYPES
from .ads import SIGNED, ListAds
from .base import time_of

RESOURCE, OF_ADS = "sbAdCreativeResource.v4", "sbadresource.v4"
TIMES = ("creationTime", "lastUpdateTime")
STAYS = "versions stay; for what was shown before, make another version of that"
AdId = Annotated[ObjectId, Field(examples=["193000000000002"])]


class ListCreatives(AmazonRead):
    """List the versions of what one ad shows, with how the review of each stands."""

    ad_id: AdId
    creative_status: Annotated[
        list[
            Literal["SUBMITTED_FOR_MODERATION", "PENDING_TRANSLATION", "PENDING_MODERATION_REVIEW",
                    "APPROVED_BY_MODERATION", "REJECTED_BY_MODERATION", "PUBLISHED"]
        ] | None,
        BeforeValidator(words),
        Field(alias="creativeStatusFilter", min_length=1, description="All unless said."),
    ] = None  # fmt: skip
    creative_type: Annotated[
        list[Literal["PRODUCT_COLLECTION", "STORE_SPOTLIGHT", "VIDEO", "BRAND_VIDEO"]] | None,
        BeforeValidator(words),
        Field(alias="creativeTypeFilter", min_length=1),
    ] = None
    creative_version: Annotated[
        list[str] | None,
        BeforeValidator(id_list),
        Field(alias="creativeVersionFilter", min_length=1, max_length=100),
    ] = None

    http, records = vendor(POST, "/sb/ads/creatives/list", RESOURCE), "creatives"
    pages, total = replace(CURSOR, most=100), "totalResults"
    lean = (
        "creativeVersion",
        "creativeStatus",
        "creativeType",
        "creationTime",
        "creativeProperties.headline",
    )
    known = BRAND_CREATIVE
    alike = {"version": "creativeVersion", "status": "creativeStatus", "type": "creativeType"}
    aliases = {**ACCOUNT, "status": "creative_status", "type": "creative_type", "version": "creative_version"}
    said = "creative versions, is my creative approved, headline, ad copy, brand logo of an ad"

    def to_row(self, record: Json, account: Account | None) -> Json:  # noqa: ARG002 - the protocol's
        """Times as text; addresses of images are left out, as they are signed."""
        shown = record.get("creativeProperties") or {}
        plain = {name: shown[name] for name in shown if name not in SIGNED}
        times = {name: time_of(record[name]) for name in TIMES if record.get(name)}
        return {**record, "creativeProperties": plain, **times}


class CreateCreative(Checked):
    """Give an ad another version of what it shows, whole: what is left out is not taken over.

    The ad shows what it has until Amazon has approved this one. `ad_type` is that of the ad, which never
    changes; a video is shown with the ad's own product.
    """

    sample = {"asins": ["B0TERN0001", "B0TERN0002", "B0TERN0003"], "brand_name": "Tern & Tide"}

    ad_id: AdId

    http = vendor(POST, "/sb/ads/creatives/{ad_type}", RESOURCE)
    does, new_id_at, name_at, states = "makes", "creativeVersion", "creativeVersion", DELIVERS_NOTHING
    made_at = TIMES[:1]
    irreversible: ClassVar[str] = STAYS
    reviewed: ClassVar[str] = "the ad shows what it has until Amazon has approved this version"
    parents, parent_fields = {"ad_id": "sponsored_brands_ads"}, ("name", "state", "creative", "campaignId")
    aliases = {**ACCOUNT, "type": "ad_type", "title": "headline"}

    def needed(self) -> tuple[str, ...]:
        """A video has the product of its ad; where an ad leads to may stay."""
        ads = {"asins"} if self.ad_type == "video" else {"landing_page_url"}
        return tuple(name for name in super().needed() if name not in ads)

    def _unlike_its_type(self) -> Iterator[str]:
        if self.ad_type == "video" and self.asins:
            yield "asins: a video is shown with the product of its ad, which stays"
        yield from super()._unlike_its_type()

    def _shows(self) -> Json:
        """What it shows, in the words of its type's request: these differ for the logo and the page."""
        if self.ad_type in COLLECTIONS:
            page = {"landingPage": self.page()} if self.page() else {}
            return {**self.creative("brandLogoAssetID"), **page}
        address = {"landingPage": {"type": "STORE", "url": self.landing_page_url}} if self.page() else {}
        own: Json = {"asins": []} if self.ad_type == "brandVideo" else {}
        return {**own, **self.creative("brandLogoAssetId"), **address}

    def item(self) -> Json:
        return {"adId": self.ad_id, "creative": self._shows()}

    def to_body(self) -> Mapping[str, Any]:
        return {"ads": [self.item()]} if self.ad_type in COLLECTIONS else self.item()

    def to_request(self) -> Request:
        asked = super().to_request()
        if self.ad_type not in COLLECTIONS:
            return asked
        return replace(asked, headers={**asked.headers, **vendor(POST, "", OF_ADS).headers})

    def sets(self) -> Json:
        return {"adId": self.ad_id, "creativeProperties": self._shows()}

    def asides(self, account: str) -> Mapping[str, Action]:
        """Also what the ad shows now, all of which this version takes the place of."""
        named = {"profile_id": self.profile_id, "ad_id": [self.ad_id], "fields": ["creative", "landingPage"]}
        shown = {} if self.ad_id.startswith("@") else {replaced.SHOWN_NOW: ListAds.model_validate(named)}
        return {**super().asides(account), **shown}

    def in_words(self, live: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
        worded = super().in_words(live)["creativeProperties"]
        return {"creativeProperties": [*replaced.said(self.ad_type, self._shows(), worded, live)]}

    def goes_along(self, live: Mapping[str, Any]) -> Sequence[str] | None:
        return replaced.shown(live)

    def lookup(self) -> Mapping[str, Any]:
        return {"profile_id": self.profile_id, "ad_id": self.ad_id}

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from super().problems(parents)
        of = replaced.type_of(parents.get("ad_id", {}))
        if of in OF_TYPES and self.ad_type not in OF_TYPES[of]:
            is_of = " or ".join(OF_TYPES[of])
            yield f"ad_type: the ad is of type {is_of}, and an ad never changes its type"

    def cautions(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from super().cautions(parents)
        ad = parents.get("ad_id", {})
        of, products = replaced.type_of(ad), bool(dig(dict(ad), "creative.asins"))
        if of not in OF_TYPES:
            yield "ad_type: which type the ad is of is not known, and Amazon refuses another one"
        elif of == COLLECTION and products != (self.ad_type == "manualCollection"):
            having = "lists products, as a manualCollection does" if products else "lists no products"
            yield f"ad_type: what the ad shows {having}: Amazon refuses a version of another type"

    def doubt(self, answer: Any) -> str:
        """It names the ad, and the number of the version that is new."""
        version = dig(answer, "creativeVersion")
        if dig(answer, "adId") != self.ad_id:
            return "it does not name this ad"
        return "" if isinstance(version, str) and version else "it names no version"


sponsored_brands_creatives = Entity(
    noun="creative",
    lacks={
        "update": "what an ad shows changes by another version: create makes one",
        **dict.fromkeys(("delete", "archive"), "versions stay: sponsored_brands_ads.delete archives the ad"),
        **dict.fromkeys(("pause", "activate"), "a version has no state: sponsored_brands_ads.update has one"),
    },
    list=ListCreatives,
    create=CreateCreative,
)
