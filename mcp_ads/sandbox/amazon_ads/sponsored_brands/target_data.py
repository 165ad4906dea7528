"""The invented advertiser's Sponsored Brands targets and themes, one of each in an ad group."""

from __future__ import annotations

from mcp_ads.sandbox.amazon_ads.calls import Body
from mcp_ads.sandbox.amazon_ads.catalogue import RIVALS
from mcp_ads.sandbox.store import Store

from .themes import TYPES

SOAPS = [
    {"type": "asinCategorySameAs", "value": "11056341"},
    {"type": "asinReviewRatingGreaterThan", "value": "3"},
]


def fill(store: Store, profile: Body) -> None:
    """A rival's product and a category by turns; each ad group keeps away from another rival's product."""
    owner, yen = str(profile["profileId"]), profile["currencyCode"] == "JPY"
    groups = [row for row in store.all("amazon.sb.adGroups") if row["_profile"] == owner]
    for number, group in enumerate(groups, 1):
        rivals = [[{"type": "asinSameAs", "value": rival}] for rival in RIVALS[:2]]
        of, kept = (SOAPS if number % 2 == 0 else rivals[0]), rivals[1]
        resolved = [{**part, "value": "Soaps"} if part["value"] == "11056341" else part for part in of]
        shown = {"expressions": of, "resolvedExpressions": resolved, "bid": 90 if yen else 0.9}
        _put(store, group, number, "targets", "targetId", shown)
        _put(
            store,
            group,
            number,
            "negativeTargets",
            "targetId",
            {"expressions": kept, "resolvedExpressions": kept},
        )
        theme = {"themeType": TYPES[number % 2], "bid": 110 if yen else 1.1}
        _put(store, group, number, "themes", "themeId", theme)


KINDS = {"targets": 4, "negativeTargets": 5, "themes": 6}


def _put(store: Store, group: Body, number: int, key: str, id_name: str, body: Body) -> None:
    new = f"{int(group['_profile'][0]) - 2}9{KINDS[key]}{number:012d}"
    state = "ARCHIVED" if group["state"] == "ARCHIVED" else "ENABLED"
    creative = group.get("_creative", "productCollection")
    notes = {name: group[name] for name in ("_profile", "_created", "_updated", "adGroupId", "campaignId")}
    own = {id_name: new, "state": state, "_noun": "TARGETING_CLAUSE", "_creative": creative}
    store.put(f"amazon.sb.{key}", new, {**notes, **own, **body})
