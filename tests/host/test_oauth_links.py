"""One-time links: printed by a command, opened in a browser, and used up by one consent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from fastapi.testclient import TestClient
from shell import Shell

from mcp_ads.host.app import app_of
from mcp_ads.host.assembly import assembled
from mcp_ads.host.settings import host_settings

HTML = {"accept": "text/html"}
KEPT = "/api/v1/integrations/connectors"


class Browser:
    """A browser at a host in the sandbox, and the command that makes links to it."""

    def __init__(self, shell: Shell, http: TestClient, organization: dict[str, str]) -> None:
        self.shell, self.http, self._organization = shell, http, organization

    def link(self, connector: str, *words: str) -> str:
        """The path of a new link."""
        code, out, _ = self.shell.run("host", "link", connector, "--workspace", "w", *words)
        assert code == 0
        return urlsplit(out.strip()).path

    def pressed(self, path: str) -> str:
        """Where the link's button leads."""
        answer = self.http.post(path)
        assert answer.status_code == 200, answer.text
        found = re.search(r'href="([^"]+)"', answer.text)
        assert found
        return unescape(found[1])

    def agreed(self, page: str, answer: str = "agree") -> Any:
        """What is shown at the end, after one of the sandbox's buttons."""
        assert 'name="answer"' in self.http.get(page, headers=HTML).text
        scopes = dict(parse_qsl(urlsplit(page).query))["scope"].replace(",", " ").split()
        form = {"answer": answer, "scope": scopes}
        sent = self.http.post(page, data=form, headers=HTML, follow_redirects=False)
        assert sent.status_code == 302, sent.text
        back = urlsplit(sent.headers["location"])
        return self.http.get(f"{back.path}?{back.query}", follow_redirects=False)

    def connectors(self) -> list[dict[str, Any]]:
        """What the workspace has."""
        pair = {name: self._organization[name] for name in ("client_id", "client_secret")}
        token = self.http.post("/api/v1/account/applications/token", json=pair).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        found: list[dict[str, Any]] = self.http.get(
            KEPT, params={"workspace_name": "w"}, headers=headers
        ).json()["data"]
        return found


@pytest.fixture
def browser(shell: Shell) -> Iterator[Browser]:
    """A host whose organization has a name that is markup."""
    shell.set(MCP_ADS_SANDBOX="1")
    code, out, _ = shell.run("host", "init", "--organization", "A <b>&", "--json")
    assert code == 0
    with TestClient(app_of(assembled(host_settings())), base_url="http://127.0.0.1:8780") as http:
        yield Browser(shell, http, json.loads(out))


@pytest.mark.slow
@pytest.mark.parametrize("slug", ["facebook-marketing", "linkedin-ads", "amazon-ads"])
def test_a_link_makes_one_connector(browser: Browser, slug: str) -> None:
    """Opening it uses nothing up, refusing neither; one consent does, and a second page is too late."""
    path = browser.link(slug, "--name", "Theirs")
    shown = [browser.http.get(path, headers=HTML) for _ in range(2)][1]
    assert "A &lt;b&gt;&amp; asks" in shown.text
    assert "<script" not in shown.text
    kept = {name: shown.headers[name] for name in ("referrer-policy", "x-robots-tag", "cache-control")}
    assert kept == {"referrer-policy": "no-referrer", "x-robots-tag": "noindex", "cache-control": "no-store"}
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    late = browser.pressed(path)
    refused = browser.agreed(browser.pressed(path), "refuse")
    assert (refused.status_code, browser.connectors()) == (400, [])
    done = browser.agreed(browser.pressed(path))
    assert (done.status_code, "Done" in done.text, "location" in done.headers) == (200, True, False)
    assert [row["name"] for row in browser.connectors()] == ["Theirs"]
    assert browser.agreed(late).status_code == 400
    gone = [browser.http.get(path), browser.http.post(path), browser.http.get("/link/unknown")]
    assert {(answer.status_code, answer.text) for answer in gone} == {(404, gone[0].text)}
    assert len(browser.connectors()) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["facebok"], "CONNECTOR: "),
        (["amazon-ads", "--hours", "0"], "--hours: 1 to 168"),
        (["amazon-ads", "--url", "ads.example.com"], "--url: "),
        (["amazon-ads", "--name", ""], "--name: "),
        (["amazon-ads", "--organization", "none"], "--organization: "),
    ],
)
def test_a_wrong_link_is_one_line(browser: Browser, words: list[str], said: str) -> None:
    """Nothing is printed on stdout then."""
    code, out, err = browser.shell.run("host", "link", *words, "--workspace", "w")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"mcp-ads: {said}")
