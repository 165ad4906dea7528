"""Targeting entities: places, titles, skills, industries, companies…, found by name or named by URN."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from mcp_ads.connectors.linkedin_ads.dialect import FINDER
from mcp_ads.connectors.linkedin_ads.types import locale_of
from mcp_ads.core import NONE, Account, Context, Entity, Flow, Result
from mcp_ads.core.page_records import records_in

from . import facets
from .base import WholeList

MOST_URNS, SHOWN = 50, 5
"""URNs of one request; those without a name that are told."""
URNS = "urn:li:geo:103644278"
FacetName = Annotated[
    str,
    BeforeValidator(facets.name_of),
    PlainSerializer(facets.urn_of),
    Field(examples=["titles"], description="titles, locations, skills, …: see targeting_facets list."),
]
Texts = Annotated[list[str], BeforeValidator(facets.urns_in), Field(min_length=1)]
Locale = Annotated[
    Annotated[dict[Literal["country", "language"], str], BeforeValidator(locale_of)] | None,
    Field(description='Language of the names, {"country": "DE", "language": "de"}.'),
]


class EntityRead(WholeList):
    """Whoever reads names: the same for every account. Source: LinkedIn's page on ads targeting."""

    q: ClassVar[str]

    http, whose = FINDER("/adTargetingEntities"), NONE
    lean, known = ("urn", "name"), ("urn", "name", "facet", "facetUrn")

    def to_query(self) -> Mapping[str, Any]:
        return {"q": self.q, "queryVersion": "QUERY_USES_URNS", **self.sent()}

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        facet = str(record.get("facetUrn") or "").removeprefix(facets.PREFIX)
        return {**super().to_row(record, account), "facet": facet}


class FacetRead(EntityRead):
    """A read of one facet, which LinkedIn answers in some ways and not in others."""

    facet: FacetName
    locale: Locale = None

    finder: ClassVar[str]

    def mistakes(self) -> Iterable[str]:
        yield from super().mistakes()
        found_by = facets.FACETS[self.facet].found_by if self.facet in facets.FACETS else (self.finder,)
        if self.finder not in found_by:
            ways = " or ".join(f"targeting_entities.{way}" for way in found_by)
            yield f"facet: {self.facet} are found by {ways or 'ad_segments.list'}, not by {self.finder}"


class SearchTargetingEntities(FacetRead):
    """Search job titles, places, skills, companies, schools, … for the `urn` that criteria take."""

    query: Annotated[str, Field(min_length=1, max_length=200, examples=["marketing"])]
    entity_type: Annotated[
        str | None,
        Field(
            pattern="^[A-Z_]{2,40}$",
            examples=["COUNTRY"],
            description="Only of this type, in LinkedIn's words.",
        ),
    ] = None

    q, finder = "typeahead", facets.SEARCH
    said = "locations, cities, countries, find urn, typeahead, geo id"


class ListTargetingEntities(FacetRead):
    """List all values of a facet: seniorities, job functions, industries, company sizes, languages, ages."""

    q, finder = "adTargetingFacet", facets.LIST
    sample = {"facet": "seniorities"}
    said = "seniority levels, job functions, industries, company size ranges, years of experience"


class SimilarTargetingEntities(FacetRead):
    """List what is like given titles, skills, industries or companies: ideas to widen an audience."""

    urns: Annotated[Texts, Field(alias="entities", examples=[["urn:li:title:26"]])]

    q, finder = "similarEntities", facets.SIMILAR
    said = "related job titles, similar skills, similar companies, expand audience"

    @model_validator(mode="after")
    def _are_of_the_facet(self) -> Self:
        try:
            self._given()
        except ValueError as mistake:
            raise ValueError(f"urns: {mistake}") from None
        return self

    def to_query(self) -> Mapping[str, Any]:
        return {**super().to_query(), "entities": self._given()}

    def _given(self) -> list[str]:
        return [facets.value_of(self.facet, urn) for urn in self.urns]


class ResolveTargetingEntities(EntityRead):
    """Read the names of URNs: of targeting criteria, or of what analytics are grouped by."""

    urns: Annotated[
        list[Annotated[str, Field(pattern=r"^urn:li:[A-Za-z]+:.{1,80}$")]],
        BeforeValidator(facets.urns_in),
        Field(min_length=1, max_length=1000, examples=[["urn:li:title:9", URNS]]),
    ]
    locale: Locale = None

    q, said = "urns", "what is this urn, names of targeting, geo name, title name, translate ids"
    aliases = {"urn": "urns", "ids": "urns"}

    def flow(self, context: Context) -> Flow:
        asked, rows = list(dict.fromkeys(self.urns)), list[dict[str, Any]]()
        for first in range(0, len(asked), MOST_URNS):
            part = self.model_copy(update={"urns": asked[first : first + MOST_URNS]})
            found = records_in((yield part.to_request()), self.records)
            rows += [self.to_row(row, context.account) for row in found]
        lost = [urn for urn in asked if urn not in {row.get("urn") for row in rows}]
        more = f" and {len(lost) - SHOWN} more" if len(lost) > SHOWN else ""
        told = [f"LinkedIn has no name for {', '.join(lost[:SHOWN])}{more}"] if lost else []
        return Result(rows, {"warnings": told} if told else {})


targeting_entities = Entity(
    search=SearchTargetingEntities,
    list=ListTargetingEntities,
    similar=SimilarTargetingEntities,
    resolve=ResolveTargetingEntities,
)
