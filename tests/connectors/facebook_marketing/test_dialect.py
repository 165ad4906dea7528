"""Graph's spelling: forms, errors by what can be done about them, pauses, and what never gets through."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR, GraphDialect, form
from mcp_ads.core import Reply, Request
from mcp_ads.errors import ApiError, AuthError, NotFound, PlatformDown, RateLimited, Rejected

GRAPH = GraphDialect()


def _reply(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    return Reply(status, headers or {}, body if isinstance(body, bytes) else json.dumps(body).encode())


def _refused(code: int, subcode: int | None = None, status: int = 400, **more: Any) -> ApiError:
    error = {"message": "m", "type": "OAuthException", "code": code, "fbtrace_id": "T1", **more}
    with pytest.raises(ApiError) as caught:
        GRAPH.decode(_reply({"error": error | ({"error_subcode": subcode} if subcode else {})}, status))
    return caught.value


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"name": "a b&c=d"}, "name=a+b%26c%3Dd"),
        ({"on": True, "off": False}, "on=true&off=false"),
        ({"n": 5000}, "n=5000"),
        ({"l": []}, "l=%5B%5D"),
        ({"o": {"a": ["ü", 1]}}, "o=%7B%22a%22%3A%5B%22%C3%BC%22%2C1%5D%7D"),
        ({"s": ""}, "s="),
        ({"s": '["text"]'}, "s=%5B%22text%22%5D"),
    ],
)
def test_form_values(values: dict[str, Any], text: str) -> None:
    """Scalars as they are, booleans in lower case, nested values as JSON."""
    assert form(values) == text


def test_version_is_the_first_part_of_the_path() -> None:
    """Unversioned calls to the Marketing API are invalid; the version is a setting."""
    assert GRAPH.encode(Request("GET", "/me")).url == "/v26.0/me"
    assert GraphDialect("v27.0").encode(Request("GET", "/me", {"fields": "id"})).url == "/v27.0/me?fields=id"


def test_post_is_a_form() -> None:
    """An empty body is still a body; a query beside it stays in the URL."""
    wire = GRAPH.encode(Request("POST", "/1", {"a": "b"}, {}, {"X-One": "1"}))
    assert (wire.url, wire.content) == ("/v26.0/1?a=b", b"")
    assert wire.headers == {"Content-Type": "application/x-www-form-urlencoded", "X-One": "1"}
    assert GRAPH.encode(Request("DELETE", "/1")).content is None


@pytest.mark.parametrize(
    ("code", "subcode", "status", "kind"),
    [
        (190, 463, 400, AuthError),
        (190, None, 401, AuthError),
        (102, 459, 400, AuthError),
        (104, None, 400, AuthError),
        (10, None, 403, AuthError),
        (200, None, 403, AuthError),
        (294, None, 400, AuthError),
        (4, 1504022, 400, RateLimited),
        (17, 2446079, 400, RateLimited),
        (32, None, 403, RateLimited),
        (341, None, 400, RateLimited),
        (613, 1487742, 400, RateLimited),
        (80004, 2446079, 400, RateLimited),
        (80014, None, 400, RateLimited),
        (100, 33, 400, NotFound),
        (100, 1885621, 400, Rejected),
        (100, None, 500, Rejected),
        (2635, None, 400, Rejected),
        (368, None, 400, Rejected),
        (2, 1504041, 500, Rejected),
        (2, 1504042, 500, Rejected),
        (1, None, 500, PlatformDown),
        (2, 1504044, 500, PlatformDown),
        (-2, 2490547, 400, PlatformDown),
        (3910001, None, 400, PlatformDown),
        (999999, None, 503, PlatformDown),
    ],
)
def test_kind_of_error(code: int, subcode: int | None, status: int, kind: type[ApiError]) -> None:
    """The code decides, not the text: texts change and are translated."""
    error = _refused(code, subcode, status)
    assert type(error) is kind
    assert error.code == (f"{code}/{subcode}" if subcode else str(code))
    assert (error.status, error.request_id) == (status, "T1")


def test_transient_errors_are_the_platforms() -> None:
    """Graph marks what may be tried again."""
    assert type(_refused(100, is_transient=True)) is PlatformDown


@pytest.mark.parametrize(
    ("code", "subcode", "fix"),
    [
        (190, 463, "expired"),
        (190, 459, "token is still good"),
        (190, None, "make a new access token"),
        (200, None, "ADVERTISE"),
        (200, 1870090, "terms"),
        (100, 1885621, "not both"),
        (100, 4834011, "is_adset_budget_sharing_enabled"),
        (100, 1815573, "create a new one"),
        (2, 1504041, "breakdowns"),
        (613, 1487632, "hour"),
    ],
)
def test_fix(code: int, subcode: int | None, fix: str) -> None:
    """What to do is said where it is known."""
    assert fix in _refused(code, subcode).fix


@pytest.mark.parametrize(
    ("code", "says", "fix"),
    [
        (200, "(#200) Requires leads_retrieval permission to manage the object", "leads_retrieval"),
        (
            200,
            "(#200) Requires pages_manage_ads permission to manage the object",
            "give the token pages_manage_ads",
        ),
        (283, "Requires pages_read_engagement permission", "give the token pages_read_engagement"),
        (10, "(#10) User has insufficient privileges on the page", "a role on the page"),
        (103, "CRM access has been revoked from Lead Access Manager", "assign its user, and its app"),
        (190, "(#190) This method must be called with a Page Access Token", "give page_id"),
    ],
)
def test_what_is_lacking_is_named(code: int, says: str, fix: str) -> None:
    """The permission, the role or the page, and never that signing in again would help."""
    error = _refused(code, message=says)
    assert fix in error.fix
    assert not getattr(error, "sign_in", False)


def test_a_token_is_for_who_asked_for_one() -> None:
    """It is cut out of every answer but that to the request for it."""
    for secret in (False, True):
        asked = Request("GET", "/1", {"fields": "access_token"}, secret=secret)
        reply = Reply(200, {}, b'{"id": "1", "access_token": "SECRET"}', asked=asked)
        assert ("access_token" in GRAPH.decode(reply)) is secret


def test_reduce_the_amount_of_data() -> None:
    """The one failure of code 1 that the caller can help."""
    error = _refused(1, status=500, message="Please reduce the amount of data you're asking for, then retry")
    assert "ask for less" in error.fix


@pytest.mark.parametrize(
    "data", [{"blame_field_specs": [["targeting"]]}, '{"blame_field_specs": [["targeting"]]}']
)
def test_says_what_facebook_says(data: Any) -> None:
    """The user's text is better than the developer's; blamed fields come as an object or as JSON text."""
    error = _refused(100, error_user_title="Invalid", error_user_msg="Too small", error_data=data)
    assert error.platform_text == "Invalid. Too small. fields: [['targeting']]"
    assert _refused(100, error_data="no JSON").platform_text == "m"


@pytest.mark.parametrize(
    ("content", "status", "kind"),
    [
        (b"<html>Bad gateway</html>", 502, PlatformDown),
        (b"", 502, PlatformDown),
        (b"{}", 503, PlatformDown),
        (b"[]", 500, PlatformDown),
        (b'{"data": []}', 400, Rejected),
        (b'{"error": "invalid_request"}', 400, Rejected),
        (b'{"error": {"message": "no code"}}', 400, Rejected),
        (b'{"error": {"message": "null code", "code": null}}', 500, PlatformDown),
        (b'{"success": false, "error_code": 1}', 200, Rejected),
        (b"not json", 200, PlatformDown),
    ],
)
def test_unusual_failures_are_failures(content: bytes, status: int, kind: type[ApiError]) -> None:
    """An empty 502 must never look like a write that was done."""
    with pytest.raises(ApiError) as caught:
        GRAPH.decode(_reply(content, status))
    assert type(caught.value) is kind
    assert caught.value.status == status


@pytest.mark.parametrize("body", [{"success": True}, {"id": "1"}, {"data": []}, [], True, {}])
def test_answers_pass_as_they_are(body: Any) -> None:
    """Rows have no models here."""
    assert GRAPH.decode(_reply(body)) == body


NEXT = "https://graph.facebook.com/v26.0/1/ads?access_token=SECRET&after=x"


def test_nested_paging_and_tokens_are_cut() -> None:
    """Links to next pages and page records carry access tokens."""
    paging = {"cursors": {"after": "x"}, "next": NEXT}
    answer = GRAPH.decode(_reply({"id": "1", "ads": {"data": [{"id": "2"}], "paging": paging}}))
    more = {"next": "there is more"}
    assert answer == {"id": "1", "ads": {"data": [{"id": "2"}], "paging": more}}
    rows = {
        "data": [{"id": "1", "access_token": "SECRET", "ads": {"data": [], "paging": paging}}],
        "paging": paging,
    }
    cleaned = GRAPH.decode(_reply(rows))
    assert cleaned["data"] == [{"id": "1", "ads": {"data": [], "paging": more}}]
    assert CURSOR.token(Request("GET", "/"), cleaned) == "x"


@pytest.mark.parametrize(
    ("address", "clean"),
    [
        ("https://x.example/render_ad/?id=1&access_token=SECRET", "https://x.example/render_ad/?id=1"),
        ("https://x.example/?access_token=SECRET&id=1#top", "https://x.example/?id=1#top"),
        ("https://x.example/?access_token=SECRET", "https://x.example/"),
        (
            "https://y.example/?to=https%3A%2F%2Fx.example%3Fid%3D1%26access_token%3DSECRET%26a%3D2",
            "https://y.example/?to=https%3A%2F%2Fx.example%3Fid%3D1%26a%3D2",
        ),
        ("the words access_token and SECRETARY", "the words access_token and SECRETARY"),
    ],
)
def test_addresses_lose_their_token(address: str, clean: str) -> None:
    """Snapshots of the Ad Library are addresses with the caller's token, also where there is a next page."""
    paging = {"cursors": {"after": "x"}, "next": NEXT}
    rows = GRAPH.decode(_reply({"data": [{"id": "1", "ad_snapshot_url": address}], "paging": paging}))
    assert rows["data"] == [{"id": "1", "ad_snapshot_url": clean}]


