"""Which goals and destinations an objective has, and what goes together.

Certain refusals are mistakes; what only Meta's guides leave out is said to whoever approves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .choices import DESTINATIONS

AWARENESS, TRAFFIC, ENGAGEMENT, LEADS, SALES, APPS = (
    f"OUTCOME_{name}" for name in ("AWARENESS", "TRAFFIC", "ENGAGEMENT", "LEADS", "SALES", "APP_PROMOTION")
)
_GOALS = {
    AWARENESS: "REACH IMPRESSIONS AD_RECALL_LIFT THRUPLAY TWO_SECOND_CONTINUOUS_VIDEO_VIEWS",
    TRAFFIC: "LINK_CLICKS LANDING_PAGE_VIEWS OFFSITE_CONVERSIONS IMPRESSIONS POST_ENGAGEMENT REACH "
    "CONVERSATIONS THRUPLAY VISIT_INSTAGRAM_PROFILE PROFILE_VISIT QUALITY_CALL REMINDERS_SET",
    ENGAGEMENT: "THRUPLAY POST_ENGAGEMENT EVENT_RESPONSES PAGE_LIKES IMPRESSIONS REACH LINK_CLICKS "
    "TWO_SECOND_CONTINUOUS_VIDEO_VIEWS CONVERSATIONS OFFSITE_CONVERSIONS LANDING_PAGE_VIEWS QUALITY_CALL",
    LEADS: "OFFSITE_CONVERSIONS LEAD_GENERATION QUALITY_LEAD LANDING_PAGE_VIEWS LINK_CLICKS IMPRESSIONS "
    "REACH VALUE CONVERSATIONS QUALITY_CALL",
    SALES: "OFFSITE_CONVERSIONS VALUE LANDING_PAGE_VIEWS IMPRESSIONS POST_ENGAGEMENT REACH LINK_CLICKS "
    "CONVERSATIONS",
    APPS: "APP_INSTALLS OFFSITE_CONVERSIONS IMPRESSIONS LINK_CLICKS REACH VALUE "
    "APP_INSTALLS_AND_OFFSITE_CONVERSIONS",
}
GOALS: Mapping[str, tuple[str, ...]] = {name: tuple(goals.split()) for name, goals in _GOALS.items()}
"""Meta's goals per objective, its default first."""
PLACED = frozenset(goal for goals in GOALS.values() for goal in goals)
"""Goals that belong to certain objectives; all others depend on the account."""
ONLY: Mapping[str, str] = {
    "ON_AD": LEADS, **dict.fromkeys(("ON_POST", "ON_VIDEO", "ON_PAGE", "ON_EVENT"), ENGAGEMENT),
}  # fmt: skip
"""Destinations of one objective."""
CHATS = (
    "MESSENGER", "WHATSAPP", "INSTAGRAM_DIRECT", "MESSAGING_INSTAGRAM_DIRECT_MESSENGER",
    "MESSAGING_INSTAGRAM_DIRECT_MESSENGER_WHATSAPP", "MESSAGING_INSTAGRAM_DIRECT_WHATSAPP",
    "MESSAGING_MESSENGER_WHATSAPP",
)  # fmt: skip
PROFILES = ("INSTAGRAM_PROFILE", "FACEBOOK_PAGE")
_WEB = "LANDING_PAGE_VIEWS LINK_CLICKS IMPRESSIONS REACH OFFSITE_CONVERSIONS"
_IN_APPS = "OFFSITE_CONVERSIONS APP_INSTALLS_AND_OFFSITE_CONVERSIONS LINK_CLICKS REACH"
_USUAL: Mapping[tuple[str, str], str] = {
    (TRAFFIC, "WEBSITE"): _WEB,
    (TRAFFIC, "APP"): "LINK_CLICKS REACH",
    **{(TRAFFIC, chat): "LINK_CLICKS IMPRESSIONS REACH CONVERSATIONS" for chat in ("MESSENGER", "WHATSAPP")},
    (TRAFFIC, "PHONE_CALL"): "QUALITY_CALL LINK_CLICKS",
    **{(TRAFFIC, profile): "VISIT_INSTAGRAM_PROFILE PROFILE_VISIT" for profile in PROFILES},
    (ENGAGEMENT, "ON_POST"): "POST_ENGAGEMENT REACH",
    (ENGAGEMENT, "ON_VIDEO"): "THRUPLAY TWO_SECOND_CONTINUOUS_VIDEO_VIEWS",
    (ENGAGEMENT, "ON_PAGE"): "PAGE_LIKES",
    (ENGAGEMENT, "ON_EVENT"): "EVENT_RESPONSES POST_ENGAGEMENT REACH IMPRESSIONS",
    **{(ENGAGEMENT, chat): "CONVERSATIONS LINK_CLICKS" for chat in CHATS},
    (ENGAGEMENT, "WEBSITE"): _WEB,
    (LEADS, "ON_AD"): "LEAD_GENERATION QUALITY_LEAD",
    (LEADS, "PHONE_CALL"): "QUALITY_CALL",
    (LEADS, "WEBSITE"): f"{_WEB} VALUE",
    (LEADS, "WHATSAPP"): "CONVERSATIONS",
    **{(objective, "APP"): _IN_APPS for objective in (LEADS, SALES, ENGAGEMENT)},
    (SALES, "WEBSITE"): f"{_WEB} VALUE",
    (SALES, "MESSENGER"): "CONVERSATIONS OFFSITE_CONVERSIONS LINK_CLICKS IMPRESSIONS REACH",
    (SALES, "WHATSAPP"): "OFFSITE_CONVERSIONS LINK_CLICKS IMPRESSIONS REACH CONVERSATIONS",
    (APPS, "APP"): "APP_INSTALLS LINK_CLICKS VALUE APP_INSTALLS_AND_OFFSITE_CONVERSIONS OFFSITE_CONVERSIONS",
}
USUAL = {pair: frozenset(goals.split()) for pair, goals in _USUAL.items()}
"""Goals of an objective that leads there, as Meta's guide to objectives and goals has them."""
WITH_PAGE = frozenset({
    *((TRAFFIC, profile) for profile in PROFILES), *((ENGAGEMENT, chat) for chat in CHATS),
    (ENGAGEMENT, "ON_POST"), (LEADS, "PHONE_CALL"), (LEADS, "WHATSAPP"), (SALES, "MESSENGER"),
    (SALES, "WHATSAPP"),
})  # fmt: skip
"""Where ads speak for a page, and Meta's guide wants promoted_object.page_id."""

