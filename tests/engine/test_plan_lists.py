"""What was changed last stands first, with what takes it back."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import FACEBOOK, EngineClient
from planning import SPRING, SURF, applied, error_of, planned, undo_of

from mcp_ads.engine.overview import page
from mcp_ads.engine.records.audit import Who

pytestmark = pytest.mark.anyio


@pytest.mark.slow
async def test_plans_are_listed_by_when_they_were_applied(engine_client: EngineClient) -> None:
    """The order of applying counts; an undo stands beside what it undoes, and says when that was done."""
    first = await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)
    second = await planned(engine_client, "campaigns", "pause", campaign_id=SURF)
    await applied(engine_client, second)
    undo = undo_of(await applied(engine_client, first))
    lines = (await page(engine_client.workspace, {"query": "what did we change, can I undo it?"})).split("\n")
    assert lines[0].startswith("plans")
    assert first in lines[1]
    assert f"undo: {undo}" in lines[1]
    assert second in lines[2]
    await applied(engine_client, undo)
    lines = (await page(engine_client.workspace, {"query": "plans"})).split("\n")
    assert undo in lines[1]
    assert "undone since" in lines[2]


@pytest.mark.slow
async def test_a_plan_of_one_step_is_asked_about(engine_client: EngineClient) -> None:
    """One step is one step; plans that are listed are an answer, with no word of what does not fit."""
    plan = await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)
    assert (await page(engine_client.workspace, {"query": plan})).startswith(
        f"SANDBOX: invented data\n{plan}: ready, 1 step\n"
    )
    text = await page(engine_client.workspace, {"query": "plans"})
    assert "ready, made 20" in text
    assert "nothing fits" not in text
    assert "nothing fits" in await page(engine_client.workspace, {"query": "zzz"})


async def test_a_budget_that_is_on_the_children(engine_client: EngineClient) -> None:
    """A relative change of a budget there is none of says where budgets may be."""
    from planning import DRYBAGS, error_of

    error = await error_of(
        engine_client.do(FACEBOOK, "campaigns", "update", campaign_id=DRYBAGS, daily_budget="+10%")
    )
    assert error
    assert "ad_sets" in error.fix


async def test_what_replaced_someone_elses_plan(engine_client: EngineClient) -> None:
    """A void plan names its successor, which says amounts and accounts, to its maker alone."""
    old = await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)
    new = await planned(engine_client, "campaigns", "pause", campaign_id=SURF, append_to=old)
    more: dict[str, Any] = {"campaign_id": SURF, "append_to": old}

    async def refusals() -> list[str]:
        calls = [
            applied(engine_client, old),
            planned(engine_client, "campaigns", "pause", **more),
            planned(engine_client, "ads", "pause", ad_id="@1.id", append_to=old),
        ]
        return [str(await error_of(call)) for call in calls]

    assert [f"{new} took its place" in said for said in await refusals()] == [True] * 3
    engine_client.workspace.who = lambda: Who("mallory")
    said = await refusals()
    assert ["made by someone else" in one for one in said] == [True] * 3
    assert new not in " ".join(said)
