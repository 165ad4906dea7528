"""What Amazon's own refusals of a whole request look like, in the envelopes of its families."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

WHOLE = frozenset({
    "INVALID_ARGUMENT", "UNAUTHORIZED", "ACCESS_DENIED", "NOT_FOUND", "NOT_ACCEPTABLE",
    "UNSUPPORTED_MEDIA_TYPE",
    "THROTTLED", "BAD_REQUEST", "FORBIDDEN", "CONFLICT", "CONTENT_TOO_LARGE", "TOO_MANY_REQUESTS",
})  # fmt: skip
"""Codes of a whole request's refusal; older families write the HTTP status as text."""
OF_INPUT = ("errorType", "errorId", "fieldLocation")
"""What each fault that a refusal names has, beside its text."""


def is_documented(answer: Mapping[str, Any], status: int) -> bool:
    """Whether this is Amazon's own: the DSP writes no code, and the number of the request instead."""
    code, listed = answer.get("code") or answer.get("errorCode"), answer.get("errors")
    named = any(map(_is_fault, [answer, *(listed if isinstance(listed, list) else ())]))
    numbered = isinstance(answer.get("requestId"), str) and isinstance(answer.get("message"), str)
    return code == str(status) or (isinstance(code, str) and code in WHOLE) or named or numbered


def _is_fault(error: Any) -> bool:
    return isinstance(error, dict) and any(error.get(name) for name in OF_INPUT)
