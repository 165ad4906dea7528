"""Rules of money: one budget, on one level, big enough, with the bid its strategy needs."""

from __future__ import annotations

from datetime import datetime, timedelta

from mcp_ads.sandbox.facebook_marketing.errors import invalid, refused
from mcp_ads.sandbox.facebook_marketing.params import Body, instant
from mcp_ads.sandbox.facebook_marketing.state import UNLIMITED, State, now

from .computed import spent

BUDGETS = ("daily_budget", "lifetime_budget")
FLOOR = (100, 10_000_000)
NEED_BID = ("LOWEST_COST_WITH_BID_CAP", "COST_CAP")


def has_budget(body: Body) -> bool:
    return any(int(body.get(name) or 0) for name in BUDGETS)


def only_one(body: Body) -> None:
    if all(int(body.get(name) or 0) for name in BUDGETS):
        raise invalid("Only one of daily_budget and lifetime_budget can be set")


def enough(body: Body, account: Body, days: int = 1, *, times: int = 1) -> None:
    """No budget under the account's minimum."""
    least = account["min_daily_budget"] * times
    for name, floor in (("daily_budget", least), ("lifetime_budget", least * days)):
        amount = int(body.get(name) or 0)
        if amount and amount < floor:
            text = f"{name} must be at least {floor} ({account['currency']}, minor units)."
            raise refused(1885272, "Budget is too low", text, blame=name)


def not_below_spent(state: State, before: Body, after: Body) -> None:
    """A lifetime budget stays at least a tenth above what is gone."""
    old, new = (int(body.get("lifetime_budget") or 0) for body in (before, after))
    if new and new < old and new * 10 < spent(state, before, only_today=False) * 11:
        text = "A lifetime budget must be at least 110% of what was spent already."
        raise refused(1885650, "Budget is too low", text, blame="lifetime_budget")


def check_cap(body: Body, account: Body) -> None:
    cap = body.get("spend_cap")
    if cap and str(cap) != UNLIMITED and int(cap) < int(account["min_campaign_group_spend_cap"]):
        text = f"The spending limit must be at least {account['min_campaign_group_spend_cap']} minor units."
        raise refused(2446307, "Campaign spending limit is too low", text, blame="spend_cap")


def check_campaign(body: Body, account: Body) -> None:
    """Budget, sharing and bid strategy of a campaign."""
    only_one(body)
    enough(body, account)
    check_cap(body, account)
    shares = body.get("is_adset_budget_sharing_enabled")
    if has_budget(body):
        if shares:
            text = "Ad set budget sharing cannot be used with a campaign budget."
            raise refused(4834002, "Budget sharing not available", text)
        return
    if shares is None:
        text = "Without a campaign budget, is_adset_budget_sharing_enabled must be true or false."
        raise refused(4834011, "Must specify True or False in is_adset_budget_sharing_enabled field", text)
    if shares and not body.get("bid_strategy"):
        raise refused(4834005, "Bid strategy needed", "Budget sharing needs a bid strategy on the campaign.")
    if not shares and body.get("bid_strategy"):
        raise invalid("A bid strategy on the campaign needs a campaign budget or ad set budget sharing")


def check_adset(state: State, body: Body, campaign: Body) -> None:
    """Budget and schedule of an ad set under its campaign."""
    account = state.account_of(body)
    only_one(body)
    if has_budget(campaign) and has_budget(body):
        text = "The campaign has a budget: its ad sets cannot have budgets of their own."
        raise refused(1885621, "Can't set both ad set budget and campaign budget", text)
    if not has_budget(campaign) and not has_budget(body):
        raise invalid("The ad set needs daily_budget or lifetime_budget, since its campaign has no budget")
    days = _schedule(body, campaign)
    enough(body, account, days, times=1 if body["billing_event"] == "IMPRESSIONS" else 5)
    _bids(body, campaign)


def _schedule(body: Body, campaign: Body) -> int:
    """Check start and end; the days between, at least one."""
    start = _at(body.get("start_time")) or now()
    end = _at(body.get("end_time"))
    lifetime = int(body.get("lifetime_budget") or campaign.get("lifetime_budget") or 0)
    if lifetime and not end:
        raise invalid("A lifetime budget needs an end_time")
    if not end:
        return 1
    if end <= start:
        raise refused(1487033, "End time too early", "end_time must be after start_time.", blame="end_time")
    if not lifetime and end - start < timedelta(hours=24):
        raise invalid("An ad set with a daily budget must run for at least 24 hours")
    return max(1, (end - start).days)


def end_not_past(sent: Body) -> None:
    if (end := _at(sent.get("end_time"))) and end <= now():
        raise refused(1487007, "End time in the past", "end_time must be in the future.", blame="end_time")


def _at(text: str | None) -> datetime | None:
    return instant(text) if text and text != "0" else None


def _bids(body: Body, campaign: Body) -> None:
    if has_budget(campaign) and body.get("bid_strategy"):
        own = body["bid_strategy"]
        if own != campaign.get("bid_strategy", "LOWEST_COST_WITHOUT_CAP"):
            raise invalid("The campaign has the budget, so the bid strategy must be set on the campaign")
    strategy = _strategy(body, campaign)
    amount, floor = body.get("bid_amount"), (body.get("bid_constraints") or {}).get("roas_average_floor")
    if strategy in NEED_BID and not amount:
        text = f"Bid strategy {strategy} needs a bid_amount."
        raise refused(2490487, "Bid amount or bid constraints required", text, blame="bid_amount")
    if strategy == "LOWEST_COST_WITH_MIN_ROAS":
        _roas(body, amount, floor)
    elif strategy == "LOWEST_COST_WITHOUT_CAP" and amount:
        raise invalid("bid_amount cannot be used with bid strategy LOWEST_COST_WITHOUT_CAP")
    if strategy == "COST_CAP" and body["billing_event"] != "IMPRESSIONS":
        raise invalid("Bid strategy COST_CAP needs billing_event IMPRESSIONS")
    if strategy == "COST_CAP" and body.get("pacing_type", ["standard"]) != ["standard"]:
        raise invalid("Bid strategy COST_CAP needs pacing_type standard")
    if campaign.get("buying_type") == "RESERVED" and body["billing_event"] != "IMPRESSIONS":
        raise invalid("A RESERVED campaign needs billing_event IMPRESSIONS")
    daily = int(body.get("daily_budget") or 0)
    if daily and amount and daily < amount * (1 if body["billing_event"] == "IMPRESSIONS" else 5):
        text = "The daily budget is too low for this bid."
        raise refused(1885650, "Budget is too low", text, blame="daily_budget")


def _strategy(body: Body, campaign: Body) -> str:
    if own := body.get("bid_strategy") or campaign.get("bid_strategy"):
        return str(own)
    return "LOWEST_COST_WITH_BID_CAP" if body.get("bid_amount") else "LOWEST_COST_WITHOUT_CAP"


def _roas(body: Body, amount: int | None, floor: object) -> None:
    if not isinstance(floor, int) or not FLOOR[0] <= floor <= FLOOR[1]:
        text = "LOWEST_COST_WITH_MIN_ROAS needs bid_constraints.roas_average_floor, 100 to 10000000."
        raise refused(2490487, "Bid amount or bid constraints required", text, blame="bid_constraints")
    if body["optimization_goal"] != "VALUE":
        raise invalid("LOWEST_COST_WITH_MIN_ROAS needs optimization_goal VALUE")
    if amount:
        raise invalid("bid_amount cannot be used with bid strategy LOWEST_COST_WITH_MIN_ROAS")
