"""Sponsored Products as a table: nine resources, their fields and filters."""

from __future__ import annotations

from dataclasses import replace

from mcp_ads.sandbox.amazon_ads.automatic import AUTO_TYPES
from mcp_ads.sandbox.amazon_ads.fields import Field, Fields
from mcp_ads.sandbox.amazon_ads.resources import NAMES, Filter, Resource
from mcp_ads.sandbox.amazon_ads.schedule import dates

from . import negatives, rules
from .budget_rules import raised

TARGET_TYPES = (
    *("ASIN_SAME_AS", "ASIN_EXPANDED_FROM", "ASIN_CATEGORY_SAME_AS", "ASIN_BRAND_SAME_AS"),
    *("ASIN_PRICE_LESS_THAN", "ASIN_PRICE_BETWEEN", "ASIN_PRICE_GREATER_THAN"),
    *("ASIN_REVIEW_RATING_LESS_THAN", "ASIN_REVIEW_RATING_BETWEEN", "ASIN_REVIEW_RATING_GREATER_THAN"),
    *("ASIN_AGE_RANGE_SAME_AS", "ASIN_GENRE_SAME_AS", "ASIN_IS_PRIME_SHIPPING_ELIGIBLE"),
    "KEYWORD_GROUP_SAME_AS",
    *AUTO_TYPES,  # the schema knows them; that nobody creates them is a rule
)
NEGATIVE_TYPES = ("ASIN_SAME_AS", "ASIN_BRAND_SAME_AS")
PLACEMENTS = ("PLACEMENT_TOP", "PLACEMENT_PRODUCT_PAGE", "PLACEMENT_REST_OF_SEARCH", "SITE_AMAZON_BUSINESS")
STRATEGIES = ("LEGACY_FOR_SALES", "AUTO_FOR_SALES", "MANUAL", "RULE_BASED")
MATCHES = ("BROAD", "EXACT", "PHRASE")
NEGATIVE_MATCHES = ("NEGATIVE_EXACT", "NEGATIVE_PHRASE", "NEGATIVE_BROAD")

NEW = "create"
STATE = Field("enum", need=True, values=("ENABLED", "PAUSED"))
BID = Field("number", null="create update")
PERCENTAGE = Field("number", need=True, low=0, high=900)
IN_CAMPAIGN: Fields = {"campaignId": Field("id", need=True, on=NEW), "state": STATE}
IN_AD_GROUP: Fields = {**IN_CAMPAIGN, "adGroupId": Field("id", need=True, on=NEW)}
BUDGET: Fields = {
    "budget": Field("number", need=True),
    "budgetType": Field("enum", need=True, values=("DAILY",)),
}
PLACEMENT: Fields = {"placement": Field("enum", need=True, values=PLACEMENTS), "percentage": PERCENTAGE}
COHORT: Fields = {
    "shopperCohortType": Field("enum", need=True, values=("AUDIENCE_SEGMENT",)),
    "percentage": PERCENTAGE,
    "audienceSegments": Field("list", need=True, low=1, high=1),
}
BIDDING: Fields = {
    "strategy": Field("enum", values=STRATEGIES),
    "placementBidding": Field("list", of=PLACEMENT),
    "shopperCohortBidding": Field("list", of=COHORT, high=1),
}
OFF_AMAZON: Fields = {
    "offAmazonBudgetControlStrategy": Field("enum", values=("MAXIMIZE_REACH", "MINIMIZE_SPEND"))
}
CAMPAIGN: Fields = {
    "name": Field(need=True, high=128, named=True),
    "state": STATE,
    "targetingType": Field("enum", need=True, values=("AUTO", "MANUAL")),
    "budget": Field("object", need=True, of=BUDGET),
    "startDate": Field("date"),
    "endDate": Field("date", null="create update"),
    "portfolioId": Field("id", null="update"),
    "dynamicBidding": Field("object", of=BIDDING),
    "siteRestrictions": Field("list", high=1),
    "tags": Field("map", high=50),
    "offAmazonSettings": Field("object", of=OFF_AMAZON),
}
AD_GROUP: Fields = {
    **IN_CAMPAIGN,
    "name": Field(need=True, high=255, named=True),
    "defaultBid": Field("number", need=True),
}
PRODUCT_AD: Fields = {
    **IN_AD_GROUP,
    "sku": Field(on=NEW),
    "asin": Field(on=NEW),
    "customText": Field(on=NEW, low=50, high=150),
    "globalStoreSetting": Field("object", on=NEW, of={"catalogSourceCountryCode": Field()}),
}


