"""What objects of LinkedIn did: the analytics by which groups, campaigns and creatives are found."""

from __future__ import annotations

from collections.abc import Mapping

from mcp_ads.core.figures import Figures

from .analytics.doubts import STILL_MOVING

QUIET = ("names are missing", "only the first", "LinkedIn has no name")
"""How remarks begin that are about names: an object's own is its list's."""


def _by(pivot: str) -> Figures:
    params = {"pivot": [pivot], "time_granularity": "ALL"}
    return Figures(
        "analytics", "list", f"{pivot.lower()}_id", params, quiet=QUIET, final_after=STILL_MOVING.days
    )


FIGURES: Mapping[str, Figures] = {
    "campaign_groups": _by("CAMPAIGN_GROUP"),
    "campaigns": _by("CAMPAIGN"),
    "creatives": _by("CREATIVE"),
}
