"""Every code that LinkedIn publishes: who does what about it, and whether it is sent again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mcp_ads.connectors.linkedin_ads.dialect import RestliDialect
from mcp_ads.core import Reply, Request
from mcp_ads.engine.wire.transport import pause_after
from mcp_ads.errors import ApiError, AuthError, NotFound, PlatformDown, RateLimited, Rejected

DIALECT = RestliDialect()
READ, WRITE = Request("GET", "/x"), Request("POST", "/x", risk="write")
NOON, EVENING = "Wed, 25 Nov 2026 12:00:00 GMT", "Wed, 25 Nov 2026 23:59:30 GMT"

CODES = (
    "MISSING_FIELD", "INVALID_VALUE_FOR_FIELD", "INVALID_VALUE_BLANK_FIELD",
    "INVALID_VALUE_DUPLICATE_EXIST", "FIELD_LENGTH_TOO_LONG", "FIELD_NOT_ALLOWED",
    "FIELD_VALUE_TOO_HIGH", "FIELD_VALUE_TOO_LOW", "FIELD_VALUE_DOES_NOT_EXIST",
    "FIELD_VALUE_NOT_ACTIVE", "MISMATCH_FIELDS", "MULTIPLE_VALUES_NOT_ALLOWED",
    "MISSING_POSITIVE_OPTION", "MULTIPLE_VALIDATIONS_FAILED", "ENTITY_WITH_SAME_KEY_ALREADY_EXISTS",
    "CONDITIONAL_FIELD_NOT_ALLOWED", "CONDITIONAL_INVALID_VALUE", "CONDITIONAL_MISSING_FIELD",
    "CONDITIONAL_VALUE_TOO_HIGH", "CONDITIONAL_VALUE_TOO_LOW", "STATUS_CHANGE_NOT_ALLOWED",
    "INVALID_STATUS_TRANSITION", "ACTION_NOT_ALLOWED_FOR_CANCELLED_STATUS",
    "DELETE_ALLOWED_ONLY_FOR_DRAFT_STATUS", "DELETE_NOT_ALLOWED",
    "ONLY_DRAFT_CAMPAIGNS_ALLOWED_IN_DRAFT_CAMPAIGN_GROUPS", "CREATE_NOT_ALLOWED_WITH_FAILED_CREATIVES",
    "FIELD_IMMUTABLE_FOR_NON_DRAFT_CAMPAIGNS", "IMMUTABLE_CAMPAIGN_OBJECTIVE_TYPE",
    "OBJECTIVE_CHANGE_NOT_ALLOWED", "IMMUTABLE_ASSOCIATED_ENTITY", "IMMUTABLE_CAMPAIGN_FLOOR_PRICE",
    "IMMUTABLE_CAMPAIGN_TARGETING_AD_ZONES", "DATE_IMMUTABLE_WHEN_PASSED",
    "UPDATE_REFERENCE_NOT_ALLOWED", "CANNOT_UPDATE_BACKFILLED_CAMPAIGN_GROUPS", "DATE_TOO_EARLY",
    "START_DATE_AFTER_END_DATE", "CURRENCY_MISMATCH", "CURRENCY_NOT_SUPPORTED",
    "INSUFFICIENT_CAMPAIGN_GROUP_BUDGET", "INVALID_CAMPAIGN_CONFIGURATION", "MISSING_CAMPAIGN_GROUP_ID",
    "CAMPAIGN_GROUP_CREATION_NOT_ALLOWED", "FAILED_TO_GET_VALID_CAMPAIGN_CONFIGURATION",
    "FAILED_TO_VALIDATE_AGAINST_ALLOWED_CAMPAIGN_TYPES",
    "CONVERSION_CAMPAIGN_MISSING_ASSOCIATED_CONVERSION", "INVALID_ENTITLEMENT_FOR_TALENT_LEAD",
    "INVALID_OBJECTIVE_TYPE_WITH_MYNETWORK_DELIVERY", "SPONSORING_LANDING_PAGE_NOT_ALLOWED",
    "AUDIENCE_SIZE_TOO_SMALL", "INCOMPATIBLE_TARGETING_COMBINATION",
    "INVALID_PAST_ATTRIBUTE_COMBINATION", "FIELD_CANNOT_BE_BOTH_IN_INCLUDED_AND_EXCLUDED_TARGETING",
    "INVALID_SEGMENT_ID_AND_FACET_COMBINATION_PROVIDED", "FIELD_VALUE_NOT_ALLOWED_FOR_SEGMENT_STATUS",
    "TARGETING_FIELD_DEPRECATED", "TARGETING_ADZONE_CHANGE_NOT_ALLOWED",
    "TARGETING_ADZONE_COMBINATION_INVALID", "FAILED_TO_PROCESS_TARGETING_CRITERIA",
    "FAILED_TO_PROCESS_CAMPAIGN_FOR_AUDIENCE_SIZE_ESTIMATION", "TEST_ACCOUNT_LIMIT_REACHED",
    "BATCH_CREATE_TEST_ACCOUNT_LIMIT_REACHED", "BLANK_ACCOUNT_NAME",
    "NONCHARGEABLE_NOT_ALLOWED_UNLESS_ACTIVE_ACCOUNT", "MISSING_PRODUCT_TYPE_FOR_ENTERPRISE_ACCOUNT",
    "INVALID_BILLING_REFERENCE", "INVALID_BILLING_PARENT_REFERENCE",
    "BILLING_NOT_EDITABLE_FOR_LMS_ENTERPRISE", "FIELD_NOT_ALLOWED_FOR_ENTERPRISE_LMS_ACCOUNTS",
    "NO_DELETE_ON_LMS_ENTERPRISE_CAMPAIGN_GROUPS", "ACCOUNT_ID_MISMATCH_IN_PARAM_AND_BODY",
    "USER_MISMATCH_IN_PARAM_AND_BODY", "MEMBER_HAD_UNCONFIRMED_EMAIL", "MULTIPLE_ACCOUNTS_UNSUPPORTED",
)  # fmt: skip
"""All that come with 400."""
OTHERS: dict[str, tuple[int, type[ApiError]]] = {
    "FAILED_TO_RETRIEVE_AUDIENCE_SIZE": (500, PlatformDown),
    "FAILED_TO_RETRIEVE_SEGMENTS": (500, PlatformDown),
    "FAILED_TO_SETUP_ACCOUNT_REPORTING": (500, PlatformDown),
    "NO_PERMISSION_ON_ENTITY": (403, AuthError),
    "NO_PERMISSION_ON_FIELD": (403, AuthError),
    "NO_PERMISSION_TO_UPDATE": (403, AuthError),
    "NOT_FOUND": (404, NotFound),
    "TIMEOUT": (408, PlatformDown),
    "CONFLICT": (409, Rejected),
    "PRECONDITION_FAILED": (412, Rejected),
    "INTERNAL_ERROR": (500, PlatformDown),
    "NOT_IMPLEMENTED": (501, PlatformDown),
    "UNDER_MAINTENANCE": (503, PlatformDown),
}
BESIDE: dict[str, tuple[int, type[ApiError]]] = {
    "ACCESS_DENIED": (403, AuthError),
    "FIELD_NOT_EDITABLE": (400, Rejected),
    "SEGMENT_CREATION_NOT_ALLOWED_FOR_TEST_ACCOUNTS": (400, Rejected),
    "SEGMENT_LIMIT_EXCEEDED": (429, Rejected),
    "SPONSORED_MESSAGE_CONTENT_AD_FORM_URN_NOT_FOUND_IN_MESSAGE_TREE": (400, Rejected),
    "NONEXISTENT_VERSION": (426, Rejected),
    "REVOKED_ACCESS_TOKEN": (401, AuthError),
}
"""Seen, and not in the published table."""
SAYS_ITSELF = {
    "MISSING_FIELD": "its path is in the text, and that it is missing is all there is to know",
    "INVALID_VALUE_FOR_FIELD": "path and value are in the text; what would be right differs by field",
    "INVALID_VALUE_BLANK_FIELD": "its path is in the text, and that it is blank",
    "MISMATCH_FIELDS": "the text names the fields that contradict each other",
    "MISSING_POSITIVE_OPTION": "LinkedIn says no more of it than its text does",
    "MULTIPLE_VALIDATIONS_FAILED": "stands for several codes, whose fixes are said",
    "CONDITIONAL_INVALID_VALUE": "the text has the condition",
    "CONDITIONAL_MISSING_FIELD": "the text has the field and the condition",
    "INTERNAL_ERROR": "nobody but LinkedIn can do anything",
    "NOT_IMPLEMENTED": "LinkedIn has no such method",
}
"""Those without a fix of ours, and why."""
ALL = dict.fromkeys(CODES, (400, Rejected)) | OTHERS


def refused(status: int, body: Any, **headers: str) -> ApiError:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    with pytest.raises(ApiError) as caught:
        DIALECT.decode(Reply(status, told, content))
    return caught.value


def envelopes(code: str, status: int) -> list[dict[str, Any]]:
    """A code as the newer envelope has it, alone and as one of several, and as the gateway has it."""
    fault = {"code": code, "description": "no", "input": {"inputPath": {"fieldPath": "/x"}}}
    several = {"code": "MULTIPLE_VALIDATIONS_FAILED", "message": "Several", "status": status}
    return [
        {"code": code, "message": "no", "status": status},
        {"code": code, "message": "no", "status": status, "errorDetails": {"inputErrors": [fault]}},
        {**several, "errorDetails": {"inputErrors": [], "conditionalInputErrors": [fault]}},
    ]


def test_the_published_table_is_whole() -> None:
    """88 codes, and no reason stands for one that has a fix or is none of them."""
    assert len(ALL) == 88
    assert SAYS_ITSELF.keys() <= ALL.keys()


@pytest.mark.parametrize("code", [*ALL, *BESIDE])
def test_every_code_has_a_fix_or_says_itself(code: str) -> None:
    """In whichever envelope it comes, it is the same kind of error with the same advice."""
    status, kind = (ALL | BESIDE)[code]
    for body in envelopes(code, status):
        error = refused(status, body)
        assert type(error) is kind
        assert code in error.code.split("/")
        assert bool(error.fix) != (code in SAYS_ITSELF), error.fix
        assert "no" in error.platform_text


@pytest.mark.parametrize("code", [*ALL, *BESIDE])
def test_only_reads_of_what_failed_are_sent_again(code: str) -> None:
    """A create may have been done; and no refusal becomes another by asking again."""
    status, kind = (ALL | BESIDE)[code]
    error = refused(status, {"code": code, "status": status})
    assert (pause_after(READ, error, 1) is not None) == (kind is PlatformDown)
    assert pause_after(WRITE, error, 1) is None


def test_several_mistakes_have_several_fixes() -> None:
    """Each that has one, once."""
    codes = ("DATE_TOO_EARLY", "CURRENCY_MISMATCH", "DATE_TOO_EARLY", "MISSING_FIELD")
    faults = [
        {"code": code, "description": f"at {at}", "input": {"inputPath": {"fieldPath": f"/f{at}"}}}
        for at, code in enumerate(codes)
    ]
    details = {"inputErrors": faults}
    error = refused(400, {"code": "MULTIPLE_VALIDATIONS_FAILED", "message": "S", "errorDetails": details})
    assert error.fix == (
        "give a run_schedule.start in the future, in the same call; use the account's currency"
    )
    assert error.platform_text == "S; /f0: at 0; /f1: at 1; /f2: at 2; /f3: at 3"


@pytest.mark.parametrize(
    ("body", "code", "says"),
    [
        ({"message": "Bad", "serviceErrorCode": 100, "status": 400}, "100", "Bad"),
        ({"error": "invalid_grant", "error_description": "dead"}, "invalid_grant", "dead"),
        ({"status": 400, "code": "X", "serviceErrorCode": 7, "message": "m"}, "X/7", "m"),
        (b"<html>Bad Request</html>", "", ""),
        (b"", "", ""),
        (b"[1]", "", ""),
        ({"errorDetails": None, "message": None}, "", ""),
        ({"errorDetails": {"inputErrors": None}, "code": "Y"}, "Y", ""),
    ],
)
def test_every_envelope_is_read(body: Any, code: str, says: str) -> None:
    """The older one, OAuth's, the gateway's, and what is no JSON at all."""
    error = refused(400, body)
    assert (type(error), error.code, error.platform_text) == (Rejected, code, says)


@pytest.mark.parametrize(
    ("body", "own"),
    [
        ({"message": "Not found", "serviceErrorCode": 0, "status": 404}, True),
        ({"message": "Not found", "serviceErrorCode": 100, "status": 404}, True),
        ({"message": "Not found", "serviceErrorCode": None, "status": 404}, False),
        ({"message": "Not found", "status": 404}, False),
        ({"message": "Not found", "serviceErrorCode": 0, "status": 400}, False),
    ],
)
def test_only_linkedins_own_404_says_that_something_is_not_there(body: Any, own: bool) -> None:
    """The older envelope has the number 0 where no service gave one; a gateway's answer has none of it."""
    assert refused(404, body).own is own


