"""What the URL of an HTTP server may ask for: less."""

from __future__ import annotations

from pathlib import Path

import pytest
from engine_client import FACEBOOK, JAPAN, LINKEDIN, US
from named_tokens import entry, running

pytestmark = pytest.mark.anyio
ERAS = pytest.mark.parametrize("mode", ["auto", pytest.param("legacy", marks=pytest.mark.slow)])
REFUSED = [
    ("?readonly=0", "readonly: only narrows"),
    ("?readonly=false", "readonly: only narrows"),
    ("?readonly=True", "readonly: only narrows"),
    ("?readonly&readonly=false", "given twice"),
    ("?readonly=false&readonly", "given twice"),
    ("?READONLY", "READONLY: no such parameter of this URL; there are readonly and accounts"),
    ("?ACCOUNTS=facebook:1", "ACCOUNTS: no such parameter"),
    ("?readonly%20", "…: no such parameter"),
    ("?access_token=mcp_MARKER", "access_token: no such parameter"),
    ("?mcp_MARKER-token", "…: no such parameter"),
    ("?scope=write", "scope: no such parameter"),
    ("?accounts", "accounts: '' is no account"),
    ("?accounts=", "accounts: '' is no account"),
    (f"?accounts=facebook:{US},", "accounts: '' is no account"),
    (f"?accounts=facebook:act_{US}", "is no account; write facebook:123"),
    (f"?accounts=Facebook:{US}", "is no account"),
    (f"?accounts=facebook:{US},%20facebook:1", "is no account"),
    (f"?accounts={US}", "is no account"),
    (f"?accounts=facebook:{US}&accounts=facebook:{JAPAN}", "given twice"),
    (f"?accounts=facebook:{US};readonly", "is no account"),
    (f"?accounts=facebook:{JAPAN}", f"accounts: {JAPAN} of facebook_marketing may not be used"),
    (f"?accounts=facebook:{US},facebook:{JAPAN}", "a URL only narrows"),
    ("?accounts=amazon:1", "accounts: 1 of amazon_ads may not be used"),
    ("?%FF=%FF", "…: no such parameter"),
]


@pytest.mark.slow
@ERAS
async def test_readonly(tmp_path: Path, mode: str) -> None:
    """With ?readonly nothing is changed, whoever asks; another client of the server goes on as before."""
    async with running(tmp_path) as server:
        async with server.agent() as agent:
            id_ = (await agent.table(FACEBOOK, "campaigns", "list", account_id=US, limit=1)).ids[0]
            plan = await agent.plan(FACEBOOK, "campaigns", "pause", campaign_id=id_)
        for query in ("?readonly", "?readonly=1", "?readonly=true", "?readonly="):
            async with server.agent(query=query, mode=mode) as agent:
                assert "ads_apply" not in {tool.name for tool in await agent.client.list_tools()}
                call = {"entity": "campaigns", "action": "pause", "params": {"campaign_id": id_}}
                assert "says ?readonly" in await agent.wrong(f"{FACEBOOK}_execute", **call)
                assert "says ?readonly" in await agent.wrong("ads_apply", plan_id=plan)
                assert "readonly, by the URL" in await agent.good("ads_describe")
        async with server.agent() as agent:
            assert "APPLIED" in await agent.good("ads_apply", plan_id=plan)


