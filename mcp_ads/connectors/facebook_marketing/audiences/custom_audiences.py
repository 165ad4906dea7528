"""Custom audiences: customer lists, lookalikes, and whoever did something on a site, in an app or a video."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import (
    AdAccountId,
    GraphGet,
    GraphRead,
    GraphWrite,
    Object,
    ObjectId,
)
from mcp_ads.core import GET, POST, Column, Entity

from . import rules

COUNTS = ("approximate_count_lower_bound", "approximate_count_upper_bound")
LEAN = ("id", "name", "subtype", *COUNTS)
MORE = (
    *LEAN, "description", "delivery_status", "operation_status", "customer_file_source", "retention_days",
    "lookalike_spec", "time_created", "time_updated",
)  # fmt: skip
PAGES = replace(CURSOR, most=100)
"""Facebook answers larger pages of audiences with an error."""
Source = Literal["USER_PROVIDED_ONLY", "PARTNER_PROVIDED_ONLY", "BOTH_USER_AND_PARTNER_PROVIDED"]


class AudienceRead(GraphRead):
    """Counts are rounded and overlap, so that they never add up; times are Unix seconds."""

    node = "CustomAudience"

    def kinds(self) -> Mapping[str, Column]:
        return dict.fromkeys(COUNTS, Column("number"))


class ListCustomAudiences(AudienceRead):
    """List the custom audiences of one ad account. A count of -1 is not known."""

    account_id: AdAccountId

    http = GET("/act_{account_id}/customaudiences")
    pages, records, lean = PAGES, "data", LEAN


class GetCustomAudience(AudienceRead, GraphGet):
    """Read one custom audience, or several with a list of ids.

    delivery_status 200 is ready, 300 too small; operation_status 441 is being filled, 471 flagged.
    """

    audience_id: ObjectId

    http = GET("/{audience_id}")
    subject, lean, also = "audience_id", MORE, {"custom_audience_id": "audience_id"}


class CreateCustomAudience(GraphWrite):
    """Create a custom audience: an empty customer list, a lookalike, or one of a rule."""

    account_id: AdAccountId
    name: Annotated[str, Field(min_length=1, examples=["Customers 2026"])]
    subtype: Annotated[
        Literal["CUSTOM", "LOOKALIKE"] | None,
        Field(description="CUSTOM is a customer list. Leave it out when there is a rule."),
    ] = None
    customer_file_source: Annotated[
        Source | None, Field(description="Where the people of a customer list come from.")
    ] = None
    description: str | None = None
    origin_audience_id: Annotated[
        ObjectId | None, Field(description="The seed of a lookalike: 100 people or more.")
    ] = None
    lookalike_spec: Annotated[
        Object | None, Field(description='{"country": "US", "ratio": 0.01}, the 1 % most alike.')
    ] = None
    rule: Annotated[Object | None, Field(description="Facebook's audience rule, by pixel, app, page, …")] = (
        None
    )
    retention_days: Annotated[int | None, Field(ge=1, le=180, description="How long people stay.")] = None
    prefill: Annotated[bool | None, Field(description="Whether those of before count.")] = None
    opt_out_link: str | None = None

    http = POST("/act_{account_id}/customaudiences")
    sample = {"subtype": "CUSTOM", "customer_file_source": "USER_PROVIDED_ONLY"}

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> Self:
        mistakes = [
            *rules.kind(self.sent()),
            *(rules.lookalike(self.lookalike_spec) if self.lookalike_spec else ()),
            *(rules.audience_rule(self.rule) if self.rule is not None else ()),
        ]
        if mistakes:
            raise ValueError("\n".join(mistakes))
        return self

    def lookup(self) -> Mapping[str, Any]:
        return {"account_id": self.account_id, "fields": ["id", "name", "time_created"]}


custom_audiences = Entity(
    noun="audience",
    list=ListCustomAudiences,
    get=GetCustomAudience,
    create=CreateCustomAudience,
)
