"""All rows of an insights call, for a look at all of them: a part would sort and add up to something else."""

from __future__ import annotations

from typing import Any

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.core import Action, Context, Flow, Progress, Result, dig
from mcp_ads.errors import PlatformDown, Rejected

PAGE, MOST_ROWS, MOST_PAGES = 500, 20_000, 200


def every_page(call: Action, context: Context) -> Flow:
    """Page after page to the end. Raises PlatformDown for a repeated page, Rejected for too many rows."""
    asked, rows, seen = CURSOR.sized(call.to_request(), PAGE), list[Any](), set[str]()
    while len(rows) < MOST_ROWS and len(seen) < MOST_PAGES:
        answer = yield asked
        rows += [call.to_row(record, context.account) for record in _records(answer)]
        token = CURSOR.token(asked, answer)
        if not token:
            return Result(rows, columns=call.columns())
        if token in seen:
            raise PlatformDown("the platform repeated a page, so its rows are not complete")
        seen.add(token)
        asked = CURSOR.turn(asked, token)
        yield Progress(len(rows), MOST_ROWS, f"{len(rows)} rows")
    raise Rejected(
        f"more than {len(rows):,} rows: too many to filter, sort or add up here",
        fix="fewer days, a higher level, campaign_id or filtering",
    )


def _records(answer: Any) -> list[dict[str, Any]]:
    """The rows of a page. Raises PlatformDown for anything else."""
    found = dig(answer, "data")
    if not isinstance(found, list) or not all(isinstance(record, dict) for record in found):
        raise PlatformDown("the answer has something else where its records should be")
    return found
