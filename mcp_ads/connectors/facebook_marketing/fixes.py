"""What to do about the errors Graph answers, by code and subcode."""

import re

ASK_LESS = "ask for less: fewer days, fields or rows"
AS_PAGE = "give page_id where the action has it, to ask as that page; raw requests are the user's alone"
_PERMISSION = re.compile(r"\b(leads_retrieval|(?:pages|ads|business|catalog|instagram)_[a-z_]+[a-z])\b")
LEADS_ACCESS = (
    "give the token leads_retrieval; in Meta Business settings > Integrations > Leads access assign its "
    "user, and its app under CRMs"
)
APP_SETTINGS = (
    "set FACEBOOK_MARKETING_CLIENT_SECRET to the one at developers.facebook.com > the app > App "
    "settings > Basic"
)
WAIT_LONG = "Facebook has blocked this for a while: do not send it again today; the token is still good"
CODE_FIXES = {
    6200: "the account has its pixel already: pixels.list shows it",
    6202: "the account has pixels already: pixels.list shows them",
    103: LEADS_ACCESS,
    3: "the app lacks the capability for this: ask for it at developers.facebook.com > the app > App review",
    4: "the app's own limit: other accounts of the same app wait too",
    101: "check the app id and secret: developers.facebook.com > the app > App settings > Basic",
    104: APP_SETTINGS,
    105: "give fewer parameters",
    192: "the phone number is none: write it with its country code, such as +15550100199",
    194: "a required parameter is missing: the text names it",
    222: "the video cannot be seen with this token: upload it to the ad account",
    300: "the change could not be made: read the object, then change less at once",
    351: "the video's file is damaged or cut: upload it anew",
    352: "the video's format is not taken: MP4 or MOV is",
    368: WAIT_LONG,
    382: "the video's file is too small to be one: upload it anew",
    389: "Facebook could not get the file of that address: it must be open to everybody",
    500: "the text or an address in it is banned: write another",
    506: "the same was posted already: change the text",
    801: "this cannot be done with the object as it is: read its status first",
    900: "the app does not exist any more: sign in with another",
    2500: "the path or fields are misspelt: check names and brackets in fields",
    2606: "the preview cannot be shown: read the creative, then ask for another ad_format",
    2641: "the targeting has a place where this ad may not be shown: leave that place out",
    2642: "the cursor has gone stale: begin the list anew, without it",
    2650: "the audience's people are being replaced: wait until that is over, then call again",
    2654: "an audience of a rule is made without subtype; another one's audience cannot be changed",
    2656: "delete the lookalikes that are made of this audience first",
    2695: "the app has as many ad sets for iOS 14 as it may: end one first",
    2703: "a rule that pauses cannot have a condition on cost alone: add one on spend or impressions",
    3018: "no numbers are kept for more than 37 months: begin later",
    6000: "the upload failed: send the file anew",
    6001: "the upload failed: send the file anew in a minute",
    2635: (
        "this version of the Graph API is over: leave FACEBOOK_MARKETING_API_VERSION out, or set a version "
        "that Facebook still serves (v26.0 or later)"
    ),
}
SIGN_IN_FIXES = {
    458: "the app was removed from the account: authorise it again",
    459: "the user must log in at facebook.com once; the token is still good",
    460: "the password was changed: make a new access token",
    463: "the access token has expired: make a new one and set FACEBOOK_MARKETING_ACCESS_TOKEN",
    464: "the user must confirm their account at facebook.com",
    467: "the user logged out: make a new access token",
    492: "the user has no role on the page any more",
}

STILL_GOOD = (459, 464, 492)
"""Refusals after which the token is as good as before, once the user has done something elsewhere."""

