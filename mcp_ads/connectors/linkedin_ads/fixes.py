"""What to do about the errors LinkedIn answers most often, by code or by what its text says."""

from __future__ import annotations

FIXES = {
    "MISSING_CAMPAIGN_GROUP_ID": "give campaign_group_id",
    "ONLY_DRAFT_CAMPAIGNS_ALLOWED_IN_DRAFT_CAMPAIGN_GROUPS": "activate the campaign group first",
    "STATUS_CHANGE_NOT_ALLOWED": "this status does not follow the present one; read the object first",
    "INVALID_STATUS_TRANSITION": "this status does not follow the present one; read the object first",
    "ACTION_NOT_ALLOWED_FOR_CANCELLED_STATUS": "canceled objects stay as they are: create a new one",
    "DELETE_ALLOWED_ONLY_FOR_DRAFT_STATUS": "only drafts can be deleted: archive it instead",
    "DELETE_NOT_ALLOWED": "archive it instead",
    "CANNOT_UPDATE_BACKFILLED_CAMPAIGN_GROUPS": "the default group cannot be changed: create one of your own",
    "FIELD_IMMUTABLE_FOR_NON_DRAFT_CAMPAIGNS": "fixed once the campaign is no draft: create a new campaign",
    "IMMUTABLE_CAMPAIGN_OBJECTIVE_TYPE": "fixed once the campaign is no draft: create a new campaign",
    "OBJECTIVE_CHANGE_NOT_ALLOWED": "the objective cannot be changed: create a new object",
    "IMMUTABLE_ASSOCIATED_ENTITY": "fixed once the campaign is no draft: create a new campaign",
    "DATE_IMMUTABLE_WHEN_PASSED": "leave run_schedule.start out: it has passed; end can still be changed",
    "DATE_TOO_EARLY": "give a run_schedule.start in the future, in the same call",
    "START_DATE_AFTER_END_DATE": "run_schedule.end must be after start",
    "CURRENCY_MISMATCH": "use the account's currency",
    "FIELD_VALUE_TOO_LOW": "it is below LinkedIn's minimum: raise it",
    "CONDITIONAL_VALUE_TOO_LOW": "it is below LinkedIn's minimum: raise it",
    "INSUFFICIENT_CAMPAIGN_GROUP_BUDGET": "the campaign group's budget is too small for this",
    "INVALID_CAMPAIGN_CONFIGURATION": (
        "type, objective_type, format, optimization_target_type, cost_type, creative_selection and "
        "pacing_strategy do not fit together; set target, cost_type and unit_cost in one call"
    ),
    "CONVERSION_CAMPAIGN_MISSING_ASSOCIATED_CONVERSION": "associate a conversion first, then activate it",
    "AUDIENCE_SIZE_TOO_SMALL": "widen targeting_criteria: LinkedIn wants at least 300 members",
    "TARGETING_FIELD_DEPRECATED": "use targeting_criteria with urn:li:adTargetingFacet keys",
    "INCOMPATIBLE_TARGETING_COMBINATION": "these targeting facets cannot be combined",
    "INVALID_SEGMENT_ID_AND_FACET_COMBINATION_PROVIDED": (
        "uploaded lists go under audienceMatchingSegments, retargeting under dynamicSegments"
    ),
    "CAMPAIGN_GROUP_CREATION_NOT_ALLOWED": "this account takes no new campaign groups: use an existing one",
    "NO_DELETE_ON_LMS_ENTERPRISE_CAMPAIGN_GROUPS": "archive it instead",
    "NONCHARGEABLE_NOT_ALLOWED_UNLESS_ACTIVE_ACCOUNT": "the account has no valid billing yet",
    "SEGMENT_CREATION_NOT_ALLOWED_FOR_TEST_ACCOUNTS": "make the audience in a real ad account",
    "END_DATE_MAX_HORIZON_FOR_FORECAST": "end time_range sooner: LinkedIn forecasts some months at most",
    "CONFLICT": "someone else changed it at the same moment: read it again, then repeat",
}
LOST_FIXES = {
    "could not find entity": (
        "LinkedIn knows an upload only some seconds after it: wait a few, then ask again; "
        "if it stays, see that what is named is there"
    ),
}
"""What the texts of a 404 mean, in lower case."""
SIGN_IN_FIXES = {
    "65600": "the access token is not valid: sign in again and set LINKEDIN_ADS_ACCESS_TOKEN",
    "65601": "the access token was revoked, or is seconds old: call again, then sign in again",
    "65602": "the access token has expired (they last 60 days): sign in again, or set a refresh token",
}
PERMISSION_FIXES = {
    "dmpsegments": "uploaded audiences need LinkedIn's Audiences program, and rw_dmp_segments on the token",
    "not configured to access": (
        "the app is on the Development tier: add the account at Products > Advertising API > View Ad Accounts"
    ),
    "leadformresponses": (
        "the app needs the Lead Sync API product, the token r_marketing_leadgen_automation, and the member "
        "access to the Page's leads"
    ),
    "conversionevents": (
        "the app needs the Conversions API product, and the token rw_conversions: docs/setup-linkedin.md"
    ),
    "partnerapipostsexternal": (
        "posts are open only to apps with the Community Management API or the Advertising API, with a token "
        "of r_organization_social (w_organization_social for writes) and a role on the Page; what an ad "
        "shows is seen in its preview too"
    ),
    "partnerapi": "the app lacks the product for this, or the token a scope (r_ads, rw_ads, r_ads_reporting)",
    "w_organization_social": "the token needs w_organization_social and a role on the LinkedIn Page",
    "r_organization_social": "the token needs r_organization_social and a role on the LinkedIn Page",
}
PAGE_FIX = (
    "it is the Page in `author` (of an image: `owner`): the member must be its admin, or may post its ads; "
    "`reference` of accounts list names each account's own Page"
)
PERMISSION_BY_ACTION = {"createInline": PAGE_FIX, "initializeUpload": PAGE_FIX}
"""Actions of LinkedIn's that are done in the name of a Page: what a refusal is about, if it does not say."""
PERMISSION = (
    "the member needs a higher role on the ad account, or the token a scope (r_ads; rw_ads for writes)"
)
ASK_LESS = "ask for less: fewer days, metrics or campaigns"
DEFAULT_VERSION = "202607"
SERVED = ("202601", "202602", "202603", "202604", "202605", "202606", DEFAULT_VERSION, "202608", "202609")
"""Months of the API known to be served; each is for about a year."""
VERSIONS_PAGE = "learn.microsoft.com/linkedin/marketing/versioning"


def other_version(refused: str) -> str:
    """What to do when LinkedIn does not serve a version: never the one it has just refused."""
    if refused not in SERVED:
        return f"set LINKEDIN_ADS_API_VERSION={DEFAULT_VERSION}, or leave it out"
    newer = [version for version in SERVED if version > refused]
    where = f"; {VERSIONS_PAGE} lists those LinkedIn serves"
    if not newer:
        return f"set LINKEDIN_ADS_API_VERSION to a month after {refused}, or install a newer mcp-ads{where}"
    return f"set LINKEDIN_ADS_API_VERSION={newer[-1]}{where}"
