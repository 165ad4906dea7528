"""Custom audiences: customer lists, lookalikes, and whoever did something on a site, in an app or a video."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.measuring.about_pixels import UsesPixels
from mcp_ads.connectors.facebook_marketing.types import (
    AdAccountId,
    GraphErase,
    GraphGet,
    GraphRead,
    GraphWrite,
    Object,
    ObjectId,
)
from mcp_ads.core import GET, POST, Column, Context, Entity, Flow, Part, Result

from . import rules
from .base import NewAudience
from .targeting_kinds import Regulated
from .users import AddUsers, RemoveUsers

COUNTS = ("approximate_count_lower_bound", "approximate_count_upper_bound")
LEAN = ("id", "name", "subtype", *COUNTS)
MORE = (
    *LEAN, "description", "delivery_status", "operation_status", "customer_file_source", "retention_days",
    "lookalike_spec", "time_created", "time_updated",
)  # fmt: skip
ALSO = {"custom_audience_id": "audience_id"}
ELIGIBLE = "is_eligible_for_sac_campaigns"
UNRULED = ("CUSTOM", "LOOKALIKE")
PAGES = replace(CURSOR, most=100)
"""Facebook answers larger pages of audiences with an error."""
Name = Annotated[str, Field(min_length=1, examples=["Customers 2026"])]
Rule = Annotated[Object | None, Field(description="Facebook's audience rule, by pixel, app, page, …")]
Retention = Annotated[int | None, Field(ge=1, le=180, description="How long people stay, in days.")]
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
    special_ad_categories: Annotated[
        list[Regulated] | None,
        Field(description="Says in is_eligible_for_sac_campaigns whether these may use it; with account_id."),
    ] = None
    special_ad_category_countries: Annotated[
        list[str] | None, Field(description="Where these categories hold: two letters each.")
    ] = None

    http = GET("/{audience_id}")
    subject, lean, aliases = "audience_id", MORE, ALSO
    said = "may housing ads use it, special ad category eligibility"

    def mistakes(self) -> Iterable[str]:
        yield from super().mistakes()
        if (self.special_ad_categories or self.special_ad_category_countries) and not self.account_id:
            yield "account_id: special_ad_categories are asked about for an ad account"

    def columns(self) -> tuple[str, ...]:
        asked = (ELIGIBLE,) if self.special_ad_categories else ()
        return tuple(dict.fromkeys([*super().columns(), *asked]))

    def to_query(self) -> Mapping[str, Any]:
        query = super().to_query()
        return {**query, "ad_account_id": self.account_id} if self.special_ad_categories else query


class CreateCustomAudience(NewAudience, UsesPixels):
    """Create a custom audience: an empty customer list, a lookalike, or one of a rule."""

    account_id: AdAccountId
    name: Name
    subtype: Annotated[
        Literal["CUSTOM", "LOOKALIKE"] | None,
        Field(description="CUSTOM is a customer list. Leave it out when there is a rule."),
    ] = None
    customer_file_source: Annotated[
        Source | None, Field(description="Where the people of a customer list come from.")
    ] = None
    is_value_based: Annotated[
        bool | None, Field(description="Of a customer list: people come with a lookalike_value.")
    ] = None
    description: str | None = None
    origin_audience_id: Annotated[
        ObjectId | None, Field(description="The seed of a lookalike: 100 people or more.")
    ] = None
    lookalike_spec: Annotated[
        Object | None, Field(description='{"country": "US", "ratio": 0.01}, the 1 % most alike.')
    ] = None
    rule: Rule = None
    retention_days: Retention = None
    prefill: Annotated[bool | None, Field(description="Whether those of before count.")] = None
    opt_out_link: str | None = None

    sample = {"subtype": "CUSTOM", "customer_file_source": "USER_PROVIDED_ONLY"}
    made_of = "rule"

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> Self:
        mistakes = [
            *rules.kind(self.sent()),
            *(rules.lookalike(self.lookalike_spec) if self.lookalike_spec else ()),
            *(rules.audience_rule(self.rule) if self.rule is not None else ()),
            *rules.link(self.opt_out_link),
        ]
        if mistakes:
            raise ValueError("\n".join(mistakes))
        return self

    def named_pixels(self) -> Sequence[str]:
        return rules.pixels(self.rule)

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from rules.retention(self.rule, self.retention_days)

    def outline(self) -> tuple[Part, ...]:
        return (Part(self.to_request()),)

    def flow(self, context: Context) -> Flow:
        if self.subtype == "CUSTOM":
            yield from rules.terms_accepted(context)
        return Result((yield self.to_request()))


class UpdateCustomAudience(GraphWrite):
    """Change a custom audience's name, description, rule, retention or opt-out link."""

    audience_id: ObjectId
    name: Name | None = None
    description: str | None = None
    rule: Rule = None
    retention_days: Retention = None
    opt_out_link: str | None = None

    http, subject, aliases = POST("/{audience_id}"), "audience_id", ALSO
    watch, sample = ("name", "subtype"), {"name": "Customers 2026"}

    @model_validator(mode="after")
    def _rule_is_one(self) -> Self:
        ruled = rules.audience_rule(self.rule) if self.rule is not None else ()
        if mistakes := [*ruled, *rules.link(self.opt_out_link)]:
            raise ValueError("\n".join(mistakes))
        return self

    def strays(self) -> Iterable[str]:
        if rules.pixels(self.rule):
            yield "a rule may gather people by others' pixels: create an audience, which has its account_id"

    def obstacle(self, live: Mapping[str, Any]) -> str:
        ruled = [name for name in ("rule", "retention_days") if getattr(self, name) is not None]
        kind = live.get("subtype")
        return f"a {kind} audience has no {' and no '.join(ruled)}" if ruled and kind in UNRULED else ""

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:  # noqa: ARG002
        if self.rule is not None or self.retention_days is not None:
            yield "Facebook gathers the audience anew; ads that use it may reach others meanwhile"
        yield from rules.retention(self.rule, self.retention_days)


class DeleteCustomAudience(GraphErase):
    """Delete custom audiences. The ads that use one stop for good; its lookalikes are deleted first."""

    audience_id: ObjectId

    http, subject, aliases = POST("/{audience_id}"), "audience_id", ALSO
    watch = ("name", "subtype", "lookalike_audience_ids", "ads.limit(50){name,effective_status}")

    def obstacle(self, live: Mapping[str, Any]) -> str:
        alike = live.get("lookalike_audience_ids") or ()
        return f"lookalikes are made of it, delete them first: {', '.join(map(str, alike))}" if alike else ""

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield rules.ads_using(live.get("ads"))


custom_audiences = Entity(
    noun="audience",
    list=ListCustomAudiences,
    get=GetCustomAudience,
    create=CreateCustomAudience,
    update=UpdateCustomAudience,
    delete=DeleteCustomAudience,
    add_users=AddUsers,
    remove_users=RemoveUsers,
)
