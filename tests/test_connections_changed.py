"""Connections that change while a server runs or a plan waits: edited, signed in anew or out, half broken."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from engine_client import FACEBOOK, JAPAN, US, break_next
from planning import until

from mcp_ads import sign_ins
from mcp_ads.auth.signed_in import SignedIn
from mcp_ads.auth.vault import vault
from mcp_ads.engine.door import Engine
from mcp_ads.engine.overview import page
from mcp_ads.engine.wire.authority import Authority, acting
from mcp_ads.errors import InvalidParams, NotConfigured, OutOfScope, PolicyError, StalePlan, WritesOff
from mcp_ads.sandbox.ports import Servers
from mcp_ads.settings import load

pytestmark = pytest.mark.anyio
ADA = SignedIn(
    FACEBOOK, client_id="1029384756102938", access_token="sandbox-of-ada", who="Ada", consented=1.0
)
BOB = replace(ADA, access_token="sandbox-of-bob", who="Bob", consented=2.0)


def write(home: Path, **accounts: str) -> None:
    """connections.toml anew: these connections, each with one account or, where it is empty, no list."""
    tables = []
    for name, account in accounts.items():
        listed = f'accounts = ["facebook:{account}"]\n' if account else ""
        tables.append(f'[{name}]\nconnector = "facebook_marketing"\n{listed}')
    (home / "connections.toml").write_text("\n".join(tables))


class Home:
    """A home with sign-ins, and an engine as a server has it: it sees what is changed there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.kept = vault(path, keyring="off")
        self.engine = Engine(load())
        self.engine.sign_ins = sign_ins.SignIns(self.engine.settings, "", page=False)

    async def do(self, entity: str, action: str, **params: Any) -> Any:
        return await self.engine.execute(FACEBOOK, entity, action, params)

    async def campaign(self, account: str) -> str:
        return str((await self.do("campaigns", "list", account_id=account, limit=1)).data[0]["id"])

    async def plan(self, campaign_id: str) -> str:
        made = await self.do("campaigns", "update", campaign_id=campaign_id, name=f"Renamed {uuid4()}")
        return str(made.data["plan_id"])


Make = Callable[..., Home]


@pytest.fixture
async def make(tmp_path: Path, servers: Servers, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Make]:
    """Makes a home in which these are signed in, Ada each, with these accounts."""
    urls = {name: url for name, url in servers.ports.variables().items() if name.endswith("_URL")}
    more = {"MCP_ADS_HOME": str(tmp_path), "MCP_ADS_KEYRING": "off", "MCP_ADS_CONNECTORS": FACEBOOK}
    for name, value in {**urls, **more}.items():
        monkeypatch.setenv(name, value)
    made: list[Home] = []

    def one(**accounts: str) -> Home:
        for name in accounts:
            vault(tmp_path, keyring="off").write(name, ADA)
        write(tmp_path, **accounts)
        made.append(Home(tmp_path))
        return made[-1]

    yield one
    for home in made:
        await home.engine.close()


async def test_an_edited_list_holds_at_once(make: Make) -> None:
    """An account taken out of the file is refused by the running server, and one put in is allowed."""
    home = make(facebook=US)
    mine = await home.campaign(US)
    with pytest.raises(OutOfScope):
        await home.do("campaigns", "list", account_id=JAPAN)
    plan_id = await home.plan(mine)
    write(home.path, facebook=JAPAN)
    with pytest.raises(OutOfScope):
        await home.do("campaigns", "list", account_id=US)
    with pytest.raises(OutOfScope):
        await home.engine.apply(plan_id)
    assert await home.campaign(JAPAN)


@pytest.mark.slow
async def test_an_edit_is_not_passed_by_while_a_change_is_under_way(make: Make, servers: Servers) -> None:
    """The change goes on with what it began with; nobody else is served by a list that is no more."""
    home = make(facebook=US)
    plan_id = await home.plan(await home.campaign(US))
    break_next(servers.sandbox.store, "slow", method="POST", seconds=1.0, times=1)
    before = len(servers.sandbox.store.requests())
    change = asyncio.create_task(home.engine.apply(plan_id))
    await until(lambda: any(sent["method"] == "POST" for sent in servers.sandbox.store.requests()[before:]))
    write(home.path, facebook=JAPAN)
    with pytest.raises(PolicyError, match="was edited, and a change is under way"):
        await home.do("campaigns", "list", account_id=US)
    assert (await change).data["state"] == "applied"
    with pytest.raises(OutOfScope):
        await home.do("campaigns", "list", account_id=US)


