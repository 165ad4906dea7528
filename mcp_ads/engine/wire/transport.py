"""Requests over HTTP: what may be sent again and what may not, pacing per account, a trace of every call."""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from mcp_ads.auth.networks import PROXY
from mcp_ads.auth.refused import PROVES
from mcp_ads.core import Connector, Reply, Request, Wire
from mcp_ads.core.bundles import ABSURD
from mcp_ads.core.connector import Dialect, spelt
from mcp_ads.core.pauses import again
from mcp_ads.core.statuses import no_answer, proves_refusal
from mcp_ads.errors import ApiError, PartlyDone, PlatformDown, RateLimited, TooMuch
from mcp_ads.platforms import Platform

from .addresses import base_of, check_address, known_hosts
from .built import built
from .clocks import PlatformClock
from .deadline import DEADLINE, left
from .departures import leaving
from .heard import hear
from .limits import Limiter, Limits, used, wait
from .pace import PATIENCE
from .people import hide_people
from .redaction import with_whole_characters
from .strange import heard_out, not_the_platforms
from .streamed import Opener, into_file, no_file, sized
from .token_refusals import own_refusal_of_token
from .trace import Trace
from .whole import lost, reason, whole

if TYPE_CHECKING:
    import httpx

ATTEMPTS = 4
FIRST_BACKOFF = 0.5
COOL_DOWN = 5.0
"""Seconds an account is left alone after throttling that did not end and gave no time."""
LONGEST_PAUSE = 3_600.0
"""Seconds of a platform's pause that are believed."""
TOKEN_PATIENCE = 12.0
"""Seconds a request may wait for an access token; nothing of it has been sent by then."""
UNCHANGED = "; nothing was changed"
"""What a refused change is said to have done, by itself."""


