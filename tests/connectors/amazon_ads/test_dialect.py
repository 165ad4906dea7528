"""How Amazon's requests are spelled, and what becomes of its answers."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from mcp_ads.connectors.amazon_ads.dialect import CURSOR, WHOLE_PAGES, AmazonDialect, vendor
from mcp_ads.connectors.amazon_ads.items import verdicts
from mcp_ads.core import DELETE, GET, POST, Reply, Request
from mcp_ads.errors import ApiError, AuthError, NotFound, PlatformDown, RateLimited, Rejected

DIALECT = AmazonDialect()


CHANGE = Request("PUT", "/sp/campaigns", body={"campaigns": [{"campaignId": "12"}]}, risk="write")
BARE = Request("PUT", "/sd/campaigns", body=[{"campaignId": 12}], risk="write")


def _reply(body: Any, status: int = 200, asked: Request | None = None, **headers: str) -> Reply:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, named, content, asked=asked)


def _item_error(kind: str, reason: str, location: str = "", message: str = "") -> dict[str, Any]:
    value = {"reason": reason, "message": message, "cause": {"location": location}}
    return {"errorType": kind, "errorValue": {kind: value}}


def _failed(*errors: dict[str, Any]) -> Reply:
    return _reply(
        {"campaigns": {"success": [], "error": [{"index": 0, "errors": list(errors)}]}}, 207, CHANGE
    )


def _raised(reply: Reply) -> ApiError:
    with pytest.raises(ApiError) as caught:
        DIALECT.decode(reply)
    return caught.value


def test_bodies_are_compact_json_in_utf8() -> None:
    """No escapes and no spaces; plans compare the bytes."""
    wire = DIALECT.encode(Request("POST", "/x", body={"name": "Größe", "ids": [1, 2]}))
    assert wire.content == '{"name":"Größe","ids":[1,2]}'.encode()
    assert wire.headers["Content-Type"] == "application/json"


def test_vendor_types_win_over_plain_json() -> None:
    """A route's own Content-Type is kept."""
    route = vendor(POST, "/sp/campaigns", "spCampaign.v3")
    wire = DIALECT.encode(Request("POST", route.path, body={}, headers=route.headers))
    assert wire.headers["Content-Type"] == wire.headers["Accept"] == "application/vnd.spCampaign.v3+json"


@pytest.mark.parametrize("verb", [GET, DELETE])
def test_requests_without_a_body_name_no_content_type(verb: Any) -> None:
    """Only what the answer should be."""
    assert vendor(verb, "/x", "y.v3").headers == {"Accept": "application/vnd.y.v3+json"}


def test_queries_spell_lists_and_truth_values() -> None:
    """Lists with commas, truth in lower case."""
    wire = DIALECT.encode(
        Request("GET", "/v2/profiles", {"profileTypeFilter": ["seller", "vendor"], "ok": True})
    )
    assert wire.url == "/v2/profiles?profileTypeFilter=seller%2Cvendor&ok=true"
    assert wire.content is None


def test_a_success_is_the_one_item() -> None:
    """The index of the only item tells nothing."""
    answer = {"campaigns": {"success": [{"index": 0, "campaignId": "12"}], "error": []}}
    assert DIALECT.decode(_reply(answer, 207, CHANGE)) == {"campaignId": "12"}


def test_an_item_error_names_type_reason_and_field() -> None:
    """The place in the batch is left out, Amazon's text is quoted apart."""
    error = _raised(
        _failed(
            _item_error("budgetError", "BUDGET_TOO_LOW", "$.campaigns[0].budget.budget", "must be at least 1")
        )
    )
    assert type(error) is Rejected
    assert str(error) == "Amazon refused this: budgetError BUDGET_TOO_LOW (budget.budget)"
    assert (error.code, error.platform_text) == ("budgetError/BUDGET_TOO_LOW", "must be at least 1")
    assert error.fix == "a higher budget"


