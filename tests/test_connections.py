"""Several connections of one platform: each call goes out with the credentials whose account it is about."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import people
import pytest
from agent import Agent
from engine_client import AMAZON, FACEBOOK, JAPAN, LINKEDIN, LINKEDIN_US, US, EngineClient
from fastmcp import Client
from shell import Shell

from mcp_ads import connect
from mcp_ads.auth.signed_in import SignedIn
from mcp_ads.auth.vault import vault
from mcp_ads.engine.door import Engine
from mcp_ads.engine.overview import overview
from mcp_ads.engine.wire.authority import Authority, acting
from mcp_ads.errors import AdsError, BadSettings, InvalidParams, NotConfigured, OutOfScope, StalePlan
from mcp_ads.sandbox.ports import Servers
from mcp_ads.server import build_server
from mcp_ads.settings import load

pytestmark = pytest.mark.anyio
A, B = "sandbox-of-acme", "sandbox-of-beta"
LINKEDIN_EU = "523456789"


class Two:
    """Facebook connections against the sandbox on ports, and which token each request came with."""

    def __init__(self, home: Path, servers: Servers, **environ: str) -> None:
        urls = {name: url for name, url in servers.ports.variables().items() if name.endswith("_URL")}
        plain = {"MCP_ADS_SANDBOX": "0", "MCP_ADS_CONNECTORS": "facebook_marketing"}
        self.client = EngineClient(home, {**urls, **plain, **environ}, home)
        self.engine, self.sandbox = self.client.workspace, servers.sandbox.store

    def sent(self) -> int:
        """How many requests have reached the sandbox."""
        return len(self.sandbox.requests())

    async def labels(self, entity: str, action: str, **params: object) -> str:
        """Which connection answered."""
        result = await self.client.do(FACEBOOK, entity, action, **params)
        return str(result.meta.get("connection"))


LISTED = {
    "FACEBOOK_MARKETING__ACME__ACCESS_TOKEN": A,
    "FACEBOOK_MARKETING__ACME__ACCOUNT_IDS": US,
    "FACEBOOK_MARKETING__BETA__ACCESS_TOKEN": B,
    "FACEBOOK_MARKETING__BETA__ACCOUNT_IDS": JAPAN,
}
"""Two clients of an agency, each with one account; either token sees both."""


Make = Callable[..., Two]


@pytest.fixture
async def make(tmp_path: Path, servers: Servers) -> AsyncIterator[Make]:
    """Makes connections that are closed in the end."""
    made: list[Two] = []

    def one(**environ: str) -> Two:
        made.append(Two(tmp_path / "home", servers, **environ))
        return made[-1]

    yield one
    for two in made:
        await two.client.close()


async def _campaign(two: Two, account: str) -> str:
    rows = await two.client.do(FACEBOOK, "campaigns", "list", account_id=account, limit=1)
    return str(rows.data[0]["id"])


async def test_the_account_decides(make: Make) -> None:
    """A call about an account goes out with the credentials of the connection that lists it."""
    two = make(**LISTED)
    assert await two.labels("campaigns", "list", account_id=US, limit=1) == "acme"
    assert await two.labels("campaigns", "list", accountId=f"act_{JAPAN}", limit=1) == "beta"
    two.engine.trace.flush()
    trace = (two.client.home / "trace.jsonl").read_text()
    assert '"facebook_marketing/acme"' in trace
    assert '"facebook_marketing/beta"' in trace


async def test_each_sends_its_own_token(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """No request of one connection carries the other's token."""
    import httpx

    sent: list[tuple[str, str]] = []
    honest = httpx.AsyncHTTPTransport.handle_async_request

    async def watched(self: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        sent.append((str(request.url), request.headers["Authorization"]))
        return await honest(self, request)

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", watched)
    two = make(**LISTED)
    for account in (US, JAPAN):
        await two.client.do(FACEBOOK, "campaigns", "list", account_id=account, limit=1)
    assert {token for url, token in sent if US in url} == {f"Bearer {A}"}
    assert {token for url, token in sent if JAPAN in url} == {f"Bearer {B}"}


async def test_an_object_decides(make: Make) -> None:
    """An id alone goes to the connection whose account owns it, and is asked for once."""
    two = make(**LISTED)
    mine, theirs = await _campaign(two, US), await _campaign(two, JAPAN)
    assert await two.labels("campaigns", "get", campaign_id=mine) == "acme"
    assert await two.labels("campaigns", "get", campaign_id=theirs) == "beta"
    before = two.sent()
    assert await two.labels("campaigns", "get", campaign_id=theirs) == "beta"
    assert two.sent() == before + 1


async def test_many_objects_take_few_requests(make: Make) -> None:
    """Ids of one connection are looked up together, and no other is asked about each of them."""
    rows = await make(FACEBOOK_MARKETING_ACCESS_TOKEN=A).client.do(
        FACEBOOK, "campaigns", "list", account_id=JAPAN, limit=8
    )
    two = make(**LISTED)
    before = two.sent()
    found = await two.client.do(FACEBOOK, "campaigns", "get", campaign_id=[row["id"] for row in rows.data])
    assert (found.meta["connection"], len(found.data)) == ("beta", len(rows.data))
    assert len(rows.data) > 3
    assert two.sent() - before <= len(rows.data) + 6


async def test_objects_of_two_connections_are_two_calls(make: Make) -> None:
    """Ids of both in one call are refused in a line that says whose each is."""
    two = make(**LISTED)
    ids = [await _campaign(two, US), await _campaign(two, JAPAN)]
    with pytest.raises(InvalidParams, match=f"{ids[0]} of acme, {ids[1]} of beta") as refused:
        await two.client.do(FACEBOOK, "campaigns", "get", campaign_id=ids)
    assert "append_to" in refused.value.fix


async def test_a_list_never_leaks_into_another_connection(make: Make) -> None:
    """What beta's list has cannot be reached as acme, listed or not, although its token could."""
    two = make(**LISTED)
    theirs = await _campaign(two, JAPAN)
    tries: list[tuple[str, str, dict[str, object]]] = [
        ("campaigns", "list", {"account_id": JAPAN}),
        ("campaigns", "get", {"campaign_id": theirs}),
        ("campaigns", "update", {"campaign_id": theirs, "name": "Mine"}),
        ("graph", "get", {"path": f"/act_{JAPAN}/campaigns"}),
        ("graph", "get", {"path": f"/{theirs}"}),
        ("ad_accounts", "get", {"account_id": JAPAN}),
    ]
    unlisted = {name: value for name, value in LISTED.items() if "ACME__ACCOUNT" not in name}
    for each in (two, make(**unlisted)):
        for entity, action, params in tries:
            with pytest.raises(OutOfScope):
                await each.client.do(FACEBOOK, entity, action, connection="acme", **params)
        rows = await each.client.do(FACEBOOK, "ad_accounts", "list", connection="acme")
        assert JAPAN not in {str(row["account_id"]) for row in rows.data}
    assert await make(**unlisted).labels("campaigns", "get", campaign_id=theirs) == "beta"


async def test_without_a_list_the_platform_tells(make: Make) -> None:
    """Where no list has an account, the connection to which the platform lists it is meant."""
    two = make(
        FACEBOOK_MARKETING__ACME__ACCESS_TOKEN=f"sandbox-only-{US}",
        FACEBOOK_MARKETING__BETA__ACCESS_TOKEN=f"sandbox-only-{JAPAN}",
    )
    assert await two.labels("campaigns", "list", account_id=US, limit=1) == "acme"
    assert await two.labels("campaigns", "list", account_id=JAPAN, limit=1) == "beta"
    with pytest.raises(Exception, match=r"999 is not there, or no connection may see it \(acme, beta\)"):
        await two.client.do(FACEBOOK, "campaigns", "list", account_id="999")


async def test_a_tie_is_broken_by_name(make: Make) -> None:
    """What two connections reach takes `connection`; the line names both."""
    two = make(FACEBOOK_MARKETING__ACME__ACCESS_TOKEN=A, FACEBOOK_MARKETING__BETA__ACCESS_TOKEN=B)
    with pytest.raises(InvalidParams, match=f"connection: missing; {US} is within reach of acme and beta"):
        await two.client.do(FACEBOOK, "campaigns", "list", account_id=US)
    assert await two.labels("campaigns", "list", account_id=US, limit=1, connection="beta") == "beta"
    mine = str((await two.client.do(
        FACEBOOK, "campaigns", "list", account_id=US, limit=1, connection="acme"
    )).data[0]["id"])  # fmt: skip
    with pytest.raises(InvalidParams, match=f"{mine} is within reach of acme and beta"):
        await two.client.do(FACEBOOK, "campaigns", "get", campaign_id=mine)
    both = make(**LISTED | {"FACEBOOK_MARKETING__BETA__ACCOUNT_IDS": f"{US},{JAPAN}"})
    with pytest.raises(InvalidParams, match=f"{US} is within reach of acme and beta"):
        await both.client.do(FACEBOOK, "campaigns", "list", account_id=US)
    assert await both.labels("campaigns", "list", account_id=US, limit=1, connection="acme") == "acme"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("acne", "connection: 'acne' is none of acme, beta; did you mean acme?"),
        ("facebook", "connection: 'facebook' is none of acme, beta"),
        ("", "connection: the name of one, as text"),
        (["acme"], "connection: the name of one, as text"),
        ({"a": 1}, "connection: the name of one, as text"),
    ],
)
async def test_a_wrong_name_is_a_line(make: Make, name: object, said: str) -> None:
    """A connection that is not there, or no text, is refused and nothing is sent."""
    two = make(**LISTED)
    before = two.sent()
    with pytest.raises(InvalidParams) as refused:
        await two.client.do(FACEBOOK, "campaigns", "list", account_id=US, connection=name)
    assert str(refused.value) == said
    assert two.sent() == before


