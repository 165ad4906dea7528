"""What Facebook's actions share: ids, statuses, money in minor units, and how records are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from mcp_ads.core import Account, Action, Amount, Delete, Read, Request, Spend, Write
from mcp_ads.core.money import offset, plain

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
Filtering = Annotated[
    list[dict[str, Any]] | None,
    Field(description='Facebook filters: [{"field": "name", "operator": "CONTAIN", "value": "x"}].'),
]
DailyBudget = Annotated[
    Amount | None, Spend("day", "minor"), Field(description='"50 USD", "+20%", or minor units (5000).')
]
LifetimeBudget = Annotated[
    Amount | None, Spend("lifetime", "minor"), Field(description='"500 USD", "+20%", or minor units.')
]
SpendCap = Annotated[
    Amount | None, Spend("lifetime", "minor"), Field(description='"500 USD" or minor units; most ever spent.')
]
Bid = Annotated[Amount | None, Spend("bid", "minor"), Field(description='"1.50 USD" or minor units.')]
BidStrategy = Literal[
    "LOWEST_COST_WITHOUT_CAP", "LOWEST_COST_WITH_BID_CAP", "COST_CAP", "LOWEST_COST_WITH_MIN_ROAS"
]
Object = dict[str, Any]
BUDGETED = ("name", "status", "effective_status", "daily_budget", "lifetime_budget")
DAY, LIFETIME = Spend("day", "minor"), Spend("lifetime", "minor")
PARENTS_BUDGETS = {
    f"{owner}.{kind}": spend
    for owner in ("adset", "campaign")
    for kind, spend in (("daily_budget", DAY), ("lifetime_budget", LIFETIME))
}
CAMPAIGN_BUDGET = "campaign{daily_budget,lifetime_budget}"
ADSET_BUDGET = "adset{daily_budget,lifetime_budget}"
MAJOR = "_major"
MUCH = 0.2
NAMED = 3
NONE_AT_ZERO = ("budget", "spend_cap", "bid_amount", "target")
"""Money fields ending in these say "not set" with 0; of others 0 is an amount."""


class Graph(Action):
    """Money columns end in _major: minor units on the wire, major units shown."""

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        columns = self.columns()
        if not any(each.endswith(MAJOR) for each in columns):
            return record
        currency = record.get("currency") or (account.currency if account else "")
        return {column_name(each): _shown(record, each, currency) for each in columns}


class GraphRead(Graph, Read):
    """Asks for exactly the columns it shows."""

    def to_query(self) -> Mapping[str, Any]:
        return {**self.sent(), "fields": ",".join(wire_fields(self.columns()))}


class GraphList(GraphRead):
    """Lists the objects of an account, those with a certain part in their name if there is one."""

    account_id: AdAccountId
    name: Annotated[str | None, Field(exclude=True, description="Part of the name.")] = None

    also = {"status": "effective_status", "name_contains": "name", "search": "name", "query": "name"}

    def to_query(self) -> Mapping[str, Any]:
        query = super().to_query()
        named = [{"field": "name", "operator": "CONTAIN", "value": self.name}] if self.name else []
        return {**query, "filtering": [*query.get("filtering", []), *named]} if named else query


class GraphGet(GraphRead):
    """Reads one object by its id."""

    account_id: Owner = None


class GraphWrite(Graph, Write):
    """Changes one object, or makes one."""

    account_id: Owner = None

    watch: ClassVar[tuple[str, ...]] = ("name", "status", "effective_status")
    budgets = PARENTS_BUDGETS

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.subject and not self.changes():
            others = [name for name in type(self).model_fields if name not in ("account_id", self.subject)]
            raise ValueError(f"nothing to change: give {', '.join(others[:NAMED])}, …")
        return self

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
        if state == "DELETED" or (state == "ARCHIVED" and set(self.changes()) - {"name"}):
            allowed = "renaming" if state == "DELETED" else "deleting"
            return f"it is {state}: Facebook allows no more than {allowed} it"
        return ""


def learning(call: GraphWrite, live: Mapping[str, Any]) -> Iterable[str]:
    """Budget changes large enough for Facebook to learn anew."""
    for name in ("daily_budget", "lifetime_budget"):
        after, before = call.changes().get(name), int(live.get(name) or 0)
        if isinstance(after, int) and before and abs(after - before) > before * MUCH:
            yield f"a change of {name} by more than {MUCH:.0%} may restart learning"


class GraphChecked(GraphWrite):
    """A write of an edge that honours validate_only; any other edge ignores it and carries the write out."""

    def validation(self) -> Request | None:
        return self.to_request().with_body(execution_options=["validate_only"])


class GraphDelete(GraphWrite, Delete):
    """Nothing brings an object back."""

    irreversible: ClassVar[str] = "Facebook cannot restore deleted objects"

    def changes(self) -> dict[str, Any]:
        return {"status": "DELETED"}

    def obstacle(self, live: Mapping[str, Any]) -> str:
        return "it is deleted already" if live.get("effective_status") == "DELETED" else ""


def wire_fields(columns: Iterable[str]) -> list[str]:
    """The Graph fields behind the columns."""
    return list(dict.fromkeys(each.removesuffix(MAJOR) for each in columns))


def column_name(field: str) -> str:
    """A field with its expansion is shown under its own name: creative{id,name} -> creative."""
    return field.partition("{")[0].partition(".")[0]


def _shown(record: dict[str, Any], column: str, currency: str) -> Any:
    if not column.endswith(MAJOR):
        return record.get(column_name(column))
    field = column.removesuffix(MAJOR)
    minor = record.get(field)
    if minor in (None, "") or (minor in ("0", 0) and field.endswith(NONE_AT_ZERO)):
        return None
    return plain(Decimal(str(minor)) / offset(currency), currency)
