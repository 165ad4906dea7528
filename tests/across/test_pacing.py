"""`ads pacing.list`: each client's month against its budget, and plans that bring it there."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pacing_truth
import pytest
from engine_client import (
    FACEBOOK,
    JAPAN,
    LINKEDIN,
    LINKEDIN_US,
    PROFILE,
    US,
    EngineClient,
    Row,
    Table,
    mend,
)
from planning import SURF, planned, writes

from mcp_ads.engine.workspace import plan_of
from mcp_ads.errors import InvalidParams
from mcp_ads.sandbox.store import Store

pytestmark = pytest.mark.anyio

EUROPE, SHOP_JAPAN = "523456789", "5512345678901234"
ALL = (f"facebook:{US}", f"facebook:{JAPAN}", f"linkedin:{LINKEDIN_US}", f"linkedin:{EUROPE}",
       *(f"amazon:{profile}" for profile in (PROFILE, "4412345678901234", SHOP_JAPAN)))  # fmt: skip
FEW = (f"facebook:{JAPAN}", f"linkedin:{EUROPE}", f"amazon:{SHOP_JAPAN}")
"""An account of each platform, in two currencies."""
TWO = (f"facebook:{JAPAN}", f"linkedin:{EUROPE}")
FIGURES = ("spend", "forecast", "forecast_weekday", "budget")
KEPT = "300000223"
"""A campaign of the European account."""
STEP = {FACEBOOK: Decimal("0.2"), LINKEDIN: Decimal("0.3")}


async def pacing(client: EngineClient, **params: Any) -> Table:
    """What an agent reads."""
    return await client.table("ads", "pacing", "list", **params)


def numbers(row: Row, names: tuple[str, ...] = FIGURES) -> dict[str, Decimal | None]:
    return {name: Decimal(row[name]) if row[name] else None for name in names}


@pytest.mark.slow
@pytest.mark.parametrize("accounts", [FEW, pytest.param(ALL, marks=pytest.mark.slow)], ids=["few", "all"])
async def test_each_account_is_paced_to_the_cent(looking: EngineClient, accounts: tuple[str, ...]) -> None:
    """Spend, both forecasts and what live budgets come to are those of the sandbox's own numbers."""
    answer = await pacing(looking, accounts=",".join(accounts))
    assert {row["account"] for row in answer.rows} == {*accounts}
    for row in answer.rows:
        known = pacing_truth.figures(looking.store, row["account"])
        if row["account"] == f"amazon:{PROFILE}":  # Sponsored TV has moments for days
            known.pop("budget")
        assert numbers(row, tuple(known)) == known, row["account"]
        forecast = known["forecast_weekday"] or known["forecast"]
        assert row["budget_from"] == "live budgets"
        if forecast is not None:
            pace = forecast / Decimal(row["budget"]) * 100
            assert abs(Decimal(row["pace"]) - pace) < Decimal("0.06")
            assert row["status"] == ("on" if abs(pace - 100) <= 5 else "over" if pace > 100 else "under")
    assert "coverage" not in answer.meta
    assert "clients.toml names no client; mcp-ads clients init makes it): budget is what live" in answer.text
    assert {*answer.meta["totals"]} == {row["currency"] for row in answer.rows}


Make = Callable[..., EngineClient]


@pytest.fixture
def made(engine_client_with: Make, tmp_path: Path) -> Make:
    """Makes a client of the engine that has a clients file."""

    def make(text: str, **environ: str) -> EngineClient:
        records = tmp_path / "home" / "sandbox"
        records.mkdir(parents=True, exist_ok=True)
        (records / "clients.toml").write_text(text, encoding="utf-8")
        return engine_client_with(**environ)

    return make


def agency(yen: int, euro: int, more: str = "") -> str:
    """Two clients on two platforms, one of them also with an account of another currency."""
    return (
        f'[clients.tern]\naccounts = ["facebook:{JAPAN}", "linkedin:{EUROPE}"]\n'
        f'monthly_budget = ["{yen} JPY", "{euro} EUR"]\n{more}'
    )


