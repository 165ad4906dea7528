"""Requests over HTTP: what may be sent again and what may not, pacing per account, and a trace of every call."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NoReturn

from ..core import Connector, Reply, Request, Wire
from ..core.connector import Dialect
from ..errors import ApiError, OutcomeUnknown, PlatformDown, RateLimited
from ..settings import Platform
from .trace import Trace

if TYPE_CHECKING:
    import httpx

ATTEMPTS = 4
PATIENCE = 20.0
"""Seconds a call may spend waiting between attempts."""
FIRST_BACKOFF = 0.5
AT_ONCE = 8


@dataclass
class Pace:
    """One account's limiter: how many requests at once, and until when the platform wants none."""

    closed_until: float = 0.0
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    def close(self, seconds: float) -> None:
        self.closed_until = max(self.closed_until, time.monotonic() + seconds)

    @property
    def left(self) -> float:
        return max(0.0, self.closed_until - time.monotonic())


class Transport:
    """Sends one connector's requests.

    Reads are sent again after a throttle, a 5xx or a lost connection, with growing, jittered pauses or the platform's
    own; a write only after an answer that says it was throttled, which means nothing was done. A write without a
    readable answer is OutcomeUnknown.
    """

    def __init__(
        self,
        connector: Connector,
        platform: Platform,
        dialect: Dialect,
        open_client: Callable[[], httpx.AsyncClient],
        trace: Trace,
    ) -> None:
        self.connector, self.platform, self.dialect, self.trace = connector, platform, dialect, trace
        self.warnings: list[str] = []
        self._open, self._client = open_client, None
        self._paces: dict[str, Pace] = {}

    @property
    def client(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = self._open()
        client: httpx.AsyncClient = self._client
        return client

    async def close(self) -> None:
        """Close the connections; the next request opens them again."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def send(self, request: Request, account: str = "") -> Any:
        """The platform's decoded answer. Raises ApiError, with the trace of the failed exchange."""
        pace = self._paces.setdefault(account, Pace())
        self._check_open(pace)
        wire, until = self.dialect.encode(request), time.monotonic() + PATIENCE
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with pace.gate:
                    return await self._exchange(request, wire)
            except ApiError as error:
                pause = self._pause(request, error, attempt)
                if pause is None or time.monotonic() + pause > until:
                    self._give_up(error, pace)
                await asyncio.sleep(pause)
        raise AssertionError("the last attempt has no pause")

    def wire(self, request: Request) -> Wire:
        """What would be sent, for plans to show and compare."""
        return self.dialect.encode(request)

    def _check_open(self, pace: Pace) -> None:
        if pace.left > PATIENCE:
            raise _not_now(pace.left)

    def _pause(self, request: Request, error: ApiError, attempt: int) -> float | None:
        """Seconds before another attempt; None when there is to be none."""
        if attempt == ATTEMPTS or error.sent == "unknown":
            return None
        backoff = FIRST_BACKOFF * 2 ** (attempt - 1) * random.uniform(0.8, 1.3)  # noqa: S311 - jitter
        if isinstance(error, RateLimited):
            return max(error.retry_after, backoff)
        return backoff if isinstance(error, PlatformDown) and request.resendable else None

    def _give_up(self, error: ApiError, pace: Pace) -> NoReturn:
        if isinstance(error, RateLimited):
            pace.close(error.retry_after)
            error.fix = error.fix or f"call again in {max(1, round(error.retry_after))} s"
        raise error

    async def _exchange(self, request: Request, wire: Wire) -> Any:
        started = time.monotonic()
        entry = self.trace.begin(self.connector.name, request, wire)
        try:
            reply = await self._reply(request, wire)
            entry.answered(reply, time.monotonic() - started)
            return self._decoded(request, reply)
        except ApiError as error:
            error.trace = self.trace.failed(entry, error)
            raise

    async def _reply(self, request: Request, wire: Wire) -> Reply:
        import httpx

        try:
            response = await self._request(request, wire)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            down = PlatformDown(f"could not connect: {_reason(error)}", fix="check the network, then call again")
            down.sent = "no"
            raise down from None
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise _lost(request, f"no complete answer: {_reason(error)}") from None
        return Reply(response.status_code, response.headers, response.content)

    async def _request(self, request: Request, wire: Wire) -> httpx.Response:
        if not wire.url.startswith("/"):
            return await self.client.request(wire.method, wire.url, headers=wire.headers, auth=None)
        base = self.platform.hosts[request.region] if request.region else next(iter(self.platform.hosts.values()))
        return await self.client.request(wire.method, base + wire.url, headers=wire.headers, content=wire.content)

    def _decoded(self, request: Request, reply: Reply) -> Any:
        try:
            answer = self.dialect.decode(reply)
        except RateLimited as error:
            error.retry_after = error.retry_after or self.dialect.wait(reply)
            raise
        except PlatformDown as error:
            if request.risk == "read":
                raise
            raise _lost(request, str(error), error) from None
        self._warn(self.dialect.warnings(reply))
        return answer

    def _warn(self, warnings: list[str]) -> None:
        self.warnings += [each for each in warnings if each not in self.warnings]


def _lost(request: Request, what: str, error: PlatformDown | None = None) -> ApiError:
    """A read without an answer has failed; a write without one may have been done."""
    known: dict[str, Any] = (
        {"status": error.status, "code": error.code, "request_id": error.request_id, "says": error.says} if error else {}
    )
    if request.risk == "read":
        return PlatformDown(what, fix="call again; nothing was changed", **known)
    return OutcomeUnknown(f"the change was sent and its outcome is unknown ({what})", **known)


def _not_now(seconds: float) -> RateLimited:
    error = RateLimited(
        "the platform asked for a pause that is not over",
        retry_after=seconds,
        fix=f"call again in {round(seconds)} s",
    )
    error.sent = "no"
    return error


def _reason(error: Exception) -> str:
    return type(error).__name__


def regional(request: Request, region: str) -> Request:
    """The request for the region of its account, unless it names one."""
    return replace(request, region=region) if region and not request.region else request
