"""What targeting can name: interests, behaviours, places, languages, schools, employers, and how it reads."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import AdAccountId, Graph, Object, ObjectId
from mcp_ads.core import GET, NONE, OBJECT, Column, Context, Entity, Flow, Result
from mcp_ads.core.page_records import found_in, records_in
from mcp_ads.core.record_fields import KnownRead

from . import rules, search_rules
from .targeting_kinds import (
    COLUMNS,
    EVERYWHERE,
    KNOWN,
    OPTION,
    SIZES,
    TREE,
    LimitType,
    Regulated,
    Searched,
    places_found,
)

PAGES, SUGGESTIONS = replace(CURSOR, most=1000), replace(CURSOR, most=45)
FIRST = "Facebook answers `limit` names and does not say whether there are more: raise limit, or narrow q"
Place = Literal[
    "country", "country_group", "region", "city", "zip", "subcity", "neighborhood", "geo_market",
    "electoral_district",
]  # fmt: skip
Options = Annotated[
    list[Object] | None, Field(examples=[[{"type": "interests", "id": "6003139266461"}]], min_length=1)
]
Ids = Annotated[list[ObjectId] | None, Field(min_length=1)]
Names = Annotated[list[str] | None, Field(min_length=1)]


class TargetingRead(Graph, KnownRead):
    """Searches the whole platform, or, with `account_id`, as that ad account may target.

    Rows have ids or keys: targeting takes these and never names. Sizes are bounds, -1 is not known. Source:
    Meta's docs, Targeting Search; facebook-business 26.0.3, TargetingSearch and AdAccountTargetingUnified.
    """

    account_id: Annotated[
        AdAccountId | None, Field(exclude=True, description="Search as this ad account may target.")
    ] = None

    http, whose, records = GET("/search"), NONE, "data"
    edge: ClassVar[str] = ""
    known = KNOWN

    def within(self) -> bool:
        """Whether it is the ad account that is asked."""
        return self.account_id is not None

    def to_path(self) -> str:
        return f"/act_{self.account_id}/{self.edge}" if self.within() else self.http.path

    def kinds(self) -> Mapping[str, Column]:
        return dict.fromkeys(SIZES, Column("number"))


class RegulatedRead(TargetingRead):
    """What may be used in special ad categories; only an ad account's own search knows."""

    regulated_categories: Annotated[
        list[Regulated] | None,
        Field(description="Only what ads of these special categories may use; with account_id."),
    ] = None
    regulated_countries: Annotated[
        list[str] | None, Field(description="Where the categories hold: two letters each.")
    ] = None

    def mistakes(self) -> Iterable[str]:
        yield from super().mistakes()
        if (self.regulated_categories or self.regulated_countries) and not self.within():
            yield "regulated_categories: only detailed targeting of an account_id knows them"


class SearchTargeting(RegulatedRead):
    """Find interests, behaviours, cities, regions, languages, schools, employers and jobs by name."""

    q: Annotated[str, Field(description="Part of a name; empty lists all countries or languages.")] = ""
    type: Annotated[
        Searched | None,
        Field(
            exclude=True,
            description="Left out: interests, or everything the account_id can target in detail. All but "
            "interests, places, countries, locales, education_* and work_* need account_id.",
        ),
    ] = None
    location_types: Annotated[list[Place] | None, Field(description="Of places.")] = None
    country_code: Annotated[str | None, Field(description="Places of one country, such as US.")] = None
    region_id: Annotated[str | None, Field(description="Places of one region, by its key.")] = None
    match_country_code: Annotated[
        bool | None, Field(description="Places of country_code only, not those first.")
    ] = None
    locale: Annotated[str | None, Field(description="Language of the names: de_DE.")] = None

    pages, lean, edge = PAGES, OPTION, "targetingsearch"
    sample = {"q": "hiking"}
    said = "interests, behaviors, behaviours, demographics, cities, regions, zip codes, languages"

    def mistakes(self) -> Iterable[str]:
        yield from super().mistakes()
        yield from search_rules.searched(self)

    def within(self) -> bool:
        return super().within() and self.type not in search_rules.LISTED

    def left_out(self) -> str:
        return FIRST

    def columns(self) -> tuple[str, ...]:
        return super().columns() if self.fields else COLUMNS.get(self.type or "", self.lean)

    def to_query(self) -> Mapping[str, Any]:
        if self.within():
            return {**self.sent(), **({"limit_type": self.type} if self.type else {})}
        return {"type": EVERYWHERE[self.type or "interests"], **self.sent()}


class BrowseTargeting(RegulatedRead):
    """List the tree of interests, behaviours, demographics, life events, industries, or devices."""

    type: Annotated[
        LimitType | Literal["demographics", "user_device", "user_os"],
        Field(exclude=True, examples=["behaviors"]),
    ]
    include_nodes: Annotated[
        bool | None, Field(description="With account_id: the branches too, not only what can be chosen.")
    ] = None

    pages, lean, edge = PAGES, TREE, "targetingbrowse"
    said = "behaviors, behaviours, demographics, income, life events, family status, categories"

    def mistakes(self) -> Iterable[str]:
        yield from super().mistakes()
        yield from search_rules.browsed(self)

    def to_query(self) -> Mapping[str, Any]:
        if self.within():
            return {"limit_type": self.type, **self.sent()}
        return {"type": "adTargetingCategory", "class": self.type}


