"""Two ways to page: an opaque token on the newer finders, start and count on the older ones."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from .errors import bad_param
from .state import Body, Call, tail

DEFAULT_PAGE = 100
DEFAULT_COUNT = 10


def cursor_page(call: Call, items: Sequence[Body]) -> tuple[list[Body], dict[str, Any]]:
    """One page in the order asked for, and the metadata that leads to the next.

    `start` and `count` are accepted and have no effect: page 1 comes back.
    """
    backwards = _is_descending(call)
    ordered = sorted(items, key=_number, reverse=backwards)
    if token := call.query.get("pageToken"):
        last = _read(call, token)
        ordered = [item for item in ordered if (_number(item) < last if backwards else _number(item) > last)]
    size = call.query.get("pageSize", DEFAULT_PAGE)
    page = ordered[:size]
    if len(ordered) <= size:
        return page, {}
    return page, {"nextPageToken": _write(call, _number(page[-1]))}


def offset_page(call: Call, items: Sequence[Any]) -> Body:
    """One page as the older collections answer it, with a link to the next while there is one."""
    start, count = call.query.get("start", 0), call.query.get("count", DEFAULT_COUNT)
    links = []
    if start + count < len(items):
        href = f"/rest{call.path}?start={start + count}&count={count}"
        links.append({"type": "application/json", "rel": "next", "href": href})
    paging = {"start": start, "count": count, "links": links, "total": len(items)}
    return {"paging": paging, "elements": list(items[start : start + count])}


def _is_descending(call: Call) -> bool:
    order = call.query.get("sort", {}).get("order") or call.query.get("sortOrder")
    return bool(order == "DESCENDING")


def _number(item: Body) -> int:
    return int(tail(str(item["id"])))


def _write(call: Call, last: int) -> str:
    return base64.urlsafe_b64encode(f"{last}/{_stamp(call)}".encode()).decode()


def _read(call: Call, token: str) -> int:
    """The last id of the page before; a token of another call is refused."""
    try:
        last, _, stamp = base64.urlsafe_b64decode(token.encode()).decode().partition("/")
    except (binascii.Error, UnicodeError):
        raise bad_param("pageToken", "The page token is not valid") from None
    if stamp != _stamp(call) or not last.isdigit():
        raise bad_param("pageToken", "The page token is not valid for this call")
    return int(last)


def _stamp(call: Call) -> str:
    passing = ("pageToken", "pageSize", "fields", "start", "count")
    asked = {name: value for name, value in call.query.items() if name not in passing}
    text = call.path + json.dumps(asked, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()
