"""Answers that say nothing of what was asked: something on the way may have sent them."""

from __future__ import annotations

from typing import Any

from mcp_ads.core import Request
from mcp_ads.errors import ApiError, NotFound, PlatformDown

NOTHING = "the answer is empty, or no object and no list"
UNPROVEN = "HTTP {} that is not in the platform's own words: whether there is such an object is not known"


def heard_out(request: Request, answer: Any) -> Any:
    """What a read was answered, of a request with parts each; a part that was answered with nothing is a
    PlatformDown. Raises PlatformDown where that is all of it.

    No platform answers a read with an empty object, a text, a number or null.
    """
    if request.parts:
        return [
            PlatformDown(NOTHING) if part.risk == "read" and _is_nothing(one) else one
            for part, one in zip(request.parts, answer, strict=True)
        ]
    if request.risk == "read" and not request.secret and _is_nothing(answer):
        raise PlatformDown(NOTHING)
    return answer


def _is_nothing(answer: Any) -> bool:
    return answer == {} or not isinstance(answer, dict | list | ApiError)


def not_said_by_the_platform(error: NotFound) -> PlatformDown:
    """Of a "not found" that a gateway or a proxy may have said: it is no evidence that nothing is there."""
    return PlatformDown(
        UNPROVEN.format(error.status),
        status=error.status,
        code=error.code,
        request_id=error.request_id,
        platform_text=error.platform_text,
    )
