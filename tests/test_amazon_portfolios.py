"""Amazon's portfolios: caps on what campaigns spend together, replaced as a whole, never taken away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from between import between, nothing
from engine_client import AMAZON, PROFILE, EngineClient
from planning import applied, undo_of

from mcp_ads.errors import InvalidParams, OverCap, UnknownAction

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
CAPPED, OPEN = "110000000000002", "110000000000001"
"""2,000 USD a month, and none."""
FAR = (date.today() + timedelta(90)).isoformat()  # noqa: DTZ011 - far from any day's end
SOON = (date.today() + timedelta(9)).isoformat()  # noqa: DTZ011


async def plan(engine_client: EngineClient, action: str, **params: Any) -> Any:
    return await engine_client.do(AMAZON, "portfolios", action, profile_id=PROFILE, **params)


async def update(engine_client: EngineClient, portfolio: str = CAPPED, **params: Any) -> Any:
    return await plan(engine_client, "update", portfolio_id=portfolio, **params)


def kept(engine_client: EngineClient, portfolio: str) -> dict[str, Any]:
    return engine_client.store.get("amazon.portfolios", portfolio) or {}


async def test_a_portfolio_from_its_making_on(engine_client: EngineClient) -> None:
    """Made with a cap and without sharing, found, renamed; nothing takes it away, and each place says so."""
    made = await plan(
        engine_client, "create", name="Spring", budget_policy="monthly_recurring", budget="300 USD"
    )
    assert made.data["plan_id"].startswith("create-portfolio-300.00-USD-in-all.spring.")
    for told in (
        "cap 300.00 USD a month",
        "unspent budget sharing DISABLED",
        "cannot be undone: Amazon neither deletes nor archives portfolios",
        "a cap on what its campaigns spend together",
        "Amazon would have it on: a campaign in it may spend up to twice its daily budget",
    ):
        assert told in made.text
    result = await applied(engine_client, made.data["plan_id"])
    new = str(result.data["steps"][0]["id"])
    assert kept(engine_client, new)["budget"] == {
        "policy": "MONTHLY_RECURRING", "amount": 300, "currencyCode": "USD",
    }  # fmt: skip
    exact = {"include": ["Spring"], "queryTermMatchType": "EXACT_MATCH"}
    found = await plan(engine_client, "list", name=exact, state="ENABLED")
    assert [row["portfolioId"] for row in found.data] == [new]
    listed = await plan(engine_client, "list", limit=3)
    assert (listed.meta["total"], listed.meta["more"]) == (13, True)
    renamed = await applied(engine_client, (await update(engine_client, new, name="Autumn")).data["plan_id"])
    await applied(engine_client, undo_of(renamed))
    assert kept(engine_client, new)["name"] == "Spring"
    for action in ("delete", "archive", "remove"):
        with pytest.raises(
            UnknownAction, match="neither deletes nor archives portfolios; take its campaigns"
        ):
            await plan(engine_client, action, portfolio_id=new)
    with pytest.raises(InvalidParams, match="a portfolio is always ENABLED"):
        await update(engine_client, new, state="ARCHIVED")


async def test_a_cap_is_raised_and_taken_away_and_comes_back(engine_client: EngineClient) -> None:
    """What the call leaves out stays; both undos bring back the whole budget as it was."""
    raised = await update(engine_client, budget="+20%")
    assert raised.data["plan_id"].startswith("raise-budget-2000.00-to-2400.00-USD.always-on.")
    assert "cap 2000.00 USD a month → 2400.00 USD a month" in raised.text
    before = kept(engine_client, CAPPED)["budget"]
    result = await applied(engine_client, raised.data["plan_id"])
    assert kept(engine_client, CAPPED)["budget"] == {**before, "amount": 2400}
    await applied(engine_client, undo_of(result))
    assert kept(engine_client, CAPPED)["budget"] == before
    freed = await update(engine_client, budget_policy="NO_CAP")
    assert freed.data["plan_id"].startswith("remove-budget-2000.00-USD.")
    assert "without a cap its campaigns spend up to their own daily budgets" in freed.text
    result = await applied(engine_client, freed.data["plan_id"])
    assert kept(engine_client, CAPPED)["budget"] == {"policy": "NO_CAP"}
    await applied(engine_client, undo_of(result))
    assert kept(engine_client, CAPPED)["budget"] == before


async def test_another_time_for_a_cap(engine_client: EngineClient) -> None:
    """The plan says for how long before and after; Amazon's own object of it is understood."""
    budget = {"policy": "DATE_RANGE", "amount": 500, "currencyCode": "USD", "startDate": SOON, "endDate": FAR}
    made = await update(engine_client, OPEN, budget=budget)
    assert f"cap none → 500.00 USD from {SOON} to {FAR}" in made.text
    await applied(engine_client, made.data["plan_id"])
    endless = await update(engine_client, OPEN, budget_end_date="none")
    assert f"cap 500.00 USD from {SOON} to {FAR} → 500.00 USD from {SOON} without an end" in endless.text
    await applied(engine_client, endless.data["plan_id"])
    assert kept(engine_client, OPEN)["budget"] == {name: budget[name] for name in budget if name != "endDate"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"budget": "5 USD"}, "budget_policy: missing; budget needs MONTHLY_RECURRING or DATE_RANGE"),
        ({"budget_policy": "MONTHLY_RECURRING"}, "budget: missing; MONTHLY_RECURRING needs one"),
        ({"budget_policy": "DATE_RANGE", "budget": "5 USD"}, "budget_start_date: missing"),
        ({"budget_policy": "NO_CAP", "budget": "5 USD"}, "budget: not with budget_policy NO_CAP"),
        ({"budget_policy": "MONTHLY_RECURRING", "budget": "0 USD"}, "above 0"),
        ({"budget_policy": "MONTHLY_RECURRING", "budget": "5 EUR"}, "currency is USD, not EUR"),
        (
            {"budget_policy": "DATE_RANGE", "budget": "5 USD", "budget_start_date": FAR, "end_date": FAR},
            "budget_end_date: has to be after budget_start_date",
        ),
        (
            {"budget_policy": "DATE_RANGE", "budget": "5 USD", "budget_start_date": "2020-01-01"},
            "budget_start_date: 2020-01-01 is in the past",
        ),
        ({"budget_policy": "MONTHLY_RECURRING", "budget": "5 USD", "start_date": FAR}, "only with"),
        ({"budget": {"policy": "NO_CAP", "amounts": 5}}, "amounts is no part of a budget"),
    ],
)
async def test_half_a_budget_is_refused(
    engine_client: EngineClient, given: dict[str, Any], said: str
) -> None:
    """One line that names the parameter, and nothing is sent."""
    with pytest.raises(InvalidParams) as caught:
        await update(engine_client, OPEN, **given)
    assert said in str(caught.value)


