"""A host of connectors, Airbyte's cloud or one's own server: its access tokens, and what its refusals say."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Callable
from copy import copy
from dataclasses import dataclass, field
from typing import Any

import httpx

from mcp_ads.core.cells import visible
from mcp_ads.core.pauses import retry_after
from mcp_ads.errors import ApiError, AuthError, BadSettings, PlatformDown, RateLimited

from .answers import json_object, life_of
from .networks import client_errors, unusable
from .renewing import LONGEST_PAUSE
from .tokens import VISIBLE

TOKENS = "/api/v1/account/applications/token"
AIRBYTE = "https://api.airbyte.ai"
CLIENT_ID, CLIENT_SECRET = "AIRBYTE_CLIENT_ID", "AIRBYTE_CLIENT_SECRET"
LIFE, EARLY = 900.0, 60.0
"""Seconds a token lives where the answer does not say it, and how long before its end it is not used."""
FAILURE_HOLDS = 3.0
"""Seconds in which a token that was not got is not asked for again: calls that wait for it fail with it."""
TIMEOUT, CONNECT_TIMEOUT, TOKEN_TIMEOUT = 120.0, 10.0, 10.0
NO_SUCH_API, SLOW_DOWN, FAILED = 404, 429, 500
SLOWLY = "wait as long as retry_after says, or a minute, then call again"
STATED = "stated"
"""The extension of a request that is a function: before each sending it is told what the host states of
writes, and raises where that does not let the request be sent.
"""
INVALID_TOKEN = re.compile(r'(?:^|[,\s])error\s*=\s*"?invalid_token"?(?:$|[,\s])', re.IGNORECASE)
MOST_BYTES, MOST_OF_TOKEN, MOST_OF_LIST = 256 * 2**20, 2**18, 16 * 2**20
"""Bytes of one answer, unpacked: of an execution, of a token, of the connectors there are."""
UNPACKED = ("content-encoding", "content-length", "transfer-encoding")


class TooLarge(httpx.DecodingError):
    """An answer that is larger than is read; its text says how much that is."""


class Whole(httpx.AsyncBaseTransport):
    """Has a client send each request, and reads the answer whole, unpacked, as far as its bound.

    The bound is MOST_BYTES, or what the request's extension `most` says. Raises TooLarge beyond it, also for
    a refusal that is answered with another request.
    """

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        most = int(request.extensions.get("most", MOST_BYTES))
        response = await self._client.send(request, stream=True, auth=httpx.Auth())
        parts, size = list[bytes](), 0
        try:
            async for part in response.aiter_bytes():
                parts.append(part)
                size += len(part)
                if size > most:
                    what = f"the answer is larger than {most / 2**20:g} MB"
                    raise TooLarge(what, request=request)
        finally:
            await response.aclose()
        headers = [(name, value) for name, value in response.headers.multi_items() if name not in UNPACKED]
        return httpx.Response(response.status_code, headers=headers, content=b"".join(parts))

    async def aclose(self) -> None:
        await self._client.aclose()


NOT_INVENTED = (
    "MCP_ADS_SANDBOX: is set, and a host's data is not invented: unset it, or connect without "
    "workspace_name, connector_id and organization_id;"
)


@dataclass(frozen=True)
class Host:
    """Where connectors are kept, and the client that may use them. `base` is scheme://host:port."""

    base: str
    client_id: str
    client_secret: str = field(repr=False)
    organization_id: str = ""
    invented: bool = False
    """Whether this process wants invented data, so that a host of real accounts is not asked."""

    @property
    def name(self) -> str:
        """What errors call it."""
        return "Airbyte" if self.base == AIRBYTE else self.base

    @property
    def headers(self) -> dict[str, str]:
        return {"X-Organization-Id": self.organization_id} if self.organization_id else {}


