"""Brands of an advertiser: what campaigns of Sponsored Brands are for.

Facts: Amazon's Sponsored Brands specification, version 3.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from mcp_ads.connectors.amazon_ads.dialect import vendor
from mcp_ads.connectors.amazon_ads.filters import several
from mcp_ads.connectors.amazon_ads.types import ACCOUNT, AmazonRead
from mcp_ads.core import GET, ID, TEXT, Column, Entity

TYPES = {"brandregistry": "brandRegistry", "bookauthor": "bookAuthor"}


def _types(value: Any) -> Any:
    """Brand types as Amazon writes them: BRAND_REGISTRY is brandRegistry."""
    found = several(value)
    if not isinstance(found, list):
        return found
    return [TYPES.get(str(one).replace("_", "").replace(" ", "").lower(), one) for one in found]


class ListBrands(AmazonRead):
    """List the advertiser's brands. Sellers name one, by brandEntityId, in campaigns of Sponsored Brands."""

    brand_type: Annotated[
        list[Literal["brandRegistry", "bookAuthor"]] | None,
        BeforeValidator(_types),
        Field(alias="brandTypeFilter", min_length=1, description="All unless said."),
    ] = None

    http, spooled, reused = vendor(GET, "/brands", "brand.v3"), True, False
    lean = ("brandEntityId", "brandRegistryName", "brandId")
    known = lean
    alike = {"id": "brandEntityId", "name": "brandRegistryName", "brand_name": "brandRegistryName"}
    aliases = {**ACCOUNT, "type": "brand_type"}
    said = "brand registry, brand entity id, which brands do I have"

    def kinds(self) -> Mapping[str, Column]:
        return {"brandEntityId": ID, "brandId": ID, "brandRegistryName": TEXT}


brands = Entity(list=ListBrands)
