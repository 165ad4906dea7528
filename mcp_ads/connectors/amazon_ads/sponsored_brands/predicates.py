"""What Sponsored Brands shows ads beside: a product, or a category or brand with refinements.

Predicates have the names of Sponsored Products here, ASIN_SAME_AS for asinSameAs; some of those it lacks.
Source: Amazon's SponsoredBrandsV3.json and its guide on product targeting of Sponsored Brands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator

from mcp_ads.connectors.amazon_ads.spelling import in_camel, in_capitals, in_words
from mcp_ads.connectors.amazon_ads.sponsored_products import expressions as shared
from mcp_ads.connectors.amazon_ads.sponsored_products.expressions import Parts, said
from mcp_ads.connectors.amazon_ads.types import Json

LACKING = (
    "ASIN_EXPANDED_FROM",
    "ASIN_AGE_RANGE_SAME_AS",
    "ASIN_GENRE_SAME_AS",
    "ASIN_IS_PRIME_SHIPPING_ELIGIBLE",
    "KEYWORD_GROUP_SAME_AS",
)
EASY = tuple(name for name in shared.EASY if name not in ("expanded", "prime"))
KEYS = ("expressions", "resolvedExpressions")
SHAPE = '[{"type": "asinSameAs", "value": "B0ABCD1234"}]'


def named(record: Mapping[str, Any]) -> Json:
    """A record in the words of the other families, with `targeting`; one predicate alone is a list of one."""
    row = in_words(record)
    for name in KEYS:
        if isinstance(parts := row.get(name), dict | list):
            row[name] = capitals(parts)
    return row | {"targeting": said(row.get(KEYS[0]), row.get(KEYS[1]))}


def capitals(given: Any) -> list[Any]:
    """Predicates by the names of Sponsored Products."""
    parts = given if isinstance(given, list) else [given]
    return [
        {**part, "type": in_capitals(part["type"].strip())}
        if isinstance(part, Mapping) and isinstance(part.get("type"), str)
        else part
        for part in parts
    ]


def spelt(parts: Parts) -> Parts:
    """Predicates as the platform takes them."""
    return [{**part, "type": in_camel(part["type"])} for part in parts]


def key(record: Mapping[str, Any]) -> str:
    """What a record is of, by ids alone and whatever the order of its predicates."""
    parts = named(record).get(KEYS[0])
    return said(sorted(parts, key=_place)) if isinstance(parts, list) else ""


def _place(part: Any) -> int:
    kinds, kind = [*shared.KINDS], part.get("type") if isinstance(part, Mapping) else ""
    return kinds.index(kind) if kind in kinds else len(kinds)


def read(value: Any) -> Parts:
    """Expressions as they are given. Raises ValueError with a line for what is wrong with them."""
    given = capitals(value)
    lacking = [part["type"] for part in given if isinstance(part, Mapping) and part.get("type") in LACKING]
    if lacking:
        raise ValueError(f"Sponsored Brands has no {lacking[0]}; Sponsored Products has")
    return shared.read(given)


Expressions = Annotated[Parts, BeforeValidator(read)]
