"""What to do about the errors Amazon answers most often."""

SCOPE_FIXES = {
    "scope header is missing": "give profile_id; profiles.list shows them",
    "no matching advertiser": "profile_id is of another region or of nobody; profiles.list shows them all",
    "not authorized to access scope": "ask the owner of this profile to invite the user",
}

STATUS_FIXES = {
    401: "sign in again for a new AMAZON_ADS_REFRESH_TOKEN; check AMAZON_ADS_CLIENT_ID: `mcp-ads doctor`",
    403: "the user needs a permission on this profile, and the client needs Amazon's approval",
    406: "this is a mistake in mcp-ads: please report it",
    413: "send less in one call",
    415: "this is a mistake in mcp-ads: please report it",
    425: "the same report is being built already: wait for that one",
}

ITEM_FIXES = {
    "BID_GT_BUDGET": "a bid under the campaign's daily budget, or a higher budget",
    "BID_OUT_OF_MARKET_PLACE_RANGE": "a bid within the range of this marketplace",
    "BUDGET_TOO_LOW": "a higher budget",
    "BUDGET_TOO_HIGH": "a lower budget",
    "BUDGET_OUT_OF_MARKET_PLACE_RANGE": "a budget within the range of this marketplace",
    "BUDGET_LT_DEFAULT_BIDS": "a budget above the campaign's default bids, or lower those first",
    "BUDGET_LT_KEYWORD_BIDS": "a budget above the campaign's keyword bids, or lower those first",
    "BUDGET_LT_PREDEFINED_TARGET_BIDS": "a budget above the campaign's target bids, or lower those first",
    "billingError": "the user sets up or repairs billing in the advertising console",
    "ADVERTISER_SUSPENDED": "the user asks Amazon's support: the account is suspended",
    "currencyError": "amounts in the profile's currency",
    "END_DATE_EARLIER_THAN_TODAY": "an end_date from today on, in the profile's time zone",
    "START_DATE_EARLIER_THAN_TODAY": "a start_date from today on, in the profile's time zone",
    "START_DATE_AFTER_END_DATE": "an end_date after start_date",
    "UPDATING_READ_ONLY_START_DATE": "leave start_date out: the campaign has started",
    "UPDATING_ENDED_CAMPAIGN_WITHOUT_EXTENSION": "give a later end_date too: the campaign has ended",
    "duplicateValueError": "there is one like it: list by name or text and update that one",
    "ENTITY_NOT_FOUND": "list the objects of this profile; ids of other profiles are not found",
    "NOT_FOUND": "list the objects of this profile; ids of other profiles are not found",
    "PARENT_ENTITY_NOT_FOUND": "check campaign_id and ad_group_id: the parent is not in this profile",
    "PARENT_ENTITY_ARCHIVED": "choose another parent: archived ones cannot be changed",
    "entityStateError": "archived objects never change again: create a new one",
    "entityQuotaError": "archive what is no longer used: archived objects do not count",
    "TARGETING_TYPE_NOT_ALLOWED_FOR_AUTO_TARGETING_CAMPAIGN": "keywords and targets need a MANUAL campaign",
    "TYPE_CONFLICT_IN_AD_GROUP": "an ad group has keywords or product targets, not both: use another one",
    "LEADING_OR_TRAILING_WHITESPACE": "no spaces at the beginning or end",
    "FORBIDDEN_CHARS": "leave out the special characters",
    "AD_INELIGIBLE": "this product cannot be advertised: choose another",
    "INVALID_SKU": "a sku of this seller; vendors give asin",
    "INVALID_ASIN": "an asin of this vendor; sellers give sku",
    "THROTTLED": "nothing was changed: call again in a minute",
    "throttledError": "nothing was changed: call again in a minute",
}