@pytest.mark.parametrize(
    ("number", "name", "fix"),
    [
        (65600, "INVALID_ACCESS_TOKEN", "not valid"),
        (65601, "REVOKED_ACCESS_TOKEN", "seconds old"),
        (65602, "EXPIRED_ACCESS_TOKEN", "60 days"),
        (65604, "EMPTY_ACCESS_TOKEN", "not valid"),
    ],
)
def test_a_token_that_is_refused_says_why(number: int, name: str, fix: str) -> None:
    """By its number or its name, whichever LinkedIn gives; signing in is what helps."""
    for body in ({"serviceErrorCode": number}, {"code": name}, {"serviceErrorCode": number, "code": name}):
        error = refused(401, {**body, "status": 401, "message": "no"})
        assert isinstance(error, AuthError)
        assert error.sign_in
        assert fix in error.fix


def test_a_role_on_the_page_is_named_beside_the_product() -> None:
    """Posts need both, and LinkedIn's text names the scope."""
    text = "Not enough permissions to access: partnerApiPostsExternal.CREATE.20260701 w_organization_social"
    error = refused(403, {"status": 403, "message": text})
    assert "the product Advertising API" in error.fix
    assert "a role on the LinkedIn Page" in error.fix


def test_both_marks_of_a_call_are_kept() -> None:
    """LinkedIn's support asks for either."""
    error = refused(400, {}, x_li_request_id="R1", x_li_uuid="U1==")
    assert error.request_id == "x-li-request-id=R1 x-li-uuid=U1=="
    assert refused(400, {}, x_li_uuid="U1==").request_id == "x-li-uuid=U1=="
    assert refused(400, {}).request_id == ""


