"""The one path of a call: find the action, validate, check, page through the answers, shape."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..core import Account, Action, Result, Span, dig, validate
from ..core.view import ListView, TableView, View, split, view_of
from ..errors import AdsError, InvalidParams, NotFound
from . import tables
from .accounts import only_allowed
from .pages import Place, collect, hash_of, is_recipe, read_place
from .recipes import Report, drive
from .shape import as_row

if TYPE_CHECKING:
    from .session import Session
    from .workspace import Workspace

SANDBOX_NOTE = "invented data"
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
    session = workspace.session(connector)
    kind = session.connector.action(entity, action)
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
    token, params = _vendor_token(kind, params)
    shown, own = split(kind, params)
    view = validate.build(view_of(kind), shown)
    own = await with_account(session, kind, own)
    if several := _several(kind, own):
        return await _each(workspace, session, entity, action, own, several)
    call = validate.call(entity, action, kind, own)
    account = await session.accounts.of(call)
    call = call.settled(session.context(account))
    result = await _answer(workspace, session, call, view, account, Place(token), report)
    if entity == session.connector.accounts.entity:
        result = only_allowed(session.accounts, result)
    return finished(session, result, account, call)


async def with_account(session: Session, kind: type[Action], params: dict[str, Any]) -> dict[str, Any]:
    """The parameters with the default account, where the action needs one and none is named."""
    name = session.accounts.param
    field = kind.model_fields.get(name)
    named = any(validate.our_name(kind, each) == name for each, value in params.items() if value is not None)
    if field is None or not field.is_required() or named:
        return params
    return {**params, name: await session.accounts.default()}


async def _answer(
    workspace: Workspace,
    session: Session,
    call: Action,
    view: View,
    account: Account | None,
    start: Place,
    report: Report | None,
) -> Result:
    if isinstance(view, TableView):
        return await _spooled(workspace, session, call, view, account, report)
    if is_recipe(call):
        result = await drive(session, call, session.context(account), report=report)
        return _listed(result, call, view)
    if call.pages and isinstance(view, ListView):
        return await _paged(session, call, view, account, start)
    answer = await session.send(call.to_request(), account)
    found = dig(answer, call.records) if call.records else answer
    if call.subject and call.records:
        return _one(call, found, account)
    if isinstance(found, list):
        return _listed(Result([call.to_row(each, account) for each in found]), call, view)
    return Result(call.to_row(found, account), columns=call.columns())


def _one(call: Action, records: list[Any] | None, account: Account | None) -> Result:
    """The record of a get that the platform answers with a list."""
    rows = [call.to_row(each, account) for each in records or []]
    if isinstance(getattr(call, call.subject), list):
        return Result(rows, columns=call.columns())
    if not rows:
        raise NotFound(f"{call.subject}: no object {getattr(call, call.subject)}, or the account does not own it")
    return Result(rows[0], columns=call.columns())


async def _paged(
    session: Session, call: Action, view: ListView, account: Account | None, start: Place
) -> Result:
    whose = hash_of(session.connector.name, call)
    place = read_place(view.cursor, whose) if view.cursor else start
    found = await collect(session, call, view, account, place)
    rows = [call.to_row(each, account) for each in found.records]
    result = Result(rows, columns=call.columns())
    result.cursor_at = lambda row: at.text(whose) if (at := found.place_at(row)) else ""
    return _with_cursor(result, found.after.text(whose) if found.after else "", found.warnings)


async def _spooled(
    workspace: Workspace,
    session: Session,
    call: Action,
    view: TableView,
    account: Account | None,
    report: Report | None,
) -> Result:
    """Rows kept on disk: got once, then filtered, sorted and paged from there."""
    whose = hash_of(session.identity, call.model_copy(update={"fields": None}), session.connector.name)
    rows, meta = workspace.spool.get(whose), dict[str, Any]()
    if rows is None or not view.cursor:
        result = await drive(session, call, session.context(account), report=report)
        if not isinstance(result.data, list):
            return result
        rows, meta = result.data, result.meta
        workspace.spool.put(whose, rows)
    return _window(workspace, call, view, rows, meta, whose)


def _window(
    workspace: Workspace, call: Action, view: TableView, rows: list[dict[str, Any]], meta: dict[str, Any], whose: str
) -> Result:
    chosen = tables.apply(rows, view)
    mine = hash_of(whose, call, view.filter, view.sort, view.top)
    skip = read_place(view.cursor, mine).skip if view.cursor else 0
    page = chosen[skip : skip + view.limit]
    columns = call.columns() or tuple(dict.fromkeys(name for row in rows[:100] for name in row))
    meta |= {"total": len(chosen)}
    if view.save_to:
        meta["saved"] = workspace.spool.save(view.save_to, chosen, columns)
    result = Result(page, meta, columns=columns)
    result.cursor_at = lambda row: Place("", 0, skip + row).text(mine)
    end = skip + len(page)
    return _with_cursor(result, Place("", 0, end).text(mine) if end < len(chosen) else "", [])


def _listed(result: Result, call: Action, view: View) -> Result:
    """A list that came whole, cut to the view's limit."""
    result.columns = result.columns or call.columns()
    if not isinstance(result.data, list) or not isinstance(view, ListView):
        return result
    skip = read_place(view.cursor, "whole").skip if view.cursor else 0
    rows = result.data
    result.data = rows[skip : skip + view.limit]
    result.cursor_at = lambda row: Place("", 0, skip + row).text("whole")
    end = skip + len(result.data)
    return _with_cursor(result, Place("", 0, end).text("whole") if end < len(rows) else "", [])


