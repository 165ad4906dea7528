"""Sponsored TV as a table: five resources, their fields and filters."""

from __future__ import annotations

from mcp_ads.sandbox.amazon_ads.fields import Field, Fields
from mcp_ads.sandbox.amazon_ads.resources import Filter, Resource

from . import rules

NEW = "create"
CURRENCIES = (
    "AED", "AUD", "BRL", "CAD", "EGP", "EUR", "GBP", "INR", "JPY", "MXN", "MXP", "PLN", "SAR", "SEK", "SGD",
    "TRY", "USD",
)  # fmt: skip
LANDINGS = ("ASIN_DP", "SKU_DP", "OFF_AMAZON_LINK", "STORE")
STATE = Field("enum", need=True, values=("ENABLED", "PAUSED"))
FUNNEL = {"fullFunnelCampaignId": Field("id", on=NEW)}
BUDGET_VALUE: Fields = {"amount": Field("number"), "budgetCurrencyCode": Field("enum", values=CURRENCIES)}
BUDGET: Fields = {
    "budgetValue": Field("object", need=True, of=BUDGET_VALUE),
    "recurrenceType": Field("enum", values=("DAILY",)),
}
IN_AD_GROUP: Fields = {"adGroupId": Field("id", need=True, on=NEW), **FUNNEL}
PREDICATE: Fields = {"type": Field(need=True), "value": Field(need=True)}
CAMPAIGN: Fields = {
    "name": Field(need=True, low=1, high=128, named=True),
    "state": STATE,
    "budgetSettings": Field("object", need=True, of={"budget": Field("object", need=True, of=BUDGET)}),
    "startDate": Field("date"),
    "endDate": Field("date"),
    "costType": Field("enum", values=("CPM",)),
    "targetingType": Field("enum", on=NEW, values=("MANUAL", "AUTO_RELEVANT_TO_MY_BUSINESS")),
    "tags": Field("map", high=50),
    **FUNNEL,
}
AD_GROUP: Fields = {
    "campaignId": Field("id", need=True, on=NEW),
    "name": Field(need=True, low=1, high=255, named=True),
    "state": STATE,
    "defaultBid": Field("object", of={"bid": Field("number")}),
    **FUNNEL,
}
AD: Fields = {
    **IN_AD_GROUP,
    "adName": Field(named=True),
    "state": STATE,
    "landingPageType": Field("enum", on=NEW, values=LANDINGS),
    "landingPageValue": Field(on=NEW),
}
TARGET: Fields = {
    **IN_AD_GROUP,
    "state": STATE,
    "expression": Field("list", need=True, on=NEW, of=PREDICATE, low=1, high=1),
    "bid": Field("number"),
}
CREATIVE: Fields = {**IN_AD_GROUP, "assetId": Field(need=True), "assetVersion": Field(need=True)}
CAMPAIGN_IDS, AD_GROUP_IDS = Filter("include", "campaignId"), Filter("include", "adGroupId")
BOTH = {"campaignIdFilter": CAMPAIGN_IDS, "adGroupIdFilter": AD_GROUP_IDS}
FUNNELS = {"fullFunnelCampaignIdFilter": Filter("include", "fullFunnelCampaignId")}
NAMES = {"nameFilter": Filter("text", "name")}
IN_GROUP = {"adGroupId": "amazon.st.adGroups"}


ADS = Resource(
    path="/st/ads", media="stAd", version=1, key="ads", noun="TV ad", id="adId", family="amazon.st",
    fields=AD, filters={**BOTH, **FUNNELS, "adIdFilter": Filter("include", "adId")}, batch=100,
    parents=IN_GROUP, rules=(rules.landing,), completed=rules.inside, spelt=rules.spelt,
)  # fmt: skip
TARGETS = Resource(
    path="/st/targets", media="stTargetingClause", version=1, key="targetingClauses", noun="TV target",
    id="targetId", family="amazon.st", fields=TARGET, batch=100, parents=IN_GROUP, spelt=rules.spelt,
    filters={**BOTH, **FUNNELS, "targetIdFilter": Filter("include", "targetId")},
    rules=(rules.expression,), completed=rules.clause,
)  # fmt: skip
CREATIVES = Resource(
    path="/st/creatives", media="stCreative", version=1, key="creatives", noun="TV creative",
    id="creativeId", family="amazon.st", fields=CREATIVE, batch=100, parents=IN_GROUP, spelt=rules.spelt,
    filters={
        "creativeIdFilter": Filter("include", "creativeId"), "adGroupIdFilter": AD_GROUP_IDS, **FUNNELS,
    },
    completed=rules.creative, archive=False,
)  # fmt: skip
AD_GROUPS = Resource(
    path="/st/adGroups", media="stAdGroup", version=1, key="adGroups", noun="TV ad group", id="adGroupId",
    family="amazon.st", fields=AD_GROUP, filters={**BOTH, **FUNNELS, **NAMES}, batch=100,
    parents={"campaignId": "amazon.st.campaigns"}, unique=("campaignId", "name"), below=(ADS, TARGETS),
    rules=(rules.bid,), spelt=rules.spelt,
)  # fmt: skip
CAMPAIGNS = Resource(
    path="/st/campaigns", media="stCampaign", version=1, key="campaigns", noun="TV campaign",
    id="campaignId", family="amazon.st", fields=CAMPAIGN, batch=100, below=(AD_GROUPS,),
    filters={"campaignIdFilter": CAMPAIGN_IDS, **FUNNELS, **NAMES},
    rules=(rules.budget, rules.dates), completed=rules.campaign, spelt=rules.spelt,
)  # fmt: skip
TOTALS = {
    "totalCount": (CAMPAIGNS, AD_GROUPS, ADS),
    "totalResults": (TARGETS, CREATIVES),
}
"""How many there are, and by which name each list says it."""
