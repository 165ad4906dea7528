"""`mcp-ads login` against the make-believe platforms: by browser, by pasted address, by pasted token."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import socket
import stat
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from browsing import Typist, port
from engine_client import break_next
from shell import OURS, Shell, environment

from mcp_ads.core import Account
from mcp_ads.sandbox.ports import Servers

FACEBOOK, LINKEDIN, AMAZON = "facebook-marketing", "linkedin-ads", "amazon-ads"
SECRET = "sandbox-secret"
LIVE = "1029384756102938"
"""Facebook's app that is not in development mode any more."""
APPS = {
    FACEBOOK: "1029384756102939",
    LINKEDIN: "sandbox-client",
    AMAZON: "amzn1.application-oa2-client.sandbox",
}
SHORT = {FACEBOOK: "facebook", LINKEDIN: "linkedin", AMAZON: "amazon"}
FIRST = {FACEBOOK: "1234567890", LINKEDIN: "512345678", AMAZON: "3312345678901234"}
SECOND = {FACEBOOK: "2345678901", LINKEDIN: "523456789", AMAZON: "4412345678901234"}
IDS = {
    FACEBOOK: ("1234567890", "2345678901"),
    AMAZON: ("3312345678901234", "4412345678901234", "5512345678901234"),
}
LISTS = {FACEBOOK: "ad_accounts", LINKEDIN: "accounts", AMAZON: "profiles"}
WEB = "https://example.com/connector/callback"
ALL = pytest.mark.parametrize("connector", list(APPS))


def sign_in(
    home: Shell, typist: Typist, connector: str, *more: str, choice: tuple[str, ...] = ("", "")
) -> tuple[int, str, str]:
    """A login by browser; `choice` is what is answered of the accounts."""
    typist.types(APPS[connector], "", *choice, secrets=[SECRET])
    return home.run("login", connector, "--port", port(), *more)


def file_of(home: Shell, name: str) -> Path:
    return home.home / "signed-in" / f"{name}.json"


def kept(home: Shell, name: str) -> dict[str, Any]:
    """What is known of a sign-in, with its secrets."""
    document = json.loads(file_of(home, name).read_text())
    return {**document["facts"], **document["secrets"]}


def refused(outcome: tuple[int, str, str], said: str, code: int = 1) -> None:
    """One line of ours says what is wrong; nothing is printed as a result."""
    ended, out, err = outcome
    ours = [line for line in err.splitlines() if line.startswith("mcp-ads: ")]
    assert (ended, out) == (code, ""), err
    assert len(ours) == 1, err
    assert said in ours[0]
    assert "Traceback" not in err


