"""Portfolios, campaigns and what is below them, of the world, as Amazon's API answers with them."""

from __future__ import annotations

from itertools import pairwise

from mcp_ads.sandbox.agency import campaigns as world
from mcp_ads.sandbox.agency.campaigns import Ad, Campaign, Group
from mcp_ads.sandbox.agency.clients import Account
from mcp_ads.sandbox.agency.figures import KEPT_DAYS
from mcp_ads.sandbox.agency.ids import Place
from mcp_ads.sandbox.agency.series import name_of
from mcp_ads.sandbox.amazon_ads.automatic import AUTO_TYPES
from mcp_ads.sandbox.amazon_ads.calls import Body
from mcp_ads.sandbox.amazon_ads.market import major
from mcp_ads.sandbox.numbers import choice, noise

from .spelling import day, id_of, moment, product_of

STATE = {
    world.LIVE: "ENABLED",
    world.PLANNED: "ENABLED",
    world.ENDED: "ENABLED",
    world.STOPPED: "PAUSED",
    world.ARCHIVED: "ARCHIVED",
    world.REJECTED: "ENABLED",
}
SUSPENDED = "AD_POLICING_SUSPENDED"
"""How an ad serves that the review declined."""
EVERY = 8
"""One campaign of so many targets by itself."""


def portfolio(account: Account, series: int, began: int) -> Body:
    """One of the dozen things that campaigns are in; its number in ids begins at 1."""
    return {
        "portfolioId": id_of("portfolios", Place(account.number, series + 1)),
        "name": name_of(account, series),
        "state": "ENABLED",
        "budget": {"policy": "NO_CAP"},
        "inBudget": True,
        "budgetControls": {"campaignUnspentBudgetSharing": {"featureState": "DISABLED"}},
        **_notes(account, "PORTFOLIO", began - account.created, began - account.created),
        "_n": series + 1,
    }


def campaign(one: Campaign, began: int) -> Body:
    """`_until` is the last day it delivered before the world began, `_changed` since when it is not on."""
    account = one.account
    created = min(one.start, began) - 1
    body: Body = {
        "campaignId": id_of("campaigns", Place(account.number, one.number)),
        "name": one.name,
        "state": STATE[one.state],
        "targetingType": "AUTO" if _is_auto(one) else "MANUAL",
        "budget": {"budget": major(one.budget, account.currency), "budgetType": "DAILY"},
        "startDate": day(one.start),
        "dynamicBidding": {"strategy": "LEGACY_FOR_SALES", "placementBidding": []},
        "portfolioId": id_of("portfolios", Place(account.number, one.series + 1)),
        **_notes(account, "CAMPAIGN", created, max(one.end + 1 if one.end else 0, one.cut, created)),
        "_live": not one.end or one.end >= began - KEPT_DAYS,
        "_spend": 0,
        "_n": one.number,
    }
    if one.state == world.ENDED:
        return body | {"endDate": day(one.end)}
    return body | (_over(one.end) if one.end else {})


def group(one: Group, bid: float, began: int) -> Body:
    """An ad group with the bid of its first ad."""
    above, account = one.campaign, one.campaign.account
    place = Place(account.number, above.number, one.place)
    paused = one.state == world.STOPPED
    created = min(above.start, began) - 1
    return {
        "adGroupId": id_of("adGroups", place),
        "campaignId": id_of("campaigns", Place(*place[:2])),
        "name": one.name,
        "state": "ARCHIVED" if above.state == world.ARCHIVED else STATE[one.state],
        "defaultBid": _bid(account, bid),
        **_notes(account, "AD_GROUP", created, one.end + 1 if paused else created),
        **(_over(one.end) if paused or above.state == world.ARCHIVED else {}),
        "_targetingType": "AUTO" if _is_auto(above) else "MANUAL",
        "_live": True,
        "_n": above.number * 10 + one.place,
    }


