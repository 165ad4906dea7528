"""The one path of a call: find the action, validate, check, page through the answers, shape."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic.fields import FieldInfo

from mcp_ads.core import Account, Action, Result, describe, dig, validate
from mcp_ads.core.view import MOST_ROWS, ListView, TableView, View, split, view_of
from mcp_ads.errors import AdsError, InvalidParams, NotFound

from . import lists, spooled
from .accounts import only_allowed
from .depth import check_depth
from .error_text import as_row
from .facts import finished
from .missing import missing
from .pages import Place, is_recipe
from .policy import check_fields
from .recipes import Report, drive

if TYPE_CHECKING:
    from .session import Session
    from .workspace import Workspace

MOST_IDS = 100


async def execute(
    workspace: Workspace,
    connector: str,
    entity: str,
    action: str,
    params: Mapping[str, Any],
    report: Report | None = None,
) -> Result:
    """Carry out one action of one entity. Raises AdsError."""
    check_depth(params)
    session = workspace.session(connector)
    kind = session.connector.action(entity, action)
    params = session.without_credentials(params)
    if kind.risk != "read":
        return await workspace.write(session, entity, action, dict(params))
    session.check_configured()
    return await read(workspace, session, entity, action, dict(params), report)


async def read(
    workspace: Workspace,
    session: Session,
    entity: str,
    action: str,
    params: dict[str, Any],
    report: Report | None = None,
) -> Result:
    """Carry out an action that changes nothing."""
    kind = session.connector.action(entity, action)
    token, params = _vendor_paging(kind, params)
    shown, own = split(kind, params)
    view = _view(session, kind, shown, own)
    if several := _several(kind, own):
        return await _each(workspace, session, entity, action, own, several)
    call = _checked(session, kind, await with_account(session, kind, own))
    expansions = session.connector.expansions
    check_fields(getattr(call, "fields", None) or (), session.accounts.allowed, expansions)
    account = await session.accounts.of(call)
    call = call.settled(session.context(account))
    result = await _answer(workspace, session, call, view, account, Place(token), report)
    if entity == session.connector.accounts.entity:
        result = only_allowed(session.accounts, result, f"{session.connector.env}_ACCOUNT_IDS")
    return finished(session, result, account, call)


def _view(session: Session, kind: type[Action], shown: dict[str, Any], own: dict[str, Any]) -> View:
    """The view asked for; raises InvalidParams with the mistakes of the other parameters too."""
    try:
        return validate.build(view_of(kind), shown)
    except InvalidParams as wrong:
        lines = [*wrong.lines]
    try:
        _checked(session, kind, own | _account_left_out(session, kind, own))
    except InvalidParams as more:
        lines += more.lines
    raise InvalidParams("\n".join(lines), signature=_signature(session, kind))


async def with_account(session: Session, kind: type[Action], params: dict[str, Any]) -> dict[str, Any]:
    """The parameters with the default account, where the action needs one and none is named.

    The others are validated first: a call that is wrong anyway asks the platform nothing.
    """
    if not (example := _account_left_out(session, kind, params)):
        return params
    _checked(session, kind, params | example)
    try:
        return {**params, session.accounts.param: await session.accounts.default()}
    except InvalidParams as error:
        error.signature = _signature(session, kind)
        raise


def _account_left_out(session: Session, kind: type[Action], params: dict[str, Any]) -> dict[str, Any]:
    """An account that would do, where one is required and none is named."""
    name = session.accounts.param
    field = kind.model_fields.get(name)
    named = any(validate.our_name(kind, each) == name for each, value in params.items() if value is not None)
    if field is None or not field.is_required() or named:
        return {}
    return {name: (field.examples or ["1234567890"])[0]}


def _checked(session: Session, kind: type[Action], params: dict[str, Any]) -> Action:
    return validate.call(*_names(session, kind), kind, params)


def _signature(session: Session, kind: type[Action]) -> str:
    return describe.signature(*_names(session, kind), kind)


def _names(session: Session, kind: type[Action]) -> tuple[str, str]:
    """The entity and the name of an action that is in use."""
    return next(
        (entity.name, name)
        for entity in session.connector.loaded.values()
        for name, each in entity.actions.items()
        if each is kind
    )


async def _answer(
    workspace: Workspace,
    session: Session,
    call: Action,
    view: View,
    account: Account | None,
    start: Place,
    report: Report | None,
) -> Result:
    if isinstance(view, TableView) and (not call.pages or lists.needs_all(view)):
        return await spooled.table(workspace, session, call, view, account, report)
    if call.pages and isinstance(view, ListView):
        return await lists.paged(workspace, session, call, view, account, start)
    if kept := lists.at_hand(workspace, session, call, view):
        return kept
    if is_recipe(call):
        result = await drive(session, call, session.context(account), report=report)
        pending = result.meta.get("pending")
        return result if pending else lists.whole(workspace, result, session, call, view)
    answer = await session.send(call.to_request(), account)
    found = dig(answer, call.records) if call.records else answer
    if call.subject and call.records:
        return _one(call, found, account)
    if isinstance(found, list):
        rows = [call.to_row(each, account) for each in found]
        return lists.whole(workspace, Result(rows), session, call, view)
    return Result(call.to_row(found, account), columns=call.columns())


def _one(call: Action, records: list[Any] | None, account: Account | None) -> Result:
    """The record of a get that the platform answers with a list."""
    rows = [call.to_row(each, account) for each in records or []]
    if isinstance(ids := getattr(call, call.subject), list):
        return Result(rows, {}, _not_found(call.subject, ids, records or []), call.columns())
    if not rows:
        wanted = getattr(call, call.subject)
        raise NotFound(f"{call.subject}: no object {wanted}, or the account does not own it")
    return Result(rows[0], columns=call.columns())


def _not_found(subject: str, ids: list[str], records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """An error for each id that was asked for and did not come."""
    lost, text = missing(subject, ids, records), f"{subject}: no object {{}}, or the account does not own it"
    return [as_row(at, NotFound(text.format(each))) for at, each in enumerate(ids) if each in lost]


def _vendor_paging(kind: type[Action], params: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A raw page token under the vendor's own name (after, pageToken, …), and its page size as our limit."""
    tokens, sizes = _paging_names(kind)
    token = next((str(params[name]) for name in params if name in tokens and params[name] is not None), "")
    rest = {name: value for name, value in params.items() if name not in tokens | sizes}
    size = next((params[name] for name in params if name in sizes), None)
    if size is not None and str(size).isdecimal():
        rest.setdefault("limit", min(int(size), MOST_ROWS))
    return token, rest


