"""How a campaign bids: which target, cost type, objective and bid go together, and what they need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Bidding:
    """What goes with an optimization target: cost types, objectives (none named: any), whose bid it is."""

    costs: tuple[str, ...] = ("CPM",)
    objectives: tuple[str, ...] = ()
    own: bool = False


VISITS = (
    "ENGAGEMENT",
    "WEBSITE_VISIT",
    "JOB_APPLICANT",
    "TALENT_LEAD",
    "WEBSITE_TRAFFIC",
    "CREATIVE_ENGAGEMENT",
)
LEADS, AWARE, VIDEO = ("LEAD_GENERATION",), ("BRAND_AWARENESS",), ("VIDEO_VIEW",)
TARGETS: Mapping[str, Bidding] = {
    "NONE": Bidding(("CPC", "CPM", "CPV"), own=True),
    "ENHANCED_CONVERSION": Bidding(("CPC",), own=True),
    "MAX_IMPRESSION": Bidding(objectives=(*AWARE, *LEADS)),
    "MAX_REACH": Bidding(objectives=AWARE),
    "MAX_CLICK": Bidding(objectives=VISITS),
    "MAX_CONVERSION": Bidding(objectives=("WEBSITE_CONVERSION",)),
    "MAX_VIDEO_VIEW": Bidding(("CPM", "CPV"), VIDEO),
    "MAX_LEAD": Bidding(objectives=LEADS),
    "MAX_QUALIFIED_LEAD": Bidding(objectives=LEADS),
    "TARGET_COST_PER_CLICK": Bidding(("CPC",), VISITS, own=True),
    "TARGET_COST_PER_IMPRESSION": Bidding(objectives=AWARE, own=True),
    "TARGET_COST_PER_VIDEO_VIEW": Bidding(("CPV",), VIDEO, own=True),
    "CAP_COST_AND_MAXIMIZE_CLICKS": Bidding(objectives=VISITS, own=True),
    "CAP_COST_AND_MAXIMIZE_IMPRESSIONS": Bidding(objectives=AWARE, own=True),
    "CAP_COST_AND_MAXIMIZE_VIDEO_VIEWS": Bidding(objectives=VIDEO, own=True),
    "CAP_COST_AND_MAXIMIZE_LEADS": Bidding(objectives=LEADS, own=True),
}
BY_HAND: Mapping[str, tuple[str, ...]] = {"BRAND_AWARENESS": ("CPM",), "VIDEO_VIEW": ("CPV", "CPM")}
"""How Sponsored Content pays with a bid of one's own; by click or impression for any other objective.

Source: LinkedIn Help, Objective-based pricing.
"""

CONFIGURED = frozenset({"costType", "objectiveType", "type"})


def fits(campaign: Values) -> Iterable[str]:
    """Mistakes in optimization target, cost type, objective and bid together."""
    target, objective = str(campaign.get("optimizationTargetType")), campaign.get("objectiveType")
    bid, wanted = _amount(campaign.get("unitCost")), TARGETS.get(target, Bidding(()))
    if wanted.costs and campaign.get("costType") not in wanted.costs:
        yield f"cost_type: {target} is billed by {' or '.join(wanted.costs)}, not {campaign.get('costType')}"
    if objective and wanted.objectives and objective not in wanted.objectives:
        fitting = " or ".join(wanted.objectives)
        yield f"optimization_target_type: {target} goes with {fitting}, not {objective}"
    if wanted.own and not bid:
        yield f"unit_cost: {target} needs one above 0"
    by_hand = BY_HAND.get(str(objective), ("CPC", "CPM"))
    sponsored = campaign.get("type") == "SPONSORED_UPDATES" and target in ("NONE", "None") and bool(objective)
    if sponsored and campaign.get("costType") not in (None, *by_hand):
        yield f"cost_type: a bid of your own for {objective} is {' or '.join(by_hand)}"
    if (target, objective) == ("MAX_IMPRESSION", *LEADS) and campaign.get("type") != "SPONSORED_INMAILS":
        yield "optimization_target_type: MAX_IMPRESSION goes with LEAD_GENERATION in SPONSORED_INMAILS alone"


def is_automatic(target: str | None) -> bool:
    """Whether LinkedIn bids by itself, so that the bid is zero."""
    return not TARGETS.get(target or "", Bidding(own=True)).own


def ignored(campaign: Values) -> Iterable[str]:
    """What to know of a bid where LinkedIn bids by itself."""
    target = campaign.get("optimizationTargetType")
    if is_automatic(target) and _amount(campaign.get("unitCost")):
        yield f"unit_cost: with {target} LinkedIn bids by itself, and does not heed it"


def not_per_click(campaign: Values) -> str:
    """Why a campaign's bid is for something else than a click; empty where it is for one."""
    target, cost = campaign.get("optimizationTargetType"), campaign.get("costType")
    if is_automatic(target):
        return f"LinkedIn bids by itself ({target})"
    return "" if cost == "CPC" else f"its bid is not for a click: its cost type is {cost}"


