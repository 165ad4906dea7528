"""What to do about the errors LinkedIn answers most often, by code or by what its text says."""

from __future__ import annotations

import re

HIGH, LOW = "it is over LinkedIn's maximum: lower it", "it is below LinkedIn's minimum: raise it"
LEAVE_OUT = "leave this field out"
NEW_CAMPAIGN = "fixed once the campaign is no draft: create a new campaign"
NEXT_STATUS = "this status does not follow the present one; read the object first"
CONFIGURATION = (
    "type, objective_type, format, optimization_target_type, cost_type, creative_selection and "
    "pacing_strategy do not fit together; set target, cost_type and unit_cost in one call"
)
ZONES = "a campaign's ad zones are fixed: leave them out of targeting_criteria"
TARGETING = "check targeting_criteria: targeting_facets has the facets, targeting_entities what is in them"
BILLING = "billing is set in Campaign Manager: leave it out"
ENTERPRISE = "LinkedIn's sales team sets this of an ENTERPRISE account: leave it out"
ONE_TEST_ACCOUNT = "an app has one test account: accounts.list with test=true has it"
ONE_NAME = "the path and the body name two of them: name it once"
COUNT_LATER = "LinkedIn could not count the audience just now: call again in a minute"
FIXES = {
    "INVALID_VALUE_DUPLICATE_EXIST": "it is there already: take another value, or use what is there",
    "ENTITY_WITH_SAME_KEY_ALREADY_EXISTS": "it is there already: read it, then update it",
    "FIELD_LENGTH_TOO_LONG": "shorten it",
    "FIELD_NOT_ALLOWED": LEAVE_OUT,
    "FIELD_NOT_EDITABLE": f"it cannot be changed: {LEAVE_OUT}",
    "FIELD_VALUE_TOO_HIGH": HIGH,
    "FIELD_VALUE_TOO_LOW": LOW,
    "FIELD_VALUE_DOES_NOT_EXIST": "there is no such object, or it is another account's: list has the ids",
    "FIELD_VALUE_NOT_ACTIVE": "what this names is not active: activate it first, or name another",
    "MULTIPLE_VALUES_NOT_ALLOWED": "give one value",
    "CONDITIONAL_FIELD_NOT_ALLOWED": f"{LEAVE_OUT}, or change what it does not go with",
    "CONDITIONAL_VALUE_TOO_HIGH": HIGH,
    "CONDITIONAL_VALUE_TOO_LOW": LOW,
    "STATUS_CHANGE_NOT_ALLOWED": NEXT_STATUS,
    "INVALID_STATUS_TRANSITION": NEXT_STATUS,
    "ACTION_NOT_ALLOWED_FOR_CANCELLED_STATUS": "canceled objects stay as they are: create a new one",
    "DELETE_ALLOWED_ONLY_FOR_DRAFT_STATUS": "only drafts can be deleted: archive it instead",
    "DELETE_NOT_ALLOWED": "archive it instead",
    "ONLY_DRAFT_CAMPAIGNS_ALLOWED_IN_DRAFT_CAMPAIGN_GROUPS": "activate the campaign group first",
    "CREATE_NOT_ALLOWED_WITH_FAILED_CREATIVES": "make the creatives that failed anew first",
    "FIELD_IMMUTABLE_FOR_NON_DRAFT_CAMPAIGNS": NEW_CAMPAIGN,
    "IMMUTABLE_CAMPAIGN_OBJECTIVE_TYPE": NEW_CAMPAIGN,
    "OBJECTIVE_CHANGE_NOT_ALLOWED": "the objective cannot be changed: create a new object",
    "IMMUTABLE_ASSOCIATED_ENTITY": NEW_CAMPAIGN,
    "IMMUTABLE_CAMPAIGN_FLOOR_PRICE": "a campaign's floor price is fixed: leave it out",
    "IMMUTABLE_CAMPAIGN_TARGETING_AD_ZONES": ZONES,
    "DATE_IMMUTABLE_WHEN_PASSED": "leave run_schedule.start out: it has passed; end can still be changed",
    "UPDATE_REFERENCE_NOT_ALLOWED": "an account with campaigns keeps its reference: leave it out",
    "CANNOT_UPDATE_BACKFILLED_CAMPAIGN_GROUPS": (
        "the default group cannot be changed: create one of your own"
    ),
    "DATE_TOO_EARLY": "give a run_schedule.start in the future, in the same call",
    "START_DATE_AFTER_END_DATE": "run_schedule.end must be after start",
    "CURRENCY_MISMATCH": "use the account's currency",
    "CURRENCY_NOT_SUPPORTED": "LinkedIn does not bill in this currency: take another",
    "INSUFFICIENT_CAMPAIGN_GROUP_BUDGET": "the campaign group's budget is too small for this",
    "INVALID_CAMPAIGN_CONFIGURATION": CONFIGURATION,
    "FAILED_TO_GET_VALID_CAMPAIGN_CONFIGURATION": CONFIGURATION,
    "FAILED_TO_VALIDATE_AGAINST_ALLOWED_CAMPAIGN_TYPES": "the account may not have campaigns of this type",
    "MISSING_CAMPAIGN_GROUP_ID": "give campaign_group_id",
    "CAMPAIGN_GROUP_CREATION_NOT_ALLOWED": "this account takes no new campaign groups: use an existing one",
    "CONVERSION_CAMPAIGN_MISSING_ASSOCIATED_CONVERSION": (
        "associate a conversion first (campaign_conversions), then activate it"
    ),
    "INVALID_ENTITLEMENT_FOR_TALENT_LEAD": (
        "TALENT_LEAD needs a contract with LinkedIn: choose another objective_type"
    ),
    "INVALID_OBJECTIVE_TYPE_WITH_MYNETWORK_DELIVERY": "this placement does not go with objective_type",
    "SPONSORING_LANDING_PAGE_NOT_ALLOWED": "what is shown may have no landing page here: leave it out",
    "AUDIENCE_SIZE_TOO_SMALL": "widen targeting_criteria: LinkedIn wants at least 300 members",
    "INCOMPATIBLE_TARGETING_COMBINATION": "these targeting facets cannot be combined",
    "INVALID_PAST_ATTRIBUTE_COMBINATION": "facets of past jobs cannot be combined so: leave one out",
    "FIELD_CANNOT_BE_BOTH_IN_INCLUDED_AND_EXCLUDED_TARGETING": (
        "the same value is in include and in exclude: take it out of one"
    ),
    "INVALID_SEGMENT_ID_AND_FACET_COMBINATION_PROVIDED": (
        "uploaded lists go under audienceMatchingSegments, retargeting under dynamicSegments"
    ),
    "FIELD_VALUE_NOT_ALLOWED_FOR_SEGMENT_STATUS": (
        "the segment is not ready or is archived: see its status in ad_segments, and wait"
    ),
    "TARGETING_FIELD_DEPRECATED": "use targeting_criteria with urn:li:adTargetingFacet keys",
    "TARGETING_ADZONE_CHANGE_NOT_ALLOWED": ZONES,
    "TARGETING_ADZONE_COMBINATION_INVALID": ZONES,
    "FAILED_TO_PROCESS_TARGETING_CRITERIA": TARGETING,
    "FAILED_TO_PROCESS_CAMPAIGN_FOR_AUDIENCE_SIZE_ESTIMATION": TARGETING,
    "FAILED_TO_RETRIEVE_AUDIENCE_SIZE": COUNT_LATER,
    "FAILED_TO_RETRIEVE_SEGMENTS": COUNT_LATER,
    "TEST_ACCOUNT_LIMIT_REACHED": ONE_TEST_ACCOUNT,
    "BATCH_CREATE_TEST_ACCOUNT_LIMIT_REACHED": ONE_TEST_ACCOUNT,
    "BLANK_ACCOUNT_NAME": "give the account a name",
    "NONCHARGEABLE_NOT_ALLOWED_UNLESS_ACTIVE_ACCOUNT": "the account has no valid billing yet",
    "MISSING_PRODUCT_TYPE_FOR_ENTERPRISE_ACCOUNT": "the API creates accounts of type BUSINESS",
    "FAILED_TO_SETUP_ACCOUNT_REPORTING": "list accounts before it is created again: it may be there",
    "INVALID_BILLING_REFERENCE": BILLING,
    "INVALID_BILLING_PARENT_REFERENCE": BILLING,
    "BILLING_NOT_EDITABLE_FOR_LMS_ENTERPRISE": BILLING,
    "FIELD_NOT_ALLOWED_FOR_ENTERPRISE_LMS_ACCOUNTS": ENTERPRISE,
    "NO_DELETE_ON_LMS_ENTERPRISE_CAMPAIGN_GROUPS": "archive it instead",
    "ACCOUNT_ID_MISMATCH_IN_PARAM_AND_BODY": ONE_NAME,
    "USER_MISMATCH_IN_PARAM_AND_BODY": ONE_NAME,
    "MEMBER_HAD_UNCONFIRMED_EMAIL": "this member must confirm their e-mail address at LinkedIn first",
    "MULTIPLE_ACCOUNTS_UNSUPPORTED": "do it for one account at a time",
    "NO_PERMISSION_ON_FIELD": "the member's role may not set this field: leave it out, or get a higher role",
    "TIMEOUT": "ask for less: fewer days, metrics or campaigns",
    "END_DATE_MAX_HORIZON_FOR_FORECAST": "end time_range sooner: LinkedIn forecasts some months at most",
    "invalid_client": (
        "check LINKEDIN_ADS_CLIENT_ID and LINKEDIN_ADS_CLIENT_SECRET: developer portal, tab Auth"
    ),
    "CONFLICT": "someone else changed it at the same moment: read it again, then repeat",
    "PRECONDITION_FAILED": "it was changed meanwhile: read it again, then repeat",
    "UNDER_MAINTENANCE": "www.linkedin-apistatus.com says how long",
    "SEGMENT_CREATION_NOT_ALLOWED_FOR_TEST_ACCOUNTS": "a test account has no segments: use a real one",
    "SEGMENT_LIMIT_EXCEEDED": "the account has as many segments as it may: delete some that no ad uses",
    "SPONSORED_MESSAGE_CONTENT_AD_FORM_URN_NOT_FOUND_IN_MESSAGE_TREE": (
        "the lead form stands in none of the conversation's messages: put it into one"
    ),
}
"""By code; those not here say it themselves: they name the field, and their text what is wrong with it.

The codes are those LinkedIn publishes under Error handling of the Advertising API.
"""
FULL = frozenset({"SEGMENT_LIMIT_EXCEEDED"})
"""Codes of a 429 that waiting does not mend."""
LOST = "where there is a list, that has the ids; what was made seconds ago may not be found yet: ask again"
HIDDEN_FIXES = {
    "/adLibrary": (
        "the app needs the product Ad Library: ask for it at linkedin.com/developers/apps > app > Products"
    ),
}
"""What a 404 of a whole resource means: LinkedIn hides those an app has no product for."""
LOST_FIXES = {
    "could not find entity": (
        "LinkedIn knows an upload only some seconds after it: wait a few, then ask again; "
        "if it stays, see that what is named is there"
    ),
}
"""What the texts of a 404 mean, in lower case."""
NOT_VALID = "the access token is not valid: sign in again and set LINKEDIN_ADS_ACCESS_TOKEN"
REVOKED = "the access token was revoked, or is seconds old: call again, then sign in again"
EXPIRED = "the access token has expired (they last 60 days): sign in again, or set a refresh token"
SIGN_IN_FIXES = {
    "65600": NOT_VALID,
    "INVALID_ACCESS_TOKEN": NOT_VALID,
    "65601": REVOKED,
    "REVOKED_ACCESS_TOKEN": REVOKED,
    "65602": EXPIRED,
    "EXPIRED_ACCESS_TOKEN": EXPIRED,
    "65603": NOT_VALID,
    "65604": NOT_VALID,
    "EMPTY_ACCESS_TOKEN": NOT_VALID,
}
"""By number or name: LinkedIn says either or both."""
PERMISSION_FIXES = {
    "dmpsegments": "uploaded audiences need LinkedIn's Audiences program, and rw_dmp_segments on the token",
    "not configured to access": (
        "the app is on the Development tier: add the account at Products > Advertising API > View Ad Accounts"
    ),
    "w_organization_social": "the token needs w_organization_social and a role on the LinkedIn Page",
    "r_organization_social": "the token needs r_organization_social and a role on the LinkedIn Page",
}
PRODUCTS = (
    ("adanalytics", "Advertising API", "r_ads_reporting"),
    ("adlibrary", "Ad Library API", ""),
    ("conversionevents", "Conversions API", "rw_conversions"),
    ("leadformresponses", "Lead Sync API", "r_marketing_leadgen_automation"),
    ("leadnotifications", "Lead Sync API", "r_marketing_leadgen_automation"),
    ("dmpsegment", "Matched Audiences", "rw_dmp_segments"),
    ("organization", "Community Management API", "r_organization_admin"),
    ("event", "Events Management API", "r_events"),
    ("post", "Advertising API", "r_organization_social, w_organization_social"),
    ("image", "Advertising API", "r_organization_social, w_organization_social"),
    ("video", "Advertising API", "r_organization_social, w_organization_social"),
    ("document", "Advertising API", "r_organization_social, w_organization_social"),
    ("", "Advertising API", "r_ads, rw_ads"),
)
"""A word in the name of an API, the product that has it, and the scopes for it; the first that fits."""
_API = re.compile(r"partnerApi(\w+)", re.IGNORECASE)


