"""Signing in with a real browser: Chromium before the sandbox's pages, and `mcp-ads login` beside it."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from shell import environment, process

from mcp_ads.sandbox.ports import Servers, serving

pytestmark = [pytest.mark.vendors, pytest.mark.filterwarnings("ignore")]
PLATFORMS = ("facebook-marketing", "linkedin-ads", "amazon-ads")
SECRET = "sandbox-secret"
CLIENTS = {
    "facebook-marketing": "1029384756102939",
    "linkedin-ads": "sandbox-client",
    "amazon-ads": "amzn1.application-oa2-client.sandbox",
}
WEB = "https://example.com/connector/callback"
ELSEWHERE = "https://elsewhere.example/connector/callback"
SAID = {
    "facebook-marketing": "Can't load URL: The domain of this URL isn't included in the app's domains",
    "linkedin-ads": "The redirect_uri does not match the registered value",
    "amazon-ads": "The redirect URI you provided has not been whitelisted for your application",
}
REFUSED = {
    "facebook-marketing": "access_denied",
    "linkedin-ads": "user_cancelled_authorize",
    "amazon-ads": "access_denied",
}
NO_CODE = {
    ("facebook-marketing", "used"): "This authorization code has been used",
    ("facebook-marketing", "expired"): "This authorization code has expired",
    ("linkedin-ads", "used"): "does not match authorization code",
    ("linkedin-ads", "expired"): "does not match authorization code",
    ("amazon-ads", "used"): "invalid grant parameter : code",
    ("amazon-ads", "expired"): "invalid grant parameter : code",
}
FIRST = {
    "facebook-marketing": ("campaigns", "list", '{"account_id": "1234567890", "limit": 1}'),
    "linkedin-ads": ("campaigns", "list", '{"account_id": "512345678", "limit": 1}'),
    "amazon-ads": ("portfolios", "list", '{"profile_id": "3312345678901234", "limit": 1}'),
}
BACK = re.compile(r"http://localhost:\d+/connector/callback.*")
SECONDS = 30


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A page of a browser that knows nobody; what is not on this machine is answered here."""
    context = chromium.new_context()
    context.route(f"{WEB}*", lambda route: route.fulfill(body="somebody's page"))
    yield context.new_page()
    context.close()


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Servers]:
    """The sandbox on free ports."""
    with serving(tmp_path / "state") as running:
        yield running


@dataclass
class Login:
    """`mcp-ads login` as a process that nobody sits before: it prints the address, and waits."""

    running: subprocess.Popen[str]
    said: list[str]
    reader: threading.Thread

    def address(self) -> str:
        """The consent page it printed."""
        for _ in range(SECONDS * 10):
            if found := [
                line.strip() for line in self.said if re.match(r"\s*http://127\.0\.0\.1:\d+/.*state=", line)
            ]:
                return found[0]
            if self.running.poll() is not None:
                break
            self.reader.join(0.1)
        raise AssertionError("".join(self.said))

    def paste(self, address: str) -> None:
        assert self.running.stdin
        self.running.stdin.write(address + "\n")
        self.running.stdin.close()

    def ended(self) -> tuple[int, str]:
        """Its exit code, and everything it wrote."""
        code = self.running.wait(SECONDS)
        self.reader.join(SECONDS)
        return code, "".join(self.said)


