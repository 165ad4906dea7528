"""What Facebook's actions share: ids, statuses, money in minor units, and how records are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from mcp_ads.core import Account, Action, Amount, Column, Context, Delete, Read, Request, Spend, Write
from mcp_ads.core.runs import NO_END, run_of, with_offset
from mcp_ads.core.write import NONE

from . import filters, names
from .cells import cell, cells_of
from .filters import Filtering
from .names import MAJOR

FIRST_EPOCH = 10**8
"""A smaller number is no moment."""


def _time(value: Any) -> Any:
    """A moment Graph reads as we do, so that what runs until when is known. Raises ValueError."""
    text = str(value).strip()
    tiny = text.isascii() and text.isdigit() and int(text[:20]) < FIRST_EPOCH
    if tiny or run_of(None, text, "UTC").ends is None:
        raise ValueError("write a time with its offset, such as 2026-12-01T09:00:00-0500")
    return text


def _time_or_none(value: Any) -> Any:
    return value if value is None else NONE if value in NO_END else _time(value)


AdAccountId = Annotated[
    str,
    Field(pattern=r"^(act_)?[0-9]+$", examples=["1234567890"], description="Ad account id, also with act_."),
    AfterValidator(lambda value: value.removeprefix("act_")),
]
Id = Annotated[str, Field(pattern=r"^[0-9]+$")]
ObjectId = Annotated[str, Field(pattern=r"^([0-9]+|@[0-9]+\.id)$", examples=["120210000000000001"])]
Owner = Annotated[
    AdAccountId | None, Field(exclude=True, description="Checked against the object's account when given.")
]
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
NO_RESTORE = "Facebook cannot restore deleted objects"
HIDDEN = "ARCHIVED and DELETED: status lists archived ones, get reads any by its id"
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
BidStrategy = Literal[
    "LOWEST_COST_WITHOUT_CAP", "LOWEST_COST_WITH_BID_CAP", "COST_CAP", "LOWEST_COST_WITH_MIN_ROAS"
]
EVERY_STATUS = {"Campaign": CampaignStatus, "AdSet": AdSetStatus, "Ad": AdStatus}
MONEY_SHOWN = Column("money")
Completed = Annotated[
    bool | None, Field(description="true: only those whose end has passed; false: only the others.")
]
Time = Annotated[
    str | None, BeforeValidator(_time), Field(description="ISO 8601 with offset: 2026-12-01T09:00:00-0500.")
]
EndTime = Annotated[
    str | None,
    BeforeValidator(_time_or_none),
    Field(description='ISO 8601 with offset; required with lifetime_budget; "none" for no end.'),
]
Object = dict[str, Any]
BUDGETED = ("name", "status", "effective_status", "daily_budget", "lifetime_budget")
DAY, LIFETIME = Spend("day", "minor"), Spend("lifetime", "minor")
PARENTS_BUDGETS = {
    f"{owner}.{kind}": spend
    for owner in ("adset", "campaign")
    for kind, spend in (("daily_budget", DAY), ("lifetime_budget", LIFETIME))
}
CAMPAIGN_BUDGET = "campaign{daily_budget,lifetime_budget,stop_time,special_ad_categories}"
ADSET_BUDGET = "adset{daily_budget,lifetime_budget,end_time}"
CAMPAIGN_END, ADSET_END = "campaign.stop_time", "adset.end_time"
MUCH = 0.2
NAMED = 3
"""Money fields ending in these say "not set" with 0; of others 0 is an amount."""


class Graph(Action):
    """Money columns end in _major or _minor, minor units on the wire. `node` is Meta's name of the object."""

    node: ClassVar[str] = ""

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        cells = cells_of(self.columns())
        if not any(unit or inside for _, _, unit, inside in cells):
            return record
        currency = record.get("currency") or (account.currency if account else "")
        return {name: cell(record.get(field), field, unit, currency) for name, field, unit, _ in cells}


class GraphRead(Graph, Read):
    """Asks for exactly the columns it shows."""

    alike = names.ALIKE

    def columns(self) -> tuple[str, ...]:
        return names.columns(tuple(self.fields or self.lean), self.node)

    def mistakes(self) -> Iterable[str]:
        yield from super().mistakes()
        asked = (column for name in self.fields or () for column in names.shown(name, self.node))
        if self.node:
            yield from names.mistakes(dict.fromkeys(asked), names.readable(self.node))

    def kinds(self) -> Mapping[str, Column]:
        return {f"{each}{MAJOR}": MONEY_SHOWN for each in names.MONEY}

    def to_query(self) -> Mapping[str, Any]:
        return {**self.sent(), "fields": ",".join(wire_fields(self.columns()))}


