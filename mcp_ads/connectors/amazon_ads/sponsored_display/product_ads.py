"""Sponsored Display product ads: the products an ad group shows, or the page its ad leads to."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads.accounts import eligibility_checks
from mcp_ads.connectors.amazon_ads.dialect import AUTHOR, SELLER, VENDOR
from mcp_ads.connectors.amazon_ads.record_names import DISPLAY_PRODUCT_AD, OF_DISPLAY_PRODUCT_ADS
from mcp_ads.connectors.amazon_ads.types import Asin, ObjectId, SomeIds, State, upper
from mcp_ads.connectors.amazon_ads.writes import Activate, Pause
from mcp_ads.core import DELETE, GET, POST, PUT, Action, Context, Entity
from mcp_ads.core.beside import Record
from mcp_ads.errors import InvalidParams

from . import inside, rules
from .base import (
    AD_GROUPS,
    CAMPAIGNS,
    PAID_BY_CAMPAIGN,
    AdGroupIds,
    CampaignIds,
    DisplayArchive,
    DisplayGet,
    DisplayList,
    DisplayRead,
    DisplayWrite,
    IdList,
)

PATH = "/sd/productAds"
LEAN = ("adId", "state", "servingStatus", "asin", "sku", "adGroupId", "campaignId")
MORE = (*LEAN, "adName", "landingPageURL", "landingPageType", "creationDate", "lastUpdatedDate")
SHOWN = ("sku", "asin", "landingPageURL")
"""What an ad shows: one of these, the first in the words of its advertiser."""


class ProductAdRead(DisplayRead):
    """What reading product ads takes."""

    http = GET(PATH)
    known, alike = DISPLAY_PRODUCT_AD, OF_DISPLAY_PRODUCT_ADS


class ListProductAds(ProductAdRead, DisplayList):
    """List Sponsored Display product ads, of some campaigns or ad groups or all."""

    ad_id: Annotated[IdList | None, Field(alias="adIdFilter")] = None
    campaign_id: CampaignIds = None
    ad_group_id: AdGroupIds = None

    lean = LEAN


class GetProductAd(ProductAdRead, DisplayGet):
    """Read one Sponsored Display product ad, or several with a list of ids."""

    ad_id: Annotated[SomeIds, Field(alias="adIdFilter", examples=["200000000000001"])]

    subject, lean = "ad_id", MORE


class OfProduct(DisplayWrite):
    """What writes of product ads share: one is known by its product, or by the page it leads to."""

    @classmethod
    def name_in(cls, record: Record) -> str:
        return next((str(record[name]) for name in SHOWN if record.get(name)), "")


class CreateProductAd(OfProduct, inside.Made):
    """Show a product in an ad group, or an ad that leads to a page. It starts PAUSED.

    Sellers give sku, vendors asin; or landing_page_url, whose ad needs a creative with headline, logo and
    images. The ads of a campaign are all of one kind.
    """

    sample = {"sku": "TT-TOTE-02"}

    campaign_id: Annotated[ObjectId, Field(examples=["180000000000001"])]
    ad_group_id: Annotated[ObjectId, Field(examples=["190000000000001"])]
    sku: Annotated[str | None, Field(min_length=1)] = None
    asin: Asin | None = None
    landing_page_url: Annotated[
        str | None,
        Field(
            alias="landingPageURL",
            pattern=r"^https://[^\s/@]+(/\S*)?$",
            examples=["https://example.com/totes"],
            description="Where a click leads: it is the only ad of its ad group, that the only one of its "
            "campaign.",
        ),
    ] = None
    landing_page_type: Annotated[Literal["STORE", "OFF_AMAZON_LINK"] | None, BeforeValidator(upper)] = None
    ad_name: Annotated[str | None, Field(min_length=1, description="With landing_page_url only.")] = None
    state: State = "PAUSED"

    http, does, new_id_at, made = POST(PATH), "makes", "adId", inside.ADS
    found_by, name_at, unlike = ("ad_group_id",), "sku", ("adGroupId", "sku")
    parents = {"campaign_id": CAMPAIGNS, "ad_group_id": AD_GROUPS}
    parent_fields = (*DisplayWrite.parent_fields, "creativeType", "bidOptimization")

    def asides(self, account: str) -> Mapping[str, Action]:
        there = inside.in_campaign(account, self.campaign_id, inside.GROUPS, inside.ADS)
        return {**there, **eligibility_checks.reads(account, "SD", self.asin, self.sku)}

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from eligibility_checks.told(live, "SD", self.asin, self.sku)

    def obstacle(self, live: Mapping[str, Any]) -> str:
        groups, ads, new = live.get(inside.GROUPS) or (), inside.found(live, inside.ADS), self.sent()
        one_group = rules.one_group([new], len(groups))
        return super().obstacle(live) or one_group or rules.goods(new, ads) or rules.alone(new, ads)

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from super().problems(parents)
        yield from rules.of_page(self.landing_page_type, parents.get("ad_group_id", {}))

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        kind = context.account.kind if context.account else ""
        if kind in (VENDOR, AUTHOR) and self.sku:
            raise InvalidParams(f"sku: this profile is of a {kind}: give asin")
        if kind == SELLER and self.asin:
            raise InvalidParams("asin: this profile is of a seller: give sku")
        return super().settled(context, live)

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if sum(map(bool, (self.sku, self.asin, self.landing_page_url))) != 1:
            raise ValueError("sku: give sku (sellers), asin (vendors) or landing_page_url, one of them")
        mistakes = [*rules.page(self.landing_page_url, self.landing_page_type)]
        if self.ad_name and not self.landing_page_url:
            mistakes.append("ad_name: only an ad that leads to a page has a name")
        if mistakes:
            raise ValueError("\n".join(mistakes))
        return self


class OneProductAd(OfProduct):
    """What changing a product ad takes."""

    ad_id: Annotated[ObjectId, Field(examples=["200000000000001"])]

    http, subject, paid_by = PUT(PATH), "ad_id", PAID_BY_CAMPAIGN
    watch = (*SHOWN, "state")


class UpdateProductAd(OneProductAd):
    """Change a product ad's state: nothing else of it ever changes."""

    sample = {"state": "PAUSED"}
    retired = dict.fromkeys(
        ("sku", "asin", "ad_name", "landing_page_url", "landing_page_type"),
        "it never changes: archive this one and add another",
    )

    state: State | None = None


class PauseProductAd(Pause, OneProductAd):
    """Pause product ads."""


class ActivateProductAd(Activate, OneProductAd):
    """Enable product ads: they spend if their ad group and campaign are enabled."""


class DeleteProductAd(DisplayArchive, OneProductAd):
    """Archive product ads for good."""

    http = DELETE(f"{PATH}/{{ad_id}}")


sponsored_display_product_ads = Entity(
    noun="product ad",
    list=ListProductAds,
    get=GetProductAd,
    create=CreateProductAd,
    update=UpdateProductAd,
    pause=PauseProductAd,
    activate=ActivateProductAd,
    delete=DeleteProductAd,
)
