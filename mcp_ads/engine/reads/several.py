"""A get of several objects that the platform reads one by one: a row each, which says whose it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from mcp_ads.core import Action, Result, validate
from mcp_ads.core.view import TableView, View
from mcp_ads.engine.answers.error_text import as_row
from mcp_ads.engine.answers.facts import with_facts
from mcp_ads.engine.session.params import account_left_out, checked
from mcp_ads.engine.wire.gathering import gathered
from mcp_ads.engine.wire.heard import heard
from mcp_ads.engine.wire.pages import hash_of
from mcp_ads.errors import AdsError

from .fetching import fetching, shown_of
from .missing import of_objects
from .read import prepared, read
from .spooled import Question, answered, source_of
from .together import ADDED, hidden_of, tagged, telling, warnings_of
from .unread import Lacks, Unread, why
from .whole import Whole

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session
    from mcp_ads.engine.workspace import Workspace

T = TypeVar("T")
KEPT = ("accounts", "warnings", "hidden")
"""What is said of objects that holds for every look at them."""


async def several(
    workspace: Workspace,
    session: Session,
    of: tuple[str, str],
    own: Mapping[str, Any],
    ids: Sequence[str],
    view: View,
) -> Result:
    """A read for each id; where a part of them is asked for, the rows that these are.

    Raises InvalidParams before anything is sent, and what the first one ended with where none is read.
    """
    kind = session.connector.action(*of)
    rest = {name: value for name, value in own.items() if validate.our_name(kind, name) != kind.subject}
    call = Several(workspace, session, kind, of, rest, ids)
    template = call.checked()
    if isinstance(view, TableView) and view.model_fields_set:
        return await call.looked_at(view, template)
    result = call.listed(await call.each(ids))
    if remarks := heard():
        result.meta["warnings"] = [*result.meta.get("warnings", []), *remarks]
    return result


@dataclass(frozen=True)
class Several:
    """One such call: `own` is what is asked of each of the objects."""

    workspace: Workspace
    session: Session
    kind: type[Action]
    of: tuple[str, str]
    own: Mapping[str, Any]
    ids: Sequence[str]

    def checked(self) -> Action:
        """The call for some object. Raises InvalidParams for a mistake in any."""
        example = account_left_out(self.session, self.kind, dict(self.own))
        calls = [checked(self.session, self.kind, params | example) for params in map(self.about, self.ids)]
        return calls[0]

    def about(self, id_: str) -> dict[str, Any]:
        """The parameters for one object."""
        return {**self.own, self.kind.subject: id_}

    def with_columns(self, asked: Action, template: Action) -> Several:
        """The same of what has these columns, where they are others."""
        if asked.columns() == template.columns():
            return self
        names = [name for name in self.own if validate.our_name(self.kind, name) != "fields"]
        return replace(self, own={name: self.own[name] for name in names} | {"fields": [*asked.columns()]})

    async def each(self, ids: Iterable[str]) -> dict[str, Result | AdsError]:
        """What became of each read."""
        return await all_at_once(
            {id_: read(self.workspace, self.session, *self.of, self.about(id_)) for id_ in ids}
        )

    def listed(self, outcomes: Mapping[str, Result | AdsError], *, apart: bool = False) -> Result:
        """The objects as rows, each with whose it is where they are not of one account, or kept `apart`."""
        read = {id_: outcome for id_, outcome in outcomes.items() if isinstance(outcome, Result)}
        lost = {id_: outcome for id_, outcome in outcomes.items() if isinstance(outcome, AdsError)}
        if not read:
            raise lost[self.ids[0]]
        first, said = next(iter(read.values())), [result.meta for result in read.values()]
        meta = {**first.meta, "rows": len(read), "more": False, "warnings": warnings_of([*read.items()])}
        meta |= hidden_of(str(known.get("hidden") or "") for known in said)
        data, columns = [result.data for result in read.values()], first.columns
        owners = {known.get("account") for known in said}
        if apart or len(owners) > 1:
            currencies = {known.get("currency") for known in said}
            tags = [(known.get("account"), known.get("currency")) for known in said]
            data = [tagged(row, *whose) for row, whose in zip(data, tags, strict=True)]
            columns = telling(currencies, columns)
            meta |= {"account": "", "accounts": len(owners - {None})}
            meta["currency"] = "" if len(currencies) > 1 else first.meta.get("currency", "")
        errors = [as_row(self.ids.index(id_), error) for id_, error in lost.items()]
        if not self.kind.private:
            errors = of_objects(self.kind.subject, self.ids, errors)
        known = {name: fact for name, fact in meta.items() if fact not in ("", [])}
        return Result(data, known, errors, columns)

    async def looked_at(self, view: TableView, template: Action) -> Result:
        """The rows of a view, with what it needs of them; their money is told apart by whose they are."""
        wide = self.with_columns(fetching(template, view, "", tuple(ADDED)), template)
        asked = {id_: prepared(self.session, self.kind, wide.about(id_)) for id_ in self.ids}
        found = await all_at_once(asked)
        lost = {id_: outcome for id_, outcome in found.items() if isinstance(outcome, AdsError)}
        calls = {id_: outcome for id_, outcome in found.items() if isinstance(outcome, tuple)}
        if not calls:
            raise lost[self.ids[0]]
        accounts = [*dict.fromkeys(account for _, account in calls.values())]
        apart, (call, first) = len(accounts) > 1, next(iter(calls.values()))
        account, beside = (None, tuple(ADDED)) if apart else (first, ())
        widened = fetching(template, view, account.currency if account else "", beside)
        wide = self.with_columns(widened, template)

        async def rows() -> Whole:
            outcomes: dict[str, Result | AdsError] = {**await wide.each(calls), **lost}
            got = wide.listed({id_: outcomes[id_] for id_ in self.ids}, apart=apart)
            gone = [(id_, one) for id_ in self.ids if isinstance(one := outcomes[id_], AdsError)]
            meta = {name: fact for name, fact in got.meta.items() if name in KEPT}
            meta |= Lacks(len(self.ids), [Unread(id_, why(one)) for id_, one in gone], what="").facts
            return Whole(replace(got, meta=meta), lambda: got.data)

        source = source_of(self.session, call, widened, account)
        columns, kinds = shown_of(template.columns()), source.kinds
        if apart:
            columns = telling({known.currency if known else None for known in accounts}, columns)
            kinds = {**kinds, **ADDED}
        whose = tuple((self.session.connector.name, known.id) for known in accounts if known)
        source = replace(source, columns=columns, kinds=kinds, accounts=whose)
        key = hash_of(self.session.identity, call, self.ids, whose, columns=False)
        result = await answered(self.workspace, Question(key, view, source, rows))
        return with_facts(self.session, result, account, call)


async def all_at_once(asked: Mapping[str, Awaitable[T]]) -> dict[str, T | AdsError]:
    """What became of each, all at once. Raises what is no AdsError of one."""
    with gathered():
        outcomes = await asyncio.gather(*asked.values(), return_exceptions=True)
    found: dict[str, T | AdsError] = {}
    for id_, outcome in zip(asked, outcomes, strict=True):
        if isinstance(outcome, BaseException) and not isinstance(outcome, AdsError):
            raise outcome
        found[id_] = outcome
    return found
