"""What the reads of this family share: lists that come whole, and segments that criteria name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mcp_ads.connectors.linkedin_ads.bases import LinkedinRead
from mcp_ads.connectors.linkedin_ads.urns import tail
from mcp_ads.core import Action, Context, Flow, Result
from mcp_ads.core.owner import Inside, texts_in
from mcp_ads.core.page_records import records_in

from .criteria import Criteria

SEGMENT = "urn:li:adSegment:"


class WholeList(LinkedinRead):
    """A list that LinkedIn answers in one piece: it documents no pages for it."""

    records = "elements"

    def flow(self, context: Context) -> Flow:
        found = records_in((yield self.to_request()), self.records)
        return Result([self.to_row(row, context.account) for row in found])


class CriteriaRead(LinkedinRead):
    """A read about whom criteria mean."""

    targeting_criteria: Criteria

    def inside(self) -> Iterable[Inside]:
        return segments_inside(self)


def segments_inside(call: Action) -> Iterator[Inside]:
    """The ad segments that a call names to include or exclude them; each is one account's."""
    for name in ("targeting_criteria", "add", "exclude_add"):
        for text in texts_in(getattr(call, name, None)):
            if text.startswith(SEGMENT):
                yield Inside(name, tail(text), _ad_segments)


def _ad_segments(account_id: str) -> Action:
    from .ad_segments import ListAdSegments  # loaded with the first criteria that name one

    return ListAdSegments(account_id=account_id)
