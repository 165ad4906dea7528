"""What a control request asks for: its body, whatever was sent."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request


async def asked_of(request: Request) -> Any:
    """The body as JSON; None where it is none, which no control route understands."""
    try:
        return await request.json()
    except (ValueError, RecursionError):
        return None
