"""What LinkedIn's actions share: rows, lists that narrow, several objects in one request, proof of writes."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any, ClassVar, Literal
from urllib.parse import unquote

from pydantic import ConfigDict, ValidationInfo, field_validator, model_validator
from pydantic.alias_generators import to_camel

from mcp_ads.core import Account, Action, Context, Flow, Part, Request, Result, States, Write
from mcp_ads.core.paginators import dig
from mcp_ads.core.record_fields import KnownRead

from . import restli, schedule
from .dialect import batch_get
from .refusals import error_of, item_error
from .types import AccountId
from .urns import KeyPart, key_of, tail

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


STATES = States(
    fields=("status", "intendedStatus"),
    on=frozenset({"ACTIVE"}),
    switches={"ACTIVE": "activate", "PAUSED": "pause"},
    finished=("COMPLETED",),
    instead={"DRAFT": "PAUSED", "COMPLETED": "PAUSED"},
    endings={
        "ARCHIVED": "archive",
        "PENDING_DELETION": "delete",
        "REMOVED": "delete",
        "CANCELED": "cancel",
        "CANCELLED": "cancel",
    },
)


def lines_of(noun: str, rows: Iterable[Mapping[str, Any]], what: str) -> list[str]:
    """Records that go with another one, or lose something with it, and another line where one is ACTIVE."""
    lines = list[str]()
    for row in rows:
        name = (
            f"{noun} {tail(row.get('id') or '')} {json.dumps(str(row.get('name') or ''), ensure_ascii=False)}"
        )
        lines += [f"{name} {what}"]
        lines += [f"{name} is ACTIVE"] if STATES.is_on(row) else []
    return lines


class Linkedin(Action):
    """Wire names are camelCase. Rows have plain ids beside URNs, and dates instead of epochs."""

    model_config = ConfigDict(alias_generator=to_camel)

    aliases: ClassVar[Mapping[str, str]] = NAMES

    @classmethod
    def understood(cls, text: str, kinds: Collection[type]) -> Any:
        """A list or a record in Rest.li's spelling, where the parameter is one.

        Elsewhere "List(a)" is a name, and so is what stands in a list already: ["List(a)"] is one name.
        """
        spelled = {restli.LIST: list, restli.RECORD: dict}
        found = any(text.lstrip().startswith(sign) and kind in kinds for sign, kind in spelled.items())
        return restli.parse(text) if found else text

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:  # noqa: ARG002
        row = record | {ID_OF[name]: tail(record[name]) for name in ID_OF.keys() & record.keys()}
        if isinstance(serving := record.get("servingStatuses"), list):
            row["serving"] = " ".join(map(str, serving))
        if run := record.get("runSchedule"):
            row["runSchedule"] = schedule.readable(run)
        if stamps := record.get("changeAuditStamps"):
            row["changeAuditStamps"] = {
                name: {**stamp, "time": schedule.shown(stamp.get("time"))} for name, stamp in stamps.items()
            }
        return row | {name: schedule.shown(record[name]) for name in TIMES if name in record}


class LinkedinRead(Linkedin, KnownRead):
    """A read whose lists narrow it: an empty one would not, to LinkedIn, so it is refused."""

    @field_validator("*", mode="before")
    @classmethod
    def _values(cls, value: Any, info: ValidationInfo) -> Any:
        """LinkedIn's own {"values": […]} is a list too."""
        only = value[0] if isinstance(value, list) and len(value) == 1 else value
        if isinstance(only, dict) and "values" in only:
            if only.keys() != {"values"} or not isinstance(only["values"], list):
                raise ValueError('write a list, such as ["…"], or {"values": ["…"]}')
            value = only["values"]
        if value == [] and info.field_name != "fields":
            raise ValueError("an empty list filters nothing; leave it out, or name what is wanted")
        return value


