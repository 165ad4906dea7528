"""Custom conversions: events of a pixel that fit a rule, counted under a name of their own."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import (
    AdAccountId,
    GraphDelete,
    GraphGet,
    GraphRead,
    GraphWrite,
    Object,
    ObjectId,
)
from mcp_ads.core import GET, POST, Entity

from .about_pixels import UsesPixels

LEAN = ("id", "name", "custom_event_type", "last_fired_time", "is_archived")
MORE = (
    *LEAN, "rule", "description", "default_conversion_value", "event_source_type", "data_sources",
    "creation_time", "first_fired_time", "is_unavailable", "retention_days", "account_id", "business",
    "offline_conversion_data_set",
)  # fmt: skip
EventType = Literal[
    "ADD_PAYMENT_INFO", "ADD_TO_CART", "ADD_TO_WISHLIST", "COMPLETE_REGISTRATION", "CONTACT", "CONTENT_VIEW",
    "CUSTOMIZE_PRODUCT", "DONATE", "FACEBOOK_SELECTED", "FIND_LOCATION", "INITIATED_CHECKOUT", "LEAD",
    "LISTING_INTERACTION", "OTHER", "PURCHASE", "SCHEDULE", "SEARCH", "START_TRIAL", "SUBMIT_APPLICATION",
    "SUBSCRIBE",
]  # fmt: skip
Source = Literal[
    "app", "business_messaging", "chat", "email", "other", "phone_call", "physical_store", "system_generated",
    "website",
]  # fmt: skip
FORM = 'write {"url": {"i_contains": "thank-you"}}, or {"and": [{"event": {"eq": "Purchase"}}, …]}'
JOINED = ("and", "or")
READABLE = ("name", "description", "custom_event_type", "default_conversion_value")
ConversionName = Annotated[str, Field(min_length=1, examples=["Thank-you page"])]
Value = Annotated[
    float | None, Field(ge=0, description="What one is worth where the event does not say, in major units.")
]


class ListCustomConversions(GraphRead):
    """List the custom conversions of one ad account."""

    account_id: AdAccountId

    http = GET("/act_{account_id}/customconversions")
    node, pages, records, lean = "CustomConversion", CURSOR, "data", LEAN
    said = "thank-you page, conversion rule, goal, url conversion"


class GetCustomConversion(GraphGet):
    """Read one custom conversion with its rule, or several with a list of ids."""

    custom_conversion_id: ObjectId

    http = GET("/{custom_conversion_id}")
    node, subject, lean = "CustomConversion", "custom_conversion_id", MORE


class CreateCustomConversion(UsesPixels):
    """Create a custom conversion: events of a pixel that fit a rule. The rule cannot be changed later."""

    account_id: AdAccountId
    name: ConversionName
    rule: Annotated[Object, Field(examples=[{"url": {"i_contains": "thank-you"}}], description=FORM)]
    event_source_id: Annotated[ObjectId | None, Field(description="The pixel; pixels.list shows it.")] = None
    custom_event_type: Annotated[
        EventType | None, Field(description="What Facebook optimises it as; it guesses one without it.")
    ] = None
    default_conversion_value: Value = None
    description: str | None = None
    action_source_type: Annotated[Source | None, Field(description="Where its events happen.")] = None
    advanced_rule: str | None = None

    http, does = POST("/act_{account_id}/customconversions"), "makes"
    aliases, made_of = {"pixel_id": "event_source_id"}, "event_source_id"

    @model_validator(mode="after")
    def _rule_is_one(self) -> Self:
        if not self.rule or not _is_rule(self.rule):
            raise ValueError(f"rule: {FORM}")
        return self

    def sets(self) -> dict[str, Any]:
        """By the record's fields; the rule, whose text Facebook may write otherwise, stands in the effect."""
        asked = {name: value for name, value in self.sent().items() if name in READABLE}
        return asked | ({"pixel": {"id": self.event_source_id}} if self.event_source_id else {})

    def effect(self) -> str:
        return f"counts the events that fit a rule: {json.dumps(self.rule, ensure_ascii=False)}"

    def named_pixels(self) -> Sequence[str]:
        return [self.event_source_id] if self.event_source_id else []

    def lookup(self) -> Mapping[str, Any]:
        return {"account_id": self.account_id, "fields": ["id", "name", "creation_time"]}


class OneConversion(GraphWrite):
    """What changing a custom conversion takes."""

    custom_conversion_id: ObjectId

    http, subject = POST("/{custom_conversion_id}"), "custom_conversion_id"
    watch: ClassVar[tuple[str, ...]] = ("name", "is_archived")


class UpdateCustomConversion(OneConversion):
    """Change a custom conversion's name, description or default value; its rule stays as it is."""

    name: ConversionName | None = None
    description: str | None = None
    default_conversion_value: Value = None

    sample = {"name": "Thank-you page, shop"}


class DeleteCustomConversion(GraphDelete, OneConversion):
    """Delete custom conversions for good; ad sets that optimise for one stop delivering."""

    watch = ("name", "is_archived", "last_fired_time")
    moving = ("last_fired_time",)

    def sets(self) -> dict[str, Any]:
        return {"is_archived": True}

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if fired := live.get("last_fired_time"):
            yield f"it last counted an event at {fired}: reports and ad sets may still use it"


def _is_rule(rule: Any) -> bool:
    """Whether it is a condition on a field, or several that are joined."""
    if not isinstance(rule, Mapping) or not rule:
        return False
    return all(
        isinstance(value, list) and bool(value) and all(map(_is_rule, value))
        if name.lower() in JOINED
        else isinstance(value, Mapping) and bool(value)
        for name, value in rule.items()
    )


custom_conversions = Entity(
    noun="custom conversion",
    list=ListCustomConversions,
    get=GetCustomConversion,
    create=CreateCustomConversion,
    update=UpdateCustomConversion,
    delete=DeleteCustomConversion,
)
