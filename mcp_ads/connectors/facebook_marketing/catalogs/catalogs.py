"""Catalogs: a business owns them, not an ad account."""

from typing import Annotated

from pydantic import Field

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import GraphRead, Id, ObjectId
from mcp_ads.core import GET, Entity, via

BUSINESS = via("business")
LEAN = ("id", "name", "vertical", "product_count", "feed_count")


class ListCatalogs(GraphRead):
    """List the product catalogs a business owns."""

    business_id: Annotated[
        Id,
        Field(examples=["334455667788990"], description="`ad_accounts get` shows it with fields=[business]."),
    ]

    http, whose = GET("/{business_id}/owned_product_catalogs"), BUSINESS
    node, pages, records, lean = "ProductCatalog", CURSOR, "data", LEAN


class GetCatalog(GraphRead):
    """Read one product catalog, or several with a list of ids."""

    catalog_id: ObjectId

    http, whose = GET("/{catalog_id}"), BUSINESS
    node, subject, lean = "ProductCatalog", "catalog_id", (*LEAN, "business", "is_catalog_segment")


catalogs = Entity(list=ListCatalogs, get=GetCatalog)