@pytest.mark.parametrize(
    ("api", "product", "scope"),
    [
        ("AdAccounts.FINDER-search.20260701", "Advertising API", "rw_ads"),
        ("AdCampaigns.CREATE.20260701", "Advertising API", "rw_ads"),
        ("AdAnalyticsV2.FINDER-analytics.20260701", "Advertising API", "r_ads_reporting"),
        ("ConversionEvents.BATCH_CREATE.20260701", "Conversions API", "rw_conversions"),
        ("LeadFormResponses.FINDER-owner.20260701", "Lead Sync API", "r_marketing_leadgen_automation"),
        ("DmpSegments.CREATE.20260701", "Matched Audiences", "rw_dmp_segments"),
        ("OrganizationAcls.FINDER-roleAssignee.20260701", "Community Management", "r_organization_admin"),
        ("PostsExternal.CREATE.20260701", "Advertising API", "w_organization_social"),
        ("AdLibrary.FINDER-criteria.20260701", "Ad Library API", "Products)"),
    ],
)
def test_a_permission_that_is_lacking_names_its_product(api: str, product: str, scope: str) -> None:
    """LinkedIn names an API, and whoever has the app needs its product and scope."""
    text = f"Not enough permissions to access: partnerApi{api}"
    error = refused(403, {"status": 403, "serviceErrorCode": 100, "code": "ACCESS_DENIED", "message": text})
    assert type(error) is AuthError
    assert not error.sign_in
    assert f"the product {product}" in error.fix
    assert scope in error.fix


