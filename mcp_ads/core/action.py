"""An action: one call a connector can make, declared as its parameters plus its route."""

from __future__ import annotations

import string
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Annotated, Any, ClassVar, Self
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field

from mcp_ads.errors import ApiError, InvalidParams

from .columns import Column
from .context import Account, Context
from .dates import Span
from .door import of_records
from .marks import marks_of
from .money import Amount, Spend
from .owner import PARAMETER, Inside, Owner
from .paginators import Paginator, dig
from .recipe import Flow, Result
from .request import Columns, Request, Risk, Route, Values

Fields = Annotated[
    list[str] | None,
    Field(exclude=True, description="Columns to return instead of the default ones."),
]

HIDDEN = "(hidden)"


class Action(BaseModel):
    """Subclass to declare a call; an instance is that call with valid parameters.

    The fields are the parameters, the docstring the description, Read, Write or Delete the risk. `records`
    is where the rows are in the answer ("" is the whole answer), `total` where a page says how many there
    are in all, `subject` the parameter that names the object acted on, `lean` the columns shown unless
    `fields` says otherwise, `aliases` other names for parameters and `alike` for columns, `sample` what an
    example shows beside the required ones where those alone are no valid call, `said` what people say for
    what the action answers, `periods` the parameters that make rows of single days or months.

    `whose` is how the account is told that the call is for; `belongs_to` the parameter that names an object
    of it, where that is not the `subject`. `many` says that the platform takes a list as `subject`, of at
    most `most_ids`; otherwise a list means one request each. A read that is not `repeatable` is never sent
    twice; one that is `spooled` is kept on disk for a day, and if it is `reused`, another look within the
    hour asks nothing of the platform. One that is `resumed_alone` goes on by what its answer names alone.

    `told_by` are parameters that name an object whose account is meant where the call names none, `retired`
    parameters the platform has no more or ignores, and what to do instead.
    `strangers` is what to do about an id of a `get` that names none of its objects, where ids of others are
    often taken for them; `absent` is what a plan takes for its answer where there is no such object.

    What is `private` is about people: written down nowhere, its `contacts` hidden unless `fields` names them.
    """

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        validate_by_name=True,
        validate_by_alias=True,
        coerce_numbers_to_str=True,
    )

    http: ClassVar[Route]
    risk: ClassVar[Risk]
    pages: ClassVar[Paginator | None] = None
    records: ClassVar[str] = ""
    total: ClassVar[str] = ""
    subject: ClassVar[str] = ""
    lean: ClassVar[tuple[str, ...]] = ()
    aliases: ClassVar[Mapping[str, str]] = {}
    alike: ClassVar[Mapping[str, str]] = {}
    sample: ClassVar[Mapping[str, Any]] = {}
    periods: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    said: ClassVar[str] = ""
    repeatable: ClassVar[bool] = True
    spooled: ClassVar[bool] = False
    reused: ClassVar[bool] = True
    resumed_alone: ClassVar[bool] = False
    many: ClassVar[bool] = False
    private: ClassVar[bool] = False
    contacts: ClassVar[tuple[str, ...]] = ()
    most_ids: ClassVar[int] = 100
    strangers: ClassVar[str] = ""
    absent: ClassVar[Any] = None
    told_by: ClassVar[tuple[str, ...]] = ()
    retired: ClassVar[Mapping[str, str]] = {}
    whose: ClassVar[Owner] = PARAMETER
    belongs_to: ClassVar[str] = ""

    @classmethod
    def understood(cls, text: str, kinds: Collection[type]) -> Any:  # noqa: ARG003
        """A text as a value of these kinds, where the platform spells them so. Raises ValueError."""
        return text

    def to_request(self) -> Request:
        sent = self.to_query(), self.to_body(), self.to_headers()
        of = type(self).__module__.rpartition(".")[2]
        return Request(
            self.http.method, self.to_path(), *sent, self.risk, self.repeatable, private=self.private, of=of
        )

    def to_path(self) -> str:
        parts = {name: quote(str(getattr(self, name)), safe="") for name in in_path(type(self))}
        return self.http.path.format_map(parts)

    def to_query(self) -> Mapping[str, Any]:
        return self.sent() if self.http.method in ("GET", "DELETE") else {}

    def to_body(self) -> Values | None:
        return self.sent() if self.http.method in ("POST", "PUT", "PATCH") else None

    def to_headers(self) -> Mapping[str, str]:
        return self.http.headers

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:  # noqa: ARG002
        """A record as it is shown; platforms put money in major units here."""
        return record

    def to_columns(self, columns: Columns) -> Columns | None:
        """What `to_row` makes of records with these columns, all at once; None where only it can tell."""
        return columns if type(self).to_row is Action.to_row else None

    def shown(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        """A record as an answer has it: of a private action without contacts that were not asked for."""
        row = self.to_row(record, account)
        return self.masked(row) if self.private else row

    def filed(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        """A record as a file of the user's has it, in full; its columns may be more than an answer's."""
        return self.to_row(record, account)

    def masked(self, row: dict[str, Any]) -> dict[str, Any]:
        """A row without the contacts that `fields` does not name."""
        hidden = self._hidden()
        return {name: HIDDEN if name in hidden and value else value for name, value in row.items()}

    def hides(self, *, saved: bool = False) -> str:
        """Which contacts the answer hides and how to get them; empty when none. `saved`: a file has them."""
        hidden = [name for name in self._hidden() if name in self.columns()]
        if not (self.private and hidden):
            return ""
        told = self.pages and not (saved or of_records())
        save = ', or save_to="name.csv" writes them in full' if told else ""
        return f"{', '.join(hidden)}: name them in fields to see them{save}"

    def _hidden(self) -> list[str]:
        named = getattr(self, "fields", None) or ()
        return [name for name in self.contacts if name not in named]

    def columns(self) -> tuple[str, ...]:
        """The columns of the answer; empty means whatever the record has."""
        return tuple(getattr(self, "fields", None) or self.lean)

    def words(self) -> Mapping[str, str]:
        """Other names of this call's columns, and which column each means."""
        return self.alike

    def about(self, param: str) -> tuple[str, list[str]]:
        """The account that the call names, `param` being the parameter for one, and the objects it is about
        of which the platform says whose they are. Either may be empty.
        """
        of = self.belongs_to or self.subject
        named, about = getattr(self, param, None), of if self.whose != PARAMETER else ""
        names = dict.fromkeys([about, *(sorted(in_path(type(self))) if self.whose.kind == "none" else ())])
        values = [getattr(self, name) for name in names if name]
        ids = [one for value in values for one in (value if isinstance(value, list) else [value])]
        return str(named or ""), [str(one) for one in ids if one is not None]

    def inside(self) -> Iterable[Inside]:
        """Objects that the parameters name, each to be one of an account that may be used."""
        return ()

    def strays(self) -> Iterable[str]:
        """Why the call may lead to other accounts than the one it is about: refused where only some accounts
        are allowed.
        """
        return ()

    def strays_from_nobodys(self) -> Iterable[str]:
        """Why a call about an object that no account owns may lead to other accounts; refused likewise."""
        return ()

    def mistakes(self) -> Iterable[str]:
        """What is wrong with a call that an agent made, beyond its parameters one by one."""
        return ()

    def unsure(self) -> Collection[str]:
        """Columns of the call that may not be there: a condition or a sort brings none of these."""
        return ()

    def is_whole(self, answer: Any) -> bool:  # noqa: ARG002
        """Whether an answer to a list of ids has all of these that there are."""
        return True

    def left_out(self) -> str:
        """What the call's own defaults hide of a list, for the answer to say; empty when nothing."""
        return ""

    def told(self, records: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:  # noqa: ARG002
        """What is to be known of records: `hidden` as of `left_out`; `warnings`, `in_part` if rows lack."""
        return {}

    def otherwise(self) -> Action | None:
        """The call that gets all rows in another way, where one page is too much for the platform."""
        return None

    def instead(self, error: ApiError) -> Action | None:  # noqa: ARG002
        """The call that finds the rows in another way, where the platform refuses this one like that."""
        return None

    def basis(self) -> str:
        """What conversions are attributed by, for the answer to say; empty where there are none."""
        return ""

    def earliest(self, today: date) -> date | None:  # noqa: ARG002
        """The first day the platform has numbers of, for a range of `maximum`; None where none is fixed."""
        return None

    def kinds(self) -> Mapping[str, Column]:
        """What kind of value each column has, by the names rows are shown with; others are text, or numbers
        where every value is one.
        """
        return {}

    def flow(self, context: Context) -> Flow:  # noqa: ARG002
        """One request; overridden by actions of several: yields Request, Wait, Progress, returns Result."""
        answer = yield self.to_request()
        return Result(dig(answer, self.records) if self.records else answer)

    def sent(self) -> dict[str, Any]:
        """The given parameters that are not in the path, by their wire names."""
        return self.model_dump(
            mode="json", by_alias=True, exclude_none=True, exclude=set(in_path(type(self)))
        )

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        """The same call with presets as dates and money as exact amounts of the account's currency.

        `live` is the object as it is now, for relative amounts. Raises InvalidParams, one line per mistake.
        """
        known, mistakes = {}, []
        for name, value in ((name, getattr(self, name)) for name in type(self).model_fields):
            try:
                if isinstance(value, Amount | Span):
                    known[name] = self._settle(name, value, context, live)
            except ValueError as mistake:
                mistakes.append(f"{name}: {mistake}")
        if mistakes:
            raise InvalidParams("\n".join(mistakes))
        return self.model_copy(update=known) if known else self

    def _settle(
        self, name: str, value: Amount | Span, context: Context, live: Mapping[str, Any] | None
    ) -> Any:
        if isinstance(value, Span):
            return value.settle(context.today, self.earliest(context.today))
        spend = money_of(type(self))[name]
        now = dig(live, live_path(type(self), name)) if live else None
        return spend.settle(value, context.currency, spend.major(now, context.currency))

    @classmethod
    def indexed(cls) -> Iterable[str]:
        """Columns the answer can have, and what people say for them: what a search finds the action by."""
        return (*cls.lean, cls.said)


class Read(Action):
    """Changes nothing."""

    fields: Fields = None

    risk = "read"


@cache
def in_path(action: type[Action]) -> frozenset[str]:
    """The parameters that stand in the path."""
    route: Route | None = getattr(action, "http", None)
    return frozenset(name for _, name, _, _ in string.Formatter().parse(route.path if route else "") if name)


@cache
def money_of(action: type[Action]) -> Mapping[str, Spend]:
    """The parameters that are money."""
    return {
        name: mark
        for name, field in action.model_fields.items()
        for mark in marks_of(field)
        if isinstance(mark, Spend)
    }


@cache
def live_path(action: type[Action], name: str) -> str:
    """Where the object's record has the value of a money parameter."""
    return money_of(action)[name].at or action.model_fields[name].alias or name