def _words(*matches: str) -> Fields:
    return {
        "keywordText": Field(need=True, on=NEW, high=80, named=True),
        "matchType": Field("enum", need=True, on=NEW, values=matches),
        "nativeLanguageKeyword": Field(on=NEW),
        "nativeLanguageLocale": Field(on=NEW),
    }


def _expression(*types: str) -> Field:
    predicate: Fields = {"type": Field("enum", need=True, values=types), "value": Field()}
    return Field("list", need=True, of=predicate, low=1)


def _texts(name: str) -> dict[str, Filter]:
    return {
        name: Filter("text", "keywordText", match_needed=True),
        "matchTypeFilter": Filter("plain list", "matchType"),
        "locale": Filter("plain text", "nativeLanguageLocale"),
    }


NEGATED = replace(_expression(*NEGATIVE_TYPES), high=1)
CAMPAIGNS = Filter("include", "campaignId")
AD_GROUPS = Filter("include", "adGroupId")
ASINS = Filter("text", "expression")
BOTH_FILTERS = {"campaignIdFilter": CAMPAIGNS, "adGroupIdFilter": AD_GROUPS}
CAMPAIGN_PARENT = {"campaignId": "amazon.campaigns"}
BOTH_PARENTS = {**CAMPAIGN_PARENT, "adGroupId": "amazon.adGroups"}

