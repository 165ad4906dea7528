"""Requests to a host of connectors: what may be sent again, and answers read without trusting them."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

import httpx

from mcp_ads.auth.hosted import STATED, Host, HostedToken, TooLarge, hosted_client
from mcp_ads.auth.networks import PROXY
from mcp_ads.engine.wire.pace import PATIENCE
from mcp_ads.engine.wire.redaction import Secrets, redact_log
from mcp_ads.engine.wire.transport import ATTEMPTS, FIRST_BACKOFF
from mcp_ads.engine.wire.whole import reason
from mcp_ads.errors import AdsError, ApiError, PlatformDown, RateLimited

from .remote_refusals import lost, refusal

TIMEOUT = httpx.Timeout(60.0, connect=10.0, read=300.0)
Found = TypeVar("Found")


@dataclass(frozen=True)
class Call:
    """One request: `write` is a change or what may be one, which is sent once; `check` says how to see
    whether it was done. A read that is not `repeatable` is sent once, too.
    """

    method: str
    path: str
    body: bytes = b""
    write: bool = False
    repeatable: bool = True
    check: str = ""
    query: Mapping[str, str] | None = None
    stated: Callable[[object], None] | None = None
    """Raises where what the host states of writes does not let it be sent."""


class HostWire:
    """Sends requests to one host with its client's token. Everything raises AdsError, without secrets."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.secrets = Secrets([host.client_secret])
        self._client: httpx.AsyncClient | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def client(self) -> httpx.AsyncClient:
        """The client of the running event loop: connections of one that has ended are of no use."""
        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:
            logging.getLogger("httpx").addFilter(redact_log)
            self._client, self._loop = hosted_client(self.host, self.secrets.hide), loop
        return self._client

    @property
    def stated(self) -> object:
        """What the host states of writes, as far as it was asked."""
        auth = self.client.auth
        return auth.writes if isinstance(auth, HostedToken) else None

    async def close(self) -> None:
        """Close the connections; the next request opens them again."""
        client, self._client = self._client, None
        if client is not None and self._loop is asyncio.get_running_loop():
            await client.aclose()

    async def answered(self, call: Call) -> httpx.Response:
        """A success's answer, read whole."""

        async def ask() -> httpx.Response:
            response = await self._exchange(call)
            if not response.is_success:
                raise refusal(self.host, response, write=call.write, check=call.check)
            return response

        return await self.repeated(ask, again=call.repeatable and not call.write)

    async def repeated(self, ask: Callable[[], Awaitable[Found]], *, again: bool = True) -> Found:
        """What is asked for; asked again after a failure that may pass, for as long as there is patience."""
        until, backoff = time.monotonic() + PATIENCE, FIRST_BACKOFF
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await ask()
            except AdsError as error:
                pause = max(_asked_pause(error), backoff * random.uniform(0.8, 1.3))  # noqa: S311 - jitter
                late = time.monotonic() + pause > until
                if not again or attempt == ATTEMPTS or late or not _passes(error):
                    self.secrets.clean(error)
                    raise
            await asyncio.sleep(pause)
            backoff *= 2
        raise AssertionError("the last attempt has no pause")

    async def _exchange(self, call: Call) -> httpx.Response:
        """The whole answer, without secrets we know."""
        headers = {"Content-Type": "application/json"} if call.body else {}
        asked = self.client.build_request(
            call.method,
            call.path,
            params=call.query,
            content=call.body or None,
            headers=headers,
            timeout=TIMEOUT,
            extensions={"once": call.write, STATED: call.stated},
        )
        try:
            response = await self.client.send(asked)
        except TooLarge as error:
            check = call.check or "ask for less"
            raise lost(self.host, str(error), write=call.write, check=check) from None
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            fix = "check the network, the proxy and the host's address, then call again"
            failed = PlatformDown(f"could not connect to {self.host.name}: {reason(error)}", fix=fix)
            failed.details = {"passing": True}
            raise failed from None
        except httpx.ProxyError as error:  # it has opened no way to the host
            raise PlatformDown(f"the proxy refused: {reason(error)}; nothing was sent", fix=PROXY) from None
        except (httpx.TransportError, httpx.DecodingError, ConnectionError) as error:
            failed_so = lost(
                self.host, f"no complete answer: {type(error).__name__}", write=call.write, check=call.check
            )
            if not call.write and not isinstance(error, httpx.TimeoutException):
                failed_so.details = {"passing": True}
            raise failed_so from None
        content = self.secrets.scrubbed(response.content)
        return httpx.Response(response.status_code, headers=response.headers, content=content)


def envelope_of(response: httpx.Response) -> dict[str, Any] | None:
    """The documented object of a success: `result`, and `connector_metadata` that is an object or null.

    None for anything else: nothing of it can be believed then.
    """
    try:
        answer = json.loads(response.content.decode(), parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None
    if not isinstance(answer, dict) or "result" not in answer or answer.get("status", "success") != "success":
        return None
    parts = [answer.get(name) for name in ("connector_metadata", "execution_metadata")]
    return answer if all(part is None or isinstance(part, dict) for part in parts) else None


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _passes(error: AdsError) -> bool:
    """Whether another try may end otherwise."""
    return isinstance(error, RateLimited) or (
        isinstance(error, ApiError) and bool(error.details.get("passing"))
    )


def _asked_pause(error: AdsError) -> float:
    return error.retry_after if isinstance(error, RateLimited) else 0.0
