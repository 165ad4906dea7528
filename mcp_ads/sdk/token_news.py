"""Tells a program of each token that was got for its refresh token, beside the call that needed it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from inspect import isawaitable
from typing import TYPE_CHECKING

from mcp_ads.across.desk import Desk
from mcp_ads.settings import Settings

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session

OnTokenRefresh = Callable[[dict[str, str]], Awaitable[None] | None]


class TokenNews:
    """Calls the program's function from the event loop, whose handler of exceptions gets what it raises."""

    def __init__(self, tell: OnTokenRefresh) -> None:
        self._tell = tell
        self._under_way: set[asyncio.Future[None]] = set()

    def __call__(self, tokens: dict[str, str]) -> None:
        """Have the function called as soon as the loop comes to it."""
        asyncio.get_running_loop().call_soon(partial(self._told, tokens))

    async def settled(self) -> None:
        """Wait for what the function does; raises nothing of it."""
        await asyncio.sleep(0)
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _told(self, tokens: dict[str, str]) -> None:
        found = self._tell(tokens)
        if isawaitable(found):
            task = asyncio.ensure_future(found)
            self._under_way.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Future[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()):
            said = {"message": "on_token_refresh raised", "exception": error, "future": task}
            task.get_loop().call_exception_handler(said)


class TellingDesk(Desk):
    """A desk whose sessions tell of new tokens."""

    def __init__(self, settings: Settings, tell: OnTokenRefresh) -> None:
        super().__init__(settings)
        self._news = TokenNews(tell)

    def session(self, name: str, connection: str = "") -> Session:
        """The session of a connector's connection, as every desk has it."""
        found = super().session(name, connection)
        found.renewed = self._news
        return found

    async def close(self) -> None:
        """Close the connections, and wait for what the program does with new tokens."""
        await super().close()
        await self._news.settled()
