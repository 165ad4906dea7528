"""Named tokens over HTTP and SSE: who they are, what each may do, and what none may see of the others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, JAPAN, LINKEDIN, LINKEDIN_US, PROFILE, US
from named_tokens import Running, entry, running, token_of, write

from mcp_ads.callers import Urls
from mcp_ads.sandbox.ports import Servers
from mcp_ads.sign_ins import SignIns

pytestmark = pytest.mark.anyio
SSE = pytest.param("sse", marks=pytest.mark.slow)
BOTH = pytest.mark.parametrize("transport", ["http", SSE])


async def campaign(server: Running, name: str, account: str = US) -> str:
    """The first campaign that a token sees of an account."""
    async with server.agent(name) as agent:
        return (await agent.table(FACEBOOK, "campaigns", "list", account_id=account, limit=1)).ids[0]


def everything_in(folder: Path) -> bytes:
    """What all files below a folder have in them."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.slow
@BOTH
async def test_a_change_is_its_names(tmp_path: Path, transport: str) -> None:
    """The audit log, the plan and its owner say which token asked."""
    async with running(tmp_path, entry("acme-bot"), transport=transport) as server:
        id_ = await campaign(server, "acme-bot")
        async with server.agent("acme-bot") as agent:
            plan = await agent.plan(FACEBOOK, "campaigns", "pause", campaign_id=id_)
            assert "APPLIED" in await agent.good("ads_apply", plan_id=plan)
        (kept,) = [known for known in server.engine.workspace.plans.all() if known.plan_id == plan]
        lines = [json.loads(line) for line in server.engine.settings.audit_path.read_text().splitlines()]
    assert kept.owner == "http:acme-bot"
    assert {line["who"] for line in lines} == {"http:acme-bot"}
    assert b"MARKER" not in everything_in(tmp_path)


@pytest.mark.slow
@BOTH
async def test_what_each_scope_may(tmp_path: Path, transport: str) -> None:
    """Read: no plans; plan: plans and no apply; write: both. The refusal names the scope that is needed."""
    entries = [entry(scope, scope) for scope in ("read", "plan", "write")]
    async with running(tmp_path, *entries, transport=transport) as server:
        id_ = await campaign(server, "read")
        pause = {"entity": "campaigns", "action": "pause", "params": {"campaign_id": id_}}
        async with server.agent("read") as agent:
            assert "ads_apply" not in {tool.name for tool in await agent.client.list_tools()}
            said = await agent.wrong(f"{FACEBOOK}_execute", **pause)
            assert "changes need the scope plan, and the token read has read" in said
            assert "needs the scope write" in await agent.wrong("ads_apply", plan_id="x.y.z.k7qx2m9b")
            assert "scope read" in await agent.good("ads_describe")
        async with server.agent("plan") as agent:
            assert "ads_apply" not in {tool.name for tool in await agent.client.list_tools()}
            text = await agent.good(f"{FACEBOOK}_execute", **pause)
            assert "PLAN pause" in text
            assert "ads_apply" not in text
            assert "mcp-ads apply" in text
            plan = text.split("PLAN ")[1].split()[0]
            assert "needs the scope write" in await agent.wrong("ads_apply", plan_id=plan)
        async with server.agent("write") as agent:
            assert "ads_apply" in {tool.name for tool in await agent.client.list_tools()}
            plan = await agent.plan(FACEBOOK, "campaigns", "pause", campaign_id=id_)
            assert "APPLIED" in await agent.good("ads_apply", plan_id=plan)


@pytest.mark.slow
async def test_only_write_where_writes_go_out_directly(tmp_path: Path) -> None:
    """With MCP_ADS_WRITES=direct a plan token changes nothing, by an entity or by a raw request."""
    entries = [entry(scope, scope) for scope in ("read", "plan", "write")]
    direct = {"MCP_ADS_WRITES": "direct", "MCP_ADS_RAW_WRITES": "1"}
    async with running(tmp_path, *entries, **direct) as server:
        id_ = await campaign(server, "plan")
        calls = [
            {"entity": "campaigns", "action": "pause", "params": {"campaign_id": id_}},
            {"entity": "campaigns", "action": "pause", "params": {"items": [{"campaign_id": id_}]}},
            {"entity": "graph", "action": "post", "params": {"path": f"/{id_}", "body": {"name": "x"}}},
        ]
        for name in ("read", "plan"):
            async with server.agent(name) as agent:
                for call in calls:
                    said = await agent.wrong(f"{FACEBOOK}_execute", **call)
                    assert f"needs the scope write, and the token {name} has {name}" in said
        assert not [line for line in server.engine.sent(FACEBOOK) if line.startswith("POST")]
        async with server.agent("write") as agent:
            assert "done" in await agent.good(f"{FACEBOOK}_execute", **calls[0])


