"""The facets by which LinkedIn targets: what each holds, and how what it holds is found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mcp_ads.connectors.linkedin_ads import restli
from mcp_ads.core.synonyms import closest_of
from mcp_ads.core.texts import commas

PREFIX = "urn:li:adTargetingFacet:"
FINDERS = {"AD_TARGETING_FACET": "list", "TYPEAHEAD": "search", "SIMILAR_ENTITIES": "similar"}
"""How LinkedIn calls the ways to the values of a facet -> our action."""
LIST, SEARCH, SIMILAR = FINDERS.values()


@dataclass(frozen=True)
class Facet:
    """`kinds` are those of the URNs it holds, the usual one first; `found_by` the actions that find them."""

    kinds: tuple[str, ...]
    found_by: tuple[str, ...] = ()


def _facets(names: str, kinds: str, *found_by: str) -> dict[str, Facet]:
    return dict.fromkeys(names.split(), Facet(tuple(kinds.split()), found_by))


FACETS: Mapping[str, Facet] = {
    **_facets("locations", "geo country state region", SEARCH, SIMILAR),
    **_facets("profileLocations", "geo country state region", SEARCH),
    **_facets("interfaceLocales", "locale", LIST),
    **_facets("seniorities", "seniority", LIST),
    **_facets("jobFunctions", "function", LIST),
    **_facets("titles titlesAll titlesPast", "title", LIST, SEARCH, SIMILAR),
    **_facets("industries", "industry", LIST, SEARCH, SIMILAR),
    **_facets("staffCountRanges", "staffCountRange", LIST),
    **_facets(
        "employers employersAll employersPast followedCompanies firstDegreeConnectionCompanies",
        "organization",
        SEARCH,
        SIMILAR,
    ),
    **_facets("schools", "organization school", SEARCH),
    **_facets("skills", "skill", LIST, SEARCH, SIMILAR),
    **_facets("degrees", "degree", LIST, SEARCH),
    **_facets("fieldsOfStudy", "fieldOfStudy", LIST, SEARCH),
    **_facets("interests", "interest", LIST, SEARCH),
    **_facets("groups", "group", SEARCH, SIMILAR),
    **_facets("genders", "gender", LIST),
    **_facets("ageRanges", "ageRange", LIST),
    **_facets("yearsOfExperienceRanges", "yearsOfExperience", LIST),
    **_facets("memberBehaviors", "memberBehavior", LIST, SEARCH),
    **_facets("companyCategory", "organizationRankingList", LIST, SEARCH),
    **_facets("growthRate", "growthRate", LIST, SEARCH),
    **_facets("revenue", "revenue", LIST, SEARCH),
    **_facets("buyerGroups", "buyerGroup", LIST, SEARCH),
    **_facets("audienceMatchingSegments dynamicSegments", "adSegment"),
}
"""What LinkedIn's pages on ads targeting have; it adds to them, and those are written as whole URNs."""
ALSO = {
    "companies": "employers", "companynames": "employers", "companysize": "staffCountRanges",
    "companysizes": "staffCountRanges", "countries": "locations", "geos": "locations",
    "jobtitles": "titles", "languages": "interfaceLocales", "matchedaudiences": "audienceMatchingSegments",
    "retargeting": "dynamicSegments", "yearsofexperience": "yearsOfExperienceRanges", "age": "ageRanges",
    "gender": "genders",
}  # fmt: skip
_PLAIN = {re.sub(r"[^a-z]", "", name.lower()): name for name in FACETS} | ALSO
_NAME = re.compile(r"[A-Za-z]{2,60}")
_VALUES = {
    "staffCountRange": r"\([0-9]+,[0-9]+\)",
    "ageRange": r"\([0-9]+,[0-9]+\)",
    "locale": r"[a-z]{2}_[A-Z]{2}",
    "gender": r"MALE|FEMALE",
}
"""What stands at the end of URNs that have no number there."""
_URN = re.compile(r"urn:li:([A-Za-z]+):(\([^()\s]{1,80}\)|[^():,\s]{1,80})")


def name_of(facet: object) -> str:
    """The short name of a facet, from any way of writing it. Raises ValueError."""
    given = restli.decode(str(facet).strip())
    short = given.removeprefix(PREFIX)
    plain = re.sub(r"[^a-z]", "", short.lower())
    if known := _PLAIN.get(plain) or _PLAIN.get(f"{plain}s"):
        return known
    if given != short and _NAME.fullmatch(short):
        return short
    near = closest_of(short[:60], FACETS) or f"; there are {', '.join(FACETS)}"
    raise ValueError(f"{short[:60]!r} is no facet{near}")


def urn_of(facet: str) -> str:
    return PREFIX + facet


def urns_in(value: object) -> list[str]:
    """The texts of a list, which may be spelled as Rest.li; a comma inside a URN's brackets parts nothing."""
    found = list[str]()
    for item in value if isinstance(value, list) else [value]:
        text = str(item).strip()
        inner = text[5:-1] if text.startswith("List(") and text.endswith(")") else text
        found += [restli.decode(part.strip()) for part in commas(inner) if part.strip()]
    return found


def value_of(facet: str, value: object) -> str:
    """A value of a facet as its URN. Raises ValueError for one that the facet cannot hold."""
    given = restli.decode(str(value).strip())
    kinds = FACETS[facet].kinds if facet in FACETS else ()
    urn = _URN.fullmatch(given)
    if urn and (urn[1] in kinds or not kinds):
        return given
    if not urn and kinds and re.fullmatch(_VALUES.get(kinds[0], "[0-9]{1,20}"), given):
        return f"urn:li:{kinds[0]}:{given}"
    found_by = FACETS[facet].found_by if kinds else ()
    finder = SEARCH if SEARCH in found_by else next(iter(found_by), "")
    found = f"; targeting_entities.{finder} finds them by name" if finder else ""
    raise ValueError(f"{facet} takes urn:li:{kinds[0] if kinds else '…'}:… , not {given[:60]!r}{found}")
