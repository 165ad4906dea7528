"""The invented advertiser's Sponsored Brands targets and themes, one of each in an ad group."""

from __future__ import annotations

from typing import Any

from mcp_ads.sandbox.amazon_ads.calls import Body
from mcp_ads.sandbox.amazon_ads.catalogue import RIVALS
from mcp_ads.sandbox.store import Store

from .targets import resolved
from .themes import TYPES

KINDS = {"targets": (4, "targetId"), "negativeTargets": (5, "targetId"), "themes": (6, "themeId")}
PRODUCT, KEPT_FROM = ([{"type": "asinSameAs", "value": rival}] for rival in RIVALS[:2])
TOWELS = [
    {"type": "asinCategorySameAs", "value": "1063242"},
    {"type": "asinReviewRatingGreaterThan", "value": "3"},
]


def fill(store: Store, profile: Body) -> None:
    """A rival's product and a category by turns, and of all ad groups another rival's product to keep from.

    What is in the last ad group is for brand videos; campaigns of one ad group have no themes.
    """
    owner, unit = str(profile["profileId"]), 100 if profile["currencyCode"] == "JPY" else 1
    groups = store.owned("amazon.sb.adGroups", "_profile", owner)
    for number, group in enumerate(groups, 1):
        of = TOWELS if number % 2 == 0 else PRODUCT
        bodies: dict[str, dict[str, Any]] = {
            "targets": {"expressions": of, "resolvedExpressions": resolved(of), "bid": 0.9 * unit},
            "negativeTargets": {"expressions": KEPT_FROM, "resolvedExpressions": KEPT_FROM},
            "themes": {"themeType": TYPES[number % 2], "bid": 1.1 * unit},
        }
        notes = {
            name: group[name] for name in ("_profile", "_created", "_updated", "adGroupId", "campaignId")
        }
        notes["_creative"] = "brandVideo" if group is groups[-1] else "productCollection"
        notes["state"] = "ARCHIVED" if group["state"] == "ARCHIVED" else "ENABLED"
        campaign = store.get("amazon.sb.campaigns", group["campaignId"]) or {}
        for key, (kind, id_name) in KINDS.items():
            if key == "themes" and not campaign["isMultiAdGroupsEnabled"]:
                continue
            new = f"{int(owner[0]) - 2}9{kind}{number:012d}"
            own = {id_name: new, "_noun": "TARGETING_CLAUSE", **notes}
            store.put(f"amazon.sb.{key}", new, {**own, **bodies[key]})
