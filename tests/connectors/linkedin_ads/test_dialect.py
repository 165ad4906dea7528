"""LinkedIn's spelling: Rest.li values, tunnelled queries, new ids, errors by what can be done about them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest

from mcp_ads.connectors.linkedin_ads import restli
from mcp_ads.connectors.linkedin_ads.campaigns.accounts import PAGES
from mcp_ads.connectors.linkedin_ads.dialect import CURSOR, FINDER, OFFSET, RestliDialect
from mcp_ads.connectors.linkedin_ads.refusals import item_error
from mcp_ads.core import Reply, Request
from mcp_ads.core.bodies import shown
from mcp_ads.errors import ApiError, AuthError, NotFound, PlatformDown, RateLimited, Rejected

RESTLI = RestliDialect()
LONG = ["urn:li:sponsoredCampaign:" + str(300000001 + number) for number in range(120)]


def _reply(body: Any = None, status: int = 200, **headers: str) -> Reply:
    content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return Reply(status, {name.replace("_", "-"): value for name, value in headers.items()}, content)


def _refused(status: int, body: Any, **headers: str) -> ApiError:
    with pytest.raises(ApiError) as caught:
        RESTLI.decode(_reply(body, status, **headers))
    return caught.value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (["urn:li:sponsoredCampaign:1"], "List(urn%3Ali%3AsponsoredCampaign%3A1)"),
        (
            {"status": {"values": ["ACTIVE", "PAUSED"]}, "test": False},
            "(status:(values:List(ACTIVE,PAUSED)),test:false)",
        ),
        ({"start": {"year": 2026, "month": 1, "day": 9}}, "(start:(year:2026,month:1,day:9))"),
        (
            {"sponsoredAccount": "urn:li:sponsoredAccount:5"},
            "(sponsoredAccount:urn%3Ali%3AsponsoredAccount%3A5)",
        ),
        (
            {"account": "urn:li:sponsoredAccount:5", "user": "urn:li:person:a_B"},
            "(account:urn%3Ali%3AsponsoredAccount%3A5,user:urn%3Ali%3Aperson%3Aa_B)",
        ),
        ({"k2": "urn:li:app:123"}, "(k2:urn%3Ali%3Aapp%3A123)"),
        ([{"k1": "v1"}, ["v2", " t?':,*!"]], "List((k1:v1),List(v2,%20t%3F%27%3A%2C%2A%21))"),
        ({"k 1:": "v"}, "(k%201%3A:v)"),
        ("R&D (EU), 100%'s", "R%26D%20%28EU%29%2C%20100%25%27s"),
        ("urn:li:staffCountRange:(51,200)", "urn%3Ali%3AstaffCountRange%3A%2851%2C200%29"),
        ("a-b_c.d~e+f", "a-b_c.d~e%2Bf"),
        ("", "''"),
        ([], "List()"),
        (True, "true"),
        (7, "7"),
    ],
)
def test_values_are_spelled_as_rest_li(value: Any, text: str) -> None:
    """Wrappers stay literal, everything in them is escaped."""
    assert restli.encode(value) == text


def test_fields_stay_plain() -> None:
    """The projection is no Rest.li value: its commas and parentheses stay."""
    query = restli.query({"q": "analytics", "fields": ["a", "b:(c,d)", "e&f"]})
    assert query == "q=analytics&fields=a,b:(c,d),e%26f"


def test_every_request_names_version_and_protocol() -> None:
    """A version can be set; the body is JSON with plain URNs."""
    wire = RestliDialect("202606").encode(
        Request("POST", "/adAccounts/1/creatives", body={"campaign": "urn:li:x:1"})
    )
    assert wire.url == "/rest/adAccounts/1/creatives"
    assert wire.headers["LinkedIn-Version"] == "202606"
    assert wire.headers["X-Restli-Protocol-Version"] == "2.0.0"
    assert wire.headers["Content-Type"] == "application/json"
    assert wire.content == b'{"campaign": "urn:li:x:1"}'


def test_a_long_query_travels_in_the_body() -> None:
    """The POST has no query; the method meant, the Rest.li method and the exact text are kept."""
    route = FINDER("/adAnalytics")
    query = {"q": "analytics", "campaigns": LONG}
    wire = RESTLI.encode(Request(route.method, route.path, query, headers=route.headers))
    assert (wire.method, wire.url) == ("POST", "/rest/adAnalytics")
    assert wire.headers["X-HTTP-Method-Override"] == "GET"
    assert wire.headers["X-RestLi-Method"] == "FINDER"
    assert wire.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert wire.content == restli.query(query).encode()


def test_a_query_at_the_limit_stays_in_the_url() -> None:
    """4,000 characters are short enough, one more is not."""
    assert RESTLI.encode(Request("GET", "/x", {"a": "b" * 3998})).method == "GET"
    assert RESTLI.encode(Request("GET", "/x", {"a": "b" * 3999})).method == "POST"


def test_a_long_query_with_a_body_becomes_two_parts() -> None:
    """The same request has the same boundary, so a plan's request can be compared with itself."""
    request = Request("POST", "/x", {"ids": LONG}, body={"entities": {}})
    wire = RESTLI.encode(request)
    kind, _, mark = wire.headers["Content-Type"].partition("; boundary=")
    assert kind == "multipart/mixed"
    parts = shown(wire.content).split(f"--{mark}")
    assert [part.strip().partition("\r\n\r\n")[0] for part in parts[1:3]] == [
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Type: application/json",
    ]
    assert unquote(parts[1].strip().partition("\r\n\r\n")[2]) == f"ids=List({','.join(LONG)})"
    assert parts[3] == "--"
    assert RESTLI.encode(request) == wire