async def test_a_broken_file_stops_changes_and_no_reads(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    """Until it is mended nothing is changed, the last good list guards reads, the log says why once."""
    home = make(facebook=US)
    mine = await home.campaign(US)
    plan_id = await home.plan(mine)
    good = (home.path / "connections.toml").read_text()
    (home.path / "connections.toml").write_text(good.replace("accounts", "acounts"))
    for _ in range(2):
        assert await home.campaign(US) == mine
        with pytest.raises(OutOfScope):
            await home.do("campaigns", "list", account_id=JAPAN)
        with pytest.raises(WritesOff, match="has a mistake, and until it is mended nothing can be changed"):
            await home.plan(mine)
        with pytest.raises(WritesOff):
            await home.engine.apply(plan_id)
        assert "no changes now: connections.toml or clients.toml has a mistake" in await page(home.engine, {})
    assert caplog.text.count("did you mean accounts?") == 1
    (home.path / "connections.toml").write_text(good)
    assert (await home.engine.apply(plan_id)).data["state"] == "applied"


async def test_who_signs_out_is_out(make: Make) -> None:
    """A sign-in that is forgotten is not used any longer by a server that has used it."""
    home = make(facebook=US)
    assert await home.campaign(US)
    home.kept.forget("facebook")
    with pytest.raises(NotConfigured):
        await home.do("campaigns", "list", account_id=US)


async def test_a_plan_goes_out_with_the_credentials_it_was_made_with(make: Make) -> None:
    """Another person's sign-in under the same name makes a plan stale; a renewal of the same one does not."""
    home = make(facebook=US)
    plan_id = await home.plan(await home.campaign(US))
    home.kept.write("facebook", BOB)
    with pytest.raises(
        StalePlan, match=r'a sign-in of "Ada" with the app .*; now they are a sign-in of "Bob"'
    ):
        await home.engine.apply(plan_id)
    home.kept.write("facebook", replace(BOB, who="Ada", client_id="1029384756102939"))
    with pytest.raises(StalePlan, match="1029384756102939"):
        await home.engine.apply(plan_id)
    home.kept.write("facebook", replace(ADA, access_token="sandbox-renewed", access_ends=9e9, consented=3.0))
    assert (await home.engine.apply(plan_id)).data["state"] == "applied"


async def test_a_variable_does_not_take_over_a_plan(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan made as who signed in is not applied with a token that a variable brings later."""
    home = make(facebook=US)
    mine = await home.campaign(US)
    plan_id = await home.plan(mine)
    (stored,) = [file.read_text() for file in (home.path / "plans").rglob("*") if file.is_file()]
    assert '"Ada"' in stored
    assert "sandbox-of-ada" not in stored
    monkeypatch.setenv("FACEBOOK_MARKETING_ACCESS_TOKEN", "sandbox-of-a-variable")
    later = make(facebook=US)
    with pytest.raises(StalePlan, match="now they are those of variables"):
        await later.engine.apply(plan_id)


async def test_a_renewal_keeps_what_is_known(make: Make) -> None:
    """A token that was renewed is no other connection: the session with its caches goes on."""
    home = make(facebook=US)
    assert await home.campaign(US)
    before = home.engine.session(FACEBOOK)
    home.kept.write("facebook", replace(ADA, access_ends=9e9))
    assert home.engine.session(FACEBOOK) is before


async def test_another_clients_object_is_said_to_be_theirs(make: Make) -> None:
    """The advice is to name the connection whose list has the account, not to list it twice."""
    home = make(acme=US, beta=JAPAN)
    mine = await home.campaign(US)
    for entity, action, params in (
        ("campaigns", "pause", {"campaign_id": mine}),
        ("campaigns", "list", {"account_id": US}),
    ):
        with pytest.raises(OutOfScope, match=f"{US} is an account of the connection acme, not of beta") as no:
            await home.do(entity, action, connection="beta", **params)
        assert no.value.fix == 'use connection="acme", or leave it out'
    only_beta = Authority("bot", accounts={FACEBOOK: (JAPAN,)})
    with acting(only_beta), pytest.raises(OutOfScope) as told:
        await home.do("campaigns", "list", account_id=US, connection="beta")
    assert "acme" not in f"{told.value} {told.value.fix}"


async def test_an_object_of_who_is_signed_out_is_theirs(make: Make) -> None:
    """What a signed-out connection's list has is not advised to be put on another's: it takes a sign-in."""
    home = make(acme=US, beta=JAPAN)
    mine = await home.campaign(US)
    home.kept.forget("acme")
    with pytest.raises(NotConfigured, match="as acme") as refused:
        await home.do("campaigns", "get", campaign_id=mine)
    assert "--name acme" in refused.value.fix


async def test_a_default_that_is_signed_out_hides_no_other(make: Make) -> None:
    """A call that names nothing is told of the connections that can be used, and of who is signed out."""
    home = make(facebook="", acme=US, beta=JAPAN)
    home.kept.forget("facebook")
    with pytest.raises(InvalidParams) as refused:
        await home.do("ad_accounts", "list")
    assert "connections: facebook, acme, beta" in str(refused.value)
    assert f"acme: the accounts are {US} " in str(refused.value)
    assert "facebook: nobody is signed in" in str(refused.value)
    home.kept.forget("acme")
    with pytest.raises(InvalidParams, match="acme: nobody is signed in"):
        await home.do("campaigns", "list")
    home.kept.forget("beta")
    with pytest.raises(NotConfigured):
        await home.do("campaigns", "list")


@pytest.mark.parametrize(("entity", "action"), [("ad_accounts", "list"), ("campaigns", "list")])
async def test_a_default_without_accounts_hides_no_other(make: Make, entity: str, action: str) -> None:
    """A default connection whose accounts all stand in the others' lists is not meant: theirs are named."""
    home = make(facebook="", acme=US, beta=JAPAN)
    token = f"sandbox-only-{US}"
    home.kept.write("facebook", replace(ADA, access_token=token))
    with pytest.raises(InvalidParams) as refused:
        await home.do(entity, action)
    assert f"acme: the accounts are {US} " in str(refused.value)
    assert f"beta: the accounts are {JAPAN} " in str(refused.value)
    assert "facebook: the credentials see no account" in str(refused.value)


@pytest.mark.parametrize("entity", ["ad_sets", "ads_insights"])
async def test_a_parent_decides(make: Make, entity: str) -> None:
    """A list of what is in a campaign goes out for the account that owns the campaign."""
    home = make(acme=US, beta=JAPAN)
    for label, account in (("acme", US), ("beta", JAPAN)):
        campaign = await home.campaign(account)
        found = await home.do(entity, "list", campaign_id=campaign, limit=1)
        assert found.meta["connection"] == label
        named = await home.do(entity, "list", campaign_id=campaign, account_id=account, limit=1)
        assert found.data == named.data


async def test_a_plan_of_another_sign_in_that_nobody_is_named_in(make: Make) -> None:
    """Where nobody is named, another sign-in on the same app makes a plan stale; a renewal does not."""
    home = make(facebook=US)
    unnamed = replace(ADA, who="", serial="first")
    home.kept.write("facebook", unnamed)
    plan_id = await home.plan(await home.campaign(US))
    home.kept.write("facebook", replace(BOB, who="", serial="second"))
    with pytest.raises(StalePlan, match=r"now they are .*, but not the same"):
        await home.engine.apply(plan_id)
    home.kept.write("facebook", replace(unnamed, access_token="sandbox-renewed", access_ends=9e9))
    assert (await home.engine.apply(plan_id)).data["state"] == "applied"


async def test_a_plan_of_another_token_in_the_same_variable(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan holds for the token it was made with, which it does not have in it; older plans hold for any."""
    monkeypatch.setenv("FACEBOOK_MARKETING_ACCESS_TOKEN", "sandbox-first")
    first = make()
    plan_id = await first.plan(await first.campaign(US))
    (stored,) = [file for file in (first.path / "plans").rglob("*.json") if plan_id in file.read_text()]
    assert "sandbox-first" not in stored.read_text()
    monkeypatch.setenv("FACEBOOK_MARKETING_ACCESS_TOKEN", "sandbox-second")
    later = make()
    with pytest.raises(StalePlan, match="those of variables, but not the same"):
        await later.engine.apply(plan_id)
    document = json.loads(stored.read_text())
    for step in document["steps"]:
        assert step["signed_in"].pop("serial")
    stored.write_text(json.dumps(document))
    assert (await later.engine.apply(plan_id)).data["state"] == "applied"


async def test_a_cursor_after_the_list_was_edited(make: Make) -> None:
    """What a running server keeps of accounts that were taken off the list is shown no more."""
    home = make(acme="")
    first = await home.do("ad_accounts", "list", sort="name", limit=1)
    write(home.path, acme=JAPAN)
    with pytest.raises(
        OutOfScope, match="cursor: the result is about accounts that may not be used any more"
    ):
        await home.do("ad_accounts", "list", sort="name", limit=1, cursor=first.meta["cursor"])
    now = await home.do("ad_accounts", "list", sort="name")
    assert [row["account_id"] for row in now.data] == [JAPAN]
