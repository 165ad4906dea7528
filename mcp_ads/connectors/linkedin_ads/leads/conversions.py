"""Conversion rules: what counts, for how long after an ad, worth what, for which campaigns."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.linkedin_ads.bases import LinkedinRead, LinkedinWrite
from mcp_ads.connectors.linkedin_ads.dialect import FINDER, OFFSET, PATCH
from mcp_ads.connectors.linkedin_ads.patching import Patched
from mcp_ads.connectors.linkedin_ads.types import AccountId, Name, Object
from mcp_ads.connectors.linkedin_ads.urns import Urn
from mcp_ads.core import GET, POST, Account, Action, Context, Entity
from mcp_ads.core.owner import Inside

from . import rules
from .base import CampaignId, ConversionId, OfAccount, in_campaigns, of_account, plain_times

LEAN = ("id", "name", "type", "enabled", "conversionMethod", "campaign_count", "lastCallbackAt")
MORE = (
    *LEAN, "attributionType", "postClickAttributionWindowSize", "viewThroughAttributionWindowSize",
    "valueType", "value", "urlMatchRuleExpression", "campaigns", "latestFirstPartyCallbackAt", "created",
    "lastModified",
)  # fmt: skip
CONVERSION = (
    *LEAN, "account_id", "account", "attributionType", "postClickAttributionWindowSize",
    "viewThroughAttributionWindowSize", "valueType", "value.amount", "value.currencyCode",
    "urlMatchRuleExpression", "urlRules", "campaigns", "associatedCampaigns", "latestFirstPartyCallbackAt",
    "created", "lastModified", "imagePixelTag", "ownershipType",
)  # fmt: skip
WORDS = {
    "method": "conversionMethod",
    "last_seen": "lastCallbackAt",
    "attribution": "attributionType",
    "url_rules": "urlMatchRuleExpression",
    "status": "enabled",
}
Window = Annotated[
    Literal[1, 7, 30, 90, 180, 365] | None,
    BeforeValidator(lambda days: int(days) if str(days).isdecimal() else days),
    Field(description=f"Days; 180 and 365 only for {', '.join(rules.LONG)}."),
]
Rules = Annotated[
    list[list[Object]],
    BeforeValidator(rules.url_rules),
    Field(
        description='Which pages count: [[{"matchType": "CONTAINS", "matchValue": "/thanks"}]], lists of '
        "conditions, all of one list or those of another."
    ),
]
Campaigns = Annotated[
    list[str] | None,
    Urn("sponsoredCampaign", "list"),
    Field(
        description="ALL its campaigns: those left out are taken off. campaign_conversions adds single ones."
    ),
]


class ConversionRow(LinkedinRead):
    """`campaign_count` is how many campaigns it counts for; times are UTC."""

    known, alike = CONVERSION, WORDS

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        count = {"campaign_count": len(record["campaigns"])} if "campaigns" in record else {}
        return super().to_row(plain_times(record), account) | count


class ListConversions(ConversionRow):
    """List the conversion rules of one ad account, or of one campaign, disabled ones too."""

    said = "conversion tracking, goals, thank-you page, Conversions API rules, Insight Tag conversions"

    q: Literal["account", "campaign"] | None = None
    account_id: AccountId
    campaign_id: CampaignId | None = None

    http, pages, records, lean = FINDER("/conversions"), OFFSET, "elements", LEAN

    def to_query(self) -> Mapping[str, Any]:
        if self.campaign_id:
            return {"q": "campaign", "campaign": self.sent()["campaignId"]}
        return {"q": "account", "account": of_account(self.account_id)}

    def mistakes(self) -> Iterable[str]:
        yield from super().mistakes()
        if self.q and self.q != self.to_query()["q"]:
            yield "q: campaign goes with campaign_id, account without"

    def inside(self) -> Iterable[Inside]:
        return in_campaigns("campaign_id", [self.campaign_id] if self.campaign_id else [])


class GetConversion(ConversionRow, OfAccount):
    """Read one conversion rule: what it counts, windows, value, its campaigns, when it last counted."""

    conversion_id: ConversionId

    http, subject, lean = GET("/conversions/{conversion_id}"), "conversion_id", MORE


class ConversionFields(LinkedinWrite):
    """What creating and updating a rule share."""

    said = "conversion tracking, goal, thank-you page, Conversions API rule"

    name: Name | None = None
    type: rules.Type | None = None
    attribution_type: Annotated[
        Literal["LAST_TOUCH_BY_CAMPAIGN", "LAST_TOUCH_BY_CONVERSION"] | None,
        Field(description="Once for each campaign, as without it, or once in all."),
    ] = None
    post_click_attribution_window_size: Window = None
    view_through_attribution_window_size: Window = None
    enabled: Annotated[bool | None, Field(description="Only an enabled rule counts.")] = None
    value_type: Annotated[
        Literal["FIXED", "DYNAMIC", "NO_VALUE"] | None,
        Field(description="FIXED takes value, DYNAMIC the events' own."),
    ] = None
    value: rules.Worth = None
    url_match_rule_expression: Rules | None = None
    campaigns: Campaigns = None

    prominent = ("matchValue",)

    def inside(self) -> Iterable[Inside]:
        return in_campaigns("campaigns", self.campaigns or ())

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if mistakes := [*rules.windows(self.sent()), *rules.values(self.sent())]:
            raise ValueError("\n".join(mistakes))
        return self

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        """With the value in the account's currency, and as a fixed one unless it is that already."""
        call = super().settled(context, live)
        if call.value is None:
            return call
        value = rules.in_currency(call.value, context.currency)
        fixed = call.value_type or (None if (live or {}).get("valueType") == rules.FIXED else rules.FIXED)
        return call.model_copy(update={"value": value, "value_type": fixed})

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from rules.unfamiliar(self.sent())


