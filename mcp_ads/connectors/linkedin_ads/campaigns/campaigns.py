"""Campaigns: audience, budget, bid and schedule under a campaign group."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.linkedin_ads.bases import Get, Search
from mcp_ads.connectors.linkedin_ads.dialect import CURSOR, FINDER, PATCH
from mcp_ads.connectors.linkedin_ads.types import (
    AccountId,
    Bid,
    DailyBudget,
    Name,
    Names,
    Object,
    Objective,
    Order,
    RunSchedule,
    Status,
    TotalBudget,
)
from mcp_ads.connectors.linkedin_ads.urns import Urn
from mcp_ads.core import GET, POST, Entity

from . import bidding, rules
from .base import Activate, Change, Create, Pause, ScheduledWrite, Update
from .campaign_groups import GroupId
from .record_names import CAMPAIGN, OTHER_WORDS

AnyStatus = Literal[
    "ACTIVE", "PAUSED", "DRAFT", "ARCHIVED", "COMPLETED", "CANCELED", "PENDING_DELETION", "REMOVED",
]  # fmt: skip
Type = Literal["SPONSORED_UPDATES", "TEXT_AD", "SPONSORED_INMAILS", "DYNAMIC", "EVENT_AD"]
CostType = Literal["CPM", "CPC", "CPV", "CPS"]
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
Locale = Annotated[
    dict[Literal["country", "language"], str],
    Field(
        min_length=2,
        examples=[{"country": "US", "language": "en"}],
        description="Language the audience uses.",
    ),
]
Organization = Annotated[
    str | None, Urn("organization"), Field(description="LinkedIn Page that advertises, its id or URN.")
]
CampaignId = Annotated[str, Urn("sponsoredCampaign"), Field(examples=["300000001"])]
CampaignIds = Annotated[
    str | list[str],
    Urn("sponsoredCampaign", "either"),
    Field(examples=["300000001"], description="One, or a list."),
]
PATH = "/adAccounts/{account_id}/adCampaigns"
AUDIENCE = "job title, job function, seniority, company size, industry, skills, targeting, audience, B2B"
LEAN = (
    "id", "name", "status", "serving", "objectiveType", "campaign_group_id", "dailyBudget.amount",
    "totalBudget.amount",
)  # fmt: skip
MORE = (
    *LEAN, "type", "format", "costType", "optimizationTargetType", "unitCost.amount", "runSchedule.start",
    "runSchedule.end", "locale", "targetingCriteria", "associatedEntity",
    "offsiteDeliveryEnabled", "audienceExpansionEnabled", "politicalIntent", "creativeSelection", "test",
    "changeAuditStamps.lastModified.time",
)  # fmt: skip
BIDS = (
    "type",
    "format",
    "objectiveType",
    "associatedEntity",
    "costType",
    "optimizationTargetType",
    "unitCost",
)


class ListCampaigns(Search):
    """List the campaigns of one ad account, or of some campaign groups."""

    account_id: AccountId
    campaign_group_id: Annotated[
        list[str] | None, Urn("sponsoredCampaignGroup", "list"), Field(alias="campaignGroup")
    ] = None
    status: list[AnyStatus] | None = None
    type: list[Type] | None = None
    name: Names = None
    associated_entity: Annotated[
        list[str] | None, Urn("organization", "list"), Field(description="LinkedIn Pages, ids or URNs.")
    ] = None
    test: bool | None = None
    sort_order: Order = None

    http = FINDER(PATH)
    pages, records, lean = CURSOR, "elements", LEAN
    known, alike = CAMPAIGN, OTHER_WORDS


class GetCampaign(Get):
    """Read one campaign, or several with a list of ids."""

    account_id: AccountId
    campaign_id: CampaignIds

    http = GET(PATH + "/{campaign_id}")
    said = AUDIENCE
    subject, lean = "campaign_id", MORE
    known, alike = CAMPAIGN, OTHER_WORDS


class CampaignFields(ScheduledWrite):
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
    targeting_criteria: Annotated[
        Object | None,
        Field(
            description='{"include": {"and": [{"or": {"urn:li:adTargetingFacet:locations": ["urn:…"]}}]}}.'
        ),
    ] = None
    associated_entity: Organization = None
    offsite_delivery_enabled: Annotated[bool | None, Field(description="LinkedIn Audience Network.")] = None
    audience_expansion_enabled: bool | None = None
    political_intent: Annotated[Political | None, Field(description="A legal declaration.")] = None
    creative_selection: Literal["OPTIMIZED", "ROUND_ROBIN"] | None = None
    pacing_strategy: Literal["LIFETIME", "ACCELERATED"] | None = None
    connected_television_only: bool | None = None
    story_delivery_enabled: bool | None = None
    offsite_preferences: Object | None = None
    optimization_preference: Object | None = None

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if self.targeting_criteria and live:
            yield "targeting_criteria replaces the whole audience, exclusions too"
        if self.political_intent == "NOT_DECLARED":
            yield "without a declared political intent it cannot be shown in the EU"


class CreateCampaign(Create, CampaignFields):
    """Create a campaign in a campaign group. It starts as DRAFT.

    It delivers once group, campaign and a creative are all ACTIVE.
    """

    name: Name
    campaign_group_id: Annotated[GroupId, Field(alias="campaignGroup")]
    type: Annotated[Type, Field(examples=["SPONSORED_UPDATES"])]
    cost_type: Annotated[CostType, Field(examples=["CPM"])]
    run_schedule: RunSchedule
    locale: Locale
    political_intent: Annotated[
        Political, Field(examples=["NOT_POLITICAL"], description="A legal declaration.")
    ]
    offsite_delivery_enabled: Annotated[bool, Field(description="LinkedIn Audience Network.")] = False
    audience_expansion_enabled: bool = False
    status: Literal["DRAFT", "PAUSED", "ACTIVE"] = "DRAFT"

    http = POST(PATH)
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
        )

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        group, given = parents["campaign_group_id"], self.sent()
        yield from bidding.bids_somehow(given)
        yield from rules.budgets(given, group)
        yield from rules.under_group(given, group)


class OneCampaign(Change):
    """What changing a campaign takes."""

    campaign_id: CampaignId

    http, subject = PATCH(PATH + "/{campaign_id}"), "campaign_id"
    paid_by: ClassVar[Mapping[str, str]] = {"campaignGroup": "campaign_groups"}
    watch: ClassVar[tuple[str, ...]] = (
        "name", "status", "runSchedule", "campaignGroup", "dailyBudget", "totalBudget", "servingStatuses",
    )  # fmt: skip


class UpdateCampaign(OneCampaign, Update, CampaignFields):
    """Change a campaign's name, status, budget, bid, audience or schedule."""

    status: Status | None = None

    sample, watch = {"daily_budget": "50 USD"}, (*OneCampaign.watch, *BIDS)

    def refused(self, live: Mapping[str, Any], today: date) -> Iterable[str]:
        changes = self.sets()
        yield from super().refused(live, today)
        yield from rules.total_keeps_end(self.merged(live), live)
        yield from bidding.rebidding(changes, live)
        yield from rules.stale_draft(changes, live, today)

    def obstacle(self, live: Mapping[str, Any]) -> str:
        return super().obstacle(live) or next(iter(rules.frozen(live, self.sets())), "")


class PauseCampaign(Pause, OneCampaign):
    """Pause campaigns: their creatives stop delivering."""


class ActivateCampaign(Activate, OneCampaign):
    """Activate campaigns: they spend if their group and a creative are active.

    A draft whose start has passed needs a new run_schedule in the call.
    """

    def refused(self, live: Mapping[str, Any], today: date) -> Iterable[str]:
        yield from super().refused(live, today)
        yield from rules.stale_draft(self.sets(), live, today)


campaigns = Entity(
    list=ListCampaigns,
    get=GetCampaign,
    create=CreateCampaign,
    update=UpdateCampaign,
    pause=PauseCampaign,
    activate=ActivateCampaign,
)
