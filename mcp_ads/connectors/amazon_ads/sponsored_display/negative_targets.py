"""Sponsored Display negative targets: products and brands an ad group keeps its ads from."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads.sponsored_products.negatives import kept_away, stopped
from mcp_ads.connectors.amazon_ads.states import DELIVERS_NOTHING
from mcp_ads.connectors.amazon_ads.types import SHORT, AdGroupId, Json, ObjectId, SomeIds, State
from mcp_ads.core import DELETE, GET, POST, PUT, Entity
from mcp_ads.core.beside import Likeness, Record

from . import expressions
from .base import (
    AD_GROUPS,
    EXTENDED,
    AdGroupIds,
    CampaignIds,
    DisplayArchive,
    DisplayGet,
    DisplayList,
    DisplayWrite,
)
from .targets import FIXED, Easy, TargetRead

PATH, TARGETS = "/sd/negativeTargets", "sponsored_display_targets"
LEAN = ("targetId", "targeting", "state", "adGroupId")
KNOWN = (*LEAN, "expressionType", "expression", "resolvedExpression", *EXTENDED)
ALSO = {**SHORT, "negative_target_id": "target_id"}
Negated = Annotated[expressions.Parts, BeforeValidator(expressions.read_negative)]


class ListNegativeTargets(TargetRead, DisplayList):
    """List Sponsored Display negative targets: products and brands ad groups keep their ads from."""

    ad_group_id: AdGroupIds = None
    campaign_id: CampaignIds = None

    http, lean, known = GET(PATH), LEAN, KNOWN
    said = "exclude asin from display, block products, exclude a brand"


class GetNegativeTarget(TargetRead, DisplayGet):
    """Read one Sponsored Display negative target, or several with a list of ids, one request each."""

    target_id: Annotated[SomeIds, Field(examples=["220000000000001"])]

    http, subject, lean, known = GET(PATH), "target_id", (*LEAN, "expressionType", "expression"), KNOWN
    filtered, aliases = False, ALSO


class NegativeTarget(DisplayWrite):
    """A negative delivers nothing: switched off or gone, what it kept ads from is shown again."""

    name_at, watch, aliases, states = "expression", ("expression", "state"), ALSO, DELIVERS_NOTHING

    @classmethod
    def name_in(cls, record: Record) -> str:
        return expressions.said(record.get("expression"))

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if kept_away(self, live):
            yield "products it kept ads from are bid on again"


class CreateNegativeTarget(NegativeTarget):
    """Keep an ad group's ads from a product (asin) or a brand (brand_id), ENABLED unless state says so.

    What is negated there already is left out and named.
    """

    ad_group_id: Annotated[AdGroupId, Field(examples=["190000000000002"])]
    asin: Annotated[Easy, Field(description="A product, such as B0ABCD1234.")] = None
    brand_id: Annotated[Easy, Field(description="All products of a brand.")] = None
    expression: Annotated[
        Negated | None, Field(description=f"In place of these, Amazon's own: {expressions.SHAPE}.")
    ] = None
    expression_type: Annotated[Literal["manual"], BeforeValidator(lambda value: str(value).lower())] = (
        "manual"
    )
    state: State = "ENABLED"

    http, does, new_id_at, sample = POST(PATH), "makes", "targetId", {"asin": "B0ABCD1234"}
    found_by, unlike, parents = ("ad_group_id",), ("adGroupId", "expression"), {"ad_group_id": AD_GROUPS}
    said = "block an ASIN on display, block a competitor, exclude a product, negate an ASIN"
    easy: ClassVar[Mapping[str, str]] = {"asin": "asinSameAs", "brand_id": "asinBrandSameAs"}

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if sum(getattr(self, name) is not None for name in (*self.easy, "expression")) != 1:
            raise ValueError("asin: give it, or brand_id, or expression: one of them, and no two")
        self.parts()
        return self

    def parts(self) -> expressions.Parts:
        """The expression that is sent."""
        given = ((kind, getattr(self, name)) for name, kind in self.easy.items())
        made = [{"type": kind, "value": value} for kind, value in given if value is not None]
        return self.expression or expressions.read_negative(made)

    def item(self) -> Json:
        return super().item() | {"expression": self.parts()}

    def in_words(self, live: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:  # noqa: ARG002 - it is new
        parts = self.parts()
        lines = [f"keeps ads from {expressions.said(parts)}: {json.dumps(parts)}"]
        return {"expression": lines, "expressionType": []}

    def neighbours(self) -> Mapping[str, Mapping[str, Any]]:
        where = {"profile_id": self.profile_id, "ad_group_id": [self.ad_group_id], "state": ["ENABLED"]}
        return {TARGETS: where | {"fields": ["targetId", "expression"]}}

    def covered(self, entity: str, there: Mapping[Likeness, Record]) -> tuple[Record, str]:
        own, why = super().covered(entity, there)
        idle = ": it keeps nothing away until `update` makes it ENABLED"
        return own, f"{why}{idle}" if why.endswith("PAUSED") else why

    def strikes(self, entity: str, records: Sequence[Record]) -> Iterable[str]:
        own, there = expressions.said(self.parts()), records if entity == TARGETS else ()
        yield from stopped(f"target {one.get('targetId')} {own}" for one in there if self.name_in(one) == own)


class OneNegativeTarget(NegativeTarget):
    """What changing a negative target takes."""

    target_id: Annotated[ObjectId, Field(examples=["220000000000001"])]

    http, subject = PUT(PATH), "target_id"


class UpdateNegativeTarget(OneNegativeTarget):
    """Switch negative targets on or off. What they are of never changes: archive it and add another."""

    sample = {"state": "PAUSED"}
    retired = dict.fromkeys(("expression", "expression_type", "asin", "brand_id"), FIXED)

    state: State | None = None


class DeleteNegativeTarget(DisplayArchive, OneNegativeTarget):
    """Archive negative targets for good: their products are bid on again."""

    http = DELETE(f"{PATH}/{{target_id}}")

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield "the same can be negated again, as a new one: sponsored_display_negative_targets.create"


sponsored_display_negative_targets = Entity(
    noun="negative target",
    list=ListNegativeTargets,
    get=GetNegativeTarget,
    create=CreateNegativeTarget,
    update=UpdateNegativeTarget,
    delete=DeleteNegativeTarget,
)
