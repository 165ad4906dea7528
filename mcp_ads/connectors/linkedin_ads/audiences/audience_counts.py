"""Audience counts: how many members targeting criteria reach."""

from collections.abc import Mapping
from typing import Any

from mcp_ads.connectors.linkedin_ads import named
from mcp_ads.connectors.linkedin_ads.dialect import FINDER
from mcp_ads.core import NONE, Column, Context, Entity, Flow, Result, dig
from mcp_ads.core.as_sent import AsSent
from mcp_ads.errors import ApiError, PlatformDown

from .base import CriteriaRead
from .criteria import names, urns

FEWEST = 300
"""Members an audience needs to be served, and below which LinkedIn says 0."""
NO_ACTIVE = "active is blank: LinkedIn does not say how many of them have been there lately"
FEWER, UNKNOWN = f"fewer than {FEWEST}", "unknown"


class GetAudienceCount(CriteriaRead):
    """Estimate how many members targeting criteria reach: `total`, and how many of these are `active`.

    LinkedIn rounds, says nothing below 300, the fewest a campaign needs, and nothing of retargeting.
    """

    http, whose = FINDER("/audienceCounts"), NONE
    known = lean = ("total", "active")
    said = "audience size, how many people, potential reach, estimate, target audience, forecast"

    def to_query(self) -> Mapping[str, Any]:
        return {"q": "targetingCriteriaV2", **self.sent()}

    def kinds(self) -> Mapping[str, Column]:
        return dict.fromkeys(self.known, Column("number"))

    def flow(self, context: Context) -> Flow:  # noqa: ARG002
        answer = yield self.to_request()
        total, active = counted(answer, self.targeting_criteria)
        if isinstance(self, AsSent):
            return Result(answer["elements"][0])
        found = dict[str, Any]()
        for name, read in named.asides(urns(self.targeting_criteria)).items():
            try:
                found[name] = dig((yield read.to_request()), read.records)
            except ApiError:
                found[name] = None
        doubts = [*named.unnamed(found, urns(self.targeting_criteria))]
        if active is None and not isinstance(total, str):
            doubts.append(NO_ACTIVE)
        told = {"warnings": doubts} if doubts else {}
        return Result({"total": total, "active": active}, told, columns=self.columns())


def counted(answer: Any, criteria: Mapping[str, Any]) -> tuple[int | str, int | None]:
    """The members LinkedIn counts, in words where it says 0 for another reason, and the active of them.

    Active is None where LinkedIn does not say. Raises PlatformDown for an answer without a count.
    """
    found = dig(answer, "elements")
    first = found[0] if isinstance(found, list) and found else {}
    total, active = (first.get(name) for name in ("total", "active"))
    if not isinstance(total, int):
        raise PlatformDown("the answer has no count", fix="call again in a minute")
    if not total:
        return (UNKNOWN if "dynamicSegments" in names(criteria) else FEWER), None
    return total, active or None


audience_counts = Entity(get=GetAudienceCount)
