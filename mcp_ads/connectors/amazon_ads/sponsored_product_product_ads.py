"""Sponsored Products product ads: the products an ad group advertises."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from mcp_ads.core import POST, PUT, Entity

from .dialect import vendor
from .lists import SpGet, SpList
from .record_names import DETAILS, OF_ADS, SERVING
from .record_names import PRODUCT_AD as KNOWN
from .sponsored_products import SpArchive, SpWrite
from .types import CAMPAIGN, AdGroupIds, CampaignIds, IncludeIds, Json, ObjectId, OneOrMore, State

MEDIA = "spProductAd.v3"
LIST, CREATE = vendor(POST, "/sp/productAds/list", MEDIA), vendor(POST, "/sp/productAds", MEDIA)
UPDATE, ARCHIVE = vendor(PUT, "/sp/productAds", MEDIA), vendor(POST, "/sp/productAds/delete", MEDIA)
LEAN = ("adId", "state", SERVING, "asin", "sku", "adGroupId", "campaignId")


class ListProductAds(SpList):
    """List Sponsored Products product ads, of some campaigns or ad groups or all."""

    ad_id: Annotated[IncludeIds | None, Field(alias="adIdFilter")] = None
    campaign_id: CampaignIds = None
    ad_group_id: AdGroupIds = None

    http, records, lean = LIST, "productAds", LEAN
    known, alike = KNOWN, OF_ADS


class GetProductAd(SpGet):
    """Read one Sponsored Products product ad, or several with a list of ids."""

    ad_id: Annotated[OneOrMore, Field(alias="adIdFilter", examples=["123456789012345"])]

    http, records, lean, subject = LIST, "productAds", (*LEAN, "customText", *DETAILS), "ad_id"
    known, alike = KNOWN, OF_ADS


class CreateProductAd(SpWrite):
    """Advertise a product in an ad group. It starts PAUSED. Sellers give sku, vendors and authors asin."""

    sample = {"sku": "SHOE-42"}

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

    http, does, key, made, label = CREATE, "makes", "productAds", "adId", "sku"
    found_by = ("ad_group_id",)
    parents = {"campaign_id": "sponsored_product_campaigns", "ad_group_id": "sponsored_product_ad_groups"}

    @model_validator(mode="after")
    def _one_product(self) -> Self:
        if bool(self.sku) == bool(self.asin):
            raise ValueError("sku: give sku (sellers) or asin (vendors and authors), one of them")
        return self


class OneProductAd(SpWrite):
    """What changing a product ad takes."""

    ad_id: ObjectId

    http, key, subject, label = UPDATE, "productAds", "ad_id", "sku"
    watch, under = ("asin", "sku", "state"), CAMPAIGN


class UpdateProductAd(OneProductAd):
    """Change a product ad's state. Its product never changes: archive it and add another."""

    sample = {"state": "PAUSED"}

    state: State | None = None


class PauseProductAd(OneProductAd):
    """Pause product ads."""

    state: Literal["PAUSED"] = "PAUSED"


class ActivateProductAd(OneProductAd):
    """Enable product ads: they spend if their ad group and campaign are enabled."""

    state: Literal["ENABLED"] = "ENABLED"


class DeleteProductAd(SpArchive, OneProductAd):
    """Archive product ads for good."""

    http = ARCHIVE


sponsored_product_product_ads = Entity(
    noun="product-ad",
    list=ListProductAds,
    get=GetProductAd,
    create=CreateProductAd,
    update=UpdateProductAd,
    pause=PauseProductAd,
    activate=ActivateProductAd,
    delete=DeleteProductAd,
)
