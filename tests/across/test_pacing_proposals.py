"""What pacing proposes is held against what is spent, and the days on which each budget still runs."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from engine_client import JAPAN, EngineClient, Row, Table

from mcp_ads.engine.workspace import plan_of

pytestmark = pytest.mark.anyio

EUROPE = "523456789"
LAST = date.today().replace(day=1) - timedelta(days=1)  # noqa: DTZ011
"""The last day of the month before."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home in which a client has an account in EUR and one in JPY, and money enough for both."""
    records = tmp_path / "home" / "sandbox"
    records.mkdir(parents=True)
    (records / "clients.toml").write_text(
        f'[clients.tern]\naccounts = ["facebook:{JAPAN}", "linkedin:{EUROPE}"]\n'
        'monthly_budget = ["9000000 JPY", "9000000 EUR", "5 USD"]\n',
        encoding="utf-8",
    )
    return tmp_path / "home"


@pytest.fixture
async def agency(home: Path) -> AsyncIterator[EngineClient]:
    client = EngineClient(home, {})
    yield client
    await client.close()


def today(monkeypatch: pytest.MonkeyPatch, usual: date, tokyo: date | None = None) -> None:
    """Have it be these days, in Tokyo and elsewhere."""
    days = {"Asia/Tokyo": tokyo or usual}
    monkeypatch.setattr("mcp_ads.engine.wire.connection.today_in", lambda zone: days.get(zone, usual))


async def campaigns(client: EngineClient, share: str, **more: Any) -> None:
    """Have the daily budgets in EUR be so much of what they were, and the campaigns have these fields too."""
    await client.do("ads", "accounts", "list")
    for row in client.store.all("linkedin.campaign"):
        if row["account"].endswith(EUROPE) and "dailyBudget" in row:
            amount = Decimal(row["dailyBudget"]["amount"]) * Decimal(share)
            budget = row["dailyBudget"] | {"amount": f"{amount:.2f}"}
            client.store.put("linkedin.campaign", str(row["id"]), row | {"dailyBudget": budget} | more)


async def proposed(client: EngineClient, **params: Any) -> Table:
    return await client.table("ads", "pacing", "list", accounts="client:tern", propose=True, **params)


def euros(answer: Table) -> Row:
    return next(row for row in answer.rows if row["currency"] == "EUR")


async def test_what_is_not_spent_is_not_raised(agency: EngineClient) -> None:
    """The row says how much of it is, and where to look; what is spent is raised. A budget in a currency that
    no account has is said.
    """
    await campaigns(agency, "4")
    answer = await proposed(agency)
    said = euros(answer)["proposal"]
    assert re.fullmatch(r"live budgets are not spent \(1[0-9] %\): raising them changes nothing; .*", said)
    yen = next(row for row in answer.rows if row["currency"] == "JPY")
    assert re.match(r"[1-9] of [1-9] budgets", yen["proposal"])
    assert "EUR" not in answer.meta["plan"]
    assert "tern has a monthly_budget in USD, which none of its accounts has (EUR, JPY)" in answer.text


@pytest.mark.parametrize("ends", [False, True])
async def test_days_that_are_left_count(
    agency: EngineClient, monkeypatch: pytest.MonkeyPatch, *, ends: bool
) -> None:
    """Three of them take three steps at the most, each of which costs from then on; budgets that end before
    count for the days they run.
    """
    today(monkeypatch, LAST - timedelta(days=2))
    end = datetime.combine(LAST, datetime.min.time(), UTC).timestamp() * 1000
    start = datetime(2020, 1, 1, tzinfo=UTC).timestamp() * 1000
    await campaigns(
        agency, "0.2", **({"runSchedule": {"start": int(start), "end": int(end)}} if ends else {})
    )
    monkeypatch.setattr("mcp_ads.core.runs.Run.over", lambda _, __: False)
    answer = await proposed(agency, fields="currency,spend,daily_live,days_left,provisional_from")
    row = euros(answer)
    spend, daily, said = Decimal(row["spend"]), Decimal(row["daily_live"]), row["proposal"]
    step = Decimal("1.3")
    days, both = (2, step + step**2) if ends else (3, step + step**2 + step**3)
    lands, most = (Decimal(text) for text in re.findall(r"(?:lands at|bring it to) ([0-9.]+)", said))
    assert abs(lands - spend - daily * step * days) < 1
    assert abs(most - spend - daily * both) < 1
    assert "lower them on the 1st" not in said
    first = row["provisional_from"]
    assert f"spend from {first} on may still grow" in said
    assert all(LAST.replace(day=1).isoformat() <= day for day in re.findall(r"\d{4}-\d\d-\d\d", first))


async def live(client: EngineClient) -> Decimal:
    answer = await client.table(
        "ads", "pacing", "list", accounts="client:tern", by="account", fields="account,daily_live"
    )
    (row,) = (row for row in answer.rows if row["account"] == f"facebook:{JAPAN}")
    return Decimal(row["daily_live"])


async def test_a_campaign_with_nothing_on_in_it_is_not_live(agency: EngineClient) -> None:
    """Its budget counts while one of its ad sets runs."""
    before, store = await live(agency), agency.store
    campaign = next(
        row
        for row in store.all("facebook.campaign")
        if row["account_id"] == JAPAN and row["status"] == "ACTIVE" and row.get("daily_budget")
    )
    for row in store.all("facebook.adset"):
        if row["campaign_id"] == campaign["id"]:
            store.put("facebook.adset", str(row["id"]), row | {"status": "PAUSED"})
    assert before - await live(agency) == Decimal(campaign["daily_budget"])


async def test_no_budget_is_raised_for_a_month_that_is_over_there(
    agency: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two accounts in one row, the one in Tokyo has had its last day."""
    await campaigns(agency, "0.2")
    id_ = f"act_{JAPAN}"
    agency.store.put(
        "facebook.account", id_, {**(agency.store.get("facebook.account", id_) or {}), "currency": "EUR"}
    )
    today(monkeypatch, LAST, LAST + timedelta(days=1))
    answer = await proposed(agency)
    row = euros(answer)
    assert row["days_left"] == "1"
    assert "whose month is over there stay" in row["proposal"]
    steps = plan_of(agency.workspace, answer.meta["plan"]).steps
    assert {step.connector for step in steps} == {"linkedin_ads"}
