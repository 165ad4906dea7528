"""The two protocols of Rest.li at the make-believe platform's front door, and what is too long for it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from linkedin_client import CAMPAIGNS, CREATIVES, GROUPS, HEADERS, US, Client, enc, urn

from mcp_ads.sandbox.linkedin_ads.scopes import EVERY
from mcp_ads.sandbox.linkedin_ads.state import MEMBER

pytestmark = pytest.mark.anyio
ONE, CREATIVE = f"{CAMPAIGNS}/300000001", enc(urn("sponsoredCreative", 180000001))
ACCOUNT = enc(urn("sponsoredAccount", US))
USER = f"/rest/adAccountUsers/(account:{ACCOUNT},user:{enc(MEMBER)})"
RAW_USER = f"/rest/adAccountUsers/(account={urn('sponsoredAccount', US)},user={MEMBER})"
DAYS = "dateRange=(start:(year:2026,month:1,day:1),end:(year:2026,month:1,day:2))"
FIRST_DAYS = "dateRange.start.year=2026&dateRange.start.month=1&dateRange.start.day=1"
REPORT = "/rest/adAnalytics?q=analytics&pivot=CAMPAIGN&timeGranularity=ALL"
BATCH = {"method": "BATCH_GET"}
FINDER = {"method": "FINDER"}


async def status(api: Client, url: str, protocol: str, **more: Any) -> int:
    answer = await api.call("GET", url, X_Restli_Protocol_Version=protocol, **more)
    return answer.status_code


@pytest.mark.slow
@pytest.mark.parametrize(
    ("url", "more", "one", "two"),
    [
        (ONE, {}, 200, 200),
        (f"/rest/adAccounts/{US}", {}, 200, 200),
        (f"{CREATIVES}/{CREATIVE}", {}, 200, 200),
        ("/rest/adAccounts?q=search", {}, 200, 200),
        (f"{CREATIVES}?q=criteria", FINDER, 200, 200),
        ("/rest/adAccountUsers?q=authenticatedUser", {}, 200, 200),
        (f"/rest/adAccountUsers?q=accounts&accounts={ACCOUNT}", {}, 200, 200),
        (f"{CAMPAIGNS}?ids[0]=300000001&ids[1]=300000002", BATCH, 200, 400),
        (f"{CAMPAIGNS}?q=search&search.status.values[0]=ACTIVE", {}, 200, 400),
        (f"{CAMPAIGNS}?q=search&search.test=false", {}, 200, 400),
        (f"{REPORT}&{FIRST_DAYS}&accounts[0]={ACCOUNT}", {}, 200, 400),
        (RAW_USER, {}, 200, 400),
        (f"{CAMPAIGNS}?ids=List(300000001)", BATCH, 400, 200),
        (f"{CAMPAIGNS}?q=search&search=(status:(values:List(ACTIVE)))", {}, 400, 200),
        (f"{REPORT}&{DAYS}&accounts=List({ACCOUNT})", {}, 400, 200),
        (f"/rest/adAccountUsers?q=accounts&accounts=List({ACCOUNT})", {}, 400, 200),
        (USER, {}, 400, 200),
        (f"{REPORT}&{DAYS}&accounts=List({urn('sponsoredAccount', US)})", {}, 400, 400),
        (f"{CREATIVES}/{urn('sponsoredCreative', 180000001)}", {}, 200, 400),
        (f"{CAMPAIGNS}?q=search&search=(status:(values:List(ACTIVE))", {}, 400, 400),
        (f"{CAMPAIGNS}?q=search&nonsense=1", {}, 400, 400),
        (f"{CAMPAIGNS}?q=search&search=(nonsense:1)", {}, 400, 400),
        (f"{CAMPAIGNS}?q=search&q=search", {}, 400, 400),
    ],
)
async def test_a_call_speaks_the_protocol_its_header_names(
    api: Client, url: str, more: dict[str, Any], one: int, two: int
) -> None:
    """Without the header it is 1.0, whose lists and records are spelled otherwise; a mix is refused."""
    assert await status(api, url, "", **more) == one
    assert await status(api, url, "1.0.0", **more) == one
    assert await status(api, url, "2.0.0", **more) == two


@pytest.mark.parametrize("version", [f"2026{month:02}" for month in range(1, 11)])
async def test_a_month_of_this_year_is_served(api: Client, version: str) -> None:
    """With or without the number of a patch."""
    for spelled in (version, f"{version}.02"):
        assert (await api.call("GET", ONE, LinkedIn_Version=spelled)).status_code == 200


@pytest.mark.parametrize("version", ["202512", "202511", "202501", "202611", "209901", "2026", "v202607"])
async def test_a_month_that_is_over_is_refused(api: Client, version: str) -> None:
    """And so is one that has not been, and what is none, with 426 and its name."""
    answer = await api.call("GET", ONE, LinkedIn_Version=version)
    assert answer.status_code == 426
    assert answer.json()["code"] == "NONEXISTENT_VERSION"
    assert version in answer.json()["message"]


@pytest.mark.parametrize("url", [f"{CAMPAIGNS}?q=search", f"{GROUPS}?q=search", "/rest/adAccounts?q=search"])
async def test_a_resource_with_tokens_takes_no_notice_of_start(api: Client, url: str) -> None:
    """Page 1 comes for ever, and nothing in the answer says so."""
    pages = [await api.get(f"{url}&pageSize=2&start={start}&count=2") for start in (0, 2, 4)]
    assert pages[0]["elements"]
    assert pages[0]["elements"] == pages[1]["elements"] == pages[2]["elements"]


@pytest.mark.parametrize(
    ("verb", "url", "method", "body", "code"),
    [
        ("GET", ONE, "GET", None, 200),
        ("GET", ONE, "get", None, 200),
        ("GET", ONE, "FINDER", None, 400),
        ("GET", ONE, "BANANA", None, 400),
        ("GET", f"{CAMPAIGNS}?q=search", "BATCH_GET", None, 400),
        ("GET", f"{CAMPAIGNS}?ids=List(300000001)", None, None, 400),
        ("GET", f"{CREATIVES}?q=criteria", None, None, 400),
        ("GET", CAMPAIGNS, None, None, 405),
        ("POST", CAMPAIGNS, "PARTIAL_UPDATE", {"patch": {"$set": {"name": "x"}}}, 400),
        ("POST", ONE, None, {"patch": {"$set": {"name": "x"}}}, 400),
        ("POST", ONE, "CREATE", {"patch": {"$set": {"name": "x"}}}, 400),
        ("POST", f"{CAMPAIGNS}?ids=List(1)", None, {"entities": {}}, 400),
        ("DELETE", f"{CREATIVES}/{CREATIVE}", None, None, 400),
        ("DELETE", CAMPAIGNS, None, None, 405),
        ("DELETE", f"{CAMPAIGNS}?ids=List(1)", None, None, 400),
        ("PUT", ONE, None, {}, 405),
        ("PATCH", ONE, None, {}, 405),
    ],
)
async def test_the_header_says_the_method_that_it_is(
    api: Client, verb: str, url: str, method: str | None, body: Any, code: int
) -> None:
    """One that does not fit is refused, and so is what needs it without: patches, batches, some resources."""
    assert (await api.call(verb, url, body, method=method)).status_code == code
    assert api.writes() == []


@pytest.mark.parametrize(
    ("url", "headers"),
    [
        (f"{CAMPAIGNS}?q=search&pageToken={'x' * 4100}", {}),
        (f"/rest/adAccounts/{US}/adCampaigns/{'1' * 4100}", {}),
        (f"/rest/{'a' * 4000}/{'b' * 4000}?q=search&pageToken={'x' * 300}", {}),
        (ONE, {"X-Long": "x" * 30_000}),
    ],
)
async def test_what_is_too_long_is_refused_before_anything_else(
    api: Client, url: str, headers: dict[str, str]
) -> None:
    """Of a query or a segment 4 KB, of an address 8, with all headers 28; the answer is plain text."""
    answer = await api.call("GET", url, **headers)
    assert answer.status_code == 414
    assert not answer.text.startswith("{")


async def test_an_empty_post_says_how_long_it_is(api: Client) -> None:
    """Zero is a length; none at all is refused."""
    target = f"{CREATIVES}?action=createInline"
    request = api.http.build_request("POST", target, headers=HEADERS)
    assert request.headers.pop("content-length") == "0"
    assert (await api.http.send(request)).status_code == 411
    assert (await api.http.post(target, headers=HEADERS)).status_code != 411


@pytest.mark.parametrize(
    ("lacking", "verb", "url"),
    [
        ("r_ads_reporting", "GET", f"{REPORT}&{DAYS}&accounts=List({ACCOUNT})"),
        ("rw_ads", "POST", CAMPAIGNS),
        ("rw_conversions", "POST", "/rest/conversionEvents"),
        ("r_marketing_leadgen_automation", "GET", "/rest/leadFormResponses?q=owner"),
        ("rw_dmp_segments", "POST", "/rest/dmpSegments/1/users"),
        ("r_organization_admin", "GET", "/rest/organizationAcls?q=roleAssignee"),
        ("w_organization_social", "POST", "/rest/posts"),
    ],
)
async def test_each_resource_has_a_scope_of_its_own(api: Client, lacking: str, verb: str, url: str) -> None:
    """A token without it gets a 403 that names the API, whatever else it may."""
    others = [scope for scope in EVERY if scope != lacking]
    token = await issued(api, others)
    answer = await api.call(verb, url, Authorization=f"Bearer {token}")
    resource = url.removeprefix("/rest/").partition("?")[0].partition("/")[0]
    assert answer.status_code == 403
    assert f"partnerApi{resource[0].upper()}{resource[1:]}" in answer.json()["message"]


async def issued(api: Client, scopes: list[str]) -> str:
    """A token with these scopes."""
    form = {"client_id": "sandbox-client", "client_secret": "sandbox-secret"}
    refresh = {**form, "grant_type": "refresh_token", "refresh_token": "sandbox-refresh"}
    answer: httpx.Response = await api.http.post("/oauth/v2/accessToken", data=refresh)
    for key, row in [*api.store._of("linkedin.token").items()]:
        api.store.put("linkedin.token", key, {**row, "scopes": scopes})
    return str(answer.json()["access_token"])
