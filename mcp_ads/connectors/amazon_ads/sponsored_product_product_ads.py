"""Sponsored Products product ads: the products an ad group advertises."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from mcp_ads.core import POST, PUT, Entity

from .dialect import vendor
from .sponsored_products import SpArchive, SpGet, SpList, SpUpdate, SpWrite
from .types import AdGroupIds, CampaignIds, IncludeIds, Json, ObjectId, OneOrMore, State

MEDIA = "spProductAd.v3"
LIST, CREATE = vendor(POST, "/sp/productAds/list", MEDIA), vendor(POST, "/sp/productAds", MEDIA)
UPDATE, DELETE = vendor(PUT, "/sp/productAds", MEDIA), vendor(POST, "/sp/productAds/delete", MEDIA)
LEAN = ("adId", "state", "asin", "sku", "adGroupId", "campaignId")
WATCH = ("asin", "sku", "state")


class ListProductAds(SpList):
    """List Sponsored Products product ads, of some campaigns or ad groups or all."""

    ad_id: Annotated[IncludeIds | None, Field(alias="adIdFilter")] = None
    campaign_id: CampaignIds = None
    ad_group_id: AdGroupIds = None

    http, records, lean = LIST, "productAds", LEAN


class GetProductAd(SpGet):
    """Read one Sponsored Products product ad, or several with a list of ids."""

    ad_id: Annotated[OneOrMore, Field(alias="adIdFilter", examples=["123456789012345"])]

    http, records, lean, subject = LIST, "productAds", (*LEAN, "customText", "extendedData"), "ad_id"


class CreateProductAd(SpWrite):
    """Advertise a product in an ad group. It starts PAUSED. Sellers give sku, vendors and authors asin."""

    campaign_id: ObjectId
    ad_group_id: ObjectId
    sku: str | None = None
    asin: Annotated[str | None, Field(pattern=r"^[A-Z0-9]{10}$")] = None
    state: State = "PAUSED"
    custom_text: Annotated[str | None, Field(min_length=50, max_length=150, description="Authors only.")] = (
        None
    )
    global_store_setting: Annotated[Json | None, Field(description='{"catalogSourceCountryCode": "US"}')] = (
        None
    )

    http, key, made, label = CREATE, "productAds", "adId", "sku"
    parents = {"campaign_id": "sponsored_product_campaigns", "ad_group_id": "sponsored_product_ad_groups"}

    @model_validator(mode="after")
    def _one_product(self) -> Self:
        if bool(self.sku) == bool(self.asin):
            raise ValueError("sku: give sku (sellers) or asin (vendors and authors), one of them")
        return self


class UpdateProductAd(SpUpdate):
    """Change a product ad's state. Its product never changes: archive it and add another."""

    ad_id: ObjectId
    state: State | None = None

    http, key, subject, watch = UPDATE, "productAds", "ad_id", WATCH


class PauseProductAd(SpUpdate):
    """Pause product ads."""

    ad_id: ObjectId
    state: Literal["PAUSED"] = "PAUSED"

    http, key, subject, watch = UPDATE, "productAds", "ad_id", WATCH


class ActivateProductAd(SpUpdate):
    """Enable product ads: they spend if their ad group and campaign are enabled."""

    ad_id: ObjectId
    state: Literal["ENABLED"] = "ENABLED"

    http, key, subject, watch = UPDATE, "productAds", "ad_id", WATCH


class DeleteProductAd(SpArchive):
    """Archive product ads for good."""

    ad_id: ObjectId

    http, key, subject, watch = DELETE, "productAds", "ad_id", WATCH


sponsored_product_product_ads = Entity(
    "sponsored_product_product_ads",
    "The products an ad group advertises.",
    "product-ad",
    list=ListProductAds,
    get=GetProductAd,
    create=CreateProductAd,
    update=UpdateProductAd,
    pause=PauseProductAd,
    activate=ActivateProductAd,
    delete=DeleteProductAd,
)
