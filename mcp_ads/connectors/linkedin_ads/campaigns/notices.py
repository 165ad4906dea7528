"""What LinkedIn obliges whoever builds on its API to show to an advertiser, and what it does in the EU.

Sources: LinkedIn's pages Create and Manage Campaigns (politicalIntent) and Ads Targeting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mcp_ads.connectors.linkedin_ads.audiences import criteria

Values = Mapping[str, Any]
EU = frozenset({
    91000000, 91000002, 91000005, 91000006, 91000007, 100506914, 103883259, 100565514, 105333783, 104688944,
    106774002, 104508036, 104514075, 102974008, 100456013, 105015875, 101282230, 104677530, 100288700,
    104738515, 103350119, 104341318, 101464403, 104042105, 100961908, 102890719, 105072130, 100364837,
    106670623, 103119917, 106137034, 105646813, 105117694,
})  # fmt: skip
"""Geo ids: the EU, regions that include some of it, and its member states. Parts of these have others."""
OUTSIDE = frozenset({
    103644278, 101174742, 101165590, 101452733, 101355337, 102713980, 106693272, 106057199, 103323778,
    102454443, 105490917,
})  # fmt: skip
"""Geo ids of states that are none: US, Canada, UK, Australia, Japan, India, Switzerland, Brazil, Mexico,
Singapore, New Zealand. Of all others it is not known here.
"""
MEMBERS = frozenset(
    [
        "at",
        "be",
        "bg",
        "hr",
        "cy",
        "cz",
        "dk",
        "ee",
        "fi",
        "fr",
        "de",
        "gr",
        "hu",
        "ie",
        "it",
        "lv",
        "lt",
        "lu",
        "mt",
        "nl",
        "pl",
        "pt",
        "ro",
        "sk",
        "si",
        "es",
        "se",
    ]
)
FAIR = (
    "LinkedIn's tools may not be used to discriminate by personal traits such as gender, age, race, ethnicity"
)
PLACES = ("urn:li:adTargetingFacet:locations", "urn:li:adTargetingFacet:profileLocations")
MEANT = {
    "NOT_POLITICAL": "you confirm to LinkedIn that these ads are not political advertising",
    "POLITICAL": "you declare to LinkedIn that these ads are political advertising",
}


def in_eu(targeting: Values) -> bool:
    """Whether an audience surely includes a part of the EU; smaller places are not known here."""
    return bool(_places(criteria.clauses(targeting)) & {*map(str, EU), *MEMBERS})


def outside_eu(targeting: Values) -> bool:
    """Whether an audience surely includes no part of the EU: all its places are states that are not in it."""
    placed = [clause for clause in criteria.clauses(targeting) if _places([clause])]
    alone = all(clause.keys() <= {*PLACES} for clause in placed)
    return bool(placed) and alone and _places(placed) <= {*map(str, OUTSIDE)}


def _places(clauses: Iterable[Mapping[str, list[str]]]) -> set[str]:
    """The ends of the URNs of places."""
    found = (urn for clause in clauses for facet in PLACES for urn in clause.get(facet) or ())
    return {str(urn).rpartition(":")[2].lower() for urn in found}


def to_confirm(campaign: Values) -> Iterable[str]:
    """What a person confirms by agreeing to a campaign with this audience."""
    targeting = campaign.get("targetingCriteria") or {}
    intent = str(campaign.get("politicalIntent") or "NOT_DECLARED")
    far = outside_eu(targeting)
    if intent not in MEANT and not far:
        yield "without a declared political intent it cannot be shown in the EU"
    if not targeting:
        return
    if intent in MEANT and not far:
        where = "this audience includes the EU" if in_eu(targeting) else "if this audience includes the EU"
        yield f"{where}: by applying, {MEANT[intent]} (politicalIntent {intent})"
    yield f"targeting: {FAIR}"


def undeclared(campaign: Values) -> Iterable[str]:
    """LinkedIn takes no campaign for the EU whose political intent is not declared."""
    if campaign.get("politicalIntent") == "NOT_DECLARED" and in_eu(campaign.get("targetingCriteria") or {}):
        yield "political_intent: the audience includes the EU, where NOT_DECLARED is not taken; declare it"
