"""The list and the report of a selection, each read whole or not at all: a part of them selects nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account, Action, Result
from mcp_ads.engine.answers.facts import facts_of
from mcp_ads.engine.reads.read import prepared
from mcp_ads.engine.reads.whole import Whole, whole
from mcp_ads.engine.session.params import EVERY
from mcp_ads.errors import InvalidParams, PlatformDown, TooMuch

from .asked import OVER, Wanted
from .columns import Sides

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session

NOTHING = "nothing is planned"
INCOMPLETE = "call again; narrow it down where that does not help"


@dataclass
class Read:
    """What was read of one account: every object, and every row of what they did; close it when done.

    `range` are the days of the report with their time zone, `today` is the day it is in the account, `param`
    the parameter that names it, `quiet` how remarks begin that say nothing here.
    """

    account: Account | None
    listed: Action
    objects: Whole
    measured: Action | None = None
    figures: Whole | None = None
    range: str = ""
    today: date = date.max
    param: str = ""
    quiet: tuple[str, ...] = ()

    @property
    def pending(self) -> bool:
        """Whether the platform is still at work on the report."""
        return self.figures is not None and bool(self.figures.result.meta.get("pending"))

    def close(self) -> None:
        """Be done with the files the rows came in."""
        self.objects.close()
        if self.figures:
            self.figures.close()


async def read_of(session: Session, wanted: Wanted, sides: Sides) -> Read:
    """Everything a selection looks at. Raises AdsError, also for what could not be read whole."""
    listed, account = await _prepared(session, sides.listed, wanted.account(session.accounts.param))
    if sides.measured is None or sides.figures is None:
        read = Read(account, listed, await _all(session, listed, account))
    else:
        measured = await _measured(session, wanted, sides, account)
        objects, figures = await asyncio.gather(
            _all(session, listed, account), _all(session, measured, account), return_exceptions=True
        )
        read = Read(account, listed, _got(objects, figures), measured, _got(figures, objects))
        read.today = session.context(account).today
        read.range = str(facts_of(session, account, measured).get("range", ""))
    read.param, read.quiet = session.accounts.param, sides.figures.quiet if sides.figures else ()
    return _whole(read, sides)


async def figures_of(session: Session, wanted: Wanted, sides: Sides, account: Account | None) -> Read:
    """Only what objects did, whichever these are. Raises AdsError, as `read_of`."""
    measured = await _measured(session, wanted, sides, account)
    figures = await _all(session, measured, account)
    read = Read(account, sides.listed, Whole(Result([]), list), measured, figures)
    read.range = str(facts_of(session, account, measured).get("range", ""))
    return _whole(read, sides)


async def _measured(session: Session, wanted: Wanted, sides: Sides, account: Account | None) -> Action:
    """The call of the report, for an account and its days. Raises InvalidParams."""
    assert sides.figures
    assert sides.measured
    if account is None:
        raise InvalidParams(f"{OVER}: no account has these {wanted.entity}, so nobody counts what they did")
    given = {**sides.figures.params, sides.figures.days: wanted.over, session.accounts.param: account.id}
    try:
        return (await _prepared(session, sides.measured, given))[0]
    except InvalidParams as error:
        line = str(error).replace(f"{sides.figures.days}:", f"{OVER}:")
        raise InvalidParams(line, fix=error.fix) from None


def _whole(read: Read, sides: Sides) -> Read:
    """What was read, if that is all there is. Raises PlatformDown where it is not, and closes it."""
    try:
        _check(read, sides.figures.quiet if sides.figures else ())
    except PlatformDown:
        read.close()
        raise
    return read


async def _prepared(
    session: Session, template: Action, given: dict[str, Any]
) -> tuple[Action, Account | None]:
    """The call that a template stands for, for the account it is about. Raises InvalidParams."""
    own = {
        name: getattr(template, name) for name in template.model_fields_set - {*given, session.accounts.param}
    }
    fields = list(template.columns()) or None
    try:
        return await prepared(session, type(template), {**own, **given, "fields": fields})
    except InvalidParams as error:
        error.fix = error.fix.replace(EVERY, "; a selection is of one account")
        raise


async def _all(session: Session, call: Action, account: Account | None) -> Whole:
    """Every row of a call; where that is too much for the platform, in the action's other way."""
    try:
        return await whole(session, call, account)
    except TooMuch:
        if (other := call.otherwise()) is None:
            raise
        return await whole(session, other, account)


def _got(found: Whole | BaseException, beside: Whole | BaseException) -> Whole:
    """What was read. Raises what it ended with; what was read beside it is closed then."""
    if isinstance(found, BaseException):
        if isinstance(beside, Whole):
            beside.close()
        raise found
    return found


def _check(read: Read, quiet: tuple[str, ...]) -> None:
    """Raise PlatformDown where not everything was read."""
    if why := lacking(read.objects, None):
        raise PlatformDown(f"{NOTHING}: the list could not be read whole: {why}", fix=INCOMPLETE)
    if read.figures and not read.pending and (why := lacking(read.figures, quiet)):
        raise PlatformDown(f"{NOTHING}: the report could not be read whole: {why}", fix=INCOMPLETE)


def lacking(found: Whole, quiet: Iterable[str] | None) -> str:
    """Why rows are not all there are, or not what was asked for; empty where they are.

    Where `quiet` is given, any remark of the platform that does not begin like these is such a reason.
    """
    result = found.result
    if found.rows is None:
        return "" if result.meta.get("pending") else "the answer is no table"
    said = [str(result.meta[name]) for name in ("coverage", "unread") if result.meta.get(name)]
    said += [result.partial] if result.partial else []
    said += result.meta.get("in_part", ())
    said += [f"{len(result.errors)} of its parts were refused"] if result.errors else []
    warnings = result.meta.get("warnings", ()) if quiet is not None else ()
    said += [line for line in warnings if not line.startswith(tuple(quiet or ()))]
    return "; ".join(dict.fromkeys(said))
