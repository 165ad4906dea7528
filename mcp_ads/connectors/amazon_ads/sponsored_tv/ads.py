"""Sponsored TV ads: where viewers land who scan what is shown."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads.dialect import SELLER, VENDOR
from mcp_ads.connectors.amazon_ads.record_names import WORDS
from mcp_ads.connectors.amazon_ads.sponsored_products import rules
from mcp_ads.connectors.amazon_ads.types import (
    SHORT,
    AdGroupIds,
    CampaignIds,
    IncludeIds,
    ObjectId,
    OneOrMore,
    State,
    asin_of,
    upper,
)
from mcp_ads.connectors.amazon_ads.writes import Activate, Pause
from mcp_ads.core import Context, Entity
from mcp_ads.errors import InvalidParams

from .base import AD_GROUPS, CAMPAIGN, TIMES, AdGroupId, TvArchive, TvGet, TvList, TvRead, TvWrite, routes

ROUTES = routes("ads", "stAd")
LEAN = ("adId", "adName", "state", TIMES[0], "landingPageType", "landingPageValue", "adGroupId")
KNOWN = (*LEAN, "campaignId", "asin", "fullFunnelCampaignId", *TIMES[1:])
OF_ADS = {**WORDS, "id": "adId", "name": "adName"}
NAMED = {**SHORT, "name": "ad_name"}
OF_KIND = {"ASIN_DP": VENDOR, "SKU_DP": SELLER}
"""Whose products are named how."""
FIXED = "where an ad leads never changes: archive it and add another"
Name = Annotated[str, AfterValidator(rules.trimmed), Field(min_length=1, examples=["Spring film"])]


class AdRead(TvRead):
    """Ads are called by adName."""

    known, alike = KNOWN, OF_ADS


class ListAds(AdRead, TvList):
    """List Sponsored TV ads, of some campaigns or ad groups or all."""

    ad_id: Annotated[IncludeIds | None, Field(alias="adIdFilter")] = None
    campaign_id: CampaignIds = None
    ad_group_id: AdGroupIds = None

    http, records, total, lean = ROUTES.list, "ads", "totalCount", LEAN


class GetAd(AdRead, TvGet):
    """Read one Sponsored TV ad, or several with a list of ids."""

    ad_id: Annotated[OneOrMore, Field(alias="adIdFilter", examples=["102000000000001"])]

    http, records, lean, subject = ROUTES.list, "ads", KNOWN, "ad_id"


class AdWrite(TvWrite):
    """Ads are called by adName, and without one known by where they lead."""

    key, name_at, aliases = "ads", "adName", NAMED

    @classmethod
    def name_in(cls, record: Mapping[str, Any]) -> str:
        return super().name_in(record) or str(record.get("landingPageValue") or "")


class CreateAd(AdWrite):
    """Create an ad in a Sponsored TV ad group. It starts PAUSED; its video is a creative of the ad group.

    Sellers give SKU_DP and a sku, vendors ASIN_DP and an ASIN; OFF_AMAZON_LINK and STORE take an address.
    """

    ad_group_id: AdGroupId
    ad_name: Name | None = None
    state: State = "PAUSED"
    landing_page_type: Annotated[
        Literal["ASIN_DP", "SKU_DP", "OFF_AMAZON_LINK", "STORE"] | None, BeforeValidator(upper)
    ] = None
    landing_page_value: Annotated[str | None, Field(description="An ASIN, a sku or an https address.")] = None

    http, does, new_id_at, found_by = ROUTES.create, "makes", "adId", ("ad_group_id",)
    parents, paid_by = {"ad_group_id": AD_GROUPS}, CAMPAIGN
    sample = {
        "landing_page_type": "SKU_DP", "landing_page_value": "TT-TOTE-02",
    }  # fmt: skip

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        kind, wanted = context.account.kind if context.account else "", self.landing_page_type or ""
        if kind in (SELLER, VENDOR) and OF_KIND.get(wanted, kind) != kind:
            own = next(name for name, of in OF_KIND.items() if of == kind)
            raise InvalidParams(f"landing_page_type: this profile is of a {kind}: give {own}")
        return super().settled(context, live)

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if not self.landing_page_type:
            yield "no landing page: whoever scans what is shown is led nowhere, and that never changes"
        if not self.ad_name:
            yield "no ad_name: lists and reports have nothing to call it by"
        if self.landing_page_type in OF_KIND:
            product = self.landing_page_value
            yield f"whether {product} may be advertised is not checked: Amazon says it of no TV ads"

    @model_validator(mode="after")
    def _lands(self) -> Self:
        if mistakes := list(self._unfit()):
            raise ValueError("\n".join(mistakes))
        return self

    def _unfit(self) -> Iterable[str]:
        kind, value = self.landing_page_type, self.landing_page_value
        if bool(kind) != bool(value):
            yield f"landing_page_{'value' if kind else 'type'}: give both, type and value, or none"
        elif kind == "ASIN_DP" and value and value != asin_of(value):
            yield f"landing_page_value: an ASIN is in capitals: {value.strip().upper()}"
        elif kind in ("OFF_AMAZON_LINK", "STORE") and value and not value.startswith("https://"):
            yield f"landing_page_value: {kind} takes an address that begins with https://"


class OneAd(AdWrite):
    """What changing an ad takes."""

    ad_id: Annotated[ObjectId, Field(examples=["102000000000001"])]

    http, subject = ROUTES.update, "ad_id"
    watch, paid_by = ("adName", "state", "landingPageType", "landingPageValue"), CAMPAIGN


class UpdateAd(OneAd):
    """Change an ad's name or state. Where it leads never changes: archive it and add another."""

    sample = {"ad_name": "Spring film"}
    retired = dict.fromkeys(("landing_page_type", "landing_page_value"), FIXED)

    ad_name: Name | None = None
    state: State | None = None


class PauseAd(Pause, OneAd):
    """Pause ads."""


class ActivateAd(Activate, OneAd):
    """Enable ads: they spend if their ad group and campaign are enabled."""


class DeleteAd(TvArchive, OneAd):
    """Archive ads for good."""

    http = ROUTES.archive


sponsored_tv_ads = Entity(
    noun="ad",
    list=ListAds,
    get=GetAd,
    create=CreateAd,
    update=UpdateAd,
    pause=PauseAd,
    activate=ActivateAd,
    delete=DeleteAd,
)
