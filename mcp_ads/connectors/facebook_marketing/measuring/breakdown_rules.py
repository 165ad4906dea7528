"""Which breakdowns of insights go together, and which numbers there are by them.

Facebook refuses the others, or answers nothing. As Meta's page on breakdowns tells it; of `device_platform`
its own interface does.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain, combinations

from mcp_ads.core.synonyms import cut

Names = frozenset[str]
HOURLY = "hourly_stats_aggregated_by_advertiser_time_zone"
HOURLY_THERE = "hourly_stats_aggregated_by_audience_time_zone"
BY_HOUR = frozenset({HOURLY, HOURLY_THERE})
OPT_IN = frozenset({HOURLY_THERE, "impression_device", "frequency_value"})
"""Give rows only to accounts that are enrolled for them; a report may get them, ten a day."""
TYPE = "action_type"
JOINS = frozenset({TYPE, "action_target_id", "action_destination"})
"""Go with each other and with any of `WITH_ACTIONS`."""
CARDS = ("action_carousel_card_id", "action_carousel_card_name")
SKAN = ("app_id", "skan_conversion_id")
ASSETS = frozenset({
    "image_asset", "video_asset", "title_asset", "body_asset", "description_asset", "link_url_asset",
    "call_to_action_asset", "ad_format_asset",
})  # fmt: skip
RETIRED = {
    "dma": "it was replaced by comscore_market",
    "mmm": "it comes only as a CSV file that Ads Manager exports",
    "media_asset_url": "Facebook answers that there is no such field",
    "media_creator": "Facebook answers that there is no such field",
    "media_format": "Facebook answers that there is no such field",
}
SAID_AS = {
    "sex": "gender", "ages": "age", "age_range": "age", "age_group": "age", "countries": "country",
    "placement": "publisher_platform,platform_position", "platform": "publisher_platform",
    "position": "platform_position", "device": "device_platform", "product": "product_id", "state": "region",
    "hour": HOURLY, "hourly": HOURLY, "hour_of_day": HOURLY, "day": "time_increment 1, which is a row a day",
    "date": "time_increment 1, which is a row a day", "campaign": "level campaign", "adset": "level adset",
    "ad": "level ad",
}  # fmt: skip
"""What people and other platforms call a breakdown."""
OTHERS = frozenset({
    "zip", "place_page_id", "user_segment_key", "media_type", "skan_campaign_id", "conversion_destination",
    "landing_destination", "signal_source_bucket", "is_conversion_id_modeled", "standard_event_content_type",
    "action_video_type", "action_video_sound", "action_canvas_component_name", "matched_persona_id",
    "matched_persona_name", "is_business_ai_assisted", *OPT_IN, *ASSETS,
})  # fmt: skip
"""Known, and with no combination that Meta's page tells."""


def _some_of(*names: str, least: int = 0) -> Iterable[tuple[str, ...]]:
    sizes = range(least, len(names) + 1)
    return chain.from_iterable(combinations(names, size) for size in sizes)


PLACES = frozenset({
    frozenset({"device_platform"}),
    *(frozenset({"publisher_platform", *more}) for more in _some_of(
        "platform_position", "impression_device", "device_platform")),
})  # fmt: skip
WITH_ACTIONS: frozenset[Names] = frozenset({
    *map(frozenset, _some_of("age", "gender")), *PLACES,
    *(frozenset({name}) for name in ("country", "region", "comscore_market", "product_id", *BY_HOUR)),
    *(frozenset({"action_device", *place}) for place in ((), ("impression_device",), *PLACES)),
})  # fmt: skip
WITHOUT: frozenset[Names] = frozenset({
    frozenset({"action_reaction"}),
    *map(frozenset, _some_of(*SKAN, least=1)),
    *(frozenset({*cards, *more})
      for cards in _some_of(*CARDS, least=1)
      for more in ((), ("impression_device",), ("country",), *_some_of("age", "gender", least=1))),
})  # fmt: skip
LISTED = frozenset(chain(JOINS, *WITH_ACTIONS, *WITHOUT))
ONLY: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(ASSETS, ("impressions", "clicks", "spend", "reach", "actions", "action_values")),
    "frequency_value": ("reach",),
    **dict.fromkeys((*SKAN, "skan_campaign_id"), ("total_postbacks", "total_postbacks_detailed")),
}
"""All the numbers that there are by a breakdown."""
NEVER = (
    "app_store_clicks",
    "newsfeed_avg_position",
    "newsfeed_clicks",
    "newsfeed_impressions",
    "relevance_score",
)
_NO_NUMBER = re.compile(r"_(id|name|currency|start|stop|setting|goal|type)$|^objective$")
NOT_OF_AN_ACCOUNT = ("place_page_id", "image_asset", "video_asset")


