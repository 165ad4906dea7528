"""Performance answered: accounts asked at once, their rows made into one table, what is missing noted."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Recalled, Result
from mcp_ads.core.dates import parse
from mcp_ads.core.recipe import Report
from mcp_ads.core.view import TableView, result_in
from mcp_ads.engine.reads import spooled
from mcp_ads.engine.reads.earlier import looked_again, source_of
from mcp_ads.engine.reads.of_clients import begun_with
from mcp_ads.engine.reads.scope import identities_of
from mcp_ads.engine.reads.unread import forward
from mcp_ads.engine.reads.whom import accounts_named
from mcp_ads.engine.records.results import GONE, Source, name_of
from mcp_ads.engine.records.rows import Damaged
from mcp_ads.engine.wire.authority import authority
from mcp_ads.engine.wire.pages import hash_of
from mcp_ads.errors import AdsError, InvalidParams, NoRecord
from mcp_ads.files.lock import Busy

from .again import asked_again
from .asking import Asking, Table, shares_of, waits
from .columns import BASE, CHANGE, CLIENT, PERCENT
from .listed import whose_data
from .performance import ListPerformance
from .shares import share_of
from .stated import misnamed
from .widened import widened
from .written import Written, in_cents, totals_of, written

if TYPE_CHECKING:
    from mcp_ads.engine.door import Engine

WHAT, WITHIN = "ads performance.list", "sorted within each currency"
BUSY = 20.0
"""Seconds for which a call waits for another that goes on with the same result."""
TOLD_BY = {BASE: f"name it in fields, too: spend,{BASE}", CLIENT: "by: client, which level may go with"}
"""What a call needs that looks for a column of clients.toml."""
OF_VIEW = ("where", "sort", "top", "group_by", "limit")


async def answered(desk: Engine, call: ListPerformance, view: TableView, report: Report | None) -> Result:
    """The view of a question's rows, read now or kept for its cursor. Raises AdsError."""
    named = await accounts_named(desk, begun_with(desk, view) or "all", list(desk.settings.served))
    call, view = widened(call, view)
    beside = written(call, desk.settings.clients, named)
    asking = Asking(desk, call, shares_of(call, named), named.gaps, beside)
    plain, view = not (view.sort or view.top or view.group_by), _usual(call, view)
    _check_columns(call, view)
    kinds = call.kinds(counted=asking.counted)
    sessions = [session for session, _ in named.accounts]
    identities = sorted({session.identity for session in sessions})
    accounts = tuple((session.connector.name, account.id) for session, account in named.accounts)
    limited = any(session.accounts.limited for session in sessions)
    source = Source(
        "", call.columns(), kinds, call.words(), what=WHAT, accounts=accounts,
        mark=authority().mark, limited=limited, facts=whose_data(sessions), keys=call.split_by,
        identities=identities_of(sessions),
    )  # fmt: skip
    key = hash_of(" ".join(identities), call, accounts, columns=False)
    result = await spooled.answered(desk, spooled.Question(key, view, source, lambda: asking.read(report)))
    return _in_base(await _finished(asking, view, result, plain=plain))


async def gone_on(desk: Engine, params: Mapping[str, Any], report: Report | None) -> Result:
    """The view of an earlier answer's rows, after what is missing of these was asked for. Raises AdsError.

    Where nothing but the result is named, it is the view of the first call.
    """
    handle = str(result_in(params))
    source = source_of(desk, handle)
    if (found := await asked_again(desk, handle, params, report)) is not None:
        return found
    noted = await asyncio.to_thread(desk.records.notes.get, _note(handle))
    asking = None
    if noted:
        await looked_again(desk, {**params, "save_to": ""})  # what is refused asks nothing
        with contextlib.suppress(InvalidParams):  # what is kept says itself what it lacks
            asking = _recalled(desk, noted.facts)
    if not noted or not asking:
        return _said(await looked_again(desk, params))
    if waits(asking.shares) and "cursor" not in params:
        noted, asking = await _completed(desk, handle, source, report)
    shown = noted.facts["view"] if params.keys() <= {"from", "limit", "cursor"} else {}
    result = await looked_again(desk, {**shown, **params})
    _tell_less(result, asking.call, plain=bool(shown and noted.facts["plain"]))
    _say_level(result, asking, {**shown, **params}.get("where"))
    result.partial = _partial(asking, handle)
    return _said(result)


