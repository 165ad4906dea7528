"""The rules of Sponsored Brands campaigns and ad groups beyond the schema, and what is added to them."""

from __future__ import annotations

from collections.abc import Iterator

from mcp_ads.sandbox.amazon_ads.calls import Body, Call
from mcp_ads.sandbox.amazon_ads.errors import Problem
from mcp_ads.sandbox.amazon_ads.items import FIRST_ID
from mcp_ads.sandbox.amazon_ads.market import rounded, table, today
from mcp_ads.sandbox.amazon_ads.resources import Draft
from mcp_ads.sandbox.amazon_ads.stores.brands import entity_of

from .themes import THEMES, TYPES

COST_OF = {"PAGE_VISIT": "CPC", "BRAND_IMPRESSION_SHARE": "VCPM"}


def budget(draft: Draft) -> Iterator[Problem]:
    """What the marketplace takes for a day, or for the whole run."""
    if (amount := draft.item.get("budget")) is None:
        return
    country, kind = draft.call.profile["countryCode"], draft.new["budgetType"]
    low, high = table("sponsored_brands/limits")[country][kind]
    if amount < low:
        yield draft.problem("budgetError", "BUDGET_TOO_LOW", f"must be at least {low:g}", "budget", amount)
    elif amount > high:
        yield draft.problem("budgetError", "BUDGET_TOO_HIGH", f"must be at most {high:g}", "budget", amount)


def run(draft: Draft) -> Iterator[Problem]:
    """A lifetime budget has both days, and an end has a start."""
    new, lifetime = draft.new, draft.new["budgetType"] == "LIFETIME"
    for name in ("startDate", "endDate"):
        needed = lifetime or (name == "startDate" and new.get("endDate"))
        if needed and not new.get(name):
            yield draft.problem("dateError", "MISSING_VALUE", f"{name} is required", name)


def goal(draft: Draft) -> Iterator[Problem]:
    """A goal and its cost type come together, and only certain pairs of them."""
    item = draft.item
    if ("goal" in item) != ("costType" in item):
        yield draft.problem("otherError", "INVALID_ARGUMENT", "goal and costType go together", "goal")
    elif "goal" in item and COST_OF.get(item["goal"]) != item["costType"]:
        text = "Invalid goal type specified."
        yield draft.problem("otherError", "CAMPAIGN_GOAL_TYPE_INVALID", text, "goal", item["goal"])
    if len(chosen := item.get("smartDefault", ())) > 1 and "MANUAL" in chosen:
        yield draft.problem("otherError", "INVALID_ARGUMENT", "MANUAL stands alone", "smartDefault")


def brand(draft: Draft) -> Iterator[Problem]:
    """Sellers name the brand, which is theirs."""
    named, profile = draft.item.get("brandEntityId"), draft.call.profile
    if draft.old or (named is None and profile["accountInfo"]["type"] != "seller"):
        return
    if named is None:
        text = "brandEntityId is required for sellers"
        yield draft.problem("otherError", "MISSING_VALUE", text, "brandEntityId")
    elif named != entity_of(profile):
        text = "no brand of this advertiser"
        yield draft.problem("otherError", "ENTITY_NOT_FOUND", text, "brandEntityId", named)


def bidding(draft: Draft) -> Iterator[Problem]:
    """Bids are adjusted by placement where Amazon does not do so itself, each placement once."""
    asked = draft.item.get("bidding", {})
    rows = asked.get("bidAdjustmentsByPlacement") or []
    at, kind = "bidding.bidAdjustmentsByPlacement", "biddingError"
    if rows and asked.get("bidOptimization") is not False:
        yield draft.problem(kind, "INVALID_ARGUMENT", "only with bidOptimization false", at)
    if len({row["placement"] for row in rows}) < len(rows):
        yield draft.problem(kind, "BID_INVALID_PLACEMENT", "a placement is there twice", at)


def legacy(draft: Draft) -> Iterator[Problem]:
    """Campaigns of the time before have the one ad group they were made with."""
    campaign = draft.parent("campaignId") or {}
    if draft.old is None and campaign.get("isMultiAdGroupsEnabled") is False:
        reason, text = "PARENT_ENTITY_FORBIDS_CREATION", "the campaign does not support multiple ad groups"
        yield draft.problem("otherError", reason, text, "campaignId", draft.item["campaignId"])


def campaign(draft: Draft) -> Body:
    """A campaign begins today, is for visits, and pays for clicks, unless it says otherwise."""
    new, currency = dict(draft.new), draft.call.profile["currencyCode"]
    usual: Body = {
        "startDate": today(draft.call.profile).isoformat(),
        "smartDefault": ["TARGETING" if "goal" in new else "MANUAL"],
        "goal": "PAGE_VISIT",
        "costType": "CPC",
        "bidding": {"bidOptimization": True},
        "isMultiAdGroupsEnabled": True,
        "_live": False,
    }
    if new.get("bidding", {}).get("bidOptimization") is True:
        new["bidding"] = {name: value for name, value in new["bidding"].items() if "Placement" not in name}
    return {**usual, **new, "budget": rounded(new["budget"], currency)}


def with_themes(call: Call, group: Body) -> None:
    """An ad group is born with both themes where its campaign leaves targeting to the platform."""
    campaign = call.store.get("amazon.sb.campaigns", group["campaignId"]) or {}
    kept = {name: group[name] for name in ("campaignId", "adGroupId", "_profile", "_created", "_updated")}
    bid = 100.0 if call.profile["currencyCode"] == "JPY" else 1.0
    for kind in TYPES if "TARGETING" in campaign["smartDefault"] else ():
        new = call.store.new_id("amazon.id", FIRST_ID)
        own = {"themeId": new, "_noun": "BRANDS_THEME", "themeType": kind, "state": "ENABLED", "bid": bid}
        call.store.put(THEMES.kind, new, {**own, **kept})
