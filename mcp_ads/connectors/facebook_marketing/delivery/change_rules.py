"""What Facebook refuses of a change: fields that are fixed, and what no longer fits the object as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mcp_ads.core import dig

from . import rules

FIXED = ("attribution_spec", "frequency_control_specs")
PIXEL = ("pixel_id", "pixel_rule", "custom_event_type", "custom_event_str", "custom_conversion_id")
ADDED = ("application_id", "product_catalog_id")
"""What may be added to a promoted object later."""


def of_ad_set(sets: Mapping[str, Any], live: Mapping[str, Any]) -> Iterable[str]:
    """Why an ad set cannot be changed like this; `sets` is what the call gives, by the record's names."""
    campaign = live.get("campaign") or {}
    shared = rules.has_budget(campaign)
    for name in FIXED:
        if name in sets and sets[name] != live.get(name):
            yield f"{name} cannot be changed after an ad set was made; create a new one"
    yield from _promoted(sets.get("promoted_object"), live.get("promoted_object") or {})
    if shared and (sets.get("daily_budget") or sets.get("lifetime_budget")):
        yield "its campaign has the budget, so ad sets have none: change the campaign's"
    if shared and sets.get("bid_strategy"):
        yield "its campaign has the budget, so the bid strategy is set there"
    end = sets["end_time"] if "end_time" in sets else live.get("end_time")
    if _lifetime(sets, live) and not end and {"end_time", "lifetime_budget"} & sets.keys():
        yield "a lifetime budget needs an end_time"
    yield from _bids(sets, live, campaign if shared else {})
    if "adset_schedule" in sets or "pacing_type" in sets:
        kinds = sets.get("pacing_type") or live.get("pacing_type") or ()
        parts = sets["adset_schedule"] if "adset_schedule" in sets else live.get("adset_schedule") or ()
        daily = any(str(of.get("daily_budget") or "0") != "0" for of in (sets, live, campaign))
        yield from rules.dayparting(kinds, parts or (), daily=daily)


def _lifetime(sets: Mapping[str, Any], live: Mapping[str, Any]) -> bool:
    """Whether the ad set's own budget is, or stays, for its lifetime."""
    if sets.get("daily_budget"):
        return False
    return bool(sets.get("lifetime_budget")) or str(live.get("lifetime_budget") or "0") != "0"


def _promoted(given: Any, live: Mapping[str, Any]) -> Iterable[str]:
    """What is promoted stays, but for an app or catalog that is added, and a pixel before publishing."""
    if not isinstance(given, Mapping):
        return
    changed = {name for name in given if str(given[name]) != str(live.get(name))}
    added = {name for name in changed if name in ADDED and name not in live}
    if fixed := sorted(changed - added - {*PIXEL, "object_store_url", "smart_pse_enabled"}):
        yield f"promoted_object.{fixed[0]} cannot be changed after an ad set was made; create a new one"


def _bids(sets: Mapping[str, Any], live: Mapping[str, Any], campaign: Mapping[str, Any]) -> Iterable[str]:
    """A bid strategy and what it needs, of what is given and what stays."""
    if not {"bid_strategy", "bid_amount", "bid_constraints"} & sets.keys():
        return
    strategy = sets.get("bid_strategy") or campaign.get("bid_strategy") or live.get("bid_strategy")
    given_bid = sets.get("bid_amount") is not None
    stays = bool(live.get("bid_amount")) and strategy in rules.CAPPED
    constraints = sets.get("bid_constraints") or live.get("bid_constraints") or {}
    floor = constraints.get("roas_average_floor") if strategy == rules.ROAS else None
    goal = str(live.get("optimization_goal") or "")
    for mistake in rules.bidding(strategy, bid=given_bid or stays, floor=floor, goal=goal):
        yield mistake.replace(": ", " ", 1)


def of_campaign(sets: Mapping[str, Any], live: Mapping[str, Any]) -> Iterable[str]:
    """Why a campaign cannot be changed like this."""
    shares, was = sets.get("is_adset_budget_sharing_enabled"), live.get("is_adset_budget_sharing_enabled")
    strategy = sets.get("bid_strategy")
    moved = strategy and live.get("bid_strategy") and strategy != live["bid_strategy"]
    if shares and not was:
        yield "ad set budget sharing cannot be switched on later; it is set when a campaign is made"
    if was and shares is not False and moved:
        yield "its bid strategy is fixed while ad set budget sharing is on"
    if moved and live["bid_strategy"] == rules.ROAS and rules.has_budget(live):
        yield f"{rules.ROAS} cannot be switched away under a campaign budget; create a new campaign"
    for given, other in (("daily_budget", "lifetime_budget"), ("lifetime_budget", "daily_budget")):
        if str(sets.get(given) or "0") != "0" and str(live.get(other) or "0") != "0":
            only = "and a campaign keeps the kind that it was made with"
            yield f"it has a {other}, {only}: change {other}, or create a campaign with {given}"
    owns = rules.has_budget(live) or sets.get("daily_budget") or sets.get("lifetime_budget")
    if strategy and "objective" in live and not owns and not (was or shares):
        yield "it has no budget of its own, so the bid strategy is set on its ad sets"


def promoted_pixel(given: Any, live: Mapping[str, Any]) -> bool:
    """Whether another pixel or event is asked for: refused once its ads were published."""
    return isinstance(given, Mapping) and any(
        str(given.get(name)) != str(dig(live, f"promoted_object.{name}")) for name in PIXEL if name in given
    )
