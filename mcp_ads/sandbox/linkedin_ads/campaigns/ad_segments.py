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
    for facet, urn in _named(criteria):
        segment = store.get(AD_SEGMENT, tail(urn))
        if segment and FACETS.get(segment["type"], tail(facet)) != tail(facet):
            text = f"Segments of type {segment['type']} go under {FACETS[segment['type']]}"
            yield Fault("INVALID_SEGMENT_ID_AND_FACET_COMBINATION_PROVIDED", PATH, text, urn)
        elif segment and segment["status"] in CLOSED:
            text = f"A segment that is {segment['status']} cannot be targeted"
            yield Fault("FIELD_VALUE_NOT_ALLOWED_FOR_SEGMENT_STATUS", PATH, text, urn)


def absent(
    store: Store, criteria: Body | None, account: str = "", old: Body | None = None
) -> Iterator[Fault]:
    """Segments that are not there, or are another account's, unless they were named before."""
    known = {urn for _, urn in _named(old)}
    for urn in (urn for _, urn in _named(criteria) if urn not in known):
        segment = store.get(AD_SEGMENT, tail(urn))
        if segment is None or (account and segment["account"] != account):
            yield Fault("FIELD_VALUE_DOES_NOT_EXIST", PATH, f"There is no segment {urn}", urn)


def _named(criteria: Body | None) -> Iterator[tuple[str, str]]:
    """The segments that criteria name, each with its facet."""
    given = criteria or {}
    for clause in (*given.get("include", {}).get("and", ()), given.get("exclude", {"or": {}})):
        for facet, urns in clause["or"].items():
            yield from ((facet, urn) for urn in urns if ":adSegment:" in urn)
