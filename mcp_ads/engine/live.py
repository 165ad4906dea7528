"""An object as the platform has it now: read before a change, compared before it is applied, shown after."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pydantic

from mcp_ads.core import Account, Action, dig
from mcp_ads.core.columns import unexpanded
from mcp_ads.core.runs import run_of
from mcp_ads.errors import InvalidParams, NotFound

from .pages import is_recipe
from .recipes import drive

if TYPE_CHECKING:
    from .session import Session

_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})"
)
_EPOCH = re.compile(r"[0-9]{10}|[0-9]{13}")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


async def fetch(
    session: Session,
    entity: str,
    object_id: str,
    account: Account | None,
    fields: Iterable[str],
    given: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The object's record, through the entity's own get. Raises NotFound."""
    kind, noun = session.connector.action(entity, "get"), session.connector.entity(entity).noun
    try:
        call = kind.model_validate(_params(session, kind, object_id, account, fields, given or {}))
    except pydantic.ValidationError:
        raise InvalidParams(f"{kind.subject}: {object_id[:60]!r} is no id of a {noun}") from None
    if is_recipe(call):
        found = (await drive(session, call, session.context(account))).data
    else:
        answer = await session.send(call.to_request(), account)
        found = dig(answer, call.records) if call.records else answer
    if isinstance(found, list):
        found = found[0] if found else None
    if not found:
        raise NotFound(f"no {noun} {object_id}, or the account does not own it")
    return dict(found)


def watched(record: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    """The fields of a record by name; one with an expansion under its own name."""
    names = (unexpanded(each) for each in fields)
    return {name: value for name in names if (value := record.get(name, dig(record, name))) is not None}


def same(before: Any, after: Any) -> bool:
    """Whether two values are one to a platform that spells numbers as text; absent and null are the same."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return all(same(before.get(key), after.get(key)) for key in {**before, **after})
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(map(same, before, after))
    return bool(_plain(before) == _plain(after)) or _same_moment(str(before), str(after))


def _same_moment(one: str, other: str) -> bool:
    """Whether both are a time with its offset, or one is and the other an epoch, of the same instant."""
    if not any(map(_MOMENT.fullmatch, (one, other))):
        return False
    if not all(_MOMENT.fullmatch(each) or _EPOCH.fullmatch(each) for each in (one, other)):
        return False
    first, second = (run_of(None, each, "UTC").ends for each in (one, other))
    return first is not None and first == second


def covers(now: Any, wanted: Any) -> bool:
    """Whether a value is as wanted, in all that was named; platforms add fields of their own."""
    if isinstance(now, Mapping) and isinstance(wanted, Mapping):
        return all(covers(now.get(key), value) for key, value in wanted.items())
    return same(now, wanted)


def _plain(value: Any) -> Any:
    """A number as a number, whether or not it is text; ids keep all their digits."""
    if isinstance(value, bool):
        return str(value).lower()
    return Decimal(str(value)) if _NUMBER.fullmatch(str(value)) else value


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
