"""Lookalike audiences: the people of a country who are most like those of a seed."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.facebook_marketing.types import AdAccountId, Object, ObjectId
from mcp_ads.core import Entity

from . import rules
from .base import NewAudience
from .custom_audiences import DeleteCustomAudience, GetCustomAudience, ListCustomAudiences, Name


class ListLookalikes(ListCustomAudiences):
    """List the custom audiences of one ad account; lookalikes are those of subtype LOOKALIKE."""


class GetLookalike(GetCustomAudience):
    """Read one lookalike audience, or several with a list of ids; lookalike_spec says of whom it is made."""


class CreateLookalike(NewAudience):
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

    sample = {"origin_audience_id": "120210000000000001"}
    said = "similar people, similar to my customers, prospecting audience"

    @model_validator(mode="after")
    def _has_a_seed_and_a_size(self) -> Self:
        spec = self.lookalike_spec
        if mistakes := [*rules.seeds(spec, self.origin_audience_id), *rules.lookalike(spec)]:
            raise ValueError("\n".join(mistakes))
        return self


class DeleteLookalike(DeleteCustomAudience):
    """Delete lookalike audiences. The ads that use one stop for good."""


lookalike_audiences = Entity(
    noun="audience", list=ListLookalikes, get=GetLookalike, create=CreateLookalike, delete=DeleteLookalike
)
