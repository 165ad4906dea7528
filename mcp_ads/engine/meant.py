"""Which connection a call means: the one it names, the one whose account it is about, or the default."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Action, Write, validate
from mcp_ads.core.view import split
from mcp_ads.engine.changes.plan import APPEND_TO
from mcp_ads.engine.changes.references import REF, places
from mcp_ads.engine.changes.steps import Step
from mcp_ads.engine.planning.items import expand
from mcp_ads.engine.reads.ask import several_ids, vendor_paging, view_for
from mcp_ads.engine.reads.lists import goes_on
from mcp_ads.engine.selecting.asked import selects, told_by
from mcp_ads.engine.selecting.bids import plainly
from mcp_ads.engine.session.accounts import choices
from mcp_ads.engine.session.each import asked_of_each, none_has
from mcp_ads.engine.session.named import no_connection
from mcp_ads.engine.session.params import account_left_out, checked, signature
from mcp_ads.engine.wire.authority import authority
from mcp_ads.engine.wire.gathering import gathered
from mcp_ads.errors import AdsError, InvalidParams, OutOfScope
from mcp_ads.situation import login_command

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session

    from .workspace import Workspace

PARAM = "connection"
SHOWN = 5


async def meant(
    workspace: Workspace,
    connector: str,
    entity: str,
    action: str,
    params: Mapping[str, Any],
    earlier: Sequence[Step] | None = None,
) -> tuple[Session, dict[str, Any]]:
    """The session a call is for, and its parameters without the connection's name. Raises AdsError.

    One account list never leads to another connection: what a list has is that connection's, whatever the
    credentials of the others can see.
    """
    kind = workspace.connector(connector).action(entity, action)
    rest = {name: value for name, value in params.items() if name != PARAM or PARAM in kind.model_fields}
    named = params.get(PARAM) if len(rest) < len(params) else None
    if named is not None and not (isinstance(named, str) and named.strip()):
        raise InvalidParams(f"{PARAM}: the name of one, as text")
    sessions = workspace.sessions(connector)
    if named:
        session = workspace.session(connector, str(named).strip())
        if session not in sessions:
            labels = [session.platform.label for session in sessions if session.accounts.open]
            raise InvalidParams(no_connection(labels, str(named)))
        return session, rest
    if len(sessions) == 1:
        return sessions[0], rest
    choice = _Choice(workspace, sessions, kind, earlier)
    session = await choice.made(rest)
    return session, rest | choice.account_of(session, rest)


class _Choice:
    """The choice between several connections of one platform, for one call."""

    def __init__(
        self,
        workspace: Workspace,
        sessions: Sequence[Session],
        kind: type[Action],
        earlier: Sequence[Step] | None,
    ) -> None:
        self._workspace, self._sessions, self._kind, self._earlier = workspace, sessions, kind, earlier
        self._param = sessions[0].accounts.param
        there = [session for session in sessions if session.platform.configured and session.accounts.open]
        self._ready = there or list(sessions[:1])

    async def made(self, params: dict[str, Any]) -> Session:
        """The one that everything named in a call belongs to."""
        accounts, ids, refs = self._named(params)
        found = {f"{self._param} {name}": await self._of_account(name) for name in accounts}
        found |= await self._of_objects(ids)
        for number in refs:
            if session := self._of_reference(params, number):
                found[f"@{number}.id"] = session
        if not found:
            found = await self._of_objects(self._parents(params))
        if not found:
            return self._of_cursor(params) or await self._usual(params)
        if len({id(session) for session in found.values()}) > 1:
            shown = [f"{name} of {session.platform.label}" for name, session in found.items()][:SHOWN]
            raise InvalidParams(
                f"the call is about several connections: {', '.join(shown)}",
                fix="one call for each connection; append_to puts their writes in one plan",
            )
        return next(iter(found.values()))

    def _named(self, params: dict[str, Any]) -> tuple[list[str], list[str], list[int]]:
        """The accounts, the objects and the earlier steps that a call names. Raises InvalidParams."""
        accounts, ids, refs = dict[str, None](), dict[str, None](), dict[int, None]()
        plain = self._sessions[0].connector.plain_id
        for account, about in self._calls(params):
            accounts |= {account: None} if account else {}
            for object_id in about:
                if reference := REF.fullmatch(object_id):
                    refs[int(reference[2])] = None
                elif plain(object_id) != account:
                    ids[object_id] = None
        if not accounts:
            refs |= {number: None for _, number, _ in places("", params)}
        return list(accounts), list(ids), list(refs)

    def _parents(self, params: Mapping[str, Any]) -> list[str]:
        """The objects whose own a call lists, where the platform says whose they are."""
        connector = self._sessions[0].connector
        if issubclass(self._kind, Write) or connector.owner is None:
            return []
        rest = vendor_paging(self._kind, dict(params))[1]
        _, own = split(self._kind, rest, view_for(self._kind, rest))
        given = {validate.our_name(self._kind, name): value for name, value in own.items()}
        above = {name: f"{name.removesuffix('_id')}s" for name in given if name.endswith("_id")}
        return [
            str(given[name])
            for name, entity in above.items()
            if entity in connector.names() and isinstance(given[name], str | int)
        ]

    def account_of(self, session: Session, params: Mapping[str, Any]) -> dict[str, str]:
        """The account of the objects whose own a call lists, as a parameter, where the call names none."""
        parents = self._parents(params)
        left_out = parents and account_left_out(session, self._kind, dict(params))
        owners = {session.accounts.known_owner(object_id) for object_id in parents} if left_out else set()
        owner = owners.pop() if len(owners) == 1 else ""
        return {self._param: owner} if owner else {}

    def _calls(self, params: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
        """For each object of a call the account it names, and the ids that tell whose it is."""
        session, kind = self._sessions[0], self._kind
        if issubclass(kind, Write):
            given = {name: params[name] for name in params if validate.snake(name) != "append_to"}
            own = plainly(session, kind, given)
            if selects(kind, own):
                yield told_by(session, kind, own)
                return
            sets = expand(kind, own)
        else:
            rest = vendor_paging(kind, params)[1]
            _, own = split(kind, rest, view_for(kind, rest))
            others = {name: own[name] for name in own if validate.our_name(kind, name) != kind.subject}
            sets = [{**others, kind.subject: object_id} for object_id in several_ids(kind, own)] or [own]
        for given in sets:
            example = account_left_out(session, kind, given)
            account, ids = checked(session, kind, given | example).about(self._param)
            yield "" if example else account, ids if session.connector.owner else []

    async def _of_account(self, account_id: str) -> Session:
        """The connection whose list has an account, or the only one without a list that sees it."""
        listing = [session for session in self._sessions if account_id in session.platform.account_ids]
        if listing:
            return self._only(listing, account_id)
        open_ones = [session for session in self._ready if not session.platform.account_ids]
        if not open_ones:
            known = ", ".join(session.platform.label for session in self._sessions)
            raise OutOfScope(
                f"{self._param}: {account_id} is not one of the allowed accounts of any connection ({known})",
                fix="ads_describe() lists the accounts of each connection",
            )
        if len(open_ones) == 1:
            return open_ones[0]
        seen = await asked_of_each(open_ones, lambda session: session.accounts.lists(account_id))
        holders = [session for session, found in seen if found is True]
        if not holders:
            raise none_has(f"{self._param}: {account_id}", seen)
        return self._only(holders, account_id)

    async def _of_objects(self, ids: Sequence[str]) -> dict[str, Session]:
        """The connection of each object; that of the first is asked about the others before all are."""
        if not ids:
            return {}
        first = await self._of_object(ids[0])
        with gathered():
            others = await asyncio.gather(*(self._of_object(object_id, first) for object_id in ids[1:]))
        return dict(zip(ids, (first, *others), strict=True))

    async def _of_object(self, object_id: str, likely: Session | None = None) -> Session:
        """The connection that may use the account which owns an object; those that know it first."""
        if likely and await self._is_listed_there(object_id, likely):
            return likely
        known = [
            session
            for session in self._ready
            if (owner := session.accounts.known_owner(object_id)) and session.accounts.may_use(owner)
        ]
        if len(known) == 1:
            return known[0]
        seen = await asked_of_each(self._ready, lambda session: session.accounts.owner(object_id, sure=False))
        owned = [(session, owner) for session, owner in seen if isinstance(owner, str) and owner]
        usable = [session for session, owner in owned if session.accounts.may_use(owner)]
        nobodys = [session for session, owner in seen if owner == ""]
        listing = [one for one in self._sessions for _, owner in owned if owner in one.platform.account_ids]
        holders = usable or listing[:1] or [session for session, _ in owned][:1] or nobodys
        if not holders:
            raise none_has(object_id, seen)
        return self._only(holders, object_id)

    async def _is_listed_there(self, object_id: str, session: Session) -> bool:
        """Whether an object's account is in this one's list and no other: then nobody else is asked."""
        try:
            owner = await session.accounts.owner(object_id, sure=False)
        except AdsError:
            return False
        listing = [one for one in self._sessions if owner in one.platform.account_ids]
        return listing == [session]

    def _of_reference(self, params: Mapping[str, Any], number: int) -> Session | None:
        """The connection of the step that a reference means; None where there is no such step."""
        steps = self._earlier
        if steps is None:
            plan_id = next((params[name] for name in APPEND_TO if params.get(name)), None)
            from .workspace import plan_of  # they import one another

            steps = plan_of(self._workspace, str(plan_id)).steps if plan_id else []
        step = steps[number - 1] if 1 <= number <= len(steps) else None
        ours = step and step.connector == self._sessions[0].connector.name
        return self._workspace.session_of(step) if step and ours else None

    def _of_cursor(self, params: dict[str, Any]) -> Session | None:
        """The connection with whose list a cursor goes on; None where nothing tells."""
        if issubclass(self._kind, Write):
            return None
        shown, own = split(self._kind, params, view_for(self._kind, params))
        cursor, session = shown.get("cursor"), self._sessions[0]
        if not isinstance(cursor, str) or not cursor or account_left_out(session, self._kind, own):
            return None
        call = checked(session, self._kind, own)
        ours = (one for one in self._ready if goes_on(self._workspace, one, call, cursor))
        return next(ours, None)

    async def _usual(self, params: dict[str, Any]) -> Session:
        """The default connection, where it has accounts. Else raises InvalidParams with those of each."""
        if authority().accounts is not None and len(self._ready) == 1:
            return self._ready[0]
        if not any(session.platform.configured for session in self._ready):
            return self._ready[0]
        lacks = self._param if account_left_out(self._sessions[0], self._kind, params) else PARAM
        default = self._workspace.settings.default(self._sessions[0].connector.name)
        label = default.label if default else ""
        usual = next((known for known in self._ready if known.platform.label == label), None)
        if usual and not await self._hasnone_has(usual, lacks):
            return usual
        seen = await asked_of_each(self._ready, lambda session: session.accounts.all())
        lines = [
            f"  {session.platform.label}: {found.lines[0] if isinstance(found, AdsError) else choices(found)}"
            for session, found in seen
        ]
        out = [session.platform for session in self._sessions if not session.platform.configured]
        lines += [f"  {it.label}: nobody is signed in; `{login_command(it)}` does it" for it in out]
        names = ", ".join(session.platform.label for session in self._sessions)
        raise InvalidParams(
            "\n".join([f"{lacks}: missing, and there are several connections: {names}", *lines]),
            fix=f"name the account that was meant, or {PARAM}, or ask which",
            signature=signature(self._sessions[0], self._kind),
        )

    async def _hasnone_has(self, session: Session, lacks: str) -> bool:
        """Whether a connection has no account for a call that is about one, or about all there are."""
        accounts, source = session.accounts, session.connector.accounts
        lists = session.connector.action(source.entity, "list")
        listed = session.platform.account_ids or session.platform.default_account
        if listed or not (lacks == self._param or (self._kind is lists and accounts.limited)):
            return False
        try:
            return not await accounts.all() and not accounts.gaps
        except AdsError:
            return False

    def _only(self, sessions: Sequence[Session], what: str) -> Session:
        """The one that is left; raises InvalidParams where it takes a person to choose."""
        if len(sessions) == 1:
            return sessions[0]
        labels = [session.platform.label for session in sessions]
        raise InvalidParams(
            f"{PARAM}: missing; {what} is within reach of {' and '.join(labels)}",
            fix=f'name one of them: {PARAM}="{labels[0]}"',
        )
