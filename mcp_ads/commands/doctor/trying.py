"""Every read action of one connector, each tried once as cheaply as it can be asked for."""

from __future__ import annotations

import itertools
import time
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Action, Result
from mcp_ads.core.view import view_of
from mcp_ads.errors import AdsError, ApiError, InvalidParams, OutOfScope, RateLimited

from . import redacting
from .watch import Watch

if TYPE_CHECKING:
    from mcp_ads.engine.door import Engine
    from mcp_ads.engine.session.session import Session

MOST_REQUESTS, MOST_SECONDS = 250, 900.0
"""What one connector's reads may take together; what is left then is not tried, and said so."""
SHORTEST_RANGE = "yesterday"
NOT_TRIED = "not tried"
NOT_ALLOWED = "it is about what no account owns, and only some accounts are allowed"
OF_OTHERS = "nothing that was read here names an account of the kind that has it"
Read = tuple[str, str, type[Action]]
"""Entity, action and class."""


@dataclass(frozen=True)
class Try:
    """What became of one read; nothing in it is the user's."""

    connector: str
    connection: int
    """Which of the platform's connections, counted from 1: their names are the user's."""
    entity: str
    action: str
    request: str
    outcome: str
    why: str = ""
    status: int = 0
    code: str = ""
    took: str = ""
    requests: int = 0
    columns: list[str] = field(default_factory=list)


RAW: Mapping[tuple[str, str], Callable[[str], dict[str, Any]]] = {
    ("graph", "get"): lambda account: {"path": f"/act_{account}", "fields": ["id"]},
    ("rest", "get"): lambda account: {"path": f"/adAccounts/{account}"},
    ("api", "get"): lambda account: {"path": "/sd/campaigns", "query": {"count": 1}, "profile_id": account},
}
"""Raw reads, about the account itself or as few objects as there can be."""
ELSEWHERE: Mapping[str, tuple[str, str, dict[str, Any], str, str]] = {
    "business_id": ("ad_accounts", "get", {"fields": ["business"]}, "business", "id"),
}
"""Where an id is found that no list is about: a read, its parameters, and where the id is in its answer."""


