"""Campaign groups: a schedule, and if wanted a budget and an objective, over campaigns."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.linkedin_ads.bases import Get, Search
from mcp_ads.connectors.linkedin_ads.dialect import CURSOR, FINDER, PATCH
from mcp_ads.connectors.linkedin_ads.types import (
    AccountId,
    DailyBudget,
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

from . import rules
from .base import Activate, Change, Create, Pause, ScheduledWrite, Update
from .record_names import GROUP, OTHER_WORDS

AnyStatus = Literal["ACTIVE", "PAUSED", "DRAFT", "ARCHIVED", "CANCELED", "PENDING_DELETION", "REMOVED"]
GroupName = Annotated[str, Field(min_length=1, max_length=100, examples=["Spring sale"])]
GroupId = Annotated[str, Urn("sponsoredCampaignGroup"), Field(examples=["600000001"])]
GroupIds = Annotated[
    str | list[str],
    Urn("sponsoredCampaignGroup", "either"),
    Field(examples=["600000001"], description="One, or a list."),
]
PATH = "/adAccounts/{account_id}/adCampaignGroups"
LEAN = (
    "id", "name", "status", "serving", "objectiveType", "dailyBudget.amount", "totalBudget.amount",
    "runSchedule.end",
)  # fmt: skip
MORE = (
    *LEAN, "runSchedule.start", "budgetOptimization", "allowedCampaignTypes", "backfilled",
    "test", "changeAuditStamps.lastModified.time",
)  # fmt: skip


class ListCampaignGroups(Search):
    """List the campaign groups of one ad account."""

    account_id: AccountId
    status: list[AnyStatus] | None = None
    name: Names = None
    test: bool | None = None
    sort_order: Order = None

    http = FINDER(PATH)
    pages, records, lean = CURSOR, "elements", LEAN
    known, alike = GROUP, OTHER_WORDS


class GetCampaignGroup(Get):
    """Read one campaign group, or several with a list of ids."""

    account_id: AccountId
    campaign_group_id: GroupIds

    http = GET(PATH + "/{campaign_group_id}")
    subject, lean = "campaign_group_id", MORE
    known, alike = GROUP, OTHER_WORDS


class CampaignGroupFields(ScheduledWrite):
    """What creating and updating share."""

    name: GroupName | None = None
    total_budget: TotalBudget = None
    daily_budget: Annotated[DailyBudget, Field(description='"50 USD"; only with budget_optimization.')] = None
    budget_optimization: Annotated[
        Object | None,
        Field(description='{"budgetOptimizationStrategy": "DYNAMIC", "bidStrategy": "MAXIMUM_DELIVERY"}.'),
    ] = None
    run_schedule: RunSchedule | None = None


class CreateCampaignGroup(Create, CampaignGroupFields):
    """Create a campaign group. It starts as DRAFT, and while it is one its campaigns must be DRAFT too."""

    name: GroupName
    run_schedule: RunSchedule
    status: Literal["DRAFT", "ACTIVE"] = "DRAFT"
    objective_type: Annotated[
        Objective | None, Field(description="Then every campaign in it has this one.")
    ] = None

    http = POST(PATH)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        given = self.sent()
        return rules.raise_for(self, rules.total_needs_end(given), rules.group_budgets(given))


class OneCampaignGroup(Change):
    """What changing a campaign group takes."""

    campaign_group_id: GroupId

    http, subject = PATCH(PATH + "/{campaign_group_id}"), "campaign_group_id"
    watch: ClassVar[tuple[str, ...]] = (
        "name", "status", "runSchedule", "backfilled", "dailyBudget", "totalBudget", "servingStatuses",
    )  # fmt: skip
    children = ("campaigns", "campaign_group_id")


class UpdateCampaignGroup(OneCampaignGroup, Update, CampaignGroupFields):
    """Change a campaign group's name, status, budget or schedule. Its objective is fixed."""

    status: Status | None = None

    sample, watch = {"name": "Spring"}, (*OneCampaignGroup.watch, "budgetOptimization")

    def refused(self, live: Mapping[str, Any], today: date) -> Iterable[str]:
        yield from super().refused(live, today)
        if live:
            yield from rules.group_after(self.merged(live), live)

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if self.status == "ARCHIVED":
            yield "archiving a group archives its campaigns"


class PauseCampaignGroup(Pause, OneCampaignGroup):
    """Pause campaign groups: their campaigns stop delivering."""


class ActivateCampaignGroup(Activate, OneCampaignGroup):
    """Activate campaign groups: active campaigns in them start spending."""


campaign_groups = Entity(
    list=ListCampaignGroups,
    get=GetCampaignGroup,
    create=CreateCampaignGroup,
    update=UpdateCampaignGroup,
    pause=PauseCampaignGroup,
    activate=ActivateCampaignGroup,
)
