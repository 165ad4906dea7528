"""Facets and what they hold: /adTargetingFacets, /adTargetingEntities."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from mcp_ads.sandbox.linkedin_ads.campaigns.targeting import FACET, VALUES
from mcp_ads.sandbox.linkedin_ads.errors import bad_param
from mcp_ads.sandbox.linkedin_ads.params import ParamError, Params, enum, listed, number_key, record, text
from mcp_ads.sandbox.linkedin_ads.resource import Method, Resource
from mcp_ads.sandbox.linkedin_ads.state import Answer, Call, urn_kind

from . import catalog
from .catalog import BY_FACET, FOUND_BY, SIMILAR, TYPEAHEAD

MOST_URNS, MOST_ALIKE, WHOLE = 50, 100, 2_147_483_647


def facets(call: Call) -> Answer:
    """Every facet, and how its values are found."""
    del call
    return _answer(
        {
            "facetName": name,
            "adTargetingFacetUrn": FACET + name,
            "entityTypes": [kind.upper() for kind in VALUES[name]],
            "availableEntityFinders": list(finders),
        }
        for name, finders in FOUND_BY.items()
    )


def _facet(value: Any) -> str:
    name = text(value).removeprefix(FACET)
    if name == value or name not in FOUND_BY:
        raise ParamError(f'"{value}" is not the URN of a targeting facet')
    return name


def _urn(value: Any) -> str:
    if urn_kind(text(value)) is None:
        raise ParamError(f'"{value}" is not a URN')
    return str(value)


def _finder(finder: str, chosen: Callable[[Call, str], bool], most: int = WHOLE) -> Callable[[Call], Answer]:
    """A finder of one facet; `chosen` says of a URN whether it is meant."""

    def run(call: Call) -> Answer:
        facet = call.query["facet"]
        if finder not in FOUND_BY[facet]:
            raise bad_param("facet", f"The facet {facet} does not support the finder {finder}")
        found = [urn for urn in catalog.values_of(facet) if chosen(call, urn)]
        return _answer(catalog.shown(urn, facet) for urn in found[:most])

    return run


def _named(call: Call, urn: str) -> bool:
    """Whether a word of its name begins as what is looked for, or all of it does."""
    name, wanted = str(catalog.name_of(urn)).casefold(), call.query["query"].casefold()
    return any(name[at:].startswith(wanted) for at in range(len(name)) if not at or name[at - 1] in " (,&")


def _alike(call: Call, urn: str) -> bool:
    """Whether it is another one of the same kind."""
    given = call.query["entities"]
    return urn not in given and urn_kind(urn) in {urn_kind(entity) for entity in given}


def resolved(call: Call) -> Answer:
    """The names of URNs; what is not known is left out."""
    urns = call.query["urns"]
    if not 1 <= len(urns) <= MOST_URNS:
        raise bad_param("urns", f"1 to {MOST_URNS} URNs can be looked up at once")
    return _answer(catalog.shown(urn) for urn in dict.fromkeys(urns) if catalog.name_of(urn))


def _answer(elements: Iterable[dict[str, Any]]) -> Answer:
    return Answer(200, {"paging": {"start": 0, "count": WHOLE, "links": []}, "elements": list(elements)})


COMMON = {
    "q": text,
    "fields": text,
    "queryVersion": enum("QUERY_USES_URNS", "QUERY_USES_VALUES"),
    "locale": record(("country", "language"), country=text, language=text),
}
OF_FACET = {**COMMON, "facet": _facet}
TYPED = {**OF_FACET, "query": text, "entityType": text, "useCase": text, "start": text, "count": text}
METHODS = {
    "FINDER adTargetingFacet": Method(
        _finder(BY_FACET, lambda _call, _urn: True), Params(OF_FACET, ("facet",))
    ),
    "FINDER typeahead": Method(_finder(TYPEAHEAD, _named), Params(TYPED, ("facet", "query"))),
    "FINDER similarEntities": Method(
        _finder(SIMILAR, _alike, MOST_ALIKE),
        Params({**OF_FACET, "entities": listed(_urn)}, ("facet", "entities")),
    ),
    "FINDER urns": Method(resolved, Params({**COMMON, "urns": listed(_urn), "fetchType": text}, ("urns",))),
}
RESOURCES = (
    Resource("adTargetingFacets", number_key, {"GET_ALL": Method(facets, Params({"fields": text}))}),
    Resource("adTargetingEntities", number_key, METHODS),
)
