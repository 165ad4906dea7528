"""An object as the platform has it now: read before a change, compared before it is applied, shown after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ..core import Account, Action, dig
from ..errors import NotFound
from .pages import is_recipe
from .recipes import drive

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
    """The object's record, through the entity's own get. Raises NotFound."""
    kind = session.connector.entity(entity).actions["get"]
    call = kind.model_validate(_params(session, kind, object_id, account, fields, given or {}))
    if is_recipe(call):
        found = (await drive(session, call, session.context(account))).data
    else:
        answer = await session.send(call.to_request(), account)
        found = dig(answer, call.records) if call.records else answer
    if isinstance(found, list):
        found = found[0] if found else None
    if not found:
        raise NotFound(f"no {session.connector.entity(entity).noun} {object_id}, or the account does not own it")
    return dict(found)


def watched(record: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    """The fields of a record by name; one with an expansion under its own name."""
    names = (each.partition("{")[0] for each in fields)
    return {name: value for name in names if (value := record.get(name, dig(record, name))) is not None}


def same(before: Any, after: Any) -> bool:
    """Whether two values mean the same on a platform that spells numbers as text."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return all(same(before.get(key), value) for key, value in after.items())
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(map(same, before, after))
    return _text(before) == _text(after)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    try:
        return f"{float(value):.6f}"
    except (TypeError, ValueError):
        return str(value)


def _params(
    session: Session,
    kind: type[Action],
    object_id: str,
    account: Account | None,
    fields: Iterable[str],
    given: Mapping[str, Any],
) -> dict[str, Any]:
    params: dict[str, Any] = {kind.subject: [object_id] if kind.many else object_id, "fields": list(dict.fromkeys(fields))}
    for name, field in kind.model_fields.items():
        if field.is_required() and name in given and name not in params:
            params[name] = given[name]
    if account and session.accounts.param in kind.model_fields:
        params[session.accounts.param] = account.id
    return params
