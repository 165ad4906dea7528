"""Whoever asks, found by the bearer token of a request."""

from __future__ import annotations

from starlette.requests import Request

from .callers import Caller
from .refusals import unknown_token


async def caller(_: Request) -> Caller:
    """The caller of a request, as a dependency. Raises Refused (401)."""
    raise unknown_token()
