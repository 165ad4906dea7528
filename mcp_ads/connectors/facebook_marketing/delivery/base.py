"""What campaigns, ad sets and ads share: statuses, budgets, being listed, switched on and off, put away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import BeforeValidator, Field

from mcp_ads.connectors.facebook_marketing import filters
from mcp_ads.connectors.facebook_marketing.filters import Filtering
from mcp_ads.connectors.facebook_marketing.types import (
    NO_RESTORE,
    AdAccountId,
    GraphChecked,
    GraphRead,
    GraphWrite,
    moment,
    wire_fields,
)
from mcp_ads.core import Account, Amount, Spend
from mcp_ads.core.hiding import Hiding
from mcp_ads.core.runs import NO_END
from mcp_ads.core.write import NONE

from . import parent_names, reasons, schedule_rules
from .choices import unfamiliar

Status = Literal["ACTIVE", "PAUSED", "ARCHIVED"]
NewStatus = Literal["PAUSED", "ACTIVE"]
CampaignStatus = Literal["ACTIVE", "PAUSED", "ARCHIVED", "DELETED", "IN_PROCESS", "WITH_ISSUES"]
AdSetStatus = Literal[
    "ACTIVE", "PAUSED", "ARCHIVED", "DELETED", "CAMPAIGN_PAUSED", "IN_PROCESS", "WITH_ISSUES"
]  # fmt: skip
AdStatus = Literal[
    "ACTIVE", "PAUSED", "ARCHIVED", "DELETED", "CAMPAIGN_PAUSED", "ADSET_PAUSED", "IN_PROCESS",
    "WITH_ISSUES", "PENDING_REVIEW", "DISAPPROVED", "PREAPPROVED", "PENDING_BILLING_INFO",
]  # fmt: skip
ONLY_THESE = Field(description="Only these; without it Facebook leaves out ARCHIVED and DELETED.")
SWITCH = Field(
    exclude=True,
    description="What was set: ACTIVE also finds those with issues, in review or under something paused.",
)
NOT_ON = ("PAUSED", "ARCHIVED", "DELETED")
HIDDEN = "ARCHIVED and DELETED: status lists archived ones, get reads any by its id"
Name = Annotated[str, Field(min_length=1, max_length=400, examples=["Spring sale"])]
DailyBudget = Annotated[
    Amount | None, Spend("day", "minor"), Field(description='"50 USD", "+20%", or minor units (5000).')
]
LifetimeBudget = Annotated[
    Amount | None, Spend("lifetime", "minor"), Field(description='"500 USD", "+20%", or minor units.')
]
SpendCap = Annotated[
    Amount | None,
    Spend("lifetime", "minor", role="cap"),
    Field(description='"500 USD" or minor units; most ever spent.'),
]
DailyCap = Annotated[
    Amount | None, Spend("day", "minor", role="cap"), Field(description='"50 USD" or minor units.')
]
DailyFloor = Annotated[
    Amount | None, Spend("day", "minor", role="floor"), Field(description='"50 USD" or minor units.')
]
LifetimeFloor = Annotated[
    Amount | None, Spend("lifetime", "minor", role="floor"), Field(description='"500 USD" or minor units.')
]
Bid = Annotated[Amount | None, Spend("bid", "minor"), Field(description='"1.50 USD" or minor units.')]
EVERY_STATUS = {"Campaign": CampaignStatus, "AdSet": AdSetStatus, "Ad": AdStatus}
Completed = Annotated[
    bool | None, Field(description="true: only those whose end has passed; false: only the others.")
]


def _time_or_none(value: Any) -> Any:
    return value if value is None else NONE if value in NO_END else moment(value)


EndTime = Annotated[
    str | None,
    BeforeValidator(_time_or_none),
    Field(description='ISO 8601 with offset; required with lifetime_budget; "none" for no end.'),
]
BUDGETED = ("name", "status", "effective_status", "daily_budget", "lifetime_budget")
DAY, LIFETIME = Spend("day", "minor"), Spend("lifetime", "minor")
PARENTS_BUDGETS = {
    f"{owner}.{kind}": spend
    for owner in ("adset", "campaign")
    for kind, spend in (("daily_budget", DAY), ("lifetime_budget", LIFETIME))
}
CAMPAIGN_BUDGET = "campaign{daily_budget,lifetime_budget,stop_time,special_ad_categories}"
CAMPAIGN_RULES = "campaign{daily_budget,lifetime_budget,stop_time,special_ad_categories,bid_strategy}"
ADSET_BUDGET = "adset{daily_budget,lifetime_budget,end_time}"
RUSHED = ("pacing_type", "no_pacing")
SCHEDULES = ("budget_schedules", "object_id")
CAMPAIGN_END, ADSET_END = "campaign.stop_time", "adset.end_time"
MUCH = 0.2


class WithReason(GraphRead):
    """Can show in plain words why an object does not deliver, and what the objects are called it is in."""

    made: ClassVar[tuple[str, ...]] = (reasons.COLUMN,)
    alike = {**GraphRead.alike, **parent_names.SPOKEN, "why": "reason", "rejection_reason": "reason"}

    def words(self) -> Mapping[str, str]:
        meant = {word: name for word, name in parent_names.MEANT.items() if name in self.made}
        return {**super().words(), **meant}

    def to_query(self) -> Mapping[str, Any]:
        query, columns = super().to_query(), self.columns()
        if not {*self.made} & {*columns}:
            return query
        apart = wire_fields(name for name in columns if name not in self.made)
        if reasons.COLUMN in columns:
            parents = () if self.node == "Campaign" else ("campaign_id",)
            apart = [*dict.fromkeys([*apart, *parents, *reasons.FIELDS[self.node]])]
        return {**query, "fields": ",".join(parent_names.fetched(apart, columns))}

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        row, columns = super().to_row(record, account), self.columns()
        if not {*self.made} & {*columns}:
            return row
        made = parent_names.read(record, columns)
        if reasons.COLUMN in columns:
            made[reasons.COLUMN] = reasons.said(record)
        return {name: row.get(name) for name in columns} | made


class GraphList(Hiding, WithReason):
    """Lists the objects of an account, those with a certain part in their name if there is one."""

    account_id: AdAccountId
    name: Annotated[str | None, Field(exclude=True, description="Part of the name.")] = None
    filtering: Filtering = None

    hidden, told_in = ("ARCHIVED", "DELETED"), ("status", "effective_status")
    aliases = {"name_contains": "name", "search": "name", "query": "name", "configured_status": "status"}

    def mistakes(self) -> Iterable[str]:
        yield from super().mistakes()
        yield from filters.of_objects(self.node, self.filtering or ())
        if self.switched() and getattr(self, "effective_status", None):
            yield "effective_status: give it or status, not both"

    def switched(self) -> list[str]:
        """The effective statuses of objects whose switch is as asked for."""
        wanted: list[str] = getattr(self, "status", None) or []
        every: tuple[str, ...] = get_args(EVERY_STATUS[self.node])
        on = [status for status in every if status not in NOT_ON] if "ACTIVE" in wanted else []
        return list(dict.fromkeys([*on, *wanted]))

    def to_query(self) -> Mapping[str, Any]:
        query = dict(super().to_query())
        if statuses := self.switched():
            query.setdefault("effective_status", statuses)
        named = [{"field": "name", "operator": "CONTAIN", "value": self.name}] if self.name else []
        return {**query, "filtering": [*query.get("filtering", []), *named]} if named else query

    def columns(self) -> tuple[str, ...]:
        """Whoever asks for what does not deliver is shown why."""
        asked = set(getattr(self, "effective_status", None) or getattr(self, "status", None) or ())
        why = (reasons.COLUMN,) if not self.fields and asked and asked <= reasons.TROUBLED else ()
        return (*super().columns(), *why)

    def left_out(self) -> str:
        """Named by a part of its name, by its parent or in a filter, an object may be among the hidden."""
        return self.unseen() if self.to_query().get("filtering") else ""

    def unseen(self) -> str:
        query = self.to_query()
        asked = "effective_status" in query or filters.about_status(query.get("filtering"))
        return "" if asked else HIDDEN

    def revealed(self) -> Self:
        every = [*get_args(EVERY_STATUS[self.node])]
        return self.model_copy(update={"effective_status": every}) if self.unseen() else self


class DeliveryWrite(GraphWrite):
    """Changes what delivers, or makes it."""

    watch: ClassVar[tuple[str, ...]] = ("name", "status", "effective_status")
    budgets = PARENTS_BUDGETS
    final: ClassVar[Mapping[str, str]] = {
        "ARCHIVED": "Facebook does not reactivate archived objects",
        "DELETED": NO_RESTORE,
    }

    def peak(self, daily: Decimal, lifts: Iterable[Mapping[str, Any]], currency: str) -> Decimal:
        return daily + schedule_rules.most_added(daily, lifts, currency)

    def obstacle(self, live: Mapping[str, Any]) -> str:
        state = live.get("effective_status")
        if state == "DELETED" or (state == "ARCHIVED" and set(self.sets()) - {"name"}):
            allowed = "renaming" if state == "DELETED" else "deleting"
            return f"it is {state}: Facebook allows no more than {allowed} it"
        return ""


class DeliveryChecked(GraphChecked, DeliveryWrite):
    """What creating and updating share: Facebook checks both without doing them."""

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from unfamiliar(self)


class Pause(DeliveryWrite):
    """Switches delivery off."""

    status: Literal["PAUSED"] = "PAUSED"


class Activate(DeliveryWrite):
    """Switches delivery on."""

    status: Literal["ACTIVE"] = "ACTIVE"


class Archive(DeliveryWrite):
    """Keeps the object for reports only."""

    status: Literal["ARCHIVED"] = "ARCHIVED"


def learning(call: GraphWrite, live: Mapping[str, Any]) -> Iterable[str]:
    """Budget changes large enough for Facebook to learn anew."""
    for name in ("daily_budget", "lifetime_budget"):
        after, before = call.sets().get(name), int(live.get(name) or 0)
        if isinstance(after, int) and before and abs(after - before) > before * MUCH:
            yield f"a change of {name} by more than {MUCH:.0%} may restart learning"


def under(query: Mapping[str, Any], **parents: str | None) -> Mapping[str, Any]:
    """The query narrowed to the children of a campaign or ad set."""
    narrower = [
        {"field": f"{kind}.id", "operator": "IN", "value": [value]}
        for kind, value in parents.items()
        if value
    ]
    return {**query, "filtering": [*query.get("filtering", []), *narrower]} if narrower else query