def lacking(says: str) -> str:
    """Which product or scope a refusal is about, where it names an API; empty where it does not.

    The text is "Not enough permissions to access: partnerApiAdAccounts.FINDER-search.20260701".
    """
    found = _API.search(says)
    if not found:
        return ""
    named = found[1].lower()
    product, scopes = next((product, scopes) for word, product, scopes in PRODUCTS if word in named)
    token = f", or the token the scope {scopes}" if scopes else ""
    return f"the app lacks the product {product} (linkedin.com/developers > the app > Products){token}"


PAGE_FIX = (
    "it is the Page in `author` (of an image: `owner`): the member must be its admin, or may post its ads; "
    "`reference` of accounts list names each account's own Page"
)
PERMISSION_BY_ACTION = {"createInline": PAGE_FIX, "initializeUpload": PAGE_FIX}
"""Actions of LinkedIn's that are done in the name of a Page: what a refusal is about, if it does not say."""
PERMISSION = (
    "the member needs a higher role on the ad account, or the token a scope (r_ads; rw_ads for writes); what "
    "is no account of the member's is refused so too: accounts list has those"
)
ASK_LESS = "ask for less: fewer days, metrics or campaigns"
DEFAULT_VERSION = "202607"
SERVED = ("202601", "202602", "202603", "202604", "202605", "202606", DEFAULT_VERSION, "202608", "202609")
"""Months of the API known to be served; each is for about a year, and there is none for December."""
VERSIONS_PAGE = "learn.microsoft.com/linkedin/marketing/versioning"


def other_version(refused: str) -> str:
    """What to do when LinkedIn does not serve a version: never the one it has just refused."""
    known = f"LinkedIn serves {SERVED[0]} to {SERVED[-1]}, as far as this release knows, and newer ones"
    if refused not in SERVED:
        return f"set LINKEDIN_ADS_API_VERSION={DEFAULT_VERSION}, or leave it out: {known}"
    newer = [version for version in SERVED if version > refused]
    where = f"; {VERSIONS_PAGE} lists those LinkedIn serves"
    if not newer:
        return f"set LINKEDIN_ADS_API_VERSION to a month after {refused}, or install a newer mcp-ads{where}"
    return f"set LINKEDIN_ADS_API_VERSION={newer[-1]}{where}"
