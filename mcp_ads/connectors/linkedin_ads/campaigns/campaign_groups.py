"""Campaign groups: a schedule, and if wanted a budget and an objective, over campaigns."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.linkedin_ads.bases import lines_of
from mcp_ads.connectors.linkedin_ads.dialect import PATCH
from mcp_ads.connectors.linkedin_ads.types import DailyBudget, Object, Objective, RunSchedule, TotalBudget
from mcp_ads.core import POST, Action, Context, Entity
from mcp_ads.core.marks import Found
from mcp_ads.core.write import Brought

from . import rules
from .accounts import GetAccount
from .base import Activate, Archive, Change, Create, Erase, Pause, ScheduledWrite, Status, Update
from .reads import GROUPS, GetCampaignGroup, GroupId, ListCampaignGroups, ListCampaigns

BELOW, OWNER, MOST_NAMED = "campaigns", "owner", 5
EDITABLE = {"name", "status"}
ALIVE = ("ACTIVE", "PAUSED", "DRAFT", "COMPLETED")
STRATEGY = "budgetOptimizationStrategy"
OPTIMIZED = {
    STRATEGY: ("DYNAMIC",),
    "bidStrategy": ("MAXIMUM_DELIVERY", "MANUAL", "COST_CAP"),
}
GroupName = Annotated[str, Field(min_length=1, max_length=100, examples=["Spring sale"])]


def shared_budget(value: Any) -> Any:
    """How a group shares its budget among its campaigns, as LinkedIn has it. Raises ValueError."""
    given = {"budgetOptimizationStrategy": value} if isinstance(value, str) else value
    known = isinstance(given, dict) and {STRATEGY} <= given.keys() <= OPTIMIZED.keys()
    if not known or any(word not in OPTIMIZED[name] for name, word in given.items()):
        words = ", ".join(f"{name} {' or '.join(words)}" for name, words in OPTIMIZED.items())
        raise ValueError(f"write an object of {words}; it needs the {STRATEGY}")
    return given


def is_locked(live: Mapping[str, Any]) -> bool:
    """Whether the account that was read beside is of the kind LinkedIn itself sets up."""
    return bool((live.get(OWNER) or {}).get("type") == "ENTERPRISE")


class CampaignGroupFields(ScheduledWrite):
    """What creating and updating share."""

    name: GroupName | None = None
    total_budget: TotalBudget = None
    daily_budget: Annotated[DailyBudget, Field(description='"50 USD"; only with budget_optimization.')] = None
    budget_optimization: Annotated[
        Object | None,
        BeforeValidator(shared_budget),
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

    http = POST(GROUPS)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        given = self.sent()
        return rules.raise_for(self, rules.total_needs_end(given), rules.group_budgets(given))


class OneCampaignGroup(Change):
    """What changing a campaign group takes."""

    campaign_group_id: GroupId

    http, subject = PATCH(GROUPS + "/{campaign_group_id}"), "campaign_group_id"
    watch: ClassVar[tuple[str, ...]] = (
        "name", "status", "runSchedule", "backfilled", "dailyBudget", "totalBudget", "servingStatuses",
    )  # fmt: skip
    level, children = "CAMPAIGN_GROUP", ("campaigns", "campaign_group_id")


class WithCampaigns(OneCampaignGroup):
    """A change that counts the campaigns in the group, as they are when it is planned."""

    below: Annotated[list[Object] | None, Found(), Field(exclude=True)] = None

    kept_of_each: ClassVar[tuple[str, ...]] = ("name", "status", "dailyBudget", "totalBudget", "runSchedule")

    def beside(self, account: str, live: Mapping[str, Any]) -> Mapping[str, Action]:  # noqa: ARG002
        read = ListCampaigns.model_construct
        return {BELOW: read(account_id=account, campaign_group_id=[self.campaign_group_id], status=[*ALIVE])}

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        call, found = super().settled(context, live), (live or {}).get(BELOW)
        if found is None:
            return call
        kept = [{name: row[name] for name in self.kept_of_each if row.get(name)} for row in found]
        return call.model_copy(update={"below": kept})

    def goes_along(self, live: Mapping[str, Any]) -> Sequence[str] | None:
        rows = live.get(BELOW)
        return None if rows is None else lines_of("campaign", rows, "is in it")

    def counted(self) -> str:
        """How many campaigns there are, how many of them deliver, and the first by name."""
        if self.below is None:
            return "campaigns, which could not be read"
        rows = self.below
        active = sum(row.get("status") == "ACTIVE" for row in rows)
        shown = [json.dumps(str(row.get("name")), ensure_ascii=False) for row in rows[:MOST_NAMED]]
        more = f" and {len(rows) - MOST_NAMED} more" if len(rows) > MOST_NAMED else ""
        one = "" if len(rows) == 1 else "s"
        return f"{len(rows)} campaign{one}, {active} ACTIVE: {', '.join(shown)}{more}" if rows else ""


class Spending(WithCampaigns):
    """A change that may begin a delivery: within a total budget, campaigns spend their own by the day."""

    kept_of_each = ("status", "dailyBudget", "totalBudget", "runSchedule", "pacingStrategy")

    def beside(self, account: str, live: Mapping[str, Any]) -> Mapping[str, Action]:
        changes = self.sets()
        new = self.campaign_group_id.startswith("@")  # what is made in it counts where it is made
        begins = not new and (self.delivers() or "runSchedule" in changes)
        shared = changes.get("dailyBudget") or live.get("dailyBudget")
        total = changes.get("totalBudget") or live.get("totalBudget")
        return super().beside(account, live) if begins and total and not shared else {}

    def goes_along(self, live: Mapping[str, Any]) -> Sequence[str] | None:  # noqa: ARG002 - they are priced
        return ()

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        """With the campaigns that begin to spend; of a group that runs already none does."""
        call = super().settled(context, live)
        end = str(((live or {}).get("runSchedule") or {}).get("end") or context.today)
        runs = (live or {}).get("status") == "ACTIVE" and end >= str(context.today)
        return call.model_copy(update={"below": []}) if runs else call

    def refused(self, live: Mapping[str, Any], today: date) -> Iterable[str]:
        yield from super().refused(live, today)
        yield from rules.stale_draft(self.sets(), live, today)

    def unpriced(self, live: Mapping[str, Any]) -> str:
        unread = BELOW in live and live[BELOW] is None
        return "what its campaigns may spend in a day could not be read" if unread else ""

    def brings(self) -> Iterable[Brought]:
        if self.below:
            yield Brought("campaigns", after=self.below, live=True, of="campaigns")


class UpdateCampaignGroup(Spending, Update, CampaignGroupFields):
    """Change a campaign group's name, status, budget or schedule. Its objective is fixed."""

    status: Status | None = None

    sample, watch = {"name": "Spring"}, (*OneCampaignGroup.watch, "budgetOptimization")
    retired = {"objective_type": "it is fixed; create another campaign group"}

    def only_limits(self, live: Mapping[str, Any]) -> Collection[str]:
        """Unless it is shared by the campaigns, they have budgets of their own under it."""
        shared = any({**live, **self.sets()}.get(name) for name in ("budgetOptimization", "dailyBudget"))
        return () if shared else ("total_budget",)

    def beside(self, account: str, live: Mapping[str, Any]) -> Mapping[str, Action]:
        inside = (
            WithCampaigns.beside(self, account, live) if self.archives() else super().beside(account, live)
        )
        owner = {OWNER: GetAccount.model_construct(account_id=account)}
        return {**inside, **(owner if self.sets().keys() - EDITABLE else {})}

    def obstacle(self, live: Mapping[str, Any]) -> str:
        locked = is_locked(live) and self.sets().keys() - EDITABLE
        kept = (
            "the account is an ENTERPRISE one, of whose campaign groups only name and status can be changed"
        )
        return super().obstacle(live) or (kept if locked else "")

    def refused(self, live: Mapping[str, Any], today: date) -> Iterable[str]:
        yield from super().refused(live, today)
        if live:
            yield from rules.group_after(self.merged(live), live)

    def goes_along(self, live: Mapping[str, Any]) -> Sequence[str] | None:
        return WithCampaigns.goes_along(self, live) if self.archives() else ()

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        return (
            WithCampaigns.settled(self, context, live) if self.archives() else super().settled(context, live)
        )

    def brings(self) -> Iterable[Brought]:
        return () if self.archives() else super().brings()

    def effect(self) -> str:
        return archived(self) if self.archives() else ""

    def archives(self) -> bool:
        return self.status == "ARCHIVED"


