"""Performance answered: accounts asked at once, their rows made into one table, what is missing noted."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Result, Span
from mcp_ads.core.dates import parse
from mcp_ads.core.facts import COUNTS, MONEYS, Row
from mcp_ads.core.recipe import Report
from mcp_ads.core.view import TableView, result_in
from mcp_ads.engine.reads import spooled
from mcp_ads.engine.reads.earlier import looked_again, source_of
from mcp_ads.engine.reads.whole import Whole
from mcp_ads.engine.reads.whom import Named, accounts_named
from mcp_ads.engine.records.results import GONE, Source, name_of
from mcp_ads.engine.records.rows import Damaged
from mcp_ads.engine.wire.authority import authority
from mcp_ads.engine.wire.pages import hash_of
from mcp_ads.errors import AdsError, InvalidParams

from .columns import CHANGE, PERCENT
from .performance import ListPerformance
from .periods import PREVIOUS, YEAR, compared
from .shares import Share, hear, share_of
from .stated import stated
from .sums import Sums

if TYPE_CHECKING:
    from mcp_ads.engine.door import Engine

WHAT, WITHIN = "ads performance.list", "sorted within each currency"
BUSY = 20.0
"""Seconds for which a call waits for another that goes on with the same result."""
OF_VIEW = ("where", "sort", "top", "group_by", "limit")


@dataclass
class Table(Whole):
    """The rows of several shares as one table."""

    shares: list[Share] = field(default_factory=list)

    def close(self) -> None:
        for share in self.shares:
            share.close()


@dataclass
class Asking:
    """One question to accounts: the shares, and when it was first asked. `facts` are what is said of its rows."""

    desk: Engine
    call: ListPerformance
    shares: list[Share]
    gaps: list[str]
    since: float = field(default_factory=time.time)

    async def read(self, report: Report | None) -> Whole:
        """Ask what is to be asked. Raises AdsError where nothing can be told."""
        await hear(self.desk, self.shares, report)
        self._check()
        meta = stated(self.shares, self.gaps, self.call.level_of)
        return Table(Result([], meta, columns=tuple(self.call.kinds())), self.rows, self.shares)

    def rows(self, known: Iterable[Row] = ()) -> Iterator[Row]:
        """The rows of the answer: those known already, and of the shares that were read now."""
        keys, compare = self.call.split_by, bool(self.call.compare)
        now = [share for share in self.shares if share.items and share.outcome.read]
        apart, together = {"platform", "account"} <= {*keys}, Sums(keys, compare=compare)
        ours = {(share.place, share.account.id) for share in now}
        for row in known:
            if not apart:
                together.add_made(row)
            elif (row["platform"], row["account"]) not in ours:
                yield row
        for share in now:
            sums = Sums(keys, compare=compare) if apart else together
            for row, at in share.rows():
                sums.add(row, at)
            if apart:
                yield from sums.rows() or self._nothing(share, sums)
        if not apart:
            yield from together.rows()

    def _nothing(self, share: Share, sums: Sums) -> Iterable[Row]:
        """The row of an account that spent nothing, where each account has one."""
        if self.call.split_by != ("platform", "account", "currency"):
            return ()
        account = share.account
        whose = {"platform": share.place, "account": account.id, "account_name": account.name}
        sums.add({**whose, "currency": account.currency, **dict.fromkeys((*MONEYS, *COUNTS), 0)})
        return sums.rows()

    def _check(self) -> None:
        """Raise the first error where no account was read, and none may still be."""
        if not self.shares or any(share.outcome.read or share.outcome.waits for share in self.shares):
            return
        errors = [item.heard.error for share in self.shares for item in share.items if item.heard]
        error = next(filter(None, errors), None)
        said = stated(self.shares, self.gaps, "").get("coverage", "")
        if error is None:
            raise InvalidParams(f"by: {said}")
        error.args = (f"{error} ({said})",)
        raise error

    def partial(self, handle: str) -> str:
        """The first line of an answer that is not whole; empty where it is."""
        unread = [share for share in self.shares if not share.outcome.read]
        goes_on = f'; from: "{handle}" completes it' if handle and _waits(unread) else ""
        if places := dict.fromkeys(share.place for share in unread if share.outcome.ordered):
            usual = next(share.facts.built for share in unread if share.outcome.ordered)
            at = time.strftime("%H:%M UTC", time.gmtime(self.since))
            return f"{' and '.join(places)} not ready (ordered {at}{usual and ', '}{usual}){goes_on}"
        count = len(self.shares)
        lost = unread or [share for share in self.shares if share.outcome.lost]
        return f"{count - len(lost)} of {count} accounts read; coverage says which not{goes_on}" if lost else ""

    def noted(self, view: Mapping[str, Any], mark: str) -> dict[str, Any]:
        """What has to be known to go on with it: plain values."""
        call = self.call.model_dump(mode="json", exclude_none=True) | {"fields": self.call.fields}
        shares = [share.noted() for share in self.shares]
        return {
            "call": call, "view": view, "mark": mark, "since": self.since, "gaps": self.gaps, "shares": shares
        }  # fmt: skip


async def answered(desk: Engine, call: ListPerformance, view: TableView, report: Report | None) -> Result:
    """The view of a question's rows, read now or kept for its cursor. Raises AdsError."""
    named = await accounts_named(desk, view.accounts or "all", list(desk.settings.served))
    asking = Asking(desk, call, shares_of(call, named), named.gaps)
    plain, view = not (view.sort or view.top or view.group_by), _usual(call, view)
    _check_columns(call, view)
    identities = sorted({session.identity for session, _ in named.accounts})
    accounts = tuple((session.connector.name, account.id) for session, account in named.accounts)
    limited = any(session.accounts.limited for session, _ in named.accounts)
    source = Source(
        "", call.columns(), call.kinds(), call.words(), what=WHAT, accounts=accounts,
        mark=authority().mark, limited=limited, facts=_whose_data(desk),
    )  # fmt: skip
    key = hash_of(" ".join(identities), call, accounts, columns=False)
    result = await spooled.answered(desk, spooled.Question(key, view, source, lambda: asking.read(report)))
    return await _finished(asking, view, result, plain=plain)


