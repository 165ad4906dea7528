"""Raising a daily budget for some time: what is added, what comes of it, and what has to be known before.

Sources: Campaign.create_budget_schedule of facebook-business 26.0.3; Meta docs, High Demand Periods: the
value is what is added to the daily budget. Whether a MULTIPLIER of 1 to 8 is a factor or a percent, sources
do not agree, so these are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.facebook_marketing.types import GraphWrite, Id, Object, moment
from mcp_ads.core import Amount, Context, Flow, Part, Request, Result, Spend
from mcp_ads.core.marks import Found
from mcp_ads.core.money import offset, plain
from mcp_ads.core.runs import run_of, with_offset
from mcp_ads.core.write import Brought
from mcp_ads.errors import InvalidParams

from . import schedule_rules
from .base import BUDGETED, DAY
from .copied import called

VALUE = "budget_value"
MOST_TIMES, MOST_READ = 8, 100
PERCENT = re.compile(r"\+?\s*([0-9]+)\s*%")
CAPABILITY = "CAN_USE_BUDGET_SCHEDULING_API"
Period = Annotated[
    str, BeforeValidator(moment), Field(description="On a quarter hour: 2026-12-01T09:00:00-0500.")
]
WithBudget = Annotated[
    Id, Field(exclude=True, examples=["120210000000000001"], description="The campaign or ad set.")
]


class DailyRaise(GraphWrite):
    """What raises a daily budget, of which planning reads the amount that it adds to."""

    object_id: WithBudget
    budget_value: Annotated[
        Amount | None,
        Spend("bid", "minor"),
        Field(description='What is added a day: "20 USD" or minor units; with MULTIPLIER the percent added.'),
    ] = None
    budget_value_type: Literal["ABSOLUTE", "MULTIPLIER"] = "ABSOLUTE"
    time_start: Annotated[Period, Field(examples=["2027-11-26T09:00:00-0500"])]
    time_end: Annotated[Period, Field(examples=["2027-11-29T09:00:00-0500"])]
    percent: Annotated[int | None, Found(), Field(exclude=True)] = None
    budget: Annotated[Object | None, Found(), Field(exclude=True)] = None

    does, watch = "makes", ()

    @model_validator(mode="before")
    @classmethod
    def _percent(cls, given: Any) -> Any:
        """With a MULTIPLIER "20%" and "+20%" are the percent that is added."""
        value = given.get(VALUE) if isinstance(given, dict) else None
        if not isinstance(value, str) or given.get("budget_value_type") != "MULTIPLIER":
            return given
        found = PERCENT.fullmatch(value)
        return {**given, VALUE: found[1]} if found else given

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
        before = DAY.major(live.get("daily_budget"), context.currency) if live else None
        if before and value and value.kind == "bare" and self.budget_value_type == "ABSOLUTE":
            schedule_rules.check_unit(value.number, before, context.currency)
        call = super(DailyRaise, self.model_copy(update=update)).settled(context, None)
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
        return DAY.major((self.budget or {}).get("daily_budget"), self.currency)

    @property
    def added(self) -> Decimal:
        """What is added to a day, in major units."""
        if self.percent is not None:
            return schedule_rules.percent_of(self.daily or Decimal(0), Decimal(self.percent), self.currency)
        return self.budget_value.number if self.budget_value else Decimal(0)

    def to_body(self) -> Mapping[str, Any]:
        ends = {name: run_of(None, getattr(self, name), "UTC").ends for name in ("time_start", "time_end")}
        times = {name: int(end.timestamp()) for name, end in ends.items() if end}
        percent = {VALUE: self.percent} if self.percent is not None else {}
        return {**self.sent(), **times, **percent}

    def sets(self) -> dict[str, Any]:
        """Without a percent: its column is no amount, and nothing else could be compared with it."""
        body = {name: value for name, value in self.sent().items() if name != VALUE or self.percent is None}
        return {**body, "time_start": self.time_start, "time_end": self.time_end}

    def clash(self, other: Self) -> str:
        if other.object_id != self.object_id:
            return ""
        row = {"id": f"from {other.time_start}", "budget_value_type": other.budget_value_type}
        row |= {"time_start": other.time_start, "time_end": other.time_end}
        beside = schedule_rules.beside([row], self.time_start, self.time_end, self.budget_value_type)
        return next(iter(beside), "")

    def effect(self) -> str:
        if self.daily is None:
            return "raises the daily budget"
        before, after = (plain(amount, self.currency) for amount in (self.daily, self.daily + self.added))
        by = f", {self.percent} % more," if self.percent is not None else ""
        return (
            f"raises the daily budget of {self.object_id}{called(self.budget)}{by} "
            f"from {before} to {after} {self.currency}: "
            f"from {self.time_start} to {self.time_end}"
        )

    def brings(self) -> Iterable[Brought]:
        if self.budget and self.daily is not None:
            units = (self.daily + self.added) * offset(self.currency)
            on = {"status": "ACTIVE"}
            live = self.states.is_live(self.budget)
            now, then = {**self.budget, **on}, {**self.budget, **on, "daily_budget": str(int(units))}
            yield Brought("campaigns", [now], [then], live, owner=self.object_id)

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if run_of(None, self.time_start, "UTC").over(datetime.now(UTC)):
            yield f"time_start: {self.time_start} has passed, so more is spent at once"
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
