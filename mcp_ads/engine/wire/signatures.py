"""Requests signed as something the user acts for, such as a page; its token is in memory and nowhere else."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Request
from mcp_ads.core.signature import Signature
from mcp_ads.errors import AuthError

from .authority import authority

if TYPE_CHECKING:
    import httpx

    from .transport import Transport


@dataclass(frozen=True)
class _Known:
    token: str = field(repr=False)
    auth: httpx.Auth = field(repr=False)


class Signatures:
    """The tokens of one connection's pages, each asked for when it is needed and again when it is refused.

    Callers with different authority share none of them.
    """

    def __init__(self, source: Signature | None, transport: Transport) -> None:
        self._source, self._transport = source, transport
        self._known: dict[tuple[str, str], _Known] = {}
        self._lock = asyncio.Lock()

    async def send(self, request: Request, account: str) -> Any:
        """The decoded answer to a request that is `signed_as` something. Raises ApiError."""
        known = await self._of(request.signed_as)
        try:
            return await self._transport.send(request, account, known.auth)
        except AuthError as error:
            if not error.sign_in:
                raise
            fresh = await self._of(request.signed_as, refused=known)
            if fresh.token == known.token:
                raise
        return await self._transport.send(request, account, fresh.auth)

    async def _of(self, id_: str, refused: _Known | None = None) -> _Known:
        key = (authority().mark, id_)
        async with self._lock:
            known = self._known.get(key)
            if known is None or known is refused:
                known = self._known[key] = await self._ask(id_)
            return known

    async def _ask(self, id_: str) -> _Known:
        assert self._source
        try:
            answer = await self._transport.send(replace(self._source.ask(id_), secret=True))
        except AuthError as error:
            error.fix = error.fix if error.sign_in else self._source.lacking
            raise
        if not (token := self._source.read(answer)):
            told = f"the platform gives these credentials no token for {self._source.noun} {id_}"
            raise AuthError(told, fix=self._source.lacking)
        own: Any = self._transport.client.auth
        auth = await own.as_another(token)
        for secret in auth.secrets:
            self._transport.trace.hide(secret)
        return _Known(token, auth)
