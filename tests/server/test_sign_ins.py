"""Signing in from inside a client: what a call without credentials is answered, and what happens after it."""

from __future__ import annotations

import re
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from html import unescape
from pathlib import Path

import httpx
import pytest
from agent import Agent
from anyio import to_thread
from browsing import CHECK, REFRESH, Browser, Typist
from fastmcp import Client
from fastmcp.client.transports import StdioTransport
from shell import Shell, environment

from mcp_ads import serving
from mcp_ads.engine.door import Engine
from mcp_ads.sandbox.ports import Servers
from mcp_ads.server import build_server
from mcp_ads.settings import load
from mcp_ads.sign_ins import SignIns
from mcp_ads.situation import program

pytestmark = pytest.mark.anyio
LINK = re.compile(r"http://localhost:\d+/sign-in/[\w-]+")
CONNECTORS = {
    "facebook_marketing": ("1029384756102939", "ad_accounts", "1234567890"),
    "linkedin_ads": ("sandbox-client", "accounts", "512345678"),
    "amazon_ads": ("amzn1.application-oa2-client.sandbox", "profiles", "3312345678901234"),
}
PLACES = ("_BASE_URL", "_AUTH_URL", "_TOKEN_URL")


def variables(servers: Servers, home: Path, **more: str) -> dict[str, str]:
    """The make-believe platforms without any credentials."""
    given = {name: value for name, value in servers.ports.variables().items() if name.endswith(PLACES)}
    return {**given, "MCP_ADS_HOME": str(home), "MCP_ADS_KEYRING": "off", **more}


@asynccontextmanager
async def serving_here(environ: dict[str, str], *, page: bool = True) -> AsyncIterator[Agent]:
    """A server of these variables that runs in this process, as `serve` makes it."""
    settings = load(environ=environ)
    engine = Engine(settings)
    engine.sign_ins = sign_ins = SignIns(settings, "", page=page)
    try:
        async with Client(build_server(settings, engine)) as client:
            yield Agent(client)
    finally:
        sign_ins.close()


