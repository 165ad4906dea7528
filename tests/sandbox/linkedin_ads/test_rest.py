"""The make-believe api.linkedin.com: its front door, its tokens, and what can be read."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest
from linkedin_client import CAMPAIGNS, CREATIVES, GROUPS, US, Client, enc

pytestmark = pytest.mark.anyio
FORM = {"client_id": "sandbox-client", "client_secret": "sandbox-secret"}
REFRESH = {**FORM, "grant_type": "refresh_token", "refresh_token": "sandbox-refresh"}


async def token(api: Client, **form: str) -> httpx.Response:
    return await api.http.post("https://www.linkedin.com/oauth/v2/accessToken", data=form)


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"LinkedIn_Version": ""}, 400, "VERSION_MISSING"),
        ({"LinkedIn_Version": "202511"}, 426, "NONEXISTENT_VERSION"),
        ({"LinkedIn_Version": "209901"}, 426, "NONEXISTENT_VERSION"),
        ({"X_Restli_Protocol_Version": "3.0.0"}, 400, None),
        ({"Authorization": ""}, 401, "EMPTY_ACCESS_TOKEN"),
        ({"Authorization": "Bearer real-looking"}, 401, "INVALID_ACCESS_TOKEN"),
        ({"Authorization": "Bearer sandbox-expired"}, 401, "EXPIRED_ACCESS_TOKEN"),
        ({"Authorization": "Bearer sandbox-revoked"}, 401, "REVOKED_ACCESS_TOKEN"),
        ({"Authorization": "Bearer sandbox-at-unknown"}, 401, "INVALID_ACCESS_TOKEN"),
    ],
)
async def test_headers_are_required(api: Client, headers: dict[str, str], status: int, code: str) -> None:
    """A call without a good version, protocol or token is refused."""
    answer = await api.call("GET", "/rest/adAccounts?q=search", **headers)
    assert (answer.status_code, answer.json().get("code")) == (status, code)


async def test_every_active_version_is_accepted(api: Client) -> None:
    """The default version works, and so do the others that are not sunset, with or without a patch number."""
    for version in ("202601", "202606", "202607", "202607.01"):
        answer = await api.call("GET", f"/rest/adAccounts/{US}", LinkedIn_Version=version)
        assert answer.status_code == 200


async def test_answers_can_be_traced(api: Client) -> None:
    """Every answer has tracing headers, a refusal says that it is one."""
    good = await api.call("GET", f"/rest/adAccounts/{US}")
    bad = await api.call("GET", "/rest/adAccounts/1")
    assert good.headers["x-li-uuid"] != bad.headers["x-li-uuid"]
    assert "x-restli-error-response" not in good.headers
    assert bad.headers["x-restli-error-response"] == "true"
    assert bad.status_code == 403


async def test_unknown_calls_are_loud(api: Client) -> None:
    """A path, a finder or a method that does not exist is named in the answer."""
    for verb, url, status in (
        ("GET", "/rest/adBananas", 404),
        ("GET", "/v2/me", 404),
        ("GET", f"{CAMPAIGNS}?q=criteria", 404),
        ("POST", f"{CREATIVES}?action=peel", 404),
        ("GET", CAMPAIGNS, 405),
        ("PUT", f"/rest/adAccounts/{US}", 405),
    ):
        answer = await api.call(verb, url)
        assert answer.status_code == status, url
        assert "/".join(url.split("?")[0].split("/")[2:]) in answer.json()["message"]


async def test_refresh_gives_a_token_that_works(api: Client) -> None:
    """A refresh answers a fresh access token, the same refresh token and the time both have left."""
    first, second = (await token(api, **REFRESH)).json(), (await token(api, **REFRESH)).json()
    assert first["refresh_token"] == second["refresh_token"] == "sandbox-refresh"
    assert first["access_token"] != second["access_token"]
    assert first["expires_in"] == 5_184_000
    assert second["refresh_token_expires_in"] <= 31_536_000
    answer = await api.call("GET", f"/rest/adAccounts/{US}", Authorization=f"Bearer {first['access_token']}")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"refresh_token": "sandbox-expired"}, 400, "invalid_grant"),
        ({"refresh_token": "sandbox-revoked"}, 400, "invalid_grant"),
        ({"refresh_token": "somebody-elses"}, 400, "invalid_grant"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "invalid_request"),
    ],
)
async def test_refresh_refusals(api: Client, changes: dict[str, str], status: int, error: str) -> None:
    """A dead refresh token, a wrong client and an unknown grant are refused as OAuth says."""
    answer = await token(api, **{**REFRESH, **changes})
    assert (answer.status_code, answer.json()["error"]) == (status, error)


async def test_token_endpoint_wants_a_form(api: Client) -> None:
    """JSON is not understood by the token endpoint."""
    answer = await api.http.post("/oauth/v2/accessToken", json=REFRESH)
    assert answer.status_code == 400


async def test_issued_tokens_expire(api: Client) -> None:
    """An issued token is only good until its end, and is nowhere kept in clear."""
    issued = (await token(api, **REFRESH)).json()["access_token"]
    kept = api.store.all("linkedin.token")[0]
    assert issued not in str(api.store.all("linkedin.token"))
    for key in list(api.store._of("linkedin.token")):
        api.store.put("linkedin.token", key, {**kept, "expires": int(time.time()) - 1})
    answer = await api.call("GET", f"/rest/adAccounts/{US}", Authorization=f"Bearer {issued}")
    assert answer.json()["serviceErrorCode"] == 65602


async def test_introspection(api: Client) -> None:
    """Introspection says whether a token is active and what it may do."""
    url = "https://www.linkedin.com/oauth/v2/introspectToken"
    issued = (await token(api, **REFRESH)).json()["access_token"]
    good = (await api.http.post(url, data={**FORM, "token": issued})).json()
    bad = (await api.http.post(url, data={**FORM, "token": "sandbox-revoked"})).json()
    assert good["active"]
    assert "rw_ads" in good["scope"].split(",")
    assert (bad["active"], bad["status"]) == (False, "revoked")


async def test_paging_by_token(api: Client) -> None:
    """Following the tokens shows every campaign once; a token of another call is refused."""
    seen: list[int] = []
    url = f"{CAMPAIGNS}?q=search&pageSize=50"
    page: dict[str, Any] = await api.get(url)
    first = page["metadata"]["nextPageToken"]
    while True:
        seen += [element["id"] for element in page["elements"]]
        if not (following := page["metadata"].get("nextPageToken")):
            break
        page = await api.get(f"{url}&pageToken={enc(following)}")
    assert len(seen) == len(set(seen)) == 221
    for bad in (f"{GROUPS}?q=search&pageToken={enc(first)}", f"{url}&pageToken=nonsense"):
        assert (await api.call("GET", bad)).status_code == 400


async def test_start_is_silently_ignored(api: Client) -> None:
    """On the newer finders start and count bring page 1 again."""
    first = await api.get(f"{CAMPAIGNS}?q=search&pageSize=20")
    again = await api.get(f"{CAMPAIGNS}?q=search&pageSize=20&start=20&count=20")
    assert first["elements"] == again["elements"]


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("429", 429, "TOO_MANY_REQUESTS"),
        ("throttle", 429, "TOO_MANY_REQUESTS"),
        ("quota", 429, "TOO_MANY_REQUESTS"),
        ("500", 500, "INTERNAL_ERROR"),
        ("503", 503, "UNDER_MAINTENANCE"),
        ("expired-token", 401, "EXPIRED_ACCESS_TOKEN"),
        ("revoked-token", 401, "REVOKED_ACCESS_TOKEN"),
    ],
)
async def test_faults_are_spelled_as_the_platform_does(
    api: Client, kind: str, status: int, code: str
) -> None:
    """An injected fault comes in the gateway's envelope."""
    answer = await api.call("GET", f"/rest/adAccounts/{US}", X_Sandbox_Fault=f"{kind};retry_after=3")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["retry-after"] == "3"
