"""Which campaigns LinkedIn's writes change; campaign groups and campaigns alike are campaigns to people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mcp_ads.core import Action
from mcp_ads.core.reach import NOTHING, Level, Reach, Reaches, Told

from .campaigns.reads import ListCampaigns

PEOPLE = Reach(why="campaigns may target these people")
EVERY = Reach(why="it counts for every campaign of the account", harmless=("name",))
CONVERSION = {"conversion_id": ("conversions",), "campaigns": ("campaigns",)}


def _in_group(account: str, group: str) -> Mapping[str, Action]:
    states = ["ACTIVE", "PAUSED", "DRAFT", "ARCHIVED", "COMPLETED", "CANCELED"]
    given = {"account_id": account, "campaign_group_id": [group], "status": states}
    return {"campaigns": ListCampaigns.model_validate({**given, "fields": ["id", "name"]})}


def _new_conversion(params: Mapping[str, Any]) -> Reach:
    """A rule for the campaigns it names, or for all that there are."""
    if params.get("auto_association_type", "NONE") != "NONE":
        return Reach(why="it is attached to every campaign of the account, or to those of an objective")
    return Reach({"campaigns": ("campaigns",)}) if params.get("campaigns") else NOTHING


LEVELS = {
    "campaign_groups": Level("name", holds=_in_group, shares=("totalBudget", "dailyBudget")),
    "campaigns": Level("name", above={"campaignGroup": "campaign_groups"}),
    "creatives": Level(above={"campaign": "campaigns"}),
    "conversions": Level(members=("campaigns", "", "campaigns")),
}
TOLD: dict[str, Told] = {
    "accounts.create": NOTHING,
    "accounts": EVERY,
    "account_users": NOTHING,
    "campaign_groups.create": NOTHING,
    "campaigns.duplicate": Reach(
        {"campaign_group_id": ("campaign_groups",)}, beside={"campaign_id": ("campaigns",)}
    ),
    "campaign_conversions": Reach({"campaign_id": ("campaigns",)}),  # the rule's other campaigns keep it
    "creatives.create_inline": Reach({"campaign_id": ("campaigns",), "replaces": ("creatives",)}),
    "posts.create": NOTHING,
    "posts.delete": Reach(why="creatives of any campaign may show it", anyones=True),
    "images.upload": NOTHING,
    "videos.upload": NOTHING,
    "documents.upload": NOTHING,
    "dmp_segments.create": NOTHING,
    "dmp_segments.update": NOTHING,
    "dmp_segments": PEOPLE,
    "conversions.create": _new_conversion,
    "conversions.update": Reach(CONVERSION, harmless=("name",)),
    "conversion_events.create": NOTHING,
}
REACHES = Reaches(LEVELS, TOLD)
