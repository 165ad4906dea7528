"""Catalogs: a business owns them, not an ad account."""

from typing import Annotated

from pydantic import Field

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import BUSINESS, GraphRead, Id, ObjectId
from mcp_ads.core import GET, Entity

LEAN = ("id", "name", "vertical", "product_count", "feed_count")


class ListCatalogs(GraphRead):
    """List the product catalogs a business owns, or those others share with it."""

    business_id: Annotated[
        Id,
        Field(examples=["334455667788990"], description="`ad_accounts get` shows it with fields=[business]."),
    ]
    shared: Annotated[
        bool | None, Field(exclude=True, description="true: those that others share with it.")
    ] = None

    http, whose = GET("/{business_id}/owned_product_catalogs"), BUSINESS
    node, pages, records, lean = "ProductCatalog", CURSOR, "data", LEAN

    def to_path(self) -> str:
        return f"/{self.business_id}/client_product_catalogs" if self.shared else super().to_path()


class GetCatalog(GraphRead):
    """Read one product catalog, or several with a list of ids."""

    catalog_id: ObjectId

    http, whose = GET("/{catalog_id}"), BUSINESS
    node, subject, lean = "ProductCatalog", "catalog_id", (*LEAN, "business", "is_catalog_segment")


catalogs = Entity(list=ListCatalogs, get=GetCatalog)
