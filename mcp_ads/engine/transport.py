"""Requests over HTTP: what may be sent again and what may not, pacing per account, a trace of every call."""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NoReturn

from mcp_ads.core import Connector, Reply, Request, Wire
from mcp_ads.core.connector import Dialect
from mcp_ads.errors import ApiError, OutcomeUnknown, PlatformDown, RateLimited
from mcp_ads.platforms import Platform

from .deadline import DEADLINE, left
from .trace import Trace

if TYPE_CHECKING:
    import httpx

ATTEMPTS = 4
PATIENCE = 20.0
"""Seconds a request may spend waiting between attempts, or for its account to be open again."""
FIRST_BACKOFF = 0.5
COOL_DOWN = 5.0
"""Seconds an account is left alone after throttling that did not end and gave no time."""
AT_ONCE = 8


@dataclass
class Pace:
    """One account's limiter: how many requests at once, and until when the platform wants none."""

    closed_until: float = 0.0
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    def close(self, seconds: float) -> None:
        self.closed_until = max(self.closed_until, time.monotonic() + seconds)

    async def opened(self) -> None:
        """Wait for the end of a short pause; raise RateLimited at once for a long one. Nothing is sent."""
        pause = self.closed_until - time.monotonic()
        if pause > min(PATIENCE, left()):
            fix = f"call again in {math.ceil(pause)} s"
            raise RateLimited("the platform asked for a pause that is not over", retry_after=pause, fix=fix)
        if pause > 0:
            await asyncio.sleep(pause)


class Transport:
    """Sends one connector's requests.

    Reads are sent again after a throttle, a 5xx or a lost connection, with growing, jittered pauses or the
    platform's own; a write only after an answer that says it was throttled, which means nothing was done. A
    write without a readable answer is OutcomeUnknown.
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
        self._open = open_client
        self._client: httpx.AsyncClient | None = None
        self._paces: dict[str, Pace] = {}

    @property
    def client(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = self._open()
        return self._client

    async def close(self) -> None:
        """Close the connections; the next request opens them again."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def send(self, request: Request, account: str = "") -> Any:
        """The platform's decoded answer. Raises ApiError, with the trace of the failed exchange."""
        pace = self._paces.setdefault(account, Pace())
        await pace.opened()
        wire, until = self.dialect.encode(request), time.monotonic() + PATIENCE
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with pace.gate:
                    return await self._exchange(request, wire)
            except ApiError as error:
                pause = _pause(request, error, attempt)
                if pause is None or time.monotonic() + pause > until or _too_late(request, pause):
                    _give_up(error, pace)
                if isinstance(error, RateLimited):
                    pace.close(pause)
                await asyncio.sleep(pause)
        raise AssertionError("the last attempt has no pause")

    def wire(self, request: Request) -> Wire:
        """What would be sent, for plans to show and compare."""
        return self.dialect.encode(request)

    async def _exchange(self, request: Request, wire: Wire) -> Any:
        entry = self.trace.begin(self.connector.name, request, wire)
        try:
            reply = await self._reply(request, wire)
            entry.answered(reply)
            return self._decoded(request, reply)
        except ApiError as error:
            error.trace = entry.failed(error)
            raise
        finally:
            self.trace.add(entry)

    async def _reply(self, request: Request, wire: Wire) -> Reply:
        import httpx

        try:
            async with asyncio.timeout(_seconds(request)):
                response = await self._request(request, wire)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise PlatformDown(
                f"could not connect: {type(error).__name__}", fix="check the network, then call again"
            ) from None
        except TimeoutError:
            fix = "call again, or ask for less: fewer days, fields or rows"
            raise PlatformDown(f"no answer within the {DEADLINE:.0f} s a call may take", fix=fix) from None
        except (httpx.TransportError, httpx.DecodingError, ConnectionError) as error:
            raise _lost(request, f"no complete answer: {type(error).__name__}") from None
        return Reply(response.status_code, response.headers, response.content)

    async def _request(self, request: Request, wire: Wire) -> httpx.Response:
        if not wire.url.startswith("/"):
            return await self.client.request(wire.method, wire.url, headers=wire.headers, auth=None)
        hosts = self.platform.hosts
        base = hosts[request.region] if request.region else next(iter(hosts.values()))
        return await self.client.request(
            wire.method, base + wire.url, headers=wire.headers, content=wire.content
        )

    def _decoded(self, request: Request, reply: Reply) -> Any:
        try:
            answer = self.dialect.decode(reply)
        except RateLimited as error:
            error.retry_after = error.retry_after or self.dialect.wait(reply)
            raise
        except PlatformDown as error:
            raise _lost(request, str(error), error) from None
        self.warnings += [each for each in self.dialect.warnings(reply) if each not in self.warnings]
        return answer


def _pause(request: Request, error: ApiError, attempt: int) -> float | None:
    """Seconds before another attempt; None when there is to be none."""
    if attempt == ATTEMPTS or error.sent == "unknown":
        return None
    backoff: float = FIRST_BACKOFF * 2 ** (attempt - 1) * random.uniform(0.8, 1.3)  # noqa: S311 - jitter
    if isinstance(error, RateLimited):
        return max(error.retry_after, backoff)
    return backoff if isinstance(error, PlatformDown) and request.resendable else None


def _give_up(error: ApiError, pace: Pace) -> NoReturn:
    if isinstance(error, RateLimited):
        pause = error.retry_after or COOL_DOWN
        pace.close(pause)
        error.fix = "; ".join(filter(None, [error.fix, f"call again in {math.ceil(pause)} s"]))
    raise error


def _seconds(request: Request) -> float | None:
    """What a read may still take. A write is never cut off: its answer says whether it was done."""
    seconds = left() if request.risk == "read" else math.inf
    return None if seconds == math.inf else max(seconds, 0.0)


def _too_late(request: Request, pause: float) -> bool:
    return request.risk == "read" and pause >= left()


def _lost(request: Request, what: str, error: PlatformDown | None = None) -> ApiError:
    """A read without an answer has failed; a write without one may have been done."""
    known: dict[str, Any] = {}
    if error:
        names = ("status", "code", "request_id", "says", "fix")
        known = {name: value for name in names if (value := getattr(error, name))}
    if request.risk == "read":
        return PlatformDown(what, **{"fix": "call again; nothing was changed", **known})
    known.pop("fix", None)
    return OutcomeUnknown(f"the change was sent and its outcome is unknown ({what})", **known)


def regional(request: Request, region: str) -> Request:
    """The request for the region of its account, unless it names one."""
    return replace(request, region=region) if region and not request.region else request
