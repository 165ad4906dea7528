"""Sponsored Brands negative targets: products and brands an ad group keeps its ads from."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from mcp_ads.connectors.amazon_ads.filters import listed
from mcp_ads.connectors.amazon_ads.spelling import out_of_words
from mcp_ads.connectors.amazon_ads.sponsored_products import negatives
from mcp_ads.connectors.amazon_ads.sponsored_products.expressions import Parts, said
from mcp_ads.connectors.amazon_ads.sponsored_products.negatives import kept_away, negative, stopped
from mcp_ads.connectors.amazon_ads.states import DELIVERS_NOTHING
from mcp_ads.connectors.amazon_ads.types import SHORT, STATES, Json, ListedState, ObjectId, SomeIds, State
from mcp_ads.core import DELETE, GET, POST, PUT, Entity
from mcp_ads.core.beside import Likeness, Record

from . import predicates
from .predicates import EASY
from .targeting import KNOWN, LEAN, STATE_FILTER, FilteredList, NewTarget, Targeted, TargetGet
from .v3 import BrandAdGroupId, BrandCampaignId, NewInGroup, OneInGroup, V3Archive, v3

NO_CATEGORY = "Sponsored Brands negates products and brands, no categories and no refinements"
MORE = tuple(name for name in EASY if name not in ("asin", "brand_id"))
FIXED = "what a negative target is of never changes: archive it and add another"
ALSO = {**SHORT, "negative_target_id": "target_id", "expression": "expressions"}
MEDIA, TARGETS = "sbnegativetarget.v3", "sponsored_brands_targets"


BY_TWO = "Amazon filters negative targets by ENABLED or by ARCHIVED alone"
NegativeStates = Annotated[
    list[ListedState],
    BeforeValidator(listed),
    Field(min_length=1, description=f"{BY_TWO}; PAUSED ones are among all."),
]
LIST = v3(POST, "negativeTargets/list", "sblistnegativetargetsresponse.v3.2")


class ListNegativeTargets(FilteredList):
    """List Sponsored Brands negative targets: products and brands ad groups keep their ads from."""

    http, records, lean, known = LIST, "negativeTargets", LEAN, KNOWN
    state: NegativeStates = ["ENABLED", "PAUSED", "ARCHIVED"]
    every = ("ENABLED", "ARCHIVED")
    said = "exclude asin, block products, competitor"

    def left_out(self) -> str:
        return ""

    def told(self, records: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:  # noqa: ARG002
        mixed = "PAUSED" in self.state and len({*self.state}) < len(STATES)
        return {"warnings": [f"these are of every state: {BY_TWO}"]} if mixed else {}

    def filters(self) -> Mapping[str, list[Any]]:
        found = super().filters()
        return {kind: found[kind] for kind in found if kind != STATE_FILTER or "PAUSED" not in self.state}


class GetNegativeTarget(TargetGet):
    """Read one Sponsored Brands negative target, or several with a list of ids."""

    target_id: Annotated[SomeIds, Field(examples=["195000000000001"])]

    http, one, records = LIST, v3(GET, "negativeTargets", MEDIA), "negativeTargets"
    subject, aliases, lean, known = "target_id", ALSO, (*LEAN, "expressions"), KNOWN


class NegativeTarget(Targeted):
    """A negative delivers nothing: switched off or gone, what it kept ads from is bid on again."""

    key, states = "negativeTargets", DELIVERS_NOTHING
    aliases: ClassVar[Mapping[str, str]] = ALSO
    watch = ("expressions", "state", "adGroupId", "campaignId")

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if kept_away(self, live):
            yield "products it kept ads from are bid on again"


class CreateNegativeTarget(NewTarget, NegativeTarget, NewInGroup):
    """Keep an ad group's ads from a product (asin) or a brand (brand_id); it is ENABLED at once.

    Sponsored Brands has none for a whole campaign.
    """

    campaign_id: BrandCampaignId
    ad_group_id: BrandAdGroupId

    http = v3(POST, "negativeTargets", "sbcreatenegativetargetsrequest.v3")
    says, retired = "keeps ads from", dict.fromkeys(MORE, NO_CATEGORY)
    said = "block an ASIN, block a product, block a competitor, exclude a product, negate an ASIN"

    def parts(self) -> Parts:
        return negative(super().parts())

    def siblings(self) -> Mapping[str, Any]:
        return {**super().siblings(), "state": STATES}

    @classmethod
    def likeness(cls, record: Record) -> Likeness:
        """One that is archived is like none: the same may be negated again."""
        gone = ("ARCHIVED",) if str(record.get("state")).upper() == "ARCHIVED" else ()
        return (*super().likeness(record), *gone)

    def covered(self, entity: str, there: Mapping[Likeness, Record]) -> tuple[Record, str]:
        own = {} if entity in self.neighbours() else there.get(self.likeness(self.sets()), {})
        idle = str(own.get("state")).upper() == "PAUSED"
        return (own, negatives.IDLE) if idle else ({}, "")

    def neighbours(self) -> Mapping[str, Mapping[str, Any]]:
        place = {"profile_id": self.profile_id, "ad_group_id": [self.ad_group_id], "state": ["ENABLED"]}
        return {TARGETS: place | {"fields": ["targetId", "expressions", "state"]}}

    def strikes(self, entity: str, records: Sequence[Record]) -> Iterable[str]:
        own, there = said(self.parts()), records if entity == TARGETS else ()
        alike = [one for one in there if predicates.key(one) == own]
        yield from stopped(f"target {one.get('targetId')} {own}" for one in alike)


class UpdateNegativeTarget(NegativeTarget, OneInGroup):
    """Switch negative targets on or off. What they are of never changes: archive it and add another."""

    target_id: Annotated[ObjectId, Field(examples=["195000000000001"])]
    state: State | None = None

    http, subject = v3(PUT, "negativeTargets", "updatenegativetargetsresponse.v3"), "target_id"
    sample, retired = {"state": "PAUSED"}, dict.fromkeys(("expressions", "expression", *EASY), FIXED)

    def to_body(self) -> Json:
        """Its campaign is none of the fields of a change."""
        item = out_of_words(self.item())
        return {self.key: [{name: value for name, value in item.items() if name != "campaignId"}]}

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if self.state == "PAUSED":
            yield f"{BY_TWO}: one PAUSED is in the list of all, or read by id"


class DeleteNegativeTarget(V3Archive, NegativeTarget):
    """Archive negative targets for good: their products are bid on again."""

    target_id: Annotated[ObjectId, Field(examples=["195000000000001"])]

    http, subject, paid_by = v3(DELETE, "negativeTargets/{target_id}", MEDIA), "target_id", {}

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield "the same can be negated again, as a new one: create, with what `get` still shows"


sponsored_brands_negative_targets = Entity(
    noun="negative target",
    lacks={"pause": "update does it, with state PAUSED", "activate": "update does it, with state ENABLED"},
    list=ListNegativeTargets,
    get=GetNegativeTarget,
    create=CreateNegativeTarget,
    update=UpdateNegativeTarget,
    delete=DeleteNegativeTarget,
)