class HostedToken(httpx.Auth):
    """Gets access tokens for a client id and secret: one request at a time, each kept until nearly its end.

    A request that is refused with 401 goes out once more with a new token. One with the extension `once` does
    so only where the answer says that the token was refused: any other 401 may come after it was carried out.
    """

    def __init__(
        self, host: Host, client: Callable[[], httpx.AsyncClient], learned: Callable[[str], None]
    ) -> None:
        """`learned` is told each token, so that it can be kept out of what is written down."""
        self._host, self._client, self._learned = host, client, learned
        self._lock = asyncio.Lock()
        self._token, self._ends = "", 0.0
        self.writes: object = None
        """What the host states of writes beside its newest token: "plan", "direct" or "off"."""
        self._failure: tuple[float, ApiError] | None = None

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        token = await self.token()
        self._check(request)
        request.headers["Authorization"] = f"Bearer {token}"
        response = yield request
        if response.status_code != httpx.codes.UNAUTHORIZED:
            return
        if request.extensions.get("once") and not refuses_token(response):
            self._ends = 0.0 if self._token == token else self._ends
            return
        token = await self.token(refused=token)
        self._check(request)
        request.headers["Authorization"] = f"Bearer {token}"
        yield request

    def _check(self, request: httpx.Request) -> None:
        """Have the request say whether it may be sent to a host that treats writes so."""
        if check := request.extensions.get(STATED):
            check(self.writes)

    async def token(self, refused: str = "") -> str:
        """A token to use; a new one where the last was refused.

        Raises AuthError, RateLimited, PlatformDown.
        """
        async with self._lock:
            if self._token and self._token != refused and time.monotonic() < self._ends:
                return self._token
            if self._failure and time.monotonic() - self._failure[0] < FAILURE_HOLDS:
                raise copy(self._failure[1])
            try:
                answer = await self._asked()
            except ApiError as error:
                self._failure = (time.monotonic(), error)
                raise
            if self._host.invented and answer.get("sandbox") is not True:
                raise BadSettings(f"{NOT_INVENTED} {self._host.base} does not say that its data is")
            self._failure, self._token = None, str(answer["access_token"])
            self.writes = answer.get("writes")
            life = life_of(answer.get("expires_in"), LIFE)
            self._ends = time.monotonic() + max(life - EARLY, 0.0)
            self._learned(self._token)
            return self._token

    async def _asked(self) -> dict[str, Any]:
        form = {"client_id": self._host.client_id, "client_secret": self._host.client_secret}
        try:
            response = await self._client().post(
                TOKENS,
                json=form,
                auth=httpx.Auth(),
                timeout=TOKEN_TIMEOUT,
                extensions={"most": MOST_OF_TOKEN},
            )
        except (httpx.TransportError, httpx.DecodingError, ConnectionError) as error:
            raise PlatformDown(
                f"{_named(self._host)} gave no token: {type(error).__name__}", fix="call again in a minute"
            ) from None
        answer = json_object(response)
        token = answer.get("access_token")
        if response.is_success and isinstance(token, str) and VISIBLE.fullmatch(token):
            return answer
        raise no_token(self._host, response)


def refuses_token(response: httpx.Response) -> bool:
    """Whether a 401 says in the words of RFC 6750 that the token itself was refused, before anything else."""
    scheme, _, told = response.headers.get("www-authenticate", "").strip().partition(" ")
    return scheme.lower() == "bearer" and bool(INVALID_TOKEN.search(told))


def no_token(host: Host, response: httpx.Response) -> ApiError:
    """Why a host gave no access token."""
    known: dict[str, Any] = {"status": response.status_code, "platform_text": said(response)}
    if response.status_code == SLOW_DOWN:
        return RateLimited(
            f"{host.name} asks to slow down", retry_after=wait_of(response), fix=SLOWLY, **known
        )
    if response.status_code == NO_SUCH_API:
        what = f"{_named(host)} has no {TOKENS}: it is no host of connectors, or a path is missing in its URL"
        return PlatformDown(what, fix="correct the URL of the host, such as MCP_ADS_HOST_URL", **known)
    if response.status_code >= FAILED or response.is_success or response.is_redirect:
        fix = f"call again in a minute, and check {CLIENT_ID} and {CLIENT_SECRET}"
        return PlatformDown(f"{host.name} gave no token", fix=fix, **known)
    return not_accepted(host, **known)


def _named(host: Host) -> str:
    """The host with its address."""
    return host.name if host.base in host.name else f"{host.name} ({host.base})"


def not_accepted(host: Host, **known: Any) -> AuthError:
    """That a host refuses the client itself."""
    what = f"{host.name} does not accept {CLIENT_ID} and {CLIENT_SECRET}"
    return AuthError(what, sign_in=False, fix=f"check {CLIENT_ID} and {CLIENT_SECRET}", **known)


def wait_of(response: httpx.Response) -> float:
    """Seconds a host asks to pause, as far as they are believed; 0 where it does not say."""
    return min(retry_after({name.lower(): value for name, value in response.headers.items()}), LONGEST_PAUSE)


def said(response: httpx.Response) -> str:
    """What a host says of a refusal, which is data: of each error its text, else the message."""
    answer = json_object(response)
    errors = answer.get("errors")
    texts = [text for error in (errors if isinstance(errors, list) else ()) if (text := _text(error))]
    return visible("; ".join(texts) or _text(answer) or str(answer.get("detail") or ""))


def _text(error: object) -> str:
    """The field an error is of, and what it says."""
    if not isinstance(error, dict):
        return str(error or "")
    names = ("userPresentableMessage", "message", "error")
    text = next((str(error[name]) for name in names if error.get(name)), "")
    where = str(error.get("field") or "")
    return f"{where}: {text}" if where and text else text


def hosted_client(
    host: Host, learned: Callable[[str], None], transport: httpx.AsyncBaseTransport | None = None
) -> httpx.AsyncClient:
    """A client of the host's API, whose requests carry its token and whose answers
    are bounded; redirects are not followed. Raises BadSettings.

    `transport` is another way than the network, such as a test's.
    """
    made: list[httpx.AsyncClient] = []
    auth = HostedToken(host, lambda: made[0], learned)
    timeout = httpx.Timeout(TIMEOUT, connect=CONNECT_TIMEOUT)
    try:
        network = Whole(httpx.AsyncClient(transport=transport))
    except client_errors() as error:
        raise unusable(error) from None
    more: Any = {"base_url": host.base, "headers": host.headers, "timeout": timeout}
    made.append(httpx.AsyncClient(auth=auth, transport=network, **more))
    return made[0]
