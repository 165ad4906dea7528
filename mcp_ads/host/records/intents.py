"""What a caller says it is doing a request for: told with what is changed, and believed by nobody."""

from __future__ import annotations

from contextvars import ContextVar

INTENT: ContextVar[str] = ContextVar("mcp_ads_host_intent", default="")
"""The `intent` of the request that is answered; whoever answers it sets this."""
MOST_INTENT = 512
