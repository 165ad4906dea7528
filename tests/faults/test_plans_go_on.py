"""A plan that is done in part when a platform has a pause, or cannot be reached, goes on with the rest."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN
from fault_clock import JumpingClock
from fault_operations import OPERATIONS
from fault_world import World

pytestmark = pytest.mark.anyio
BY_NAME = {(operation.connector, operation.name): operation for operation in OPERATIONS}
FAULTS: list[dict[str, Any]] = [
    {"kind": "429", "retry_after": 30, "times": 0},
    {"kind": "connect-refused"},
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault["kind"])
@pytest.mark.parametrize("platform", [FACEBOOK, LINKEDIN, AMAZON])
async def test_the_rest_is_done_when_it_is_applied_again(
    world: World, clock: JumpingClock, platform: str, fault: dict[str, Any]
) -> None:
    """The step that was put off is told as not done yet, and what is printed works: each is done once."""
    change, create = BY_NAME[platform, "update"], BY_NAME[platform, "create"]
    desk = world.desk()
    with world.undone():
        planned = await desk.execute(platform, change.entity, change.action, dict(change.params))
        added = {**create.params, "append_to": planned.data["plan_id"]}
        plan_id = (await desk.execute(platform, create.entity, create.action, added)).data["plan_id"]
        world.breaks(**fault, method=create.method, path=create.path, platform=platform)
        first = (await desk.apply(plan_id)).text
        assert "IN PROGRESS: 1 of 2 done; call ads_apply with the same plan_id again to go on" in first
        assert "2. NOT DONE YET: create" in first
        assert change.carried_out(world.store.writes()) == len(world.store.writes()) == 1
        world.mend()
        clock.forward(30)
        assert "APPLIED: 2 of 2 done" in (await desk.apply(plan_id)).text
        assert create.carried_out(world.store.writes()) == 1
        assert len(world.store.writes()) == 2
    await desk.close()
