"""The whole answer to one request, and what is said where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcp_ads.core import Reply, Request
from mcp_ads.errors import ApiError, OutcomeUnknown, PlatformDown, Rejected

if TYPE_CHECKING:
    import httpx

MOST_BYTES = 256 * 2**20
"""Bytes of one answer, unpacked."""
MOST_REASON = 200


async def whole(request: Request, response: httpx.Response) -> Reply:
    """The whole answer; one that unpacks without end is left."""
    parts, size = list[bytes](), 0
    try:
        async for part in response.aiter_bytes():
            parts.append(part)
            size += len(part)
            if size > MOST_BYTES:
                what = f"the answer is larger than {MOST_BYTES // 2**20} MB"
                raise Rejected(what, fix="ask for less") if request.risk == "read" else lost(request, what)
    finally:
        await response.aclose()
    return Reply(response.status_code, response.headers, b"".join(parts))


def reason(error: Exception) -> str:
    """Why a connection failed, as the system says it."""
    return " ".join((str(error) or type(error).__name__).split())[:MOST_REASON]


def lost(request: Request, what: str, error: ApiError | None = None, status: int = 0) -> ApiError:
    """A read without an answer has failed; a write without one may have been done."""
    error = error or PlatformDown(what, status=status)
    if request.risk == "read":
        error.sent = "yes"
        error.fix = error.fix or "call again; nothing was changed"
        return error
    return OutcomeUnknown.because(
        what,
        status=error.status,
        code=error.code,
        request_id=error.request_id,
        platform_text=error.platform_text,
    )
