"""All records of a list that an action reads for its own answer, page after page."""

from __future__ import annotations

from mcp_ads.core import dig
from mcp_ads.core.outline import Steps
from mcp_ads.core.page_records import records_in

from .types import AmazonRead, Json

MOST_PAGES = 20


def every_page(read: AmazonRead, most: int) -> Steps[tuple[list[Json], int]]:
    """The records of the first twenty pages, up to a number, and how many there are at least."""
    assert read.pages
    asked, found, total, onward = read.pages.sized(read.to_request(), most), list[Json](), 0, None
    for _ in range(MOST_PAGES):
        answer = yield asked
        found += records_in(answer, read.records, read.total)
        total = max(total, int(dig(answer, read.total) or 0) if read.total else 0)
        if (onward := read.pages.token(asked, answer)) is None or len(found) >= most:
            break
        asked = read.pages.turn(asked, onward)
    return found[:most], max(total, len(found) + (onward is not None))