async def test_the_environment_wins_where_it_is_stricter(tmp_path: Path) -> None:
    """A token with scope write changes nothing where MCP_ADS_WRITES is off."""
    async with (
        running(tmp_path, entry("boss"), MCP_ADS_WRITES="off") as server,
        server.agent("boss") as agent,
    ):
        call = {"entity": "campaigns", "action": "pause", "params": {"campaign_id": "1"}}
        assert "MCP_ADS_WRITES=off" in await agent.wrong(f"{FACEBOOK}_execute", **call)


@pytest.mark.slow
async def test_a_names_plans_are_nobody_elses(tmp_path: Path) -> None:
    """Another name neither sees a plan, nor reads, adds to or applies it; its maker does."""
    async with running(tmp_path, entry("one"), entry("other")) as server:
        id_ = await campaign(server, "one")
        async with server.agent("one") as agent:
            plan = await agent.plan(FACEBOOK, "campaigns", "pause", campaign_id=id_)
            assert plan in await agent.good("ads_describe")
            assert plan in await agent.read(f"ads://plans/{plan}")
        async with server.agent("other") as agent:
            assert plan not in await agent.good("ads_describe")
            assert plan not in await agent.good("ads_describe", query="plans")
            assert f"{plan}:" not in await agent.good("ads_describe", query=plan)
            with pytest.raises(Exception, match="made by someone else"):
                await agent.read(f"ads://plans/{plan}")
            assert "made by someone else" in await agent.wrong("ads_apply", plan_id=plan)
            call = {"entity": "campaigns", "action": "pause"}
            more = {"campaign_id": id_, "append_to": plan}
            assert "made by someone else" in await agent.wrong(f"{FACEBOOK}_execute", **call, params=more)
        async with server.agent("one") as agent:
            assert "APPLIED" in await agent.good("ads_apply", plan_id=plan)


@pytest.mark.slow
@BOTH
async def test_accounts_narrow_a_caller(tmp_path: Path, transport: str) -> None:
    """A token's accounts are all it sees: in lists, the overview, as the default, and of other platforms."""
    entries = [entry("all"), entry("acme", "write", [f"facebook:{US}", f"amazon:{PROFILE}"])]
    async with running(tmp_path, *entries, transport=transport) as server:
        foreign = await campaign(server, "all", JAPAN)
        async with server.agent("all") as agent:
            assert JAPAN in (await agent.table(FACEBOOK, "ad_accounts", "list")).text
        async with server.agent("acme") as agent:
            table = await agent.table(FACEBOOK, "ad_accounts", "list")
            assert [row["account_id"] for row in table.rows] == [US]
            assert JAPAN not in table.text
            overview = await agent.good("ads_describe")
            assert US in overview
            assert PROFILE in overview
            assert f"account_id {JAPAN}" not in overview
            assert LINKEDIN_US not in overview
            assert "the token acme may use no account of linkedin_ads" in overview
            assert "ads://connectors" in str(await agent.client.list_resources())
            assert f"account_id {JAPAN}" not in await agent.read("ads://connectors")
            assert (await agent.table(FACEBOOK, "campaigns", "list")).meta["account"] == US
            assert (await agent.table(AMAZON, "profiles", "list")).meta["rows"] == 1
            for params in ({"account_id": JAPAN}, {"account_id": f"act_{JAPAN}"}):
                call = {"entity": "campaigns", "action": "list", "params": params}
                assert "not one of the allowed accounts" in await agent.wrong(f"{FACEBOOK}_execute", **call)
            call = {"entity": "campaigns", "action": "get", "params": {"campaign_id": foreign}}
            assert "not one of the allowed accounts" in await agent.wrong(f"{FACEBOOK}_execute", **call)
            call = {"entity": "campaigns", "action": "list", "params": {"account_id": LINKEDIN_US}}
            assert "may use no account" in await agent.wrong(f"{LINKEDIN}_execute", **call)


@pytest.mark.slow
async def test_no_change_of_what_is_not_its_own(tmp_path: Path) -> None:
    """An object of a foreign account is refused in every write that names it, alone, in a batch, and raw."""
    entries = [entry("all"), entry("acme", "write", [f"facebook:{US}"])]
    settings = {"MCP_ADS_RAW_WRITES": "1", "MCP_ADS_UNSCOPED_WRITES": "1"}
    async with running(tmp_path, *entries, **settings) as server:
        foreign, own = await campaign(server, "all", JAPAN), await campaign(server, "all")
        writes = [
            ("campaigns", "pause", {"campaign_id": foreign}),
            ("campaigns", "pause", {"campaign_id": [own, foreign]}),
            ("campaigns", "update", {"items": [{"campaign_id": foreign, "name": "x"}]}),
            ("campaigns", "delete", {"campaign_id": foreign}),
            ("campaigns", "create", {"account_id": JAPAN, "name": "x", "objective": "OUTCOME_TRAFFIC"}),
            ("graph", "post", {"path": f"/{foreign}", "body": {"status": "PAUSED"}}),
            ("graph", "post", {"path": f"/act_{JAPAN}/campaigns", "body": {"status": "PAUSED"}}),
            ("graph", "delete", {"path": f"/{foreign}"}),
        ]
        async with server.agent("acme") as agent:
            for entity, action, params in writes:
                tool = f"{FACEBOOK}_execute"
                text, failed = await agent.call(tool, entity=entity, action=action, params=params)
                assert failed or "excluded" in text, (action, params, text)
                assert "allowed" in text, (action, params, text)
        assert not [line for line in server.engine.sent(FACEBOOK) if line.startswith(("POST", "DELETE"))]


