"""Sponsored Products product ads: the products an ad group advertises."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.amazon_ads.accounts import eligibility_checks
from mcp_ads.connectors.amazon_ads.dialect import AUTHOR, SELLER, VENDOR
from mcp_ads.connectors.amazon_ads.lists import SpGet, SpList
from mcp_ads.connectors.amazon_ads.record_names import DETAILS, OF_ADS, SERVING
from mcp_ads.connectors.amazon_ads.record_names import PRODUCT_AD as KNOWN
from mcp_ads.connectors.amazon_ads.types import (
    CAMPAIGN,
    AdGroupId,
    AdGroupIds,
    Asin,
    CampaignId,
    CampaignIds,
    IncludeIds,
    Json,
    ObjectId,
    OneOrMore,
    State,
)
from mcp_ads.connectors.amazon_ads.writes import Activate, Pause
from mcp_ads.core import Action, Context, Entity
from mcp_ads.core.beside import Likeness, Record
from mcp_ads.errors import InvalidParams

from .base import SpArchive, SpWrite, routes

ROUTES = routes("productAds", "spProductAd")
LEAN = ("adId", "state", SERVING, "asin", "sku", "adGroupId", "campaignId")


class ListProductAds(SpList):
    """List Sponsored Products product ads, of some campaigns or ad groups or all."""

    ad_id: Annotated[IncludeIds | None, Field(alias="adIdFilter")] = None
    campaign_id: CampaignIds = None
    ad_group_id: AdGroupIds = None

    http, records, lean = ROUTES.list, "productAds", LEAN
    known, alike = KNOWN, OF_ADS


class GetProductAd(SpGet):
    """Read one Sponsored Products product ad, or several with a list of ids."""

    ad_id: Annotated[OneOrMore, Field(alias="adIdFilter", examples=["140000000000001"])]

    http, records, lean, subject = ROUTES.list, "productAds", (*LEAN, "customText", *DETAILS), "ad_id"
    known, alike = KNOWN, OF_ADS


class CreateProductAd(SpWrite):
    """Advertise a product in an ad group. It starts PAUSED. Sellers give sku, vendors and authors asin."""

    sample = {"sku": "TT-TOTE-02"}

    campaign_id: CampaignId
    ad_group_id: AdGroupId
    sku: str | None = None
    asin: Asin | None = None
    state: State = "PAUSED"
    custom_text: Annotated[str | None, Field(min_length=50, max_length=150, description="Authors only.")] = (
        None
    )
    global_store_setting: Annotated[Json | None, Field(description='{"catalogSourceCountryCode": "US"}')] = (
        None
    )

    http, does, key, new_id_at, name_at = ROUTES.create, "makes", "productAds", "adId", "sku"
    found_by, unlike = ("ad_group_id",), ("adGroupId", "sku", "asin")
    parents = {"campaign_id": "sponsored_product_campaigns", "ad_group_id": "sponsored_product_ad_groups"}

    @classmethod
    def likeness(cls, record: Record) -> Likeness:
        """By what its seller or vendor calls the product: a seller's ads have its asin beside."""
        return str(record.get("adGroupId")), str(record.get("sku") or record.get("asin"))

    def asides(self, account: str) -> Mapping[str, Action]:
        return eligibility_checks.reads(account, "SP", self.asin, self.sku)

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from eligibility_checks.told(live, "SP", self.asin, self.sku)

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        kind = context.account.kind if context.account else ""
        if kind in (VENDOR, AUTHOR) and self.sku:
            raise InvalidParams(f"sku: this profile is of a {kind}: give asin")
        if kind == SELLER and self.asin:
            raise InvalidParams("asin: this profile is of a seller: give sku")
        if kind == SELLER and self.custom_text:
            raise InvalidParams("custom_text: for authors, and this profile is of a seller")
        return super().settled(context, live)

    @model_validator(mode="after")
    def _one_product(self) -> Self:
        if bool(self.sku) == bool(self.asin):
            raise ValueError("sku: give sku (sellers) or asin (vendors and authors), one of them")
        return self


class OneProductAd(SpWrite):
    """What changing a product ad takes."""

    ad_id: Annotated[ObjectId, Field(examples=["140000000000001"])]

    http, key, subject, name_at = ROUTES.update, "productAds", "ad_id", "sku"
    watch, paid_by = ("asin", "sku", "state"), CAMPAIGN


class UpdateProductAd(OneProductAd):
    """Change a product ad's state. Its product never changes: archive it and add another."""

    sample = {"state": "PAUSED"}
    retired = dict.fromkeys(("sku", "asin"), "it never changes: archive this one and add another")

    state: State | None = None


class PauseProductAd(Pause, OneProductAd):
    """Pause product ads."""


class ActivateProductAd(Activate, OneProductAd):
    """Enable product ads: they spend if their ad group and campaign are enabled."""


class DeleteProductAd(SpArchive, OneProductAd):
    """Archive product ads for good."""

    http = ROUTES.archive


sponsored_product_product_ads = Entity(
    noun="product ad",
    list=ListProductAds,
    get=GetProductAd,
    create=CreateProductAd,
    update=UpdateProductAd,
    pause=PauseProductAd,
    activate=ActivateProductAd,
    delete=DeleteProductAd,
)
