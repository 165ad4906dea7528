"""The shape of targetingCriteria, and which facets go together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mcp_ads.sandbox.linkedin_ads import schema
from mcp_ads.sandbox.linkedin_ads.errors import Fault
from mcp_ads.sandbox.linkedin_ads.state import Body

FACET = "urn:li:adTargetingFacet:"
VALUES = {
    "locations": ("geo", "country", "state", "region"),
    "profileLocations": ("geo", "country", "state", "region"),
    "interfaceLocales": ("locale",),
    "seniorities": ("seniority",),
    "jobFunctions": ("function",),
    "titles": ("title",),
    "titlesAll": ("title",),
    "titlesPast": ("title",),
    "industries": ("industry",),
    "staffCountRanges": ("staffCountRange",),
    "employers": ("organization",),
    "employersAll": ("organization",),
    "employersPast": ("organization",),
    "followedCompanies": ("organization",),
    "firstDegreeConnectionCompanies": ("organization",),
    "schools": ("organization",),
    "skills": ("skill",),
    "degrees": ("degree",),
    "fieldsOfStudy": ("fieldOfStudy",),
    "interests": ("interest",),
    "productInterests": ("interest",),
    "groups": ("group",),
    "genders": ("gender",),
    "ageRanges": ("ageRange",),
    "yearsOfExperienceRanges": ("yearsOfExperience",),
    "memberBehaviors": ("memberBehavior",),
    "companyCategory": ("organizationRankingList",),
    "growthRate": ("growthRate",),
    "revenue": ("revenue",),
    "audienceMatchingSegments": ("adSegment",),
    "dynamicSegments": ("adSegment",),
    "buyerGroups": ("buyerGroup",),
}
INCLUDE_ONLY = ("interfaceLocales", "groups", "genders", "ageRanges")
LOCATIONS = ("locations", "profileLocations", "interfaceLocales")
TITLES, EMPLOYERS = ("titles", "titlesAll", "titlesPast"), ("employers", "employersAll", "employersPast")
APART = (
    (TITLES, ("seniorities", "jobFunctions")),
    (EMPLOYERS, ("industries", "staffCountRanges")),
)
EU = frozenset(
    f"urn:li:geo:{number}"
    for number in (91000000, 101282230, 102890719, 103350119, 104738515, 105015875, 105646813)
)
PATH = "/targetingCriteria"


def _facet(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, str) or value.removeprefix(FACET) not in VALUES or not value.startswith(FACET):
        yield path, f'"{value}" is not the URN of a targeting facet'


CLAUSE = schema.record({"or": schema.mapping(_facet, schema.array(schema.string))})
CRITERIA = schema.record(
    {"include": schema.record({"and": schema.array(CLAUSE)})},
    {"exclude": CLAUSE},
)


def faults(new: Body) -> Iterator[Fault]:
    """What is wrong with the criteria of a campaign, if it has any."""
    criteria = new.get("targetingCriteria")
    if not criteria:
        return
    included = [(facet, urns) for clause in criteria["include"]["and"] for facet, urns in _facets(clause)]
    excluded = list(_facets(criteria.get("exclude", {"or": {}})))
    for facet, urns in included + excluded:
        yield from _kinds(facet, urns)
    names, out = {facet for facet, _ in included}, {facet for facet, _ in excluded}
    if not names & set(LOCATIONS):
        yield Fault("MISSING_POSITIVE_OPTION", PATH, "A location must be included")
    for facet in sorted(out & set(INCLUDE_ONLY)):
        yield Fault("INCOMPATIBLE_TARGETING_COMBINATION", PATH, f"{facet} can only be included", facet)
    both = {urn for _, urns in included for urn in urns} & {urn for _, urns in excluded for urn in urns}
    if both or (names & out):
        code = "FIELD_CANNOT_BE_BOTH_IN_INCLUDED_AND_EXCLUDED_TARGETING"
        yield Fault(code, PATH, "A facet is both included and excluded", ", ".join(sorted(names & out)))
    yield from _combinations([{facet for facet, _ in _facets(part)} for part in criteria["include"]["and"]])
    yield from _declared(new, {urn for _, urns in included for urn in urns})


def _facets(clause: Body) -> Iterator[tuple[str, list[str]]]:
    for facet, urns in clause["or"].items():
        yield facet.removeprefix(FACET), urns


def _kinds(facet: str, urns: list[str]) -> Iterator[Fault]:
    for urn in urns:
        if not urn.startswith(tuple(f"urn:li:{kind}:" for kind in VALUES[facet])):
            text = f"{facet} takes URNs of {' or '.join(VALUES[facet])}"
            yield Fault("INVALID_VALUE_FOR_FIELD", PATH, text, urn)


def _combinations(clauses: list[set[str]]) -> Iterator[Fault]:
    """What stands in one clause widens it; only clauses narrow each other."""
    names = set[str]().union(*clauses)
    for one, other in APART:
        rest = [set[str]().union(*clauses[:at], *clauses[at + 1 :]) for at in range(len(clauses))]
        if any(clause & {*one} and beside & {*other} for clause, beside in zip(clauses, rest, strict=True)):
            text = f"These do not go together: {', '.join(sorted(names & {*one, *other}))}"
            yield Fault("INCOMPATIBLE_TARGETING_COMBINATION", PATH, text)
    for family in (TITLES, EMPLOYERS):
        if len(names & set(family)) > 1:
            text = f"Only one of {', '.join(sorted(names & set(family)))} can be used"
            yield Fault("INVALID_PAST_ATTRIBUTE_COMBINATION", PATH, text)


def _declared(new: Body, urns: set[str]) -> Iterator[Fault]:
    if new.get("politicalIntent") == "NOT_DECLARED" and urns & EU:
        text = "A campaign whose political intent is not declared cannot target the EU"
        yield Fault("CONDITIONAL_INVALID_VALUE", "/politicalIntent", text, "NOT_DECLARED")
