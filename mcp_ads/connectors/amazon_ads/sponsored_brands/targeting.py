"""What targets and negative targets of Sponsored Brands share: filtered lists, and reads by path."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads.dialect import CURSOR
from mcp_ads.connectors.amazon_ads.filters import listed
from mcp_ads.connectors.amazon_ads.lists import StatedList
from mcp_ads.connectors.amazon_ads.spelling import in_camel, out_of_words
from mcp_ads.connectors.amazon_ads.sponsored_products.expressions import Parts, made, said
from mcp_ads.connectors.amazon_ads.types import LIVE_STATES, SHORT, STATES, Json, ListedState
from mcp_ads.core import Account, Context, Flow, Request, Result
from mcp_ads.core.as_sent import AsSent
from mcp_ads.core.beside import Likeness, Record
from mcp_ads.core.outline import Steps
from mcp_ads.errors import PlatformDown

from . import predicates
from .keywords import CreativeType
from .predicates import Expressions
from .v3 import AdGroupIds, CampaignIds, V3Get, V3Read, V3Write

LEAN = ("targetId", "targeting", "state", "adGroupId", "campaignId")
OF_TARGETS = {
    "id": "targetId",
    "status": "state",
    **dict.fromkeys(("name", "target", "asin"), "targeting"),
    **dict.fromkeys(("expression", "resolvedExpression"), "expressions"),
}
KNOWN = (*LEAN, *predicates.KEYS)
MOST_FILTERS, MOST_LISTED = 3, 5000
STATE_FILTER = "TARGETING_STATE"
Easy = Annotated[str | None, Field(exclude=True)]
"""A parameter that expressions are made of; what is sent are these."""
ListedStates = Annotated[
    list[ListedState],
    BeforeValidator(listed),
    Field(min_length=1, description="Add ARCHIVED to see those too; by ids every state is."),
]


class TargetRead(V3Read):
    """Targets are shown in words: `targeting` is "asin B0ABCD1234" or "category Soaps (11056341)"."""

    known: ClassVar[tuple[str, ...]] = KNOWN
    alike: ClassVar[Mapping[str, str]] = OF_TARGETS

    def to_row(self, record: Json, account: Account | None) -> Json:  # noqa: ARG002
        return predicates.named(record)


class FilteredList(TargetRead, StatedList):
    """At most three kinds of filters at once. Without one of states Amazon lists objects in `every` state.

    `numbers` are the kinds whose ids go as numbers.
    """

    campaign_id: CampaignIds = None
    ad_group_id: AdGroupIds = None
    creative_type: CreativeType = None
    state: ListedStates = ["ENABLED", "PAUSED"]

    pages, named = CURSOR, ("campaign_id", "ad_group_id")
    every: ClassVar[Sequence[str]] = STATES
    numbers: ClassVar[tuple[str, ...]] = ()

    @model_validator(mode="after")
    def _filters_fit(self) -> Self:
        if not {*self.state} & {*self.every}:
            kinds = " or ".join(self.every)
            raise ValueError(
                f"state: Amazon filters these by {kinds} alone; leave it out to find others among all"
            )
        if len(self.filters()) > MOST_FILTERS:
            raise ValueError(
                "state: Amazon takes three filters at once, not state with campaign_id, ad_group_id and "
                "creative_type: leave campaign_id out, which ad_group_id says already"
            )
        return self

    def filters(self) -> Mapping[str, list[Any]]:
        """The values of each kind that is asked for."""
        states, groups = [state for state in self.every if state in self.state], self.ad_group_id or []
        given = {
            STATE_FILTER: [state.lower() for state in states if len(states) < len(self.every)],
            "CAMPAIGN_ID": self.campaign_id or [],
            "AD_GROUP_ID": [*map(int, groups)] if "AD_GROUP_ID" in self.numbers else groups,
            "CREATIVE_TYPE": [in_camel(self.creative_type)] if self.creative_type else [],
        }
        return {kind: values for kind, values in given.items() if values}

    def to_body(self) -> Json:
        filters = [{"filterType": kind, "values": values} for kind, values in self.filters().items()]
        return {"filters": filters} if filters else {}


class TargetGet(V3Get, TargetRead):
    """Reads targets by their paths, or, where they are many or not there, the whole list: it has no filter
    of their ids.
    """

    few = 10

    def flow(self, context: Context) -> Flow:
        result: Result = yield from super().flow(context)
        rows = result.data
        if isinstance(self, AsSent):
            return result
        result.data = [*map(predicates.named, rows)] if isinstance(rows, list) else predicates.named(rows)
        return result

    def _by_list(self, ids: Sequence[str]) -> Steps[dict[str, Json]]:
        asked: Json = {"maxResults": MOST_LISTED}
        found = dict[str, Json]()
        while len(found) < len(ids):
            answer = yield Request("POST", self.to_path(), body=asked, headers=self.to_headers())
            rows = answer.get(self.records) if isinstance(answer, dict) else None
            if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
                raise PlatformDown("the answer is no list of targets")
            found |= {id_: row for row in rows if (id_ := str(row.get("targetId"))) in ids}
            if not answer.get("nextToken"):
                break
            asked = {**asked, "nextToken": answer["nextToken"]}
        return found


class Targeted(V3Write):
    """A plan names a target by what it is of, and tells two apart by that and their ad group."""

    name_at = "expressions"

    @classmethod
    def name_in(cls, record: Mapping[str, Any]) -> str:
        return predicates.key(record)

    @classmethod
    def likeness(cls, record: Record) -> Likeness:
        return str(record.get("adGroupId")), predicates.key(record)

    def to_body(self) -> Json | None:
        item = out_of_words(self.item())
        parts = {name: predicates.spelt(item[name]) for name in predicates.KEYS if name in item}
        return {self.key: [{**item, **parts}]}


class NewTarget(Targeted):
    """What it is of: Amazon's own expressions, or the `easy` parameters for them."""

    asin: Annotated[Easy, Field(description="A product, such as B0ABCD1234.")] = None
    brand_id: Easy = None
    expressions: Annotated[
        Expressions | None, Field(description=f"In place of these, Amazon's own: {predicates.SHAPE}.")
    ] = None

    does, new_id_at, unlike = "makes", "targetId", ("adGroupId", "expressions")
    sample: ClassVar[Mapping[str, Any]] = {"asin": "B0ABCD1234"}
    aliases: ClassVar[Mapping[str, str]] = {**SHORT, "expression": "expressions"}
    easy: ClassVar[Sequence[str]] = ("asin", "brand_id")
    says: ClassVar[str] = "targets"

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = [name for name in self.easy if getattr(self, name) is not None]
        if bool(given) == bool(self.expressions):
            raise ValueError(f"expressions: give them, or {' or '.join(self.easy)}")
        try:
            self.parts()
        except ValueError as wrong:
            named = "" if str(wrong).startswith(tuple(given)) else f"{', '.join(given)}: "
            raise ValueError(f"{named}{wrong}") from None
        return self

    def parts(self) -> Parts:
        """The expressions that are sent, by the names of Sponsored Products."""
        return self.expressions or made(dict(self))

    def item(self) -> Json:
        return super().item() | {"expressions": self.parts()}

    def in_words(self, live: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:  # noqa: ARG002 - it is new
        parts = self.parts()
        return {"expressions": [f"{self.says} {said(parts)}: {json.dumps(predicates.spelt(parts))}"]}

    def siblings(self) -> Mapping[str, Any]:
        place = [getattr(self, "ad_group_id")]  # noqa: B009 - of the class beside it
        return {"profile_id": self.profile_id, "ad_group_id": place, "state": LIVE_STATES}

    def lookup(self) -> Mapping[str, Any]:
        return self.siblings()