class PauseCampaignGroup(Pause, OneCampaignGroup):
    """Pause campaign groups: their campaigns stop delivering."""


class ActivateCampaignGroup(Activate, Spending):
    """Activate campaign groups: active campaigns in them start spending."""


class ArchiveCampaignGroup(Archive, WithCampaigns):
    """Archive campaign groups, and with them all their campaigns. Activating one leaves those archived."""

    def effect(self) -> str:
        return archived(self)


def archived(call: WithCampaigns) -> str:
    """What archiving a campaign group does beside that."""
    return f"archives the campaign group with its {inside}" if (inside := call.counted()) else ""


class DeleteCampaignGroup(Erase, WithCampaigns):
    """Delete campaign groups: a DRAFT at once, another one is marked PENDING_DELETION. Final.

    Accounts of the type ENTERPRISE can only archive them.
    """

    def beside(self, account: str, live: Mapping[str, Any]) -> Mapping[str, Action]:
        return {**super().beside(account, live), OWNER: GetAccount.model_construct(account_id=account)}

    def effect(self) -> str:
        first = super().effect() or "deletes the campaign group"
        return f"{first} with its {inside}" if (inside := self.counted()) else super().effect()

    def obstacle(self, live: Mapping[str, Any]) -> str:
        kept = "the account is an ENTERPRISE one, whose campaign groups LinkedIn does not delete: archive it"
        return super().obstacle(live) or (kept if is_locked(live) else "")


campaign_groups = Entity(
    list=ListCampaignGroups,
    get=GetCampaignGroup,
    create=CreateCampaignGroup,
    update=UpdateCampaignGroup,
    pause=PauseCampaignGroup,
    activate=ActivateCampaignGroup,
    archive=ArchiveCampaignGroup,
    delete=DeleteCampaignGroup,
)
