"""Ad sets: creating and changing them."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.calls import Call
from mcp_ads.sandbox.facebook_marketing.errors import invalid
from mcp_ads.sandbox.facebook_marketing.params import Body, checked
from mcp_ads.sandbox.facebook_marketing.state import GONE, local_text, now_text
from mcp_ads.sandbox.facebook_marketing.writes import (
    check_first_status,
    check_fixed,
    check_name,
    check_transition,
    created,
    merged,
    require,
    updated,
)

from . import audience, budgets, rules, special

TIMES = ("start_time", "end_time")
CHECKED = {
    "daily_budget",
    "lifetime_budget",
    "bid_amount",
    "bid_strategy",
    "bid_constraints",
    "billing_event",
    "optimization_goal",
    "start_time",
    "end_time",
    "destination_type",
    "adset_schedule",
}
CLICKS: list[Body] = [{"event_type": "CLICK_THROUGH", "window_days": 1}]
CONVERSIONS: list[Body] = [
    {"event_type": "CLICK_THROUGH", "window_days": 7},
    {"event_type": "VIEW_THROUGH", "window_days": 1},
]


def create(call: Call) -> Body:
    """POST /act_X/adsets. Without a status it starts ACTIVE."""
    sent = checked(call.edge, call.params)
    require(sent, "name", "campaign_id", "optimization_goal", "billing_event", "targeting")
    check_name(sent)
    check_first_status(sent)
    campaign = _campaign(call, sent["campaign_id"])
    goal = sent["optimization_goal"]
    at = now_text()
    fresh: Body = {
        "account_id": call.node["account_id"],
        "status": "ACTIVE",
        "created_time": at,
        "start_time": at,
        "updated_time": at,
        "destination_type": "UNDEFINED",
        "is_dynamic_creative": False,
        "pacing_type": ["standard"],
        "source_adset_id": "0",
        "attribution_spec": CONVERSIONS if goal in ("OFFSITE_CONVERSIONS", "VALUE") else CLICKS,
    }
    body = _local(merged(fresh, sent), call.node)
    budgets.end_not_past(sent)
    _check(call, body, campaign)
    rules.check_promoted(body, campaign["objective"])
    rules.check_targeting(body, call.node)
    audience.check(body)
    special.check(call, body, campaign)
    rules.check_attribution(sent, body)
    _check_own(call, sent)
    return created(call, "adset", body)


def _campaign(call: Call, id: str) -> Body:
    campaign = call.owned("campaign", id)
    if call.state.effective_status("campaign", campaign) in GONE:
        raise invalid(f"The campaign {id} is archived or deleted: nothing can be added to it")
    return campaign


def _local(body: Body, account: Body) -> Body:
    """Times as the account's time zone writes them; `end_time=0` means none."""
    times = {name: local_text(body[name], account) for name in TIMES if body.get(name, "0") != "0"}
    return {name: value for name, value in body.items() if value != "0" or name not in TIMES} | times


def _check_own(call: Call, sent: Body) -> None:
    """What an ad set is shown to and what it promotes are its account's."""
    audience.check_own(call, sent.get("targeting") or {})
    if pixel := (sent.get("promoted_object") or {}).get("pixel_id"):
        call.owned("pixel", pixel)


def _check(call: Call, body: Body, campaign: Body) -> None:
    rules.check_goal(body, campaign["objective"])
    rules.check_frequency(body)
    budgets.check_adset(call.state, body, campaign)


def update(call: Call) -> Body:
    """POST an ad set."""
    before, state = call.node, call.state
    sent = checked(call.edge, call.params)
    check_transition(before, sent)
    check_name(sent)
    check_fixed(call, sent)
    rules.check_promotes(call, sent)
    account = state.account_of(before)
    after = _local(merged(before, sent), account)
    campaign = state.get("campaign", before["campaign_id"])
    assert campaign is not None
    if set(sent) & CHECKED:
        budgets.end_not_past(sent)
        _check(call, after, campaign)
        budgets.not_below_spent(state, before, after)
    if "targeting" in sent:
        rules.check_targeting(after, account)
        audience.check(after)
        special.check(call, after, campaign)
    _check_own(call, sent)
    return updated(call, "adset", after)
