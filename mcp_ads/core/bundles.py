"""Requests that travel together: which may, as what, and what each of them is answered. Pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mcp_ads.errors import ApiError, PlatformDown

from .request import Request

ABSURD = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""What reading an answer of another shape than any documented raises."""


@dataclass(frozen=True)
class Bundle:
    """Requests with the same `key` may travel together, at most `most` of them.

    `counted` says that the platform counts every one of them against its limits, and not the one they are in.
    """

    key: Hashable
    most: int
    counted: bool = False


def lone(request: Request) -> Bundle | None:  # noqa: ARG001
    """What a platform says that has no way to send several requests in one."""
    return None


def joined(requests: Sequence[Request], bundle: Bundle) -> Request:
    """One request that is several of one bundle, in their order."""
    return replace(requests[0], parts=tuple(requests), calls=len(requests) if bundle.counted else 1)


def answer_of(read: Callable[[], Any]) -> Any:
    """What one of several was answered: its answer, or the ApiError that reading it raised.

    An answer that cannot be read says nothing: it is a PlatformDown, and leaves the others as they are.
    """
    try:
        return read()
    except ApiError as error:
        return error
    except ABSURD:
        return PlatformDown("the answer makes no sense")
