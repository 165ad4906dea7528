"""Which ad segments criteria may name, and under which facet."""

from __future__ import annotations

from collections.abc import Iterator

from mcp_ads.sandbox.linkedin_ads.errors import Fault
from mcp_ads.sandbox.linkedin_ads.state import Body, tail
from mcp_ads.sandbox.store import Store

AD_SEGMENT = "linkedin.adSegment"
PATH, CLOSED = "/targetingCriteria", ("EXPIRED", "FAILED", "ERROR")
FACETS = {"BULK": "audienceMatchingSegments", "RETARGETING": "dynamicSegments"}


def faults(store: Store, criteria: Body | None) -> Iterator[Fault]:
    """What is wrong with the segments that criteria name, of those that are known here."""
    given = criteria or {}
    clauses = [*given.get("include", {}).get("and", ()), given.get("exclude", {"or": {}})]
    named = [pair for clause in clauses for pair in clause["or"].items()]
    for facet, urn in ((facet, urn) for facet, urns in named for urn in urns):
        segment = store.get(AD_SEGMENT, tail(urn)) if ":adSegment:" in urn else None
        if segment and FACETS.get(segment["type"], tail(facet)) != tail(facet):
            text = f"Segments of type {segment['type']} go under {FACETS[segment['type']]}"
            yield Fault("INVALID_SEGMENT_ID_AND_FACET_COMBINATION_PROVIDED", PATH, text, urn)
        elif segment and segment["status"] in CLOSED:
            text = f"A segment that is {segment['status']} cannot be targeted"
            yield Fault("FIELD_VALUE_NOT_ALLOWED_FOR_SEGMENT_STATUS", PATH, text, urn)
