"""Exports by kind: where each is ordered, and what of a record in Amazon's common model becomes a column.

Facts: Amazon's Exports specification, and the common models of campaigns, ad groups, targets and ads.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from mcp_ads.core import ID, TEXT, Column
from mcp_ads.core.synonyms import bare

Json = dict[str, Any]
Paths = Mapping[str, str]
ALL_OF: Paths = {
    "adProduct": "adProduct", "state": "state", "deliveryStatus": "deliveryStatus",
    "deliveryReasons": "deliveryReasons", "creationDateTime": "creationDateTime",
    "lastUpdatedDateTime": "lastUpdatedDateTime",
}  # fmt: skip
MONETARY = "budgetCaps.budgetValue.monetaryBudget"
CAMPAIGN: Paths = {
    "campaignId": "campaignId", "name": "name", "portfolioId": "portfolioId", "startDate": "startDate",
    "endDate": "endDate", "budget": f"{MONETARY}.amount", "ruleBudget": f"{MONETARY}.ruleAmount",
    "currency": f"{MONETARY}.currencyCode", "budgetPeriod": "budgetCaps.recurrenceTimePeriod",
    "targetingSettings": "targetingSettings", "bidStrategy": "optimization.bidStrategy",
    "placementBidAdjustments": "optimization.placementBidAdjustments", "costType": "costType",
    "brandEntityId": "brandEntityId", "tags": "tags", **ALL_OF,
}  # fmt: skip
AD_GROUP: Paths = {
    "adGroupId": "adGroupId", "name": "name", "campaignId": "campaignId", "defaultBid": "bid.defaultBid",
    "currency": "bid.currencyCode", "creativeType": "creativeType", **ALL_OF,
}  # fmt: skip
TARGET: Paths = {
    "targetId": "targetId", "adGroupId": "adGroupId", "campaignId": "campaignId", "negative": "negative",
    "targetType": "targetType", "matchType": "targetDetails.matchType", "bid": "bid.bid",
    "currency": "bid.currencyCode", **ALL_OF,
}  # fmt: skip
AD: Paths = {
    "adId": "adId", "adGroupId": "adGroupId", "campaignId": "campaignId", "name": "name", "adType": "adType",
    "headline": "creative.headline", "brandName": "creative.brandName",
    "landingPage": "creative.landingPage.landingPageUrl", "adVersionId": "adVersionId", **ALL_OF,
}  # fmt: skip
PRODUCTS = {"asin": "ASIN", "sku": "SKU"}
AIMED_AT = (
    ("keyword", "{}"), ("asin", "asin {}"), ("audienceId", "audience {}"),
    ("productCategoryResolved", "category {}"), ("productCategoryId", "category {}"),
    ("productBrandResolved", "brand {}"), ("productBrand", "brand {}"),
    ("productGenreResolved", "genre {}"), ("productGenre", "genre {}"),
    ("productPriceGreaterThan", "price > {}"), ("productPriceLessThan", "price < {}"),
    ("productRatingGreaterThan", "rating > {}"), ("productRatingLessThan", "rating < {}"),
    ("productAgeRangeResolved", "age {}"), ("productAgeRange", "age {}"),
    ("productPrimeShippingEligible", "prime shipping {}"), ("event", "event {}"),
    ("lookback", "last {} days"),
)  # fmt: skip
"""What a target aims at, by the names of its details, and how it is said."""
OBJECTS = frozenset({"bid", "budgetCaps"})
"""Objects of which the columns have everything."""


@dataclass(frozen=True)
class Kind:
    """One kind of export. `mark` is the letter by which an export's id tells its kind."""

    name: str
    path: str
    media: str
    mark: str
    columns: Paths
    lean: tuple[str, ...]
    also: tuple[str, ...] = ()

    @property
    def known(self) -> tuple[str, ...]:
        """What `fields` may name; the objects as Amazon has them are among these."""
        roots = {path.partition(".")[0] for path in self.columns.values() if "." in path}
        return tuple(dict.fromkeys([*self.columns, *self.also, *(f"{root}.*" for root in roots - OBJECTS)]))

    @property
    def media_type(self) -> str:
        return f"{self.media}.v1"


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("campaigns", "/campaigns/export", "campaignsexport", "C", CAMPAIGN,
             ("campaignId", "name", "adProduct", "state", "deliveryStatus", "budget", "budgetPeriod"),
             ("optimization.*",)),
        Kind("ad_groups", "/adGroups/export", "adgroupsexport", "A", AD_GROUP,
             ("adGroupId", "name", "campaignId", "adProduct", "state", "deliveryStatus", "defaultBid"),
             ("optimization.*",)),
        Kind("targets", "/targets/export", "targetsexport", "T", TARGET,
             ("targetId", "target", "matchType", "negative", "state", "bid", "adGroupId",
              "campaignId"),
             ("target", "targetDetails.*")),
        Kind("ads", "/ads/export", "adsexport", "R", AD,
             ("adId", "asin", "sku", "adType", "state", "deliveryStatus", "adGroupId", "campaignId"),
             ("asin", "sku", "creative.*")),
    )
}  # fmt: skip
MARKS = {kind.mark: kind for kind in KINDS.values()}
PRODUCT_TARGETS = ("PRODUCT", "PRODUCT_CATEGORY")
SOME_TARGETS: Mapping[str, tuple[Sequence[str], bool | None]] = {
    "keyword": (("KEYWORD",), False), "negativekeyword": (("KEYWORD",), True),
    "producttarget": (PRODUCT_TARGETS, False), "producttargeting": (PRODUCT_TARGETS, False),
    "negativeproducttarget": (PRODUCT_TARGETS, True), "negativeproduct": (PRODUCT_TARGETS, True),
    "negativeasin": (PRODUCT_TARGETS, True), "category": (("PRODUCT_CATEGORY",), False),
    "categorie": (("PRODUCT_CATEGORY",), False), "autotarget": (("AUTO",), False),
    "theme": (("THEME",), None),
    "audience": (("AUDIENCE", "PRODUCT_AUDIENCE", "PRODUCT_CATEGORY_AUDIENCE"), None),
    "negative": ((), True), "negativetarget": ((), True), "negativetargeting": ((), True),
}  # fmt: skip
"""What people call some of the targets: their types, where it says one, and whether they are negative."""
SAID = {
    **dict.fromkeys(SOME_TARGETS, "targets"), "targeting": "targets", "productad": "ads",
    **{bare(name): name for name in KINDS},
}  # fmt: skip
"""What people call what is exported."""


