"""Objects that were named and did not come: said, never left to be noticed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account, Action, Connector, Result
from mcp_ads.core.as_sent import declared
from mcp_ads.core.own_records import id_names, ids_in, own_records
from mcp_ads.engine.answers.error_text import as_row
from mcp_ads.errors import NotFound, UnknownAction

if TYPE_CHECKING:
    from mcp_ads.engine.wire.connection import Connection

MOST_NAMED = 20


def asked_ids(session: Connection, call: Action) -> list[str]:
    """The ids of the objects a list is to show, where it names them."""
    subject = _subject(session, call)
    given = getattr(call, subject, None) if subject else None
    return list(dict.fromkeys(map(str, given))) if isinstance(given, list) else []


def missing_warning(
    session: Connection, call: Action, ids: Iterable[str], records: Iterable[Mapping[str, Any]]
) -> list[str]:
    """A warning that names what was asked for and is not among the records."""
    lost = missing(session.connector, _subject(session, call), ids, records)
    if not lost:
        return []
    named = ", ".join(lost[:MOST_NAMED]) + (
        f" and {len(lost) - MOST_NAMED} more" if lost[MOST_NAMED:] else ""
    )
    others = [name for name in ("state", "status") if name in type(call).model_fields]
    why = f", left out by {' or '.join(others)}," if others else ""
    return [f"{len(lost)} of the ids asked for did not come (no such object{why} or another's): {named}"]


def check_asked_for(
    session: Connection, call: Action, ids: list[str], records: Iterable[Mapping[str, Any]]
) -> None:
    """See that a list by ids has none that was not asked for; a record need not tell its id.

    Raises PlatformDown: of a list that heeds no ids nothing is known of those that it lacks.
    """
    if not ids:
        return
    subject = _subject(session, call)
    telling = (record for record in records if ids_in(record, subject))
    own_records(telling, subject, ids, session.connector.plain_id)


def missing(
    connector: Connector, subject: str, ids: Iterable[str], records: Iterable[Mapping[str, Any]]
) -> list[str]:
    """The ids none of the records has."""
    plain, names = connector.plain_id, id_names(subject)
    ids_there = {plain(str(record[name])) for record in records for name in names if record.get(name)}
    return [id_ for id_ in ids if plain(id_) not in ids_there]


def named(session: Connection, call: Action, records: list[Any] | None, account: Account | None) -> Result:
    """What a get by id is answered with, of the records that the platform sent.

    Raises NotFound where there is none, and PlatformDown where one is another's.
    """
    wanted, text = (
        getattr(call, call.subject),
        f"{call.subject}: no object {{}}, or the account does not own it",
    )
    records = own_records(records or (), call.subject, wanted, session.connector.plain_id)
    rows = [call.shown(record, account) for record in records]
    if isinstance(wanted, list):
        lost = missing(session.connector, call.subject, wanted, records)
        gone = {id_: NotFound(text.format(id_), fix=call.strangers) for id_ in lost}
        errors = [as_row(at, gone[id_]) for at, id_ in enumerate(wanted) if id_ in gone]
        return Result(rows, {}, errors, call.columns())
    if not rows:
        raise NotFound(text.format(wanted), fix=call.strangers)
    return Result(rows[0], columns=call.columns())


def of_objects(subject: str, ids: Any, errors: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Errors of a list of ids, each with the id it is about."""
    if not isinstance(ids, list):
        return errors
    return [{"index": error["index"], subject: ids[error["index"]], **error} for error in errors]


def _subject(session: Connection, call: Action) -> str:
    """The parameter that names the objects of an action's entity."""
    if call.subject:
        return call.subject
    entity = next(
        (entity for entity in session.connector.loaded.values() if declared(call) in entity.actions.values()),
        None,
    )
    try:
        getting = entity.action("get", session.connector.name) if entity else None
    except UnknownAction:
        return ""
    return getting.subject if getting else ""
