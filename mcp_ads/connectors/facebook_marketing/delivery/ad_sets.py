"""Ad sets: audience, schedule, bid and budget under a campaign."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import (
    GraphDelete,
    GraphGet,
    Id,
    ObjectId,
)
from mcp_ads.core import GET, POST, Entity

from . import change_rules, special_rules
from .ad_set_fields import AdSetFields
from .base import (
    BUDGETED,
    CAMPAIGN_BUDGET,
    CAMPAIGN_END,
    CAMPAIGN_RULES,
    ONLY_THESE,
    RUSHED,
    SCHEDULES,
    SWITCH,
    Activate,
    AdSetStatus,
    Archive,
    Completed,
    DeliveryWrite,
    GraphList,
    Pause,
    Status,
    WithReason,
    learning,
    under,
)
from .duplicates import DuplicateAdSet
from .new_ad_sets import NewAdSet, categories_of

NAMED = ("campaign_name",)
LEAN = (
    "id", "name", "effective_status", "campaign_id", "optimization_goal", "daily_budget_major",
    "lifetime_budget_major",
)  # fmt: skip
MORE = (
    *LEAN, "status", "billing_event", "bid_strategy", "bid_amount_major", "budget_remaining_major",
    "start_time", "end_time", "promoted_object", "destination_type", "targeting", "attribution_spec",
    "learning_stage_info", "issues_info", "dsa_payor", "dsa_beneficiary", "is_dynamic_creative",
    "pacing_type",
)  # fmt: skip
WATCHED = (
    *BUDGETED, "optimization_goal", "start_time", "end_time", "campaign_id", CAMPAIGN_RULES,
    "budget_remaining", "bid_strategy", "bid_amount", "bid_constraints", "pacing_type", "adset_schedule",
    "promoted_object", "attribution_spec", "frequency_control_specs", "dsa_payor", "dsa_beneficiary",
)  # fmt: skip
"""What decides whether Facebook takes a change."""


class ListAdSets(GraphList):
    """List the ad sets of one ad account, or of one campaign."""

    campaign_id: Annotated[Id | None, Field(exclude=True)] = None
    status: Annotated[list[AdSetStatus] | None, SWITCH] = None
    effective_status: Annotated[list[AdSetStatus] | None, ONLY_THESE] = None
    is_completed: Completed = None

    http = GET("/act_{account_id}/adsets")
    node, pages, records, lean = "AdSet", CURSOR, "data", LEAN
    made = (*WithReason.made, *NAMED)

    def to_query(self) -> Mapping[str, Any]:
        return under(super().to_query(), campaign=self.campaign_id)


class GetAdSet(WithReason, GraphGet):
    """Read one ad set, or several with a list of ids."""

    adset_id: ObjectId

    http = GET("/{adset_id}")
    node, subject, lean, aliases = "AdSet", "adset_id", MORE, {"ad_set_id": "adset_id"}
    made = (*WithReason.made, *NAMED)


class CreateAdSet(NewAdSet):
    """Create an ad set under a campaign. It starts PAUSED."""

    http, does = POST("/act_{account_id}/adsets"), "makes"
    parents, apart = {"campaign_id": "campaigns"}, "campaign_id"
    parent_fields = (
        "objective", "daily_budget", "lifetime_budget", "bid_strategy", "name", "special_ad_categories",
        "buying_type", "is_adset_budget_sharing_enabled", "promoted_object",
    )  # fmt: skip


class OneAdSet(DeliveryWrite):
    """What changing an ad set takes. Only ad sets have a goal: any other id is refused."""

    adset_id: ObjectId

    http, subject = POST("/{adset_id}"), "adset_id"
    watch: ClassVar[tuple[str, ...]] = (
        *BUDGETED, "optimization_goal", "start_time", "end_time", "campaign_id", CAMPAIGN_BUDGET, RUSHED[0],
    )  # fmt: skip
    apart = "campaign_id"
    begins, ends, ended_by, lifts = "start_time", "end_time", (CAMPAIGN_END,), SCHEDULES
    rushed = RUSHED
    aliases = {"ad_set_id": "adset_id"}


class UpdateAdSet(OneAdSet, AdSetFields):
    """Change an ad set's name, status, budget, bid, audience or schedule."""

    status: Status | None = None

    sample = {"daily_budget": "50 USD"}
    watch = WATCHED
    moving = (*DeliveryWrite.moving, "budget_remaining")

    def obstacle(self, live: Mapping[str, Any]) -> str:
        found = list(change_rules.of_ad_set(AdSetFields.sets(self), live))
        if self.targeting:
            tuned = bool(self.tune_for_category)
            found += special_rules.targeting(categories_of(live.get("campaign")), self.targeting, tuned=tuned)
        return super().obstacle(live) or next(iter(found), "")

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from learning(self, live)
        if self.targeting or self.bid_strategy or self.bid_amount:
            yield "changing audience or bid restarts learning"
        if change_rules.promoted_pixel(self.promoted_object, live):
            yield "Facebook refuses another pixel or event once ads of the ad set were published"


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
