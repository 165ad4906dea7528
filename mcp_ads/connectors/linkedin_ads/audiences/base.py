"""What the reads of this family share: lists that come whole, and segments that criteria name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mcp_ads.connectors.linkedin_ads.bases import LinkedinRead
from mcp_ads.connectors.linkedin_ads.urns import tail
from mcp_ads.core import Action, Context, Flow, Result, dig
from mcp_ads.core.owner import Inside

from . import criteria as targeting
from .criteria import Criteria


class WholeList(LinkedinRead):
    """A list that LinkedIn answers in one piece: it documents no pages for it."""

    records = "elements"

    def flow(self, context: Context) -> Flow:
        found = dig((yield self.to_request()), self.records) or []
        return Result([self.to_row(row, context.account) for row in found])


class CriteriaRead(LinkedinRead):
    """A read about whom criteria mean."""

    targeting_criteria: Criteria

    def inside(self) -> Iterable[Inside]:
        return segments_inside(self.targeting_criteria)


def segments_inside(criteria: Mapping[str, Any]) -> Iterator[Inside]:
    """The segments that criteria name; each is one account's."""
    for urn in targeting.urns(criteria):
        if urn.startswith("urn:li:adSegment:"):
            yield Inside("targeting_criteria", tail(urn), _ad_segments)


def _ad_segments(account_id: str) -> Action:
    from .ad_segments import ListAdSegments  # loaded with the first criteria that name one

    return ListAdSegments(account_id=account_id)
