"""Which objective, optimization target and cost type go together, and what they need."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from mcp_ads.sandbox.linkedin_ads.errors import Fault
from mcp_ads.sandbox.linkedin_ads.state import Body

CONFIGURATION = (
    "type",
    "objectiveType",
    "format",
    "optimizationTargetType",
    "costType",
    "creativeSelection",
    "pacingStrategy",
)
COST_TYPES = ("CPM", "CPC", "CPV")
BY_HAND = {"BRAND_AWARENESS": ("CPM",), "VIDEO_VIEW": ("CPV", "CPM")}
"""How sponsored content pays for a bid of its own, where that is not by click or by impression."""
AWARE, VIDEO, LEADS = ("BRAND_AWARENESS",), ("VIDEO_VIEW",), ("LEAD_GENERATION",)
CLICKS = ("ENGAGEMENT", "WEBSITE_VISIT", "JOB_APPLICANT", "TALENT_LEAD")
ANY: tuple[str, ...] = ()

# target: objectives (none named: all), cost types, whether the advertiser says the unitCost
TARGETS: dict[str, tuple[tuple[str, ...], tuple[str, ...], bool]] = {
    "NONE": (ANY, COST_TYPES, True),
    "ENHANCED_CONVERSION": (ANY, ("CPC",), True),
    "MAX_IMPRESSION": (AWARE, ("CPM",), False),
    "MAX_REACH": (AWARE, ("CPM",), False),
    "MAX_CLICK": (CLICKS, ("CPM",), False),
    "MAX_CONVERSION": (("WEBSITE_CONVERSION",), ("CPM",), False),
    "MAX_VIDEO_VIEW": (VIDEO, ("CPM", "CPV"), False),
    "MAX_LEAD": (LEADS, ("CPM",), False),
    "MAX_QUALIFIED_LEAD": (LEADS, ("CPM",), False),
    "TARGET_COST_PER_CLICK": (CLICKS, ("CPC",), True),
    "TARGET_COST_PER_IMPRESSION": (AWARE, ("CPM",), True),
    "TARGET_COST_PER_VIDEO_VIEW": (VIDEO, ("CPV",), True),
    "CAP_COST_AND_MAXIMIZE_CLICKS": (CLICKS, ("CPM",), True),
    "CAP_COST_AND_MAXIMIZE_IMPRESSIONS": (AWARE, ("CPM",), True),
    "CAP_COST_AND_MAXIMIZE_VIDEO_VIEWS": (VIDEO, ("CPM",), True),
    "CAP_COST_AND_MAXIMIZE_LEADS": (LEADS, ("CPM",), True),
}


def faults(new: Body) -> Iterator[Fault]:
    """What is wrong with how a campaign bids."""
    if new.get("costType") is None:
        return
    objectives, costs, own = TARGETS[new.get("optimizationTargetType", "NONE")]
    objective = new.get("objectiveType")
    fits = not objectives or objective in objectives or _is_message(new)
    if new.get("optimizationTargetType", "NONE") == "NONE" and new.get("type") == "SPONSORED_UPDATES":
        costs = BY_HAND.get(str(objective), ("CPC", "CPM"))
    if not fits or new["costType"] not in costs:
        given = ", ".join(f"{name}={new.get(name)}" for name in CONFIGURATION)
        text = f"These do not go together: {given}"
        yield Fault("INVALID_CAMPAIGN_CONFIGURATION", "/optimizationTargetType", text)
    if own and Decimal(new.get("unitCost", {}).get("amount", "0")) <= 0:
        text = "This way of bidding needs a unit cost above zero"
        yield Fault("CONDITIONAL_MISSING_FIELD", "/unitCost", text)
    yield from _delivery(new, objective)


def _is_message(new: Body) -> bool:
    """Message ads for leads are optimized for impressions."""
    target, objective = new.get("optimizationTargetType"), new.get("objectiveType")
    return (target, objective, new.get("type")) == ("MAX_IMPRESSION", "LEAD_GENERATION", "SPONSORED_INMAILS")


def _delivery(new: Body, objective: str | None) -> Iterator[Fault]:
    if new.get("connectedTelevisionOnly") and not new.get("offsiteDeliveryEnabled"):
        text = "Connected television is outside the platform"
        yield Fault("CONDITIONAL_INVALID_VALUE", "/connectedTelevisionOnly", text, "true")
    if objective == "LEAD_GENERATION" and new.get("offsiteDeliveryEnabled"):
        text = "Lead generation does not deliver outside the platform"
        yield Fault("CONDITIONAL_INVALID_VALUE", "/offsiteDeliveryEnabled", text, "true")
    if (new.get("type") == "DYNAMIC" or objective == "VIDEO_VIEW") and not new.get("format"):
        yield Fault("CONDITIONAL_MISSING_FIELD", "/format", "This kind of campaign needs a format")