def _partial(asking: Asking, handle: str) -> str:
    """The first line of an answer that is not whole; in the sandbox with what its reports wait for."""
    partial, settings = asking.partial(handle), asking.desk.settings
    ordered = partial != asking.short and any(share.outcome.ordered for share in asking.shares)
    return f"{partial}. {forward(settings)}" if ordered and settings.sandbox else partial


def _said(result: Result) -> Result:
    """The result without facts that say nothing."""
    result.meta = {name: value for name, value in result.meta.items() if value not in ("", [])}
    return _in_base(result)


def _in_base(result: Result) -> Result:
    """The result with what is told in one currency added up, and shown in hundredths."""
    if isinstance(result.data, list) and BASE in result.columns:
        result.meta |= totals_of(result.meta["totals"]) if result.meta.get("totals") else {}
        result.data = [in_cents(row) for row in result.data]
    return result


async def _completed(
    desk: Engine, handle: str, source: Source, report: Report | None
) -> tuple[Recalled, Asking]:
    """What is noted after the missing was asked for; as it stands where another call is about it."""
    notes, name = desk.records.notes, _note(handle)
    with contextlib.ExitStack() as stack, contextlib.suppress(Busy):
        await desk.records.hold(stack, f"results-{name_of(handle)[:2]}", BUSY)
        noted = await asyncio.to_thread(notes.get, name)
        asking = _recalled(desk, noted.facts if noted else {})
        if noted and waits(asking.shares):
            await asking.read(report)
            mark = await asyncio.to_thread(_kept, asking, source, str(noted.facts["mark"]))
            known = {fact: noted.facts[fact] for fact in ("first", "plain")}
            await asyncio.to_thread(notes.put, name, {**asking.noted(noted.facts["view"], mark), **known})
    noted = await asyncio.to_thread(notes.get, name) or Recalled({}, 0.0)
    return noted, _recalled(desk, noted.facts)


def _kept(asking: Asking, source: Source, mark: str) -> str:
    """Keep the rows that were read now beside those of before; the mark of what is kept then."""
    spool = asking.desk.spool
    try:
        kept = spool.get(source.name)
        if kept is None or kept.mark != mark:
            raise InvalidParams(GONE)
        known = {name: kept.meta[name] for name in ("ordered",) if name in kept.meta}
        meta, columns = {**known, **asking.meta}, tuple(asking.call.kinds())
        said = dict.fromkeys([*kept.meta.get("warnings", []), *meta.get("warnings", [])])
        meta |= {"warnings": list(said)} if said else {}
        with kept, contextlib.closing(Table(Result([]), shares=asking.shares)):
            now = spool.put(
                source.name, lambda: asking.rows(row for _, row in kept.table.every()),
                meta, columns, source.kinds,
            )  # fmt: skip
        now.close()
    except Damaged:
        spool.forget(source.name)
        raise InvalidParams(GONE) from None
    if not now.mark:
        raise NoRecord("what came now could not be kept beside what there was", fix="make room on the disk")
    return now.mark


