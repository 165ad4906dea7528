"""Signing in: what is asked for, which answer is believed, and what a browser on this machine is told."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from mcp_ads.auth.signed_in import SignedIn
from mcp_ads.auth.signing_in import signing_in
from mcp_ads.auth.signing_in.callback import Callback
from mcp_ads.auth.signing_in.consent import App, Consent, check_redirect, code_in, redirect_at
from mcp_ads.auth.signing_in.loopback import Loopback, Visit
from mcp_ads.auth.signing_in.pages import Page, page
from mcp_ads.errors import AdsError, AuthError, BadSettings, InvalidParams
from mcp_ads.platforms import PLATFORMS, Platform
from mcp_ads.settings import load

APP = App("an-app", "a-secret")
HERE = redirect_at(8765)
SPACED = {"facebook_marketing": ",", "linkedin_ads": "%20", "amazon_ads": "%20"}


def platform(name: str) -> Platform:
    return load(environ={}).platforms[name]


def consent_for(name: str, redirect: str = HERE, wanted: str = "all") -> Consent:
    signing = signing_in(name)
    return signing.consent(platform(name), APP, redirect, signing.scopes(wanted))


def asked(consent: Consent) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(consent.url).query).items()}


@pytest.mark.parametrize(
    ("name", "page_at"),
    [
        ("facebook_marketing", "https://www.facebook.com/v26.0/dialog/oauth"),
        ("linkedin_ads", "https://www.linkedin.com/oauth/v2/authorization"),
        ("amazon_ads", "https://www.amazon.com/ap/oa"),
    ],
)
def test_the_page_that_is_opened(name: str, page_at: str) -> None:
    """The documented page with the documented parameters, scopes spelled as the platform does, no secret."""
    consent = consent_for(name)
    assert consent.url.partition("?")[0] == page_at
    query = asked(consent)
    assert query["client_id"] == "an-app"
    assert query["redirect_uri"] == "http://localhost:8765/connector/callback"
    assert query["response_type"] == "code"
    assert query["state"] == consent.state
    assert len(consent.state) > 30
    assert APP.client_secret not in consent.url
    scopes = signing_in(name).everything
    spelled = SPACED[name].join(scope.replace(":", "%3A") for scope in scopes)
    assert f"scope={spelled}" in consent.url.replace("%2C", ",")


def test_each_consent_has_a_state_of_its_own() -> None:
    """An answer to another sign-in is never an answer to this one."""
    assert consent_for("linkedin_ads").state != consent_for("linkedin_ads").state


def test_amazon_is_asked_with_a_challenge() -> None:
    """PKCE: the page gets the hash of what the exchange will show; nobody else's page gets one."""
    consent = consent_for("amazon_ads")
    query = asked(consent)
    assert query["code_challenge_method"] == "S256"
    assert query["code_challenge"] == create_s256_code_challenge(consent.verifier)
    assert consent.verifier not in consent.url
    assert "code_challenge" not in asked(consent_for("linkedin_ads"))


@pytest.mark.parametrize(
    ("region", "host"), [("EU", "eu.account.amazon.com"), ("FE", "apac.account.amazon.com")]
)
def test_amazon_has_a_page_by_region(region: str, host: str) -> None:
    """Somebody in one region signs in at that region's page."""
    there = load(environ={"AMAZON_ADS_REGION": region}).platforms["amazon_ads"]
    signing = signing_in("amazon_ads")
    assert urlsplit(signing.consent(there, APP, HERE, signing.everything).url).netloc == host


def test_amazon_by_the_region_of_a_connection(tmp_path: Path) -> None:
    """Page and token endpoint are those of the region that connections.toml says."""
    written = '[acme]\nconnector = "amazon_ads"\nregion = "EU"\n'
    (tmp_path / "connections.toml").write_text(written)
    settings = load(environ={"MCP_ADS_HOME": str(tmp_path)})
    there = settings.connection("amazon_ads", "acme")
    assert there
    signing = signing_in("amazon_ads")
    consent = signing.consent(there, APP, HERE, signing.everything)
    asked_at: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked_at.append(request.url.host)
        return httpx.Response(200, json={"access_token": "Atza|a", "refresh_token": "Atzr|r"})

    with httpx.Client(transport=httpx.MockTransport(answer)) as http:
        found = signing.signed_in(http, there, APP, consent, "a-code")
    assert urlsplit(consent.url).netloc == "eu.account.amazon.com"
    assert asked_at == ["api.amazon.co.uk"]
    assert found.refresh_ends - found.consented == 365 * 86_400


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("amazon_ads", {"access_token": "Atza|a"}),
        ("amazon_ads", {"token_type": "bearer"}),
        ("linkedin_ads", {"access_token": ""}),
        ("linkedin_ads", {"error": "odd", "error_description": 'a "quoted" \u00e9 a-secret text'}),
        ("linkedin_ads", ["a", "list"]),
        ("facebook_marketing", {"error": {"type": "OAuthException", "code": "odd", "message": "a-secret"}}),
        ("facebook_marketing", {"error": "odd"}),
    ],
)
def test_odd_answers_of_token_endpoints(name: str, answer: object) -> None:
    """Whatever comes: one line of ours, without what was sent, and no sign-in."""
    signing, consent = signing_in(name), consent_for(name)
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=answer))
    with httpx.Client(transport=transport) as http, pytest.raises(AdsError) as caught:
        signing.signed_in(http, platform(name), APP, consent, "a-code")
    assert len(caught.value.lines) == 1
    for secret in (APP.client_secret, "a-code"):
        assert secret not in f"{caught.value} {caught.value.fix}"
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("name", list(PLATFORMS))
def test_reading_asks_for_nothing_that_changes(name: str) -> None:
    """`read` is a part of what can be asked for, every scope has a use, and names can be given one by one."""
    signing = signing_in(name)
    assert set(signing.scopes("read")) <= set(signing.uses)
    assert set(signing.scopes("all")) <= set(signing.uses)
    assert not {"ads_management", "rw_ads", "w_organization_social"} & set(signing.scopes("read"))
    first = signing.everything[0]
    assert signing.scopes(f" {first} ,{first}") == (first,)
    for wrong in ("reed", ",", f"{first},nonsense"):
        with pytest.raises(BadSettings, match="--scopes"):
            signing.scopes(wrong)


