"""Every code and subcode that Meta documents: who does what about it, and whether it is sent again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mcp_ads.connectors.facebook_marketing.dialect import GraphDialect
from mcp_ads.core import Reply, Request
from mcp_ads.engine.wire.transport import pause_after
from mcp_ads.errors import ApiError, AuthError, NotFound, PlatformDown, RateLimited, Rejected, TooMuch

GRAPH = GraphDialect()
READ, WRITE = Request("GET", "/x"), Request("POST", "/x", risk="write")

AGAIN: list[tuple[int, int | None, int, type[ApiError]]] = [
    (1, None, 500, PlatformDown),
    (1, 99, 500, PlatformDown),
    (2, None, 503, PlatformDown),
    (2, 1504044, 500, PlatformDown),
    (-2, 2490547, 400, PlatformDown),
    (3910001, None, 400, PlatformDown),
    (4, None, 403, RateLimited),
    (4, 1504022, 403, RateLimited),
    (4, 1504039, 400, RateLimited),
    (17, 2446079, 400, RateLimited),
    (32, None, 400, RateLimited),
    (341, None, 400, RateLimited),
    (613, None, 400, RateLimited),
    (613, 1487742, 400, RateLimited),
    (613, 5044001, 400, RateLimited),
    *((code, None, 400, RateLimited) for code in range(80000, 80015)),
]
"""What is over after a while."""

SMALLER = [(1, 1504043), (2, 1504038), (2, 1504043), (2, 1487534), (2, 1504018), (-3, 1504045)]
"""What would fail again as it is, and may not when it asks for less."""

PERSON: list[tuple[int, int | None, str]] = [
    (190, None, "new access token"),
    (190, 458, "authorise it again"),
    (190, 459, "token is still good"),
    (190, 460, "password was changed"),
    (190, 463, "expired"),
    (190, 464, "confirm their account"),
    (190, 467, "logged out"),
    (190, 492, "no role on the page"),
    (102, None, "new access token"),
    (102, 459, "token is still good"),
    (102, 463, "expired"),
    (101, None, "app id and secret"),
    (104, None, "FACEBOOK_MARKETING_CLIENT_SECRET"),
    (10, None, "ads_management"),
    (200, None, "ADVERTISE"),
    (294, None, "ads_management"),
    (299, None, "ADVERTISE"),
    (200, 2708008, "politics"),
    (200, 2490585, "Advertise task"),
    (100, 3191001, "ads_read"),
]
"""What a person has to do first: sign in anew, or give a permission."""

CALL: list[tuple[int, int | None, str]] = [
    (3, None, "capability"),
    (105, 1815630, "fewer parameters"),
    (192, None, "country code"),
    (194, None, "required parameter"),
    (200, 1870034, "terms"),
    (200, 1870050, "belong to a business"),
    (200, 1870090, "terms"),
    (200, 1870092, "Business Tools terms"),
    (200, 1870047, "too few people"),
    (222, None, "cannot be seen"),
    (300, None, "could not be made"),
    (351, None, "damaged"),
    (352, None, "MP4"),
    (368, None, "still good"),
    (382, None, "too small"),
    (389, None, "open to everybody"),
    (500, None, "banned"),
    (506, None, "posted already"),
    (613, 1487225, "in an hour"),
    (613, 1487632, "in an hour"),
    (17, 1885172, "tomorrow"),
    (801, None, "status"),
    (900, None, "does not exist"),
    (2, 1504041, "breakdowns"),
    (2, 1504042, "metrics"),
    (2500, None, "fields"),
    (2606, None, "ad_format"),
    (2635, None, "FACEBOOK_MARKETING_API_VERSION"),
    (2641, None, "place"),
    (2642, None, "begin the list anew"),
    (2650, None, "being replaced"),
    (2650, 1870145, "being updated"),
    (2650, 1870147, "begin it anew"),
    (2650, 1870148, "begin it anew"),
    (2650, 1870158, "90 minutes"),
    (2650, 1870159, "closed"),
    (2654, None, "another one's audience"),
    (2654, 1713092, "only its owner"),
    (2656, None, "lookalikes"),
    (2695, None, "iOS 14"),
    (2703, None, "cost alone"),
    (3018, None, "37 months"),
    (6000, None, "send the file anew"),
    (6001, None, "send the file anew"),
    (1487390, None, "the text says"),
    (1443048, None, "object_story_spec"),
    (1443226, None, "thumbnail"),
    (2061015, None, "link"),
    (2446173, None, "call to action"),
    (1885878, None, "cannot be used for ads"),
    (1885553, None, "one asset of each kind"),
    (3858355, None, "degrees_of_freedom_spec"),
    (3858504, None, "standard_enhancements"),
    (1885392, None, "objective"),
    (1885998, None, "do not fit together"),
    (100, 1713098, "malformed"),
    (100, 1713230, "flagged"),
    (100, 1713232, "flagged"),
    (100, 3858258, "upload it"),
    (100, 4834011, "is_adset_budget_sharing_enabled"),
    (100, 1885621, "not both"),
    (100, 1885272, "minimum_budgets"),
    (100, 1885650, "minimum_budgets"),
    (100, 2446307, "minimum_budgets"),
    (100, 2238055, "too small for its ad sets"),
    (100, 1815430, "promoted_object"),
    (100, 1885154, "page_id"),
    (100, 1815715, "destination_type"),
    (100, 2446509, "destination_type"),
    (100, 3858079, "dsa_payor"),
    (100, 3858081, "dsa_beneficiary"),
    (100, 3858634, "regional_regulation_identities"),
    (100, 3858636, "regional_regulation_identities"),
    (100, 2909034, "special_ad_category_country"),
    (100, 2909035, "special ad category"),
    (100, 1870227, "advantage_audience"),
    (100, 1815857, "bid_amount"),
    (100, 2490592, "account_status"),
    (100, 4841021, "account_status"),
    (100, 2490585, "Advertise task"),
    (100, 2490591, "Advertise task"),
    (100, 4841020, "Advertise task"),
    (100, 2804003, "7 days"),
    (100, 2804066, "business_messaging"),
    (100, 1885364, "location"),
    (100, 1885553, "one asset of each kind"),
    (100, 1443048, "object_story_spec"),
    (100, 1443226, "thumbnail"),
    (100, 2061015, "link"),
    (100, 3858504, "standard_enhancements"),
    (100, 1815573, "create a new one"),
    (100, 1885833, "page_id"),
    (100, 1885392, "objective"),
    (100, 3260011, "create a new ad set"),
    (100, 1487694, "retired"),
    (100, 2446394, "retired"),
    (100, 1487033, "in the past"),
    (100, 1487007, "in the past"),
    (100, 1340029, "delete the ad set"),
    (100, 1487990, "archived"),
    (100, 2490427, "create a new one"),
    (100, 2490468, "create a new one"),
    (100, 1815199, "Instagram account"),
]
"""What the caller changes before it is sent again."""


def _error(code: int, subcode: int | None = None, status: int = 400, **more: Any) -> ApiError:
    error = {"message": "m", "code": code, "error_subcode": subcode, "fbtrace_id": "T1", **more}
    with pytest.raises(ApiError) as caught:
        GRAPH.decode(Reply(status, {}, json.dumps({"error": error}).encode()))
    assert caught.value.code == (f"{code}/{subcode}" if subcode else str(code))
    assert caught.value.request_id == "T1"
    return caught.value


@pytest.mark.parametrize(("code", "subcode", "status", "kind"), AGAIN)
def test_what_passes_is_read_again(code: int, subcode: int | None, status: int, kind: type[ApiError]) -> None:
    """A read is sent again after a pause; a write only after a throttle, which did nothing."""
    error = _error(code, subcode, status)
    assert type(error) is kind
    assert pause_after(READ, error, 1) is not None
    assert (pause_after(WRITE, error, 1) is not None) == (kind is RateLimited)


@pytest.mark.parametrize(("code", "subcode"), SMALLER)
def test_what_is_too_much_is_not_asked_again(code: int, subcode: int) -> None:
    """The same request would fail again: less has to be asked for."""
    error = _error(code, subcode, 500 if code > 0 else 400)
    assert type(error) is TooMuch
    assert "ask for less" in error.fix
    assert pause_after(READ, error, 1) is None


@pytest.mark.parametrize(("code", "subcode", "fix"), PERSON)
def test_what_a_person_does(code: int, subcode: int | None, fix: str) -> None:
    """Never sent again by itself; a token that is still good is not asked for anew."""
    error = _error(code, subcode)
    assert type(error) is AuthError
    assert fix in error.fix
    assert error.sign_in == (code in (101, 102, 104, 190) and subcode not in (459, 464, 492))
    assert pause_after(READ, error, 1) is None


def test_a_permission_is_named_where_facebook_names_it() -> None:
    """What it says is missing is what to ask for."""
    assert "pages_manage_ads" in _error(283, message="(#283) Requires pages_manage_ads permission").fix


@pytest.mark.parametrize(("code", "subcode", "fix"), CALL)
def test_what_the_caller_changes(code: int, subcode: int | None, fix: str) -> None:
    """Refused with what to do about it, and never sent again as it is."""
    error = _error(code, subcode, 500 if code == 2 else 400)
    assert type(error) is Rejected
    assert error.fix
    assert fix in error.fix
    assert pause_after(READ, error, 1) is None


@pytest.mark.parametrize(("code", "subcode"), [(368, None), (2, 1504041), (2, 1504042), (613, 1487632)])
def test_what_lasts_is_not_taken_for_a_passing_failure(code: int, subcode: int | None) -> None:
    """Whatever else the answer says: neither a block for days nor a wrong breakdown is sent again."""
    assert type(_error(code, subcode, 500, is_transient=True)) is Rejected


def test_anything_else_that_is_transient_is_asked_again() -> None:
    """Graph marks what may be tried again, also under codes that nobody documents."""
    assert type(_error(123456, is_transient=True)) is PlatformDown
    assert type(_error(123456)) is Rejected


def test_an_object_that_is_not_there() -> None:
    """Missing and not visible are one answer."""
    assert type(_error(100, 33)) is NotFound


def test_a_refusal_without_an_error() -> None:
    """Some edges answer HTTP 200 with success: false and a code."""
    body = json.dumps({"success": False, "error_code": 1870034, "error_message": "no"}).encode()
    with pytest.raises(Rejected) as caught:
        GRAPH.decode(Reply(200, {"x-fb-trace-id": "T2"}, body))
    assert (caught.value.code, caught.value.request_id) == ("1870034", "T2")
    assert "no" in caught.value.platform_text


def test_every_fix_is_a_line() -> None:
    """No fix is empty, broken or ended like a sentence: more is said after it."""
    fixes = [_error(code, subcode).fix for code, subcode, _ in [*PERSON, *CALL]]
    assert all(fix == fix.strip() and "\n" not in fix and not fix.endswith(".") for fix in fixes)


USED: list[tuple[dict[str, str], float]] = [
    ({}, 0),
    ({"x-app-usage": '{"call_count": 28, "total_time": 25, "total_cputime": 26}'}, 28),
    ({"x-app-usage": '{"call_count": 2, "total_time": 91, "total_cputime": 26}'}, 91),
    ({"x-ad-account-usage": '{"acc_id_util_pct": 9.67, "reset_time_duration": 100}'}, 9.67),
    ({"x-business-use-case-usage": '{"1": [{"type": "ads_management", "call_count": 95}], "2": [{}]}'}, 95),
    ({"x-fb-ads-insights-throttle": '{"app_id_util_pct": 100, "acc_id_util_pct": 10}'}, 100),
    (
        {
            "x-app-usage": '{"call_count": 3}',
            "x-ad-account-usage": '{"acc_id_util_pct": 81.5}',
            "x-business-use-case-usage": '{"1": [{"total_cputime": 80}, {"total_time": 82}]}',
        },
        82,
    ),
    ({"x-app-usage": "not json", "x-business-use-case-usage": '{"1": 7, "2": [7]}'}, 0),
    ({"x-app-usage": '{"call_count": "95"}'}, 0),
    ({"x-app-usage": '{"call_count": NaN, "total_time": 81, "total_cputime": -3}'}, 81),
    ({"x-app-usage": '{"call_count": 1e999, "total_time": true}'}, 0),
    ({"x-app-usage": f'{{"call_count": {"9" * 4000}, "total_time": 82}}'}, 82),
    ({"x-app-usage": "[" * 5000, "x-ad-account-usage": '{"acc_id_util_pct": 83}'}, 83),
    (
        {"x-business-use-case-usage": '{"1": [{"call_count": 84}], "2": 7, "3": [{"call_count": "x"}, []]}'},
        84,
    ),
    ({"x-business-use-case-usage": '{"../1": [{"call_count": 99}], "act_1": [{"call_count": 85}]}'}, 85),
]


@pytest.mark.parametrize(("headers", "percent"), USED)
def test_usage_is_that_of_the_tightest_limit(headers: dict[str, str], percent: float) -> None:
    """Of all limits that an answer tells, the one that is used most."""
    told = GRAPH.used(Reply(200, headers, b"{}"))
    assert max((usage.percent for usage in told), default=0) == percent
