"""Every envelope, status and reason with which Amazon refuses, and what each comes to."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mcp_ads.connectors.amazon_ads.dialect import AmazonDialect
from mcp_ads.core import Reply, Request
from mcp_ads.errors import ApiError, NotFound, PartlyDone, PlatformDown, RateLimited, Rejected

DIALECT = AmazonDialect()
TWO = Request("POST", "/sp/campaigns", body={"campaigns": [{}, {}]}, risk="write")
REASONS = {
    "throttledError": "THROTTLED",
    "internalServerError": "INTERNAL_ERROR",
    "biddingError": "BID_GT_BUDGET BID_OUT_OF_MARKET_PLACE_RANGE BID_INVALID_PLACEMENT BID_INVALID_AUDIENCE",
    "budgetError": "BUDGET_TOO_LOW BUDGET_TOO_HIGH BUDGET_OUT_OF_MARKET_PLACE_RANGE BUDGET_LT_DEFAULT_BIDS "
    "BUDGET_LT_KEYWORD_BIDS BUDGET_LT_PREDEFINED_TARGET_BIDS BUDGETING_POLICY_INVALID "
    "MISSING_BUDGETING_POLICY MISSING_IN_BUDGET_FLAG BUDGET_CURRENCY_DOES_NOT_MATCH_MARKETPLACE_SETTINGS",
    "billingError": "ADVERTISER_BILLING_SETUP_INCOMPLETE ADVERTISER_SUSPENDED BILLING_ACCOUNT_NOT_FOUND "
    "EXPIRED_PAYMENT_METHOD PAYMENT_PROFILE_NOT_FOUND VETTING_FAILURE",
    "currencyError": "CANNOT_UPDATE_CURRENCY CURRENCY_NOT_SUPPORTED PREFERRED_CURRENCY_NOT_SET",
    "dateError": "END_DATE_EARLIER_THAN_TODAY START_DATE_EARLIER_THAN_TODAY START_DATE_AFTER_END_DATE "
    "END_DATE_LATER_THAN_MAXIMUM INVALID_DATE UPDATING_ENDED_CAMPAIGN_WITHOUT_EXTENSION "
    "UPDATING_READ_ONLY_START_DATE UPDATING_READ_ONLY_END_DATE",
    "duplicateValueError": "DUPLICATE_VALUE NAME_NOT_UNIQUE MARKETPLACE_ATTRIBUTES_REPEATED",
    "entityNotFoundError": "ENTITY_NOT_FOUND",
    "parentEntityError": "PARENT_ENTITY_NOT_FOUND PARENT_ENTITY_ARCHIVED "
    "PARENT_ENTITY_DOES_NOT_TARGET_THESE_MARKETPLACES",
    "entityStateError": "ARCHIVED_ENTITY_CANNOT_BE_MODIFIED INVALID_STATE_TRANSITION INVALID_TARGET_STATE "
    "PARENT_ARCHIVED_FORBIDS_UPDATES PARENT_ENTITY_FORBIDS_CREATION MARKETPLACE_STATE_CANNOT_BE_ARCHIVED "
    "PARENT_STATUS_FORBIDS_UPDATES_AND_CREATES AUTO_TARGETING_CLAUSE_CANNOT_BE_ARCHIVED_MANUALLY",
    "entityQuotaError": "QUOTA_EXCEEDED NON_ARCHIVED_QUOTA_EXCEEDED",
    "targetingClauseSetupError": "AUTO_TARGETING_CLAUSE_CANNOT_BE_CREATED_MANUALLY "
    "TYPE_CONFLICT_IN_AD_GROUP "
    "TARGETING_EXPRESSION_INVALID_VALUE TARGETING_TYPE_NOT_ALLOWED_FOR_AUTO_TARGETING_CAMPAIGN",
    "malformedValueError": "BLANK FORBIDDEN_CHARS LEADING_OR_TRAILING_WHITESPACE PATTERN_NOT_MATCHED "
    "TOO_LONG TOO_SHORT",
    "rangeError": "INVALID_ENUM_VALUE NOT_IN_LIST TOO_HIGH TOO_LOW",
    "missingValueError": "MISSING_VALUE",
    "adEligibilityError": "AD_INELIGIBLE",
    "productIdentifierError": "INVALID_ASIN INVALID_SKU",
    "asinOwnershipError": "ASIN_NOT_OWNED_BY_AUTHOR",
    "expressionTypeError": "UNSUPPORTED_EXPRESSION_TYPE",
    "localeError": "INVALID_LOCALE",
    "applicableMarketplacesError": "APPLICABLE_MARKETPLACES_MISMATCH_ERROR",
    "otherError": "OTHER_ERROR",
}
"""What the items of Sponsored Products are refused for; Amazon's OpenAPI file SponsoredProducts."""
LASTING = {
    "throttledError": RateLimited,
    "internalServerError": PlatformDown,
    "entityNotFoundError": NotFound,
}
ENVELOPES: list[tuple[str, Any, str]] = [
    ("profiles and Sponsored Display", {"code": "C", "details": "why"}, "C"),
    ("Sponsored Products", {"code": "C", "message": "why", "errors": []}, "C"),
    ("reports", {"code": "C", "detail": "why"}, "C"),
    ("exports", {"errorCode": "C", "message": "why"}, "C"),
    ("accounts", {"errors": [{"errorCode": "C", "errorId": "1", "errorMessage": "why"}]}, "C"),
    ("Login with Amazon", {"error": "C", "error_description": "why"}, "C"),
    ("one in a list", [{"code": "C", "details": "why"}], "C"),
]
BROKEN: list[Any] = [
    b"<html>no</html>", b"", "text", [], [1, 2], {"errors": {}}, {"errors": [None, "x"]}, {"message": None},
    {"errors": [{"errorType": "a", "errorValue": ["b"]}]},
]  # fmt: skip


