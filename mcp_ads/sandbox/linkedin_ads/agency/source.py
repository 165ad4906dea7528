"""Where the store has LinkedIn's campaign groups, campaigns and creatives of the world from."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mcp_ads.sandbox.agency.campaigns import ads, campaign, campaigns
from mcp_ads.sandbox.agency.clients import LINKEDIN, Account, accounts, by_id
from mcp_ads.sandbox.agency.figures import figure
from mcp_ads.sandbox.agency.ids import Place
from mcp_ads.sandbox.agency.series import SERIES
from mcp_ads.sandbox.agency.world import began
from mcp_ads.sandbox.lazy import Source
from mcp_ads.sandbox.linkedin_ads.state import CAMPAIGN, CREATIVE, GROUP, Body, tail
from mcp_ads.sandbox.store import Store

from . import bodies
from .spelling import found, owner_of

PARENTS = {"campaignGroup": GROUP, "campaign": CAMPAIGN}
"""Fields that hold URNs, and of which kind."""


def attach(store: Store) -> None:
    """Have the store make them when they are asked for."""
    for kind, rows in ROWS.items():
        store.attach(kind, _source(store, kind, rows))


def _source(store: Store, kind: str, rows: Callable[[int, Account], Iterator[Body]]) -> Source:
    def made(owner: str) -> Iterator[tuple[str, Body]]:
        account = by_id(LINKEDIN)[tail(owner)]
        return ((tail(str(row["id"])), row) for row in rows(began(store), account))

    def one(id: str) -> Body | None:
        return _one(kind, place, began(store)) if (place := found(kind, id)) else None

    owners = tuple(map(owner_of, by_id(LINKEDIN).values()))
    return Source("account", lambda: owners, made, one, lambda: began(store), _owner)


def _owner(field: str, value: Any) -> str | None:
    """The account of whatever has a URN of ours in a field."""
    place = found(PARENTS[field], tail(str(value))) if field in PARENTS else None
    return owner_of(accounts()[place.account - 1]) if place else None


def _one(kind: str, place: Place, day: int) -> Body | None:
    account = accounts()[place.account - 1]
    if kind == GROUP:
        return bodies.group(account, place.campaign - 1, day)
    if kind == CAMPAIGN:
        return bodies.campaign(campaign(day, place.account, place.campaign), day)
    below = ads(day, place.account, place.campaign)
    return next((bodies.creative(ad, day) for ad in below if ad.key == place), None)


def _creatives(day: int, account: Account) -> Iterator[Body]:
    for one in campaigns(day, account):
        yield from (bodies.creative(ad, day) for ad in ads(day, account.number, one.number))


ROWS: dict[str, Callable[[int, Account], Iterator[Body]]] = {
    GROUP: lambda day, account: (bodies.group(account, number, day) for number in range(len(SERIES))),
    CAMPAIGN: lambda day, account: (bodies.campaign(one, day) for one in campaigns(day, account)),
    CREATIVE: _creatives,
}


@functools.lru_cache(maxsize=4_000)
def day_of(id: str, began: int, ordinal: int, now: int) -> Mapping[str, int]:
    """What a creative of the world did on a day, in the whole numbers that reports are made of."""
    place = found(CREATIVE, tail(id))
    below = ads(began, place.account, place.campaign) if place else ()
    ad = next((ad for ad in below if ad.key == place), None)
    if ad is None:
        return {}
    did, account = figure(ad, ordinal, now, began), ad.campaign.account
    cents, clicks = did.spend * 100 // account.unit, did.clicks
    likes = clicks // 9
    numbers = {
        "impressions": did.impressions,
        "repeats": did.repeats,
        "clicks": clicks,
        "landingPageClicks": clicks * 4 // 5,
        "cents": cents,
        "usdCents": round(did.spend * 100 / account.market.dollar),
        "likes": likes,
        "reactions": likes,
        "totalEngagements": clicks + likes,
        "dwellSeconds": did.impressions * 3,
    }
    if ad.campaign.goal == "leads":
        opened = did.conversions + clicks // 4
        return numbers | {"oneClickLeads": did.conversions, "oneClickLeadFormOpens": opened}
    return numbers | {
        "externalWebsiteConversions": did.conversions,
        "externalWebsitePostClickConversions": did.conversions,
        "valueCents": did.value * 100 // account.unit,
    }