async def spends(client: EngineClient, share: str = "0.4") -> EngineClient:
    """Have daily budgets of the European account be so much of what they were, so that they are spent."""
    await client.do("ads", "accounts", "list")
    for row in client.store.all("linkedin.campaign"):
        if row["account"].endswith(EUROPE) and "dailyBudget" in row:
            amount = Decimal(row["dailyBudget"]["amount"]) * Decimal(share)
            budget = row["dailyBudget"] | {"amount": f"{amount:.2f}"}
            client.store.put("linkedin.campaign", str(row["id"]), row | {"dailyBudget": budget})
    return client


def live(store: Store) -> dict[str, Decimal]:
    """The daily budgets of the two accounts, by id."""
    found = {}
    for kind in ("facebook.campaign", "facebook.adset"):
        for row in store.all(kind):
            if row["account_id"] == JAPAN and row.get("daily_budget"):
                found[str(row["id"])] = Decimal(row["daily_budget"])
    for row in store.all("linkedin.campaign"):
        if row["account"].endswith(EUROPE) and "dailyBudget" in row:
            found[str(row["id"])] = Decimal(row["dailyBudget"]["amount"])
    return found


async def test_accounts_that_share_a_budget_have_none_of_their_own(made: Make) -> None:
    """A client's budget is for all its accounts: a row of one is held against nothing that nobody set, and
    says where the budget is; what tells rows apart is there whatever is named.
    """
    text = f'[clients.two]\naccounts = ["facebook:{JAPAN}", "amazon:{SHOP_JAPAN}"]\n'
    client = made(f'{text}monthly_budget = "1000 JPY"\n')
    asked = {"accounts": f"facebook:{JAPAN}", "fields": "status,budget,budget_from,pace"}
    (row,) = (await pacing(client, by="account", **asked)).rows
    assert (row["client"], row["account"], row["currency"]) == ("two", f"facebook:{JAPAN}", "JPY")
    assert (row["status"], row["budget"], row["pace"]) == ("no budget", "", "")
    assert row["budget_from"] == "file, for all accounts of the client"


@pytest.mark.slow
@pytest.mark.parametrize(("yen", "euro", "sign"), [(20_000, 200, -1), (90_000_000, 900_000, 1)])
async def test_a_plan_moves_what_is_off_pace(made: Make, yen: int, euro: int, sign: int) -> None:
    """One approval for both currencies: each change within its platform's step, none of what is protected;
    the row says what it comes to, and each step what decided it.
    """
    client = await spends(made(agency(yen, euro, f'protected = ["*rain*", "linkedin:{KEPT}"]\n')))
    answer = await pacing(client, accounts="client:tern", propose=True)
    assert [row["status"] for row in answer.rows] == [{-1: "over", 1: "under"}[sign]] * 2
    assert "not_planned" not in answer.meta, answer.meta["not_planned"]
    before, plan_id = live(client.store), answer.meta["plan"]
    steps = plan_of(client.workspace, plan_id).steps
    assert all("a day needed" in step.decided for step in steps)
    await client.workspace.apply(plan_id)
    after = live(client.store)
    changed = {id_ for id_ in before if after[id_] != before[id_]}
    assert len(changed) == len(writes(client)) == len(steps) > 8
    for id_ in changed:
        step = STEP[FACEBOOK if id_.startswith("120") else LINKEDIN]
        assert 0 < sign * (after[id_] / before[id_] - 1) <= step
    assert KEPT in before
    assert KEPT not in changed
    euros = next(row for row in answer.rows if row["currency"] == "EUR")
    assert "1 protected stay" in euros["proposal"]
    rest = sum((after[id_] - before[id_] for id_ in changed if not id_.startswith("120")), Decimal())
    then, now = (Decimal(text) for text in re.findall(r"([0-9.]+) → ([0-9.]+) a day", euros["proposal"])[0])
    assert now - then == rest
    again = await pacing(client, accounts="client:tern", propose=True)
    assert "plan" not in again.meta, again.text
    assert again.text.count("changed in the last 24 hours stay") == 2


