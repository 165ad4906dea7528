"""What a sign-in leaves: one at a time, its allow-list, nothing after logout, and servers that follow it."""

from __future__ import annotations

import asyncio
import json
import os
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from auth.test_vault import Backend
from browsing import Typist, port
from shell import OURS, Shell
from test_login import APPS, FIRST, LISTS, SECOND, SHORT, file_of, kept, refused, sign_in

from mcp_ads import connections
from mcp_ads.auth.signing_in.keeping import keep
from mcp_ads.auth.signing_in.offers import Offers
from mcp_ads.auth.vault import vault
from mcp_ads.engine.door import Engine
from mcp_ads.errors import AdsError, NoRecord, NotConfigured, PlatformDown
from mcp_ads.settings import load
from mcp_ads.sign_ins import SignIns

FACEBOOK, LINKEDIN, AMAZON = APPS
BOTH = pytest.mark.parametrize("what", ["login", "logout"])
DAY = 86_400.0


@dataclass
class Gate:
    """A token endpoint that holds each renewal's answer back until it is opened, and rotates its token."""

    entered: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)
    url: str = ""


@pytest.fixture
def gate(home: Shell) -> Iterator[Gate]:
    """LinkedIn's token endpoint, behind a gate."""
    real, found = os.environ["LINKEDIN_ADS_TOKEN_URL"], Gate()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kind = {"Content-Type": self.headers["Content-Type"]}
            answer = httpx.post(real, content=body, headers=kind).json()
            if b"grant_type=refresh_token" in body:
                found.entered.set()
                found.opened.wait(30)
                answer["refresh_token"] = "rotated-of-the-old-one"
            content = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    home.set(LINKEDIN_ADS_TOKEN_URL=f"http://127.0.0.1:{server.server_port}/oauth/v2/accessToken")
    yield found
    found.opened.set()
    server.shutdown()
    server.server_close()


def engine(*, looks: bool = False) -> Engine:
    """A program that begins now; a server looks at each call who is signed in."""
    settings = load(environ={name: text for name, text in os.environ.items() if name.startswith(OURS)})
    found = Engine(settings)
    found.sign_ins = SignIns(settings, "", page=False) if looks else None
    return found


async def said(server: Engine, connector: str) -> str:
    """What a call of a server ends with: "answered", or the error and its fix."""
    try:
        await server.execute(connector.replace("-", "_"), LISTS[connector], "list", {})
    except AdsError as error:
        return f"{type(error).__name__}: {error}; {error.fix}"
    return "answered"


def pasted(home: Shell, typist: Typist, connector: str, token: str, *more: str) -> tuple[int, str, str]:
    """A login by a pasted token."""
    typist.types("", "", "", secrets=[token])
    return home.run("login", connector, "--token", *more)


def while_renewing(home: Shell, typist: Typist, gate: Gate, what: str) -> tuple[tuple[int, str, str], str]:
    """What a command ended with that ran while a server renewed, and what the server's call ended with."""

    async def both() -> tuple[tuple[int, str, str], str]:
        server = engine()
        try:
            call = asyncio.create_task(said(server, LINKEDIN))
            await asyncio.to_thread(gate.entered.wait, 30)
            ended = await asyncio.to_thread(
                lambda: (
                    home.run("logout", "linkedin") if what == "logout" else sign_in(home, typist, LINKEDIN)
                )
            )
            gate.opened.set()
            return ended, await call
        finally:
            await server.close()

    return asyncio.run(both())


def test_a_default_alone_keeps_the_allow_list(home: Shell, typist: Typist) -> None:
    """Signing in again with --default alone leaves the accounts that may be used, and refuses another."""
    both = f"facebook:{FIRST[FACEBOOK]},facebook:{SECOND[FACEBOOK]}"
    assert sign_in(home, typist, FACEBOOK, "--accounts", both, choice=())[0] == 0
    code, out, err = sign_in(home, typist, FACEBOOK, "--default", f"facebook:{SECOND[FACEBOOK]}", choice=())
    assert code == 0, err
    assert "every account" not in out
    written = connections.read(home.home)["facebook"]
    assert (written.accounts, written.default_account) == (
        (FIRST[FACEBOOK], SECOND[FACEBOOK]),
        SECOND[FACEBOOK],
    )
    assert sign_in(home, typist, FACEBOOK, "--accounts", f"facebook:{FIRST[FACEBOOK]}", choice=())[0] == 0
    before = (home.home / "connections.toml").read_text()
    ended = sign_in(home, typist, FACEBOOK, "--default", f"facebook:{SECOND[FACEBOOK]}", choice=())
    refused(ended, "is not among the accounts that may be used", code=2)
    assert (home.home / "connections.toml").read_text() == before


