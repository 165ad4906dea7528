"""Tables: got once, kept on disk, then filtered, sorted, grouped, saved and paged there, off the loop."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account, Action, Result
from mcp_ads.core.as_sent import AsSent, declared
from mcp_ads.core.recipe import Report
from mcp_ads.core.view import TableView
from mcp_ads.engine.answers.facts import facts_of
from mcp_ads.engine.records import saving
from mcp_ads.engine.records.results import Source, name_of, new_handle
from mcp_ads.engine.records.rows import Damaged
from mcp_ads.engine.records.spool import Kept
from mcp_ads.engine.session.params import names_of
from mcp_ads.engine.wire.authority import authority
from mcp_ads.engine.wire.cursors import FORGOTTEN, row_cursor, row_in
from mcp_ads.engine.wire.deadline import left
from mcp_ads.engine.wire.pages import hash_of, hashed
from mcp_ads.engine.wire.window import Window
from mcp_ads.errors import InvalidParams, OutOfScope

from .cleaned import cleaned
from .fetching import fetching, in_periods, revealing, shown_of
from .glance import Glance
from .scope import check_source, identities_of, only_allowed_rows
from .whole import Whole, whole

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session
    from mcp_ads.engine.workspace import Workspace

DAMAGED = "what was kept of these rows was not as it was written: set aside, and got anew"
STILL_THERE = 'what was asked for is kept: another look at it begins from "{}"'
REUSED = 3_600
"""Seconds in which another look at a spooled result does not ask the platform again; cursors last a day."""


@dataclass(frozen=True)
class Question:
    """A question whose rows are kept, and one view of them.

    `key` tells it from other questions, whatever is looked for in its rows. `source` is what its rows will
    be, under a name that is still to be given; `read` gets them. `columns` have to be there; a question that
    is `reused` is not asked again within the hour.
    """

    key: str
    view: TableView
    source: Source
    read: Callable[[], Awaitable[Whole]]
    columns: tuple[str, ...] = ()
    reused: bool = False
    whole: bool = False

    @property
    def whose(self) -> str:
        """What a cursor belongs to: the question, and how its rows are looked at."""
        return whose(self.view, self.key, self.source.columns)


def whose(view: TableView, *parts: object) -> str:
    """What a cursor of a look belongs to: `parts` say at which rows, and which of their columns."""
    return hashed(*parts, view.model_dump(mode="json", exclude={"limit", "cursor", "save_to"}))


async def table(
    workspace: Workspace,
    session: Session,
    call: Action,
    view: TableView,
    account: Account | None,
    report: Report | None,
) -> Result:
    """The rows of a view of a result that is kept on disk, or got now."""
    is_whole = isinstance(call, AsSent)
    if is_whole:
        asked = call
    else:
        call = in_periods(revealing(call, view), view)
        asked = fetching(call, view, account.currency if account else "")
    source = source_of(session, call, asked, account)
    source = replace(source, columns=()) if is_whole else source
    key = hash_of(session.identity, call, columns=is_whole)

    async def read() -> Whole:
        got = await whole(session, asked, account, report)
        rows = got.rows
        if is_whole and rows and isinstance(got.result.data, list):  # files have columns that were ordered
            got = replace(got, rows=lambda: (cleaned(workspace, asked, row) for row in rows()))
        is_of_accounts = names_of(session, declared(call))[0] == session.connector.accounts.entity
        return only_allowed_rows(session, got) if is_of_accounts else got

    return await answered(
        workspace,
        Question(
            key,
            view,
            source,
            read,
            () if is_whole else shown_of(asked.columns()),
            call.spooled and call.reused,
            is_whole,
        ),
    )


def source_of(session: Session, call: Action, asked: Action, account: Account | None) -> Source:
    """What the rows of a call will be, under a name that is still to be given; `asked` gets them."""
    return Source(
        "",
        shown_of(call.columns()),
        asked.kinds(),
        call.words(),
        account.currency if account else "",
        f"{session.connector.name} {'.'.join(names_of(session, declared(call)))}",
        accounts=((session.connector.name, account.id),) if account else (),
        mark=authority().mark,
        limited=session.accounts.limited,
        identities=identities_of([session]),
        facts=facts_of(session, account, call),
    )


async def answered(workspace: Workspace, question: Question) -> Result:
    """The view of a question's rows: as they are kept for its cursor, or for another look, or got now.

    Raises AdsError, and InvalidParams for a view that does not fit the rows.
    """
    view, mine = question.view, question.whose
    skip, name = row_in(view.cursor, mine) if view.cursor else (0, "")
    if view.save_to and not view.cursor:
        saving.place_for(workspace.settings.files, view.save_to)
    if writing := workspace.writing.get(question.key):
        await asyncio.wait({writing}, timeout=_seconds())
    damaged: list[str] = []
    try:
        if kept := await _at_hand(workspace, question, skip, name):
            return kept
    except Damaged:
        damaged = [DAMAGED]
    if view.cursor and question.key in workspace.writing:
        return unfinished(mine, name)
    if view.cursor and workspace.spool.keeps:
        raise InvalidParams(FORGOTTEN)
    got, handle = await question.read(), new_handle()
    try:
        if got.rows is None:
            _check_rows(got.result, view)
            return got.result
        work = asyncio.to_thread(_keep, workspace, question, got, handle, skip)
        window = await in_time(workspace.writing, question.key, work)
    except InvalidParams as error:
        raise asked_for(workspace, error, handle) from None
    result = window or unfinished(mine, handle.removeprefix("r_"))
    result.meta["warnings"] = [*damaged, *result.meta.get("warnings", [])]
    result.errors = got.result.errors
    return result


def asked_for(workspace: Workspace, error: InvalidParams, handle: str) -> InvalidParams:
    """The error of a view that does not fit rows which were asked for, and may be kept under a handle."""
    error.sent = "yes"
    if not error.fix and owned(workspace, handle):
        error.fix = STILL_THERE.format(handle)
    return error


async def _at_hand(workspace: Workspace, question: Question, skip: int, name: str) -> Window | None:
    """The view of rows that are kept, for a cursor or another look; None where there are none that fit.

    Raises Damaged, InvalidParams for a cursor of somebody else's rows, and OutOfScope for one of rows of
    accounts that may be used no more.
    """
    handle = f"r_{name}" if name else _noted(workspace, question)
    is_mine = owned(workspace, handle) if handle else None
    if is_mine is False:
        raise InvalidParams(FORGOTTEN)
    if name and is_mine:
        check_source(workspace, workspace.results.get(handle).source, "cursor")
    try:
        known = handle and not (is_mine is None and question.source.limited)
        kept = await asyncio.to_thread(workspace.spool.get, name_of(handle)) if known else None
        if kept is None:
            return None
        if question.view.cursor or _fits(question, kept):
            source = replace(question.source, name=name_of(handle))
            named = bool(is_mine)
            look = Glance(workspace, source, question.view, question.whose, skip, handle, named)
            look = replace(look, whole=question.whole)
            return await asyncio.to_thread(look.window, kept)
    except Damaged:
        workspace.spool.forget(name_of(handle))
        raise
    kept.close()
    return None


def _check_rows(result: Result, view: TableView) -> None:
    """Raise InvalidParams where rows were asked for and the answer is a record, not something unfinished."""
    names = ("where", "sort", "top", "group_by", "save_to")
    given = [name for name in names if getattr(view, name)]
    if given and not result.meta.get("pending"):
        raise InvalidParams(f"{', '.join(given)}: the answer is one record, and not rows")


def _noted(workspace: Workspace, question: Question) -> str:
    """The handle of rows that answer a question already; empty where it is to be asked."""
    if not (question.reused and question.view.computes) or question.view.cursor:
        return ""
    noted = workspace.records.notes.get(f"rows-{question.key}")
    handle = str(noted.facts.get("handle")) if noted and noted.age < REUSED else ""
    if handle and owned(workspace, handle):
        with suppress(OutOfScope):
            check_source(workspace, workspace.results.get(handle).source, "")
            return handle
    return ""


def owned(workspace: Workspace, handle: str) -> bool | None:
    """Whether a handle is of the caller's; None where it is not kept."""
    with suppress(InvalidParams):
        return workspace.results.get(handle).owner == workspace.who().id
    return None


