"""Products of a catalog, as ads show them."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import BUSINESS, GraphRead, ObjectId
from mcp_ads.core import GET, Entity

from .rules import ProductFilter


class ProductsOf(GraphRead):
    """The products of one catalog or one set, those that fit a filter if there is one."""

    catalog_id: Annotated[ObjectId | None, Field(description="Give it, or product_set_id.")] = None
    product_set_id: Annotated[ObjectId | None, Field(exclude=True)] = None
    product_filter: ProductFilter = None

    http, whose, node = GET("/{catalog_id}/products"), BUSINESS, "ProductItem"

    @model_validator(mode="after")
    def _of_one(self) -> Self:
        if (self.catalog_id is None) == (self.product_set_id is None):
            raise ValueError("catalog_id: give it, or product_set_id instead")
        return self

    def to_path(self) -> str:
        return f"/{self.product_set_id}/products" if self.product_set_id else super().to_path()

    def about(self, param: str) -> tuple[str, list[str]]:  # noqa: ARG002 - no ad account owns either
        return "", [self.product_set_id or self.catalog_id or ""]

    def strays(self) -> Iterable[str]:
        """Neither leads to an ad account."""
        return ()


class ListProducts(ProductsOf):
    """List the products of a catalog, or of a product set; review_status says which Facebook shows."""

    pages, records, sample = CURSOR, "data", {"catalog_id": "556677889900001"}
    lean = ("id", "retailer_id", "name", "price", "availability", "review_status")
    said = "items sold, stock, prices, product feed"


class CountProducts(ProductsOf):
    """How many products fit a filter; what a plan of a product set says of its size."""

    records, lean = "summary.total_count", ("id",)

    def to_query(self) -> Mapping[str, Any]:
        return {**super().to_query(), "summary": "total_count", "limit": 1}


products = Entity(list=ListProducts)