@pytest.mark.parametrize(
    ("headers", "id"),
    [
        ({"x_restli_id": "300000236"}, "300000236"),
        ({"x_restli_id": "urn%3Ali%3AsponsoredCreative%3A7"}, "urn:li:sponsoredCreative:7"),
        ({"x_restli_id": "urn:li:sponsoredCreative:7"}, "urn:li:sponsoredCreative:7"),
        ({"x_linkedin_id": "5"}, "5"),
    ],
)
def test_a_new_id_comes_from_the_header(headers: dict[str, str], id: str) -> None:
    """An answer to a create has no body."""
    assert RESTLI.decode(_reply(None, 201, **headers)) == {"id": id}


def test_an_empty_answer_is_an_empty_record() -> None:
    """Updates answer 204."""
    assert RESTLI.decode(_reply(None, 204)) == {}


@pytest.mark.parametrize(
    ("query", "method", "status", "body", "documented"),
    [
        ({}, "", 201, None, True),
        ({}, "", 200, {}, False),
        ({}, "PARTIAL_UPDATE", 204, None, True),
        ({}, "PARTIAL_UPDATE", 201, None, False),
        ({"action": "createInline"}, "", 200, {"value": {"creative": "urn:li:sponsoredCreative:7"}}, True),
        ({"action": "createInline"}, "", 201, None, False),
        ({"action": "createInline"}, "", 200, None, False),
        ({"ids": ["1"]}, "BATCH_PARTIAL_UPDATE", 200, {"results": {"1": {"status": 204}}}, True),
        ({"ids": ["1"]}, "BATCH_PARTIAL_UPDATE", 207, {"results": {}, "errors": {"1": {}}}, True),
        ({"ids": ["1"]}, "BATCH_PARTIAL_UPDATE", 204, None, False),
        ({}, "BATCH_CREATE", 200, {"elements": [{"status": 201, "id": "7"}]}, True),
        ({}, "BATCH_CREATE", 201, None, False),
    ],
)
def test_each_way_of_changing_has_its_own_answer(
    query: dict[str, Any], method: str, status: int, body: Any, documented: bool
) -> None:
    """Batches and actions say in a body what became of each; any other answer shows nothing."""
    headers = {"X-RestLi-Method": method} if method else {}
    asked = Request("POST", "/adAccounts/5/creatives", query, {"a": 1}, headers, risk="write")
    reply = replace(_reply(body, status), asked=asked)
    if documented:
        assert RESTLI.decode(reply) == (body or {})
    else:
        with pytest.raises(PlatformDown):
            RESTLI.decode(reply)


