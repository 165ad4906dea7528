"""Credentials as httpx.Auth: a fixed token, or one refreshed when it expires or is refused."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import math
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from copy import copy
from dataclasses import dataclass, field

import httpx

from mcp_ads.errors import AuthError, NotConfigured, PlatformDown

from .tokens import Token, TokenFile

UNAUTHORIZED = 401
DEFAULT_LIFE = 3600
REFUSAL_HOLDS = 10.0
"""Seconds in which a refused refresh is not tried again: calls that wait for it fail with it."""
LINKEDIN_RENEW = (
    "make a new refresh token in the LinkedIn developer portal and set LINKEDIN_ADS_REFRESH_TOKEN"
)
AMAZON_RENEW = "authorise the app again (Login with Amazon) and set AMAZON_ADS_REFRESH_TOKEN"
REFRESH = ("REFRESH_TOKEN", "CLIENT_ID", "CLIENT_SECRET")


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
    """Gets access tokens for a refresh token: one request at a time, once per refusal, kept on disk.

    The lock is held for the refresh alone, never while a platform request is under way, so any number of
    refused requests wait for one refresh and then go on; a request refused twice is answered as it is.
    """

    def __init__(
        self,
        grant: Grant,
        kept: TokenFile,
        client: Callable[[], httpx.AsyncClient],
        headers: Mapping[str, str] | None = None,
        learned: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._grant, self._kept, self._client, self._headers = grant, kept, client, headers or {}
        self._learned = learned
        self._lock = asyncio.Lock()
        self._token: Token | None = None
        self._refusal: tuple[float, AuthError] | None = None

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        token = await self.token()
        response = yield self._signed(request, token)
        if response.status_code == UNAUTHORIZED:
            fresh = await self.token(refused=token)
            if fresh.value != token.value:
                yield self._signed(request, fresh)

    async def token(self, refused: Token | None = None) -> Token:
        """A token to use; a new one when the last was refused. Raises AuthError or PlatformDown."""
        async with self._lock:
            for known in (self._token, self._kept.read()):
                if known and known.fresh and (refused is None or known.value != refused.value):
                    return self._use(known)
            self._raise_refusal()
            token = await self._refresh()
            self._kept.write(token)
            return self._use(token)

    def _use(self, token: Token) -> Token:
        self._token = token
        self._learned(token.value)
        return token

    def _raise_refusal(self) -> None:
        if self._refusal and time.monotonic() - self._refusal[0] < REFUSAL_HOLDS:
            raise copy(self._refusal[1])

    def _signed(self, request: httpx.Request, token: Token) -> httpx.Request:
        request.headers["Authorization"] = f"Bearer {token.value}"
        request.headers.update(self._headers)
        return request

    async def _refresh(self) -> Token:
        try:
            response = await self._client().post(self._grant.url, data=self._grant.form(), auth=httpx.Auth())
        except (httpx.TransportError, httpx.DecodingError, ConnectionError) as error:
            raise PlatformDown(f"no answer from the token endpoint: {type(error).__name__}") from None
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
        refusal = AuthError(
            "the platform refused to refresh the access token", status=status, code=code, says=says, fix=fix
        )
        self._refusal = (time.monotonic(), refusal)
        return refusal


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
    kept: TokenFile,
    client: Callable[[], httpx.AsyncClient],
    learned: Callable[[str], None] = lambda _: None,
) -> httpx.Auth:
    """The credentials of one platform as httpx.Auth; raises NotConfigured naming what is missing."""
    token, secret = credentials.get("ACCESS_TOKEN", ""), credentials.get("CLIENT_SECRET", "")
    missing = [each for each in REFRESH if not credentials.get(each)]
    if name == "facebook_marketing":
        learned(proof(token, secret))
        return FixedToken(token, app_secret=secret)
    if name == "linkedin_ads" and token and missing:
        return FixedToken(token)
    if missing:
        names = ", ".join(f"{name.upper()}_{each}" for each in missing)
        raise NotConfigured(f"missing {names}", fix=f"set {names} in the environment")
    renew = AMAZON_RENEW if name == "amazon_ads" else LINKEDIN_RENEW
    grant = Grant(token_url, credentials["REFRESH_TOKEN"], credentials["CLIENT_ID"], secret, renew)
    headers = {"Amazon-Advertising-API-ClientId": grant.client_id} if name == "amazon_ads" else {}
    return RefreshedToken(grant, kept, client, headers, learned)
