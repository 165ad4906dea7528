"""Where a list goes on, by whichever name a caller knows the place. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mcp_ads.core import Action
from mcp_ads.engine.wire.cursors import checked
from mcp_ads.errors import InvalidParams

CURSOR = "cursor"
CURSORS = (CURSOR, "end_cursor", "after", "pageToken", "page_token", "nextToken", "next_token")
"""What callers may call the place where a list goes on."""


def placed(kind: type[Action], params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters with the place under its own name. Raises InvalidParams where several are given."""
    own = getattr(kind.pages, "write", "") or getattr(kind.pages, "start", "")
    given = [name for name in CURSORS if name in params and (name == own or name not in kind.model_fields)]
    if not own or not given:
        return dict(params)
    if len(given) > 1:
        raise InvalidParams(f"{given[1]}: {given[0]} says already where the list goes on; give one of them")
    rest = {name: value for name, value in params.items() if name != given[0]}
    place = params[given[0]]
    if place is None:
        return rest
    return {**rest, CURSOR if _is_ours(place) else own: place}


def _is_ours(place: Any) -> bool:
    try:
        return bool(checked(str(place)))
    except InvalidParams:
        return False
