"""Which accounts a call about several means: all there are that may be used, or those it names."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mcp_ads.clients import Client
from mcp_ads.connectors import canonical
from mcp_ads.core import Account, validate
from mcp_ads.core.synonyms import cut
from mcp_ads.errors import AdsError, ApiError, InvalidParams, NotFound, OutOfScope
from mcp_ads.platforms import SHORT

from .of_clients import client_named, clients_called, either, known_clients, with_whole_titles
from .unread import why

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session
    from mcp_ads.engine.workspace import Workspace

PARAM, ALL = "accounts", "all"
MOST = 500
"""Accounts of one call; what all there are has beyond them is said to be left out."""
NONE_LISTED = "lists no account"
"""What is said of a connection that can see nothing: the token may lack a permission."""
UNDERSTOOD = 'write "all", or ids such as'
UNSEEN = "some accounts of client {}: no connection sees {}"
MOST_MEANT = 5
_WORDS = re.compile(r"\w+")
Pair = tuple["Session", Account]


@dataclass(frozen=True)
class Named:
    """The accounts of a call, each once and with the connection that may use it; why there may be others."""

    accounts: list[Pair]
    gaps: list[str]


@dataclass
class _Sight:
    """What one connection can see: its accounts, why these may not be all, or the error it ended with."""

    session: Session
    accounts: list[Account] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    error: AdsError | None = None

    @property
    def place(self) -> str:
        """What stands before its accounts' ids, where several platforms have some."""
        return place_of(self.session)

    def pair(self, word: str) -> Pair | None:
        """The account an id means here; None where it is none that is listed."""
        plain = self.session.connector.plain_id(word)
        return next(((self.session, account) for account in self.accounts if account.id == plain), None)


def place_of(session: Session) -> str:
    """What people write before the ids of a platform's accounts."""
    return SHORT.get(session.connector.name, session.connector.name)


async def accounts_named(workspace: Workspace, named: Any, connectors: Sequence[str]) -> Named:
    """The accounts that `named` means: "all", or ids as a list or with commas between them.

    An id is plain (123), in a spelling of its platform, or has the platform's name before it and a colon;
    client:acme stands for all accounts of a client. Raises InvalidParams with a line for each that means
    none, or several, OutOfScope for one that may not be used, and what all connections ended with where none
    can say what it has.
    """
    sessions = [session for name in connectors for session in workspace.sessions(name)]
    return await accounts_of(workspace, named, sessions, every=True)


async def accounts_of(
    workspace: Workspace, named: Any, sessions: Sequence[Session], *, every: bool = False
) -> Named:
    """The accounts that `named` means among those of these connections. Raises as `accounts_named`.

    Unless they are `every` connection there is, a client's accounts on other platforms are not missed.
    """
    words = with_whole_titles(workspace.settings, _words(named))
    sights = await asyncio.gather(*(_seen(workspace, session) for session in sessions))
    if ALL in words:
        return _every(sights)
    found, gaps, mistakes = list[Pair](), list[str](), list[str]()
    for word in words:
        try:
            more = Named([], [])
            if client := client_named(workspace.settings, word):
                more = await _of_client(client, sights, every=every)
            elif there := [sight for sight in sights if sight.session.connector.name == canonical(word)]:
                more = _every(there)
            else:
                more.accounts.append(await _meant(word, sights))
            found, gaps = [*found, *more.accounts], [*gaps, *more.gaps]
        except InvalidParams as mistake:
            mistakes += mistake.lines
    if mistakes:
        raise InvalidParams("\n".join(mistakes))
    if not found:
        raise InvalidParams(f"{PARAM}: {'; '.join(gaps)}")
    return Named(_once(found), gaps)