class SuggestTargeting(RegulatedRead):
    """Suggest targeting that goes with what is chosen: by names of interests, or by ids within an account."""

    interest_list: Annotated[Names, Field(description="Names of interests, without account_id.")] = None
    targeting_list: Annotated[Options, Field(description="What is chosen, with account_id.")] = None
    mode: Annotated[
        Literal["related", "suggestions", "recently_used", "best_performing"] | None,
        Field(description="With account_id; recently_used and best_performing need no targeting_list."),
    ] = None
    type: Annotated[LimitType | None, Field(exclude=True, description="With account_id: of this only.")] = (
        None
    )

    pages, lean, edge = SUGGESTIONS, OPTION, "targetingsuggestions"
    sample, said = {"interest_list": ["Hiking"]}, "similar interests, related interests, expand targeting"

    def mistakes(self) -> Iterable[str]:
        yield from super().mistakes()
        yield from search_rules.suggested(self)

    def to_query(self) -> Mapping[str, Any]:
        if self.within():
            return {**self.sent(), **({"limit_type": self.type} if self.type else {})}
        return {"type": "adinterestsuggestion", **self.sent()}


class ValidateTargeting(TargetingRead):
    """Check whether interests, options or keys of places still exist and can be used."""

    interest_list: Annotated[Names, Field(description="Names of interests.")] = None
    interest_fbid_list: Annotated[Ids, Field(description="Ids of interests.")] = None
    targeting_option_list: Annotated[
        Ids, Field(description="Ids of options: their status, and what is planned.")
    ] = None
    places: Annotated[
        dict[str, list[str]] | None,
        Field(exclude=True, description='Keys of places: {"cities": ["2421836"], "regions": ["3847"]}.'),
    ] = None
    targeting_list: Annotated[Options, Field(description="Options of any type; with account_id.")] = None
    id_list: Annotated[Ids, Field(description="Ids of any type; with account_id.")] = None
    name_list: Annotated[Names, Field(description="Names of any type; with account_id.")] = None
    is_exclusion: Annotated[bool | None, Field(description="As exclusions; with account_id.")] = None

    edge, sample = "targetingvalidation", {"interest_list": ["Hiking"]}
    said = "deprecated interests, is this interest still valid, location keys"
    lean = ("id", "key", "name", "type", "valid", "current_status")

    def mistakes(self) -> Iterable[str]:
        yield from super().mistakes()
        yield from search_rules.validated(self)

    def columns(self) -> tuple[str, ...]:
        if self.fields:
            return super().columns()
        if self.targeting_option_list:
            return ("id", "current_status", "future_plan")
        return COLUMNS["found"] if self.places else ("id", "name", "type", "valid", *SIZES)

    def to_query(self) -> Mapping[str, Any]:
        if self.within():
            return self.sent()
        if self.places:
            return {"type": "adgeolocationmeta", **self.places}
        status = self.targeting_option_list is not None
        return {"type": "targetingoptionstatus" if status else "adinterestvalid", **self.sent()}

    def flow(self, context: Context) -> Flow:  # noqa: ARG002
        found = found_in((yield self.to_request()), "data")
        if self.places:
            found = places_found(self.places, found)
        return Result(records_in(found, ""), columns=self.columns())


class DescribeTargeting(Graph, KnownRead):
    """Read targeting as Facebook puts it into words: of an ad set or ad, or of a targeting_spec.

    Source: Meta's docs, Ad Account targetingsentencelines; facebook-business 26.0.3, TargetingSentenceLine.
    """

    account_id: AdAccountId
    object_id: Annotated[ObjectId | None, Field(exclude=True, description="An ad set or an ad.")] = None
    targeting_spec: Annotated[Object | None, Field(description="A targeting object, as ad sets have it.")] = (
        None
    )

    http, whose, subject, records = (
        GET("/act_{account_id}/targetingsentencelines"),
        OBJECT,
        "object_id",
        "data",
    )
    known, lean = ("content", "children"), ("content", "children")
    sample = {"targeting_spec": {"geo_locations": {"countries": ["US"]}}}
    said = "who is targeted, targeting in words, audience summary"

    def mistakes(self) -> Iterable[str]:
        yield from super().mistakes()
        if (self.object_id is None) == (self.targeting_spec is None):
            yield "object_id: give it, an ad set or an ad, or a targeting_spec"
        yield from rules.targeting_spec(self.targeting_spec) if self.targeting_spec is not None else ()

    def to_path(self) -> str:
        return f"/{self.object_id or f'act_{self.account_id}'}/targetingsentencelines"

    def flow(self, context: Context) -> Flow:  # noqa: ARG002
        answer = yield self.to_request()
        found: Any = answer
        while isinstance(found, Mapping) and "targetingsentencelines" not in found:
            found = next(iter(records_in(found, "data")), {"targetingsentencelines": []})
        return Result(records_in(found, "targetingsentencelines"), columns=self.columns())


targeting = Entity(
    search=SearchTargeting,
    browse=BrowseTargeting,
    suggest=SuggestTargeting,
    validate=ValidateTargeting,
    describe=DescribeTargeting,
)
