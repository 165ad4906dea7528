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


PLACEMENTS = {
    "alone": {"publisher_platforms": ["audience_network"]},
    "threads": {"publisher_platforms": ["facebook", "threads"]},
    "whatsapp": {"publisher_platforms": ["instagram", "whatsapp"], "instagram_positions": ["stream"]},
    "story": {"publisher_platforms": ["facebook"], "facebook_positions": ["story"]},
    "neighbour": {"facebook_positions": ["search"]},
    "sponsored": {"messenger_positions": ["sponsored_messages"]},
    "desktop": {"publisher_platforms": ["instagram"], "device_platforms": ["desktop"]},
    "gone": {"facebook_positions": ["feed", "video_feeds"]},
    "travelling": {"geo_locations": {**PLACE, "location_types": ["travel_in"]}},
    "circles": {"geo_locations": {"cities": [{"key": "1", "radius": 20}, {"key": "2", "radius": 30}]}},
    "city": {"geo_locations": {"cities": [{"key": "1", "radius": 5}]}},
    "exclusions": {"exclusions": {"interests": [{"id": "1"}]}},
    "young": {"geo_locations": {"countries": ["NO"]}, "age_min": 16},
    "odd-cities": {"geo_locations": {"cities": ["Berlin"]}},
    "odd-radius": {"geo_locations": {"cities": [{"key": "1", "radius": "far"}]}},
}


@pytest.mark.parametrize("targeting", PLACEMENTS.values(), ids=PLACEMENTS)
async def test_placements_and_places_that_are_not_possible(targeting: dict[str, Any]) -> None:
    """Each is code 100; nothing is made."""
    assert await refused(**targeting)


HOUSING = {
    "ages": {"age_min": 25},
    "circle": {"geo_locations": {"cities": [{"key": "1", "country": "US", "radius": 12}]}},
    "details": {"flexible_spec": [{"behaviors": [{"id": "1"}]}]},
    "choice": {"targeting_automation": {}},
    "leaving-out": {"excluded_geo_locations": {"regions": [{"key": "1"}]}},
}


@pytest.mark.parametrize("targeting", HOUSING.values(), ids=HOUSING)
async def test_housing_is_for_everybody_unless_it_is_tuned(targeting: dict[str, Any]) -> None:
    """A special ad category refuses narrow audiences, and tune_for_category widens them instead."""
    usual = {"geo_locations": PLACE, "targeting_automation": {"advantage_audience": 0}}
    async with graph() as g:
        parent = {
            "name": "x", "objective": "OUTCOME_TRAFFIC", "status": "PAUSED", "daily_budget": 3000,
            "special_ad_categories": ["HOUSING"],
        }  # fmt: skip
        wanted = {
            "name": "x", "campaign_id": (await g.post(f"{ACCOUNT}/campaigns", **parent))["id"],
            "optimization_goal": "LINK_CLICKS", "billing_event": "IMPRESSIONS", "status": "PAUSED",
            "targeting": usual | targeting,
        }  # fmt: skip
        assert (await g.error("POST", f"{ACCOUNT}/adsets", **wanted))["error_subcode"] in (2909035, 1870227)
        if targeting.get("targeting_automation") != {}:
            await g.post(f"{ACCOUNT}/adsets", **wanted, tune_for_category="HOUSING")


async def test_politics_is_not_for_the_union() -> None:
    """Neither as a country of the category nor as a place of an ad set."""
    politics = {
        "name": "x", "objective": "OUTCOME_TRAFFIC", "status": "PAUSED", "daily_budget": 3000,
        "special_ad_categories": ["ISSUES_ELECTIONS_POLITICS"],
    }  # fmt: skip
    async with graph() as g:
        error = await g.error("POST", f"{ACCOUNT}/campaigns", **politics, special_ad_category_country=["FR"])
        assert error["error_subcode"] == 2708008
        made = await g.post(f"{ACCOUNT}/campaigns", **politics, special_ad_category_country=["US"])
        wanted = {
            "name": "x", "campaign_id": made["id"], "optimization_goal": "LINK_CLICKS",
            "billing_event": "IMPRESSIONS", "status": "PAUSED", "dsa_payor": "T", "dsa_beneficiary": "T",
            "targeting": {"geo_locations": {"countries": ["FR"]}},
        }  # fmt: skip
        assert (await g.error("POST", f"{ACCOUNT}/adsets", **wanted))["error_subcode"] == 2708008