async def _finished(asking: Asking, view: TableView, result: Result, *, plain: bool) -> Result:
    """The answer with what it lacks in its first line; what may still come is noted under its result."""
    notes, handle = asking.desk.records.notes, str(result.meta.get("result", ""))
    if not isinstance(result.data, list):
        return result
    _tell_less(result, asking.call, plain=plain)
    _say_level(result, asking, view.where)
    if view.cursor:
        noted = await asyncio.to_thread(notes.get, _note(handle))
        if noted and noted.facts.get("mark") != noted.facts.get("first"):
            raise InvalidParams(f"cursor: the answer was completed meanwhile: from: {handle} has it whole")
        return result
    result.meta["as_of"] = ""
    result.partial = _partial(asking, handle)
    if (
        handle
        and waits(asking.shares)
        and (kept := await asyncio.to_thread(asking.desk.spool.get, name_of(handle)))
    ):
        kept.close()
        facts = asking.noted(view.model_dump(mode="json", include={*OF_VIEW}), kept.mark)
        await asyncio.to_thread(notes.put, _note(handle), {**facts, "first": kept.mark, "plain": plain})
    return result


def _tell_less(result: Result, call: ListPerformance, *, plain: bool) -> None:
    """Leave out what goes without saying: that percents are such, and of a `plain` answer, whose order nobody
    named, in which order it is.
    """
    percents = [
        name for name, kind in call.kinds().items() if kind.kind == "percent" and name in result.columns
    ]
    result.meta |= {"units": ""} if all(map(_is_pct, percents)) else {}
    lines = [line for line in result.meta.get("warnings", []) if not (plain and line.startswith(WITHIN))]
    result.meta["warnings"] = lines
    if totals := result.meta.get("totals"):
        result.meta["totals"] = _shorter(totals)
    result.data = [_shorter(row) for row in result.data]


def _say_level(result: Result, asking: Asking, where: Any) -> None:
    """Say of what a condition was asked, where that is not what its level is called there."""
    if where:
        result.meta["warnings"] = [*result.meta["warnings"], *misnamed(asking.shares, asking.call.level_of)]


def _shorter(row: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers with change in percent to the hundredth, also those of each currency."""
    shown = dict(row)
    for name, value in row.items():
        if isinstance(value, dict):
            shown[name] = _shorter(value)
        elif _is_pct(name) and value is not None:
            shown[name] = round(value, 2)
    return shown


def _is_pct(name: str) -> bool:
    return name.endswith(f"{CHANGE}{PERCENT}")


def _recalled(desk: Engine, facts: Mapping[str, Any]) -> Asking:
    """A question as it was noted. Raises InvalidParams for one of another shape."""
    try:
        call = ListPerformance.model_validate(facts["call"])
        shares = []
        for noted in facts["shares"]:
            session = desk.session(noted["connector"], noted["connection"])
            known = session.connector.facts
            assert known
            days = noted["days"][0]
            span = parse({"since": days[0], "until": days[1]}).days
            shares.append(share_of(noted, session, known, call.asked(known.platform, span)))
        beside = Written(**facts.get("written", {}))
        return Asking(desk, call, shares, list(facts["gaps"]), beside, float(facts["since"]))
    except (KeyError, TypeError, ValueError, IndexError, AdsError):
        raise InvalidParams(GONE) from None


def _usual(call: ListPerformance, view: TableView) -> TableView:
    """The view, in the order an answer has where none is named: by time, then what cost most."""
    if view.sort or view.group_by:
        return view
    time_columns = [name for name in ("date", "week", "month") if name in call.split_by]
    return view.model_copy(update={"sort": [*time_columns, "-spend"]})


def _note(handle: str) -> str:
    return f"performance-{name_of(handle)}"


def _check_columns(call: ListPerformance, view: TableView) -> None:
    """Raise InvalidParams for a condition or a sort of a column that no row can have, or no group."""
    from mcp_ads.engine.tables.look import Look

    try:
        look = Look(view, call.kinds(), tuple(call.kinds()), "", alike=call.words(), shown=call.columns())
    except InvalidParams as error:
        told = (fix for name, fix in TOLD_BY.items() if f"{name!r} is no column" in str(error))
        error.fix = error.fix or next(told, "")
        raise
    if look.groups and call.fields not in (None, ["*"], ["all"]):
        for name in call.named:
            look.groups.check("fields", name)