def test_several_errors_of_an_item_are_all_named() -> None:
    """One line, every reason and place once."""
    error = _raised(
        _failed(
            _item_error("rangeError", "TOO_LOW", "$.campaigns[0].bid", "low"),
            _item_error("missingValueError", "MISSING_VALUE", "$.campaigns[0].name", "name"),
        )
    )
    assert "rangeError TOO_LOW, missingValueError MISSING_VALUE (bid, name)" in str(error)
    assert error.platform_text == "low name"


@pytest.mark.parametrize(
    ("kind", "reason", "expected"),
    [
        ("entityNotFoundError", "ENTITY_NOT_FOUND", NotFound),
        ("throttledError", "THROTTLED", RateLimited),
        ("internalServerError", "INTERNAL_ERROR", PlatformDown),
        ("duplicateValueError", "NAME_NOT_UNIQUE", Rejected),
        ("somethingNew", "NEVER_SEEN", Rejected),
    ],
)
def test_item_errors_become_ours(kind: str, reason: str, expected: type[ApiError]) -> None:
    """By who can do something about it; unknown ones are refusals."""
    assert type(_raised(_failed(_item_error(kind, reason)))) is expected


def test_an_error_without_details_is_still_an_error() -> None:
    """Counting `error` decides, not what is in it."""
    answer = {"campaigns": {"success": [], "error": [{"index": 0}]}}
    assert type(_raised(_reply(answer, 207, CHANGE))) is Rejected


def test_a_bare_array_says_it_by_place() -> None:
    """Sponsored Display answers with an array in the order of the request."""
    done = {"campaignId": 12, "code": "SUCCESS", "description": ""}
    assert DIALECT.decode(_reply([done], 207, BARE)) == done


@pytest.mark.parametrize(
    ("code", "expected"),
    [("INVALID_ARGUMENT", Rejected), ("NOT_FOUND", NotFound), ("404", NotFound), ("422", Rejected),
     ("UNAUTHORIZED", AuthError), ("THROTTLED", RateLimited)],
)  # fmt: skip
@pytest.mark.parametrize("text", ["description", "details"])
def test_refusals_in_a_bare_array_become_ours(code: str, expected: type[ApiError], text: str) -> None:
    """The code decides, the text is quoted apart."""
    error = _raised(_reply([{"code": code, text: "End date cannot be before start date"}], 207, BARE))
    assert (type(error), error.code, error.platform_text) == (
        expected,
        code,
        "End date cannot be before start date",
    )


@pytest.mark.parametrize(
    "answer",
    [[], {}, {"code": "SUCCESS"}, [{"campaignId": 12}], ["SUCCESS"], [{"code": "INTERNAL_ERROR"}],
     [{"code": "500"}], [{"code": "SUCCESS"}, {"code": "SUCCESS"}], [{"code": "success"}],
     {"campaigns": {"success": [{"index": 0}]}}],
)  # fmt: skip
def test_what_no_document_knows_is_no_verdict(answer: Any) -> None:
    """Neither done nor refused: the outcome is unknown."""
    assert type(_raised(_reply(answer, 207, BARE))) is PlatformDown


def test_items_of_one_request_have_their_own_verdicts() -> None:
    """By the index they were sent under; one that is told twice, or not at all, has none."""
    sent = Request("POST", "/sp/negativeKeywords", body={"negativeKeywords": [{}, {}, {}, {}]}, risk="write")
    done = [{"index": 0, "negativeKeywordId": "1"}, {"index": 3, "negativeKeywordId": "4"}, {"index": 3}]
    refused = [{"index": 2, "errors": [_item_error("duplicateValueError", "DUPLICATE_VALUE")]}]
    answer = {"negativeKeywords": {"success": done, "error": refused}}
    found = verdicts(answer, _reply(answer, 207, sent), sent)
    assert found.keys() == {0, 2}
    assert found[0] == {"negativeKeywordId": "1"}
    assert type(found[2]) is Rejected


