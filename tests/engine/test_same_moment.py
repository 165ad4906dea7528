"""What was set and what is there are compared as they are meant: moments as instants, lists by items."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, PROFILE, EngineClient
from planning import GIFTS, applied, value_of

from mcp_ads.engine.session import objects as live

pytestmark = pytest.mark.anyio
SP = "sponsored_product_campaigns"


@pytest.mark.parametrize(
    "spelt",
    ["2027-01-05T00:00:00+0000", "2027-01-05T00:00:00Z", "1799107200", "2027-01-05", "2027-01-05T09:30:00"],
)
async def test_a_moment_spelt_otherwise_is_no_difference(engine_client: EngineClient, spelt: str) -> None:
    """Whatever offset or epoch an end is written with, what the platform shows of it is the same."""
    plan = await engine_client.do(FACEBOOK, "campaigns", "update", campaign_id=GIFTS, stop_time=spelt)
    answer = (await applied(engine_client, plan.data["plan_id"])).text
    assert "APPLIED: 1 of 1 done" in answer, answer
    assert "DIFFERS" not in answer


async def test_a_second_that_passes_while_an_amount_is_paced_makes_it_no_faster(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an end leaves to spend in a day, before and after a change, is told from one moment."""
    ticks, start = count(), datetime.now(UTC)
    monkeypatch.setattr(
        "mcp_ads.engine.changes.spend_effects.now", lambda: start + timedelta(seconds=next(ticks))
    )
    ends = datetime.fromisoformat(await value_of(engine_client, "stop_time", GIFTS)) + timedelta(minutes=30)
    plan = await engine_client.do(
        FACEBOOK, "campaigns", "update", campaign_id=GIFTS, stop_time=ends.isoformat()
    )
    assert "a day" not in plan.text, "its ad sets end before: nothing is spent faster"
    assert "APPLIED: 1 of 1 done" in (await applied(engine_client, plan.data["plan_id"])).text


async def test_a_plain_day_is_sent_with_the_offset_of_the_account(engine_client: EngineClient) -> None:
    """The last day of a run is whole there, and the plan shows the moment that is sent."""
    plan = await engine_client.do(FACEBOOK, "campaigns", "update", campaign_id=GIFTS, stop_time="2027-01-05")
    assert "2027-01-06T00:00:00-0500" in plan.text
    await applied(engine_client, plan.data["plan_id"])
    assert (engine_client.store.get("facebook.campaign", GIFTS) or {})[
        "stop_time"
    ] == "2027-01-06T00:00:00-0500"


async def test_an_item_of_a_list_that_differs_is_shown(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bid adjustment that is not the one that was set is said, with both numbers whole."""
    rows = (await engine_client.do(AMAZON, SP, "list", profile_id=PROFILE, limit=1)).data
    number = rows[0]["campaignId"] if "campaignId" in rows[0] else rows[0]["id"]
    bidding = {
        "strategy": "MANUAL",
        "placementBidding": [{"placement": "PLACEMENT_TOP", "percentage": 50}],
    }
    plan = await engine_client.do(
        AMAZON, SP, "update", profile_id=PROFILE, campaign_id=number, dynamic_bidding=bidding
    )
    read = live.fetch

    async def other(*args: Any, **more: Any) -> dict[str, Any]:
        record = await read(*args, **more)
        placed = [{"placement": "PLACEMENT_TOP", "percentage": 900}]
        return {**record, "dynamicBidding": {**bidding, "placementBidding": placed}}

    monkeypatch.setattr(live, "fetch", other)
    plan_id = plan.data["plan_id"]
    monkeypatch.setattr("mcp_ads.engine.applying.carry_out.check_unchanged", _nothing)
    answer = (await applied(engine_client, plan_id)).text
    assert "BUT READ-BACK DIFFERS" in answer
    assert '"percentage":900}, set was {' in answer
    assert '"percentage":50}' in answer


async def _nothing(*_: object) -> None:
    """The look before sending, which is not what this is about."""