def test_batch_maps_have_plain_ids() -> None:
    """LinkedIn escapes the URNs that are keys there."""
    key = "urn%3Ali%3AsponsoredCreative%3A7"
    answer = RESTLI.decode(
        _reply({"results": {key: {"a": 1}}, "statuses": {key: 200}, "errors": {"300": {}}})
    )
    assert answer["results"] == {"urn:li:sponsoredCreative:7": {"a": 1}}
    assert answer["statuses"] == {"urn:li:sponsoredCreative:7": 200}
    assert answer["errors"] == {"300": {}}


@pytest.mark.parametrize(
    ("status", "body", "kind", "code", "fix"),
    [
        (401, {"serviceErrorCode": 65602, "code": "EXPIRED_ACCESS_TOKEN"}, AuthError, "65602", "60 days"),
        (401, {"message": "Unable to verify access token"}, AuthError, "", "LINKEDIN_ADS_ACCESS_TOKEN"),
        (
            403,
            {"serviceErrorCode": 100, "message": "Not enough permissions to access: partnerApiAdAccounts"},
            AuthError, "100", "product",
        ),
        (403, {"message": "Application is not configured to access the related advertiser account(s)"},
         AuthError, "", "Development tier"),
        (403, {"code": "NO_PERMISSION_TO_UPDATE"}, AuthError, "NO_PERMISSION_TO_UPDATE", "role"),
        (404, {"code": "NOT_FOUND", "message": "x"}, NotFound, "NOT_FOUND", ""),
        (409, {"code": "CONFLICT"}, Rejected, "CONFLICT", "read it again"),
        (414, b"<html>414</html>", Rejected, "", "ask for less"),
        (422, {"message": '"X" is not an enum symbol'}, Rejected, "", ""),
        (426, {"code": "NONEXISTENT_VERSION"}, Rejected, "NONEXISTENT_VERSION", "LINKEDIN_ADS_API_VERSION"),
        (429, {"message": "Resource level throttle APPLICATION DAY limit"}, RateLimited, "", "00:00 UTC"),
        (429, {"message": "slow down"}, RateLimited, "", ""),
        (408, {"code": "TIMEOUT"}, PlatformDown, "TIMEOUT", ""),
        (502, b"<html>Bad gateway</html>", PlatformDown, "", ""),
        (500, {"code": "FAILED_TO_RETRIEVE_AUDIENCE_SIZE"}, PlatformDown, "FAILED_TO", ""),
    ],
)  # fmt: skip
def test_errors_say_who_can_do_what(status: int, body: Any, kind: type, code: str, fix: str) -> None:
    """Each status and code becomes one kind of our tree, with a fix where there is one."""
    error = _refused(status, body)
    assert type(error) is kind
    assert error.status == status
    assert code in error.code
    assert fix in error.fix


def test_every_invalid_field_is_named() -> None:
    """The newer envelope lists them; the fix is that of the first code we know."""
    faults = [
        {
            "code": "MISSING_FIELD", "description": "is required",
            "input": {"inputPath": {"fieldPath": "/name"}},
        },
        {
            "code": "DATE_TOO_EARLY", "description": "lies in the past",
            "input": {"inputPath": {"fieldPath": "/runSchedule/start"}, "value": 1},
        },
    ]  # fmt: skip
    details = {"inputErrors": faults[:1], "conditionalInputErrors": faults[1:]}
    body = {
        "message": "Several",
        "code": "MULTIPLE_VALIDATIONS_FAILED",
        "status": 400,
        "errorDetails": details,
    }
    error = _refused(400, body, x_li_request_id="R1", x_li_uuid="U1")
    assert error.code == "MULTIPLE_VALIDATIONS_FAILED/MISSING_FIELD/DATE_TOO_EARLY"
    assert error.platform_text == "Several; /name: is required; /runSchedule/start: lies in the past"
    assert "future" in error.fix
    assert error.request_id == "x-li-request-id=R1 x-li-uuid=U1"


def test_one_invalid_field_is_said_once() -> None:
    """The message often repeats the only description."""
    fault = {"code": "X", "description": "no such field", "input": {"inputPath": {"fieldPath": "fields"}}}
    body = {"message": "no such field", "code": "X", "errorDetails": {"inputErrors": [fault]}}
    assert _refused(400, body).platform_text == "fields: no such field"


