"""Whether what an ad is to show may be advertised: read beside the plan that makes it, and told there.

Facts: Amazon's Product metadata specification; one read answers for all products of an ad, and knows no SKUs
but for Sponsored Products.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mcp_ads.core import Action

from .products import ListProducts, MetadataRead

ELIGIBILITY = "whether its products may be advertised"
PROGRAMS = {"SP": "Sponsored Products", "SB": "Sponsored Brands", "SD": "Sponsored Display"}
OF_SKUS = "SP"


def reads(
    profile: str, program: str, asin: str | Sequence[str] | None, sku: str | None = None
) -> Mapping[str, Action]:
    """What has the verdicts on products that are named like this; nothing where there are none."""
    products = _several(asin or sku)
    if not products:
        return {}
    named = {"asins": products, "ad_type": program} if asin else {"skus": products, "ad_type": OF_SKUS}
    fields = ["asin", "sku", *MetadataRead.ELIGIBLE]
    given = {"profile_id": profile, **named, "fields": fields, "check_item_details": False}
    return {ELIGIBILITY: ListProducts.model_validate(given)}


def told(
    live: Mapping[str, Any], program: str, asin: str | Sequence[str] | None, sku: str | None = None
) -> Iterator[str]:
    """A line for each product that may not be advertised, or of which that is not known."""
    rows, asked = live.get(ELIGIBILITY), program if asin else OF_SKUS
    if rows is None:
        return
    known = {str(row.get("asin" if asin else "sku")): row for row in rows}
    for product in _several(asin or sku):
        row = known.get(product, {})
        status = str(row.get("eligibilityStatus") or "").upper()
        if not status:
            yield f"whether {product} may be advertised is not known: this advertiser has no such product"
        elif status != "ELIGIBLE":
            yield f"{product} is {status} for {PROGRAMS[asked]}: {_why(row)}"
        if asked != program:
            whence = f"product_eligibility.list with its ASIN, ad_type {program}"
            yield f"not checked for {PROGRAMS[program]}: {whence}"


def _several(named: str | Sequence[str] | None) -> list[str]:
    return [named] if isinstance(named, str) else [*(named or ())]


def _why(row: Mapping[str, Any]) -> str:
    """Amazon's reasons, else its codes for them."""
    given = row.get("ineligibilityReasons") or row.get("ineligibilityCodes") or ()
    words = [given] if isinstance(given, str) else [str(word) for word in given]
    return "; ".join(words) or "Amazon does not say why"
