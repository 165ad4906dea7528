"""What to do about the errors Amazon answers most often."""

SCOPE_FIXES = {
    "scope header is missing": "give profile_id; profiles.list shows them",
    "no matching advertiser": "profile_id is of another region or of nobody; profiles.list shows them all, "
    "unless AMAZON_ADS_REGION leaves some out",
    "not authorized to access scope": "ask the owner of this profile to invite the user",
}

_EITHER = "advertiser_campaign_view or advertiser_campaign_edit"
PERMISSIONS = {
    "/portfolios/": _EITHER, "/portfolios": "advertiser_campaign_edit", "/sb/v4/": _EITHER,
    "/sp/targets/list": "advertiser_campaign_edit", "/sp/keywords/list": "advertiser_campaign_edit",
    "/audiences/": _EITHER, "/reporting/": f"reports_edit, {_EITHER}", "/exports": "advertiser_campaign_view",
    "/invoices": "nemo_transactions_view or nemo_transactions_edit",
    "/moderation/": "advertiser_campaign_view", "/sb/ads/creatives/": _EITHER, "/st/": _EITHER,
    "/dsp/": "dsp_campaign_view or dsp_campaign_edit",
}  # fmt: skip
"""What Amazon's specifications call the permission that calls below a path take, the longest path first."""
TV_COUNTRIES = ("US", "CA", "MX", "BR", "UK")
"""Where Sponsored TV is, by Amazon's overview of it; others may follow."""
TEST_ACCOUNTS = "/testAccounts"
NO_SCOPE = (
    "test accounts need a scope of their own: `mcp-ads login amazon-ads --scopes "
    "advertising::campaign_management,advertising::test:create_account`, by somebody without a real account"
)
FORBIDDEN, GONE = (401, 403), 404
FORGOTTEN = "an id is good for its own profile, until Amazon forgets it; there is no list of them: "
UNLISTED = {
    "/reporting/reports/": f"{FORGOTTEN}reports.run orders it anew",
    "/exports/": f"{FORGOTTEN}exports.run orders it anew",
    "/v2/stores": "this profile has no Store that its user may see; Stores are built in the console",
    "/moderation/results": "Amazon knows of no review of it: the ad has to be of this profile, and "
    "ad_program_type has to fit it: SB_PRODUCT_COLLECTION of collections, SB_STORE_SPOTLIGHT, SB_VIDEO of "
    "video and brandVideo; sponsored_brands_ads.get shows its creative.type",
    "/assets": "assets.list shows what the library of this profile has",
}
"""What to do about what no list has, or about a list that is not there."""


def refused(status: int, path: str) -> str:
    """What to do where Amazon lets a user or a client not in, or has no such order, by what was asked for;
    else empty.
    """
    if path.startswith(TEST_ACCOUNTS) and status in FORBIDDEN:
        return NO_SCOPE
    if status == GONE:
        return next((words for start, words in UNLISTED.items() if path.startswith(start)), "")
    needed = next((words for start, words in PERMISSIONS.items() if path.startswith(start)), "")
    if status != FORBIDDEN[1] or not needed:
        return ""
    tv = f"Sponsored TV is in {', '.join(TV_COUNTRIES)}: is the profile? " if path.startswith("/st/") else ""
    return (
        f"{tv}the user needs the permission {needed} on this profile, and the client needs Amazon's approval"
    )


STATUS_FIXES = {
    401: "sign in again for a new AMAZON_ADS_REFRESH_TOKEN; check AMAZON_ADS_CLIENT_ID: `mcp-ads doctor`",
    403: "the user needs a permission on this profile, and the client needs Amazon's approval",
    404: "list the objects of this profile; ids of other profiles are not found",
    406: "this is a mistake in mcp-ads: please report it",
    413: "send less in one call",
    415: "this is a mistake in mcp-ads: please report it",
    422: "the values are understood and do not go together: see what Amazon says of them",
    424: "something that Amazon asks for this did not answer: call again in a few minutes",
    425: "the same report is being built already: wait for that one",
}

