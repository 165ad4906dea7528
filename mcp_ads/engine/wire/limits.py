"""The limiters of one process: shared by all that ask an account with the same app, however they come to."""

from __future__ import annotations

import asyncio
import contextlib
import math
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from mcp_ads.auth.tokens import fingerprint
from mcp_ads.core import Reply, Request
from mcp_ads.core.bundles import ABSURD
from mcp_ads.core.connector import Dialect
from mcp_ads.core.pauses import Throttle, again
from mcp_ads.core.usage import Usage
from mcp_ads.errors import NotConfigured, RateLimited

from .crowd import place
from .deadline import left
from .heard import hear_rate
from .pace import BUSY, PATIENCE, Pace, sleep

if TYPE_CHECKING:
    from .connection import Connection

MOST_KEPT = 10_000
"""Limiters of one app that are kept, but for those that something would be forgotten with."""
LONGEST_QUOTA = 3_600.0
"""Seconds for which calls are refused here because a quota of a day is used up; then one is let through."""
TURN = 2 * PATIENCE
"""Seconds for which a request waits for its turn at most."""
_OF_AN_ID = re.compile(r"[\d%]")


class Shared:
    """The limiters of one app: its own, those of its accounts, and those of quotas that are used up."""

    def __init__(self) -> None:
        self._paces: dict[tuple[str, str, str], Pace] = {}

    def pace(self, kind: str, whose: str, of: str) -> Pace:
        """The limiter of that name, a new one where there is none."""
        key = (kind, whose, of)
        if key not in self._paces and len(self._paces) >= MOST_KEPT:
            self._paces = {key: pace for key, pace in self._paces.items() if not pace.idle}
        return self._paces.setdefault(key, Pace())

    def known(self, kind: str, whose: str, of: str) -> Iterator[Pace]:
        """The limiter of that name, where there is one."""
        if pace := self._paces.get((kind, whose, of)):
            yield pace

    def closed(self) -> list[str]:
        """What nothing is asked of now, and when to call again: accounts, the app's, kinds of calls."""
        said = {"account": "what is of no account", "app": "all of the app's accounts"}
        return [
            f"{(kind == 'quota' and rest) or whose or said[kind]}, throttled: {again(pace.asked())}"
            for (kind, whose, rest), pace in self._paces.items()
            if pace.closed()
        ]


_shared: WeakValueDictionary[tuple[asyncio.AbstractEventLoop, str], Shared] = WeakValueDictionary()


class Limits:
    """One connection's way to the limiters it shares with all others of its app in this event loop."""

    def __init__(self, session: Connection) -> None:
        self._session, self._throttle = session, session.connector.throttle
        self._loop: asyncio.AbstractEventLoop | None = None
        self._kept: Shared | None = None

    @property
    def shared(self) -> Shared:
        loop = asyncio.get_running_loop()
        if self._kept is None or self._loop is not loop:
            self._loop, key = loop, (loop, app_of(self._session))
            self._kept = _shared.setdefault(key, Shared())
        return self._kept

    def forget(self) -> None:
        """Hold the limiters no longer; those that nobody else holds are gone."""
        self._loop = self._kept = None

    def of(self, request: Request, account: str) -> Limiter:
        """What this request has to pass."""
        lane, shared = self._throttle.lane(request.call), self.shared
        whose = account or request.region
        limits = ("quota", "", _kind(request)), ("quota", self._session.identity, _kind(request))
        quotas = tuple(pace for limit in limits for pace in shared.known(*limit))
        own, app = shared.pace("account", whose, lane), shared.pace("app", "", "")
        return Limiter(own, app, quotas, limits, lane, account, self._throttle, shared)


