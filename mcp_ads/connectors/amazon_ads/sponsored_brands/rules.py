"""What Amazon demands of Sponsored Brands campaigns: their kinds, their days and how they bid.

Sources: SponsoredBrandsV4.json; Amazon's guide to creating Sponsored Brands campaigns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mcp_ads.core.synonyms import cut
from mcp_ads.core.validate import snake

LOWEST, HIGHEST = -99, 900
PLACEMENTS = ("HOME", "DETAIL_PAGE", "OTHER", "TOP_OF_SEARCH")
OPTIMIZED, ADJUSTED, COHORTS = "bidOptimization", "bidAdjustmentsByPlacement", "shopperCohortBidAdjustments"
SEGMENT = {"audienceId", "audienceSegmentType"}
COHORT = ("shopperCohortType", "percentage", "audienceSegments")
COST_OF = {"PAGE_VISIT": "CPC", "BRAND_IMPRESSION_SHARE": "VCPM"}
"""How a campaign with this goal is charged: no other pair is accepted."""
GOALS = (*COST_OF, "ACQUIRE_NEW_CUSTOMERS", "AD_VIEWS")
"""Those a campaign may have that was made elsewhere, too."""
KINDS = {"DAILY": "dailyBudget", "LIFETIME": "lifetimeBudget"}
"""What a campaign's one budget is called here, so that nobody takes one kind for the other."""
THEMES = "Amazon adds theme targets to new ad groups by itself, with bids of its own: look at them first"


def goal(goal: str | None, cost_type: str | None) -> Iterable[str]:
    """A goal and how it is charged go together, or neither is given."""
    if bool(goal) != bool(cost_type):
        missing, given = ("cost_type", "goal") if goal else ("goal", "cost_type")
        yield f"{missing}: missing; {given} needs it beside it, or leave both out for PAGE_VISIT with CPC"
    elif goal and COST_OF[goal] != cost_type:
        yield f"cost_type: {goal} is charged by {COST_OF[goal]}"


def bidding(value: Mapping[str, Any]) -> Iterable[str]:
    """Mistakes in how a campaign bids, as far as they show in it alone."""
    parts = (OPTIMIZED, ADJUSTED, COHORTS)
    if not value:
        yield f"bidding: empty; give some of {', '.join(parts)}"
    if strange := [key for key in value if key not in parts]:
        yield f"bidding: {cut(strange[0])!r} is none of {', '.join(parts)}"
    optimized, adjusted = value.get(OPTIMIZED), value.get(ADJUSTED)
    if OPTIMIZED in value and not isinstance(optimized, bool):
        yield f"bidding.{OPTIMIZED}: true or false"
    if adjusted and optimized is not False:
        yield f"bidding.{ADJUSTED}: only with {OPTIMIZED} false beside it; else Amazon adjusts bids itself"
    yield from _adjustments(value.get(ADJUSTED, []))
    yield from _cohorts(value.get(COHORTS, []))


def _adjustments(value: Any) -> Iterable[str]:
    if not isinstance(value, list):
        yield f'bidding.{ADJUSTED}: a list such as [{{"placement": "HOME", "percentage": -20}}]'
        return
    seen = list[Any]()
    for row in value:
        placement = row.get("placement") if isinstance(row, dict) else None
        if placement not in PLACEMENTS or row.keys() != {"placement", "percentage"}:
            yield f"bidding.{ADJUSTED}: placement is one of {', '.join(PLACEMENTS)}, with its percentage"
        elif not _within(row["percentage"], LOWEST):
            yield f"bidding.{ADJUSTED}: percentage is {LOWEST} to {HIGHEST}"
        elif placement in seen:
            yield f"bidding.{ADJUSTED}: {placement} is there twice"
        seen.append(placement)


def _cohorts(value: Any) -> Iterable[str]:
    if value == []:
        return
    one = value[0] if isinstance(value, list) and len(value) == 1 else None
    cohort: Mapping[str, Any] = one if isinstance(one, dict) else {}
    segments = cohort.get("audienceSegments")
    if cohort.keys() != {*COHORT} or cohort["shopperCohortType"] != "AUDIENCE_SEGMENT":
        yield f"bidding.{COHORTS}: one, with shopperCohortType AUDIENCE_SEGMENT, percentage, audienceSegments"
    elif not isinstance(segments, list) or len(segments) != 1 or not _within(cohort["percentage"], 0):
        yield f"bidding.{COHORTS}: exactly one audience segment, and a percentage of 0 to {HIGHEST}"
    elif not _is_segment(segments[0]):
        yield (
            f"bidding.{COHORTS}: an audience segment is "
            '{"audienceId": "…", "audienceSegmentType": "SPONSORED_ADS_AMC" or "BEHAVIOR_DYNAMIC"}'
        )


def _is_segment(value: Any) -> bool:
    if not isinstance(value, dict) or value.keys() != SEGMENT:
        return False
    return all(isinstance(text, str) and text.strip() for text in value.values())


def raised_bids(value: Mapping[str, Any]) -> Iterable[str]:
    """What a person should know of what is paid for a click or a thousand views."""
    for row in (*(value.get(ADJUSTED) or ()), *(value.get(COHORTS) or ())):
        if percentage := row.get("percentage"):
            where = row.get("placement") or "the audience segment"
            verb = "raised" if percentage > 0 else "lowered"
            yield f"bids are {verb} by {abs(percentage):g}% for {where}"
    if value.get(OPTIMIZED) is True:
        yield f"with {OPTIMIZED} Amazon adjusts bids by placement itself, and its own adjustments go"


def _within(value: Any, lowest: int) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and lowest <= value <= HIGHEST


def other_budget(sets: Mapping[str, Any], live: Mapping[str, Any]) -> str:
    """Why a budget of the other kind, or no end, does not go with a campaign as it is or will be."""
    kind = next((kind for kind, wire in KINDS.items() if live.get(wire) is not None), "")
    wrong = next((wire for other, wire in KINDS.items() if kind and other != kind and wire in sets), "")
    if wrong:
        ours, right = snake(wrong), snake(KINDS[kind])
        return f"{ours}: its budget is {kind}, which never changes: give {right}"
    endless = "endDate" in sets and sets["endDate"] is None
    return "end_date: a LIFETIME budget needs an end" if endless and kind == "LIFETIME" else ""