_SEE = "see what Amazon says of it; its support asks for the request id"
_LIKE = "there is one like it: list by name or text and update that one"
_OTHER_CAMPAIGN = "list the campaigns and ad groups of this profile and choose another"
ITEM_FIXES = {
    "biddingError": "see what Amazon says of the bid",
    "BID_GT_BUDGET": "a bid under the campaign's daily budget, or a higher budget",
    "BID_OUT_OF_MARKET_PLACE_RANGE": "a bid within the range of this marketplace",
    "BID_INVALID_PLACEMENT": "one of the placements there are, each once",
    "budgetError": "see what Amazon says of the budget",
    "BUDGET_TOO_LOW": "a higher budget",
    "BUDGET_TOO_HIGH": "a lower budget",
    "BUDGET_OUT_OF_MARKET_PLACE_RANGE": "a budget within the range of this marketplace",
    "BUDGET_LT_DEFAULT_BIDS": "a budget above the campaign's default bids, or lower those first",
    "BUDGET_LT_KEYWORD_BIDS": "a budget above the campaign's keyword bids, or lower those first",
    "BUDGET_LT_PREDEFINED_TARGET_BIDS": "a budget above the campaign's target bids, or lower those first",
    "BUDGET_CURRENCY_DOES_NOT_MATCH_MARKETPLACE_SETTINGS": "amounts in the profile's currency",
    "billingError": "the user sets up or repairs billing in the advertising console",
    "ADVERTISER_SUSPENDED": "the user asks Amazon's support: the account is suspended",
    "VETTING_FAILURE": "the user asks Amazon's support: the account has not passed its review",
    "currencyError": "amounts in the profile's currency",
    "dateError": "days as 2026-11-30, in the profile's time zone and not so far away",
    "MISSING_BUDGETING_POLICY": "give budget_policy: MONTHLY_RECURRING, DATE_RANGE or NO_CAP",
    "BUDGETING_POLICY_INVALID": "budget and days that go with budget_policy",
    "BUDGET_AMOUNT_INVALID": "another amount",
    "START_DATE_EQUAL_END_DATE": "an end after the start",
    "START_DATE_NOT_NULL": "give budget_start_date with DATE_RANGE, and none with MONTHLY_RECURRING",
    "END_DATE_EARLIER_THAN_TODAY": "an end_date from today on, in the profile's time zone",
    "START_DATE_EARLIER_THAN_TODAY": "a start_date from today on, in the profile's time zone",
    "START_DATE_AFTER_END_DATE": "an end_date after start_date",
    "UPDATING_READ_ONLY_START_DATE": "leave start_date out: the campaign has started",
    "UPDATING_READ_ONLY_END_DATE": "leave end_date out: it can no longer be changed",
    "UPDATING_ENDED_CAMPAIGN_WITHOUT_EXTENSION": "give a later end_date too: the campaign has ended",
    "duplicateValueError": _LIKE,
    "keywordError.DUPLICATE_VALUE": f"{_LIKE}; a draft is in no list, and get reads it by its id",
    "ENTITY_NOT_FOUND": "list the objects of this profile; ids of other profiles are not found",
    "NOT_FOUND": "list the objects of this profile; ids of other profiles are not found",
    "parentEntityError": _OTHER_CAMPAIGN,
    "PARENT_ENTITY_NOT_FOUND": "check campaign_id and ad_group_id: the parent is not in this profile",
    "PARENT_ENTITY_ARCHIVED": "choose another parent: archived ones cannot be changed",
    "entityStateError": "archived objects never change again: create a new one",
    "INVALID_STATE_TRANSITION": "read its state: it cannot go from there to this one",
    "INVALID_TARGET_STATE": "one of the states ENABLED and PAUSED; delete archives",
    "PARENT_ENTITY_FORBIDS_CREATION": _OTHER_CAMPAIGN,
    "PARENT_STATUS_FORBIDS_UPDATES_AND_CREATES": _OTHER_CAMPAIGN,
    "AUTO_TARGETING_CLAUSE_CANNOT_BE_ARCHIVED_MANUALLY": "pause it: the targets of an AUTO campaign stay",
    "MARKETPLACE_STATE_CANNOT_BE_ARCHIVED": "archive the campaign as a whole",
    "entityQuotaError": "archive what is no longer used: archived objects do not count",
    "targetingClauseSetupError": "see what Amazon says of the expression",
    "AUTO_TARGETING_CLAUSE_CANNOT_BE_CREATED_MANUALLY": "an AUTO campaign's ad group has its four targets "
    "already: list and update those",
    "TARGETING_TYPE_NOT_ALLOWED_FOR_AUTO_TARGETING_CAMPAIGN": "keywords and targets need a MANUAL campaign",
    "TARGETING_EXPRESSION_INVALID_VALUE": "a value that its type takes: an ASIN, a category's or brand's id",
    "TYPE_CONFLICT_IN_AD_GROUP": "an ad group has keywords or product targets, not both: use another one",
    "malformedValueError": "write the text as its parameter is described",
    "BLANK": "write a text, or leave the parameter out",
    "LEADING_OR_TRAILING_WHITESPACE": "no spaces at the beginning or end",
    "FORBIDDEN_CHARS": "leave out the special characters",
    "TOO_LONG": "a shorter text",
    "TOO_SHORT": "a longer text",
    "rangeError": "a value within the range that the parameter is described with",
    "missingValueError": "give the value that is missing",
    "adEligibilityError": "this product cannot be advertised: choose another",
    "productIdentifierError": "the sku of a seller's product, the asin of a vendor's",
    "INVALID_SKU": "a sku of this seller; vendors give asin",
    "INVALID_ASIN": "an asin of this vendor; sellers give sku",
    "ASIN_NOT_OWNED_BY_AUTHOR": "an asin of this author's own books",
    "UNSUPPORTED_EXPRESSION_TYPE": "one of the types of expression that the parameter is described with",
    "INVALID_LOCALE": "a locale of this marketplace, such as en_US",
    "APPLICABLE_MARKETPLACES_MISMATCH_ERROR": _OTHER_CAMPAIGN,
    "INVALID_TOKEN": "call again without the cursor: it has expired, or is of other parameters",
    "THROTTLED": "nothing was changed: call again in a minute",
    "throttledError": "nothing was changed: call again in a minute",
    "otherError": _SEE,
}
"""By reason, and by kind for the reasons that are not here."""
SAID_FIXES = {
    "optimization rule": "an optimization rule of its ad group sets the bids, so that no bid is given here: "
    "api.get of /sd/adGroups/{adGroupId}/optimizationRules shows which",
    "audience size is too small": "a broader target: a longer lookback, a category, fewer refinements",
}
"""By what the description of an item says, where its code says little."""


def by_words(text: str) -> str:
    """What to do about a refusal that is known by its words; else empty."""
    return next((fix for words, fix in SAID_FIXES.items() if words in text.lower()), "")
