"""Private rows on their way out: looked for where they are kept, and put into the request that sends them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mcp_ads.core import Request
from mcp_ads.core.kept import Kept
from mcp_ads.core.media import media_of
from mcp_ads.core.private import PrivateRows, counted, read_rows
from mcp_ads.core.upload import HEAD
from mcp_ads.errors import StalePlan

from .store import KeptFiles

GONE = "what was kept is not what the plan says"
AGAIN = "make the plan again, with the rows"


def check_kept(blobs: KeptFiles, kept: Kept) -> None:
    """Raise StalePlan unless what a value stands for is kept, whole, and as much as it says."""
    if isinstance(kept, PrivateRows):
        _rows(blobs, kept)
        return
    size = blobs.check(kept.sha256).size
    with blobs.open(kept.sha256) as file:
        media = media_of(file.read(HEAD), str(kept.get("name", "")))
    if (size, media) != (kept["size"], kept["media"]):
        raise StalePlan(GONE, fix="make the plan again, with the file")


def filled(blobs: KeptFiles, request: Request) -> Request:
    """The request with rows in the place of what stands for them, knowing how it may be written down.

    Raises StalePlan when they are not kept any more; then nothing was sent.
    """
    if request.parts:
        parts = tuple(filled(blobs, part) for part in request.parts)
        private = any(part.private for part in parts)
        shown = request if any(part.shown for part in parts) else None
        return replace(request, parts=parts, private=private, shown=shown)
    if not _stands_for_rows(request.body):
        return request
    return replace(request, body=_with_rows(blobs, request.body), private=True, shown=request)


def _stands_for_rows(value: Any) -> bool:
    if isinstance(value, PrivateRows):
        return True
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return any(map(_stands_for_rows, inner))


def _with_rows(blobs: KeptFiles, value: Any) -> Any:
    if isinstance(value, PrivateRows):
        return _rows(blobs, value)
    if isinstance(value, Mapping):
        return {name: _with_rows(blobs, inner) for name, inner in value.items()}
    return [_with_rows(blobs, inner) for inner in value] if isinstance(value, list) else value


def _rows(blobs: KeptFiles, kept: PrivateRows) -> list[Any]:
    with blobs.open(kept.sha256) as file:
        content = file.read()
    if hashlib.sha256(content).hexdigest() != kept.sha256:
        raise StalePlan(GONE, fix=AGAIN)
    try:
        columns, rows = read_rows(content)
    except (ValueError, TypeError, RecursionError):
        raise StalePlan(GONE, fix=AGAIN) from None
    counts = kept.get("filled") or counted(columns, rows)
    if (columns, len(rows), counted(columns, rows)) != (kept.columns, kept["rows"], counts):
        raise StalePlan(GONE, fix=AGAIN)
    if kept.told(columns, rows) != kept.get("told", {}):
        raise StalePlan(GONE, fix=AGAIN)
    return kept.spelled(rows[kept.get("first", 0) : kept.get("last")])