async def _of_client(client: Client, sights: Sequence[_Sight], *, every: bool) -> Named:
    """A client's accounts; those that no connection sees are a gap. Raises InvalidParams, OutOfScope."""
    there = {sight.session.connector.name for sight in sights}
    found, unseen = list[Pair](), list[str]()
    for (connector, _), word in zip(client.accounts, client.ids, strict=True):
        if connector not in there and not every:
            continue
        try:
            found.append(await _meant(word, sights))
        except OutOfScope:
            raise
        except AdsError:
            unseen.append(word)
    if not found and not unseen:
        has = ", ".join(client.ids[:MOST_MEANT])
        raise InvalidParams(
            f"{PARAM}: client:{client.name} has no account of {' or '.join(there)}, but {has}"
        )
    return Named(found, [UNSEEN.format(client.name, ", ".join(unseen))] if unseen else [])


def _words(named: Any) -> list[str]:
    """The ids as they were written. Raises InvalidParams."""
    if isinstance(named, str) and named.strip().startswith("["):
        try:
            named = json.loads(named)
        except ValueError:
            raise InvalidParams(f'{PARAM}: no list; {UNDERSTOOD} "123,456"') from None
    given = named.split(",") if isinstance(named, str) else named if isinstance(named, list) else [named]
    words = [str(word).strip() for word in given if isinstance(word, str | int) and str(word).strip()]
    if not words or len(words) > MOST:
        many = f"at most {MOST} in one call" if words else f"empty; {UNDERSTOOD} 123"
        raise InvalidParams(f"{PARAM}: {many}")
    words = [ALL if word.lower() == ALL else word for word in dict.fromkeys(words)]
    if ALL in words and (others := [word for word in words if word != ALL]):
        raise InvalidParams(f'{PARAM}: "all" has every account: not beside {cut(", ".join(others))}')
    return words


async def _seen(workspace: Workspace, session: Session) -> _Sight:
    """What a connection can see; those of its list that the platform does not list are looked for by id."""
    accounts, sight = session.accounts, _Sight(session)
    try:
        allowed = accounts.allowed
        workspace.check_configured(session)
        sight.accounts = await accounts.all()
        sight.gaps = [f"{session.platform.label}: {gap}" for gap in accounts.gaps]
    except ApiError as error:
        sight.error = error
        sight.accounts = [Account(account_id) for account_id in allowed]
        return sight
    except AdsError as error:
        sight.error = error
        return sight
    listed = {account.id for account in sight.accounts}
    for account_id in allowed:
        if account_id not in listed:
            try:
                sight.accounts.append(await accounts.get(account_id))
            except ApiError:  # it is named among what was not read, with why
                sight.accounts.append(Account(account_id))
    return sight


def _every(sights: Iterable[_Sight]) -> Named:
    """All accounts that connections see. What a caller may not use is not spoken of."""
    found, gaps, errors = list[Pair](), list[str](), list[AdsError]()
    for sight in sights:
        found += [(sight.session, account) for account in sight.accounts]
        gaps += sight.gaps
        errors += [sight.error] if sight.error else []
        if sight.error and not sight.accounts and not isinstance(sight.error, OutOfScope):
            gaps.append(f"{sight.session.platform.label}: {why(sight.error)}")
        elif not (sight.error or sight.accounts or sight.gaps):
            gaps.append(f"{sight.session.platform.label}: {NONE_LISTED}")
    pairs = _once(found)
    if not pairs:
        raise errors[0] if errors else InvalidParams(f"{PARAM}: the credentials see no account")
    if more := len(pairs) - MOST:
        gaps += [f"{more} more: at most {MOST} in one call"] if more > 0 else []
    return Named(pairs[:MOST], gaps)


def _once(pairs: Iterable[Pair]) -> list[Pair]:
    """Each account once, with the first connection that sees it; one that knows only its id may be dead."""
    known = dict[tuple[str, str], Pair]()
    for session, account in pairs:
        key = session.connector.name, account.id
        if key not in known or known[key][1] == Account(account.id):
            known[key] = session, account
    return [*known.values()]


