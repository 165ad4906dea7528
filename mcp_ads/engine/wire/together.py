"""Several requests in one: sent together where the platform has a way, each answered for itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from copy import copy
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account, Request
from mcp_ads.core.bundles import Bundle, joined
from mcp_ads.errors import ApiError, RateLimited, Rejected, TooMuch

from .deadline import left
from .pace import PATIENCE
from .transport import pause_after

if TYPE_CHECKING:
    from .connection import Connection

OF_THE_WHOLE = (400, 413, 414, 422)
"""Refusals of all for what one of them has, or for their size: nothing of it was done."""


async def send_together(
    session: Connection,
    requests: Sequence[Request],
    bundle: Bundle,
    account: Account | None,
    answers: list[Any] | None = None,
) -> list[Any]:
    """What each was answered, or the ApiError it ended with, for as many as a bundle may have.

    One that was throttled is sent again after a pause, and so is a read that failed: nothing was done of
    them. Where all are refused for what one of them has, each half is sent by itself. `answers` has what is
    known so far, and None where that is nothing.
    """
    answers = [None] * len(requests) if answers is None else answers
    waiting, until = [(list(range(len(requests))), 1)], time.monotonic() + PATIENCE
    while waiting:
        places, attempt = waiting.pop(0)
        try:
            outcomes = await _sent(session, [requests[at] for at in places], bundle, account)
        except ApiError as error:
            if len(places) > 1 and _of_one(error):
                half = len(places) // 2
                waiting[:0] = [(places[:half], attempt), (places[half:], attempt)]
                continue
            outcomes = [copy(error) for _ in places]
            attempt = 0
        for at, answer in zip(places, outcomes, strict=True):
            answers[at] = answer
        if len(places) > 1 and attempt:
            again = await _paused(session, requests, answers, places, attempt, until, account)
            for at in again:
                answers[at] = None
            waiting += [(again, attempt + 1)] if again else []
    return answers


async def _sent(
    session: Connection, requests: Sequence[Request], bundle: Bundle, account: Account | None
) -> list[Any]:
    if len(requests) == 1:
        return [await session.exchange(requests[0], account)]
    answers: list[Any] = await session.exchange(joined(requests, bundle), account)
    return answers


def _of_one(error: ApiError) -> bool:
    """Whether a refusal of all may be for what one of them has."""
    return isinstance(error, TooMuch) or (type(error) is Rejected and error.status in OF_THE_WHOLE)


async def _paused(
    session: Connection,
    requests: Sequence[Request],
    answers: Sequence[Any],
    places: Sequence[int],
    attempt: int,
    until: float,
    account: Account | None,
) -> list[int]:
    """Wait as long as those want that may be sent again; which these are."""
    pauses = dict[int, float]()
    for at in places:
        if isinstance(error := answers[at], ApiError):
            pause = pause_after(requests[at], error, attempt)
            if pause is not None and pause < min(left(), until - time.monotonic()):
                pauses[at] = pause
    if pauses:
        longest = max(pauses.values())
        if any(isinstance(answers[at], RateLimited) for at in pauses):
            session.transport.limits.shared.pace("account", account.id if account else "", "").close(longest)
        await asyncio.sleep(longest)
    return list(pauses)
