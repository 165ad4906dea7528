"""What Facebook demands of an ad set, checked before anything is sent.

Promoted objects: a row of alternatives per goal or objective, each a set of fields that must all be there.
The rows are Meta's for creating an ad set, whose keys are mostly legacy objectives; they are applied by
today's goals where the two mean the same. Where they would refuse what Facebook accepts, they only warn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from mcp_ads.core.runs import run_of

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
EVENTS = frozenset({
    "ACHIEVEMENT_UNLOCKED", "ADD_PAYMENT_INFO", "ADD_TO_CART", "ADD_TO_WISHLIST", "AD_IMPRESSION",
    "COMPLETE_REGISTRATION", "CONTACT", "CONTENT_VIEW", "CUSTOMIZE_PRODUCT", "D2_RETENTION", "D7_RETENTION",
    "DONATE", "FIND_LOCATION", "INITIATED_CHECKOUT", "LEAD", "LEVEL_ACHIEVED", "LISTING_INTERACTION",
    "MESSAGING_CONVERSATION_STARTED_7D", "OTHER", "PURCHASE", "RATE", "SCHEDULE", "SEARCH",
    "SERVICE_BOOKING_REQUEST", "SPENT_CREDITS", "START_TRIAL", "SUBMIT_APPLICATION", "SUBSCRIBE",
    "TUTORIAL_COMPLETION",
})  # fmt: skip
MISSPELT = {
    "VIEW_CONTENT": "CONTENT_VIEW",
    "INITIATE_CHECKOUT": "INITIATED_CHECKOUT",
    "CHECKOUT": "INITIATED_CHECKOUT",
}
STORES = ("apps.apple.com", "itunes.apple.com", "play.google.com")
BILLED_AS = {"LINK_CLICKS", "THRUPLAY", "PAGE_LIKES", "OFFER_CLAIMS"}
CAPPED = ("LOWEST_COST_WITH_BID_CAP", "COST_CAP")


def promoted_object(
    goal: str, objective: str, promoted: Mapping[str, Any], destination: str = ""
) -> Iterable[str]:
    """Mistakes in an ad set's promoted object; `objective` is its campaign's, "" when unknown."""
    promoted = {name: value for name, value in promoted.items() if value not in (None, "")}
    yield from _structure(promoted)
    wanted = alternatives(goal, objective, promoted, destination)
    if wanted and not any(alternative <= promoted.keys() for alternative in wanted):
        forms = " or ".join(
            "{" + ", ".join(sorted(alternative)) + "}" for alternative in dict.fromkeys(wanted)
        )
        yield f"promoted_object: {goal} needs {forms}"


def alternatives(
    goal: str, objective: str, promoted: Mapping[str, Any], destination: str = ""
) -> tuple[Fields, ...]:
    """The sets of fields one of which the promoted object must have; none when anything goes."""
    if objective in OBJECTIVE_NEEDS:
        return OBJECTIVE_NEEDS[objective]
    if goal == "LINK_CLICKS" and (destination == "APP" or promoted.keys() & APP):
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
    if event is not None and str(event) not in EVENTS:
        meant = f"; did you mean {MISSPELT[str(event)]}?" if str(event) in MISSPELT else ""
        yield f"promoted_object.custom_event_type: {event!r} is no event of Facebook's{meant}"
    if "object_store_url" in promoted and "application_id" not in promoted:
        yield "promoted_object: object_store_url needs application_id"
    if "pixel_rule" in promoted and not promoted.keys() >= {"pixel_id", "custom_event_type"}:
        yield "promoted_object: pixel_rule needs pixel_id and custom_event_type"
    if "custom_event_str" in promoted and event != "OTHER":
        yield "promoted_object: custom_event_str needs custom_event_type OTHER"


def bidding(strategy: str | None, *, bid: bool, roas_floor: bool, goal: str) -> Iterable[str]:
    """Mistakes in bid strategy, bid amount and return floor together."""
    if strategy in CAPPED and not bid:
        yield f"bid_amount: {strategy} needs it"
    if strategy and strategy not in CAPPED and bid:
        yield f"bid_amount: {strategy} does not take it"
    if strategy == "LOWEST_COST_WITH_MIN_ROAS":
        if not roas_floor:
            yield "bid_constraints: LOWEST_COST_WITH_MIN_ROAS needs roas_average_floor (1.5 is 15000)"
        if goal != "VALUE":
            yield "optimization_goal: LOWEST_COST_WITH_MIN_ROAS needs VALUE"


def pacing(strategy: str | None, event: str, kinds: Sequence[str]) -> Iterable[str]:
    """Mistakes in what a cost cap is billed by and how it is spent."""
    if strategy == "COST_CAP" and event != "IMPRESSIONS":
        yield f"billing_event: COST_CAP is billed by IMPRESSIONS, not {event}"
    if strategy == "COST_CAP" and kinds and list(kinds) != ["standard"]:
        yield "pacing_type: COST_CAP takes only standard"


def dayparting(kinds: Sequence[str], *, schedule: bool, daily: bool) -> Iterable[str]:
    """Mistakes in a schedule of hours."""
    if schedule and "day_parting" not in kinds:
        yield 'pacing_type: adset_schedule needs ["day_parting"]'
    if schedule and daily:
        yield "adset_schedule: only with lifetime_budget, not with daily_budget"


def schedule(start: Any, end: Any, zone: str, *, daily: bool) -> Iterable[str]:
    """Mistakes in when something runs, on the day it is asked for."""
    run, now = run_of(start, end, zone), datetime.now(UTC)
    if run.ends is None:
        return
    begins = max(now, run.begins or now)
    if run.ends <= now:
        yield f"end_time: {end} has passed"
    elif run.begins and run.ends <= run.begins:
        yield f"end_time: {end} is not after start_time {start}"
    elif daily and run.ends - begins < timedelta(hours=24):
        yield "end_time: with daily_budget it runs for at least 24 hours"


def billing(event: str, goal: str) -> Iterable[str]:
    """Mistakes in the pair of billing event and goal."""
    if event != "IMPRESSIONS" and (event != goal or goal not in BILLED_AS):
        also = f" or {goal}" if goal in BILLED_AS else ""
        yield f"billing_event: {goal} is billed by IMPRESSIONS{also}, not {event}"


def bids_under(campaign: Mapping[str, Any], *, strategy: str | None, bid: bool) -> Iterable[str]:
    """Mistakes in a bid without its own strategy: under a campaign budget, the campaign's counts."""
    shared = _has_budget(campaign)
    inherited = str(campaign.get("bid_strategy") or "") if shared else ""
    if bid and not strategy and not shared:
        yield "bid_strategy: bid_amount alone would pick a bid cap; say LOWEST_COST_WITH_BID_CAP or COST_CAP"
    if inherited in CAPPED and not bid:
        yield f"bid_amount: the campaign's {inherited} needs it"
    if inherited and inherited not in CAPPED and bid:
        yield f"bid_amount: the campaign's {inherited} does not take it"


def budgets(campaign: Mapping[str, Any], *, own: bool, strategy: str | None) -> Iterable[str]:
    """Mistakes in where the budget stands: on the campaign or on its ad sets."""
    shared = _has_budget(campaign)
    if shared and own:
        yield "daily_budget: the campaign has the budget, so its ad sets have none"
    if shared and strategy:
        yield "bid_strategy: the campaign has the budget, so the strategy is set there"
    if not shared and not own:
        yield "daily_budget: missing; the campaign has no budget, so give daily_budget or lifetime_budget"


def _has_budget(campaign: Mapping[str, Any]) -> bool:
    return any(str(campaign.get(name) or "0") != "0" for name in ("daily_budget", "lifetime_budget"))