@ALL
def test_by_browser_from_an_empty_home(home: Shell, typist: Typist, connector: str) -> None:
    """Id and secret, a browser that agrees, the accounts: kept privately, and the page says what happened."""
    code, out, err = sign_in(home, typist, connector, choice=("1-2", "2"))
    name, short = SHORT[connector], SHORT[connector]
    assert code == 0, err
    assert out.startswith(f"{name}: kept in {home.home}")
    assert f"{short}:{SECOND[connector]} is meant when none is named" in out
    assert "/connector/callback" in err
    assert "granted" in err
    assert "Signed in" in typist.browser.shown
    assert typist.asked_secretly == 1
    found = kept(home, name)
    assert (found["client_id"], found["client_secret"]) == (APPS[connector], SECRET)
    assert found["access_token"]
    table = (home.home / "connections.toml").read_text()
    assert f'default = "{short}:{SECOND[connector]}"' in table
    assert f"{short}:{FIRST[connector]}" in table
    for path in (file_of(home, name), home.home / "connections.toml"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@ALL
def test_the_first_call_works(home: Shell, typist: Typist, connector: str) -> None:
    """After a login a call needs nothing else, and the accounts that were not chosen are refused."""
    assert sign_in(home, typist, connector, choice=("1",))[0] == 0
    code, out, err = home.run("call", connector, LISTS[connector], "list", "--format", "json")
    assert code == 0, err
    assert FIRST[connector] in out
    assert SECOND[connector] not in out


def test_how_long_each_lives(home: Shell, typist: Typist) -> None:
    """Facebook's token lives sixty days, a consent at LinkedIn and at Amazon a year."""
    days = {}
    for connector, name in SHORT.items():
        assert sign_in(home, typist, connector)[0] == 0
        found = kept(home, name)
        ends = found["refresh_ends"] if found["refresh_token"] else found["access_ends"]
        days[name] = round((ends - found["consented"]) / 86_400)
    assert days == {"facebook": 60, "linkedin": 365, "amazon": 365}


@ALL
def test_somebody_says_no(home: Shell, typist: Typist, connector: str) -> None:
    """A refusal is one line with what to do; what was stored before stays as it was, to the byte."""
    assert sign_in(home, typist, connector)[0] == 0
    before = file_of(home, SHORT[connector]).read_bytes()
    typist.browser.press = "refuse"
    typist.types("", secrets=[""])
    refused(home.run("login", connector, "--port", port()), "was not allowed on its page")
    assert "Not signed in" in typist.browser.shown
    assert file_of(home, SHORT[connector]).read_bytes() == before


def test_a_scope_that_was_not_ticked(home: Shell, typist: Typist) -> None:
    """Facebook lets people refuse single scopes: which, and what will not work without them."""
    typist.browser.declined = ("leads_retrieval",)
    code, _, err = sign_in(home, typist, FACEBOOK)
    assert code == 0
    assert "refused  leads_retrieval: leads that people left in forms will not work" in err
    assert kept(home, "facebook")["refused"] == ["leads_retrieval"]


@ALL
def test_read_scopes_alone(home: Shell, typist: Typist, connector: str) -> None:
    """`--scopes read` asks for nothing that changes anything, where the platform has such scopes."""
    code, _, err = sign_in(home, typist, connector, "--scopes", "read")
    assert code == 0, err
    assert not {"ads_management", "rw_ads"} & set(kept(home, SHORT[connector])["granted"])


def test_a_configuration_in_place_of_scopes(home: Shell, typist: Typist) -> None:
    """An app with Facebook Login for Business names a configuration, which has its scopes."""
    code, _, err = sign_in(home, typist, FACEBOOK, "--scopes", "1122334455667788")
    assert code == 0, err
    assert "config_id=1122334455667788" in typist.browser.opened[-1]
    assert "scope=" not in typist.browser.opened[-1]
    found = kept(home, "facebook")
    assert "ads_management" in found["granted"]
    assert found["refused"] == []


@ALL
def test_a_wrong_secret(home: Shell, typist: Typist, connector: str) -> None:
    """One line says what to check, the page says it too, and what was stored before stays."""
    assert sign_in(home, typist, connector)[0] == 0
    before = file_of(home, SHORT[connector]).read_bytes()
    typist.types("", secrets=["mistyped-secret-of-mine"])
    ended = home.run("login", connector, "--port", port())
    refused(ended, "check the")
    assert "mistyped-secret-of-mine" not in ended[2] + typist.browser.shown
    assert "Not signed in" in typist.browser.shown
    assert file_of(home, SHORT[connector]).read_bytes() == before


@ALL
def test_an_answer_to_another_sign_in(home: Shell, typist: Typist, connector: str) -> None:
    """An answer with a state that is not ours, or with a part missing, ends nothing."""
    answers: list[httpx.Response] = []

    def pushed(address: str) -> str:
        bare = address.partition("?")[0]
        others = [re.sub("state=[^&]*", "state=anothers", address), f"{bare}?code=x", bare]
        others.append(f"{bare}?error=access_denied&state=evil")
        answers.extend(httpx.get(other) for other in others)
        return address

    typist.browser.changed = pushed
    code, out, err = sign_in(home, typist, connector)
    assert [answer.status_code for answer in answers] == [400] * 4
    assert "its state differs" in answers[0].text
    assert "Signed in" in typist.browser.shown
    assert (code, out.startswith(f"{SHORT[connector]}: kept in")) == (0, True), err


@pytest.mark.parametrize("redirect", ["", WEB])
def test_what_a_browser_is_started_with(
    home: Shell, typist: Typist, monkeypatch: pytest.MonkeyPatch, redirect: str
) -> None:
    """Others see what a browser is started with: it has no state, and opens once."""
    started: list[str] = []
    again: list[httpx.Response] = []

    def start(url: str) -> bool:
        started.append(url)
        if redirect:
            typist.browser.shown = typist.browser.consent(url)
        else:
            typist.browser.open(url)
        again.append(httpx.get(url))
        return True

    monkeypatch.setattr("webbrowser.open", start)
    pasted = [lambda _: typist.browser.shown] if redirect else []
    typist.types(APPS[LINKEDIN], "", *pasted, "", "", secrets=[SECRET])
    words = ["--redirect-uri", redirect] if redirect else ["--port", port()]
    code, _, err = home.run("login", LINKEDIN, *words)
    assert code == 0, err
    assert re.fullmatch(r"http://localhost:\d+/begin/[\w-]{40,}", started[0])
    assert (again[0].status_code, "state=" in again[0].text) == (410, False)


@ALL
@pytest.mark.parametrize("state", ["expired", "used"])
def test_a_code_that_is_not_good_any_more(
    home: Shell, typist: Typist, servers: Servers, connector: str, state: str
) -> None:
    """A code that is too old, or was used, is said with what to do."""

    def ended(address: str) -> str:
        asked = {"platform": connector.replace("-", "_"), "kind": "code", "state": state}
        assert httpx.post(f"{servers.ports.url}/_sandbox/tokens", json=asked).is_success
        return address

    typist.browser.changed = ended
    refused(sign_in(home, typist, connector), "run the same command again")
    assert not file_of(home, SHORT[connector]).exists()


@pytest.mark.parametrize(
    ("connector", "redirect", "said"),
    [
        (FACEBOOK, "https://not-yours.example/connector/callback", "no address was pasted"),
        (LINKEDIN, "http://localhost:{port}/elsewhere", "nobody came back"),
        (AMAZON, "http://localhost:{port}/elsewhere", "nobody came back"),
    ],
)
def test_a_redirect_uri_that_is_not_registered(
    home: Shell, typist: Typist, monkeypatch: pytest.MonkeyPatch, connector: str, redirect: str, said: str
) -> None:
    """The platform's page says what we said beforehand that it would; nobody comes back, which is said."""
    monkeypatch.setattr("mcp_ads.commands.signing.browser.WAITS", 0)
    typist.types(APPS[connector], "", secrets=[SECRET])
    ended = home.run("login", connector, "--redirect-uri", redirect.replace("{port}", port()))
    refused(ended, said, code=2 if connector == FACEBOOK else 1)
    told = next(line for line in ended[2].splitlines() if line.startswith("without it the page says: "))
    assert told.removeprefix("without it the page says: ") in typist.browser.shown


def test_a_short_token_is_not_stored_as_a_long_one(home: Shell, typist: Typist, servers: Servers) -> None:
    """Where Facebook makes no long-lived token of the first one, nothing is stored, and why is said."""
    break_next(servers.sandbox.store, kind="500", path="/oauth/access_token$", skip=1, times=0)
    ended = sign_in(home, typist, FACEBOOK)
    refused(ended, "Facebook")
    assert not file_of(home, "facebook").exists()


@ALL
def test_a_platform_that_is_down(home: Shell, typist: Typist, servers: Servers, connector: str) -> None:
    """It is the platform that is down: one line, no address with what was sent in it."""
    break_next(servers.sandbox.store, kind="cut", path="oken$", times=0)
    ended = sign_in(home, typist, connector)
    refused(ended, "again in a minute")
    assert "code=" not in ended[2]


@ALL
def test_the_address_is_pasted(home: Shell, typist: Typist, connector: str) -> None:
    """Without a browser here: half an address, and another one's, are said and may be tried again."""
    typist.types(
        APPS[connector],
        "https://example.com/",
        lambda said: typist.browser.printed(said).partition("state=")[0],
        typist.browser.printed,
        "",
        "",
        secrets=[SECRET],
    )
    code, _, err = home.run("login", connector, "--no-browser", "--port", port())
    said = typist.said + err
    assert code == 0, said
    assert said.count("paste the whole address, from http://localhost:") == 2
    assert kept(home, SHORT[connector])["access_token"]


@pytest.mark.parametrize(
    ("connector", "app"), [(FACEBOOK, LIVE), (LINKEDIN, APPS[LINKEDIN]), (AMAZON, APPS[AMAZON])]
)
def test_an_address_on_the_web(home: Shell, typist: Typist, connector: str, app: str) -> None:
    """With --redirect-uri nothing listens here; Facebook's live app takes no other."""
    typist.types(app, "", typist.browser.printed, "", "", secrets=[SECRET])
    code, _, err = home.run("login", connector, "--no-browser", "--redirect-uri", WEB)
    assert code == 0, typist.said + err
    assert kept(home, SHORT[connector])["access_token"]


def test_nobody_is_there(home: Shell, monkeypatch: pytest.MonkeyPatch, typist: Typist) -> None:
    """Without a terminal nothing is asked: variables name the app, the command line the accounts."""
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    words = ("login", FACEBOOK, "--port", port(), "--accounts", "facebook:2345678901", "--default")
    refused(home.run(*words, "facebook:2345678901"), "FACEBOOK_MARKETING_CLIENT_ID, FACEBOOK_", code=2)
    home.set(FACEBOOK_MARKETING_CLIENT_ID=APPS[FACEBOOK], FACEBOOK_MARKETING_CLIENT_SECRET=SECRET)
    refused(home.run(*words, "facebook:1234567890"), "is not among --accounts", code=2)
    assert not file_of(home, "facebook").exists()
    code, out, err = home.run(*words, "facebook:2345678901")
    assert code == 0, err
    assert "facebook:2345678901 may be used; facebook:2345678901 is meant" in out
    assert typist.asked_secretly == 0


def test_an_app_of_a_settings_file(home: Shell, typist: Typist) -> None:
    """--env-file may have the app; what is wrong with the file is said."""
    (home.here / "app.env").write_text(
        f"AMAZON_ADS_CLIENT_ID={APPS[AMAZON]}\nAMAZON_ADS_CLIENT_SECRET={SECRET}\n"
    )
    typist.types("", "", "")
    code, _, err = home.run("login", AMAZON, "--port", port(), "--env-file", "app.env")
    assert code == 0, err
    refused(home.run("login", AMAZON, "--env-file", "none.env"), "there is no file", code=2)


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--accounts", "facebook:999", "accounts these credentials see"),
        ("--accounts", "1234567890", "write it as facebook:123"),
        ("--accounts", "linkedin:512345678", "another platform"),
        ("--accounts", ",", "names none"),
        ("--default", "facebook:999", "accounts these credentials see"),
        ("--default", "facebook:1234567890,facebook:2345678901", "names several"),
    ],
)
def test_accounts_that_are_none(home: Shell, typist: Typist, option: str, value: str, said: str) -> None:
    """A mistyped account never becomes "all accounts": it is said, and nothing is stored."""
    refused(sign_in(home, typist, FACEBOOK, option, value), said, code=2)
    assert not file_of(home, "facebook").exists()
    assert not (home.home / "connections.toml").exists()