PRODUCT_ADS = Resource(
    path="/sp/productAds",
    media="spProductAd",
    key="productAds",
    noun="product ad",
    id="adId",
    fields=PRODUCT_AD,
    filters=BOTH_FILTERS,
    unique=("adGroupId", "asin"),
    parents=BOTH_PARENTS,
    rules=(rules.product,),
    completed=rules.product_ad,
)
KEYWORDS = Resource(
    path="/sp/keywords",
    media="spKeyword",
    key="keywords",
    noun="keyword",
    id="keywordId",
    fields={**IN_AD_GROUP, **_words(*MATCHES), "bid": BID},
    filters={**BOTH_FILTERS, **_texts("keywordTextFilter")},
    unique=("adGroupId", "keywordText", "matchType"),
    parents=BOTH_PARENTS,
    rules=(rules.words, rules.targeting, rules.bid),
    completed=rules.rounded_bid,
)
TARGETS = Resource(
    path="/sp/targets",
    media="spTargetingClause",
    key="targetingClauses",
    noun="target",
    id="targetId",
    fields={
        **IN_AD_GROUP,
        "expression": _expression(*TARGET_TYPES),
        "expressionType": Field("enum", need=True, values=("MANUAL", "AUTO")),
        "bid": BID,
    },
    filters={
        **BOTH_FILTERS,
        "asinFilter": ASINS,
        "expressionTypeFilter": Filter("include", "expressionType", 2),
    },
    unique=("adGroupId", "expression"),
    parents=BOTH_PARENTS,
    rules=(rules.targeting, rules.immutable, rules.bid),
    stays=rules.auto_stays,
    completed=rules.rounded_bid,
)
NEGATIVE_KEYWORDS = Resource(
    path="/sp/negativeKeywords",
    media="spNegativeKeyword",
    key="negativeKeywords",
    noun="negative keyword",
    id="keywordId",
    answer_id="negativeKeywordId",
    own_filter="negativeKeywordIdFilter",
    fields={**IN_AD_GROUP, **_words(*NEGATIVE_MATCHES)},
    filters={**BOTH_FILTERS, **_texts("negativeKeywordTextFilter")},
    unique=("adGroupId", "keywordText", "matchType"),
    parents=BOTH_PARENTS,
    rules=(rules.words,),
)
NEGATIVE_TARGETS = Resource(
    path="/sp/negativeTargets",
    media="spNegativeTargetingClause",
    key="negativeTargetingClauses",
    noun="negative target",
    id="targetId",
    own_filter="negativeTargetIdFilter",
    fields={**IN_AD_GROUP, "expression": NEGATED},
    filters={**BOTH_FILTERS, "asinFilter": ASINS},
    unique=("adGroupId", "expression"),
    parents=BOTH_PARENTS,
    rules=(rules.immutable, negatives.product),
    completed=negatives.resolved,
)
CAMPAIGN_NEGATIVE_KEYWORDS = Resource(
    path="/sp/campaignNegativeKeywords",
    media="spCampaignNegativeKeyword",
    key="campaignNegativeKeywords",
    noun="campaign negative keyword",
    id="keywordId",
    answer_id="campaignNegativeKeywordId",
    own_filter="campaignNegativeKeywordIdFilter",
    fields={**IN_CAMPAIGN, **_words(*NEGATIVE_MATCHES)},
    filters={"campaignIdFilter": CAMPAIGNS, **_texts("campaignNegativeKeywordTextFilter")},
    unique=("campaignId", "keywordText", "matchType"),
    parents=CAMPAIGN_PARENT,
    rules=(rules.words,),
)
CAMPAIGN_NEGATIVE_TARGETS = Resource(
    path="/sp/campaignNegativeTargets",
    media="spCampaignNegativeTargetingClause",
    key="campaignNegativeTargetingClauses",
    noun="campaign negative target",
    id="targetId",
    answer_id="campaignNegativeTargetingClauseId",
    own_filter="campaignNegativeTargetIdFilter",
    fields={**IN_CAMPAIGN, "expression": NEGATED},
    filters={"campaignIdFilter": CAMPAIGNS, "asinFilter": ASINS},
    unique=("campaignId", "expression"),
    parents=CAMPAIGN_PARENT,
    rules=(rules.immutable, negatives.product, negatives.automatic),
    completed=negatives.resolved,
)
IN_AD_GROUPS = (PRODUCT_ADS, KEYWORDS, TARGETS, NEGATIVE_KEYWORDS, NEGATIVE_TARGETS)
GROUPS = Resource(
    path="/sp/adGroups",
    media="spAdGroup",
    key="adGroups",
    noun="ad group",
    id="adGroupId",
    fields=AD_GROUP,
    filters={
        "campaignIdFilter": CAMPAIGNS,
        "nameFilter": NAMES,
        "campaignTargetingTypeFilter": Filter("plain text", "_targetingType"),
    },
    unique=("campaignId", "name"),
    parents=CAMPAIGN_PARENT,
    below=IN_AD_GROUPS,
    rules=(rules.bid,),
    completed=rules.ad_group,
    born=rules.with_auto_targets,
)
IN_CAMPAIGNS = (GROUPS, CAMPAIGN_NEGATIVE_KEYWORDS, CAMPAIGN_NEGATIVE_TARGETS)
SP_CAMPAIGNS = Resource(
    path="/sp/campaigns",
    media="spCampaign",
    key="campaigns",
    noun="campaign",
    id="campaignId",
    fields=CAMPAIGN,
    filters={"portfolioIdFilter": Filter("include", "portfolioId"), "nameFilter": NAMES},
    unique=("name",),
    namesakes=("amazon.sb.campaigns", "amazon.sd.campaigns"),
    repeated=lambda profile: bool(profile["accountInfo"]["type"] == "vendor"),
    parents={"portfolioId": "amazon.portfolios"},
    below=IN_CAMPAIGNS,
    rules=(rules.name, rules.campaign_money, dates("%Y-%m-%d", "YYYY-MM-DD"), rules.immutable),
    completed=rules.campaign,
    told=raised,
)
RESOURCES = (SP_CAMPAIGNS, *IN_CAMPAIGNS, *IN_AD_GROUPS)
