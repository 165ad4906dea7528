"""The sign-in page of a running server: one link, one form, one answer, and nobody else's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import httpx
import pytest
from browsing import CHECK, REFRESH, Browser

from mcp_ads.auth.signing_in.offers import LIVES, Offers
from mcp_ads.platforms import PLATFORMS, Platform
from mcp_ads.sandbox.ports import Servers
from mcp_ads.settings import load

SECRET = "sandbox-secret"
APPS = {
    "facebook_marketing": "1029384756102939",
    "linkedin_ads": "sandbox-client",
    "amazon_ads": "amzn1.application-oa2-client.sandbox",
}
LABELS = {"facebook_marketing": "facebook", "linkedin_ads": "linkedin", "amazon_ads": "amazon"}


class Clock:
    """Time that passes when it is told to."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def offers(tmp_path: Path, clock: Clock) -> Iterator[Offers]:
    """Links of a server with an empty home, at a free port."""
    found = Offers(tmp_path, "off", 0, clock)
    yield found
    found.close()


def platform(servers: Servers, name: str) -> Platform:
    places = ("_BASE_URL", "_AUTH_URL", "_TOKEN_URL")
    given = servers.ports.variables().items()
    return load(environ={key: value for key, value in given if key.endswith(places)}).platforms[name]


def sent(link: str, client_id: str, secret: str = SECRET, **more: str) -> httpx.Response:
    """The answer to the form of a link, filled in."""
    check = CHECK.findall(httpx.get(link).text)[0]
    form = {"check": check, "client_id": client_id, "client_secret": secret, **more}
    return httpx.post(link, data=form)


def onward(answer: httpx.Response) -> str:
    """The page of the platform that an answer leads to."""
    return unescape(REFRESH.findall(answer.text)[0])


@pytest.mark.parametrize("name", list(PLATFORMS))
def test_form_consent_and_it_is_kept(servers: Servers, offers: Offers, tmp_path: Path, name: str) -> None:
    """The link's form takes the app, the platform the consent, and what it gives is kept privately."""
    link = offers.link(platform(servers, name))
    assert re.fullmatch(r"http://localhost:\d+/sign-in/[\w-]{40,}", link)
    answer = sent(link, APPS[name])
    assert SECRET not in answer.text
    browser = Browser()
    browser.open(onward(answer))
    assert "Signed in" in browser.shown
    document = json.loads((tmp_path / "signed-in" / f"{LABELS[name]}.json").read_text())
    assert document["facts"]["connector"] == name
    assert document["secrets"]["client_secret"] == SECRET
    assert httpx.get(link).status_code == 410


def test_the_accounts_of_a_colleagues_file_stay(servers: Servers, offers: Offers, tmp_path: Path) -> None:
    """The id that connections.toml has stands in the form, and its accounts remain the only ones."""
    written = (
        '[linkedin]\nconnector = "linkedin_ads"\nclient_id = "sandbox-client"\naccounts = ["linkedin:5"]\n'
    )
    (tmp_path / "connections.toml").write_text(written)
    link = offers.link(replace(platform(servers, "linkedin_ads"), client_id="sandbox-client"))
    assert 'value="sandbox-client"' in httpx.get(link).text
    Browser().open(onward(sent(link, "sandbox-client")))
    assert (tmp_path / "signed-in" / "linkedin.json").exists()
    assert (tmp_path / "connections.toml").read_text() == written


def test_somebody_says_no(servers: Servers, offers: Offers, tmp_path: Path) -> None:
    """A refusal is said on the page; nothing is kept, and the link is over."""
    link = offers.link(platform(servers, "amazon_ads"))
    browser = Browser(press="refuse")
    browser.open(onward(sent(link, APPS["amazon_ads"])))
    assert "Not signed in" in browser.shown
    assert not (tmp_path / "signed-in").exists()
    assert httpx.get(link).status_code == 410


def test_a_wrong_secret_is_said_and_not_shown(servers: Servers, offers: Offers, tmp_path: Path) -> None:
    """The page says what to check; what was typed is in no page."""
    link = offers.link(platform(servers, "linkedin_ads"))
    browser = Browser()
    answer = sent(link, "sandbox-client", "mistyped-secret")
    browser.open(onward(answer))
    assert "check the client id and secret" in browser.shown
    assert "mistyped-secret" not in answer.text + browser.shown + onward(answer)
    assert not (tmp_path / "signed-in").exists()


def test_half_a_form_is_asked_again(servers: Servers, offers: Offers) -> None:
    """Nobody is sent to a platform with half of what it takes."""
    link = offers.link(platform(servers, "linkedin_ads"))
    answer = sent(link, "sandbox-client", " ")
    assert "Both are needed" in answer.text
    assert not REFRESH.search(answer.text)


def test_a_link_ends(servers: Servers, offers: Offers, clock: Clock) -> None:
    """After ten minutes it opens nothing, also for a form that was open before."""
    link = offers.link(platform(servers, "linkedin_ads"))
    check = CHECK.findall(httpx.get(link).text)[0]
    clock.now += LIVES
    assert httpx.get(link).status_code == 410
    assert httpx.post(link, data={"check": check, "client_id": "a", "client_secret": "b"}).status_code == 410


def test_only_the_link_opens_the_form(servers: Servers, offers: Offers) -> None:
    """Neither a guess nor a part of it, nor another host's name, nor the address without it."""
    link = offers.link(platform(servers, "linkedin_ads"))
    root = link.partition("/sign-in/")[0]
    for wrong in (f"{link}x", link[:-1], f"{root}/sign-in/", f"{root}/sign-in/é"):
        assert httpx.get(wrong).status_code == 410
    assert httpx.get(f"{root}/").status_code == 404
    assert httpx.get(link, headers={"Host": "evil.example"}).status_code == 421


