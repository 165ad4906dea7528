"""A rise is seen whatever is lowered beside it: in the plan's id, in its text, and in what it came to."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import AMAZON, PROFILE, EngineClient
from planning import applied

from mcp_ads.engine import overview
from mcp_ads.engine.changes.naming import plan_id
from mcp_ads.engine.changes.steps import Budget, Step

pytestmark = pytest.mark.anyio
SP = "sponsored_product_campaigns"
FALLS = 24


async def lowering_all_but_one(engine_client: EngineClient) -> tuple[Any, str]:
    """A plan that lowers many budgets and raises one by almost as much; and the raised one."""
    fields = ["campaignId", "state", "budget", "endDate"]
    rows = (await engine_client.do(AMAZON, SP, "list", profile_id=PROFILE, limit=100, fields=fields)).data
    live = [
        row
        for row in rows
        if row["state"] == "ENABLED" and row["budget"]["budget"] > 11 and not row.get("endDate")
    ]
    raised, *rest = live[FALLS::-1]
    freed = sum(row["budget"]["budget"] - 10 for row in rest)
    items = [
        {"campaign_id": raised["campaignId"], "daily_budget": f"+{freed - 1:.2f} USD"},
        *({"campaign_id": row["campaignId"], "daily_budget": "10 USD"} for row in rest),
    ]
    return await engine_client.do(AMAZON, SP, "update", profile_id=PROFILE, items=items), raised["campaignId"]


async def test_a_rise_does_not_hide_behind_falls(engine_client: EngineClient) -> None:
    """Both sums are in the id and in the head line, and the one that is raised comes first in the text."""
    result, raised = await lowering_all_but_one(engine_client)
    assert "plus-1044.00-minus-1045.00-USD-a-day" in result.data["plan_id"]
    assert "money: +1044.00 and -1045.00 USD a day" in result.text
    steps = [line for line in result.text.splitlines() if line[:1].isdigit() and "update campaign" in line]
    assert raised in steps[0]
    assert steps[0].startswith(f"{FALLS + 1}. ")
    assert result.data["effect"] == [
        {"per": "day", "currency": "USD", "amount": "-1.00", "up": "1044.00", "down": "1045.00"}
    ]


@pytest.mark.slow
async def test_the_outcome_shows_the_rise(engine_client: EngineClient) -> None:
    """What was raised is told and read back, although it is the last of more than an answer shows."""
    result, raised = await lowering_all_but_one(engine_client)
    text = (await applied(engine_client, result.data["plan_id"])).text
    (line,) = [at for at, line in enumerate(text.splitlines()) if raised in line]
    assert "read back: daily_budget" in text.splitlines()[line + 1]


async def test_every_step_is_reached_by_its_number(engine_client: EngineClient) -> None:
    """Although the rise is shown first, the pages after it leave nothing out."""
    result, _ = await lowering_all_but_one(engine_client)
    page = await overview.page(engine_client.workspace, {"query": f"{result.data['plan_id']} {FALLS - 4}"})
    for number in range(FALLS - 4, FALLS + 2):
        assert f"\n{number}. update campaign" in page


async def test_rises_without_room_are_named(engine_client: EngineClient) -> None:
    """Of more rises than a text shows the others are named with their amounts."""
    rows = (
        await engine_client.do(AMAZON, SP, "list", profile_id=PROFILE, limit=25, fields=["campaignId"])
    ).data
    ids = [row["campaignId"] for row in rows]
    result = await engine_client.do(
        AMAZON, SP, "update", profile_id=PROFILE, campaign_id=ids, daily_budget="+1 USD"
    )
    (named,) = [line for line in result.text.splitlines() if line.startswith("not shown below")]
    assert named.count("daily_budget ") == 5
    assert all(own in result.text for own in ids)


def test_both_sums_fit_the_id() -> None:
    """However large the amounts, an id has at most 120 characters and no amount in half."""
    ways = [("1.00", "9" * 15), ("9" * 15, "1.00")]
    steps = [
        Step(
            connector="facebook_marketing", connection="c", entity="campaigns", action="update",
            noun="campaign", asked={}, params={}, account={"id": "1234567890"}, subject=str(at), name="",
            before={}, changes={"daily_budget": 1}, requests=[], place="act",
            budgets=[Budget("daily_budget", "day", "USD", before, after, live=True)],
        )
        for at, (before, after) in enumerate([*ways, ways[0]])
    ]  # fmt: skip
    made = plan_id(steps)
    assert len(made) <= 120
    assert ".plus-1999999999999996.00-minus-999999999999998.00-USD-a-day.act-" in made
