"""Sponsored TV targets: the films and series an ad is shown with, or people who shop in a category."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.amazon_ads.record_names import WORDS
from mcp_ads.connectors.amazon_ads.types import (
    AdGroupIds,
    CampaignIds,
    IncludeIds,
    Json,
    ObjectId,
    OneOrMore,
    State,
)
from mcp_ads.connectors.amazon_ads.writes import Activate, Pause
from mcp_ads.core import Account, Entity
from mcp_ads.core.beside import Likeness, Record

from . import expressions
from .base import AD_GROUPS, CAMPAIGN, TIMES, AdGroupId, TvArchive, TvGet, TvList, TvRead, TvWrite, routes

ROUTES = routes("targets", "stTargetingClause")
LEAN = ("targetId", "targeting", "state", TIMES[0], "adGroupId", "campaignId")
MORE = (*LEAN, "expression", "resolvedExpression", *TIMES[1:])
KNOWN = (*MORE, "bid", "fullFunnelCampaignId")
OF_TARGETS = {**WORDS, "id": "targetId", "name": "targeting", "target": "targeting"}
NO_BID = "Amazon takes no notice of a target's bid since 30 Jun 2025: set default_bid of its ad group"
FIXED = "what a target is of never changes: archive it and add another"
Easy = Annotated[str | None, Field(exclude=True)]
"""A parameter that an expression is made of; what is sent is the expression."""


class TargetRead(TvRead):
    """Targets are shown in words: `targeting` is "content Comedy", "category 2617941011"."""

    known, alike = KNOWN, OF_TARGETS

    def to_row(self, record: Json, account: Account | None) -> Json:  # noqa: ARG002
        return {
            **record,
            "targeting": expressions.said(record.get("expression"), record.get("resolvedExpression")),
        }


class ListTargets(TargetRead, TvList):
    """List Sponsored TV targets; `targeting` says what of: "content Comedy", "category 2617941011"."""

    target_id: Annotated[IncludeIds | None, Field(alias="targetIdFilter")] = None
    campaign_id: CampaignIds = None
    ad_group_id: AdGroupIds = None

    http, records, total, lean = ROUTES.list, "targetingClauses", "totalResults", LEAN
    named, said = (*TvList.named, "target_id"), "TV genres, content targeting, audiences of Sponsored TV"


class GetTarget(TargetRead, TvGet):
    """Read one Sponsored TV target, or several with a list of ids."""

    target_id: Annotated[OneOrMore, Field(alias="targetIdFilter", examples=["103000000000001"])]

    http, records, lean, subject = ROUTES.list, "targetingClauses", MORE, "target_id"


class Targeted(TvWrite):
    """A plan names a target by what it is of."""

    key, name_at = "targetingClauses", "expression"

    @classmethod
    def name_in(cls, record: Mapping[str, Any]) -> str:
        return expressions.said(record.get("expression"))

    @classmethod
    def likeness(cls, record: Record) -> Likeness:
        return str(record.get("adGroupId")), cls.name_in(record)


class CreateTarget(Targeted):
    """Show a Sponsored TV ad group with a kind of content, or to people who shop in a category.

    It starts PAUSED, and has no bid of its own. Audiences go by the unified API, through api.post.
    """

    ad_group_id: AdGroupId
    content: Annotated[
        Easy, Field(description=f"One of {', '.join(expressions.CONTENT)}, or its amzn1.iab-content… id.")
    ] = None
    category_id: Annotated[Easy, Field(description="Of sponsored_product_target_categories.")] = None
    expression: Annotated[expressions.Expression | None, Field(description=expressions.SHAPE)] = None
    state: State = "PAUSED"

    http, does, new_id_at, found_by = ROUTES.create, "makes", "targetId", ("ad_group_id",)
    parents, paid_by, unlike = {"ad_group_id": AD_GROUPS}, CAMPAIGN, ("adGroupId", "expression")
    sample = {"content": "Comedy"}
    retired = {"bid": NO_BID}

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if sum(value is not None for value in (self.content, self.category_id, self.expression)) != 1:
            raise ValueError("content: give one of content, category_id and expression")
        self.parts()
        return self

    def parts(self) -> expressions.Parts:
        """The expression that is sent, of exactly one part."""
        return self.expression or expressions.made(self.content, self.category_id)

    def item(self) -> Json:
        return super().item() | {"expression": self.parts()}

    def siblings(self) -> Mapping[str, Any]:
        return self.lookup()

    def in_words(self, live: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:  # noqa: ARG002 - it is new
        return {"expression": [f"targets {expressions.said(self.parts())}"]}

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from expressions.doubtful(self.parts())


class OneTarget(Targeted):
    """What changing a target takes."""

    target_id: Annotated[ObjectId, Field(examples=["103000000000001"])]

    http, subject, watch, paid_by = ROUTES.update, "target_id", ("expression", "state"), CAMPAIGN


class UpdateTarget(OneTarget):
    """Change a target's state. What it is of never changes: archive it and add another."""

    sample = {"state": "PAUSED"}
    retired = {
        "bid": NO_BID, **dict.fromkeys(("expression", "content", "category_id"), FIXED),
    }  # fmt: skip

    state: State | None = None


class PauseTarget(Pause, OneTarget):
    """Pause targets."""


class ActivateTarget(Activate, OneTarget):
    """Enable targets: they spend if their ad group and campaign are enabled."""


class DeleteTarget(TvArchive, OneTarget):
    """Archive targets for good."""

    http = ROUTES.archive


sponsored_tv_targets = Entity(
    noun="target",
    list=ListTargets,
    get=GetTarget,
    create=CreateTarget,
    update=UpdateTarget,
    pause=PauseTarget,
    activate=ActivateTarget,
    delete=DeleteTarget,
)
