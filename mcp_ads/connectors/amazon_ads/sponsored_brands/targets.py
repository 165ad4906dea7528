"""Sponsored Brands targets: products, categories and brands an ad group bids on."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from mcp_ads.connectors.amazon_ads.sponsored_products import held_back
from mcp_ads.connectors.amazon_ads.sponsored_products.expressions import WIDER, said
from mcp_ads.connectors.amazon_ads.types import Bid, ObjectId, SomeIds, State
from mcp_ads.core import DELETE, GET, POST, PUT, Entity
from mcp_ads.core.beside import Record

from .predicates import EASY
from .targeting import KNOWN, LEAN, Easy, FilteredList, NewTarget, Targeted, TargetGet
from .v3 import NewTargeting, OneInGroup, V3Archive, v3

NEGATIVES = "sponsored_brands_negative_targets"
COLUMNS = (*LEAN[:3], "bid", *LEAN[3:])
FIXED = "what a target is of never changes: archive it and add another"
LACKS = {
    **dict.fromkeys(("pause", "activate"), "update does it, with state PAUSED or ENABLED"),
    "bid_recommendations": 'the raw entity api has them: post with path="/sb/recommendations/bids"',
}
MISSING = dict.fromkeys(("expanded", "prime"), "Sponsored Brands has no such targets; Sponsored Products has")
Refined = Annotated[Easy, Field(description="In the profile's currency, such as 10.50.")]


LIST = v3(POST, "targets/list", "sblisttargetsresponse.v3.2")


class ListTargets(FilteredList):
    """List Sponsored Brands targets: products, categories and brands ad groups bid on.

    `targeting` says what of: "asin B0ABCD1234", "category Soaps (11056341), rating above 3".
    """

    http, records, lean = LIST, "targets", COLUMNS
    known, numbers = (*KNOWN, "bid"), ("AD_GROUP_ID",)
    said = "product targeting of Sponsored Brands, ASIN targeting"


class GetTarget(TargetGet):
    """Read one Sponsored Brands target, or several with a list of ids."""

    target_id: Annotated[SomeIds, Field(examples=["194000000000001"])]

    http, one, records = LIST, v3(GET, "targets", "sbtarget.v3"), "targets"
    subject, lean, known = "target_id", (*COLUMNS, "expressions"), (*KNOWN, "bid")


class CreateTarget(NewTarget, NewTargeting):
    """Bid on a product (asin), or on a category or brand with refinements, in an ad group.

    It is ENABLED from the beginning: Sponsored Brands makes no target PAUSED.
    """

    category_id: Annotated[Easy, Field(description="Of sponsored_product_target_categories.")] = None
    price_min: Refined = None
    price_max: Easy = None
    rating_min: Annotated[Easy, Field(description="0 to 5 stars.")] = None
    rating_max: Easy = None

    http, key, what = v3(POST, "targets", "sbcreatetargetsresponse.v3"), "targets", "targets"
    easy, others, retired = EASY, "sponsored_brands_keywords", {**NewTargeting.retired, **MISSING}

    def neighbours(self) -> Mapping[str, Mapping[str, Any]]:
        return {NEGATIVES: held_back.there(self.profile_id, "ad_group_id", self.ad_group_id)}

    def strikes(self, entity: str, records: Sequence[Record]) -> Iterable[str]:
        named = {str(one["targetId"]): self.name_in(one) for one in records if entity == NEGATIVES}
        yield from held_back.of_target(said(self.parts()), named)

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        kinds = {part["type"] for part in self.parts()}
        if WIDER[1] in kinds and WIDER[0] not in kinds:
            yield "Amazon's guide asks for a category beside a brand, and may refuse one alone"


class OneTarget(Targeted, OneInGroup):
    """What changing a target takes."""

    target_id: Annotated[ObjectId, Field(examples=["194000000000001"])]

    http, key, subject = v3(PUT, "targets", "updatetargetsresponse.v3"), "targets", "target_id"
    watch = ("expressions", "state", "adGroupId", "campaignId")


class UpdateTarget(OneTarget):
    """Change a target's state or bid. What it is of never changes: archive it and add another.

    No bid can be set while an optimization rule of its campaign sets them.
    """

    bid: Bid = None
    state: State | None = None

    sample, retired = {"bid": "0.75 USD"}, dict.fromkeys(("expressions", "expression", *EASY), FIXED)


class DeleteTarget(V3Archive, Targeted):
    """Archive targets for good: no more bids on these products."""

    target_id: Annotated[ObjectId, Field(examples=["194000000000001"])]

    http, key, subject = v3(DELETE, "targets/{target_id}", "sbtargetresponse.v3"), "targets", "target_id"
    watch = ("expressions", "state", "adGroupId", "campaignId")


sponsored_brands_targets = Entity(
    noun="target",
    lacks=LACKS,
    list=ListTargets,
    get=GetTarget,
    create=CreateTarget,
    update=UpdateTarget,
    delete=DeleteTarget,
)