NO_ADS = "the account's status allows no ads: `ad_accounts get` shows account_status and disable_reason"
NO_TASK = "the user lacks the Advertise task on this ad account: an admin of it assigns that"
UNDER = "under the account's minimum: `minimum_budgets list` shows it"
FIXES = {
    4834011: "set is_adset_budget_sharing_enabled to true or false on the campaign",
    4834002: "is_adset_budget_sharing_enabled does not go with a campaign budget",
    4834005: "ad set budget sharing needs a bid_strategy on the campaign",
    4834006: "the bid strategy is fixed while ad set budget sharing is on",
    3858418: "ad set budget sharing is set when a campaign is made",
    1885621: "a budget on the campaign or on its ad sets, not both",
    1885272: f"the budget is {UNDER}",
    1885650: f"the budget is {UNDER}",
    2446307: f"the budget or spend cap is {UNDER}",
    2238055: "the campaign's budget is too small for its ad sets, or a creative has two Instagram accounts: "
    "go by the text",
    1815430: "give promoted_object",
    1885154: "give promoted_object with page_id",
    1815715: "destination_type does not fit the objective",
    2446509: "destination_type does not fit the objective",
    3858079: "give dsa_payor and dsa_beneficiary for ads shown in the EU",
    3858081: "give dsa_payor and dsa_beneficiary for ads shown in the EU",
    1815198: "frequency_control_specs cannot be changed: create a new ad set",
    1504040: "attribution_spec cannot be changed: create a new ad set",
    1487929: "promote one thing: leave the other fields of promoted_object out",
    1885029: "the page of promoted_object is not the page of the creative",
    1870165: "in the EU, EEA and Switzerland age_min is at least 18",
    3858064: "in Thailand age_min is at least 20",
    1870199: "leave location_types out",
    1815946: "use one radius for all places",
    2490562: "leave this placement out: it was removed",
    2708008: "user and page must be authorised for ads about politics there; the EU has none",
    2695: "the app has as many campaigns or ad sets for iOS 14 and later as it may have: archive one",
    192342134: "a lookalike needs a location beside it",
    3858634: "give regional_regulation_identities",
    3858636: "give regional_regulation_identities",
    2909034: "give special_ad_category_country",
    2909035: "the targeting is not allowed in this special ad category",
    1870227: "set targeting.targeting_automation.advantage_audience to 0 or 1",
    1815857: "the bid strategy needs bid_amount, on the ad set",
    2490592: NO_ADS,
    4841021: NO_ADS,
    2490585: NO_TASK,
    2490591: NO_TASK,
    4841020: NO_TASK,
    1885364: "targeting needs a location; an update replaces the whole targeting object, so give all of it",
    1885553: "an ad set that is not dynamic takes a creative with one asset of each kind",
    1443048: "object_story_spec is malformed",
    1443226: "a video creative needs a thumbnail: image_hash or image_url",
    2061015: "the creative needs a link",
    3858504: "leave out standard_enhancements; set single features",
    1815573: "a creative's content cannot be changed: create a new one and point the ad at it",
    1487390: "the creative cannot be made as it is: the text says which part",
    2446173: "the creative's object or link is not of the kind its call to action needs",
    1885878: "the creative's post or page cannot be used for ads: read it, or take another",
    1885998: "the creative's media do not fit together: the text says which",
    3858355: "a feature of the creative cannot be used here: leave it out of degrees_of_freedom_spec",
    3858258: "Facebook could not get the picture of that address: upload it, and name its hash",
    1885833: "the creative needs a page: object_story_spec.page_id",
    1885392: "the objective does not take this type of creative",
    3260011: "pixel and event cannot be changed after publishing: create a new ad set",
    1487694: "a targeting option was retired: leave it out",
    2446394: "a targeting option was retired: leave it out",
    1487033: "the end date is in the past",
    1487007: "the end date is in the past",
    1340029: "delete the ad set instead of its only dynamic ad",
    1487990: "the account has too many archived objects",
    2490427: "the ad was disapproved: create a new one",
    2490468: "the ad was disapproved: create a new one",
    1815199: "the account has no access to that Instagram account",
    1870034: "the user must accept the custom audience terms in Ads Manager",
    1870090: "the user must accept the custom audience terms in Ads Manager",
    1870092: "the user must accept the Business Tools terms in Ads Manager",
    1870050: "the ad account must belong to a business",
    1870047: "too few people would be left in the audience: remove fewer, or delete it",
    1870144: "at most 100 million people at once",
    1870145: "the audience is being updated: wait until that is over, then call again",
    1870147: "the first batch of this upload is missing: begin it anew",
    1870148: "not all of the upload has come: begin it anew",
    1870158: "the upload took more than 90 minutes and is over: begin it anew",
    1870159: "this upload is closed: begin a new one",
    1713092: "the audience is another account's: only its owner changes it",
    1713098: "the audience's rule is malformed",
    1713230: "the audience is flagged: edit or delete it in Ads Manager",
    1713232: "the seed audience is flagged: take another",
    3858090: "the period ends after what it is for: let time_end be before that end",
    3858199: "send the daily budget along: set daily_budget to what it is in an update, then try again",
    3858175: "send the daily budget along: set daily_budget to what it is in an update, then try again",
    1487632: "an ad set's budget can change four times an hour: try again in an hour",
    2804003: "leave out events older than 7 days; Facebook took none of these",
    2804066: "leave out events whose names business_messaging does not take; Facebook took none of these",
    2332002: (
        "the person whose token it is confirms who they are and accepts the terms at "
        "facebook.com/ads/library/api; no permission of the app replaces that"
    ),
    1487225: "the account has made as many ads as it may for now: try again in an hour",
    1885172: "an account's spend cap can change ten times a day: try again in an hour, or tomorrow",
    1487742: "too many calls of this kind for this account",
    5044001: "more than 100 changes a second for this account",
    1815630: "give fewer parameters",
    1504022: "Facebook's insights are under load everywhere",
    1504039: "Facebook's insights are under load everywhere",
    1504041: "this combination of breakdowns is not possible",
    1504042: "one of the metrics is not possible here: leave out the one the text names",
    3191001: "the token may not read this account's insights: give it ads_read, and its user a task there",
}


