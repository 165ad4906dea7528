"""What holds LinkedIn's campaigns back although they are switched on."""

from __future__ import annotations

from engine_client import LINKEDIN, LINKEDIN_US, EngineClient
from linkedin_calls import rows_of

from mcp_ads.sandbox.linkedin_ads.state import CAMPAIGN, GROUP

US = {"account_id": LINKEDIN_US}


async def test_active_campaigns_in_paused_groups_show(engine_client: EngineClient) -> None:
    """Their switch is on; what holds them back is a column."""
    rows = await rows_of(engine_client, "campaigns", **US, status=["ACTIVE"], limit=1000)
    groups = {
        str(row["id"]): row["status"]
        for row in await rows_of(engine_client, "campaign_groups", **US, limit=100)
    }
    held = [row for row in rows if groups[row["campaign_group_id"]] != "ACTIVE"]
    assert held
    assert all("CAMPAIGN_GROUP_STATUS_HOLD" in row["serving"] for row in held)
    assert all(
        row["serving"] == "RUNNABLE" for row in rows if row not in held and "HOLD" not in row["serving"]
    )


async def test_an_ended_campaign_that_is_active_shows(engine_client: EngineClient) -> None:
    """Its own end, or its group's."""
    first, *_ = await rows_of(engine_client, "campaigns", **US, status=["ACTIVE"])
    campaign = engine_client.store.get(CAMPAIGN, str(first["id"]))
    group = engine_client.store.get(GROUP, first["campaign_group_id"])
    assert campaign
    assert group
    engine_client.store.put(
        CAMPAIGN,
        str(first["id"]),
        {**campaign, "runSchedule": {"start": 1_700_000_000_000, "end": 1_710_000_000_000}},
    )
    again = await engine_client.do(LINKEDIN, "campaigns", "get", **US, campaign_id=str(first["id"]))
    assert again.data["serving"] == "CAMPAIGN_END_DATE_HOLD"
