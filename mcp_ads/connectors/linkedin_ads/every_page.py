"""All records of one of the older lists, page after page."""

from __future__ import annotations

from typing import Any

from mcp_ads.core import Request
from mcp_ads.core.outline import Steps
from mcp_ads.core.page_records import records_in

from .dialect import OFFSET, LinkedPages

MOST_PAGES = 40


def every_page(first: Request, pages: LinkedPages = OFFSET) -> Steps[tuple[list[dict[str, Any]], bool]]:
    """The records of the first forty pages, and whether there are no more.

    Raises PlatformDown where an answer has something else in their place.
    """
    asked, found = pages.sized(first, pages.most), list[dict[str, Any]]()
    for _ in range(MOST_PAGES):
        answer = yield asked
        found += records_in(answer, pages.rows)
        if (token := pages.token(asked, answer)) is None:
            return found, True
        asked = pages.turn(asked, token)
    return found, False