BOUGHT = {SALES: "sales", LEADS: "leads"}
LOOKED = {
    "LINK_CLICKS": "clicks", "LANDING_PAGE_VIEWS": "visits", "IMPRESSIONS": "views", "REACH": "people",
    "POST_ENGAGEMENT": "engagement",
}  # fmt: skip
"""What Facebook looks for under goals that are allowed where something else is wanted."""


def mistakes(objective: str, goal: str, destination: str, categories: Sequence[str]) -> Iterable[str]:
    """What Facebook refuses in an ad set under this objective; "" for a destination that was not given."""
    goals = GOALS.get(objective)
    if goals and goal in PLACED and goal not in goals:
        yield f"optimization_goal: {objective} has no {goal}; it has {', '.join(goals)}"
    only = "" if objective == APPS else ONLY.get(destination, objective)
    if goals and destination in DESTINATIONS and only != objective and destination != "APP":
        where = f"that is {only}'s" if only else "only to APP"
        yield f"destination_type: {objective} ads do not lead to {destination}; {where}"
    if destination.startswith("MESSAGING_") and set(categories) - {"NONE"}:
        yield f"destination_type: {destination} is not for special ad categories; take one messenger"


def doubts(
    objective: str, goal: str, destination: str, promoted: Mapping[str, Any], *, catalog: bool
) -> Iterable[str]:
    """What Facebook may refuse, or fill in by itself, in an ad set under this objective."""
    usual = USUAL.get((objective, destination))
    if usual and goal in PLACED and goal in GOALS[objective] and goal not in usual:
        yield (
            f"{objective} that leads to {destination} usually has {' or '.join(sorted(usual))}, "
            f"not {goal}: Facebook may refuse it"
        )
    if objective in BOUGHT and goal in LOOKED:
        yield (
            f"{objective} with {goal}: Facebook looks for {LOOKED[goal]}, not for {BOUGHT[objective]}; "
            "OFFSITE_CONVERSIONS with promoted_object (pixel_id, custom_event_type) looks for these"
        )
    if (objective, destination) in WITH_PAGE and not promoted.get("page_id"):
        yield (
            f"{destination} without promoted_object.page_id: Facebook picks the page itself, "
            "or refuses the ads"
        )
    if objective == AWARENESS and not promoted.keys() & {"page_id", "place_page_set_id"}:
        yield "awareness without promoted_object.page_id or place_page_set_id: Facebook may refuse it"
    if catalog and not promoted.get("product_set_id"):
        yield "the campaign sells from a catalog, and promoted_object has no product_set_id"
