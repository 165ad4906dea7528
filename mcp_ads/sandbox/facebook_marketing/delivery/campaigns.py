"""Campaigns: creating and changing them."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.calls import Call
from mcp_ads.sandbox.facebook_marketing.errors import invalid, refused
from mcp_ads.sandbox.facebook_marketing.params import Body, as_int, checked, instant
from mcp_ads.sandbox.facebook_marketing.state import State, now_text
from mcp_ads.sandbox.facebook_marketing.writes import (
    check_first_status,
    check_name,
    check_transition,
    created,
    merged,
    remove,
    require,
    updated,
    validates,
)

from . import budgets, special
from .rules import ODAX

MOVES = ("adset_budgets", "adset_bid_amounts")
RETIRED = ("SMART_APP_PROMOTION", "AUTOMATED_SHOPPING_ADS")


def create(call: Call) -> Body:
    """POST /act_X/campaigns."""
    sent = checked(call.edge, call.params)
    require(sent, "name", "objective", "status")
    check_name(sent)
    check_first_status(sent)
    if sent["objective"] not in ODAX:
        raise invalid(f"Param objective must be one of {{{', '.join(ODAX)}}} - got {sent['objective']!r}")
    if "special_ad_categories" not in sent:
        raise invalid("The parameter special_ad_categories is required.")
    _check_categories(sent)
    special.check_campaign(sent)
    at = now_text()
    fresh: Body = {
        "account_id": call.node["account_id"],
        "buying_type": "AUCTION",
        "created_time": at,
        "start_time": at,
        "updated_time": at,
        "smart_promotion_type": "GUIDED_CREATION",
        "source_campaign_id": "0",
        "pacing_type": ["standard"],
    }
    body = merged(fresh, {**sent, "special_ad_categories": sent["special_ad_categories"] or []})
    budgets.check_campaign(body, call.node)
    return created(call, "campaign", _with_strategy(body))


def _with_strategy(body: Body) -> Body:
    if budgets.has_budget(body):
        return {"bid_strategy": "LOWEST_COST_WITHOUT_CAP", "is_adset_budget_sharing_enabled": False, **body}
    return body


def _check_categories(sent: Body) -> None:
    categories = sent.get("special_ad_categories") or []
    if "CREDIT" in categories:
        raise invalid("special_ad_categories: CREDIT was retired, use FINANCIAL_PRODUCTS_SERVICES")
    if sent.get("smart_promotion_type") in RETIRED:
        raise invalid("Campaigns of this smart_promotion_type can no longer be created")


def update(call: Call) -> Body:
    """POST a campaign."""
    before = call.node
    sent = checked(call.edge, call.params)
    check_transition(before, sent)
    check_name(sent)
    _check_categories(sent)
    after = merged(before, {name: value for name, value in sent.items() if name not in MOVES})
    if "adset_budgets" in sent:
        return _to_adset_budgets(call, after, sent)
    if set(sent) & {*budgets.BUDGETS, "spend_cap", "bid_strategy", "is_adset_budget_sharing_enabled"}:
        _check_money(call.state, before, after)
    return updated(call, "campaign", after)


def _check_sharing(before: Body, after: Body) -> None:
    was, shares = (body.get("is_adset_budget_sharing_enabled") for body in (before, after))
    if shares and not was:
        raise refused(3858418, "Budget sharing cannot be turned on", "Set it when the campaign is made.")
    if shares and before.get("bid_strategy") != after.get("bid_strategy"):
        raise refused(4834006, "Bid strategy is locked", "Ad set budget sharing is on.")
    moved = before.get("bid_strategy") != after.get("bid_strategy")
    if moved and before.get("bid_strategy") == "LOWEST_COST_WITH_MIN_ROAS" and budgets.has_budget(before):
        raise invalid("A campaign budget with LOWEST_COST_WITH_MIN_ROAS keeps its bid strategy")


def _check_money(state: State, before: Body, after: Body) -> None:
    _check_sharing(before, after)
    budgets.check_campaign(after, state.account_of(after))
    budgets.not_below_spent(state, before, after)
    if not budgets.has_budget(after):
        return
    below = [adset for adset in state.children("campaign", after) if adset["status"] in ("ACTIVE", "PAUSED")]
    if any(budgets.has_budget(adset) for adset in below):
        text = "Ad sets of this campaign have budgets of their own."
        raise refused(1885621, "Can't set both ad set budget and campaign budget", text)
    active = [adset for adset in below if adset["status"] == "ACTIVE"]
    least = state.account_of(after)["min_daily_budget"] * len(active)
    if int(after.get("daily_budget") or least) < least:
        text = f"The campaign budget must be at least {least} for its {len(active)} active ad sets."
        raise refused(2238055, "Campaign budget is too low", text, blame="daily_budget")


def _to_adset_budgets(call: Call, after: Body, sent: Body) -> Body:
    """Move the budget from the campaign down to all its ad sets."""
    state = call.state
    wanted = {str(budget.get("adset_id")): budget for budget in sent["adset_budgets"]}
    below = [adset for adset in state.children("campaign", after) if adset["status"] != "DELETED"]
    if lacking := [adset["id"] for adset in below if adset["id"] not in wanted]:
        raise invalid(f"adset_budgets must name every ad set of the campaign; missing: {', '.join(lacking)}")
    if strange := sorted(wanted.keys() - {adset["id"] for adset in below}):
        raise invalid(f"adset_budgets names what is no ad set of this campaign: {', '.join(strange)}")
    campaign = {name: value for name, value in after.items() if name not in budgets.BUDGETS}
    changed = []
    for adset in below:
        values = {
            name: as_int(name, wanted[adset["id"]][name])
            for name in budgets.BUDGETS
            if name in wanted[adset["id"]]
        }
        changed.append(merged(adset, values))
        budgets.check_adset(state, changed[-1], campaign)
    with state.store.transaction():
        if not validates(call):
            for adset in changed:
                state.put("adset", adset)
        return updated(call, "campaign", campaign)


def delete_many(call: Call) -> Body:
    """DELETE the campaigns of an account: any of them, the oldest, or archived ones before a day."""
    sent = checked(call.edge, call.params)
    require(sent, "delete_strategy")
    rows = call.state.owned("campaign", "account_id", call.node["account_id"])
    rows = [row for row in rows if row["status"] != "DELETED"]
    if sent["delete_strategy"] == "DELETE_ARCHIVED_BEFORE":
        require(sent, "before_date")
        before = instant(sent["before_date"])
        rows = [row for row in rows if row["status"] == "ARCHIVED" and instant(row["created_time"]) < before]
    chosen = rows[: sent.get("object_count", len(rows))]
    for row in chosen:
        remove(call.to("DELETE campaign", "campaign", row, {}))
    left = len(rows) - len(chosen)
    return {"objects_left_to_delete_count": left, "deleted_object_ids": [row["id"] for row in chosen]}