def mistakes(given: Sequence[str], actions: Sequence[str]) -> Iterable[str]:
    """What Facebook would refuse in these breakdowns, a line each, with what it takes instead."""
    for param, names in (("breakdowns", given), ("action_breakdowns", actions)):
        if len(set(names)) != len(names):
            yield f"{param}: {cut(', '.join(names))}: one is there twice"
        for name in names:
            if why := RETIRED.get(name):
                yield f"{param}: {name}: {why}"
            elif meant := SAID_AS.get(name.lower()) if param == "breakdowns" else _of_actions(name):
                yield f"{param}: {name!r} is not known; did you mean {meant}?"
            elif name not in LISTED | OTHERS and (
                near := difflib.get_close_matches(name, LISTED | OTHERS, 1, 0.75)
            ):
                yield f"{param}: {cut(name)!r} is not known; did you mean {near[0]}?"
    asked = frozenset(given) | frozenset(actions)
    if asked - LISTED or legal(asked):
        return
    names = cut(", ".join(dict.fromkeys([*given, *actions])))
    one = len(asked) == 1
    if more := sorted(name for name in LISTED if name not in asked and legal(asked | {name})):
        yield f"breakdowns: {names} {'goes' if one else 'go'} only with {' or '.join(more)}"
    else:
        parts = [part for part in WITH_ACTIONS | WITHOUT if part and part <= asked]
        widest = sorted((part for part in parts if not any(part < other for other in parts)), key=sorted)
        forms = "; ".join("+".join(sorted(part)) for part in widest)
        yield f"breakdowns: {names} do not go together; Facebook takes {forms or 'each alone'}"


def _of_actions(name: str) -> str:
    """The breakdown of actions that is meant by a part of its name."""
    return f"action_{name}" if f"action_{name}" in LISTED | OTHERS and name not in LISTED else ""


def legal(asked: Names) -> bool:
    """Whether Meta's page has this combination; action_type is there by itself."""
    return asked - JOINS in WITH_ACTIONS or asked - {TYPE} in WITHOUT


def doubts(given: Sequence[str], actions: Sequence[str]) -> Iterable[str]:
    """What may be refused of breakdowns that are not among those we know of."""
    asked = {*given, *actions}
    if unknown := sorted(asked - LISTED - OTHERS):
        yield f"{cut(', '.join(unknown))}: not known here, so Facebook was asked"
    if (untold := asked & OTHERS - LISTED) and len(asked - {TYPE}) > 1:
        yield f"Facebook tells of no combination with {', '.join(sorted(untold))}"


def unavailable(given: Collection[str], level: str, columns: Mapping[str, Sequence[str]]) -> Iterable[str]:
    """Which columns, made of which fields, Facebook leaves out by these breakdowns, or answers 0 for."""
    for name in given:
        if level == "account" and name in NOT_OF_AN_ACCOUNT:
            yield f"breakdowns: {name} is not there at level account; ask by campaign, adset or ad"
    for column, sources in columns.items():
        reasons = ((name, why) for name in given for field in sources if (why := _why_not(name, field)))
        if found := next(reasons, None):
            yield f"fields: {column}: {found[1]}; leave it out, or {found[0]}"


def _why_not(name: str, field: str) -> str:
    if field in NEVER:
        return "Facebook does not have it by any breakdown"
    if name in ONLY and field not in ONLY[name] and not _NO_NUMBER.search(field):
        return f"by {name} there are only {', '.join(ONLY[name])}"
    if name in BY_HOUR and (field in ("reach", "frequency", "cpp") or "unique" in field):
        return "by the hour Facebook counts nobody once, and answers 0"
    if name in BY_HOUR and field.startswith("video_"):
        return "Facebook does not have it by the hour"
    if name == "region" and field.startswith(("video_p", "video_avg_time")):
        return "Facebook does not have it by region"
    return ""