async def test_one_connection_may_be_named_too(engine_client: EngineClient) -> None:
    """With one connection its name is understood, and another one is a line; answers do not name it."""
    result = await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US, connection="facebook")
    assert "connection" not in result.meta
    with pytest.raises(InvalidParams, match="connection: 'acme' is none of facebook"):
        await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US, connection="acme")


async def test_without_an_account_the_default_is_meant(make: Make) -> None:
    """A list without account is the default connection's; without a default, accounts are listed by name."""
    base = {"FACEBOOK_MARKETING_ACCESS_TOKEN": "sandbox-base", "FACEBOOK_MARKETING_ACCOUNT_IDS": US}
    beta = {name: value for name, value in LISTED.items() if "BETA" in name}
    two = make(**base, **beta)
    assert await two.labels("campaigns", "list", limit=1) == "facebook"
    assert await two.labels("ad_accounts", "list") == "facebook"
    with pytest.raises(InvalidParams) as refused:
        await make(**LISTED).client.do(FACEBOOK, "campaigns", "list")
    first, *lines = refused.value.lines
    assert first == "account_id: missing, and there are several connections: acme, beta"
    assert [line.split("(")[0] for line in lines] == [
        f"  acme: the accounts are {US} ", f"  beta: the accounts are {JAPAN} ",
    ]  # fmt: skip
    with pytest.raises(InvalidParams, match="connection: missing, and there are several connections"):
        await make(**LISTED).client.do(FACEBOOK, "ad_accounts", "list")