@pytest.mark.parametrize(
    ("date", "seconds", "left"), [(NOON, 43_200, "12 h 0 min"), (EVENING, 30, "0 h 1 min")]
)
@pytest.mark.parametrize("whose", ["APPLICATION", "MEMBER"])
def test_a_quota_of_the_day_begins_anew_at_midnight(date: str, seconds: float, left: str, whose: str) -> None:
    """By LinkedIn's clock, whoever's it is; nothing is sent again until then."""
    text = f"Resource level throttle {whose} DAY limit for calls to this resource is reached."
    error = refused(429, {"status": 429, "serviceErrorCode": 101, "message": text}, date=date)
    assert isinstance(error, RateLimited)
    assert (error.quota, error.retry_after) == (True, seconds)
    assert f"in {left}" in error.fix
    assert ("the member's" in error.fix) == (whose == "MEMBER")
    assert pause_after(READ, error, 1) is None


@pytest.mark.parametrize(
    ("text", "headers", "seconds"),
    [
        ("Data throttle: more than 45 million metric values", {}, 330),
        ("Too many requests", {}, 0),
        ("DAY limit is reached", {"retry_after": "3"}, 0),
        ("the daytime of yesterdays", {}, 0),
    ],
)
def test_other_throttles_are_over_sooner(text: str, headers: dict[str, str], seconds: float) -> None:
    """The window of metric values, or a moment; a header says it where there is one."""
    error = refused(429, {"message": text}, **headers)
    assert isinstance(error, RateLimited)
    assert (error.quota, error.retry_after) == (False, seconds)
    assert pause_after(READ, error, 1) is not None