@pytest.fixture
def any_port(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page takes a free port: tests that run beside each other would want the same one."""
    monkeypatch.setattr("mcp_ads.sign_ins.SIGN_IN_PORT", 0)


def sign_in(link: str, client_id: str) -> str:
    """Fill in the form of a link, agree, come back: what the browser shows at last."""
    form = {"check": CHECK.findall(httpx.get(link).text)[0], "client_id": client_id}
    sent = httpx.post(link, data={**form, "client_secret": "sandbox-secret"})
    browser = Browser()
    browser.open(unescape(REFRESH.findall(sent.text)[0]))
    return browser.shown


@pytest.mark.parametrize("connector", list(CONNECTORS))
async def test_a_link_a_browser_and_the_same_call(
    servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, any_port: None, connector: str
) -> None:
    """Without credentials the answer has a link; after it the same call works, in the same server."""
    environ = variables(servers, tmp_path)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    client_id, entity, account = CONNECTORS[connector]
    async with serving_here(environ) as agent:
        refused = await agent.wrong(f"{connector}_execute", entity=entity, action="list")
        assert refused.startswith("ERROR NotConfigured")
        assert f"`{program()} login {connector.replace('_', '-')}`" in refused
        (link,) = LINK.findall(refused)
        assert "while this server runs" in refused
        assert "Signed in" in await to_thread.run_sync(sign_in, link, client_id)
        assert account in await agent.good(f"{connector}_execute", entity=entity, action="list")
        assert account in await agent.good("ads_describe")


async def test_a_write_is_answered_so_too(servers: Servers, tmp_path: Path, any_port: None) -> None:
    """A change that cannot even be planned says how to sign in."""
    async with serving_here(variables(servers, tmp_path)) as agent:
        params = {"account_id": "1234567890", "name": "New", "objective": "OUTCOME_TRAFFIC"}
        answer = await agent.wrong(
            "facebook_marketing_execute", entity="campaigns", action="create", params=params
        )
    assert LINK.search(answer)


async def test_a_login_in_a_shell_is_noticed(
    servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, any_port: None
) -> None:
    """Whoever runs the command instead of opening the link need not restart anything either."""
    environ = variables(servers, tmp_path)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    async with serving_here(environ, page=False) as agent:
        refused = await agent.wrong("linkedin_ads_execute", entity="accounts", action="list")
        assert not LINK.search(refused)
        async with serving_here(environ) as other:
            (link,) = LINK.findall(
                await other.wrong("linkedin_ads_execute", entity="accounts", action="list")
            )
            await to_thread.run_sync(sign_in, link, "sandbox-client")
        assert "512345678" in await agent.good("linkedin_ads_execute", entity="accounts", action="list")


@pytest.mark.slow
async def test_a_login_at_the_port_of_the_page(
    servers: Servers,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    any_port: None,
) -> None:
    """The server gives way to the command that its answer names, and has its page again after it."""
    monkeypatch.setattr("mcp_ads.auth.signing_in.offers.AGAIN", 0.5)
    shell = Shell(tmp_path / "home", tmp_path, monkeypatch, capsys)
    typist = Typist(monkeypatch, capsys)
    environ = variables(servers, shell.home)
    shell.set(**environ)
    async with serving_here(environ) as agent:
        refused = await agent.wrong("facebook_marketing_execute", entity="ad_accounts", action="list")
        other = LINK.findall(await agent.wrong("linkedin_ads_execute", entity="accounts", action="list"))[0]
        (port,) = set(re.findall(r"localhost:(\d+)/", refused))
        typist.types("1029384756102939", "", "", "", secrets=["sandbox-secret"])
        words = ("login", "facebook-marketing", "--port", port)
        code, _, err = await to_thread.run_sync(partial(shell.run, *words))
        assert code == 0, err
        assert "1234567890" in await agent.good(
            "facebook_marketing_execute", entity="ad_accounts", action="list"
        )
        assert "Signed in" in await to_thread.run_sync(patiently, other)
        assert "512345678" in await agent.good("linkedin_ads_execute", entity="accounts", action="list")


def patiently(link: str) -> str:
    """Sign in at a page that comes back in a moment."""
    for _ in range(100):
        try:
            return sign_in(link, "sandbox-client")
        except httpx.ConnectError:
            time.sleep(0.1)
    raise AssertionError(link)


async def test_what_cannot_be_read_is_no_news(
    servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, any_port: None
) -> None:
    """A connections.toml that somebody is still writing leaves the server as it is."""
    environ = variables(servers, tmp_path)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    async with serving_here(environ) as agent:
        (tmp_path / "connections.toml").write_text("[half")
        answer = await agent.wrong("linkedin_ads_execute", entity="accounts", action="list")
        assert answer.startswith("ERROR NotConfigured")


@pytest.mark.parametrize(
    ("words", "more", "private"),
    [
        ([], {}, True),
        (["--transport", "http"], {}, True),
        (["--transport", "sse", "--host", "::1"], {}, True),
        (["--transport", "http", "--host", "0.0.0.0"], {"MCP_ADS_HTTP_TOKEN": "t" * 20}, False),
        (["--transport", "http"], {"MCP_ADS_HTTP_ALLOWED_HOSTS": "ads.example.com"}, False),
    ],
)
def test_never_where_others_reach_the_server(words: list[str], more: dict[str, str], private: bool) -> None:
    """The page is for whoever sits at this machine: not where the server is reached from elsewhere."""
    assert serving.is_private(serving.parse(words), load(environ=more)) is private


async def test_it_can_be_switched_off(servers: Servers, tmp_path: Path) -> None:
    """MCP_ADS_SIGN_IN_PAGE=off leaves the command; any other word stops the start."""
    async with serving_here(variables(servers, tmp_path, MCP_ADS_SIGN_IN_PAGE="off")) as agent:
        answer = await agent.wrong("linkedin_ads_execute", entity="accounts", action="list")
    assert not LINK.search(answer)
    assert " login linkedin-ads`" in answer


@pytest.mark.slow
async def test_a_server_of_a_client(servers: Servers, tmp_path: Path) -> None:
    """As a client starts it, over stdio: a link where the port is free, and the command in any case."""
    environ = environment(variables(servers, tmp_path / "home"))
    transport = StdioTransport(sys.executable, ["-m", "mcp_ads", "serve"], env=environ, cwd=str(tmp_path))
    async with Client(transport) as client:
        agent = Agent(client)
        refused = await agent.wrong("linkedin_ads_execute", entity="accounts", action="list")
        assert " login linkedin-ads`" in refused
        for link in LINK.findall(refused):
            assert "Signed in" in await to_thread.run_sync(sign_in, link, "sandbox-client")
            assert "512345678" in await agent.good("linkedin_ads_execute", entity="accounts", action="list")


async def test_a_second_server_says_why_it_has_no_link(
    servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the port is taken the answer says so, and the command it names works all the same."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr("mcp_ads.sign_ins.SIGN_IN_PORT", port)
        async with serving_here(variables(servers, tmp_path)) as agent:
            answer = await agent.wrong("linkedin_ads_execute", entity="accounts", action="list")
    assert not LINK.search(answer)
    assert f"no link: port {port} is taken" in answer


async def test_a_plan_without_credentials_any_more(
    servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, any_port: None
) -> None:
    """Applying a plan whose sign-in was taken away says where to sign in too."""
    environ = variables(servers, tmp_path)
    params = {"account_id": "1234567890", "name": "New", "objective": "OUTCOME_TRAFFIC"}
    token = servers.ports.variables()["FACEBOOK_MARKETING_ACCESS_TOKEN"]
    async with serving_here({**environ, "FACEBOOK_MARKETING_ACCESS_TOKEN": token}) as agent:
        plan_id = await agent.plan("facebook_marketing", "campaigns", "create", **params)
    async with serving_here(environ) as agent:
        answer = await agent.wrong("ads_apply", plan_id=plan_id)
    assert LINK.search(answer)
