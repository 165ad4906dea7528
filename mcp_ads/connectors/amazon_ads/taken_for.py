"""Entities of Amazon's products whose ids look alike: one product does not know the ids of another."""

from __future__ import annotations

from collections.abc import Mapping

PRODUCTS = {
    "sponsored_product": "Sponsored Products",
    "sponsored_brands": "Sponsored Brands",
    "sponsored_display": "Sponsored Display",
    "sponsored_tv": "Sponsored TV",
}


def _of(what: str, **entities: str) -> dict[str, str]:
    """The entities of some products, by what stands before an entity's name -> what one of them is."""
    return {f"{product}_{name}": f"{what} of {PRODUCTS[product]}" for product, name in entities.items()}


ALL = tuple(PRODUCTS)
TAKEN_FOR: tuple[Mapping[str, str], ...] = (
    _of("a campaign", **dict.fromkeys(ALL, "campaigns")),
    _of("an ad group", **dict.fromkeys(ALL, "ad_groups")),
    _of(
        "an ad",
        sponsored_product="product_ads",
        sponsored_brands="ads",
        sponsored_display="product_ads",
        sponsored_tv="ads",
    ),
    _of("a keyword", sponsored_product="keywords", sponsored_brands="keywords")
    | _of("a negative keyword", sponsored_product="negative_keywords", sponsored_brands="negative_keywords")
    | _of("a campaign's negative keyword", sponsored_product="campaign_negative_keywords")
    | _of("a target", **dict.fromkeys(ALL, "targets"))
    | _of("a negative target", **dict.fromkeys(ALL[:3], "negative_targets"))
    | _of("a campaign's negative target", sponsored_product="campaign_negative_targets"),
    _of("a creative", sponsored_display="creatives", sponsored_tv="creatives"),
)
