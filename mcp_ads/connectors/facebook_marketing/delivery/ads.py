"""Ads: one creative running in an ad set."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field

from mcp_ads.connectors.facebook_marketing.creative.specs import Creative
from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.filters import status_of_an_ad
from mcp_ads.connectors.facebook_marketing.types import (
    PROMINENT,
    AdAccountId,
    GraphDelete,
    GraphGet,
    Id,
    Object,
    ObjectId,
    Time,
)
from mcp_ads.core import GET, POST, Context, Entity, Request, dig
from mcp_ads.core.runs import with_offset

from . import special_rules
from .base import (
    ADSET_BUDGET,
    ADSET_END,
    CAMPAIGN_BUDGET,
    CAMPAIGN_END,
    ONLY_THESE,
    SCHEDULES,
    SWITCH,
    Activate,
    AdStatus,
    Archive,
    DeliveryChecked,
    DeliveryWrite,
    GraphList,
    Name,
    NewStatus,
    Pause,
    Status,
    WithReason,
    under,
)
from .duplicates import DuplicateAd

NAMED = ("campaign_name", "adset_name")
LEAN = ("id", "name", "effective_status", "adset_id", "campaign_id")
MORE = (
    *LEAN, "status", "creative", "created_time", "updated_time", "issues_info", "ad_review_feedback",
    "conversion_domain", "tracking_specs", "preview_shareable_link", "failed_delivery_checks",
)  # fmt: skip
SCHEDULED = ("OUTCOME_SALES", "OUTCOME_APP_PROMOTION")
OF_AD_SET = (
    "name", "status", "effective_status", "destination_type", "promoted_object",
    "campaign{daily_budget,lifetime_budget,stop_time,special_ad_categories,objective}",
)  # fmt: skip

Reviewed = Annotated[AdStatus, BeforeValidator(status_of_an_ad)]


class ListAds(GraphList):
    """List the ads of one ad account, campaign or ad set."""

    campaign_id: Annotated[Id | None, Field(exclude=True)] = None
    adset_id: Annotated[Id | None, Field(exclude=True)] = None
    status: Annotated[list[Reviewed] | None, SWITCH] = None
    effective_status: Annotated[list[Reviewed] | None, ONLY_THESE] = None

    http = GET("/act_{account_id}/ads")
    node, pages, records, lean = "Ad", CURSOR, "data", LEAN
    made = (*WithReason.made, *NAMED)
    aliases = {**GraphList.aliases, "ad_set_id": "adset_id"}

    def to_query(self) -> Mapping[str, Any]:
        return under(super().to_query(), campaign=self.campaign_id, adset=self.adset_id)


class GetAd(WithReason, GraphGet):
    """Read one ad, or several with a list of ids."""

    ad_id: ObjectId

    http = GET("/{ad_id}")
    node, subject, lean = "Ad", "ad_id", MORE
    made = (*WithReason.made, *NAMED)


class AdFields(DeliveryChecked):
    """What creating and updating share."""

    name: Name | None = None
    creative: Creative | None = None
    tracking_specs: list[Object] | None = None
    conversion_domain: Annotated[
        str | None, Field(description="Such as example.com; for pixel campaigns.")
    ] = None
    adlabels: list[Object] | None = None
    ad_schedule_start_time: Annotated[Time, Field(description="For campaigns of sales and apps only.")] = None
    ad_schedule_end_time: Annotated[Time, Field(description="For campaigns of sales and apps only.")] = None
    display_sequence: Annotated[
        int | None, Field(ge=0, description="Its place in a campaign that shows its ads in order.")
    ] = None
    engagement_audience: Annotated[
        bool | None, Field(description="Collect an audience of those who act on the ad.")
    ] = None
    execution_options: Annotated[
        list[Literal["synchronous_ad_review"]],
        Field(
            exclude=True,
            description="synchronous_ad_review: the plan's check also reads texts and images for policy.",
        ),
    ] = []

    prominent = PROMINENT

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        zone = context.account.timezone if context.account else "UTC"
        ends = {name: getattr(self, name) for name in ("ad_schedule_start_time", "ad_schedule_end_time")}
        given = {n: with_offset(text, zone, last=n.endswith("end_time")) for n, text in ends.items() if text}
        return super().settled(context, live).model_copy(update=given)

    def validation(self) -> Request | None:
        return self.to_request().with_body(execution_options=["validate_only", *self.execution_options])


class NewAd(AdFields):
    """The parameters of a new ad, and what its ad set and campaign demand."""

    account_id: AdAccountId
    name: Name
    adset_id: ObjectId
    creative: Creative
    status: NewStatus = "PAUSED"

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        adset = parents["adset_id"]
        if adset.get("destination_type") == "ON_POST" and not dig(adset, "promoted_object.page_id"):
            yield "adset_id: its ads lead to ON_POST, and it promotes no page (promoted_object.page_id)"

    def cautions(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        campaign = parents["adset_id"].get("campaign") or {}
        objective, categories = campaign.get("objective"), campaign.get("special_ad_categories") or ()
        if (self.ad_schedule_start_time or self.ad_schedule_end_time) and objective not in (None, *SCHEDULED):
            yield f"ad_schedule times are for sales and app promotion, not {objective}"
        inline = not self.creative.keys() & {"creative_id", "authorization_category"}
        if special_rules.POLITICS in categories and inline:
            yield "ads about politics need authorization_category in their creative"


class CreateAd(NewAd):
    """Create an ad from a creative in an ad set. It starts PAUSED."""

    http, does = POST("/act_{account_id}/ads"), "makes"
    parents, parent_fields = {"adset_id": "ad_sets"}, OF_AD_SET
    aliases = {"ad_set_id": "adset_id"}


class OneAd(DeliveryWrite):
    """What changing an ad takes."""

    ad_id: ObjectId

    http, subject = POST("/{ad_id}"), "ad_id"
    watch = ("name", "status", "effective_status", ADSET_BUDGET, CAMPAIGN_BUDGET)
    ended_by, lifts = (ADSET_END, CAMPAIGN_END), SCHEDULES


class UpdateAd(OneAd, AdFields):
    """Change an ad's name, status, creative or tracking. Its ad set cannot be changed."""

    status: Status | None = None

    sample = {"name": "Spring sale, red shoes"}

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if self.creative:
            yield "a new creative goes through ad review again"


class PauseAd(Pause, OneAd):
    """Pause ads."""


class ActivateAd(Activate, OneAd):
    """Activate ads: they spend if their ad set and campaign are active."""


class ArchiveAd(Archive, OneAd):
    """Archive ads: kept for reports, never active again."""


class DeleteAd(GraphDelete, OneAd):
    """Delete ads."""


ads = Entity(
    list=ListAds,
    get=GetAd,
    create=CreateAd,
    update=UpdateAd,
    pause=PauseAd,
    activate=ActivateAd,
    archive=ArchiveAd,
    delete=DeleteAd,
    duplicate=DuplicateAd,
)