def test_a_file_from_a_colleague(home: Shell, typist: Typist) -> None:
    """connections.toml has the app and the accounts: only the secret is asked for, and the file stays."""
    written = (
        "# made by the engineer\n[acme]\n"
        f'connector = "linkedin_ads"\nclient_id = "{APPS[LINKEDIN]}"\n'
        'accounts = ["linkedin:523456789"]  # Europe\n'
    )
    home.home.mkdir()
    (home.home / "connections.toml").write_text(written)
    typist.types("", secrets=[SECRET])
    code, out, err = home.run("login", LINKEDIN, "--name", "acme", "--port", port())
    assert code == 0, err
    assert typist.asked_secretly == 1
    assert out.startswith("acme: ")
    assert "linkedin:523456789 may be used" in out
    assert (home.home / "connections.toml").read_text() == written


def test_a_second_client(home: Shell, typist: Typist) -> None:
    """Names keep connections apart; one is not another platform's."""
    assert sign_in(home, typist, LINKEDIN, "--name", "acme")[0] == 0
    assert sign_in(home, typist, LINKEDIN)[0] == 0
    assert {path.stem for path in (home.home / "signed-in").glob("*.json")} == {"acme", "linkedin"}
    for name in ("acme", "linkedin"):
        refused(sign_in(home, typist, FACEBOOK, "--name", name), "connection of linkedin_ads", code=2)
    refused(sign_in(home, typist, FACEBOOK, "--name", "Acme Ltd"), "small letters", code=2)


