"""The rules of Sponsored TV that go beyond the schema, its words for mistakes, and what it adds to an object.

Reasons are those of the error types in SponsoredTV.json; what has none there is an OTHER_ERROR.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from mcp_ads.sandbox.amazon_ads import money
from mcp_ads.sandbox.amazon_ads.calls import Body, Call
from mcp_ads.sandbox.amazon_ads.catalogue import by_asin, by_sku
from mcp_ads.sandbox.amazon_ads.errors import Problem
from mcp_ads.sandbox.amazon_ads.items import owned
from mcp_ads.sandbox.amazon_ads.market import today
from mcp_ads.sandbox.amazon_ads.resources import Draft
from mcp_ads.sandbox.amazon_ads.schedule import NAMES, fit

KINDS = ("biddingError", "billingError", "budgetError", "dateError", "otherError", "rangeError")
RANGES = {"TOO_LONG": "TOO_HIGH", "TOO_SHORT": "TOO_LOW"}
DATES = ("END_DATE_EARLIER_THAN_TODAY", "START_DATE_AFTER_END_DATE", "START_DATE_EARLIER_THAN_TODAY",
         "UPDATING_READ_ONLY_START_DATE")  # fmt: skip
AMOUNT = "budgetSettings.budget.budgetValue.amount"
GENRE, CATEGORY = "CONTENT_CATEGORY_SIMILAR_TO", "ASIN_CATEGORY_SIMILAR_TO"
PREFIX = "amzn1.iab-content."
GENRES = frozenset({
    "325", "641", "44", "646", "332", "647", "648", "645", "335", "EZWB7V", "649", "336", "TIFQA5",
    "650", "156", "331", "1020", "651", "326", "652", "642", "643", "483", "A0AH3G", "KHPC5A", "680",
    "KHPC6A", "51",
})  # fmt: skip


def spelt(problem: Problem) -> Body:
    """A mistake in Sponsored TV's words: BUDGET_ERROR, with its value under budgetError."""
    kind, reason = problem.kind, problem.reason
    if kind == "malformedValueError" and reason in RANGES:
        kind, reason = "rangeError", RANGES[reason]
    elif kind not in KINDS:
        kind, reason = "otherError", "OTHER_ERROR"
    body = Problem(kind, reason, problem.message, problem.location, problem.trigger).body()
    return {**body, "errorType": re.sub("(?=[A-Z])", "_", kind).upper()}


def value_of(campaign: Body) -> Body:
    """What a campaign may spend a day, and in which currency."""
    found: Body = campaign["budgetSettings"]["budget"]["budgetValue"]
    return found


def budget(draft: Draft) -> Iterator[Problem]:
    if "budgetSettings" not in draft.item:
        return
    value, currency = value_of(draft.item), draft.call.profile["currencyCode"]
    if value.get("amount") is None:
        yield draft.problem("otherError", "OTHER_ERROR", "amount is required", AMOUNT)
        return
    if value.get("budgetCurrencyCode", currency) != currency:
        reason = "BUDGET_CURRENCY_DOES_NOT_MATCH_MARKETPLACE_SETTINGS"
        yield draft.problem("budgetError", reason, f"the currency is {currency}", AMOUNT)
    yield from money.budget(draft, value["amount"], AMOUNT)
    groups = (row for row in owned(draft.call, "amazon.st.adGroups") if row["state"] != "ARCHIVED")
    own = [row for row in groups if draft.old and row["campaignId"] == draft.old["campaignId"]]
    if any(row.get("defaultBid", {}).get("bid", 0) > value["amount"] for row in own):
        text = "below the default bid of an ad group"
        yield draft.problem("budgetError", "BUDGET_LT_DEFAULT_BIDS", text, AMOUNT, value["amount"])