class Transport:
    """Sends one connector's requests.

    Reads are sent again after a throttle, a 5xx or a lost connection, with growing, jittered pauses or the
    platform's own; a write only after an answer that proves that it was throttled, and nothing done. A
    write without a readable answer is OutcomeUnknown.
    """

    def __init__(
        self,
        connector: Connector,
        platform: Platform,
        dialect: Dialect,
        open_client: Callable[[], httpx.AsyncClient],
        trace: Trace,
        limits: Limits,
        open_file: Opener = no_file,
    ) -> None:
        self._open, self._open_file = open_client, open_file
        self.connector, self.platform, self.dialect, self.trace = connector, platform, dialect, trace
        self._whose = "/".join(filter(None, [connector.name, platform.connection]))
        self._client: httpx.AsyncClient | None = None
        self.limits, self.clock = limits, PlatformClock()

    @property
    def client(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = self._open()
        return self._client

    async def close(self) -> None:
        """Close the connections; the next request opens them again."""
        client, self._client = self._client, None
        self.limits.forget()
        if client is not None:
            await client.aclose()

    async def send(self, request: Request, account: str = "", auth: httpx.Auth | None = None) -> Any:
        """The platform's decoded answer, with the user's credentials unless there are others.

        Raises ApiError, with the trace of the failed exchange.
        """
        limiter = self.limits.of(request, account)
        wire, until = spelt(self.dialect, request), time.monotonic() + PATIENCE
        for attempt in range(1, ATTEMPTS + 1):
            async with limiter.room(request.calls, spaced=attempt == 1):
                try:
                    answer = await self._exchange(request, wire, auth, limiter)
                except ApiError as error:
                    failed, pause = error, self._pause(request, error, attempt, until, limiter)
                else:
                    limiter.answered()
                    return answer
            if pause is None:
                raise failed
            await asyncio.sleep(pause)
        raise AssertionError("the last attempt has no pause")

    def _pause(
        self, request: Request, error: ApiError, attempt: int, until: float, limiter: Limiter
    ) -> float | None:
        """Seconds before it is sent again, None where it is not; a throttle closes what throttles."""
        if isinstance(error, RateLimited) and not error.quota:
            error.retry_after = limiter.pause(error)
        pause = pause_after(request, error, attempt)
        late = request.risk == "read" and pause is not None and pause >= left()
        ends = pause is None or late or time.monotonic() + pause > until
        if isinstance(error, RateLimited):
            rest = error.retry_after or COOL_DOWN
            limiter.close(error, rest if ends else pause or 0.0)
            if ends and not error.quota:
                error.fix = "; ".join(filter(None, [error.fix, again(rest)]))
        elif error.sent == "yes" and not isinstance(error, PlatformDown):
            limiter.answered()
        return None if ends else pause

    def wire(self, request: Request) -> Wire:
        """What would be sent, for plans to show and compare."""
        return spelt(self.dialect, request)

    async def _exchange(self, request: Request, wire: Wire, auth: httpx.Auth | None, limiter: Limiter) -> Any:
        shown = spelt(self.dialect, request.shown) if request.shown else wire
        entry = self.trace.begin(self._whose, request, shown)
        try:
            reply = replace(await self._reply(request, wire, auth), asked=request)
            if not request.secret:
                reply = replace(reply, content=self.trace.secrets.scrubbed(reply.content))
            entry.answered(reply, private=request.private or request.secret)
            limiter.note(told := used(self.dialect, reply))
            answer = self._decoded(request, reply, limiter.blocked(told))
        except ApiError as error:
            self.trace.secrets.clean(error)
            hide_people(error, request)
            error.trace = entry.failed(error)
            raise
        else:
            for part in answer if request.parts else ():
                if isinstance(part, ApiError):
                    self.trace.secrets.clean(part)
                    hide_people(part, request)
                    part.trace = entry.failed(part)
            return answer
        finally:
            self.trace.add(entry)

    async def _reply(self, request: Request, wire: Wire, auth: httpx.Auth | None) -> Reply:
        import httpx

        seconds = left() if request.risk == "read" else math.inf  # a write is never cut off
        try:
            async with asyncio.timeout(None if seconds == math.inf else max(seconds, 0.0)):
                reply = await self._request(request, wire, auth)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            host = error.request.url.host
            raise PlatformDown(
                f"could not connect to {host}: {reason(error)}",
                fix="check the network, the proxy and the base URL, then call again",
            ) from None
        except httpx.ProxyError as error:  # it has opened no way to the platform
            raise PlatformDown(f"the proxy refused: {reason(error)}; nothing was sent", fix=PROXY) from None
        except TimeoutError:
            if request.risk != "read":  # none of ours: whoever sends a change knows whether it had left
                raise
            fix = "call again, or ask for less: fewer days, fields or rows"
            raise PlatformDown(f"no answer within the {DEADLINE:.0f} s a call may take", fix=fix) from None
        except (httpx.TransportError, httpx.DecodingError, ConnectionError) as error:
            raise lost(request, f"no complete answer: {type(error).__name__}") from None
        if why := no_answer(reply, read=request.risk == "read"):
            raise lost(request, why, status=reply.status)
        return reply

    async def _request(self, request: Request, wire: Wire, auth: httpx.Auth | None) -> Reply:
        url = wire.url
        if request.absolute:
            check_address(url, known_hosts(request, self.connector), self.platform)
        else:
            url = base_of(request, self.connector, self.platform) + url
        asked = built(self.client, wire, url, *sized(wire, self._open_file), request)
        if request.risk != "read":
            asked.extensions[PROVES] = partial(own_refusal_of_token, self.dialect, request)
        signed = request.signed or not request.absolute
        if signed:
            await self._signed_in()
        leaving()
        auth, began = auth or (self.client.auth if signed else None), time.monotonic()
        response = await self.client.send(asked, stream=True, auth=auth)
        if not request.absolute:
            self.clock.answered(response.headers, began)
        if request.into_file and response.is_success:
            return await into_file(response, self.trace.path.parent / "spool")
        return await whole(request, response)

    async def _signed_in(self) -> None:
        """Have an access token before anything leaves: waiting for one is not waiting for an answer."""
        ready = getattr(self.client.auth, "token", None)
        if ready is None:
            return
        try:
            async with asyncio.timeout(TOKEN_PATIENCE):
                await ready()
        except TimeoutError:
            if left() <= 0:
                raise
            what = "the token endpoint does not answer, so nothing was sent"
            raise PlatformDown(what, fix="call again in a minute") from None

    def _decoded(self, request: Request, reply: Reply, blocked: float) -> Any:
        if reply.file:
            return reply.file
        try:
            answer = heard_out(request, self.dialect.decode(reply))
        except ABSURD:
            raise lost(request, "the answer makes no sense", status=reply.status) from None
        except ApiError as error:
            raise self._judged(request, reply, error, blocked) from None
        if request.parts:
            answer = [
                self._judged(part, reply, one, blocked) if isinstance(one, ApiError) else one
                for part, one in zip(request.parts, answer, strict=True)
            ]
        if request.secret:
            return answer
        answer = self.trace.secrets.decoded(answer, reply.content)
        answer = with_whole_characters(answer, reply.content)
        hear(map(self.trace.redact, self.dialect.warnings(reply)))
        return answer

    def _judged(self, request: Request, reply: Reply, error: ApiError, blocked: float) -> ApiError:
        """What an answer that is no success means for what was asked for."""
        status = error.status or reply.status
        if request.risk == "read" and not error.own:
            error = not_the_platforms(error, reply)
        if isinstance(error, PlatformDown):
            return lost(request, str(error), error)
        if request.risk != "read" and not proves_refusal(status, own=error.own):
            return lost(request, f"HTTP {status} does not say that nothing was done", error)
        return self._refused(request, reply, error, blocked)

    def _refused(self, request: Request, reply: Reply, error: ApiError, blocked: float) -> ApiError:
        """What an answer that says no means: the request left and changed nothing, or some of it was done."""
        error.sent = "yes"
        if request.risk != "read" and not isinstance(error, PartlyDone):
            error.args = (f"{error}{UNCHANGED}",)
        if isinstance(error, RateLimited) and not error.quota:
            asked = error.retry_after or max(wait(self.dialect, reply), blocked)
            error.retry_after = min(asked, LONGEST_PAUSE)
            if asked > LONGEST_PAUSE:
                error.fix = f"the platform asks for a pause of {min(asked, 1e9):.0f} s, which is not believed"
        return error


def pause_after(request: Request, error: ApiError, attempt: int) -> float | None:
    """Seconds before a failed request is sent again; None when it is not to be."""
    if attempt == ATTEMPTS or error.sent == "unknown" or isinstance(error, TooMuch):
        return None
    if isinstance(error, RateLimited) and error.quota:
        return None
    backoff: float = FIRST_BACKOFF * 2 ** (attempt - 1) * random.uniform(0.8, 1.3)  # noqa: S311 - jitter
    if isinstance(error, RateLimited):
        return max(error.retry_after, backoff)
    return backoff if isinstance(error, PlatformDown) and request.resendable else None
