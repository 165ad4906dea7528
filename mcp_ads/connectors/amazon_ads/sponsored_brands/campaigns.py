"""Sponsored Brands campaigns: headline and video ads of a brand, with a daily or a lifetime budget."""

from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer

from mcp_ads.connectors.amazon_ads.dialect import vendor
from mcp_ads.connectors.amazon_ads.filters import include, listed
from mcp_ads.connectors.amazon_ads.record_names import BRAND_CAMPAIGN, OF_BRAND_CAMPAIGNS, SERVING
from mcp_ads.connectors.amazon_ads.types import Names, upper
from mcp_ads.core import POST, Entity

from .base import LACKS, BrandList, CampaignIds, TenIds


class ListCampaigns(BrandList):
    """List Sponsored Brands campaigns; `budgetType` says whether `budget` is for a day or the whole run."""

    campaign_id: CampaignIds = None
    portfolio_id: Annotated[TenIds | None, Field(alias="portfolioIdFilter", description="At most ten.")] = (
        None
    )
    name: Names = None
    goal: Annotated[
        list[str] | None,
        BeforeValidator(upper),
        BeforeValidator(listed),
        PlainSerializer(include),
        Field(alias="goalTypeFilter", min_length=1, description="Such as PAGE_VISIT."),
    ] = None

    http, records = vendor(POST, "/sb/v4/campaigns/list", "sbcampaignresource.v4"), "campaigns"
    total = "totalCount"
    lean = ("campaignId", "name", "state", SERVING, "budget", "budgetType", "startDate")
    known, alike = BRAND_CAMPAIGN, OF_BRAND_CAMPAIGNS
    said = "headline search ads, brand video"


sponsored_brands_campaigns = Entity(
    noun="campaign",
    lacks=LACKS,
    list=ListCampaigns,
)
