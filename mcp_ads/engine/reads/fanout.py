"""One question to many accounts: asked all at once, each for itself, and heard within the call's time."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account, Action, Progress, validate
from mcp_ads.core.recipe import Report
from mcp_ads.engine.records.apart import apart
from mcp_ads.engine.wire.crowd import crowd
from mcp_ads.engine.wire.deadline import answerable
from mcp_ads.errors import AdsError, PlatformDown, RateLimited, TooMuch

from .read import prepared
from .unread import NOT_READY, OutOfTime, coverage_of, throttled, why
from .whole import Whole, whole
from .whom import place_of

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session
    from mcp_ads.engine.workspace import Workspace

AT_ONCE = 12
"""Accounts whose lists are read at once; reports, which mostly wait, are all ordered together."""
SLOW = 3.0
"""Seconds after which an account that is still being read is not counted among these any more."""
FEW = 500
"""Rows of an account that stay in memory; more of them wait on disk until all accounts are read."""
OVER = "not read: the call's time is over"


@dataclass
class Aside(Whole):
    """Rows that wait on disk for this call only."""

    done: Callable[[], None] = lambda: None

    def close(self) -> None:
        self.done()


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
    account: Account | None = None
    """The call as it was sent, settled for the account, and all that is known of that."""
    whole: Whole | None = None
    error: AdsError | None = None

    @property
    def pending(self) -> bool:
        """Whether the platform is still at work on it; `whole.result` says what to go on with."""
        return self.whole is not None and bool(self.whole.result.meta.get("pending"))

    @property
    def shut(self) -> float:
        """For how many seconds the platform takes no order for it; 0 where it was ordered."""
        return float(self.whole.result.meta.get("throttled", 0)) if self.whole and self.pending else 0.0

    @property
    def read(self) -> bool:
        """Whether it was answered."""
        return self.whole is not None and not self.pending

    @property
    def late(self) -> bool:
        """Whether there was no time for it."""
        return isinstance(self.error, OutOfTime)

    @property
    def can_go_on(self) -> bool:
        """Whether asking once more, later, may be enough to hear it."""
        return self.pending or (
            isinstance(self.error, RateLimited | PlatformDown) and not isinstance(self.error, TooMuch)
        )

    @property
    def unread(self) -> str:
        """Why it has no rows; "" where it has."""
        if self.error:
            return why(self.error)
        return "" if self.read else throttled(self.shut) if self.shut else NOT_READY

    async def hear(self, workspace: Workspace, gate: asyncio.Semaphore) -> None:
        """Ask, and keep what becomes of it; lists pass the gate one after another."""
        ask, kind = self.ask, self.ask.kind
        try:
            workspace.check_configured(ask.session)
            async with turn(gate) if kind.flow is Action.flow else contextlib.nullcontext():
                self.call, account = await prepared(ask.session, kind, ask.own)
                self.account = account or ask.account
                self.whole = await self.got(self.call)
                await asyncio.to_thread(self.set_aside)
        except AdsError as error:
            self.error = error

    async def got(self, call: Action) -> Whole:
        """Every row of the call; where that is too much for the platform, in the action's other way."""
        try:
            found = await whole(self.ask.session, call, self.account)
        except TooMuch:
            if (other := call.otherwise()) is None:
                raise
            self.call = call = other
            found = await whole(self.ask.session, call, self.account)
        record = found.result.data
        if found.rows or not isinstance(record, Mapping) or found.result.meta.get("pending"):
            return found
        rows = [call.shown(dict(record), self.account)]
        return Whole(replace(found.result, data=rows, columns=call.columns()), lambda: rows)

    def set_aside(self) -> None:
        """Have many rows wait on disk and not in memory; where there is no room, as they are."""
        found, call = self.whole, self.call
        if not found or not call or not found.rows or not isinstance(found.result.data, list):
            return
        few = not found.long and len(found.result.data) <= FEW
        if few or (kept := apart(found.rows, call.kinds())) is None:
            return
        warnings = [*found.result.meta.get("warnings", []), *kept.meta.get("warnings", [])]
        result = replace(found.result, data=[], meta={**found.result.meta, "warnings": warnings})
        self.whole = Aside(result, kept.rows, kept.close)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Its rows, as often as they are wanted; none where it was not answered."""
        if self.whole and self.whole.rows:
            yield from self.whole.rows()

    def close(self) -> None:
        """Be done with the rows."""
        if self.whole:
            self.whole.close()


@contextlib.asynccontextmanager
async def turn(gate: asyncio.Semaphore) -> AsyncIterator[None]:
    """Be one of so many; what takes long, such as an account that is throttled, holds nobody up."""
    inside = True

    def leave() -> None:
        nonlocal inside
        if inside:
            inside = False
            gate.release()

    await gate.acquire()
    given_up = asyncio.get_running_loop().call_later(SLOW, leave)
    try:
        yield
    finally:
        given_up.cancel()
        leave()


async def heard_of(workspace: Workspace, asks: Sequence[Ask], report: Report | None = None) -> list[Heard]:
    """What became of each ask, in their order; close them when done. Raises what is no AdsError of one.

    All are asked at once, each under its own account's limiter; an error of one is its own. When the call's
    time is nearly over, those not heard by then are errors.
    """
    found, gate = [Heard(ask) for ask in asks], asyncio.Semaphore(AT_ONCE)
    with crowd():
        tasks = [asyncio.create_task(heard.hear(workspace, gate)) for heard in found]
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
        while waiting and (seconds := answerable()) > 0:
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
