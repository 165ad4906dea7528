"""What LinkedIn's actions share: ids and URNs, money, schedules, finders, partial updates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, core_schema

from mcp_ads.core import Account, Action, Amount, Context, Spend, Write
from mcp_ads.errors import InvalidParams

from . import restli, rules, schedule

MOST_IDS = 100
_REF = re.compile(r"[0-9]+|@[0-9]+\.id")
ID_OF = {"account": "account_id", "campaignGroup": "campaign_group_id", "campaign": "campaign_id"}
TIMES = ("createdAt", "lastModifiedAt")
NAMES = {
    "account": "account_id",
    "campaign_group": "campaign_group_id",
    "campaign_groups": "campaign_group_id",
    "campaign_group_ids": "campaign_group_id",
    "campaigns": "campaign_id",
    "campaign_ids": "campaign_id",
    "creatives": "creative_id",
    "creative_ids": "creative_id",
}


@dataclass(frozen=True)
class Urn:
    """Marks a parameter as an id: given as digits or a URN, digits in paths, a URN in queries and bodies.

    `shape` is one id, a list of them, or either; `whole` keeps the URN in paths too.
    """

    kind: str
    shape: Literal["one", "list", "either"] = "one"
    whole: bool = False

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self.read, serialization=core_schema.plain_serializer_function_ser_schema(self.spell)
        )

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        if self.shape == "one":
            return {"type": "string"}
        return {"type": "array" if self.shape == "list" else ["string", "array"], "items": {"type": "string"}}

    def read(self, value: Any) -> str | list[str]:
        """The id without its prefix; raises ValueError for anything else."""
        several = isinstance(value, list) or any(mark in str(value) for mark in (",", "List("))
        if self.shape == "one" or (self.shape == "either" and not several):
            return self._one(value)
        found = [self._one(each) for each in restli.items(value)]
        if self.shape == "either" and not 1 <= len(found) <= MOST_IDS:
            raise ValueError(f"1 to {MOST_IDS} ids")
        return found

    def spell(self, value: str | list[str] | None) -> Any:
        """The URN, or a list of them; a reference to what another step makes stays as it is."""
        if isinstance(value, list):
            return [self.spell(each) for each in value]
        if value is None or value.startswith("@"):
            return value
        return self.prefix + value.removeprefix(self.prefix)

    @property
    def prefix(self) -> str:
        return f"urn:li:{self.kind}:"

    def _one(self, value: Any) -> str:
        given = restli.decode(str(value).strip())
        found = given.removeprefix(self.prefix)
        if not _REF.fullmatch(found):
            raise ValueError(f"{given[:60]!r} does not fit; write digits or {self.prefix}…")
        return self.prefix + found if self.whole and not found.startswith("@") else found


AccountId = Annotated[
    str,
    Urn("sponsoredAccount"),
    Field(exclude=True, examples=["512345678"], description="Ad account id, or its URN."),
]
"""Stands in most paths; where it goes elsewhere, each method has another name for it."""
Object = dict[str, Any]
Name = Annotated[str, Field(min_length=1, max_length=255, examples=["Spring sale"])]
Names = Annotated[list[str] | None, Field(description="Whole names, as they are.")]
Order = Annotated[
    Literal["ASCENDING", "DESCENDING"] | None, Field(description="By id; DESCENDING is newest first.")
]
Status = Literal["ACTIVE", "PAUSED", "ARCHIVED"]
DailyBudget = Annotated[
    Amount | None,
    Spend("day", "object"),
    Field(description='"50 USD", "+20%", or a number in the account\'s currency.'),
]
TotalBudget = Annotated[
    Amount | None,
    Spend("lifetime", "object"),
    Field(description='"500 USD", "+20%", or a number; needs run_schedule.end.'),
]
Bid = Annotated[
    Amount | None,
    Spend("bid", "object", whole=False),
    Field(description='"4.50 USD": your bid, cap or target cost; "0 USD" when LinkedIn bids.'),
]
RunSchedule = Annotated[
    Object,
    BeforeValidator(schedule.parse),
    Field(
        examples=[{"start": "2027-01-01", "end": "2027-01-31"}],
        description='start, and end (last day, "none": no end): ISO dates or times in UTC; start not past.',
    ),
]
Objective = Literal[
    "BRAND_AWARENESS", "ENGAGEMENT", "WEBSITE_VISIT", "WEBSITE_CONVERSION", "LEAD_GENERATION", "VIDEO_VIEW",
    "JOB_APPLICANT", "TALENT_LEAD", "WEBSITE_TRAFFIC", "CREATIVE_ENGAGEMENT", "CONVERSATION_STARTER",
]  # fmt: skip


def urn(kind: str, id: str) -> str:
    return f"urn:li:{kind}:{id}"


def tail(value: Any) -> str:
    """The id at the end of a URN."""
    return str(value).rpartition(":")[2]


class Linkedin(Action):
    """Wire names are camelCase. Rows have plain ids beside URNs, and dates instead of epochs."""

    model_config = ConfigDict(alias_generator=to_camel)

    also: ClassVar[Mapping[str, str]] = NAMES

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:  # noqa: ARG002
        row = record | {ID_OF[name]: tail(record[name]) for name in ID_OF.keys() & record.keys()}
        if isinstance(serving := record.get("servingStatuses"), list):
            row["serving"] = " ".join(map(str, serving))
        if run := record.get("runSchedule"):
            row["runSchedule"] = schedule.readable(run)
        if stamps := record.get("changeAuditStamps"):
            row["changeAuditStamps"] = {
                name: {**each, "time": schedule.shown(each.get("time"))} for name, each in stamps.items()
            }
        return row | {name: schedule.shown(record[name]) for name in TIMES if name in record}


class LinkedinWrite(Linkedin, Write):
    """A write in one ad account."""

    account_id: AccountId

    def sets(self) -> dict[str, Any]:
        """With the schedule as rows have it, for people to read."""
        given = self.sent()
        run = given.get("runSchedule")
        return given | ({"runSchedule": schedule.readable(run)} if run else {})

    def doubt(self, answer: Any) -> str:
        """A create answers with the new id in a header, a change with nothing."""
        made = answer.get("id") if isinstance(answer, dict) else None
        if not self.subject:
            return "" if isinstance(made, str) and tail(made).isdecimal() else "no new id"
        if answer == {}:
            return ""
        own = tail(getattr(self, self.subject))
        return "" if isinstance(made, str) and tail(made) == own else "neither nothing nor its id"

    def refused(self, live: Mapping[str, Any], today: date) -> Iterable[str]:
        """Mistakes that only show on the day, or against the object as it is."""
        yield from rules.start(self.sent(), live, today)

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        call = super().settled(context, live)
        if mistakes := list(call.refused(live or {}, context.today)):
            raise InvalidParams("\n".join(mistakes))
        return call


class Create(LinkedinWrite):
    """Makes an object in the account; its id comes in a header."""

    def sent(self) -> dict[str, Any]:
        given = super().sent()
        return given | ({"runSchedule": schedule.given(run)} if (run := given.get("runSchedule")) else {})

    def to_body(self) -> Mapping[str, Any]:
        return {"account": urn("sponsoredAccount", self.account_id), **self.sent()}

    def lookup(self) -> Mapping[str, Any]:
        return {"account_id": self.account_id, "name": [getattr(self, self.label)]}


class Change(LinkedinWrite):
    """Changes what is named and nothing else, by a partial update."""

    watch: ClassVar[tuple[str, ...]] = ("name", "status", "runSchedule")
    merges, moving = ("runSchedule",), ("servingStatuses",)

    def sets(self) -> dict[str, Any]:
        given = super().sets()
        return given | dict.fromkeys(given.pop("clear", ()))

    def to_body(self) -> Mapping[str, Any]:
        given = self.sent()
        run, gone = given.pop("runSchedule", None), given.pop("clear", None)
        parts = {"$set": given, "$delete": gone, "runSchedule": schedule.patch(run or {})}
        return {"patch": {name: part for name, part in parts.items() if part}}

    def obstacle(self, live: Mapping[str, Any]) -> str:
        return next(iter(rules.transition(live, self.sets())), "")

    def halted(self, live: Mapping[str, Any]) -> str:
        return rules.held(live)


class Update(Change):
    """A change that also takes Airbyte's patch, and removes fields."""

    patch: Annotated[
        Object | None, Field(exclude=True, description='{"$set": {…}, "$delete": […]} is understood too.')
    ] = None
    clear: Annotated[
        list[Literal["dailyBudget", "totalBudget"]] | None, Field(description="Budgets to remove.")
    ] = None

    @model_validator(mode="before")
    @classmethod
    def _unpack(cls, given: Any) -> Any:
        """`patch` as the parameters it stands for, so that its money counts like theirs."""
        if not isinstance(given, dict) or not isinstance(patch := given.get("patch"), dict):
            return schedule.open_ended(given)
        if patch.keys() - {"$set", "$delete"} or not isinstance(patch.get("$set", {}), dict):
            raise ValueError('patch: write {"$set": {…}, "$delete": […]} or name the fields themselves')
        rest = {name: value for name, value in given.items() if name != "patch"}
        gone = {"clear": patch["$delete"]} if "$delete" in patch else {}
        if twice := sorted(rest.keys() & (patch.get("$set", {}) | gone).keys()):
            raise ValueError(f"patch: {', '.join(twice)} is given twice")
        return schedule.open_ended(rest | patch.get("$set", {}) | gone)

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.sent():
            raise ValueError("nothing to change: give name, status, daily_budget, …")
        return self