async def _meant(word: str, sights: Sequence[_Sight]) -> Pair:
    """The one account an id means. Raises InvalidParams, OutOfScope, AdsError."""
    before, _, rest = word.partition(":")
    places = list(dict.fromkeys(sight.place for sight in sights))
    names = {sight.session.connector.name: sight.place for sight in sights}
    example = f"{places[0]}:123"
    called = canonical(before)
    place = names.get(called, SHORT.get(called, before)) if rest else ""
    if place in (*SHORT, *SHORT.values()) and place not in places:
        raise InvalidParams(f"{PARAM}: {cut(word)!r} is not of {' or '.join(names)}; {UNDERSTOOD} {example}")
    within = [sight for sight in sights if sight.place == place] or list(sights)
    wanted = rest if place in places else word
    pairs = _once(pair for sight in within if (pair := sight.pair(wanted)))
    if len(pairs) == 1:
        return pairs[0]
    if pairs:
        several = " or ".join(f"{place_of(session)}:{account.id}" for session, account in pairs)
        raise InvalidParams(f"{PARAM}: {cut(word)!r} is an account of several platforms: write {several}")
    if clients := clients_called(known_clients(within[0].session.settings), word):
        raise InvalidParams(f"{PARAM}: {cut(word)!r} is no id; write {either(clients)}")
    if like := _called(wanted, within):
        raise InvalidParams(f"{PARAM}: {cut(word)!r} is no id; by that name there is {like}")
    if len({sight.place for sight in within}) > 1:
        unseen = "".join(f"; {gap}" for gap in _every(within).gaps)
        raise InvalidParams(
            f"{PARAM}: {cut(word)!r} is no account of {', '.join(places)}; {UNDERSTOOD} {example}{unseen}"
        )
    return await _unlisted(word, wanted, within)


def _called(name: str, sights: Sequence[_Sight]) -> str:
    """The ids of the accounts of a name; of those whose names have it, where none is called just so."""
    pairs = _once((sight.session, account) for sight in sights for account in sight.accounts if account.name)
    wanted, names = _plain(name), {pair[1].name: _plain(pair[1].name) for pair in pairs}
    same = [pair for pair in pairs if names[pair[1].name] == wanted]
    part = wanted and not wanted.isdigit()
    like = same or [pair for pair in pairs if part and wanted in names[pair[1].name]]
    ids = [f"{place_of(session)}:{account.id}" for session, account in like]
    more = f" and {len(ids) - MOST_MEANT} more" if ids[MOST_MEANT:] else ""
    return f"{', '.join(ids[:MOST_MEANT])}{more}"


def _plain(name: str) -> str:
    """The words of a name."""
    return " ".join(_WORDS.findall(name.casefold()))


async def _unlisted(word: str, wanted: str, sights: Sequence[_Sight]) -> Pair:
    """An account the platform lists to nobody, and may show. Raises InvalidParams, OutOfScope, AdsError."""
    refused = list[AdsError]()
    for sight in sights:
        session, source = sight.session, sight.session.connector.accounts
        plain = session.connector.plain_id(wanted)
        if sight.error and not isinstance(sight.error, ApiError):
            refused.append(sight.error)
            continue
        try:
            validate.build(session.connector.action(source.entity, "get"), {source.param: plain})
        except InvalidParams:
            raise InvalidParams(f"{PARAM}: {cut(word)!r} is no id; {UNDERSTOOD} {sight.place}:123") from None
        try:
            return session, await session.accounts.get(plain)
        except OutOfScope as error:
            refused.append(OutOfScope(_ours(error, source.param), fix=error.fix))
        except NotFound as error:
            refused.append(InvalidParams(_ours(error, source.param)))
        except ApiError:
            return session, Account(plain)  # it is named among what was not read, with why
    raise next((error for error in refused if isinstance(error, OutOfScope)), refused[0])


def _ours(error: AdsError, param: str) -> str:
    """What an error says, about the parameter that was given."""
    return str(error).replace(f"{param}:", f"{PARAM}:", 1)
