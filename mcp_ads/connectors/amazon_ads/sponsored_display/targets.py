"""Sponsored Display targets: products, categories and contents to stand beside, and shoppers to reach."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads.ranges import DISPLAY_BIDS, Ranges, outside, range_in
from mcp_ads.connectors.amazon_ads.sponsored_products import held_back
from mcp_ads.connectors.amazon_ads.sponsored_products.bids import INHERITED, MADE_HERE, BidUpdate
from mcp_ads.connectors.amazon_ads.sponsored_products.rules import bid_under_budget
from mcp_ads.connectors.amazon_ads.types import (
    AdGroupId,
    Bid,
    CampaignId,
    Json,
    ObjectId,
    SomeIds,
    State,
)
from mcp_ads.connectors.amazon_ads.writes import Activate, Pause
from mcp_ads.core import DELETE, GET, POST, PUT, Account, Action, Context, Entity
from mcp_ads.core.beside import Record
from mcp_ads.core.bid_to import BidRange

from . import expressions, inside
from .base import (
    AD_GROUPS,
    CAMPAIGNS,
    EXTENDED,
    PAID_BY_CAMPAIGN,
    AdGroupIds,
    CampaignIds,
    DisplayArchive,
    DisplayGet,
    DisplayList,
    DisplayRead,
    DisplayWrite,
    IdList,
)
from .rules import CPC, not_per_click

PATH, NEGATIVES = "/sd/targets", "sponsored_display_negative_targets"
LEAN = ("targetId", "targeting", "state", "servingStatus", "bid", "adGroupId", "campaignId")
MORE = (*LEAN, "expressionType", "expression", "resolvedExpression", *EXTENDED[1:])
ALIKE = {
    **dict.fromkeys(("serving", "serving_status", "effective_status"), "servingStatus"),
    **dict.fromkeys(("name", "target", "asin", "audience"), "targeting"), "id": "targetId", "status": "state",
}  # fmt: skip
FIXED = "what a target is of never changes: archive it and add another"
CONTEXTUAL, ABOVE = "T00020", "its ad group"
TACTIC = (
    "the campaign is contextual (T00020) and takes products, categories and contents; shoppers (views, "
    "purchases, audiences) need a campaign with tactic T00030"
)
UNSURE = "Amazon's text on creating leaves contents out for contextual campaigns (T00020), and may refuse it"
Easy = Annotated[str | None, Field(exclude=True)]
"""A parameter that an expression is made of; what is sent is the expression."""
Parsed = Annotated[expressions.Parts, BeforeValidator(expressions.read)]


class AdGroupAbove(DisplayRead):
    """An ad group as the bids in it need it: what they are for."""

    ad_group_id: Annotated[AdGroupId, Field(examples=["190000000000002"])]

    http, subject = GET("/sd/adGroups/{ad_group_id}"), "ad_group_id"
    lean = ("bidOptimization",)


def bids_of(group: Mapping[str, Any]) -> Ranges:
    """Amazon's range of what a bid in an ad group pays for: a thousand views where it is to reach many."""
    return DISPLAY_BIDS["vcpm" if group.get("bidOptimization") == "reach" else "cpc"]


class TargetRead(DisplayRead):
    """Targets are shown in words: `targeting` is "asin B0ABCD1234", "views of category 12 in the last …"."""

    known: ClassVar[tuple[str, ...]] = MORE
    alike = ALIKE

    def to_row(self, record: Json, account: Account | None) -> Json:
        text = expressions.said(record.get("expression"), record.get("resolvedExpression"))
        return {**super().to_row(record, account), "targeting": text}