async def test_a_cursor_is_its_connections(make: Make) -> None:
    """Rows kept for one connection are not shown to another; with its name the list goes on."""
    two = make(FACEBOOK_MARKETING__ACME__ACCESS_TOKEN=A, FACEBOOK_MARKETING__BETA__ACCESS_TOKEN=B)
    first = await two.client.do(FACEBOOK, "ad_accounts", "list", connection="acme", limit=1)
    cursor = first.meta["cursor"]
    with pytest.raises(InvalidParams, match="cursor: not a cursor of this call"):
        await two.client.do(FACEBOOK, "ad_accounts", "list", connection="beta", limit=1, cursor=cursor)
    more = await two.client.do(FACEBOOK, "ad_accounts", "list", connection="acme", limit=1, cursor=cursor)
    assert more.data[0] != first.data[0]
    assert await two.labels("ad_accounts", "list", limit=1, cursor=cursor) == "acme"
    with pytest.raises(InvalidParams, match="there are several connections"):
        await two.client.do(FACEBOOK, "ad_accounts", "list", limit=1, cursor=f"{cursor}x")


@pytest.mark.slow
async def test_a_plan_is_carried_out_by_the_connection_it_was_made_with(make: Make) -> None:
    """Steps of two connections in one plan: each is sent, logged and undone with its own credentials."""
    two = make(**LISTED)
    mine, theirs = await _campaign(two, US), await _campaign(two, JAPAN)
    plan = await two.client.do(FACEBOOK, "campaigns", "update", campaign_id=mine, name="Renamed by acme")
    plan_id = plan.data["plan_id"]
    assert f'"Spring Sale" in {US} of acme: ' in str(plan.text), plan.text
    plan = await two.client.do(
        FACEBOOK, "campaigns", "update", campaign_id=theirs, name="Renamed by beta", append_to=plan_id
    )
    assert [step["connection"] for step in plan.data["steps"]] == ["acme", "beta"]
    assert "\nconnection: acme, beta\n" in str(plan.text)
    assert f" in {JAPAN} of beta: " in str(plan.text), plan.text
    assert f"{plan.data['plan_id']} (acme, beta)" in await overview(two.engine)
    later = make(**LISTED)
    done = await later.engine.apply(plan.data["plan_id"])
    assert (done.data["state"], done.errors) == ("applied", [])
    assert str(done.text).startswith("APPLIED: 2 of 2 done\nconnection: acme, beta\n1. done: update campaign")
    assert " of acme: " in str(done.text).splitlines()[2]
    lines = [json.loads(line) for line in (later.client.home / "audit.jsonl").read_text().splitlines()]
    assert [(line["connection"], line["id"]) for line in lines if line["outcome"] == "done"] == [
        ("acme", mine), ("beta", theirs),
    ]  # fmt: skip
    undone = await later.engine.apply(done.data["undo"])
    assert [(step["connection"], step["state"]) for step in undone.data["steps"]] == [
        ("beta", "done"), ("acme", "done"),
    ]  # fmt: skip


