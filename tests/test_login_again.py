"""What `mcp-ads login` says to somebody who comes back: another app, a colleague's file, a worse sign-in."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import httpx
import pytest
from browsing import PRINTED, Typist, port
from shell import Shell

FACEBOOK, LINKEDIN, AMAZON = "facebook-marketing", "linkedin-ads", "amazon-ads"
DEVELOPMENT, LIVE = "1029384756102939", "1029384756102938"
SECRET = "sandbox-secret"
WEB = "https://example.com/connector/callback"
UNAPPROVED = "amzn1.application-oa2-client.sandbox-unapproved"
ACME = f'[acme]\nconnector = "facebook_marketing"\nclient_id = "{DEVELOPMENT}"\n'
ACME += 'accounts = ["facebook:1234567890"]\n'


def first(home: Shell, typist: Typist, *more: str) -> None:
    """A sign-in to Facebook by browser, with every account."""
    typist.types(DEVELOPMENT, "", "", "", secrets=[SECRET])
    code, _, err = home.run("login", FACEBOOK, "--port", port(), *more)
    assert code == 0, err


def stored(home: Shell, name: str = "facebook") -> bytes:
    return (home.home / "signed-in" / f"{name}.json").read_bytes()


def a_colleagues(home: Shell) -> Path:
    home.home.mkdir(exist_ok=True)
    path = home.home / "connections.toml"
    path.write_text(ACME)
    return path


def test_a_token_of_another_app_than_before(home: Shell, typist: Typist) -> None:
    """The id that is known is offered, not taken: the refusal's way out is asked for, or a variable."""
    first(home, typist)
    typist.types("", secrets=["", "sandbox-systemuser"])
    code, _, err = home.run("login", FACEBOOK, "--token")
    assert (code, f"client id (Enter keeps {DEVELOPMENT}):" in err) == (1, True)
    assert "set FACEBOOK_MARKETING_CLIENT_ID" in err
    typist.types(LIVE, "", "", secrets=[SECRET, "sandbox-systemuser"])
    code, out, err = home.run("login", FACEBOOK, "--token")
    assert (code, "without end" in out) == (0, True), err
    assert f'client_id = "{LIVE}"' in (home.home / "connections.toml").read_text()


def test_a_browser_names_where_the_app_is_written(home: Shell, typist: Typist) -> None:
    """Whoever has another app by now is told where its id belongs."""
    first(home, typist)
    typist.types("", secrets=[""])
    _, _, err = home.run("login", FACEBOOK, "--port", port())
    assert "FACEBOOK_MARKETING_CLIENT_ID, or client_id in connections.toml, names another" in err


@pytest.mark.parametrize("word", ["acme", "ACME"])
def test_a_connection_in_place_of_a_connector(home: Shell, typist: Typist, word: str) -> None:
    """The name that a colleague's file has is enough: platform, app and accounts are the file's."""
    path = a_colleagues(home)
    typist.types("", secrets=[SECRET])
    code, out, err = home.run("login", word, "--port", port())
    assert code == 0, err
    assert out.startswith("acme: kept in")
    assert "facebook:1234567890 may be used" in out
    assert path.read_text() == ACME
    typist.types("")
    code, _, err = home.run("login", word, "--name", "other")
    assert (code, "leave --name out" in err) == (2, True)


def test_a_name_that_is_neither(home: Shell, typist: Typist) -> None:
    """What there is is named: connectors and connections."""
    a_colleagues(home)
    typist.types("")
    code, out, err = home.run("login", "acne")
    assert (code, out) == (2, "")
    assert "there are facebook_marketing, linkedin_ads, amazon_ads; and the connections acme" in err
    code, out, err = home.run("login")
    assert (code, out) == (2, "")
    assert "missing; there are facebook-marketing, linkedin-ads, amazon-ads; and the connections acme" in err


def test_a_colleagues_table_is_not_passed_over(home: Shell, typist: Typist) -> None:
    """Naming the platform only says what stands ready there; a sign-in beside it stays possible."""
    a_colleagues(home)
    first(home, typist)
    home.run("logout", "facebook")
    path = home.home / "connections.toml"
    path.write_text(ACME)
    typist.types("", secrets=[])
    _, _, err = home.run("login", FACEBOOK, "--port", port())
    assert "connections.toml has [acme], where nobody has signed in: --name acme does" in err
    first(home, typist, "--name", "acme")
    typist.types("", secrets=[])
    assert "nobody has signed in" not in home.run("login", FACEBOOK, "--port", port())[2]


