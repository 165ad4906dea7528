"""Images of an ad account, which creatives name by their hash."""

from typing import Annotated

from pydantic import Field

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import AdAccountId, GraphRead
from mcp_ads.core import GET, Entity

LEAN = ("hash", "name", "width", "height", "status")


class ListImages(GraphRead):
    """List the images of one ad account. A creative names one by its hash, never by its url."""

    account_id: AdAccountId
    hashes: list[str] | None = None
    minwidth: Annotated[int | None, Field(ge=1, description="Pixels.")] = None
    minheight: Annotated[int | None, Field(ge=1, description="Pixels.")] = None

    http = GET("/act_{account_id}/adimages")
    node, pages, records, lean = "AdImage", CURSOR, "data", LEAN


images = Entity(list=ListImages)