def test_connections_saved_at_once_are_all_there(home: Shell) -> None:
    """Two that change connections.toml at the same time lose nothing of each other."""

    def saved(who: str) -> None:
        for number in range(15):
            name = f"{who}-{number}"
            connections.save(home.home, connections.Connection(name, "facebook_marketing", accounts=("1",)))

    several = [threading.Thread(target=saved, args=(who,)) for who in ("acme", "beta")]
    for thread in several:
        thread.start()
    for thread in several:
        thread.join()
    assert len(connections.read(home.home)) == 30


@BOTH
def test_a_renewal_under_way_is_waited_for(
    home: Shell, typist: Typist, gate: Gate, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Who cannot wait for a renewal of the same sign-in changes nothing, and is told to try again."""
    assert sign_in(home, typist, LINKEDIN)[0] == 0
    monkeypatch.setattr("mcp_ads.auth.signing_in.keeping.WAITS", 0.0)
    serial = kept(home, "linkedin")["serial"]
    ended, answer = while_renewing(home, typist, gate, what)
    assert ended[0] == 1
    assert "another process renews or changes the sign-in of linkedin" in ended[2]
    assert answer == "answered"
    assert (kept(home, "linkedin")["serial"], kept(home, "linkedin")["refresh_token"]) == (
        serial,
        "rotated-of-the-old-one",
    )


def test_a_call_cancelled_while_renewing_loses_no_token(home: Shell, typist: Typist, gate: Gate) -> None:
    """The answer may have ended the old refresh token: the new one is kept, and the next call uses it."""
    assert sign_in(home, typist, LINKEDIN)[0] == 0

    async def given_up() -> None:
        server = engine()
        try:
            call = asyncio.create_task(said(server, LINKEDIN))
            await asyncio.to_thread(gate.entered.wait, 30)
            call.cancel()
            await asyncio.sleep(0.01)
            gate.opened.set()
            with pytest.raises(asyncio.CancelledError):
                await call
            assert asyncio.all_tasks() == {asyncio.current_task()}
        finally:
            await server.close()

    asyncio.run(given_up())
    assert kept(home, "linkedin")["refresh_token"] == "rotated-of-the-old-one"


@BOTH
def test_a_renewal_that_ends_late_changes_nothing(
    home: Shell, typist: Typist, gate: Gate, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Where no file can be locked, a renewal still does not undo a login or logout meanwhile."""
    assert sign_in(home, typist, LINKEDIN)[0] == 0
    old = kept(home, "linkedin")["serial"]

    def impossible(_: Path) -> AbstractContextManager[None]:
        raise OSError(None, "no locks here")

    monkeypatch.setattr("mcp_ads.auth.vault.locked", impossible)
    ended, answer = while_renewing(home, typist, gate, what)
    assert ended[0] == 0, ended[2]
    if what == "login":
        now = kept(home, "linkedin")
        assert now["serial"] != old
        assert now["refresh_token"] != "rotated-of-the-old-one"
    else:
        assert "nobody is signed in as linkedin any more; run `" in answer
        assert not file_of(home, "linkedin").exists()
        assert not list((home.home / "tokens").glob("*.json"))


def test_an_exchange_does_not_bring_a_sign_in_back(home: Shell, typist: Typist) -> None:
    """A server that is about to exchange Facebook's token after a logout refuses, and writes nothing."""
    assert sign_in(home, typist, FACEBOOK)[0] == 0
    place = vault(home.home)
    found = place.read("facebook")
    assert found
    place.write("facebook", replace(found, access_ends=time.time() + 20 * DAY))

    async def calls() -> str:
        server = engine()
        assert server.session("facebook_marketing").credentials
        await asyncio.to_thread(home.run, "logout", "facebook")
        try:
            return await said(server, FACEBOOK)
        finally:
            await server.close()

    assert "nobody is signed in as facebook any more" in asyncio.run(calls())
    assert not file_of(home, "facebook").exists()


@pytest.mark.parametrize("connector", [FACEBOOK, LINKEDIN])
def test_a_running_server_follows_the_sign_in(home: Shell, typist: Typist, connector: str) -> None:
    """A token that is refused, a logout, a new login: a running server does what was last done."""
    assert pasted(home, typist, connector, "sandbox-good")[0] == 0
    file = file_of(home, SHORT[connector])

    async def calls() -> list[str]:
        server = engine(looks=True)
        found = [await said(server, connector)]
        file.write_text(file.read_text().replace("sandbox-good", "sandbox-expired"))
        found.append(await said(server, connector))
        assert (await asyncio.to_thread(pasted, home, typist, connector, "sandbox-other"))[0] == 0
        found.append(await said(server, connector))
        assert (await asyncio.to_thread(home.run, "logout", SHORT[connector]))[0] == 0
        found.append(await said(server, connector))
        again = await asyncio.to_thread(sign_in, home, typist, connector)
        assert again[0] == 0, again[2]
        found.append(await said(server, connector))
        await server.close()
        return found

    first, refusal, signed_in, over, again = asyncio.run(calls())
    assert (first, signed_in, again) == ("answered",) * 3
    assert refusal.startswith("AuthError")
    assert over.startswith("NotConfigured")
    assert f"login {connector}" in over


@pytest.mark.parametrize("connector", list(APPS))
def test_what_one_began_another_does_not_go_on_with(home: Shell, typist: Typist, connector: str) -> None:
    """A program that goes on with a connection refuses once somebody else has signed in under its name."""
    assert sign_in(home, typist, connector)[0] == 0
    file = file_of(home, SHORT[connector])

    async def calls() -> tuple[str, str]:
        program = engine()
        before = await said(program, connector)
        document = json.loads(file.read_text())
        document["facts"]["who"] = "Grace Hopper"
        file.write_text(json.dumps(document))
        after = await said(program, connector)
        await program.close()
        return before, after

    before, after = asyncio.run(calls())
    assert before == "answered"
    assert f"meanwhile somebody else has signed in as {SHORT[connector]}" in after


@pytest.mark.parametrize("connector", [LINKEDIN, AMAZON])
def test_logout_leaves_no_token(home: Shell, typist: Typist, connector: str) -> None:
    """Access tokens that were got with a sign-in are gone with it, and with a sign-in in its place."""
    for _ in range(2):
        assert sign_in(home, typist, connector)[0] == 0
        assert not list((home.home / "tokens").glob("*.json"))
        assert home.run("call", connector, LISTS[connector], "list")[0] == 0
        assert len(list((home.home / "tokens").glob("*.json"))) == 1
    code, out, err = home.run("logout", connector)
    assert code == 0, err
    assert out.startswith(f"{SHORT[connector]}: forgotten")
    assert not [path for path in home.home.rglob("*.json") if "token" in path.read_text()]


@pytest.mark.parametrize("what", ["login", "logout"])
def test_a_token_that_does_not_say_what_it_is_of(home: Shell, typist: Typist, what: str) -> None:
    """One that an earlier version kept, or that is damaged, is gone after a logout and a new login too."""
    assert sign_in(home, typist, LINKEDIN)[0] == 0
    assert home.run("call", LINKEDIN, LISTS[LINKEDIN], "list")[0] == 0
    (file,) = (home.home / "tokens").glob("*.json")
    document = json.loads(file.read_text())
    del document["of"]
    file.write_text(json.dumps(document))
    file.with_name("0123456789abcdef0123.json").write_text("damage")
    file.with_name("of another program.json").write_text("{}")
    ended = home.run("logout", "linkedin") if what == "logout" else sign_in(home, typist, LINKEDIN)
    assert ended[0] == 0, ended[2]
    assert [path.name for path in file.parent.glob("*.json")] == ["of another program.json"]


def test_an_unnamed_sign_in_is_not_gone_on_with_after_another(home: Shell, typist: Typist) -> None:
    """Amazon says no name: a program that goes on refuses once there was another sign-in on the same app."""
    assert sign_in(home, typist, AMAZON)[0] == 0
    assert kept(home, "amazon")["who"] == ""

    async def calls() -> tuple[str, str]:
        program = engine()
        before = await said(program, AMAZON)
        again = await asyncio.to_thread(sign_in, home, typist, AMAZON)
        assert again[0] == 0, again[2]
        after = await said(program, AMAZON)
        await program.close()
        return before, after

    before, after = asyncio.run(calls())
    assert before == "answered"
    assert "meanwhile somebody else has signed in as amazon" in after


@pytest.mark.slow
@pytest.mark.parametrize("connector", [LINKEDIN, AMAZON])
def test_a_renewal_does_not_go_on_beside_another(
    home: Shell, typist: Typist, monkeypatch: pytest.MonkeyPatch, connector: str
) -> None:
    """While another process holds the renewal too long, a call asks for no token and says to call again."""
    assert sign_in(home, typist, connector)[0] == 0
    monkeypatch.setattr("mcp_ads.auth.renewing.NEIGHBOURS", 0.2)
    before = kept(home, SHORT[connector])

    async def calls() -> tuple[str, str]:
        program = engine()
        with vault(home.home).locked(SHORT[connector]):
            held = await said(program, connector)
        free = await said(program, connector)
        await program.close()
        return held, free

    held, free = asyncio.run(calls())
    assert held == "PlatformDown: another process renews the access token, and is not done yet; call again"
    assert free == "answered"
    assert kept(home, SHORT[connector])["serial"] == before["serial"]


def test_a_check_of_a_secret_waits_for_a_renewal(
    home: Shell, typist: Typist, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another process holds the renewal, Facebook's token is not exchanged beside it, which is said."""
    assert sign_in(home, typist, FACEBOOK)[0] == 0
    monkeypatch.setattr("mcp_ads.auth.renewing.NEIGHBOURS", 0.2)
    before = kept(home, "facebook")

    async def renews() -> None:
        program = engine()
        try:
            await program.session("facebook_marketing").renew()
        finally:
            await program.close()

    with (
        vault(home.home).locked("facebook"),
        pytest.raises(PlatformDown, match="another process renews the access token"),
    ):
        asyncio.run(renews())
    assert kept(home, "facebook") == before


@pytest.mark.slow
def test_logout_says_the_end_that_login_said(home: Shell, typist: Typist) -> None:
    """The end of a consent is what counts, also where only the facts of a sign-in are looked at."""
    for connector in APPS:
        end = sign_in(home, typist, connector)[1].split("until ")[1][:10]
        assert end in home.run("accounts")[1]
        assert f"until {end}" in home.run("logout", connector)[2]


@pytest.mark.slow
def test_logout_without_the_keyring_that_has_the_secrets(
    home: Shell, typist: Typist, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With MCP_ADS_KEYRING=off a logout of what the keyring has is refused; with it on, nothing is left."""
    folder = tmp_path / "ring"
    folder.mkdir()
    backend = Backend(folder, monkeypatch)
    monkeypatch.setattr("mcp_ads.auth.keyring.QUICK", 30.0)
    home.set(MCP_ADS_KEYRING="auto")
    assert sign_in(home, typist, LINKEDIN)[0] == 0
    assert home.run("call", "linkedin_ads", "accounts", "list")[0] == 0
    assert len(backend.kept) == 2
    home.set(MCP_ADS_KEYRING="off")
    refused(home.run("logout", "linkedin"), "are in the keyring, and MCP_ADS_KEYRING=off")
    assert file_of(home, "linkedin").exists()
    home.set(MCP_ADS_KEYRING="auto")
    backend.mode("locked")
    refused(home.run("logout", "linkedin"), "the keyring does not let the secrets of")
    assert file_of(home, "linkedin").exists()
    backend.mode("works")
    assert home.run("logout", "linkedin")[0] == 0
    assert backend.kept == {}
    assert not file_of(home, "linkedin").exists()


@pytest.mark.slow
def test_a_login_without_the_keyring_of_the_one_before(
    home: Shell,
    typist: Typist,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """With MCP_ADS_KEYRING=off a new login is kept in a file; what the keyring still has is said."""
    folder = tmp_path / "ring"
    folder.mkdir()
    Backend(folder, monkeypatch)
    monkeypatch.setattr("mcp_ads.auth.keyring.QUICK", 30.0)
    home.set(MCP_ADS_KEYRING="auto")
    assert sign_in(home, typist, LINKEDIN)[0] == 0
    assert home.run("call", "linkedin_ads", "accounts", "list")[0] == 0
    home.set(MCP_ADS_KEYRING="off")
    code, _, err = sign_in(home, typist, LINKEDIN)
    assert code == 0, err
    assert kept(home, "linkedin")["access_token"]
    assert "the keyring still has its former secrets" in caplog.text
    assert "access tokens of the sign-in before stay until they end" in caplog.text
    assert home.run("call", "linkedin_ads", "accounts", "list")[0] == 0


@pytest.mark.parametrize("token", ["sandbox-é", "sandbox-\u200b", "sandbox-ß"])
def test_a_token_of_other_letters(home: Shell, typist: Typist, token: str) -> None:
    """A token or secret with letters that none has is refused in a line, and nothing is sent or stored."""
    for connector in (FACEBOOK, LINKEDIN):
        refused(pasted(home, typist, connector, token), "letters no token has", code=2)
    typist.types(APPS[AMAZON], "", "", "", secrets=[token, "sandbox-secret"])
    code, _, err = home.run("login", AMAZON, "--port", port())
    assert code == 0, err
    assert "plain letters only" in err
    home.set(FACEBOOK_MARKETING_CLIENT_ID=APPS[FACEBOOK], FACEBOOK_MARKETING_CLIENT_SECRET=token)
    refused(sign_in(home, typist, FACEBOOK), "FACEBOOK_MARKETING_CLIENT_SECRET", code=2)


def test_a_page_takes_no_secret_of_other_letters(home: Shell) -> None:
    """The form of a sign-in page comes again with what is wrong."""
    offers = Offers(home.home, "off", 0)
    platform = engine().settings.platforms["linkedin_ads"]
    link = offers.link(platform)
    check = httpx.get(link).text.split('name="check" value="')[1].split('"')[0]
    form = {"check": check, "client_id": APPS[LINKEDIN], "client_secret": "sécret"}
    assert "copy it whole" in httpx.post(link, data=form).text
    offers.close()


def test_another_pasted_token_is_another_sign_in(home: Shell, typist: Typist) -> None:
    """What was kept of the accounts of one pasted token is not shown for the next one."""
    found = []
    for token in ("sandbox-systemuser-1", "sandbox-systemuser-2"):
        assert pasted(home, typist, FACEBOOK, token)[0] == 0
        found.append(engine().session("facebook_marketing").identity)
    assert found[0] != found[1]


@pytest.mark.skipif(os.name != "posix", reason="there are no modes of files")
def test_a_sign_in_that_others_could_read(
    home: Shell, typist: Typist, caplog: pytest.LogCaptureFixture
) -> None:
    """Its file is made private again, and whoever may have read it is named as a reason to sign in again."""
    assert sign_in(home, typist, FACEBOOK)[0] == 0
    file_of(home, "facebook").chmod(0o644)
    assert home.run("call", FACEBOOK, LISTS[FACEBOOK], "list")[0] == 0
    assert "other users of this machine could read its file" in caplog.text
    assert stat.S_IMODE(file_of(home, "facebook").stat().st_mode) == 0o600


def test_a_table_renamed_during_a_sign_in_is_not_passed_by(home: Shell, typist: Typist) -> None:
    """The accounts of the old table stay a limit: nothing is kept, and both names are said."""
    sign_in(home, typist, FACEBOOK, "--name", "acme", "--accounts", "facebook:1234567890")
    file = home.home / "connections.toml"
    file.write_text(file.read_text().replace("[acme]", "[acme-corp]"))
    old = vault(home.home, keyring="off").read("acme")
    assert old
    with pytest.raises(
        NoRecord, match=r"\[acme-corp\] has accounts and no credentials, and acme has a sign-in"
    ):
        keep(home.home, vault(home.home, keyring="off"), "acme", replace(old, who="Robin"))
    assert vault(home.home, keyring="off").read("acme") == old
    assert "[acme]" not in file.read_text()


def test_a_page_is_signed_for_only_while_somebody_is_signed_in(home: Shell, typist: Typist) -> None:
    """A page's token got with a sign-in serves until the logout, and is kept nowhere."""
    assert sign_in(home, typist, FACEBOOK)[0] == 0
    page = {"page_id": "104857600000001"}

    async def calls() -> tuple[int, str]:
        program = engine()
        forms = await program.execute("facebook_marketing", "lead_forms", "list", page)
        assert (await asyncio.to_thread(home.run, "logout", "facebook"))[0] == 0
        with pytest.raises(NotConfigured) as caught:
            await program.execute("facebook_marketing", "lead_forms", "list", page)
        await program.close()
        return len(forms.data), str(caught.value)

    found, over = asyncio.run(calls())
    assert found == 2
    assert "nobody is signed in as facebook any more" in over
    assert not [path for path in home.home.rglob("*.json*") if "sandbox-page" in path.read_text()]
