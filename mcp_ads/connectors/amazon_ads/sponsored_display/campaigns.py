"""Sponsored Display campaigns: shown on product pages and on other sites."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.amazon_ads.record_names import DISPLAY_CAMPAIGN, OF_DISPLAY_CAMPAIGNS
from mcp_ads.connectors.amazon_ads.types import DailyBudget, Day, DayOrNone, Id, SomeIds, State
from mcp_ads.connectors.amazon_ads.writes import Activate, Pause, out_of_order, refuse_past
from mcp_ads.core import DELETE, GET, PUT, Context, Entity

from .base import (
    DisplayArchive,
    DisplayGet,
    DisplayList,
    DisplayRead,
    DisplayWrite,
    IdList,
)

LACKS = (
    "a campaign alone serves nothing, and its ad groups, ads and targets are not made here: all go by the "
    'raw entity api, the campaign by post with path="/sd/campaigns", state paused'
)
PATH = "/sd/campaigns"
LEAN = ("campaignId", "name", "state", "servingStatus", "tactic", "budget", "startDate")
MORE = (*LEAN, "endDate", "costType", "budgetType", "portfolioId", "creationDate", "lastUpdatedDate")


class CampaignRead(DisplayRead):
    """What reading campaigns takes."""

    http = GET(PATH)
    known, alike = DISPLAY_CAMPAIGN, OF_DISPLAY_CAMPAIGNS


class ListCampaigns(CampaignRead, DisplayList):
    """List Sponsored Display campaigns."""

    campaign_id: Annotated[IdList | None, Field(alias="campaignIdFilter")] = None
    portfolio_id: Annotated[IdList | None, Field(alias="portfolioIdFilter")] = None
    name: Annotated[str | None, Field(min_length=1, description="The whole name.")] = None

    lean = LEAN


class GetCampaign(CampaignRead, DisplayGet):
    """Read one Sponsored Display campaign, or several with a list of ids."""

    campaign_id: Annotated[SomeIds, Field(alias="campaignIdFilter", examples=["180000000000001"])]

    subject, lean = "campaign_id", MORE


class OneCampaign(DisplayWrite):
    """What changing a campaign takes."""

    campaign_id: Annotated[Id, Field(examples=["180000000000001"])]

    http, subject = PUT(PATH), "campaign_id"
    watch = ("name", "state", "budget", "startDate", "endDate")
    begins, ends = "startDate", "endDate"


class UpdateCampaign(OneCampaign):
    """Change a Sponsored Display campaign's name, state, budget or dates."""

    sample = {"daily_budget": "50 USD"}

    name: Annotated[str | None, Field(min_length=1, max_length=128)] = None
    daily_budget: DailyBudget = None
    start_date: Day = None
    end_date: DayOrNone = None
    state: State | None = None

    cleared = ("endDate",)

    @model_validator(mode="after")
    def _days_fit(self) -> Self:
        if mistakes := list(out_of_order(self.start_date, self.end_date)):
            raise ValueError(mistakes[0])
        return self

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        refuse_past(self, context, "start_date")
        return super().settled(context, live)

    def obstacle(self, live: Mapping[str, Any]) -> str:
        days = (self.start_date or live.get("startDate"), self.end_date or live.get("endDate"))
        touched = self.start_date or self.end_date
        return super().obstacle(live) or next(iter(out_of_order(*days) if touched else ()), "")


class PauseCampaign(Pause, OneCampaign):
    """Pause Sponsored Display campaigns: everything under them stops delivering."""


class ActivateCampaign(Activate, OneCampaign):
    """Enable Sponsored Display campaigns: what is enabled under them starts spending."""


class DeleteCampaign(DisplayArchive, OneCampaign):
    """Archive Sponsored Display campaigns, and everything under them, for good."""

    http = DELETE(f"{PATH}/{{campaign_id}}")


sponsored_display_campaigns = Entity(
    noun="campaign",
    lacks={"create": LACKS},
    list=ListCampaigns,
    get=GetCampaign,
    update=UpdateCampaign,
    pause=PauseCampaign,
    activate=ActivateCampaign,
    delete=DeleteCampaign,
)
