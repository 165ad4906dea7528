"""Targeting criteria: which members are meant, by facets and the URNs they hold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from . import facets

Clause = dict[str, list[str]]
GRAMMAR = '{"include": {"locations": ["urn:li:geo:103644278"], …}, "exclude": {…}}'
MOST_VALUES = 1000
TITLES, EMPLOYERS = ("titles", "titlesAll", "titlesPast"), ("employers", "employersAll", "employersPast")
APART = (
    (TITLES, ("seniorities", "jobFunctions")),
    (EMPLOYERS, ("industries", "staffCountRanges")),
    (("memberBehaviors",), SEGMENTS := ("audienceMatchingSegments", "dynamicSegments")),
)
"""Facets of the first kind that cannot narrow those of the second."""
INCLUDE_ONLY = ("interfaceLocales", "groups", "genders", "ageRanges")
LOCATIONS = ("locations", "profileLocations", "interfaceLocales")


def parse(value: Any) -> dict[str, Any]:
    """Criteria in LinkedIn's shape, from that shape or from facets by short names. Raises ValueError.

    Facets side by side narrow each other, the values of one widen it.
    """
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise ValueError(f"write {GRAMMAR}") from None
    if not isinstance(value, Mapping) or not value:
        raise ValueError(f"write {GRAMMAR}")
    if not value.keys() & {"include", "exclude"}:
        value = {"include": value}
    if strange := [str(name)[:60] for name in value if name not in ("include", "exclude")]:
        raise ValueError(f"{strange[0]!r} stands beside include; write {GRAMMAR}")
    if "include" not in value:
        raise ValueError(f"nobody is included; write {GRAMMAR}")
    made: dict[str, Any] = {"include": {"and": [{"or": clause} for clause in _included(value["include"])]}}
    if value.get("exclude"):
        made["exclude"] = {"or": read_clause(_inside(value["exclude"], "or"))}
    if wrong := list(conflicts(made)):
        raise ValueError("; ".join(wrong))
    return made


SHAPE = (
    'Whom: {"include": {facet: [URN]}, "exclude": {facet: [URN]}}, facets such as locations, titles. Facets '
    'narrow each other, values of one widen it. LinkedIn\'s own {"include": {"and": [{"or": {facet: '
    "[URN]}}]}, …} too."
)
Criteria = Annotated[
    dict[str, Any],
    BeforeValidator(parse),
    Field(
        examples=[
            {"include": {"locations": ["urn:li:geo:103644278"], "seniorities": ["urn:li:seniority:6"]}}
        ],
        description=SHAPE,
    ),
]


def clauses(criteria: Mapping[str, Any]) -> Iterator[Mapping[str, list[str]]]:
    """The parts of what is included, each of which narrows: facet -> URNs, facets by their own URNs."""
    for part in (criteria.get("include") or {}).get("and") or ():
        yield part.get("or") or {}


def excluded(criteria: Mapping[str, Any]) -> Mapping[str, list[str]]:
    """What is excluded: facet -> URNs."""
    found: Mapping[str, list[str]] = (criteria.get("exclude") or {}).get("or") or {}
    return found


def names(criteria: Mapping[str, Any]) -> set[str]:
    """The short names of the facets that include somebody."""
    return {facet.removeprefix(facets.PREFIX) for clause in clauses(criteria) for facet in clause}


def urns(criteria: Mapping[str, Any]) -> Iterator[str]:
    """Everything that is named, included or excluded."""
    for clause in (*clauses(criteria), excluded(criteria)):
        for found in clause.values():
            yield from found


def _included(value: Any) -> Iterator[Clause]:
    parts = _inside(value, "and")
    if isinstance(parts, Mapping):
        yield from ({facet: found} for facet, found in read_clause(parts).items())
    elif isinstance(parts, list) and parts:
        yield from (read_clause(_inside(part, "or")) for part in parts)
    else:
        raise ValueError(f"write {GRAMMAR}")


def _inside(value: Any, name: str) -> Any:
    """What LinkedIn has under "and" or "or"; facets themselves where these words are left out."""
    if not isinstance(value, Mapping) or not value:
        raise ValueError(f"write {GRAMMAR}")
    if name not in value:
        return value
    if len(value) > 1:
        raise ValueError(f'nothing stands beside "{name}"; write {GRAMMAR}')
    return value[name]


def read_clause(value: Any, grammar: str = GRAMMAR) -> Clause:
    """Facets by any of their names, with the URNs of each. Raises ValueError."""
    if not isinstance(value, Mapping) or not value:
        raise ValueError(f"write {grammar}")
    made: Clause = {}
    for facet, found in value.items():
        name = facets.name_of(facet)
        given = found if isinstance(found, list) else [found]
        if not 1 <= len(given) <= MOST_VALUES:
            raise ValueError(f"{name}: 1 to {MOST_VALUES} URNs")
        made[facets.urn_of(name)] = list(dict.fromkeys(facets.value_of(name, one) for one in given))
    if len(made) < len(value):
        raise ValueError("a facet is given twice, under two names")
    return made


def conflicts(criteria: Mapping[str, Any]) -> Iterable[str]:
    """What LinkedIn does not let stand together, a line for each."""
    return (line for _, line in clashes(criteria))


def clashes(criteria: Mapping[str, Any]) -> Iterator[tuple[Sequence[str], str]]:
    """The same, each with the facets it is about."""
    parts = [{facet.removeprefix(facets.PREFIX) for facet in clause} for clause in clauses(criteria)]
    inside = names(criteria)
    outside = {facet.removeprefix(facets.PREFIX) for facet in excluded(criteria)}
    for one, others in APART:
        for name in (name for name in one if any(name in part for part in parts)):
            apart = [part for part in parts if name not in part]
            if wrong := sorted(set(others) & set[str]().union(*apart)):
                yield (name, *wrong), f"{name} cannot be narrowed by {' or '.join(wrong)}"
    for family in (TITLES, EMPLOYERS):
        if len(both := [name for name in family if name in inside]) > 1:
            yield both, f"only one of {', '.join(both)} can be used"
    for name in INCLUDE_ONLY:
        if name in outside:
            yield (name,), f"{name} can only be included"
    for name in sorted(inside & outside):
        yield (name,), f"{name} is both included and excluded"
