"""How a list goes on that another API carries: by its token, or said to go on and not where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mcp_ads.errors import PlatformDown

MORE = ("has_next_page", "hasNextPage", "has_more", "hasMore")
CURSORS = ("end_cursor", "endCursor", "cursor")
"""What says that there is more, and where, beside what a connector calls it."""
NOWHERE, UNTOLD = "airbyte:there-is-more", "airbyte:there-may-be-more"
ENDS = {
    NOWHERE: "Airbyte says that there is more, and not where it goes on",
    UNTOLD: "Airbyte does not say whether there is more after a full page",
}
"""Tokens of pages that cannot be asked for, and why: rows before them are a part of the list."""


def listed(
    result: Any, meta: Mapping[str, Any], rows: str = "data", token: str = ""
) -> tuple[list[Any], Mapping[str, Any]]:
    """The records of a list, and what is said beside them; some answer with both in one object.

    `rows` is where such an object has its records, `token` what the platform's own has for the next page, and
    has not on the last one. Raises PlatformDown for anything else: it would be taken for a list without rows.
    """
    if isinstance(result, Mapping):
        beside = result.get("meta")
        meta = {**meta, **(beside if isinstance(beside, Mapping) else {})}
        meta |= {token: result.get(token) or meta.get(token)} if token else {}
        none = result.get("totalResults") == 0 and rows not in result
        result = [] if none else result.get(rows, result.get("data"))
    if not isinstance(result, list):
        raise PlatformDown("Airbyte answers with something else where its records should be")
    return result, meta


def goes_on(meta: Mapping[str, Any]) -> bool | None:
    """Whether there is said to be more; None where nothing is."""
    return next((meta[name] for name in MORE if isinstance(meta.get(name), bool)), None)


def onward(rows: Sequence[Any], size: Any, meta: Mapping[str, Any], *names: str) -> str:
    """The token of the next page, which the connector calls by these names; empty on the last one.

    `size` is how many rows were asked for. One of ENDS where there is more and nobody says where, or where a
    full page says nothing at all.
    """
    more, known = goes_on(meta), (*names, *CURSORS)
    token = next((str(meta[name]) for name in known if meta.get(name)), "")
    if more is False or (token and not rows and not more):
        return ""
    if token or more:
        return token or NOWHERE
    told = more is not None or any(name in meta for name in known)
    full = len(rows) >= size if isinstance(size, int) else bool(rows)
    return UNTOLD if full and not told else ""


def check_place(params: Mapping[str, Any]) -> None:
    """Raise PlatformDown where a page is asked for that nobody said how to ask for."""
    for value in params.values():
        if isinstance(value, str) and value in ENDS:
            raise PlatformDown(ENDS[value], fix="ask for less at once, or for each part by itself")
