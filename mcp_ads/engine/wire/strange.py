"""Answers that say nothing of what was asked: something on the way may have sent them."""

from __future__ import annotations

from typing import Any

from mcp_ads.core import Reply, Request
from mcp_ads.core.foreign import is_message
from mcp_ads.errors import ApiError, NotFound, PlatformDown, Rejected

NOTHING = "the answer is empty, or no object and no list"
MESSAGE = "the answer is a message, and nothing of what was asked for"
A_PAGE = "HTTP {} with a page, which is no answer of the platform's"
DOUBTED = (
    "check the call; a gateway or a proxy may have said this, since it is not in the platform's own words"
)
UNPROVEN = "HTTP {} that is not in the platform's own words: whether there is such an object is not known"


def heard_out(request: Request, answer: Any) -> Any:
    """What a read was answered, of a request with parts each; a part that was answered with nothing is a
    PlatformDown. Raises PlatformDown where that is all of it.

    No platform answers a read with an empty object, a text, a number, null, or a mere message.
    """
    if request.parts:
        return [
            PlatformDown(why) if part.risk == "read" and (why := _lacks(one)) else one
            for part, one in zip(request.parts, answer, strict=True)
        ]
    if request.risk == "read" and not request.secret and (why := _lacks(answer)):
        raise PlatformDown(why)
    return answer


def _lacks(answer: Any) -> str:
    """Why an answer says nothing of what was asked; empty where it may."""
    if answer == {} or not isinstance(answer, dict | list | ApiError):
        return NOTHING
    return MESSAGE if is_message(answer) else ""


def not_the_platforms(error: ApiError, reply: Reply) -> ApiError:
    """A refusal that a gateway or a proxy may have sent: it says nothing of what was asked for.

    A page in its place, and a "not found", are a PlatformDown: neither is evidence that nothing is there. Of
    any other it is said that it may not be the platform's.
    """
    page = type(error) is Rejected and reply.content.lstrip()[:1] == b"<"
    if not (page or isinstance(error, NotFound)):
        error.fix = error.fix or (DOUBTED if type(error) is Rejected else "")
        return error
    return PlatformDown(
        (A_PAGE if page else UNPROVEN).format(error.status),
        status=error.status,
        code=error.code,
        request_id=error.request_id,
        platform_text=error.platform_text,
    )