def at(monkeypatch: pytest.MonkeyPatch, days: dict[str, date], usual: date) -> None:
    """Have it be these days in these zones."""
    monkeypatch.setattr("mcp_ads.engine.wire.connection.today_in", lambda zone: days.get(zone, usual))


@pytest.mark.parametrize(("more", "steps"), [("1.2", ""), ("2", "3 steps needed, 24 hours apart")])
async def test_a_plan_lands_on_the_budget(
    made: Make, monkeypatch: pytest.MonkeyPatch, more: str, steps: str
) -> None:
    """What a day needs is met as far as a step goes, and the row says how many it takes."""
    at(monkeypatch, {}, (date.today().replace(day=1) - timedelta(days=1)).replace(day=15))  # noqa: DTZ011
    client = made(agency(20_000_000, 20_000_000))
    asked = {"accounts": "client:tern", "where": "currency = EUR"}
    (row,) = (await pacing(client, **asked, fields="spend,days_left,daily_live")).rows
    left, spend, daily = int(row["days_left"]), Decimal(row["spend"]), Decimal(row["daily_live"])
    budget = (spend + daily * Decimal(more) * left).quantize(Decimal("0.01"))
    client = made(agency(20_000_000, 1).replace('"1 EUR"', f'"{budget} EUR"'))
    answer = await pacing(client, accounts="client:tern", propose=True)
    proposal = next(row["proposal"] for row in answer.rows if row["currency"] == "EUR")
    lands = Decimal(re.findall(r"lands at ([0-9.]+) of", proposal)[0])
    reached = min(budget, spend + daily * Decimal("1.3") * left)
    assert 0 <= reached - lands <= Decimal("0.01") * left * 10
    assert steps in proposal if steps else "step" not in proposal


@pytest.mark.parametrize("mode", ["off", "direct"])
async def test_without_plans_the_calls_are_said(made: Make, mode: str) -> None:
    """They are whole calls that the engine carries out as they are; none where it would refuse them."""
    client = made(agency(900_000_000, 200), MCP_ADS_WRITES=mode)
    answer = await pacing(client, accounts="client:tern", propose=True)
    assert "plan" not in answer.meta
    assert not writes(client)
    if mode == "off":
        assert "set MCP_ADS_WRITES=plan" in answer.meta["not_planned"]
        assert "calls" not in answer.meta
        return
    calls = answer.meta["calls"]
    assert {call["connector"] for call in calls} == {FACEBOOK, LINKEDIN}
    for call in calls:
        await client.do(call["connector"], call["entity"], call["action"], **call["params"])
    assert len(writes(client)) == sum(len(call["params"]["items"]) for call in calls)


async def test_caps_bound_a_proposal(made: Make) -> None:
    """The most a budget may rise in a day is measured as everywhere; what may not rise stays as it is."""
    caps = {"MCP_ADS_MAX_DAILY_BUDGET": "150 EUR", "MCP_ADS_MAX_BUDGET_INCREASE_PCT": "10"}
    client = await spends(made(agency(90_000_000, 900_000), **caps))
    answer = await pacing(client, accounts="client:tern", propose=True)
    steps = plan_of(client.workspace, answer.meta["plan"]).steps
    assert steps
    for step in steps:
        (budget,) = step.budgets
        assert Decimal(budget.after or 0) <= min(Decimal(150), Decimal(budget.before or 0) * Decimal("1.1"))
        assert budget.currency == "EUR"


async def test_rises_share_what_a_plan_may_add(made: Make) -> None:
    """Where they exceed the cap together they are made to fit, and what is lowered in the other currency
    stays in the plan.
    """
    client = await spends(made(agency(20_000, 900_000), MCP_ADS_MAX_DAILY_BUDGET="80 EUR, 1000000 JPY"))
    answer = await pacing(client, accounts="client:tern", propose=True)
    assert "not_planned" not in answer.meta
    steps = plan_of(client.workspace, answer.meta["plan"]).steps
    rises = [budget.rise for step in steps for budget in step.budgets if budget.currency == "EUR"]
    assert len(rises) > 3
    assert 79 < sum(rises) <= 80
    assert any(budget.rise < 0 for step in steps for budget in step.budgets if budget.currency == "JPY")
    said = {row["currency"]: "settings let one plan add" in row["proposal"] for row in answer.rows}
    assert said == {"EUR": True, "JPY": False}