def kind_of(export_id: str) -> Kind | None:
    """The kind an export's id tells: it is the base64 of its uuid and a letter; None where it does not."""
    try:
        plain = base64.b64decode(export_id + "=" * (-len(export_id) % 4), validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    return MARKS.get(plain.rpartition(",")[2].strip())


def kinds(kind: Kind) -> dict[str, Column]:
    """What the columns of a kind are. Budgets and bids do not add up: periods differ, a bid is a limit.

    A bid may have more decimals than its currency, so it is money per click.
    """
    money = dict.fromkeys(("budget", "ruleBudget"), Column("money"))
    money |= dict.fromkeys(("defaultBid", "bid"), Column("ratio", unit="money"))
    days = dict.fromkeys(("startDate", "endDate"), Column("date"))
    names = [name.removesuffix(".*") for name in kind.known]
    found = {name: ID if name.endswith("Id") else TEXT for name in names}
    return found | {name: column for name, column in {**money, **days}.items() if name in found}


def row(kind: Kind, record: Mapping[str, Any]) -> Json:
    """A record with its columns flat, ids as text, and whatever else Amazon sends as it is."""
    found = {name: value for name, value in record.items() if name not in OBJECTS}
    for name, path in _paths(kind.name):
        value: Any = record
        for key in path:
            if type(value) is not dict:
                value = value if type(value) is list else None
                break
            value = value.get(key)
        if type(value) is list or (type(value) is int and name.endswith("Id")):
            value = _shown(name, list(_at(record, path)))
        found[name] = value
    if "target" in kind.also:
        found["target"] = _aimed_at(record)
    if "asin" in kind.also:
        found |= _products(record)
    return found


@cache
def _paths(kind: str) -> list[tuple[str, list[str]]]:
    """The columns of a kind, each with the way to it: a file may have millions of rows."""
    return [(name, path.split(".")) for name, path in KINDS[kind].columns.items()]


def _at(value: Any, path: list[str]) -> Iterator[Any]:
    """The values at a path; where there is a list on the way, those of each of its objects."""
    if not path:
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from _at(part, path)
    elif isinstance(value, Mapping) and value.get(path[0]) is not None:
        yield from _at(value[path[0]], path[1:])


def _shown(name: str, values: list[Any]) -> Any:
    """One value as it is, several and lists of words as text."""
    only = values[0] if len(values) == 1 else values or None
    if isinstance(only, list) and all(isinstance(part, str) for part in only):
        return ", ".join(only) or None
    return str(only) if name.endswith("Id") and only is not None else only


def _aimed_at(record: Mapping[str, Any]) -> str | None:
    """What a target aims at: its keyword, its product, or a category with what narrows it."""
    details = record.get("targetDetails")
    given = details if isinstance(details, Mapping) else {}
    found: dict[str, str] = {}
    for name, said in AIMED_AT:
        if given.get(name) is not None:
            found.setdefault(name.removesuffix("Id").removesuffix("Resolved"), said.format(given[name]))
    return ", ".join(found.values()) or None


def _products(record: Mapping[str, Any]) -> Json:
    """The products of an ad, by the two kinds of ids they have."""
    there = list(_at(record, ["creative", "products"]))
    products: Iterable[Any] = there[0] if there and isinstance(there[0], list) else there
    ids = [(part.get("productIdType"), part.get("productId")) for part in products if isinstance(part, dict)]
    return {
        name: ", ".join(str(one) for kind, one in ids if kind == word) or None
        for name, word in PRODUCTS.items()
    }