def test_the_developer_portals_token_comes_first(home: Shell, typist: Typist) -> None:
    """At LinkedIn, pasting a token is the first way that is offered; its end is said where it is known."""
    typist.types("", APPS[LINKEDIN], "", "", secrets=[SECRET, "sandbox-portal"])
    code, out, err = home.run("login", LINKEDIN)
    assert code == 0, err
    first, second = "1  paste an access token of the developer portal", "2  sign in with the browser"
    assert err.index(first) < err.index(second)
    assert re.search(r"until 20\d\d-", out)
    assert "sandbox-portal" not in out + err
    assert kept(home, "linkedin")["kind"] == "developer portal"


def test_the_other_way_at_linkedin(home: Shell, typist: Typist) -> None:
    """The second choice is the browser."""
    home.set(LINKEDIN_ADS_CLIENT_ID="sandbox-norefresh", LINKEDIN_ADS_CLIENT_SECRET=SECRET)
    typist.types("3", "2", "", "", "")
    with socket.socket() as probe:
        if not probe.connect_ex(("127.0.0.1", 8765)):
            pytest.skip("another program has port 8765")
    code, _, err = home.run("login", LINKEDIN)
    assert code == 0, err
    assert "write a number from 1 to 2" in err
    assert "LinkedIn gave no refresh token" in err
    assert kept(home, "linkedin")["refresh_token"] == ""


