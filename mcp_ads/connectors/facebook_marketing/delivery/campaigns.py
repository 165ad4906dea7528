"""Campaigns: an objective with its budget; ad sets belong to one."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import (
    AdAccountId,
    GraphDelete,
    GraphGet,
    Object,
    ObjectId,
    Time,
)
from mcp_ads.core import GET, POST, Context, Entity
from mcp_ads.core.runs import run_of
from mcp_ads.errors import InvalidParams

from . import change_rules, rules, special_rules
from .adset_budgets import HandsDown
from .base import (
    BUDGETED,
    ONLY_THESE,
    SCHEDULES,
    SWITCH,
    Activate,
    Archive,
    CampaignStatus,
    Completed,
    DailyBudget,
    DeliveryChecked,
    DeliveryWrite,
    GraphList,
    LifetimeBudget,
    Name,
    NewStatus,
    Pause,
    SpendCap,
    Status,
    WithReason,
    learning,
)
from .choices import BidStrategy, Categories, Objective, SmartPromotion
from .duplicate_campaign import DuplicateCampaign

LEAN = ("id", "name", "effective_status", "objective", "daily_budget_major", "lifetime_budget_major")
MORE = (
    *LEAN, "status", "bid_strategy", "spend_cap_major", "budget_remaining_major", "buying_type",
    "special_ad_categories", "start_time", "stop_time", "created_time", "issues_info",
    "is_adset_budget_sharing_enabled",
)  # fmt: skip
WATCHED = (
    *BUDGETED, "objective", "start_time", "stop_time", "bid_strategy", "budget_remaining",
    "is_adset_budget_sharing_enabled",
)  # fmt: skip
"""What decides whether Facebook takes a change."""


class ListCampaigns(GraphList):
    """List the campaigns of one ad account."""

    status: Annotated[list[CampaignStatus] | None, SWITCH] = None
    effective_status: Annotated[list[CampaignStatus] | None, ONLY_THESE] = None
    is_completed: Completed = None

    http = GET("/act_{account_id}/campaigns")
    node, pages, records, lean = "Campaign", CURSOR, "data", LEAN


class GetCampaign(WithReason, GraphGet):
    """Read one campaign, or several with a list of ids."""

    campaign_id: ObjectId

    http = GET("/{campaign_id}")
    node, subject, lean = "Campaign", "campaign_id", MORE


class CampaignFields(DeliveryChecked):
    """What creating and updating share."""

    name: Name | None = None
    daily_budget: DailyBudget = None
    lifetime_budget: LifetimeBudget = None
    bid_strategy: BidStrategy | None = None
    spend_cap: SpendCap = None
    special_ad_category_country: list[str] | None = None
    pacing_type: list[str] | None = None
    promoted_object: Object | None = None
    adlabels: list[Object] | None = None
    start_time: Time = None
    stop_time: Time = None
    is_adset_budget_sharing_enabled: Annotated[
        bool | None, Field(description="Needed when ad sets have the budgets; false unless given.")
    ] = None
    frequency_control_specs: list[Object] | None = None
    is_skadnetwork_attribution: Annotated[bool | None, Field(description="For apps on iOS 14 and later.")] = (
        None
    )
    smart_promotion_type: Annotated[
        SmartPromotion | None, Field(description="Other kinds are no longer made.")
    ] = None

    begins, ends = "start_time", "stop_time"

    @model_validator(mode="after")
    def _one_budget(self) -> Self:
        if self.daily_budget and self.lifetime_budget:
            raise ValueError("daily_budget and lifetime_budget: give one of them")
        given = getattr(self, "special_ad_categories", None) or ()
        countries, new = self.special_ad_category_country, not self.subject
        mistakes = list(special_rules.of_campaign(given, countries, new=new))
        mistakes += rules.frequency(self.frequency_control_specs or (), "")
        if mistakes:
            raise ValueError("\n".join(mistakes))
        return self

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        call = super().settled(context, live)
        mistakes = list(rules.under_spent(call.sets().get("lifetime_budget"), live or {}))
        if call.stop_time and run_of(None, call.stop_time, "UTC").over(datetime.now(UTC)):
            mistakes.append(f"stop_time: {call.stop_time} has passed; pause the campaign to end it now")
        if mistakes:
            raise InvalidParams("\n".join(mistakes))
        return call


class CreateCampaign(CampaignFields):
    """Create a campaign. It starts PAUSED. Give it a budget, or leave budgets to its ad sets."""

    account_id: AdAccountId
    name: Name
    objective: Annotated[Objective, Field(examples=["OUTCOME_TRAFFIC"])]
    status: NewStatus = "PAUSED"
    special_ad_categories: Annotated[
        Categories,
        Field(description="Legally required for housing, employment, finance, politics."),
    ] = []
    buying_type: Literal["AUCTION", "RESERVED"] | None = None

    http, does = POST("/act_{account_id}/campaigns"), "makes"

    @model_validator(mode="after")
    def _strategy_fits_budget(self) -> Self:
        own, sharing = self.daily_budget or self.lifetime_budget, self.is_adset_budget_sharing_enabled
        if own and sharing:
            raise ValueError("is_adset_budget_sharing_enabled: not with a budget on the campaign")
        if sharing and not self.bid_strategy:
            raise ValueError("bid_strategy: is_adset_budget_sharing_enabled needs it")
        if self.bid_strategy and not own and not sharing:
            raise ValueError("bid_strategy: it needs a campaign budget; else set it on the ad sets")
        return self

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        given, countries = self.special_ad_categories, self.special_ad_category_country
        yield from special_rules.of_campaign_doubts(given, countries)
        if self.is_skadnetwork_attribution and self.objective != "OUTCOME_APP_PROMOTION":
            yield "is_skadnetwork_attribution is for OUTCOME_APP_PROMOTION: Facebook may refuse it"

    def to_body(self) -> Mapping[str, Any]:
        body = self.sent()
        if not self.daily_budget and not self.lifetime_budget:
            body.setdefault("is_adset_budget_sharing_enabled", False)
        return body

    def sets(self) -> dict[str, Any]:
        return dict(self.to_body())


class OneCampaign(DeliveryWrite):
    """What changing a campaign takes. Only campaigns have an objective: any other id is refused."""

    campaign_id: ObjectId

    http, subject = POST("/{campaign_id}"), "campaign_id"
    watch: ClassVar[tuple[str, ...]] = (*BUDGETED, "objective", "start_time", "stop_time")
    begins, ends, children = "start_time", "stop_time", ("ad_sets", "campaign_id")
    lifts = SCHEDULES


class UpdateCampaign(HandsDown, OneCampaign, CampaignFields):
    """Change a campaign's name, status, budget, bid strategy, spend cap or special ad categories."""

    status: Status | None = None
    special_ad_categories: Categories | None = None

    sample = {"daily_budget": "50 USD"}
    watch = WATCHED
    moving = (*DeliveryWrite.moving, "budget_remaining")

    def obstacle(self, live: Mapping[str, Any]) -> str:
        return super().obstacle(live) or next(iter(change_rules.of_campaign(self.sets(), live)), "")

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from learning(self, live)
        if self.bid_strategy:
            yield "changing the bid strategy restarts learning"
        if special_rules.named(self.special_ad_categories or ()):
            yield "its ad sets have to comply with the special ad category: Facebook stops those that do not"


class PauseCampaign(Pause, OneCampaign):
    """Pause campaigns: everything under them stops delivering."""


class ActivateCampaign(Activate, OneCampaign):
    """Activate campaigns: active ad sets and ads under them start spending."""


class ArchiveCampaign(Archive, OneCampaign):
    """Archive campaigns: kept for reports, never active again."""


class DeleteCampaign(GraphDelete, OneCampaign):
    """Delete campaigns and everything under them."""


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
)
