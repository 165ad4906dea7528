"""Credentials as httpx.Auth: a fixed token, or one refreshed when it expires or is refused."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import math
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import ExitStack
from copy import copy
from dataclasses import dataclass, field

import httpx

from mcp_ads.errors import AuthError, NotConfigured, PlatformDown
from mcp_ads.files.lock import Busy
from mcp_ads.platforms import REFRESH

from .tokens import Token, Tokens

UNAUTHORIZED = 401
DEFAULT_LIFE = 3600
REFUSAL_HOLDS = 10.0
"""Seconds in which a refused refresh is not tried again: calls that wait for it fail with it."""
FAILURE_HOLDS = 3.0
"""The same for one that was not answered."""
TIMEOUT = 10.0
"""Seconds a token endpoint has to answer."""
NEIGHBOURS = 10.0
"""Seconds another process is waited for that is refreshing the same token."""
LOOK_AGAIN = 0.05
MOST_REASON = 200
LINKEDIN_RENEW = (
    "make a new refresh token in the LinkedIn developer portal and set LINKEDIN_ADS_REFRESH_TOKEN"
)
AMAZON_RENEW = "authorise the app again (Login with Amazon) and set AMAZON_ADS_REFRESH_TOKEN"


class FixedToken(httpx.Auth):
    """A bearer token that is simply there. With an app secret, Graph also gets its proof of the two."""

    def __init__(self, token: str, *, app_secret: str = "") -> None:
        self._header = f"Bearer {token}"
        self._proof = proof(token, app_secret) if app_secret else ""

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        request.headers["Authorization"] = self._header
        if self._proof:
            request.url = request.url.copy_add_param("appsecret_proof", self._proof)
        yield request


def proof(token: str, app_secret: str) -> str:
    """What shows Graph that the token is used by its app."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Grant:
    """What a refresh needs: where, with what, and what to do when it is refused."""

    url: str
    refresh_token: str = field(repr=False)
    client_id: str
    client_secret: str = field(repr=False)
    renew: str

    def form(self) -> dict[str, str]:
        return {
            "grant_type": "refresh_token",
            "refresh_token": self.refresh_token,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }


