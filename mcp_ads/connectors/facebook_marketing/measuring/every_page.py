"""All rows of a report: a part of them would sort and add up to something else."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.core import Progress, Request, Wait, dig
from mcp_ads.errors import PlatformDown, Rejected, TooMuch

PAGE, LEAST, MOST_ROWS, MOST_PAGES = 500, 60, 20_000, 500
STALE = "2642"
"""Facebook's code for a page token that it takes no longer."""
Records = list[dict[str, Any]]
Reading = Generator[Request | Wait | Progress, Any, Records]


@dataclass(frozen=True)
class Reader:
    """Reads page after page to the end. `page` rows at first, half of it where that is too much for Facebook,
    and TooMuch when `least` are; `most` is how many rows there may be, `begun` the progress so far.
    """

    page: int = field(default_factory=lambda: PAGE)
    least: int = LEAST
    most: int = field(default_factory=lambda: MOST_ROWS)
    begun: int = 0

    def all(self, first: Request) -> Reading:
        """Every record, once more from the first where a page token has gone stale.

        Raises PlatformDown for a repeated page, Rejected for too many rows or a token refused again, TooMuch.
        """
        size, token, stale = self.page, "", False
        found, seen = Records(), set[str]()
        while len(found) < self.most and len(seen) < MOST_PAGES:
            asked = CURSOR.sized(first, size)
            asked = CURSOR.turn(asked, token) if token else asked
            try:
                answer = yield asked
            except TooMuch:
                size //= 2
                if size < self.least:
                    raise
                continue
            except Rejected as error:
                if not token or error.code != STALE:
                    raise
                if stale:
                    raise PlatformDown("Facebook does not take the page tokens that it gives") from None
                found, seen, token, stale = Records(), set(), "", True
                continue
            found += _records(answer)
            token = CURSOR.token(asked, answer) or ""
            if not token:
                return found
            if token in seen:
                raise PlatformDown("the platform repeated a page, so its rows are not complete")
            seen.add(token)
            yield Progress(self.begun + len(found), self.begun + self.most, f"{len(found)} rows")
        raise Rejected(
            f"more than {len(found):,} rows: too many to filter, sort or add up here",
            fix="fewer days, a higher level, campaign_id or filtering",
        )


def _records(answer: Any) -> Records:
    """The rows of a page. Raises PlatformDown for anything else."""
    found = dig(answer, "data")
    if not isinstance(found, list) or not all(isinstance(record, dict) for record in found):
        raise PlatformDown("the answer has something else where its records should be")
    return found
