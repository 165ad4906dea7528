"""What Facebook demands of an ad set, checked before anything is sent.

Promoted objects: a row of alternatives per goal or objective, each a set of fields that must all be there. The rows are
those of Meta's ad set reference, whose keys are mostly legacy objectives; they are applied by today's goals where the two
mean the same, and where they would refuse calls that Facebook accepts, a warning is all they give.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Fields = frozenset[str]


def _all(*names: str) -> Fields:
    return frozenset(names)


APP = _all("application_id", "object_store_url")
APP_EVENT = _all("application_id", "object_store_url", "custom_event_type")
PAGE = (_all("page_id"),)
CONVERSIONS = (
    _all("pixel_id", "custom_event_type"),
    _all("pixel_id"),
    _all("pixel_id", "pixel_rule", "custom_event_type"),
    _all("event_id", "custom_event_type"),
    APP_EVENT,
    _all("offline_conversion_data_set_id", "custom_event_type"),
)
TODAY = (
    _all("product_set_id"),
    _all("product_set_id", "custom_event_type"),
    _all("pixel_id", "custom_conversion_id"),
    _all("custom_conversion_id"),
    _all("omnichannel_object"),
)
NEEDS: Mapping[str, tuple[Fields, ...]] = {
    "PAGE_LIKES": PAGE,
    "OFFER_CLAIMS": PAGE,
    "LEAD_GENERATION": PAGE,
    "QUALITY_LEAD": PAGE,
    "APP_INSTALLS": (APP,),
    "OFFSITE_CONVERSIONS": (*CONVERSIONS, *TODAY),
    "VALUE": (*CONVERSIONS, *TODAY),
}
OBJECTIVE_NEEDS: Mapping[str, tuple[Fields, ...]] = {
    "CONVERSIONS": CONVERSIONS,
    "PRODUCT_CATALOG_SALES": (_all("product_set_id"), _all("product_set_id", "custom_event_type")),
}
APP_OBJECTIVES = ("OUTCOME_APP_PROMOTION", "APP_INSTALLS")
PAGE_ADVISED = ("CONVERSATIONS", "REACH", "AD_RECALL_LIFT")
EVENTS = frozenset(
    "ACHIEVEMENT_UNLOCKED ADD_PAYMENT_INFO ADD_TO_CART ADD_TO_WISHLIST AD_IMPRESSION COMPLETE_REGISTRATION CONTACT "
    "CONTENT_VIEW CUSTOMIZE_PRODUCT D2_RETENTION D7_RETENTION DONATE FIND_LOCATION INITIATED_CHECKOUT LEAD "
    "LEVEL_ACHIEVED LISTING_INTERACTION MESSAGING_CONVERSATION_STARTED_7D OTHER PURCHASE RATE SCHEDULE SEARCH "
    "SERVICE_BOOKING_REQUEST SPENT_CREDITS START_TRIAL SUBMIT_APPLICATION SUBSCRIBE TUTORIAL_COMPLETION".split()
)
MISSPELT = {"VIEW_CONTENT": "CONTENT_VIEW", "INITIATE_CHECKOUT": "INITIATED_CHECKOUT", "CHECKOUT": "INITIATED_CHECKOUT"}
STORES = ("apps.apple.com", "itunes.apple.com", "play.google.com")
BILLED_AS = {"LINK_CLICKS", "THRUPLAY", "PAGE_LIKES", "OFFER_CLAIMS"}
CAPPED = ("LOWEST_COST_WITH_BID_CAP", "COST_CAP")


def promoted_object(goal: str, objective: str, promoted: Mapping[str, Any]) -> Iterable[str]:
    """Mistakes in an ad set's promoted object; `objective` is its campaign's, "" when unknown."""
    yield from _structure(promoted)
    wanted = alternatives(goal, objective, promoted)
    if wanted and not any(each <= promoted.keys() for each in wanted):
        forms = " or ".join("{" + ", ".join(sorted(each)) + "}" for each in dict.fromkeys(wanted))
        yield f"promoted_object: {goal} needs {forms}"


def alternatives(goal: str, objective: str, promoted: Mapping[str, Any]) -> tuple[Fields, ...]:
    """The sets of fields one of which the promoted object must have; none when anything goes."""
    if objective in OBJECTIVE_NEEDS:
        return OBJECTIVE_NEEDS[objective]
    if goal == "LINK_CLICKS" and promoted.keys() & APP:
        return (APP,)
    if goal == "OFFSITE_CONVERSIONS" and (objective in APP_OBJECTIVES or promoted.keys() & APP):
        return (APP_EVENT,)
    if goal == "VALUE" and objective in APP_OBJECTIVES:
        return (APP,)
    return NEEDS.get(goal, ())


def promoted_object_warnings(goal: str, promoted: Mapping[str, Any]) -> Iterable[str]:
    """What Facebook accepts today but a person should know."""
    if "pixel_id" in promoted and not promoted.keys() & {"custom_event_type", "custom_conversion_id"}:
        yield "promoted_object has a pixel without custom_event_type: Facebook may refuse it"
    if goal in PAGE_ADVISED and "page_id" not in promoted:
        yield f"{goal} without promoted_object.page_id: Facebook picks a page itself"
    if goal == "OFFER_CLAIMS":
        yield "OFFER_CLAIMS is no longer offered for new objectives"
    url = str(promoted.get("object_store_url", ""))
    if url and not any(store in url for store in STORES):
        yield "object_store_url is neither Apple's nor Google's store"


def _structure(promoted: Mapping[str, Any]) -> Iterable[str]:
    event = promoted.get("custom_event_type")
    if event is not None and event not in EVENTS:
        meant = f"; did you mean {MISSPELT[event]}?" if event in MISSPELT else ""
        yield f"promoted_object.custom_event_type: {event!r} is no event of Facebook's{meant}"
    if "object_store_url" in promoted and "application_id" not in promoted:
        yield "promoted_object: object_store_url needs application_id"
    if "pixel_rule" in promoted and not promoted.keys() >= {"pixel_id", "custom_event_type"}:
        yield "promoted_object: pixel_rule needs pixel_id and custom_event_type"
    if "custom_event_str" in promoted and event != "OTHER":
        yield "promoted_object: custom_event_str needs custom_event_type OTHER"


def bidding(strategy: str | None, *, bid: bool, roas_floor: bool, goal: str) -> Iterable[str]:
    """Mistakes in bid strategy, bid amount and return floor together."""
    if strategy is None:
        if bid:
            yield "bid_strategy: bid_amount alone would pick a bid cap; say LOWEST_COST_WITH_BID_CAP or COST_CAP"
    elif strategy in CAPPED:
        if not bid:
            yield f"bid_amount: {strategy} needs it"
    elif bid:
        yield f"bid_amount: {strategy} does not take it"
    if strategy == "LOWEST_COST_WITH_MIN_ROAS":
        if not roas_floor:
            yield "bid_constraints: LOWEST_COST_WITH_MIN_ROAS needs roas_average_floor (1.5 is 15000)"
        if goal != "VALUE":
            yield "optimization_goal: LOWEST_COST_WITH_MIN_ROAS needs VALUE"


def billing(event: str, goal: str) -> Iterable[str]:
    """Mistakes in the pair of billing event and goal."""
    if event != "IMPRESSIONS" and (event != goal or goal not in BILLED_AS):
        also = f" or {goal}" if goal in BILLED_AS else ""
        yield f"billing_event: {goal} is billed by IMPRESSIONS{also}, not {event}"


def budgets(campaign: Mapping[str, Any], *, own: bool, strategy: str | None) -> Iterable[str]:
    """Mistakes in where the budget stands: on the campaign or on its ad sets."""
    shared = any(str(campaign.get(name) or "0") != "0" for name in ("daily_budget", "lifetime_budget"))
    if shared and own:
        yield "daily_budget: the campaign has the budget, so its ad sets have none"
    if shared and strategy:
        yield "bid_strategy: the campaign has the budget, so the strategy is set there"
    if not shared and not own:
        yield "daily_budget: missing; the campaign has no budget, so the ad set needs daily_budget or lifetime_budget"