class Reader:
    """Tries one connector's reads; ids come from what earlier ones found."""

    def __init__(
        self, engine: Engine, session: Session, said: Callable[[str], None], number: int = 1
    ) -> None:
        self.engine, self.session, self.said, self.number = engine, session, said, number
        self.name, self.watch = session.connector.name, Watch(session)
        self.began, self.stop, self.account = time.monotonic(), "", ""
        self.begun = 0
        self.known: dict[str, dict[str, str]] = {}

    def reads(self) -> Iterator[Read]:
        """The reads there are, in the order of the connector's table."""
        connector = self.session.connector
        for entity in connector.names():
            for action, kind in connector.entity(entity).actions.items():
                if kind.risk == "read":
                    yield entity, action, kind

    async def tries(self) -> list[Try]:
        """Every read: first those for which all is known, then again with what they found."""
        waiting, done = list(self.reads()), []
        await self._choose_account()
        while ready := [read for read in waiting if self.params(read) is not None and not self.stop]:
            read = ready[0]
            waiting.remove(read)
            done.append(await self._one(read))
        done += [self._left(read) for read in waiting]
        order = [(entity, action) for entity, action, _ in self.reads()]
        return sorted(done, key=lambda one: order.index((one.entity, one.action)))

    async def _choose_account(self) -> None:
        """The account that is meant, or the first there is."""
        try:
            accounts = await self.session.accounts.all()
        except AdsError:
            return  # what the platform says is told by the reads that need no account
        default = self.session.platform.default_account
        found = [account.id for account in accounts]
        self.account = default if default in found else next(iter(found), "")

    def params(self, read: Read) -> dict[str, Any] | None:
        """The cheapest parameters of a read; None while something is not known."""
        entity, action, kind = read
        if (entity, action) in RAW:
            return RAW[entity, action](self.account) if self.account else None
        given = self._required(read)
        if given is None:
            return None
        spans = (name for name, parameter in kind.model_fields.items() if "Span" in str(parameter.annotation))
        given |= dict.fromkeys(spans, SHORTEST_RANGE)
        return given | ({"limit": 1} if "limit" in view_of(kind).model_fields else {})

    def _named(self, params: dict[str, Any] | None) -> dict[str, Any]:
        """The parameters with the connection that is looked at."""
        return {**(params or {}), "connection": self.session.platform.label}

    def _required(self, read: Read) -> dict[str, Any] | None:
        entity, action, kind = read
        example = {**kind.sample}
        for name, parameter in kind.model_fields.items():
            if not (parameter.is_required() or (name in example and name.endswith("_id"))):
                continue
            if name == self.session.connector.accounts.param:
                value = self.account
            elif _names_one(kind, name):
                value = self.known.get(entity, {}).get(name) or self._elsewhere(entity, action, name)
            else:
                value = (parameter.examples or [*typing.get_args(parameter.annotation), ""])[0]
            if not value:
                return None
            example[name] = value
        return example

    def _elsewhere(self, entity: str, action: str, name: str) -> str:
        """An id that another entity's list found, one of the same family where there is one; not where the
        entity's own list is to find it.
        """
        if action != "list" and "list" in self.session.connector.entity(entity).actions:
            return ""
        having = [(of, ids[name]) for of, ids in self.known.items() if name in ids]
        return max(having, key=lambda one: _alike(one[0], entity), default=("", ""))[1]

    async def _one(self, read: Read) -> Try:
        entity, action, kind = read
        self.begun += 1
        self.said(f"{self.name} {self.begun} of {len(list(self.reads()))}: {entity}.{action}")
        requests, began = self.watch.requests, time.monotonic()
        self.watch.status = 0
        outcome, why, code, row, status = "", "", "", None, 0
        try:
            result = await self.engine.execute(self.name, entity, action, self._named(self.params(read)))
            outcome, row = _outcome(result), _first(result)
            await self._learn(read, row)
        except OutOfScope:
            outcome, why = NOT_TRIED, NOT_ALLOWED
        except InvalidParams as error:
            outcome = InvalidParams.__name__
            if all(line.startswith(f"{self.session.connector.accounts.param}: ") for line in error.lines):
                outcome, why = NOT_TRIED, OF_OTHERS
        except AdsError as error:
            outcome = type(error).__name__
            if isinstance(error, ApiError):
                code, status = redacting.code(error.code), error.status
        took, sent = time.monotonic() - began, self.watch.requests - requests
        self._look_at_bounds(outcome)
        return Try(
            self.name, self.number, entity, action, _request(kind), outcome, why,
            status=status or self.watch.status, code=code, took=redacting.duration(took),
            requests=sent, columns=redacting.columns(row),
        )  # fmt: skip

    async def _learn(self, read: Read, row: Any) -> None:
        """Keep the ids that others need: of the entity's own `get`, and of what only a record names."""
        entity, action, _ = read
        if not isinstance(row, Mapping):
            return
        wanted = [
            name
            for _, _, kind in (read for read in self.reads() if read[0] == entity)
            for name, parameter in kind.model_fields.items()
            if parameter.is_required() and _names_one(kind, name)
        ]
        asked_with = self.params(read) or {}
        for name in wanted:
            own = row.get(name) or row.get(_camel(name))
            if found := own or asked_with.get(name) or row.get("id"):
                self.known.setdefault(entity, {})[name] = str(found)
        for name, (where, by, params, outer, inner) in ELSEWHERE.items():
            if (entity, action) == (where, by):
                asked = {**params, self.session.connector.accounts.param: self.account}
                record = _first(await self.engine.execute(self.name, where, by, self._named(asked))) or {}
                value = record.get(outer)
                found = value.get(inner) if isinstance(value, Mapping) else record.get(f"{outer}.{inner}")
                if found:
                    self.known.setdefault("", {})[name] = str(found)

    def _look_at_bounds(self, outcome: str) -> None:
        if outcome == RateLimited.__name__:
            self.stop = "the platform asks for fewer calls"
        elif self.watch.requests >= MOST_REQUESTS:
            self.stop = f"{MOST_REQUESTS} requests were made"
        elif time.monotonic() - self.began >= MOST_SECONDS:
            self.stop = f"{MOST_SECONDS / 60:.0f} minutes are over"

    def _left(self, read: Read) -> Try:
        """A read that was not tried, and why."""
        entity, action, kind = read
        names = [
            name
            for name, parameter in kind.model_fields.items()
            if parameter.is_required() and _names_one(kind, name)
        ]
        lacking = ", ".join(names) if self.account else "an account"
        why = self.stop or f"nothing that was read here names {lacking or 'one'}"
        return Try(self.name, self.number, entity, action, _request(kind), NOT_TRIED, why)


def _names_one(kind: type[Action], name: str) -> bool:
    """Whether a parameter is an id, or whatever else its objects are told by."""
    return name.endswith("_id") or name == kind.subject


def _alike(one: str, other: str) -> int:
    """How many words two entities begin with alike."""
    pairs = zip(one.split("_"), other.split("_"), strict=False)
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.title() for part in rest)


def _outcome(result: Result) -> str:
    if result.meta.get("pending"):
        return "pending"
    if result.errors:
        return "partial"
    return "ok" if result.data else "empty"


def _first(result: Result) -> Any:
    return next(iter(result.data), None) if isinstance(result.data, list) else result.data


def _request(kind: type[Action]) -> str:
    """The route as it is declared, with the names of what is filled in."""
    route = getattr(kind, "http", None)
    return f"{route.method} {route.path}" if route else ""