async def test_a_plan_whose_connection_is_gone_is_refused(make: Make) -> None:
    """Applying a plan of a connection that is not there any more is one line, and nothing is sent."""
    two = make(**LISTED)
    mine = await _campaign(two, US)
    plan = await two.client.do(FACEBOOK, "campaigns", "update", campaign_id=mine, name="New")
    gone = make(**{name: value for name, value in LISTED.items() if "BETA" in name})
    before = gone.sent()
    with pytest.raises(StalePlan, match="made with the connection acme, which is not there any more"):
        await gone.engine.apply(plan.data["plan_id"])
    assert gone.sent() == before
    assert (await make(**LISTED).engine.apply(plan.data["plan_id"])).data["state"] == "applied"


async def test_an_old_plan_is_the_base_connections(make: Make) -> None:
    """A plan without the name of a connection is read, and applied by the base variables' one alone."""
    base = {"FACEBOOK_MARKETING_ACCESS_TOKEN": "sandbox-base"}
    two = make(**base)
    mine = await _campaign(two, US)
    plan_id = (await two.client.do(FACEBOOK, "campaigns", "update", campaign_id=mine, name="Old")).data[
        "plan_id"
    ]
    with pytest.raises(StalePlan, match="made with the connection facebook"):
        await make(FACEBOOK_MARKETING__ACME__ACCESS_TOKEN=A).engine.apply(plan_id)
    beta = {name: value for name, value in LISTED.items() if "BETA" in name}
    assert (await make(**base, **beta).engine.apply(plan_id)).data["state"] == "applied"