class Search(LinkedinRead):
    """A finder whose parameters are filters of one search record."""

    q: Literal["search"] = "search"

    apart: ClassVar[tuple[str, ...]] = ("q", "sortOrder")

    def to_query(self) -> Mapping[str, Any]:
        given = self.sent()
        search = {
            n: {"values": v} if isinstance(v, list) else v for n, v in given.items() if n not in self.apart
        }
        return {"q": self.q, **({"search": search} if search else {}), **_only(given, "sortOrder")}


class Get(LinkedinRead):
    """Reads one object, or several at once by a list of ids."""

    many: ClassVar[bool] = True

    def to_request(self) -> Request:
        ids = getattr(self, self.subject)
        if isinstance(ids, list):
            path = self.http.path.rpartition("/")[0].format_map(vars(self))
            return batch_get(path, ids, **self.to_query())
        return super().to_request()

    def flow(self, context: Context) -> Flow:
        answer, ids = (yield self.to_request()), getattr(self, self.subject)
        if not isinstance(ids, list):
            return Result(self.to_row(answer, context.account))
        found, failed = answer.get("results") or {}, answer.get("errors") or {}
        if not found:
            error: Mapping[str, Any] = next(iter(failed.values()), {})
            raise error_of(error, int(error.get("status") or 404))
        rows = [self.to_row(found[id_], context.account) for id_ in ids if id_ in found]
        lost = [(at, id_) for at, id_ in enumerate(ids) if id_ not in found]
        return Result(rows, {"rows": len(rows)}, [item_error(at, failed.get(id_) or {}) for at, id_ in lost])


class RestliWrite(Linkedin, Write):
    """A write that LinkedIn proves by an empty answer, or by a new id in a header."""

    states = STATES
    made_at = ("changeAuditStamps.created.time", "createdAt", "created")

    def doubt(self, answer: Any) -> str:
        """A create answers with the new id in a header, a change with nothing."""
        made = dig(answer, self.new_id_at) if isinstance(answer, dict) else None
        if self.does == "makes":
            return "" if isinstance(made, str) and tail(made).isdecimal() else "no new id"
        if answer == {}:
            return ""
        own = tail(getattr(self, self.subject))
        return "" if isinstance(made, str) and tail(made) == own else "neither nothing nor its id"


class LinkedinWrite(RestliWrite):
    """A write in one ad account."""

    account_id: AccountId


class Keyed(Linkedin):
    """A call about one association: its whole key may stand for any id in it, and for all of them at once."""

    @model_validator(mode="before")
    @classmethod
    def _spread(cls, given: Any) -> Any:
        """Every id from a key that is given for one. Raises ValueError for another one beside it."""
        if not isinstance(given, dict):
            return given
        marks = {
            name: mark
            for name, field in cls.model_fields.items()
            for mark in field.metadata
            if isinstance(mark, KeyPart)
        }
        named = {name: given.get(name, given.get(cls.model_fields[name].alias or name)) for name in marks}
        for name in marks:
            for other, value in key_of(named[name], marks).items():
                if named[other] is not None and not marks[other].is_same(named[other], value):
                    raise ValueError(f"{other}: the key that stands for {name} has another one")
                named[other] = value if named[other] is None else named[other]
        return given | {name: value for name, value in named.items() if value is not None}


class Associate(LinkedinWrite):
    """Puts there what belongs to two objects, under a key that is made of their ids and is its own id.

    Its route is such as PUT("/places/(account:urn%3Ali%3AsponsoredAccount%3A{account_id},user:{user})").
    """

    does = "makes"

    @property
    def key(self) -> str:
        """The key as a person reads it."""
        return unquote(self.to_path().rpartition("/")[2])

    def outline(self) -> tuple[Part, ...]:
        return (Part(self.to_request()),)

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        """LinkedIn need not repeat the key."""
        answer = yield self.to_request()
        return Result({self.new_id_at: answer.get("id", self.key)})

    def doubt(self, answer: Any) -> str:
        return "" if answer == {self.new_id_at: self.key} else "it names another key"


def _only(given: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: given[name] for name in names if name in given}
