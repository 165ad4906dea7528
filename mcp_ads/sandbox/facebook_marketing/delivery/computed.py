"""What is worked out when a campaign, ad set or ad is read, and which of its fields are other objects."""

from __future__ import annotations

from typing import Any

from mcp_ads.sandbox.facebook_marketing import days
from mcp_ads.sandbox.facebook_marketing.params import Body
from mcp_ads.sandbox.facebook_marketing.state import Computed, State, today


def own_kind(body: Body) -> str:
    """Which kind of ad object a body is, by its parents."""
    return "ad" if "adset_id" in body else "adset" if "campaign_id" in body else "campaign"


def ads_below(state: State, body: Body) -> list[Body]:
    key = {"ad": "id", "adset": "adset_id", "campaign": "campaign_id"}[own_kind(body)]
    return state.owned("ad", key, body["id"])


def spent(state: State, body: Body, *, only_today: bool) -> int:
    """What an object cost so far, or today, in minor units."""
    now = today(state.account_of(body)).toordinal()
    return days.spent(ads_below(state, body), now if only_today else 1, now, now)


def _budget_remaining(state: State, body: Body) -> str | None:
    if lifetime := body.get("lifetime_budget"):
        return str(max(0, int(lifetime) - spent(state, body, only_today=False)))
    if daily := body.get("daily_budget"):
        return str(max(0, int(daily) - spent(state, body, only_today=True)))
    return "0"


def _effective(state: State, body: Body) -> str:
    return state.effective_status(own_kind(body), body)


def _campaign_categories(state: State, body: Body) -> Any:
    campaign = state.get("campaign", body["campaign_id"])
    return (campaign or {}).get("special_ad_categories")


def _targeting(state: State, body: Body) -> Any:
    return (state.get("adset", body["adset_id"]) or {}).get("targeting")


def _account(state: State, body: Body) -> Any:
    account = state.account_of(body)
    return {name: account[name] for name in ("id", "account_id", "name")}


COMPUTED: Computed = {
    ("campaign", "effective_status"): _effective,
    ("adset", "effective_status"): _effective,
    ("ad", "effective_status"): _effective,
    **{(kind, "configured_status"): lambda _, body: body["status"] for kind in ("campaign", "adset", "ad")},
    ("campaign", "budget_remaining"): _budget_remaining,
    ("adset", "budget_remaining"): _budget_remaining,
    ("adset", "special_ad_categories"): _campaign_categories,
    ("ad", "special_ad_categories"): _campaign_categories,
    ("ad", "targeting"): _targeting,
    ("label", "account"): _account,
}
LINKS = {
    ("ad", "creative"): "creative",
    ("ad", "adset"): "adset",
    ("ad", "campaign"): "campaign",
    ("adset", "campaign"): "campaign",
    ("ad", "source_ad"): "ad",
    ("adset", "source_adset"): "adset",
    ("campaign", "source_campaign"): "campaign",
}