def test_a_system_users_token(home: Shell, typist: Typist) -> None:
    """Facebook's recommended way: looked at before it is stored, without an end; no app is needed."""
    typist.types("", "", "", secrets=["sandbox-systemuser-1"])
    code, out, err = home.run("login", FACEBOOK, "--token")
    assert code == 0, err
    assert "without end" in out
    assert kept(home, "facebook")["kind"] == "system user"


@pytest.mark.parametrize(
    ("connector", "token", "said"),
    [
        (FACEBOOK, "not-a-token", "190"),
        (FACEBOOK, "sandbox-expired", "190"),
        (LINKEDIN, "not-a-token", "does not take the token"),
        (LINKEDIN, "sandbox-revoked", "does not take the token"),
    ],
)
def test_a_token_that_is_none(home: Shell, typist: Typist, connector: str, token: str, said: str) -> None:
    """Refused before it is stored; the token that was stored stays."""
    typist.types("", "", "", secrets=["sandbox-good"])
    assert home.run("login", connector, "--token")[0] == 0
    before = file_of(home, SHORT[connector]).read_bytes()
    typist.types("", secrets=[token])
    ended = home.run("login", connector, "--token")
    refused(ended, said)
    assert token not in ended[2]
    assert file_of(home, SHORT[connector]).read_bytes() == before


def test_a_token_from_a_pipe(home: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program writes the token to stdin, never to the command line; half of two is none."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("sandbox-piped\n"))
    assert home.run("login", LINKEDIN, "--token")[0] == 0
    assert kept(home, "linkedin")["access_token"] == "sandbox-piped"
    for given, said in (("", "no token came"), ("two tokens\n", "it has spaces")):
        monkeypatch.setattr(sys, "stdin", io.StringIO(given))
        refused(home.run("login", LINKEDIN, "--token"), said, code=2)
    refused(home.run("login", AMAZON, "--token"), "makes no tokens to paste", code=2)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((FACEBOOK, "--port", "70000"), "is no port"),
        ((FACEBOOK, "--port", "8765", "--redirect-uri", WEB), "says the port too"),
        ((FACEBOOK, "--redirect-uri", "http://example.com/cb"), "must be https"),
        ((FACEBOOK, "--token", "--scopes", "read"), "needs no browser"),
        ((FACEBOOK, "--scopes", "ads_raed"), "has no 'ads_raed'"),
        (("facebok",), "did you mean"),
    ],
)
def test_options_that_do_not_fit(home: Shell, typist: Typist, words: tuple[str, ...], said: str) -> None:
    """Said in one line before anything is asked for."""
    typist.types(secrets=[])
    code, out, err = home.run("login", *words)
    assert (code, out) == (2, "")
    assert said in err
    assert typist.asked_secretly == 0


def test_where_there_is_nothing_to_sign_in_to(home: Shell, typist: Typist) -> None:
    """Inside the sandbox, or for a connector that is switched off."""
    home.set(MCP_ADS_CONNECTORS="linkedin-ads")
    refused(sign_in(home, typist, FACEBOOK), "MCP_ADS_CONNECTORS", code=2)
    home.set(MCP_ADS_SANDBOX="1", MCP_ADS_CONNECTORS="facebook")
    refused(sign_in(home, typist, FACEBOOK), "MCP_ADS_SANDBOX", code=2)


