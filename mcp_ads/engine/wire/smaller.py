"""A page that is too much for the platform is asked for in half its size, and again, down to a few rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account, Request
from mcp_ads.core.paginators import Paginator
from mcp_ads.errors import TooMuch

if TYPE_CHECKING:
    from .connection import Connection

FEWEST = 5


async def page(
    session: Connection, pages: Paginator, request: Request, token: str, size: int, account: Account | None
) -> tuple[Request, Any, int]:
    """The request of the page that a token names, its answer, and the rows a page has from now on.

    Raises TooMuch when a few rows are too much as well, or the platform does not let pages be smaller.
    """
    while True:
        asked = pages.sized(request, size)
        asked = pages.turn(asked, token) if token else asked
        try:
            return asked, await session.send(asked, account), size
        except TooMuch:
            fewer = max(FEWEST, min(size, pages.most) // 2)
            if fewer >= size or pages.sized(request, fewer) == pages.sized(request, size):
                raise
            size = fewer
