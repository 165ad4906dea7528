"""What an ad set promotes: which fields of promoted_object each goal needs, under which objective.

A row of alternatives per goal or objective, each a set of fields that must all be there. The rows are Meta's
for creating an ad set, whose keys are mostly legacy objectives; they are applied by today's goals where the
two mean the same. Where they would refuse what Facebook accepts, they only warn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mcp_ads.core.synonyms import closest_of

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
    if goal == "LINK_CLICKS" and promoted.keys() & APP:
        return (APP,)
    if objective in APP_OBJECTIVES:
        return (APP_EVENT if goal == "OFFSITE_CONVERSIONS" else APP,)
    if goal == "OFFSITE_CONVERSIONS" and destination != "APP" and promoted.keys() & APP:
        return (APP_EVENT,)
    if destination == "APP":
        return (APP,)
    return NEEDS.get(goal, ())


def promoted_object_warnings(goal: str, promoted: Mapping[str, Any]) -> Iterable[str]:
    """What Facebook accepts today but a person should know."""
    if "pixel_id" in promoted and not promoted.keys() & {"custom_event_type", "custom_conversion_id"}:
        yield "promoted_object has a pixel without custom_event_type: Facebook may refuse it"
    event = promoted.get("custom_event_type")
    if isinstance(event, str) and event not in EVENTS:
        near = closest_of(event, EVENTS)
        yield f"promoted_object.custom_event_type: {event[:40]} is not known here, and is sent as it is{near}"
    if goal == "VALUE" and event not in (None, "PURCHASE"):
        yield "VALUE is for purchases: with another custom_event_type Facebook may refuse it"
    if goal in PAGE_ADVISED and "page_id" not in promoted:
        yield f"{goal} without promoted_object.page_id: Facebook picks a page itself"
    if goal == "OFFER_CLAIMS":
        yield "OFFER_CLAIMS is no longer offered for new objectives"
    url = str(promoted.get("object_store_url", ""))
    if url and not any(store in url for store in STORES):
        yield "object_store_url is neither Apple's nor Google's store"


def _structure(promoted: Mapping[str, Any]) -> Iterable[str]:
    event = promoted.get("custom_event_type")
    if event is not None and (not isinstance(event, str) or event in MISSPELT):
        meant = f"; did you mean {MISSPELT[event]}?" if isinstance(event, str) else ""
        yield f"promoted_object.custom_event_type: {str(event)[:40]!r} is no event of Facebook's{meant}"
    if "object_store_url" in promoted and "application_id" not in promoted:
        yield "promoted_object: object_store_url needs application_id"
    if "pixel_rule" in promoted and not promoted.keys() >= {"pixel_id", "custom_event_type"}:
        yield "promoted_object: pixel_rule needs pixel_id and custom_event_type"
    if "custom_event_str" in promoted and event != "OTHER":
        yield "promoted_object: custom_event_str needs custom_event_type OTHER"