def test_a_port_that_is_taken(home: Shell, typist: Typist) -> None:
    """One line that names --port."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        typist.types(APPS[FACEBOOK], "", secrets=[SECRET])
        ended = home.run("login", FACEBOOK, "--port", str(taken.getsockname()[1]))
    refused(ended, "choose another with --port", code=2)


def interrupted(_: str) -> str:
    raise KeyboardInterrupt


def test_a_secret_that_was_reset(home: Shell, typist: Typist) -> None:
    """Calls say what to do: the login that asks for the new one, or the variable that is wrong."""
    assert sign_in(home, typist, FACEBOOK, "--name", "acme")[0] == 0
    path = file_of(home, "acme")
    good = path.read_text()
    path.write_text(good.replace(SECRET, "reset-at-meta"))
    call = ("call", FACEBOOK, "ad_accounts", "list")
    code, _, err = home.run(*call)
    assert code == 1
    assert "refused the app's secret, which may have been reset" in err
    assert "login facebook-marketing --name acme`" in err
    home.set(FACEBOOK_MARKETING__ACME__CLIENT_SECRET=SECRET)
    code, _, err = home.run(*call)
    assert code == 0, err
    assert SECRET not in path.read_text()
    path.write_text(good)
    home.set(FACEBOOK_MARKETING__ACME__CLIENT_SECRET="wrong-in-a-variable")
    code, _, err = home.run(*call)
    assert code == 1
    assert "set FACEBOOK_MARKETING__ACME__CLIENT_SECRET to the one at" in err


def test_how_it_was_signed_in_is_how_it_is_again(home: Shell, typist: Typist, servers: Servers) -> None:
    """What was pasted is pasted again: the command that answers and warnings name has --token."""
    for connector, name, token in (
        (FACEBOOK, "acme", "sandbox-systemuser-EAA"), (LINKEDIN, "beta", "sandbox-token")
    ):  # fmt: skip
        typist.types("", "", "", secrets=[token])
        code, _, err = home.run("login", connector, "--token", "--name", name)
        assert code == 0, err
        path = file_of(home, name)
        path.write_text(path.read_text().replace(token, f"{token}-revoked"))
        code, _, err = home.run("call", connector, LISTS[connector], "list")
        assert code == 1
        assert f"login {connector} --name {name} --token`" in err


def test_nobody_has_signed_in(home: Shell) -> None:
    """The first refusal names both ways in, where the platform has a token to paste."""
    for connector, said in ((FACEBOOK, "system user's"), (LINKEDIN, "developer portal's"), (AMAZON, "")):
        _, _, err = home.run("call", connector, LISTS[connector], "list")
        assert ("--token takes" in err) is bool(said)
        assert said in err


def test_ctrl_c_stores_nothing(home: Shell, typist: Typist) -> None:
    """Interrupted at the last question: nothing of it is there, and nothing of it is left elsewhere."""
    typist.types(APPS[AMAZON], "", interrupted, secrets=[SECRET])
    code, out, _ = home.run("login", AMAZON, "--port", port())
    assert (code, out) == (130, "")
    assert not list(home.home.rglob("*.json"))
    assert not (home.home / "connections.toml").exists()


def test_answers_that_end(home: Shell, typist: Typist) -> None:
    """A terminal that is closed is no answer: it is said, and nothing is stored."""
    typist.types(APPS[AMAZON], "", secrets=[SECRET])
    refused(home.run("login", AMAZON, "--port", port()), "answers ended", code=2)
    typist.types(APPS[AMAZON])
    refused(home.run("login", AMAZON, "--port", port()), "answers ended", code=2)
    assert not file_of(home, "amazon").exists()


def test_a_connections_file_that_cannot_be_written(home: Shell, typist: Typist) -> None:
    """Credentials without their accounts would be open to all: both are kept, or neither."""
    home.home.mkdir()
    (home.here / "elsewhere.toml").write_text("")
    (home.home / "connections.toml").symlink_to(home.here / "elsewhere.toml")
    refused(sign_in(home, typist, LINKEDIN, choice=("1",)), "connections.toml")
    assert not file_of(home, "linkedin").exists()


def test_variables_win(home: Shell, typist: Typist) -> None:
    """A token in the environment is used instead of what was stored: that is said."""
    home.set(FACEBOOK_MARKETING_ACCESS_TOKEN="sandbox-token")
    code, _, err = sign_in(home, typist, FACEBOOK)
    assert code == 0
    assert "FACEBOOK_MARKETING_ACCESS_TOKEN is set and wins" in err


def test_many_accounts(monkeypatch: pytest.MonkeyPatch, home: Shell, typist: Typist) -> None:
    """They come in pages, with a count; numbers go beyond what is shown, and a wrong one is asked again."""
    found = [Account(f"{number:05}", f"Client {number}", "USD", "UTC") for number in range(1, 51)]
    monkeypatch.setattr("mcp_ads.commands.signing.seen.accounts", lambda *_: (found, []))
    choice = ("more", "0", "60", "3-1", "x", "1, 48-50", "2", "one", "50")
    code, out, err = sign_in(home, typist, FACEBOOK, choice=choice)
    assert code == 0, err
    assert "Client 20 " in err
    assert "… and 30 more of 50" in err
    assert "Client 40 " in err
    assert "Client 41 " not in err
    assert "2 is not among those that may be used" in err
    assert "facebook:00001, facebook:00048, facebook:00049, facebook:00050 may be used" in out
    assert "facebook:00050 is meant" in out


def test_all_of_them(home: Shell, typist: Typist) -> None:
    """`all` allows those there are now, Enter whatever there will be."""
    assert (
        "facebook:1234567890, facebook:2345678901 may"
        in sign_in(home, typist, FACEBOOK, choice=("all", ""))[1]
    )
    typist.types("", secrets=[""])
    assert "facebook:1234567890, facebook:2345678901 may" in home.run("login", FACEBOOK, "--port", port())[1]
    (home.home / "connections.toml").unlink()
    assert "every account it sees may be used" in sign_in(home, typist, FACEBOOK)[1]


def test_accounts_of_every_connection(home: Shell, typist: Typist) -> None:
    """Each with its accounts, which may be used, which is meant, and until when it is signed in."""
    assert sign_in(home, typist, FACEBOOK, choice=("2",))[0] == 0
    assert sign_in(home, typist, AMAZON, "--name", "acme")[0] == 0
    code, out, err = home.run("accounts", "--format", "json")
    assert code == 0, err
    rows = {row["account"]: row for row in json.loads(out)["data"]}
    assert set(rows) == {f"{SHORT[name]}:{id_}" for name in (FACEBOOK, AMAZON) for id_ in IDS[name]}
    us, japan = rows["facebook:1234567890"], rows["facebook:2345678901"]
    assert (us["allowed"], us["default"], us["connection"]) == (False, False, "facebook")
    assert (japan["allowed"], japan["default"], japan["currency"]) == (True, True, "JPY")
    assert rows["amazon:3312345678901234"]["connection"] == "acme"
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", us["until"])
    code, out, _ = home.run("accounts")
    assert (code, "facebook:2345678901" in out) == (0, True)


def test_accounts_another_list_closes_are_not_allowed(home: Shell, typist: Typist) -> None:
    """What stands in one connection's list is no other's, also of one without a list."""
    assert sign_in(home, typist, FACEBOOK, "--name", "acme", choice=("1",))[0] == 0
    assert sign_in(home, typist, FACEBOOK, "--name", "open")[0] == 0
    code, out, err = home.run("accounts", "--format", "json")
    assert code == 0, err
    allowed = {(row["connection"], row["account"]): row["allowed"] for row in json.loads(out)["data"]}
    first, second = (f"facebook:{id_}" for id_ in IDS[FACEBOOK])
    assert allowed == {
        ("acme", first): True, ("acme", second): False, ("open", first): False, ("open", second): True,
    }  # fmt: skip


def test_accounts_of_one_that_cannot_be_asked(home: Shell, typist: Typist, servers: Servers) -> None:
    """What is down, and what nobody has signed in to, is said beside the others: exit code 1."""
    assert sign_in(home, typist, FACEBOOK)[0] == 0
    with (home.home / "connections.toml").open("a") as file:
        file.write('\n[later]\nconnector = "linkedin_ads"\nclient_id = "sandbox-client"\n')
    code, out, err = home.run("accounts", "--format", "json")
    assert (code, "facebook:1234567890" in out) == (1, True)
    assert "later: LinkedIn Ads is not configured" in err
    assert "login linkedin-ads --name later" in err


def test_no_accounts_at_all(home: Shell) -> None:
    """An empty home is no mistake, and is told what to do."""
    code, _, err = home.run("accounts")
    assert code == 0
    assert "login facebook-marketing" in err


@pytest.mark.parametrize("said", ["acme", "ACME", "linkedin-ads", "linkedin", "LinkedIn"])
def test_logout(home: Shell, typist: Typist, said: str) -> None:
    """Forgotten here, with where access is taken back; connections.toml stays for the next login."""
    name = "acme" if said.lower() == "acme" else "linkedin"
    words = ("--name", "acme") if name == "acme" else ()
    assert sign_in(home, typist, LINKEDIN, *words)[0] == 0
    code, out, err = home.run("logout", said)
    assert code == 0, err
    assert out.startswith(f"{name}: forgotten")
    assert "linkedin.com/psettings/permitted-services" in err
    assert not file_of(home, name).exists()
    assert f"[{name}]" in (home.home / "connections.toml").read_text()
    code, _, err = home.run("call", LINKEDIN, "accounts", "list")
    assert (code, "login linkedin-ads" in err) == (1, True)
    code, _, err = home.run("logout", said)
    assert (code, "nobody is signed in" in err) == (1, True)


@pytest.mark.slow
def test_nothing_secret_is_said_or_left(
    home: Shell, typist: Typist, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """All three logins with every log on: no secret, code or token but in the files that keep them."""
    said, codes = [], []

    def noted(address: str) -> str:
        codes.append(parse_qs(urlsplit(address).query)["code"][0])
        return address

    typist.browser.changed = noted
    home.set(MCP_ADS_LOG_LEVEL="DEBUG")
    with caplog.at_level(logging.DEBUG):
        for connector in APPS:
            code, out, err = sign_in(home, typist, connector)
            assert code == 0, err
            said += [out, err, typist.browser.shown, *typist.browser.opened]
            said += home.run("call", connector, LISTS[connector], "list")[1:]
            typist.types("", secrets=["wrong-secret-of-mine"])
            said += home.run("login", connector, "--port", port())[1:]
        said += [*home.run("accounts")[1:], *home.run("doctor")[1:]]
    found = [kept(home, name) for name in SHORT.values()]
    hidden = [SECRET, "wrong-secret-of-mine", *codes]
    hidden += [value for known in found for key, value in known.items() if key.endswith("_token") and value]
    assert len(hidden) > 8
    files = [path for path in home.home.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in files} == {0}
    places = {"said": "\n".join(said), "log": caplog.text}
    places |= {str(path): path.read_bytes().decode(errors="replace") for path in files}
    keepers = {str(file_of(home, name)) for name in SHORT.values()}
    for secret in hidden:
        assert {place for place, text in places.items() if secret in text} <= keepers, secret


BROWSER = """
import sys, pathlib
sys.path.insert(0, {tests!r})
from browsing import Browser
browser = Browser()
browser.open(sys.argv[1])
pathlib.Path({shown!r}).write_text(browser.shown)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX terminal")
def test_at_a_real_terminal(home: Shell, servers: Servers, tmp_path: Path) -> None:
    """A process at a terminal with a browser of its own: typed secrets are not shown, and are in no argv."""
    import pty

    shown = tmp_path / "shown.html"
    script = tmp_path / "browser.py"
    script.write_text(BROWSER.format(tests=str(Path(__file__).parent), shown=str(shown)))
    variables = {k: v for k, v in os.environ.items() if k.startswith(OURS)}
    environ = environment({**variables, "BROWSER": f"{sys.executable} {script} %s"})
    words = [sys.executable, "-m", "mcp_ads", "login", LINKEDIN, "--port", port()]
    process, terminal = pty.fork()
    if process == 0:
        os.execve(words[0], words, environ)
    said = ""
    answers = {"client id:": "sandbox-client", "client secret:": SECRET, "opens the page:": ""}
    answers |= {"may be used?": "1"}
    arguments = ""
    while True:
        try:
            said += os.read(terminal, 4096).decode(errors="replace")
        except OSError:
            break
        for question in [question for question in answers if question in said]:
            os.write(terminal, f"{answers.pop(question)}\n".encode())
        arguments += Path(f"/proc/{process}/cmdline").read_text() if Path("/proc").is_dir() else ""
    _, status = os.waitpid(process, 0)
    assert os.waitstatus_to_exitcode(status) == 0, said
    assert "linkedin: kept in" in said
    assert SECRET not in said + arguments
    assert "Signed in" in shown.read_text()
    assert kept(home, "linkedin")["client_secret"] == SECRET


