"""Every way of saying that a LinkedIn campaign has no end."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import LINKEDIN, LINKEDIN_US, EngineClient
from planning import applied, planned

pytestmark = pytest.mark.anyio
NAMED = {"account_id": LINKEDIN_US, "connector": LINKEDIN}


@pytest.mark.parametrize(
    "params",
    [
        {"run_schedule": {"end": "none"}},
        {"run_schedule": {"end": None}},
        {"run_schedule": {"end": ""}},
        {"runSchedule": {"end": "null"}},
        {"clear": ["run_schedule.end"]},
        {"patch": {"$delete": ["runSchedule.end"]}},
        {"patch": {"$set": {"runSchedule": {"end": None}}}},
    ],
)
async def test_an_end_is_taken_away(engine_client: EngineClient, params: dict[str, Any]) -> None:
    """The end is gone, and the start is what it was; nothing that was said is dropped."""
    rows = (
        await engine_client.do(
            LINKEDIN, "campaigns", "list", account_id=LINKEDIN_US, status=["ACTIVE"], limit=1
        )
    ).data
    one = rows[0]["id"]
    until = await planned(
        engine_client, "campaigns", "update", campaign_id=one, run_schedule={"end": "2027-12-31"}, **NAMED
    )
    await applied(engine_client, until)
    plan_id = await planned(engine_client, "campaigns", "update", campaign_id=one, **params, **NAMED)
    result = await applied(engine_client, plan_id)
    assert "APPLIED: 1 of 1 done" in result.text
    got = await engine_client.do(
        LINKEDIN, "campaigns", "get", account_id=LINKEDIN_US, campaign_id=one, fields=["id", "runSchedule"]
    )
    assert "end" not in got.data["runSchedule"]
    assert got.data["runSchedule"]["start"]
