"""Ad sets: audience, schedule, bid and budget under a campaign."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import (
    AdAccountId,
    GraphDelete,
    GraphGet,
    Id,
    Object,
    ObjectId,
    Time,
)
from mcp_ads.core import GET, POST, Context, Entity, dig
from mcp_ads.core.runs import NO_END
from mcp_ads.errors import InvalidParams

from . import rules, targeting_rules
from .base import (
    BUDGETED,
    CAMPAIGN_BUDGET,
    CAMPAIGN_END,
    ONLY_THESE,
    SWITCH,
    Activate,
    AdSetStatus,
    Archive,
    Bid,
    BidStrategy,
    Completed,
    DailyBudget,
    DailyCap,
    DailyFloor,
    DeliveryChecked,
    DeliveryWrite,
    EndTime,
    GraphList,
    LifetimeBudget,
    LifetimeFloor,
    Name,
    NewStatus,
    Pause,
    SpendCap,
    Status,
    learning,
    under,
)
from .duplicates import DuplicateAdSet

Goal = Literal[
    "LINK_CLICKS", "LANDING_PAGE_VIEWS", "OFFSITE_CONVERSIONS", "REACH", "IMPRESSIONS", "THRUPLAY", "VALUE",
    "LEAD_GENERATION", "QUALITY_LEAD", "POST_ENGAGEMENT", "PAGE_LIKES", "APP_INSTALLS", "CONVERSATIONS",
    "AD_RECALL_LIFT", "APP_INSTALLS_AND_OFFSITE_CONVERSIONS", "AUTOMATIC_OBJECTIVE", "DERIVED_EVENTS",
    "ADVERTISER_SILOED_VALUE", "ENGAGED_PAGE_VIEWS", "ENGAGED_USERS", "EVENT_RESPONSES", "IN_APP_VALUE",
    "MEANINGFUL_CALL_ATTEMPT", "MESSAGING_APPOINTMENT_CONVERSION",
    "MESSAGING_DEEP_CONVERSATION_AND_FOLLOW", "MESSAGING_PURCHASE_CONVERSION", "NONE",
    "PROFILE_AND_PAGE_ENGAGEMENT", "PROFILE_VISIT", "QUALITY_CALL", "REMINDERS_SET", "SUBSCRIBERS",
    "VISIT_INSTAGRAM_PROFILE",
]  # fmt: skip
BillingEvent = Literal[
    "IMPRESSIONS", "LINK_CLICKS", "THRUPLAY", "PAGE_LIKES", "OFFER_CLAIMS", "APP_INSTALLS", "CLICKS",
    "LISTING_INTERACTION", "NONE", "POST_ENGAGEMENT", "PURCHASE",
]  # fmt: skip
LEAN = (
    "id", "name", "effective_status", "campaign_id", "optimization_goal", "daily_budget_major",
    "lifetime_budget_major",
)  # fmt: skip
MORE = (
    *LEAN, "status", "billing_event", "bid_strategy", "bid_amount_major", "budget_remaining_major",
    "start_time", "end_time", "promoted_object", "destination_type", "targeting", "attribution_spec",
    "learning_stage_info", "issues_info",
)  # fmt: skip


class ListAdSets(GraphList):
    """List the ad sets of one ad account, or of one campaign."""

    campaign_id: Annotated[Id | None, Field(exclude=True)] = None
    status: Annotated[list[AdSetStatus] | None, SWITCH] = None
    effective_status: Annotated[list[AdSetStatus] | None, ONLY_THESE] = None
    is_completed: Completed = None

    http = GET("/act_{account_id}/adsets")
    node, pages, records, lean = "AdSet", CURSOR, "data", LEAN

    def to_query(self) -> Mapping[str, Any]:
        return under(super().to_query(), campaign=self.campaign_id)


class GetAdSet(GraphGet):
    """Read one ad set, or several with a list of ids."""

    adset_id: ObjectId

    http = GET("/{adset_id}")
    node, subject, lean, aliases = "AdSet", "adset_id", MORE, {"ad_set_id": "adset_id"}


class AdSetFields(DeliveryChecked):
    """What creating and updating share."""

    name: Name | None = None
    daily_budget: DailyBudget = None
    lifetime_budget: LifetimeBudget = None
    bid_strategy: BidStrategy | None = None
    bid_amount: Bid = None
    bid_constraints: Annotated[
        Object | None, Field(description='{"roas_average_floor": 15000} is a return of 1.5.')
    ] = None
    targeting: Annotated[Object | None, Field(description="Facebook's targeting object.")] = None
    start_time: Time = None
    end_time: EndTime = None
    attribution_spec: list[Object] | None = None
    adset_schedule: list[Object] | None = None
    pacing_type: list[str] | None = None
    dsa_beneficiary: Annotated[str | None, Field(max_length=512, description="For ads shown in the EU.")] = (
        None
    )
    dsa_payor: Annotated[str | None, Field(max_length=512, description="For ads shown in the EU.")] = None
    daily_spend_cap: DailyCap = None
    lifetime_spend_cap: SpendCap = None
    daily_min_spend_target: DailyFloor = None
    lifetime_min_spend_target: LifetimeFloor = None
    frequency_control_specs: list[Object] | None = None
    adlabels: list[Object] | None = None
    regional_regulated_categories: list[str] | None = None
    regional_regulation_identities: Object | None = None

    aliases = {"ad_set_id": "adset_id"}
    begins, ends, cleared = "start_time", "end_time", ("end_time",)

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        zone = context.account.timezone if context.account else "UTC"
        daily, start = bool(self.daily_budget), self.start_time or (live or {}).get("start_time")
        if mistakes := list(rules.schedule(start, self.end_time, zone, daily=daily)):
            raise InvalidParams("\n".join(mistakes))
        return super().settled(context, live)

    def to_body(self) -> Mapping[str, Any]:
        """Graph takes an end away by 0."""
        return {name: 0 if self._clears(name, value) else value for name, value in self.sent().items()}

    def sets(self) -> dict[str, Any]:
        return {name: None if self._clears(name, value) else value for name, value in self.sent().items()}

    def _clears(self, name: str, value: Any) -> bool:
        return name in self.cleared and value in NO_END

    @model_validator(mode="after")
    def _one_budget(self) -> Self:
        if self.daily_budget and self.lifetime_budget:
            raise ValueError("daily_budget and lifetime_budget: give one of them")
        given, replaces = self.targeting, bool(self.subject)
        if mistakes := list(targeting_rules.targeting(given, replaces=replaces) if given is not None else ()):
            raise ValueError("\n".join(mistakes))
        return self


class CreateAdSet(AdSetFields):
    """Create an ad set under a campaign. It starts PAUSED."""

    account_id: AdAccountId
    campaign_id: ObjectId
    name: Name
    optimization_goal: Annotated[Goal, Field(examples=["LINK_CLICKS"])]
    billing_event: BillingEvent = "IMPRESSIONS"
    targeting: Annotated[
        Object,
        Field(
            examples=[
                {"geo_locations": {"countries": ["US"]}, "targeting_automation": {"advantage_audience": 0}}
            ],
            description="Facebook's targeting object; needs a location.",
        ),
    ]
    status: NewStatus = "PAUSED"
    promoted_object: Annotated[
        Object | None, Field(description='Such as {"pixel_id": "…", "custom_event_type": "PURCHASE"}.')
    ] = None
    destination_type: str | None = None
    is_dynamic_creative: bool | None = None

    http, does = POST("/act_{account_id}/adsets"), "makes"
    parents, apart = {"campaign_id": "campaigns"}, "campaign_id"
    parent_fields = (
        "objective", "daily_budget", "lifetime_budget", "bid_strategy", "name", "special_ad_categories",
    )  # fmt: skip

    @model_validator(mode="after")
    def _fits(self) -> Self:
        floor = bool((self.bid_constraints or {}).get("roas_average_floor"))
        bid, goal = self.bid_amount is not None, self.optimization_goal
        mistakes = [
            *rules.billing(self.billing_event, goal),
            *rules.bidding(self.bid_strategy, bid=bid, roas_floor=floor, goal=goal),
            *rules.pacing(self.bid_strategy, self.billing_event, self.pacing_type or []),
            *rules.dayparting(
                self.pacing_type or [], schedule=bool(self.adset_schedule), daily=bool(self.daily_budget)
            ),
        ]
        if self.lifetime_budget and not self.end_time:
            mistakes.append("end_time: lifetime_budget needs it")
        if mistakes:
            raise ValueError("\n".join(mistakes))
        return self

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        campaign = parents["campaign_id"]
        own = bool(self.daily_budget or self.lifetime_budget)
        yield from rules.budgets(campaign, own=own, strategy=self.bid_strategy)
        yield from rules.bids_under(campaign, strategy=self.bid_strategy, bid=self.bid_amount is not None)
        objective, destination = str(campaign.get("objective", "")), self.destination_type or ""
        promoted = self.promoted_object or {}
        yield from rules.promoted_object(self.optimization_goal, objective, promoted, destination)
        yield from targeting_rules.special(campaign.get("special_ad_categories") or (), self.targeting)

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from rules.promoted_object_warnings(self.optimization_goal, self.promoted_object or {})
        yield from targeting_rules.payers(self.targeting, named=bool(self.dsa_payor and self.dsa_beneficiary))


class OneAdSet(DeliveryWrite):
    """What changing an ad set takes. Only ad sets have a goal: any other id is refused."""

    adset_id: ObjectId

    http, subject = POST("/{adset_id}"), "adset_id"
    watch = (*BUDGETED, "optimization_goal", "start_time", "end_time", "campaign_id", CAMPAIGN_BUDGET)
    apart = "campaign_id"
    begins, ends, ended_by = "start_time", "end_time", (CAMPAIGN_END,)
    aliases = {"ad_set_id": "adset_id"}


class UpdateAdSet(OneAdSet, AdSetFields):
    """Change an ad set's name, status, budget, bid, audience or schedule."""

    status: Status | None = None

    sample = {"daily_budget": "50 USD"}

    def obstacle(self, live: Mapping[str, Any]) -> str:
        under = dig(live, "campaign.special_ad_categories") or ()
        limits = targeting_rules.special(under, self.targeting) if self.targeting else ()
        return super().obstacle(live) or next(iter(limits), "")

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from learning(self, live)
        if self.targeting or self.bid_strategy or self.bid_amount:
            yield "changing audience or bid restarts learning"


class PauseAdSet(Pause, OneAdSet):
    """Pause ad sets: their ads stop delivering."""


class ActivateAdSet(Activate, OneAdSet):
    """Activate ad sets: active ads in them start spending if the campaign is active."""


class ArchiveAdSet(Archive, OneAdSet):
    """Archive ad sets: kept for reports, never active again."""


class DeleteAdSet(GraphDelete, OneAdSet):
    """Delete ad sets and the ads in them."""


ad_sets = Entity(
    list=ListAdSets,
    get=GetAdSet,
    create=CreateAdSet,
    update=UpdateAdSet,
    pause=PauseAdSet,
    activate=ActivateAdSet,
    archive=ArchiveAdSet,
    delete=DeleteAdSet,
    duplicate=DuplicateAdSet,
)
