"""Messages where a record or an answer should be: a gateway or a proxy may have sent them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SPEAKING = frozenset({"message", "messages", "msg", "error", "errors", "detail", "details", "errormessage"})
BESIDE = frozenset(
    {"status", "statuscode", "code", "errorcode", "requestid", "traceid", "timestamp", "path", "success"}
)
"""What stands beside such a text; names are in small letters and without _."""


def is_message(answer: Any) -> bool:
    """Whether an answer has a text for people, and nothing that tells of an object."""
    if not isinstance(answer, Mapping) or any(isinstance(value, list | Mapping) for value in answer.values()):
        return False
    names = {str(name).replace("_", "").replace("-", "").lower() for name in answer}
    return bool(names & SPEAKING) and names <= SPEAKING | BESIDE


def is_blank(row: Any) -> bool:
    """Whether a row has columns, and nothing in any of them."""
    return (
        isinstance(row, Mapping) and bool(row) and all(value in (None, "", [], {}) for value in row.values())
    )
