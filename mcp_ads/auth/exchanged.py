"""Facebook's long-lived token: exchanged while it still lives, since nothing renews a dead one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import ExitStack
from dataclasses import replace

import httpx

from mcp_ads.errors import ApiError, AuthError, NoRecord, PlatformDown, RateLimited
from mcp_ads.platforms import Platform
from mcp_ads.undisturbed import undisturbed

from .answers import json_object, life_of
from .endings import DAY
from .fixed import FixedToken, proof
from .renewing import busy, queue, throttled, unreachable
from .signed_in import SignedIn
from .stored import Stored

EARLY = 30 * DAY
"""Seconds before its end from which a token is exchanged."""
HOLDS = 3600.0
"""Seconds in which an exchange that failed is not tried again: the token is good meanwhile."""
TIMEOUT = 10.0


def exchange_url(platform: Platform) -> str:
    """Where Graph gives a token for another, at the version that is called."""
    return f"{platform.hosts[''].rstrip('/')}/{platform.version}/oauth/access_token"


class ExchangedToken(httpx.Auth):
    """The token of a sign-in that is kept in a vault, and its successors.

    What cannot be exchanged is used to its end. The new token is in the vault before it is used, and the old
    one is kept until then. `secret` is the app's as variables have it, which wins over the one in the vault.
    """

    def __init__(
        self,
        url: str,
        stored: Stored,
        client: Callable[[], httpx.AsyncClient],
        learned: Callable[[str], None],
        secret: str = "",
    ) -> None:
        self._secret = secret
        self._url, self._kept, self._stored = url, stored.signed_in, stored
        self._client, self._learned = client, learned
        self._lock = asyncio.Lock()
        self._failed = -HOLDS
        self._learn()

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        kept = await self.token()
        yield FixedToken(kept.access_token, app_secret=self._secret or kept.client_secret).signed(request)

    async def token(self) -> SignedIn:
        """The sign-in whose token to use."""
        async with self._lock:
            if self._is_due() and time.monotonic() - self._failed >= HOLDS:
                await self._exchange_alone()
            return self._kept

    async def as_another(self, token: str) -> FixedToken:
        """The same app with the token of something its user acts for."""
        return FixedToken(token, app_secret=self._secret or self._kept.client_secret)

    def known(self) -> SignedIn:
        """The sign-in as it is now, for what is said of its end."""
        return self._kept

    async def renew(self) -> None:
        """Exchange the token now, which shows whether the app's secret is right.

        Raises AuthError, PlatformDown, NoRecord, NotConfigured.
        """
        async with self._lock:
            with ExitStack() as alone:
                if not await queue(alone, self._stored.locked):
                    raise busy()
                self._use(await asyncio.to_thread(self._stored.now))
                await undisturbed(self._keep(await self._exchange()))

    def _is_due(self) -> bool:
        kept = self._kept
        can = bool(kept.client_id and (self._secret or kept.client_secret) and kept.access_ends)
        return can and 0 < kept.access_ends - time.time() < EARLY

    async def _exchange_alone(self) -> None:
        """A new token, unless another process has got one meanwhile."""
        with ExitStack() as alone:
            if not await queue(alone, self._stored.locked):
                return  # somebody else renews it; this one is good meanwhile
            self._use(await asyncio.to_thread(self._stored.now))
            if not self._is_due():
                return
            try:
                await undisturbed(self._keep(await self._exchange()))
            except (AuthError, NoRecord, PlatformDown, RateLimited):
                self._failed = time.monotonic()

    async def _keep(self, new: SignedIn) -> None:
        """Keep a new token, or use the old one where it cannot be kept. Raises NoRecord, NotConfigured."""
        self._use(await asyncio.to_thread(self._stored.replace, self._kept, new))

    def _use(self, kept: SignedIn) -> None:
        self._kept, self._stored = kept, replace(self._stored, signed_in=kept)
        self._learn()

    async def _exchange(self) -> SignedIn:
        kept = self._kept
        form = {
            "grant_type": "fb_exchange_token",
            "client_id": kept.client_id,
            "client_secret": self._secret or kept.client_secret,
            "fb_exchange_token": kept.access_token,
        }
        try:
            response = await self._client().get(self._url, params=form, auth=httpx.Auth(), timeout=TIMEOUT)
        except (httpx.TransportError, httpx.DecodingError, ConnectionError) as error:
            raise unreachable(self._url, error) from None
        answer = json_object(response)
        if response.is_success and answer.get("access_token"):
            life = life_of(answer.get("expires_in"), 0.0)
            ends = time.time() + life if life else 0.0
            return replace(kept, access_token=str(answer["access_token"]), access_ends=ends)
        raise self._refused(response, answer)

    def _refused(self, response: httpx.Response, answer: dict[str, object]) -> ApiError:
        problem = answer.get("error")
        error = problem if isinstance(problem, dict) else {}
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            return throttled(response)
        if response.is_success or response.is_server_error:
            return PlatformDown("the token endpoint failed", status=response.status_code)
        return AuthError(
            "Facebook refused to renew the access token",
            status=response.status_code,
            code=str(error.get("code", "")),
            platform_text=str(error.get("message", "")),
            fix="check the app's id and secret, then sign in again",
            sign_in=False,
        )

    def _learn(self) -> None:
        self._learned(self._kept.access_token)
        self._learned(proof(self._kept.access_token, self._secret or self._kept.client_secret))