KINDS = {
    "AdAccount": "an ad account",
    "AdCampaignGroup": "a campaign",
    "AdSet": "an ad set",
    "AdCampaign": "an ad set",
    "Ad": "an ad",
    "AdGroup": "an ad",
    "AdCreative": "a creative",
    "AdImage": "an image",
    "AdLabel": "a label",
    "AdsPixel": "a pixel",
    "AdStudy": "a study",
    "AdVideo": "a video",
    "CustomAudience": "an audience",
    "LeadgenForm": "a lead form",
}
"""Node types whose names say something else, or need another article."""


def a_kind(node: str) -> str:
    """What an object of a node type is, in words."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", node).lower()
    return KINDS.get(node, f"{'an' if words[0] in 'aeio' else 'a'} {words}")


def kind_fix(field: str) -> str:
    """What to do about an object that does not have what was asked for."""
    if field == "leads":
        return "leads are a form's or an ad's: `lead_forms list` shows the forms of a page"
    return f"see that the id is of this kind of object; where it is, that {field} is one of its fields"


def permission_fix(text: str, *, to_read: bool = False) -> str:
    """What to do about a permission that is lacking: the one the platform names, if it names one."""
    if "leads_retrieval" in text or re.search(r"\bleads?\b", text, re.IGNORECASE):
        return LEADS_ACCESS
    if found := dict.fromkeys(_PERMISSION.findall(text)):
        return f"give the token {' and '.join(found)}, and its user the role that goes with it"
    if "on the page" in text:
        return "give the user of the token a role on the page: the task ADVERTISE, for leads also Leads"
    if to_read:
        return "give the token ads_read, and its user a task on the account: ANALYZE is enough"
    return "give the token ads_management and the account's ADVERTISE task"
