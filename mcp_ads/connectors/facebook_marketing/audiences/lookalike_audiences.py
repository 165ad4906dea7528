"""Lookalike audiences: the people of a country who are most like those of a seed."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.facebook_marketing.types import AdAccountId, GraphWrite, Object, ObjectId
from mcp_ads.core import POST, Entity

from . import rules
from .custom_audiences import NOT_READ, DeleteCustomAudience, GetCustomAudience, ListCustomAudiences, Name


class ListLookalikes(ListCustomAudiences):
    """List the custom audiences of one ad account; lookalikes are those of subtype LOOKALIKE."""


class GetLookalike(GetCustomAudience):
    """Read one lookalike audience, or several with a list of ids; lookalike_spec says of whom it is made."""


class CreateLookalike(GraphWrite):
    """Create a lookalike audience of a seed. It takes 1 to 6 hours to be built, and can be used meanwhile."""

    account_id: AdAccountId
    name: Name
    subtype: Literal["LOOKALIKE"] = "LOOKALIKE"
    origin_audience_id: Annotated[
        ObjectId | None, Field(description="The seed: a custom audience of 100 people or more.")
    ] = None
    lookalike_spec: Annotated[
        Object,
        Field(
            examples=[{"country": "US", "ratio": 0.01}],
            description="{country or location_spec, ratio 0.01-0.20 or type similarity|reach}; for another "
            "seed conversion_type page_like with page_id, or campaign_conversions with origin_ids.",
        ),
    ]
    description: str | None = None

    http, does = POST("/act_{account_id}/customaudiences"), "makes"
    parents, parent_fields = {"origin_audience_id": "custom_audiences"}, rules.SEED
    sample = {"origin_audience_id": "120210000000000001"}
    said = "similar people, similar to my customers, prospecting audience"

    @model_validator(mode="after")
    def _has_a_seed_and_a_size(self) -> Self:
        spec = self.lookalike_spec
        if mistakes := [*rules.seeds(spec, self.origin_audience_id), *rules.lookalike(spec)]:
            raise ValueError("\n".join(mistakes))
        return self

    def sets(self) -> dict[str, Any]:
        return self.model_dump(by_alias=True, exclude_none=True, exclude=set(NOT_READ))

    def effect(self) -> str:
        return rules.made_of(self.origin_audience_id)

    def cautions(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from super().cautions(parents)
        yield from rules.seed_doubts(parents.get("origin_audience_id"))

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        return rules.seed(parents.get("origin_audience_id") or {})

    def lookup(self) -> Mapping[str, Any]:
        return {"account_id": self.account_id, "fields": ["id", "name", "time_created"]}


class DeleteLookalike(DeleteCustomAudience):
    """Delete lookalike audiences. The ads that use one stop for good."""


lookalike_audiences = Entity(
    noun="audience", list=ListLookalikes, get=GetLookalike, create=CreateLookalike, delete=DeleteLookalike
)
