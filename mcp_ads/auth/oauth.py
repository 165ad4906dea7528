"""Credentials as httpx.Auth: a fixed token, or one refreshed when it expires or is refused."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import ExitStack
from copy import copy
from dataclasses import dataclass, field, replace

import httpx

from mcp_ads.errors import ApiError, AuthError, NoRecord, NotConfigured, PlatformDown, RateLimited
from mcp_ads.platforms import REFRESH, Platform
from mcp_ads.undisturbed import undisturbed

from .answers import json_object, life_of
from .exchanged import ExchangedToken, exchange_url
from .fixed import YOUNG, FixedToken, proof
from .refused import refuses_token
from .renewing import busy, queue, throttled, unreachable
from .signed_in import SignedIn
from .stored import Stored
from .tokens import Token, Tokens

Renewed = Callable[[dict[str, str]], None]
"""Told of a new token: `access_token`, `refresh_token` and `expires_in`; it may not raise."""
DEFAULT_LIFE = 3600
REFUSAL_HOLDS = 10.0
"""Seconds in which a refused refresh is not tried again: calls that wait for it fail with it."""
FAILURE_HOLDS = 3.0
"""The same for one that was not answered."""
TIMEOUT = 10.0
"""Seconds a token endpoint has to answer."""
LINKEDIN_SETTLES = (3.0, 6.0)
"""Seconds to wait before a token that was just got is tried again: LinkedIn may not know its own yet, and
calls it revoked for some seconds."""
LINKEDIN_RENEW = (
    "make a new refresh token in the LinkedIn developer portal and set LINKEDIN_ADS_REFRESH_TOKEN"
)
AMAZON_RENEW = "authorise the app again (Login with Amazon) and set AMAZON_ADS_REFRESH_TOKEN"

AMAZON_CLIENT = ("Amazon-Advertising-API-ClientId", "Amazon-Ads-ClientId")


@dataclass(frozen=True)
class Grant:
    """What a refresh needs: where, with what, and what to do when it is refused."""

    connector: str
    url: str
    refresh_token: str = field(repr=False)
    client_id: str
    client_secret: str = field(repr=False)
    renew: str
    settles: tuple[float, ...] = ()
    """Seconds after which a refused token that is new is tried again, pause by pause."""

    def form(self) -> dict[str, str]:
        return {
            "grant_type": "refresh_token",
            "refresh_token": self.refresh_token,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }

    def headers(self, path: str) -> dict[str, str]:
        """What names the client beside the token: on Amazon, and there its unified API has a newer name."""
        names = AMAZON_CLIENT if self.connector == "amazon_ads" else ()
        return dict.fromkeys(names if "/adsApi/" in path else names[:1], self.client_id)


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
        learned: Callable[[str], None] = lambda _: None,
        stored: Stored | None = None,
        renewed: Renewed = lambda _: None,
    ) -> None:
        self._grant, self._kept, self._client = grant, kept, client
        self._learned, self._stored, self._tell_renewed = learned, stored, renewed
        self._lock = asyncio.Lock()
        self._token: Token | None = None
        self._failure: tuple[float, AuthError | PlatformDown | RateLimited] | None = None
        self._got: tuple[str, float] = ("", 0.0)

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        token, pauses, renewed = await self.token(), list(self._grant.settles), False
        while True:
            response = yield self._signed(request, token)
            if not await refuses_token(response):
                return
            if pauses and self._is_young(token):
                await asyncio.sleep(pauses.pop(0))
                continue
            fresh = token if renewed else await self._after_refusal(token)
            if fresh.value == token.value:
                return
            token, pauses, renewed = fresh, list(self._grant.settles), True

    def _is_young(self, token: Token) -> bool:
        value, at = self._got
        return token.value == value and time.monotonic() - at < YOUNG

    async def token(self, refused: Token | None = None) -> Token:
        """A token to use; a new one when the last was refused. Raises ApiError."""
        async with self._lock:
            for known in (self._token, self._kept.read()):
                if known and known.fresh and (refused is None or known.value != refused.value):
                    return self._use(known)
            self._raise_failure()
            return await self._renewed(lambda known: refused is None or known.value != refused.value)

    def known(self) -> SignedIn | None:
        """What is known of when the consent ends, as far as somebody said it."""
        if self._stored:
            return self._stored.signed_in
        ends = self._token.consent_ends if self._token else 0.0
        return SignedIn(self._grant.connector, refresh_ends=ends) if ends else None

    async def renew(self) -> None:
        """Get a new token although the old one may be good: shows whether the credentials are."""
        async with self._lock:
            await self._renewed(lambda _: False)

    async def _after_refusal(self, refused: Token) -> Token:
        """A token in place of a refused one; where there is none, the request was refused as it was sent."""
        try:
            return await self.token(refused=refused)
        except (AuthError, PlatformDown, RateLimited) as error:
            error.sent = "yes"
            raise

    async def _renewed(self, good: Callable[[Token], bool]) -> Token:
        """A new token, unless another process has got a good one meanwhile."""
        with ExitStack() as alone:
            queued = await queue(alone, self._stored.locked if self._stored else self._kept.locked)
            known = self._kept.read()
            if known and known.fresh and good(known):
                return self._use(known)
            if not queued:
                raise busy()
            # An answer may end the old refresh token, so that nobody's leaving may lose the new one.
            return await undisturbed(self._got_anew())

    async def _got_anew(self) -> Token:
        try:
            await self._look_up()
            token = await self._refresh()
        except (AuthError, PlatformDown, RateLimited) as error:
            self._failure = (time.monotonic(), error)
            raise
        self._got = (token.value, time.monotonic())
        self._keep(token)
        self._tell_renewed(
            {
                "access_token": token.value,
                "refresh_token": self._grant.refresh_token,
                "expires_in": str(round(token.expires - time.time())),
            }
        )
        return self._use(token)

    def _keep(self, token: Token) -> None:
        """Keep it for other processes, unless the sign-in it was got with is over. Raises NotConfigured."""
        stored = self._stored
        if stored is None:
            self._kept.write(token)
        elif stored.vault.mark(stored.name):
            self._kept.write(replace(token, of=stored.name))
        else:
            raise stored.over()

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
        request.headers.update(self._grant.headers(request.url.path))
        return request

    async def _refresh(self) -> Token:
        try:
            response = await self._client().post(
                self._grant.url, data=self._grant.form(), auth=httpx.Auth(), timeout=TIMEOUT
            )
        except (httpx.TransportError, httpx.DecodingError, ConnectionError) as error:
            raise unreachable(self._grant.url, error) from None
        answer = json_object(response)
        if response.is_success and answer.get("access_token"):
            await self._rotate(str(answer.get("refresh_token") or ""))
            now, consent = time.time(), life_of(answer.get("refresh_token_expires_in"), 0.0)
            life = life_of(answer.get("expires_in"), DEFAULT_LIFE)
            return Token(str(answer["access_token"]), now + life, now + consent if consent else 0.0)
        raise self._failed(response, answer)

    async def _look_up(self) -> None:
        """Use the refresh token that is kept now: another process may have got a new one.

        Raises NotConfigured.
        """
        if self._stored:
            kept = await asyncio.to_thread(self._stored.now)
            self._stored = replace(self._stored, signed_in=kept)
            self._grant = replace(self._grant, refresh_token=kept.refresh_token)

    async def _rotate(self, new: str) -> None:
        """A refresh token that comes in the place of the old one is kept before anything else is done."""
        if not new or new == self._grant.refresh_token:
            return
        self._grant = replace(self._grant, refresh_token=new)
        self._learned(new)
        if not self._stored:
            return
        old = self._stored.signed_in
        try:
            kept = await asyncio.to_thread(self._stored.replace, old, replace(old, refresh_token=new))
            self._stored = replace(self._stored, signed_in=kept)
        except NoRecord as error:
            text = "%s: the new refresh token lives in this process alone, since it cannot be kept: %s"
            logging.getLogger("mcp_ads").warning(text, self._stored.name, error)

    def _failed(self, response: httpx.Response, answer: Mapping[str, str]) -> ApiError:
        status, code = response.status_code, str(answer.get("error", ""))
        if status == httpx.codes.TOO_MANY_REQUESTS:
            return throttled(response, code)
        if response.is_success or response.is_server_error:
            return PlatformDown("the token endpoint failed", status=status, code=code)
        says = str(answer.get("error_description", ""))
        fix = self._grant.renew if code == "invalid_grant" else "check the client id and secret"
        return AuthError(
            "the platform refused to refresh the access token",
            status=status,
            code=code,
            platform_text=says,
            fix=fix,
            sign_in=code == "invalid_grant",
        )


def auth_for(
    platform: Platform,
    credentials: Mapping[str, str],
    kept: Tokens,
    client: Callable[[], httpx.AsyncClient],
    learned: Callable[[str], None] = lambda _: None,
    stored: Stored | None = None,
    renewed: Renewed = lambda _: None,
) -> httpx.Auth:
    """The credentials of one platform as httpx.Auth; `stored` where a sign-in gave them.

    `renewed` is told of each token that is got for a refresh token in this process.

    Raises NotConfigured naming what is missing.
    """
    name, token_url = platform.name, platform.token_url
    token, secret = credentials.get("ACCESS_TOKEN", ""), credentials.get("CLIENT_SECRET", "")
    missing = [variable for variable in REFRESH if not credentials.get(variable)]
    if name == "facebook_marketing":
        if stored:
            same = (
                platform.credentials.get("CLIENT_ID", stored.signed_in.client_id)
                == stored.signed_in.client_id
            )
            own = platform.credentials.get("CLIENT_SECRET", "") if same else ""
            return ExchangedToken(exchange_url(platform), stored, client, learned, own)
        learned(proof(token, secret))
        return FixedToken(token, app_secret=secret)
    if name != "amazon_ads" and token and missing:
        got = stored.signed_in.consented if stored else 0.0
        return FixedToken(token, got=got, settles=LINKEDIN_SETTLES)
    if missing:
        names = ", ".join(f"{name.upper()}_{variable}" for variable in missing)
        raise NotConfigured(f"missing {names}", fix=f"set {names} in the environment")
    amazon = name == "amazon_ads"
    renew, settles = (AMAZON_RENEW, ()) if amazon else (LINKEDIN_RENEW, LINKEDIN_SETTLES)
    refresh, client_id = credentials["REFRESH_TOKEN"], credentials["CLIENT_ID"]
    grant = Grant(name, token_url, refresh, client_id, secret, renew, settles)
    return RefreshedToken(grant, kept, client, learned, stored, renewed)