async def gone_on(desk: Engine, params: Mapping[str, Any], report: Report | None) -> Result:
    """The view of an earlier answer's rows, after what is missing of these was asked for. Raises AdsError.

    Where nothing but the result is named, it is the view of the first call.
    """
    handle = str(result_in(params))
    source = source_of(desk, handle)
    noted = await asyncio.to_thread(desk.records.notes.get, _note(handle))
    if noted is None:
        return await looked_again(desk, params)
    asking = None
    async with contextlib.AsyncExitStack() as stack:
        inner = stack.enter_context(contextlib.ExitStack())
        await desk.records.hold(inner, _note(handle), BUSY)
        noted = await asyncio.to_thread(desk.records.notes.get, _note(handle)) or noted
        asking = _recalled(desk, noted.facts)
        if _waits(asking.shares):
            await asking.read(report)
            mark = await asyncio.to_thread(_completed, asking, source, str(noted.facts["mark"]))
            facts = asking.noted(noted.facts["view"], mark)
            await asyncio.to_thread(desk.records.notes.put, _note(handle), facts)
    shown = {name: value for name, value in noted.facts["view"].items() if params.keys() <= {"from", "limit"}}
    result = await looked_again(desk, {**shown, **params})
    result.partial = asking.partial(handle)
    return result


def shares_of(call: ListPerformance, named: Named) -> list[Share]:
    """What each account is asked. Raises InvalidParams for days there are none of, and for types."""
    against: str | Span = call.compare
    if call.compare not in ("", PREVIOUS, YEAR):
        against = parse(call.compare)
    shares, mistakes = list[Share](), dict[str, None]()
    for session, account in named.accounts:
        if (facts := session.connector.facts) is None:
            named.gaps.append(f"{session.connector.name} tells nothing to all")
            continue
        today = session.context(account if facts.zone == "account" else None).today
        days = compared(call.range, against, today).both
        asked = [call.asked(facts.platform, both) for both in days]
        mistakes |= dict.fromkeys(facts.mistakes(asked[0]))
        share = Share(session, account, facts, asked, today)
        share.plan(fresh=call.fresh)
        share.settle()
        shares.append(share)
    if mistakes:
        raise InvalidParams("\n".join(mistakes))
    return shares


