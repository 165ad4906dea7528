"""Sponsored Brands ad groups: what groups the ads, keywords and targets of a campaign."""

from typing import Annotated

from pydantic import Field

from mcp_ads.connectors.amazon_ads.dialect import vendor
from mcp_ads.connectors.amazon_ads.record_names import BRAND_AD_GROUP, OF_AD_GROUPS, SERVING
from mcp_ads.connectors.amazon_ads.types import Names
from mcp_ads.core import POST, Entity

from .base import LACKS, BrandList, CampaignIds, TenIds


class ListAdGroups(BrandList):
    """List Sponsored Brands ad groups. They have no bid: that is on keywords and targets."""

    ad_group_id: Annotated[TenIds | None, Field(alias="adGroupIdFilter", description="At most ten.")] = None
    campaign_id: CampaignIds = None
    name: Names = None

    http, records = vendor(POST, "/sb/v4/adGroups/list", "sbadgroupresource.v4"), "adGroups"
    lean = ("adGroupId", "name", "state", SERVING, "campaignId")
    known = BRAND_AD_GROUP
    alike = {name: column for name, column in OF_AD_GROUPS.items() if name != "bid"}


sponsored_brands_ad_groups = Entity(
    noun="ad group",
    lacks=LACKS,
    list=ListAdGroups,
)
