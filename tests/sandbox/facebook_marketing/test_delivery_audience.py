"""The make-believe Graph refuses audiences as Facebook does."""

from __future__ import annotations

from typing import Any

import pytest
from facebook_client import graph

pytestmark = pytest.mark.anyio
ACCOUNT, DRYBAGS = "act_1234567890", "1202110000000000315"
PLACE = {"countries": ["US"]}


async def refused(**targeting: Any) -> str:
    """What Graph says to a new ad set with this audience."""
    usual = {"geo_locations": PLACE, "targeting_automation": {"advantage_audience": 0}}
    async with graph() as g:
        wanted = {
            "name": "x", "campaign_id": DRYBAGS, "optimization_goal": "LINK_CLICKS",
            "billing_event": "IMPRESSIONS", "daily_budget": 3000, "status": "PAUSED",
            "targeting": usual | targeting,
        }  # fmt: skip
        return str((await g.error("POST", f"{ACCOUNT}/adsets", **wanted))["message"])


async def test_audiences_that_mean_nothing() -> None:
    """Countries there are none of, ages below 13, platforms and fields nobody knows."""
    assert "'XX'" in await refused(geo_locations={"countries": ["XX"]})
    assert "13 to 65" in await refused(age_min=10)
    assert "'tiktok'" in await refused(publisher_platforms=["tiktok"])
    assert "colour" in await refused(colour="red")


async def test_what_has_ended_is_completed() -> None:
    """One campaign is still ACTIVE although its end has passed: only `is_completed` tells."""
    async with graph() as g:
        found = await g.get(f"{ACCOUNT}/campaigns", is_completed=True, fields="effective_status,stop_time")
        assert [record["effective_status"] for record in found["data"]] == ["ACTIVE"]


async def test_politics_needs_a_country() -> None:
    """Housing falls back to the account's own country, politics does not."""
    async with graph() as g:
        wanted = {
            "name": "x", "objective": "OUTCOME_TRAFFIC", "status": "PAUSED", "daily_budget": 3000,
            "special_ad_categories": ["ISSUES_ELECTIONS_POLITICS"],
        }  # fmt: skip
        assert (await g.error("POST", f"{ACCOUNT}/campaigns", **wanted))["error_subcode"] == 2909034
        await g.post(f"{ACCOUNT}/campaigns", **{**wanted, "special_ad_categories": ["HOUSING"]})