def raised(body: Any, status: int, asked: Request | None = None, **headers: str) -> ApiError:
    """What an answer is an error of."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with pytest.raises(ApiError) as caught:
        DIALECT.decode(Reply(status, named, content, asked=asked))
    return caught.value


def of_kind(kind: str, reason: str) -> dict[str, Any]:
    return {"errorType": kind, "errorValue": {kind: {"reason": reason, "message": f"says {reason}"}}}


def failed(*kinds: tuple[str, str]) -> Any:
    errors = [{"index": index, "errors": [of_kind(*kind)]} for index, kind in enumerate(kinds)]
    return {"campaigns": {"success": [], "error": errors}}


@pytest.mark.parametrize("kind", REASONS)
def test_every_reason_says_what_to_do(kind: str) -> None:
    """A fix for each of them, and the class that says whether a call may be sent again."""
    for reason in REASONS[kind].split():
        error = raised(failed((kind, reason), (kind, reason)), 207, TWO)
        assert type(error) is LASTING.get(kind, Rejected)
        assert error.fix or kind == "internalServerError", reason
        assert (error.code, error.platform_text) == (f"{kind}/{reason}", f"says {reason}")


@pytest.mark.parametrize(("family", "body", "code"), ENVELOPES)
def test_every_envelope_is_read(family: str, body: Any, code: str) -> None:
    """Code and text, wherever a family has them; Amazon's text is quoted whole."""
    error = raised(body, 400)
    assert (error.code, error.platform_text) == (code, "why"), family
    long = "x" * 5_000
    assert raised(json.loads(json.dumps(body).replace("why", long)), 400).platform_text == long


@pytest.mark.parametrize("body", BROKEN, ids=repr)
@pytest.mark.parametrize("status", [400, 429, 503])
def test_what_is_no_envelope(status: int, body: Any) -> None:
    """HTML, nothing, and shapes nobody documents: the status decides."""
    expected = {400: Rejected, 429: RateLimited, 503: PlatformDown}
    assert type(raised(body, status)) is expected[status]


