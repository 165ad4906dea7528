"""Named tokens over HTTP where there are several connections of one platform: an agency's clients apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from engine_client import FACEBOOK, JAPAN, US
from named_tokens import entry, running

from mcp_ads.sandbox.ports import Servers

pytestmark = pytest.mark.anyio
LISTED = {
    "FACEBOOK_MARKETING__ACME__ACCESS_TOKEN": "sandbox-of-acme",
    "FACEBOOK_MARKETING__ACME__ACCOUNT_IDS": US,
    "FACEBOOK_MARKETING__RIVAL__ACCESS_TOKEN": "sandbox-of-rival",
    "FACEBOOK_MARKETING__RIVAL__ACCOUNT_IDS": JAPAN,
}


@pytest.mark.slow
@pytest.mark.parametrize("listed", [True, False])
async def test_a_clients_token_sees_its_connection(tmp_path: Path, servers: Servers, listed: bool) -> None:
    """A token for one client's accounts works by its connection alone, and is told of no other."""
    urls = {name: url for name, url in servers.ports.variables().items() if name.endswith("_URL")}
    plain = {"MCP_ADS_SANDBOX": "0", "MCP_ADS_CONNECTORS": FACEBOOK}
    listing = {name: value for name, value in LISTED.items() if listed or "ACME__ACCOUNT" not in name}
    entries = [entry("acme", "write", [f"facebook:{US}"]), entry("all")]
    async with running(tmp_path, *entries, **urls, **plain, **listing) as server:
        async with server.agent("all") as agent:
            found = await agent.table(FACEBOOK, "campaigns", "list", account_id=JAPAN, limit=1)
            assert found.meta["connection"] == "rival"
            foreign = found.ids[0]
        async with server.agent("acme") as agent:
            texts = [await agent.good("ads_describe")]
            table = await agent.table(FACEBOOK, "campaigns", "list", limit=1)
            assert (table.meta["account"], table.meta["connection"]) == (US, "acme")
            plan = await agent.plan(
                FACEBOOK, "campaigns", "update", campaign_id=table.ids[0], name=f"listed {listed}"
            )
            assert "APPLIED" in await agent.good("ads_apply", plan_id=plan)
            rows = await agent.table(FACEBOOK, "ad_accounts", "list")
            assert rows.meta["rows"] == 1
            for entity, action, params in (
                ("campaigns", "list", {"account_id": JAPAN}),
                ("campaigns", "get", {"campaign_id": foreign}),
                ("campaigns", "pause", {"campaign_id": foreign}),
                ("campaigns", "get", {"campaign_id": "1"}),
                ("campaigns", "list", {"account_id": "999"}),
                ("campaigns", "list", {"account_id": US, "connection": "nosuch"}),
                ("campaigns", "list", {"account_id": JAPAN, "connection": "acme"}),
            ):
                arguments = {"entity": entity, "action": action, "params": params}
                texts.append(await agent.wrong(f"{FACEBOOK}_execute", **arguments))
            for text in (*texts, table.text, rows.text):
                assert "rival" not in text, text
            arguments["params"] = {"account_id": JAPAN, "connection": "rival"}
            await agent.wrong(f"{FACEBOOK}_execute", **arguments)
