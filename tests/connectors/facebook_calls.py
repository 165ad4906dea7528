"""Calls the Facebook tests make, through the door an agent uses."""

from __future__ import annotations

from typing import Any

from mcp_ads.connectors import connector
from mcp_ads.core import Action, Write, validate

FACEBOOK = connector("facebook_marketing")
TARGETING = {"geo_locations": {"countries": ["US"]}, "targeting_automation": {"advantage_audience": 0}}


def call(entity: str, action: str, **params: Any) -> Action:
    """A valid call; raises InvalidParams."""
    return validate.call(entity, action, FACEBOOK.action(entity, action), params)


def ad_set(goal: str = "LINK_CLICKS", **params: Any) -> Write:
    """A new ad set with as little as possible, and what the test is about."""
    least = {"account_id": "1", "campaign_id": "2", "name": "x", "optimization_goal": goal}
    made = call("ad_sets", "create", **least | {"targeting": TARGETING} | params)
    assert isinstance(made, Write)
    return made


def problems(made: Write, **campaign: Any) -> list[str]:
    """What is wrong with an ad set under such a campaign."""
    return list(made.problems({"campaign_id": campaign}))