async def test_what_no_account_owns_is_not_a_narrowed_callers(tmp_path: Path) -> None:
    """MCP_ADS_UNSCOPED_WRITES opens what no ad account owns to those alone who may use every account."""
    entries = [entry("acme", "write", [f"facebook:{US}"])]
    settings = {"MCP_ADS_RAW_WRITES": "1", "MCP_ADS_UNSCOPED_WRITES": "1"}
    async with running(tmp_path, *entries, **settings) as server, server.agent("acme") as agent:
        call = {"entity": "graph", "action": "post", "params": {"path": "/me/feed", "body": {"message": "x"}}}
        await agent.wrong(f"{FACEBOOK}_execute", **call)
        assert not [line for line in server.engine.sent(FACEBOOK) if line.startswith("POST")]


@pytest.mark.slow
async def test_an_allow_list_stays_one(tmp_path: Path, servers: Servers) -> None:
    """A token has those of its accounts that are on the list; where these are none it has none."""
    accounts = {"both": [US, JAPAN], "none": [JAPAN]}
    entries = [entry(name, "write", [f"facebook:{id_}" for id_ in ids]) for name, ids in accounts.items()]
    entries.append(entry("shop", "write", [f"amazon:{PROFILE}"]))
    listed = {"MCP_ADS_SANDBOX": "0", "FACEBOOK_MARKETING_ACCOUNT_IDS": US}
    listed |= {"AMAZON_ADS_ACCOUNT_IDS": PROFILE, "AMAZON_ADS_PROFILE_ID": "4412345678901234"}
    variables = {**servers.ports.variables(), **listed}
    calls = [
        {"entity": "campaigns", "action": "list", "params": params} for params in ({}, {"account_id": JAPAN})
    ]
    async with running(tmp_path, *entries, **variables) as server:
        async with server.agent("both") as agent:
            assert (await agent.table(FACEBOOK, "campaigns", "list")).meta["account"] == US
            assert "not one of the allowed accounts" in await agent.wrong(f"{FACEBOOK}_execute", **calls[1])
        async with server.agent("none") as agent:
            for call in calls:
                assert "may use no account" in await agent.wrong(f"{FACEBOOK}_execute", **call)
        async with server.agent("shop") as agent:
            table = await agent.table(AMAZON, "sponsored_product_campaigns", "list", limit=1)
            assert table.meta["account"] == PROFILE


@pytest.mark.slow
async def test_cursors_of_others_lead_nowhere(tmp_path: Path) -> None:
    """Neither a cursor of a list nor one of a table goes on for another token with the same accounts."""
    async with running(tmp_path, entry("one"), entry("other")) as server:
        lists = {"account_id": US, "limit": 1}
        table = {"account_id": US, "level": "ad", "sort": ["-spend"], "limit": 1}
        async with server.agent("one") as agent:
            first = (await agent.table(FACEBOOK, "campaigns", "list", **lists)).meta["cursor"]
            second = (await agent.table(FACEBOOK, "ads_insights", "list", **table)).meta["cursor"]
            assert (await agent.table(FACEBOOK, "campaigns", "list", **lists, cursor=first)).rows
            assert (await agent.table(FACEBOOK, "ads_insights", "list", **table, cursor=second)).rows
        async with server.agent("other") as agent:
            for entity, params, cursor in (("campaigns", lists, first), ("ads_insights", table, second)):
                call = {"entity": entity, "action": "list", "params": {**params, "cursor": cursor}}
                assert "cursor: " in await agent.wrong(f"{FACEBOOK}_execute", **call)


@pytest.mark.slow
@BOTH
async def test_the_file_is_read_again(tmp_path: Path, transport: str) -> None:
    """A token that is added works at once, one with less scope has less, a removed one gets in no more."""
    path = tmp_path / "tokens.toml"
    async with running(tmp_path, entry("one"), transport=transport) as server:
        id_ = await campaign(server, "one")
        assert (await server.hello(name="two")).status_code == 401
        async with server.agent("one") as agent:
            write(path, entry("one", "read"), entry("two"))
            call = {"entity": "campaigns", "action": "pause", "params": {"campaign_id": id_}}
            assert "the token one has read" in await agent.wrong(f"{FACEBOOK}_execute", **call)
        assert (await server.hello(name="two")).status_code == 200
        write(path, entry("two"))
        assert (await server.hello(name="one")).status_code == 401
        path.unlink()
        assert (await server.hello(name="two")).status_code == 401