class RefreshedToken(httpx.Auth):
    """Gets access tokens for a refresh token: one request at a time in all processes, kept on disk.

    The lock is held for the refresh alone, never while a platform request is under way, so any number of
    refused requests wait for one refresh and then go on; a request refused twice is answered as it is.
    """

    def __init__(
        self,
        grant: Grant,
        kept: Tokens,
        client: Callable[[], httpx.AsyncClient],
        headers: Mapping[str, str] | None = None,
        learned: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._grant, self._kept, self._client, self._headers = grant, kept, client, headers or {}
        self._learned = learned
        self._lock = asyncio.Lock()
        self._token: Token | None = None
        self._failure: tuple[float, AuthError | PlatformDown] | None = None

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        token = await self.token()
        response = yield self._signed(request, token)
        if response.status_code == UNAUTHORIZED:
            fresh = await self._after_refusal(token)
            if fresh.value != token.value:
                yield self._signed(request, fresh)

    async def token(self, refused: Token | None = None) -> Token:
        """A token to use; a new one when the last was refused. Raises AuthError or PlatformDown."""
        async with self._lock:
            for known in (self._token, self._kept.read()):
                if known and known.fresh and (refused is None or known.value != refused.value):
                    return self._use(known)
            self._raise_failure()
            return await self._renewed(lambda known: refused is None or known.value != refused.value)

    async def renew(self) -> None:
        """Get a new token although the old one may be good: shows whether the credentials are."""
        async with self._lock:
            await self._renewed(lambda _: False)

    async def _after_refusal(self, refused: Token) -> Token:
        """A token in place of a refused one; where there is none, the request was refused as it was sent."""
        try:
            return await self.token(refused=refused)
        except (AuthError, PlatformDown) as error:
            error.sent = "yes"
            raise

    async def _renewed(self, good: Callable[[Token], bool]) -> Token:
        """A new token, unless another process has got a good one meanwhile."""
        with ExitStack() as alone:
            await self._queue(alone)
            known = self._kept.read()
            if known and known.fresh and good(known):
                return self._use(known)
            try:
                token = await self._refresh()
            except (AuthError, PlatformDown) as error:
                self._failure = (time.monotonic(), error)
                raise
            self._kept.write(token)
        return self._use(token)

    async def _queue(self, alone: ExitStack) -> None:
        """Wait for other processes, for a while; where no file can be locked, go on without."""
        until = time.monotonic() + NEIGHBOURS
        while time.monotonic() < until:
            try:
                alone.enter_context(self._kept.locked())
            except Busy:
                await asyncio.sleep(LOOK_AGAIN)
            except OSError:
                return
            else:
                return

    def _use(self, token: Token) -> Token:
        self._token, self._failure = token, None
        self._learned(token.value)
        return token

    def _raise_failure(self) -> None:
        if not self._failure:
            return
        at, error = self._failure
        if time.monotonic() - at < (REFUSAL_HOLDS if isinstance(error, AuthError) else FAILURE_HOLDS):
            raise copy(error)

    def _signed(self, request: httpx.Request, token: Token) -> httpx.Request:
        request.headers["Authorization"] = f"Bearer {token.value}"
        request.headers.update(self._headers)
        return request

    async def _refresh(self) -> Token:
        try:
            response = await self._client().post(
                self._grant.url, data=self._grant.form(), auth=httpx.Auth(), timeout=TIMEOUT
            )
        except (httpx.TransportError, httpx.DecodingError, ConnectionError) as error:
            why = " ".join((str(error) or type(error).__name__).split())[:MOST_REASON]
            host = httpx.URL(self._grant.url).host
            raise PlatformDown(f"no answer from the token endpoint at {host}: {why}") from None
        answer = _json(response)
        if response.is_success and answer.get("access_token"):
            return Token(str(answer["access_token"]), time.time() + _life(answer.get("expires_in")))
        raise self._failed(response, answer)

    def _failed(self, response: httpx.Response, answer: Mapping[str, str]) -> AuthError | PlatformDown:
        status, code = response.status_code, str(answer.get("error", ""))
        if response.is_success or response.is_server_error or status == httpx.codes.TOO_MANY_REQUESTS:
            return PlatformDown("the token endpoint failed", status=status, code=code)
        says = str(answer.get("error_description", ""))
        fix = self._grant.renew if code == "invalid_grant" else "check the client id and secret"
        return AuthError(
            "the platform refused to refresh the access token",
            status=status,
            code=code,
            platform_text=says,
            fix=fix,
        )


def _life(seconds: object) -> float:
    """How long a token lives; where the answer does not say it in a number, an hour."""
    try:
        life = float(str(seconds or DEFAULT_LIFE))
    except ValueError:
        return DEFAULT_LIFE
    return life if math.isfinite(life) else DEFAULT_LIFE


def _json(response: httpx.Response) -> Mapping[str, str]:
    try:
        answer = response.json()
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def auth_for(
    name: str,
    credentials: Mapping[str, str],
    token_url: str,
    kept: Tokens,
    client: Callable[[], httpx.AsyncClient],
    learned: Callable[[str], None] = lambda _: None,
) -> httpx.Auth:
    """The credentials of one platform as httpx.Auth; raises NotConfigured naming what is missing."""
    token, secret = credentials.get("ACCESS_TOKEN", ""), credentials.get("CLIENT_SECRET", "")
    missing = [variable for variable in REFRESH if not credentials.get(variable)]
    if name == "facebook_marketing":
        learned(proof(token, secret))
        return FixedToken(token, app_secret=secret)
    if name != "amazon_ads" and token and missing:
        return FixedToken(token)
    if missing:
        names = ", ".join(f"{name.upper()}_{variable}" for variable in missing)
        raise NotConfigured(f"missing {names}", fix=f"set {names} in the environment")
    renew = AMAZON_RENEW if name == "amazon_ads" else LINKEDIN_RENEW
    grant = Grant(token_url, credentials["REFRESH_TOKEN"], credentials["CLIENT_ID"], secret, renew)
    headers = {"Amazon-Advertising-API-ClientId": grant.client_id} if name == "amazon_ads" else {}
    return RefreshedToken(grant, kept, client, headers, learned)
