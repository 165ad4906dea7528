"""JSON that somebody wrote, in which no name may stand twice: readers differ on which of the two counts."""

from __future__ import annotations

import json
from typing import Any

from mcp_ads.errors import InvalidParams

from .synonyms import cut


def read_once(text: str | bytes) -> Any:
    """What a JSON text has. Raises ValueError and RecursionError as json does, InvalidParams for a name that
    stands twice in one object.
    """
    return json.loads(text, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict[str, Any]()
    for name, value in pairs:
        if name in found:
            raise InvalidParams(f"{cut(name)!r} stands twice in one object of the JSON; give it once")
        found[name] = value
    return found
