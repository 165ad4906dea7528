"""What objects of Meta did: the insights by which campaigns, ad sets and ads are found."""

from __future__ import annotations

from collections.abc import Mapping

from mcp_ads.core.figures import Awareness, Figures

from .facts import SETTLED
from .measuring.reports import TOO_MUCH

QUIET = ("no rows: nothing was delivered in these days", TOO_MUCH)
"""How remarks begin that leave nothing open: without a row nothing was delivered."""

AWARENESS = Awareness(
    "objective", ("OUTCOME_AWARENESS", "BRAND_AWARENESS", "LOCAL_AWARENESS", "REACH", "VIDEO_VIEWS")
)
"""Of a campaign, whose ad sets and ads have it in the insights; the shorter ones are of older campaigns."""


def _by(level: str) -> Figures:
    return Figures(
        "ads_insights",
        "list",
        f"{level}_id",
        {"level": level},
        quiet=QUIET,
        final_after=SETTLED,
        awareness=AWARENESS,
    )


FIGURES: Mapping[str, Figures] = {"campaigns": _by("campaign"), "ad_sets": _by("adset"), "ads": _by("ad")}
