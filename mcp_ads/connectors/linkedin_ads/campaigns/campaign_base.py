"""What making, changing, copying a campaign share: its fields, its audience in words, what is read beside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from mcp_ads.connectors.linkedin_ads import named
from mcp_ads.connectors.linkedin_ads.audiences import ad_segments, criteria
from mcp_ads.connectors.linkedin_ads.audiences.base import segments_inside
from mcp_ads.connectors.linkedin_ads.audiences.criteria import SHAPE, Criteria
from mcp_ads.connectors.linkedin_ads.dialect import PATCH
from mcp_ads.connectors.linkedin_ads.types import (
    Bid,
    DailyBudget,
    Name,
    Object,
    Objective,
    RunSchedule,
    TotalBudget,
    locale_of,
)
from mcp_ads.connectors.linkedin_ads.urns import Urn
from mcp_ads.core import Action
from mcp_ads.core.owner import Inside

from . import audience_edits, bidding, notices, sizing
from .base import Change, ScheduledWrite
from .reads import AUDIENCE, CAMPAIGNS, CampaignId

CostType = Literal["CPM", "CPC", "CPV"]
Target = Literal[
    "NONE", "ENHANCED_CONVERSION", "MAX_IMPRESSION", "MAX_REACH", "MAX_CLICK", "MAX_CONVERSION",
    "MAX_VIDEO_VIEW", "MAX_LEAD", "MAX_QUALIFIED_LEAD", "TARGET_COST_PER_CLICK", "TARGET_COST_PER_IMPRESSION",
    "TARGET_COST_PER_VIDEO_VIEW", "CAP_COST_AND_MAXIMIZE_CLICKS", "CAP_COST_AND_MAXIMIZE_IMPRESSIONS",
    "CAP_COST_AND_MAXIMIZE_VIDEO_VIEWS", "CAP_COST_AND_MAXIMIZE_LEADS",
]  # fmt: skip
Format = Literal[
    "STANDARD_UPDATE", "SINGLE_VIDEO", "CAROUSEL", "SPONSORED_UPDATE_NATIVE_DOCUMENT",
    "SPONSORED_UPDATE_EVENT", "SPONSORED_UPDATE_NATIVE_CAROUSEL", "TEXT_AD", "TEXT", "SPOTLIGHT",
    "FOLLOW_COMPANY", "JOBS", "SPONSORED_INMAIL", "SPONSORED_MESSAGE",
]  # fmt: skip
Political = Literal["NOT_POLITICAL", "POLITICAL", "NOT_DECLARED"]
DECLARED = "Whether the ads are political; a declaration to LinkedIn that the EU asks for."
Locale = Annotated[
    dict[Literal["country", "language"], str],
    BeforeValidator(locale_of),
    Field(
        examples=[{"country": "US", "language": "en"}],
        description="Language the audience uses.",
    ),
]
Organization = Annotated[
    str | None, Urn("organization"), Field(description="LinkedIn Page that advertises, its id or URN.")
]
TARGETING = "targetingCriteria"
BIDS = (
    "type", "format", "objectiveType", "associatedEntity", "costType", "optimizationTargetType", "unitCost",
)  # fmt: skip
PLACED = (TARGETING, "politicalIntent", "audienceExpansionEnabled", "offsiteDeliveryEnabled")


class Aimed(ScheduledWrite):
    """A write whose plan tells an audience in words, how many members it has, and what LinkedIn asks for."""

    def inside(self) -> Iterable[Inside]:
        return segments_inside(self)

    def campaign(self, live: Mapping[str, Any]) -> dict[str, Any]:
        """The campaign as the call leaves it, as far as that is known."""
        return {**live, **self.sets()}

    def beside(self, account: str, live: Mapping[str, Any]) -> Mapping[str, Action]:
        campaign = self.campaign(live)
        if TARGETING not in self.sets():
            return {}
        before = live.get(TARGETING) or {}
        urns = (urn for targeting in (before, campaign[TARGETING]) for urn in criteria.urns(targeting))
        return {**named.asides(urns, account), **sizing.counted(campaign), **sizing.counted_before(live)}

    def in_words(self, live: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
        after, before = self.sets().get(TARGETING), live.get(TARGETING) or {}
        if not after:
            return {}
        urns = [urn for targeting in (before, after) for urn in criteria.urns(targeting)]
        lines = audience_edits.change_said(before, after, named.in_asides(live, urns))
        return {TARGETING: [*lines, *sizing.told(live, after)]}

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        changes, campaign = self.sets(), self.campaign(live)
        if TARGETING in changes or "politicalIntent" in changes or self.delivers():
            yield from notices.to_confirm(campaign)
        if TARGETING in changes and (small := sizing.too_small(live, campaign[TARGETING])):
            yield f"{small}: widen it before it is activated"
        if after := changes.get(TARGETING):
            yield from named.unnamed(live, criteria.urns(after))
            parts = (*criteria.clauses(after), criteria.excluded(after))
            yield from ad_segments.doubts(live.get(named.SEGMENTS), parts)
        yield from sizing.weak(changes, campaign, live)
        yield from bidding.ignored(campaign) if "unitCost" in changes else ()
        if campaign.get("pacingStrategy") == "ACCELERATED" and "totalBudget" in changes:
            yield "pacing_strategy ACCELERATED spends total_budget as fast as it can, perhaps in one day"
        yield from sizing.short(changes, campaign)


class CampaignFields(Aimed):
    """What creating and updating share."""

    said = AUDIENCE

    name: Name | None = None
    objective_type: Objective | None = None
    format: Annotated[Format | None, Field(description="Needed for video, carousel and DYNAMIC.")] = None
    cost_type: CostType | None = None
    optimization_target_type: Annotated[
        Target | None,
        Field(description="How LinkedIn bids: MAX_* by itself, NONE by your unit_cost, the others under it."),
    ] = None
    unit_cost: Bid = None
    daily_budget: DailyBudget = None
    total_budget: TotalBudget = None
    run_schedule: RunSchedule | None = None
    locale: Locale | None = None
    targeting_criteria: Annotated[Criteria | None, Field(description=SHAPE)] = None
    associated_entity: Organization = None
    offsite_delivery_enabled: Annotated[bool | None, Field(description="LinkedIn Audience Network.")] = None
    audience_expansion_enabled: bool | None = None
    political_intent: Annotated[Political | None, Field(description=DECLARED)] = None
    creative_selection: Literal["OPTIMIZED", "ROUND_ROBIN"] | None = None
    connected_television_only: Annotated[
        bool | None, Field(description="Needs offsite_delivery_enabled.")
    ] = None
    story_delivery_enabled: bool | None = None
    offsite_preferences: Object | None = None
    optimization_preference: Object | None = None

    def beside(self, account: str, live: Mapping[str, Any]) -> Mapping[str, Action]:
        """With prices, where an amount is the first, or below one that LinkedIn has taken before."""
        lower = any(
            sizing.is_lower(amount, live.get(wire))
            for amount, wire in ((self.daily_budget, "dailyBudget"), (self.unit_cost, "unitCost"))
        )
        prices = sizing.priced(account, self.campaign(live)) if lower else {}
        return {**super().beside(account, live), **prices}


class OneCampaign(Change):
    """What changing a campaign takes."""

    campaign_id: CampaignId

    http, subject = PATCH(CAMPAIGNS + "/{campaign_id}"), "campaign_id"
    paid_by: ClassVar[Mapping[str, str]] = {"campaignGroup": "campaign_groups"}
    watch: ClassVar[tuple[str, ...]] = (
        "name", "status", "runSchedule", "campaignGroup", "dailyBudget", "totalBudget", "pacingStrategy",
        "servingStatuses",
    )  # fmt: skip
