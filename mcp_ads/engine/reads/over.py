"""One read over several accounts: asked of all of them, kept as one table, and looked at as a whole."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Action, Read, Result, Span, validate
from mcp_ads.core.kept import marks
from mcp_ads.core.recipe import Report
from mcp_ads.core.view import TableView, split
from mcp_ads.engine.answers.facts import provenance_of_all, stating
from mcp_ads.engine.records.results import Source, name_of
from mcp_ads.engine.records.rows import Damaged
from mcp_ads.engine.records.spool import Kept
from mcp_ads.engine.session.params import account_left_out, checked, signature
from mcp_ads.engine.wire.authority import authority
from mcp_ads.engine.wire.cursors import FORGOTTEN, row_in
from mcp_ads.engine.wire.heard import heard
from mcp_ads.engine.wire.pages import hash_of
from mcp_ads.engine.wire.window import Window
from mcp_ads.errors import InvalidParams

from .ask import vendor_paging
from .fanout import Ask, heard_of
from .fetching import fetching, of_periods, revealing, shown_of
from .glance import Glance
from .joined import Joined, joined
from .of_clients import begun_with
from .scope import identities_of
from .spooled import Question, answered, asked_for, in_time, owned, unfinished
from .together import ADDED, whose_of
from .unread import Lacks, Unread, lacks_of
from .whole import Whole
from .whom import PARAM, Named, accounts_of

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session
    from mcp_ads.engine.workspace import Workspace

OWN_DAYS = "by each account's own calendar"


async def over(
    workspace: Workspace,
    sessions: Sequence[Session],
    entity: str,
    action: str,
    params: Mapping[str, Any],
    report: Report | None = None,
) -> Result:
    """Carry out an action that changes nothing for each account that the call names, of these connections.

    Raises InvalidParams before anything is sent for a call that no account could answer, OutOfScope for an
    account that may not be used, and what they ended with where no account answers.
    """
    session = sessions[0]
    kind = session.connector.action(entity, action)
    view, own, added = _asked(session, kind, session.without_credentials(params))
    template = checked(session, kind, own | account_left_out(session, kind, own))
    if days := of_periods(template, view):
        own |= days
        template = checked(session, kind, own | account_left_out(session, kind, own))
    plain, template = template, revealing(template, view)
    own |= {name: getattr(template, name) for name in template.model_fields_set - plain.model_fields_set}
    asked = fetching(template, view, "", beside=tuple(ADDED))
    if asked.columns() != template.columns():
        rest = {name: own[name] for name in own if validate.our_name(kind, name) != "fields"}
        own = rest | {"fields": list(asked.columns())}
    named = await accounts_of(workspace, begun_with(workspace, view), sessions)
    call = Over(workspace, template, view, named, (entity, action), own, added, report)
    question = call.question(asked)
    result = await call.completed(question) or await answered(workspace, question)
    if remarks := heard():
        result.meta["warnings"] = [*result.meta.get("warnings", []), *remarks]
    return stating(result, question.source.facts, question.source.kinds, "")


def _asked(
    session: Session, kind: type[Action], params: Mapping[str, Any]
) -> tuple[TableView, dict[str, Any], list[str]]:
    """The view, the action's own parameters, and which of the added columns `fields` names among others.

    Raises InvalidParams with all mistakes.
    """
    token, rest = vendor_paging(kind, dict(params))
    shown, own = split(kind, rest, TableView)
    if mistakes := [*_refused(session, kind, own, token)]:
        raise InvalidParams("\n".join(mistakes))
    added: list[str] = []
    if own.get("fields") is not None:
        given = validate.build(Read, validate.named(Read, {"fields": own["fields"]})[0]).fields or []
        added = [name for name in given if name in ADDED]
        own["fields"] = [name for name in given if name not in ADDED] or None
    view = TableView()
    try:
        view = validate.build(TableView, shown)
    except InvalidParams as wrong:
        mistakes += wrong.lines
    try:
        checked(session, kind, own | account_left_out(session, kind, own))
    except InvalidParams as wrong:
        mistakes += wrong.lines
    if mistakes:
        raise InvalidParams("\n".join(mistakes), signature=signature(session, kind))
    return view, own, added


def _refused(session: Session, kind: type[Action], own: Mapping[str, Any], token: str) -> Iterator[str]:
    """Why a call cannot be about several accounts, a line each."""
    param = session.accounts.param
    named = {validate.our_name(kind, name): name for name, value in own.items() if value is not None}
    if kind.risk != "read":
        yield f"{PARAM}: changes are made in one account at a time; name it in {param}, in steps one for each"
    elif kind.private or marks(kind):
        yield f"{PARAM}: an answer about people is one account's; name it in {param}"
    elif param not in kind.model_fields:
        yield f"{PARAM}: this takes no account"
    elif param in named:
        yield f"{named[param]}: {PARAM} is given too; one of the two"
    elif about := [named[name] for name in (kind.subject, *kind.told_by) if name in named]:
        yield f"{about[0]}: it is one account's; leave {PARAM} out"
    if token:
        yield f"{PARAM}: not beside a page token, which goes on with one account's list; `cursor` does"


@dataclass(frozen=True)
class Over:
    """One such call: `template` is the call for some account, `own` what each account is asked with."""

    workspace: Workspace
    template: Action
    view: TableView
    named: Named
    of: tuple[str, str]
    own: dict[str, Any]
    added: Sequence[str]
    report: Report | None

    @property
    def asks(self) -> list[Ask]:
        """What each account is asked."""
        return [Ask(session, *self.of, self.own, account) for session, account in self.named.accounts]

    @property
    def sessions(self) -> list[Session]:
        """The connections of the accounts."""
        return [*dict.fromkeys(session for session, _ in self.named.accounts)]

    def question(self, asked: Action) -> Question:
        """The question whose rows are those of all accounts."""
        accounts = [(session.connector.name, account.id) for session, account in self.named.accounts]
        days = [str(session.context(account).today) for session, account in self.named.accounts]
        who = [session.identity for session in self.sessions]
        source = Source(
            "",
            self.columns(),
            {**asked.kinds(), **ADDED},
            self.template.words(),
            what=f"{accounts[0][0]} {'.'.join(self.of)}",
            accounts=tuple(accounts),
            mark=authority().mark,
            limited=any(session.accounts.limited for session in self.sessions),
            facts=self.facts(),
            keys=self.whose,
            identities=identities_of(self.sessions),
        )
        needed = (*ADDED, *asked.columns()) if shown_of(asked.columns()) else ()
        reused = self.template.spooled and self.template.reused
        key = hash_of("accounts", self.template, who, accounts, days, columns=False)
        return Question(key, self.view, source, self.read, needed, reused)

    def columns(self) -> tuple[str, ...]:
        """The columns to show: of whom a row is, and those of the action."""
        if self.added and getattr(self.template, "fields", None) is None:
            return tuple(dict.fromkeys(["account", *self.added]))
        columns = shown_of(self.template.columns())
        return tuple(dict.fromkeys([*self.whose, *self.added, *columns])) if columns else ()

    @property
    def whose(self) -> tuple[str, ...]:
        """The columns that say of whom a row is, and in which currency where there are several."""
        return whose_of({account.currency for _, account in self.named.accounts})

    def facts(self) -> dict[str, Any]:
        """What the answer states of itself, whatever its rows are."""
        own = {"accounts": len(self.named.accounts), "range": self.days(), "basis": self.template.basis()}
        facts = provenance_of_all(self.sessions) | own
        return {name: value for name, value in facts.items() if value}

    def days(self) -> str:
        """The days of the call, and by whose calendar; "" where it has none."""
        spans, zones = dict[str, None](), dict[str, None]()
        for session, account in self.named.accounts:
            try:
                call = self.template.settled(session.context(account))
            except InvalidParams:  # it is said of that account, where others have such days
                continue
            values = (getattr(call, name) for name in type(call).model_fields)
            for span in (value for value in values if isinstance(value, Span)):
                spans[str(span)], zones[account.timezone] = None, None
        zone = next(iter(zones), "") if len(zones) == 1 else OWN_DAYS
        return f"{' or '.join(spans)} {zone}" if spans else ""

    async def read(self) -> Whole:
        asks = self.asks
        found = await heard_of(self.workspace, asks, self.report)
        return joined(found, Lacks(len(asks), gaps=self.named.gaps))

    async def completed(self, question: Question) -> Result | None:
        """The whole, where the cursor is of a table that lacks accounts: only these are asked, once more.

        None where the table has to be looked at as it is, or made.
        """
        row, name = row_in(self.view.cursor, question.whose) if self.view.cursor else (0, "")
        handle = f"r_{name}"
        if row or not name or owned(self.workspace, handle) is False:
            return None
        if question.key in self.workspace.writing:
            return None
        try:
            kept = await asyncio.to_thread(self.workspace.spool.get, name_of(handle))
        except Damaged:
            return None
        lacks = lacks_of(kept.meta) if kept else None
        if kept is None or lacks is None or not lacks.again:
            if kept:
                kept.close()
            return None
        return await self.asked_again(question, handle, kept, lacks)

    async def asked_again(self, question: Question, handle: str, kept: Kept, lacks: Lacks) -> Result:
        """The whole under the same handle: what was missing is asked, and kept with what was there."""
        known = {one.account: one for one in lacks.again}
        asks = [_again(ask, one) for ask in self.asks if (one := known.get(ask.account.id)) is not None]
        try:
            found = await heard_of(self.workspace, asks, self.report)
        except BaseException:
            kept.close()
            raise
        got = joined(found, lacks, kept)
        source = replace(question.source, name=name_of(handle))
        look = Glance(self.workspace, source, self.view, question.whose, 0, handle, named=True)
        try:
            work = asyncio.to_thread(_put, look, got)
            window = await in_time(self.workspace.writing, question.key, work)
        except Damaged:
            self.workspace.spool.forget(source.name)
            raise InvalidParams(FORGOTTEN) from None
        except InvalidParams as error:
            raise asked_for(self.workspace, error, handle) from None
        result = window or unfinished(question.whose, handle.removeprefix("r_"))
        result.errors = got.result.errors
        return result


def _again(ask: Ask, one: Unread) -> Ask:
    """What an account is asked that was not read: what it began is gone on with."""
    if not one.params:
        return ask
    entity, _, action = one.action.partition(".")
    return replace(ask, entity=entity, action=action, params=one.params)


def _put(look: Glance, got: Joined) -> Window:
    """Keep a table that has more rows now in the place of the one before, and look at it."""
    assert got.rows
    try:
        facts = got.result
        kept = look.workspace.spool.put(
            look.source.name, got.rows, facts.meta, facts.columns, look.source.kinds
        )
    finally:
        got.close()
    return look.window(kept)
