"""What a caller says it is doing a request for: told with what is changed, and believed by nobody."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

INTENT: ContextVar[str] = ContextVar("mcp_ads_host_intent", default="")
"""The `intent` of the request that is answered; whoever answers it sets this."""
MOST_INTENT = 512


def intent(redact: Callable[[str], str]) -> str:
    """It, without secrets, in characters that a database takes, and cut."""
    text = redact(INTENT.get()).replace("\0", "")
    return text.encode(errors="replace").decode()[:MOST_INTENT]
