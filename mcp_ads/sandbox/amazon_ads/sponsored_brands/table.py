"""Sponsored Brands as a table: campaigns and ad groups of v4, and what stands in these."""

from __future__ import annotations

from mcp_ads.sandbox.amazon_ads.calls import Operation
from mcp_ads.sandbox.amazon_ads.fields import Field, Fields
from mcp_ads.sandbox.amazon_ads.resources import NAMES, Filter, Resource
from mcp_ads.sandbox.amazon_ads.schedule import dates

from . import ads, keywords, rules, targets, themes
from .v4 import MOST_IDS, operations

NEW = "create"
STATE = Field("enum", need=True, values=("ENABLED", "PAUSED"))
ADJUSTMENT: Fields = {
    "placement": Field("enum", need=True, values=("HOME", "DETAIL_PAGE", "OTHER", "TOP_OF_SEARCH")),
    "percentage": Field("number", need=True, low=-99, high=900),
}
SEGMENT: Fields = {
    "audienceId": Field(need=True),
    "audienceSegmentType": Field("enum", need=True, values=("SPONSORED_ADS_AMC", "BEHAVIOR_DYNAMIC")),
}
COHORT: Fields = {
    "shopperCohortType": Field("enum", need=True, values=("AUDIENCE_SEGMENT",)),
    "percentage": Field("number", need=True, low=0, high=900),
    "audienceSegments": Field("list", need=True, of=SEGMENT, low=1, high=1),
}
BIDDING: Fields = {
    "bidOptimization": Field("bool"),
    "bidAdjustmentsByPlacement": Field("list", of=ADJUSTMENT, high=4),
    "shopperCohortBidAdjustments": Field("list", of=COHORT, high=1),
}
CAMPAIGN: Fields = {
    "name": Field(need=True, high=128, named=True),
    "state": STATE,
    "budget": Field("number", need=True),
    "budgetType": Field("enum", need=True, on=NEW, values=("DAILY", "LIFETIME")),
    "brandEntityId": Field(on=NEW),
    "startDate": Field("date"),
    "endDate": Field("date", null="update"),
    "portfolioId": Field("id", null="update"),
    "goal": Field(on=NEW),
    "costType": Field("enum", on=NEW, values=("CPC", "VCPM")),
    "smartDefault": Field("list", on=NEW, values=("MANUAL", "TARGETING"), low=1, high=100),
    "bidding": Field("object", of=BIDDING),
    "siteRestrictions": Field("list", on=NEW, values=("AMAZON_BUSINESS",), low=1, high=1),
    "productLocation": Field("enum", on=NEW, values=("SOLD_ON_AMAZON", "NOT_SOLD_ON_AMAZON", "SOLD_ON_DTC")),
    "tags": Field("map", high=50),
}
AD_GROUP: Fields = {
    "campaignId": Field("id", need=True, on=NEW),
    "name": Field(need=True, high=255, named=True),
    "state": STATE,
}
CAMPAIGN_IDS = Filter("include", "campaignId", MOST_IDS)
IN_AD_GROUPS: tuple[Resource, ...] = (ads.ADS, *keywords.RESOURCES, *targets.RESOURCES, themes.THEMES)
"""What ends with its ad group."""
AD_GROUPS = Resource(
    path="/sb/v4/adGroups",
    media="sbadgroupresource",
    version=4,
    key="adGroups",
    noun="ad group",
    id="adGroupId",
    family="amazon.sb",
    fields=AD_GROUP,
    filters={
        "adGroupIdFilter": Filter("include", "adGroupId", MOST_IDS),
        "campaignIdFilter": CAMPAIGN_IDS,
        "nameFilter": NAMES,
    },
    batch=10,
    coded=True,
    parents={"campaignId": "amazon.sb.campaigns"},
    below=IN_AD_GROUPS,
    rules=(rules.legacy,),
    born=rules.with_themes,
)
CAMPAIGNS = Resource(
    path="/sb/v4/campaigns",
    media="sbcampaignresource",
    version=4,
    key="campaigns",
    noun="campaign",
    id="campaignId",
    family="amazon.sb",
    fields=CAMPAIGN,
    filters={
        "campaignIdFilter": CAMPAIGN_IDS,
        "portfolioIdFilter": Filter("include", "portfolioId", MOST_IDS),
        "goalTypeFilter": Filter("include", "goal"),
        "nameFilter": NAMES,
    },
    unique=("name",),
    namesakes=("amazon.campaigns", "amazon.sd.campaigns"),
    repeated=lambda profile: bool(profile["accountInfo"]["type"] == "vendor"),
    batch=10,
    coded=True,
    parents={"portfolioId": "amazon.portfolios"},
    below=(AD_GROUPS,),
    rules=(
        rules.budget,
        dates("%Y-%m-%d", "YYYY-MM-DD"),
        rules.run,
        rules.goal,
        rules.brand,
        rules.bidding,
    ),
    completed=rules.campaign,
)
OPERATIONS: tuple[Operation, ...] = (*operations(CAMPAIGNS, "totalCount"), *operations(AD_GROUPS))
