"""An object as the platform has it now: read before a change, compared before it is applied, shown after."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import pydantic

from mcp_ads.core import Account, Action
from mcp_ads.core.own_records import id_names, own_records
from mcp_ads.core.page_records import found_in
from mcp_ads.engine.changes.naming import with_article
from mcp_ads.engine.wire.flows import drive, is_recipe
from mcp_ads.engine.wire.gathering import gathering
from mcp_ads.errors import ApiError, InvalidParams, NotFound, PlatformDown, Rejected, TooMuch

from .named import of_another_kind

if TYPE_CHECKING:
    from .session import Session


async def fetch(
    session: Session,
    entity: str,
    object_id: str,
    account: Account | None,
    fields: Iterable[str],
    given: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The object's record, through the entity's own get: with others of the moment.

    Raises NotFound, and PlatformDown for an answer that is another's or no record.
    """
    kind, noun = session.connector.action(entity, "get"), session.connector.entity(entity).noun
    params = _params(session, kind, object_id, account, fields, given or {})
    try:
        call = kind.model_validate(params)
    except pydantic.ValidationError:
        raise InvalidParams(f"{kind.subject}: {object_id[:60]!r} is no id of {with_article(noun)}") from None
    try:
        if kind.many:
            found = await _among_others(session, kind, params, object_id, account)
        else:
            found = (await _records(session, call, account))[0][:1]
    except Rejected as error:
        raise of_another_kind(error, {kind.subject: object_id}) from None
    if not found:
        raise NotFound(f"no {noun} {object_id}, or the account does not own it", fix=kind.strangers)
    return found[0]


async def _among_others(
    session: Session, kind: type[Action], params: dict[str, Any], object_id: str, account: Account | None
) -> list[dict[str, Any]]:
    """The record of one object, read with all that are asked for alike; empty where it is not there."""
    reads, alike = gathering(), {**params, kind.subject: None}
    read = partial(_listed, session, kind, alike, account)
    if reads is None:
        answer = (await read([object_id]))[0]
        if isinstance(answer, ApiError):
            raise answer
    else:
        group = (session.whose, kind, account and account.id, json.dumps(alike, default=str))
        answer = await reads.ask((group, object_id), group, kind.most_ids, object_id, read)
    return list(answer)


async def _listed(
    session: Session, kind: type[Action], alike: dict[str, Any], account: Account | None, ids: list[str]
) -> list[list[dict[str, Any]] | ApiError]:
    """For each id its record, none where it is not there, or why that is not known.

    A list that is refused says nothing of its ids one by one, and one that was cut nothing of those left
    out: these are read again, by half the list or by what is left of it.
    """
    call = kind.model_validate({**alike, kind.subject: ids})
    try:
        records, whole = await _records(session, call, account)
    except ApiError as error:
        if len(ids) == 1 and isinstance(error, NotFound):
            return [[]]
        if len(ids) == 1 or not isinstance(error, NotFound | Rejected | TooMuch):
            return [error] * len(ids)
        half = len(ids) // 2
        first = await _listed(session, kind, alike, account, ids[:half])
        return [*first, *await _listed(session, kind, alike, account, ids[half:])]
    plain, names = session.connector.plain_id, id_names(kind.subject)
    by_id = {plain(str(record[name])): record for record in records for name in names if record.get(name)}
    answers: dict[str, Any] = {id_: [by_id[plain(id_)]] if plain(id_) in by_id else [] for id_ in ids}
    lost = [id_ for id_ in ids if not answers[id_]]
    if lost and not whole:
        if len(lost) == len(ids):
            return [PlatformDown("the list of what was asked for by id is cut")] * len(ids)
        again = await _listed(session, kind, alike, account, lost)
        answers |= dict(zip(lost, again, strict=True))
    return [answers[id_] for id_ in ids]


async def _records(
    session: Session, call: Action, account: Account | None
) -> tuple[list[dict[str, Any]], bool]:
    """The records a get answers with, and whether these are all there are. Raises ApiError."""
    if is_recipe(call):
        result = await drive(session, call, session.context(account))
        records = result.data if isinstance(result.data, list) else [result.data]
        return [*map(dict, records)], all(row["code"] == "NotFound" for row in result.errors)
    answer = await session.send(call.to_request(), account)
    found = found_in(answer, call.records, call.total) if call.records else [answer]
    records = found if isinstance(found, list) else [found]
    wanted = getattr(call, call.subject)
    return own_records(records, call.subject, wanted, session.connector.plain_id), call.is_whole(answer)


def _params(
    session: Session,
    kind: type[Action],
    object_id: str,
    account: Account | None,
    fields: Iterable[str],
    given: Mapping[str, Any],
) -> dict[str, Any]:
    params: dict[str, Any] = {
        kind.subject: [object_id] if kind.many else object_id,
        "fields": list(dict.fromkeys(fields)),
    }
    for name, field in kind.model_fields.items():
        if field.is_required() and name in given and name not in params:
            params[name] = given[name]
    if account and session.accounts.param in kind.model_fields:
        params[session.accounts.param] = account.id
    return params
