"""How Amazon writes the world's ids and days, and what is sold there."""

from __future__ import annotations

import functools
from datetime import date

from mcp_ads.sandbox.agency.clients import AMAZON, Account, Client, accounts
from mcp_ads.sandbox.agency.ids import Place, code, place_of
from mcp_ads.sandbox.agency.series import SERIES
from mcp_ads.sandbox.amazon_ads.calls import Body

DIGITS = {"portfolios": 1, "campaigns": 2, "adGroups": 3, "productAds": 4, "keywords": 5}
DIGITS |= {"targetingClauses": 6}
"""The second digit of a kind's ids; where an ad has its own number, keywords and targets have theirs."""
DEPTH = {"portfolios": 1, "campaigns": 1, "adGroups": 2}
"""How many numbers below the account say which object of a kind is meant; three of the others."""
VARIANTS = 3
"""How many products there are of each of a client's goods."""


def id_of(key: str, place: Place) -> str:
    return f"8{DIGITS[key]}000000{code(place)}"


def found(key: str, id: str) -> Place | None:
    """The place that the id of an object of this kind says; None where it says none on Amazon."""
    place = _place(id) if id.startswith(f"8{DIGITS[key]}000000") else None
    if place is None or (key == "portfolios" and place.campaign > len(SERIES)):
        return None
    depth, given = DEPTH.get(key, 3), sum(1 for number in place[1:] if number)
    return place if given == depth and all(place[1 : depth + 1]) else None


def _place(id: str) -> Place | None:
    place = place_of(id[8:])
    return place if place and accounts()[place.account - 1].platform == AMAZON else None


def owner_in(id: str) -> str | None:
    """The profile that an id of ours, of whatever kind, is in."""
    place = _place(id) if id.startswith("8") else None
    return accounts()[place.account - 1].id if place else None


@functools.lru_cache(maxsize=2_000)
def day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


def moment(ordinal: int, hour: int = 9) -> str:
    return f"{day(ordinal)}T{hour:02}:00:00.000Z"


@functools.cache
def goods_of(client: Client) -> list[Body]:
    """A client's products as the catalogue has them."""
    return [
        {
            "asin": f"B0{client.key[:4].upper():X<4}{number}{variant:03}",
            "sku": f"{client.key}-{word}-{variant}".upper(),
            "title": f"{client.brand} {word} {variant}",
            "cents": 1_999 + 1_000 * number + 500 * variant,
            "words": [word],
        }
        for number, word in enumerate(client.goods.split())
        for variant in range(1, VARIANTS + 1)
    ]


def product_of(account: Account, word: str, variant: int) -> Body:
    """One of the products of some goods."""
    place = account.client.goods.split().index(word)
    return goods_of(account.client)[place * VARIANTS + variant - 1]
