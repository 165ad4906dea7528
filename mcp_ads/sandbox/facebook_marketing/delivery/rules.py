"""Rules of an ad set: goal, billing, destination, promoted object and audience."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.calls import Call
from mcp_ads.sandbox.facebook_marketing.errors import invalid, refused
from mcp_ads.sandbox.facebook_marketing.params import Body, as_int, as_list, as_object

from . import placements

ODAX = (
    "OUTCOME_AWARENESS",
    "OUTCOME_TRAFFIC",
    "OUTCOME_ENGAGEMENT",
    "OUTCOME_LEADS",
    "OUTCOME_SALES",
    "OUTCOME_APP_PROMOTION",
)
GATED = (
    "ENGAGED_PAGE_VIEWS",
    "MEANINGFUL_CALL_ATTEMPT",
    "MESSAGING_PURCHASE_CONVERSION",
    "MESSAGING_DEEP_CONVERSATION_AND_FOLLOW",
    "IN_APP_VALUE",
    "SUBSCRIBERS",
    "PROFILE_AND_PAGE_ENGAGEMENT",
)
GOALS = {
    "OUTCOME_AWARENESS": "REACH IMPRESSIONS AD_RECALL_LIFT THRUPLAY",
    "OUTCOME_TRAFFIC": "LINK_CLICKS LANDING_PAGE_VIEWS OFFSITE_CONVERSIONS IMPRESSIONS POST_ENGAGEMENT REACH "
    "CONVERSATIONS THRUPLAY VISIT_INSTAGRAM_PROFILE PROFILE_VISIT QUALITY_CALL REMINDERS_SET",
    "OUTCOME_ENGAGEMENT": "THRUPLAY POST_ENGAGEMENT EVENT_RESPONSES PAGE_LIKES IMPRESSIONS REACH LINK_CLICKS "
    "CONVERSATIONS OFFSITE_CONVERSIONS LANDING_PAGE_VIEWS QUALITY_CALL",
    "OUTCOME_LEADS": "OFFSITE_CONVERSIONS LEAD_GENERATION QUALITY_LEAD LANDING_PAGE_VIEWS LINK_CLICKS "
    "IMPRESSIONS REACH VALUE CONVERSATIONS QUALITY_CALL",
    "OUTCOME_SALES": "OFFSITE_CONVERSIONS VALUE LANDING_PAGE_VIEWS IMPRESSIONS POST_ENGAGEMENT REACH "
    "LINK_CLICKS CONVERSATIONS",
    "OUTCOME_APP_PROMOTION": "APP_INSTALLS OFFSITE_CONVERSIONS IMPRESSIONS LINK_CLICKS REACH VALUE "
    "APP_INSTALLS_AND_OFFSITE_CONVERSIONS",
}
BILLING = {
    "LINK_CLICKS": ("LINK_CLICKS", "IMPRESSIONS"),
    "THRUPLAY": ("IMPRESSIONS", "THRUPLAY"),
    "PAGE_LIKES": ("IMPRESSIONS", "PAGE_LIKES"),
}
MESSAGING = {
    "MESSENGER",
    "WHATSAPP",
    "INSTAGRAM_DIRECT",
    "MESSAGING_INSTAGRAM_DIRECT_MESSENGER",
    "MESSAGING_INSTAGRAM_DIRECT_MESSENGER_WHATSAPP",
    "MESSAGING_INSTAGRAM_DIRECT_WHATSAPP",
    "MESSAGING_MESSENGER_WHATSAPP",
}
CALLS = {"PHONE_CALL", "WEBSITE_AND_PHONE_CALL"}
CHAT_LEADS = {"LEAD_FROM_MESSENGER", "LEAD_FROM_IG_DIRECT"}
PROFILES = {"INSTAGRAM_PROFILE", "FACEBOOK_PAGE", "INSTAGRAM_PROFILE_AND_FACEBOOK_PAGE"}
DESTINATIONS: dict[str, set[str]] = {
    "OUTCOME_AWARENESS": {"WEBSITE", "APP", *MESSAGING, *PROFILES},
    "OUTCOME_TRAFFIC": {"WEBSITE", "APP", "APPLINKS_AUTOMATIC", *MESSAGING, *PROFILES, *CALLS},
    "OUTCOME_ENGAGEMENT": {
        "ON_POST",
        "ON_VIDEO",
        "ON_PAGE",
        "ON_EVENT",
        "WEBSITE",
        "APP",
        "APPLINKS_AUTOMATIC",
        *MESSAGING,
        *PROFILES,
        *CALLS,
    },
    "OUTCOME_LEADS": {"ON_AD", "WEBSITE", "APP", "APPLINKS_AUTOMATIC", *MESSAGING, *CALLS, *CHAT_LEADS},
    "OUTCOME_SALES": {"WEBSITE", "APP", "APPLINKS_AUTOMATIC", "SHOP_AUTOMATIC", *MESSAGING, *CALLS},
    "OUTCOME_APP_PROMOTION": {"APP"},
}
EVENTS = (
    "ACHIEVEMENT_UNLOCKED ADD_PAYMENT_INFO ADD_TO_CART ADD_TO_WISHLIST AD_IMPRESSION COMPLETE_REGISTRATION "
    "CONTACT CONTENT_VIEW CUSTOMIZE_PRODUCT D2_RETENTION D7_RETENTION DONATE FIND_LOCATION "
    "INITIATED_CHECKOUT LEAD LEVEL_ACHIEVED LISTING_INTERACTION MESSAGING_CONVERSATION_STARTED_7D OTHER "
    "PURCHASE RATE SCHEDULE SEARCH SERVICE_BOOKING_REQUEST SPENT_CREDITS START_TRIAL SUBMIT_APPLICATION "
    "SUBSCRIBE TUTORIAL_COMPLETION"
)
APP = {"application_id", "object_store_url"}
CONVERSIONS = (
    {"pixel_id", "custom_event_type"},
    {"pixel_id", "custom_conversion_id"},
    {"event_id", "custom_event_type"},
    {*APP, "custom_event_type"},
    {"offline_conversion_data_set_id", "custom_event_type"},
    {"product_set_id"},
    {"custom_conversion_id"},
    {"omnichannel_object"},
)
PAGE = ({"page_id"},)
PROMOTED: dict[str, tuple[set[str], ...]] = {
    "OFFSITE_CONVERSIONS": CONVERSIONS,
    "VALUE": CONVERSIONS,
    "PAGE_LIKES": PAGE,
    "LEAD_GENERATION": PAGE,
    "QUALITY_LEAD": PAGE,
    "VISIT_INSTAGRAM_PROFILE": PAGE,
    "PROFILE_VISIT": PAGE,
    "APP_INSTALLS": (APP,),
    "APP_INSTALLS_AND_OFFSITE_CONVERSIONS": (APP,),
}
NEEDS = (
    ("object_store_url", {"application_id"}),
    ("pixel_rule", {"pixel_id", "custom_event_type"}),
    ("custom_event_str", {"custom_event_type"}),
)
EUROPE = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"
NARROWING = ("genders", "custom_audiences", "flexible_spec", "interests", "behaviors")


def check_goal(body: Body, objective: str) -> None:
    """Goal, billing and destination under an objective; old campaigns keep their own rules."""
    goal, billing = body["optimization_goal"], body["billing_event"]
    if billing not in BILLING.get(goal, ("IMPRESSIONS",)):
        raise invalid(f"billing_event {billing} cannot be used with optimization_goal {goal}")
    if objective not in GOALS:
        return
    allowed = GOALS[objective].split()
    if goal not in (*allowed, *GATED):
        text = f"optimization_goal {goal} is not available for {objective}; use one of: {', '.join(allowed)}."
        raise refused(2490408, "Performance goal isn't available", text, blame="optimization_goal")
    destination = body.get("destination_type", "UNDEFINED")
    if destination not in {*DESTINATIONS[objective], "UNDEFINED"}:
        subcode = 1815715 if destination == "ON_AD" else 2446509
        text = f"destination_type {destination} does not fit {objective}."
        raise refused(subcode, "Invalid destination type", text, blame="destination_type")


def check_promoted(body: Body, objective: str) -> None:
    """The promoted object the goal wants under this objective."""
    promoted = body.get("promoted_object") or {}
    given = set(promoted)
    _shape(promoted)
    wanted = PROMOTED.get(body["optimization_goal"], ())
    if objective == "OUTCOME_AWARENESS":
        wanted = (*PAGE, {"place_page_set_id"})
    elif objective == "OUTCOME_APP_PROMOTION":
        event = {"custom_event_type"} if body["optimization_goal"] == "OFFSITE_CONVERSIONS" else set()
        wanted = (APP | event,)
    elif body.get("destination_type") == "APP":
        wanted = (APP,)
    if wanted and not any(alternative <= given for alternative in wanted):
        choices = " or ".join("{" + ", ".join(sorted(alternative)) + "}" for alternative in wanted)
        text = f"optimization_goal {body['optimization_goal']} needs a promoted_object with {choices}."
        raise refused(1815430, "Select a promoted object for your ad set", text, blame="promoted_object")


def _shape(promoted: Body) -> None:
    for name, needed in NEEDS:
        if name in promoted and not needed <= set(promoted):
            raise invalid(f"promoted_object: {name} needs {', '.join(sorted(needed))}")
    event = promoted.get("custom_event_type")
    if event is not None and event not in EVENTS.split():
        allowed = EVENTS.replace(" ", ", ")
        raise invalid(
            f"Param promoted_object[custom_event_type] must be one of {{{allowed}}} - got {event!r}"
        )
    if "custom_event_str" in promoted and event != "OTHER":
        raise invalid("promoted_object: custom_event_str needs custom_event_type OTHER")


def check_targeting(body: Body, account: Body) -> None:
    """A place, an explicit choice about Advantage audience, and a payer in Europe."""
    targeting = body["targeting"]
    places = as_object("targeting[geo_locations]", targeting.get("geo_locations") or {})
    placed = any(value for key, value in places.items() if key != "location_types")
    if not placed and not targeting.get("custom_audiences"):
        text = "Your audience needs a location: set targeting.geo_locations."
        raise refused(1885364, "Choose a location", text, blame="targeting")
    _advantage(targeting)
    groups = places.get("country_groups") or []
    if set(EUROPE.split()) & set(as_list("countries", places.get("countries") or [])) or "europe" in groups:
        for name, subcode in (("dsa_payor", 3858081), ("dsa_beneficiary", 3858079)):
            if not body.get(name) and not account.get(f"default_{name}"):
                text = f"Ads delivered in the EU need {name}."
                raise refused(subcode, "Payor and beneficiary needed", text, blame=name)


def _advantage(targeting: Body) -> None:
    automation = as_object("targeting_automation", targeting.get("targeting_automation") or {})
    choice = automation.get("advantage_audience")
    narrow = [name for name in NARROWING if targeting.get(name)]
    low, high = (as_int(key, targeting.get(key, usual)) for key, usual in (("age_min", 18), ("age_max", 65)))
    if choice is None and (narrow or low > 25 or high < 65):
        text = "Set targeting.targeting_automation.advantage_audience to 0 or 1."
        raise refused(1870227, "Advantage audience flag required", text, blame="targeting")
    if choice in (1, True) and (low > 25 or high != 65):
        raise invalid("With advantage_audience 1, age_min is at most 25 and age_max is 65; use age_range")


def check_frequency(body: Body) -> None:
    """How often somebody sees the ads, and in which hours of the week."""
    if body.get("frequency_control_specs") and body["optimization_goal"] not in ("REACH", "THRUPLAY"):
        raise invalid("frequency_control_specs needs optimization_goal REACH or THRUPLAY")
    for part in placements.objects("adset_schedule", body.get("adset_schedule")):
        begins, ends = (
            as_int("start_minute", part.get("start_minute")),
            as_int("end_minute", part.get("end_minute")),
        )
        days = as_list("days", part.get("days"))
        if begins % 60 or ends % 60 or not 0 <= begins < ends <= 1440 or not set(days) <= set(range(7)):
            raise invalid("adset_schedule: whole hours of one day, days from 0 (Sunday) to 6")
    if not body.get("adset_schedule"):
        return
    if not body.get("lifetime_budget") or "day_parting" not in body.get("pacing_type", []):
        raise invalid("adset_schedule needs a lifetime_budget and pacing_type day_parting")


def check_attribution(sent: Body, body: Body) -> None:
    """The windows a goal has."""
    goal, app = body["optimization_goal"], body.get("destination_type") == "APP"
    allowed = {("CLICK_THROUGH", 1)}
    if goal in ("OFFSITE_CONVERSIONS", "VALUE", "APP_INSTALLS_AND_OFFSITE_CONVERSIONS"):
        allowed |= {("CLICK_THROUGH", 7)} | (set() if app else {("VIEW_THROUGH", 1)})
    if goal == "APP_INSTALLS":
        allowed |= {("VIEW_THROUGH", 1), ("ENGAGED_VIDEO_VIEW", 1)}
    for spec in placements.objects("attribution_spec", sent.get("attribution_spec")):
        if (spec.get("event_type"), spec.get("window_days")) not in allowed:
            raise invalid(f"attribution_spec is not available for optimization_goal {goal}")


def check_promotes(call: Call, sent: Body) -> None:
    """What an ad set promotes stays; an app or a catalog may be added, a pixel changed before it has ads."""
    before, after = call.node.get("promoted_object") or {}, sent.get("promoted_object")
    if after in (None, ""):
        return
    changed = {name for name in after if str(after[name]) != str(before.get(name))}
    changed -= {name for name in ("application_id", "product_catalog_id") if name not in before}
    if not call.state.children("adset", call.node):
        changed -= {"pixel_id", "pixel_rule", "custom_event_type", "custom_event_str", "custom_conversion_id"}
    if changed:
        text = f"{min(changed)} cannot be changed after the ad set was published: create a new ad set."
        raise refused(3260011, "Field cannot be edited", text, blame="promoted_object")
