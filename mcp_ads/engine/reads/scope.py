"""What a read may show: columns that keep to the allowed accounts, and rows that are still theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from mcp_ads.connectors import canonical
from mcp_ads.core import Connector, Result
from mcp_ads.engine.session.accounts import Accounts
from mcp_ads.engine.wire.authority import authority
from mcp_ads.engine.wire.window import Window
from mcp_ads.errors import InvalidParams, OutOfScope
from mcp_ads.platforms import SHORT

from .expansions import Expansions, stays

if TYPE_CHECKING:
    from mcp_ads.engine.records.results import Source
    from mcp_ads.engine.session.session import Session
    from mcp_ads.engine.workspace import Workspace

    from .whole import Whole

MOST_SHOWN = 60


_SECRET = re.compile(r"token|secret|password|\bas\s*\(", re.IGNORECASE)


_ACCOUNTS = re.compile(r"ad_?accounts", re.IGNORECASE)


def check_fields(fields: Iterable[str], limited: bool, known: Expansions) -> None:
    """Raise for columns that read credentials, also under another name, or accounts not allowed.

    Only `known` expansions are certain to stay with the object; where some accounts may not be used there
    are no others.
    """
    for field in map(str, fields):
        if _SECRET.search(field):
            raise InvalidParams(f"fields: {field[:MOST_SHOWN]!r} cannot be read here")
        if limited and _ACCOUNTS.search(field):
            raise OutOfScope(
                f"fields: {field[:MOST_SHOWN]!r} reads accounts beside the allowed ones",
                fix="list the accounts by their own entity",
            )
        if limited and not stays(field, known):
            raise OutOfScope(
                f"fields: {field[:MOST_SHOWN]!r} may lead to other accounts, and only some are allowed",
                fix=f"expand nothing but {', '.join(known)}, in plain fields"
                if known
                else "plain fields only",
            )


def only_allowed(connector: Connector, accounts: Accounts, result: Result) -> Result:
    """A list over accounts without those outside the allow-list; its cursors still go on at the right row."""
    if not accounts.limited or not isinstance(result.data, list):
        return result
    kept = [at for at, row in enumerate(result.data) if accounts.may_use(_id_of(connector, row))]
    if len(kept) == len(result.data):
        return result
    count = len(result.data) - len(kept)
    hidden = f"{count} account{'s' if count > 1 else ''} not in {accounts.listed_in}"
    if whose := authority().whose_list:
        hidden = f"what is not among {whose}"
    result.meta |= {"hidden": hidden, "rows": len(kept)}
    if isinstance(result, Window):
        result.numbers = kept
    result.data = [result.data[at] for at in kept]
    return result


def only_allowed_rows(session: Session, got: Whole) -> Whole:
    """All rows of a list over accounts, without those outside the allow-list, and whose they are."""
    connector = session.connector
    if isinstance(got.result.data, list) and got.rows:
        got.result.data = [*got.rows()]
        rows = only_allowed(connector, session.accounts, got.result).data
        got.rows = lambda: rows
        got.accounts = tuple((connector.name, _id_of(connector, row)) for row in rows)
    return got


def _id_of(connector: Connector, row: dict[str, Any]) -> str:
    known = next((row[name] for name in connector.accounts.ids if row.get(name)), "")
    return connector.plain_id(str(known))


def connectors_of(workspace: Workspace, source: Source) -> list[str]:
    """The connectors that rows may be of, by what was asked: one, or all that are configured."""
    there, asked = workspace.settings.platforms, source.what.partition(" ")[0]
    return [asked] if asked in there else [*there]


def check_source(workspace: Workspace, source: Source, word: str) -> None:
    """Raise OutOfScope for kept rows that the caller may not see, or that the settings allow no more.

    Of rows whose accounts are not known, the authority has to be the one they were got with. `word` is the
    parameter that names them.
    """
    acting, there = authority(), workspace.settings.platforms
    known = source.accounts or acting.accounts is None or acting.mark == source.mark
    if not known or not acting.covers(source.accounts):
        raise OutOfScope(
            f"{word}: the result is about other accounts than those {acting.by} may use",
            fix=f"make the call without {word}, for accounts you may use: ads accounts.list has them",
        )
    if gone := [name for name, whose in source.identities if whose not in _identities(workspace, name)]:
        raise OutOfScope(
            f"{word}: the result was got with credentials of {gone[0]} that are not used any more",
            fix=f"make the call without {word}",
        )
    if source.accounts:
        usable = all(
            any(session.accounts.may_use(account) for session in workspace.sessions(name))
            for name, account in source.accounts
            if name in there
        )
    else:
        usable = source.limited or not any(
            session.accounts.limited
            for name in connectors_of(workspace, source)
            for session in workspace.sessions(name)
        )
    if not usable:
        raise OutOfScope(
            f"{word}: the result is about accounts that may not be used any more",
            fix=f"make the call without {word}",
        )


def identities_of(sessions: Iterable[Session]) -> tuple[tuple[str, str], ...]:
    """The connections rows are got with: each a connector, and with whose credentials."""
    return tuple(sorted({(session.connector.name, session.identity) for session in sessions}))


def _identities(workspace: Workspace, name: str) -> set[str]:
    """Whose credentials a connector is used with now; none where it is off."""
    there = workspace.settings.of(name) if name in workspace.settings.platforms else ()
    return {workspace.session(name, platform.label).identity for platform in there}


def spelled(workspace: Workspace, source: Source, word: str) -> list[tuple[str, str]]:
    """What an account's id may stand for in kept rows beside itself: platforms, each with the id there."""
    before, _, rest = word.partition(":")
    named = canonical(before) if rest else ""
    known = {*SHORT, *workspace.settings.platforms}
    found = list[tuple[str, str]]()
    for name in connectors_of(workspace, source):
        if name == named or named not in known:
            plain = workspace.plain_id(name, rest if name == named else word)
            found += [(SHORT.get(name, name), plain)] if plain != word else []
    return found