@pytest.mark.parametrize(
    ("paging", "token"),
    [
        ({"cursors": {"before": "a", "after": "b"}, "next": NEXT}, "b"),
        ({"cursors": {"before": "a", "after": "b"}}, None),
        ({}, None),
        (None, None),
    ],
)
def test_last_page_has_no_next(paging: Any, token: str | None) -> None:
    """Graph's last page still has a cursor; only `next` tells."""
    assert CURSOR.token(Request("GET", "/"), {"data": [], "paging": paging}) == token


def _usage(minutes: int) -> str:
    return json.dumps(
        {"1": [{"type": "ads_insights", "estimated_time_to_regain_access": minutes}], "2": [{}]}
    )


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT", "x-business-use-case-usage": _usage(2)}, 120),
        ({"x-business-use-case-usage": _usage(0)}, 0),
        ({"x-business-use-case-usage": "not json"}, 0),
        ({"x-business-use-case-usage": "[]"}, 0),
        ({"x-ad-account-usage": '{"acc_id_util_pct": 9.67, "reset_time_duration": 100}'}, 0),
        ({"x-ad-account-usage": '{"acc_id_util_pct": 100, "reset_time_duration": 100}'}, 100),
        (
            {
                "x-ad-account-usage": '{"acc_id_util_pct": 100, "reset_time_duration": 100}',
                "x-business-use-case-usage": _usage(3),
            },
            180,
        ),
    ],
)
def test_wait(headers: dict[str, str], seconds: float) -> None:
    """The longest pause any header asks for; a nearly empty account asks for none."""
    reply = _reply({}, headers=headers)
    blocked = max((usage.blocked for usage in GRAPH.used(reply)), default=0)
    assert max(GRAPH.wait(reply), blocked) == seconds


def test_version_warning() -> None:
    """A call answered by a newer version than asked for is said."""
    assert GRAPH.warnings(_reply({})) == []
    assert "upgraded" in GRAPH.warnings(_reply({}, headers={"x-ad-api-version-warning": "upgraded"}))[0]
