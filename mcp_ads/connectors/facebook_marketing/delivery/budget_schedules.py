"""Budget schedules: times in which a daily budget is raised, for days of high demand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field

from mcp_ads.connectors.facebook_marketing import names
from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.names import MAJOR
from mcp_ads.connectors.facebook_marketing.types import (
    MONEY_SHOWN,
    GraphDelete,
    GraphRead,
    ObjectId,
    Time,
    wire_fields,
)
from mcp_ads.core import (
    DELETE,
    GET,
    OBJECT,
    POST,
    Account,
    Column,
    Entity,
)
from mcp_ads.errors import InvalidParams

from .daily_raise import VALUE, DailyRaise, WithBudget

FIELDS = (
    "ad_object_id", "budget_value", "budget_value_type", "id", "recurrence_type", "time_end", "time_start",
    "weekly_schedule",
)  # fmt: skip
VALUE_MAJOR = f"{VALUE}{MAJOR}"
LEAN = ("id", VALUE_MAJOR, "budget_value_type", "time_start", "time_end", "recurrence_type")


class OfBudget(GraphRead):
    """About the daily budget of a campaign or an ad set, whose account it is for."""

    object_id: WithBudget

    whose, belongs_to = OBJECT, "object_id"
    aliases = {"campaign_id": "object_id", "adset_id": "object_id", "ad_set_id": "object_id"}

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
    """List the busy days of a campaign or an ad set, and how much more is spent on them."""

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

    def to_query(self) -> Mapping[str, Any]:
        query = super().to_query()
        fields = dict.fromkeys([*query["fields"].split(","), "ad_object_id"])
        return {**query, "fields": ",".join(fields)}

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        """Raises InvalidParams for one of another object: account and currency are those of object_id."""
        if (whose := record.get("ad_object_id")) != self.object_id:
            known = f"it is of {whose}" if whose else "Facebook does not say whose it is"
            raise InvalidParams(f"schedule_id: {self.schedule_id}: {known}, not of {self.object_id}")
        return super().to_row(record, account)


class CreateBudgetSchedule(DailyRaise):
    """Schedule more spend for busy days: budget_value comes on top of each, and is not the whole."""

    http, belongs_to = POST("/{object_id}/budget_schedules"), "object_id"
    aliases, sample = OfBudget.aliases, {"budget_value": "20 USD"}
    said = "high demand period black friday, increase the budget for a weekend, holiday, busy day, sale"


class DeleteBudgetSchedule(GraphDelete):
    """Delete a budget schedule: what it adds is gone, at once if its time has begun."""

    object_id: WithBudget
    schedule_id: ObjectId

    http, subject = DELETE("/{schedule_id}"), "schedule_id"
    aliases, belongs_to = OfBudget.aliases, "object_id"
    watch = ("ad_object_id", "budget_value", "budget_value_type", "time_start", "time_end")

    def sets(self) -> dict[str, Any]:
        return {"time_end": None}

    def obstacle(self, live: Mapping[str, Any]) -> str:
        whose = str(live.get("ad_object_id") or "")
        if not whose:
            return f"it does not say whose it is, so it may not be of {self.object_id}"
        return f"it is of {whose}, not of {self.object_id}" if whose != self.object_id else ""


budget_schedules = Entity(
    list=ListBudgetSchedules, get=GetBudgetSchedule, create=CreateBudgetSchedule, delete=DeleteBudgetSchedule
)