def dates(draft: Draft) -> Iterator[Problem]:
    """Days of the profile's zone, in moments; an end needs a begin beside it."""
    days: dict[str, date] = {}
    for name in NAMES:
        try:
            if draft.new.get(name):
                days[name] = _day(draft.call, draft.new[name])
        except ValueError:
            text = "must be a date-time of ISO 8601"
            yield draft.problem("dateError", "INVALID_DATE", text, name, draft.new[name])
            return
    if "endDate" in draft.item and "startDate" not in draft.item:
        yield draft.problem("dateError", "OTHER", "startDate must be specified as well", "endDate")
    before = _day(draft.call, draft.old["startDate"]) if draft.old else None
    found = fit(draft, days.get("startDate"), days.get("endDate"), before)
    yield from (problem for problem in found if problem.reason in DATES)


def _day(call: Call, text: str) -> date:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found.astimezone(ZoneInfo(call.profile["timezone"])).date()


def campaign(draft: Draft) -> Body:
    """A campaign is MANUAL, paid by the thousand and begins today, unless it says otherwise."""
    profile = draft.call.profile
    midnight = datetime.combine(today(profile), time(), ZoneInfo(profile["timezone"]))
    begin = midnight.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    new = {"costType": "CPM", "targetingType": "MANUAL", "startDate": begin, **draft.new}
    value = {"budgetCurrencyCode": profile["currencyCode"], **value_of(new)}
    whole = {"recurrenceType": "DAILY", **new["budgetSettings"]["budget"], "budgetValue": value}
    return {**new, "budgetSettings": {"budget": whole}}


def bid(draft: Draft) -> Iterator[Problem]:
    amount = (draft.item.get("defaultBid") or {}).get("bid")
    if amount is None:
        return
    at, most = "defaultBid.bid", value_of(draft.parent("campaignId") or {"budgetSettings": WITHOUT})["amount"]
    if amount <= 0:
        reason = "BID_OUT_OF_MARKET_PLACE_RANGE"
        yield draft.problem("biddingError", reason, "must be above 0", at, amount)
    elif amount > most:
        text = "above the campaign's daily budget"
        yield draft.problem("biddingError", "BID_GT_BUDGET", text, at, amount)


WITHOUT: Body = {"budget": {"budgetValue": {"amount": float("inf")}}}
"""The budget of what has no campaign."""


def inside(draft: Draft) -> Body:
    """What is in an ad group is in its campaign too."""
    group = draft.parent("adGroupId") or {}
    return {**draft.new, "campaignId": group.get("campaignId", draft.new.get("campaignId"))}


def landing(draft: Draft) -> Iterator[Problem]:
    """Sellers land on a sku, vendors on an ASIN of theirs, everybody on an address."""
    kind, value = draft.item.get("landingPageType"), draft.item.get("landingPageValue")
    if draft.old or not (kind or value):
        return
    vendor = draft.call.profile["accountInfo"]["type"] == "vendor"
    known = {"SKU_DP": by_sku, "ASIN_DP": by_asin}.get(str(kind))
    own = kind == ("ASIN_DP" if vendor else "SKU_DP") and known and known(str(value))
    linked = known is None and str(value).startswith("https://")
    if not own and not linked:
        text = "no landing page of this account"
        yield draft.problem("otherError", "OTHER_ERROR", text, "landingPageValue", value)


def expression(draft: Draft) -> Iterator[Problem]:
    """One predicate: a kind of content Amazon lists, or a category by its number."""
    for part in draft.item.get("expression") or ():
        kind, value = part["type"], part["value"]
        genre = kind == GENRE and value.removeprefix(PREFIX) in GENRES
        other = (kind == CATEGORY and value.isdecimal()) or kind.startswith("AUDIENCE_SAME_AS_")
        if not genre and not other:
            text = "no target of Sponsored TV"
            yield draft.problem("rangeError", "NOT_IN_LIST", text, "expression[0].value", value)


def clause(draft: Draft) -> Body:
    """A bid is taken and forgotten: the ad group's counts."""
    new = inside(draft)
    return {name: value for name, value in new.items() if name != "bid"}


def creative(draft: Draft) -> Body:
    """A new video is reviewed, and so is one in the place of another. It has no state that anybody sees."""
    return {**inside(draft), "moderationStatus": "PENDING_REVIEW", "state": "ENABLED"}
