"""What is said of accounts that were not read: which, why in a few words, and of how many."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

from mcp_ads.core.cells import cut, visible
from mcp_ads.errors import (
    AdsError,
    AuthError,
    NotConfigured,
    NotFound,
    OutOfScope,
    PlatformDown,
    RateLimited,
    TooMuch,
)

MOST_NAMED, MOST_WHY = 10, 80


class OutOfTime(PlatformDown):
    """The call's time was over before this was read."""

    who = "you"


SAID: tuple[tuple[type[AdsError], str], ...] = (
    (OutOfTime, "the call's time is over"),
    (OutOfScope, "not allowed"),
    (NotConfigured, "not signed in"),
    (NotFound, "not there, or not visible"),
    (TooMuch, "too much at once"),
    (PlatformDown, "the platform did not answer"),
)
"""Kinds of errors in a few words, the nearest first; others say what they say."""


def why(error: AdsError) -> str:
    """Why something was not read, in a few words."""
    if isinstance(error, AuthError):
        return "token expired" if error.sign_in else f"no permission ({_said(error)})"
    if isinstance(error, RateLimited):
        until = time.strftime("%H:%M UTC", time.gmtime(time.time() + error.retry_after + 59))
        return f"throttled until {until}" if error.retry_after else "throttled"
    return next((words for kind, words in SAID if isinstance(error, kind)), _said(error))


def _said(error: AdsError) -> str:
    return cut(visible(str(error).partition("\n")[0]), MOST_WHY)


def coverage_of(count: int, unread: Sequence[tuple[str, str]], gaps: Iterable[str]) -> str:
    """Which of so many accounts were not read, and why; "" where all were, and there may be no others.

    `unread` are accounts with why, `gaps` say why there may be accounts that nobody knows of.
    """
    parts = []
    if unread:
        named = ", ".join(f"{account} {reason}" for account, reason in unread[:MOST_NAMED])
        more = f" and {len(unread) - MOST_NAMED} more" if unread[MOST_NAMED:] else ""
        parts.append(f"not read: {named}{more}")
    if unlisted := "; ".join(gaps):
        parts.append(f"not listed: {unlisted}")
    return "; ".join([f"{count - len(unread)} of {count}", *parts]) if parts else ""
