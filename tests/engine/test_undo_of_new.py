"""An undo removes what reading has shown to be what a plan made, and nothing else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from engine_client import EngineClient
from launching import LAUNCHES, answering, launch
from planning import applied, undo_of, writes

from mcp_ads.errors import StalePlan

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("connector", "steps", "path", "foreign"),
    [LAUNCHES[0], *(pytest.param(*launch, marks=pytest.mark.slow) for launch in LAUNCHES[1:])],
)
async def test_an_undo_removes_nothing_that_was_there_before(
    engine_client: EngineClient, connector: str, steps: list[Any], path: str, foreign: str
) -> None:
    """A create alone is answered with an older twin's id: nobody knows of it, and no undo is offered."""
    answering(engine_client, path, foreign, name="Launch")
    result = await applied(engine_client, await launch(engine_client, connector, steps[:1]))
    assert [step["state"] for step in result.data["steps"]] == ["unknown"]
    assert "UTC, before this" in result.text
    assert "looking now: there is" in result.text
    assert "undo:" not in result.text
    assert len(writes(engine_client)) == 1


async def test_an_undo_waits_until_what_was_made_is_read(engine_client: EngineClient) -> None:
    """What was made cannot be read: no undo of it is offered before the next call has read it. One that was
    made by another version, which did not look, is not sent.
    """
    connector, steps, *_ = LAUNCHES[0]
    plan_id = await launch(engine_client, connector, steps[:1])
    engine_client.fault("500", method="GET", path="/12029[0-9]+$", times=4)
    first = await applied(engine_client, plan_id)
    assert "APPLIED: 1 of 1 done" in first.text
    assert "undo: not made yet" in first.text
    undo = undo_of(await applied(engine_client, plan_id))
    for kept in (engine_client.home / "plans").glob("*.done.json"):
        kept.write_text(re.sub('"proven": ?true', '"proven": false', kept.read_text()))
    with pytest.raises(StalePlan, match=r"nothing has shown that campaign .* is what was made") as refused:
        await applied(engine_client, undo)
    assert f"ads_apply({plan_id})" in refused.value.fix
    assert len(writes(engine_client)) == 1
    await applied(engine_client, plan_id)
    assert (await applied(engine_client, undo)).text.count("done: delete campaign") == 1


async def test_a_refused_refresh_says_what_to_plan_anew(engine_client: EngineClient) -> None:
    """A step is refused a token: how to get one, and with which id it is planned anew."""
    connector, steps, *_ = LAUNCHES[2]
    plan_id = await launch(engine_client, connector, steps)
    engine_client.fault("expired-token", method="POST", path="/sp/adGroups$", platform="amazon_ads")
    engine_client.fault("revoked-token", path="/auth/o2/token", platform="amazon_ads")
    result = await applied(engine_client, plan_id)
    made = result.data["steps"][0]["id"]
    left = f"plan anew 2 (put right as its error says); @1.id is {made}"
    assert f"next: nothing more of this plan is sent; {left}" in result.text
    assert "authorise the app again" in result.text
