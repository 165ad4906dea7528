"""Targeting facets: by what members can be told apart."""

from typing import Any

from mcp_ads.core import GET, NONE, Account, Entity

from .base import WholeList
from .facets import FINDERS, PREFIX


class ListTargetingFacets(WholeList):
    """List the facets LinkedIn targets by, and which actions of targeting_entities find their values."""

    http, whose = GET("/adTargetingFacets"), NONE
    lean = ("facet", "found_by", "entityTypes")
    known = (*lean, "facetName", "adTargetingFacetUrn", "availableEntityFinders")
    said = "what can I target, targeting options, targeting dimensions, demographics"

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        finders = record.get("availableEntityFinders") or ()
        return {
            **super().to_row(record, account),
            "facet": str(record.get("adTargetingFacetUrn")).removeprefix(PREFIX),
            "found_by": " ".join(FINDERS.get(finder, finder) for finder in finders),
        }


targeting_facets = Entity(list=ListTargetingFacets)