@pytest.mark.slow
@ERAS
async def test_accounts(tmp_path: Path, mode: str) -> None:
    """With ?accounts= there are no others: in lists, overview and plans, whoever made them."""
    async with running(tmp_path, entry("acme")) as server:
        async with server.agent("acme") as agent:
            found = await agent.table(FACEBOOK, "campaigns", "list", account_id=JAPAN, limit=1)
            plan = await agent.plan(FACEBOOK, "campaigns", "pause", campaign_id=found.ids[0])
        async with server.agent("acme", f"?accounts=facebook:{US}", mode) as agent:
            assert (await agent.table(FACEBOOK, "campaigns", "list")).meta["account"] == US
            overview = await agent.good("ads_describe")
            assert JAPAN not in overview
            assert plan not in overview
            said = await agent.wrong("ads_apply", plan_id=plan)
            assert "other accounts than those this URL may use" in said
            call = {"entity": "campaigns", "action": "get", "params": {"campaign_id": found.ids[0]}}
            said = await agent.wrong(f"{FACEBOOK}_execute", **call)
            assert "not one of the allowed accounts" in said
            assert "fix: you: use an allowed one; or the user adds it to the accounts of this URL" in said
            call = {"entity": "accounts", "action": "list", "params": {}}
            assert "may use no account" in await agent.wrong(f"{LINKEDIN}_execute", **call)
        async with server.agent("acme", f"?accounts=facebook%3A{US}%2Cfacebook:{JAPAN}&readonly") as agent:
            assert (await agent.table(FACEBOOK, "ad_accounts", "list")).meta["rows"] == 2
        async with server.agent("acme") as agent:
            assert "APPLIED" in await agent.good("ads_apply", plan_id=plan)


async def test_who_narrows_is_named(tmp_path: Path) -> None:
    """A URL that leaves what the token has is not to blame for what is refused: the token is."""
    async with running(tmp_path, entry("acme", "write", [f"facebook:{US}"])) as server:
        for query in ("", f"?accounts=facebook:{US}"):
            async with server.agent("acme", query) as agent:
                call = {"entity": "campaigns", "action": "list", "params": {"account_id": JAPAN}}
                said = await agent.wrong(f"{FACEBOOK}_execute", **call)
                assert "adds it to the accounts of the token acme" in said


@pytest.mark.slow
async def test_anything_else_is_refused(tmp_path: Path) -> None:
    """A slip in a URL that is to narrow does not open: one line, without what may be a token."""
    async with running(tmp_path, entry("acme", "write", [f"facebook:{US}"])) as server:
        for query, said in REFUSED:
            answer = await server.hello(query, "acme")
            assert answer.status_code == 400, query
            text = answer.json()["error_description"]
            assert said in text, query
            assert "MARKER" not in answer.text
            assert "\n" not in text
        for query in ("?readonly=0", "?nonsense", "?accounts=facebook:1"):
            assert (await server.hello(query)).status_code == 401
            assert (await server.hello(query, "acme", Host="evil.example")).status_code == 421
        assert (await server.hello(f"?accounts=facebook:{US}", "acme")).status_code == 200


async def test_an_allow_list_is_not_widened(tmp_path: Path) -> None:
    """Without any token a URL names accounts among those of the settings, and no others."""
    variables = {"MCP_ADS_SANDBOX": "0", "FACEBOOK_MARKETING_ACCESS_TOKEN": "t" * 20}
    async with running(tmp_path, FACEBOOK_MARKETING_ACCOUNT_IDS=US, **variables) as server:
        assert (await server.hello(f"?accounts=facebook:{US}")).status_code == 200
        answer = await server.hello(f"?accounts=facebook:{JAPAN}")
    assert (answer.status_code, "a URL only narrows" in answer.text) == (400, True)


async def test_none_over_sse(tmp_path: Path) -> None:
    """Over SSE calls do not carry the URL's query: a client that gives one is told at once."""
    async with running(tmp_path, transport="sse") as server:
        for query in ("?readonly", f"?accounts=facebook:{US}", "?x=1", "?session_id=1", "?&"):
            answer = await server.hello(query)
            assert answer.status_code == 400
            assert "--transport http" in answer.json()["error_description"]
        assert (await server.hello()).status_code == 200
        async with server.agent() as agent:
            assert (await agent.table(FACEBOOK, "campaigns", "list", account_id=US)).rows


@pytest.mark.parametrize("transport", ["http", "sse"])
async def test_healthz_asks_nothing(tmp_path: Path, transport: str) -> None:
    """A load balancer's own parameters are its own business."""
    async with running(tmp_path, entry("one"), transport=transport) as server:
        answer = await server.http.get(f"{server.url.rpartition('/')[0]}/healthz?probe=1")
    assert answer.status_code == 200
