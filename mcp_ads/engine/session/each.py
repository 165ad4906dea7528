"""The same asked of several connections at once, and what to say where none of them has it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

from mcp_ads.errors import AdsError, NotFound

if TYPE_CHECKING:
    from .session import Session


async def asked_of_each(
    sessions: Sequence[Session], ask: Callable[[Session], Awaitable[Any]]
) -> list[tuple[Session, Any]]:
    """What each of several connections answers; an error of ours in the place of an answer."""
    answers = await asyncio.gather(*map(ask, sessions), return_exceptions=True)
    if fault := next((answer for answer in answers if _is_fault(answer)), None):
        raise fault
    return list(zip(sessions, answers, strict=True))


def _is_fault(answer: Any) -> bool:
    return isinstance(answer, BaseException) and not isinstance(answer, AdsError)


def none_has(what: str, seen: Sequence[tuple[Session, Any]]) -> AdsError:
    """That no connection has it: the errors that are more than that, else one line with all names."""
    errors = [(session, answer) for session, answer in seen if isinstance(answer, AdsError)]
    if grave := [answer for _, answer in errors if not isinstance(answer, NotFound)]:
        return grave[0]
    names = ", ".join(session.platform.label for session, _ in seen)
    return NotFound(
        f"{what} is not there, or no connection may see it ({names})",
        fix="ads_describe() lists the accounts of each connection",
    )
