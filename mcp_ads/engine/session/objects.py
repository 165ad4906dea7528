"""An object as the platform has it now: read before a change, compared before it is applied, shown after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pydantic

from mcp_ads.core import Account, Action, dig
from mcp_ads.engine.wire.flows import drive, is_recipe
from mcp_ads.errors import InvalidParams, NotFound, PlatformDown

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
    if not isinstance(found, Mapping):
        raise PlatformDown(f"the answer is no {noun}", fix="call again in a minute")
    return dict(found)


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
