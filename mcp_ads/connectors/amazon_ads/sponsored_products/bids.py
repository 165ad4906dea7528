"""What keywords and targets share: a bid of their own, or the ad group's default bid where they have none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.amazon_ads.lists import SpList
from mcp_ads.connectors.amazon_ads.types import (
    CAMPAIGN,
    NONE,
    AdGroupId,
    AdGroupIds,
    Bid,
    CampaignId,
    IncludeIds,
    Json,
    State,
)
from mcp_ads.connectors.amazon_ads.writes import AmazonWrite
from mcp_ads.core import Action, Context
from mcp_ads.core.beside import Record
from mcp_ads.core.marks import Found

from . import held_back, rules
from .base import SpWrite, routes

AD_GROUPS = "sponsored_product_ad_groups"
INHERITED = "bid: where it is empty, the ad group's defaultBid counts"
MADE_HERE = "@"
"""What the id of something begins with that the same plan makes."""


class KeywordsInside(SpList):
    """The keywords of ad groups, as far as other actions look at them."""

    keyword_id: Annotated[IncludeIds | None, Field(alias="keywordIdFilter")] = None
    ad_group_id: AdGroupIds = None

    http, records = routes("keywords", "spKeyword").list, "keywords"


class TargetsInside(SpList):
    """The targets of ad groups, as far as other actions look at them."""

    target_id: Annotated[IncludeIds | None, Field(alias="targetIdFilter")] = None
    ad_group_id: AdGroupIds = None

    http, records = routes("targets", "spTargetingClause").list, "targetingClauses"
    named = (*SpList.named, "target_id")


class AdGroupsAbove(SpList):
    """Ad groups as what is in them needs them: their campaign, and the bid it inherits."""

    ad_group_id: AdGroupIds = None

    http, records = routes("adGroups", "spAdGroup").list, "adGroups"


class BidList(SpList):
    """A list of what is bid on."""

    def told(self, records: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        inherits = "bid" in self.columns() and any(record.get("bid") is None for record in records)
        return {"warnings": [INHERITED]} if inherits else {}


class NewTargeting(SpWrite):
    """What is bid on, new in an ad group of a MANUAL campaign: keywords or product targets, never both.

    `others` is the entity that the ad group may have none of, `negated_by` are those of negatives that may
    keep it from being shown, with the parameter of the place these are in.
    """

    campaign_id: CampaignId
    ad_group_id: AdGroupId
    bid: Annotated[
        Bid, Field(description='"0.75 USD", or "+10%" of the ad group\'s default bid, which counts without.')
    ] = None
    state: State = "PAUSED"

    does = "makes"
    found_by: ClassVar[tuple[str, ...]] = ("ad_group_id",)
    parents = {"campaign_id": "sponsored_product_campaigns", "ad_group_id": AD_GROUPS}
    parent_fields: ClassVar[tuple[str, ...]] = (*SpWrite.parent_fields, "defaultBid")
    others: ClassVar[type[KeywordsInside | TargetsInside]]
    kinds_of_targeting: ClassVar[tuple[str, str]]
    negated_by: ClassVar[Mapping[str, str]]

    def neighbours(self) -> Mapping[str, Mapping[str, Any]]:
        return {
            entity: held_back.there(self.profile_id, place, getattr(self, place))
            for entity, place in self.negated_by.items()
        }

    def strikes(self, entity: str, records: Sequence[Record]) -> Iterable[str]:
        yield from self.held_back(records) if entity in self.negated_by else ()

    def held_back(self, negatives: Sequence[Record]) -> Iterable[str]:
        """Which negatives of one list keep it from being shown."""
        return held_back.of_target(
            self.name_in(self.sets()), {str(one["targetId"]): self.name_in(one) for one in negatives}
        )

    def consults(self) -> tuple[str, str, tuple[str, ...]] | None:
        relative = self.bid is not None and self.bid.relative
        return (AD_GROUPS, self.ad_group_id, ("defaultBid",)) if relative else None

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        default = (live or {}).get("defaultBid")
        return super().settled(context, {**(live or {}), "bid": default} if default else live)

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from super().problems(parents)
        campaign = parents.get("campaign_id", {})
        yield from rules.bid_under_budget("bid", self.bid, campaign)
        if campaign.get("targetingType") == "AUTO":
            what = self.kinds_of_targeting[0]
            yield f"campaign_id: it targets by itself (AUTO); {what} need a MANUAL campaign"

    def asides(self, account: str) -> Mapping[str, Action]:  # noqa: ARG002 - the profile is a parameter
        if self.ad_group_id.startswith(MADE_HERE):
            return {}
        given = {"profile_id": self.profile_id, "ad_group_id": [self.ad_group_id], "fields": ["state"]}
        return {
            self.kinds_of_targeting[1]: self.others.model_validate({**given, "state": ["ENABLED", "PAUSED"]})
        }

    def obstacle(self, live: Mapping[str, Any]) -> str:
        other = live.get(self.kinds_of_targeting[1])
        made = [record for record in other or () if record.get("expressionType") != "AUTO"]
        return super().obstacle(live) or (self._conflict("has") if made else "")

    def clash(self, other: NewTargeting) -> str:
        both = other.ad_group_id == self.ad_group_id and other.key != self.key
        return self._conflict("is given") if both else ""

    def _conflict(self, has: str) -> str:
        own, other = self.kinds_of_targeting
        return f"its ad group {has} {other}: Amazon takes {own} in another ad group only"


class OneTargeting(SpWrite):
    """What is bid on and there already: its campaign's budget is spent."""

    paid_by = CAMPAIGN


class BidUpdate(AmazonWrite):
    """Sets a bid, or gives it back to the ad group: "none" is sent as null."""

    bid: Annotated[
        Bid,
        Field(
            description='"0.75 USD", "+10%", also of an inherited one; "none": the ad group\'s default bid.'
        ),
    ] = None
    unset: Annotated[bool | None, Found(), Field(exclude=True)] = None
    state: State | None = None

    cleared = ("bid",)
    inherits = {"bid": ("adGroupId", AD_GROUPS, "defaultBid")}
    sample = {"bid": "0.75 USD"}

    @model_validator(mode="before")
    @classmethod
    def _none_is_no_bid(cls, given: Any) -> Any:
        bid = given.get("bid") if isinstance(given, dict) else None
        if not isinstance(bid, str) or bid.strip().lower() != NONE:
            return given
        return {name: value for name, value in given.items() if name != "bid"} | {"unset": True}

    def item(self) -> Json:
        return super().item() | ({"bid": None} if self.unset else {})