@pytest.mark.parametrize("name", ["x_amzn_requestid", "x_amz_rid", "x_amz_request_id"])
def test_the_request_id_is_kept(name: str) -> None:
    """Whatever the gateway calls it: Amazon's support asks for it."""
    assert raised(b"<html>", 500, None, **{name: "r-1"}).request_id == "r-1"


def test_the_unified_api_says_where() -> None:
    """Its errors are codes with a place, of a whole request and of an item."""
    entry = {"code": "FIELD_VALUE_IS_INVALID", "message": "no", "fieldLocation": "$.campaigns[1].name"}
    error = raised({"code": "400", "message": "bad", "errors": [entry]}, 400)
    assert str(error) == "Amazon refused this: FIELD_VALUE_IS_INVALID (name)"
    assert error.platform_text == "bad no"
    sent = Request("POST", "/adsApi/v1/create/campaigns", body={"campaigns": [{}, {}]}, risk="write")
    partly = {
        "success": [{"index": 0, "campaign": {"campaignId": "1"}}],
        "error": [{"index": 1, "errors": [entry]}],
    }
    error = raised(partly, 207, sent)
    assert type(error) is PartlyDone
    assert "1 of 2 items done; not done: items[1]: Amazon refused this: FIELD_VALUE_IS_INVALID (name)" in str(
        error
    )


def test_targets_of_sponsored_brands_fail_under_200() -> None:
    """Their lists have names of their own, and the index another."""
    sent = Request("POST", "/sb/targets", body={"targets": [{}, {}]}, risk="write")
    refused = {"code": "422", "details": "no such category", "targetRequestIndex": 1}
    done = {"targetId": 7, "targetRequestIndex": 0}
    answer = {"createTargetSuccessResults": [done], "createTargetErrorResults": [refused]}
    assert "items[1]: Amazon refused this: 422" in str(raised(answer, 200, sent))


@pytest.mark.parametrize(
    ("code", "name", "reason", "kind", "said"),
    [
        ("INVALID_ARGUMENT", "otherError", "CAMPAIGN_GOAL_TYPE_INVALID", Rejected, "(goal)"),
        ("INVALID_ARGUMENT", "budgetError", "BUDGET_TOO_LOW", Rejected, "budgetError BUDGET_TOO_LOW"),
        ("INVALID_ARGUMENT", "otherError", "ENTITY_NOT_FOUND", NotFound, "no such object"),
        ("INTERNAL_ERROR", "otherError", "OTHER_ERROR", PlatformDown, "failed to answer"),
        ("THROTTLED", "otherError", "OTHER_ERROR", RateLimited, "slow down"),
    ],
)
def test_sponsored_brands_has_a_code_for_a_type(
    code: str, name: str, reason: str, kind: type[ApiError], said: str
) -> None:
    """What is wrong stands under a name of its own; the index is a number with decimals by its definition."""
    sent = Request("POST", "/sb/v4/campaigns", body={"campaigns": [{}]}, risk="write")
    value = {"reason": reason, "message": "why", "cause": {"location": "$.goal"}}
    entry = {"index": 0.0, "errors": [{"errorType": code, "errorValue": {name: value}}]}
    error = raised({"campaigns": {"success": [], "error": [entry]}}, 207, sent)
    assert type(error) is kind
    assert said in str(error)
    assert error.platform_text == "why"


def test_one_that_may_have_been_done_beside_one_that_was_not() -> None:
    """It is not said that nothing was done."""
    mixed = failed(("rangeError", "TOO_LOW"), ("internalServerError", "INTERNAL_ERROR"))
    error = raised(mixed, 207, TWO)
    assert type(error) is PlatformDown
    assert "1 of 2 items may have been done" in str(error)
