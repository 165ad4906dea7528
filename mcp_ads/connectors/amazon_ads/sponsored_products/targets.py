"""Sponsored Products targets: products and categories an ad group bids on, and the automatic ones."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from mcp_ads.connectors.amazon_ads.filters import TEXT_FILTER, include, listed
from mcp_ads.connectors.amazon_ads.lists import SpGet
from mcp_ads.connectors.amazon_ads.record_names import DETAILS, EXTENDED, SERVING, WORDS
from mcp_ads.connectors.amazon_ads.types import (
    AdGroupIds,
    AmazonRead,
    CampaignIds,
    IncludeIds,
    IncludeText,
    Json,
    ObjectId,
    OneOrMore,
    upper,
)
from mcp_ads.connectors.amazon_ads.writes import Activate, Pause
from mcp_ads.core import Account, Entity

from . import expressions
from .base import SpArchive, SpWrite, routes
from .bid_recommendations import TargetBids
from .bids import BidList, BidUpdate, KeywordsInside, NewTargeting, OneTargeting
from .expressions import Expression

ROUTES = routes("targets", "spTargetingClause")
LEAN = ("targetId", "targeting", "state", SERVING, "bid", "adGroupId", "campaignId")
MORE = (*LEAN, "expressionType", "expression", "resolvedExpression", *DETAILS)
KNOWN = ("targetId", "targeting", "state", "bid", "adGroupId", "campaignId", "expressionType", "expression",
         "resolvedExpression", *EXTENDED)  # fmt: skip
OF_TARGETS = {**WORDS, "id": "targetId", "name": "targeting", "target": "targeting", "asin": "targeting"}
Kinds = Annotated[
    list[Annotated[Literal["AUTO", "MANUAL"], BeforeValidator(upper)]] | None,
    BeforeValidator(listed),
    PlainSerializer(include),
    Field(alias="expressionTypeFilter", min_length=1, description="AUTO: close match, substitutes, …."),
]
FIXED = "what a target is of never changes: archive it and add another"
Easy = Annotated[str | None, Field(exclude=True)]
"""A parameter that an expression is made of; what is sent is the expression."""
Asins = Annotated[IncludeText | None, Field(alias="asinFilter", description=TEXT_FILTER)]


class TargetRead(AmazonRead):
    """Targets are shown in words: `targeting` is "asin B0ABCD1234", "category 11056341", "close match"."""

    known, alike = KNOWN, OF_TARGETS

    def to_row(self, record: Json, account: Account | None) -> Json:  # noqa: ARG002
        text = expressions.said(record.get("expression"), record.get("resolvedExpression"))
        return {**record, "targeting": text}


class ListTargets(TargetRead, BidList):
    """List Sponsored Products targets: products, categories, brands, and the automatic ones.

    `targeting` says what of: "asin B0ABCD1234", "category Soaps (11056341), rating above 3", "close match".
    """

    target_id: Annotated[IncludeIds | None, Field(alias="targetIdFilter")] = None
    campaign_id: CampaignIds = None
    ad_group_id: AdGroupIds = None
    asin: Asins = None
    expression_type: Kinds = None

    http, records, lean, named = ROUTES.list, "targetingClauses", LEAN, (*BidList.named, "target_id")
    said = "product targeting, ASIN targeting, automatic targeting, close match, loose match, substitutes"


class GetTarget(TargetRead, SpGet):
    """Read one Sponsored Products target, or several with a list of ids."""

    target_id: Annotated[OneOrMore, Field(alias="targetIdFilter", examples=["160000000000001"])]

    http, records, lean, subject = ROUTES.list, "targetingClauses", MORE, "target_id"


class Targeted(SpWrite):
    """A plan names a target by what it is of."""

    key, name_at = "targetingClauses", "expression"

    @classmethod
    def name_in(cls, record: Mapping[str, Any]) -> str:
        return expressions.said(record.get("expression"))


class ByProduct(NewTargeting, Targeted):
    """What a new target is of: an expression of Amazon's, or the easy parameters for one."""

    expression: Annotated[Expression | None, Field(description=f"Amazon's own: {expressions.SHAPE}.")] = None
    asin: Annotated[Easy, Field(description="A product; with expanded, similar ones too.")] = None
    expanded: Annotated[bool | None, Field(exclude=True)] = None
    category_id: Annotated[
        Easy, Field(description="Of sponsored_product_target_categories; refined by the following.")
    ] = None
    brand_id: Easy = None
    price_min: Annotated[Easy, Field(description="In the profile's currency, such as 10.50.")] = None
    price_max: Easy = None
    rating_min: Annotated[Easy, Field(description="0 to 5 stars.")] = None
    rating_max: Easy = None
    prime: Annotated[bool | None, Field(exclude=True, description="Only what Prime ships.")] = None

    sample = {"asin": "B0ABCD1234"}
    unlike, kinds_of_targeting = ("adGroupId", "expression"), ("product targets", "keywords")
    negated_by = {
        "sponsored_product_negative_targets": "ad_group_id",
        "sponsored_product_campaign_negative_targets": "campaign_id",
    }

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        easy = [name for name in expressions.EASY if getattr(self, name) is not None]
        if bool(easy) == bool(self.expression):
            raise ValueError("expression: give it, or asin, or category_id or brand_id with refinements")
        self.parts()
        return self

    def parts(self) -> expressions.Parts:
        """The expression that is sent."""
        return self.expression or expressions.made(dict(self))

    def item(self) -> Json:
        return super().item() | {"expression": self.parts(), "expressionType": "MANUAL"}

    def in_words(self, live: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:  # noqa: ARG002 - it is new
        parts = self.parts()
        return {
            "expression": [f"targets {expressions.said(parts)}: {json.dumps(parts)}"],
            "expressionType": [],
        }

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        kinds = {part["type"] for part in self.parts()}
        if expressions.WIDER[1] in kinds and expressions.WIDER[0] not in kinds:
            yield "Amazon's guide asks for a category beside a brand, and may refuse one alone"


class CreateTarget(ByProduct):
    """Bid on a product (asin), or on a category or brand with refinements, in a MANUAL campaign.

    It starts PAUSED. An ad group has product targets or keywords, never both.
    """

    http, new_id_at, others = ROUTES.create, "targetId", KeywordsInside


class OneTarget(OneTargeting, Targeted):
    """What changing a target takes."""

    target_id: Annotated[ObjectId, Field(examples=["160000000000001"])]

    http, subject, watch = ROUTES.update, "target_id", ("expression", "expressionType", "state")


class UpdateTarget(BidUpdate, OneTarget):
    """Change a target's state or bid. What it is of never changes: archive it and add another."""

    retired = dict.fromkeys(("expression", *expressions.EASY), FIXED)


class PauseTarget(Pause, OneTarget):
    """Pause targets, automatic ones too: no more bids on these products."""


class ActivateTarget(Activate, OneTarget):
    """Enable targets: they spend if their ad group and campaign are enabled."""


class DeleteTarget(SpArchive, OneTarget):
    """Archive targets for good. Automatic ones can only be paused."""

    http = ROUTES.archive

    def obstacle(self, live: Mapping[str, Any]) -> str:
        auto = "it is automatic, and ends with its ad group only: pause it instead"
        return super().obstacle(live) or (auto if live.get("expressionType") == "AUTO" else "")


sponsored_product_targets = Entity(
    noun="target",
    list=ListTargets,
    get=GetTarget,
    create=CreateTarget,
    update=UpdateTarget,
    pause=PauseTarget,
    activate=ActivateTarget,
    delete=DeleteTarget,
    bid_recommendations=TargetBids,
)
