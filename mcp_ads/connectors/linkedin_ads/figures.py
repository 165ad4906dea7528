"""What objects of LinkedIn did: the analytics by which groups, campaigns and creatives are found."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mcp_ads.core.figures import Awareness, Figures, PerClick

from .analytics.doubts import STILL_MOVING

QUIET = ("names are missing", "only the first", "LinkedIn has no name")
"""How remarks begin that are about names: an object's own is its list's."""


PER_CLICK = PerClick("clicks", "cost", "conversions", "conversion_value")
"""Of a campaign; whether its bid is for a click its own record says."""


GROUP_BY_ID = "its campaign group is campaign_group_id, whose names are in campaign_groups list"
UNMEANT = {
    "campaign": f"may be either: a campaign's own name is name, {GROUP_BY_ID}",
    "campaign_group_name": f"is no column: {GROUP_BY_ID}",
}
"""Words beside campaigns, as Campaign Manager now calls their groups campaigns."""

AWARENESS = Awareness("objectiveType", ("BRAND_AWARENESS", "VIDEO_VIEW"))
"""Of campaigns; what is in one has its URN alone."""


def _by(
    pivot: str,
    per_click: PerClick | None = None,
    unmeant: Mapping[str, str] = MappingProxyType({}),
    awareness: Awareness | None = None,
) -> Figures:
    params = {"pivot": [pivot], "time_granularity": "ALL"}
    return Figures(
        "analytics",
        "list",
        f"{pivot.lower()}_id",
        params,
        per_click=per_click,
        quiet=QUIET,
        final_after=STILL_MOVING.days,
        unmeant=unmeant,
        awareness=awareness,
    )


FIGURES: Mapping[str, Figures] = {
    "campaign_groups": _by("CAMPAIGN_GROUP"),
    "campaigns": _by("CAMPAIGN", PER_CLICK, UNMEANT, AWARENESS),
    "creatives": _by("CREATIVE"),
}
