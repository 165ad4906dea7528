"""Sponsored Display as a table: its fields, filters and rules."""

from __future__ import annotations

from collections.abc import Iterator

from mcp_ads.sandbox.amazon_ads import money
from mcp_ads.sandbox.amazon_ads.calls import Body
from mcp_ads.sandbox.amazon_ads.errors import Problem
from mcp_ads.sandbox.amazon_ads.fields import Field, Fields
from mcp_ads.sandbox.amazon_ads.market import rounded
from mcp_ads.sandbox.amazon_ads.resources import Draft, Filter, Resource
from mcp_ads.sandbox.amazon_ads.schedule import dates

from . import rules, targets
from .serving import serving

STATE = Field("enum", need=True, values=("enabled", "paused", "archived"))
USUAL_BUDGET = {"USD": 100, "EUR": 100, "JPY": 10_000}
DATES = ("INVALID_DATE", "START_DATE_EARLIER_THAN_TODAY", "START_DATE_AFTER_END_DATE")
CAMPAIGN: Fields = {
    "name": Field(need=True, high=128, named=True),
    "tactic": Field("enum", need=True, on="create", values=("T00020", "T00030")),
    "state": STATE,
    "startDate": Field("date", need=True),
    "endDate": Field("date", null="create update"),
    "budget": Field("number"),
    "budgetType": Field("enum", values=("daily",)),
    "costType": Field("enum", values=("cpc", "vcpm")),
    "portfolioId": Field("int", null="create update"),
}
AD_GROUP: Fields = {
    "campaignId": Field("int", need=True),
    "name": Field(need=True, high=255, named=True),
    "defaultBid": Field("number", need=True),
    "bidOptimization": Field("enum", values=("clicks", "conversions", "reach")),
    "creativeType": Field("enum", on="create", values=("IMAGE", "VIDEO"), null="create update"),
    "state": STATE,
}
PRODUCT_AD: Fields = {
    "campaignId": Field("int", need=True, on="create"),
    "adGroupId": Field("int", need=True, on="create"),
    "sku": Field(on="create"),
    "asin": Field(on="create"),
    "landingPageURL": Field(on="create"),
    "landingPageType": Field("enum", on="create", values=("STORE", "MOMENT", "OFF_AMAZON_LINK")),
    "adName": Field(on="create", named=True),
    "state": STATE,
}
IN_CAMPAIGN = {"campaignIdFilter": Filter("include", "campaignId")}
IN_AD_GROUP = {**IN_CAMPAIGN, "adGroupIdFilter": Filter("include", "adGroupId")}
CAMPAIGN_PARENT = {"campaignId": "amazon.sd.campaigns"}
BOTH_PARENTS = {**CAMPAIGN_PARENT, "adGroupId": "amazon.sd.adGroups"}


def _budget(draft: Draft) -> Iterator[Problem]:
    if (amount := draft.item.get("budget")) is not None:
        yield from money.budget(draft, amount, "budget", of="display")


def _campaign(draft: Draft) -> Body:
    currency = draft.call.profile["currencyCode"]
    usual = {"budget": USUAL_BUDGET[currency], "budgetType": "daily", "costType": "cpc"}
    new = {**usual, **draft.new}
    return {**new, "budget": rounded(new["budget"], currency)}


PRODUCT_ADS = Resource(
    path="/sd/productAds",
    key="productAds",
    noun="display product ad",
    id="adId",
    family="amazon.sd",
    fields=PRODUCT_AD,
    filters=IN_AD_GROUP,
    number_ids=True,
    unique=("adGroupId", "landingPageURL", "asin"),
    archived="archived",
    batch=100,
    parents=BOTH_PARENTS,
    rules=(rules.one_thing, rules.of_page),
    completed=rules.product_ad,
    serving=serving,
)
AD_GROUPS = Resource(
    path="/sd/adGroups",
    key="adGroups",
    noun="display ad group",
    id="adGroupId",
    family="amazon.sd",
    fields=AD_GROUP,
    filters={**IN_CAMPAIGN, "name": Filter("plain text", "name")},
    number_ids=True,
    archived="archived",
    batch=100,
    parents=CAMPAIGN_PARENT,
    below=(PRODUCT_ADS, *targets.RESOURCES),
    rules=(rules.bid, rules.optimization, rules.one_group, rules.fixed("campaignId", "bidOptimization")),
    completed=rules.ad_group,
    serving=serving,
)
CAMPAIGNS = Resource(
    path="/sd/campaigns",
    key="campaigns",
    noun="display campaign",
    id="campaignId",
    family="amazon.sd",
    fields=CAMPAIGN,
    filters={"name": Filter("plain text", "name"), "portfolioIdFilter": Filter("include", "portfolioId")},
    number_ids=True,
    unique=("name",),
    namesakes=("amazon.campaigns", "amazon.sb.campaigns"),
    repeated=lambda profile: bool(profile["accountInfo"]["type"] == "vendor"),
    archived="archived",
    batch=100,
    parents={"portfolioId": "amazon.portfolios"},
    below=(AD_GROUPS,),
    rules=(_budget, dates("%Y%m%d", "YYYYMMDD", DATES), rules.fixed("budgetType", "costType")),
    completed=_campaign,
    serving=serving,
)
RESOURCES = (CAMPAIGNS, AD_GROUPS, PRODUCT_ADS, *targets.RESOURCES)