async def test_references_stay_within_a_connection(make: Make) -> None:
    """What one connection will make is used by the same one; by another it is a mistake."""
    two = make(**LISTED)
    made: dict[str, object] = {"name": "New", "objective": "OUTCOME_TRAFFIC", "special_ad_categories": []}
    plan = await two.client.do(FACEBOOK, "campaigns", "create", account_id=US, **made)
    plan_id = plan.data["plan_id"]
    rename = {"campaign_id": "@1.id", "name": "Newer", "append_to": plan_id}
    with pytest.raises(InvalidParams, match="that step is one of another connection, acme"):
        await two.client.do(FACEBOOK, "campaigns", "update", connection="beta", **rename)
    assert (await two.labels("campaigns", "update", **rename)) == "acme"


async def test_a_stored_sign_in_is_used(make: Make, tmp_path: Path) -> None:
    """The token of a sign-in is read at the first call and no sooner, and is in no file beside the vault."""
    kept = vault(tmp_path / "home", keyring="off")
    kept.write("acme", SignedIn(FACEBOOK, access_token="sandbox-marked-acme"))
    kept.write("facebook", SignedIn(FACEBOOK, access_token="sandbox-marked-base"))
    two = make(FACEBOOK_MARKETING__ACME__ACCOUNT_IDS=JAPAN)
    assert await two.labels("campaigns", "list", account_id=JAPAN, limit=1) == "acme"
    assert await two.labels("campaigns", "list", account_id=US, limit=1) == "facebook"
    two.engine.trace.flush()
    files = [path for path in two.client.home.rglob("*") if path.is_file() and "signed-in" not in path.parts]
    assert not any(b"sandbox-marked" in path.read_bytes() for path in files)
    kept.forget("acme")
    (two.client.home / "connections.toml").write_text(f'[acme]\nconnector = "{FACEBOOK}"\n')
    later = make(FACEBOOK_MARKETING__ACME__ACCOUNT_IDS=JAPAN)
    with pytest.raises(NotConfigured, match="not configured as acme") as refused:
        await later.client.do(FACEBOOK, "campaigns", "list", account_id=JAPAN)
    assert "mcp-ads login facebook-marketing --name acme" in refused.value.fix


@pytest.mark.parametrize(
    "lists", [LISTED, {name: LISTED[name] for name in LISTED if "ACME__ACCOUNT" not in name}]
)
async def test_a_callers_accounts_narrow_every_connection(make: Make, lists: dict[str, str]) -> None:
    """A token for beta's account reaches it as beta alone, and nothing of acme's."""
    two = make(**lists)
    mine, theirs = await _campaign(two, US), await _campaign(two, JAPAN)
    with acting(Authority("bot", accounts={FACEBOOK: (JAPAN,)})):
        assert await two.labels("campaigns", "list", limit=1) == "beta"
        assert await two.labels("campaigns", "get", campaign_id=theirs) == "beta"
        assert await two.labels("campaigns", "list", account_id=JAPAN, limit=1) == "beta"
        with pytest.raises(OutOfScope):
            await two.client.do(FACEBOOK, "campaigns", "list", account_id=US)
        with pytest.raises(OutOfScope):
            await two.client.do(FACEBOOK, "campaigns", "get", campaign_id=mine)
        for params in ({"account_id": JAPAN}, {"account_id": US}, {}):
            with pytest.raises(InvalidParams, match="connection: 'acme' is none of beta"):
                await two.client.do(FACEBOOK, "campaigns", "list", connection="acme", **params)
    with acting(Authority("bot", accounts={})), pytest.raises(OutOfScope):
        await two.client.do(FACEBOOK, "ad_accounts", "list")