@pytest.mark.parametrize(
    ("connector", "half", "said"),
    [
        (FACEBOOK, "10293847561O2939", "an app id is a number"),
        (AMAZON, "amzn1.applic", "it begins with amzn1."),
    ],
)
def test_half_an_id(home: Shell, typist: Typist, connector: str, half: str, said: str) -> None:
    """What cannot be an id is asked again, or from a variable said in a line, before a page is opened."""
    typist.types(half, APPS[connector], "", "", "", secrets=[SECRET])
    code, _, err = home.run("login", connector, "--port", port())
    assert (code, said in err) == (0, True)
    assert len(typist.browser.opened) == 2
    prefix = connector.upper().replace("-", "_")
    home.set(**{f"{prefix}_CLIENT_ID": half, f"{prefix}_CLIENT_SECRET": SECRET})
    refused(home.run("login", connector, "--port", port()), said, code=2)


def test_credentials_that_cannot_be_kept(home: Shell, typist: Typist) -> None:
    """Where the credentials find no place, connections.toml is as it was too."""
    home.home.mkdir()
    (home.here / "elsewhere").mkdir()
    (home.home / "signed-in").symlink_to(home.here / "elsewhere")
    refused(sign_in(home, typist, LINKEDIN, choice=("1",)), "cannot be kept")
    assert not list((home.here / "elsewhere").iterdir())
    assert home.run("accounts", "--format", "json")[0] == 0


def test_names_that_advertisers_wrote(monkeypatch: pytest.MonkeyPatch, home: Shell, typist: Typist) -> None:
    """A name cannot look like a line of ours, nor grow without end."""
    found = [Account("1", "Shop\nmcp-ads: everything is fine" + "x" * 999, "USD", "UTC")]
    monkeypatch.setattr("mcp_ads.commands.signing.seen.accounts", lambda *_: (found, []))
    code, out, err = sign_in(home, typist, FACEBOOK, choice=("",))
    assert code == 0
    assert "facebook:1 is meant when none is named" in out
    assert "Shop mcp-ads: everything is fine" in err
    assert "x" * 50 not in err
