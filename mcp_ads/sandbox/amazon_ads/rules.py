"""The rules of Sponsored Products and portfolios that go beyond the schema."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from .calls import Body, Call
from .catalogue import by_asin, by_sku
from .errors import Problem
from .lists import owned
from .market import limits, rounded, today
from .resources import Resource
from .sp_table import AUTO_TYPES, RESOURCES

BY_KEY = {each.key: each for each in RESOURCES}
REFINEMENTS = ("ASIN_PRICE_", "ASIN_REVIEW_RATING_", "ASIN_IS_PRIME_")
MOST_WORDS = {"NEGATIVE_PHRASE": 4}


@dataclass(frozen=True)
class Draft:
    """An item as sent, and the object it is to change (None: it is to be created)."""

    call: Call
    resource: Resource
    at: str
    item: Body
    old: Body | None

    @property
    def new(self) -> Body:
        return {**(self.old or {}), **self.item}

    def parent(self, key: str, id_name: str) -> Body | None:
        found = self.call.store.get(f"amazon.{key}", self.new.get(id_name) or "")
        return found if found and found["_profile"] == self.call.profile_id else None

    def problem(self, kind: str, reason: str, text: str, field: str, trigger: Any = None) -> Problem:
        return Problem(kind, reason, text, f"{self.at}.{field}", trigger)


Rule = Callable[[Draft], Iterator[Problem]]


def check(draft: Draft) -> Iterator[Problem]:
    """Every rule the item breaks; below an unfit parent no other is looked at."""
    if draft.old and draft.old["state"] == "ARCHIVED":
        reason = "ARCHIVED_ENTITY_CANNOT_BE_MODIFIED"
        yield draft.problem("entityStateError", reason, "archived for good", draft.resource.id)
        return
    found = list(_parents(draft))
    for rule in () if found else RULES.get(draft.resource.key, ()):
        found += rule(draft)
    yield from found or _unique(draft)


def _parents(draft: Draft) -> Iterator[Problem]:
    for key, name in (("campaigns", "campaignId"), ("adGroups", "adGroupId"), ("portfolios", "portfolioId")):
        if draft.item.get(name) is None or name not in draft.resource.fields:
            continue
        found = draft.parent(key, name)
        if found is None or (key == "adGroups" and found["campaignId"] != draft.new["campaignId"]):
            yield draft.problem(
                "parentEntityError", "PARENT_ENTITY_NOT_FOUND", f"no such {name}", name, draft.item[name]
            )
        elif found["state"] == "ARCHIVED":
            yield draft.problem(
                "parentEntityError",
                "PARENT_ENTITY_ARCHIVED",
                "the parent is archived",
                name,
                draft.item[name],
            )


def _unique(draft: Draft) -> Iterator[Problem]:
    vendor = draft.call.profile["accountInfo"]["type"] == "vendor"
    touched = draft.old is None or any(name in draft.item for name in draft.resource.unique)
    if not touched or (vendor and draft.resource.key == "campaigns"):
        return
    new = _identified(draft)
    wanted = [_plain(new.get(name)) for name in draft.resource.unique]
    for each in owned(draft.call, draft.resource):
        same = each[draft.resource.id] == new.get(draft.resource.id) or each["state"] == "ARCHIVED"
        if not same and [_plain(each.get(name)) for name in draft.resource.unique] == wanted:
            name = draft.resource.unique[-1]
            reason = "NAME_NOT_UNIQUE" if name == "name" else "DUPLICATE_VALUE"
            yield draft.problem(
                "duplicateValueError", reason, "there is one like it already", name, new.get(name)
            )
            return


def _plain(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _campaign_money(draft: Draft) -> Iterator[Problem]:
    if "budget" not in draft.item:
        return
    amount, (low, high) = draft.item["budget"]["budget"], limits(draft.call.profile, "budget")
    at = "budget.budget"
    if amount < low:
        yield draft.problem("budgetError", "BUDGET_TOO_LOW", f"must be at least {low:g}", at, amount)
    elif amount > high:
        yield draft.problem("budgetError", "BUDGET_TOO_HIGH", f"must be at most {high:g}", at, amount)
    elif draft.old:
        owner = draft.old["campaignId"]
        groups = (each for each in owned(draft.call, BY_KEY["adGroups"]) if each["campaignId"] == owner)
        if any(each["defaultBid"] > amount for each in groups if each["state"] != "ARCHIVED"):
            text = "below the default bid of an ad group"
            yield draft.problem("budgetError", "BUDGET_LT_DEFAULT_BIDS", text, at, amount)


def _bid(draft: Draft) -> Iterator[Problem]:
    name = "defaultBid" if draft.resource.key == "adGroups" else "bid"
    amount, (low, high) = draft.item.get(name), limits(draft.call.profile, "bid")
    if amount is None:
        return
    campaign = draft.parent("campaigns", "campaignId")
    if not low <= amount <= high:
        text = f"must be {low:g} to {high:g}"
        yield draft.problem("biddingError", "BID_OUT_OF_MARKET_PLACE_RANGE", text, name, amount)
    elif campaign and amount > campaign["budget"]["budget"]:
        text = "above the campaign's daily budget"
        yield draft.problem("biddingError", "BID_GT_BUDGET", text, name, amount)


def _dates(draft: Draft) -> Iterator[Problem]:
    days: dict[str, date] = {}
    for name in ("startDate", "endDate"):
        try:
            if draft.new.get(name):
                days[name] = date.fromisoformat(draft.new[name])
        except ValueError:
            yield draft.problem("dateError", "INVALID_DATE", "must be YYYY-MM-DD", name, draft.new[name])
            return
    now, start, end = today(draft.call.profile), days.get("startDate"), days.get("endDate")
    if draft.old and "endDate" not in draft.item and end and end < now:
        reason = "UPDATING_ENDED_CAMPAIGN_WITHOUT_EXTENSION"
        yield draft.problem("dateError", reason, "the campaign has ended", "endDate", end)
    if start and "startDate" in draft.item:
        yield from _start(draft, start, now)
    if end and "endDate" in draft.item and end < now:
        yield draft.problem("dateError", "END_DATE_EARLIER_THAN_TODAY", "is in the past", "endDate", end)
    elif end and start and end < start:
        yield draft.problem(
            "dateError", "START_DATE_AFTER_END_DATE", "ends before it starts", "startDate", start
        )


def _start(draft: Draft, start: date, now: date) -> Iterator[Problem]:
    if draft.old and draft.old["startDate"] <= now.isoformat():
        if draft.item["startDate"] != draft.old["startDate"]:
            text = "the campaign has started"
            yield draft.problem("dateError", "UPDATING_READ_ONLY_START_DATE", text, "startDate", start)
    elif start < now:
        yield draft.problem(
            "dateError", "START_DATE_EARLIER_THAN_TODAY", "is in the past", "startDate", start
        )


def _immutable(draft: Draft) -> Iterator[Problem]:
    for name in ("targetingType", "expression", "expressionType"):
        if draft.old and name in draft.item and draft.item[name] != draft.old.get(name):
            yield draft.problem("otherError", "OTHER_ERROR", f"{name} cannot be changed", name)


def _words(draft: Draft) -> Iterator[Problem]:
    text = draft.item.get("keywordText", "")
    most = MOST_WORDS.get(draft.new.get("matchType", ""), 10)
    if len(text.split()) > most:
        yield draft.problem("malformedValueError", "TOO_LONG", f"at most {most} words", "keywordText", text)


def _targeting(draft: Draft) -> Iterator[Problem]:
    if draft.old:
        return
    keyword = draft.resource.key == "keywords"
    yield from () if keyword else _expression(draft)
    campaign = draft.parent("campaigns", "campaignId") or {}
    kind = "targetingClauseSetupError"
    if campaign.get("targetingType") == "AUTO":
        reason = "TARGETING_TYPE_NOT_ALLOWED_FOR_AUTO_TARGETING_CAMPAIGN"
        yield draft.problem(
            kind, reason, "the campaign targets by itself", "adGroupId", draft.item["adGroupId"]
        )
    others = owned(draft.call, BY_KEY["targetingClauses" if keyword else "keywords"])
    mine = (each for each in others if each["adGroupId"] == draft.item["adGroupId"])
    if campaign.get("targetingType") == "MANUAL" and any(each["state"] != "ARCHIVED" for each in mine):
        text = "an ad group holds keywords or product targets, not both"
        yield draft.problem(kind, "TYPE_CONFLICT_IN_AD_GROUP", text, "adGroupId", draft.item["adGroupId"])


def _expression(draft: Draft) -> Iterator[Problem]:
    kind, types = "targetingClauseSetupError", [each["type"] for each in draft.item["expression"]]
    if draft.item["expressionType"] == "AUTO" or set(types) & set(AUTO_TYPES):
        reason = "AUTO_TARGETING_CLAUSE_CANNOT_BE_CREATED_MANUALLY"
        yield draft.problem(kind, reason, "these come with the ad group", "expression", types[0])
    elif all(each.startswith(REFINEMENTS) for each in types):
        text = "a refinement needs a category or a brand beside it"
        yield draft.problem(kind, "TARGETING_EXPRESSION_INVALID_VALUE", text, "expression", types[0])


def _product(draft: Draft) -> Iterator[Problem]:
    if draft.old:
        return
    vendor = draft.call.profile["accountInfo"]["type"] == "vendor"
    name, known = ("asin", by_asin) if vendor else ("sku", by_sku)
    if name not in draft.item:
        yield draft.problem("missingValueError", "MISSING_VALUE", f"{name} is required", name)
    elif known(draft.item[name]) is None:
        reason = f"INVALID_{name.upper()}"
        yield draft.problem("productIdentifierError", reason, "not of this account", name, draft.item[name])


def _identified(draft: Draft) -> Body:
    """A product ad knows its ASIN whichever way the product was named."""
    if draft.resource.key != "productAds" or draft.old:
        return draft.new
    found = by_sku(draft.item.get("sku", "")) or by_asin(draft.item.get("asin", "")) or {}
    return {**draft.new, "asin": found.get("asin")}


def _portfolio_budget(draft: Draft) -> Iterator[Problem]:
    budget, own = draft.item.get("budget") or {}, draft.call.profile["currencyCode"]
    if budget.get("currencyCode", own) != own:
        reason = "BUDGET_CURRENCY_DOES_NOT_MATCH_MARKETPLACE_SETTINGS"
        yield draft.problem(
            "budgetError", reason, f"must be {own}", "budget.currencyCode", budget["currencyCode"]
        )
    if budget.get("policy", "NO_CAP") != "NO_CAP" and budget.get("amount") is None:
        yield draft.problem("missingValueError", "MISSING_VALUE", "amount is required", "budget.amount")


RULES: dict[str, tuple[Rule, ...]] = {
    "campaigns": (_campaign_money, _dates, _immutable),
    "adGroups": (_bid,),
    "productAds": (_product,),
    "keywords": (_words, _targeting, _bid),
    "targetingClauses": (_targeting, _immutable, _bid),
    "negativeKeywords": (_words,),
    "negativeTargetingClauses": (_immutable,),
    "campaignNegativeKeywords": (_words,),
    "campaignNegativeTargetingClauses": (_immutable,),
    "portfolios": (_portfolio_budget,),
}


def completed(draft: Draft) -> Body:
    """The object to keep: what was sent, rounded to the currency, with the platform's own defaults."""
    new, currency = _identified(draft), draft.call.profile["currencyCode"]
    for name in ("bid", "defaultBid"):
        if new.get(name) is not None:
            new[name] = rounded(new[name], currency)
    if draft.resource.key == "campaigns":
        bidding = {"strategy": "LEGACY_FOR_SALES", "placementBidding": [], **new.get("dynamicBidding", {})}
        budget = {**new["budget"], "budget": rounded(new["budget"]["budget"], currency)}
        start = new.get("startDate") or today(draft.call.profile).isoformat()
        return {**new, "dynamicBidding": bidding, "budget": budget, "startDate": start}
    if draft.resource.key == "adGroups" and not draft.old:
        campaign = draft.parent("campaigns", "campaignId") or {}
        return {**new, "_targetingType": campaign["targetingType"]}
    return new
