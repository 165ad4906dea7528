"""Where the store has Facebook's campaigns, ad sets, ads and creatives of the world from."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

from mcp_ads.sandbox.agency.campaigns import Ad, ads, campaigns, groups
from mcp_ads.sandbox.agency.campaigns import campaign as campaign_of
from mcp_ads.sandbox.agency.clients import FACEBOOK, Account, by_id
from mcp_ads.sandbox.agency.figures import figure
from mcp_ads.sandbox.agency.ids import Place
from mcp_ads.sandbox.agency.world import began
from mcp_ads.sandbox.facebook_marketing.days import Day
from mcp_ads.sandbox.lazy import Source
from mcp_ads.sandbox.store import Store

from . import bodies
from .logs import activities, activity
from .spelling import KINDS, found

Body = dict[str, Any]
PARENTS = {"campaign_id": "campaign", "adset_id": "adset", "creative_id": "creative", "id": "ad"}
"""Fields that hold ids, and of which kind."""


def attach(store: Store) -> None:
    """Have the store make them when they are asked for."""

    def source(rows: Callable[[int, Account], Iterator[Body]], one: Callable[[str], Body | None]) -> Source:
        return Source(
            field="account_id",
            owners=lambda: tuple(by_id(FACEBOOK)),
            rows=lambda owner: ((row["id"], row) for row in rows(began(store), by_id(FACEBOOK)[owner])),
            one=one,
            began=lambda: began(store),
            owner_of=_owner,
        )

    def single(kind: str) -> Callable[[str], Body | None]:
        def one(id: str) -> Body | None:
            return _one(kind, place, began(store)) if (place := found(kind, id)) else None

        return one

    for kind in KINDS:
        store.attach(f"facebook.{kind}", source(ROWS[kind], single(kind)))
    store.attach("facebook.activity", source(activities, lambda key: activity(began(store), key)))


def _owner(field: str, value: Any) -> str | None:
    """The account of whatever has an id of ours in a field."""
    kinds = (PARENTS[field],) if field in PARENTS else ()
    place = next((place for kind in kinds if (place := found(kind, str(value)))), None)
    return next((a.id for a in by_id(FACEBOOK).values() if place and a.number == place.account), None)


@functools.lru_cache(maxsize=2_000)
def _one(kind: str, place: Place, day: int) -> Body | None:
    one = campaign_of(day, place.account, place.campaign)
    if kind == "campaign":
        return bodies.campaign(one)
    below = ads(day, place.account, place.campaign)
    if kind == "adset":
        group = next((group for group in groups(day, one) if group.place == place.group), None)
        return bodies.adset(group, below, day) if group else None
    ad = next((ad for ad in below if ad.key == place), None)
    if ad is None:
        return None
    return bodies.ad(ad, day) if kind == "ad" else bodies.creative(ad)


def _campaigns(day: int, account: Account) -> Iterator[Body]:
    return (bodies.campaign(one) for one in campaigns(day, account))


def _adsets(day: int, account: Account) -> Iterator[Body]:
    for one in campaigns(day, account):
        below = ads(day, account.number, one.number)
        yield from (bodies.adset(group, below, day) for group in groups(day, one))


def _every_ad(day: int, account: Account) -> Iterator[Ad]:
    for one in campaigns(day, account):
        yield from ads(day, account.number, one.number)


ROWS: dict[str, Callable[[int, Account], Iterator[Body]]] = {
    "campaign": _campaigns,
    "adset": _adsets,
    "ad": lambda day, account: (bodies.ad(ad, day) for ad in _every_ad(day, account)),
    "creative": lambda day, account: map(bodies.creative, _every_ad(day, account)),
}


def day_of(ad_id: str, began: int, ordinal: int, now: int) -> Day:
    """What an ad of the world did on a day, as insights count it; nothing where there is no such ad."""
    place = found("ad", ad_id)
    below = ads(began, place.account, place.campaign) if place else ()
    ad = next((ad for ad in below if ad.key == place), None)
    if ad is None:
        return Day()
    did = figure(ad, ordinal, now, began)
    leads = ad.campaign.goal == "leads"
    links = did.clicks * 17 // 20
    return Day(
        impressions=did.impressions,
        clicks=did.clicks,
        link_clicks=links,
        outbound=links * 19 // 20,
        landings=links * 4 // 5,
        engagements=links + did.impressions // 160,
        views=did.impressions // 12,
        thruplays=did.impressions // 36,
        spend=did.spend,
        carts=0 if leads else did.conversions * 2,
        checkouts=0 if leads else did.conversions,
        purchases=0 if leads else did.conversions,
        value=did.value,
        leads=did.conversions if leads else 0,
        repeats=did.repeats,
    )
