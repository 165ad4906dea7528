"""A batch of which some are refused: the others are done, once, and each verdict stands under its index."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US
from fault_world import World
from planning import NEW

pytestmark = pytest.mark.anyio
REFUSED = (1, 3)
COUNT = 5
SP = "sponsored_product_campaigns"


@dataclass(frozen=True)
class Batch:
    """Items of one action that travel together.

    `listed` narrows the list of those that are changed, whose `id` is a column; `item` has the rest.
    """

    connector: str
    entity: str
    action: str
    given: dict[str, Any]
    item: dict[str, Any]
    id: str = ""
    listed: tuple[tuple[str, Any], ...] = ()


GROUP = {"run_schedule": {"start": "2030-01-01"}}
BEACH = {"daily_budget": "10 USD", "targeting_type": "MANUAL"}
DRAFTS = (("status", ["DRAFT"]),)
BATCHES = (
    Batch(FACEBOOK, "campaigns", "create", {"account_id": US}, {**NEW, "name": "Mixed {}"}),
    Batch(FACEBOOK, "campaigns", "update", {"account_id": US}, {"name": "Mixed {}"}, "id"),
    Batch(FACEBOOK, "campaigns", "delete", {"account_id": US}, {}, "id"),
    Batch(LINKEDIN, "campaign_groups", "create", {"account_id": LINKEDIN_US}, {**GROUP, "name": "Mixed {}"}),
    Batch(LINKEDIN, "campaigns", "update", {"account_id": LINKEDIN_US}, {"name": "Mixed {}"}, "id"),
    Batch(LINKEDIN, "campaigns", "delete", {"account_id": LINKEDIN_US}, {}, "id", DRAFTS),
    Batch(AMAZON, SP, "create", {"account_id": PROFILE}, {**BEACH, "name": "Mixed {}"}),
    Batch(AMAZON, SP, "update", {"account_id": PROFILE}, {"name": "Mixed {}"}, "campaignId"),
    Batch(AMAZON, SP, "delete", {"account_id": PROFILE}, {}, "campaignId"),
)


def cells() -> list[object]:
    """On each platform one action is quick, another on each."""
    found = list[object]()
    for number, batch in enumerate(BATCHES):
        marks = () if number % 4 == 0 else pytest.mark.slow
        name = f"{batch.connector.partition('_')[0]} {batch.action}"
        found.append(pytest.param(batch, marks=marks, id=name))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("batch", cells())
async def test_some_of_a_batch_are_refused(world: World, batch: Batch) -> None:
    """Exactly the others are carried out; applying again carries out nothing."""
    desk = world.desk()
    with world.undone():
        try:
            items = [
                {name: _text(value, number) for name, value in batch.item.items()} for number in range(COUNT)
            ]
            ids: list[str] = []
            if batch.id:
                found = await desk.execute(
                    batch.connector,
                    batch.entity,
                    "list",
                    {**batch.given, **dict(batch.listed), "limit": COUNT},
                )
                ids = [str(row[batch.id]) for row in found.data]
                items = [{**item, "campaign_id": own} for item, own in zip(items, ids, strict=True)]
            given = batch.given if batch.connector != FACEBOOK else {}
            plan = await desk.execute(batch.connector, batch.entity, batch.action, {**given, "items": items})
            world.breaks(kind="mixed", items="1,3", platform=batch.connector)
            done = await desk.apply(plan.data["plan_id"])
            text = desk.text(done)
            assert [step["state"] for step in done.data["steps"]] == [
                "failed" if at in REFUSED else "done" for at in range(COUNT)
            ], text
            assert [row["index"] for row in done.errors] == [*REFUSED]
            assert f"{COUNT - len(REFUSED)} of {COUNT} done" in text
            _were_carried_out(world, ids)
            await desk.apply(plan.data["plan_id"])
            _were_carried_out(world, ids)
        finally:
            world.mend()
            await world.network.settled()
            await desk.close()


def _were_carried_out(world: World, ids: list[str]) -> None:
    """Exactly those that were not refused, each once."""
    written = [str(write["id"]) for write in world.store.writes()]
    left = [own for at, own in enumerate(ids) if at not in REFUSED]
    assert written == left if ids else len(written) == COUNT - len(REFUSED)
    if not ids:
        names = [re.search(r"Mixed (\d)", str(write["body"])) for write in world.store.writes()]
        assert [int(name[1]) for name in names if name] == [at for at in range(COUNT) if at not in REFUSED]


def _text(value: Any, number: int) -> Any:
    return value.format(number) if isinstance(value, str) else value
