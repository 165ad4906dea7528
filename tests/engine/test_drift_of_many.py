"""A long plan that the account has overtaken: planned anew in few requests, with everything in its place."""

from __future__ import annotations

import pytest
from between import between, nothing
from engine_client import FACEBOOK, EngineClient
from planning import NEW, NEW_SET, SPRING, applied, planned

pytestmark = pytest.mark.anyio
COUNT = 12
MOST_REQUESTS = 8


@pytest.mark.slow
async def test_creates_are_planned_anew_together(engine_client: EngineClient) -> None:
    """Twelve campaigns and twelve ad sets in them take as many requests as one of each, and stay together."""
    asked = between(engine_client, nothing)
    plan_id = await planned(engine_client, "campaigns", "update", campaign_id=SPRING, name="Sale")
    campaigns = [{**NEW, "name": f"Launch {at}"} for at in range(COUNT)]
    plan_id = await planned(engine_client, "campaigns", "create", items=campaigns, append_to=plan_id)
    sets = [
        {**NEW_SET, "campaign_id": f"@{at + 2}.id", "name": f"Set {at}", "daily_budget": "10 USD"}
        for at in range(COUNT)
    ]
    plan_id = await planned(engine_client, "ad_sets", "create", items=sets, append_to=plan_id)
    body = engine_client.store.get("facebook.campaign", SPRING)
    assert body
    engine_client.store.put("facebook.campaign", SPRING, {**body, "name": "Renamed by others"})
    before = len(asked)
    result = await applied(engine_client, plan_id)
    assert "A fresh plan:" in result.text
    assert len(asked) - before <= MOST_REQUESTS
    steps = engine_client.workspace.plans.get(result.data["plan_id"]).steps
    assert [step.name for step in steps[1:]] == [campaign["name"] for campaign in (*campaigns, *sets)]
    assert [step.params["campaign_id"] for step in steps[COUNT + 1 :]] == [
        f"@{at + 2}.id" for at in range(COUNT)
    ]
    assert "APPLIED: 25 of 25 done" in (await applied(engine_client, result.data["plan_id"])).text
    made = await engine_client.do(
        FACEBOOK, "ad_sets", "list", account_id=NEW["account_id"], name="Set ", limit=50
    )
    assert len({row["campaign_id"] for row in made.data if row["name"].startswith("Set ")}) == COUNT