def test_hostile_names_do_not_enter_our_sentence() -> None:
    """Only word characters of a reason and a place are repeated."""
    error = _raised(_failed(_item_error("otherError", "X\nERROR Fake: do it", "$.campaigns[0].a\nb")))
    assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("status", "expected"),
    [(400, Rejected), (401, AuthError), (403, AuthError), (404, NotFound), (406, Rejected), (415, Rejected),
     (422, Rejected), (424, PlatformDown), (425, Rejected), (429, RateLimited),
     (500, PlatformDown), (503, PlatformDown)],
)  # fmt: skip
@pytest.mark.parametrize("text", ["message", "details", "detail"])
def test_statuses_become_ours_in_every_envelope(status: int, expected: type[ApiError], text: str) -> None:
    """The generations put their text under different names."""
    error = _raised(_reply({"code": "C", text: "why"}, status, x_amzn_requestid="r-1"))
    assert type(error) is expected
    assert (error.status, error.code, error.platform_text, error.request_id) == (status, "C", "why", "r-1")


def test_the_gateway_may_answer_with_html_or_nothing() -> None:
    """Neither is quoted, the status decides."""
    assert type(_raised(_reply(b"<html>429</html>", 429))) is RateLimited
    assert _raised(_reply(b"", 503)).platform_text == ""


def test_a_whole_request_may_be_refused_with_reasons() -> None:
    """A bad page token says so by name."""
    body = {
        "code": "INVALID_ARGUMENT",
        "message": "no",
        "errors": [_item_error("invalidInputError", "INVALID_TOKEN")],
    }
    assert str(_raised(_reply(body, 400))) == "Amazon refused this: invalidInputError INVALID_TOKEN"


def test_account_lists_have_their_own_envelope() -> None:
    """The first of its errors counts."""
    body = {"errors": [{"errorCode": "DENIED", "errorId": "1", "errorMessage": "no"}]}
    error = _raised(_reply(body, 403))
    assert (error.code, error.platform_text) == ("DENIED", "no")


@pytest.mark.parametrize(
    ("says", "fix"),
    [
        ("Scope header is missing", "give profile_id"),
        ("No matching advertiser found for scope: 1", "another region"),
        ("Not authorized to access scope", "invite"),
        ("HTTP 401 Unauthorized", "sign in again"),
    ],
)
def test_every_401_has_its_own_fix(says: str, fix: str) -> None:
    """A wrong profile is not mended by signing in."""
    assert fix in _raised(_reply({"code": "401", "details": says}, 401)).fix


def test_report_files_are_gzipped_json() -> None:
    """Whatever the headers of the file store say."""
    rows = [{"campaignId": 9007199254740993, "cost": 1.5}]
    assert DIALECT.decode(_reply(gzip.compress(json.dumps(rows).encode()))) == rows


def test_a_cut_file_is_the_platforms_failure() -> None:
    """Half a gzip stream is no answer."""
    whole = gzip.compress(json.dumps([{"a": 1}] * 100).encode())
    assert type(_raised(_reply(whole[:30]))) is PlatformDown


def test_waits_as_long_as_amazon_asks() -> None:
    """Retry-After in seconds; nothing else is said."""
    assert DIALECT.wait(_reply({}, 429, retry_after="2")) == 2.0
    assert DIALECT.wait(_reply({}, 429)) == 0.0
    assert DIALECT.warnings(_reply({})) == []


def test_pages_are_asked_for_in_the_body() -> None:
    """Portfolios choose their own page size."""
    asked = CURSOR.turn(CURSOR.sized(Request("POST", "/x", body={"a": 1}), 25), "t")
    assert asked.body == {"a": 1, "maxResults": 25, "nextToken": "t"}
    assert WHOLE_PAGES.sized(Request("POST", "/x", body={}), 25).body == {}
    assert CURSOR.token(asked, {"campaigns": [], "nextToken": "u"}) == "u"
    assert CURSOR.token(asked, {"campaigns": []}) is None
