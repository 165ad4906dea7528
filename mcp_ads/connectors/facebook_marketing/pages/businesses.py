"""Businesses: what owns pages, catalogs and ad accounts."""

from typing import Annotated

from pydantic import Field

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import GraphRead, Id
from mcp_ads.core import GET, NONE, Entity, via

LEAN = ("id", "name", "verification_status", "timezone_id", "created_time")


class ListBusinesses(GraphRead):
    """List the businesses the token's user belongs to."""

    said = "business manager, business portfolio, business id"

    http, whose = GET("/me/businesses"), NONE
    node, pages, records, lean = "Business", CURSOR, "data", LEAN


class GetBusiness(GraphRead):
    """Read one business, or several with a list of ids."""

    business_id: Annotated[Id, Field(examples=["334455667788990"])]

    http, whose = GET("/{business_id}"), via("business")
    node, subject, lean = "Business", "business_id", (*LEAN, "primary_page", "vertical", "link")


businesses = Entity(noun="business", list=ListBusinesses, get=GetBusiness)