def _fits(question: Question, kept: Kept) -> bool:
    """Whether kept rows are all there are, and have what another look asks for."""
    return not kept.meta.get("coverage") and set(question.columns) <= set(kept.columns)


async def in_time(
    writing: dict[str, asyncio.Task[Window]], name: str, work: Coroutine[Any, Any, Window]
) -> Window | None:
    """Await the work for as long as the call has time: its window, or None while it goes on without us."""
    task = writing[name] = asyncio.create_task(work)
    task.add_done_callback(lambda _: writing.pop(name, None))
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    await asyncio.wait({task}, timeout=_seconds())
    return task.result() if task.done() else None


def _seconds() -> float | None:
    """What is left of the call's time; None without an end."""
    return None if math.isinf(left()) else max(0.0, left())


def unfinished(mine: str, name: str) -> Result:
    """What to go on with while rows are still being written to disk."""
    cursor = row_cursor(0, mine, name)
    said = "got, and still being written to disk; call again with the same parameters and this cursor"
    return Result({"status": "PENDING", "cursor": cursor}, {"pending": True, "warnings": [said]})


def _keep(workspace: Workspace, question: Question, got: Whole, handle: str, skip: int) -> Window:
    """Write what was got under a handle, and look at it; a file it came in is done with then."""
    assert got.rows
    whose_rows = question.source.accounts or got.accounts
    source = replace(question.source, name=name_of(handle), accounts=whose_rows)
    try:
        columns = () if question.whole else shown_of(got.result.columns or question.columns)
        kept = workspace.spool.put(source.name, got.rows, got.result.meta, columns, source.kinds)
    finally:
        got.close()
    named = bool(kept.mark) and workspace.results.put(handle, source, workspace.who().id)
    if named and question.reused:
        workspace.records.notes.put(f"rows-{question.key}", {"handle": handle})
    handle = handle if kept.mark else ""
    look = Glance(workspace, source, question.view, question.whose, skip, handle, named)
    return replace(look, whole=question.whole).window(kept)