def test_a_default_outside_of_the_accounts(home: Shell, typist: Typist) -> None:
    """What the command line alone shows is said before anybody is asked or a page is opened."""
    typist.types(DEVELOPMENT, "", secrets=[SECRET])
    words = ("--accounts", "facebook:1234567890", "--default", "facebook:2345678901")
    code, out, err = home.run("login", FACEBOOK, *words, "--port", port())
    assert (code, out, typist.asked_secretly, typist.browser.opened) == (2, "", 0, [])
    assert "--default: facebook:2345678901 is not among --accounts" in err


def interrupted(_: str) -> str:
    raise KeyboardInterrupt


def test_ctrl_c_after_the_consent(home: Shell, typist: Typist) -> None:
    """Nothing is kept here, and what was allowed there stays allowed: both are said."""
    typist.types(DEVELOPMENT, "", interrupted, secrets=[SECRET])
    code, out, err = home.run("login", FACEBOOK, "--port", port())
    assert (code, out) == (130, "")
    assert (
        "nothing was kept; what you allowed on the platform's page stays allowed there" in typist.said + err
    )


def test_a_worse_sign_in_does_not_replace_a_good_one(
    home: Shell, typist: Typist, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that lost what the stored one may do is kept only by whoever writes so."""
    first(home, typist)
    before = stored(home)
    typist.browser.declined = ("ads_read",)
    typist.types("", "", secrets=[""])
    code, out, err = home.run("login", FACEBOOK, "--port", port())
    assert (code, out, stored(home) == before) == (1, "", True), err
    assert "may do what this one may not: ads_read" in err
    assert "what was kept stays as it was" in err
    typist.types("", "replace", "", "", secrets=[""])
    code, out, err = home.run("login", FACEBOOK, "--port", port())
    assert (code, stored(home) == before) == (0, False), err
    assert "next: " in err


def test_less_that_was_asked_for_is_kept(home: Shell, typist: Typist) -> None:
    """Who asks for reading alone gets that without a question."""
    first(home, typist)
    typist.types("", "", "", secrets=[""])
    code, _, err = home.run("login", FACEBOOK, "--port", port(), "--scopes", "read")
    assert (code, "may do what this one may not" in err) == (0, False), err


def test_how_the_accounts_are_changed(home: Shell, typist: Typist) -> None:
    """Signing in again keeps the list that is there, and says what changes it."""
    first(home, typist, "--accounts", "facebook:1234567890")
    typist.types("", secrets=[""])
    code, _, err = home.run("login", FACEBOOK, "--port", port())
    assert code == 0, err
    assert "--accounts names others" in err


def test_an_app_amazon_has_not_approved(home: Shell, typist: Typist) -> None:
    """The cause is named, and that the same command cannot help."""
    typist.types(UNAPPROVED, _sent_back, secrets=[SECRET])
    code, out, err = home.run("login", AMAZON, "--port", port(), "--no-browser")
    assert (code, out) == (1, "")
    assert "Amazon has not approved this app for the Ads API yet (invalid_scope" in err
    assert "run the same command again" not in err
    assert "docs/setup-amazon.md" in err


def test_a_code_that_was_cut(home: Shell, typist: Typist) -> None:
    """Facebook's words for it are followed by what happened: half an address was pasted."""
    typist.types(LIVE, "", lambda said: _with_code(typist.browser.printed(said)), secrets=[SECRET])
    code, _, err = home.run("login", FACEBOOK, "--no-browser", "--redirect-uri", WEB)
    assert (code, "Invalid verification code format." in err) == (1, True), err
    assert "what was pasted is not the whole address" in err


def test_a_taken_port_is_said_before_the_questions(home: Shell, typist: Typist) -> None:
    """Where the browser could not come back, neither id nor secret is asked for."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        typist.types(DEVELOPMENT, "", secrets=[SECRET])
        code, out, err = home.run("login", FACEBOOK, "--port", str(taken.getsockname()[1]))
    assert (code, out, typist.asked_secretly) == (2, "", 0)
    assert "choose another with --port" in err


def test_a_pasted_address_needs_no_port(home: Shell, typist: Typist) -> None:
    """With --no-browser the address is pasted: a port that is taken is said, and is no obstacle."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = str(taken.getsockname()[1])
        typist.types(DEVELOPMENT, typist.browser.printed, "", "", secrets=[SECRET])
        code, out, err = home.run("login", FACEBOOK, "--port", number, "--no-browser")
        assert (code, f"--port: {number} is taken" in typist.said + err) == (0, True), err
        assert out.startswith("facebook: kept in")
        typist.types("", secrets=[""])
        code, _, err = home.run("login", FACEBOOK, "--port", number, "--no-browser")
    assert (code, "no address was pasted" in err) == (2, True)


def test_a_mistyped_client_id_at_linkedin(home: Shell, typist: Typist) -> None:
    """The make-believe page knows its own apps only, as LinkedIn's does."""
    typist.types("sandbox-clent", "", secrets=[SECRET])
    code, _, _ = home.run("login", LINKEDIN, "--redirect-uri", WEB)
    assert (code, "The passed in client_id is invalid" in typist.browser.shown) == (2, True)


def test_an_empty_line_in_place_of_an_address(home: Shell, typist: Typist) -> None:
    """Whoever only sees an error is told where it is explained."""
    typist.types(DEVELOPMENT, "", typist.browser.printed, "", "", secrets=[SECRET])
    code, _, err = home.run("login", FACEBOOK, "--no-browser", "--port", port())
    assert code == 0, err
    assert "does the page show an error? docs/setup-facebook.md" in typist.said + err


@pytest.mark.parametrize(
    ("connector", "more", "token"),
    [(FACEBOOK, " --name acme", ""), (FACEBOOK, "", "sandbox-good"), (LINKEDIN, "", "sandbox-portal")],
)
def test_the_command_of_logout_signs_in_again(
    home: Shell, typist: Typist, connector: str, more: str, token: str
) -> None:
    """The printed command is whole: connector, name, and a pasted token where it was one."""
    if token:
        typist.types("", "", "", secrets=[token])
        assert home.run("login", connector, "--token")[0] == 0
    else:
        first(home, typist, "--name", "acme")
    code, out, _ = home.run("logout", "acme" if more else connector)
    assert code == 0
    assert f" login {connector}{more}{' --token' if token else ''}` signs in again" in out


def test_what_the_doctor_says_of_a_linkedin_sign_in(home: Shell, typist: Typist) -> None:
    """The end of the consent and the scopes are said, as they are where variables give the same."""
    typist.types("sandbox-client", "", "", "", secrets=[SECRET])
    assert home.run("login", LINKEDIN, "--port", port())[0] == 0
    _, out, _ = home.run("doctor")
    assert "linkedin_ads token: the consent ends on" in out
    assert "linkedin_ads token: scopes: r_ads" in out


def test_where_the_doctor_finds_a_list(home: Shell, typist: Typist) -> None:
    """A list of connections.toml is called that, one of a variable by the variable's name."""
    first(home, typist, "--accounts", "facebook:1234567890")
    _, out, _ = home.run("doctor")
    assert "connections.toml [facebook]: only 1234567890 may be used" in out
    home.set(FACEBOOK_MARKETING_ACCOUNT_IDS="2345678901")
    _, out, _ = home.run("doctor")
    assert "FACEBOOK_MARKETING_ACCOUNT_IDS: only 2345678901 may be used" in out


def test_the_doctor_of_an_empty_home(home: Shell) -> None:
    """Whoever has nothing yet is told how to sign in, for each platform and in all."""
    a_colleagues(home)
    code, out, _ = home.run("doctor")
    assert code == 1
    for line in ("login facebook-marketing --name acme", "login linkedin-ads", "login amazon-ads"):
        assert re.search(rf"fix: sign in: \S.* {line}", out)


def _sent_back(said: str) -> str:
    """The address that a consent page leads to at once."""
    return httpx.get(PRINTED.findall(said)[-1]).headers["location"]


def _with_code(address: str) -> str:
    """The address with a code that lost its end."""
    head, _, rest = address.partition("code=")
    return f"{head}code=nonsense{rest[rest.find('&') :] if '&' in rest else ''}"
