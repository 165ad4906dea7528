"""The records of a page of a list: a page that has none in their place is no empty page, and no end."""

from __future__ import annotations

from typing import Any

from mcp_ads.errors import PlatformDown

from .foreign import is_message
from .paginators import dig

STRANGE = "the answer has something else where its records should be"
MESSAGE = "the answer has a message where a record should be"
AGAIN = "call again in a minute"


def found_in(answer: Any, path: str, total: str = "") -> Any:
    """What stands at a dotted path of an answer. Raises PlatformDown, as `records_in` does, for nothing."""
    found = dig(answer, path)
    return records_in(answer, path, total) if found is None else found


def records_in(answer: Any, path: str, total: str = "") -> list[dict[str, Any]]:
    """The records at a dotted path of an answer; an empty `path` means that it is the list itself.

    A list is left out only where the answer says at `total` that there are none, since some schemas demand no
    list. Raises PlatformDown for anything else, an answer without the field among them.
    """
    records = dig(answer, path)
    if records is None and total and dig(answer, total) == 0:
        return []
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise strange(STRANGE)
    if any(map(is_message, records)):
        raise strange(MESSAGE)
    return records


def strange(what: str) -> PlatformDown:
    """The error for an answer that is none to what was asked."""
    error = PlatformDown(what, fix=AGAIN)
    error.sent = "yes"
    return error