def _with_cursor(result: Result, cursor: str, warnings: list[str]) -> Result:
    result.meta |= {"rows": len(result.data), "more": bool(cursor)}
    if cursor:
        result.meta["cursor"] = cursor
    if warnings:
        result.meta["warnings"] = [*result.meta.get("warnings", []), *warnings]
    return result


def finished(session: Session, result: Result, account: Account | None, call: Action | None = None) -> Result:
    """The result with its rows cut to their columns and the facts every answer states."""
    result.data = _columns_only(result.data, result.columns)
    meta = dict(result.meta)
    if account:
        meta |= {"account": account.id, "currency": account.currency}
    if call and (days := _range(call, account)):
        meta["range"] = days
    if session.transport.warnings:
        meta["warnings"] = [*meta.get("warnings", []), *session.transport.warnings]
    result.meta = {**noted(session), **{key: value for key, value in meta.items() if value not in ("", [])}}
    return result


def noted(session: Session) -> dict[str, Any]:
    """What every answer says first when its data is not the vendor's."""
    if session.settings.sandbox:
        return {"SANDBOX": SANDBOX_NOTE}
    if session.platform.foreign:
        return {"host": ", ".join(dict.fromkeys(session.platform.hosts.values()))}
    return {}


def _columns_only(data: Any, columns: tuple[str, ...]) -> Any:
    if not columns or columns in (("*",), ("all",)):
        return data
    if isinstance(data, list):
        return [_pick(row, columns) if isinstance(row, dict) else row for row in data]
    return _pick(data, columns) if isinstance(data, dict) else data


def _pick(row: dict[str, Any], columns: tuple[str, ...]) -> dict[str, Any]:
    if row.keys() == set(columns):
        return row
    return {name: row[name] if name in row else dig(row, name) for name in map(_column, columns)}


def _column(name: str) -> str:
    return name.partition("{")[0]


def _range(call: Action, account: Account | None) -> str:
    spans = [value for name in type(call).model_fields if isinstance(value := getattr(call, name), Span)]
    zone = account.timezone if account else "UTC"
    return f"{spans[0].since}..{spans[0].until} {zone}" if spans else ""


def _vendor_token(kind: type[Action], params: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A raw page token under the vendor's own name (after, pageToken, nextToken, start)."""
    names = {getattr(kind.pages, name, "") for name in ("write", "start")} - {""} if kind.pages else set()
    names |= {validate.snake(name) for name in names}
    given = [name for name in params if name in names and name not in kind.model_fields]
    token = str(params[given[0]] or "") if given else ""
    return token, {name: value for name, value in params.items() if name not in given}


def _several(kind: type[Action], params: dict[str, Any]) -> list[str]:
    """The ids when a get names several objects and the platform reads them one by one."""
    if not kind.subject or kind.many:
        return []
    own = validate.normal(kind, params)
    ids = own.get(kind.subject)
    if isinstance(ids, str) and "," in ids:
        ids = [each.strip() for each in ids.split(",")]
    if not isinstance(ids, list):
        return []
    if len(ids) > MOST_IDS:
        raise InvalidParams(f"{kind.subject}: at most {MOST_IDS} ids")
    return [str(each) for each in ids]


async def _each(
    workspace: Workspace, session: Session, entity: str, action: str, params: dict[str, Any], ids: list[str]
) -> Result:
    """A read for each id, at once; what fails is an error of its index."""
    kind = session.connector.action(entity, action)
    own = {**validate.normal(kind, params)}
    calls = [read(workspace, session, entity, action, {**own, kind.subject: each}) for each in ids]
    found = await asyncio.gather(*calls, return_exceptions=True)
    for each in found:
        if isinstance(each, BaseException) and not isinstance(each, AdsError):
            raise each
    good = [each for each in found if isinstance(each, Result)]
    if not good:
        raise next(each for each in found if isinstance(each, AdsError))
    errors = [as_row(index, each) for index, each in enumerate(found) if isinstance(each, AdsError)]
    meta = {**good[0].meta, "rows": len(good), "more": False}
    return Result([each.data for each in good], meta, errors, good[0].columns)
