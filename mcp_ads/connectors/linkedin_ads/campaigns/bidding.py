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
LEADS = ("LEAD_GENERATION",)
TARGETS: Mapping[str, Bidding] = {
    "NONE": Bidding(("CPC", "CPM", "CPV", "CPS"), own=True),
    "ENHANCED_CONVERSION": Bidding(("CPC",), own=True),
    "MAX_IMPRESSION": Bidding(objectives=("BRAND_AWARENESS", "LEAD_GENERATION")),
    "MAX_REACH": Bidding(objectives=("BRAND_AWARENESS",)),
    "MAX_CLICK": Bidding(objectives=VISITS),
    "MAX_CONVERSION": Bidding(objectives=("WEBSITE_CONVERSION",)),
    "MAX_VIDEO_VIEW": Bidding(("CPM", "CPV"), ("VIDEO_VIEW",)),
    "MAX_LEAD": Bidding(objectives=LEADS),
    "MAX_QUALIFIED_LEAD": Bidding(objectives=LEADS),
    "TARGET_COST_PER_CLICK": Bidding(("CPC",), own=True),
    "TARGET_COST_PER_IMPRESSION": Bidding(own=True),
    "TARGET_COST_PER_VIDEO_VIEW": Bidding(("CPV",), own=True),
    "CAP_COST_AND_MAXIMIZE_CLICKS": Bidding(own=True),
    "CAP_COST_AND_MAXIMIZE_IMPRESSIONS": Bidding(own=True),
    "CAP_COST_AND_MAXIMIZE_VIDEO_VIEWS": Bidding(own=True),
    "CAP_COST_AND_MAXIMIZE_LEADS": Bidding(objectives=LEADS, own=True),
}


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
        yield f"unit_cost: {target} needs it"


def bids_somehow(campaign: Values) -> Iterable[str]:
    """A new campaign says how it bids."""
    if not campaign.get("optimizationTargetType") and not _amount(campaign.get("unitCost")):
        yield "optimization_target_type: give it (MAX_CLICK, MAX_LEAD, …), or your own bid as unit_cost"


def rebidding(changes: Values, live: Values) -> Iterable[str]:
    """Mistakes in a change of how a campaign bids: target, cost type and bid are set in one call."""
    if "optimizationTargetType" not in changes:
        return
    missing = [
        name for wire, name in (("costType", "cost_type"), ("unitCost", "unit_cost")) if wire not in changes
    ]
    if missing:
        yield (
            f"{' and '.join(missing)}: optimization_target_type is changed together with cost_type and "
            'unit_cost ("0 USD" when LinkedIn bids)'
        )
    else:
        yield from fits({**live, **changes})


def placement(campaign: Values) -> Iterable[str]:
    """Mistakes in what the objective and the type of a campaign need."""
    objective, kind = campaign.get("objectiveType"), campaign.get("type")
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