def test_only_its_own_form_is_taken(servers: Servers, offers: Offers) -> None:
    """A form of another page, with a wrong check or none, starts nothing."""
    link = offers.link(platform(servers, "linkedin_ads"))
    page = httpx.get(link)
    form = {"check": CHECK.findall(page.text)[0], "client_id": "sandbox-client", "client_secret": SECRET}
    assert page.headers["cache-control"] == "no-store"
    for headers, changed in (
        ({"Origin": "https://evil.example"}, {}),
        ({"Origin": "null"}, {}),
        ({}, {"check": "guessed"}),
        ({}, {"check": ""}),
    ):
        answer = httpx.post(link, data={**form, **changed}, headers=headers)
        assert (answer.status_code, bool(REFRESH.search(answer.text))) == (403, False)
    assert httpx.post(link, data=form, headers={"Origin": link.partition("/sign-in/")[0]}).is_success
    query = f"{link}?check={form['check']}&client_id=a&client_secret=b"
    assert not REFRESH.search(httpx.get(query).text)


def test_another_sign_ins_answer(servers: Servers, offers: Offers, tmp_path: Path) -> None:
    """A code that comes with a state of nobody's is not exchanged, and the link stays good."""
    link = offers.link(platform(servers, "linkedin_ads"))
    page = onward(sent(link, "sandbox-client"))
    browser = Browser(changed=lambda address: re.sub("state=[^&]*", "state=x", address))
    browser.open(page)
    assert "This link has ended" in browser.shown
    assert not (tmp_path / "signed-in").exists()
    assert httpx.get(link).is_success


def test_two_people_at_once(servers: Servers, offers: Offers, tmp_path: Path) -> None:
    """Each answer belongs to the link whose form led to it."""
    links = {name: offers.link(platform(servers, name)) for name in PLATFORMS}
    assert len(set(links.values())) == len(PLATFORMS)
    pages = {name: onward(sent(link, APPS[name])) for name, link in links.items()}
    for page in reversed(pages.values()):
        Browser().open(page)
    assert {path.stem for path in (tmp_path / "signed-in").glob("*.json")} == set(LABELS.values())


def test_a_taken_port_gives_no_link(servers: Servers, offers: Offers, tmp_path: Path) -> None:
    """Where another program has the port there is only the command line; nothing is half open."""
    taken = int(re.findall(r":(\d+)/", offers.link(platform(servers, "linkedin_ads")))[0])
    others = Offers(tmp_path, "off", taken)
    assert others.link(platform(servers, "linkedin_ads")) == ""
    others.close()


def test_half_an_id_is_asked_again(servers: Servers, offers: Offers) -> None:
    """What cannot be an app's id leads to no page of the platform."""
    answer = sent(offers.link(platform(servers, "facebook_marketing")), "half-an-id")
    assert "an app id is a number" in answer.text
    assert not REFRESH.search(answer.text)


def test_a_server_that_changes_nothing_asks_to_read(servers: Servers, tmp_path: Path) -> None:
    """With MCP_ADS_WRITES=off nobody is asked for more than that takes."""
    offers = Offers(tmp_path, "off", 0, scopes="read")
    page = onward(sent(offers.link(platform(servers, "linkedin_ads")), "sandbox-client"))
    offers.close()
    assert "scope=r_ads%20r_ads_reporting" in page
    assert "rw_ads" not in page


def test_one_link_for_a_connection(servers: Servers, offers: Offers, tmp_path: Path, clock: Clock) -> None:
    """However often it is asked for, the link somebody fills in stays the one; its time begins anew."""
    linkedin = platform(servers, "linkedin_ads")
    link = offers.link(linkedin)
    answer = sent(link, "sandbox-client")
    clock.now += LIVES - 1
    assert {offers.link(linkedin) for _ in range(50)} == {link}
    assert offers.link(replace(linkedin, connection="acme")) != link
    clock.now += LIVES - 1
    browser = Browser()
    browser.open(onward(answer))
    assert "Signed in" in browser.shown
    assert offers.link(linkedin) != link


def test_which_connection_it_is(servers: Servers, offers: Offers, tmp_path: Path) -> None:
    """The form says as which connection, the last page how its accounts are limited, where they are not."""
    acme = replace(platform(servers, "linkedin_ads"), connection="acme")
    for written, said in (
        ("", True),
        ('[acme]\nconnector = "linkedin_ads"\naccounts = ["linkedin:5"]\n', False),
    ):
        (tmp_path / "connections.toml").write_text(written)
        link = offers.link(acme)
        assert "becomes the connection acme." in httpx.get(link).text
        browser = Browser()
        browser.open(onward(sent(link, "sandbox-client")))
        assert "Signed in" in browser.shown
        assert ("login linkedin-ads --name acme`" in browser.shown) is said


def test_nobody_else_is_given_way(servers: Servers, offers: Offers, tmp_path: Path) -> None:
    """Only who can read the home may have the port; the word is private, and gone with the page."""
    link = offers.link(platform(servers, "linkedin_ads"))
    root = link.partition("/sign-in/")[0]
    word = tmp_path / "sign-in-page"
    assert word.stat().st_mode & 0o077 == 0
    for form in ({}, {"word": "guessed"}, {"word": ""}):
        assert httpx.post(f"{root}/give-way", data=form).status_code == 403
    known = word.read_text().partition(" ")[2]
    assert httpx.get(f"{root}/give-way?word={known}").status_code == 403
    assert httpx.get(link).is_success
    offers.close()
    assert not word.exists()
