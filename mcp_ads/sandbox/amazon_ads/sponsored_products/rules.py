"""The rules of Sponsored Products that go beyond the schema, and what the platform adds to an object."""

from __future__ import annotations

from collections.abc import Iterator

from mcp_ads.sandbox.amazon_ads import money
from mcp_ads.sandbox.amazon_ads.automatic import AUTO_TYPES
from mcp_ads.sandbox.amazon_ads.calls import Body, Call
from mcp_ads.sandbox.amazon_ads.catalogue import known
from mcp_ads.sandbox.amazon_ads.errors import Problem
from mcp_ads.sandbox.amazon_ads.items import FIRST_ID, owned
from mcp_ads.sandbox.amazon_ads.market import limits, rounded, today
from mcp_ads.sandbox.amazon_ads.resources import Draft

REFINEMENTS = ("ASIN_PRICE_", "ASIN_REVIEW_RATING_", "ASIN_IS_PRIME_")
MOST_WORDS = {"NEGATIVE_PHRASE": 4}
MOST_OF_VENDORS = 116


def campaign_money(draft: Draft) -> Iterator[Problem]:
    if "budget" not in draft.item:
        return
    amount, at = draft.item["budget"]["budget"], "budget.budget"
    refused = list(money.budget(draft, amount, at))
    yield from refused
    if draft.old and not refused:
        owner = draft.old["campaignId"]
        groups = (group for group in owned(draft.call, "amazon.adGroups") if group["campaignId"] == owner)
        if any(group["defaultBid"] > amount for group in groups if group["state"] != "ARCHIVED"):
            text = "below the default bid of an ad group"
            yield draft.problem("budgetError", "BUDGET_LT_DEFAULT_BIDS", text, at, amount)
        bids = (word for word in owned(draft.call, "amazon.keywords") if word["campaignId"] == owner)
        if any((word.get("bid") or 0) > amount for word in bids if word["state"] != "ARCHIVED"):
            text = "below the bid of a keyword"
            yield draft.problem("budgetError", "BUDGET_LT_KEYWORD_BIDS", text, at, amount)


def name(draft: Draft) -> Iterator[Problem]:
    """Campaigns of vendors have shorter names than those of sellers."""
    text, vendor = draft.item.get("name", ""), draft.call.profile["accountInfo"]["type"] == "vendor"
    if vendor and len(text) > MOST_OF_VENDORS:
        most = f"must be at most {MOST_OF_VENDORS} characters"
        yield draft.problem("malformedValueError", "TOO_LONG", most, "name", text)


def bid(draft: Draft) -> Iterator[Problem]:
    name = "defaultBid" if draft.resource.key == "adGroups" else "bid"
    amount, (low, high) = draft.item.get(name), limits(draft.call.profile, "bid")
    if amount is None:
        return
    campaign = draft.parent("campaignId")
    if not low <= amount <= high:
        text = f"must be {low:g} to {high:g}"
        yield draft.problem("biddingError", "BID_OUT_OF_MARKET_PLACE_RANGE", text, name, amount)
    elif campaign and amount > campaign["budget"]["budget"]:
        text = "above the campaign's daily budget"
        yield draft.problem("biddingError", "BID_GT_BUDGET", text, name, amount)


def immutable(draft: Draft) -> Iterator[Problem]:
    for name in ("targetingType", "expression", "expressionType"):
        if draft.old and name in draft.item and draft.item[name] != draft.old.get(name):
            yield draft.problem("otherError", "OTHER_ERROR", f"{name} cannot be changed", name)


def words(draft: Draft) -> Iterator[Problem]:
    text = draft.item.get("keywordText", "")
    most = MOST_WORDS.get(draft.new.get("matchType", ""), 10)
    if len(text.split()) > most:
        yield draft.problem("malformedValueError", "TOO_LONG", f"at most {most} words", "keywordText", text)


def targeting(draft: Draft) -> Iterator[Problem]:
    if draft.old:
        return
    keyword = draft.resource.key == "keywords"
    yield from () if keyword else _expression(draft)
    campaign = draft.parent("campaignId") or {}
    kind = "targetingClauseSetupError"
    if campaign.get("targetingType") == "AUTO":
        reason = "TARGETING_TYPE_NOT_ALLOWED_FOR_AUTO_TARGETING_CAMPAIGN"
        yield draft.problem(
            kind, reason, "the campaign targets by itself", "adGroupId", draft.item["adGroupId"]
        )
    others = owned(draft.call, "amazon.targetingClauses" if keyword else "amazon.keywords")
    mine = (other for other in others if other["adGroupId"] == draft.item["adGroupId"])
    if campaign.get("targetingType") == "MANUAL" and any(other["state"] != "ARCHIVED" for other in mine):
        text = "an ad group holds keywords or product targets, not both"
        yield draft.problem(kind, "TYPE_CONFLICT_IN_AD_GROUP", text, "adGroupId", draft.item["adGroupId"])


