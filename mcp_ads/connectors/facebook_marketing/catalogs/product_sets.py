"""Product sets: the products of a catalog that fit a filter, which ads name."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import BUSINESS, GraphRead, GraphWrite, Object, ObjectId
from mcp_ads.core import GET, POST, Action, Entity

from .products import CountProducts
from .rules import ProductFilter

CatalogId = Annotated[ObjectId, Field(description="`catalogs list` has them.")]
LEAN = ("id", "name", "product_count", "filter")


class ListProductSets(GraphRead):
    """List the product sets of one catalog."""

    catalog_id: CatalogId
    retailer_id: Annotated[str | None, Field(description="The seller's own number of the set.")] = None
    parent_id: ObjectId | None = None
    ancestor_id: ObjectId | None = None
    has_children: bool | None = None

    http, whose = GET("/{catalog_id}/product_sets"), BUSINESS
    node, pages, records, lean = "ProductSet", CURSOR, "data", LEAN
    said = "product group collection for catalog ads"


class GetProductSet(GraphRead):
    """Read one product set, or several with a list of ids."""

    product_set_id: ObjectId

    http, whose = GET("/{product_set_id}"), BUSINESS
    node, subject, lean = "ProductSet", "product_set_id", (*LEAN, "product_catalog", "retailer_id")


class CreateProductSet(GraphWrite):
    """Create a product set; the plan says how many products fit its filter now."""

    catalog_id: CatalogId
    name: Annotated[str, Field(min_length=1, examples=["Rain jackets"])]
    product_filter: ProductFilter = None
    retailer_id: Annotated[str | None, Field(description="Your own number of the set.")] = None
    metadata: Object | None = None
    ordering_info: list[int] | None = None
    publish_to_shops: list[Object] | None = None

    http, whose, does = POST("/{catalog_id}/product_sets"), BUSINESS, "makes"
    sample = {"product_filter": {"product_type": {"i_contains": "jacket"}}}

    def asides(self, account: str) -> Mapping[str, Action]:  # noqa: ARG002 - no ad account owns a catalog
        return {"products": CountProducts(catalog_id=self.catalog_id, product_filter=self.product_filter)}

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        count = live.get("products")
        if count == 0:
            yield "no product fits the filter now: ads with this set would show nothing"
        elif isinstance(count, int):
            which = (
                f"fit{'s' if count == 1 else ''} the filter"
                if self.product_filter
                else "in it, for it has no filter"
            )
            yield f"{count:,} product{'' if count == 1 else 's'} {which} now"

    def lookup(self) -> Mapping[str, Any]:
        return {"catalog_id": self.catalog_id, "fields": ["id", "name"]}


product_sets = Entity(list=ListProductSets, get=GetProductSet, create=CreateProductSet)