def test_the_code_is_taken_from_the_whole_address() -> None:
    """Also with what Facebook puts behind it, in quotes, broken over two lines."""
    consent = consent_for("facebook_marketing")
    address = f"{HERE}?code=a%2Fcode&state={consent.state}#_=_"
    for given in (address, f'"{address}"', f"  {address[:70]}\n {address[70:]} "):
        assert code_in(given, consent, "Facebook") == "a/code"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("a-code", "not the address"),
        ("http://localhost:8765/connector/callback?code=a", "state= is missing"),
        ("http://localhost:8765/connector/callback?state={state}", "code= is missing"),
        ("http://localhost:8765/connector/callback?code=a&state=another", "state differs"),
        ("http://localhost:8766/connector/callback?code=a&state={state}", "not the address"),
        ("https://evil.example/connector/callback?code=a&state={state}", "not the address"),
        ("http://[", "no address"),
    ],
)
def test_what_is_no_answer_is_said(given: str, said: str) -> None:
    """Half an address, another one's, a bare code: one line without the code, and it may be tried again."""
    consent = consent_for("linkedin_ads")
    with pytest.raises(InvalidParams, match=said) as caught:
        code_in(given.replace("{state}", consent.state), consent, "LinkedIn")
    assert len(caught.value.lines) == 1
    assert consent.state not in str(caught.value)


def test_a_refusal_is_quoted_and_bounded() -> None:
    """What the address says of an error is somebody else's text: one line, cut, never obeyed."""
    consent = consent_for("linkedin_ads")
    text = "no%0Away%1b" + "x" * 999
    with pytest.raises(AuthError) as caught:
        code_in(f"{HERE}?error=odd&error_description={text}&state={consent.state}", consent, "LinkedIn")
    assert len(caught.value.lines) == 1
    assert len(str(caught.value)) < 400
    for error, said in (("access_denied", "not allowed"), ("unauthorized_scope_error", "scopes")):
        with pytest.raises(AuthError, match=said):
            code_in(f"{HERE}?error={error}&state={consent.state}", consent, "LinkedIn")


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/cb",
        "ftp://localhost/cb",
        "https://example.com/cb#x",
        "localhost:1/cb",
        "http://localhost/cb",
    ],
)
def test_redirects_no_platform_takes(address: str) -> None:
    """Said before anybody is sent to a page that refuses it."""
    with pytest.raises(BadSettings, match="--redirect-uri"):
        check_redirect(address)


def test_nothing_secret_is_shown_of_a_sign_in() -> None:
    """A traceback or a debugger shows no secret, code or state."""
    consent = consent_for("amazon_ads")
    shown = repr(
        (APP, consent, Visit("GET", "/", f"code=c0de&state={consent.state}", {"client_secret": "s3"}))
    )
    for secret in (APP.client_secret, consent.state, consent.verifier, "c0de", "s3"):
        assert secret not in shown


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    """A server for one browser that tells what it was asked."""

    def answer(visit: Visit) -> Page:
        return page("Seen", f"{visit.method} {visit.path} {dict(visit.form)}")

    found = Loopback(0, answer)
    yield found
    found.close()


def test_only_this_machine_is_answered(loopback: Loopback) -> None:
    """It is bound to this machine's own addresses, and answers under their names alone."""
    url = f"http://localhost:{loopback.port}/a"
    assert "GET /a" in httpx.get(url).text
    for host in (
        "evil.example",
        f"evil.example:{loopback.port}",
        "localhost",
        f"localhost:{loopback.port + 1}",
    ):
        answer = httpx.get(url, headers={"Host": host})
        assert (answer.status_code, "Seen" in answer.text) == (421, False)
    with socket.socket() as probe:
        beyond = socket.gethostbyname(socket.gethostname())
        if not beyond.startswith("127."):
            assert probe.connect_ex((beyond, loopback.port)) != 0