async def test_a_cap_that_is_over_needs_a_later_end(engine_client: EngineClient) -> None:
    """Another amount alone would go with the old days, which Amazon refuses; a strange policy is asked."""
    over = {"policy": "DATE_RANGE", "amount": 5, "startDate": "2025-01-01", "endDate": "2025-02-01"}
    engine_client.store.put("amazon.portfolios", OPEN, {**kept(engine_client, OPEN), "budget": over})
    with pytest.raises(InvalidParams, match="budget_end_date: the cap ended on 2025-02-01; give a later day"):
        await update(engine_client, OPEN, budget="6 USD")
    assert f"to {FAR}" in (await update(engine_client, OPEN, budget="6 USD", end_date=FAR)).text
    other = {"policy": "OTHER", "amount": 5}
    engine_client.store.put("amazon.portfolios", OPEN, {**kept(engine_client, OPEN), "budget": other})
    with pytest.raises(InvalidParams, match="budget_policy: missing"):
        await update(engine_client, OPEN, budget="6 USD")
    as_text = '{"policy": "MONTHLY_RECURRING", "amount": 6, "currencyCode": "USD"}'
    assert "→ 6.00 USD a month" in (await update(engine_client, OPEN, budget=as_text)).text


async def test_limits_of_the_settings_hold_for_caps(engine_client_with: EngineClients) -> None:
    """Raising, removing or lengthening a cap lets more be spent, and so does sharing what is unspent."""
    limits = {"MCP_ADS_MAX_LIFETIME_BUDGET": "2100 USD", "MCP_ADS_MAX_DAILY_BUDGET": "100 USD"}
    engine_client = engine_client_with(**limits)
    for given, said in (
        ({"budget": "2200 USD"}, "over the cap of 2100.00 USD"),
        ({"budget_policy": "NO_CAP"}, "without a spend cap anything may be spent"),
        ({"budget_policy": "DATE_RANGE", "start_date": SOON}, "comes to count for another time"),
        ({"unspent_budget_sharing": "ENABLED"}, "up to twice its daily budget"),
    ):
        with pytest.raises(OverCap, match=said):
            await update(engine_client, **given)
    lower = await update(engine_client, budget="1500 USD")
    assert "lower-budget-2000.00-to-1500.00-USD" in lower.data["plan_id"]
    assert "campaigns stop at once where the cap is used up" in lower.text


async def test_how_much_is_used(engine_client: EngineClient) -> None:
    """A hundred in a request; each is told of at its own place, and one that is not there is an error."""
    asked = between(engine_client, nothing)
    strangers = [str(number) for number in range(1, 150)]
    result = await plan(engine_client, "usage", portfolio_id=[CAPPED, *strangers, OPEN])
    assert [row["portfolioId"] for row in result.data] == [CAPPED, OPEN]
    assert (result.data[0]["budget"], result.data[0]["budgetUsagePercent"]) == (2000, 88.0)
    assert [error["index"] for error in result.errors] == [*range(1, 150)]
    assert result.errors[0]["code"] == "NotFound"
    assert len([request for request in asked if request.url.path == "/portfolios/budget/usage"]) == 2
    assert result.meta["currency"] == "USD"


async def test_several_new_ones_travel_together(engine_client: EngineClient) -> None:
    """One request, and what is refused of it is told by its own index."""
    asked = between(engine_client, nothing)
    items = [{"name": "Winter sun"}, {"name": "Always on"}, {"name": "Late"}]
    made = await plan(engine_client, "create", items=items)
    result = await applied(engine_client, made.data["plan_id"])
    sent = [request for request in asked if (request.method, request.url.path) == ("POST", "/portfolios")]
    assert len(sent) == 1
    assert [step["state"] for step in result.data["steps"]] == ["done", "failed", "done"]