async def test_people_are_exchanged_before_a_connection_is_chosen(make: Make) -> None:
    """With several connections rows about people are as private as with one, also where a call is refused."""
    two = make(**LISTED)
    said = []
    for shape in people.SHAPES.values():
        plan = await two.client.do(FACEBOOK, "custom_audiences", "add_users", **shape)
        assert plan.data["steps"][0]["connection"] == "acme"
        said.append(f"{plan.text} {plan.data}")
    named = {"users": [people.ROW], "connection": people.EMAIL}
    for wrong in (*people.WRONG.values(), named):
        given = {"audience_id": people.AUDIENCE, **wrong}
        with pytest.raises(AdsError) as refused:
            await two.client.do(FACEBOOK, "custom_audiences", "add_users", **given)
        said.append(two.engine.error_text(refused.value))
    two.engine.trace.flush()
    blobs = [path for path in (two.client.home / "blobs").glob("*") if path.is_file()]
    assert len(blobs) == 1
    blobs[0].unlink()
    assert people.found(" ".join(said), two.client.home) == []


async def test_other_platforms_have_several_too(tmp_path: Path, servers: Servers) -> None:
    """LinkedIn's connections get access tokens of their own, and the account decides."""
    urls = {name: url for name, url in servers.ports.variables().items() if name.endswith("_URL")}
    app = {"CLIENT_ID": "sandbox-client", "CLIENT_SECRET": "sandbox-secret"}
    accounts = {"ACME": LINKEDIN_US, "BETA": LINKEDIN_EU}
    named = {
        f"LINKEDIN_ADS__{name}__{key}": value
        for name, account in accounts.items()
        for key, value in {**app, "REFRESH_TOKEN": f"sandbox-refresh-{name}", "ACCOUNT_IDS": account}.items()
    }
    plain = {"MCP_ADS_SANDBOX": "0", "MCP_ADS_CONNECTORS": "linkedin"}
    client = EngineClient(tmp_path / "home", {**urls, **plain, **named}, tmp_path / "home")
    for name, account in accounts.items():
        found = await client.do(LINKEDIN, "campaigns", "list", account_id=account, limit=1)
        assert found.meta["connection"] == name.lower()
        other = "beta" if name == "ACME" else "acme"
        with pytest.raises(OutOfScope):
            await client.do(LINKEDIN, "campaigns", "list", account_id=account, connection=other)
    assert len(list((client.home / "tokens").glob("*.json"))) == 2
    await client.close()


