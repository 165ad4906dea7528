"""One question to many accounts: asked all at once, each for itself, and heard within the call's time."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account, Action, Progress, validate
from mcp_ads.core.recipe import Report
from mcp_ads.engine.wire.crowd import crowd
from mcp_ads.engine.wire.deadline import DEADLINE, left
from mcp_ads.errors import AdsError, AuthError, PlatformDown, RateLimited, TooMuch

from .read import prepared
from .unread import OutOfTime, coverage_of, why
from .whole import Whole, whole
from .whom import place_of

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session
    from mcp_ads.engine.workspace import Workspace

AT_ONCE = 16
"""Accounts whose lists are read at once; reports, which mostly wait, are all ordered together."""
FEW = 500
"""Rows of an account that stay in memory; more of them wait on disk until all accounts are read."""
REST = DEADLINE / 18
"""Seconds of a call that are kept for its answer: recipes have ended by then with what to go on with."""
OVER = "not read: the call's time is over"
NOT_READY = "its report is not ready"


@dataclass(frozen=True)
class Ask:
    """One action for one account; `params` need not name the account."""

    session: Session
    entity: str
    action: str
    params: Mapping[str, Any]
    account: Account

    @property
    def kind(self) -> type[Action]:
        """The action."""
        return self.session.connector.action(self.entity, self.action)

    @property
    def own(self) -> dict[str, Any]:
        """The parameters, with the account where the action takes one."""
        kind, param = self.kind, self.session.accounts.param
        named = {validate.our_name(kind, name) for name in self.params}
        about = {param: self.account.id} if param in kind.model_fields and param not in named else {}
        return {**self.params, **about}


@dataclass
class Heard:
    """What became of an ask: every row of it, what is not finished, or the error it ended with."""

    ask: Ask
    call: Action | None = None
    """The call as it was sent: settled for the account, with its days and columns."""
    whole: Whole | None = None
    error: AdsError | None = None

    @property
    def pending(self) -> bool:
        """Whether the platform is still at work on it; `whole.result` says what to go on with."""
        return self.whole is not None and bool(self.whole.result.meta.get("pending"))

    @property
    def read(self) -> bool:
        """Whether it was answered."""
        return self.whole is not None and not self.pending

    @property
    def can_go_on(self) -> bool:
        """Whether asking once more, later, may be enough to hear it."""
        return self.pending or (
            isinstance(self.error, RateLimited | PlatformDown) and not isinstance(self.error, TooMuch)
        )

    @property
    def unread(self) -> str:
        """Why it has no rows; "" where it has."""
        return "" if self.read else why(self.error) if self.error else NOT_READY

    def close(self) -> None:
        """Be done with the rows."""
        if self.whole:
            self.whole.close()


async def heard_of(workspace: Workspace, asks: Sequence[Ask], report: Report | None = None) -> list[Heard]:
    """What became of each ask, in their order; close them when done. Raises what is no AdsError of one.

    All are asked at once, each under its own account's limiter; an error of one is its own. When the call's
    time is nearly over, those not heard by then are errors.
    """
    found, gate = [Heard(ask) for ask in asks], asyncio.Semaphore(AT_ONCE)
    with crowd():
        tasks = [asyncio.create_task(_hear(workspace, heard, gate)) for heard in found]
    try:
        await _in_time(tasks, report)
    except BaseException:
        for heard in found:
            heard.close()
        raise
    for heard in found:
        if heard.whole is None and heard.error is None:
            heard.error = OutOfTime(OVER, fix="call again for what is missing")
    return found


async def _in_time(tasks: Sequence[asyncio.Task[None]], report: Report | None) -> None:
    """Wait for the tasks while there is time; none of them goes on after this."""
    waiting, count = {*tasks}, len(tasks)
    try:
        while waiting and (seconds := left() - REST) > 0:
            timeout = None if math.isinf(seconds) else seconds
            done, waiting = await asyncio.wait(waiting, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            if done and report:
                heard = count - len(waiting)
                await report(Progress(heard, count, f"{heard} of {count} accounts"))
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def _hear(workspace: Workspace, heard: Heard, gate: asyncio.Semaphore) -> None:
    ask = heard.ask
    kind = ask.kind
    listed = kind.flow is Action.flow
    try:
        workspace.check_configured(ask.session)
        async with gate if listed else contextlib.nullcontext():
            heard.call, account = await prepared(ask.session, kind, ask.own)
            got = await _got(ask.session, heard.call, account or ask.account)
            heard.whole = await asyncio.to_thread(_aside, workspace, heard.call, got)
    except AdsError as error:
        heard.error = error


async def _got(session: Session, call: Action, account: Account) -> Whole:
    """Every row of a call; where the platform refuses it as it is, in the action's other way."""
    try:
        return await whole(session, call, account)
    except (TooMuch, AuthError) as error:
        other = call.otherwise() if isinstance(error, TooMuch) else call.instead(error)
        if other is None:
            raise
        return await whole(session, other, account)


def _aside(workspace: Workspace, call: Action, got: Whole) -> Whole:
    """The same, with many rows on disk and not in memory; where there is no room, as they are."""
    if not isinstance(got.result.data, list) or len(got.result.data) <= FEW or got.rows is None:
        return got
    if (kept := workspace.spool.aside(got.rows, call.kinds())) is None:
        return got
    got.result.data, warnings = [], kept.meta.get("warnings", [])
    got.result.meta["warnings"] = [*got.result.meta.get("warnings", []), *warnings]
    return Aside(got.result, lambda: (row for _, row in kept.table.every()), kept.close)


@dataclass
class Aside(Whole):
    """Rows that wait on disk for this call only."""

    done: Callable[[], None] = lambda: None

    def close(self) -> None:
        self.done()


def coverage(heard: Iterable[Heard], gaps: Iterable[str] = ()) -> str:
    """Which accounts were not read and why: "48 of 50; not read: 1 token expired"; "" where all were.

    An account that was asked several things is read where all of them were answered.
    """
    known = list(heard)
    several = len({item.ask.session.connector.name for item in known}) > 1
    reasons: dict[str, dict[str, None]] = {}
    for item in known:
        reasons.setdefault(label(item.ask, several=several), {})[item.unread] = None
    unread = [(account, ", ".join(filter(None, said))) for account, said in reasons.items() if any(said)]
    return coverage_of(len(reasons), unread, gaps)


def label(ask: Ask, *, several: bool) -> str:
    """What an account is called: its plain id, with its platform before it where there are several."""
    return f"{place_of(ask.session)}:{ask.account.id}" if several else ask.account.id