def test_an_unreadable_answer_is_the_platforms_fault() -> None:
    """HTML with status 200 is no answer; its text is not quoted."""
    with pytest.raises(PlatformDown) as caught:
        RESTLI.decode(_reply(b"<html>maintenance</html>", x_li_uuid="U1"))
    assert caught.value.request_id == "x-li-uuid=U1"
    assert caught.value.platform_text == ""


@pytest.mark.parametrize(
    ("status", "body", "headers", "seconds"),
    [
        (429, {"message": "x"}, {"retry_after": "7"}, 7),
        (429, {"message": "Data throttle: more than 45 million metric values"}, {}, 330),
        (429, {"message": "Resource level throttle"}, {}, 0),
        (200, {"name": "Data throttle"}, {}, 0),
    ],
)
def test_pauses(status: int, body: Any, headers: dict[str, str], seconds: float) -> None:
    """The header when there is one, else the window of the data throttle."""
    reply = _reply(body, status, **headers)
    assert RESTLI.wait(reply) == seconds
    assert RESTLI.warnings(reply) == []


def test_the_data_throttle_says_how_long() -> None:
    """The error itself carries the pause."""
    error = _refused(429, {"message": "data throttle"})
    assert isinstance(error, RateLimited)
    assert error.retry_after == 330


def test_an_item_of_a_batch_fails_with_its_index() -> None:
    """As Result.errors has them, without empty parts."""
    assert item_error(2, {"status": 404, "code": "NOT_FOUND", "message": "no campaign 1"}) == {
        "index": 2,
        "code": "NotFound",
        "message": "no such object, or the member may not see it",
        "fix": (
            "where there is a list, that has the ids; what was made seconds ago may not be found yet: "
            "ask again"
        ),
        "platform": "NOT_FOUND",
        "says": "no campaign 1",
    }


def test_a_page_leads_to_the_next() -> None:
    """The token is in the metadata and ends with the last page."""
    request = CURSOR.sized(Request("GET", "/x", {"q": "search"}), 1000)
    assert request.query == {"q": "search", "pageSize": 500}
    assert CURSOR.token(request, {"elements": [], "metadata": {"nextPageToken": "t/1"}}) == "t/1"
    assert CURSOR.token(request, {"elements": [], "metadata": {}}) is None
    assert (
        RESTLI.encode(CURSOR.turn(request, "t/1=")).url == "/rest/x?q=search&pageSize=500&pageToken=t%2F1%3D"
    )


def test_accounts_come_in_the_largest_page() -> None:
    """A page token does not go with a search there."""
    assert PAGES.sized(Request("GET", "/adAccounts"), 25).query == {"pageSize": 1000}


NEXT = {"type": "application/json", "rel": "next", "href": "/rest/x?start=2&count=2"}


@pytest.mark.parametrize(
    ("rows", "paging", "token"),
    [
        (2, {"start": 0, "count": 2, "links": [NEXT]}, "2"),
        (1, {"start": 0, "count": 2, "links": [NEXT]}, "2"),
        (0, {"start": 0, "count": 2, "links": [NEXT]}, "2"),
        (2, {"start": 0, "count": 2, "links": [], "total": 5}, "2"),
        (2, {"start": 0, "count": 2, "links": [], "total": 2}, None),
        (0, {"start": 0, "count": 2, "links": [], "total": 5}, None),
        (1, {"start": 0, "count": 2, "links": []}, None),
        (2, {"start": 0, "count": 2, "links": []}, "2"),
        (7, {"start": 0, "count": 2_147_483_647, "links": []}, None),
        (2, {}, "2"),
        (1, {}, None),
        (1, {"start": 0, "count": 1, "links": [{**NEXT, "rel": "prev"}, NEXT]}, "1"),
        (1, {"start": 0, "count": 1, "links": [{**NEXT, "rel": "prev"}]}, None),
    ],
)
def test_an_older_list_goes_on_while_it_says_so(rows: int, paging: dict[str, Any], token: str | None) -> None:
    """By its link, else by its total; a full page that says neither is followed, and no list is cut."""
    request = OFFSET.sized(Request("GET", "/x"), 2)
    assert request.query == {"start": 0, "count": 2}
    answer = {"elements": [{"id": number} for number in range(rows)], "paging": paging}
    assert OFFSET.token(request, answer) == token
