"""What Amazon's records have, by dotted names; `fields` may name no others."""

from __future__ import annotations


def _inside(outer: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{outer}.{name}" for name in names)


SERVING = "extendedData.servingStatus"
DETAILS = _inside("extendedData", "servingStatusDetails", "creationDateTime", "lastUpdateDateTime")
BRAND_DATES = _inside("extendedData", "creationDate", "lastUpdateDate")
EXTENDED = (SERVING, *DETAILS, "extendedData.statusReasons")
CAMPAIGN = (
    "campaignId", "name", "state", "targetingType", *_inside("budget", "budget", "budgetType"),
    "budget.effectiveBudget", "startDate", "endDate", "portfolioId",
    *_inside("dynamicBidding", "strategy", "placementBidding", "shopperCohortBidding"), "siteRestrictions",
    "tags.*", "offAmazonSettings.offAmazonBudgetControlStrategy", *EXTENDED,
)  # fmt: skip
AD_GROUP = ("adGroupId", "name", "state", "defaultBid", "campaignId", *EXTENDED)
PRODUCT_AD = (
    "adId", "state", "asin", "sku", "adGroupId", "campaignId", "customText", "globalStoreSetting.*",
    *EXTENDED,
)  # fmt: skip
KEYWORD = (
    "keywordId", "keywordText", "matchType", "state", "bid", "adGroupId", "campaignId",
    "nativeLanguageKeyword", "nativeLanguageLocale", *EXTENDED,
)  # fmt: skip
NEGATIVE_KEYWORD = tuple(name for name in KEYWORD if name != "bid")
DISPLAY_CAMPAIGN = (
    "campaignId", "name", "state", "servingStatus", "tactic", "costType", "budget", "budgetType", "startDate",
    "endDate", "portfolioId", "creationDate", "lastUpdatedDate", "ruleBasedBudget.*",
)  # fmt: skip
DISPLAY_AD_GROUP = (
    "adGroupId", "name", "state", "servingStatus", "defaultBid", "bidOptimization", "creativeType", "tactic",
    "campaignId", "creationDate", "lastUpdatedDate",
)  # fmt: skip
DISPLAY_PRODUCT_AD = (
    "adId", "state", "servingStatus", "asin", "sku", "adName", "landingPageURL", "landingPageType",
    "adGroupId", "campaignId", "creationDate", "lastUpdatedDate",
)  # fmt: skip
PORTFOLIO = (
    "portfolioId", "name", "state", "inBudget",
    *_inside("budget", "policy", "amount", "currencyCode", "startDate", "endDate"), "budgetControls.*",
    *EXTENDED,
)  # fmt: skip
PROFILE = (
    "profileId", "countryCode", "currencyCode", "timezone", "region", "dailyBudget",
    *_inside("accountInfo", "id", "name", "type", "subType", "marketplaceStringId", "validPaymentMethod"),
)  # fmt: skip
LINKED_ACCOUNT = (
    "managerAccountId", "managerAccountName", "accountId", "accountName", "accountType", "profileId",
    "marketplaceId", "dspAdvertiserId",
)  # fmt: skip
ADS_ACCOUNT = (
    "adsAccountId",
    "accountName",
    "status",
    "profiles",
    "countryCodes",
    "alternateIds",
    "errors.*",
)
TEST_ACCOUNT = ("id", "status", "accountType", "countryCode", "asins")
BRAND_CAMPAIGN = (
    "campaignId", "name", "state", "budget", "budgetType", "dailyBudget", "lifetimeBudget", "startDate",
    "endDate", "portfolioId", "goal", "costType", "kpi", "brandEntityId", "productLocation",
    "smartDefault", "isMultiAdGroupsEnabled",
    *_inside("bidding", "bidOptimization", "bidAdjustmentsByPlacement", "shopperCohortBidAdjustments"),
    "ruleBasedBudget.*", "siteRestrictions", "tags.*", SERVING, "extendedData.servingStatusDetails",
    *BRAND_DATES,
)  # fmt: skip
BRAND_AD_GROUP = (
    "adGroupId", "name", "state", "campaignId", SERVING, "extendedData.servingStatusDetails", *BRAND_DATES,
)  # fmt: skip
BRAND_AD = (
    "adId", "name", "state", "adGroupId", "campaignId", "creative.*",
    *_inside("landingPage", "pageType", "url", "asins"), SERVING, "extendedData.servingStatusDetails",
    *BRAND_DATES,
)  # fmt: skip
BRAND_CREATIVE = (
    "adId", "creativeVersion", "creativeStatus", "creativeType", "creationTime", "lastUpdateTime",
    "creativeProperties.*",
)  # fmt: skip
REPORT = (
    "reportId", "status", "name", "startDate", "endDate", "failureReason", "createdAt", "updatedAt",
    "generatedAt", "fileSize",
    *_inside("configuration", "adProduct", "reportTypeId", "groupBy", "columns", "timeUnit", "filters"),
    "configuration.format",
)  # fmt: skip
WORDS = {"status": "state", "serving": SERVING, "serving_status": SERVING, "effective_status": SERVING}
OF_CAMPAIGNS = {**WORDS, "id": "campaignId", "daily_budget": "budget.budget", "bidding": "dynamicBidding"}
OF_AD_GROUPS = {**WORDS, "id": "adGroupId", "bid": "defaultBid"}
OF_ADS = {**WORDS, "id": "adId"}
OF_KEYWORDS = {
    **WORDS,
    "id": "keywordId",
    "name": "keywordText",
    "keyword": "keywordText",
    "text": "keywordText",
}
OF_DISPLAY = {
    **dict.fromkeys(("serving", "serving_status", "effective_status"), "servingStatus"), "status": "state",
}  # fmt: skip
OF_DISPLAY_CAMPAIGNS = {**OF_DISPLAY, "id": "campaignId", "daily_budget": "budget"}
OF_DISPLAY_AD_GROUPS = {**OF_DISPLAY, "id": "adGroupId", "bid": "defaultBid"}
OF_DISPLAY_PRODUCT_ADS = {**OF_DISPLAY, "id": "adId", "name": "adName", "url": "landingPageURL"}
OF_PORTFOLIOS = {**WORDS, "id": "portfolioId", "amount": "budget.amount"}
OF_LINKED_ACCOUNTS = {"id": "managerAccountId", "name": "accountName", "type": "accountType"}
OF_ADS_ACCOUNTS = {"id": "adsAccountId", "name": "accountName", "country": "countryCodes"}
OF_BRAND_CAMPAIGNS = {**WORDS, "id": "campaignId"}
OF_PROFILES = {
    "id": "profileId", "name": "accountInfo.name", "type": "accountInfo.type", "country": "countryCode",
    "currency": "currencyCode",
}  # fmt: skip
