"""Signing in at the sandbox: what the platforms document, refused and granted in the platforms' own words.

The cases in `tests/wire/<platform>/signing_in.json` are a request each, to a `host`, with what the platform
answers: `status`, and of a JSON answer `body` (of Graph: `error` or `data`), of a page the text in it, of a
redirect where `to` with what `query`. `*` is anything, null is absent. With `press` the request gets a
consent page, and the answer is that to its form. Names in braces are secrets, got by consenting before:
`{code}`, `{used_code}`, `{expired_code}`, `{access}`, `{refresh}`, the latter two also `expired_` or
`revoked_`; `{code_of:CLIENT}` of another app, `{code_for:CHALLENGE}` with a code challenge.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import AsyncIterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest

from mcp_ads.sandbox.app import Sandbox

pytestmark = pytest.mark.anyio
FOLDER = Path(__file__).parents[1] / "wire"
PLATFORMS = ("facebook_marketing", "linkedin_ads", "amazon_ads")
Case = dict[str, Any]
CASES = {
    platform: {
        case["case"]: case for case in json.loads((FOLDER / platform / "signing_in.json").read_text("utf-8"))
    }
    for platform in PLATFORMS
}
CONSENT = {name: next(case for case in CASES[name].values() if "press" in case) for name in PLATFORMS}
LIVE, DEVELOPMENT = "1029384756102938", "1029384756102939"
SECRET = re.compile(r"\{(expired_|revoked_|used_)?(code|access|refresh)(?:_(of|for):([^}]*))?\}")


class Person:
    """Somebody with a browser and an app, before one platform."""

    def __init__(self, http: httpx.AsyncClient, platform: str) -> None:
        self.http, self.platform = http, platform
        self.secrets: dict[str, str] = {}

    async def send(self, case: Mapping[str, Any]) -> httpx.Response:
        """The answer to a case, or to the form its page has."""
        url = f"https://{case['host']}{await self.filled(case['url'])}"
        headers = {"Host": case["host"], **case["headers"]}
        body = {key: await self.filled(text) for key, text in (case["body"] or {}).items()}
        answer = await self.http.request(case["method"], url, data=body or None, headers=headers)
        if "press" not in case:
            return answer
        assert answer.status_code == 200, answer.text
        return await self.http.post(url, content=urlencode(case["press"], doseq=True), headers=headers)

    async def filled(self, text: str) -> str:
        """The text with secrets in place of their names."""
        if not (match := SECRET.fullmatch(text.rpartition("=")[2] if "?" in text else text)):
            return text
        if match[0] not in self.secrets:
            self.secrets[match[0]] = await self.secret(match)
        return text.replace(match[0], self.secrets[match[0]])

    async def secret(self, match: re.Match[str]) -> str:
        state, kind, what, value = match.groups()
        code = await self.code(
            **({"client_id": value} if what == "of" else {}), challenge=value if what == "for" else ""
        )
        if kind != "code" or state == "used_":
            given = (await self.exchange(code)).json()
        secret = code if kind == "code" else str(given[f"{kind}_token"])
        if state in ("expired_", "revoked_"):
            await self.end(kind, state.rstrip("_"), secret)
        return secret

    async def code(self, *, challenge: str = "", **changed: str) -> str:
        """A code for somebody who agreed to all that was asked."""
        case = CONSENT[self.platform]
        path, _, query = case["url"].partition("?")
        asked = {**dict(parse_qsl(query)), **changed}
        if challenge:
            asked |= {"code_challenge": challenge, "code_challenge_method": "S256"}
        answer = await self.send({**case, "url": f"{path}?{urlencode(asked)}"})
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))["code"]

    async def exchange(self, code: str, **changed: str) -> httpx.Response:
        case = CASES[self.platform]["exchange"]
        return await self.send({**case, "body": {**case["body"], "code": code, **changed}})

    async def end(self, kind: str, state: str, secret: str | None = None) -> Any:
        """What a test does: end a secret, or all of a kind, before its time."""
        asked = {"platform": self.platform, "kind": kind, "state": state, "secret": secret}
        return (await self.http.post("/_sandbox/tokens", json=asked)).json()


@pytest.fixture
async def http(anyio_backend: str) -> AsyncIterator[httpx.AsyncClient]:
    """All hosts of a fresh sandbox."""
    assert anyio_backend
    sandbox = Sandbox()
    transport = httpx.ASGITransport(sandbox.by_host())
    async with httpx.AsyncClient(transport=transport, base_url="https://graph.facebook.com") as client:
        yield client
    sandbox.store.close()


def fits(found: Mapping[str, Any], wanted: Mapping[str, Any], secrets: Mapping[str, str]) -> bool:
    """Whether everything that is wanted is there, as it is wanted."""
    values = {
        key: secrets.get(value, value) if isinstance(value, str) else value for key, value in wanted.items()
    }
    return all(found.get(key) == value or (value == "*" and found.get(key)) for key, value in values.items())


@pytest.mark.parametrize(("platform", "name"), [(name, case) for name in PLATFORMS for case in CASES[name]])
async def test_it_answers_as_the_platform_does(http: httpx.AsyncClient, platform: str, name: str) -> None:
    """Each documented request gets the documented answer."""
    person, case = Person(http, platform), CASES[platform][name]
    answer, wanted = await person.send(case), case["answer"]
    assert case["source"]
    assert answer.status_code == wanted["status"], answer.text
    if "to" in wanted:
        there = urlsplit(answer.headers["location"])
        assert f"{there.scheme}://{there.netloc}{there.path}" == wanted["to"]
        query = dict(parse_qsl(there.query))
        assert set(query) == set(wanted["query"])
        assert fits(query, wanted["query"], person.secrets)
        assert there.fragment == wanted["fragment"]
    elif "page" in wanted:
        assert wanted["page"] in unescape(answer.text)
        assert "<form" not in answer.text
    else:
        part = next(part for part in ("body", "error", "data") if part in wanted)
        found = answer.json() if part == "body" else answer.json()[part]
        assert fits(found, wanted[part], person.secrets), found


async def test_facebook_grants_what_was_ticked_and_says_what_was_declined(http: httpx.AsyncClient) -> None:
    """Single scopes can be refused; the token has the others, and so does the longer-lived one made of it."""
    person = Person(http, "facebook_marketing")
    ticked = {**CONSENT["facebook_marketing"], "press": {"answer": "agree", "scope": ["ads_read"]}}
    answer = await person.send(ticked)
    code = dict(parse_qsl(urlsplit(answer.headers["location"]).query))["code"]
    short = (await person.exchange(code)).json()["access_token"]
    app = {"client_id": LIVE, "client_secret": "sandbox-secret", "grant_type": "fb_exchange_token"}
    longer = await http.post("/v26.0/oauth/access_token", data={**app, "fb_exchange_token": short})
    for token in (short, longer.json()["access_token"]):
        rows = (await http.get("/v26.0/me/permissions", headers={"Authorization": f"Bearer {token}"})).json()
        status = {row["permission"]: row["status"] for row in rows["data"]}
        assert status == {"ads_read": "granted", "ads_management": "declined", "public_profile": "granted"}
        written = await http.post(
            "/v26.0/act_1234567890/campaigns", headers={"Authorization": f"Bearer {token}"}
        )
        assert written.json()["error"]["code"] == 200
    assert short != longer.json()["access_token"]


async def test_an_app_in_development_mode_makes_no_creatives(http: httpx.AsyncClient) -> None:
    """A creative is refused because of the app, and made by the one that is live."""
    person = Person(http, "facebook_marketing")
    found = []
    for client_id in (LIVE, DEVELOPMENT):
        code = await person.code(client_id=client_id)
        token = (await person.exchange(code, client_id=client_id)).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        page_id = (await http.get("/v26.0/me/accounts", headers=headers)).json()["data"][0]["id"]
        story = {"page_id": page_id, "link_data": {"link": "https://example.com", "message": "M"}}
        sent = {"name": "C", "object_story_spec": json.dumps(story)}
        found += [await http.post("/v26.0/act_1234567890/adcreatives", data=sent, headers=headers)]
    assert found[0].status_code == 200, found[0].text
    assert found[1].json()["error"]["error_subcode"] == 1885183


async def test_linkedin_refuses_what_the_consent_does_not_cover(http: httpx.AsyncClient) -> None:
    """A token for reading reads; it changes nothing, and without reporting it has no reports."""
    person = Person(http, "linkedin_ads")
    code = await person.code(scope="r_ads")
    token = (await person.exchange(code)).json()["access_token"]
    headers = {
        "Authorization": f"Bearer {token}",
        "LinkedIn-Version": "202607",
        "X-Restli-Protocol-Version": "2.0.0",
        "Content-Type": "application/json",
    }
    base = "https://api.linkedin.com/rest"
    assert (await http.get(f"{base}/adAccounts/512345678", headers=headers)).status_code == 200
    for refused in (
        await http.post(f"{base}/adAccounts/512345678/adCampaigns", json={}, headers=headers),
        await http.get(f"{base}/adAnalytics?q=analytics", headers=headers),
    ):
        assert (refused.status_code, refused.json()["code"]) == (403, "ACCESS_DENIED")


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_nothing_given_out_is_kept_in_clear(platform: str, tmp_path: Path) -> None:
    """The state file has neither codes nor tokens."""
    sandbox = Sandbox(tmp_path)
    transport = httpx.ASGITransport(sandbox.by_host())
    async with httpx.AsyncClient(transport=transport, base_url="https://graph.facebook.com") as client:
        person = Person(client, platform)
        code = await person.code()
        given = (await person.exchange(code)).json()
    sandbox.store.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("*"))  # noqa: ASYNC240 - nothing else runs
    secrets = [code, *(given[name] for name in ("access_token", "refresh_token") if name in given)]
    assert not [secret for secret in secrets if secret.encode() in kept]


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_requests_for_tokens_are_counted(http: httpx.AsyncClient, platform: str) -> None:
    """By grant, and by whether a token was given."""
    person = Person(http, platform)
    code = await person.code()
    await person.exchange(code)
    await person.exchange(code)
    rows = (await http.get("/_sandbox/grants")).json()
    found = {(row["platform"], row["grant"], row["given"]): row["count"] for row in rows}
    grant = "authorization_code"
    assert found == {(platform, grant, True): 1, (platform, grant, False): 1}


async def test_all_tokens_of_a_kind_can_be_ended(http: httpx.AsyncClient) -> None:
    """Without naming one; a token that was never given out can be named too, and a wrong kind is refused."""
    person = Person(http, "facebook_marketing")
    token = (await person.exchange(await person.code())).json()["access_token"]
    assert await person.end("access", "revoked") == {"ended": 1}
    await person.end("access", "expired", "sandbox-token")
    for bearer, subcode in ((token, 460), ("sandbox-token", 463)):
        answer = await http.get("/v26.0/me", headers={"Authorization": f"Bearer {bearer}"})
        assert answer.json()["error"]["error_subcode"] == subcode
    assert "name platform and kind" in (await person.end("refresh", "expired"))["sandbox"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("platform", "minutes"), [("facebook_marketing", 10), ("linkedin_ads", 30), ("amazon_ads", 5)]
)
async def test_codes_live_for_minutes(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, platform: str, minutes: int
) -> None:
    """A code is good until just before its end, and one that is older is refused as expired."""
    person = Person(http, platform)
    early, late, now = await person.code(), await person.code(), time.time()
    monkeypatch.setattr(time, "time", lambda: now + minutes * 60 - 5)
    assert (await person.exchange(early)).status_code == 200
    monkeypatch.setattr(time, "time", lambda: now + minutes * 60 + 5)
    wanted = CASES[platform]["exchange of an expired code"]["answer"]
    part = "error" if "error" in wanted else "body"
    refused = (await person.exchange(late)).json()
    assert fits(refused["error"] if part == "error" else refused, wanted[part], {})


@pytest.mark.parametrize("platform", ["linkedin_ads", "amazon_ads"])
async def test_a_refresh_token_ends_a_year_after_consent(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    """Renewing does not extend it; at LinkedIn an access token made near the end dies with it."""
    person, day = Person(http, platform), 86_400
    given, now = (await person.exchange(await person.code())).json(), time.time()
    case = CASES[platform]["renewal"]
    renewal = {**case, "body": {**case["body"], "refresh_token": given["refresh_token"]}}
    monkeypatch.setattr(time, "time", lambda: now + 360 * day)
    renewed = (await person.send(renewal)).json()
    assert renewed["refresh_token"] == given["refresh_token"]
    assert renewed["expires_in"] <= 5 * day
    monkeypatch.setattr(time, "time", lambda: now + 366 * day)
    refused = await person.send(renewal)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")


async def test_two_processes_see_one_state(tmp_path: Path) -> None:
    """A code that was given by one is exchanged by the other, once; the token is good at both."""
    first, second = Sandbox(tmp_path), Sandbox(tmp_path)
    clients = [
        httpx.AsyncClient(
            transport=httpx.ASGITransport(sandbox.by_host()), base_url="https://graph.facebook.com"
        )
        for sandbox in (first, second)
    ]
    one, other = (Person(client, "facebook_marketing") for client in clients)
    code = await one.code()
    token = (await other.exchange(code)).json()["access_token"]
    assert (await one.exchange(code)).json()["error"]["error_subcode"] == 36009
    answer = await clients[0].get("/v26.0/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    for client, sandbox in zip(clients, (first, second), strict=True):
        await client.aclose()
        sandbox.store.close()
