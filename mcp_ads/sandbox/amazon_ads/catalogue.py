"""What the make-believe advertiser sells."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

Product = dict[str, Any]
# ASIN, SKU, title, price in US cents, words shoppers search with
ROWS = (
    ("B0TERN0001", "TT-TOWEL-01", "Beach towel", 2499, "beach towel, quick dry towel, large towel"),
    ("B0TERN0002", "TT-TOTE-02", "Canvas tote", 1899, "beach tote, canvas bag, shopping bag"),
    ("B0TERN0003", "TT-UMBRELLA-03", "Sun umbrella", 4599, "beach umbrella, sun shade, parasol"),
    ("B0TERN0004", "TT-DRYBAG-04", "Dry bag 20 l", 2999, "dry bag, waterproof bag, kayak bag"),
    ("B0TERN0005", "TT-COOLER-05", "Soft cooler", 3899, "cooler bag, picnic cooler, ice bag"),
    ("B0TERN0006", "TT-SNORKEL-06", "Snorkel set", 3499, "snorkel set, diving mask, snorkel adult"),
    ("B0TERN0007", "TT-HAT-07", "Straw sun hat", 2199, "sun hat, straw hat, packable hat"),
    ("B0TERN0008", "TT-SAND-08", "Sand toys", 1599, "sand toys, beach toys, bucket and spade"),
    ("B0TERN0009", "TT-SANDAL-09", "Water sandals", 3299, "water shoes, sandals, river sandals"),
    ("B0TERN0010", "TT-BLANKET-10", "Picnic blanket", 2799, "picnic blanket, beach mat, sandproof mat"),
    ("B0TERN0011", "TT-BOTTLE-11", "Steel bottle", 1999, "water bottle, steel bottle, insulated bottle"),
    ("B0TERN0012", "TT-PONCHO-12", "Surf poncho", 3999, "surf poncho, changing robe, towel poncho"),
)
RIVALS = ("B0RIVAL001", "B0RIVAL002", "B0RIVAL003")
"""Products of others, beside which ads are shown."""


@cache
def products() -> tuple[Product, ...]:
    names = ("asin", "sku", "title", "cents", "words")
    records = (dict(zip(names, row, strict=True)) for row in ROWS)
    return tuple({**record, "words": str(record["words"]).split(", ")} for record in records)


def goods(profile: dict[str, Any]) -> Sequence[Product]:
    """What a profile sells: the advertiser's products, unless it has its own."""
    return profile.get("_goods") or products()


def known(profile: dict[str, Any], name: str, value: Any) -> Product | None:
    """The product of a profile with this `asin` or `sku`."""
    return next((product for product in goods(profile) if product[name] == value), None)


def by_sku(sku: str) -> Product | None:
    return next((product for product in products() if product["sku"] == sku), None)


def by_asin(asin: str) -> Product | None:
    return next((product for product in products() if product["asin"] == asin), None)


def price(asin: str, currency: str) -> int:
    """In the smallest unit of the currency; a cent is about a yen and a half."""
    return price_of(by_asin(asin) or products()[0], currency)


def price_of(product: Product, currency: str) -> int:
    """The same of a product that is at hand."""
    return int(product["cents"] * (1.5 if currency == "JPY" else 1))