async def test_rises_that_are_refused_keep_no_cut_back(made: Make) -> None:
    """Nobody knows from where rises are measured: they are left out and named, what is lowered is planned."""
    client = await spends(made(agency(20_000, 900_000), MCP_ADS_MAX_BUDGET_INCREASE_PCT="10"))
    name = await planned(client, "campaigns", "update", campaign_id=SURF, name="A")
    await client.workspace.apply(name)
    (client.home / "audit.mark").write_text("noise", encoding="utf-8")
    answer = await pacing(client, accounts="client:tern", propose=True)
    plan = plan_of(client.workspace, answer.meta["plan"])
    assert {budget.rise < 0 for step in plan.steps for budget in step.budgets} == {True}
    assert re.match(r"\d+ rises: .*the audit log of this day is not whole", answer.meta["not_planned"])
    assert len(plan.excluded) > 3


async def test_what_is_not_whole_is_not_proposed(made: Make) -> None:
    """An account that is throttled: its client's row in that currency is incomplete, of the others nothing is
    lost; a client with an account that was not asked is, too.
    """
    client = made(agency(20_000, 200))
    client.fault("429", platform=LINKEDIN, account=EUROPE, retry_after=900, times=0)
    answer = await pacing(client, accounts="client:tern", propose=True)
    assert answer.text.startswith("PARTIAL: 1 of 2 accounts read")
    assert f"linkedin:{EUROPE} (throttled until" in answer.meta["coverage"]
    status = {row["currency"]: (row["status"], row["forecast"], row["proposal"]) for row in answer.rows}
    assert status["EUR"] == ("incomplete", "", "")
    assert status["JPY"][0] == "over"
    steps = plan_of(client.workspace, answer.meta["plan"]).steps
    assert {step.connector for step in steps} == {FACEBOOK}
    mend(client.store)
    part = await pacing(client, accounts=f"facebook:{JAPAN}", propose=True)
    assert [row["status"] for row in part.rows] == ["incomplete"]
    assert f"tern: linkedin:{EUROPE} (not asked)" in part.meta["coverage"]
    assert "every row is on pace, or not known" in part.meta["not_planned"]


@pytest.mark.slow
async def test_reports_that_take_minutes_complete_it(made: Make) -> None:
    """Amazon's are ordered once; `from` goes on, with the view of the first call, and has all of it."""
    client = made(
        f'[clients.shop]\naccounts = ["amazon:{SHOP_JAPAN}", "linkedin:{EUROPE}"]\n',
        MCP_ADS_SANDBOX_REPORT_DELAY="600",
    )
    first = await pacing(client, accounts="client:shop", sort="-currency")
    assert first.text.startswith("PARTIAL: amazon not ready (ordered ")
    assert {row["currency"]: row["status"] for row in first.rows} == {"JPY": "incomplete", "EUR": "under"}
    orders = len(client.store.all("amazon.report"))
    client.forward(700)
    later = await pacing(client, **{"from": first.meta["result"]})
    assert not later.text.startswith("PARTIAL")
    assert [row["currency"] for row in later.rows] == ["JPY", "EUR"]
    assert len(client.store.all("amazon.report")) == orders > 0


async def test_budgets_that_are_not_read_are_not_none(engine_client: EngineClient) -> None:
    """An account whose platform did not tell its budgets is incomplete, not without a budget."""
    engine_client.fault("revoked-token", account=JAPAN, path="/campaigns", times=0)
    (row,) = (await pacing(engine_client, accounts=f"facebook:{JAPAN}", fields="status,why")).rows
    assert row["status"] == "incomplete"
    assert row["why"].startswith(f"facebook:{JAPAN}: budgets not read (")


