"""What can be targeted: facets, what they hold, and how it is found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from mcp_ads.sandbox.linkedin_ads.campaigns.targeting import FACET, VALUES
from mcp_ads.sandbox.linkedin_ads.state import tail, urn, urn_kind

BY_FACET, TYPEAHEAD, SIMILAR = FINDERS = ("AD_TARGETING_FACET", "TYPEAHEAD", "SIMILAR_ENTITIES")
COMPANIES = (
    "employers",
    "employersAll",
    "employersPast",
    "followedCompanies",
    "firstDegreeConnectionCompanies",
)
FOUND_BY: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("genders", "ageRanges", "jobFunctions", "seniorities", "staffCountRanges", "interfaceLocales",
         "yearsOfExperienceRanges"), (BY_FACET,)
    ),
    **dict.fromkeys(("locations", "profileLocations", "schools"), (TYPEAHEAD,)),
    **dict.fromkeys((*COMPANIES, "groups"), (TYPEAHEAD, SIMILAR)),
    **dict.fromkeys(
        ("degrees", "fieldsOfStudy", "interests", "memberBehaviors", "companyCategory", "growthRate",
         "revenue", "buyerGroups"), (BY_FACET, TYPEAHEAD)
    ),
    **dict.fromkeys(("industries", "titles", "titlesAll", "titlesPast", "skills"), FINDERS),
    **dict.fromkeys(("audienceMatchingSegments", "dynamicSegments"), ()),
}  # fmt: skip
LAST_OF = {"organization": "employersPast", "title": "titlesPast", "geo": "profileLocations"}
"""The facet that a URN is answered with when only its name is asked for."""


@cache
def known() -> dict[str, dict[str, Any]]:
    """Names by kind and id; of a place with how many members it has."""
    text = (Path(__file__).parent / "entities.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = json.loads(text)
    return found


def name_of(entity: str) -> str | None:
    found = known().get(urn_kind(entity) or "", {}).get(tail(entity))
    return found[0] if isinstance(found, list) else found


def members_in(place: str) -> int | None:
    found = known()["geo"].get(tail(place))
    return found[1] if found else None


def values_of(facet: str) -> Iterator[str]:
    """The URNs that a facet, by its short name, holds."""
    for kind in VALUES[facet]:
        for key in known().get(kind, {}):
            if kind != "organization" or (facet == "schools") == key.startswith("500"):
                yield urn(kind, key)


def shown(entity: str, facet: str = "") -> dict[str, Any]:
    """An entity as it is answered."""
    kind = urn_kind(entity)
    facet = facet or LAST_OF.get(str(kind)) or next(name for name, kinds in VALUES.items() if kind in kinds)
    return {"urn": entity, "facetUrn": FACET + facet, "name": name_of(entity)}