def product_ad(one: Ad, began: int) -> Body:
    """`_began` is the day the world did: what the ad delivers follows from the model."""
    above, account, place = one.campaign, one.campaign.account, Place(*one.key)
    good = product_of(account, above.goods, place.ad)
    created = min(above.start, began) - 1
    body: Body = {
        "adId": id_of("productAds", place),
        **_parents(place),
        "asin": good["asin"],
        "sku": good["sku"],
        "state": "ARCHIVED" if above.state == world.ARCHIVED else STATE[one.state],
        **_notes(account, "PRODUCT_AD", created, created),
        "_title": good["title"],
        "_live": bool(one.share),
        "_began": began,
        "_n": place.campaign * 100 + place.group * 10 + place.ad,
    }
    if one.state == world.REJECTED:
        body |= {"_review": SUSPENDED} | ({"_until": day(one.end)} if one.end else {})
    return body | (_over(above.end) if above.state == world.ARCHIVED else {})


def targets(one: Group, bid: float, began: int, key: str) -> list[Body]:
    """The keywords of an ad group, or the targets of an automatic one; `_share` is of what its ads do."""
    above, account = one.campaign, one.campaign.account
    if _is_auto(above) != (key == "targetingClauses"):
        return []
    words = _words(one)
    whats = (
        [_auto(kind) for kind in AUTO_TYPES] if _is_auto(above) else [_keyword(one, word) for word in words]
    )
    created = min(above.start, began) - 1
    found = []
    for number, (what, share) in enumerate(zip(whats, _shares(one, len(whats)), strict=True), 1):
        place = Place(account.number, above.number, one.place, number)
        found.append({
            "targetId" if _is_auto(above) else "keywordId": id_of(key, place),
            **_parents(place),
            **what,
            "state": "ARCHIVED" if above.state == world.ARCHIVED else "ENABLED",
            "bid": _bid(account, bid * (1.1 - 0.1 * number)),
            **_notes(account, "TARGETING_CLAUSE" if _is_auto(above) else "KEYWORD", created, created),
            **(_over(above.end) if above.state == world.ARCHIVED else {}),
            "_share": share,
            "_live": True,
            "_n": place.campaign * 100 + place.group * 10 + place.ad,
        })  # fmt: skip
    return found


def _is_auto(one: Campaign) -> bool:
    return one.number % EVERY == 0


def _words(one: Group) -> list[str]:
    word, brand = one.campaign.goods.replace("-", " "), one.campaign.account.client.brand.lower()
    return [word, f"{brand} {word}", f"best {word}"][: 2 + one.place % 2]


def _keyword(one: Group, word: str) -> Body:
    key = (one.campaign.account.number, one.campaign.number, one.place, "match")
    return {"keywordText": word, "matchType": choice(("EXACT", "PHRASE", "BROAD"), *key)}


def _auto(kind: str) -> Body:
    return {"expression": [{"type": kind}], "resolvedExpression": [{"type": kind}], "expressionType": "AUTO"}


def _shares(one: Group, count: int) -> list[tuple[float, float]]:
    """From where to where each has its part of the whole, which is 1."""
    key = (one.campaign.account.number, one.campaign.number, one.place)
    weights = [0.3 + noise(*key, number, "target") for number in range(count)]
    ends = [sum(weights[:number]) / sum(weights) for number in range(count)]
    return list(pairwise([*ends, 1.0]))


def _bid(account: Account, minor: float) -> float:
    """A bid given in the smallest unit; no less than a fiftieth of a dollar, which every market takes."""
    return major(max(round(minor), account.market.dollar // 50 + 1), account.currency)


def _parents(place: Place) -> Body:
    return {
        "campaignId": id_of("campaigns", Place(*place[:2])),
        "adGroupId": id_of("adGroups", Place(*place[:3])),
    }


def _over(end: int) -> Body:
    return {"_until": day(end), "_changed": day(end + 1)}


def _notes(account: Account, noun: str, created: int, updated: int) -> Body:
    return {
        "_profile": account.id,
        "_noun": noun,
        "_created": moment(created),
        "_updated": moment(updated, 10),
    }
