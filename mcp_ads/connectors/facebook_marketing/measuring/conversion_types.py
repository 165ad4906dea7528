"""Types of action that may be added up as conversions: which there are, and which of them count the same.

Names and what they stand for: Meta's Ad Insights reference, `actions`, breakdown action_type. A lead is one
off Meta (fb_pixel_lead) or on it (lead_grouped, of which leadgen_grouped are those of Messenger and forms),
and `lead` counts both; omni_ types count web, app, shop and Meta together.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from itertools import combinations

from mcp_ads.connectors.facebook_marketing import names
from mcp_ads.core.synonyms import cut

from . import metrics

PIXEL, CUSTOM = "offsite_conversion.fb_pixel_", "offsite_conversion.custom"
ALL_CUSTOM = f"{PIXEL}custom"
"""The type under which all custom events and single custom conversions are counted."""
OWN = metrics.COUNTED.keys() - {"purchase_value", "conversions"}
"""Columns of ours that count one thing under whatever name it has."""
STANDARD = frozenset({
    "achievement_unlocked", "activate_app", "add_payment_info", "add_to_cart", "add_to_wishlist",
    "complete_registration", "custom", "initiate_checkout", "initiated_checkout", "landing_page_view", "lead",
    "level_achieved", "purchase", "rate", "search", "spend_credits", "tutorial_completion", "view_content",
})  # fmt: skip
"""What websites and apps send; reported plain and under longer names."""
PLACED = ("total", "website", "mobile_app", "offline", "on_facebook")
SENT = (
    "contact", "customize_product", "donate", "find_location", "schedule", "start_trial",
    "submit_application", "subscribe", "recurring_subscription_payment", "cancel_subscription",
)  # fmt: skip
"""Events whose types end with where they were: one of PLACED."""
ENGAGED = frozenset({"comment", "like", "link_click", "photo_view", "post", "post_reaction", "video_view"})
KNOWN = STANDARD | ENGAGED | {f"{event}_{place}" for event in SENT for place in PLACED} | {
    "ad_click_mobile_app", "ad_impression_mobile_app", "app_install", "app_use", "checkin",
    "click_to_call_call_confirm", "click_to_call_native_20s_call_connect",
    "click_to_call_native_60s_call_connect", "click_to_call_native_call_placed", "credit_spent",
    "leadgen_grouped", "mobile_app_install", "outbound_click", "page_engagement", "post_engagement", "rsvp",
}  # fmt: skip
HEADS: tuple[str, ...] = (
    "offsite_conversion", "onsite_conversion", "offline_conversion", "app_custom_event", "games", "leadgen",
)  # fmt: skip
"""What stands before the dot of a type."""
APART = (PIXEL, "onsite_conversion.", "offline_conversion.", "app_custom_event.fb_mobile_")
"""Where something happened: the same of two of these is two things."""
SAME = {
    "initiated_checkout": "initiate_checkout", "content_view": "view_content",
    "spent_credits": "spend_credits", "lead_grouped": "lead", "leadgen_grouped": "lead",
    "mobile_app_install": "app_install",
}  # fmt: skip
PARTS = {"post_engagement": ENGAGED - {"like"}, "page_engagement": ENGAGED | {"post_engagement"}}
"""Sums of engagement, and what they are of."""
_PLAIN = re.compile(r"[a-z][a-z0-9_]*")
_DOTTED = re.compile(r"[a-z][a-z0-9_]*\.\S.{0,200}")
_CLOSE = 0.8
SUCH = f"write types such as purchases, leads, lead, {PIXEL}purchase or {CUSTOM}.<id>"


def mistakes(types: Iterable[str]) -> Iterable[str]:
    """A line for each name that is none of a type of action; new types are taken where they look like one."""
    for name in types:
        if why := _mistake(name):
            yield f"conversions: facebook: {why}"


def overlaps(types: Iterable[str]) -> Iterable[str]:
    """A line for each two types that count the same actions, at least in part."""
    for one, other in combinations(types, 2):
        if column(one) != column(other) and _overlap(one, other):
            yield f"{one} and {other} count the same conversions: they are added up twice"


def column(name: str) -> str:
    """The column that counts a type: one of ours under its name, such as purchases, or the type's own."""
    return next(iter(metrics.columns_in([name])), name)


def _mistake(name: str) -> str:
    own, said = column(name), cut(name)
    if own in OWN:
        return ""
    if own == "conversions":
        return f"{said!r} is what counts without types: leave facebook out, or write purchases, leads"
    if name.lower() in ("all", "*"):
        return f"{said}: many types count the same actions, so that all have no sum; {SUCH}"
    fields = names.fields_of("AdsInsights")
    if own in metrics.KINDS or metrics.windowed(own)[1] or own.lower() in fields:
        return f"{said!r} is a column and no type of action; {SUCH}"
    heads, head = HEADS, name.partition(".")[0]
    if _PLAIN.fullmatch(name):
        heads = (*OWN, *KNOWN)
    elif not _DOTTED.fullmatch(name):
        near = difflib.get_close_matches(name.lower(), [*OWN, *KNOWN], 1, _CLOSE)
        return f"{said!r} is no type of action; " + (f"did you mean {near[0]}?" if near else SUCH)
    if head in heads or metrics.canonical(head) in KNOWN:
        return ""
    near = difflib.get_close_matches(head, heads, 1, _CLOSE)
    return f"there is no {said!r}; did you mean {near[0]}{name.removeprefix(head)}?" if near else ""


def _overlap(one: str, other: str) -> bool:
    customs = [name.startswith((CUSTOM, ALL_CUSTOM)) for name in (one, other)]
    if any(customs):
        return all(customs) and ALL_CUSTOM in (one, other)
    what, also = _counted(one), _counted(other)
    if what == also:
        places = _place(one), _place(other)
        return "" in places or places[0] == places[1]
    return also in PARTS.get(what, ()) or what in PARTS.get(also, ()) or _total_of(what, also)


def _place(name: str) -> str:
    if name == "leadgen_grouped":
        return "onsite_conversion."
    return next((place for place in APART if name.startswith(place)), "")


def _counted(name: str) -> str:
    """What a type counts, wherever it happened."""
    first = next(iter(metrics.types_of(column(name))), name)
    plain = metrics.canonical(first.removeprefix(_place(first)))
    return SAME.get(plain, plain)


def _total_of(one: str, other: str) -> bool:
    """Whether one is an event in all places and the other the same event in one."""
    return any(
        f"{event}_total" in (one, other) and {one, other} <= {f"{event}_{place}" for place in PLACED}
        for event in SENT
    )
