"""Pacing in the agency's world: 20 clients in one call, held against what the world's model says."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import agency_truth as truth
import pytest
from engine_client import EngineClient, Table

from mcp_ads.sandbox.agency.clients import CLIENTS, accounts
from mcp_ads.sandbox.agency.world import began

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
NEAR = Decimal(1)
"""Percent within which the weekday forecast and the straight one may stand on two sides of a limit."""


async def paced(client: EngineClient, **params: Any) -> Table:
    """What an agent reads, gone on with once reports have had their time."""
    answer = await client.table("ads", "pacing", "list", **params, limit=100)
    if "result" in answer.meta and answer.text.startswith("PARTIAL"):
        client.forward(700)
        answer = await client.table("ads", "pacing", "list", **{"from": answer.meta["result"]})
    return answer


@pytest.fixture
def clients_file(tmp_path: Path) -> Path:
    """A home whose agency has its clients written down."""
    lines = []
    for client in CLIENTS:
        own = [one for one in accounts() if one.client is client]
        money = {
            one.currency: sum(other.monthly for other in own if other.currency == one.currency) for one in own
        }
        unit = {one.currency: one.unit for one in own}
        named = ", ".join(f'"{one.platform}:{one.id}"' for one in own)
        budgets = ", ".join(f'"{Decimal(amount) / unit[code]} {code}"' for code, amount in money.items())
        lines += [f"[clients.{client.key}]", f"accounts = [{named}]", f"monthly_budget = [{budgets}]"]
    records = tmp_path / "home" / "sandbox-agency"
    records.mkdir(parents=True)
    (records / "clients.toml").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path / "home"


async def test_twenty_clients_in_one_call(clients_file: Path) -> None:
    """Spend, budget and the straight forecast of each to the cent, and who is over or under; a client with an
    account the world does not serve is incomplete, and never called anything else.
    """
    client = EngineClient(clients_file, {"MCP_ADS_SANDBOX": "agency"})
    listed = await client.table("ads", "accounts", "list", limit=100)
    there = {(row["platform"], row["account"]) for row in listed.rows}
    answer = await paced(client, accounts="all")
    rows = {(row["client"], row["currency"]): row for row in answer.rows if row["client"]}
    whole = {
        one.key for one in CLIENTS if all((a.platform, a.id) in there for a in accounts() if a.client is one)
    }
    start = began(client.store)
    months = {
        (month.client, month.currency): month
        for one in CLIENTS
        if one.key in whole
        for month in truth.month(start, one)
    }
    for key, row in rows.items():
        if key[0] not in whole:
            assert row["status"] == "incomplete", key
            continue
        month = months.pop(key)
        assert (Decimal(row["spend"]), Decimal(row["budget"])) == (month.spent, month.budget), key
        if month.forecast is None:
            continue
        assert abs(Decimal(row["forecast"]) - month.forecast) < 1, key
        off = abs(abs(Decimal(row["pace"]) - 100) - 5)
        assert row["status"] == month.status or off < NEAR, key
    assert not months
    assert {key[0] for key in rows} >= whole
    await client.close()


async def test_accounts_one_by_one(clients_file: Path) -> None:
    """Their spend is what the model says, in pence and in whole yen."""
    client = EngineClient(clients_file, {"MCP_ADS_SANDBOX": "agency"})
    some = [
        one
        for one in accounts()
        if (one.platform, one.client.key) in (("facebook", "bryn"), ("facebook", "ginko"))
    ]
    named = ",".join(f"facebook:{one.id}" for one in some)
    answer = await client.table("ads", "pacing", "list", accounts=named, by="account")
    spent = {row["account"]: Decimal(row["spend"]) for row in answer.rows}
    assert len(spent) == 2
    for one in some:
        today = truth.today_of(one)
        rows = truth.did(began(client.store), one, today.replace(day=1), today - timedelta(1))
        assert spent[f"facebook:{one.id}"] == Decimal(sum(figure.spend for _, _, figure in rows)) / one.unit
    await client.close()