def _completed(asking: Asking, source: Source, mark: str) -> str:
    """Keep the rows that were read now beside those of before; the mark of what is kept then."""
    spool = asking.desk.spool
    try:
        kept = spool.get(source.name)
        if kept is None or kept.mark != mark:
            raise InvalidParams(GONE)
        meta, columns = stated(asking.shares, asking.gaps, asking.call.level_of), tuple(asking.call.kinds())
        with (
            kept,
            contextlib.closing(Table(Result([]), shares=asking.shares)),
            spool.put(source.name, lambda: asking.rows(row for _, row in kept.table.every()), meta, columns, source.kinds) as now,
        ):
            return now.mark
    except Damaged:
        spool.forget(source.name)
        raise InvalidParams(GONE) from None


async def _finished(asking: Asking, view: TableView, result: Result, *, plain: bool) -> Result:
    """The answer with what it lacks in its first line; what may still come is noted under its result."""
    handle = str(result.meta.get("result", ""))
    if not view.cursor:
        _tell_less(result, asking.call, plain=plain)
    if view.cursor or not any(share.outcome.read or share.outcome.waits for share in asking.shares):
        return result
    result.partial = asking.partial(handle)
    if handle and _waits(asking.shares):
        desk = asking.desk
        kept = await asyncio.to_thread(desk.spool.get, name_of(handle))
        if kept:
            with kept:
                facts = asking.noted(view.model_dump(mode="json", include={*OF_VIEW}), kept.mark)
            await asyncio.to_thread(desk.records.notes.put, _note(handle), facts)
    return result


def _tell_less(result: Result, call: ListPerformance, *, plain: bool) -> None:
    """Leave out what goes without saying: that these percents are such, that rows of now are of now, and in a
    `plain` answer, whose order nobody named, in which order it is.
    """
    percents = [name for name, kind in call.kinds().items() if kind.kind == "percent" and name in result.columns]
    result.meta |= {"as_of": ""} | ({"units": ""} if all(map(_is_pct, percents)) else {})
    lines = [line for line in result.meta.get("warnings", []) if not (plain and line.startswith(WITHIN))]
    totals = result.meta.get("totals", {})
    result.meta |= {"warnings": lines, "totals": _shorter(totals)}
    result.data = [_shorter(row) for row in result.data]


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
    """A question as it was noted. Raises InvalidParams for one of another shape, or of accounts that are gone."""
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
        return Asking(desk, call, shares, list(facts["gaps"]), float(facts["since"]))
    except (KeyError, TypeError, ValueError, IndexError, AdsError):
        raise InvalidParams(GONE) from None


def _usual(call: ListPerformance, view: TableView) -> TableView:
    """The view, in the order an answer has where none is named: by time, then what cost most."""
    if view.sort or view.group_by:
        return view
    time_columns = [name for name in ("date", "week", "month") if name in call.split_by]
    return view.model_copy(update={"sort": [*time_columns, "-spend"]})


def _waits(shares: Iterable[Share]) -> bool:
    return any(share.outcome.waits for share in shares)


def _note(handle: str) -> str:
    return f"performance-{name_of(handle)}"


def _whose_data(desk: Engine) -> dict[str, Any]:
    return {"SANDBOX": "invented data"} if desk.settings.sandbox else {}


def _check_columns(call: ListPerformance, view: TableView) -> None:
    """Raise InvalidParams for a condition or a sort of a column that no row can have, before anything is asked."""
    from mcp_ads.engine.tables.look import Look

    Look(view, call.kinds(), tuple(call.kinds()), "", alike=call.words(), shown=call.columns())
