"""What exports are asked for by, and what people call these."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from mcp_ads.connectors.amazon_ads.filters import words
from mcp_ads.connectors.amazon_ads.types import SHORT, id_like
from mcp_ads.core.synonyms import bare

from .export_kinds import KINDS, SAID

PRODUCTS = {"SP": "SPONSORED_PRODUCTS", "SB": "SPONSORED_BRANDS", "SD": "SPONSORED_DISPLAY"}


def _kind(value: Any) -> Any:
    return SAID.get(bare(value), value) if isinstance(value, str) else value


def as_products(value: Any) -> Any:
    found = words(value)
    return [PRODUCTS.get(word, word) for word in map(str, found)] if isinstance(found, list) else found


Name = Annotated[Literal["campaigns", "ad_groups", "targets", "ads"], BeforeValidator(_kind)]
OF_KIND = Field(
    exclude=True,
    examples=["campaigns"],
    description="targets: keywords, products, audiences, themes, and the negatives.",
)
ExportId = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9+/_=-]{8,200}$",
        examples=["ZjQ3YWMxMGItNThjYy00MzcyLWE1NjctMGUwMmIyYzNkNDc5LEM="],
        description="As exports.create or run answered it.",
    ),
    id_like("[A-Za-z0-9+/_=-]{8,200}", "exports.run and exports.create answer with it"),
]
Product = Literal["SPONSORED_PRODUCTS", "SPONSORED_BRANDS", "SPONSORED_DISPLAY"]
TargetType = Literal[
    "AUTO", "KEYWORD", "PRODUCT", "PRODUCT_CATEGORY", "PRODUCT_AUDIENCE", "PRODUCT_CATEGORY_AUDIENCE",
    "AUDIENCE", "THEME",
]  # fmt: skip
WORDS = {
    **SHORT, "export_type": "kind", "type": "kind", "level": "target_level", "state_filter": "state",
    "negative_filter": "negative",
}  # fmt: skip

ALIKE = {
    "status": "state", "product": "adProduct", "delivery": "deliveryStatus", "serving": "deliveryStatus",
    "why": "deliveryReasons", "created": "creationDateTime", "updated": "lastUpdatedDateTime",
}  # fmt: skip


COLUMNS = "Columns to return; by default "
COLUMNS += "; ".join(f"of {kind.name} {', '.join(kind.lean)}" for kind in KINDS.values())
INHERITED = "bid: where it is empty, the ad group's defaultBid counts, which kind=ad_groups has"
"""Of targets: a negative has no bid at all."""