class ListTargets(TargetRead, DisplayList):
    """List Sponsored Display targets: products, categories, contents, and shoppers by what they did.

    `targeting` says what of: "asin B0ABCD1234", "views of the advertised products in the last 30 days".
    """

    target_id: Annotated[IdList | None, Field(alias="targetIdFilter")] = None
    ad_group_id: AdGroupIds = None
    campaign_id: CampaignIds = None

    http, lean, named = GET(PATH), LEAN, (*DisplayList.named, "target_id")
    said = "display targeting, remarketing, retargeting, views remarketing, audience targeting, lookback"

    def told(self, records: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        inherits = "bid" in self.columns() and any(record.get("bid") is None for record in records)
        return {"warnings": [INHERITED]} if inherits else {}


class GetTarget(TargetRead, DisplayGet):
    """Read one Sponsored Display target, or several with a list of ids."""

    target_id: Annotated[SomeIds, Field(alias="targetIdFilter", examples=["210000000000001"])]

    http, subject, lean = GET(PATH), "target_id", MORE


class Targeted(DisplayWrite):
    """A plan names a target by what it is of."""

    name_at = "expression"

    @classmethod
    def name_in(cls, record: Mapping[str, Any]) -> str:
        return expressions.said(record.get("expression"))


class ByExpression(Targeted):
    """What a new target is of: an expression of Amazon's, or the easy parameters for one."""

    expression: Annotated[
        Parsed | None,
        Field(description=f"Amazon's own: {expressions.SHAPE} or {expressions.SHOPPERS_SHAPE}."),
    ] = None
    expression_type: Annotated[Literal["manual"], BeforeValidator(lambda value: str(value).lower())] = (
        "manual"
    )
    asin: Annotated[Easy, Field(description="A product.")] = None
    category_id: Annotated[Easy, Field(description="A category; refined by the following.")] = None
    brand_id: Easy = None
    price_min: Annotated[Easy, Field(description="In the profile's currency, such as 10.50.")] = None
    price_max: Easy = None
    rating_min: Annotated[Easy, Field(description="0 to 5 stars.")] = None
    rating_max: Easy = None
    prime: Annotated[bool | None, Field(exclude=True, description="Only what Prime ships.")] = None
    products: Annotated[
        expressions.Which,
        Field(exclude=True, description="Those of the ad group, or like them; SIMILAR also without event."),
    ] = None
    event: Annotated[
        expressions.Event,
        Field(exclude=True, description="What shoppers did with products or category_id, in lookback days."),
    ] = None
    lookback: Annotated[expressions.Lookback, Field(exclude=True, description="Days.")] = None
    audience_id: Annotated[Easy, Field(description="Of audiences.list.")] = None
    content_category: Annotated[Easy, Field(description="Such as amzn1.iab-content.325 (action films).")] = (
        None
    )

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        easy = [name for name in expressions.EASY if getattr(self, name) is not None]
        if easy and self.expression:
            raise ValueError(f"expression: give it, or {easy[0]}, and not both")
        self.parts()
        return self

    def parts(self) -> expressions.Parts:
        """The expression that is sent."""
        return self.expression or expressions.made(dict(self))

    def item(self) -> Json:
        return super().item() | {"expression": self.parts()}

    def in_words(self, live: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:  # noqa: ARG002 - it is new
        parts = self.parts()
        lines = [f"targets {expressions.said(parts)}: {json.dumps(parts)}"]
        return {"expression": lines, "expressionType": []}

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from expressions.doubts(self.parts())


class CreateTarget(ByExpression):
    """Target a product, category or content, shoppers by what they did, or an audience.

    Shoppers are event with products or category_id: products=ADVERTISED, event=VIEWS, lookback=30 are those
    who viewed the advertised products in the last 30 days. They need a campaign with tactic T00030, and so
    do audiences. It starts PAUSED.
    """

    ad_group_id: Annotated[AdGroupId, Field(examples=["190000000000002"])]
    campaign_id: Annotated[
        CampaignId | None, Field(exclude=True, description="Of the ad group: checked, and not sent.")
    ] = None
    bid: Annotated[
        Bid, Field(description='"0.75 USD", or "+10%" of the ad group\'s default bid, which counts without.')
    ] = None
    state: State = "PAUSED"

    http, does, new_id_at, sample = POST(PATH), "makes", "targetId", {"asin": "B0ABCD1234"}
    found_by, unlike = ("ad_group_id",), ("adGroupId", "expression")
    parents = {"campaign_id": CAMPAIGNS, "ad_group_id": AD_GROUPS}
    parent_fields = (*DisplayWrite.parent_fields, "defaultBid", "bidOptimization")
    paid_by = PAID_BY_CAMPAIGN

    def neighbours(self) -> Mapping[str, Mapping[str, Any]]:
        return {NEGATIVES: held_back.there(self.profile_id, "ad_group_id", self.ad_group_id)}

    def strikes(self, entity: str, records: Sequence[Record]) -> Iterable[str]:
        named = {str(one["targetId"]): self.name_in(one) for one in records if entity == NEGATIVES}
        yield from held_back.of_target(expressions.said(self.parts()), named)

    def consults(self) -> tuple[str, str, tuple[str, ...]] | None:
        relative = self.bid is not None and self.bid.relative
        return (AD_GROUPS, self.ad_group_id, ("defaultBid",)) if relative else None

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        default = (live or {}).get("defaultBid")
        return super().settled(context, {**(live or {}), "bid": default} if default else live)

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from super().problems(parents)
        if _tactic(parents) == CONTEXTUAL and expressions.of_shoppers(self.parts()):
            yield f"ad_group_id: {TACTIC}"

    def cautions(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from outside("bid", self.bid, bids_of(parents.get("ad_group_id", {})))
        yield from bid_under_budget("bid", self.bid, parents.get("campaign_id", {}))
        if _tactic(parents) == CONTEXTUAL and self.parts()[0]["type"] == expressions.CONTENT:
            yield UNSURE


def _tactic(parents: Mapping[str, Mapping[str, Any]]) -> str:
    """A campaign's, which its ad groups repeat; empty where neither is there yet."""
    return next((str(record["tactic"]) for record in parents.values() if record.get("tactic")), "")


class OneTarget(Targeted):
    """What changing a target takes."""

    target_id: Annotated[ObjectId, Field(examples=["210000000000001"])]

    http, subject, paid_by = PUT(PATH), "target_id", PAID_BY_CAMPAIGN
    watch = ("expression", "adGroupId", "state")


class UpdateTarget(BidUpdate, OneTarget):
    """Change a target's state or bid. What it is of never changes: archive it and add another.

    Amazon takes no bid while the ad group has an enabled optimization rule.
    """

    inherits = {"bid": ("adGroupId", AD_GROUPS, "defaultBid")}
    retired = dict.fromkeys(("expression", "expression_type", *expressions.EASY), FIXED)

    def beside(self, account: str, live: Mapping[str, Any]) -> Mapping[str, Action]:
        group = str(live.get("adGroupId") or MADE_HERE)
        where = {"profile_id": self.profile_id, "ad_group_id": group}
        if self.bid is None or group.startswith(MADE_HERE):
            return super().beside(account, live)
        return {ABOVE: AdGroupAbove.model_validate(where), **inside.above(account, live)}

    def not_per_click(self, live: Mapping[str, Any]) -> str:
        return not_per_click(inside.found(live, inside.CAMPAIGN))

    def bid_range(self, live: Mapping[str, Any], currency: str) -> BidRange:
        return BidRange() if self.not_per_click(live) else range_in(DISPLAY_BIDS[CPC], currency)

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from outside("bid", self.bid, bids_of(live[ABOVE])) if live.get(ABOVE) else ()
        for campaign in inside.found(live, inside.CAMPAIGN):
            yield from bid_under_budget("bid", self.bid, campaign)


class PauseTarget(Pause, OneTarget):
    """Pause targets: no more bids on these products or shoppers."""


class ActivateTarget(Activate, OneTarget):
    """Enable targets: they spend if their ad group and campaign are enabled."""


class DeleteTarget(DisplayArchive, OneTarget):
    """Archive targets for good."""

    http = DELETE(f"{PATH}/{{target_id}}")


sponsored_display_targets = Entity(
    noun="target",
    list=ListTargets,
    get=GetTarget,
    create=CreateTarget,
    update=UpdateTarget,
    pause=PauseTarget,
    activate=ActivateTarget,
    delete=DeleteTarget,
)