async def test_the_python_api_has_one_connection(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    """`connect(connection=…)` uses that one alone, and what is given by hand is no other connection's."""
    urls = {name: url for name, url in servers.ports.variables().items() if name.endswith("_URL")}
    for name, value in {**urls, **LISTED}.items():
        monkeypatch.setenv(name, value)
    async with connect("facebook", connection="beta") as client:
        found = await client.execute("campaigns", "list", {"account_id": JAPAN, "limit": 1})
        assert "connection" not in found.meta
        with pytest.raises(OutOfScope):
            await client.execute("campaigns", "list", {"account_id": US})
    async with connect("facebook", access_token="sandbox-mine") as client:
        assert (await client.execute("campaigns", "list", {"account_id": US, "limit": 1})).data
        with pytest.raises(InvalidParams):
            await client.execute("campaigns", "list", {"account_id": JAPAN, "connection": "beta"})
    async with connect("facebook") as client:
        found = await client.execute("campaigns", "list", {"account_id": JAPAN, "limit": 1})
        assert found.meta["connection"] == "beta"
    for given in ({"connection": "acne"}, {"account_ids": US}):
        with pytest.raises(BadSettings, match="acme, beta"):
            connect("facebook", **given)


def test_the_doctor_looks_at_each_connection(shell: Shell, servers: Servers, tmp_path: Path) -> None:
    """Findings say whose they are, and a sign-in who it is of."""
    urls = {name: url for name, url in servers.ports.variables().items() if name.endswith("_URL")}
    kept = vault(tmp_path / "home", keyring="off")
    kept.write("gamma", SignedIn(FACEBOOK, access_token="sandbox-gamma", who="Ada"))
    shell.set(**urls, **LISTED, MCP_ADS_KEYRING="off", MCP_ADS_CONNECTORS="facebook")
    _, out, _ = shell.run("doctor", "--json")
    said = {(row["what"], row["text"]) for row in json.loads(out)["findings"]}
    assert (f"{FACEBOOK} (acme)", "configured: FACEBOOK_MARKETING__ACME__ACCESS_TOKEN") in said
    assert (f"{FACEBOOK} (gamma)", "configured: signed in as Ada (user)") in said
    assert {what for what, _ in said if what.endswith(") accounts")} >= {
        *(f"{FACEBOOK} ({name}) accounts" for name in ("acme", "beta", "gamma")),
    }  # fmt: skip


async def test_what_an_agent_is_told(make: Make) -> None:
    """ads_describe has the accounts by connection, the tools say nothing more, and errors name it."""
    two = make(**LISTED)
    server = build_server(two.client.settings, Engine(two.client.settings))
    async with Client(server) as client:
        agent = Agent(client)
        text = await agent.good("ads_describe")
        assert "2 connections (none is the default), named by connection in params" in text
        assert text.index('connection "acme":') < text.index(US) < text.index('connection "beta":')
        assert text.index('connection "beta":') < text.index(JAPAN)
        page = await agent.good("ads_describe", connector=FACEBOOK, entity="campaigns", action="list")
        assert "every action of facebook_marketing also takes connection: acme, beta;" in page
        whole = await agent.good("ads_describe", connector=FACEBOOK)
        assert "every action of facebook_marketing also takes connection: acme, beta;" in whole
        asked = await agent.wrong("ads_describe", connection="acme")
        assert "connection: no such argument; it has connector, entity, action, query; params of" in asked
        wrong = await agent.wrong("facebook_marketing_execute", entity="campaigns", action="list")
        assert re.search(r"\nsignature: campaigns\.list\(account_id\*.*, connection\)", wrong)
        wrong = await agent.wrong(
            "facebook_marketing_execute", entity="campaigns", action="list", params={"connection": "acne"}
        )
        assert "did you mean acme?" in wrong
        found = await agent.table(FACEBOOK, "campaigns", "list", connection="beta", account_id=JAPAN, limit=1)
        assert found.meta["connection"] == "beta"


def test_the_shell_knows_connections(shell: Shell, servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    """`call` takes the connection like any client, and names what is missing."""
    urls = {name: url for name, url in servers.ports.variables().items() if name.endswith("_URL")}
    shell.set(**urls, **LISTED, MCP_ADS_KEYRING="off", MCP_ADS_CONNECTORS="facebook")
    words = ("call", "facebook", "campaigns", "list", "--params")
    code, out, err = shell.run(*words, json.dumps({"account_id": JAPAN, "limit": 1}))
    assert (code, '"connection":"beta"' in out) == (0, True), err
    code, _, err = shell.run(*words, "{}")
    assert code
    assert f"beta: the accounts are {JAPAN}" in err


def test_starting_asks_no_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings with stored sign-ins start no process and read no secret."""
    vault(tmp_path, keyring="off").write("acme", SignedIn(AMAZON, refresh_token="r"))
    monkeypatch.setattr("subprocess.run", lambda *_, **__: pytest.fail("a process was started"))
    settings = load(environ={"MCP_ADS_HOME": str(tmp_path)})
    assert settings.platforms[AMAZON].configured
    assert Engine(settings).connector(AMAZON).name == AMAZON


async def test_steps_of_one_call_go_where_what_they_refer_to_is_made(make: Make) -> None:
    """A reference leads to the connection of the step it means, which is in no plan yet."""
    two = make(**LISTED)
    new = {"account_id": JAPAN, "name": "New", "objective": "OUTCOME_TRAFFIC"}
    steps = [
        {"connector": "facebook", "entity": "campaigns", "action": action, "params": params}
        for action, params in (
            ("create", new),
            ("update", {"campaign_id": "@1.id", "name": "Newer"}),
            ("update", {"campaign_id": await _campaign(two, US), "name": "Other"}),
        )
    ]
    plan = await two.client.do("ads", "plans", "make", steps=steps)
    assert [step["connection"] for step in plan.data["steps"]] == ["beta", "beta", "acme"]
