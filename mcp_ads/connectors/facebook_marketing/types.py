"""What Facebook's actions share: ids, statuses, money in minor units, and how records are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from mcp_ads.core import (
    DELETE,
    OBJECT,
    Account,
    Action,
    Column,
    Context,
    Delete,
    Request,
    States,
    Write,
    via,
)
from mcp_ads.core.action import in_path
from mcp_ads.core.as_sent import Selecting
from mcp_ads.core.owner import Inside
from mcp_ads.core.runs import NO_END, run_of, with_offset

from . import names
from .cells import cell, cells_of
from .inside import inside
from .names import MAJOR

FIRST_EPOCH = 10**8
"""A smaller number is no moment."""


def moment(value: Any) -> Any:
    """A moment Graph reads as we do, so that what runs until when is known. Raises ValueError."""
    text = str(value).strip()
    tiny = text.isascii() and text.isdigit() and int(text[:20]) < FIRST_EPOCH
    if tiny or run_of(None, text, "UTC").ends is None:
        raise ValueError("write a time with its offset, such as 2026-12-01T09:00:00-0500")
    return text


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
BUSINESS = via("business")
"""Whose pixels and catalogs are: no ad account's."""
NO_RESTORE = "Facebook cannot restore deleted objects"
MONEY_SHOWN = Column("money")
Time = Annotated[
    str | None, BeforeValidator(moment), Field(description="ISO 8601 with offset: 2026-12-01T09:00:00-0500.")
]
Object = dict[str, Any]
NAMED = 3


STATES = States(
    fields=("status",),
    on=frozenset({"ACTIVE"}),
    switches={"ACTIVE": "activate", "PAUSED": "pause"},
    endings={"ARCHIVED": "archive", "DELETED": "delete"},
    serving="effective_status",
    idle=("PAUSED", "ARCHIVED", "DELETED"),
)

PROMINENT = (
    "page_id", "instagram_user_id", "instagram_actor_id", "object_story_id", "source_instagram_media_id",
    "link", "link_urls", "display_url", "caption", "url_tags", "template_url_spec",
    "name", "title", "titles", "headline",
)  # fmt: skip
"""Whose a creative is, its headline, and where a click leads: the names of these in all of its specs."""


class Graph(Action):
    """Money columns end in _major or _minor, minor units on the wire. `node` is Meta's name of the object."""

    node: ClassVar[str] = ""

    def strays_from_nobodys(self) -> Iterable[str]:
        if self.whose == OBJECT:
            yield f"{self.belongs_to or self.subject}: no ad account is known to own it"

    def inside(self) -> Iterable[Inside]:
        return inside(self.model_dump(mode="json", exclude_none=True, exclude={*in_path(type(self))}))

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        cells = cells_of(self.columns())
        if not any(unit or inside for _, _, unit, inside in cells):
            return record
        currency = record.get("currency") or (account.currency if account else "")
        return {name: cell(record.get(field), field, unit, currency) for name, field, unit, _ in cells}


class GraphRead(Graph, Selecting):
    """Asks for exactly the columns it shows."""

    alike: ClassVar[Mapping[str, str]] = names.ALIKE

    @classmethod
    def askable(cls, name: str) -> bool:
        return name in (names.readable(cls.node) if cls.node else {*wire_fields(cls.lean)})

    def columns(self) -> tuple[str, ...]:
        return names.columns(self._asked_for(), self.node)

    def _asked_for(self) -> tuple[str, ...]:
        """Columns by their own names, where a name of `fields` is another word for one."""
        return tuple(self.alike.get(name.lower(), name) for name in self.fields or self.lean)

    def mistakes(self) -> Iterable[str]:
        yield from super().mistakes()
        yield from names.people(self.fields or ())
        named = self._asked_for() if self.fields else ()
        asked = (column for name in named for column in names.shown(name, self.node))
        if self.node:
            yield from names.mistakes(dict.fromkeys(asked), names.readable(self.node) | {*self.made})

    def words(self) -> Mapping[str, str]:
        """Money by its bare name is what is shown in major units, as rows never have it under that name."""
        return {**self.alike, **{name: f"{name}{MAJOR}" for name in sorted(names.MONEY)}}

    def kinds(self) -> Mapping[str, Column]:
        return {f"{name}{MAJOR}": MONEY_SHOWN for name in names.MONEY}

    def to_query(self) -> Mapping[str, Any]:
        return {**self.sent(), "fields": ",".join(wire_fields(self.columns()))}


class GraphGet(GraphRead):
    """Reads one object by its id."""

    account_id: Owner = None

    whose = OBJECT


class GraphWrite(Graph, Write):
    """Changes one object, or makes one."""

    account_id: Owner = None

    whose, states = OBJECT, STATES
    made_at = ("created_time", "creation_time", "time_created")
    moving: ClassVar[tuple[str, ...]] = ("effective_status",)
    watch: ClassVar[tuple[str, ...]] = ("name",)

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.does == "changes" and not (self.sets() or self.effect()):
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
        if self.does == "makes":
            known = (
                isinstance(made, str | int) and str(made).isdecimal() and answer.get("success", True) is True
            )
            return "" if known else "no new id"
        if not isinstance(answer, dict) or answer.get("success") is not True:
            return "no success: true"
        return "" if not self.subject or made in (None, getattr(self, self.subject)) else "another id"


class GraphChecked(GraphWrite):
    """A write of an edge that honours validate_only; any other edge ignores it and carries the write out."""

    def validation(self) -> Request | None:
        return self.to_request().with_body(execution_options=["validate_only"])


class GraphDelete(GraphWrite, Delete):
    """Deletes an object at the address where it is read and changed. Nothing brings it back."""

    irreversible: ClassVar[str] = NO_RESTORE

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        if hasattr(cls, "http"):
            cls.http = DELETE(cls.http.path)

    def sets(self) -> dict[str, Any]:
        return {"status": "DELETED"}

    def obstacle(self, live: Mapping[str, Any]) -> str:
        return "it is deleted already" if live.get("effective_status") == "DELETED" else ""


class GraphErase(GraphDelete):
    """Deletes an object whose record has no status: it is not there any more afterwards."""

    does = "acts"

    def sets(self) -> dict[str, Any]:
        return {}

    def effect(self) -> str:
        return "deletes it"

    def obstacle(self, live: Mapping[str, Any]) -> str:  # noqa: ARG002
        return ""


def wire_fields(columns: Iterable[str]) -> list[str]:
    """The Graph fields behind the columns."""
    return list(dict.fromkeys(map(names.on_the_wire, columns)))
