"""Campaigns: audience, budget, bid and schedule under a campaign group; Campaign Manager: ad sets."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import Field, model_validator

from mcp_ads.connectors.linkedin_ads.bases import lines_of
from mcp_ads.connectors.linkedin_ads.creatives.reads import ListCreatives
from mcp_ads.connectors.linkedin_ads.types import Name, RunSchedule
from mcp_ads.core import POST, Action, Amount, Context, Entity
from mcp_ads.core.bid_to import BidRange

from . import audience_edits, bidding, notices, rules, sizing, starting
from .base import Activate, Archive, Create, Erase, Pause, Status, Update
from .campaign_base import (
    BIDS,
    DECLARED,
    PLACED,
    TARGETING,
    Aimed,
    CampaignFields,
    CostType,
    Locale,
    OneCampaign,
    Political,
)
from .duplicate import DuplicateCampaign
from .edit_targeting import EditTargeting
from .reads import AUDIENCE, CAMPAIGNS, GetCampaign, GroupId, ListCampaigns, Type

Fields = TypeVar("Fields", bound=CampaignFields)


FIXED = {
    "type": "it is fixed; create or duplicate a campaign",
    "campaign_group_id": "a campaign stays in its group; duplicate copies it into another",
    "pacing_strategy": "LinkedIn takes it only when a campaign is created",
}


def unbid(call: Fields, context: Context) -> Fields:
    """The call with a bid of zero where LinkedIn bids by itself; its pages want one to be sent always."""
    automatic = bidding.is_automatic(call.optimization_target_type) and call.unit_cost is None
    return call.model_copy(
        update={"unit_cost": Amount(Decimal(0), "exact", context.currency)} if automatic else {}
    )


class CreateCampaign(Create, CampaignFields):
    """Create a campaign (an ad set in Campaign Manager) in a campaign group. It starts as DRAFT.

    It delivers once group, campaign and a creative are all ACTIVE.
    """

    name: Name
    campaign_group_id: Annotated[GroupId, Field(alias="campaignGroup")]
    type: Annotated[Type, Field(examples=["SPONSORED_UPDATES"])]
    cost_type: Annotated[CostType, Field(examples=["CPM"])]
    run_schedule: RunSchedule
    locale: Locale
    political_intent: Annotated[Political, Field(examples=["NOT_POLITICAL"], description=DECLARED)]
    offsite_delivery_enabled: Annotated[bool, Field(description="LinkedIn Audience Network.")] = False
    audience_expansion_enabled: bool = False
    pacing_strategy: Annotated[
        Literal["LIFETIME", "ACCELERATED"] | None, Field(description="Fixed from then on.")
    ] = None
    status: Literal["DRAFT", "PAUSED", "ACTIVE"] = "DRAFT"

    http, said = POST(CAMPAIGNS), f"{AUDIENCE}, lead campaign draft, lead gen campaign, new ad set"
    sample = {
        "objective_type": "WEBSITE_VISIT",
        "optimization_target_type": "MAX_CLICK",
        "daily_budget": "50 USD",
    }
    parents = {"campaign_group_id": "campaign_groups"}
    parent_fields = ("name", "status", "objectiveType", "budgetOptimization")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        given = self.sent()
        return rules.raise_for(
            self,
            bidding.fits(given),
            bidding.placement(given),
            rules.total_needs_end(given),
            rules.deliverable(given),
            notices.undeclared(given),
            audience_edits.faults(given[TARGETING]) if TARGETING in given else (),
        )

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        return unbid(super().settled(context, live), context)

    def refused(self, live: Mapping[str, Any], today: date) -> Iterable[str]:
        yield from super().refused(live, today)
        yield from sizing.too_low(self.sent(), self.sent(), live)

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if not self.targeting_criteria:
            yield "no targeting_criteria: it needs some before it is activated; edit_targeting adds them"

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        group, given = parents["campaign_group_id"], self.sent()
        yield from bidding.bids_somehow(given)
        yield from rules.budgets(given, group)
        yield from rules.under_group(given, group)


class UpdateCampaign(OneCampaign, Update, CampaignFields):
    """Change a campaign's name, status, budget, bid, audience or schedule."""

    status: Status | None = None

    sample, watch = {"daily_budget": "50 USD"}, (*OneCampaign.watch, *BIDS, *PLACED)
    retired = FIXED

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        return unbid(super().settled(context, live), context)

    def beside(self, account: str, live: Mapping[str, Any]) -> Mapping[str, Action]:
        on = starting.reads(account, self.campaign_id, self.campaign(live)) if self.delivers() else {}
        kept = starting.keeping(account, live) if self.status == "ARCHIVED" else {}
        return {**super().beside(account, live), **on, **kept}

    def not_per_click(self, live: Mapping[str, Any]) -> str:
        return bidding.not_per_click(self.campaign(live))

    def bid_range(self, live: Mapping[str, Any], currency: str) -> BidRange:  # noqa: ARG002
        weak = self.campaign(live).get("type") == "SPONSORED_UPDATES"
        return BidRange(sizing.least_bid(live), strict=not weak)

    def refused(self, live: Mapping[str, Any], today: date) -> Iterable[str]:
        changes, campaign = self.sets(), self.campaign(live)
        yield from super().refused(live, today)
        yield from rules.total_keeps_end(self.merged(live), live)
        yield from bidding.rebidding(changes, live)
        yield from rules.stale_draft(changes, live, today)
        yield from sizing.too_low(changes, campaign, live)
        if {"connectedTelevisionOnly", "offsiteDeliveryEnabled", "objectiveType", "type"} & changes.keys():
            yield from bidding.placement(campaign)
        if {TARGETING, "politicalIntent"} & changes.keys():
            yield from notices.undeclared(campaign)
        if after := changes.get(TARGETING):
            yield from audience_edits.faults(after)

    def obstacle(self, live: Mapping[str, Any]) -> str:
        fixed = super().obstacle(live) or next(iter(rules.frozen(live, self.sets())), "")
        fixed = fixed or (starting.kept(live) if self.status == "ARCHIVED" else "")
        return fixed or (starting.refused(self.campaign(live)) if self.delivers() else "")

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if TARGETING in self.sets() and live.get(TARGETING):
            yield "targeting_criteria replaces the whole audience, exclusions too; edit_targeting edits it"
        yield from starting.waits(self.campaign(live)) if self.delivers() else ()


