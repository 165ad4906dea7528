"""A token that is simply there, and what shows Graph that its own app uses it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import AsyncGenerator

import httpx

from .refused import refuses_token

YOUNG = 60.0
"""Seconds for which a token is new."""


class FixedToken(httpx.Auth):
    """A bearer token that is simply there. With an app secret, Graph also gets its proof of the two.

    A request that is refused while the token is new, counted from when it was `got`, is sent again after
    each of the pauses in which it `settles`: a request that the platform itself refuses has changed nothing.
    """

    def __init__(
        self, token: str, *, app_secret: str = "", got: float = 0.0, settles: tuple[float, ...] = ()
    ) -> None:
        self._got, self._settles = got, settles
        self._header, self._token, self._app_secret = f"Bearer {token}", token, app_secret
        self._proof = proof(token, app_secret) if app_secret else ""

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        pauses = [*self._settles] if 0 <= time.time() - self._got < YOUNG else []
        response = yield self.signed(request)
        for pause in pauses:
            if not await refuses_token(response):
                return
            await asyncio.sleep(pause)
            response = yield self.signed(request)

    def signed(self, request: httpx.Request) -> httpx.Request:
        """The request with the token, and its proof."""
        request.headers["Authorization"] = self._header
        if self._proof:
            request.url = request.url.copy_add_param("appsecret_proof", self._proof)
        return request

    @property
    def secrets(self) -> tuple[str, ...]:
        """What of it opens an account."""
        return (self._token, *([self._proof] if self._proof else []))

    async def as_another(self, token: str) -> FixedToken:
        """The same app with the token of something its user acts for."""
        return FixedToken(token, app_secret=self._app_secret)


def proof(token: str, app_secret: str) -> str:
    """What shows Graph that the token is used by its app."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