class CreateConversion(ConversionFields):
    """Create a conversion rule. It cannot be deleted afterwards, only disabled.

    Events of conversion_events count only under a rule whose conversion_method is CONVERSIONS_API.
    """

    account_id: AccountId
    name: Name
    type: rules.Type
    conversion_method: rules.Method = None
    auto_association_type: Annotated[
        Literal["NONE", "ALL_CAMPAIGNS", "OBJECTIVE_BASED"],
        Field(exclude=True, description="Campaigns it is attached to at once; later ones never are."),
    ] = "NONE"

    http, does = POST("/conversions"), "makes"

    @model_validator(mode="after")
    def _counts_one_way(self) -> Self:
        if mistakes := list(rules.new(self.sent(), self.auto_association_type)):
            raise ValueError("\n".join(mistakes))
        return self

    def to_query(self) -> Mapping[str, Any]:
        return {"autoAssociationType": self.auto_association_type}

    def to_body(self) -> Mapping[str, Any]:
        return {"account": of_account(self.account_id), **self.sent()}

    def effect(self) -> str:
        return rules.ATTACHES[self.auto_association_type]

    def asides(self, account: str) -> Mapping[str, Action]:
        return rules.attached_to(account) if self.auto_association_type != "NONE" else {}

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from rules.said_of_new(self.sent(), self.auto_association_type, live.get("campaigns"))

    def lookup(self) -> Mapping[str, Any]:
        """The finder has no filter by name."""
        return {"account_id": self.account_id}


class OneConversion(LinkedinWrite):
    """What changing one rule takes; LinkedIn wants its account in the query."""

    conversion_id: ConversionId

    http, subject = PATCH("/conversions/{conversion_id}"), "conversion_id"
    watch, moving = ("name", "type", "enabled", "campaigns", "valueType"), ("lastCallbackAt",)

    def to_query(self) -> Mapping[str, Any]:
        return {"account": of_account(self.account_id)}


class UpdateConversion(Patched, OneConversion, ConversionFields):
    """Change a conversion rule; `campaigns` replaces the whole list. No rule is deleted: disable it."""

    sample = {"name": "Demo request"}

    def obstacle(self, live: Mapping[str, Any]) -> str:
        return next(iter([*rules.windows({**live, **self.sent()}), *rules.values(self.sent(), live)]), "")

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if self.campaigns is not None:
            yield from rules.replaced(live.get("campaigns") or [], self.sent()["campaigns"])
        if self.enabled is False:
            yield from rules.ended(live)


class ArchiveConversion(Patched, OneConversion):
    """Disable conversion rules: they count nothing any more. LinkedIn deletes none."""

    said = "delete a conversion, remove a conversion rule, disable, turn off"

    enabled: Literal[False] = False

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from rules.ended(live)


conversions = Entity(
    list=ListConversions,
    get=GetConversion,
    create=CreateConversion,
    update=UpdateConversion,
    archive=ArchiveConversion,
)
