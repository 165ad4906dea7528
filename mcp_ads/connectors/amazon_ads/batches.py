"""Amazon's changes are lists: items of one kind of change travel in one, and are told of by their index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mcp_ads.core import Reply, Request
from mcp_ads.core.bundles import Bundle
from mcp_ads.errors import PlatformDown

from .items import RULES, request_id, unread, verdicts

MOST = {
    "/sp/": 1000, "/sb/v4/": 10, "/sb/ads/": 10, "/sb/": 100, "/sd/": 100, "/st/creatives": 1, "/st/": 100,
    "/portfolios": 100,
}  # fmt: skip
"""Items a list may have, by where it is sent: the first that fits."""
MOST_RULES = 25
"""Budget rules in one request, made, changed or attached."""
UNTOLD = "the answer does not say what became of this item"


def bundle(request: Request) -> Bundle | None:
    """Changes sent to one place under one profile, where what is sent is a list of one."""
    most = next((most for path, most in MOST.items() if request.path.startswith(path)), 0)
    if request.risk == "read" or request.query or not most or _list(request.body) is None:
        return None
    if RULES in request.path:
        most = MOST_RULES
    key = (request.method, request.path, request.region, *sorted(request.headers.items()))
    return Bundle((key, _name(request.body)), most)


def body(parts: Sequence[Request]) -> Any:
    """The one list with the items of all."""
    items = [item for part in parts for item in _list(part.body) or ()]
    first = parts[0].body
    if isinstance(first, list):
        return items
    name = _name(first)
    return {name: {"include": items}} if name.endswith("Filter") else {name: items}


def parted(answer: Any, reply: Reply, whole: Request) -> list[Any]:
    """What each item was answered; what the answer does not tell of is a PlatformDown."""
    told = verdicts(answer, reply, replace(whole, body=body(whole.parts)))
    known: dict[str, Any] = {"status": reply.status, "request_id": request_id(reply)}
    count = len(whole.parts)
    own = answer if isinstance(answer, list) and len(answer) == count else [answer] * count
    return [
        told[at] if at in told else PlatformDown(UNTOLD, **known, platform_text=unread(own[at]))
        for at in range(count)
    ]


def _name(body: Any) -> str:
    return "" if isinstance(body, list) else str(next(iter(body), ""))


def _list(body: Any) -> list[Any] | None:
    """The list in a body that has nothing but a list of one item; else None."""
    found = body
    if isinstance(body, dict) and len(body) == 1:
        found = next(iter(body.values()))
        if isinstance(found, dict) and found.keys() == {"include"}:
            found = found["include"]
    return found if isinstance(found, list) and len(found) == 1 else None