class GraphList(GraphRead):
    """Lists the objects of an account, those with a certain part in their name if there is one."""

    account_id: AdAccountId
    name: Annotated[str | None, Field(exclude=True, description="Part of the name.")] = None
    filtering: Filtering = None

    also = {"name_contains": "name", "search": "name", "query": "name", "configured_status": "status"}

    def mistakes(self) -> Iterable[str]:
        yield from super().mistakes()
        yield from filters.of_objects(self.node, self.filtering or ())
        if self.switched() and getattr(self, "effective_status", None):
            yield "effective_status: give it or status, not both"

    def switched(self) -> list[str]:
        """The effective statuses of objects whose switch is as asked for."""
        wanted: list[str] = getattr(self, "status", None) or []
        every: tuple[str, ...] = get_args(EVERY_STATUS[self.node])
        on = [each for each in every if each not in NOT_ON] if "ACTIVE" in wanted else []
        return list(dict.fromkeys([*on, *wanted]))

    def to_query(self) -> Mapping[str, Any]:
        query = dict(super().to_query())
        if statuses := self.switched():
            query.setdefault("effective_status", statuses)
        named = [{"field": "name", "operator": "CONTAIN", "value": self.name}] if self.name else []
        return {**query, "filtering": [*query.get("filtering", []), *named]} if named else query

    def left_out(self) -> str:
        """Named by a part of its name, by its parent or in a filter, an object may be among the hidden."""
        query = self.to_query()
        asked = "effective_status" in query or filters.about_status(query.get("filtering"))
        return HIDDEN if query.get("filtering") and not asked else ""


class GraphGet(GraphRead):
    """Reads one object by its id."""

    account_id: Owner = None


class GraphWrite(Graph, Write):
    """Changes one object, or makes one."""

    account_id: Owner = None

    watch: ClassVar[tuple[str, ...]] = ("name", "status", "effective_status")
    budgets = PARENTS_BUDGETS
    final: ClassVar[Mapping[str, str]] = {
        "ARCHIVED": "Facebook does not reactivate archived objects",
        "DELETED": NO_RESTORE,
    }

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.subject and not self.sets():
            others = [name for name in type(self).model_fields if name not in ("account_id", self.subject)]
            raise ValueError(f"nothing to change: give {', '.join(others[:NAMED])}, …")
        return self

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        """Days and times without an offset are the account's, and are sent with its offset."""
        zone = context.account.timezone if context.account else "UTC"
        given = {
            name: with_offset(value, zone, last=name == self.ends)
            for name in (self.begins, self.ends)
            if name and isinstance(value := getattr(self, name, None), str) and value not in NO_END
        }
        call = super().settled(context, live)
        return call.model_copy(update=given) if given else call

    def lookup(self) -> Mapping[str, Any]:
        name = {"field": "name", "operator": "EQUAL", "value": getattr(self, "name", "")}
        return {"account_id": self.account_id, "filtering": [name], "fields": ["id", "name", "created_time"]}

    def doubt(self, answer: Any) -> str:
        """A create answers with the new id, everything else with success: true."""
        made = answer.get("id") if isinstance(answer, dict) else None
        if not self.subject:
            known = (
                isinstance(made, str | int) and str(made).isdecimal() and answer.get("success", True) is True
            )
            return "" if known else "no new id"
        if not isinstance(answer, dict) or answer.get("success") is not True:
            return "no success: true"
        return "" if made in (None, getattr(self, self.subject)) else "another id"

    def obstacle(self, live: Mapping[str, Any]) -> str:
        state = live.get("effective_status")
        if state == "DELETED" or (state == "ARCHIVED" and set(self.sets()) - {"name"}):
            allowed = "renaming" if state == "DELETED" else "deleting"
            return f"it is {state}: Facebook allows no more than {allowed} it"
        return ""


def learning(call: GraphWrite, live: Mapping[str, Any]) -> Iterable[str]:
    """Budget changes large enough for Facebook to learn anew."""
    for name in ("daily_budget", "lifetime_budget"):
        after, before = call.sets().get(name), int(live.get(name) or 0)
        if isinstance(after, int) and before and abs(after - before) > before * MUCH:
            yield f"a change of {name} by more than {MUCH:.0%} may restart learning"


class GraphChecked(GraphWrite):
    """A write of an edge that honours validate_only; any other edge ignores it and carries the write out."""

    def validation(self) -> Request | None:
        return self.to_request().with_body(execution_options=["validate_only"])


class GraphDelete(GraphWrite, Delete):
    """Nothing brings an object back."""

    irreversible: ClassVar[str] = NO_RESTORE

    def sets(self) -> dict[str, Any]:
        return {"status": "DELETED"}

    def obstacle(self, live: Mapping[str, Any]) -> str:
        return "it is deleted already" if live.get("effective_status") == "DELETED" else ""


def wire_fields(columns: Iterable[str]) -> list[str]:
    """The Graph fields behind the columns."""
    return list(dict.fromkeys(map(names.on_the_wire, columns)))
