"""Ad segments: what campaigns can target of an account's own, uploaded, retargeted or alike."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mcp_ads.connectors.linkedin_ads.bases import LinkedinRead
from mcp_ads.connectors.linkedin_ads.dialect import FINDER, OFFSET
from mcp_ads.connectors.linkedin_ads.types import AccountId
from mcp_ads.connectors.linkedin_ads.urns import tail, urn
from mcp_ads.core import Account, Column, Entity

from .base import SEGMENT
from .rules import CLOSED

FACET_OF = {"BULK": "audienceMatchingSegments", "RETARGETING": "dynamicSegments"}
"""Under which facet criteria take a segment; LinkedIn refuses the other one."""


class ListAdSegments(LinkedinRead):
    """List the segments an ad account can target: uploads (BULK), RETARGETING, LOOKALIKE, with their size.

    `urn` goes into targeting_criteria, under `facet`. EXPIRED, FAILED and ERROR ones cannot be targeted.
    """

    account_id: AccountId

    http = FINDER("/adSegments")
    pages, records = OFFSET, "elements"
    lean = ("id", "name", "type", "status", "approximateMemberCount", "facet")
    known = (*lean, "urn", "account", "account_id", "description", "createdAt", "lastModifiedAt")
    alike = {"size": "approximateMemberCount", "ad_segment_id": "id"}
    said = "retargeting audiences, website visitors, lookalike audiences, matched audiences, saved audience"

    def to_query(self) -> dict[str, Any]:
        return {"q": "accounts", "accounts": [urn("sponsoredAccount", self.account_id)]}

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        row = super().to_row(record, account)
        facet = FACET_OF.get(str(record.get("type")))
        return {**row, "urn": urn("adSegment", str(record.get("id"))), "facet": facet}

    def kinds(self) -> dict[str, Column]:
        return {"approximateMemberCount": Column("number")}


def doubts(rows: Any, clauses: Iterable[Mapping[str, list[str]]]) -> Iterator[str]:
    """Which segments that criteria name LinkedIn does not take, told by the account's; None is not known."""
    known = {str(row.get("id")): row for row in rows or ()}
    named = ((facet, value) for clause in clauses for facet, values in clause.items() for value in values)
    for facet, id_ in ((tail(facet), tail(value)) for facet, value in named if value.startswith(SEGMENT)):
        segment = known.get(id_, {})
        status, meant = segment.get("status"), FACET_OF.get(str(segment.get("type")), facet)
        if rows is not None and not segment:
            yield (
                f"adSegment:{id_} is none of the {len(known)} ad segments that were read of this account "
                "(ad_segments.list has them; the id of a DMP segment is another one)"
            )
        elif status in CLOSED:
            yield f"adSegment:{id_} is {status}: LinkedIn does not take it"
        elif meant != facet:
            yield f"adSegment:{id_} is of type {segment['type']}: LinkedIn takes it under {meant} only"


ad_segments = Entity(list=ListAdSegments)