@dataclass
class Person:
    """Somebody who signs in on a machine with nothing on it yet."""

    platform: str
    servers: Servers
    home: Path

    @property
    def variables(self) -> dict[str, str]:
        """Where the platforms are, and the app; no credentials."""
        where = {
            name: value for name, value in self.servers.ports.variables().items() if name.endswith("_URL")
        }
        return {**where, "MCP_ADS_HOME": str(self.home), "MCP_ADS_KEYRING": "off"}

    def login(self, *options: str, client_id: str = "") -> Login:
        prefix = self.platform.replace("-", "_").upper()
        app = {f"{prefix}_CLIENT_ID": client_id or CLIENTS[self.platform], f"{prefix}_CLIENT_SECRET": SECRET}
        running = subprocess.Popen(
            [sys.executable, "-m", "mcp_ads", "login", self.platform, "--no-browser", *options],
            env=environment({**self.variables, **app}), cwd=self.home, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        said: list[str] = []
        assert running.stdout
        reader = threading.Thread(target=said.extend, args=(running.stdout,), daemon=True)
        reader.start()
        return Login(running, said, reader)

    def here(self, **more: str) -> Login:
        """A login that is waited for at a free port of this machine."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        return self.login("--port", str(port), **more)

    def call(self, *words: str) -> subprocess.CompletedProcess[str]:
        return process("call", self.platform, *words, here=self.home, **self.variables)

    def first_answer(self) -> str:
        """What the first call says, without anything set."""
        entity, action, params = FIRST[self.platform]
        done = self.call(entity, action, "--params", params)
        return f"{done.returncode} {done.stdout}{done.stderr}"

    def end_codes(self, state: str) -> None:
        """Make every code that is out useless."""
        asked = {"platform": self.platform.replace("-", "_"), "kind": "code", "state": state}
        answer = httpx.post(f"{self.servers.ports.url}/_sandbox/tokens", json=asked)
        assert answer.json() == {"ended": 1}

    def secrets_in(self, text: str) -> list[str]:
        """What of codes, tokens and secrets stands in a text."""
        return re.findall(
            r"(?:AQT?|AN)sandbox\w+|EAASandbox\w+|sandbox-[ar]t-\w+|Atz[ar]\|\S+|sandbox-secret", text
        )


@pytest.fixture
def person(servers: Servers, tmp_path: Path) -> Callable[[str], Person]:
    """Makes the person who signs in to a platform."""
    home = tmp_path / "home"
    home.mkdir()
    return lambda platform: Person(platform, servers, home)


@pytest.fixture(autouse=True)
def nothing_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No login outlives its test."""
    started: list[Login] = []
    original = Person.login

    def login(self: Person, *options: str, client_id: str = "") -> Login:
        started.append(original(self, *options, client_id=client_id))
        return started[-1]

    monkeypatch.setattr(Person, "login", login)
    yield
    for login_ in started:
        login_.running.kill()
        login_.running.wait(SECONDS)
        login_.reader.join(SECONDS)
        for pipe in filter(None, (login_.running.stdin, login_.running.stdout)):
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


def press(page: Any, value: str, meanwhile: Callable[[], None] = lambda: None) -> None:
    """Press a button; `meanwhile` happens between the platform's answer and the way back to the app."""

    def answered(route: Any) -> None:
        location = route.fetch(max_redirects=0).headers["location"]
        meanwhile()
        script = f"<script>location.replace({json.dumps(location)})</script>"
        route.fulfill(body=script, content_type="text/html")

    page.route(page.url, answered)
    page.click(f'button[name=answer][value="{value}"]')


@pytest.mark.parametrize("platform", PLATFORMS)
def test_somebody_agrees(page: Any, person: Callable[[str], Person], platform: str) -> None:
    """The browser comes back, the page says who signed in, and the first call answers; no secret is shown."""
    somebody = person(platform)
    login = somebody.here()
    page.goto(login.address())
    press(page, "agree")
    page.wait_for_url(BACK)
    assert "Signed in" in page.inner_text("body")
    code, said = login.ended()
    assert (code, somebody.secrets_in(said)) == (0, [])
    assert somebody.secrets_in(page.inner_text("body")) == []
    assert somebody.first_answer().startswith("0 ")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_somebody_refuses(page: Any, person: Callable[[str], Person], platform: str) -> None:
    """The refusal is named where it was pressed and in the terminal, and nothing is stored."""
    somebody = person(platform)
    login = somebody.here()
    page.goto(login.address())
    press(page, "refuse")
    page.wait_for_url(BACK)
    assert "Signed in" not in page.inner_text("body")
    code, said = login.ended()
    assert code == 1
    assert REFUSED[platform] in said
    assert not somebody.first_answer().startswith("0 ")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_redirect_uri_that_is_not_registered(
    page: Any, person: Callable[[str], Person], platform: str
) -> None:
    """The platform's page says so, offers nothing to press, and the terminal has said what to register."""
    somebody = person(platform)
    login = somebody.login("--redirect-uri", ELSEWHERE)
    page.goto(login.address())
    assert SAID[platform] in page.inner_text("body")
    assert page.query_selector("form") is None
    assert ELSEWHERE in "".join(login.said)
    assert SAID[platform] in "".join(login.said)
    login.paste("")
    assert login.ended()[0] != 0
    assert not somebody.first_answer().startswith("0 ")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_address_is_pasted(page: Any, person: Callable[[str], Person], platform: str) -> None:
    """With an https redirect URI the browser ends at somebody's page, and its whole address is the answer."""
    somebody = person(platform)
    login = somebody.login("--redirect-uri", WEB)
    page.goto(login.address())
    press(page, "agree")
    page.wait_for_url(f"{WEB}*")
    assert (urlsplit(page.url).fragment == "_=_") == (platform == "facebook-marketing")
    login.paste(page.url)
    code, said = login.ended()
    assert (code, somebody.secrets_in(said)) == (0, [])
    assert somebody.first_answer().startswith("0 ")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_an_answer_to_another_sign_in(page: Any, person: Callable[[str], Person], platform: str) -> None:
    """A state that is not this sign-in's is not taken, whatever code comes with it."""
    somebody = person(platform)
    login = somebody.here()
    address = login.address()
    state = parse_qs(urlsplit(address).query)["state"][0]
    page.goto(address.replace(state, "somebody-elses"))
    press(page, "agree")
    page.wait_for_url(BACK)
    assert "its state differs" in page.inner_text("body")
    assert not somebody.first_answer().startswith("0 ")
    page.goto(address)
    press(page, "agree")
    page.wait_for_url(BACK)
    assert "Signed in" in page.inner_text("body")


@pytest.mark.parametrize(("platform", "state"), NO_CODE)
def test_a_code_that_gives_nothing(
    page: Any, person: Callable[[str], Person], platform: str, state: str
) -> None:
    """A code that was used or has expired is refused in the platform's words, and nothing is stored."""
    somebody = person(platform)
    login = somebody.here()

    page.goto(login.address())
    press(page, "agree", lambda: somebody.end_codes(state))
    page.wait_for_url(BACK)
    assert "Signed in" not in page.inner_text("body")
    code, said = login.ended()
    assert code == 1
    assert NO_CODE[platform, state] in said
    assert "again" in said
    assert somebody.secrets_in(said + page.inner_text("body")) == []
    assert not somebody.first_answer().startswith("0 ")


def test_facebook_scopes_are_refused_one_by_one(page: Any, person: Callable[[str], Person]) -> None:
    """What was unticked is named with what will not work, and the rest works."""
    somebody = person("facebook-marketing")
    login = somebody.here()
    page.goto(login.address())
    page.uncheck("#ads_management")
    press(page, "agree")
    page.wait_for_url(BACK)
    code, said = login.ended()
    assert code == 0
    assert re.search(r"refused\s+ads_management", said)
    assert re.search(r"granted\s+ads_read", said)
    assert somebody.first_answer().startswith("0 ")


def test_facebook_takes_no_localhost_for_a_live_app(page: Any, person: Callable[[str], Person]) -> None:
    """The page says that the connection is not secure, as Meta's does."""
    login = person("facebook-marketing").here(client_id="1029384756102938")
    page.goto(login.address())
    assert "isn't using a secure connection" in page.inner_text("body")


@pytest.mark.parametrize(
    ("platform", "client_id", "error"),
    [("amazon-ads", f"{CLIENTS['amazon-ads']}-unapproved", "invalid_scope")],
)
def test_an_app_that_is_not_approved(
    page: Any, person: Callable[[str], Person], platform: str, client_id: str, error: str
) -> None:
    """The browser comes straight back with the platform's error, which the terminal names."""
    somebody = person(platform)
    login = somebody.here(client_id=client_id)
    page.goto(login.address())
    page.wait_for_url(BACK)
    code, said = login.ended()
    assert code == 1
    assert error in said