class PauseCampaign(Pause, OneCampaign):
    """Pause campaigns: their creatives stop delivering."""


class ActivateCampaign(Activate, OneCampaign, Aimed):
    """Activate campaigns: they spend if their group and a creative are ACTIVE. Takes archived ones back.

    In this order: group, creatives, campaign. A draft whose start has passed needs a new run_schedule.
    """

    watch = (*OneCampaign.watch, TARGETING, "politicalIntent", "objectiveType")

    def beside(self, account: str, live: Mapping[str, Any]) -> Mapping[str, Action]:
        return starting.reads(account, self.campaign_id, live)

    def obstacle(self, live: Mapping[str, Any]) -> str:
        return super().obstacle(live) or starting.refused(live)

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from starting.waits(live)

    def refused(self, live: Mapping[str, Any], today: date) -> Iterable[str]:
        yield from super().refused(live, today)
        yield from rules.stale_draft(self.sets(), live, today)


class ArchiveCampaign(Archive, OneCampaign):
    """Archive campaigns: they stop delivering and keep their reports. Activate takes them back."""

    def beside(self, account: str, live: Mapping[str, Any]) -> Mapping[str, Action]:
        return starting.keeping(account, live)

    def obstacle(self, live: Mapping[str, Any]) -> str:
        return super().obstacle(live) or starting.kept(live)


class DeleteCampaign(Erase, OneCampaign):
    """Delete campaigns: a DRAFT at once, another one is marked PENDING_DELETION. Final; archive is kinder."""

    def beside(self, account: str, live: Mapping[str, Any]) -> Mapping[str, Action]:  # noqa: ARG002
        read = ListCreatives.model_construct
        return {starting.CREATIVES: read(account_id=account, campaign_id=[self.campaign_id])}

    def goes_along(self, live: Mapping[str, Any]) -> Sequence[str] | None:
        rows = live.get(starting.CREATIVES)
        return None if rows is None else lines_of("creative", rows, "is in it")

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if rows := live.get(starting.CREATIVES):
            active = sum(row.get("intendedStatus") == "ACTIVE" for row in rows)
            yield f"{len(rows)} creative{'' if len(rows) == 1 else 's'} go with it, {active} ACTIVE"


campaigns = Entity(
    list=ListCampaigns,
    get=GetCampaign,
    create=CreateCampaign,
    update=UpdateCampaign,
    pause=PauseCampaign,
    activate=ActivateCampaign,
    archive=ArchiveCampaign,
    delete=DeleteCampaign,
    duplicate=DuplicateCampaign,
    edit_targeting=EditTargeting,
)