@dataclass(frozen=True)
class Limiter:
    """What one request has to pass: the pace of its account or of a kind of calls there, its app's, and what
    is left of a quota.
    """

    account: Pace
    app: Pace
    quotas: tuple[Pace, ...]
    limits: tuple[tuple[str, str, str], tuple[str, str, str]]
    """What the quota of the app and that of the member are kept under."""
    lane: str
    asked: str
    """The account asked about."""
    throttle: Throttle
    shared: Shared

    @property
    def _paces(self) -> tuple[Pace, ...]:
        return (self.app, *self.quotas, self.account)

    @contextlib.asynccontextmanager
    async def room(self, calls: int = 1, *, spaced: bool = True) -> AsyncIterator[None]:
        """Be one of those under way when it is one's turn, `spaced` from others unless it has waited already.

        Raises RateLimited, PlatformDown; nothing was sent then.
        """
        self._check_open()
        async with contextlib.AsyncExitStack() as stack:
            await stack.enter_async_context(self.account.places(calls))
            for pace in self._paces:
                await stack.enter_async_context(pace.trial())
            patience = min(TURN, left() / 2)
            while True:
                async with place():
                    if (wait := max(pace.turn(spaced=spaced) for pace in self._paces)) <= 0:
                        for pace in self._paces:
                            pace.leaves()
                        yield
                        return
                self._check_open()
                if (patience := patience - wait) < 0:
                    what = "little of a limit is left, so calls are spaced, and this one was not sent in time"
                    raise RateLimited(what, retry_after=wait, fix=again(wait))
                await sleep(wait)

    def _check_open(self) -> None:
        """Raise RateLimited where it is closed for longer than a call can wait."""
        shut = max(self._paces, key=Pace.closed)
        if shut.closed() > max(0.0, min(PATIENCE, left())):
            asked = shut.asked()
            what = "the platform asked for a pause that is not over"
            if shut in self.quotas:
                what = "the calls of this kind for today are used up"
            raise RateLimited(
                f"{what}, so this was not sent",
                retry_after=asked,
                quota=shut in self.quotas,
                fix=again(asked),
            )

    def answered(self) -> None:
        """Something came that was no throttle."""
        for pace in self._paces:
            pace.answered()

    def pause(self, error: RateLimited) -> float:
        """Seconds to wait after a throttle: the platform's own, or ours where it says none."""
        return error.retry_after or self.account.throttled(self.throttle, self.lane)

    def close(self, error: RateLimited, seconds: float) -> None:
        """Ask nothing for a while: of the account, of all the app's, or of this kind until tomorrow."""
        if error.quota:
            app, member = self.limits
            self.shared.pace(*(app if error.of_app else member)).close(error.retry_after, LONGEST_QUOTA)
        else:
            (self.app if error.of_app else self.account).close(seconds)

    def note(self, told: list[Usage]) -> None:
        """Keep what an answer tells of limits, each where it counts; and for the call what is scarce.

        What is told for others than the account asked about is theirs. Where none is told by its own id,
        another may be that of its business, and counts.
        """
        own = self.asked
        named = own in {usage.account for usage in told}
        for usage in told:
            if usage.of_app:
                self.app.used(usage)
            elif usage.account in ("", own) or not named:
                self.account.used(usage)
            if usage.account not in ("", own):
                self.shared.pace("account", usage.account, self.lane).used(usage)
        for pace in self._paces:
            if (scarce := pace.tightest()) and scarce.percent >= BUSY:
                hear_rate(self._rate(scarce))

    def blocked(self, told: list[Usage]) -> float:
        """Seconds for which the platform answers nothing of the account, as it tells beside an answer."""
        own = self.asked
        named = own in {usage.account for usage in told}
        return max((usage.blocked for usage in told if usage.account in ("", own) or not named), default=0.0)

    def _rate(self, usage: Usage) -> Mapping[str, Any]:
        """What an answer says of a limit of which little is left."""
        account = "" if usage.of_app else usage.account or self.asked
        return {
            "limit": usage.limit,
            "account": account,
            "left_pct": round(max(0.0, 100 - usage.percent), 1),
            "recovers_s": round(usage.recovers),
            "spaced_s": round(max(pace.gap for pace in self._paces), 2),
            "tier": usage.tier,
        }


def used(dialect: Dialect, reply: Reply) -> list[Usage]:
    """What an answer's headers tell of limits; nothing where they make no sense."""
    try:
        return dialect.used(reply)
    except ABSURD:
        return []


def wait(dialect: Dialect, reply: Reply) -> float:
    """Seconds that an answer's headers ask us to wait; 0 where they make no sense."""
    try:
        seconds = dialect.wait(reply)
    except ABSURD:
        return 0.0
    return seconds if math.isfinite(seconds) and seconds > 0 else 0.0


def app_of(session: Connection) -> str:
    """What tells the limits of one app from another's, as a hash: its id with its secret, or else the token.

    Who only knows an app's id does not share its limits.
    """
    try:
        given = session.credentials
    except NotConfigured:
        given = {}
    app = [given.get("CLIENT_ID", ""), given.get("CLIENT_SECRET", "")]
    token = given.get("ACCESS_TOKEN") or given.get("REFRESH_TOKEN") or session.identity
    if session.platform.airbyte or not all(app):
        app = [session.identity if session.platform.airbyte else token]
    world = str(session.settings.records) if session.settings.sandbox else ""
    return fingerprint(session.connection, world, *app)


def _kind(request: Request) -> str:
    """What a request asks, without the ids in it: the calls of one kind have a quota of their own."""
    parts = ("{id}" if _OF_AN_ID.search(part) else part for part in request.path.split("/"))
    return f"{request.method} {'/'.join(parts)}"
