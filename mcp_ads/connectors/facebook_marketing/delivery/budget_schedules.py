"""Budget schedules: times in which a daily budget is raised, for days of high demand.

Sources: Campaign.create_budget_schedule and HighDemandPeriod of facebook-business 26.0.3; Meta docs, High
Demand Periods: the value is what is added to the daily budget. Whether a MULTIPLIER of 1 to 8 is a factor or
a percent, sources do not agree, so these are refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import ROUND_UP, Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.facebook_marketing import names
from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.names import MAJOR
from mcp_ads.connectors.facebook_marketing.types import (
    MONEY_SHOWN,
    GraphDelete,
    GraphRead,
    GraphWrite,
    Id,
    Object,
    ObjectId,
    Time,
    moment,
    wire_fields,
)
from mcp_ads.core import (
    DELETE,
    GET,
    OBJECT,
    POST,
    Account,
    Amount,
    Column,
    Context,
    Entity,
    Flow,
    Part,
    Request,
    Result,
    Spend,
)
from mcp_ads.core.marks import Found
from mcp_ads.core.money import offset, plain
from mcp_ads.core.runs import run_of, with_offset
from mcp_ads.core.write import Brought
from mcp_ads.errors import InvalidParams

from . import schedule_rules
from .base import BUDGETED

FIELDS = (
    "ad_object_id", "budget_value", "budget_value_type", "id", "recurrence_type", "time_end", "time_start",
    "weekly_schedule",
)  # fmt: skip
VALUE, VALUE_MAJOR = "budget_value", f"budget_value{MAJOR}"
LEAN = ("id", VALUE_MAJOR, "budget_value_type", "time_start", "time_end", "recurrence_type")
MOST_TIMES, MOST_READ = 8, 100
CAPABILITY = "CAN_USE_BUDGET_SCHEDULING_API"
Period = Annotated[
    str, BeforeValidator(moment), Field(description="On a quarter hour: 2026-12-01T09:00:00-0500.")
]


class OfBudget(GraphRead):
    """About the daily budget of a campaign or an ad set, whose account it is for."""

    object_id: Annotated[
        Id, Field(exclude=True, examples=["120210000000000001"], description="The campaign or ad set.")
    ]

    whose = OBJECT
    aliases = {"campaign_id": "object_id", "adset_id": "object_id", "ad_set_id": "object_id"}

    def about(self, param: str) -> tuple[str, list[str]]:
        return str(getattr(self, param, None) or ""), [self.object_id]

    def columns(self) -> tuple[str, ...]:
        return tuple(VALUE_MAJOR if name == VALUE else name for name in self.fields or self.lean)

    def mistakes(self) -> Iterable[str]:
        yield from super().mistakes()
        yield from names.mistakes(self.columns(), {*FIELDS, VALUE_MAJOR} - {VALUE})

    def kinds(self) -> Mapping[str, Column]:
        return {VALUE_MAJOR: MONEY_SHOWN}

    def to_query(self) -> Mapping[str, Any]:
        wanted = wire_fields((*self.columns(), "budget_value_type"))
        return {**super().to_query(), "fields": ",".join(wanted)}

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        """What is added to a day: an amount, or a percent of the daily budget beside its type."""
        by, value = record.get("budget_value_type"), record.get(VALUE)
        row = super().to_row(record, account)
        if by == "MULTIPLIER":
            given = {VALUE_MAJOR: None, "budget_value_type": f"MULTIPLIER {value}"}
            return {name: given.get(name, shown) for name, shown in row.items()}
        return row


class ListBudgetSchedules(OfBudget):
    """List the times in which the daily budget of a campaign or an ad set is raised, and by how much."""

    time_start: Annotated[Time, Field(description="Only those that end after it.")] = None
    time_stop: Annotated[Time, Field(description="Only those that begin before it.")] = None

    http = GET("/{object_id}/budget_schedules")
    pages, records, lean = CURSOR, "data", LEAN
    said = "high demand period promotion black friday"


class GetBudgetSchedule(OfBudget):
    """Read one budget schedule of a campaign or an ad set."""

    schedule_id: ObjectId

    http = GET("/{schedule_id}")
    subject, lean = "schedule_id", (*LEAN, "ad_object_id")


class CreateBudgetSchedule(GraphWrite):
    """Raise a daily budget for some time: budget_value is added to it, and is not the new budget."""

    object_id: Annotated[
        Id, Field(exclude=True, examples=["120210000000000001"], description="The campaign or ad set.")
    ]
    budget_value: Annotated[
        Amount | None,
        Spend("bid", "minor"),
        Field(description='What is added a day: "20 USD" or minor units; with MULTIPLIER the percent added.'),
    ] = None
    budget_value_type: Literal["ABSOLUTE", "MULTIPLIER"] = "ABSOLUTE"
    time_start: Annotated[Period, Field(examples=["2027-11-26T09:00:00-0500"])]
    time_end: Annotated[Period, Field(examples=["2027-11-29T09:00:00-0500"])]
    percent: Annotated[Annotated[int | None, Found()], Field(exclude=True)] = None
    budget: Annotated[Annotated[Object | None, Found()], Field(exclude=True)] = None

    http, does = POST("/{object_id}/budget_schedules"), "makes"
    aliases, sample = OfBudget.aliases, {"budget_value": "20 USD"}
    said, watch = "high demand period black friday", ()
    about = OfBudget.about

    @model_validator(mode="after")
    def _by_how_much(self) -> Self:
        if self.percent is None and self.budget_value is None:
            raise ValueError('budget_value: missing, required; write what is added a day, such as "20 USD"')
        percent = self.budget_value_type == "MULTIPLIER"
        wrong = schedule_rules.value(self.budget_value, percent=percent) if self.budget_value else ()
        if mistakes := [*wrong, *schedule_rules.times(self.time_start, self.time_end)]:
            raise ValueError("\n".join(mistakes))
        return self

    def consults(self) -> tuple[str, str, tuple[str, ...]] | None:
        return "campaigns", self.object_id, BUDGETED

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        zone = context.account.timezone if context.account else "UTC"
        value = self.budget_value
        update: dict[str, Any] = {
            "time_start": with_offset(self.time_start, zone, last=False),
            "time_end": with_offset(self.time_end, zone, last=True),
        }
        if live:
            update["budget"] = {name: live.get(name) for name in BUDGETED} | {"currency": context.currency}
        if value is not None and self.budget_value_type == "MULTIPLIER":
            update |= {"budget_value": None, "percent": int(value.number)}
        call = super(CreateBudgetSchedule, self.model_copy(update=update)).settled(context, None)
        if mistakes := list(call.unfit()):
            raise InvalidParams("\n".join(mistakes))
        return call

    def unfit(self) -> Iterable[str]:
        """Why this budget cannot be raised like this, in these days."""
        yield from schedule_rules.times(self.time_start, self.time_end)
        if run_of(None, self.time_end, "UTC").over(datetime.now(UTC)):
            yield f"time_end: {self.time_end} has passed"
        if self.budget is None:
            return
        if self.daily is None:
            has = (
                "a lifetime budget" if self.budget.get("lifetime_budget") not in (None, "0") else "no budget"
            )
            yield f"object_id: it has {has}, and schedules are for daily budgets of a campaign or ad set"
        elif self.added and self.added > self.daily * MOST_TIMES:
            yield f"budget_value: at most {MOST_TIMES} times the daily budget can be added"

    @property
    def currency(self) -> str:
        return str((self.budget or {}).get("currency") or "")

    @property
    def daily(self) -> Decimal | None:
        """The daily budget that is raised, in major units."""
        return Spend("day", "minor").major((self.budget or {}).get("daily_budget"), self.currency)

    @property
    def added(self) -> Decimal:
        """What is added to a day, in major units."""
        if self.percent is not None:
            minor = Decimal(1) / offset(self.currency)
            return ((self.daily or Decimal(0)) * self.percent / 100).quantize(minor, ROUND_UP)
        return self.budget_value.number if self.budget_value else Decimal(0)

    def to_body(self) -> Mapping[str, Any]:
        ends = {name: run_of(None, getattr(self, name), "UTC").ends for name in ("time_start", "time_end")}
        times = {name: int(end.timestamp()) for name, end in ends.items() if end}
        percent = {VALUE: self.percent} if self.percent is not None else {}
        return {**self.sent(), **times, **percent}

    def sets(self) -> dict[str, Any]:
        """Without a percent: its column is no amount, and nothing else could be compared with it."""
        body = dict(self.to_body())
        return {name: body[name] for name in body if name != VALUE or self.percent is None}

    def effect(self) -> str:
        if self.daily is None:
            return "raises the daily budget"
        before, after = (plain(amount, self.currency) for amount in (self.daily, self.daily + self.added))
        by = f", {self.percent} % more," if self.percent is not None else ""
        return (
            f"raises the daily budget{by} from {before} to {after} {self.currency}: "
            f"from {self.time_start} to {self.time_end}"
        )

    def brings(self) -> Iterable[Brought]:
        if self.budget and self.daily is not None:
            units = (self.daily + self.added) * offset(self.currency)
            on = {"status": "ACTIVE"}
            live = self.states.is_live(self.budget)
            now, then = {**self.budget, **on}, {**self.budget, **on, "daily_budget": str(int(units))}
            yield Brought("campaigns", [now], [then], live)

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if self.percent is not None:
            yield "MULTIPLIER is taken as the percent that is added; an amount is safer"

    def lookup(self) -> Mapping[str, Any]:
        return {"object_id": self.object_id}

    def outline(self) -> tuple[Part, ...]:
        return (Part(self.to_request(), keep=("id",)),)

    def flow(self, context: Context) -> Flow:
        """The account's capability and the periods there are come first: what cannot be is not sent."""
        account = context.account.id if context.account else ""
        able = yield Request("GET", f"/act_{account}", {"fields": "capabilities"})
        if CAPABILITY not in (able.get("capabilities") or ()):
            raise InvalidParams(
                f"account {account} cannot use budget schedules: it lacks {CAPABILITY}",
                fix="change the daily budget itself and back, or ask Meta for it",
            )
        asked = {"fields": "id,budget_value_type,time_start,time_end", "limit": MOST_READ}
        there = (yield Request("GET", self.to_path(), asked)).get("data") or []
        beside = schedule_rules.beside(there, self.time_start, self.time_end, self.budget_value_type)
        if mistakes := list(beside):
            raise InvalidParams("\n".join(mistakes))
        return Result((yield self.to_request()))


class DeleteBudgetSchedule(GraphDelete):
    """Delete a budget schedule: the daily budget is what it was again, at once if the time has begun."""

    object_id: Annotated[
        Id, Field(exclude=True, examples=["120210000000000001"], description="The campaign or ad set.")
    ]
    schedule_id: ObjectId

    http, subject = DELETE("/{schedule_id}"), "schedule_id"
    aliases, about = OfBudget.aliases, OfBudget.about
    watch = ("ad_object_id", "budget_value", "budget_value_type", "time_start", "time_end")

    def sets(self) -> dict[str, Any]:
        return {"time_end": None}

    def effect(self) -> str:
        return "takes the increase away"

    def obstacle(self, live: Mapping[str, Any]) -> str:
        whose = live.get("ad_object_id")
        return f"it is of {whose}, not of {self.object_id}" if whose not in (None, self.object_id) else ""


budget_schedules = Entity(
    list=ListBudgetSchedules, get=GetBudgetSchedule, create=CreateBudgetSchedule, delete=DeleteBudgetSchedule
)