def bids_somehow(campaign: Values) -> Iterable[str]:
    """A new campaign says how it bids."""
    if not campaign.get("optimizationTargetType") and not _amount(campaign.get("unitCost")):
        yield "optimization_target_type: give it (MAX_CLICK, MAX_LEAD, …), or your own bid as unit_cost"


def rebidding(changes: Values, live: Values) -> Iterable[str]:
    """Mistakes in a change of how a campaign bids: target, cost type and bid are set in one call."""
    cost, before = changes.get("costType"), live.get("costType")
    if "optimizationTargetType" in changes:
        bids = () if is_automatic(changes["optimizationTargetType"]) else (("unitCost", "unit_cost"),)
        missing = [name for wire, name in (("costType", "cost_type"), *bids) if wire not in changes]
        if missing:
            yield f"{' and '.join(missing)}: optimization_target_type is changed together with them"
        else:
            yield from fits({**live, **changes})
        return
    if cost and before and cost != before and "unitCost" not in changes and _amount(live.get("unitCost")):
        yield f"unit_cost: the bid that is there was meant by {before}; give one that is meant by {cost}"
    if live and CONFIGURED & changes.keys():
        yield from fits({"optimizationTargetType": "NONE", **live, **changes})
    elif live and "unitCost" in changes:
        yield from rebid({"optimizationTargetType": "NONE", **live, **changes})


def rebid(campaign: Values) -> Iterable[str]:
    """Mistakes in a bid that changes alone; how the campaign bids is as LinkedIn has taken it."""
    yield from (mistake for mistake in fits(campaign) if mistake.startswith("unit_cost"))


def placement(campaign: Values) -> Iterable[str]:
    """Mistakes in what the objective and the type of a campaign need."""
    objective, kind = campaign.get("objectiveType"), campaign.get("type")
    if campaign.get("connectedTelevisionOnly") and not campaign.get("offsiteDeliveryEnabled"):
        yield "connected_television_only: needs offsite_delivery_enabled true"
    if objective == "LEAD_GENERATION" and campaign.get("offsiteDeliveryEnabled"):
        yield "offsite_delivery_enabled: LEAD_GENERATION is not shown outside LinkedIn"
    if (kind == "DYNAMIC" or objective == "VIDEO_VIEW") and not campaign.get("format"):
        needs = "DYNAMIC" if kind == "DYNAMIC" else "VIDEO_VIEW"
        yield f"format: {needs} needs it, such as {'SPOTLIGHT' if needs == 'DYNAMIC' else 'SINGLE_VIDEO'}"


def _amount(value: Any) -> Decimal:
    """The number in a vendor's money, 0 when there is none; a relative amount counts as one."""
    try:
        return Decimal(str(value["amount"])) if isinstance(value, dict) else Decimal(1 if value else 0)
    except (KeyError, InvalidOperation):
        return Decimal(0)
