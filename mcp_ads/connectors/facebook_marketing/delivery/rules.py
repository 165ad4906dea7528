"""What Facebook demands of budgets, bids, billing and schedules, checked before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from mcp_ads.core.runs import run_of

from .choices import BILLING_EVENTS, GOALS

BILLED_AS = {"LINK_CLICKS", "THRUPLAY", "PAGE_LIKES", "OFFER_CLAIMS"}
CAPPED = ("LOWEST_COST_WITH_BID_CAP", "COST_CAP")
ROAS = "LOWEST_COST_WITH_MIN_ROAS"
FLOORS = range(100, 10_000_001)
"""A return on ad spend times 10,000: 1.5 is 15000."""
RESERVED = ("RESERVED", "FIXED_CPM")
DAY_MINUTES, HOUR = 24 * 60, 60
FREQUENCY = ("REACH", "THRUPLAY")
WINDOWS = {"CLICK_THROUGH": (1, 7), "VIEW_THROUGH": (1,), "ENGAGED_VIDEO_VIEW": (1,)}
"""Kinds of attribution, and the days that some goal has."""
CONVERTING = ("OFFSITE_CONVERSIONS", "VALUE", "APP_INSTALLS_AND_OFFSITE_CONVERSIONS")
BIDS_A_DAY = 5
SHARE_LEFT = 11
"""Tenths of what was spent that a budget cannot go under."""


def bidding(strategy: str | None, *, bid: bool, floor: Any, goal: str) -> Iterable[str]:
    """Mistakes in bid strategy, bid amount and return floor together; "" for a goal that is not known."""
    if strategy in CAPPED and not bid:
        yield f"bid_amount: {strategy} needs it"
    if strategy in ("LOWEST_COST_WITHOUT_CAP", ROAS) and bid:
        yield f"bid_amount: {strategy} does not take it"
    if strategy == ROAS and not floor:
        yield f"bid_constraints: {ROAS} needs roas_average_floor (1.5 is 15000)"
    if strategy == ROAS and goal not in ("VALUE", ""):
        yield f"optimization_goal: {ROAS} needs VALUE"
    if floor and not (str(floor).isdecimal() and int(floor) in FLOORS):
        yield f"bid_constraints: roas_average_floor is whole, from 100 (0.01) on, not {str(floor)[:20]!r}"


def pacing(strategy: str | None, event: str, kinds: Sequence[str]) -> Iterable[str]:
    """Mistakes in what a cost cap is billed by and how it is spent."""
    if strategy == "COST_CAP" and event != "IMPRESSIONS":
        yield f"billing_event: COST_CAP is billed by IMPRESSIONS, not {event}"
    if strategy == "COST_CAP" and kinds and list(kinds) != ["standard"]:
        yield "pacing_type: COST_CAP takes only standard"


def dayparting(kinds: Sequence[str], parts: Sequence[Any], *, daily: bool) -> Iterable[str]:
    """Mistakes in a schedule of hours: minutes of a day on the hour, days from 0, Sunday."""
    if not parts:
        return
    if "day_parting" not in kinds:
        yield 'pacing_type: adset_schedule needs ["day_parting"]'
    if daily:
        yield "adset_schedule: only with lifetime_budget, not with daily_budget"
    for part in parts:
        begins, ends, days = (part.get(name) for name in ("start_minute", "end_minute", "days"))
        minutes = [int(str(minute)) for minute in (begins, ends) if str(minute).isdecimal()]
        if len(minutes) < len((begins, ends)) or not 0 <= minutes[0] < minutes[1] <= DAY_MINUTES:
            yield "adset_schedule: start_minute and end_minute are minutes of one day, such as 540 and 1020"
        elif any(minute % HOUR for minute in minutes):
            yield f"adset_schedule: minutes on the hour, not {begins} to {ends}"
        if not isinstance(days, list) or not days or not {str(day) for day in days} <= set("0123456"):
            yield "adset_schedule: days is a list of 0 (Sunday) to 6"


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


def billing(event: str, goal: str, buying: str = "") -> Iterable[str]:
    """Mistakes in the pair of billing event and goal; of what is not known here nothing is said."""
    if event != "IMPRESSIONS" and buying in RESERVED:
        yield f"billing_event: a {buying} campaign is billed by IMPRESSIONS, not {event}"
        return
    allowed = ("IMPRESSIONS", goal) if goal in BILLED_AS else ("IMPRESSIONS",)
    if event not in allowed and event in BILLING_EVENTS and goal in GOALS | BILLED_AS:
        yield f"billing_event: {goal} is billed by {' or '.join(allowed)}, not {event}"


def frequency(specs: Sequence[Mapping[str, Any]], goal: str) -> Iterable[str]:
    """Mistakes in how often somebody may see the ads."""
    if specs and goal in GOALS and goal not in FREQUENCY:
        yield f"frequency_control_specs: only with optimization_goal {' or '.join(FREQUENCY)}, not {goal}"
    if any(not spec.keys() >= {"event", "interval_days", "max_frequency"} for spec in specs):
        yield 'frequency_control_specs: {"event": "IMPRESSIONS", "interval_days": 7, "max_frequency": 2}'


def attribution(specs: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    """Mistakes in what counts as a result; windows that no goal has."""
    for spec in specs:
        kind, days = str(spec.get("event_type")), spec.get("window_days")
        if kind in WINDOWS and str(days) not in map(str, WINDOWS[kind]):
            allowed = " or ".join(map(str, WINDOWS[kind]))
            yield f"attribution_spec: {kind} counts {allowed} days, not {str(days)[:20]}"
        if kind not in WINDOWS:
            yield f"attribution_spec: event_type is one of {', '.join(WINDOWS)}, not {kind[:40]!r}"


def attribution_doubts(specs: Sequence[Mapping[str, Any]], goal: str) -> Iterable[str]:
    """Windows that Meta documents for other goals only."""
    for spec in specs:
        kind, days = str(spec.get("event_type")), str(spec.get("window_days"))
        if goal not in CONVERTING and (kind, days) != ("CLICK_THROUGH", "1") and goal != "APP_INSTALLS":
            yield f"attribution_spec {kind} {days}: {goal} usually counts one day after a click"
        if goal == "APP_INSTALLS" and days != "1":
            yield f"attribution_spec {kind} {days}: APP_INSTALLS usually counts one day"


def room_for_bids(daily: Any, bid: Any, event: str) -> Iterable[str]:
    """A bid that a day's budget hardly has room for; both in minor units."""
    times = 1 if event == "IMPRESSIONS" else BIDS_A_DAY
    if isinstance(daily, int) and isinstance(bid, int) and daily < bid * times:
        yield f"daily_budget is less than {times} x bid_amount: Facebook may refuse it as too low"