@functools.cache
def _paging_names(kind: type[Action]) -> tuple[frozenset[str], frozenset[str]]:
    """The vendor's names of a page token, and of a page's size, where these are no parameters."""
    tokens, sizes = _spellings(kind, "write", "start"), _spellings(kind, "size") - {"limit"}
    own = kind.model_fields.keys()
    return frozenset(tokens - own), frozenset(sizes - own)


def _spellings(kind: type[Action], *roles: str) -> set[str]:
    names = {getattr(kind.pages, role, "") for role in roles} - {""} if kind.pages else set()
    return names | {validate.snake(name) for name in names}


def _several(kind: type[Action], params: dict[str, Any]) -> list[str]:
    """The ids when a get names several objects and the platform reads them one by one."""
    if not kind.subject or kind.many:
        return []
    names = [each for each in params if validate.our_name(kind, each) == kind.subject]
    name = next((each for each in names if params[each] is not None), "")
    if other := [each for each in names if params[each] not in (None, params[name])]:
        raise InvalidParams(f"{other[0]}: not the same as {name}, which is given too")
    ids = params.get(name)
    if isinstance(ids, str) and ids.strip().startswith("["):
        ids = validate.read_text(ids, FieldInfo(annotation=list[str]))
    elif isinstance(ids, str) and "," in ids:
        ids = [each.strip() for each in ids.split(",") if each.strip()]
    if not isinstance(ids, list):
        return []
    if not 1 <= len(ids) <= MOST_IDS:
        raise InvalidParams(f"{name}: 1 to {MOST_IDS} ids")
    if validate.too_long(params[name]):
        raise InvalidParams(f"{name}: {validate.TOO_LONG}")
    return [str(each) for each in dict.fromkeys(map(str, ids))]


async def _each(
    workspace: Workspace, session: Session, entity: str, action: str, params: dict[str, Any], ids: list[str]
) -> Result:
    """A read for each id, at once; what fails is an error of its index."""
    kind = session.connector.action(entity, action)
    own = {name: value for name, value in params.items() if validate.our_name(kind, name) != kind.subject}
    asked = [{**own, kind.subject: each} for each in ids]
    for params_of_one in asked:
        _checked(session, kind, params_of_one | _account_left_out(session, kind, own))
    calls = [read(workspace, session, entity, action, each) for each in asked]
    found = await asyncio.gather(*calls, return_exceptions=True)
    errors = [(index, each) for index, each in enumerate(found) if isinstance(each, AdsError)]
    if fault := next((each for each in found if not isinstance(each, AdsError | Result)), None):
        raise fault
    good = [each for each in found if isinstance(each, Result)]
    if not good:
        raise errors[0][1]
    meta = {**good[0].meta, "rows": len(good), "more": False}
    rows = [as_row(index, error) for index, error in errors]
    return Result([each.data for each in good], meta, rows, good[0].columns)
