"""What a host's answer says beside the records: the connector's own words, and how a list goes on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

CURSORS = ("end_cursor", "endCursor", "after", "nextPageToken", "next_token", "nextToken", "cursor")
"""Where connectors say where a list goes on, ours first."""
STARTS = re.compile(r"start:(\d{1,12})")
"""The cursor of a list that is counted by `start`: how many of its records come before the next page."""
MORE = ("has_next_page", "hasNextPage", "has_more")


def meta_of(envelope: Mapping[str, Any], host: str, *, listed: bool) -> dict[str, Any]:
    """The connector's own metadata and the call's ids; of a list `has_next_page` and `end_cursor`, too."""
    own = dict(envelope.get("connector_metadata") or {})
    ran = envelope.get("execution_metadata") or {}
    ids = {name: value for name, value in ran.items() if name.endswith("_id")}
    return {**ids, **own, **(_paging(own) if listed else {}), "host": host}


def _paging(own: Mapping[str, Any]) -> dict[str, Any]:
    """How a list goes on, whatever its connector calls it."""
    cursor = next(
        (str(own[name]) for name in CURSORS if isinstance(own.get(name), str | int) and own[name]), None
    )
    said = next((own[name] for name in MORE if isinstance(own.get(name), bool)), None)
    cursor = cursor or _start_of_next(own)
    more = said if said is not None else cursor is not None
    return {"has_next_page": more, "end_cursor": cursor if more else None}


def _start_of_next(own: Mapping[str, Any]) -> str | None:
    """Where a list goes on whose page is counted by `start`, `count` and `total`, and is not the last."""
    start, count, total = own.get("start"), own.get("count"), own.get("total")
    if not (isinstance(start, int) and isinstance(count, int) and isinstance(total, int)):
        return None
    return f"start:{start + count}" if start + count < total else None


def goes_on(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a further page as its connector wants them."""
    found = STARTS.fullmatch(str(params.get("cursor", "")))
    if not found:
        return dict(params)
    return {**{name: value for name, value in params.items() if name != "cursor"}, "start": int(found[1])}
