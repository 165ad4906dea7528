"""The one path of a call: find the action, validate, check, page through the answers, shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account, Action, Result, validate
from mcp_ads.core.foreign import is_blank
from mcp_ads.core.page_records import STRANGE, found_in, strange
from mcp_ads.core.recipe import Report
from mcp_ads.core.view import ListView, TableView, View, split
from mcp_ads.engine.answers.facts import with_facts
from mcp_ads.engine.wire.cursors import names_a_row
from mcp_ads.engine.wire.flows import drive, is_recipe
from mcp_ads.engine.wire.pages import Place
from mcp_ads.errors import AuthError, InvalidParams, NotFound, Rejected, TooMuch

from . import lists, people, spooled
from .missing import named, of_objects
from .scope import check_fields, only_allowed
from .whole import INSTEAD

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session
    from mcp_ads.engine.workspace import Workspace
from mcp_ads.engine.session.elsewhere import parents_lacking, placed, placed_rows
from mcp_ads.engine.session.named import of_another_kind
from mcp_ads.engine.session.params import checked, with_account

from .ask import check_page, several_ids, vendor_paging, view_asked, view_for

BLANK = "the platform answered something that has none of the fields of what was asked for"
OTHERWISE = "too much for the platform to answer at once: got in another way, all rows together"


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
    given, (token, params) = params, vendor_paging(kind, params)
    views = view_for(kind, params)
    shown, own = split(kind, params, views)
    view = view_asked(session, kind, shown, own, views)
    check_page(kind, given, view)
    if getattr(view, "accounts", None):
        raise InvalidParams("accounts: one account at a time, under its own parameter")
    if ids := several_ids(kind, own):
        from .several import several

        return await several(workspace, session, (entity, action), own, ids, view)
    call, account = await prepared(session, kind, own)
    of = (entity, action)
    result = await answer_of(workspace, session, of, call, view, account, Place(token), report)
    result = with_facts(session, result, account, call)
    rows = result.data if isinstance(result.data, list) else [result.data]
    as_declared = "fields" not in call.model_fields_set and not getattr(view, "computes", False)
    if as_declared and any(map(is_blank, rows)):
        raise strange(BLANK)
    return result


async def answer_of(
    workspace: Workspace,
    session: Session,
    of: tuple[str, str],
    call: Action,
    view: View,
    account: Account | None,
    start: Place,
    report: Report | None,
) -> Result:
    """What a prepared call answers, with what is to be known of objects that are missing in it."""
    try:
        result = await _answer(workspace, session, call, view, account, start, report)
    except Rejected as error:
        told = of_another_kind(error, dict(call))
        if isinstance(told, NotFound) and not call.private:
            told = await _placed(session, of, told, call, account)
        raise told from None
    is_looked_at = isinstance(view, TableView) and view.computes
    shows_nothing = result.data == [] and isinstance(view, ListView) and not view.cursor
    if shows_nothing and (above := await parents_lacking(session, of[0], call, account)):
        result.meta["warnings"] = [*result.meta.get("warnings", []), *above]
    if of[0] == session.connector.accounts.entity and not is_looked_at:
        result = only_allowed(session.connector, session.accounts, result)
    if not call.private and call.subject:
        errors = await placed_rows(session, of, result.errors, _named(call), account)
        result.errors = of_objects(*_named(call), errors)
    return result


async def _placed(
    session: Session, of: tuple[str, str], error: NotFound, call: Action, account: Account | None
) -> NotFound:
    """The error, which says what the object is instead, or what a list was asked for, where that is known."""
    if call.subject:
        return await placed(session, of, error, _named(call), account)
    if above := await parents_lacking(session, of[0], call, account, refused=True):
        error.args, error.fix, error.platform_text = ("\n".join(above),), "", ""
    return error


def _named(call: Action) -> tuple[str, Any]:
    """The parameter that is the object, and the id or ids it has."""
    return call.subject, getattr(call, call.subject)


async def prepared(
    session: Session, kind: type[Action], own: dict[str, Any]
) -> tuple[Action, Account | None]:
    """The call these parameters are, ready to be sent, and the account it is for. Raises AdsError."""
    call = checked(session, kind, await with_account(session, kind, own))
    expansions = session.connector.expansions
    check_fields(getattr(call, "fields", None) or (), session.accounts.limited, expansions)
    account = await session.accounts.of(call)
    try:
        return call.settled(session.context(account)), account
    except InvalidParams as error:
        raise validate.in_their_words(kind, own, error) from None


async def _answer(
    workspace: Workspace,
    session: Session,
    call: Action,
    view: View,
    account: Account | None,
    start: Place,
    report: Report | None,
) -> Result:
    if isinstance(view, TableView) and _needs_all(call, view):
        if call.private:
            only_saved = not (view.where or view.sort or view.top or view.group_by)
            answer = people.saved if only_saved else people.looked_at
            return await answer(workspace, session, call, view, account)
        return await spooled.table(workspace, session, call, view, account, report)
    if isinstance(view, TableView) and call.spooled:
        return await _page(workspace, session, call, view, account, start, report)
    if call.pages and isinstance(view, ListView):
        return await _listed(workspace, session, call, view, account, start)
    if kept := await lists.at_hand(workspace, session, call, view):
        return kept
    if is_recipe(call):
        result = await drive(session, call, session.context(account), report=report)
        if call.private and isinstance(result.data, list):
            result.data = [call.masked(row) for row in result.data]
        pending = result.meta.get("pending")
        return result if pending else await lists.whole(workspace, result, session, call, view)
    answer = await session.send(call.to_request(), account)
    records = found_in(answer, call.records, call.total) if call.records else answer
    if call.subject:
        found = named(session, call, records if call.records else [records], account)
        return await lists.whole(workspace, found, session, call, view) if view.model_fields_set else found
    found = _shown(call, view, records, account)
    return await lists.whole(workspace, found, session, call, view) if isinstance(found.data, list) else found


def _shown(call: Action, view: View, records: Any, account: Account | None) -> Result:
    """The rows of a list that came in one piece, or one record. Raises PlatformDown for the other one."""
    if isinstance(records, list) and (isinstance(view, ListView) or call.records):
        return Result([call.shown(record, account) for record in records])
    if isinstance(records, list) or isinstance(view, ListView):
        raise strange(STRANGE)
    return Result(call.shown(records, account), columns=call.columns())


def _needs_all(call: Action, view: TableView) -> bool:
    """Whether the answer needs all rows, kept, and not just the next page of them."""
    if call.private and view.cursor and view.save_to:
        return bool(view.where or view.sort or view.top or view.group_by)
    ids = getattr(call, call.subject) if call.subject and not call.private else None
    asked = names_a_row(view.cursor) if view.cursor else bool(view.model_fields_set)
    several = isinstance(ids, list) and asked
    return view.computes or several or (call.spooled and not (call.pages and call.columns()))


async def _listed(
    workspace: Workspace,
    session: Session,
    call: Action,
    view: ListView,
    account: Account | None,
    start: Place,
) -> Result:
    """Rows from pages; where the platform refuses these, all of them in the action's other way."""
    try:
        return await lists.paged(workspace, session, call, view, account, start)
    except AuthError as error:
        if (other := call.instead(error)) is None:
            raise
        result = await drive(session, other, session.context(account))
        result.meta["warnings"] = [INSTEAD.format(error), *result.meta.get("warnings", [])]
    return await lists.whole(workspace, result, session, call, view)


async def _page(
    workspace: Workspace,
    session: Session,
    call: Action,
    view: TableView,
    account: Account | None,
    start: Place,
    report: Report | None,
) -> Result:
    """Rows from pages; where one is too much for the platform, all of them in the action's other way."""
    other = call.otherwise()
    if other is None or not names_a_row(view.cursor):
        try:
            return await lists.paged(workspace, session, call, view, account, start)
        except TooMuch:
            if other is None or view.cursor:
                raise
    result = await spooled.table(workspace, session, other, view, account, report)
    if not view.cursor:
        result.meta["warnings"] = [OTHERWISE, *result.meta.get("warnings", [])]
    return result