@pytest.mark.slow
@BOTH
async def test_a_broken_file_stops_changes_only(tmp_path: Path, transport: str) -> None:
    """Until a mistake is mended nothing is changed and reads go on; one that was taken out is out."""
    path = tmp_path / "tokens.toml"
    async with running(tmp_path, entry("one"), entry("two"), transport=transport) as server:
        id_ = await campaign(server, "one")
        call = {"entity": "campaigns", "action": "pause", "params": {"campaign_id": id_}}
        async with server.agent("one") as agent:
            plan = await agent.plan(FACEBOOK, "campaigns", "pause", campaign_id=id_)
            for broken in (entry("one", "wrtie"), f"{entry('one')}[[", f"{entry('one')}\nacounts = []\n"):
                write(path, broken)
                assert "has a mistake" in await agent.wrong(f"{FACEBOOK}_execute", **call)
                assert "has a mistake" in await agent.wrong("ads_apply", plan_id=plan)
                assert (await agent.table(FACEBOOK, "campaigns", "list", account_id=US)).rows
                assert "no changes now" in await agent.good("ads_describe")
                assert (await server.hello(name="two")).status_code == 401
            write(path, entry("one"))
            path.chmod(0o644)
            assert "has a mistake" in await agent.wrong(f"{FACEBOOK}_execute", **call)
            path.chmod(0o600)
            assert "APPLIED" in await agent.good("ads_apply", plan_id=plan)


async def test_a_session_is_its_tokens(tmp_path: Path) -> None:
    """Over SSE another token cannot ask in somebody else's session."""
    async with running(tmp_path, entry("one"), entry("two"), transport="sse") as server:
        headers = {"Authorization": f"Bearer {token_of('one')}"}
        base = server.url.removesuffix("/sse")
        client = server.http
        async with client.stream("GET", server.url, headers=headers) as stream:
            lines = stream.aiter_lines()
            found = (line.removeprefix("data: ") async for line in lines if line.startswith("data: "))
            path = await anext(found)
            other = {"Authorization": f"Bearer {token_of('two')}"}
            ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
            assert (await client.post(f"{base}{path}", json=ping, headers=other)).status_code == 404
            assert (await client.post(f"{base}{path}", json=ping)).status_code == 401
            assert (
                await client.post(f"{base}{path}&readonly", json=ping, headers=headers)
            ).status_code == 400
            assert (await client.post(f"{base}{path}", json=ping, headers=headers)).status_code == 202


async def test_a_401_says_how_to_get_in(tmp_path: Path) -> None:
    """It names no token there is, and not the one that was sent."""
    async with running(tmp_path, entry("acme-bot")) as server:
        for headers in ({}, {"Authorization": "Bearer mcp_wrong"}):
            answer = await server.hello(**headers)
            assert answer.status_code == 401
            assert "mcp-ads token add NAME" in answer.text
            assert "acme-bot" not in answer.text
            assert "mcp_wrong" not in answer.text


async def test_only_who_may_do_all_signs_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A caller with less than all that the settings allow gets no link to sign the server in by."""
    monkeypatch.setattr("mcp_ads.sign_ins.SIGN_IN_PORT", 0)
    narrow = [entry("reader", "read"), entry("planner", "plan"), entry("acme", "write", [f"facebook:{US}"])]
    lacking = {"MCP_ADS_SANDBOX": "0", "MCP_ADS_KEYRING": "off"}
    async with running(tmp_path, entry("boss"), *narrow, **lacking) as server:
        server.engine.workspace.sign_ins = sign_ins = SignIns(server.engine.settings, "", page=True)
        call = {"entity": "campaigns", "action": "list", "params": {"account_id": US}}
        for name in ("reader", "planner", "acme", "boss"):
            async with server.agent(name) as agent:
                said = await agent.wrong(f"{FACEBOOK}_execute", **call)
                assert ("/sign-in/" in said) == (name == "boss")
        sign_ins.close()


async def test_what_nobody_has_looked_at_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that reaches the tools past the look at its URL is not taken for one that may do all."""

    async def past(self: Urls, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)

    monkeypatch.setattr(Urls, "__call__", past)
    async with running(tmp_path, entry("one")) as server:
        with pytest.raises(Exception, match=r"(?i)error|closed|looked"):
            async with server.agent("one") as agent:
                await agent.client.list_tools()
        assert server.engine.sent() == []