def test_its_pages_load_and_keep_nothing(loopback: Loopback) -> None:
    """No cache, no script, no frame, nothing from elsewhere; text of others is text."""
    answer = httpx.get(f"http://localhost:{loopback.port}/%3Cscript%3E")
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "<script" not in answer.text


def test_forms_are_bounded(loopback: Loopback) -> None:
    """A form of any length, or without one, is refused before it is read."""
    for length in ("99999999", "-1", "many"):
        connection = http.client.HTTPConnection("localhost", loopback.port, timeout=10)
        connection.putrequest("POST", "/a")
        connection.putheader("Content-Length", length)
        connection.endheaders()
        assert connection.getresponse().status == 413
        connection.close()


def test_a_connection_that_asks_nothing_does_not_hold_the_end_up(loopback: Loopback) -> None:
    """Browsers open connections ahead of time; closing does not wait for what they may ask."""
    with socket.create_connection(("127.0.0.1", loopback.port)):
        loopback.close()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", loopback.port)) != 0


class Exchange:
    """Makes a sign-in of a code, or raises."""

    def __init__(self, error: AdsError | None = None) -> None:
        self.error = error
        self.codes: list[str] = []

    def __call__(self, code: str) -> SignedIn:
        self.codes.append(code)
        if self.error:
            raise self.error
        return SignedIn("linkedin_ads", who="<b>Maya</b>")


def free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_one_answer_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other addresses and methods are not it; the first answer is exchanged, a second is not."""
    consent, exchange = consent_for("linkedin_ads", redirect_at(free())), Exchange()
    with Callback(consent, "LinkedIn", exchange) as callback:
        root = consent.redirect_uri.removesuffix("/connector/callback")
        assert httpx.get(f"{root}/favicon.ico").status_code == 404
        assert httpx.post(consent.redirect_uri, data={"code": "x"}).status_code == 405
        assert not callback.wait(0)
        first = httpx.get(f"{consent.redirect_uri}?code=one&state={consent.state}")
        assert callback.wait(10)
        assert (first.status_code, "Close this window" in first.text) == (200, True)
        assert "&lt;b&gt;Maya" in first.text
        assert httpx.get(f"{consent.redirect_uri}?code=two&state={consent.state}").status_code == 410
    assert exchange.codes == ["one"]
    assert callback.result().who == "<b>Maya</b>"


@pytest.mark.parametrize(
    "query", ["code=bad&state=another", "code=bad", "state=%C3%A9", "error=access_denied"]
)
def test_an_answer_of_somebody_else_ends_nothing(query: str) -> None:
    """Any page can send a browser here: without the state it is told so, and the real answer is awaited."""
    consent, exchange = consent_for("linkedin_ads", redirect_at(free())), Exchange()
    with Callback(consent, "LinkedIn", exchange) as callback:
        answer = httpx.get(f"{consent.redirect_uri}?{query}")
        assert (answer.status_code, "Not the answer" in answer.text) == (400, True)
        assert not callback.wait(0)
        httpx.get(f"{consent.redirect_uri}?code=one&state={consent.state}")
        assert callback.wait(10)
    assert exchange.codes == ["one"]


def test_a_refusal_is_not_exchanged() -> None:
    """The page and the terminal say it, and no code is sent anywhere."""
    consent, exchange = consent_for("linkedin_ads", redirect_at(free())), Exchange()
    with Callback(consent, "LinkedIn", exchange) as callback:
        answer = httpx.get(f"{consent.redirect_uri}?error=access_denied&state={consent.state}")
        assert (answer.status_code, "Not signed in" in answer.text) == (400, True)
        assert callback.wait(10)
    with pytest.raises(AdsError):
        callback.result()
    assert exchange.codes == []


def test_the_page_says_what_the_exchange_met() -> None:
    """A refused code is said where the person looks: in the browser."""
    consent = consent_for("linkedin_ads", redirect_at(free()))
    error = AuthError("LinkedIn refused to give a token", fix="check the secret")
    with Callback(consent, "LinkedIn", Exchange(error)):
        answer = httpx.get(f"{consent.redirect_uri}?code=one&state={consent.state}")
    assert "LinkedIn refused to give a token" in answer.text
    assert "check the secret" in answer.text


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_a_port_that_is_taken_at_either_address(family: socket.AddressFamily) -> None:
    """`localhost` may mean either: a stranger at one of them would be sent the code."""
    host = "127.0.0.1" if family == socket.AF_INET else "::1"
    try:
        taken = socket.create_server((host, 0), family=family)
    except OSError:
        pytest.skip("no IPv6 here")
    consent = consent_for("linkedin_ads", redirect_at(taken.getsockname()[1]))
    with taken, pytest.raises(BadSettings, match="choose another with --port"):
        Callback(consent, "LinkedIn", Exchange())
