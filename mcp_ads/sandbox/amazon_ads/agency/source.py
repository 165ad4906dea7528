"""Where the store has Amazon's portfolios, campaigns and what is below them of the world from."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

from mcp_ads.sandbox.agency.campaigns import Ad, Campaign, Group, ads, campaign, campaigns, groups
from mcp_ads.sandbox.agency.clients import AMAZON, Account, accounts, by_id
from mcp_ads.sandbox.agency.figures import NOTHING, Figure, figure
from mcp_ads.sandbox.agency.ids import Place
from mcp_ads.sandbox.agency.series import SERIES
from mcp_ads.sandbox.agency.world import began
from mcp_ads.sandbox.amazon_ads.calls import Body
from mcp_ads.sandbox.lazy import Source
from mcp_ads.sandbox.store import Store

from . import bodies
from .spelling import DIGITS, found, owner_in

Rows = Callable[[int, Account], Iterator[Body]]
IDS = ("portfolioId", "campaignId", "adGroupId", "adId", "keywordId", "targetId")


def attach(store: Store) -> None:
    """Have the store make them when they are asked for."""
    for key in DIGITS:
        store.attach(f"amazon.{key}", _source(store, key))


def _source(store: Store, key: str) -> Source:
    name = NAMES[key]

    def made(owner: str) -> Iterator[tuple[str, Body]]:
        return ((row[name], row) for row in ROWS[key](began(store), by_id(AMAZON)[owner]))

    def one(id: str) -> Body | None:
        place = found(key, id)
        rows = _near(key, place, began(store)) if place else ()
        return next((row for row in rows if row[name] == id), None)

    owners = tuple(by_id(AMAZON))
    return Source("_profile", lambda: owners, made, one, lambda: began(store), _owner)


def _owner(field: str, value: Any) -> str | None:
    return owner_in(str(value)) if field in IDS else None


def _near(key: str, place: Place, day: int) -> Iterator[Body]:
    """Objects among which is the one of a place: those of its campaign."""
    if key == "portfolios":
        return iter([bodies.portfolio(accounts()[place.account - 1], place.campaign - 1, day)])
    return BELOW[key](day, campaign(day, place.account, place.campaign))


def _groups(day: int, one: Campaign) -> Iterator[tuple[Group, float]]:
    """The ad groups of a campaign, each with what a click costs there."""
    below = ads(day, one.account.number, one.number)
    for group in groups(day, one):
        rates = next(ad.rates for ad in below if ad.group.place == group.place)
        yield group, rates.cpm / 1000 / rates.ctr


def _targets(key: str, day: int, one: Campaign) -> Iterator[Body]:
    for group, bid in _groups(day, one):
        yield from bodies.targets(group, bid, day, key)


BELOW: dict[str, Callable[[int, Campaign], Iterator[Body]]] = {
    "campaigns": lambda day, one: iter([bodies.campaign(one, day)]),
    "adGroups": lambda day, one: (bodies.group(group, bid, day) for group, bid in _groups(day, one)),
    "productAds": lambda day, one: (
        bodies.product_ad(ad, day) for ad in ads(day, one.account.number, one.number)
    ),
    "keywords": functools.partial(_targets, "keywords"),
    "targetingClauses": functools.partial(_targets, "targetingClauses"),
}
"""What is made of a campaign, by key."""


def _portfolios(day: int, account: Account) -> Iterator[Body]:
    return (bodies.portfolio(account, number, day) for number in range(len(SERIES)))


def _rows(key: str) -> Rows:
    return lambda day, account: (row for one in campaigns(day, account) for row in BELOW[key](day, one))


ROWS: dict[str, Rows] = {"portfolios": _portfolios, **{key: _rows(key) for key in BELOW}}
NAMES = dict(zip(DIGITS, IDS, strict=True))
"""What an object of a kind calls its own id."""


@functools.lru_cache(maxsize=4_000)
def _did(ad_id: str, began: int, ordinal: int, now: int) -> Figure:
    """What an ad did on a day; its targets are asked one after the other."""
    ad = _ad(ad_id, began)
    return figure(ad, ordinal, now, began) if ad else NOTHING


@functools.lru_cache(maxsize=2_000)
def _ad(ad_id: str, began: int) -> Ad | None:
    place = found("productAds", ad_id)
    below = ads(began, place.account, place.campaign) if place else ()
    return next((ad for ad in below if ad.key == place), None)


def counts_of(ad: Body, share: tuple[float, float], ordinal: int, now: int) -> tuple[int, ...]:
    """What one ad did under one target on a day, in the numbers of a delivery.

    The parts of an ad's targets are exactly what the ad did. A fifth of what is bought is so after the first
    day, and nothing after the seventh.
    """
    did = _did(ad["adId"], ad["_began"], ordinal, now)
    ends = zip(_upto(did, share[1]), _upto(did, share[0]), strict=True)
    shown, clicks, spend, bought, sales = (upto - before for upto, before in ends)
    first = bought - bought // 5
    early = sales * first // bought if bought else sales
    return shown, clicks, spend, first, bought, bought, bought, early, sales, sales, sales, 0, 0


def _upto(did: Figure, share: float) -> tuple[int, int, int, int, int]:
    """A first part of what an ad did: where clicks are, there is what they cost and what they brought."""
    clicks = round(did.clicks * share)
    part = clicks / did.clicks if did.clicks else share
    bought = round(did.conversions * part)
    sales = did.value * bought // did.conversions if did.conversions else 0
    return round(did.impressions * share), clicks, round(did.spend * part), bought, sales