def under_spent(after: Any, live: Mapping[str, Any]) -> Iterable[str]:
    """Mistakes in lowering a lifetime budget: a tenth more than what is gone has to be left."""
    before, left = live.get("lifetime_budget"), live.get("budget_remaining")
    if not isinstance(after, int) or not str(before).isdecimal() or not str(left).isdecimal():
        return
    spent = int(str(before)) - int(str(left))
    if after < int(str(before)) and after * 10 < spent * SHARE_LEFT:
        least = -(-spent * SHARE_LEFT // 10)
        yield f"lifetime_budget: {spent} are spent, so it stays at {least} or more (minor units; 110 %)"


def bids_under(campaign: Mapping[str, Any], *, strategy: str | None, bid: bool) -> Iterable[str]:
    """Mistakes in a bid without its own strategy: where budgets are shared, the campaign's counts."""
    shared = has_budget(campaign) or bool(campaign.get("is_adset_budget_sharing_enabled"))
    inherited = str(campaign.get("bid_strategy") or "") if shared else ""
    if bid and not strategy and not shared:
        yield "bid_strategy: bid_amount alone would pick a bid cap; say LOWEST_COST_WITH_BID_CAP or COST_CAP"
    if inherited in CAPPED and not bid:
        yield f"bid_amount: the campaign's {inherited} needs it"
    if inherited in ("LOWEST_COST_WITHOUT_CAP", ROAS) and bid:
        yield f"bid_amount: the campaign's {inherited} does not take it"


def budgets(campaign: Mapping[str, Any], *, own: bool, strategy: str | None) -> Iterable[str]:
    """Mistakes in where the budget stands: on the campaign or on its ad sets."""
    shared = has_budget(campaign)
    if shared and own:
        yield "daily_budget: the campaign has the budget, so its ad sets have none"
    if shared and strategy:
        yield "bid_strategy: the campaign has the budget, so the strategy is set there"
    if not shared and not own:
        yield "daily_budget: missing; the campaign has no budget, so give daily_budget or lifetime_budget"


def has_budget(record: Mapping[str, Any]) -> bool:
    """Whether an object has a budget of its own."""
    return any(str(record.get(name) or "0") != "0" for name in ("daily_budget", "lifetime_budget"))