def _expression(draft: Draft) -> Iterator[Problem]:
    kind, types = "targetingClauseSetupError", [predicate["type"] for predicate in draft.item["expression"]]
    if draft.item["expressionType"] == "AUTO" or set(types) & set(AUTO_TYPES):
        reason = "AUTO_TARGETING_CLAUSE_CANNOT_BE_CREATED_MANUALLY"
        yield draft.problem(kind, reason, "these come with the ad group", "expression", types[0])
    elif all(kind.startswith(REFINEMENTS) for kind in types):
        text = "a refinement needs a category or a brand beside it"
        yield draft.problem(kind, "TARGETING_EXPRESSION_INVALID_VALUE", text, "expression", types[0])


def product(draft: Draft) -> Iterator[Problem]:
    if draft.old:
        return
    name = "asin" if draft.call.profile["accountInfo"]["type"] == "vendor" else "sku"
    if name not in draft.item:
        yield draft.problem("missingValueError", "MISSING_VALUE", f"{name} is required", name)
    elif known(draft.call.profile, name, draft.item[name]) is None:
        reason = f"INVALID_{name.upper()}"
        yield draft.problem("productIdentifierError", reason, "not of this account", name, draft.item[name])


def auto_stays(draft: Draft) -> Iterator[Problem]:
    """An automatic target is not archived by itself."""
    if draft.old and draft.old.get("expressionType") == "AUTO":
        reason = "AUTO_TARGETING_CLAUSE_CANNOT_BE_ARCHIVED_MANUALLY"
        text = "automatic targets end with their ad group"
        yield draft.problem("entityStateError", reason, text, trigger=draft.old["targetId"])


def product_ad(draft: Draft) -> Body:
    """A product ad knows its ASIN whichever way the product was named."""
    if draft.old:
        return draft.new
    named = (known(draft.call.profile, name, draft.item.get(name)) for name in ("sku", "asin"))
    found = next((product for product in named if product), {})
    return {**draft.new, "asin": found.get("asin")}


def rounded_bid(draft: Draft) -> Body:
    """Bids have the decimals of the currency."""
    new, currency = draft.new, draft.call.profile["currencyCode"]
    bids = {name: rounded(new[name], currency) for name in ("bid", "defaultBid") if new.get(name) is not None}
    return {**new, **bids}


def campaign(draft: Draft) -> Body:
    """A campaign begins today and lowers bids, unless it says otherwise."""
    new, currency = draft.new, draft.call.profile["currencyCode"]
    bidding = {"strategy": "LEGACY_FOR_SALES", "placementBidding": [], **new.get("dynamicBidding", {})}
    budget = {**new["budget"], "budget": rounded(new["budget"]["budget"], currency)}
    start = new.get("startDate") or today(draft.call.profile).isoformat()
    return {**new, "dynamicBidding": bidding, "budget": budget, "startDate": start}


def ad_group(draft: Draft) -> Body:
    """An ad group knows how its campaign targets."""
    new, parent = rounded_bid(draft), draft.parent("campaignId") or {}
    return new if draft.old else {**new, "_targetingType": parent["targetingType"]}


def with_auto_targets(call: Call, group: Body) -> None:
    """An automatic campaign's ad group is born with four targets."""
    for kind in AUTO_TYPES if group["_targetingType"] == "AUTO" else ():
        new = call.store.new_id("amazon.id", FIRST_ID)
        call.store.put("amazon.targetingClauses", new, auto_target(new, group, kind))


def auto_target(id: str, group: Body, kind: str) -> Body:
    """One of the four targets that an automatic campaign's ad group is born with."""
    kept = ("campaignId", "adGroupId", "_profile", "_created", "_updated")
    expression = {"expression": [{"type": kind}], "resolvedExpression": [{"type": kind}]}
    more = {"expressionType": "AUTO", "state": "ENABLED", "bid": group["defaultBid"]}
    own = {"targetId": id, "_noun": "TARGETING_CLAUSE", **{key: group[key] for key in kept}}
    return {**own, **expression, **more}
