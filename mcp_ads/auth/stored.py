"""The credentials of a sign-in as they are kept now: renewed, signed in to again, or signed out of."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx

from mcp_ads.errors import NotConfigured

from .endings import Ending
from .signed_in import SignedIn
from .vault_protocol import Vault


@dataclass(frozen=True)
class Stored:
    """A sign-in as it was read, and where it is kept."""

    vault: Vault
    name: str
    signed_in: SignedIn
    login: str = ""
    """The command that signs in again."""
    mark: str = ""
    """What the vault had for a mark before it was read."""

    def now(self) -> SignedIn:
        """What is kept now; the one in memory where that is the same sign-in and cannot be read just now.

        Raises NotConfigured where nobody is signed in any more, or somebody else: what was begun with one
        person's credentials is not gone on with another's.
        """
        try:
            found = self.vault.read(self.name)
        except NotConfigured:
            known, ours = self.vault.facts(self.name), self.signed_in.without_secrets()
            if known is None or replace(known, access_ends=ours.access_ends) != ours:
                raise
            return self.signed_in
        if found is None:
            raise self.over()
        if _whose(found) != _whose(self.signed_in):
            raise NotConfigured(
                f"meanwhile somebody else has signed in as {self.name}, or on another app, "
                "or the platform does not say who it was",
                fix="call again; a program that only goes on after a restart is started again",
            )
        return found

    def over(self) -> NotConfigured:
        """That nobody is signed in any more."""
        return NotConfigured(f"nobody is signed in as {self.name} any more", fix=f"run `{self.login}`")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the right to renew it, in all processes. Raises Busy, OSError."""
        with self.vault.locked(self.name):
            yield

    def replace(self, old: SignedIn, new: SignedIn) -> SignedIn:
        """Keep new tokens in the place of those they were got for; what is kept afterwards.

        Another sign-in that was kept meanwhile stays. Raises NoRecord, NotConfigured.
        """
        found = self.now()
        if found != old:
            return found
        self.vault.write(self.name, new)
        return new


def _whose(signed_in: SignedIn) -> tuple[str, str, str, str]:
    """What stays the same while it is one person's; where nobody is named, while it is one sign-in."""
    serial = "" if signed_in.who else signed_in.serial
    return (signed_in.connector, signed_in.client_id, signed_in.who, serial)


class StoredAuth(httpx.Auth):
    """The credentials of a sign-in, made anew from what is kept whenever that has changed."""

    def __init__(self, stored: Stored, made: Callable[[Stored], httpx.Auth]) -> None:
        self._stored, self._made = stored, made
        self._mark = stored.mark
        self._auth = made(stored)
        self._lock = asyncio.Lock()

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        flow = (await self.now()).async_auth_flow(request)
        try:
            asked = await anext(flow)
            while True:
                response = yield asked
                asked = await flow.asend(response)
        except StopAsyncIteration:
            return
        finally:
            await flow.aclose()

    async def now(self) -> httpx.Auth:
        """The credentials as they are kept now. Raises NotConfigured where nobody is signed in any more."""
        async with self._lock:
            stored = self._stored
            mark = stored.vault.mark(stored.name)
            if not mark:
                raise stored.over()
            if mark != self._mark:
                kept = await asyncio.to_thread(stored.now)
                same = kept == self.known()
                self._stored, self._mark = replace(stored, signed_in=kept), mark
                if not same:
                    self._auth = self._made(self._stored)
            return self._auth

    async def token(self) -> Any:
        """The token to use, or the sign-in that has it. Raises AuthError, PlatformDown, NotConfigured."""
        ask = getattr(await self.now(), "token", None)
        return self._stored.signed_in if ask is None else await ask()

    async def as_another(self, token: str) -> Any:
        """The same app with the token of something its user acts for. Raises NotConfigured."""
        own: Any = await self.now()
        return await own.as_another(token)

    def known(self) -> SignedIn:
        """The sign-in as it is known now, for what is said of its end."""
        known = self._auth.known() if isinstance(self._auth, Ending) else None
        return known or self._stored.signed_in