@pytest.mark.slow
async def test_budgets_that_the_time_did_not_reach_are_read_later(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer says so, and `from` reads them."""
    whole = await pacing(engine_client, accounts=f"facebook:{JAPAN}")
    engine_client.fault("slow", account=JAPAN, path="/campaigns", seconds=30)
    with monkeypatch.context() as short:
        short.setattr("mcp_ads.engine.wire.deadline.DEADLINE", 1.2)
        part = await pacing(engine_client, accounts=f"facebook:{JAPAN}", fields="account,status,why")
    (row,) = part.rows
    assert row["status"] == "incomplete"
    assert row["why"] == f"facebook:{JAPAN}: budgets not read (the call's time is over)"
    assert part.text.startswith("PARTIAL: live budgets of 1 of 1 accounts not read; from: ")
    later = await pacing(engine_client, **{"from": part.meta["result"]})
    assert later.rows[0]["status"] == whole.rows[0]["status"] != "incomplete"
    assert not later.text.startswith("PARTIAL")


async def test_a_month_ends_where_the_account_is(made: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the last day in UTC, Tokyo's month is over; on the first one has no day yet elsewhere."""
    first = date.today().replace(day=1)  # noqa: DTZ011
    last = first - timedelta(days=1)
    client = made(agency(900_000, 30_000))
    at(monkeypatch, {"Asia/Tokyo": first}, last)
    rows = {row["currency"]: row for row in (await pacing(client, accounts="client:tern")).rows}
    assert (rows["JPY"]["days_left"], rows["EUR"]["days_left"]) == ("0", "1")
    assert rows["JPY"]["forecast"] == rows["JPY"]["spend"]
    assert Decimal(rows["EUR"]["daily_needed"]) == max(0, 30_000 - Decimal(rows["EUR"]["spend"]))
    at(monkeypatch, {"Asia/Tokyo": first + timedelta(days=1)}, first)
    rows = {row["currency"]: row for row in (await pacing(client, accounts="client:tern")).rows}
    count = pacing_truth.months(first)[1]
    assert (rows["JPY"]["days_left"], rows["EUR"]["days_left"]) == (str(count - 1), str(count))
    assert (rows["EUR"]["status"], rows["EUR"]["forecast"], rows["EUR"]["spend"]) == ("no days yet", "", "0")
    assert Decimal(rows["EUR"]["daily_needed"]) == round(Decimal(30_000) / count, 2)


async def test_february_is_short(made: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fourteen of its 28 days are left on the 15th, and a month without spend needs its budget shared out."""
    client = made(f'[clients.tern]\naccounts = ["facebook:{JAPAN}"]\nmonthly_budget = ["28000 JPY"]\n')
    at(monkeypatch, {}, date(2026, 2, 15))
    (row,) = (await pacing(client, accounts="client:tern")).rows
    assert (row["days_left"], row["daily_needed"], row["status"]) == ("14", "2000", "under")


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"month": "2026-13"}, "month: write this_month, last_month, or a month: 2026-11"),
        ({"month": "2099-01"}, "month: 2099-01 is still to come"),
        ({"propose": True, "month": "last_month"}, "propose: only of this month"),
        ({"propose": True, "where": "status = over"}, "propose: not beside where"),
        ({"by": "clients"}, "by: 'client' or 'account'|by: .*client"),
        ({"fields": "spend_base"}, r"there are no rates here"),
        ({"budget": "5 USD"}, "no such parameter|budget"),
    ],
)
async def test_what_is_asked_wrongly_is_one_line(
    looking: EngineClient, params: dict[str, Any], said: str
) -> None:
    """And no figures are asked for; whose month it is takes the accounts."""
    await looking.do("ads", "accounts", "list")
    before = len(looking.sent())
    with pytest.raises(InvalidParams, match=said):
        await pacing(looking, accounts=",".join(TWO), **params)
    known = ("/me/adaccounts", "/adAccounts", "/profiles")
    assert [sent for sent in looking.sent()[before:] if not sent.partition("?")[0].endswith(known)] == []
